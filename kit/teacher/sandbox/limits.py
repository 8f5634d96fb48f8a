"""Every limit of grading: seconds, memory, files, output, and how much of a submitted notebook is read.

A kernel is held to those of `hold` by the system; the supervisor, from outside, ends one that has `passed` another.
The rest are kept where they are imported.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows, which only asks what the limits are
    resource: Any = None

__all__ = ["CELL_SECONDS", "LARGEST", "LONGEST", "MEGABYTES", "MORE_SECONDS", "MOST_CELLS", "MOST_CODE", "MOST_FILES",
           "MOST_HELD", "MOST_OUTPUT", "RUN_SECONDS", "START_SECONDS", "STOP_SECONDS", "hold", "passed",
           "remove"]  # fmt: skip

CELL_SECONDS = 10.0
"""For a cell of a submission; then it is interrupted."""
MORE_SECONDS = 6.0
"""How long a cell may go on being heard after its time: long enough for the traceback of an interrupt."""
START_SECONDS, STOP_SECONDS = 30.0, 10.0
"""For a kernel to be ready, and to be gone."""
RUN_SECONDS = 60.0
"""For the run of a notebook, beside what its cells may take."""

MEMORY = 3 << 29
"""Bytes of address space that a kernel may take beyond those that it starts with."""
MEGABYTES, MOST_FILES = 64, 4096
"""What a kernel may write to its folder, all files together; one file may be as large."""
MOST_THREADS = 256
_OPEN_FILES = 256

MOST_OUTPUT = 16_000_000
"""Bytes of messages of one kernel, and of one message."""
MOST_HELD = 1 << 28
"""Bytes of the judge's memory that a kernel's messages may take, those included that never come to an end."""
LONGEST = 100_000
"""Characters of a check's output that are looked at. Answers of this course have some hundreds."""

LARGEST = 20_000_000
"""Bytes of a submitted file. A notebook of this course has some 50,000; one with a thousand pictures is not read."""
MOST_CELLS, MOST_CODE = 1000, 200_000
"""What is read of a notebook. An exercise of this course has some 20 cells and 5,000 letters of code."""


def hold() -> None:
    """Bound memory, the size of a file and the number of open ones; no core is dumped. They cannot be raised again."""
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, held + MEMORY),
        (resource.RLIMIT_FSIZE, MEGABYTES << 20),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # when memory is short, this process goes first


def passed(pid: int, scratch: str | None) -> str:
    """Which limit a running kernel has passed, in words; "" where none.

    `scratch` is the folder whose size must be watched, while the kernel, a child of this process, stands still; None
    where it is bounded by itself.
    """
    status = Path(f"/proc/{pid}/status").read_text()
    if status.partition("State:")[2].split()[0] in "TZ":  # then its other threads' files are not seen, either
        return "it stopped itself, or its first thread"
    if int(status.partition("Threads:")[2].split()[0]) > MOST_THREADS:
        return f"it had more than {MOST_THREADS} threads"
    if not scratch:
        return ""
    os.kill(pid, signal.SIGSTOP)  # the filter lets it send no signal to go on
    stands = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    if stands and stands.si_code != os.CLD_STOPPED:
        return ""  # it has just ended
    try:
        over = _written(pid, scratch) > MEGABYTES << 20
    except (OSError, RecursionError):
        return "it made folders that nobody can look through"
    finally:
        os.kill(pid, signal.SIGCONT)
    return f"it wrote more than {MEGABYTES} MB or {MOST_FILES} files" if over else ""


def _written(pid: int, scratch: str) -> float:
    """Bytes in the folder and in files that are deleted but still open; infinite for too many files.

    A deleted file of which only a part is mapped keeps all its room, and does not show how much: infinite, too.
    Raises OSError or RecursionError where something cannot be seen, such as a folder below a thousand others.
    """

    def unseen(error: OSError) -> None:
        raise error

    total, count, room = 0, 0, os.path.realpath(scratch)
    for home, folders, files in os.walk(scratch, onerror=unseen):
        for name in (*folders, *files):
            total += os.lstat(f"{home}/{name}").st_blocks * 512
            count += 1
            if count > MOST_FILES:
                return float("inf")
    opened = [descriptor.stat() for descriptor in Path(f"/proc/{pid}/fd").iterdir()]
    deleted = {about.st_ino: about.st_blocks * 512 for about in opened if not about.st_nlink}
    for line in Path(f"/proc/{pid}/maps").read_text("utf-8", "replace").splitlines():
        if line.endswith(" (deleted)") and room in line and int(line.split(maxsplit=5)[4]) not in deleted:
            return float("inf")
    return total + sum(deleted.values())


def remove(folder: str) -> None:
    """Remove a folder with all that a kernel may have made in it."""
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.path.exists(folder):  # it is deeper than Python can go
        subprocess.run(["rm", "-rf", folder], check=False)
