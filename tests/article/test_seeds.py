"""The articles that come with the kit: each is sound, and no label in them breaks a ruling that can be stated."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from kit.article import codebook, seeds
from kit.article.annotation_file import read
from kit.article.codebook import OWN_VOICES
from kit.article.loading import Article
from kit.article.records import Annotation, Claim
from kit.article.view import annotated

SEEDS = sorted(path.stem for path in seeds.seeds().glob("*.toml"))
FREE = {"judgement", "demand", "conditional"}
SUPPORT = ("admission", "two sources", "against the interest")
CLASSES = {"reportedly": "reportative", "allegedly": "distancing", "according to": "neutral", "showed": "endorsing"}
KNOWN = {
    # It is silent, and nobody accuses it of anything.
    ("every_source_is_used", "pool"): {"sports-club"},
}
"""What does not keep a rule, by rule and article, and why it may stand."""


@cache
def seed(name: str) -> Annotation:
    return read(seeds.seeds() / f"{name}.toml")


def readings(claim: Claim) -> set[str]:
    return {claim.status, *claim.also}


def quoted(whole: Annotation) -> set[int]:
    """The offsets that lie inside quotation marks. A quotation ends with its paragraph at the latest."""
    inside, open_now, ends = set(), False, {unit.end for unit in whole.units if last_of_paragraph(whole, unit.id)}
    for at, letter in enumerate(whole.text):
        open_now = open_now and at not in ends
        if letter == '"':
            open_now = not open_now
        elif open_now:
            inside.add(at)
    return inside


def last_of_paragraph(whole: Annotation, name: str) -> bool:
    units = list(whole.units)
    at = next(number for number, unit in enumerate(units) if unit.id == name)
    return at + 1 == len(units) or units[at + 1].paragraph != units[at].paragraph


def an_act_is_speech(whole: Annotation) -> Iterator[str]:
    yield from (c.id for c in whole.claims if (c.layer == "act") != (c.content_type == "speech"))


def an_act_is_on_record(whole: Annotation) -> Iterator[str]:
    """Where nobody is named whom one could ask, its chain has no speaker, and only the author says so."""
    for claim in (c for c in whole.claims if c.layer == "act"):
        status = "asserted" if claim.chain == ("article",) else "confirmed"
        if claim.status != status or not readings(claim) <= {"confirmed", "asserted"}:
            yield claim.id


def a_quotation_is_no_evidence_of_its_act(whole: Annotation) -> Iterator[str]:
    yield from (c.id for c in whole.claims if c.layer == "act" and c.evidence != "none")


def words_in_quotation_marks_are_direct_or_mixed(whole: Annotation) -> Iterator[str]:
    inside = quoted(whole)
    for claim in (c for c in whole.claims if c.layer == "content"):
        own = {at for at in range(claim.start, claim.end) if whole.text[at] not in '" '}
        marked = "direct" if own <= inside else "mixed" if own & inside else ""
        if (claim.quote_type if claim.quote_type in ("direct", "mixed") else "") != marked:
            yield claim.id


def what_is_free_of_evidence_is_a_stance(whole: Annotation) -> Iterator[str]:
    contents = [c for c in whole.claims if c.layer == "content"]
    yield from (c.id for c in contents if (c.content_type in FREE) != (c.status == "stance"))


def a_confirmed_content_has_support(whole: Annotation) -> Iterator[str]:
    for claim in whole.claims:
        supported = claim.evidence in ("described", "shown") or any(words in claim.why.lower() for words in SUPPORT)
        if claim.layer == "content" and claim.status == "confirmed" and not supported:
            yield claim.id


def the_status_fits_the_voice(whole: Annotation) -> Iterator[str]:
    """Asserted is the author's; alleged, denied and unconfirmed are somebody else's, alleged also nobody's."""
    for claim in (c for c in whole.claims if c.layer == "content"):
        voice = claim.source if claim.source in OWN_VOICES else "source"
        fits = {
            "author": {"asserted", "confirmed", "stance"},
            "none": {"alleged"},
            "source": {"alleged", "denied", "unconfirmed", "confirmed", "stance"},
        }
        if claim.status not in fits[voice]:
            yield claim.id


def a_chain_runs_from_the_source_to_here(whole: Annotation) -> Iterator[str]:
    """The source is the first speaker named; whoever hands it on is a link. The author's own words have one."""
    for claim in whole.claims:
        named = [link for link in claim.chain if link != "?"]
        speaker = claim.source not in OWN_VOICES and claim.source != named[0]
        nobody = claim.source == "none" and claim.chain[0] != "?"
        author = claim.layer == "content" and claim.source == "author" and claim.chain != ("article",)
        if claim.chain[-1:] != ("article",) or speaker or nobody or author:
            yield claim.id


def an_attribution_without_a_verb_is_an_act_only_where_no_other_words_are(whole: Annotation) -> Iterator[str]:
    acts = [c for c in whole.claims if c.layer == "act"]
    for claim in (c for c in acts if c.cue.lower() in ("according to", "as per") or c.cue.endswith(":")):
        if any(other.chain[0] == claim.chain[0] for other in acts if other is not claim):
            yield claim.id


def an_office_does_not_confirm_what_it_says_itself(whole: Annotation) -> Iterator[str]:
    yield from (c.id for c in whole.claims if c.layer == "content" and c.status == "alleged" and "confirmed" in c.also)


def a_further_reading_is_explained(whole: Annotation) -> Iterator[str]:
    yield from (c.id for c in whole.claims if not c.why or any(status not in c.why for status in c.also))


def one_cue_has_one_class(whole: Annotation) -> Iterator[str]:
    classes = {(c.unit, c.cue): c.cue_class for c in reversed(whole.claims)}
    for claim in whole.claims:
        expected = CLASSES.get(claim.cue.lower(), classes[claim.unit, claim.cue])
        if claim.cue_class != expected:
            yield claim.id


def a_word_that_weakens_is_a_hedge(whole: Annotation) -> Iterator[str]:
    words = ("reportedly", "allegedly", "apparently", "may have")
    contents = [c for c in whole.claims if c.layer == "content" and not c.hedge]
    yield from (c.id for c in contents if any(word in c.quote.lower() for word in words))


def every_source_is_used(whole: Annotation) -> Iterator[str]:
    used = {name for c in whole.claims for name in (c.source, *c.chain)} | {reply.source for reply in whole.replies}
    yield from (s.id for s in whole.sources if s.id not in used and not s.accused)


def a_claim_does_not_lean_on_itself(whole: Annotation) -> Iterator[str]:
    yield from (c.id for c in whole.claims if c.id in (*c.disputed_by, *c.supported_by))


Rule = Callable[[Annotation], Iterator[str]]
RULES: list[Rule] = [
    an_act_is_speech, an_act_is_on_record, a_quotation_is_no_evidence_of_its_act,
    words_in_quotation_marks_are_direct_or_mixed, what_is_free_of_evidence_is_a_stance,
    a_confirmed_content_has_support, the_status_fits_the_voice, a_chain_runs_from_the_source_to_here,
    a_further_reading_is_explained, one_cue_has_one_class, a_word_that_weakens_is_a_hedge, every_source_is_used,
    a_claim_does_not_lean_on_itself, an_attribution_without_a_verb_is_an_act_only_where_no_other_words_are,
    an_office_does_not_confirm_what_it_says_itself,
]  # fmt: skip
each_seed = pytest.mark.parametrize("name", SEEDS)


@each_seed
def test_a_seed_is_sound_and_its_text_is_the_one_that_was_annotated(name: str) -> None:
    whole = seed(name)
    assert whole.facts.slug == name and whole.facts.text == f"{name}.txt" and whole.claims
    assert hashlib.sha256((seeds.seeds() / f"{name}.txt").read_bytes()).hexdigest() == whole.facts.sha256
    assert whole.units[0].text == whole.facts.headline


@each_seed
def test_only_an_article_from_outside_has_an_address_and_passes(name: str) -> None:
    whole = seed(name)
    head = (seeds.seeds() / f"{name}.toml").read_text("utf-8").partition("format =")[0]
    assert whole.facts.invented == (name not in ("soldiers", "ottawa"))
    assert whole.facts.invented != whole.facts.address.startswith("https://")
    assert {name: len(statuses) for name, statuses in whole.passes.items()} == (
        {} if whole.facts.invented else {claim.id: 3 for claim in whole.claims}
    )
    assert whole.facts.invented == bool(re.search("made.up", head))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@each_seed
def test_no_label_breaks_a_ruling(name: str, rule: Rule) -> None:
    assert set(rule(seed(name))) == KNOWN.get((rule.__name__, name), set())


SLIPS: dict[Rule, tuple[str, dict[str, object]]] = {
    an_act_is_speech: ("W01a", {"content_type": "event"}),
    an_act_is_on_record: ("W01a", {"status": "alleged"}),
    a_quotation_is_no_evidence_of_its_act: ("W05b", {"evidence": "shown"}),
    words_in_quotation_marks_are_direct_or_mixed: ("W07a", {"quote_type": "indirect"}),
    what_is_free_of_evidence_is_a_stance: ("W34a", {"status": "alleged"}),
    a_confirmed_content_has_support: ("W15d", {"why": "She says so."}),
    the_status_fits_the_voice: ("W03a", {"status": "denied"}),
    a_chain_runs_from_the_source_to_here: ("W27b", {"chain": ("?", "article")}),
    a_further_reading_is_explained: ("W36b", {"also": ("asserted",)}),
    one_cue_has_one_class: ("W21a", {"cue_class": "neutral"}),
    a_word_that_weakens_is_a_hedge: ("W29a", {"hedge": ""}),
    every_source_is_used: ("W28c", {"source": "brann", "chain": ("?", "brann", "article")}),
    a_claim_does_not_lean_on_itself: ("W04b", {"disputed_by": ("W04b",)}),
    an_attribution_without_a_verb_is_an_act_only_where_no_other_words_are: ("W29b", {"cue": "According to"}),
    an_office_does_not_confirm_what_it_says_itself: ("W36b", {"also": ("confirmed",)}),
}
"""For each rule a change in the article on the sluice that breaks it: the claim, and its new values."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_finds_what_breaks_it(rule: Rule) -> None:
    claim, values = SLIPS[rule]
    whole = seed("sluice")
    broken = replace(whole, claims=tuple(replace(c, **values) if c.id == claim else c for c in whole.claims))
    assert set(rule(broken)) == ({"angler"} if rule is every_source_is_used else {claim})


# What each of the two whole invented articles is there for.


@pytest.mark.parametrize(
    ("name", "words", "claims"), [("sluice", (450, 550), (40, 60)), ("budget", (400, 500), (35, 50))]
)
def test_the_invented_articles_are_as_long_as_a_news_item(
    name: str, words: tuple[int, int], claims: tuple[int, int]
) -> None:
    whole = seed(name)
    assert words[0] <= len(whole.text.split()) <= words[1] and claims[0] <= len(whole.claims) <= claims[1]
    assert {unit.kind for unit in whole.units} == {"headline", "heading", "body"}
    bare = {unit.text for unit in whole.units} - {u.text for u in whole.units if u.id in {c.unit for c in whole.claims}}
    assert len(bare) <= 4, "almost every sentence holds a claim"


@pytest.mark.parametrize("name", ["sluice", "budget"])
def test_the_units_are_the_whole_text(name: str) -> None:
    whole = seed(name)
    edges = [0, *(at for unit in whole.units for at in (unit.start, unit.end)), len(whole.text)]
    assert not "".join(whole.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()
    paragraphs = [part for part in whole.text.splitlines() if part]
    for number, part in enumerate(paragraphs):
        assert part == " ".join(unit.text for unit in whole.units if unit.paragraph == number)


def test_the_second_real_article_denies_admits_and_names_its_authors() -> None:
    whole = seed("ottawa")
    contents = [c.status for c in whole.claims if c.layer == "content"]
    assert contents.count("denied") >= 2 and contents.count("confirmed") >= 1
    assert 300 <= len(whole.text.split()) <= 600
    assert "Wikinews contributors, CC BY 2.5, shortened" in annotated(Article(whole), field="status").title


def test_the_sluice_has_every_status_and_every_way_to_say_no() -> None:
    claims = seed("sluice").claims
    assert {c.status for c in claims} == set(codebook.names("status"))
    assert {c.quote_type for c in claims} == set(codebook.names("quote_type"))
    assert sum(c.status == "denied" for c in claims) >= 5
    cues = {c.cue for c in claims}
    no = {"denied", "dismissed", "declined to comment", "withdrawn", "would neither confirm nor deny", "admitted"}
    assert no <= cues
    confirmed = [c for c in claims if c.layer == "content" and c.status == "confirmed"]
    assert {c.evidence for c in confirmed} == {"none", "described", "shown"}
    assert any("?" in c.chain[1:-1] for c in claims), "a chain with an unknown link in the middle"
    assert {reply.reply for reply in seed("sluice").replies} >= {"denied", "declined"}


def test_the_budget_is_dry_and_nobody_denies_anything() -> None:
    whole = seed("budget")
    assert not any("denied" in readings(c) for c in whole.claims) and not whole.replies
    assert sum(any(letter.isdigit() for letter in unit.text) for unit in whole.units) > len(whole.units) / 2
    assert sum(c.content_type == "conditional" for c in whole.claims) >= 2
    assert "endorsing" in {c.cue_class for c in whole.claims}
