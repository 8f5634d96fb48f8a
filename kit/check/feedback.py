"""What a wrong answer gets: the rule, the cue that was missed, and a contrast. Never just "incorrect".

The words stand in `rules.toml`. Here is which of them are said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kit.article import codebook
from kit.article.codebook import OWN_VOICES
from kit.article.records import Annotation, Claim
from kit.errors import KitError

FILE = Path(__file__).with_name("rules.toml")
REASONS = Path(__file__).with_name("reasons.toml")
ANSWER, WHY, ANYTHING = "answer", "why", "anything"
"""In a table of the file of reasons: what is right, why, and what is said to every choice that has no words there."""
_HEARSAY = ("distancing", "reportative")
"""Classes of cues that hand something on and name nobody."""
_IN_THE_WORDS = ("stance", "denied", "unconfirmed")
"""Statuses that hang on what was said, so that a cue like “said” leads astray."""
_NO = re.compile(r"\b(not|no|never|nobody|nothing|none|neither|nor|wrong|false|untrue)\b|n['’]t\b", re.IGNORECASE)
RESTATED = "in_other_words"
"""The kind of a line that restates a claim. It comes before the kinds of claims."""
KINDS: dict[str, Callable[[Claim], bool]] = {
    "of_an_act": lambda claim: claim.layer == "act",
    "of_a_content": lambda claim: claim.layer == "content",
    "without_a_cue": lambda claim: not claim.cue,
    "with_hearsay": lambda claim: claim.cue_class in _HEARSAY,
    "without_a_hedge": lambda claim: not claim.hedge,
    "with_a_hedge": lambda claim: bool(claim.hedge),
    "on_nobodys_word": lambda claim: claim.source == "none",
    "of_a_plan": lambda claim: claim.content_type == "plan",
    "in_quotation_marks": lambda claim: claim.quote_type in ("direct", "mixed"),
    "with_evidence_told": lambda claim: claim.evidence in ("asserted", "described"),
}
"""Kinds of claims for which there may be closer rules. Of several that fit, the first one counts."""


@dataclass(frozen=True)
class Rule:
    """What parts two labels, in words, and the misconception that confuses them (empty: none of the twelve)."""

    words: str
    misconception: str = ""


@dataclass(frozen=True)
class Note:
    """Feedback on one line: the rule, the cue that was missed and a contrast. Any part may be empty.

    `misconception` names which of the twelve lies behind the slip, where one does.
    """

    rule: str
    cue: str = ""
    contrast: str = ""
    misconception: str = ""

    def __str__(self) -> str:
        return "\n".join(part for part in (self.rule, self.cue, self.contrast) if part)


def pairs(field: str) -> list[tuple[str, str]]:
    """Every (right, given) pair of `field` that a student can produce: the permitted values, and blank."""
    values = codebook.names(field)
    return [(right, given) for right in values for given in ("", *values) if given != right]


def explain(
    claim: Claim, field: str, given: str, *, annotation: Annotation, avoid: frozenset[str], restated: bool = False
) -> Note | None:
    """Explain `given` as the answer on `field` of `claim`; None where it is accepted, or withheld.

    The note never says the right value. Its contrast is the nearest claim of `annotation` for which `given` would have
    been right, taken from outside `avoid` (the claims of a graded exercise), or else a made-up sentence. `restated` is
    for other words that restate the claim, such as a headline: what the article's own words show is left out.
    """
    right = claim.accepts(field)
    if not right or given in right:
        return None
    if given not in codebook.names(field):
        name = "no_label.unknown" if given else "no_label.blank"
        choices = [codebook.label(field, one) for one in codebook.names(field)]
        questions = " ".join(f"{item.question[:-1]} ({item.name})?" for item in choices)
        return Note(say(name, given=given, questions=questions))
    kinds = [RESTATED] * restated + [kind for kind, holds in KINDS.items() if holds(claim)]
    pair = f"{field}.{right[0]}"
    rule = _closer(pair, kinds, given) or _rule(f"{pair}.{given}")
    if restated and field == "layer":
        return Note(rule.words, misconception=rule.misconception)
    more = _closer(f"besides.{pair}", kinds, given) if claim.layer == "content" else None
    said = " ".join(part.words for part in (rule, more) if part)
    behind = (more or rule).misconception
    return Note(said, _missed(claim, field, given), _contrast(claim, field, given, annotation, avoid), behind)


def _closer(pair: str, kinds: Iterable[str], given: str) -> Rule | None:
    """The rule of `pair` (field and right label) for the first of `kinds` that has one."""
    names = (f"{pair}.{kind}.{label}" for kind in kinds for label in (given, "anything"))
    return next((sentences()[name] for name in names if name in sentences()), None)


def _missed(claim: Claim, field: str, given: str) -> str:
    """The words that decide. The cue is one of them only where it does not lead astray."""
    if {"cue", "hedge"} & set(claim.withheld):
        return ""
    words = claim.hedge if field == "reach" else claim.cue or claim.hedge
    if (field, given) == ("voucher", "none") and claim.cue_class in _HEARSAY:
        return say("look.beyond", words=words)
    # Of “denied that it had …” and “would neither confirm nor deny” the cue is what decides.
    decides = _NO.search(words) or (claim.status == "denied" and not _NO.search(claim.quote))
    astray = claim.status in _IN_THE_WORDS and claim.cue_class in ("neutral", "endorsing") and not decides
    if field == "status" and astray:
        return say("look.past", words=words, quote=claim.quote)
    if field == "status" and claim.status == "asserted" and claim.hedge:
        return say("look.weakened", words=claim.hedge)
    if words or field == "reach":
        return say("look.at", words=words) if words else ""
    if field != "cue_class" and claim.layer == "act":
        return say("look.needless")
    return say("look.outside" if field != "cue_class" and claim.source not in OWN_VOICES else "look.nowhere")


def _contrast(claim: Claim, field: str, given: str, annotation: Annotation, avoid: frozenset[str]) -> str:
    """The nearest claim on which every reader would answer `given`; a made-up sentence where there is none."""
    others = [c for c in annotation.by_id.values() if c.id not in avoid and c.accepts(field) == (given,)]
    if not others:
        return say("compare.made_up", quote=say(f"made_up.{field}.{given}"), given=given)
    near = min(others, key=lambda c: (field != "layer" and c.layer != claim.layer, abs(c.start - claim.start)))
    words = {"cue_class": near.cue, "reach": near.hedge}.get(field, "")
    name = "compare.word" if words else "compare.claim"
    return say(name, id=near.id, quote=near.quote, given=given, words=words)


def say(name: str, **filled: str) -> str:
    """The sentence called `name`, such as "look.at", with its placeholders filled."""
    try:
        return _rule(name).words.format(**filled)
    except (KeyError, IndexError, ValueError, AttributeError):
        raise _unfit(name) from None


def reason(question: str, line: str, given: str) -> str:
    """Why `given` fits a line of a question, or does not: "Fits." and the reason, or a rule and a contrast.

    `question` is page and question, "08_how_a_machine_would_do_it.ticket", as in the file of reasons. Raises KitError
    where that has no words.
    """
    about = _about(question).get(line, {})
    right, why = reasons(question).get(line, ((), ""))
    said = f"Fits. {why}" if given in right else about.get(given) or about.get(ANYTHING)
    if not isinstance(said, str):
        raise KitError(f"{REASONS.name}: [{question}] does not say what “{given}” on the line “{line}” is.")
    return " ".join(said.split())


def reasons(question: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """For each line of a question in the file of reasons, what is right on it, the best first, and why."""
    found = {}
    for line, about in _about(question).items():
        right = about.get(ANSWER, ())
        found[line] = ((right,) if isinstance(right, str) else tuple(right), " ".join(about.get(WHY, "").split()))
    return found


def _about(question: str) -> dict[str, Any]:
    page, _, name = question.rpartition(".")
    found = _reasons().get(page, {}).get(name)
    if not found:
        raise KitError(f"{REASONS.name}: there is no [{question}]. Write its reasons there, or take `reasons` away.")
    return found


@cache
def _reasons() -> dict[str, Any]:
    return _toml(REASONS)


def _rule(name: str) -> Rule:
    if name not in sentences() or not isinstance(sentences()[name].words, str):
        raise _unfit(name)
    return sentences()[name]


def _unfit(name: str) -> KitError:
    return KitError(
        f"{FILE.name}: “{name}” is missing or unfit. `python -m kit build --check` says what to mend there."
    )


@cache
def sentences() -> Mapping[str, Rule]:
    """Every sentence of the file by its name, such as "status.alleged.denied". Raises KitError where it is no TOML."""
    words, behind = read_file()
    for right, given in pairs("cue_class"):
        halves = [words.get(f"cue_class.does.{right}"), words.get(f"cue_class.needs.{given}")]
        if all(halves):
            words[f"cue_class.{right}.{given}"] = " ".join(map(str, halves))
    of = {name: misconception for misconception, names in behind.items() for name in names}
    return MappingProxyType({name: Rule(text, of.get(name, "")) for name, text in words.items()})


@cache
def misconceptions() -> tuple[str, ...]:
    """The twelve, by name, in the order of the file. Raises KitError where it is no TOML."""
    return tuple(read_file()[1])


def read_file() -> tuple[dict[str, Any], dict[str, Any]]:
    """The sentences by name, each in one line, and the names of the rules behind each misconception."""
    data = _toml(FILE)
    behind = data.pop("misconceptions", {})
    return dict(_flat(data)), behind if isinstance(behind, dict) else {}


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except ValueError as error:
        raise KitError(f"{file.name}: this is not valid TOML: {error}. Mend it there, and save it as UTF-8.") from None


def _flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, " ".join(value.split()) if isinstance(value, str) else value
