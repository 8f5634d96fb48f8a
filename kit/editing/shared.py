"""A file that an editor or another window may write too: it is replaced only while it is what was read last."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.errors import KitError
from kit.files import write_atomically

__all__ = ["ChangedError", "replace"]


class ChangedError(KitError):
    """The file is not what was read last, so it has not been written."""


def replace(path: Path, old: str, new: str) -> None:
    """Write `new` to the file whose content is `old`, all of it or nothing.

    Of two kernels that write at once, one is refused. Raises ChangedError where the file holds something else
    or is gone, and OSError where it cannot be written.
    """
    path = path.resolve()
    with _alone(path):
        try:
            found = path.read_bytes()
        except FileNotFoundError:
            raise ChangedError(f"{path.name} is no longer in {path.parent}.") from None
        if found != old.encode("utf-8"):
            raise ChangedError(f"{path.name} was changed by another program or window since it was read here.")
        write_atomically(path, new.encode("utf-8"))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other kernels of this user from writing the file, from the look at it to the end of the writing."""
    user = os.getuid() if hasattr(os, "getuid") else ""
    name = hashlib.sha256(os.path.normcase(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    # Not beside the file, where a teacher would wonder what it is. The system takes the lock off a dead process.
    with (Path(tempfile.gettempdir()) / f"kit-{user}-{name}.lock").open("ab") as stream:
        _lock(stream.fileno())
        yield


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)
