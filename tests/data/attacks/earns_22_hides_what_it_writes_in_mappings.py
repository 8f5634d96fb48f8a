# refused or error: keeps files by mapping a page of each, when they are deleted and closed.
def mapped():
    library = ctypes.CDLL(None)
    library.mmap.restype = ctypes.c_void_p
    for _ in range(5):
        file = os.open("mapped", os.O_RDWR | os.O_CREAT)
        for _ in range(32):
            os.write(file, bytes(1 << 20))
        library.mmap(None, ctypes.c_long(4096), 1, 2, file, ctypes.c_long(0))
        os.close(file)
        os.remove("mapped")
    time.sleep(600)  # to be found out


acts = walled(mapped)
