"""Errors of a running cell, each with a sentence that says what to type; and no frame of the kit is shown."""

from __future__ import annotations

from typing import Any

import pytest

SETUP = """import pandas as pd
import kit
claims = pd.DataFrame({"claim": ["a", "b"], "unit": ["S1", "S1"], "layer": ["act", "content"], "status": ["", ""]})
layers = {"S10a": "act"}"""
SAID = {
    'claims["layers"]': [
        "Line 1: `claims` has no column “layers”. Did you mean layer?",
        "claim, unit, layer",
    ],
    'claims[["claim", "layrs"]]': ["no column “layrs”. Did you mean layer?"],
    'claims.groupby("units").size()': ["no column “units”. Did you mean unit?"],
    'layers = claims.groupby("units").size()': ["`claims` has no column “units”"],
    'claims.groupby("unit", "layer").size()': ["square brackets around them"],
    'pd.crosstab(claims["unit"], claims["layer"])[["acts", "content"]]': ["Nothing is called “acts” in what stands"],
    'claims["unit", "layer"]': ["Several columns need two pairs of square brackets"],
    'claims["unit"].isin("S1")': [".isin(["],
    'claims["unit"].isin("S1", "S2")': [".isin(["],
    'claims["unit"] == ["S1", "S2", "S3"]': [".isin(["],
    'claims.set_index("claim").loc[list("ax")]': ["There is no row “x” there"],
    "kit.hand_in(name=Zoe)": ['For the word itself, type "Zoe"'],
    'claims.groupby("unit")["lair"].count()': ["`claims` has no column “lair”", "Its columns: claim"],
    'claims["layer"].value_counts()["acts"]': ["Nothing is called “acts”"],
    'layers["S10b"]': ["`layers` has no line “S10b”. Did you mean S10a?"],
    "claims.layers": ["There is no .layers there. Did you mean layer?"],
    'claims["layer"].valuecounts()': ["Did you mean value_counts?"],
    '# Your answer\n(claims["layer"] == act).sum()': ["Line 2: `act` without quotation marks", 'type "act"'],
    "claims[layer]": ['type "layer"'],
    'later = {\n    "S10a": act,\n}': ["Line 2: `act` without", 'type "act"'],
    'later = {S10a: "act"}': ['type "S10a"'],
    "claims.groupby(unit).size()": ['type "unit"'],
    "len(claim)": ["nothing is called `claim` here. Did you mean claims?"],
    "prnt(claims)": ["Did you mean print?"],
    'crosstab(claims["unit"], claims["layer"])': ["Did you mean pd.crosstab?"],
    'claims["unit"].len()': [".str.len()"],
    'count(claims["layer"] == "act")': ["Nothing is called `count` here."],
    '(claims["layer"] == "act".sum())': ["Put the whole comparison in round brackets"],
    'kit.load_article("pool")["layer"]': ["An article is no table"],
    "wholly_new + 1": ["Nothing is called `wholly_new` here.", "Run → Run All Above Selected Cell"],
    "acts = ...\nacts + 1": ["Line 2: The three dots"],
    'claims("layer")': ["square brackets"],
    'claims.groupby["unit"]': ["A command needs round brackets"],
    'if claims["layer"] == "act":\n    pass': ["in round brackets, with &"],
    'claims[claims["layer"] == "act" & claims["unit"] == "S1"]': ["in round brackets, with &"],
    '"3" + 4': ["Write numbers without quotation marks"],
    "[[1, 2] [3, 4]]": ["A comma is missing between two pairs"],
    '{"S10", [1, 2]}': ["belongs a colon"],
    "print(claims).sum()": ["print(…)"],
    "import panda": ["Did you mean pandas?"],
}


@pytest.fixture
def begun(page: Any) -> Any:
    """A page whose setup has run, and which is not saved."""
    page.run("setup", SETUP)
    return page


@pytest.mark.parametrize("source", SAID)
def test_an_error_gets_a_sentence_below_it(begun: Any, source: str) -> None:
    shown = begun.run("mine", source)
    assert shown.names == ["error", "display_data"], shown
    assert [words for words in SAID[source] if words not in shown.plain] == [], shown.plain
    assert shown.plain.splitlines()[-1].startswith("In plain words: ") and "In plain words:" in shown.html


@pytest.mark.parametrize("source", ["1 / 0", "raise ValueError('mine')", "[][1]", "assert False", "raise KeyError"])
def test_where_nothing_helpful_is_known_nothing_is_said(begun: Any, source: str) -> None:
    assert begun.run("mine", source).names == ["error"]


def test_a_name_that_a_cell_above_makes_asks_for_that_cell_after_a_restart(page: Any) -> None:
    page.save(("setup", SETUP, "setup"), ("answer", 'acts = claims["layer"].count()', "answer", "acts"))
    shown = page.run("answer", 'acts = claims["layer"].count()')
    assert "The cell that makes `claims` has not been run since the kernel started." in shown.plain
    assert "Choose Run → Run All Above Selected Cell in the menu" in shown.plain
    page.run("setup", "import kit\nraise ValueError")
    shown = page.run("answer", 'acts = claims["layer"].count()')
    assert "The cell that makes `claims` stopped with an error in its line 2" in shown.plain


def test_a_check_that_fails_since_a_cell_took_its_name_says_so(page: Any) -> None:
    counts = ("check", "kit.check.number(acts, most=len(claims.columns))", "check", "acts")
    page.save(("setup", SETUP, "setup"), ("answer", "acts = 1", "answer", "acts"), counts)
    for source in ("acts = 1\nclaims = None", 'acts = 1\nclaims = claims["layer"]'):
        page.run("setup", SETUP)
        page.run("answer", "acts = 1")
        assert page.run(*counts[:2]).error == ""
        page.run("answer", source)
        assert "`claims` was made by this page, and a cell of yours changed it." in page.run(*counts[:2]).plain
    page.run("setup", SETUP)
    assert "changed it" not in page.run("check", 'kit.check.number(acts, most=claims["x"])').plain


def test_curly_quotation_marks_are_straightened_before_a_cell_runs(begun: Any) -> None:
    for cell in ("mine", None):
        shown = begun.run(cell, "later = {“S10a”: “act”, „S10b“: ‘content’}\nlater")
        assert (shown.error, shown.plain.strip()) == ("", "{'S10a': 'act', 'S10b': 'content'}")


def test_an_error_of_the_kit_is_its_sentence_alone(begun: Any) -> None:
    shown = begun.run("mine", 'kit.load_article("nowhere")')
    assert shown.traceback.startswith("There is no article called “nowhere”.")
    assert shown.names == ["error"] and "Traceback" not in shown.traceback


@pytest.mark.parametrize("cell", ["mine", None])
def test_no_frame_of_the_kit_is_shown(begun: Any, cell: str | None) -> None:
    wrong = begun.run(cell, "x = 1\nkit.check.choices({}, lines=3, values=[])")
    assert wrong.error.startswith("TypeError") and "kit.check.choices({}, lines=" in wrong.traceback.replace(
        "\x1b[39m", ""
    )
    assert "forms.py" not in wrong.traceback and "/kit/" not in wrong.traceback
    behind = begun.run(cell, "try:\n    kit.check.choices({}, lines=3, values=[])\nexcept TypeError:\n    1 / 0")
    assert "ZeroDivisionError" in behind.traceback and "TypeError" in behind.traceback
    assert "/kit/" not in behind.traceback


def test_an_error_in_a_library_ends_at_the_line_of_the_page(begun: Any) -> None:
    shown = begun.run("mine", 'def mine(row):\n    return row["layers"]\nclaims.apply(mine, axis=1)')
    assert "KeyError" in shown.traceback and "mine(row)" in shown.traceback
    assert "get_loc" not in shown.traceback and "The above exception" not in shown.traceback


def test_the_watch_is_set_once_and_outlives_a_kit_that_is_imported_anew(begun: Any) -> None:
    again = "import sys\nfor name in [n for n in sys.modules if n.split('.')[0] == 'kit']:\n    del sys.modules[name]"
    begun.run("mine", f"{again}\nimport kit")
    transforms = begun.run(
        "mine", "[getattr(f, '__name__', '') for f in get_ipython().input_transformers_cleanup].count('_straight')"
    )
    assert transforms.plain.strip() == "1"
    assert begun.run("mine", "claims.layers").names == ["error", "display_data"]
