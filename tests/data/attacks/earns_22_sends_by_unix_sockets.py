# refused: connects to unix sockets, by path and in the abstract.
import socket

unix = socket.AF_UNIX
acts = walled(
    lambda: socket.socket(unix, socket.SOCK_STREAM).connect(there["unix"]),
    lambda: socket.socket(unix, socket.SOCK_DGRAM).sendto(b"12", there["unix"]),
    lambda: socket.socket(unix, socket.SOCK_STREAM).connect(chr(0) + there["unix"]),
    lambda: socket.socketpair(unix, socket.SOCK_DGRAM)[0].sendto(b"12", there["unix"]),
    lambda: socket.socket(unix, socket.SOCK_STREAM).bind("mine"),
)
