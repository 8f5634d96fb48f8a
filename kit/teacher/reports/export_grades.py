"""The grades for gradebooks elsewhere, each in the form that its importer takes.

Only what is decided is exported: a submission with a question that waits for a person, or that could not be graded, is
left out and named, because an importer would take an empty or a smaller number for a grade.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from kit.errors import KitError, visible
from kit.teacher.grading.grade import Graded
from kit.teacher.pages_and_tables import csv_text, file_name, holdable
from kit.teacher.reports import student_page
from kit.teacher.reports.class_statistics import by_exercise
from kit.teacher.reports.roster import Person, Roster
from kit.teacher.reports.student_page import Asked

__all__ = ["FORMATS", "MOODLE_MOST", "NBGRADER_HEAD", "export", "left_out"]

MOODLE_MOST = 100
"""Points. Moodle takes no grade above this, unless its administrator allows it."""
NBGRADER_HEAD = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
        "late_submission_penalty", "score", "max_score")  # fmt: skip
_RESERVED = re.compile("(Current|Final|Override) (Score|Points|Grade|Status)")
"""What Canvas takes for columns of its own."""
_STOPPED = ("error", "timeout")


def export(name: str, graded: Sequence[Graded], roster: Roster | None, *, seeds: Path | None = None) -> dict[Path, str]:
    """File name to text, in the format called `name`, for every submission of which each question has its points.

    `seeds` holds the articles, by default the kit's own.
    Raises KitError where there is none, and where the importer would refuse the file or give points to the wrong
    student.
    """
    decided = [one for one in graded if not one.undecided]
    if not decided:
        why = " ".join(f"Left out: {line}" for line in left_out(graded)[:1])
        raise KitError(f"No submission has points in all its questions yet, so there is nothing to export. {why}")
    return FORMATS[name](decided, roster, seeds)


def left_out(graded: Sequence[Graded], name: str = "", roster: Roster | None = None) -> list[str]:
    """Each submission that is not exported in the format called `name`, with the reason, a sentence each.

    Fit for a terminal.
    """
    found = []
    for one in graded:
        if one.undecided and not student_page.is_lesson(one):
            why = "; ".join(one.remarks)
            found.append(f"{one.student}, {one.exercise.name if one.exercise else one.path.name}: {why}.")
    if name in _GRADEBOOKS and roster:
        *_, others = _known(name, [one for one in graded if not one.undecided], roster)
        found += [f"{roster.path.name} has {why} for “{one}”." for why, those in others.items() for one in those]
    return [visible(line, otherwise="?") for line in found]


@dataclass(frozen=True)
class _Gradebook:
    """What an importer takes: a CSV file for each exercise.

    `by` is what it knows a user by, column of the roster to its own word. `row` makes a row of a person, the column of
    `by`, and points. `title` is what stands in the heads of its own export where a title is; that head is used again,
    so that no new column is made. `strict`: one user whom it does not know spoils the whole file.
    """

    by: dict[str, str]
    head: Callable[[str, str], tuple[str, ...]]
    row: Callable[[Person, str, float], tuple[object, ...]]
    title: str
    strict: bool = False


_STATUS = ("update", "usr_id", "login", "lastname", "firstname", "status", "mark", "notice", "comment", "plagiarism",
        "plag_comment")  # fmt: skip
_GRADEBOOKS = {
    # https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb (2026-11-30)
    "canvas": _Gradebook(
        {"canvas": "ID", "number": "SIS User ID", "username": "SIS Login ID"},
        lambda _, title: ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", title),
        lambda who, _, points: (who.full_name, who.canvas, who.number, who.username, who.section, points),
        r"(?P<title>.*?)(\s*\(\d+\))?",
    ),
    # A user who is not known ends the import, and a row without identity goes to the user of the row before:
    # https://github.com/moodle/moodle/blob/main/grade/import/csv/classes/load_data.php (2026-11-30)
    "moodle": _Gradebook(
        {"email": "Email address", "number": "ID number", "username": "Username"},
        lambda by, title: (by, "First name", "Last name", title),
        lambda who, by, points: (getattr(who, by), *who.names, points),
        "(?P<title>.*)",
        strict=True,
    ),
    # A head that ends with “|” and the number of a column fills this one; another makes a new column, of text:
    # http://library.blackboard.com/ref/3ea64795-6ecc-4abd-b595-0a9a8dfdec94/Content/_instructor_grade_center/grade_center_upload_download.htm
    # (2026-11-30)
    "blackboard": _Gradebook(
        {"username": "Username"},
        lambda _, title: ("Last Name", "First Name", "Username", title),
        lambda who, _, points: (*reversed(who.names), who.username, points),
        r"(?P<title>.*?)\s*(\[[^]]*\]\s*)?\|\s*\d+",
    ),
    # https://community.d2l.com/brightspace/kb/articles/3538-importing-grades (2026-11-30)
    "brightspace": _Gradebook(
        {"number": "OrgDefinedId", "username": "Username"},
        lambda _, title: ("OrgDefinedId", "Username", f"{title} Points Grade", "End-of-Line Indicator"),
        lambda who, _, points: (who.number, who.username, points, "#"),
        r"(?P<title>.*?)\s*Points Grade\b.*",
    ),
    # ILIAS alone takes no file of grades. With this plugin it takes its status file back, the columns in this order:
    # https://github.com/ilifau/ExerciseStatusFile/blob/main/classes/class.ilPluginExAssignmentStatusFile.php
    # (2026-11-30)
    "ilias": _Gradebook(
        {"username": "login"},
        lambda _, title: _STATUS,
        lambda who, _, points: (1, *who.cells[1:6], points, *who.cells[7:]),
        "(?P<title>.*)",
    ),
}


def _known(
    name: str, graded: Sequence[Graded], roster: Roster
) -> tuple[str, list[tuple[Graded, Person]], dict[str, list[str]]]:
    """The column by which all are known, or most; then as `Roster.match`, without whom the importer would not know."""
    pairs, others = roster.match(graded)
    by, found = _GRADEBOOKS[name].by, []
    most = max(by, key=lambda column: sum(bool(getattr(who, column)) for _, who in pairs))
    needed = {most: by[most]} if _GRADEBOOKS[name].strict else by
    for one, who in pairs:
        if not any(getattr(who, column) for column in needed):
            others.setdefault(f"no {' and no '.join(needed.values())}", []).append(one.student)
        elif name == "canvas" and (re.search("[^0-9]", who.canvas) or "Points Possible" in who.full_name):
            why = f"an ID or a name that is none in Canvas ({who.canvas}, {who.full_name})"
            others.setdefault(why, []).append(one.student)
        else:
            found.append((one, who))
    return most, found, others


def _gradebook(name: str, graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """File name to CSV, one for each exercise, for the importer called `name` (see `_GRADEBOOKS`).

    Raises KitError without a roster, where nobody in it is known or (`strict`) somebody is not, where two columns of it
    are called like an exercise, and where the importer would take an exercise for something else.
    """
    way = _GRADEBOOKS[name]
    if name == "ilias" and (roster is None or roster.heads != _STATUS):
        raise KitError(
            "ILIAS needs the status.csv of a download with its plugin ExerciseStatusFile: give it as --roster."
        )
    if roster is None:
        raise KitError(f"{name.capitalize()} needs a roster: export the gradebook there, and give it with --roster.")
    by, pairs, others = _known(name, graded, roster)
    if others and (way.strict or not pairs):
        told = "; ".join(f"{why} for {', '.join(f'“{one}”' for one in those)}" for why, those in others.items())
        why = " Moodle would give their points to somebody else." if way.strict else ""
        advice = (
            "Add what is missing, or a column “student” that holds these names in the right rows; then export again."
        )
        raise KitError(visible(f"{roster.path.name} has {told}.{why} {advice} Nothing was written.", otherwise="?"))
    found = {}
    for exercise, _ in by_exercise([one for one, _ in pairs]):
        called = (exercise.title.casefold(), exercise.name.casefold())
        heads = [re.fullmatch(way.title, head) for head in roster.heads]
        there = [head for head in heads if head and head["title"].casefold() in called]
        if len(there) > 1:
            raise KitError(f"{roster.path.name}: “{there[0][0]}” and “{there[1][0]}” are called alike. Keep one.")
        title = there[0]["title" if name == "brightspace" else 0] if there else exercise.title
        if name == "canvas" and _RESERVED.search(title):
            raise KitError(f"Canvas takes a column called “{title}” for one of its own. Rename the exercise.")
        if name == "moodle" and exercise.points > MOODLE_MOST:
            raise KitError(f"{title} has {exercise.points:g} points. Moodle takes no grade above {MOODLE_MOST}.")
        rows = [way.row(who, by, float(one.earned)) for one, who in pairs if one.graded_exercise.name == exercise.name]
        if name == "canvas":
            rows.insert(0, ("Points Possible", "", "", "", "", float(exercise.points)))
        found[Path(f"{name}-{exercise.name}.csv")] = csv_text(way.head(way.by[by], title), rows, exact=name == "ilias")
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
    comment = asked.mark.by_hand.comment if asked.mark.by_hand else ""
    said = [line for line in (asked.how, comment, asked.happened, asked.said, asked.next) if line]
    for row in asked.rows:
        said += ["", f"{row.line or 'Your answer'} · you wrote: {row.given or '(blank)'}", *row.helps]
    return {
        "name": asked.question.title,
        "number": str(asked.question.number),
        "score": asked.mark.earned,
        "max_score": 0 if asked.question.extra else asked.mark.points,
        "status": "passed" if asked.question.extra or asked.mark.earned == asked.mark.points else "failed",
        "output": "\n".join(said),
        "output_format": "text",
        "visibility": "visible",
    }


def junit(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """`junit.xml` to XML. No roster is needed: a suite is called by the student and the exercise."""
    root = ElementTree.Element("testsuites", name="Who Says So?")
    for one in graded:
        exercise = one.graded_exercise
        extra = {question.name for question in exercise.questions if question.extra}
        short = [mark for mark in one.marks if mark.earned != mark.points and mark.question not in extra]
        stopped = sum(mark.outcome in _STOPPED for mark in short)
        counts = {"tests": len(one.marks), "failures": len(short) - stopped, "errors": stopped, "skipped": 0}
        about = {"name": f"{holdable(one.student)}/{exercise.name}"} | {name: str(n) for name, n in counts.items()}
        suite = ElementTree.SubElement(root, "testsuite", about)
        _properties(suite, points=exercise.points, earned=one.earned)
        for mark in one.marks:
            title = holdable(exercise.by_name[mark.question].title)
            case = ElementTree.SubElement(suite, "testcase", classname=exercise.name, name=title, time="0")
            marked = {"by_hand": mark.by_hand is not None, "extra": mark.question in extra}
            _properties(
                case, points=mark.points, earned=mark.earned, **{name: 1 for name, is_so in marked.items() if is_so}
            )
            if mark in short:
                said = f"{mark.earned:g} of {mark.points:g} points"
                kind = "error" if mark.outcome in _STOPPED else "failure"
                ElementTree.SubElement(case, kind, message=said, type=mark.outcome).text = holdable(mark.message)
    ElementTree.indent(root, " ")
    return {Path("junit.xml"): ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"}


def _properties(parent: ElementTree.Element, **numbers: float | None) -> None:
    properties = ElementTree.SubElement(parent, "properties")
    for name, number in numbers.items():
        ElementTree.SubElement(properties, "property", name=name, value=f"{number:g}")


def nbgrader(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """`nbgrader-grades.csv` to CSV. Names and addresses are empty for who is not in the roster, or without one."""
    rows = []
    for one in graded:
        found = roster.find(one) if roster else ""
        who = found if isinstance(found, Person) else Person(0)
        about = (one.graded_exercise.name, "", "", one.student, who.last, who.first, who.email)
        points = (one.of_questions, one.lost, one.earned, one.graded_exercise.points)
        rows.append((*about, *map(float, points)))
    return {Path("nbgrader-grades.csv"): csv_text(NBGRADER_HEAD, rows)}


FORMATS: dict[str, Callable[[Sequence[Graded], Roster | None, Path | None], dict[Path, str]]] = {
    **{name: partial(_gradebook, name) for name in _GRADEBOOKS},
    **{made.__name__: made for made in (gradescope, nbgrader, junit)},
}
"""Format to a function: grades (decided ones), a roster and the folder of the articles in, file name to text out."""
