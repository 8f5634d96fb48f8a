"""The words of the feedback: every fault in their file is named before anything is built, and a teacher may edit it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.article.loading import load_article
from kit.check import feedback
from kit.check.feedback import Note, explain, misconceptions
from kit.errors import KitError
from kit.teacher.exercises.unfit import FILLED, unfit_words

WHOLE = load_article().annotation
TEXT = feedback.FILE.read_text("utf-8")
LACKS = "write there what a student shall be told."
NO_TEXT = "“made_up.layer.act” must be a text in quotation marks, and not an empty one."


def note_on(claim: str, field: str, given: str) -> Note:
    note = explain(WHOLE.by_id[claim], field, given, annotation=WHOLE, avoid=frozenset())
    assert note is not None
    return note


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the file of words, which the feedback reads in place of the kit's own."""
    path = tmp_path / "rules.toml"
    path.write_text(TEXT, "utf-8")
    monkeypatch.setattr(feedback, "FILE", path)
    feedback.sentences.cache_clear()
    feedback.misconceptions.cache_clear()
    yield path
    feedback.sentences.cache_clear()
    feedback.misconceptions.cache_clear()


def test_every_pair_has_its_words_and_nothing_is_unknown_or_unused() -> None:
    assert unfit_words() == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[status.denied]\nstance", "[status.denied]\nstence", (
            f"[status.denied] has no “stance”; {LACKS}",
            "“status.denied.stence” is never used; did you mean “status.denied.stance”?")),
        ("[cue_class.needs]\nneutral", "[cue_class.needs]\nneutrel", (
            f"[cue_class.needs] has no “neutral”; {LACKS}",
            "“cue_class.needs.neutrel” is never used; did you mean “cue_class.needs.neutral”?")),
        ("[made_up.reach]\nhedged", "[made_up.reach]\n# hedged", (f"[made_up.reach] has no “hedged”; {LACKS}",)),
        ("[chain]\nturned", "[chain]\n# turned", (f"[chain] has no “turned”; {LACKS}",)),
        ("[voucher.author.of_an_act]", "[voucher.author.of_acts]", (
            "“voucher.author.of_acts.anything” is never used; did you mean “voucher.author.of_an_act.anything”?",)),
        ('act = "The coach spoke to the press."', 'act = ""', (NO_TEXT,)),
        ('act = "The coach spoke to the press."', "act = 7", (NO_TEXT,)),
        ("look at: “{words}”", "look at: “{word}”", ("“look.at” has “{word}”; permitted: {words}.",)),
        ("look at: “{words}”", "look at: “{words”", ("“look.at” has “{words”; permitted: {words}.",)),
        ("look at: “{words}”", "look at: “words}”", ("“look.at” has “}”; permitted: {words}.",)),
        ("look at: “{words}”", "look at: “{words!r}”", ("“look.at” has “{words”; permitted: {words}.",)),
        ("The match is off.", "The {match} is off.", (
            "“made_up.layer.content” has “{match}”; nothing is filled in there.",)),
        ('"voucher.author.none"', '"voucher.author.nobody"', (
            "“no attribution means established” lies behind “voucher.author.nobody”, which is no rule; did you mean "
            "“voucher.author.none”?",)),
        ('"a plan is an event" = [', '"a plan is an event" = ["layer.act.content", ', (
            "“a plan is an event” and “said so, therefore so” both lie behind “layer.act.content”; keep it in one of "
            "the lists.",)),
        ('"two outlets are two sources" = []', '"two outlets are two sources" = "layer.act.content"', (
            "“two outlets are two sources” must be followed by a list of rules in square brackets.",)),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_entry(old: str, new: str, said: tuple[str, ...], edited: Path) -> None:
    assert old in TEXT
    edited.write_text(TEXT.replace(old, new, 1), "utf-8")
    assert unfit_words() == tuple(f"rules.toml: {fault}" for fault in said)


@pytest.mark.parametrize("without", ["", "misconceptions = 7\n"])
def test_a_file_without_misconceptions_is_named(without: str, edited: Path) -> None:
    edited.write_text(without + TEXT.partition("[misconceptions]")[0], "utf-8")
    assert unfit_words() == ("rules.toml: there is no table [misconceptions]; take it from the kit's own file.",)


def test_all_faults_are_named_at_once_and_what_is_unfit_is_not_said(edited: Path) -> None:
    edited.write_text(TEXT.replace("[look]\nat", "[look]\nto").replace("{id}", "{claim}"), "utf-8")
    found = unfit_words()
    assert len(found) == 6 and sum("{claim}" in fault for fault in found) == 4
    with pytest.raises(KitError) as fault:
        note_on("S05a", "layer", "content")
    assert str(fault.value) == (
        "rules.toml: “look.at” is missing or unfit. `python -m kit build --check` says what to mend there."
    )


@pytest.mark.parametrize(
    ("old", "new"), [('denied = "Nobody', "denied = Nobody"), ("[look]\n", "[look\n"), ("[look]", "[pieces]")]
)
def test_what_is_no_toml_is_one_sentence_with_the_line(old: str, new: str, edited: Path) -> None:
    edited.write_text(TEXT.replace(old, new, 1), "utf-8")
    (fault,) = unfit_words()
    assert re.fullmatch(r"rules\.toml: this is not valid TOML: .+ \(at line \d+, .+\)\. Mend it there, .+\.", fault)
    with pytest.raises(KitError, match="this is not valid TOML"):
        misconceptions()


def test_a_file_in_another_encoding_is_named_and_one_from_windows_is_read(edited: Path) -> None:
    edited.write_bytes(TEXT.encode("cp1252"))
    (fault,) = unfit_words()
    assert fault.startswith("rules.toml: this is not valid TOML: 'utf-8' codec") and fault.endswith("save it as UTF-8.")
    edited.write_bytes(TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    assert unfit_words() == ()
    assert "reporter puts on record." in note_on("S15b", "layer", "act").rule


def test_words_can_be_changed_and_closer_rules_added(edited: Path) -> None:
    old = note_on("S24a", "status", "alleged")
    closer = '[status.asserted.without_a_cue]\nalleged = """\nAsked of\n  no one?"""\nanything = "A rule of ours."\n\n'
    text = TEXT.replace("The words to look at: “{words}”.", "Mind these: “{words}”.")
    edited.write_text(text.replace("[no_label]", f"{closer}[no_label]"), "utf-8")
    feedback.sentences.cache_clear()
    feedback.misconceptions.cache_clear()
    new = note_on("S24a", "status", "alleged")
    assert new.rule == "Asked of no one?" and (new.cue, new.contrast) == (old.cue, old.contrast)
    assert note_on("S24a", "status", "denied").rule == "A rule of ours."
    assert note_on("S14a", "voucher", "author").cue == "Mind these: “According to”."
    assert unfit_words() == ()


def test_the_head_of_the_file_explains_every_kind_of_claim_in_its_order_and_every_placeholder() -> None:
    head = TEXT.partition("\n[")[0]
    assert re.findall(r"^#   (\w+)", head, re.MULTILINE) == [feedback.RESTATED, *feedback.KINDS]
    filled = {name for names in FILLED.values() for name in names}
    assert set(re.findall(r"^#   \{(\w+)\}", head, re.MULTILINE)) == filled
