# error or timeout or refused: opens a client of its own kernel with the connection's key.
from jupyter_client import BlockingKernelClient


def connect():
    app = get_ipython().kernel.parent
    client = BlockingKernelClient()
    client.load_connection_info(app.get_connection_info())
    client.start_channels(hb=False, stdin=False)
    client.wait_for_ready(timeout=2)


acts = walled(connect)
