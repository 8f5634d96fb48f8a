"""Points line by line."""

from __future__ import annotations

from typing import Any

import pytest

from kit.check.forms import choices
from kit.teacher.exercises.keys import KeyedQuestion
from kit.teacher.grading.points import OUTCOMES, Mark, mark

QUESTION = KeyedQuestion(
    "layers",
    3,
    "layers = {}",
    field="layer",
    key={"A": "act", "B": "act", "C": "content"},
    accept={"C": ["act"]},
    advice="Look again.",
)


def judged(answer: object, **more: Any) -> dict[str, Any]:
    text = repr(choices(answer, lines=list(QUESTION.key), values=["act", "content"]))
    return {"answer": {"error": ""}, "check": {"shown": text, "passed": False, "error": ""}, **more}


def of(found: dict[str, Any] | None, source: str | None = "layers = {…}") -> Mark:
    result = mark(QUESTION, found, source=source)
    assert result.outcome in OUTCOMES
    return result


@pytest.mark.parametrize(
    ("answer", "earned", "outcome"),
    [
        ({"A": "act", "B": "act", "C": "content"}, 3, "right"),
        ({"A": "act", "B": "act", "C": "act"}, 3, "right"),
        ({"A": "act"}, 1, "partly"),
        ({"A": "content", "B": "", "C": "nonsense"}, 0, "wrong"),
        ("3 of 3 points", 0, "wrong"),
    ],
)
def test_credit_is_by_line_and_alternatives_count(answer: object, earned: float, outcome: str) -> None:
    assert (of(judged(answer)).earned, of(judged(answer)).outcome) == (earned, outcome)


def test_an_untouched_starter_is_blank_and_not_wrong() -> None:
    assert of(judged({}), source="layers   = {}\n").outcome == "blank"


def test_what_the_grader_cannot_decide_has_no_points_at_all() -> None:
    assert (of(None).earned, of(None).outcome) == (None, "failed")
    assert (of(judged({}), source=None).earned, of(judged({}), source=None).outcome) == (None, "missing")


@pytest.mark.parametrize(("stopped", "outcome"), [("timeout", "timeout"), ("died", "error")])
def test_a_cell_that_stopped_the_run_earns_nothing_and_is_told_why(stopped: str, outcome: str) -> None:
    result = of(judged({"A": "act"}, stopped=stopped))
    assert (result.earned, result.outcome) == (0, outcome) and result.message


@pytest.mark.parametrize("shown", [None, "", "full marks", "[1, 2]", '"right"', "{", "3 of 3", '{"A": '])
def test_a_forged_text_is_no_answer(shown: str | None) -> None:
    found = judged({})
    found["check"]["shown"] = shown
    assert (of(found).earned, of(found).outcome) == (0, "error")


def test_the_students_own_error_is_passed_on() -> None:
    found = {"answer": {"error": "NameError: name 'x' is not defined"}, "check": {"shown": None, "error": "other"}}
    assert of(found).message == "NameError: name 'x' is not defined"
