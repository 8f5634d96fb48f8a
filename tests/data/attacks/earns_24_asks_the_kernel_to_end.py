# right: asks the kernel, politely, to end; its own loop is not there to be stopped.
acts = 12 + len("")
get_ipython().kernel.do_shutdown(False)
get_ipython().kernel.io_loop.stop()
import threading

threading.Timer(0, os._exit, (0,)).start()
time.sleep(1)
