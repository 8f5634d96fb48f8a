"""Points line by line; and written answers, which nobody gets a zero for unread."""

from __future__ import annotations

from typing import Any

import pytest

from kit.check.forms import choices, written
from kit.setup import places
from kit.teacher.exercises.keys import KeyedQuestion, load
from kit.teacher.grading.points import OUTCOMES, Mark, mark

QUESTION = KeyedQuestion(
    "layers",
    3,
    starter="layers = {}",
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


STARTER = 'judgement = """\n\n"""'
NASTY = "<script>alert('x')</script>\n\nS17a is an act."


@pytest.fixture(scope="module")
def question() -> KeyedQuestion:
    (found,) = [one for one in load(places.solutions() / "05_the_whole_article.ipynb").questions if one.rubric]
    return found


def wrote(text: object) -> dict[str, Any]:
    shown = repr(written(text, words=(120, 200), claims=["S17a"]))
    return {"answer": {"error": ""}, "check": {"shown": shown, "passed": False, "error": ""}}


def waiting(question: KeyedQuestion, found: dict[str, Any] | None, source: str | None) -> Mark:
    result = mark(question, found, source=source)
    assert result.outcome in OUTCOMES and not result.message and not result.lines
    return result


@pytest.mark.parametrize("text", [NASTY, "Short.", "S17a " * 400])
def test_a_written_answer_waits_with_its_text_and_without_points(question: KeyedQuestion, text: str) -> None:
    result = waiting(question, wrote(text), f"judgement = {text!r}")
    assert (result.earned, result.points, result.outcome, result.text) == (None, 4, "person", text.strip())


def test_not_even_the_sample_is_scored_by_the_machine(question: KeyedQuestion) -> None:
    found = wrote(question.key["text"])
    found["check"]["passed"] = True
    assert waiting(question, found, "judgement = '…'").outcome == "person"


@pytest.mark.parametrize(
    ("text", "source"),
    [("\n\n", STARTER), ("", 'judgement = ""'), ("  \n", 'judgement = "  "'), (None, "judgement = None")],
)
def test_what_is_blank_is_blank_and_needs_no_reader(question: KeyedQuestion, text: object, source: str) -> None:
    result = waiting(question, wrote(text), source)
    assert (result.earned, result.outcome) == (0, "blank")


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
    result = waiting(question, found, source)
    assert (result.earned, result.outcome, result.text) == (None, "person", source)


def test_what_is_not_there_is_not_a_persons_to_score(question: KeyedQuestion) -> None:
    assert waiting(question, wrote("a"), None).outcome == "missing"
    assert waiting(question, None, "judgement = 'a'").outcome == "failed"
