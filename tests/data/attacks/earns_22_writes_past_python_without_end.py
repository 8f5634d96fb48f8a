# error or timeout: writes to the standard descriptors, where no bookkeeping of Python's sees it.
acts = 12 + len("")
while True:
    os.write(1, b"x" * 10_000)
    os.write(2, b"y" * 10_000)
