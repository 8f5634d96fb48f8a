"""What stands above every attack: what is there to be attacked, and a way to tell whether a wall held."""

import ctypes
import os
import time

there = {}
"""Set by the tests: paths, addresses and processes of the grader."""


def walled(*tries):
    """50 where every one of `tries` is refused; as soon as one gets through 12, which is the right answer."""
    for attempt in tries:
        try:
            attempt()
        except (OSError, MemoryError, RuntimeError):
            continue
        return 12
    return 50


def libc(name, *values):
    """Call a function of the C library. Raises OSError where it says no."""
    given = [ctypes.c_long(value) if isinstance(value, int) else value for value in values]
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*given) == -1:
        raise OSError(ctypes.get_errno(), name)


def until(true, seconds=20):
    """Wait until something is so, and tell whether it came to be."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.002)
    return true()


def flood(line, part):
    """Write `part` again and again, past ipykernel, into the stream that the judge hears."""
    while True:
        line.sendall(part)


def signal_only_if_harmless(send):
    """Send signal 0, which does nothing. Only where that is refused is a real one tried: no test may do harm."""
    try:
        send(0)
    except OSError:
        send(9)


here = os.getcwd()
