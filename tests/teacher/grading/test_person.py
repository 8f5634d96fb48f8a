"""Written answers in grading: nothing is compared, nobody gets a zero unread, and a person finds all of the text."""

from __future__ import annotations

import copy
import csv
import io
from pathlib import Path
from typing import Any

import nbformat
import pytest

import kit.commands.cmd_grades as command
from kit.check.forms import written
from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises.keys import LEVELS, Exercise, KeyedQuestion, load
from kit.teacher.exercises.secrecy import student_copy
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES, Mark, mark
from kit.teacher.grading.transplant import transplant
from kit.teacher.reports import grades_folder, student_page

SOLUTION = places.solutions() / "05_the_whole_article.ipynb"
STARTER = 'judgement = """\n\n"""'
NASTY = "<script>alert('x')</script>\n\nS17a is an act."


@pytest.fixture(scope="module")
def article_exercise() -> Exercise:
    return load(SOLUTION)


@pytest.fixture(scope="module")
def question(article_exercise: Exercise) -> KeyedQuestion:
    (found,) = [one for one in article_exercise.questions if one.rubric]
    return found


def judged(text: object, **more: Any) -> dict[str, Any]:
    shown = repr(written(text, words=(120, 200), claims=["S17a"]))
    return {"answer": {"error": ""}, "check": {"shown": shown, "passed": False, "error": ""}, **more}


def of(question: KeyedQuestion, found: dict[str, Any] | None, source: str | None) -> Mark:
    result = mark(question, found, source=source)
    assert result.outcome in OUTCOMES and not result.message and not result.lines
    return result


# Marks


@pytest.mark.parametrize("text", [NASTY, "Short.", "S17a " * 400])
def test_a_written_answer_waits_with_its_text_and_without_points(question: KeyedQuestion, text: str) -> None:
    result = of(question, judged(text), f"judgement = {text!r}")
    assert (result.earned, result.points, result.outcome, result.text) == (None, 4, "person", text.strip())


def test_not_even_the_sample_is_scored_by_the_machine(question: KeyedQuestion) -> None:
    found = judged(question.key["text"])
    found["check"]["passed"] = True
    assert of(question, found, "judgement = '…'").outcome == "person"


@pytest.mark.parametrize(
    ("text", "source"),
    [("\n\n", STARTER), ("", 'judgement = ""'), ("  \n", 'judgement = "  "'), (None, "judgement = None")],
)
def test_what_is_blank_is_blank_and_needs_no_reader(question: KeyedQuestion, text: object, source: str) -> None:
    assert (of(question, judged(text), source).earned, of(question, judged(text), source).outcome) == (0, "blank")


@pytest.mark.parametrize(
    "found",
    [
        {"answer": {"error": "SyntaxError: unterminated string"}, "check": {"shown": None, "error": "NameError"}},
        {"answer": {"error": "NameError: x"}, "check": {"shown": '{"text": ""}', "error": ""}},
        {"answer": {"error": ""}, "check": {"shown": "forged", "error": ""}},
        {"answer": {}, "stopped": "timeout"},
        {"answer": {}, "stopped": "died"},
        {},
    ],
    ids=range(6),
)
def test_where_the_cell_fails_a_person_reads_the_cell_itself(question: KeyedQuestion, found: dict[str, Any]) -> None:
    source = 'judgement = """Only acts (S17a)'
    result = of(question, found, source)
    assert (result.earned, result.outcome, result.text) == (None, "person", source)


def test_what_is_not_there_is_not_a_persons_to_score(question: KeyedQuestion) -> None:
    assert of(question, judged("a"), None).outcome == "missing"
    assert of(question, None, "judgement = 'a'").outcome == "failed"


# The exercise


def test_the_rubric_has_three_levels_with_a_sample_each(question: KeyedQuestion) -> None:
    assert tuple(level.name for level in question.rubric) == LEVELS
    points = [level.points for level in question.rubric]
    assert points == sorted(points, reverse=True) and points[0] == question.points and points[-1] > 0
    assert len({level.sample for level in question.rubric}) == 3
    assert question.rubric[0].sample == question.key["text"]


def cells(notebook: Any, role: str) -> list[Any]:
    return [cell for cell in notebook.cells if cell.metadata.get("kit", {}).get("role") == role]


def person(notebook: Any) -> dict[str, Any]:
    return next(c.metadata["kit"] for c in cells(notebook, "check") if "rubric" in c.metadata["kit"])


@pytest.mark.parametrize("fault", ["a level", "a sample", "the points"])
def test_a_rubric_with_something_missing_is_refused(tmp_path: Path, fault: str) -> None:
    notebook = nbformat.read(SOLUTION, as_version=4)
    if fault == "a level":
        person(notebook)["rubric"].pop()
    elif fault == "a sample":
        cells(notebook, "sample")[0].source = "**A heading**"
    else:
        person(notebook)["rubric"][0]["points"] = 3
    nbformat.write(notebook, tmp_path / "x.ipynb")
    with pytest.raises(KitError, match=r"judgement-check: .*(rubric and a sample|all 4 points)"):
        load(tmp_path / "x.ipynb")


def test_students_see_the_rubric_and_no_sample(question: KeyedQuestion, article_exercise: Exercise) -> None:
    copied = student_copy(nbformat.from_dict(copy.deepcopy(article_exercise.notebook)))
    assert not cells(copied, "sample")
    text = "\n".join(cell.source for cell in copied.cells)
    for level in question.rubric:
        assert f"| {level.name} | {level.points:g} | {level.words} |" in text
        assert not [line for line in level.sample.splitlines() if line and line in text]
    assert text == "\n".join(cell.source for cell in nbformat.read(places.exercises() / SOLUTION.name, 4).cells)


def test_no_sample_is_in_the_file_that_is_run(question: KeyedQuestion, article_exercise: Exercise) -> None:
    text = str(transplant(article_exercise, {}))
    assert "judgement" in text
    assert not [level for level in question.rubric if level.sample[:40] in text]


# What comes out


@pytest.fixture
def graded(article_exercise: Exercise) -> Graded:
    marks = (
        Mark("mix", 3, 3.0, "right"),
        Mark("judgement", 4, None, "person", text=NASTY),
    )
    return Graded("ana", Path("x.ipynb"), article_exercise, marks)


def test_the_answers_to_read_are_at_hand(graded: Graded) -> None:
    assert [(one.question, one.text) for one in graded.written] == [("judgement", NASTY)]
    assert graded.undecided and graded.earned == 3


def test_the_csv_leaves_the_points_open(graded: Graded) -> None:
    rows = list(csv.DictReader(io.StringIO(grades_folder.grades_csv([graded]))))
    assert (rows[1]["earned"], rows[1]["outcome"]) == ("", "person")


def test_the_page_shows_rubric_and_text_and_no_sample(graded: Graded, question: KeyedQuestion) -> None:
    page = dict(student_page.pages([graded], isolation=""))["ana.html"]
    assert "3 of 25 points so far" in page
    assert "A person will read this and give up to 4 points" in page
    for level in question.rubric:
        assert level.words in page.replace("&#34;", '"')
        assert level.sample[:40] not in page
    assert "<script>" not in page and "&lt;script&gt;" in page and "S17a is an act." in page


@pytest.mark.parametrize(("count", "line"), [(0, ""), (1, "1 written answer waits"), (12, "12 written answers wait")])
def test_the_command_says_how_many_wait(
    graded: Graded, count: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command._left([graded] * count) == 0
    assert capsys.readouterr().out == (f"{line} for a person.\n" if line else "")
