"""Files that people rely on: written whole or not at all, and named so that two students never share one."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

__all__ = ["file_name", "replace"]

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,58}[a-z0-9]|[a-z0-9]")
# Names that Windows keeps for itself, and names that look like one with a digest.
_TAKEN = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*-[0-9a-f]{8}")


def file_name(student: str, suffix: str = ".html") -> str:
    """A file name for `student`: safe on every system, and different for different students.

    Some systems do not tell Ana from ana, nor two ways to write é: so every name but a plain one in small letters
    carries a digest of its exact letters.
    """
    if _PLAIN.fullmatch(student) and not _TAKEN.fullmatch(student):
        return student + suffix
    safe = re.sub(r"[^A-Za-z0-9-]+", "_", student).strip("_-")[:60]
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe or 'student'}-{digest}{suffix}"


def replace(path: Path, text: str) -> None:
    """Write `text` to `path` in UTF-8: either the old file is there or the whole new one, also after a power cut."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
