# refused: sends by UDP, raw packets and netlink.
import socket

acts = walled(
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"12", ("127.0.0.1", there["udp"])),
    lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM),
    lambda: socket.if_nameindex()[0],
)
