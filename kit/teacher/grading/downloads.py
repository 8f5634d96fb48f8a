"""A download of submissions, a folder or a zip: the names in it, and the bytes of a file, without following a link.

A name has "/" between its parts. A zip in it counts as a folder of that name; there are at most two zips on the way to
a file. Nothing is unpacked to the disk, and no file is read that is larger than `LARGEST`.
"""

from __future__ import annotations

import atexit
import errno
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from itertools import pairwise
from pathlib import Path
from typing import IO

from kit.errors import SubmissionError
from kit.teacher.sandbox.limits import LARGEST

__all__ = ["is_zip", "names", "read"]

DEEPEST, LONGEST, MOST_FILES = 30, 1000, 100_000
"""Folders in each other that are looked into; letters of a name in a zip; files in the zip of a class."""
MOST_OF_A_STUDENT = 10 * LARGEST
"""Bytes of all files together in a zip that a student made; it holds at most a thousand files."""
_JUNK = {"__macosx", "thumbs.db", "desktop.ini", "$recycle.bin", "handed_in_before"}
_LINK = "it is a link to another place; the file itself must be handed in"
_TOO_LARGE = f"the file is larger than {LARGEST // 1_000_000} MB"
_TOO_MUCH = "the zip holds more than anybody hands in; hand the notebook itself in"
_EMPTY = "no notebook was handed in: the folder is empty"
_NONE_IN_ZIP = "no notebook was found: the zip holds none, or only in another zip; hand the notebook itself in"
_ENDLESS = "it is no file that can be read to its end"
_Zip = tuple[zipfile.ZipFile, Mapping[str, Sequence[zipfile.ZipInfo]]]
_files = ExitStack()
atexit.register(_files.close)
_held: dict[tuple[int, ...], _Zip] = {}
"""The last zips that were opened: to read the list of one takes as long as to read many of its files."""


def is_zip(name: str) -> bool:
    """Whether a file is called a zip."""
    return name.lower().endswith(".zip")


def names(source: Path) -> Iterator[str]:
    """The files in `source`, and folders that hold none, these with "/" at the end. What is hidden or junk is left out.

    A zip that cannot be read comes as a file. Raises SubmissionError where `source` itself is such a zip.
    """
    if source.is_file():
        yield from _names_in_zip(_zip(source.open("rb"), of_a_class=True), deeper=True)
        return
    for name in _names_in_folder(source):
        inner: list[str] = []
        if is_zip(name):
            top = "/" not in name
            with suppress(SubmissionError, OSError):  # whoever reads it is told why
                file, _ = _opened(source, name.split("/"))
                inner = list(_names_in_zip(_zip(file, of_a_class=top), deeper=top))
        yield from (f"{name}/{one}" for one in inner) if inner else (name,)


def read(source: Path, name: str) -> bytes:
    """The bytes of a file in `source`. Raises SubmissionError with one sentence where there are none to be had."""
    parts = name.removesuffix("/").split("/")
    try:
        file, left = (source.open("rb"), parts) if source.is_file() else _opened(source, parts)
        if left or is_zip(name):
            found = _zip(file, of_a_class=len(parts) - len(left) < 2)
            if is_zip(name):  # it would be a folder, if there were anything in it that can be read
                found, left = (_inner(_member(found, left)), ()) if left else (found, left)
            return _member(found, left)
        with file:
            if (size := os.fstat(file.fileno()).st_size) > LARGEST:
                raise SubmissionError(_TOO_LARGE)
            return file.read(size)
    except OSError as error:
        raise SubmissionError(f"the file cannot be read: {error.strerror}") from None


def _shown(name: str) -> bool:
    return not any(part.startswith(".") or part.lower() in _JUNK for part in name.split("/"))


def _names_in_folder(folder: Path) -> Iterator[str]:
    for home, folders, files in os.walk(folder):
        at = [part for part in home[len(str(folder)) :].split(os.sep) if part]
        folders[:] = sorted(filter(_shown, folders)) if len(at) < DEEPEST else []
        held = [*filter(_shown, files), *(f"{name}/" for name in folders if os.path.islink(f"{home}/{name}"))]
        yield from ("/".join((*at, name)) for name in held)
        if at and not held and not folders:
            yield "/".join((*at, ""))


def _opened(source: Path, parts: Sequence[str]) -> tuple[IO[bytes], Sequence[str]]:
    """The first file on the way, and the parts that are left: those of a name within a zip.

    Each part is opened in the folder before it, so that nobody can put a link in its place; where the system cannot do
    that (Windows), it is looked at before. Raises SubmissionError at a link, and where there is no regular file.
    """
    if os.open not in os.supports_dir_fd:
        return _looked_at(source, parts)
    here = os.open(source, os.O_RDONLY | os.O_DIRECTORY)
    left = list(parts)
    while left:
        before, part = here, left.pop(0)
        try:
            here = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=before)
        except OSError as error:
            link = error.errno != errno.ENOENT and stat.S_ISLNK(os.lstat(part, dir_fd=before).st_mode)
            raise SubmissionError(_LINK) if link else error from None
        finally:
            os.close(before)
        if not stat.S_ISDIR(os.fstat(here).st_mode):
            break
    if stat.S_ISREG(mode := os.fstat(here).st_mode):
        return os.fdopen(here, "rb"), left
    os.close(here)
    raise SubmissionError(_EMPTY if stat.S_ISDIR(mode) else _ENDLESS)


def _looked_at(source: Path, parts: Sequence[str]) -> tuple[IO[bytes], Sequence[str]]:
    path = Path(os.path.realpath(source))
    for place, part in enumerate(parts, 1):
        path /= part
        if os.path.normcase(os.path.realpath(path)) != os.path.normcase(path):  # a link, or what Windows has for one
            raise SubmissionError(_LINK)
        if path.is_file():
            return path.open("rb"), parts[place:]
    raise SubmissionError(_EMPTY if path.is_dir() else _ENDLESS)


def _zip(file: IO[bytes], *, of_a_class: bool) -> _Zip:
    """The zip in `file`, which it closes in the end, and its members by their names, read without trust."""
    about = os.fstat(file.fileno())
    stamp = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
    if stamp in _held:
        file.close()
        return _held[stamp]
    if len(_held) >= 16:
        _held.clear()
        _files.close()
    try:
        if not of_a_class and about.st_size > MOST_OF_A_STUDENT:
            raise SubmissionError(_TOO_MUCH)
        _held[stamp] = found = _listed(file, of_a_class=of_a_class)
    except SubmissionError:
        file.close()
        raise
    _files.enter_context(file)
    return found


def _listed(file: IO[bytes], *, of_a_class: bool) -> _Zip:
    try:
        archive = zipfile.ZipFile(file)
    except Exception:  # whatever comes of bytes that somebody else made
        raise SubmissionError("the zip is damaged: it cannot be opened; hand the notebook itself in") from None
    members: dict[str, list[zipfile.ZipInfo]] = {}
    for info in archive.infolist():
        members.setdefault(_plain(info) + "/" * info.is_dir(), []).append(info)
    unpacked = sum(info.file_size for info in archive.infolist())
    if len(members) > MOST_FILES or (not of_a_class and (len(members) > 1000 or unpacked > MOST_OF_A_STUDENT)):
        raise SubmissionError(_TOO_MUCH)
    return archive, members


def _plain(info: zipfile.ZipInfo) -> str:
    """The name of a member as a name in a download: with "/", and with nothing that leads out of it.

    Where a zip does not say that its names are UTF-8, they are all the same if they can be (macOS makes such zips).
    """
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    parts = ("_" if part == ".." else part for part in re.split(r"[/\\]|^[A-Za-z]:", name))
    return "/".join(part for part in parts if part not in ("", "."))


def _names_in_zip(found: _Zip, *, deeper: bool) -> Iterator[str]:
    held = [*sorted(name for name in found[1] if len(name) < LONGEST and _shown(name)), ""]
    for name, after in pairwise(held):
        inner: list[str] = []
        if deeper and is_zip(name):
            with suppress(SubmissionError):
                inner = list(_names_in_zip(_inner(_member(found, [name])), deeper=False))
        if inner:
            yield from (f"{name}/{one}" for one in inner)
        elif not (name.endswith("/") and after.startswith(name)):
            yield name


def _inner(data: bytes) -> _Zip:
    return _listed(io.BytesIO(data), of_a_class=False)


def _member(found: _Zip, parts: Sequence[str]) -> bytes:
    """The bytes of a member, or of a member of a zip in the zip."""
    archive, members = found
    name = "/".join(parts)
    if name not in members:
        at = next((n for n in range(1, len(parts)) if is_zip(parts[n - 1]) and "/".join(parts[:n]) in members), 0)
        if not at:
            raise SubmissionError(_NONE_IN_ZIP if not name else _EMPTY)
        return _member(_inner(_member(found, parts[:at])), parts[at:])
    info, *others = members[name]
    if others:
        raise SubmissionError("there are two files of this name in the zip")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise SubmissionError(_LINK)
    if info.flag_bits & 1:
        raise SubmissionError("it is locked with a password; hand it in without one")
    if re.match(r"[/\\]|[A-Za-z]:", info.filename) or ".." in re.split(r"[/\\]", info.filename):
        raise SubmissionError("its name in the zip leads out of the zip; hand it in under a plain name")
    if info.file_size > LARGEST:
        raise SubmissionError(_TOO_LARGE)
    try:
        with archive.open(info) as file:
            return file.read(LARGEST)
    except Exception:
        raise SubmissionError("it is damaged: the zip cannot be unpacked; hand the notebook itself in") from None
