# refused: sends signals to the grader, the warm process and its own parent.
def by_queue(pid, number):
    libc("sigqueue", pid, number, 0)


processes = (there["grader"], there["warm"], os.getppid())
ways = (os.kill, by_queue, lambda pid, number: libc("tgkill", pid, pid, number))
acts = walled(
    *(
        lambda pid=pid, way=way: signal_only_if_harmless(lambda number: way(pid, number))
        for pid in processes
        for way in ways
    ),
    *(lambda pid=pid: os.pidfd_open(pid) for pid in processes),
    *(lambda pid=pid: os.setpriority(os.PRIO_PROCESS, pid, 0) for pid in processes),
)
