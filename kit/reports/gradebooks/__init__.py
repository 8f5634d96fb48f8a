"""The grades for gradebooks elsewhere, each in the form that its importer takes.

Only what is decided is exported: a submission with a question that waits for a person, or that could not be graded, is
left out and named, because an importer would take an empty or a smaller number for a grade.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kit.errors import KitError
from kit.grading.grade import Graded
from kit.reports import student_page
from kit.reports.gradebooks import canvas, gradescope, junit, moodle, nbgrader
from kit.reports.roster import Roster

__all__ = ["FORMATS", "export", "left_out"]

FORMATS: dict[str, Callable[[Sequence[Graded], Roster | None, Path | None], dict[Path, str]]] = {
    "canvas": canvas.export,
    "moodle": moodle.export,
    "gradescope": gradescope.export,
    "nbgrader": nbgrader.export,
    "junit": junit.export,
}
"""Format to a function: grades (decided ones), a roster and the folder of the articles in, file name to text out."""


def export(name: str, graded: Sequence[Graded], roster: Roster | None, *, seeds: Path | None = None) -> dict[Path, str]:
    """File name to text, in the format called `name`, for every submission of which each question has its points.

    `seeds` holds the articles, by default the kit's own.
    Raises KitError where there is none, and where the importer would refuse the file or give points to the wrong
    student.
    """
    decided = [one for one in graded if not one.undecided]
    if not decided:
        raise KitError("No submission has points in all its questions yet, so there is nothing to export.")
    return FORMATS[name](decided, roster, seeds)


def left_out(graded: Sequence[Graded]) -> list[str]:
    """Each submission that is not exported, with the reason, one sentence each."""
    found = []
    for one in graded:
        if one.undecided and not student_page.is_lesson(one):
            why = "; ".join(one.notes) or ", ".join(f"{m.question}: {m.outcome}" for m in one.marks if m.earned is None)
            found.append(f"{one.student}, {one.exercise.name if one.exercise else one.path.name}: {why}.")
    return found
