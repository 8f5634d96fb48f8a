# right: a thread waits for the next answer and ends the kernel then. It costs that answer, which is the attacker's own.
import threading

acts = (claims["layer"] == "act").sum()


def wait_and_end():
    if until(lambda: "counts" in globals(), 600):
        os._exit(0)


threading.Thread(target=wait_and_end, daemon=True).start()
