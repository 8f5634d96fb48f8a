"""Grades for Moodle: one CSV per exercise, to be imported under Grades -> Import -> CSV file.

The rules are those of Moodle's own importer (moodle/moodle, grade/import/csv/classes/load_data.php): a row with a user
whom it does not know aborts the whole import, and a row without one gives its grade to the student before it. So every
student must be in the roster with the same kind of identity, or nothing is written. A grade is at most 100. Addresses
are matched letter by letter, capitals too (https://docs.moodle.org/en/Grade_import).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit.errors import KitError
from kit.files import csv_text
from kit.grading.exercise import Exercise
from kit.grading.grade import Graded
from kit.reports.roster import Person, Roster
from kit.reports.statistics import exercises

__all__ = ["IDENTITIES", "MOST", "export"]

IDENTITIES = {"email": "Email address", "number": "ID number", "username": "Username"}
"""By what Moodle can know a user: column of the roster to head, which is also what to map it to."""
MOST = 100


def export(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """File name to CSV, one for each exercise. Columns: an identity, First name, Last name, the title of the exercise.

    Raises KitError, naming the students and what to do, where one of them is not in the roster, where no kind of
    identity is there for all, and where an exercise has more points than Moodle takes.
    """
    if roster is None:
        raise KitError("Moodle needs a roster with the students' email addresses: give it with --roster FILE.csv.")
    people = roster.people_of({one.student: None for one in graded})
    identity = _identity(roster, people)
    return {
        Path(f"moodle-{exercise.name}.csv"): _one(exercise, graded, people, identity) for exercise in exercises(graded)
    }


def _one(exercise: Exercise, graded: Sequence[Graded], people: dict[str, Person], identity: str) -> str:
    if exercise.points > MOST:
        raise KitError(f"{exercise.title} has {exercise.points:g} points. Moodle takes no grade above {MOST}.")
    rows = []
    for one in graded:
        if one.exercise and one.exercise.name == exercise.name:
            who = people[one.student]
            first, last = (who.first, who.last) if who.first or who.last else (who.full_name, "")
            rows.append((getattr(who, identity), first, last, float(one.earned)))
    return csv_text((IDENTITIES[identity], "First name", "Last name", exercise.title), rows)


def _identity(roster: Roster, people: dict[str, Person]) -> str:
    """The first kind of identity that everybody has."""
    for identity in IDENTITIES:
        if all(getattr(person, identity) for person in people.values()):
            return identity
    some = [name for name in IDENTITIES if any(getattr(person, name) for person in people.values())] or ["email"]
    least = min(some, key=lambda name: sum(not getattr(person, name) for person in people.values()))
    missing = ", ".join(f"“{student}”" for student, person in people.items() if not getattr(person, least))
    raise KitError(
        f"{roster.path.name} has no {IDENTITIES[least].lower()} for {missing}. Moodle would give their points to "
        "somebody else. Fill it in for all, or the ID number or username for all; then export again. Nothing was "
        "written."
    )
