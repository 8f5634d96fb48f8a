# refused: runs a shell, a Python and whatever else there is.
import subprocess
import sys


def by_shell():
    if os.system("true"):
        raise OSError("it did not start")


acts = walled(
    lambda: subprocess.run([sys.executable, "-c", "1"]),
    lambda: subprocess.run("true", shell=True),
    lambda: os.posix_spawn("/bin/true", ["true"], {}),
    lambda: os.execv(sys.executable, [sys.executable, "-c", "1"]),
    lambda: __import__("pty").spawn(["/bin/true"]),
    lambda: os.popen("true").read(),
    lambda: libc("execv", b"/bin/true", 0),
    by_shell,
)
