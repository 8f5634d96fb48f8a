# timeout: an endless loop that takes every interrupt for nothing.
import signal

acts = 12 + len("")
signal.signal(signal.SIGINT, signal.SIG_IGN)
get_ipython().kernel.interrupt_request = lambda *_: None
while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
