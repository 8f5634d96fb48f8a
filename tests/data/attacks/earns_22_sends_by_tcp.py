# refused: connects by TCP, to this machine and to others.
import socket

acts = walled(
    lambda: socket.create_connection(("127.0.0.1", there["tcp"]), 2),
    lambda: socket.create_connection(("::1", there["tcp"]), 2),
    lambda: socket.create_connection(("192.0.2.1", 80), 2),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: socket.create_server(("127.0.0.1", 0)),
    lambda: __import__("urllib.request").request.urlopen(f"http://127.0.0.1:{there['tcp']}", timeout=2),
)
