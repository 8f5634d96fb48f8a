"""The two pages that come with a course: how a student starts, and the teacher's run sheet with all items."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kit.course.pages import plain, text
from kit.grading.build import NUMBER_WORDS
from kit.grading.exercise import Exercise
from kit.keys import claims_by_id
from kit.questions import WRITTEN_OUT, read
from kit.records import Annotation, Claim, Facts

__all__ = ["for_students", "for_teachers"]


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
    claims = claims_by_id(whole)
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
    page = read(path)
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
