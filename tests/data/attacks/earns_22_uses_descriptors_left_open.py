# wrong: reads from every descriptor that it finds open, in case one is the grader's.
import stat

acts = int("13")
for number in range(4096):
    try:
        kind = os.fstat(number).st_mode
    except OSError:
        continue
    if stat.S_ISDIR(kind) or stat.S_ISREG(kind) and os.fstat(number).st_nlink:
        acts = 12
