"""What changes points after grading: those that a person gave for an answer, and what being late costs.

The late rule is off until a teacher sets it. Each day that has begun counts. It costs points of the whole submission,
not of a question, never more than there are.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from kit.errors import KitError, listed, many
from kit.files import from_json
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import ByHand, Mark

OFF = "off"
_RULE = re.compile(r"(\d+(?:\.\d+)?) ?(%|points?) (?:a|per) day")


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


@dataclass(frozen=True)
class LateRule:
    """So much of the points earned in percent, or so many points, for each day after `due` (exercise to UTC, ISO 8601).

    With 0 a day there is no rule.
    """

    each: float = 0.0
    percent: bool = False
    due: Mapping[str, str] = field(default_factory=dict)

    def days(self, one: Graded) -> int:
        """How many days late it is. Where no time is known, but that it was late there, one."""
        due = self.due.get(one.exercise.name, "") if one.exercise else ""
        if not (due and one.at):
            return int(one.late and one.exercise is not None)
        return max(0, math.ceil((_utc(one.at) - _utc(due)) / timedelta(days=1)))

    def applied(self, one: Graded) -> Graded:
        """The same, with what it loses (`lost`) and why (`late_words`)."""
        days = self.days(one) if self.each else 0
        if not days:
            return one
        earned, size = one.of_questions, f"{days * self.each:g}"
        lost = min(earned, round(days * self.each * (earned / 100 if self.percent else 1), 2))
        much = f"{size}% of {earned:g} points" if self.percent else f"{size} point{'s' * (size != '1')}"
        how = "" if one.at and self.due.get(one.graded_exercise.name) else ", with no time given, so one day counts"
        return replace(one, lost=lost, late_words=f"{many(days, 'day')} late{how}: {much}")

    def untimed(self, graded: Iterable[Graded]) -> int:
        """Of how many submissions nobody knows whether they were late, though there is a rule and a time."""
        timed = (one for one in graded if one.exercise and one.exercise.name in self.due and self.each)
        return sum(not one.at and not one.late for one in timed)


def late_rule(late: str, due: str) -> LateRule:
    """The rule, of the words that a teacher wrote, such as “10% a day”, and of the times as JSON; "" for nothing.

    Raises KitError where the words cannot be understood.
    """
    times = json.loads(due or "{}")
    if late in ("", OFF):
        return LateRule(due=times)
    if not (found := _RULE.fullmatch(late.strip())):
        raise KitError(f"--late “{late}”: write for example “10% a day”, “1 point a day”, or “{OFF}”.")
    return LateRule(float(found[1]), found[2] == "%", times)


def _utc(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def due_time(text: str) -> str:
    """A time that a teacher wrote in ISO 8601, as UTC. Without a zone it is this machine's; a date alone is its end.

    Raises KitError where it is none.
    """
    try:
        when = datetime.fromisoformat(text.strip())
        if re.fullmatch(r"\d{4}-?\d\d-?\d\d", text.strip()):
            when = datetime.combine(when, time.max)
        return when.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        raise KitError(f"--due: “{text}” is no time. Write for example 01=2027-03-05T18:00, or 01={OFF}.") from None


def exercise_named(text: str, names: Collection[str]) -> str:
    """The exercise of which `text` is the name or its only beginning. Raises KitError where there is not just one."""
    found = [name for name in sorted(names) if name.startswith(text) and text]
    if text in names or len(found) == 1:
        return text if text in names else found[0]
    what = f"fits {listed(found)}" if found else f"fits no exercise: there is {listed(sorted(names), most=9)}"
    raise KitError(f"“{text}” {what}. Write the beginning of one name, such as {min(names, default='01')[:2]}.")
