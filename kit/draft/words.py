"""Words: closed classes of English, all the grammar that the rules have, and the cues of `cues.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The tables of a file beside this one, such as `rules.toml`."""
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))


def listed(group: str, name: str) -> frozenset[str]:
    """A list of `words.toml`, such as "months" in the group "words"."""
    return frozenset(table("words.toml")[group][name].split())


_closed = partial(listed, "words")


BE = _closed("be")
HAVE = _closed("have")
DO = _closed("do")
MODALS = _closed("modals")
DETERMINERS = _closed("determiners")
POSSESSIVES = _closed("possessives")
PRONOUNS = _closed("pronouns")
WH = _closed("wh")
RELATIVES = _closed("relatives")
CONJUNCTIONS = _closed("conjunctions")
CLAUSE_OPENERS = _closed("clause_openers")
PREPOSITIONS = _closed("prepositions")
LINKS = _closed("links")
"""Prepositions that may join the parts of one noun phrase: a spokesman for the ministry."""
ADVERBS = _closed("adverbs")
OPENERS = _closed("openers")
"""Words that open a sentence and belong neither to a source nor to a content."""
MONTHS = _closed("months")
TEMPORAL = MONTHS | _closed("temporal")
TEMPORAL_LEADS = _closed("temporal_leads")
ROLES = _closed("roles")
PASTS = _closed("pasts")
"""Past forms that do not end in -ed, and present forms that are hardly ever nouns: the mark of a full clause."""
PRESENTS = _closed("presents")
"""Present forms, some of them also nouns; after a noun they are taken for verbs where a clause is looked for."""
SAID = _closed("said")
"""What ends a sentence that began with a quotation: “Why?” the mayor asked."""
TITLES = _closed("titles")
"""Short forms that stand before a name: no sentence ends with them."""
HONORIFICS = TITLES | _closed("honorifics")
"""All that stands before a name and belongs to it."""
ABBREVIATIONS = _closed("abbreviations")


@dataclass(frozen=True)
class Cue:
    """One form of a cue: `form` is base, s, past, part, past-part, ing or either (put).

    `more` are the words that must follow.
    """

    lemma: str
    form: str
    sense: str
    cue_class: str
    frames: frozenset[str]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subjects:
    """Nouns of one kind, without their plural's s, and the cues for which it matters that one is the subject."""

    heads: frozenset[str]
    cues: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """Cues by form. `verbs`: of one form, those of several words first; the frames of single verbs are joined.

    `things` are subjects that say nothing, `informing` those that show what they find. With one of its `objects` a verb
    is no cue (to claim asylum); with an object, one of `only` is a cue with these alone (to protest his innocence).
    """

    verbs: dict[str, tuple[Cue, ...]]
    adjectives: dict[str, Cue]
    nouns: dict[str, Cue]
    prepositions: tuple[Cue, ...]
    adverbs: dict[str, Cue]
    things: Subjects
    informing: Subjects
    objects: dict[str, frozenset[str]]
    only: dict[str, frozenset[str]]


@cache
def lexicon() -> Lexicon:
    """The lexicon of `cues.toml`."""
    data = table("cues.toml")
    irregular = data["irregular"]
    verbs: dict[str, list[Cue]] = {}
    for group in data["phrases"]:
        for phrase in group["words"]:
            lemma, *more = phrase.split()
            for form, name in _forms(lemma, irregular):
                cue = Cue(phrase, name, group["sense"], group["class"], _frames(group), tuple(w.lower() for w in more))
                verbs.setdefault(form, []).append(cue)
    for cue in _joined(data["verbs"]):
        for form, name in _forms(cue.lemma, irregular):
            verbs.setdefault(form, []).append(Cue(cue.lemma, name, cue.sense, cue.cue_class, cue.frames))
    adjectives, adverbs = (_single(data[name]) for name in ("adjectives", "adverbs"))
    nouns = {form: cue for cue in _joined(data["nouns"]) for form in (cue.lemma, _regular(cue.lemma)[0])}
    prepositions = tuple(
        Cue(phrase, "base", "says", group["class"], frozenset(), tuple(phrase.split()[1:]))
        for group in data["prepositions"]
        for phrase in group["words"]
    )
    things, informing = (
        Subjects(frozenset(data[n]["heads"].split()), frozenset(data[n]["cues"])) for n in ("things", "informing")
    )
    forms_of = {form: tuple(cues) for form, cues in verbs.items()}
    not_with, only = ({verb: frozenset(ns.split()) for verb, ns in data[n].items()} for n in ("objects", "only"))
    return Lexicon(forms_of, adjectives, nouns, prepositions, adverbs, things, informing, not_with, only)


def _frames(group: dict[str, Any]) -> frozenset[str]:
    return frozenset(group["frames"].split())


def _joined(groups: list[dict[str, Any]]) -> Iterator[Cue]:
    """One cue per lemma, with the frames of all its groups; its class and sense are those of the first."""
    found: dict[str, Cue] = {}
    for group in groups:
        for lemma in group["words"].split():
            known = found.get(lemma)
            frames = _frames(group) | (known.frames if known else frozenset())
            sense, cue_class = (known.sense, known.cue_class) if known else (group["sense"], group["class"])
            found[lemma] = Cue(lemma, "base", sense, cue_class, frames)
    yield from found.values()


def _single(groups: list[dict[str, Any]]) -> dict[str, Cue]:
    return {
        word: Cue(word, "base", group.get("sense", "says"), group["class"], frozenset(["to"] * bool(group.get("to"))))
        for group in groups
        for word in group["words"].split()
    }


def _forms(lemma: str, irregular: dict[str, str]) -> list[tuple[str, str]]:
    """Each form of a verb with its name; a form that is both past and participle is past-part."""
    s, past, part, ing = irregular[lemma].split() if lemma in irregular else _regular(lemma)
    both = [(past, "past-part")] if past == part else [(past, "past"), (part, "part")]
    if re.search(r"[^aeiou][ae]l$", lemma):
        both += [(f"{lemma}led", "past-part"), (f"{lemma}ling", "ing")]  # labelled, as in Britain
    found = [(lemma, "either" if past == lemma else "base"), (s, "s"), *both, (ing, "ing")]
    seen: dict[str, str] = {}
    for form, name in found:
        seen.setdefault(form, name)
    return list(seen.items())


def _regular(lemma: str) -> tuple[str, str, str, str]:
    if lemma.endswith("e"):
        return f"{lemma}s", f"{lemma}d", f"{lemma}d", f"{lemma[:-1]}ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma[:-1]}ied", f"{lemma}ing"
    s = f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else f"{lemma}s"
    return s, f"{lemma}ed", f"{lemma}ed", f"{lemma}ing"
