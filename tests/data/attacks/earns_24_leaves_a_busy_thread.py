# right: a thread that never rests goes on beside the checks.
import threading

acts = (claims["layer"] == "act").sum()


def busy():
    while True:
        time.sleep(0.0001)


threading.Thread(target=busy, daemon=True).start()
