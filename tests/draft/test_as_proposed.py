"""Whole articles that others wrote: how many claims of a draft are right as proposed, and that the labels are sound."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import as_proposed
import pytest
from as_proposed import ARTICLES, Judged, Score, articles, judged, score

from kit.article.annotation_file import read
from kit.teacher.authoring.drafting import annotated

PAGE = (Path(__file__).parents[2] / "docs" / "drafting.md").read_text("utf-8")
PATHS = [*articles("open"), *articles("closed")]

# The share of proposed claims that are right, and the share of labels that are missing, in hundredths.
FLOORS = [("open", 94, 1), ("closed", 72, 7)]


@pytest.mark.parametrize(("half", "right", "missing"), FLOORS)
def test_a_draft_holds_what_it_reached_and_the_page_says_so(half: str, right: int, missing: int) -> None:
    reached = score(case for path in articles(half) for case in judged(path))
    assert 100 * reached.right >= right * (reached.right + reached.wrong)
    assert 100 * reached.missing <= missing * reached.labels
    (row,) = re.findall(rf"^\| {half}: the rules today \| (.*) \|$", PAGE, re.MULTILINE)
    assert row == str(reached), "the page is old"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_labels_are_sound_and_say_whose_the_text_is(path: Path) -> None:
    whole = read(path)
    assert whole.facts.address and whole.facts.credit and whole.facts.licence
    assert not any(claim.proposed for claim in whole.claims)
    for layer in ("act", "content"):
        spans = sorted((claim.start, claim.end) for claim in whole.claims if claim.layer == layer)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans)), "two claims of a layer overlap"
    for source in whole.sources:
        assert as_proposed._meant(source.name, whole) == source.id, "its name is as much another's"


def test_the_halves_have_five_each_and_none_twice() -> None:
    assert len(articles("open")) == len(articles("closed")) == 5
    assert len({path.stem for path in PATHS}) == 10


def test_every_claim_is_judged_once() -> None:
    path = ARTICLES / "open" / "bomber.toml"
    cases, key = list(judged(path)), read(path)
    assert sorted(case.label.id for case in cases if case.label) == sorted(claim.id for claim in key.claims)
    assert score(cases).labels == len(key.claims)


def test_a_fault_has_its_name() -> None:
    key = read(ARTICLES / "open" / "bomber.toml")
    claim = next(one for one in key.claims if one.layer == "content" and one.source == "rovella")
    fault = as_proposed._fault
    assert fault(claim, claim, key, key) == ""
    assert fault(claim, None, key, key) == "no such claim"
    assert fault(replace(claim, layer="act"), claim, key, key) == "layer"
    assert fault(replace(claim, source="officials"), claim, key, key) == "source"
    assert fault(replace(claim, status="denied"), claim, key, key) == "status"
    assert fault(replace(claim, source="none", status="denied"), claim, key, key) == "source and status"
    # Who reads it as asserted says that the author vouches, where this reading is accepted too.
    own = replace(claim, source="author", status="asserted")
    assert fault(own, claim, key, key) == "source and status"
    assert fault(own, replace(claim, also=("asserted",)), key, key) == ""


def test_of_an_act_the_speaker_must_be_right_where_one_is_named() -> None:
    key = read(ARTICLES / "open" / "bomber.toml")
    act = next(one for one in key.claims if one.layer == "act" and one.chain[0] == "wolf")
    fault = as_proposed._fault
    assert fault(replace(act, chain=("lamont", "article")), act, key, key) == "source"
    assert fault(replace(act, chain=("article",)), act, key, key) == ""


def test_a_source_is_who_its_name_means() -> None:
    key = read(ARTICLES / "open" / "bomber.toml")
    names = {"Mr Kervick": "kervick", "The NTSB": "ntsb", "officials": "officials", "He": "", "Connecticut": ""}
    assert {name: as_proposed._meant(name, key) for name in names} == names


def test_shares_are_of_what_was_proposed_and_of_what_was_labelled() -> None:
    assert str(Score(labels=8, right=3, wrong=1, missing=2, cut=3)) == "8 | 4 | 3 (75 %) | 2 (25 %) | 3"
    assert score([Judged(None, None, "missing"), Judged(None, None, "cut otherwise")]) == Score(0, 0, 0, 1, 1)


def test_a_claim_in_the_wrong_layer_is_wrong_once_and_its_label_is_not_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text, path = "Elm\n\nThe board met on Monday in Elm.\n", tmp_path / "elm.toml"
    path.with_suffix(".txt").write_text(text, "utf-8")
    path.write_text(annotated(text, slug="elm", headline="Elm", dateline=date(2024, 10, 19)), "utf-8")
    whole = read(path)
    acts = tuple(claim for claim in whole.claims if claim.layer == "act")
    contents = tuple(replace(claim, layer="content") for claim in acts)
    for claims, fault, right in ((acts, "", 1), (contents, "layer", 0)):
        key = replace(whole, claims=claims)
        monkeypatch.setattr(as_proposed, "read", lambda _path, key=key: key)
        (case,) = [case for case in judged(path) if case.label]
        assert case.fault == fault
        assert score([case]) == Score(labels=1, right=right, wrong=1 - right, missing=0, cut=0)
