# error: makes a system call in the manner of old 32-bit programs, which filters may forget.
import mmap
import platform

acts = 12 + len("")
if platform.machine() != "x86_64":
    os._exit(0)
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex("b814000000cd80c3"))
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
os._exit(0)
