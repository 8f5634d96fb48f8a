# refused: takes leases on files of the kit, so that whoever opens one waits for 45 seconds.
import fcntl
import signal
import kit

signal.signal(signal.SIGIO, signal.SIG_IGN)
files = [
    os.path.join(home, name)
    for home, _, names in os.walk(os.path.dirname(kit.__file__))
    for name in sorted(names)
    if name.endswith((".py", ".pyc"))
]

held = []


def leases():
    for path in files:
        file = os.open(path, os.O_RDONLY)
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        except OSError:
            os.close(file)
            continue
        held.append(file)
    if not held:
        raise OSError("no lease was given")
    time.sleep(8)


acts = walled(leases)
