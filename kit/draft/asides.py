"""What stands between a phrase and its verb, within commas or dashes: X, the head of Y, said.

Ranges of tokens are half-open.
"""

from __future__ import annotations

from kit.draft import words
from kit.draft.starts import SUFFIXES, phrase_start
from kit.draft.tokens import Tokens

__all__ = ["DASHES", "before_aside"]

Range = tuple[int, int]

DASHES = frozenset(("--", "—", "–", "---"))


def before_aside(tokens: Tokens, k: int, low: int) -> Range | None:
    """The phrase before “, …,” or “-- … --” that ends at `k`: X, the head of Y, said."""
    mark = tokens.forms[k - 1]
    at = _opening(tokens, k - 1, low, mark)
    if at is None or at - 1 < low:
        return None
    start = phrase_start(tokens, at, low)
    chained = _both(tokens, _chained(tokens, start, low), low)
    inner = tokens.kinds[at + 1]
    loose = inner in ("adv", "prep", "open", "be") and tokens.lows[at + 1] not in ("of", "with", "for", "including")
    return (start, at) if loose and chained == start else (chained, k - 1)


def _both(tokens: Tokens, start: int, low: int) -> int:
    """Where a phrase begins that is the second of two with asides: Mr. Lowe, R-Wis., and Ms. Doyle, D-Ohio."""
    if start - 4 < low or tokens.lows[start - 1] != "and" or tokens.forms[start - 2] != ",":
        return start
    other = before_aside(tokens, start - 1, low)
    return other[0] if other else start


def _chained(tokens: Tokens, start: int, low: int) -> int:
    """Where a phrase with several asides begins: the chief executive, John Harding, 46 years old."""
    while True:
        edge = start
        while edge - 1 > low and tokens.lows[edge - 1] in ("like", "including", "such", "as"):
            edge -= 1
        if edge - 1 <= low or tokens.forms[edge - 1] != ",":
            return start
        first = _opening(tokens, edge - 1, low, ",")
        if first is None:
            first = max((i for i in range(low, edge - 1) if tokens.kinds[i] == "quote"), default=low - 1)
        first += 1
        while first < edge and tokens.lows[first] in words.OPENERS:
            first += 1
        if not _plain(tokens, first, edge - 1):
            return start
        start = first


def _plain(tokens: Tokens, first: int, stop: int) -> bool:
    """Whether the range is nothing but a noun phrase, or a number."""
    last = tokens.lows[stop - 1]
    return tokens.nominal(stop - 1) and last not in words.TEMPORAL and phrase_start(tokens, stop, first) == first


def _opening(tokens: Tokens, stop: int, low: int, mark: str) -> int | None:
    """The mark that opens what closes at `stop`, within the sentence and outside quotations."""
    for i in range(stop - 1, low, -1):
        form = tokens.forms[i]
        if form == mark and not (form == "," and tokens.lows[i + 1] in SUFFIXES):
            return i
        if form in (";", ":") or (tokens.kinds[i] == "quote" and form != mark):
            return None
    return None
