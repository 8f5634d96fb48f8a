# timeout: an endless loop.
acts = 12 + len("")
while True:
    pass
