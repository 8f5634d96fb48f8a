"""What was handed in: which files there are, whose they are, and their bytes, read without trust."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kit.errors import SubmissionError
from kit.teacher.sandbox.limits import LARGEST

__all__ = ["HandedIn", "find", "load"]

_NO_NOTEBOOKS = (".zip", ".rar", ".7z", ".doc", ".docx", ".odt", ".pdf", ".html", ".py", ".json")
_NOT_THEIRS = {".ipynb_checkpoints", "__MACOSX"}


@dataclass(frozen=True)
class HandedIn:
    """A file of a student: `path` where it is, `file` its name within what was handed in, with "/" between its parts.

    `ids` is what the LMS says of the student, as (kind, text); a kind is a column of the roster: "canvas", "username",
    "email", "number" or "name". `at` is when it was handed in, ISO 8601, or ""; `late` whether the LMS calls it late.
    """

    student: str
    path: Path
    file: str
    ids: tuple[tuple[str, str], ...] = ()
    at: str = ""
    late: bool = False


def find(folder: Path, exercises: Iterable[str]) -> list[HandedIn]:
    """Every submission in `folder`, in order of the students' names.

    Either one folder per student with notebooks in it, or flat files: `ana.ipynb` or `ana_01_….ipynb`. A folder
    without a notebook, and a document or archive in place of one, come too: `load` says what is wrong with them.
    Raises SubmissionError where the folder is not there or holds nothing.
    """
    if folder.is_file():
        raise SubmissionError(f"{folder} is a file. Give the folder that holds the submissions.")
    if not folder.is_dir():
        raise SubmissionError(f"There is no folder {folder}. Give the folder that holds the submissions.")
    suffix = re.compile("[-_ ]*(" + "|".join(map(re.escape, exercises)) + r")(?=$|[-_ (.])")
    found: list[tuple[str, Path]] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            held = [] if path.is_symlink() else sorted(p for p in path.rglob("*") if p.suffix.lower() == ".ipynb")
            held = [p for p in held if not p.name.startswith(".") and not _NOT_THEIRS & set(p.parts)]
            found += [(path.name, p) for p in held or [path]]
        elif path.suffix.lower() in (".ipynb", *_NO_NOTEBOOKS) or ".ipynb" in path.name:
            found.append((suffix.split(path.stem)[0] or path.stem, path))
    if not any(path.suffix.lower() == ".ipynb" for _, path in found):
        hint = " There are zip files: unpack them first." if any(p.suffix == ".zip" for p in folder.rglob("*")) else ""
        raise SubmissionError(f"{folder} holds no notebooks (*.ipynb), neither in it nor in its folders.{hint}")
    return [HandedIn(student, path, path.relative_to(folder).as_posix()) for student, path in found]


def load(one: HandedIn) -> bytes:
    """The bytes of a submitted notebook. Raises SubmissionError with one sentence where there are none to be had."""
    path = one.path
    if path.is_symlink():
        raise SubmissionError("it is a link to another place; the file itself must be handed in")
    if path.suffix.lower() != ".ipynb":
        inside = sorted(p.name for p in path.rglob("*") if p.is_file())[:3] if path.is_dir() else [path.name]
        held = f"there is only {', '.join(inside)}" if inside else "the folder is empty"
        raise SubmissionError(
            f"no notebook was handed in: {held}. An archive must be unpacked; a notebook ends in .ipynb"
        )
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise SubmissionError("it is no file that can be read to its end")
        if path.stat().st_size > LARGEST:
            raise SubmissionError(f"the file is larger than {LARGEST // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise SubmissionError(f"the file cannot be read: {error.strerror}") from None
