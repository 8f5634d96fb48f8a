"""The folder of grades that `kit grade` makes: read with the points of a person, written as CSV and as pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kit.errors import visible
from kit.files import write_atomically
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES
from kit.teacher.pages_and_tables import csv_text, file_name
from kit.teacher.reports import student_page

COLUMNS = ("student", "exercise", "question", "points", "earned", "outcome", "machine", "comment", "extra")


def write(
    folder: Path,
    keys: Mapping[str, Exercise],
    *,
    every: bool = False,
    show_key: bool = False,
    seeds: Path | None = None,
) -> gradebook.Class:
    """Write `grades.csv`, `totals.csv` and `feedback/` into `folder` from its gradebook, and return what stands there.

    Pages are written for students of whom something has changed and for those without one, with `every` for all; who
    has nothing left has no page. `show_key` and `seeds` as in `student_page.pages`. Raises KitError as
    `gradebook.standing` does.
    """
    with gradebook.opened(folder / gradebook.FILE, keys) as book:
        number, stale = book.stale()
    found = gradebook.standing(folder / gradebook.FILE, keys)
    pages, suffixes = folder / "feedback", (".html", ".md")
    paths = {one.student: [pages / file_name(one.student, suffix) for suffix in suffixes] for one in found.graded}
    old = {who for who, its in paths.items() if every or who in stale or not all(path.exists() for path in its)}
    theirs = [one for one in found.graded if one.student in old]
    about = {"isolation": found.isolation, "show_key": show_key, "seeds": seeds}
    for name, page in student_page.pages(theirs, suffixes=suffixes, **about):
        write_atomically(pages / name, page)
    for path in [pages / file_name(gone, suffix) for gone in stale - paths.keys() for suffix in suffixes]:
        path.unlink(missing_ok=True)
    write_atomically(folder / "totals.csv", totals_csv(found.graded))
    write_atomically(folder / "grades.csv", grades_csv(found.graded))
    with gradebook.opened(folder / gradebook.FILE, keys) as book:
        book.written(number)
    return found


def to_look_at(graded: Iterable[Graded]) -> Iterator[str]:
    """What a person must look at, a line for each, fit for a terminal: names of files come from strangers.

    Written answers, which wait for a person in any case, are not among it.
    """
    for one in graded:
        name = one.exercise.name if one.exercise else one.path.name
        lines = (line for line in one.remarks if not line.endswith(OUTCOMES["person"]))
        yield from (visible(f"Look at {one.student}, {name}: {line}.", otherwise="?") for line in lines)


def grades_csv(graded: Iterable[Graded]) -> str:
    """The grades as CSV, one row per question. Columns: `COLUMNS`; points in points of the exercise.

    `earned` is empty where the grader could not decide: a submission that cannot be read has one row, with
    an empty question and the outcome "unreadable". Where a person gave them (the outcome "scored"), `machine` holds
    the points that the machine had found, and `comment` what the person said. `extra` is "yes" for extra credit, whose
    `points` are beyond those of the exercise.
    """
    rows: list[tuple[object, ...]] = []
    for one in graded:
        if one.exercise is None:
            rows.append((one.student, one.path.stem, None, None, None, "unreadable", None, None, None))
            continue
        for mark in one.marks:
            by_hand = (mark.by_hand.earned, mark.by_hand.comment) if mark.by_hand else (None, None)
            extra = "yes" if one.exercise.by_name[mark.question].extra else None
            found = (mark.question, mark.points, mark.earned, mark.outcome)
            rows.append((one.student, one.exercise.name, *found, *by_hand, extra))
    return csv_text(COLUMNS, rows)


def totals_csv(graded: Iterable[Graded]) -> str:
    """One row per submission. Columns: student, exercise, points, earned, late, extra, note (for a person).

    `earned` is empty where no question has points yet, `late` where nothing is taken off; else what is taken off, which
    `earned` does without. `extra` is what of `earned`, before that, was for extra credit: it may exceed `points`.
    """
    rows: list[tuple[object, ...]] = []
    for one in graded:
        earned = float(one.earned) if any(mark.earned is not None for mark in one.marks) else None
        about = (one.exercise.name, float(one.exercise.points)) if one.exercise else ("", None)
        late = [f"{one.late_words}, -{one.lost:g}"] if one.late_words else []
        notes, extra = "; ".join([*late, *one.remarks]), one.extra if one.exercise else 0.0
        rows.append((one.student, *about, earned, -one.lost or None, extra or None, notes))
    return csv_text(("student", "exercise", "points", "earned", "late", "extra", "note"), rows)
