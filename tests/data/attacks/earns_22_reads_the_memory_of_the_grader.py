# refused: opens the memory of the grader and of the warm process, by files and by calls.
room = ctypes.create_string_buffer(64)


class Part(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def read_other(pid):
    mine, theirs = Part(ctypes.addressof(room), 64), Part(id(None), 64)
    libc("process_vm_readv", pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)


processes = (there["grader"], there["warm"], os.getppid(), 1)
acts = walled(
    *(lambda pid=pid: open(f"/proc/{pid}/mem", "rb") for pid in processes),
    *(lambda pid=pid: open(f"/proc/{pid}/maps") for pid in processes),
    *(lambda pid=pid: read_other(pid) for pid in processes),
    lambda: open("/proc/kcore", "rb"),
    lambda: open("/dev/mem", "rb"),
    lambda: open("/dev/kmsg", "rb").read(1),
)
