"""What a change of one label takes with it: nothing that rested on the old one stays, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kit.article import annotation_file, codebook
from kit.article.records import Claim
from kit.teacher.authoring.saving_and_undo import Correction
from kit.teacher.authoring.steps import reason

OWN = '[[claim]]\nid = "C12a"\nproposed = "likely"\n'


@pytest.fixture
def held(file: Path) -> Correction:
    """The pool, in which C12a is proposed as the author's own, with a second reading."""
    text = file.read_text("utf-8").replace('[[claim]]\nid = "C12a"\n', OWN)
    head, own, rest = text.partition('status = "asserted"\nsource = "author"\ncontent_type = "state"\nchain')
    text = f'{head}also = ["alleged"]\n{own}{rest}'
    file.write_text(text, "utf-8")
    return Correction(file)


def take(held: Correction, claim: str, **values: Any) -> Claim:
    """The claim after these fields have been changed, one after the other."""
    for field, value in values.items():
        held.take("change", claim=claim, field=field, value=value)
        assert held.said == ""
    return held.sheet.claim(claim)


def test_nothing_stale_is_accepted(held: Correction, file: Path) -> None:
    before = file.read_text("utf-8")
    assert held.sheet.claim("C12a").also == ("alleged",)
    claim = take(held, "C12a", source="adler", status="alleged")
    assert (claim.why, claim.also, claim.quote_type, claim.chain) == ("", (), "indirect", ("adler", "article"))
    held.take("accept", claim="C12a")
    assert held.said.startswith("C12a needs a “why” before it can be accepted") and "C12a" not in held.accepted
    take(held, "C12a", why="It is Adler's word.")
    held.take("accept", claim="C12a")
    assert held.said == "" and "C12a" in held.accepted
    annotation_file.read(file, strict=True)
    while held.past:
        held.undo()
    assert file.read_text("utf-8") == before


def test_what_was_accepted_is_open_again(held: Correction) -> None:
    assert "C01b" in held.accepted
    claim = take(held, "C01b", status="unconfirmed")
    assert (claim.proposed, claim.why, "C01b" in held.accepted) == ("guess", "", False)


def test_the_same_label_again_takes_nothing_away(held: Correction) -> None:
    before = held.sheet.text
    take(held, "C01b", status="denied", source="holm", layer="content")
    assert held.sheet.text == before


@pytest.mark.parametrize(
    ("unit", "quote", "manner"),
    [
        ("C13", "Closing it would be a disgrace", "direct"),
        ("C08", '"We never spoke to a buyer,"', "direct"),
        ("C08", '"We never spoke to a buyer," said', "mixed"),
        ("C12", "The pool is the oldest in the region", "indirect"),
    ],
)
def test_how_the_words_are_given_is_read_off_the_marks(held: Correction, unit: str, quote: str, manner: str) -> None:
    (old,) = [claim.id for claim in held.claims if claim.unit == unit and claim.layer == "content"]
    take(held, old, quote=quote, source="author")
    assert held.sheet.claim(old).quote_type == "none"
    assert take(held, old, source="adler").quote_type == manner


def test_the_authors_own_words_have_no_cue(held: Correction) -> None:
    claim = take(held, "C09b", status="alleged", source="author")
    assert (claim.cue, claim.cue_class, claim.quote_type, claim.status) == ("", "none", "none", "asserted")
    assert claim.chain == ("article",) and not held.mend("C09b")


def test_a_new_act_is_filled_in(held: Correction) -> None:
    held.take("remove", claim="C09a")
    held.take("add", unit="C09", quote="Brandt admitted")
    claim = take(held, "C09c", layer="act")
    assert (claim.status, claim.source, claim.content_type, claim.chain) == (
        "confirmed", "author", "speech", ("brandt", "article"),
    )  # fmt: skip
    assert (claim.cue, claim.quote_type) == ("admitted", "indirect") and claim.why and claim.proposed == "guess"
    held.take("accept", claim="C09c")
    assert held.said == "" and "C09c" in held.accepted


def test_a_new_content_needs_its_status_its_source_and_a_reason(held: Correction) -> None:
    held.take("add", unit="C06", quote="it has not answered our questions")
    claim = take(held, "C06b", status="asserted")
    assert (claim.layer, claim.source, claim.chain) == ("content", "author", ("article",)) and not held.mend("C06b")


def test_an_act_of_another_speaker_needs_another_reason(held: Correction) -> None:
    why = held.sheet.claim("C01a").why
    assert why and take(held, "C01a", chain=("holm", "?", "article")).why == why
    claim = take(held, "C01a", chain=("adler", "?", "article"))
    assert (claim.why, claim.proposed, claim.status, claim.source) == ("", "guess", "confirmed", "author")


def test_an_act_whose_content_got_another_speaker_is_to_mend(held: Correction) -> None:
    whole = held.sheet.whole
    act = next(a for a in whole.claims if a.layer == "act" and a.cue and a.chain[0] != "adler")
    told = [c for c in whole.claims if c.layer == "content" and (c.unit, c.cue) == (act.unit, act.cue)]
    assert told and not held.mend(act.id)
    for claim in told:
        take(held, claim.id, source="adler")
    said = f"its “chain” begins with {act.chain[0]}, who did not say {', '.join(one.id for one in told)}; put one right"
    assert held.mend(act.id) == [said]
    take(held, act.id, chain=("adler", "article"))
    assert not held.mend(act.id)


def test_an_act_that_is_a_content_has_its_speaker_for_a_source(held: Correction) -> None:
    claim = take(held, "C09a", layer="content")
    assert (claim.source, claim.status, claim.why) == ("brandt", "", "")
    claim = take(held, "C09a", status="stance")
    assert claim.content_type == "judgement" and not held.mend("C09a")
    assert take(held, "C09a", layer="act").source == "author" and not held.mend("C09a")


def everything() -> Iterable[Claim]:
    for layer in codebook.names("layer"):
        for status in codebook.names("status"):
            for source in ("author", "none", "town"):
                yield Claim("A", "A", "x", layer, status, source=source)


def test_a_reason_is_a_sentence_or_nothing(held: Correction) -> None:
    names = {"town": "the town hall"}
    said = [reason(claim, names) for claim in everything()]
    assert all(not one or (one[0].isupper() and one.endswith(".") and "  " not in one) for one in said)
    town = [reason(Claim("A", "A", "x", "content", status, source="town"), names) for status in ("alleged", "denied")]
    assert town == ["It rests on the word of the town hall alone.", "The town hall says that it is not so."]
    # What it rests on cannot be told from the label alone.
    assert reason(Claim("A", "A", "x", "content", "confirmed", source="town"), names) == ""


def test_a_quotation_that_goes_on_has_the_labels_of_what_is_above(held: Correction) -> None:
    held.take("same", claim="C14a")
    mine, above = held.sheet.claim("C14a"), held.sheet.claim("C13a")
    for name in ("status", "source", "quote_type", "content_type", "chain", "why", "also"):
        assert getattr(mine, name) == getattr(above, name)
    # The word “said” is not in C14.
    assert (mine.cue, mine.cue_class, mine.proposed) == ("", "none", "guess") and not held.mend("C14a")
    held.take("same", claim="C01b")
    assert held.said == "No content with labels stands above C01b, so there is nothing to take over."
    held.take("add", unit="C06", quote="it has not answered our questions")
    held.take("same", claim="C06b")
    assert held.sheet.claim("C06b").source == "none" and not held.mend("C06b") and "C06b" not in held.accepted
