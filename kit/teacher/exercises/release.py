"""The students' archive: the same bytes each time, and no answer of the key in any of them."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kit.article.reading import read
from kit.article.records import KEY_FIELDS, Claim
from kit.errors import KitError
from kit.files import slug, write_atomically
from kit.questions import WRITTEN_OUT, role
from kit.teacher.exercises.keys import Exercise, load, relabelled
from kit.teacher.exercises.own_course import ARTICLE, students_files

__all__ = ["leaks", "release"]

_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip can state: an archive of the same files is the same archive."""
_JUNK = {"__pycache__", "Thumbs.db", "desktop.ini"}


def release(course: Path, out: Path) -> tuple[str, ...]:
    """Pack `course/student` into the zip `out`, in a folder named after the article; returns the names in it.

    The exercises and the article must be what follows from `course/teacher`; one that is missing is written anew.
    Raises KitError, and writes no archive, where one was changed, where the labels are not those of the key, or where
    an answer of the key stands in any file.
    """
    _same_labels(course / "teacher")
    student = course / "student"
    for name, text in students_files(course).items():
        path = student / name
        if not path.is_file():
            write_atomically(path, text)
        elif path.read_bytes() != text.encode():
            raise KitError(
                f"student/{name} was changed after it was made, and may hold answers now. Take your copy away from "
                "there; the next `python -m kit release` puts the right one in its place."
            )
    files = {
        p.relative_to(student).as_posix(): p.read_bytes() for p in sorted(student.rglob("*")) if _wanted(p, student)
    }
    found = leaks(files, course / "teacher")
    if found:
        raise KitError(f"Nothing was packed: {found[0]}")
    top = slug(read(course / "teacher" / "seeds" / f"{ARTICLE}.toml").facts.slug, otherwise="course")
    _zip({f"{top}/{name}": content for name, content in files.items()}, out)
    return tuple(files)


def leaks(files: dict[str, bytes], teacher: Path) -> list[str]:
    """What of the key stands in `files` (name to content), one sentence each; empty where all is well.

    Searched for, in the bytes of each file and in the text that JSON makes of them: each line of an answer that is
    written out in a solution, every ruling (`why`) of a withheld claim, and its labels as the annotated article shows
    them. What a solution computes is no secret: it was computed from the students' own files. Besides, the students'
    article must not hold any label of a withheld claim.
    """
    exercises = [load(path) for path in sorted((teacher / "solutions").glob("*.ipynb"))]
    whole = read(teacher / "seeds" / f"{ARTICLE}.toml").by_id
    aside = {unit for one in exercises for unit in one.blank[ARTICLE]}
    secrets = {words for one in exercises for words in _answers(one)}
    given = {claim.why for claim in whole.values() if claim.unit not in aside}
    secrets |= {words for claim in whole.values() if claim.unit in aside for words in _pictured(claim)}
    secrets |= {claim.why for claim in whole.values() if claim.unit in aside and len(claim.why) > 20} - given
    said = []
    for name, content in files.items():
        text = content.decode("utf-8", "replace")
        spoken = "\n".join(_strings(text)) if name.endswith(".ipynb") else ""
        said += [f"{name} holds “{words}”." for words in sorted(secrets) if words in text or words in spoken]
        if name.endswith(".toml"):
            said += [f"{name} holds {what}." for what in _labels(text, aside, whole)]
    return said


def _same_labels(teacher: Path) -> None:
    """Raise KitError where an article's labels were changed after the key was made from them."""
    for exercise in map(load, sorted((teacher / "solutions").glob("*.ipynb"))):
        if article := relabelled(exercise, teacher / "seeds"):
            raise KitError(
                f"teacher/seeds/{article}.toml was changed after the key was made from it, so nothing was packed. "
                "Put it back. To change a label, change it in your own annotation, and make the course again in a "
                "new folder: python -m kit new-course."
            )


def _answers(exercise: Exercise) -> Iterator[str]:
    """The canonical lines of the answers that are plain values, and of what else is accepted for them."""
    sources = {role(c)[1]: c["source"] for c in exercise.notebook["cells"] if role(c)[0] == "answer"}
    for question in exercise.questions:
        if question.rubric:
            yield sources[question.name].partition("\n")[2].strip()
            yield from (level.sample for level in question.rubric)
        elif question.kind == WRITTEN_OUT:
            for line, value in question.key.items():
                for fits in (value, *question.accept.get(line, [])):
                    yield json.dumps({line: fits}, ensure_ascii=False)[1:-1]


def _pictured(claim: Claim) -> Iterator[str]:
    """A claim's labels in the three forms in which the annotated article shows them."""
    for label in {name for field in ("layer", "status", "voucher") for name in claim.accepts(field)}:
        yield f"[{claim.id} {label}]"
        yield f"<td>{claim.id}</td><td>{label}</td>"
        yield f"{label}: “{claim.quote}” ({claim.id})"


def _labels(text: str, aside: set[str], whole: dict[str, Claim]) -> Iterator[str]:
    """Each label of a withheld claim in the text of an annotation, and each claim or pass that points at one."""
    data = tomllib.loads(text)
    hidden = {name for name, claim in whole.items() if claim.unit in aside}
    for claim in data["claim"]:
        for field in set(KEY_FIELDS) & set(claim) if claim["id"] in hidden else ():
            yield f"the {field} of {claim['id']}"
        for field in ("disputed_by", "supported_by"):
            yield from (f"{name} under {field}" for name in claim.get(field, ()) if name in hidden)
    for row in data.get("proposition", ()):
        yield from (f"{name} under {row['id']}" for name in row["claims"] if name in hidden)
    yield from (f"the passes of {name}" for name in data.get("passes", {}) if name in hidden)
    if "#" in "".join(line.lstrip()[:1] for line in text.splitlines()):
        yield "a comment"


def _strings(text: str) -> Iterator[str]:
    """Every text in a JSON file, with lists of lines joined, as a notebook's cells are."""
    try:
        waiting = [json.loads(text)]
    except ValueError:
        return
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            if all(isinstance(part, str) for part in item):
                yield "".join(item)
            waiting += item
        elif isinstance(item, dict):
            waiting += [*item.values(), *item]


def _wanted(path: Path, student: Path) -> bool:
    parts = path.relative_to(student).parts
    return path.is_file() and not any(part.startswith(".") or part in _JUNK for part in parts)


def _zip(files: dict[str, bytes], out: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    write_atomically(out, whole.getvalue())
