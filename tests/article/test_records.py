"""What is accepted about a claim: the label itself first, then what a careful reader may choose instead."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from kit.article import codebook
from kit.article.loading import load_article
from kit.article.records import Claim, next_claim_id, slug, unused

CLAIMS = load_article().annotation.by_id


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_every_claim_accepts_its_own_labels_first(claim: Claim) -> None:
    assert claim.accepts("layer") == (claim.layer,)
    assert claim.accepts("status") == (claim.status, *claim.also)
    assert claim.accepts("cue") == (claim.cue,)
    vouchers = claim.accepts("voucher")
    assert vouchers[0] == {"author": "author", "none": "none"}.get(claim.source, "source")
    for field in ("layer", "status", "voucher"):
        values = claim.accepts(field)
        assert len(set(values)) == len(values)
        assert set(values) <= set(codebook.names(field))


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_the_author_vouches_for_every_act(claim: Claim) -> None:
    if claim.layer == "act":
        assert claim.accepts("voucher") == ("author",)


@pytest.mark.parametrize(
    ("source", "also", "vouchers"),
    [
        ("nis", (), ("source",)),
        ("nis", ("asserted", "unconfirmed"), ("source", "author")),
        ("none", ("asserted",), ("none", "author")),
        ("none", ("unconfirmed",), ("none",)),
        ("author", ("alleged",), ("author", "source")),
        ("author", ("stance",), ("author",)),
    ],
)
def test_a_second_reading_of_the_status_brings_its_voucher(
    source: str, also: tuple[str, ...], vouchers: tuple[str, ...]
) -> None:
    claim = Claim("S01a", "S01", "words", layer="content", status="alleged", source=source, also=also)
    assert claim.accepts("voucher") == vouchers
    assert replace(claim, layer="act").accepts("voucher") == vouchers[:1]


def test_the_article_has_claims_of_each_voucher() -> None:
    counts = Counter(claim.accepts("voucher") for claim in CLAIMS.values())
    assert {values[0] for values in counts} == {"author", "source", "none"}
    assert counts["source", "author"] and counts["author", "source"] and counts["none", "author"]


@pytest.mark.parametrize("field", ["layer", "status", "voucher", "cue"])
def test_a_blank_claim_accepts_nothing(field: str) -> None:
    blanked = load_article(blank=["S10"]).annotation.by_id
    assert blanked["S10a"].accepts(field) == ()
    assert blanked["S11a"].accepts(field) != ()
    assert list(blanked) == list(CLAIMS)


@pytest.mark.parametrize(
    ("used", "key"),
    [
        ((), "S05a"),
        (("S05a", "S05c", "S050d", "S04z", "S05-x"), "S05d"),
        (("S05a", "S05z"), "S05za"),
        (("S05zz", "S05y"), "S05zza"),
    ],
)
def test_the_next_claim_of_a_unit_has_the_letter_behind_the_last(used: tuple[str, ...], key: str) -> None:
    assert next_claim_id("S05", used) == key


def test_a_slug_is_short_and_safe() -> None:
    assert slug("../../Über “Pool”: a/b\\c d", otherwise="x") == "uber-pool-a-b-c-d"
    assert slug("The Mayor's plan for it", words=2, without=("the",), otherwise="x") == "mayors-plan"
    assert slug("AT&T", otherwise="x") == "att"
    assert slug("؟", otherwise="article") == "article"
    assert slug(f"{'a' * 59} b", otherwise="x") == "a" * 59


def test_a_name_in_use_gets_a_number() -> None:
    assert [unused("holm", used) for used in ((), ("holm",), ("holm", "holm-2"))] == ["holm", "holm-2", "holm-3"]
