# refused: makes itself another view of the files.
acts = walled(
    lambda: libc("mount", b"none", os.fsencode(here), b"tmpfs", 0, 0),
    lambda: libc("mount", b"/", os.fsencode(here), 0, 4096, 0),
    lambda: libc("umount2", b"/", 2),
    lambda: libc("unshare", 0x10000000),
    lambda: libc("unshare", 0x10020000),
    lambda: libc("setns", 0, 0),
    lambda: libc("chroot", b"."),
    lambda: libc("pivot_root" if hasattr(ctypes.CDLL(None), "pivot_root") else "chroot", b".", b"."),
    lambda: os.mknod("device", 0o20666, os.makedev(1, 1)),
    lambda: libc("swapon", b"x", 0),
)
