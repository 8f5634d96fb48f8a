"""The late rule: what a submission that came after its time loses. Off until a teacher sets it.

Each day that has begun counts. It costs points of the whole submission, not of a question, never more than there are.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from kit.errors import KitError, listed, many
from kit.teacher.grading.grade import Graded

__all__ = ["OFF", "LateRule", "due_time", "exercise_named", "late_rule"]

OFF = "off"
_RULE = re.compile(r"(\d+(?:\.\d+)?) ?(%|points?) (?:a|per) day")


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

    def applied(self, graded: Iterable[Graded]) -> list[Graded]:
        """The same, with what each loses (`lost`) and why (`late_words`)."""
        return [self._applied(one) for one in graded]

    def _applied(self, one: Graded) -> Graded:
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
