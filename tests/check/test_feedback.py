"""Feedback on every wrong answer that can be given: a rule, the missed cue and a contrast, and never the answer."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from kit.article import codebook
from kit.article.loading import load_article
from kit.article.records import Claim
from kit.check import feedback
from kit.check.feedback import Note, explain, misconceptions, pairs, say, sentences

WHOLE = load_article().annotation
CLAIMS = WHOLE.by_id
OF_SOURCES = ("cue_class", "reach")
FIELDS = ("layer", "voucher", "status", *OF_SOURCES)
RULES = {
    field: {(right, given): sentences()[f"{field}.{right}.{given}"] for right, given in pairs(field) if given}
    for field in FIELDS
}
WRONG = [
    (claim, field, given)
    for claim, field in product(CLAIMS.values(), FIELDS)
    for given in codebook.names(field)
    if given not in claim.accepts(field)
]
FILE = Path(feedback.__file__).with_name("rules.toml")


def note_on(claim: Claim, field: str, given: str, avoid: frozenset[str] = frozenset()) -> Note:
    note = explain(claim, field, given, annotation=WHOLE, avoid=avoid)
    assert note is not None
    return note


def each_wrong_label(*fields: str) -> Callable[[Callable[[Claim, str, str], None]], Callable[[str], None]]:
    """Makes of a test of one wrong label a test of all that can be given on a claim: there are some 900 in all."""

    def of_claims(test: Callable[[Claim, str, str], None]) -> Callable[[str], None]:
        def of_claim(name: str) -> None:
            for case in WRONG:
                if case[0].id == name and case[1] in fields:
                    test(*case)

        of_claim.__name__ = test.__name__
        return pytest.mark.parametrize("name", CLAIMS)(of_claim)

    return of_claims


@each_wrong_label(*FIELDS)
def test_every_wrong_label_is_explained(claim: Claim, field: str, given: str) -> None:
    note = note_on(claim, field, given)
    assert len(note.rule.split()) >= 8
    words = claim.hedge if field == "reach" else claim.cue or claim.hedge
    assert f"“{words}”" in note.cue if words else " cue" in note.cue or field == "reach"
    assert not re.search(r"\b(incorrect|wrong|mistake)\b", str(note), re.IGNORECASE)


@each_wrong_label(*FIELDS)
def test_no_explanation_says_the_right_label(claim: Claim, field: str, given: str) -> None:
    note = note_on(claim, field, given)
    right = claim.accepts(field)[0]
    assert not re.search(rf"\b{right}\b", note.rule, re.IGNORECASE), note.rule
    assert f"“{right}”" not in str(note) and f"`{right}`" not in str(note)


@each_wrong_label(*FIELDS)
def test_the_contrast_is_a_claim_on_which_the_given_label_is_the_only_one(claim: Claim, field: str, given: str) -> None:
    fitting = {c.id for c in CLAIMS.values() if c.accepts(field) == (given,)}
    contrast, made_up = note_on(claim, field, given).contrast, note_on(claim, field, given, frozenset(fitting)).contrast
    assert made_up == f"Compare: `{given}` would fit a made-up sentence, “{say(f'made_up.{field}.{given}')}”"
    if not fitting:
        assert contrast == made_up
        return
    other = CLAIMS[re.match(r"Compare: `\w+` would fit (\w+), “", contrast)[1]]
    assert other.id in fitting
    word = {"cue_class": other.cue, "reach": other.hedge}.get(field)
    seen = f" (the word: “{word}”)" if word else ""
    assert contrast == f"Compare: `{given}` would fit {other.id}, “{other.quote}”{seen}."
    second = note_on(claim, field, given, avoid=frozenset({other.id})).contrast
    assert f"would fit {other.id}," not in second


@each_wrong_label(*FIELDS)
def test_no_explanation_is_long(claim: Claim, field: str, given: str) -> None:
    assert len(str(note_on(claim, field, given)).split()) <= (65 if field in OF_SOURCES else 61)


def test_every_label_has_a_made_up_sentence() -> None:
    found = [name.removeprefix("made_up.") for name in sentences() if name.startswith("made_up.")]
    assert sorted(found) == sorted(f"{field}.{name}" for field in FIELDS for name in codebook.names(field))


def test_every_pair_of_labels_that_can_occur_is_explained_in_its_own_words() -> None:
    for field in FIELDS:
        met = {(c.accepts(f)[0], given) for c, f, given in WRONG if f == field}
        rows = RULES[field]
        assert set(rows) == {(right, given) for right, given in pairs(field) if given} >= met
        assert len({rule.words for rule in rows.values()}) == len(rows)


@pytest.mark.parametrize("field", FIELDS)
def test_whatever_label_is_given_there_is_a_note_or_it_is_accepted(field: str) -> None:
    for claim in CLAIMS.values():
        for given in codebook.names(field):
            note = explain(claim, field, given, annotation=WHOLE, avoid=frozenset())
            assert (note is None) == (given in claim.accepts(field))
            assert note is None or len(str(note).split()) >= 8


def test_a_blank_line_and_a_word_that_is_no_label_get_the_questions() -> None:
    for given, start in (("", "This line is blank."), ("opinion", "“opinion” is not one of the labels.")):
        text = str(note_on(CLAIMS["S05a"], "voucher", given))
        assert text.startswith(start)
        assert [name for name in codebook.names("voucher") if f"({name})?" in text] == ["author", "source", "none"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_word_that_is_no_label_gets_the_questions_of_its_field(field: str) -> None:
    note = note_on(CLAIMS["S13a"], field, "opinion")
    assert all(f"({name})?" in note.rule for name in codebook.names(field))


@pytest.mark.parametrize("field", FIELDS)
def test_nothing_is_accepted_or_said_where_the_labels_are_withheld(field: str) -> None:
    blank = load_article(blank=["S05", "S13"]).annotation.by_id
    for claim, given in product((blank["S05a"], blank["S13a"]), codebook.names(field)):
        assert claim.accepts(field) == ()
        assert explain(claim, field, given, annotation=WHOLE, avoid=frozenset()) is None


def test_pairs_are_all_that_can_be_given() -> None:
    assert set(pairs("layer")) == {("act", ""), ("act", "content"), ("content", ""), ("content", "act")}
    assert len(pairs("voucher")) == 9


def test_the_parts_of_a_note_are_joined_where_they_are() -> None:
    assert str(Note("A rule.", contrast="Compare.")) == "A rule.\nCompare."
    assert str(Note("A rule.", "A cue.", "Compare.")) == "A rule.\nA cue.\nCompare."


@pytest.mark.parametrize("name", [name for name in sentences() if name.startswith(("cue.", "pieces."))])
def test_rules_without_a_label_are_whole_sentences(name: str) -> None:
    assert say(name).endswith((".", "?")) and len(say(name).split()) >= 10


def test_each_rule_names_one_of_the_twelve_misconceptions_or_none() -> None:
    assert len(misconceptions()) == len(set(misconceptions())) == 12
    named = {rule.misconception for rule in sentences().values()}
    assert "" in named and named - {""} < set(misconceptions())


@pytest.mark.parametrize(
    ("claim", "given", "misconception"),
    [
        ("S11b", "confirmed", "a plan is an event"),
        ("S06b", "confirmed", "quotation marks mean verbatim or true"),
        ("S17b", "confirmed", "a named official makes it confirmed"),
        ("S18b", "denied", "“no evidence” is a denial"),
        ("S24a", "confirmed", "no attribution means established"),
        ("S27c", "alleged", "condemning it asserts it"),
        ("S23a", "denied", "a hedge means false"),
    ],
)
def test_the_misconception_behind_a_slip_is_known(claim: str, given: str, misconception: str) -> None:
    assert note_on(CLAIMS[claim], "status", given).misconception == misconception


@pytest.mark.parametrize(
    ("claim", "field", "given", "rule", "cue"),
    [
        # Nothing to cover with a hand: nobody speaks in it.
        ("S15b", "layer", "act", "Nobody speaks in these words", "No cue ties it to anybody"),
        # Soldiers that are sent are what is told, and not the telling.
        ("S12b", "layer", "act", "does not make them an act", "The words to look at: “reportedly”."),
        ("S18b", "layer", "act", "Cover the speaker", "The words to look at: “commented”."),
        # The tempting word is not the one to look at.
        ("S13a", "voucher", "none", "named nearby", "Look beyond “reportedly”"),
        ("S12b", "voucher", "none", "named nearby", "Look beyond “reportedly”"),
        ("S14a", "voucher", "none", "Somebody does stand behind this", "The words to look at: “According to”."),
        # Nor is the cue, where the status hangs on what was said.
        (
            "S20a",
            "status",
            "alleged",
            "Ask whether evidence could settle it",
            "Look past “said”, at what was said: “The",
        ),
        ("S18b", "status", "denied", "It does not say that it is not so", "Look past “commented”"),
        ("S20c", "status", "alleged", "Ask whether evidence could settle it", "The words to look at: “demanding”."),
        # A hedge tempts to see a source, or a denial; without one nothing is said of hedges.
        ("S02a", "status", "alleged", "There is no source here", "“It seems” weakens it, and hands it to nobody else."),
        ("S02a", "status", "confirmed", "a word weakens it", "“It seems” weakens it"),
        ("S02a", "status", "unconfirmed", "A word such as “it seems”", "“It seems” weakens it"),
        ("S25a", "status", "unconfirmed", "The author says that it is so", "No cue ties it to anybody"),
        # An act needs no word of evidence or admissions, and a plan none of offices.
        ("S21b", "status", "alleged", "These words tell that somebody spoke", "The words to look at: “warned”."),
        ("S11b", "status", "confirmed", "it is a plan", "The words to look at: “As per”."),
        ("S23a", "status", "denied", "A word such as “reportedly”", "The words to look at: “allegedly”."),
        ("S23a", "status", "confirmed", "Nobody's word stands behind this", "The words to look at: “allegedly”."),
        ("S17b", "status", "denied", "Somebody says that it is", "The words to look at: “accused”."),
        # The cue of a quotation may stand in another sentence, and an act may need none.
        ("S09b", "voucher", "author", "The author passes this on", "stands outside these words"),
        ("S22c", "layer", "content", "did something openly", "none is needed"),
    ],
)
def test_the_words_fit_the_claim_at_hand(claim: str, field: str, given: str, rule: str, cue: str) -> None:
    note = note_on(CLAIMS[claim], field, given)
    assert rule in note.rule
    assert cue in note.cue


@pytest.mark.parametrize(
    ("claim", "given", "cue"),
    [
        # “denied that it had …”: the no stands in the cue, and what follows it says the opposite.
        ("W02b", "alleged", "The words to look at: “denied”."),
        ("W25b", "denied", "The words to look at: “would neither confirm nor deny”."),
        ("W05a", "alleged", "Look past “said”, at what was said: “That is not so”."),
        ("W24a", "denied", "Look past “added”"),
    ],
)
def test_a_cue_that_holds_the_no_is_not_looked_past(claim: str, given: str, cue: str) -> None:
    flood = load_article("sluice").annotation
    note = explain(flood.by_id[claim], "status", given, annotation=flood, avoid=frozenset())
    assert note is not None and note.cue.startswith(cue)


# Cue classes, and the reach of hedges


@pytest.mark.parametrize(("field", "right", "given"), [(field, *pair) for field in OF_SOURCES for pair in RULES[field]])
def test_no_rule_says_the_right_label_or_just_that_it_is_wrong(field: str, right: str, given: str) -> None:
    rule = RULES[field][right, given]
    assert not re.search(rf"\b{right}\b", rule.words, re.IGNORECASE)
    assert not re.search(r"\b(incorrect|wrong|false|mistake)\b", rule.words, re.IGNORECASE)
    assert len(rule.words.split()) >= 12 and rule.words.endswith(".")


@each_wrong_label(*OF_SOURCES)
def test_the_rule_on_a_cue_or_a_hedge_is_that_of_the_pair(claim: Claim, field: str, given: str) -> None:
    note = note_on(claim, field, given)
    assert note.rule == RULES[field][claim.accepts(field)[0], given].words
    words = claim.hedge if field == "reach" else claim.cue or claim.hedge
    assert (f"“{words}”" in note.cue) if words else note.cue.startswith("No ") or field == "reach"
    assert f"`{given}` would fit" in note.contrast


def test_a_hedge_reaches_its_own_words_and_the_clauses_that_hang_on_them() -> None:
    reach = {name: CLAIMS[name].accepts("reach") for name in ("S12a", "S12b", "S13a", "S13b", "S14a", "S01b", "S20c")}
    assert reach == {
        "S12a": ("plain",),
        "S12b": ("hedged",),
        "S13a": ("hedged",),
        "S13b": ("hedged", "plain"),
        "S14a": ("plain",),
        "S01b": ("hedged",),
        "S20c": ("plain",),
    }


def test_no_word_is_read_before_one_is_needed() -> None:
    code = "from kit.check import feedback; print(feedback.sentences.cache_info().misses)"
    done = subprocess.run([sys.executable, "-c", code], cwd=FILE.parents[1], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
