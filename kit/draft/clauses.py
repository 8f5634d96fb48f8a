"""Clauses: whether one begins here, and where it ends."""

from __future__ import annotations

from kit.draft import words
from kit.draft.tokens import Tokens

__all__ = ["body_end", "clause_end", "has_verb", "is_clause", "trimmed", "verbal"]

Range = tuple[int, int]

_NOMINATIVE = frozenset("he she it they we i you there".split())


_OBJECTIVE = frozenset("him them me us himself herself itself themselves".split())
_BEGINS = frozenset("pro det poss name num word prep open adv quote wh".split())
_STOPS = frozenset("because although though whereas unless whether".split())


def body_end(tokens: Tokens, low: int, high: int) -> int:
    """The end of a sentence without its last stop, unless the stop stands within a quotation."""
    while high - 1 > low and tokens.forms[high - 1] in (".", "?", "!", ";", ":", ",") and tokens.quoted[high - 1] < 0:
        high -= 1
    return high


def trimmed(tokens: Tokens, first: int, stop: int) -> Range | None:
    """The range without commas, dashes and “and” at its ends; None where nothing is left."""
    while first < stop and tokens.forms[first] in (",", ";", "--", "—", "–", ":", ")") and tokens.quoted[first] < 0:
        first += 1
    while stop > first and (
        (tokens.forms[stop - 1] in (",", ";", "--", "—", "–", ".", "(") and tokens.quoted[stop - 1] < 0)
        or tokens.lows[stop - 1] in ("and", "but", "while", "or", "although", "though", "as", "whereas", "even")
    ):
        stop -= 1
    return (first, stop) if first < stop else None


def has_verb(tokens: Tokens, first: int, stop: int) -> bool:
    """Whether there is something like a finite verb in the range."""
    for i in range(first, stop):
        if tokens.finite(i) or (i > first and verbal(tokens, i)):
            return True
        if tokens.kinds[i] == "to" and first < i < stop - 1 and tokens.kinds[i + 1] in ("word", "be", "have"):
            return True
    return False


def verbal(tokens: Tokens, i: int) -> bool:
    """Whether a word can be a finite verb: a form in -ed or a common present form, after a noun or a pronoun."""
    word, before = tokens.lows[i], i - 1
    while tokens.kinds[before] in ("adv", "quote") and before > 0:
        before -= 1
    past = word.endswith("ed") and (i + 1 == len(tokens.lows) or tokens.lows[i + 1] != "by")
    return (past or word in words.PRESENTS) and tokens.nominal(before)


def is_clause(tokens: Tokens, k: int, high: int, *, strict: bool = False) -> bool:
    """Whether a clause without “that” begins at `k`: a subject and, further on, a finite verb outside a relative.

    With `strict`, forms in -ed do not count as verbs: after “expects”, a noun phrase is as likely.
    """
    kind = tokens.kinds[k] if k < high else ""
    if high - k < 2 or kind not in _BEGINS or tokens.lows[k] in _OBJECTIVE or (kind in ("prep", "adv") and strict):
        return False
    if tokens.lows[k] in _NOMINATIVE:
        return tokens.kinds[k + 1] not in ("mark", "prep", "to", "and")
    relative = False
    for i in range(k + 1, high):
        word = tokens.lows[i]
        if _relative_here(tokens, i):
            relative = True
        elif _breaks(tokens, k, i, high, strict=strict):
            return False
        elif (
            tokens.finite(i) or (word in words.PRESENTS and tokens.nominal(i - 1)) or (not strict and verbal(tokens, i))
        ):
            if not relative:
                return True
            relative = False
    return False


def _breaks(tokens: Tokens, k: int, i: int, high: int, *, strict: bool) -> bool:
    """Whether the clause that may have begun at `k` cannot go on at `i`: then no subject and verb belong together."""
    form, more = tokens.forms[i], i + 1 < high
    if strict and tokens.lows[i] in ("where", "when"):
        return True  # found worms in waters where they are many
    if tokens.lows[i] in _STOPS or form in (";", ":") or (tokens.kinds[i] == "quote" and tokens.forms[i - 1] == ","):
        return True
    if form == "," and more and tokens.finite(i + 1) and "," not in tokens.forms[k:i]:
        return True
    return strict and tokens.kinds[i] == "and" and more and tokens.finite(i + 1)


def _relative_here(tokens: Tokens, i: int) -> bool:
    """Whether a relative clause begins at `i`: who, which, that; or with none of them, “the allegations he made”."""
    if tokens.lows[i] in _NOMINATIVE:
        return tokens.kinds[i - 1] in ("word", "name")
    return tokens.lows[i] in words.RELATIVES - {"where"} and (tokens.kinds[i] != "that" or tokens.nominal(i - 1))


def clause_end(tokens: Tokens, k: int, high: int) -> int:
    """The end of a clause that begins at `k`: the end of its sentence, or a semicolon, or “, according to”."""
    for i in range(k + 1, high):
        if tokens.forms[i] == ";":
            return i
    return high
