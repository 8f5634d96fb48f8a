# refused or error: writes files, one after the other and deleted while open, until there is no room.
names = iter(range(10_000))
kept = []


def fill(keep):
    for _ in range(60):
        name = f"fill{next(names)}"
        file = open(name, "wb", buffering=0)
        kept.append(file)
        for _ in range(8):
            file.write(bytes(1 << 20))
        if keep:
            os.remove(name)
    time.sleep(600)  # to be found out


acts = walled(lambda: fill(False), lambda: fill(True))
