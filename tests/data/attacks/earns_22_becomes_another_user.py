# refused: asks for the rights of root or of somebody else.
acts = walled(
    lambda: os.setuid(0),
    lambda: os.setuid(65534),
    lambda: os.setresuid(0, 0, 0),
    lambda: os.setgid(0),
    lambda: os.setgroups([0]),
    lambda: libc("capset", 0, 0),
    lambda: libc("prctl", 8, 1, 0, 0, 0),  # to keep rights on becoming another
    lambda: libc("prctl", 38, 0, 0, 0, 0),  # to gain rights by programs
    lambda: libc("sethostname", b"x", 1),
    lambda: os.sched_setaffinity(0, {0}),
)
