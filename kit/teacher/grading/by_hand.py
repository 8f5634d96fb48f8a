"""Points that a person gave: what they are known by, and how they are joined with what the machine found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from kit.errors import KitError
from kit.files import from_json
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import ByHand, Mark

__all__ = ["Score", "answer_of", "joined", "of_an_older_kit"]


class Score(NamedTuple):
    """Points that a person gave for an answer; None takes them back. `level` is one of a rubric, or "".

    `answer` is as from `answer_of`: points of another answer count for nothing.
    """

    student: str
    exercise: str
    question: str
    answer: str
    points: float | None
    level: str = ""
    comment: str = ""


def answer_of(one: Graded, mark: Mark | None) -> str:
    """What points for a question are known by: a hash of the answer's source, or of the file where it has none."""
    return (mark and mark.answer) or one.sha256


def joined(graded: Sequence[Graded], given: Iterable[Score], keys: Mapping[str, Exercise]) -> list[Graded]:
    """`graded`, one by one, with the last that was given for each answer. `keys` are the exercises by name.

    A file that could not be graded becomes the exercise for which a person gave points; what has none still waits.
    """
    known: dict[tuple[str, str], list[tuple[int, Score]]] = {}
    for at, one in enumerate(given):
        known.setdefault((one.student, one.answer), []).append((at, one))

    def last(one: Graded, exercise: Exercise, mark: Mark) -> Mark:
        # An older kit knew a written answer by its words.
        words = hashlib.sha256(mark.text.encode("utf-8", "surrogatepass")).hexdigest() if mark.text else ""
        rows = (row for by in {mark.answer, one.sha256, words} - {""} for row in known.get((one.student, by), ()))
        fit = [row for row in rows if row[1][1:3] == (exercise.name, mark.question)]
        found = max(fit)[1] if fit else None
        if found is None or found.points is None:
            return mark
        by_hand = ByHand(found.comment, found.level, mark.earned, mark.outcome)
        return replace(mark, earned=found.points, outcome="scored", by_hand=by_hand)

    def scored(one: Graded) -> Graded:
        exercise, marks = one.exercise, one.marks
        if exercise is None:
            rows = {given[1:3]: given for _, given in known.get((one.student, one.sha256), ())}.values()
            exercise = next(
                (keys[row.exercise] for row in rows if row.points is not None and row.exercise in keys), None
            )
            if exercise is None:
                return one
            marks = tuple(Mark(asked.name, asked.points, None, "unreadable") for asked in exercise.questions)
        return replace(one, exercise=exercise, marks=tuple(last(one, exercise, mark) for mark in marks))

    return [scored(one) for one in graded] if known else list(graded)


def of_an_older_kit(file: Path, keys: Mapping[str, Exercise]) -> list[Score]:
    """The levels in the file of scores of an older kit, as points. Raises KitError where it is damaged."""
    found = []
    try:
        rows = from_json(file.read_bytes())
        for row in rows if isinstance(rows, list) else [rows["a list"]]:
            student, exercise, question, answer = (row[name] for name in ("student", "exercise", "question", "answer"))
            asked = keys[exercise].by_name.get(question) if exercise in keys else None
            points = (
                next((level.points for level in asked.rubric if level.name == row["level"]), None) if asked else None
            )
            if points is not None:
                found.append(Score(student, exercise, question, answer, points, row["level"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise KitError(f"{file} is damaged. Put a copy of it back, or move it away to score anew.") from None
    return found
