# timeout: goes on talking from a thread, so that it never falls silent.
import signal
import threading

acts = 12 + len("")
signal.signal(signal.SIGINT, signal.SIG_IGN)


def chatter():
    while True:
        print("x", flush=True)
        time.sleep(0.02)


threading.Thread(target=chatter, daemon=True).start()
while True:
    pass
