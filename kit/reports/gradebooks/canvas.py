"""Grades for Canvas: one CSV per exercise, to be imported under Grades -> Import.

The rules are those of Canvas's own importer (instructure/canvas-lms, lib/gradebook_importer.rb): the first cell of the
head holds "Student", the second "ID", then "SIS User ID", "SIS Login ID" and "Section"; a row whose first cell holds
"Points Possible" gives the points; everything after "Section" is an assignment, and "Title (123)" is the one with the
id 123. An ID is read as a number, so "12a" would be student 12. An empty cell deletes a grade that is there: so only
students with a grade are in the file, and each exercise has a file of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from kit.errors import KitError
from kit.files import csv_text
from kit.grading.exercise import Exercise
from kit.grading.grade import Graded
from kit.reports.roster import Person, Roster
from kit.reports.statistics import exercises

__all__ = ["HEAD", "export"]

HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_RESERVED = re.compile("(Current|Final|Override) (Score|Points|Grade|Status)")


def export(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """File name to CSV, one for each exercise.

    A new assignment is made for an exercise, unless a column of the roster (as Canvas exported it) has its title.
    Raises KitError, naming the student, where somebody is not in the roster or has nothing that Canvas knows them by.
    """
    if roster is None:
        raise KitError("Canvas needs a roster: export the gradebook there (Grades, Export) and give it with --roster.")
    people = roster.people_of({one.student: None for one in graded})
    for student, person in people.items():
        _check(roster, student, person)
    return {
        Path(f"canvas-{exercise.name}.csv"): _one(exercise, graded, people, roster) for exercise in exercises(graded)
    }


def _one(exercise: Exercise, graded: Sequence[Graded], people: dict[str, Person], roster: Roster) -> str:
    rows: list[tuple[object, ...]] = [("Points Possible", "", "", "", "", float(exercise.points))]
    for one in graded:
        if one.exercise and one.exercise.name == exercise.name:
            who = people[one.student]
            ids = (who.canvas, who.number, who.username, who.section)
            rows.append((who.full_name, *ids, float(one.earned)))
    return csv_text((*HEAD, _assignment(exercise, roster)), rows)


def _assignment(exercise: Exercise, roster: Roster) -> str:
    """The head of the column: that of the assignment that is there already, or the exercise's title."""
    for head in roster.heads:
        if re.sub(r"\s*\(\d+\)$", "", head).casefold() in (exercise.title.casefold(), exercise.name.casefold()):
            return head
    if _RESERVED.search(exercise.title):
        raise KitError(f"Canvas takes a column called “{exercise.title}” for one of its own. Rename the exercise.")
    return exercise.title


def _check(roster: Roster, student: str, person: Person) -> None:
    where = f"{roster.path.name}, row {person.row} (“{student}”)"
    if person.canvas and not re.fullmatch(r"\d+", person.canvas):
        raise KitError(f"{where}: the ID “{person.canvas}” is not one of Canvas: those are whole numbers.")
    if not (person.canvas or person.number or person.username):
        raise KitError(f"{where}: Canvas needs an ID, a SIS User ID or a SIS Login ID. Nothing was written.")
    if "Points Possible" in person.full_name:
        raise KitError(f"{where}: Canvas would take this name for the row of points. Nothing was written.")
