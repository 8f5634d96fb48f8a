"""Making a course: from an accepted annotation to a folder for the teacher and one for the students."""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from kit import questions
from kit.article import seeds as seeds_
from kit.article.loading import Article, load_article
from kit.article.reading import read
from kit.article.records import Annotation, Claim, Facts
from kit.errors import KitError
from kit.questions import WRITTEN_OUT
from kit.setup import places
from kit.teacher.exercises.build import NUMBER_WORDS, executed, student_copy, text_of
from kit.teacher.exercises.edition import sealed
from kit.teacher.exercises.items import chosen, divided, firm
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.exercises.own_exercises import sheet, solution
from kit.teacher.exercises.own_lessons import Lessons
from kit.teacher.exercises.pages import page, plain, text

__all__ = ["ARTICLE", "Made", "make", "pages", "students_files"]


def for_students(facts: Facts, exercises: Sequence[Exercise]) -> str:
    """The students' page: what is here, how to start, what to hand in."""
    words = {"facts": facts, "exercises": exercises, "count": NUMBER_WORDS[len(exercises)]}
    return text("readme_student", words)


def for_teachers(
    whole: Annotation,
    exercises: Sequence[Exercise],
    *,
    lessons: Sequence[Path],
    aside: Collection[str],
    notes: Sequence[str],
    seed: str,
) -> str:
    """The teacher's page: what to do in which order, and every item with what is accepted for it. It holds the key.

    `notes` are sentences on what the teacher should know first.
    """
    claims = whole.by_id
    words = {
        "facts": whole.facts,
        "notes": notes,
        "exercises": exercises,
        "lessons": [_lesson(path, exercises) for path in lessons],
        "aside": aside,
        "shown": [unit.id for unit in whole.units if unit.id not in aside],
        "seed": seed,
        "rows": lambda exercise: list(_rows(exercise, claims)),
    }
    return text("readme_teacher", words)


def _lesson(path: Path, exercises: Sequence[Exercise]) -> dict[str, Any]:
    """A lesson's number, title and minutes, and the exercise that comes after it."""
    page = questions.read(path)
    number = int(page.name[:2])
    after = next((one for one in exercises if int(one.name[:2]) == number), None)
    then = f"exercise {number}, {after.points:g} points" if after else "no exercise"
    return {"number": number, "title": page.title, "minutes": sum(page.minutes), "then": then}


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


ARTICLE = "article"
"""The name of the article in a course: a notebook loads it by this name, whatever the article is called."""
LEAST_CLAIMS, LEAST_CONTENTS, LEAST_UNITS = 12, 6, 8


@dataclass(frozen=True)
class Made:
    """A course that was made: `folder`, the names of its `exercises` with their points, and `notes` on it."""

    folder: Path
    exercises: Mapping[str, float]
    notes: tuple[str, ...]


def make(file: Path, folder: Path, *, seed: int = 1, say: Callable[[str], None] = lambda line: None) -> Made:
    """Make lessons 1 to 5 and exercises 1 to 5 on the article annotated in `file`, in the new folder `folder`.

    `folder/student` is for the students, `folder/teacher` holds the keys. The same file and seed give the same bytes.
    Nothing is left behind where this fails. Raises KitError, in one sentence, where the folder is in use, claims are
    still proposed, or the article is too small; AnnotationError where the annotation does not hold.
    """
    whole = read(file)
    _fit_for_a_course(whole, file)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KitError(f"{folder} is there already and is not empty. Nothing was changed; give a new folder: -o DIR")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        course = Path(scratch) / "course"
        exercises, notes = _written(file, whole, course, seed=str(seed), say=say)
        if folder.is_dir():
            folder.rmdir()
        os.replace(course, folder)
    return Made(folder, exercises, notes)


def students_files(course: Path) -> dict[str, str]:
    """What follows from the teacher's part of a course: path in `student` to text, for the exercises and the article.

    Raises KitError where the teacher's part is not there or not whole.
    """
    solutions = sorted((course / "teacher" / "solutions").glob("*.ipynb"))
    if not solutions:
        raise KitError(
            f"{course} holds no course: there is nothing in teacher/solutions. Run `python -m kit new-course` first."
        )
    exercises = [load(path) for path in solutions]
    seeds = course / "teacher" / "seeds"
    facts = read(seeds / f"{ARTICLE}.toml").facts
    text = (seeds / f"{ARTICLE}.toml").read_text("utf-8")
    files = {
        f"seeds/{ARTICLE}.toml": sealed(text, exercises[0].blank[ARTICLE]),
        f"seeds/{facts.text}": (seeds / facts.text).read_bytes().decode(),
    }
    return files | {f"exercises/{p.name}": text_of(student_copy(nbformat.read(p, as_version=4))) for p in solutions}


def _fit_for_a_course(whole: Annotation, file: Path) -> None:
    proposed = sum(bool(claim.proposed) for claim in whole.claims)
    sources = sum(bool(source.proposed) for source in whole.sources)
    if proposed or sources:
        more = f" and {sources} of {len(whole.sources)} sources" if sources else ""
        raise KitError(
            f"{file.name}: {proposed} of {len(whole.claims)} claims{more} are still proposed, so a person has not "
            f"accepted them yet. Look at each with `python -m kit annotate {file}`, then run this again."
        )
    sure = [claim for claim in whole.claims if firm(claim)]
    units = {claim.unit for claim in sure}
    contents = sum(claim.layer == "content" for claim in sure)
    if len(sure) < LEAST_CLAIMS or contents < LEAST_CONTENTS or len(units) < LEAST_UNITS:
        raise KitError(
            f"{file.name} has {len(sure)} claims with one accepted status, {contents} of them contents, in "
            f"{len(units)} sentences. A course needs {LEAST_CLAIMS}, {LEAST_CONTENTS} and {LEAST_UNITS}: half are for "
            "the lessons, half for the exercises, each of which asks two or three claims of different labels. "
            "Annotate more of the text, or take a longer one."
        )


def pages(
    whole: Annotation, edition: Article, *, aside: Collection[str], seed: str
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Every notebook of the course, not yet run, by its path in the course; and what the teacher should know of it.

    `edition` is the article as students have it, without the labels of the units `aside`.
    """
    items, seen = chosen(whole, aside, seed=seed), sheet(edition)
    notes, found = _known(whole), {}
    for path in sorted(places.solutions().glob("*.ipynb")):
        notebook = solution(path, edition=edition, seen=seen, items=items, aside=aside)
        if notebook is None:
            notes.append(_too_few(path.stem, whole))
        else:
            found[f"teacher/solutions/{path.name}"] = notebook
    lessons = Lessons(edition.annotation, seed=seed, made=[int(Path(name).name[:2]) for name in found])
    for number, words in enumerate(lessons.words(), 1):
        path = next(places.notebooks().glob(f"{number:02}_*.ipynb"))
        found[f"student/lessons/{path.name}"] = page(nbformat.read(path, as_version=4), f"lesson_{number:02}", words)
    return found, tuple(notes)


def _written(
    file: Path, whole: Annotation, course: Path, *, seed: str, say: Callable[[str], None]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Write the whole course into the new folder `course`; returns the exercises with their points, and the notes."""
    student, teacher, aside = course / "student", course / "teacher", divided(whole, seed=seed)
    _lay_article(file, whole, course, aside)
    found, notes = pages(whole, load_article(student / "seeds" / f"{ARTICLE}.toml"), aside=aside, seed=seed)
    for name, notebook in found.items():
        _run(course / name, notebook, course=course)
        say(f"Made {name}")
    for name, derived in students_files(course).items():
        (student / name).write_text(derived, "utf-8", newline="")
    exercises = [load(path) for path in sorted((teacher / "solutions").glob("*.ipynb"))]
    lessons = sorted((student / "lessons").glob("*.ipynb"))
    words = for_teachers(whole, exercises, lessons=lessons, aside=aside, notes=notes, seed=seed)
    (teacher / "README.md").write_text(words, "utf-8", newline="\n")
    (student / "README.md").write_text(for_students(whole.facts, exercises), "utf-8", newline="\n")
    return {one.name: one.points for one in exercises}, notes


def _lay_article(file: Path, whole: Annotation, course: Path, aside: Collection[str]) -> None:
    """Make a course's folders: the whole annotation on the teacher's side, the edition on the students'."""
    for name in ("student/lessons", "student/exercises", "student/seeds", "teacher/solutions", "teacher/seeds"):
        (course / name).mkdir(parents=True)
    text = file.read_text("utf-8-sig").replace("\r\n", "\n")
    for side, annotation in (("teacher", text), ("student", sealed(text, aside))):
        shutil.copyfile(file.parent / whole.facts.text, course / side / "seeds" / whole.facts.text)
        (course / side / "seeds" / f"{ARTICLE}.toml").write_text(annotation, "utf-8", newline="\n")


def _run(path: Path, notebook: Any, *, course: Path) -> None:
    """Run the notebook and write it. A solution reads what students have, so its key holds nothing that they could not
    work out from that; what it asks beyond, stands in its answers as plain values."""
    path.write_text(text_of(_unrun(notebook)), "utf-8", newline="\n")
    edition = (course / "student" / "seeds").resolve() if path.parent.name == "solutions" else None
    run = executed(path, seeds=course / "teacher" / "seeds", edition=edition)
    path.write_text(text_of(run), "utf-8", newline="\n")


def _unrun(notebook: Any) -> Any:
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _known(whole: Annotation) -> list[str]:
    """A word of warning where the article is one of the kit's own."""
    own = {read(path).facts.sha256.lower() for path in seeds_.seeds().glob("*.toml")}
    if whole.facts.sha256.lower() not in own:
        return []
    return ["This article comes with the kit, and so do its labels: students can look them up. Practice, not marks."]


def _too_few(name: str, whole: Annotation) -> str:
    return (
        f"Exercise {int(name[:2])} is left out: it needs two or three claims with one accepted status and different "
        f"labels among the sentences that are set aside, and these {len(whole.claims)} claims do not give them."
    )
