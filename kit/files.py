"""Files: written whole or not at all, read without trust, and found from where a page lies."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import stat
import sys
from pathlib import Path
from typing import Any

LAID = ".laid.json"
"""The record of what was laid on a student's desk, and the file by which a desk is known."""
PAGE = "JPY_SESSION_NAME"
"""The variable in which Jupyter Server tells a kernel its page: where it is, or its path below the server's folder."""


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
    except OSError as fault:
        fault.filename = str(path)  # and not the name that it has meanwhile
        raise
    finally:
        beside.unlink(missing_ok=True)


def free(path: Path, mark: str) -> Path:
    """The path beside `path` with `mark` and the first number that is free in its name: `notes.broken-1.txt`."""
    numbered = (path.with_name(f"{path.stem}{mark}{number}{path.suffix}") for number in itertools.count(1))
    return next(one for one in numbered if not one.exists())


def nearest(name: str, folder: Path) -> Path | None:
    """The nearest of `folder` and the folders above it that holds a file called `name`; None where none does."""
    return next((at for at in (folder, *folder.parents) if (at / name).is_file()), None)


def own_page() -> Path | None:
    """The notebook that this kernel belongs to; None where no front end tells. It may be gone under that name."""
    page = Path(os.environ.get(PAGE, ""))
    return (page if page.is_absolute() else Path.cwd() / page.name) if page.name else None


def outlasts(folder: Path) -> bool:
    """Whether what is written into `folder` is there after this page is closed: where Python runs in a browser, only
    what is on the drive that JupyterLite shows it, and it shows one at a safe address alone."""
    return sys.platform != "emscripten" or folder.resolve().is_relative_to("/drive")


def from_json(content: bytes | str) -> Any:
    """What JSON says. Raises ValueError where it cannot be read, also where it is too deep for Python."""
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("too deep") from None
