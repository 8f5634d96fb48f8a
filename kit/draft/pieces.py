"""Pieces of a text that make a claim: acts and contents out of attributions, and what the author says alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from kit.draft.attribution import Attribution, Reading
from kit.draft.hedges import opening
from kit.draft.lexicon import lexicon
from kit.draft.silences import silences, silent
from kit.draft.sources import Register
from kit.draft.statuses import Proposal, of_act, of_content, of_own
from kit.records import Unit

__all__ = ["QUOTES", "Piece", "pieces"]

Span = tuple[int, int]

QUOTES = '"“”„«»'


_ENDS = " \t,;:.–—-"


_ACTS = ("says", "asks", "judges")


_ABOUT = re.compile(r"\s(?:over|about|on|at|for|that|with)\b")
_MENTION = re.compile(r"\b(rumou?rs|reports|allegations|accusations) of ([^,.;:!?\"“”]{8,})")
_NEAR = 20
"""What is nested stands in the same sentence: so many attributions before and after are looked at."""
_SPLIT = re.compile(r", (?:and|but|while|whereas) (?=(?:the|a|an|his|her|its|their|it|he|she|they|there|[A-Z]\w+) )")


@dataclass(frozen=True)
class Piece:
    """Words of one unit that make a claim, before it has an id."""

    unit: Unit
    span: Span
    layer: str
    attribution: Attribution | None
    source: str
    proposal: Proposal


def pieces(reading: Reading, units: tuple[Unit, ...], register: Register) -> list[Piece]:
    """All pieces of a text that has been read; the sources that they name are put into `register`."""
    text = reading.tokens.text
    every = reading.attributions
    outer = [one for at, one in enumerate(every) if not _nested(one, every[max(0, at - _NEAR) : at + _NEAR])]
    outer = sorted([*outer, *silences(reading)], key=lambda one: (one.cue or one.content)[0][0])
    found: list[Piece] = []
    met: set[tuple[Span, ...]] = set()
    for one in outer:
        found += _of_attribution(one, reading, units, register, again=bool(one.source) and one.source in met)
        met.add(one.source)
    found += _mentioned(text, units)
    return found + _own(text, units, found)


def _mentioned(text: str, units: tuple[Unit, ...]) -> Iterator[Piece]:
    """“Rumors of P”, “reports of P” mention P, and nobody vouches for it (ruling b)."""
    for unit in units:
        for match in _MENTION.finditer(unit.text):
            cue = lexicon().nouns["rumor" if match.group(1).startswith("rumo") else "report"]
            start, end = unit.start + match.start(2), unit.start + match.end(2)
            at = unit.start + match.start(1)
            one = Attribution((), ((at, at + len(match.group(1))),), ((start, end),), cue, "hearsay")
            why = f"“{match.group(1)} of” mentions it, and nobody vouches for it."
            span = _bare(text, start, end)
            if span:
                yield Piece(unit, span, "content", one, "none", Proposal("alleged", why, "event", "likely"))


def _nested(one: Attribution, others: tuple[Attribution, ...]) -> bool:
    """Whether its cue stands in the content of another: then it is part of what somebody said."""
    at = (one.cue or one.source or one.content)[0][0]
    return any(a <= at < b for other in others if other is not one for a, b in other.content)


def _of_attribution(
    one: Attribution, reading: Reading, units: tuple[Unit, ...], register: Register, *, again: bool
) -> Iterator[Piece]:
    text = reading.tokens.text
    mention = reading.text[slice(*one.source[0])] if one.source else ""
    source = register.id_of(mention) if one.source else "none"
    told = one.word.sense in _ACTS and one.pattern not in ("hearsay", "according to", "headline")
    if one.pattern == "infinitive" and one.word.lemma not in ("decline", "refuse"):
        told = False
    mute = bool(told and one.cue and silent(one, text))
    if told and one.source and one.cue:
        yield from _act(one, text, units, source, register, silent=mute, again=again)
    if mute or (one.pattern == "object" and one.word.lemma in ("express", "voice", "convey")):
        return
    if one.word.sense == "wants" and one.pattern in ("infinitive", "noun to") and one.source:
        # A plan is not an event (g): the author tells of the intention, whole.
        yield from _contents(one, [(one.source[0][0], one.content[-1][1])], text, units, "author")
        return
    yield from _contents(one, _ranges(one, text), text, units, source)


def _ranges(one: Attribution, text: str) -> list[Span]:
    """The pieces of a content that are claims: a clause with the cue in its middle is one, quotations are several."""
    whole = (one.content[0][0], one.content[-1][1])
    direct = any(text[a] in QUOTES or text[b - 1] in QUOTES for a, b in one.content)
    return list(one.content) if direct or len(one.content) == 1 else [whole]


def _act(
    one: Attribution, text: str, units: tuple[Unit, ...], source: str, register: Register, *, silent: bool, again: bool
) -> Iterator[Piece]:
    (start, end), cue = one.source[0], one.cue[0]
    # “Rehn confirmed that …, but said …”: the second act begins with its own verb.
    first, last = cue if again else (min(start, cue[0]), max(end, cue[1]))
    narrated = silent or one.pattern == "object"
    if narrated and cue[0] > start and one.word.cue_class != "distancing":
        # "expressed concern over …": the act is told with its noun, and not with what it is about.
        first_about = _ABOUT.search(text, *one.content[0])
        last = max(last, first_about.start() if first_about else one.content[-1][1])
    unit = _unit_at(units, first)
    if unit is None or last > unit.end:
        return
    proposal = of_act(register.kind_of(source), narrated, silent)
    yield Piece(unit, (first, last), "act", one, source, proposal)


def _contents(one: Attribution, ranges: list[Span], text: str, units: tuple[Unit, ...], source: str) -> Iterator[Piece]:
    hearsay = source == "none"
    for start, end in ranges:
        for unit in _units_in(units, start, end):
            span = _bare(text, max(start, unit.start), min(end, unit.end))
            if span:
                cue = None if source == "author" else one.word
                proposal = of_content(text[slice(*span)], cue, source=source not in ("none", "author"), hearsay=hearsay)
                yield Piece(unit, span, "content", one, source, proposal)


def _own(text: str, units: tuple[Unit, ...], pieces: list[Piece]) -> list[Piece]:
    """What the author says: every sentence in which nothing is attributed."""
    taken = {piece.unit.id for piece in pieces}
    found = []
    for unit in units:
        if unit.id in taken or not any(c.isalpha() for c in unit.text):
            continue
        at = unit.start + opening(unit.text)[1]
        cuts = [m.span() for m in _SPLIT.finditer(text, at, unit.end)]
        edges = [at, *(edge for cut in cuts for edge in cut), unit.end]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            span = _bare(text, start, end)
            if span:
                proposal = of_own(text[slice(*span)])
                layer = "act" if proposal.content_type == "speech" else "content"
                found.append(Piece(unit, span, layer, None, "author", proposal))
    return found


def _bare(text: str, start: int, end: int) -> Span | None:
    """The span without “that”, the marks around it and the stop at its end; None where no word is left."""
    piece = text[start:end]
    for word in ("that ", "That "):
        if piece.startswith(word):
            start += len(word)
    while start < end and (text[start].isspace() or text[start] in ",;:–—-…"):
        start += 1
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    inner = text[start:end]
    opened, closed = inner[:1] in QUOTES and inner, inner[-1:] in QUOTES and inner
    if opened and not any(c in QUOTES for c in inner[1:-1]):
        start += 1
    if closed and not any(c in QUOTES for c in inner[1:-1]) and (opened or not any(c in QUOTES for c in inner[:-1])):
        end -= 1
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None


def _unit_at(units: tuple[Unit, ...], place: int) -> Unit | None:
    at = bisect_right(units, place, key=lambda unit: unit.start) - 1
    return units[at] if at >= 0 and place < units[at].end else None


def _units_in(units: tuple[Unit, ...], start: int, end: int) -> Iterator[Unit]:
    at = max(0, bisect_right(units, start, key=lambda unit: unit.start) - 1)
    while at < len(units) and units[at].start < end:
        if units[at].end > start:
            yield units[at]
        at += 1
