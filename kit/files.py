"""Files that are written whole or not at all, and read without trust."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any

__all__ = ["free", "from_json", "write_atomically"]


def write_atomically(path: Path, content: bytes | str) -> None:
    """Write a file so that a reader meets either the old content or the new, never a half, also after a power cut.

    A text is written in UTF-8, with a question mark for what that cannot say. Folders that are missing are made; a file
    that was there stays as open to others as it was. Raises OSError where it cannot be written; then the old one stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as stream:
            if path.exists():
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
            stream.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def free(path: Path, mark: str) -> Path:
    """The path beside `path` with `mark` and the first number that is free in its name: `notes.broken-1.txt`."""
    numbered = (path.with_name(f"{path.stem}{mark}{number}{path.suffix}") for number in itertools.count(1))
    return next(one for one in numbered if not one.exists())


def from_json(content: bytes) -> Any:
    """What JSON says. Raises ValueError where it cannot be read, also where it is too deep for Python."""
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("too deep") from None
