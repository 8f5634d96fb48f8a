"""Claims out of the pieces of a text: each anchored by words that stand once in its unit, with all its fields."""

from __future__ import annotations

import re
from collections import defaultdict

from kit.anchors import places
from kit.draft.attribution import Attribution, Reading
from kit.draft.hedges import hedge_for
from kit.draft.pieces import QUOTES, Piece, pieces
from kit.draft.silences import SILENT
from kit.draft.sources import Register
from kit.records import Claim, Source, Unit

__all__ = ["claims"]

Span = tuple[int, int]

_LONGER = 12
"""So many words are added to make a quote stand once."""
_WORD = re.compile(r"\s*\S+")
_LIKELY = ("bare clause", "noun that", "noun to", "object", "remainder")
"""Patterns whose claims are no surer than likely."""


def claims(reading: Reading, units: tuple[Unit, ...]) -> tuple[tuple[Claim, ...], tuple[Source, ...]]:
    """The claims of a text that has been read, in the order of the text, and the register of their sources."""
    register = Register(text=reading.text)
    by_unit: dict[str, list[Piece]] = defaultdict(list)
    for piece in sorted(pieces(reading, units, register), key=lambda piece: (piece.span[0], piece.layer)):
        if piece.span not in [other.span for other in by_unit[piece.unit.id]]:
            by_unit[piece.unit.id].append(piece)
    found: list[Claim] = []
    for mine in by_unit.values():
        found += [_claim(piece, reading, register, number) for number, piece in enumerate(mine)]
    return tuple(found), register.marked()


def _claim(piece: Piece, reading: Reading, register: Register, number: int) -> Claim:
    unit, proposal = piece.unit, piece.proposal
    text, marked = reading.text, reading.tokens.text
    start, end = _anchored(text, unit, piece.span)
    quote = text[start:end]
    one, act = piece.attribution, piece.layer == "act"
    cue = _cue(one, unit, text) if one and (act or piece.source != "author") else ""
    hedge = "" if act else hedge_for(quote, unit.text, start - unit.start)
    return Claim(
        f"{unit.id}{chr(ord('a') + number) if number < 26 else f'z{number}'}",
        unit.id,
        quote,
        piece.layer,
        proposal.status,
        proposal.also,
        "author" if act else piece.source,
        cue,
        one.word.cue_class if one and cue else "none",
        hedge,
        _quote_type(one, marked, piece) if piece.source != "author" else "none",
        proposal.content_type,
        "shown" if act and one and _direct(one, marked) else "none",
        ("article",) if piece.source == "author" else ("?" if piece.source == "none" else piece.source, "article"),
        why=proposal.why,
        proposed=_sure(piece, register),
    )


def _anchored(text: str, unit: Unit, span: Span) -> Span:
    """The span, made longer word by word until its words stand once in the unit; at last the whole unit."""
    start, end = span
    for _ in range(_LONGER):
        if len(places(text[start:end], unit.text)) == 1:
            return start, end
        if end < unit.end:
            end = next((m.end() for m in _WORD.finditer(text, end, unit.end)), unit.end)
        else:
            start = max(unit.start, text.rfind(" ", unit.start, max(unit.start, start - 1)) + 1)
    return unit.start, unit.end


def _sure(piece: Piece, register: Register) -> str:
    """How sure: no surer than the rule for the status, than the source, and than the pattern."""
    marks = [piece.proposal.sure]
    marks += [source.proposed for source in register.sources if source.id == piece.source]
    if piece.attribution and piece.attribution.pattern in _LIKELY:
        marks.append("likely")
    if piece.attribution and piece.attribution.pattern == "quotation alone":
        marks.append("guess")
    return max(marks, key=("sure", "likely", "guess").index)


def _cue(one: Attribution, unit: Unit, text: str) -> str:
    """The words of the cue; those of the next sentence of the same quotation have no place in this unit."""
    words = " ".join(text[a:b] for a, b in one.cue[:1])
    return words if words and words in unit.text else ""


def _direct(one: Attribution, text: str) -> bool:
    return any(any(c in QUOTES for c in text[a:b]) for a, b in one.content)


def _quote_type(one: Attribution | None, text: str, piece: Piece) -> str:
    """direct, mixed, indirect, or narrated where an act is told without its content."""
    if one is None or one.pattern == "hearsay":
        return "narrated" if piece.layer == "act" else "none"
    if piece.layer == "act" and (one.pattern == "object" or SILENT.search(text[slice(*piece.span)])):
        return "narrated"
    first, last = text[one.content[0][0]], text[one.content[-1][1] - 1]
    if first in QUOTES and last in QUOTES:
        return "direct"
    return "mixed" if _direct(one, text) else "indirect"
