"""Where a noun phrase ends: titles, names, what a preposition adds, appositions and relative clauses."""

from __future__ import annotations

from kit.draft import words
from kit.draft.starts import TO_HEADS
from kit.draft.tokens import Tokens

__all__ = ["SPEECHES", "core_end", "phrase_end"]


SPEECHES = frozenset(
    "statement interview speech letter tweet memo report release email e-mail post hearing conference address "
    "filing briefing debate appearance testimony ad message note series call".split()
)


def phrase_end(tokens: Tokens, k: int, high: int, *, asides: bool = True) -> int:
    """The end of the noun phrase that begins at `k`, not beyond `high`; `k` where none begins."""
    j = core_end(tokens, k, high)
    while j < high:
        step = _forward(tokens, j, high, asides)
        if step <= j:
            break
        j = step
    return j


def core_end(tokens: Tokens, k: int, high: int) -> int:
    """The end of the words from `k` that make one noun group: a determiner, adjectives, nouns, names."""
    j = k
    while j < high:
        kind, word = tokens.kinds[j], tokens.lows[j]
        if kind == "pro":
            return j + 1 if j == k or tokens.kinds[j - 1] == "det" else j
        if kind == "det" and j > k and tokens.kinds[j - 1] not in ("det",):
            return j
        if (
            kind == "word"
            and j > k
            and (word in words.PASTS or (word.endswith("ing") and tokens.kinds[j - 1] == "name"))
        ):
            return j
        if not (
            kind in ("det", "poss", "name", "word", "num")
            or (kind == "adv" and word.endswith("ly") and k < j < high - 1 and tokens.kinds[j + 1] in ("word", "num"))
            or (tokens.forms[j] in ("'", "’") and j > k)
        ):
            return j
        j += 1
    return j


def _forward(tokens: Tokens, j: int, high: int, asides: bool) -> int:
    kind, word, form = tokens.kinds[j], tokens.lows[j], tokens.forms[j]
    if kind == "prep" and word in words.LINKS:
        near = word in ("of", "for", "at", "from", "with") or tokens.kinds[j - 1] != "name"
        end = core_end(tokens, j + 1, high)
        stray = tokens.lows[end - 1] in SPEECHES or (j + 1 < high and tokens.lows[j + 1] in words.TEMPORAL)
        return end if near and end > j + 1 and not (stray and word in ("in", "on", "at", "during")) else j
    if kind == "to" and tokens.lows[j - 1] in TO_HEADS:
        end = core_end(tokens, j + 1, high)
        return end if end > j + 1 else j
    if word in ("and", "&") and j + 1 < high:
        end = core_end(tokens, j + 1, high)
        if tokens.lows[end - 1].endswith("ed") and end < high and tokens.lows[end] == "by":
            return j  # praised by unions and condemned by banks
        return j if end == j + 1 or (end < high and tokens.finite(end)) or tokens.kinds[j + 1] == "pro" else end
    if form == "(":
        return next((n + 1 for n in range(j, min(high, j + 12)) if tokens.forms[n] == ")"), j)
    if form == "," and asides:
        return _apposition(tokens, j + 1, high) or j
    if word in ("who", "which", "familiar", "involved", "close", "based", "briefed"):
        return _segment_end(tokens, j, high)
    return j


def _segment_end(tokens: Tokens, k: int, high: int) -> int:
    """The next comma, quotation or stop from `k` on."""
    i = k
    while i < high and not (tokens.kinds[i] == "quote" or tokens.forms[i] in (",", ";", ":", ".", "--", "—")):
        i += 1
    return i


def _described(tokens: Tokens, k: int, end: int) -> bool:
    """Whether a participle that describes begins at `k`: led by a charity, published in Nature, based in Velma."""
    word = tokens.lows[k]
    part = word in _PARTS or (word.endswith("ed") and word not in _PRESSED)
    return part and k + 1 < end and tokens.lows[k + 1] in ("by", "in", "at", "as", "for", "on", "from")


_PARTS = frozenset("led known written held made drawn".split())
_PRESSED = frozenset("asked pressed questioned reached contacted interviewed added noted".split())


def _apposition(tokens: Tokens, k: int, high: int) -> int:
    """The end of the apposition or relative clause that begins at `k`, after a comma; 0 where none begins."""
    if k >= high:
        return 0
    end = _segment_end(tokens, k, high)
    kind, word = tokens.kinds[k], tokens.lows[k]
    if word in ("who", "whose", "which", "of", "at", "from", "with", "including") or _described(tokens, k, end):
        return end
    role = kind == "word" and not word.endswith(("ing", "ed")) and word not in words.PASTS
    if not (kind in ("det", "name", "poss", "num") or role):
        return 0
    relative = False
    for i in range(k, end):
        relative = relative or tokens.lows[i] in ("who", "which", "that", "whose", "where")
    return end
