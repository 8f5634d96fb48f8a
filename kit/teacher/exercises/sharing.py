"""A course leaves its folder, and comes into one: packed for students, without the key; packed for a colleague, key and
all, with a page that says what it is; and unpacked, to be taught, corrected and made anew."""

from __future__ import annotations

import hashlib
import io
import tomllib
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from kit.article.annotation_file import read
from kit.article.records import Annotation, slug
from kit.errors import KitError
from kit.files import write_atomically
from kit.teacher.exercises.keys import Exercise, relabelled
from kit.teacher.exercises.own_course import new_folder, solved_exercises, students_files
from kit.teacher.exercises.own_templates import ARTICLE, text
from kit.teacher.exercises.secrecy import Searched, search

_EARLIEST = date(1980, 1, 1)
"""The earliest day that a zip can state."""
_RELEASED = "released.toml"
"""In `teacher`: the day on which these files were first released, so that the same course gives the same archive."""
_JUNK = {"__pycache__", "Thumbs.db", "desktop.ini"}
_ANNOTATION, _ABOUT, _OF_A_MAC = "annotation", "ABOUT.md", "__MACOSX/"


def release(course: Path, out: Path) -> tuple[tuple[str, ...], Searched]:
    """Pack `course/student` into the zip `out`, in a folder named after the article; returns the names in it, and what
    the search of them for the key found.

    The exercises and the article must be what follows from `course/teacher`; one that is missing is written anew.
    Raises KitError, and writes no archive, where one was changed, where the labels are not those of the key, where the
    search finds any of the key in a file, or where a file that is no picture cannot be searched.
    """
    student, whole, _ = _sound(course)
    for made, derived in students_files(course).items():
        path = student / made
        if not path.is_file():
            write_atomically(path, derived)
        elif path.read_bytes() != derived.encode():
            raise KitError(
                f"student/{made} was changed after it was made, and may hold answers now. Take your copy away from "
                "there; the next `python -m kit release` puts the right one in its place."
            )
    files = _kept(student)
    searched = without_key(course, files)
    top = slug(whole.facts.slug, otherwise="course")
    inside = {f"{top}/{name}": content for name, content in files.items()}
    write_atomically(out, packed(inside, day=_day_of(course / "teacher" / _RELEASED, packed(inside))))
    return tuple(files), searched


def without_key(course: Path, files: Mapping[str, bytes]) -> Searched:
    """What the search of `files` (name to content) for the key of the course found.

    Raises KitError where it found any, or where a file that is no picture cannot be searched.
    """
    whole = read(course / "teacher" / "seeds" / f"{ARTICLE}.toml")
    searched = search(files, exercises=solved_exercises(course), whole=whole)
    for leak in searched.leaks[:1]:
        more = f" (1 of {len(searched.leaks)} such places)" if len(searched.leaks) > 1 else ""
        raise KitError(
            f"Nothing was packed: {leak.removesuffix('.')}{more}. {searched.sought}. Take it out of `student`, and "
            "release again."
        )
    for name, what in searched.unread.items():
        raise KitError(
            f"Nothing was packed: {name} cannot be searched for the key ({what}). Take it out of `student`; once you "
            "have looked through it yourself, give it to students by another way."
        )
    return searched


def share(course: Path, out: Path) -> tuple[str, ...]:
    """Pack a whole course into the zip `out`, key included, with its annotation under the article's own name and a page
    that says what it is; returns the names in it. The same course gives the same bytes.

    Raises KitError where the folder holds no whole course, or where the labels are not those of the key.
    """
    _, whole, exercises = _sound(course)
    annotation = course / "teacher" / "seeds" / f"{ARTICLE}.toml"
    name = slug(whole.facts.slug, otherwise="course")
    sides = {side: _kept(course / side) for side in ("teacher", "student")}
    files = {f"{side}/{inside}": content for side, its in sides.items() for inside, content in its.items()}
    files |= {
        f"{_ANNOTATION}/{name}.toml": annotation.read_bytes(),
        f"{_ANNOTATION}/{whole.facts.text}": (annotation.parent / whole.facts.text).read_bytes(),
    }
    words = {"facts": whole.facts, "whole": whole, "name": name, "exercises": exercises}
    files[_ABOUT] = text("about", words).encode()
    write_atomically(out, packed({f"{name}-course/{inside}": content for inside, content in files.items()}))
    return tuple(files)


def _sound(course: Path) -> tuple[Path, Annotation, list[Exercise]]:
    """The students' folder, the annotation and the exercises of a course.

    Raises KitError where one is not there, or where the labels are not those that the key was made from.
    """
    exercises, student, seeds = solved_exercises(course), course / "student", course / "teacher" / "seeds"
    whole = read(seeds / f"{ARTICLE}.toml")
    again = "make the course again in a new folder: python -m kit new-course."
    if not any(student.glob("lessons/*.ipynb")):
        raise KitError(
            f"{student / 'lessons'} holds no lesson, so nothing was packed. Put the lessons back, or {again}"
        )
    for changed in filter(None, (relabelled(exercise, seeds) for exercise in exercises)):
        raise KitError(
            f"teacher/seeds/{changed}.toml was changed after the key was made from it, so nothing was packed. Put it "
            f"back. To change a label, change it in your own annotation, and {again}"
        )
    return student, whole, exercises


def unpack(archive: Path, folder: Path | None = None) -> tuple[Path, Path]:
    """Unpack an archive of `share` into the new `folder` (by default beside it, named as inside); returns the folder,
    and the annotation in it.

    Raises KitError, and writes nothing, where it is no such archive or the folder is in use.
    """
    if archive.is_dir():
        raise KitError(f"{archive} is a folder. A course that is unpacked needs no more: read {_ABOUT} in it.")
    try:
        with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as opened:
            kept = [one for one in opened.infolist() if not (one.is_dir() or one.filename.startswith(_OF_A_MAC))]
            files = {entry.filename: opened.read(entry) for entry in kept}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        files = {}
    top = next((name.partition("/")[0] for name in files if name.endswith(f"/{_ABOUT}")), "")
    inside = {name.removeprefix(f"{top}/"): content for name, content in files.items()}
    found = [name for name in inside if name.startswith(f"{_ANNOTATION}/") and name.endswith(".toml")]
    strange = [
        name
        for name in files
        if not name.startswith(f"{top}/") or {"..", ""} & {*name.split("/")} or {*"\\:"} & {*name}
    ]
    if not top or strange or len(found) != 1 or f"teacher/seeds/{ARTICLE}.toml" not in inside:
        raise KitError(
            f"{archive} is no course that `python -m kit share` packed, or it is damaged, so nothing was unpacked. Ask "
            "for it once more."
        )
    folder = folder or archive.parent / top
    with new_folder(folder) as course:
        for name, content in inside.items():
            write_atomically(course / name, content)
        read(course / found[0])
    return folder, folder / found[0]


def _day_of(record: Path, archive: bytes) -> date:
    """The day on which this archive was first made, as `record` says; today for another one, which is then recorded."""
    digest = hashlib.sha256(archive).hexdigest()
    if record.is_file():
        with suppress(ValueError):  # it was changed by hand
            known = tomllib.loads(record.read_text("utf-8"))
            if known.get("sha256") == digest and isinstance(known.get("day"), date):
                return known["day"]
    today = date.today()
    write_atomically(record, f'day = {today.isoformat()}\nsha256 = "{digest}"\n')
    return today


def _kept(folder: Path) -> dict[str, bytes]:
    """The files below `folder`, by their names in it, but for what is hidden and what systems leave behind."""
    there = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    wanted = [name for name in there if not any(part.startswith(".") or part in _JUNK for part in name.parts)]
    return {name.as_posix(): there[name].read_bytes() for name in wanted}


def packed(files: Mapping[str, bytes], *, day: date = _EARLIEST) -> bytes:
    """A zip of `files` (name to content), all of that day: the same bytes for the same files."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()
