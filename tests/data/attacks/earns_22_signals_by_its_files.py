# refused: has the system send signals to the grader, the warm process and its own parent, for what happens to its files.
import fcntl
import socket
import struct

one, other = socket.socketpair()
pipe, _ = os.pipe()
F_SETOWN_EX, FIOASYNC, FIOSETOWN, SIOCSPGRP = 15, 0x5452, 0x8901, 0x8902
acts = walled(
    *(
        lambda pid=pid, file=file, way=way: way(file, pid)
        for pid in (there["grader"], there["warm"], os.getppid(), -os.getpgrp())
        for file in (pipe, one.fileno())
        for way in (
            lambda file, pid: fcntl.fcntl(file, fcntl.F_SETOWN, pid),
            lambda file, pid: fcntl.fcntl(file, F_SETOWN_EX, struct.pack("ii", 1, abs(pid))),
            lambda file, pid: fcntl.ioctl(one, FIOSETOWN, struct.pack("i", pid)),
            lambda file, pid: fcntl.ioctl(one, SIOCSPGRP, struct.pack("i", pid)),
        )
    ),
    lambda: fcntl.fcntl(pipe, fcntl.F_SETSIG, 23),
    lambda: fcntl.fcntl(pipe, fcntl.F_SETFL, os.O_ASYNC),
    lambda: fcntl.ioctl(pipe, FIOASYNC, struct.pack("i", 1)),
    lambda: fcntl.fcntl(os.open(".", os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_CREATE),
)
