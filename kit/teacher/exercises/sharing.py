"""A course for a colleague: its annotation and both its folders in one archive, with a page that says what it is; and
the archive opened again, to be taught, corrected and made anew."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from kit.article.annotation_file import read
from kit.article.records import slug
from kit.errors import KitError
from kit.files import write_atomically
from kit.teacher.exercises.keys import load
from kit.teacher.exercises.own_course import kept, new_folder, packed
from kit.teacher.exercises.own_templates import ARTICLE, text

__all__ = ["share", "unpack"]

_ANNOTATION, _ABOUT = "annotation", "ABOUT.md"


def share(course: Path, out: Path) -> tuple[str, ...]:
    """Pack a whole course into the zip `out`, key included, with its annotation under the article's own name and a page
    that says what it is; returns the names in it. The same course gives the same bytes.

    Raises KitError where the folder holds no course, AnnotationError where its annotation does not hold.
    """
    annotation = course / "teacher" / "seeds" / f"{ARTICLE}.toml"
    solutions = sorted((course / "teacher" / "solutions").glob("*.ipynb"))
    if not annotation.is_file() or not solutions:
        raise KitError(f"{course} holds no course. Give the folder that `python -m kit new-course` made.")
    whole = read(annotation)
    name = slug(whole.facts.slug, otherwise="course")
    sides = {side: kept(course / side) for side in ("teacher", "student")}
    files = {f"{side}/{inside}": content for side, its in sides.items() for inside, content in its.items()}
    files |= {
        f"{_ANNOTATION}/{name}.toml": annotation.read_bytes(),
        f"{_ANNOTATION}/{whole.facts.text}": (annotation.parent / whole.facts.text).read_bytes(),
    }
    words = {"facts": whole.facts, "whole": whole, "name": name, "exercises": [load(path) for path in solutions]}
    files[_ABOUT] = text("about", words).encode()
    write_atomically(out, packed({f"{name}-course/{inside}": content for inside, content in files.items()}))
    return tuple(files)


def unpack(archive: Path, folder: Path | None = None) -> tuple[Path, Path]:
    """Unpack an archive of `share` into the new `folder` (by default beside it, named as inside); returns the folder,
    and the annotation in it.

    Raises KitError, and writes nothing, where it is no such archive or the folder is in use.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as opened:
            files = {entry.filename: opened.read(entry) for entry in opened.infolist() if not entry.is_dir()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        files = {}
    top = next((name.partition("/")[0] for name in files if name.endswith(f"/{_ABOUT}")), "")
    inside = {name.removeprefix(f"{top}/"): content for name, content in files.items()}
    found = [name for name in inside if name.startswith(f"{_ANNOTATION}/") and name.endswith(".toml")]
    strange = [
        name for name in files if not name.startswith(f"{top}/") or {"..", ""} & {*name.split("/")} or "\\" in name
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
