# refused: takes room on the disk at once, past the end of a file and so past its limit, or with files of one thread.
file = os.open("reserved", os.O_RDWR | os.O_CREAT)
acts = walled(
    lambda: libc("fallocate", file, 1, 0, 1 << 27),
    lambda: libc("fallocate", file, 0, 0, 1 << 25),
    lambda: libc("syscall", 436, 4000, 4001, 2),
)
