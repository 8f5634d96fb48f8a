"""What a pattern is: a name, what it says in words, an example with its answer, and the function that finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kit.draft.clauses import trimmed
from kit.draft.ends import core_end
from kit.draft.lexicon import Cue
from kit.draft.limits import narrow_end, verb_after
from kit.draft.supplements import skip_supplement
from kit.draft.verbs import Spot

__all__ = ["OBJECTS", "Found", "Pattern", "Range", "after_cue", "narrow", "narrow_content", "pattern", "said"]

Range = tuple[int, int]

OBJECTS = ("name", "det", "poss", "pro", "word", "num", "quote")
"""The kinds of tokens with which a noun phrase may begin."""
_FELT = frozenset("worry convince persuade concern determine".split())


@dataclass(frozen=True, slots=True)
class Found:
    """An attribution in tokens: half-open ranges, none or one for the source, one or more for cue and content."""

    source: Range | None
    cue: tuple[Range, ...]
    content: tuple[Range, ...]
    word: Cue
    pattern: str
    voice: str = "active"


@dataclass(frozen=True)
class Pattern:
    """One rule. In `example`, [S1 …], [C1 …] and [T1 …] mark source, cue and content; each example is a test."""

    name: str
    sense: str
    example: str
    find: Callable[[Spot], Found | None]


def pattern(name: str, sense: str, example: str) -> Callable[[Callable[[Spot], Found | None]], Pattern]:
    """Makes a rule of a function."""
    return lambda find: Pattern(name, sense, example, find)


def said(spot: Spot, name: str, content: list[Range], source: Range | None = None) -> Found:
    """The attribution with this content; its source is the subject, unless it is given."""
    first = spot.at if spot.voice == "infinitive" else spot.first
    if source is None and (spot.voice != "passive" or spot.cue.lemma in _FELT):
        source = spot.source()
    return Found(source, ((first, spot.stop),), tuple(content), spot.cue, name, spot.voice)


def narrow_content(spot: Spot, first: int, stop: int) -> Range | None:
    """What is said from `first` up to the next clause, or within a relative clause up to the verb that follows it."""
    end = narrow_end(spot.tokens, first, stop)
    if spot.tokens.lows[spot.first - 1] in ("who", "which", "that"):  # the men who wanted to leave were heard
        end = verb_after(spot.tokens, first + (spot.word(first) == "to"), end, 1)
    return trimmed(spot.tokens, first, end)


def narrow(spot: Spot, name: str, first: int, stop: int) -> Found | None:
    """The attribution whose content is the range up to the next clause, if there is a subject."""
    source, content = spot.source(), narrow_content(spot, first, stop)
    if (source is None and not spot.shared()) or content is None or spot.voice in ("infinitive", "passive"):
        return None
    return Found(source, ((spot.first, spot.stop),), (content,), spot.cue, name, spot.voice)


def after_cue(spot: Spot) -> int:
    """Where the content may begin: after the cue, the person told, days and places."""
    k, tokens = spot.stop, spot.tokens
    somebody = k < spot.high and (tokens.kinds[k] in OBJECTS[:-1] or tokens.lows[k] == "about")
    if somebody and "told" in spot.cue.frames and spot.voice != "passive":
        j = k
        while j < min(spot.high, k + 14) and tokens.kinds[j] in (*OBJECTS[:-1], "prep", "adv", "and"):
            j += 1
        end = _told(spot, k)
        # Warned more layoffs may come: nobody is told.
        k = k if end < spot.high and tokens.kinds[end] in ("modal", "be", "have", "do") else end
    k = skip_supplement(tokens, k, spot.high)
    if spot.cue.sense == "says" and spot.word(k) == "to" and k + 1 < spot.high:
        # Who is told: confirmed to reporters that …
        end = skip_supplement(tokens, core_end(tokens, k + 1, spot.high), spot.high)
        if end > k + 1 and (tokens.kinds[k + 1] in OBJECTS[:4] or (end < spot.high and tokens.kinds[end] == "that")):
            return end
    return k


def _told(spot: Spot, k: int) -> int:
    """The end of whoever is told something: told reporters; told ABC's "This Week"."""
    tokens, high = spot.tokens, spot.high
    end = core_end(tokens, k, high)
    if end < high and (tokens.forms[end] in (",", ":") or tokens.kinds[end] == "that"):
        return end
    # It ends where small letters change to capitals: told reporters Mr. Brandt would …
    end = next((i for i in range(k + 1, end) if tokens.kinds[i] == "name" and tokens.kinds[i - 1] == "word"), end)
    if end < high and tokens.lows[end] in ("of", "at", "and"):
        end = core_end(tokens, end + 1, high)
    return end
