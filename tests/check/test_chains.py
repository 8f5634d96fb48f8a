"""Chains: one canonical form for many ways of writing them, and a rule for each way of going astray."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit import check
from kit.article.loading import Article, load_article
from kit.check import answers
from kit.check.chains import accepted_chains, explain
from kit.check.feedback import sentences
from kit.setup import places
from kit.teacher.exercises.keys import load

CHAIN_RULES = {
    name.removeprefix("chain."): rule.words for name, rule in sentences().items() if name.startswith("chain.")
}
WHOLE = load_article().annotation
CLAIMS = WHOLE.by_id
NAMES = {source.id for source in WHOLE.sources}


class Broken:
    """An object of a student's own that fails when it is read."""

    def __iter__(self) -> Any:
        raise RuntimeError

    def __str__(self) -> str:
        raise RuntimeError


@pytest.fixture(scope="module")
def graded() -> Article:
    return load_article(blank=["S14"])


@pytest.fixture(scope="module")
def practice() -> Article:
    return load_article(blank=["S14"], practice=True)


MISSING = 'S14a: the last link of every chain is "article". It was missing, and has been put there.'


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        (["nis", "?", "article"], True),
        (("NIS", " ? ", "Article."), True),
        ("nis > ? > article", True),
        (["nis", "?"], False),
        ("NIS>?", False),
        (np.array(["nis", "?", "article"]), True),
        (pd.Series(["nis", "?"]), False),
    ],
)
def test_many_ways_of_writing_have_one_form(given: object, whole: bool, graded: Article) -> None:
    found = check.chains({"S14a": given}, lines=["S14a"], article=graded)
    assert found.lines == {"S14a": ["nis", "?", "article"]}
    assert (found.problems, found.remarks) == (() if whole else (MISSING,), {})
    assert answers.parse(repr(found)) == found.lines


@pytest.mark.parametrize("given", ["", [], None, ..., {}, float("nan"), Broken(), [""], ["", ""], " "])
def test_what_holds_no_link_is_blank(given: object, graded: Article) -> None:
    found = check.chains({"S14a": given}, lines=["S14a"], article=graded)
    assert found.lines == {"S14a": []}
    assert found.problems == ("Still blank: S14a.",)


def test_a_chain_that_python_has_compared_is_not_called_blank(graded: Article) -> None:
    found = check.chains({"S14a": "nis" > "article" > "?"}, lines=["S14a"], article=graded)
    assert found.problems[0].startswith("S14a: “true” is not in the register; a chain is a list with commas")
    assert check.chains({"S14a": 7}, lines=["S14a"], article=graded).problems[0] == "S14a: “7” is not in the register."


@pytest.mark.parametrize("answer", [None, ..., "nis", 7, ["nis"], pd.DataFrame(), Broken()])
def test_an_answer_of_another_kind_is_named(answer: object, graded: Article) -> None:
    found = check.chains(answer, lines=["S14a"], article=graded)
    assert found.problems[0].startswith('An answer like {"S14a": …} is asked for')
    assert found.lines == {"S14a": []}


@pytest.mark.parametrize("given", ["article > yonhap > counterintelligence", "article > nis", ["article", "?"]])
def test_a_chain_that_begins_with_the_article_is_named_also_without_practice(given: object, graded: Article) -> None:
    found = check.chains({"S11b": given}, lines=["S11b"], article=graded)
    assert found.faults == {"S11b": "turned round"} and not found.remarks
    assert found.problems == (
        'S11b: this chain begins with "article", so it seems to be turned round. Begin with the first speaker.',
    )
    assert not check.chains({"S11b": ["article"]}, lines=["S11b"], article=graded).problems


def test_the_article_stands_once_and_last(graded: Article) -> None:
    found = check.chains({"S11b": "nis > article > ?"}, lines=["S11b"], article=graded)
    assert found.problems == ('S11b: "article" stands once in a chain, as its last link.',)


def test_what_is_malformed_is_named(graded: Article, practice: Article) -> None:
    given = {
        "S14a": ["ni", "?", "article"],
        "S16a": ["", "?", "article"],
        "S24a": ["author"],
        "S23a": ["none"],
        "S99": [],
    }
    for article in (graded, practice):
        found = check.chains(given, lines=["S14a", "S16a", "S24a", "S23a"], article=article)
        assert found.problems == (
            "“S99” is not asked for here.",
            'S14a: “ni” is not in the register; did you mean "nis"?',
            "S16a: a link is still empty.",
            "S24a: “author” is not in the register; for the author's own words the chain is `['article']`.",
            "S23a: “none” is not in the register; for a link that the text does not give write `'?'`.",
        )
        assert found.lines == {
            "S14a": ["ni", "?", "article"],
            "S16a": ["…", "?", "article"],
            "S24a": ["author", "article"],
            "S23a": ["none", "article"],
        }
    # In practice every line that cannot be read says so, and none is left without a word.
    assert set(found.remarks) == set(found.lines)
    assert all(words.startswith("This chain cannot be looked at yet") for words in found.remarks.values())
    assert len(check.chains({"S14a": ["x" * 999] * 999}, lines=["S14a"], article=graded).lines["S14a"]) == 21


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("nisarticle", 'a comma is missing between "nis" and "article".'),
        ("nis?article", 'a comma is missing between "nis" and "?".'),
        ("South Korea", "“south-korea” is not in the register."),  # and never the other one
        ("yonhapp", 'did you mean "yonhap"?'),
        ("Yonhap news agency", 'did you mean "yonhap"?'),  # its name, in place of its short name
        ("Mark Rutte", 'did you mean "rutte"?'),
        ("spokesperson", "“spokesperson” is not in the register."),  # there are two
    ],
)
def test_a_link_that_is_not_in_the_register_gets_a_hint_only_where_it_is_meant(
    link: str, said: str, graded: Article
) -> None:
    (problem, *_) = check.chains({"S11b": [link]}, lines=["S11b"], article=graded).problems
    assert problem.endswith(said)


@pytest.mark.parametrize("given", ["nis, article", "nis > article", "nis→article", "nis; article", "nis -> article"])
def test_a_chain_as_text_may_have_any_mark_between_its_links(given: str, graded: Article) -> None:
    assert check.chains({"S11b": given}, lines=["S11b"], article=graded).lines == {"S11b": ["nis", "article"]}


SLIPS = [
    ("S11b", "yonhap > counterintelligence", "turned"),
    ("S11b", "article > yonhap > counterintelligence", "turned"),
    ("S11b", "yonhap > ? > counterintelligence", "turned"),
    ("S14a", "? > nis", "turned"),
    ("S14a", "article > ? > nis", "turned"),
    ("S23a", "article > ?", "turned"),
    ("S05b", "reuters > foreign-office > ?", "turned"),
    ("S08b", "foreign-office > ? > reuters", "order"),
    ("S11b", "counterintelligence > ?", "outlet"),
    ("S06a", "foreign-office", "outlet"),
    ("S11b", "yonhap", "speaker"),
    ("S14a", "?", "speaker"),
    ("S11b", "? > yonhap", "known"),
    ("S19b", "rutte > ?", "exchanged"),
    ("S11b", "korea-and-ukraine > yonhap", "exchanged"),
    ("S14a", "nis", "unknown"),
    ("S23a", "article", "unknown"),
    ("S08b", "foreign-office > reuters", "unknown"),
    ("S14a", "? > nis > ?", "known"),
    ("S23a", "? > ?", "doubled"),
    ("S20a", "sybiha > ? > ?", "doubled"),
    ("S14a", "nis > yonhap", "surplus"),
    ("S17b", "north-korea > zelenskyy > ?", "surplus"),
    ("S26a", "eeas > ?", "own_voice"),
    ("S24a", "?", "own_voice"),
    ("S14a", "nis > ? > article > article", "surplus"),  # the article twice: no ? too many
    ("S14a", "nis > nis > ?", "surplus"),
]


@pytest.mark.parametrize(("claim", "given", "slip"), SLIPS)
def test_each_slip_gets_its_rule(claim: str, given: str, slip: str, practice: Article) -> None:
    remark = check.chains({claim: given}, lines=[claim], article=practice).remarks[claim]
    assert remark.startswith(CHAIN_RULES[slip])
    rest = remark.removeprefix(CHAIN_RULES[slip])
    missing = set(CLAIMS[claim].chain) - {"?", "article", *given.split(" > ")}
    assert not [link for link in missing if link in rest]
    assert "S14" not in rest


def test_every_rule_is_met_and_says_more_than_that_it_does_not_fit() -> None:
    assert {slip for _, _, slip in SLIPS} == set(CHAIN_RULES)
    assert all(len(words.split()) >= 15 and words.endswith((".", "?")) for words in CHAIN_RULES.values())
    assert not [name for name in NAMES for words in CHAIN_RULES.values() if name in words.split()]


def test_the_contrast_has_the_shape_that_was_given() -> None:
    note = explain(CLAIMS["S11b"], ["counterintelligence", "?", "article"], annotation=WHOLE, avoid=frozenset())
    assert note.endswith("There it is korea-and-ukraine > ? > article.")
    alone = explain(CLAIMS["S11b"], ["yonhap", "counterintelligence", "article"], annotation=WHOLE, avoid=frozenset())
    assert alone == CHAIN_RULES["turned"]


@pytest.mark.parametrize("claim", WHOLE.claims, ids=lambda claim: claim.id)
def test_what_the_annotation_holds_fits(claim: Any, practice: Article) -> None:
    for chain in accepted_chains(claim, WHOLE):
        found = check.chains({claim.id: chain}, lines=[claim.id], article=practice)
        assert (found.problems, found.remarks) == ((), {claim.id: answers.FITS})
    assert accepted_chains(claim, WHOLE)[0] == claim.chain


def test_where_careful_readers_differ_both_chains_hold() -> None:
    assert accepted_chains(CLAIMS["S11b"], WHOLE)[1:] == (("counterintelligence", "?", "yonhap", "article"),)
    assert accepted_chains(CLAIMS["S23b"], WHOLE)[1:] == (("article",),)
    assert accepted_chains(CLAIMS["S14a"], WHOLE)[1:] == ()


def test_nothing_is_said_of_a_claim_whose_labels_are_withheld(graded: Article) -> None:
    blank = graded.annotation.by_id["S14a"]
    assert accepted_chains(blank, WHOLE) == ()
    assert "holds no chain" in explain(blank, ["nis", "article"], annotation=WHOLE, avoid=frozenset())


def test_the_exercise_accepts_the_chains_that_hold() -> None:
    questions = {
        question.name: question for question in load(places.solutions() / "03_sources_and_chains.ipynb").questions
    }
    asked = questions["chains"]
    for line, chain in asked.key.items():
        assert [chain, *asked.accept.get(line, [])] == [list(c) for c in accepted_chains(CLAIMS[line], WHOLE)]
