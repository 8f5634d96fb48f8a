"""A check says first when the value that it sees is not what its answer cell now makes."""

from __future__ import annotations

import ast
from typing import Any

import pytest

SETUP = """import pandas as pd
import kit
claims = pd.DataFrame({"claim": ["a", "b", "c"], "layer": ["act", "act", "content"]})"""
ACTS = '# Your answer\nacts = (claims["layer"] == "act").sum()'
LAYERS = 'layers = {\n    "S10a": "act",\n    "S10b": "content",\n}'
CHECK = "kit.check.number(acts)"
CHOICES = 'kit.check.choices(layers, lines=["S10a", "S10b"], values=["act", "content"])'
OLD = "What follows is about your old answer."
PAGE = (
    ("setup", SETUP, "setup"),
    ("acts-answer", ACTS, "answer", "acts"),
    ("acts-check", CHECK, "check", "acts"),
    ("layers-answer", LAYERS, "answer", "layers"),
    ("layers-check", CHOICES, "check", "layers"),
)


@pytest.fixture(params=["saved", "not saved"])
def answered(page: Any, request: pytest.FixtureRequest) -> Any:
    """A page whose two answers are right and complete; its file is there, or cannot be read."""
    if request.param == "saved":
        page.save(*PAGE)
    page.run("setup", SETUP)
    page.run("acts-answer", ACTS)
    page.run("layers-answer", LAYERS)
    for check, source in (("acts-check", CHECK), ("layers-check", CHOICES)):
        assert "Complete" in page.run(check, source).html
    return page


SLIPS = {
    'acts = claims["layers"].count()': f"Your answer cell stopped with an error in line 1. {OLD}",
    '# Your answer\n\n\n\n\nacts = claims["layers"]': f"Your answer cell stopped with an error in line 6. {OLD}",
    "acts=": f"Your answer cell stopped with an error. {OLD} The words under it say what to mend.",
    'acts = {\n"a": 1\n"b": 2}': f"Your answer cell stopped with an error. {OLD}",  # the slip is above Python's line
    "acts = 5\nprnt(acts)": "Your answer cell stopped with an error in line 2, after it had made `acts`.",
    "a = 5": f"Your answer cell makes no `acts`. Give your answer this name: `acts = …`. {OLD}",
    "act = 5": f"Your answer cell makes no `acts`. It makes `act`: write `acts` instead. {OLD}",
    "# acts = 5\n5": "Your answer cell makes no `acts`. To keep what its last line works out, begin that line with",
    "print(5)": "begin that line with `acts = `.",
    "acts = print(5)": "`acts = print(…)` shows a value and keeps nothing.",
    "Acts = 5": "Your answer cell makes no `acts`.",
    "if False:\n    pass\nacts = round(acts, 1)": "Your answer cell makes no `acts`.",
}


@pytest.mark.parametrize("slip", SLIPS)
def test_an_answer_cell_that_no_longer_makes_its_answer(answered: Any, slip: str) -> None:
    answered.run("acts-answer", slip)
    shown = answered.run("acts-check", CHECK)
    assert shown.plain.startswith(f"# {SLIPS[slip]}") or SLIPS[slip] in shown.plain.splitlines()[0]
    assert "Complete" not in shown.html and shown.html.index("<b>") < shown.html.index("Your answer: ")
    assert ast.literal_eval(shown.plain).keys() == {"value"}  # the grader can still read it
    answered.run("acts-answer", ACTS)
    assert "Complete" in answered.run("acts-check", CHECK).html


@pytest.mark.parametrize(
    "change",
    [
        'layers["S10a"] = "content"',
        'layers.update({"S10a": "content"})',
        'del layers["S10a"]',
        'layers = {"S10a": "content", "S10b": "content"}',
        "for answer in (layers,):\n    answer.clear()",
        'def change(what):\n    what["S10a"] = "content"\nchange(layers)',
        'same = layers\nsame["S10a"] = "content"',
        'layers |= {"S10a": "content"}',
    ],
)
def test_an_answer_that_another_cell_has_changed(answered: Any, change: str) -> None:
    answered.run("mine", change)
    shown = answered.run("layers-check", CHOICES)
    if change.startswith("layers = ") and not answered.path.exists():
        return  # nothing tells which of the two cells is the answer
    assert "another cell made `layers`, or changed it" in shown.plain.splitlines()[0]
    assert "Complete" not in shown.html
    assert "Complete" in answered.run("acts-check", CHECK).html
    answered.run("layers-answer", LAYERS)
    assert "Complete" in answered.run("layers-check", CHOICES).html


def test_a_table_that_another_cell_has_changed(page: Any) -> None:
    made, check = "counts = claims.set_index('claim')", 'kit.check.table(counts, rows=["a"], columns=["layer"])'
    page.save(
        ("setup", SETUP, "setup"), ("counts-answer", made, "answer", "counts"), ("check", check, "check", "counts")
    )
    for name, source in (("setup", SETUP), ("counts-answer", made)):
        page.run(name, source)
    assert not page.run("check", check).plain.startswith("#")
    page.run("mine", 'counts.drop(index="a", inplace=True)')
    assert "another cell made `counts`, or changed it" in page.run("check", check).plain.splitlines()[0]


@pytest.mark.parametrize("save", [True, False], ids=["saved", "not saved"])
def test_a_check_that_rounds_the_answer_has_not_changed_it(page: Any, *, save: bool) -> None:
    check = "share = round(share, 1)\nkit.check.number(share)"
    cells = (
        ("setup", SETUP, "setup"),
        ("answer", "share = 45.83", "answer", "share"),
        ("check", check, "check", "share"),
    )
    if save:
        page.save(*cells)
    for name, source, *_ in (*cells, cells[-1]):
        shown = page.run(name, source)
    assert "Complete" in shown.html
    page.run("mine", "share = round(share)")
    assert "another cell made `share`" in page.run("check", check).plain.splitlines()[0]


def test_an_answer_that_was_edited_and_saved_and_not_run(answered: Any) -> None:
    answered.save(*PAGE[:1], ("acts-answer", "acts = 3", "answer", "acts"), *PAGE[2:], later=5)
    shown = answered.run("acts-check", CHECK)
    assert shown.plain.startswith(f"# Your answer cell was changed after it ran. {OLD}")
    answered.run("acts-answer", "acts = 3")
    answered.save(*PAGE[:1], ("acts-answer", "acts = 3", "answer", "acts"), *PAGE[2:], later=-5)
    assert "Complete" in answered.run("acts-check", CHECK).html


def test_a_page_that_was_saved_before_the_answer_ran_says_nothing_about_it(answered: Any) -> None:
    answered.save(*PAGE[:1], ("acts-answer", "acts = ...", "answer", "acts"), *PAGE[2:], later=-60)
    assert "Complete" in answered.run("acts-check", CHECK).html


def test_an_answer_made_elsewhere_by_a_page_whose_answer_cell_never_ran(page: Any) -> None:
    page.save(*PAGE)
    page.run("setup", SETUP)
    page.run("mine", "acts = 2")
    assert "What follows is not from your answer cell" in page.run("acts-check", CHECK).plain.splitlines()[0]


def test_an_answer_that_borrows_from_a_cell_that_is_not_graded(page: Any) -> None:
    answer = 'acts = (labelled["layer"] == "act").sum()'
    page.save(*PAGE)
    page.run("setup", SETUP)
    page.run("mine", "labelled = claims.dropna()")
    page.run("acts-answer", answer)
    said = page.run("acts-check", CHECK).plain.splitlines()[0]
    assert "Your answer uses `labelled`, which only a cell of your own makes." in said
    page.save(*PAGE, kind="lesson", later=-60)
    assert "Complete" in page.run("acts-check", CHECK).html  # nobody grades a lesson


def test_what_cells_of_ours_and_the_answer_itself_make_is_not_borrowed(page: Any) -> None:
    answer = "labelled = claims.dropna()\nacts = sum(1 for row in labelled.layer if row == 'act')"
    page.save(*PAGE)
    page.run("setup", SETUP)
    page.run("mine", "row = labelled = 3")
    page.run("acts-answer", answer)
    assert "Complete" in page.run("acts-check", CHECK).html


@pytest.mark.parametrize("save", [True, False], ids=["saved", "not saved"])
def test_a_check_without_an_answer_says_which_cell_to_mend(page: Any, *, save: bool) -> None:
    if save:
        page.save(*PAGE)
    page.run("setup", SETUP)
    never = page.run("acts-check", CHECK)
    assert "There is no `acts` yet: your answer cell has not been run" in never.traceback
    assert "Run → Run All Above Selected Cell" in never.traceback
    assert never.names == ["error"] and "NameError" not in never.traceback
    if save:
        page.run("acts-answer", 'acts = claims["layers"].count()')
        assert "your answer cell stopped with an error in line 1." in page.run("acts-check", CHECK).traceback
        page.run("acts-answer", "a = 5")
        assert "There is no `acts` yet. Your answer cell makes no `acts`." in page.run("acts-check", CHECK).traceback


def test_where_no_front_end_tells_which_cell_it_is_nothing_changes(page: Any) -> None:
    page.save(*PAGE)
    for source in (SETUP, ACTS):
        page.run(None, source)
    before = page.run(None, CHECK)
    page.run(None, "a = 5")
    after = page.run(None, CHECK)
    assert (before.plain, before.html) == (after.plain, after.html)
    assert "<style>" not in after.html and "Complete" in after.html
    failed = page.run(None, 'acts = claims["layers"]')
    assert failed.names == ["error"]


def test_the_words_about_an_edited_cell_are_in_a_style_alone(answered: Any) -> None:
    shown = answered.run("acts-check", CHECK)
    assert "was changed and not run" in shown.html.partition("</style>")[0]
    assert "was changed" not in shown.html.partition("</style>")[2] and "was changed" not in shown.plain
