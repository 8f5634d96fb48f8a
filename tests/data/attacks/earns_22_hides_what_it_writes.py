# refused or error: writes where nobody looks: below a thousand folders, in closed ones, in files on their way.
import socket


def fill(folder="."):
    for number in range(4):
        with open(f"{folder}/fill{number}", "wb", buffering=0) as file:
            yield file
            for _ in range(32):
                file.write(bytes(1 << 20))
    time.sleep(600)  # to be found out


def below():
    for _ in range(40):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    try:
        list(fill())
    finally:
        os.chdir(here)


def closed():
    os.mkdir("closed", 0o300)
    list(fill("closed"))


def masked():
    if os.umask(0o400) == os.umask(0o400):
        raise OSError("no mask holds")
    os.mkdir("masked")
    list(fill("masked"))


def on_their_way():
    one, other = socket.socketpair()
    for file in fill():
        socket.send_fds(one, [b"x"], [file.fileno()])
        os.remove(file.name)


acts = walled(closed, masked, on_their_way, below)
