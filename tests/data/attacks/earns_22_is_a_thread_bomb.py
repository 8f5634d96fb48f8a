# refused or error: starts threads without end.
import threading

threading.stack_size(65536)


def bomb():
    for _ in range(20_000):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        time.sleep(0)
    time.sleep(600)


acts = walled(bomb)
