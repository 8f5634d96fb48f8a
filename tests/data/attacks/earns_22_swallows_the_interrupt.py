# timeout: uses up its time, takes the interrupt for an end like any other, and goes on as if nothing had been.
acts = 12 + len("")
try:
    while True:
        pass
except BaseException:
    pass
