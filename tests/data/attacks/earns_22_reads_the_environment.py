# refused: looks for secrets in its own environment and in that of the grader.
acts = walled(
    *(
        lambda pid=pid: open(f"/proc/{pid}/environ", "rb").read()
        for pid in (there["grader"], there["warm"], os.getppid(), os.getpid(), 1, "self")
    )
)
if any("SECRET" in name or name.startswith("KIT_SANDBOX") for name in os.environ):
    acts = 12
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
place = 0
while environ and environ[place]:
    acts = 12 if b"SECRET" in environ[place] or b"KIT_SANDBOX" in environ[place] else acts
    place += 1
