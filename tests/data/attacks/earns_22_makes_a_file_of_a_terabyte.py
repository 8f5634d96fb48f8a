# refused: makes one file with a hole in it, which takes no room yet.
def long(size):
    with open("hole", "wb") as file:
        file.truncate(size)


acts = walled(
    lambda: long(1 << 40),
    lambda: long(65 << 20),
    lambda: os.posix_fallocate(os.open("f", os.O_CREAT | os.O_RDWR), 0, 1 << 30),
)
