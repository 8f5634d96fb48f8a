"""The cue lexicon: `cues.toml` as a table from a word's form to what it may be."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Cue", "Lexicon", "Subjects", "lexicon"]


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

    `things` are subjects that say nothing, `informing` those that show what they find.
    """

    verbs: dict[str, tuple[Cue, ...]]
    adjectives: dict[str, Cue]
    nouns: dict[str, Cue]
    prepositions: tuple[Cue, ...]
    adverbs: dict[str, Cue]
    things: Subjects
    informing: Subjects


@cache
def lexicon() -> Lexicon:
    """The lexicon of `cues.toml`."""
    data = tomllib.loads((Path(__file__).with_name("cues.toml")).read_text("utf-8"))
    forms = _Forms(data["irregular"])
    verbs: dict[str, list[Cue]] = {}
    for group in data["phrases"]:
        for phrase in group["words"]:
            lemma, *more = phrase.split()
            for form, name in forms.of(lemma):
                cue = Cue(phrase, name, group["sense"], group["class"], _frames(group), tuple(w.lower() for w in more))
                verbs.setdefault(form, []).append(cue)
    for cue in _joined(data["verbs"]):
        for form, name in forms.of(cue.lemma):
            verbs.setdefault(form, []).append(Cue(cue.lemma, name, cue.sense, cue.cue_class, cue.frames))
    adjectives, adverbs = (_single(data[name], "to") for name in ("adjectives", "adverbs"))
    nouns = {form: cue for cue in _joined(data["nouns"]) for form in (cue.lemma, _regular(cue.lemma)[0])}
    prepositions = tuple(
        Cue(phrase, "base", "says", group["class"], frozenset(), tuple(phrase.split()[1:]))
        for group in data["prepositions"]
        for phrase in group["words"]
    )
    kinds = (Subjects(frozenset(data[n]["heads"].split()), frozenset(data[n]["cues"])) for n in ("things", "informing"))
    forms_of = {form: tuple(cues) for form, cues in verbs.items()}
    return Lexicon(forms_of, adjectives, nouns, prepositions, adverbs, *kinds)


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


def _single(groups: list[dict[str, Any]], flag: str = "") -> dict[str, Cue]:
    return {
        word: Cue(word, "base", group.get("sense", "says"), group["class"], frozenset([flag] * bool(group.get(flag))))
        for group in groups
        for word in group["words"].split()
    }


class _Forms:
    """The forms of English verbs: those of the table `irregular`, else by spelling."""

    def __init__(self, irregular: dict[str, str]) -> None:
        self.irregular = irregular

    def of(self, lemma: str) -> list[tuple[str, str]]:
        """Each form with its name; a form that is both past and participle is past-part."""
        s, past, part, ing = self.irregular[lemma].split() if lemma in self.irregular else _regular(lemma)
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
