"""Grading one submission."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import places
from kit.errors import KitError
from kit.grading import submission
from kit.grading.exercise import Exercise, load, relabelled
from kit.grading.kernel import Kernel
from kit.grading.marks import Mark, mark
from kit.grading.submission import Submission
from kit.grading.trial import trial

__all__ = ["Graded", "exercises", "grade_one"]

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
    def graded_exercise(self) -> Exercise:
        """The exercise, of a submission that could be graded."""
        assert self.exercise is not None, f"{self.path.name} could not be graded"
        return self.exercise

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


def exercises(folder: Path, *, seeds: Path | None = None) -> dict[str, Exercise]:
    """All solved exercises in `folder`, by name. Their articles are in `seeds`, by default the kit's own.

    Raises KitError where an annotation was changed after a key was made from it.
    """
    found = [load(path) for path in sorted(folder.glob("*.ipynb"))]
    for exercise in found:
        if article := relabelled(exercise, seeds or places.seeds()):
            made = "`python -m kit new-course` in a new folder" if exercise.sealed else "`python -m kit build`"
            raise KitError(
                f"The labels in {article}.toml have changed since the key of {exercise.name} was made. "
                f"Put them back; or run {made}, look at what changed, and grade again."
            )
    return {exercise.name: exercise for exercise in found}


def grade_one(
    found: Submission,
    exercise: Exercise,
    *,
    kernel: Kernel,
    seeds: Path | None = None,
    cell_seconds: float = CELL_SECONDS,
) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """The marks of one submission, one per question, and notes for the person who grades.

    The articles are those in `seeds`, by default the kit's own; students' code sees their edition of them.
    An answer that does not end, or that ends the kernel, is taken out, and the rest is run again: one answer
    never costs another its points.
    """
    given = submission.answers(found, exercise)
    sources = {name: answer.source for name, answer in given.items()}
    seen: dict[str, Any] = {}
    while True:
        result = trial(exercise, sources, kernel, cell_seconds, seeds=seeds)
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
