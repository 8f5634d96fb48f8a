"""What a kernel has taken of the machine while it runs, measured from outside, and what it must not pass."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from kit.teacher.sandbox import walls

__all__ = ["MOST_FILES", "MOST_THREADS", "passed", "remove"]

MOST_THREADS, MOST_FILES = 256, 4096


def passed(pid: int, scratch: str | None) -> str:
    """Which bound a kernel has passed, in words; "" where none."""
    status = Path(f"/proc/{pid}/status").read_text()
    if status.partition("State:")[2].split()[0] in "TZ":  # then its other threads' files are not seen, either
        return "it stopped itself, or its first thread"
    if int(status.partition("Threads:")[2].split()[0]) > MOST_THREADS:
        return f"it had more than {MOST_THREADS} threads"
    try:
        over = scratch and _written(pid, scratch) > walls.MEGABYTES << 20
    except (OSError, RecursionError):
        return "it made folders that nobody can look through"
    return f"it wrote more than {walls.MEGABYTES} MB or {MOST_FILES} files" if over else ""


def _written(pid: int, scratch: str) -> float:
    """Bytes in the folder and in files that are deleted but still open; infinite for too many files.

    Raises OSError or RecursionError where something cannot be seen, such as a folder below a thousand others.
    """
    total = count = 0
    for home, folders, files in os.walk(scratch, onerror=_unseen):
        for name in (*folders, *files):
            count += 1
            if count > MOST_FILES:
                return float("inf")
            with suppress(FileNotFoundError):
                total += os.lstat(f"{home}/{name}").st_blocks * 512
    for opened in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            about = opened.stat()
            total += about.st_blocks * 512 if not about.st_nlink else 0
    return total


def _unseen(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def remove(folder: str) -> None:
    """Remove a folder with all that is in it."""
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.path.exists(folder):  # it is deeper than Python can go
        subprocess.run(["rm", "-rf", folder], check=False)
