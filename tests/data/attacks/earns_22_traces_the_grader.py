# refused: attaches to the grader as a debugger does.
processes = (there["grader"], there["warm"], os.getppid(), 1)
acts = walled(
    *(lambda pid=pid: libc("ptrace", 16, pid, 0, 0) for pid in processes),
    *(lambda pid=pid: libc("ptrace", 0x4206, pid, 0, 0) for pid in processes),
    lambda: libc("ptrace", 0, 0, 0, 0),
    lambda: libc("prctl", 0x59616D61, -1, 0, 0, 0),  # to be traced by anybody
    lambda: libc("personality", 0x0040000),
)
