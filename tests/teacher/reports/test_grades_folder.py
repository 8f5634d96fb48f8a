"""The folder of grades: what is in its tables, and a class that is kept and comes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine
from kit.teacher.reports import grades_folder

BROKEN = Graded("=cmd()", Path("b.ipynb"), None, notes=("the file is empty",))


@pytest.fixture
def ana(exercise: Exercise) -> Graded:
    marks = (
        Mark("layers", 4, 2.0, "partly", (MarkedLine("S10a", "act", True), MarkedLine("S10b", "act", False)), ""),
        Mark("cues", 4, 0.0, "wrong", (MarkedLine("S14a", "x", False),), ""),
        Mark("acts", 2, 0.0, "error", (), "NameError: name 'n' is not defined"),
        Mark("several", 2, None, "missing"),
    )
    return Graded("ana", Path("x.ipynb"), exercise, marks)


def test_the_grades_have_a_row_per_question_and_no_silent_zero(ana: Graded) -> None:
    rows = list(csv.DictReader(io.StringIO(grades_folder.grades_csv([ana, BROKEN]))))
    assert tuple(rows[0]) == grades_folder.COLUMNS
    assert [row["earned"] for row in rows] == ["2", "0", "0", "", ""]
    assert rows[3]["outcome"] == "missing" and rows[4]["outcome"] == "unreadable"
    assert rows[4]["student"] == "'=cmd()"


def test_totals_have_one_row_per_submission_and_say_what_waits(ana: Graded) -> None:
    rows = list(csv.DictReader(io.StringIO(grades_folder.totals_csv([ana, BROKEN]))))
    assert [(row["student"], row["points"], row["earned"]) for row in rows] == [("ana", "24", "2"), ("'=cmd()", "", "")]
    assert "several: the answer cell is not in the file" in rows[0]["note"] and rows[1]["note"] == "the file is empty"
    failed = replace(ana, marks=tuple(replace(mark, earned=None, outcome="failed") for mark in ana.marks))
    assert next(csv.DictReader(io.StringIO(grades_folder.totals_csv([failed]))))["earned"] == "", "nothing, and not 0"


def test_a_class_is_kept_and_comes_back_the_same(ana: Graded, tmp_path: Path, keep: Callable[..., None]) -> None:
    graded = (ana, Graded("b\ud800", Path("b.ipynb"), None, notes=("the file is empty",)))
    keep(graded, tmp_path / "grades")
    path = tmp_path / "grades" / gradebook.FILE
    exercise = ana.graded_exercise
    assert gradebook.standing(path, {exercise.name: exercise}) == gradebook.Class(graded, "not isolated")
    assert str(exercise.questions[2].key["S14a"]) not in path.read_bytes().decode("utf-8", "replace")
    with pytest.raises(KitError, match="--course"):
        gradebook.standing(path, {})
    with pytest.raises(KitError, match="Grade first"):
        gradebook.standing(tmp_path / "none", {})
