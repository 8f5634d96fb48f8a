# error: ends as a program does that found a fault in itself.
acts = 12 + len("")
os.abort()
