"""Extra credit: what is earned with it comes on top, in every report, and nobody is short of points without it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest

from kit import questions
from kit.errors import KitError
from kit.questions import role
from kit.setup import places
from kit.teacher.exercises import own_course
from kit.teacher.exercises.build import worded
from kit.teacher.exercises.keys import Exercise, load, sealed, student_copy
from kit.teacher.exercises.own_selection import divided
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.reports import class_report, class_statistics, export_grades, grades_folder, person_scoring
from kit.teacher.reports.student_page import pages

NAME = "01_acts_and_contents"


def solution(**about: Any) -> Any:
    """Exercise 1, with this on the check cell of its last question."""
    notebook = nbformat.read(places.solutions() / f"{NAME}.ipynb", as_version=4)
    (check,) = [cell for cell in notebook.cells if role(cell) == ("check", "several")]
    check.metadata["kit"].update(about)
    worded(notebook)
    return notebook


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    def written(notebook: Any) -> Path:
        path = tmp_path / "solutions" / f"{NAME}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return written


@pytest.fixture
def exercise(write: Callable[[Any], Path]) -> Exercise:
    return load(write(solution(extra=True)))


def graded(exercise: Exercise, student: str, *, several: float | None = 2.0, others: bool = True) -> Graded:
    """All points for the questions but the last, or none."""
    *first, last = exercise.questions
    marks = [Mark(one.name, one.points, one.points * others, "right" if others else "wrong") for one in first]
    marks.append(Mark(last.name, 2, several, "right" if several else "wrong"))
    return Graded(student, Path(f"{student}.ipynb"), exercise, tuple(marks))


def test_extra_points_are_not_among_those_of_the_exercise(exercise: Exercise) -> None:
    assert exercise.points == 22 and load(places.solutions() / f"{NAME}.ipynb").points == 24
    assert questions.read(exercise.notebook).points == 22
    assert graded(exercise, "ana").earned == 24 and graded(exercise, "ana").extra == 2


def test_a_page_says_what_is_extra_and_students_have_it(exercise: Exercise) -> None:
    notebook = student_copy(nbformat.from_dict(exercise.notebook))
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "· extra credit (2 points)" in text
    assert "| **Points** | 22, in six questions; every line counts on its own; for extra credit, up to 2 more |" in text
    page = questions.read(notebook)
    assert page.points == 22 and [one.name for one in page.questions if one.extra] == ["several"]


@pytest.mark.parametrize("about", [{"extra": False}, {"extra": 1}, {"extra": "yes"}, {"extra": True, "points": 0}])
def test_what_is_no_extra_credit_is_refused(about: dict[str, Any], write: Callable[[Any], Path]) -> None:
    with pytest.raises(KitError, match="cell several-check: “extra” stands only on a question for extra credit"):
        load(write(solution(**about)))


def test_reports_show_it_as_extra(exercise: Exercise) -> None:
    class_of = [graded(exercise, "ana"), graded(exercise, "bo", several=0.0), graded(exercise, "cy", others=False)]
    made = dict(pages(class_of, isolation="", suffixes=(".html", ".md")))
    for name in ("ana.html", "ana.md"):
        assert "24 of 22 points (2 of them extra)" in made[name] and "extra credit" in made[name]
    assert "22 of 22 points" in made["bo.html"] and "of them extra" not in made["bo.html"]
    totals = list(csv.DictReader(io.StringIO(grades_folder.totals_csv(class_of))))
    assert [(row["points"], row["earned"], row["extra"]) for row in totals] == [
        ("22", "24", "2"), ("22", "22", ""), ("22", "2", "2"),
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(grades_folder.grades_csv(class_of))))
    assert {row["question"] for row in rows if row["extra"] == "yes"} == {"several"}
    page = class_report.page(class_of, isolation="")
    assert "(of 22)" in page and "extra credit" in page


def test_a_class_may_have_more_than_all_points(exercise: Exercise) -> None:
    points = class_statistics.points([graded(exercise, name) for name in ("ana", "bo")], exercise)
    about = class_statistics.spread(points, exercise)
    assert (about["out_of"], about["highest"]) == (22, 24)
    bars = class_report.points(class_statistics.decided(points).sum(axis=1), about["out_of"])
    assert sum(students for _, students in bars) == 2, "both are counted"


def test_an_lms_is_told_the_points_without_it(exercise: Exercise) -> None:
    one = graded(exercise, "ana", several=0.0)
    results = json.loads(next(iter(export_grades.gradescope([one], None, None).values())))
    assert sum(test["max_score"] for test in results["tests"]) == 22 and results["score"] == 22
    assert {test["status"] for test in results["tests"]} == {"passed"}
    suite = ElementTree.fromstring(export_grades.junit([one], None, None)[Path("junit.xml")])[0]
    assert suite.get("failures") == "0" and len(suite.findall(".//property[@name='extra']")) == 1
    assert suite.find("properties/property[@name='points']").get("value") == "22"  # type: ignore[union-attr]


def test_points_for_a_whole_file_are_shared_out_over_the_others(exercise: Exercise, tmp_path: Path) -> None:
    broken, keys = Graded("ana", Path("ana.ipynb"), None, notes=("empty",), sha256="x"), {exercise.name: exercise}
    with gradebook.opened(tmp_path / gradebook.FILE, keys, versions="", isolation="") as book:
        book.refuse("ana.ipynb", broken)
    desk = person_scoring.Desk(tmp_path / gradebook.FILE, keys)
    piece = desk._pieces[next(iter(desk._pieces))]
    asked = {"id": piece.id, "points": 22, "level": "", "comment": "", "exercise": exercise.name, "question": ""}
    shares = {row.question: row.points for row in desk._rows(asked)}
    assert sum(shares.values()) == 22 and shares["several"] == 0
    assert desk._rows(asked | {"points": 24}) == []


def test_a_course_of_ones_own_keeps_it(
    write: Callable[[Any], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(solution(extra=True)).parent
    monkeypatch.setattr(own_course.places, "solutions", lambda: folder)
    file = Path("seeds/pool.toml").resolve()
    whole = own_course.read(file)
    aside = divided(whole, seed="1")
    (tmp_path / "article.toml").write_text(sealed(file.read_text("utf-8"), aside), "utf-8")
    (tmp_path / whole.facts.text).write_text(whole.text, "utf-8", newline="")
    edition = own_course.load_article(tmp_path / "article.toml")
    found, _ = own_course.pages(whole, edition, aside=aside, seed="1")
    page = questions.read(found[f"teacher/solutions/{NAME}.ipynb"])
    assert [one.name for one in page.questions if one.extra] == ["several"]
    assert page.points == sum(one.points for one in page.questions) - page.questions[-1].points
