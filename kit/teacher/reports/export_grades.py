"""The grades for gradebooks elsewhere, each in the form that its importer takes.

Only what is decided is exported: a submission with a question that waits for a person, or that could not be graded, is
left out and named, because an importer would take an empty or a smaller number for a grade.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from kit.errors import KitError, visible
from kit.files import write_atomically
from kit.teacher.grading.grade import Graded
from kit.teacher.pages_and_tables import csv_text, file_name
from kit.teacher.reports import student_page
from kit.teacher.reports.class_statistics import by_exercise
from kit.teacher.reports.roster import Person, Roster
from kit.teacher.reports.student_page import Asked

__all__ = ["CANVAS_HEAD", "FORMATS", "MOODLE_MOST", "NBGRADER_HEAD", "export", "left_out", "write"]

CANVAS_HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_RESERVED = re.compile("(Current|Final|Override) (Score|Points|Grade|Status)")
_IDENTITIES = {"email": "Email address", "number": "ID number", "username": "Username"}
"""By what Moodle can know a user: column of the roster to head, which is also what to map it to."""
MOODLE_MOST = 100
"""Points. Moodle takes no grade above this."""
NBGRADER_HEAD = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
        "late_submission_penalty", "score", "max_score")  # fmt: skip
# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STOPPED = ("error", "timeout")


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


def write(
    name: str, graded: Sequence[Graded], roster: Roster | None, folder: Path, *, seeds: Path | None = None
) -> Iterator[Path]:
    """Write the files of `export` into `folder`, and give the path of each as soon as it is there."""
    for file, text in export(name, graded, roster, seeds=seeds).items():
        write_atomically(folder / file, text)
        yield folder / file


def left_out(graded: Sequence[Graded]) -> list[str]:
    """Each submission that is not exported, with the reason, one sentence each, fit for a terminal."""
    found = []
    for one in graded:
        if one.undecided and not student_page.is_lesson(one):
            why = "; ".join(one.notes) or ", ".join(f"{m.question}: {m.outcome}" for m in one.marks if m.earned is None)
            name = one.exercise.name if one.exercise else one.path.name
            found.append(visible(f"{one.student}, {name}: {why}.", otherwise="?"))
    return found


def canvas(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """File name to CSV, one for each exercise.

    A new assignment is made for an exercise, unless a column of the roster (as Canvas exported it) has its title.
    Raises KitError, naming the student, where somebody is not in the roster or has nothing that Canvas knows them by.
    """
    if roster is None:
        raise KitError("Canvas needs a roster: export the gradebook there (Grades, Export) and give it with --roster.")
    people = roster.people_of({one.student: None for one in graded})
    for student, who in people.items():
        where = f"{roster.path.name}, row {who.row} (“{student}”)"
        if who.canvas and not re.fullmatch(r"\d+", who.canvas):
            raise KitError(f"{where}: the ID “{who.canvas}” is not one of Canvas: those are whole numbers.")
        if not (who.canvas or who.number or who.username):
            raise KitError(f"{where}: Canvas needs an ID, a SIS User ID or a SIS Login ID. Nothing was written.")
        if "Points Possible" in who.full_name:
            raise KitError(f"{where}: Canvas would take this name for the row of points. Nothing was written.")
    found = {}
    for exercise, theirs in by_exercise(graded):
        called = (exercise.title.casefold(), exercise.name.casefold())
        there = [head for head in roster.heads if re.sub(r"\s*\(\d+\)$", "", head).casefold() in called]
        if not there and _RESERVED.search(exercise.title):
            raise KitError(f"Canvas takes a column called “{exercise.title}” for one of its own. Rename the exercise.")
        rows: list[tuple[object, ...]] = [("Points Possible", "", "", "", "", float(exercise.points))]
        for one in theirs:
            who = people[one.student]
            rows.append((who.full_name, who.canvas, who.number, who.username, who.section, float(one.earned)))
        head = (*CANVAS_HEAD, there[0] if there else exercise.title)
        found[Path(f"canvas-{exercise.name}.csv")] = csv_text(head, rows)
    return found


def gradescope(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """File name (`gradescope/<exercise>/<student>/results.json`) to JSON. The key is not in it; no roster is needed."""
    notes = student_page.annotations(graded, seeds=seeds)
    found = {}
    for one in graded:
        (part,) = student_page.parts([one], notes)
        results = {
            "score": one.earned,
            "output": f"{part.title}: {one.earned:g} of {one.graded_exercise.points:g} points",
            "output_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "extra_data": {"exercise": one.graded_exercise.name, "student": one.student},
            "tests": [_test(asked) for asked in part.asked],
        }
        place = Path("gradescope", one.graded_exercise.name, file_name(one.student, ""), "results.json")
        found[place] = json.dumps(results, indent=1)
    return found


def _test(asked: Asked) -> dict[str, object]:
    said = [line for line in (asked.how, asked.happened, asked.said, asked.next) if line]
    for row in asked.rows:
        said += ["", f"{row.line or 'Your answer'} · you wrote: {row.given or '(blank)'}", *row.helps]
    return {
        "name": asked.question.title,
        "number": str(asked.question.number),
        "score": asked.mark.earned,
        "max_score": asked.mark.points,
        "status": "passed" if asked.mark.earned == asked.mark.points else "failed",
        "output": "\n".join(said),
        "output_format": "text",
        "visibility": "visible",
    }


def junit(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """`junit.xml` to XML. No roster is needed: a suite is called by the student and the exercise."""
    root = ElementTree.Element("testsuites", name="Who Says So?")
    for one in graded:
        exercise = one.graded_exercise
        short = [mark for mark in one.marks if mark.earned != mark.points]
        stopped = sum(mark.outcome in _STOPPED for mark in short)
        counts = {"tests": len(one.marks), "failures": len(short) - stopped, "errors": stopped, "skipped": 0}
        about = {"name": f"{_plain(one.student)}/{exercise.name}"} | {name: str(n) for name, n in counts.items()}
        suite = ElementTree.SubElement(root, "testsuite", about)
        _properties(suite, points=exercise.points, earned=one.earned)
        for mark in one.marks:
            title = _plain(exercise.by_name[mark.question].title)
            case = ElementTree.SubElement(suite, "testcase", classname=exercise.name, name=title, time="0")
            _properties(case, points=mark.points, earned=mark.earned)
            if mark in short:
                said = f"{mark.earned:g} of {mark.points:g} points"
                kind = "error" if mark.outcome in _STOPPED else "failure"
                ElementTree.SubElement(case, kind, message=said, type=mark.outcome).text = _plain(mark.message)
    ElementTree.indent(root, " ")
    return {Path("junit.xml"): ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"}


def _properties(parent: ElementTree.Element, **numbers: float | None) -> None:
    properties = ElementTree.SubElement(parent, "properties")
    for name, number in numbers.items():
        ElementTree.SubElement(properties, "property", name=name, value=f"{number:g}")


def _plain(text: str) -> str:
    return _NO_XML.sub("?", text)


def moodle(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """File name to CSV, one for each exercise. Columns: an identity, First name, Last name, the title of the exercise.

    Raises KitError, naming the students and what to do, where one of them is not in the roster, where no kind of
    identity is there for all, and where an exercise has more points than Moodle takes.
    """
    if roster is None:
        raise KitError("Moodle needs a roster with the students' email addresses: give it with --roster FILE.csv.")
    people = roster.people_of({one.student: None for one in graded})
    for_all = [name for name in _IDENTITIES if all(getattr(person, name) for person in people.values())]
    if not for_all:
        some = [name for name in _IDENTITIES if any(getattr(person, name) for person in people.values())] or ["email"]
        least = min(some, key=lambda name: sum(not getattr(person, name) for person in people.values()))
        missing = ", ".join(f"“{student}”" for student, person in people.items() if not getattr(person, least))
        raise KitError(
            f"{roster.path.name} has no {_IDENTITIES[least].lower()} for {missing}. Moodle would give their points to "
            "somebody else. Fill it in for all, or the ID number or username for all; then export again. Nothing was "
            "written."
        )
    found = {}
    for exercise, theirs in by_exercise(graded):
        if exercise.points > MOODLE_MOST:
            raise KitError(
                f"{exercise.title} has {exercise.points:g} points. Moodle takes no grade above {MOODLE_MOST}."
            )
        rows = []
        for one in theirs:
            who = people[one.student]
            first, last = (who.first, who.last) if who.first or who.last else (who.full_name, "")
            rows.append((getattr(who, for_all[0]), first, last, float(one.earned)))
        head = (_IDENTITIES[for_all[0]], "First name", "Last name", exercise.title)
        found[Path(f"moodle-{exercise.name}.csv")] = csv_text(head, rows)
    return found


def nbgrader(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """`nbgrader-grades.csv` to CSV. Names and addresses are empty for who is not in the roster, or without one."""
    rows = []
    for one in graded:
        who = (roster.find(one.student) if roster else None) or Person(0)
        about = (one.graded_exercise.name, "", "", one.student, who.last, who.first, who.email)
        rows.append((*about, float(one.earned), 0.0, float(one.earned), float(one.graded_exercise.points)))
    return {Path("nbgrader-grades.csv"): csv_text(NBGRADER_HEAD, rows)}


FORMATS: dict[str, Callable[[Sequence[Graded], Roster | None, Path | None], dict[Path, str]]] = {
    made.__name__: made for made in (canvas, moodle, gradescope, nbgrader, junit)
}
"""Format to a function: grades (decided ones), a roster and the folder of the articles in, file name to text out."""
