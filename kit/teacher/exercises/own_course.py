"""A course on an article of one's own: made from its annotation, with the teacher's run sheet, and packed for students.

A course is a folder: `teacher` holds the annotation, the solutions and the run sheet, `student` what students get.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat

from kit import questions
from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.loading import Article, load_article
from kit.article.records import Annotation, Claim, slug
from kit.errors import KitError, typed
from kit.files import write_atomically
from kit.questions import COMPUTED, WRITTEN_OUT
from kit.setup import places
from kit.setup.desk import unspoilt
from kit.teacher.exercises.build import NUMBER_WORDS, executed, text_of
from kit.teacher.exercises.keys import Exercise, KeyedQuestion, load, relabelled
from kit.teacher.exercises.own_notebooks import Lessons, solution
from kit.teacher.exercises.own_selection import Drafts, chosen, divided, firm
from kit.teacher.exercises.own_templates import ARTICLE, page, plain, text
from kit.teacher.exercises.secrecy import Searched, sealed, search, student_copy

__all__ = ["Made", "kept", "make", "new_folder", "packed", "pages", "release", "students_files", "without_key"]

_LEAST_CLAIMS, _LEAST_CONTENTS, _LEAST_UNITS = 12, 6, 8
_EARLIEST = date(1980, 1, 1)
"""The earliest day that a zip can state."""
_RELEASED = "released.toml"
"""In `teacher`: the day on which these files were first released, so that the same course gives the same archive."""
_ON_THE_LAST = {"gaps", "firm", "through"}
"""Questions whose last column is what they are about: gaps in chains, open claims, claims by way of an agency."""
_JUNK = {"__pycache__", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Made:
    """A course that was made: `folder`, the names of its `exercises` with their points, and `notes` on it."""

    folder: Path
    exercises: Mapping[str, float]
    notes: tuple[str, ...]


def make(
    file: Path, folder: Path, *, seed: int = 1, balance: bool = False, say: Callable[[str], None] = lambda line: None
) -> Made:
    """Make lessons 1 to 5 and exercises 1 to 5 on the article annotated in `file`, in the new folder `folder`.

    `folder/student` is for the students, `folder/teacher` holds the keys. The same file and seed give the same bytes.
    With `balance`, the exercises ask by preference what a draft of the text alone gets wrong.
    Nothing is left behind where this fails. Raises KitError, in one sentence, where the folder is in use, claims are
    still proposed, or the article is too small; AnnotationError where the annotation does not hold.
    """
    whole = read(file)
    _fit_for_a_course(whole, file)
    with new_folder(folder) as course:
        exercises, notes = _written(file, whole, course, seed=str(seed), balance=balance, say=say)
    return Made(folder, {one.name: one.points for one in exercises}, notes)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A place for a folder that becomes `folder` in the end; nothing is left behind where that fails.

    Raises KitError where `folder` is in use.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KitError(f"{folder} is there already and is not empty. Nothing was changed; give a new folder: -o DIR")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        yield Path(scratch, "course")
        if folder.is_dir():
            folder.rmdir()
        os.replace(Path(scratch, "course"), folder)


def _fit_for_a_course(whole: Annotation, file: Path) -> None:
    proposed = sum(bool(claim.proposed) for claim in whole.claims)
    sources = sum(bool(source.proposed) for source in whole.sources)
    if proposed or sources:
        more = f" and {sources} of {len(whole.sources)} sources" if sources else ""
        raise KitError(
            f"{file.name}: {proposed} of {len(whole.claims)} claims{more} are still proposed, so a person has not "
            f"accepted them yet. Look at each with `python -m kit annotate {typed(file)}`, then run this again."
        )
    sure = [claim for claim in whole.claims if firm(claim)]
    units = {claim.unit for claim in sure}
    contents = sum(claim.layer == "content" for claim in sure)
    if len(sure) < _LEAST_CLAIMS or contents < _LEAST_CONTENTS or len(units) < _LEAST_UNITS:
        raise KitError(
            f"{file.name} has {len(sure)} claims with one accepted status, {contents} of them contents, in "
            f"{len(units)} sentences. A course needs {_LEAST_CLAIMS}, {_LEAST_CONTENTS} and {_LEAST_UNITS}: half are "
            "for the lessons, half for the exercises, each of which asks two or three claims of different labels. "
            "Annotate more of the text, or take a longer one."
        )


def _written(
    file: Path, whole: Annotation, course: Path, *, seed: str, balance: bool, say: Callable[[str], None]
) -> tuple[list[Exercise], tuple[str, ...]]:
    """Write the whole course into the new folder `course`; returns the exercises, and the notes."""
    drafts = Drafts.read(load_article(file))
    weighed = drafts if balance else None
    student, teacher, aside = course / "student", course / "teacher", divided(whole, seed=seed, drafts=weighed)
    _lay_article(file, whole, course, aside)
    edition = student / "seeds"
    article = load_article(edition / f"{ARTICLE}.toml")
    draw = partial(pages, whole, article, aside=aside, seed=seed, drafts=weighed)
    empty: dict[str, tuple[KeyedQuestion, ...]] = {}
    for name, notebook in draw()[0].items():
        if "/solutions/" in name:
            _run(notebook, course / name, edition)
            empty[Path(name).stem] = tuple(filter(_is_empty, load(course / name).questions))
            say(f"Made {name}")
    found, notes = draw(empty=empty)
    for name, notebook in found.items():
        if empty.get(Path(name).stem, True):
            _run(notebook, course / name, edition)
            say(f"Made {name}")
    for name, derived in students_files(course).items():
        (student / name).write_text(derived, "utf-8", newline="")
    exercises, claims = _exercises(course), whole.by_id
    words = {"facts": whole.facts, "exercises": exercises, "count": NUMBER_WORDS[len(exercises)]}
    (student / "README.md").write_text(text("students_page", words), "utf-8", newline="\n")
    more = {
        "notes": notes,
        "lessons": [_lesson(path, exercises) for path in sorted((student / "lessons").glob("*.ipynb"))],
        "aside": aside,
        "shown": [unit.id for unit in whole.units if unit.id not in aside],
        "seed": seed,
        "balance": balance,
        "drafted": lambda exercise: list(_drafted(exercise, drafts, claims)),
        "rows": lambda exercise: list(_rows(exercise, claims)),
    }
    (teacher / "README.md").write_text(text("run_sheet", words | more), "utf-8", newline="\n")
    return exercises, notes


def _run(notebook: Any, path: Path, edition: Path) -> None:
    """Write the notebook to `path`, and write it anew when it has been run."""
    path.write_text(text_of(notebook), "utf-8", newline="\n")
    # A solution reads what students have, so its key holds nothing that they could not work out from that; what it
    # asks beyond, stands in its answers as plain values.
    reads = edition.resolve() if path.parent.name == "solutions" else None
    run = executed(path, seeds=edition.parent.parent / "teacher" / "seeds", edition=reads)
    path.write_text(text_of(run if reads else unspoilt(run)), "utf-8", newline="\n")


def _is_empty(question: KeyedQuestion) -> bool:
    """Whether nothing is there to be worked out: every number is 0, at least in the column that the question is on."""
    numbers = [value if isinstance(value, list) else [value] for value in question.key.values()]
    last = [row[-1:] if question.name in _ON_THE_LAST else row for row in numbers]
    return question.kind == COMPUTED and all(number == 0 for row in last for number in row)


def _lay_article(file: Path, whole: Annotation, course: Path, aside: Collection[str]) -> None:
    """Make a course's folders: the whole annotation on the teacher's side, the edition on the students'."""
    for name in ("student/lessons", "student/exercises", "student/seeds", "teacher/solutions", "teacher/seeds"):
        (course / name).mkdir(parents=True)
    text = file.read_text("utf-8-sig").replace("\r\n", "\n")
    for side, annotation in (("teacher", text), ("student", sealed(text, aside))):
        shutil.copyfile(file.parent / whole.facts.text, course / side / "seeds" / whole.facts.text)
        (course / side / "seeds" / f"{ARTICLE}.toml").write_text(annotation, "utf-8", newline="\n")


def pages(
    whole: Annotation,
    edition: Article,
    *,
    aside: Collection[str],
    seed: str,
    empty: Mapping[str, Sequence[KeyedQuestion]] = MappingProxyType({}),
    drafts: Drafts | None = None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Every notebook of the course, not yet run, by its path in the course; and what the teacher should know of it.

    `edition` is the article as students have it, without the labels of the units `aside`; `empty` are the questions of
    each exercise (by its name) that are left out, since their answer is 0 throughout. With `drafts`, claims that they
    hold wrongly are asked by preference.
    """
    items = chosen(whole, aside, seed=seed, drafts=drafts)
    own = {read(path).facts.sha256.lower() for path in seeds.seeds().glob("*.toml")}
    known = "This article comes with the kit, and so do its labels: students can look them up. Practice, not marks."
    notes, found = [known] if whole.facts.sha256.lower() in own else [], {}
    for path in sorted(places.solutions().glob("*.ipynb")):
        without = empty.get(path.stem, ())
        notes += [
            f"Exercise {int(path.stem[:2])}: the question “{question.title}” is left out. In the sentences that "
            f"students see its answer is 0 on every line, which would earn {question.points:g} points for no work."
            for question in without
        ]
        notebook = solution(path, edition=edition, items=items, aside=aside, without=[one.name for one in without])
        if notebook is None:
            notes.append(
                f"Exercise {int(path.stem[:2])} is left out: it needs two or three claims with one accepted status and "
                f"different labels among the sentences that are set aside, and these {len(whole.claims)} claims do not "
                "give them."
            )
        else:
            found[f"teacher/solutions/{path.name}"] = notebook
    lessons = Lessons(edition.annotation, seed=seed, made=[int(Path(name).name[:2]) for name in found])
    for number, words in enumerate(lessons.words(), 1):
        path = next(places.notebooks().glob(f"{number:02}_*.ipynb"))
        lesson = nbformat.read(path, as_version=4)
        found[f"student/lessons/{path.name}"] = page(lesson, f"lesson_{number:02}", words, without=words["without"])
    return found, tuple(notes)


def _lesson(path: Path, exercises: Sequence[Exercise]) -> dict[str, Any]:
    """A lesson's number, title and minutes, and the exercise that comes after it."""
    page = questions.read(path)
    number = int(page.name[:2])
    after = next((one for one in exercises if int(one.name[:2]) == number), None)
    then = f"exercise {number}, {after.points:g} points" if after else "no exercise"
    return {"number": number, "title": page.title, "minutes": sum(page.minutes), "then": then}


def _drafted(exercise: Exercise, drafts: Drafts, claims: Mapping[str, Claim]) -> Iterator[tuple[str, ...]]:
    """Question, points, lines, those on which a draft is right, and the points that it would earn, of each question
    on labels."""
    for question in exercise.questions:
        if question.asks:
            right = sum(drafts.right(claims[line], question.asks) for line in question.key)
            earned = f"{question.points * right / len(question.key):.1f}".removesuffix(".0")
            yield question.title, f"{question.points:g}", str(len(question.key)), str(right), earned


def _rows(exercise: Exercise, claims: Mapping[str, Claim]) -> Iterator[tuple[str, ...]]:
    """Question, line, key and what else is accepted."""
    for question in exercise.questions:
        if question.kind != WRITTEN_OUT:
            how = "a person reads it, by the rubric" if question.rubric else "counted from what students have"
            yield question.name, "", f"{how}: see the solution", ""
            continue
        for line, value in question.key.items():
            words = plain(claims[line].quote) if line in claims else ""
            more = "; ".join(map(_shown, question.accept.get(line, [])))
            yield question.name, f"{plain(line)} {words}", _shown(value), more


def _shown(value: object) -> str:
    return plain(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _exercises(course: Path) -> list[Exercise]:
    """The solved exercises of a course. Raises KitError where there are none."""
    solutions = sorted((course / "teacher" / "solutions").glob("*.ipynb"))
    if not solutions:
        raise KitError(
            f"{course} holds no course: there is nothing in teacher/solutions. Run `python -m kit new-course` first."
        )
    return [load(path) for path in solutions]


def students_files(course: Path) -> dict[str, str]:
    """What follows from the teacher's part of a course: path in `student` to text, for the exercises and the article.

    Raises KitError where the teacher's part is not there or not whole.
    """
    exercises, articles = _exercises(course), course / "teacher" / "seeds"
    annotation = articles / f"{ARTICLE}.toml"
    body = read(annotation).facts.text
    files = {
        f"seeds/{ARTICLE}.toml": sealed(annotation.read_text("utf-8"), exercises[0].blank[ARTICLE]),
        f"seeds/{body}": (articles / body).read_bytes().decode(),
    }
    return files | {f"exercises/{one.name}.ipynb": text_of(student_copy(one.notebook)) for one in exercises}


def release(course: Path, out: Path) -> tuple[tuple[str, ...], Searched]:
    """Pack `course/student` into the zip `out`, in a folder named after the article; returns the names in it, and what
    the search of them for the key found.

    The exercises and the article must be what follows from `course/teacher`; one that is missing is written anew.
    Raises KitError, and writes no archive, where one was changed, where the labels are not those of the key, where the
    search finds any of the key in a file, or where a file that is no picture cannot be searched.
    """
    student, articles, exercises = course / "student", course / "teacher" / "seeds", _exercises(course)
    for changed in filter(None, (relabelled(exercise, articles) for exercise in exercises)):
        raise KitError(
            f"teacher/seeds/{changed}.toml was changed after the key was made from it, so nothing was packed. "
            "Put it back. To change a label, change it in your own annotation, and make the course again in a "
            "new folder: python -m kit new-course."
        )
    for made, derived in students_files(course).items():
        path = student / made
        if not path.is_file():
            write_atomically(path, derived)
        elif path.read_bytes() != derived.encode():
            raise KitError(
                f"student/{made} was changed after it was made, and may hold answers now. Take your copy away from "
                "there; the next `python -m kit release` puts the right one in its place."
            )
    files = kept(student)
    searched = without_key(course, files)
    top = slug(read(articles / f"{ARTICLE}.toml").facts.slug, otherwise="course")
    inside = {f"{top}/{name}": content for name, content in files.items()}
    write_atomically(out, packed(inside, day=_day_of(course / "teacher" / _RELEASED, packed(inside))))
    return tuple(files), searched


def without_key(course: Path, files: Mapping[str, bytes]) -> Searched:
    """What the search of `files` (name to content) for the key of the course found.

    Raises KitError where it found any, or where a file that is no picture cannot be searched.
    """
    whole = read(course / "teacher" / "seeds" / f"{ARTICLE}.toml")
    searched = search(files, exercises=_exercises(course), whole=whole)
    for leak in searched.leaks[:1]:
        more = f" There are {len(searched.leaks) - 1} more like it." if len(searched.leaks) > 1 else ""
        raise KitError(f"Nothing was packed: {leak}{more} Take it out of `student`, and release again.")
    for name, what in searched.unread.items():
        raise KitError(
            f"Nothing was packed: {name} cannot be searched for the key ({what}). Take it out of `student`; once you "
            "have looked through it yourself, give it to students by another way."
        )
    return searched


def _day_of(record: Path, archive: bytes) -> date:
    """The day on which this archive was first made, as `record` says; today for another one, which is then recorded."""
    digest = hashlib.sha256(archive).hexdigest()
    if record.is_file():
        known = tomllib.loads(record.read_text("utf-8"))
        if known.get("sha256") == digest:
            return known["day"]
    today = date.today()
    write_atomically(record, f'day = {today.isoformat()}\nsha256 = "{digest}"\n')
    return today


def kept(folder: Path) -> dict[str, bytes]:
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
