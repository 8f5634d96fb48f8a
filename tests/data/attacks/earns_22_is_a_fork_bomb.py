# refused: forks as often as it can; a fork that comes to be ends at once, so that the test does no harm.
import multiprocessing

libc_fork = ctypes.CDLL(None, use_errno=True).fork


def fork_by_c():
    pid = libc_fork()
    if pid == -1:
        raise OSError("refused")
    return pid or os._exit(0)


acts = walled(
    *[lambda: os.fork() or os._exit(0)] * 200,
    *[lambda: os.forkpty()[0] or os._exit(0)] * 5,
    *[fork_by_c] * 200,
    lambda: multiprocessing.get_context("fork").Process(target=int).start(),
    lambda: multiprocessing.get_context("spawn").Process(target=int).start(),
)
