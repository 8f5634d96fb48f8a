"""Which attributions of a sentence stay, and where one of them takes over from the content of another."""

from __future__ import annotations

from dataclasses import replace

from kit.draft.clauses import trimmed
from kit.draft.patterns import Found, Range
from kit.draft.tokens import Tokens

__all__ = ["settled"]


_NARROW = ("object", "called", "as", "noun that", "noun to", "adjective that", "accused of", "object and participle")
"""What is found by these rules within somebody's content is hers, not an attribution of its own."""


def settled(tokens: Tokens, hits: list[Found]) -> list[Found]:
    """The attributions of a sentence, each content cut where another of them takes over."""
    kept: list[Found] = []
    for hit in hits:
        anyone = hit.source and tokens.lows[hit.source[1] - 1] == "one" and hit.source[1] - hit.source[0] < 3
        told = hit.pattern in _NARROW and any(_fronts(other, hit) for other in hits)
        if not anyone and not told and not any(_takes_in(tokens, other, hit) for other in kept):
            kept.append(hit)
    return [cut for hit in kept if (cut := _cut(tokens, hit, kept))]


def _fronts(other: Found, hit: Found) -> bool:
    """Whether `hit` stands in a content that comes before its cue: X rejects the plan, Y said."""
    first, stop = other.content[0]
    return other.pattern in ("fronted", "inverted") and bool(hit.cue) and first <= hit.cue[0][0] < stop


def _takes_in(tokens: Tokens, other: Found, hit: Found) -> bool:
    """Whether `hit` only repeats a part of `other`: “refused to say that”, “expressed hope that”.

    Of what is told within a content, only clear reports and wishes of somebody else are kept.
    """
    at = hit.cue[0][0] if hit.cue else -1
    inside = any(a <= at < b for a, b in other.content)
    start = other.content[0][0]
    if hit.pattern == "noun that" and hit.content[0][0] == start:
        return True
    if not inside:
        return any(a <= at < b for a, b in other.cue)
    if hit.voice == "infinitive":
        return True
    own = hit.source is not None and tokens.kinds[hit.source[0]] == "pro" and hit.source[1] - hit.source[0] == 1
    if own and hit.source and start <= hit.source[0] and _edge(tokens, other, hit, start) is None:
        return True
    if hit.source == other.source and hit.voice == "participle" and tokens.kinds[at - 1] == "prep":
        return True  # condemned the president for ordering: he ordered, not the source
    if hit.source == other.source:
        # What the speaker says of herself: she said she liked it but wished …
        shared = tokens.kinds[at - 1] == "and" and tokens.forms[at - 2] != "," and hit.word.sense in ("thinks", "wants")
        shared = shared and other.pattern in ("that clause", "bare clause")
        return shared or _repeats(hit, at - start)
    if hit.pattern in _NARROW:
        return _edge(tokens, other, hit, start) is None
    return _repeats(hit, at - start)


def _repeats(hit: Found, near: int) -> bool:
    """Whether a noun at the beginning of a content is only a part of its cue: expressed hope that."""
    return near <= 2 and hit.pattern == "noun that"


def _cut(tokens: Tokens, hit: Found, others: list[Found]) -> Found | None:
    contents: list[Range] = []
    for first, stop in hit.content:
        for other in others:
            edge = _edge(tokens, hit, other, first)
            if edge is not None and first < edge < stop:
                stop = edge
        part = trimmed(tokens, first, stop)
        if part:
            contents.append(part)
    return replace(hit, content=tuple(contents)) if contents else None


def _edge(tokens: Tokens, hit: Found, other: Found, first: int) -> int | None:
    """Where, after `first`, attribution `other` takes over from the content of `hit`; None where it is nested."""
    if other is hit or not other.cue or other.cue[0][0] <= first or (hit.cue and hit.cue[0][0] > other.cue[0][0]):
        return None
    cue = other.cue[0][0]
    start = min(cue, other.source[0]) if other.source else cue
    if start < first:
        # The same source goes on with another cue: “said … and added …”.
        return cue if other.source == hit.source or other.content[0][0] > cue else None
    if other.content[0][0] <= first:
        # What stands between belongs to the later cue: “A says …, B said.”
        return start if other.pattern in ("fronted", "inverted", "according to") else None
    while start - 1 > first and tokens.kinds[start - 1] == "adv":
        start -= 1
    before, mark = tokens.lows[start - 1], tokens.forms[start - 2]
    mark = tokens.forms[start - 3] if tokens.kinds[start - 2] == "quote" else mark
    turn = before in ("but", "while", "although", "whereas", ";", "though") or (before == "as" and mark == "even")
    return start if turn or (before == "and" and mark == ",") else None
