# refused: gets at the key by symbolic links, hard links and open folders.
for number, target in enumerate((there["key"], "..", "/", f"/proc/{there['grader']}/cwd")):
    try:
        os.symlink(target, f"link{number}")
    except OSError:
        pass
inside = os.open(".", os.O_PATH)
acts = walled(
    lambda: open("link0").read(),
    lambda: os.listdir("link1"),
    lambda: os.listdir("link2"),
    lambda: os.listdir("link3"),
    lambda: os.link(there["key"], "hard"),
    lambda: os.open("../../../" + os.path.basename(there["key"]), os.O_RDONLY, dir_fd=inside),
    lambda: open(os.path.relpath(there["key"])).read(),
    lambda: os.rename(there["key"], "mine"),
    lambda: libc("chroot", b"."),
)
