"""The folder of grades that `kit grade` makes: read with the points of a person, written as CSV and as pages."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from kit.errors import visible
from kit.files import write_atomically
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.pages_and_tables import csv_text, file_name
from kit.teacher.reports import person_scoring, student_page

__all__ = ["COLUMNS", "grades_csv", "read", "to_look_at", "totals_csv", "write"]

COLUMNS = ("student", "exercise", "question", "points", "earned", "outcome")


def read(folder: Path, keys: Mapping[str, Exercise]) -> gradebook.Class:
    """The class whose gradebook is in `folder`, with the points that a person gave; `keys` are the exercises by name.

    Raises KitError where `folder` holds none, or a damaged one.
    """
    found = gradebook.standing(folder / gradebook.FILE, keys)
    levels = person_scoring.read(folder / person_scoring.FILE)
    return replace(found, graded=tuple(person_scoring.scored(found.graded, levels)))


def write(
    found: gradebook.Class,
    folder: Path,
    *,
    show_key: bool = False,
    changed: Container[str] | None = None,
    seeds: Path | None = None,
) -> Path:
    """Write `grades.csv`, `totals.csv` and `feedback/` into `folder`. Returns the path of the grades.

    With `changed` only these students, and those without a page, get their pages anew. `show_key` and `seeds` as in
    `student_page.pages`.
    """
    pages, suffixes = folder / "feedback", (".html", ".md")
    theirs = [
        one
        for one in found.graded
        if changed is None
        or one.student in changed
        or not all((pages / file_name(one.student, suffix)).exists() for suffix in suffixes)
    ]
    about = {"isolation": found.isolation, "show_key": show_key, "seeds": seeds}
    for name, page in student_page.pages(theirs, suffixes=suffixes, **about):
        write_atomically(pages / name, page)
    write_atomically(folder / "totals.csv", totals_csv(found.graded))
    write_atomically(folder / "grades.csv", grades_csv(found.graded))
    return folder / "grades.csv"


def to_look_at(graded: Iterable[Graded]) -> Iterator[str]:
    """What a person must look at, a line for each note, fit for a terminal: names of files come from strangers."""
    for one in graded:
        name = one.exercise.name if one.exercise else one.path.name
        yield from (visible(f"Look at {one.student}, {name}: {note}.", otherwise="?") for note in one.notes)


def grades_csv(graded: Iterable[Graded]) -> str:
    """The grades as CSV, one row per question. Columns: `COLUMNS`; points in points of the exercise.

    `earned` is empty where the grader could not decide: a submission that cannot be read has one row, with
    an empty question and the outcome "unreadable". A text that a spreadsheet would run as a formula gets an
    apostrophe before it.
    """
    rows: list[tuple[object, ...]] = []
    for one in graded:
        if one.exercise is None:
            rows.append((one.student, one.path.stem, None, None, None, "unreadable"))
            continue
        for mark in one.marks:
            earned = None if mark.earned is None else float(mark.earned)
            rows.append((one.student, one.exercise.name, mark.question, float(mark.points), earned, mark.outcome))
    return csv_text(COLUMNS, rows)


def totals_csv(graded: Iterable[Graded]) -> str:
    """One row per submission. Columns: student, exercise, points, earned, note (what a person must look at)."""
    rows: list[tuple[object, ...]] = []
    for one in graded:
        earned = float(one.earned) if any(mark.earned is not None for mark in one.marks) else None
        about = (one.exercise.name, float(one.exercise.points), earned) if one.exercise else ("", None, None)
        waiting = [f"{mark.question}: {mark.outcome}" for mark in one.marks if mark.earned is None]
        rows.append((one.student, *about, "; ".join([*one.notes, *waiting])))
    return csv_text(("student", "exercise", "points", "earned", "note"), rows)
