"""Grading: one submission, and a class of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import places
from kit.errors import KitError, SubmissionError
from kit.grading import submission
from kit.grading.exercise import Exercise, annotation_hash, load
from kit.grading.kernel import ColdKernel, Kernel
from kit.grading.marks import Mark, mark
from kit.grading.submission import Submission
from kit.grading.trial import trial

__all__ = ["Graded", "exercises", "grade_class", "grade_one"]

CELL_SECONDS = 10.0


@dataclass(frozen=True)
class Graded:
    """One submission after grading. Without `exercise` it could not be graded, and `notes` say why."""

    student: str
    path: Path
    exercise: Exercise | None
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def earned(self) -> float:
        """The sum of all points that were given."""
        return round(sum(mark.earned or 0.0 for mark in self.marks), 2)

    @property
    def undecided(self) -> bool:
        """Whether a person must look: some question, or all of it, has no points at all."""
        return self.exercise is None or any(mark.earned is None for mark in self.marks)

    @property
    def written(self) -> tuple[Mark, ...]:
        """The answers that wait for a person to score them; each mark's `text` is what the student wrote."""
        return tuple(mark for mark in self.marks if mark.outcome == "person")


def exercises(folder: Path) -> dict[str, Exercise]:
    """All solved exercises in `folder`, by name.

    Raises KitError where an annotation was changed after a key was made from it.
    """
    found = [load(path) for path in sorted(folder.glob("*.ipynb"))]
    for exercise in found:
        for article, known in exercise.seeds.items():
            if annotation_hash(places.seeds(), article) != known:
                raise KitError(
                    f"The labels in {article}.toml have changed since the key of {exercise.name} was made. "
                    "Run `python -m kit build`, look at what changed, and grade again."
                )
    return {exercise.name: exercise for exercise in found}


def grade_class(
    folder: Path, *, keys: dict[str, Exercise], kernel: Kernel | None = None, workers: int | None = None
) -> tuple[int, Iterator[Graded]]:
    """How many submissions `folder` holds, and the grades, one after another as they come.

    A submission that cannot be graded comes like the others and never stops the class.
    Raises SubmissionError where the folder holds no submissions.
    """
    files = submission.find(folder, keys)
    jobs = [lambda s=student, p=path: _one_file(s, p, keys, kernel or ColdKernel()) for student, path in files]
    return len(jobs), _run_all(_refusing_doubles(jobs, files, keys), workers or os.cpu_count() or 1)


def grade_one(
    found: Submission, exercise: Exercise, *, kernel: Kernel, cell_seconds: float = CELL_SECONDS
) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """The marks of one submission, one per question, and notes for the person who grades.

    An answer that does not end, or that ends the kernel, is taken out, and the rest is run again: one answer
    never costs another its points.
    """
    given = submission.answers(found, exercise)
    sources = {name: answer.source for name, answer in given.items()}
    seen: dict[str, Any] = {}
    while True:
        result = trial(exercise, sources, kernel, cell_seconds)
        if result is None:
            break
        stopped = {name: what for name, what in result.items() if "stopped" in what}
        seen = result | {name: what for name, what in seen.items() if "stopped" in what}
        if not stopped:
            break
        seen |= stopped
        sources |= dict.fromkeys(stopped)
    marks = tuple(
        mark(question, seen.get(question.name), source=given[question.name].source) for question in exercise.questions
    )
    return marks, tuple(f"{name}: {answer.note}" for name, answer in given.items() if answer.note)


def _one_file(student: str, path: Path, keys: dict[str, Exercise], kernel: Kernel) -> Graded:
    try:
        found = submission.read(student, path)
        exercise = submission.exercise_of(found, keys)
    except SubmissionError as error:
        return Graded(student, path, None, notes=(str(error),))
    except Exception as error:  # one file never stops the class
        return Graded(student, path, None, notes=(f"the grader cannot read this file ({type(error).__name__})",))
    try:
        marks, notes = grade_one(found, exercise, kernel=kernel)
    except Exception as error:
        failed = tuple(Mark(q.name, q.points, None, "failed", message=type(error).__name__) for q in exercise.questions)
        return Graded(student, path, exercise, failed, (f"the grader failed ({type(error).__name__})",))
    return Graded(student, path, exercise, marks, notes)


def _refusing_doubles(
    jobs: list[Callable[[], Graded]], files: list[tuple[str, Path]], keys: dict[str, Exercise]
) -> list[Callable[[], Graded]]:
    """Of two files of one student for one exercise, neither is graded: which one counts is not ours to say."""
    holders: dict[tuple[str, str], list[int]] = {}
    for place, (student, path) in enumerate(files):
        with suppress(Exception):  # it is named when it is graded
            exercise = submission.exercise_of(submission.read(student, path), keys)
            holders.setdefault((student, exercise.name), []).append(place)
    for (_, name), double in holders.items():
        for place in double if len(double) > 1 else ():
            student, path = files[place]
            others = ", ".join(files[other][1].name for other in double if other != place)
            note = f"there is another file of this student for {name}: {others}; keep the one that counts"
            jobs[place] = lambda s=student, p=path, n=note: Graded(s, p, None, notes=(n,))
    return jobs


def _run_all(jobs: list[Callable[[], Graded]], workers: int) -> Iterator[Graded]:
    with ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(job) for job in jobs]
        try:
            for done in as_completed(running):
                yield done.result()
        finally:
            for waiting in running:
                waiting.cancel()
