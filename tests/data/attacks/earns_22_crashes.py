# error: reads where nothing is.
acts = 12 + len("")
ctypes.string_at(0)
