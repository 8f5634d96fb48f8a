"""The drafter as data, for a lesson: what it finds, what people marked, and how the two agree."""

from __future__ import annotations

import pytest

from kit import load_article
from kit.draft.frames import drafted, found, given, patterns, scored, statuses


def test_what_is_found_is_a_frame() -> None:
    frame = found("The mayor said it is so. According to the bank, nobody knew.")
    assert list(frame["source"]) == ["The mayor", "the bank"]
    assert list(frame["cue"]) == ["said", "According to"]
    assert list(frame["content"]) == ["it is so", "nobody knew"]
    assert list(frame["pattern"]) == ["bare clause", "according to"]
    assert found("").empty and list(found("").columns) == list(frame.columns)


def test_the_annotation_gives_its_attributions() -> None:
    article = load_article("pool")
    first = given(article)[0]
    assert [article.text[a:b] for a, b in (*first.source, *first.cue, *first.content)] == [
        "The mayor of Lindental, Petra Holm, ",
        "said",
        "it is not true that the town plans to close the swimming pool",
    ]


def test_scores_of_a_list_against_itself_are_full() -> None:
    article = load_article("pool")
    people = given(article)
    frame = scored(article.text, people, people)
    assert list(frame.index) == ["source", "cue", "content", "whole", "all three"]
    assert (frame[["precision", "recall", "f1"]] == 1).all(axis=None)


@pytest.mark.parametrize(
    ("name", "share", "right"), [("soldiers", 0.6, 0.9), ("pool", 0.9, 0.9), ("sentences", 0.95, 0.9)]
)
def test_proposed_statuses_hold_what_they_reached(name: str, share: float, right: float) -> None:
    article = load_article(name)
    frame = statuses(article)
    assert list(frame.index) == list(article.claims["claim"])
    hits = frame["rules"].notna()
    assert hits.mean() >= share
    assert frame.loc[hits, "accepted"].mean() >= right
    assert not frame.loc[~hits, "accepted"].any()


def test_the_rules_are_a_frame_with_their_examples() -> None:
    frame = patterns()
    assert frame.index.is_unique and len(frame) > 10
    assert frame.loc["according to", "example"].startswith("[C1 According to] [S1 ")
    assert (frame != "").all(axis=None)


@pytest.mark.parametrize("name", ["soldiers", "sluice"])
def test_what_is_drafted_names_the_claim_that_it_matches(name: str) -> None:
    article = load_article(name)
    frame, people = drafted(article), statuses(article)
    hits = frame.dropna(subset=["claim"])
    assert 0 < len(hits) < len(frame)
    assert sorted(hits["claim"]) == sorted(people.index[people["rules"].notna()])
    assert list(hits["rules"]) == list(people.loc[hits["claim"], "rules"])
    assert list(hits["layer"]) == list(people.loc[hits["claim"], "layer"])
    assert frame["why"].str.len().gt(0).all()
