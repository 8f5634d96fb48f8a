"""The forms before and after: the same eight things in each, and never in the same order."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from kit import gains
from kit.article.loading import load_article
from kit.article.records import Claim
from kit.setup import places

ANNOTATION = load_article("sentences").annotation
FORMS = {form: [claim for claim in ANNOTATION.claims if claim.id[0] == form] for form in "ABCD"}
TEXTS = {unit.id: unit.text for unit in ANNOTATION.units}
# The headings of the table in docs/teaching/tests.md, and what makes a sentence one of them.
KINDS = {
    "somebody spoke": lambda claim: claim.layer == "act",
    "a quotation is a word": lambda claim: claim.quote_type == "direct" and claim.status == "alleged",
    "a flat sentence": lambda claim: claim.status == "asserted",
    "no proof yet": lambda claim: claim.status == "unconfirmed",
    "a denial": lambda claim: claim.status == "denied",
    "a thing that is condemned": lambda claim: (
        claim.status == "stance" and re.match("We (condemn|deplore)", claim.quote)
    ),
    "hearsay": lambda claim: bool(claim.hedge),
    "a plan": lambda claim: claim.content_type == "plan",
}


def kind(claim: Claim) -> str:
    (found,) = (name for name, holds in KINDS.items() if holds(claim))
    return found


def test_each_form_has_the_same_eight_kinds_and_no_two_have_one_at_the_same_place() -> None:
    kinds = {form: [kind(claim) for claim in claims] for form, claims in FORMS.items()}
    assert all(sorted(found) == sorted(KINDS) for found in kinds.values())
    for one, other in combinations(kinds.values(), 2):
        assert not [name for name, again in zip(one, other, strict=True) if name == again]
    assert all([claim.id for claim in claims] == [f"{form}{n}" for n in range(1, 9)] for form, claims in FORMS.items())


@pytest.mark.parametrize("form", "ABCD")
def test_each_sentence_stands_for_one_objective_and_each_objective_has_as_many_in_every_form(form: str) -> None:
    standing = {name: [claim for claim in FORMS[form] if holds(claim)] for name, holds in gains.OBJECTIVES.items()}
    assert {name: len(items) for name, items in standing.items()} == {
        "act and content": 2,
        "confirmed and asserted": 1,
        "denied and unconfirmed": 2,
        "alleged and stance": 1,
        "hedges and plans": 2,
    }
    assert sum(map(len, standing.values())) == len(FORMS[form])


def test_what_was_right_is_counted_by_objective_whatever_the_order() -> None:
    right = {form: {claim.id: claim.accepts("status")[0] for claim in claims} for form, claims in FORMS.items()}
    table = gains.table(right["A"] | {"A1": "denied", "A2": " Unconfirmed "}, right["B"])
    assert list(table.columns) == ["items", "before", "after", "gain"]
    assert table["items"].to_list() == [2, 1, 2, 1, 2, 8]
    assert table["gain"].to_list() == [1, 0, 0, 0, 0, 1]  # A1 is a quotation: act and content
    assert gains.table({}, right["C"]).loc["all"].isna().to_list() == [False, True, False, True]


def test_the_teachers_table_says_where_each_kind_stands() -> None:
    text = (Path(__file__).parents[1] / "docs/teaching/tests.md").read_text("utf-8")
    for name, holds in KINDS.items():
        (row,) = re.findall(rf"^\| [^|]*{name}[^|]* \| (.+) \|$", text, re.MULTILINE)
        assert row.split(" | ") == [next(claim.id for claim in FORMS[form] if holds(claim)) for form in "ABCD"]


@pytest.mark.parametrize(
    ("lesson", "form"), [("00_start_here", "A"), ("07_looking_back", "B"), ("07_looking_back", "C")]
)
def test_the_lessons_show_the_sentences_with_their_words_in_bold(lesson: str, form: str) -> None:
    cells = json.loads((places.notebooks() / f"{lesson}.ipynb").read_text("utf-8"))["cells"]
    text = "".join(line for cell in cells for line in [*cell["source"], "\n"])
    text = text.replace("“", '"').replace("”", '"')
    for claim in FORMS[form]:
        sentence = TEXTS[claim.unit].replace(claim.quote, f"**{claim.quote}**")
        assert f"- **{claim.id}** {sentence}\n" in text
