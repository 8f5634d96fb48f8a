# refused: leaves its session and its parent, to live on.
acts = walled(
    os.setsid,
    lambda: os.setpgid(0, 0),
    lambda: os.fork() or os._exit(0),
    lambda: libc("daemon", 0, 0),
    lambda: libc("prctl", 1, 0, 0, 0, 0),  # not to be told of the parent's end
    lambda: libc("prctl", 36, 1, 0, 0, 0),  # to take over orphans
    lambda: libc("unshare", 0x20000000),
)
