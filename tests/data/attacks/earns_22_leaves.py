# error: ends the kernel with a word of success.
acts = 12 + len("")
os._exit(0)
