"""The reasons of the lessons' own questions: each choice has its words, a wrong one is never told the right one."""

from __future__ import annotations

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from kit import check
from kit.check import feedback
from kit.check.feedback import ANSWER, ANYTHING, REASONS, WHY, reason, reasons
from kit.errors import KitError
from kit.questions import Question, read
from kit.setup import places

FILE = tomllib.loads(REASONS.read_text("utf-8"))
TEMPLATES = (Path(feedback.__file__).parents[1] / "teacher/exercises/templates/own_course").glob("*.jinja")
ASKED = {
    question.reasons: question
    for path in sorted(places.notebooks().glob("*.ipynb"))
    for question in read(path).questions
    if question.reasons
}
WRONG = [
    (name, line, given)
    for name, question in ASKED.items()
    for line, given in product([line.name for line in question.lines], question.choices)
    if given not in reasons(name)[line][0]
]


def test_what_lessons_name_is_there_and_all_that_is_there_is_named() -> None:
    own = set(re.findall(r'reasons="([\w.]+)"', "".join(path.read_text("utf-8") for path in TEMPLATES)))
    there = {f"{page}.{question}" for page, questions in FILE.items() for question in questions}
    assert own and there == ASKED.keys() | own


@pytest.mark.parametrize("question", ASKED.values(), ids=ASKED)
def test_each_line_says_what_is_right_and_why_and_has_words_for_every_other_choice(question: Question) -> None:
    page, _, name = question.reasons.rpartition(".")
    assert page == question.file.removesuffix(".ipynb")
    assert list(FILE[page][name]) == [line.name for line in question.lines]
    for line, (right, why) in reasons(question.reasons).items():
        about = FILE[page][name][line]
        assert right and why and set(right) <= set(question.choices or right)
        assert set(about) - {ANSWER, WHY, ANYTHING} <= set(question.choices or about) - set(right)


@pytest.mark.parametrize(("question", "line", "given"), WRONG)
def test_a_wrong_choice_is_told_a_rule_and_something_to_hold_against_it(question: str, line: str, given: str) -> None:
    said = reason(question, line, given)
    assert (
        not said.startswith("Fits") and "Compare" in said and said.rstrip("”").endswith(".") and len(said.split()) <= 61
    )
    assert not re.search(r"\b(incorrect|mistake)\b", said, re.IGNORECASE)
    assert not [right for right in reasons(question)[line][0] if f"“{right}”" in said or f"`{right}`" in said]


def test_the_check_explains_each_filled_line() -> None:
    asked = {"lines": ["A", "B", "C", "D"], "values": ["fits", "goes too far"]}
    given = {"A": "fits", "B": "fits", "C": "fit", "D": ""}
    found = check.choices(given, **asked, reasons="04_the_denial_that_is_not_there.ticket")
    assert found.verdict == "2 of 4 lines filled, 1 misspelt; 1 fits."
    assert found.remarks["A"].startswith("Fits. It keeps") and set(found.remarks) == {"A", "B"}
    assert [found.glance(line) for line in "ABCD"] == ["fits", "look again", "look again: misspelt", "blank"]
    assert "# B: Look again. To deny is" in repr(found)


def test_several_may_be_right_and_one_sentence_may_do_for_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"x": {"answer": ["S16", "S18"], "why": "Both leave\nit open.", "anything": "Look for a doubt."}}
    monkeypatch.setattr(feedback, "_reasons", lambda: {"04_page": {"q": words}})
    assert [reason("04_page.q", "x", given) for given in ("S16", "S18", "S05")] == [
        "Fits. Both leave it open.",
        "Fits. Both leave it open.",
        "Look for a doubt.",
    ]
    assert reasons("04_page.q") == {"x": (("S16", "S18"), "Both leave it open.")}


def test_what_has_no_words_is_named() -> None:
    with pytest.raises(KitError, match=r"there is no \[04_nowhere.q\]"):
        reason("04_nowhere.q", "A", "fits")
    with pytest.raises(KitError, match="does not say what “maybe” on the line “A” is"):
        reason("04_the_denial_that_is_not_there.ticket", "A", "maybe")


def test_a_broken_file_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reasons.toml").write_text("[x", "utf-8")
    monkeypatch.setattr(feedback, "REASONS", tmp_path / "reasons.toml")
    feedback._reasons.cache_clear()
    with pytest.raises(KitError, match=r"reasons\.toml: this is not valid TOML: .+ Mend it there, .+\."):
        reason("04_page.q", "A", "fits")
    feedback._reasons.cache_clear()
