"""Grades elsewhere: each export read back by the importer's own rules, and cells that must not run."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from synthetic_class import CANVAS, MOODLE

from kit.commands import main
from kit.errors import KitError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine
from kit.teacher.reports import export_grades
from kit.teacher.reports.roster import Roster


def graded(
    exercise: Exercise, student: str, *, decided: bool = True, file: str = "", less: float = 0, **ids: str
) -> Graded:
    """20.5 points, `less` some; `ids` as they stand in the name of the download."""
    first, *others = exercise.questions
    marks = [Mark(first.name, first.points, 2.5 - less, "partly", (MarkedLine("S10b", "act", False),))]
    marks += [Mark(question.name, question.points, question.points, "right") for question in others[:-1]]
    marks.append(
        Mark(others[-1].name, 2, 0.0 if decided else None, "error" if decided else "failed", message="E\x00rr")
    )
    return Graded(student, Path(file or f"{student}.ipynb"), exercise, tuple(marks), ids=tuple(ids.items()))


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


# Canvas


def canvas_reads(text: str) -> tuple[dict[str, str], float, str]:
    """What Canvas's importer takes from a file: student ID to grade, the points, and the assignment's id."""
    head, *body = rows(text)
    assert len(head) > 3 and "Student" in head[0] and "ID" in head[1]
    assert re.search(r"SIS\s+User\s+ID", head[2]) and re.search(r"SIS\s+Login\s+ID", head[3]) and head[4] == "Section"
    (possible,) = (row for row in body if "Points Possible" in row[0])
    found = re.search(r"\((\d+)\)$", head[5])
    students = {row[1] or row[2] or row[3]: row[5] for row in body if row is not possible}
    assert all(len(row) == len(head) for row in body) and len(students) == len(body) - 1
    return students, float(possible[5]), found[1] if found else ""


def test_canvas_takes_its_file(exercise: Exercise, written: Callable[[str | bytes], Roster]) -> None:
    both = [graded(exercise, "Ana Vale"), graded(exercise, "bo@x.org"), graded(exercise, "cy", decided=False)]
    with pytest.raises(KitError, match="no row for “Ana Vale”, “bo@x"):
        export_grades.export("canvas", both, written("student,email\nx,y@x.org\n"))
    made = export_grades.export("canvas", both, written(CANVAS))
    assert list(made) == [Path("canvas-01_acts_and_contents.csv")]
    students, points, assignment = canvas_reads(made[Path("canvas-01_acts_and_contents.csv")])
    assert (students, points, assignment) == ({"101": "20.5", "102": "20.5"}, 24, "771")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("student,canvas id\nana,12a\n", "an ID or a name that is none in Canvas (12a, ana)"),
        ("student,canvas id\nana,\n", "no ID and no SIS User ID and no SIS Login ID"),
        ("student,canvas id\nzoe,12\n", "no row"),
        ("name,canvas id\nana,12\nAna,13\n", "several rows (2 by name, 3 by name)"),
    ],
)
def test_who_is_not_known_is_left_out_of_canvas_and_named(
    exercise: Exercise, written: Callable[[str | bytes], Roster], content: str, said: str
) -> None:
    roster = written(f"{content}bo,102\n")
    both = [graded(exercise, "ana"), graded(exercise, "bo")]
    (text,) = export_grades.export("canvas", both, roster).values()
    assert canvas_reads(text)[0] == {"102": "20.5"}
    assert export_grades.left_out(both, "canvas", roster) == [f"roster.csv has {said} for “ana”."]
    with pytest.raises(KitError, match="“ana”"):
        export_grades.export("canvas", both[:1], roster)


def test_a_name_that_canvas_takes_for_its_row_of_points_is_left_out(
    exercise: Exercise, written: Callable[[str | bytes], Roster]
) -> None:
    roster = written("student,name,canvas id\nana,Points Possible Jr,12\nbo,Bo,102\n")
    (text,) = export_grades.export("canvas", [graded(exercise, "ana"), graded(exercise, "bo")], roster).values()
    assert canvas_reads(text)[0] == {"102": "20.5"}


# Moodle


def moodle_reads(text: str, field: str, users: dict[str, str]) -> dict[str, float]:
    """What Moodle's importer takes from a file; as there, an unknown user ends it, and an empty one is the last one."""
    head, *body = rows(text)
    assert len(set(head)) == len(head) > 1 and all(len(row) == len(head) for row in body)
    found, user = {}, None
    for row in body:
        value = row[head.index(field)]
        user = users[value] if value else user
        found[user] = float(row[-1])
        assert found[user] <= export_grades.MOODLE_MOST
    return found


def test_moodle_takes_its_file(exercise: Exercise, written: Callable[[str | bytes], Roster]) -> None:
    both = [graded(exercise, "Ana Vale"), graded(exercise, "Bo Ohm")]
    (text,) = export_grades.export("moodle", both, written(MOODLE)).values()
    assert moodle_reads(text, "Email address", {"Ana@x.org": "1", "bo@x.org": "2"}) == {"1": 20.5, "2": 20.5}
    by_number = written(MOODLE.replace("bo@x.org", ""))
    (text,) = export_grades.export("moodle", both, by_number).values()
    assert moodle_reads(text, "ID number", {"S1": "1", "S2": "2"}) == {"1": 20.5, "2": 20.5}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (MOODLE, "no row for “cy”. Moodle would give their points to somebody else. Add what"),
        (MOODLE + "cy;;;\n", "no Email address for “cy”. Moodle would give their points to somebody else"),
        ("name\nAna Vale\nBo Ohm\ncy\n", "no Email address for “Ana Vale”, “Bo Ohm”, “cy”"),
    ],
)
def test_one_unknown_user_and_nothing_is_written_for_moodle(
    exercise: Exercise, written: Callable[[str | bytes], Roster], content: str, said: str
) -> None:
    with pytest.raises(KitError, match=said):
        export_grades.export(
            "moodle", [graded(exercise, name) for name in ("Ana Vale", "Bo Ohm", "cy")], written(content)
        )


# Blackboard, Brightspace, ILIAS


def blackboard_reads(text: str) -> tuple[dict[str, float], str]:
    """What Blackboard takes: user name to grade, and the number of the column that is filled ("" makes a new one)."""
    head, *body = rows(text)
    assert head.count("Username") == 1 and all(len(row) == len(head) for row in body)
    (column,) = (at for at, name in enumerate(head) if name not in ("Username", "Last Name", "First Name"))
    found = re.search(r"\|(\d+)$", head[column])
    students = {row[head.index("Username")]: float(row[column]) for row in body}
    assert "" not in students, "one row without a user name, and the upload fails"
    return students, found[1] if found else ""


def brightspace_reads(text: str) -> tuple[dict[str, float], str]:
    """What Brightspace takes: OrgDefinedId, or else user name, to grade, and the item's name."""
    head, *body = rows(text)
    assert set(head[:2]) <= {"OrgDefinedId", "Username"} and head[-1] == "End-of-Line Indicator"
    assert all(row[-1] == "#" and len(row) == len(head) for row in body)
    (item,) = (name for name in head if name.endswith(" Points Grade"))
    return {row[0] or row[1]: float(row[head.index(item)]) for row in body}, item.removesuffix(" Points Grade")


STATUS = "update,usr_id,login,lastname,firstname,status,mark,notice,comment,plagiarism,plag_comment"


def ilias_reads(text: str) -> tuple[dict[str, float], list[str]]:
    """What the plugin takes: id of a user to mark; and the rest of each row, which it would write over."""
    head, *body = rows(text)
    assert head == STATUS.split(",")
    taken = [dict(zip(head, row, strict=True)) for row in body if int(row[0])]
    assert all(row["status"] in ("notgraded", "passed", "failed") for row in taken)
    return {row["usr_id"]: float(row["mark"]) for row in taken}, [row["comment"] for row in taken]


BLACKBOARD = """"Last Name","First Name","Username","Student ID","Last Access","Availability","Acts and contents [Total Pts: 24 Score] |664617"
"Vale","Ana","avale","S1","2026-11-01","Yes",""
"Ohm","Bo","bohm","S2","2026-11-01","Yes",""
"""  # noqa: E501
BRIGHTSPACE = """OrgDefinedId,Username,Last Name,First Name,Acts and contents Points Grade <Numeric MaxPoints:24>,End-of-Line Indicator
#S1,#avale,Vale,Ana,,#
#S2,#bohm,Ohm,Bo,,#
"""  # noqa: E501
ILIAS = f"""{STATUS}
0,301,avale,Vale,Ana,notgraded,,,"two
lines",,
0,302,bohm,Ohm,Bo,passed,,,,,
"""


def test_blackboard_takes_its_file(exercise: Exercise, written: Callable[[str | bytes], Roster]) -> None:
    both = [graded(exercise, "avale", username="avale"), graded(exercise, "bohm", username="bohm")]
    (text,) = export_grades.export("blackboard", both, written(BLACKBOARD)).values()
    assert blackboard_reads(text) == ({"avale": 20.5, "bohm": 20.5}, "664617")
    (text,) = export_grades.export("blackboard", both, written("name,username\nAna,avale\n")).values()
    assert blackboard_reads(text) == ({"avale": 20.5}, ""), "bohm is left out, and the column is a new one"


def test_brightspace_takes_its_file(exercise: Exercise, written: Callable[[str | bytes], Roster]) -> None:
    both = [graded(exercise, "Ana Vale", name="Ana Vale"), graded(exercise, "Bo Ohm", name="Bo Ohm")]
    (text,) = export_grades.export("brightspace", both, written(BRIGHTSPACE)).values()
    assert brightspace_reads(text) == ({"S1": 20.5, "S2": 20.5}, "Acts and contents")


def test_ilias_takes_its_status_file_and_nothing_else_in_it_changes(
    exercise: Exercise, written: Callable[[str | bytes], Roster]
) -> None:
    one = [graded(exercise, "Vale_Ana_avale_301", username="avale")]
    (text,) = export_grades.export("ilias", one, written(ILIAS)).values()
    assert ilias_reads(text) == ({"301": 20.5}, ["two\nlines"])
    for other in (None, written("name,login\nAna,avale\n")):
        with pytest.raises(KitError, match=r"needs the status\.csv"):
            export_grades.export("ilias", one, other)


def test_a_title_that_two_columns_have_is_not_guessed(
    exercise: Exercise, written: Callable[[str | bytes], Roster]
) -> None:
    twice = CANVAS.replace("Acts and contents (771)", "Acts and contents (771),acts and contents (772)")
    with pytest.raises(KitError, match=r"\(771\)” and .*\(772\)” are called alike"):
        export_grades.export("canvas", [graded(exercise, "Ana Vale")], written(twice))


# Gradescope, nbgrader, JUnit


def test_gradescope_gets_the_fields_of_its_specification(exercise: Exercise) -> None:
    made = export_grades.export("gradescope", [graded(exercise, "ana"), graded(exercise, "Ana")], None)
    assert len({str(path).casefold() for path in made}) == 2
    assert Path("gradescope/01_acts_and_contents/ana/results.json") in made
    known = {"score", "max_score", "status", "name", "number", "output", "output_format", "visibility"}
    for path, text in made.items():
        results = json.loads(text)
        assert path.name == "results.json"
        assert set(results) <= {
            "score",
            "output",
            "output_format",
            "visibility",
            "stdout_visibility",
            "extra_data",
            "tests",
        }
        assert results["score"] == sum(test["score"] for test in results["tests"]) == 20.5
        assert all(set(test) == known and test["visibility"] == "visible" for test in results["tests"])
        assert all((test["status"] == "passed") == (test["score"] == test["max_score"]) for test in results["tests"])
        assert "Cover the speaker" in results["tests"][0]["output"]


def test_nbgrader_gets_its_own_columns(exercise: Exercise, written: Callable[[str | bytes], Roster]) -> None:
    (text,) = export_grades.export("nbgrader", [graded(exercise, "Ana Vale")], written(MOODLE)).values()
    head, row = rows(text)
    assert tuple(head) == export_grades.NBGRADER_HEAD and head[0] == "assignment" and head[-1] == "max_score"
    found = dict(zip(head, row, strict=True))
    assert (found["student_id"], found["last_name"], found["score"], found["max_score"]) == (
        "Ana Vale",
        "Vale",
        "20.5",
        "24",
    )
    (text,) = export_grades.export("nbgrader", [graded(exercise, "=x")], None).values()
    assert rows(text)[1][3] == "'=x"


def test_junit_says_points_and_counts_right(exercise: Exercise) -> None:
    (text,) = export_grades.export("junit", [graded(exercise, "a\x07<na")], None).values()
    (suite,) = ElementTree.fromstring(text)
    assert suite.attrib == {
        "name": "a?<na/01_acts_and_contents", "tests": "7", "failures": "1", "errors": "1", "skipped": "0",
    }  # fmt: skip
    cases = suite.findall("testcase")
    assert len(cases) == 7 and len(suite.findall("testcase/failure")) == len(suite.findall("testcase/error")) == 1
    values = [{p.get("name"): float(p.get("value")) for p in case.findall("properties/property")} for case in cases]
    assert sum(one["earned"] for one in values) == 20.5 and sum(one["points"] for one in values) == 24


# The command


def test_what_is_not_decided_is_left_out_and_named(
    exercise: Exercise, tmp_path: Path, capsys: pytest.CaptureFixture[str], keep: Callable[..., None]
) -> None:
    broken = Graded("bo", Path("b.ipynb"), None, notes=("the file is empty",))
    keep([graded(exercise, "ana"), graded(exercise, "cy", decided=False), broken], tmp_path)
    assert main(["export-grades", "nbgrader", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "Left out: cy, 01_acts_and_contents: several: the grader itself failed, grade again." in told
    assert "Left out: bo, b.ipynb: the file is empty." in told
    assert len(rows((tmp_path / "export" / "nbgrader-grades.csv").read_text("utf-8"))) == 2
    assert main(["export-grades", "moodle", str(tmp_path)]) == 1
    assert "--roster" in capsys.readouterr().err
    with pytest.raises(KitError, match="nothing to export"):
        export_grades.export("junit", [broken], None)


def test_the_command_knows_every_format() -> None:
    from kit.commands import cmd_grades

    assert set(cmd_grades.FORMATS) == set(export_grades.FORMATS)


def test_options_may_stand_before_the_folder_and_one_unknown_student_does_not_end_it(
    exercise: Exercise, tmp_path: Path, capsys: pytest.CaptureFixture[str], keep: Callable[..., None]
) -> None:
    keep([graded(exercise, "ana"), graded(exercise, "zoe")], tmp_path / "g")
    roster = tmp_path / "r.csv"
    roster.write_text("student,canvas id\nana,101\n", "utf-8")
    for order in (["canvas", "--roster", roster, tmp_path / "g"], ["--roster", roster, "canvas", tmp_path / "g"]):
        assert main(["export-grades", *map(str, order)]) == 0
        told = capsys.readouterr().out
        assert "Left out: r.csv has no row for “zoe”." in told and "canvas-01_acts_and_contents.csv" in told
    (made,) = (tmp_path / "g" / "export").iterdir()
    assert canvas_reads(made.read_text("utf-8"))[0] == {"101": "20.5"}
    assert main(["export-grades", "moodle", "--roster", str(roster), str(tmp_path / "g")]) == 1
    assert [*(tmp_path / "g" / "export").iterdir()] == [made]
    with pytest.raises(SystemExit):
        main(["export-grades", "canvas", str(tmp_path / "g"), "--roster", str(roster), "more"])
    assert "not understood: more" in capsys.readouterr().err
