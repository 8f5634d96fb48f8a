"""Feedback on cue classes and on the reach of hedges: every pair has its own words, and none gives the answer away."""

from __future__ import annotations

import re
from itertools import product

import pytest

from kit import codebook
from kit.article import load_article
from kit.feedback import explain
from kit.keys import accepted, claims_by_id
from kit.records import Claim
from kit.rules import MISCONCEPTIONS
from kit.rules_sources import SOURCE_RULES

WHOLE = load_article().annotation
CLAIMS = claims_by_id(WHOLE)
FIELDS = tuple(SOURCE_RULES)
PAIRS = [(field, *pair) for field, rules in SOURCE_RULES.items() for pair in rules]
WRONG = [
    (claim, field, given)
    for claim, field in product(CLAIMS.values(), FIELDS)
    for given in codebook.names(field)
    if given not in accepted(claim, field)
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_pair_of_labels_has_words_of_its_own(field: str) -> None:
    names = codebook.names(field)
    assert set(SOURCE_RULES[field]) == {(right, given) for right, given in product(names, names) if right != given}
    assert len({rule.words for rule in SOURCE_RULES[field].values()}) == len(SOURCE_RULES[field])


@pytest.mark.parametrize(("field", "right", "given"), PAIRS)
def test_no_rule_says_the_right_label_or_just_that_it_is_wrong(field: str, right: str, given: str) -> None:
    rule = SOURCE_RULES[field][right, given]
    assert not re.search(rf"\b{right}\b", rule.words, re.IGNORECASE)
    assert not re.search(r"\b(incorrect|wrong|false|mistake)\b", rule.words, re.IGNORECASE)
    assert len(rule.words.split()) >= 12 and rule.words.endswith(".")
    assert rule.misconception in ("", *MISCONCEPTIONS)


@pytest.mark.parametrize(("claim", "field", "given"), WRONG, ids=lambda case: getattr(case, "id", str(case)))
def test_every_label_that_does_not_fit_a_claim_is_explained(claim: Claim, field: str, given: str) -> None:
    note = explain(claim, field, given, annotation=WHOLE, avoid=frozenset())
    assert note is not None
    assert note.rule == SOURCE_RULES[field][accepted(claim, field)[0], given].words
    words = claim.hedge if field == "reach" else claim.cue or claim.hedge
    assert (f"“{words}”" in note.cue) if words else note.cue.startswith("No ") or field == "reach"
    assert f"that is “{given}”" in note.contrast
    assert len(str(note).split()) <= 65
    if not note.contrast.startswith("Compare a made-up sentence"):
        near = CLAIMS[note.contrast.split()[1].rstrip(",")]
        word = near.cue if field == "cue_class" else near.hedge
        assert (f"(the word: “{word}”)" in note.contrast) == bool(word)


def test_a_hedge_reaches_its_own_words_and_the_clauses_that_hang_on_them() -> None:
    reach = {name: accepted(CLAIMS[name], "reach") for name in ("S12a", "S12b", "S13a", "S13b", "S14a", "S01b", "S20c")}
    assert reach == {
        "S12a": ("plain",),
        "S12b": ("hedged",),
        "S13a": ("hedged",),
        "S13b": ("hedged", "plain"),
        "S14a": ("plain",),
        "S01b": ("hedged",),
        "S20c": ("plain",),
    }


@pytest.mark.parametrize("field", FIELDS)
def test_nothing_is_accepted_or_said_where_the_labels_are_withheld(field: str) -> None:
    blank = claims_by_id(load_article(blank=["S13"]).annotation)["S13a"]
    assert accepted(blank, field) == ()
    assert explain(blank, field, codebook.names(field)[0], annotation=WHOLE, avoid=frozenset()) is None


@pytest.mark.parametrize("field", FIELDS)
def test_a_word_that_is_no_label_gets_the_questions(field: str) -> None:
    note = explain(CLAIMS["S13a"], field, "opinion", annotation=WHOLE, avoid=frozenset())
    assert note is not None
    assert all(f"({name})?" in note.rule for name in codebook.names(field))
