"""A student alone: their own pages graded, on one page of feedback."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kit.errors import SubmissionError
from kit.teacher.grading import grade, submission
from kit.teacher.grading.grade import Graded
from kit.teacher.reports import student_page
from kit.teacher.sandbox.kernels import choose

__all__ = ["feedback"]

_WHO = "you"


def feedback(pages: Iterable[Path], solutions: Path, *, say: Callable[[str], None]) -> tuple[str, tuple[Graded, ...]]:
    """The page of feedback on the exercises `pages`, in HTML and without the key, and the grades on it.

    It is the student's own code, so it is run also where nothing isolates it. A page that cannot be graded is on the
    page too, with the reason. Raises KitError as `grade.exercises` does.
    """
    keys = grade.exercises(solutions)
    kernel = choose(trust=True)

    def graded() -> Iterator[Graded]:
        for path in pages:
            say(f"Reading {path.name} ...")
            try:
                found = submission.read(_WHO, path)
                exercise = submission.exercise_of(found, keys)
                yield Graded(_WHO, path, exercise, *grade.grade_one(found, exercise, kernel=kernel))
            except SubmissionError as error:
                yield Graded(_WHO, path, None, notes=(str(error),))

    try:
        done = tuple(graded())
    finally:
        kernel.close()
    ((_, page),) = student_page.pages(done, isolation=kernel.isolation, alone=True)
    return page, done
