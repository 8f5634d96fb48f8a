"""Contents that are quoted, or that come before their cue, and quotations that run on. Ranges are half-open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kit.draft import words
from kit.draft.clauses import has_verb
from kit.draft.limits import narrow_end
from kit.draft.tokens import Tokens

__all__ = ["alone", "fronted", "quotation_at", "running"]

Range = tuple[int, int]


def quotation_at(tokens: Tokens, k: int, high: int) -> int:
    """The end of the quotation that opens at `k`, and of the words that go on from it; `k` where none opens."""
    if k >= len(tokens.forms) or tokens.kinds[k] != "quote" or tokens.quoted[k] < 0:
        return k
    last = tokens.quotes[tokens.quoted[k]][1]
    stop = last + 1
    if (
        stop < high
        and tokens.forms[stop] not in (",", ".", ";", "--", "—")
        and tokens.forms[last - 1] not in (",", ".", "?", "!")
    ):
        return narrow_end(tokens, stop - 1, high)
    return stop


def running(tokens: Tokens, stop: int, block_end: int) -> list[Range]:
    """The quotations that follow from `stop` on, each a sentence or more of its own: the source carries on."""
    found: list[Range] = []
    while stop < block_end and tokens.kinds[stop] == "quote" and tokens.quoted[stop] >= 0:
        first, last = tokens.quotes[tokens.quoted[stop]]
        if first != stop or last + 1 not in tokens.stops:
            break
        found.append((first, last + 1))
        stop = last + 1
    return found


def alone(tokens: Tokens, found: Iterable[Range]) -> Iterator[Range]:
    """Quotations of at least three words in no content of `found` that are sentences of their own, or end one."""
    taken = {i for first, stop in found for i in range(first, stop)}
    starts = {first for first, _ in tokens.sentences}
    for first, last in tokens.quotes:
        opens = first in starts or (first > 0 and tokens.forms[first - 1] == ":")
        if last - first > 3 and opens and last + 1 in tokens.stops and taken.isdisjoint(range(first, last + 1)):
            yield first, last + 1


def fronted(tokens: Tokens, k: int, low: int) -> Range | None:
    """The content that ends right before token `k`: a quotation, or a clause and a comma."""
    if k - 1 < low:
        return None
    form = tokens.forms[k - 1]
    inside = tokens.quoted[k - 1]
    if inside >= 0:
        first, last = tokens.quotes[inside]
        if first <= low:
            return first, last + 1
        start = _clause_start(tokens, low, first)
        return (start, last + 1) if has_verb(tokens, start, last) or first - start <= 6 else (first, last + 1)
    if form not in (",", "--", "—", "–"):
        return None
    start = _clause_start(tokens, low, k - 1)
    return (start, k - 1) if start < k - 1 else None


def _clause_start(tokens: Tokens, low: int, stop: int) -> int:
    """Where the clause that ends at `stop` begins: after a semicolon, and without “But,” or “However,”."""
    start = low
    for i in range(stop - 1, low, -1):
        if tokens.forms[i] in (";",) and tokens.quoted[i] < 0:
            start = i + 1
            break
    while start < stop and (tokens.lows[start] in words.OPENERS or tokens.forms[start] == ","):
        start += 1
    return start
