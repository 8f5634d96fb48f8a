"""Grades and feedback pages: complete, harmless whatever a student wrote, and without the key."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kit.grading import report
from kit.grading.exercise import Exercise
from kit.grading.grade import Graded
from kit.grading.marks import Line, Mark

NASTY = "<script>alert('x')</script>"


def graded(exercise: Exercise, student: str = "ana") -> Graded:
    marks = (
        Mark("layers", 4, 2.0, "partly", (Line("S10a", "act", True), Line("S10b", "act", False)), ""),
        Mark("cues", 4, 0.0, "wrong", (Line("S14a", NASTY, False),), ""),
        Mark("acts", 2, 0.0, "error", (), "NameError: name 'n' is not defined"),
        Mark("several", 2, None, "missing"),
    )
    return Graded(student, Path("x.ipynb"), exercise, marks)


def test_the_csv_has_a_row_per_question_and_no_silent_zero(exercise: Exercise) -> None:
    broken = Graded("=cmd()", Path("b.ipynb"), None, notes=("the file is empty",))
    rows = list(csv.DictReader(io.StringIO(report.grades_csv([graded(exercise), broken]))))
    assert tuple(rows[0]) == report.COLUMNS
    assert [row["earned"] for row in rows] == ["2", "0", "0", "", ""]
    assert rows[3]["outcome"] == "missing" and rows[4]["outcome"] == "unreadable"
    assert rows[4]["student"] == "'=cmd()"


def test_a_page_explains_and_escapes(exercise: Exercise) -> None:
    page = report.feedback_pages([graded(exercise)], isolation="not isolated")["ana.html"]
    assert NASTY not in page and "&lt;script&gt;" in page
    assert "Cover the speaker" in page and "Compare" in page and "“reported”" in page
    assert "move that line into the answer cell" in page
    assert "not isolated" in page and "http" not in page


def test_a_page_never_holds_the_key_of_a_line_that_was_wrong(exercise: Exercise) -> None:
    cues = next(question for question in exercise.questions if question.name == "cues")
    lines = tuple(Line(name, "wrong words", False) for name in cues.key)
    one = Graded("ana", Path("x"), exercise, (Mark("cues", 4, 0.0, "wrong", lines),))
    page = report.feedback_pages([one], isolation="")["ana.html"].casefold()
    assert not [value for value in cues.key.values() if str(value) in page]


def test_a_file_that_could_not_be_graded_gets_a_kind_page() -> None:
    one = Graded("bo", Path("b.ipynb"), None, notes=("the file is empty",))
    page = report.feedback_pages([one], isolation="")["bo.html"]
    assert "the file is empty" in page and "not a zero" in page


def test_names_of_students_become_safe_and_different_file_names() -> None:
    names = ["ana", "Ana María", "../../etc", "a/b", "a_b", "", ".", "ß" * 200, "=1"]
    files = [report.file_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert not any("/" in name or name.startswith(".") or len(name) > 100 for name in files)
    assert report.file_name("ana") == "ana.html"


def test_totals_have_one_row_per_submission_and_say_what_waits(exercise: Exercise) -> None:
    broken = Graded("bo", Path("b.ipynb"), None, notes=("the file is empty",))
    rows = list(csv.DictReader(io.StringIO(report.totals_csv([graded(exercise), broken]))))
    assert [(row["student"], row["points"], row["earned"]) for row in rows] == [("ana", "24", "2"), ("bo", "", "")]
    assert "several: missing" in rows[0]["note"] and rows[1]["note"] == "the file is empty"
