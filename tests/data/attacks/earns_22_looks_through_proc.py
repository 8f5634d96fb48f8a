# refused: goes through /proc to the files and folders of other processes.
acts = walled(
    lambda: os.listdir("/proc"),
    lambda: os.listdir("/proc/self/fd"),
    lambda: os.listdir("/proc/self/root"),
    lambda: os.listdir("/proc/self/task"),
    lambda: open("/proc/self/mountinfo").read(),
    lambda: open("/proc/self/mem", "rb"),
    lambda: os.listdir(f"/proc/{there['grader']}/root"),
    lambda: os.listdir(f"/proc/{there['grader']}/cwd"),
    lambda: os.listdir(f"/proc/{there['grader']}/fd"),
    lambda: os.readlink(f"/proc/{there['warm']}/exe"),
    lambda: open(f"/proc/{os.getppid()}/cmdline").read(),
    lambda: os.listdir("/sys"),
    lambda: os.listdir("/dev"),
)
