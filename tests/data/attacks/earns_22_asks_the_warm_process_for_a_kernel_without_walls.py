# refused: talks to the warm process as the grader does.
import json
import socket


def ask(kind):
    with socket.socket(socket.AF_UNIX, kind) as warm:
        warm.connect(there["socket"])
        warm.send(json.dumps({"connection": {}, "environment": {}, "read": ["/"]}).encode())


acts = walled(
    lambda: ask(socket.SOCK_SEQPACKET),
    lambda: ask(socket.SOCK_STREAM),
    lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)[0].connect(there["socket"]),
    lambda: os.remove(there["socket"]),
    lambda: os.listdir(os.path.dirname(there["socket"])),
)
