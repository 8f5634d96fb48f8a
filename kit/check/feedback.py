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
from kit.article.anchors import closest
from kit.article.codebook import OWN_VOICES
from kit.article.records import Annotation, Claim
from kit.errors import KitError

__all__ = ["Note", "Rule", "explain", "faults", "misconceptions", "pairs", "say", "sentences"]

_FILE = Path(__file__).with_name("rules.toml")
_FIELDS = ("layer", "voucher", "status", "reach", "cue_class")
_HEARSAY = ("distancing", "reportative")
"""Classes of cues that hand something on and name nobody."""
_IN_THE_WORDS = ("stance", "denied", "unconfirmed")
"""Statuses that hang on what was said, so that a speaking word like “said” leads astray."""
_RESTATED = "in_other_words"
_KINDS: dict[str, Callable[[Claim], bool]] = {
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
_SENTENCES = {
    "no_label.blank": ("questions",),
    "no_label.unknown": ("given", "questions"),
    "look.at": ("words",),
    "look.past": ("words", "quote"),
    "look.beyond": ("words",),
    "look.weakened": ("words",),
    "look.outside": (),
    "look.needless": (),
    "look.nowhere": (),
    "compare.claim": ("id", "quote", "given"),
    "compare.word": ("id", "quote", "given", "words"),
    "compare.made_up": ("quote", "given"),
    "compare.act": ("id", "quote", "words"),
    "compare.chain": ("id", "quote", "chain"),
    **{f"cue.{slip}": () for slip in ("none", "too_much", "too_little", "another")},
    **{f"pieces.{slip}": () for slip in ("too_much", "too_little")},
    **{f"chain.{slip}": () for slip in ("turned", "order", "own_voice", "outlet", "speaker", "exchanged")},
    **{f"chain.{slip}": () for slip in ("unknown", "known", "doubled", "surplus")},
}
"""The sentences that the checks ask for by name, with what is filled in."""


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
    """Explain `given` as the answer on `field` of `claim`; None where it is accepted, or the claim is blank.

    The note never says the right value. Its contrast is the nearest claim of `annotation` for which `given`
    would have been right, taken from outside `avoid` (the claims of a graded exercise), or else a made-up
    sentence. `restated` is for other words that restate the claim, such as a headline: what the article's own
    words show is left out.
    """
    right = claim.accepts(field)
    if not right or given in right:
        return None
    if given not in codebook.names(field):
        name = "no_label.unknown" if given else "no_label.blank"
        return Note(say(name, given=given, questions=_questions(field)))
    kinds = [_RESTATED] * restated + [kind for kind, holds in _KINDS.items() if holds(claim)]
    pair = f"{field}.{right[0]}"
    rule = _closer(pair, kinds, given) or sentences()[f"{pair}.{given}"]
    if restated and field == "layer":
        return Note(rule.words, misconception=rule.misconception)
    more = _closer(f"besides.{pair}", kinds, given) if claim.layer == "content" else None
    said = " ".join(part.words for part in (rule, more) if part)
    behind = (more or rule).misconception
    return Note(said, _missed(claim, field, given), _contrast(claim, field, given, annotation, avoid), behind)


def _questions(field: str) -> str:
    choices = [codebook.label(field, name) for name in codebook.names(field)]
    return " ".join(f"{item.question[:-1]} ({item.name})?" for item in choices)


def _closer(pair: str, kinds: Iterable[str], given: str) -> Rule | None:
    """The rule of `pair` (field and right label) for the first of `kinds` that has one."""
    names = (f"{pair}.{kind}.{label}" for kind in kinds for label in (given, "anything"))
    return next((sentences()[name] for name in names if name in sentences()), None)


def _missed(claim: Claim, field: str, given: str) -> str:
    """The words that decide. The speaking word is one of them only where it does not lead astray."""
    words = claim.hedge if field == "reach" else claim.cue or claim.hedge
    if (field, given) == ("voucher", "none") and claim.cue_class in _HEARSAY:
        return say("look.beyond", words=words)
    if field == "status" and claim.status in _IN_THE_WORDS and claim.cue_class in ("neutral", "endorsing"):
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
    return sentences()[name].words.format(**filled)


def sentences() -> Mapping[str, Rule]:
    """Every sentence of the file by its name, such as "status.alleged.denied". Raises KitError if it does not hold."""
    return _loaded()[0]


def misconceptions() -> tuple[str, ...]:
    """The twelve, by name, in the order of the file. Raises KitError if it does not hold."""
    return _loaded()[1]


def faults() -> tuple[str, ...]:
    """All that does not hold in the file of words, a sentence each that names the entry; nothing where all is well.

    That is: a pair of labels, a label or a sentence of the checks without words; words that nothing asks for, or that
    are no text; a placeholder that is not filled there; a misconception behind no rule of this name.
    """
    try:
        words, behind = _read()
    except KitError as error:
        return (str(error),)
    found = (*_missing_or_unfit(words), *_behind_nothing(words, behind))
    return tuple(f"{_FILE.name}: {fault}{'.' * (fault[-1] != '?')}" for fault in found)


@cache
def _loaded() -> tuple[Mapping[str, Rule], tuple[str, ...]]:
    if found := faults():
        raise KitError("\n".join(found))
    words, behind = _read()
    for right, given in _given("cue_class"):
        words[f"cue_class.{right}.{given}"] = f"{words[f'cue_class.does.{right}']} {words[f'cue_class.needs.{given}']}"
    of = {name: misconception for misconception, names in behind.items() for name in names}
    return MappingProxyType({name: Rule(text, of.get(name, "")) for name, text in words.items()}), tuple(behind)


def _read() -> tuple[dict[str, Any], dict[str, Any]]:
    """The sentences by name, each in one line, and the names of the rules behind each misconception."""
    try:
        data = tomllib.loads(_FILE.read_text("utf-8-sig"))
    except ValueError as error:
        raise KitError(f"{_FILE.name}: this is not valid TOML: {error}. Mend it there, and save it as UTF-8.") from None
    behind = data.pop("misconceptions", {})
    return dict(_flat(data)), behind if isinstance(behind, dict) else {}


def _flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, " ".join(value.split()) if isinstance(value, str) else value


def _given(field: str) -> list[tuple[str, str]]:
    return [(right, given) for right, given in pairs(field) if given]


def _missing_or_unfit(words: Mapping[str, Any]) -> Iterator[str]:
    labels = [f"{field}.{name}" for field in _FIELDS for name in codebook.names(field)]
    needed = [f"{field}.{right}.{given}" for field in _FIELDS[:-1] for right, given in _given(field)]
    needed += [f"cue_class.{half}.{name}" for half in ("does", "needs") for name in codebook.names("cue_class")]
    needed += [*(f"made_up.{label}" for label in labels), *_SENTENCES]
    known = {*needed, *_closer_names()}
    for name in needed:
        if name not in words:
            section, _, entry = name.rpartition(".")
            yield f"[{section}] has no “{entry}”; write there what a student shall be told"
    for name, text in words.items():
        if name not in known:
            yield f"“{name}” is never used{closest(name, tuple(sorted(known)))}"
        elif not text or not isinstance(text, str):
            yield f"“{name}” must be a text in quotation marks, and not an empty one"
        else:
            yield from _unfilled(name, text)


def _closer_names() -> list[str]:
    """Every closer rule that may be there."""
    labels = [(field, right, given or "anything") for field in _FIELDS for right, given in pairs(field)]
    kinds = (_RESTATED, *_KINDS)
    return [f"{a}{f}.{right}.{k}.{given}" for a in ("", "besides.") for f, right, given in labels for k in kinds]


def _unfilled(name: str, text: str) -> Iterator[str]:
    filled = [f"{{{value}}}" for value in _SENTENCES.get(name, ())]
    strange = [found for found in re.findall(r"\{\w*\}?|\}", text) if found not in filled]
    if strange:
        permitted = f"permitted: {', '.join(filled)}" if filled else "nothing is filled in there"
        yield f"“{name}” has “{strange[0]}”; {permitted}"


def _behind_nothing(words: Mapping[str, Any], behind: Mapping[str, Any]) -> Iterator[str]:
    rules = {f"{field}.{right}.{given}" for field in _FIELDS for right, given in _given(field)}
    rules |= set(words) & set(_closer_names())
    seen: dict[str, str] = {}
    if not behind:
        yield "there is no table [misconceptions]; take it from the kit's own file"
    for misconception, names in behind.items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            yield f"“{misconception}” must be followed by a list of rules in square brackets"
            continue
        for name in names:
            if name not in rules:
                yield f"“{misconception}” lies behind “{name}”, which is no rule{closest(name, tuple(sorted(rules)))}"
            elif name in seen:
                yield f"“{misconception}” and “{seen[name]}” both lie behind “{name}”; keep it in one of the lists"
            seen[name] = misconception
