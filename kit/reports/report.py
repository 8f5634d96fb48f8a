"""What comes out of grading: the grades as CSV, and a page of feedback per student."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kit import __version__
from kit.files import csv_text, file_name, write_atomically
from kit.grading import gradebook
from kit.grading.exercise import Exercise
from kit.grading.grade import Graded
from kit.reports import pages, scores, student_page

__all__ = ["COLUMNS", "feedback_pages", "grades_csv", "publish", "standing", "totals_csv"]

COLUMNS = ("student", "exercise", "question", "points", "earned", "outcome")
_TOTALS = ("student", "exercise", "points", "earned", "note")


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
        name = one.exercise.name
        rows += [
            (one.student, name, m.question, float(m.points), None if m.earned is None else float(m.earned), m.outcome)
            for m in one.marks
        ]
    return csv_text(COLUMNS, rows)


def totals_csv(graded: Iterable[Graded]) -> str:
    """One row per submission. Columns: student, exercise, points, earned, note (what a person must look at)."""
    rows: list[tuple[object, ...]] = []
    for one in graded:
        open_ = [f"{mark.question}: {mark.outcome}" for mark in one.marks if mark.earned is None]
        note = "; ".join([*one.notes, *open_])
        about = (one.exercise.name, float(one.exercise.points), float(one.earned)) if one.exercise else ("", None, None)
        rows.append((one.student, *about, note))
    return csv_text(_TOTALS, rows)


def feedback_pages(
    graded: Sequence[Graded],
    *,
    isolation: str,
    show_key: bool = False,
    suffixes: Sequence[str] = (".html",),
    seeds: Path | None = None,
) -> Iterator[tuple[str, str]]:
    """File name and text, one after the other: a self-contained page per student for each of `suffixes` (.html, .md).

    The key is on it only with `show_key`. `seeds` holds the articles, by default the kit's own. What a student wrote is
    escaped.
    """
    by_student: dict[str, list[Graded]] = {}
    for one in graded:
        by_student.setdefault(one.student, []).append(one)
    notes = student_page.annotations(graded, seeds=seeds)
    about = {"isolation": isolation, "version": __version__, "show_key": show_key}
    for student, theirs in by_student.items():
        parts = student_page.parts(theirs, notes)
        for suffix in suffixes:
            page = pages.render(f"feedback{suffix}", student=student, parts=parts, **about)
            yield file_name(student, suffix), page


def standing(folder: Path, keys: Mapping[str, Exercise]) -> gradebook.Class:
    """The class whose gradebook is in `folder`, with the points that a person gave; `keys` are the exercises by name.

    Raises KitError where `folder` holds none, or a damaged one.
    """
    found = gradebook.standing(folder / gradebook.FILE, keys)
    return replace(found, graded=tuple(scores.scored(found.graded, scores.read(folder / scores.FILE))))


def publish(
    graded: Sequence[Graded],
    folder: Path,
    *,
    isolation: str,
    show_key: bool = False,
    changed: Container[str] | None = None,
    seeds: Path | None = None,
) -> Path:
    """Write `grades.csv`, `totals.csv` and `feedback/` into `folder`. Returns the path of the grades.

    Points that a person gave, which are in `folder` too, are in all of them. With `changed` only these students, and
    those without a page, get their pages anew. `seeds` as in `feedback_pages`.
    """
    pages_of = folder / "feedback"
    whole = scores.scored(graded, scores.read(folder / scores.FILE))
    suffixes = (".html", ".md")
    wanted = {
        one.student
        for one in whole
        if changed is None
        or one.student in changed
        or not all((pages_of / file_name(one.student, suffix)).exists() for suffix in suffixes)
    }
    theirs = [one for one in whole if one.student in wanted]
    for name, page in feedback_pages(theirs, isolation=isolation, show_key=show_key, suffixes=suffixes, seeds=seeds):
        write_atomically(pages_of / name, page)
    write_atomically(folder / "totals.csv", totals_csv(whole))
    write_atomically(folder / "grades.csv", grades_csv(whole))
    return folder / "grades.csv"
