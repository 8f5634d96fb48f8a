# right: handlers that run at the end of the kernel write, talk and never return.
import atexit
import signal
import weakref

acts = (claims["layer"] == "act").sum()


class Last:
    def __del__(self):
        while True:
            print("one more thing")


last = Last()
weakref.finalize(Last, time.sleep, 600)
atexit.register(lambda: [print("one more thing") for _ in iter(int, 1)])
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda *_: time.sleep(600))
