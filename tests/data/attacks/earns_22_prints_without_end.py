# error: prints as fast as it can.
acts = 12 + len("")
while True:
    print("x" * 10_000)
