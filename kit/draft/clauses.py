"""Clauses: whether one begins here, where it ends, and what may stand between a cue and its content."""

from __future__ import annotations

from kit.draft import words
from kit.draft.ends import core_end
from kit.draft.tokens import Tokens

__all__ = ["body_end", "clause_end", "has_verb", "is_clause", "narrow_end", "skip_supplement", "trimmed", "verbal"]

Range = tuple[int, int]

_SUPPLEMENTS = frozenset(
    "in on at during after before through by via from with over throughout since late early".split()
)


_NOMINATIVE = frozenset("he she it they we i you there".split())


_DONE = frozenset("offered gave left went walked did made took refused declined then later".split())
_BREAKS = frozenset(
    "but while although though whereas and which after as saying who because since so where when".split()
)


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


def skip_supplement(tokens: Tokens, k: int, high: int) -> int:
    """Past the adverbs, days, places and occasions that stand between a cue and its content."""
    for _ in range(6):
        if k >= high:
            return k
        word, kind = tokens.lows[k], tokens.kinds[k]
        following = tokens.lows[k + 1] if k + 1 < high else ""
        if word in words.TEMPORAL and following != "'s":
            k += 1
        elif kind == "adv" and word not in ("n't",):
            k += 1
        elif word == "for" and any(tokens.lows[i] in words.TEMPORAL for i in range(k + 1, min(k + 4, high))):
            k = next(i for i in range(k + 1, high) if tokens.lows[i] in words.TEMPORAL) + 1
        elif word in ("last", "this", "next", "late", "early", "earlier", "later") and following in words.TEMPORAL:
            k += 2
        elif (word in _SUPPLEMENTS and kind in ("prep", "word")) and k + 1 < high:
            end = _occasion(tokens, k + 1, high)
            if end == k + 1:
                return k
            k = end
        else:
            return k
    return k


def _occasion(tokens: Tokens, k: int, high: int) -> int:
    """The end of a short noun phrase after a preposition; it ends where small letters change to capitals."""
    end = core_end(tokens, k, high)
    for i in range(k + 1, end):
        capital = tokens.kinds[i] == "name" and tokens.kinds[i - 1] == "word"
        if capital and tokens.lows[i] not in words.TEMPORAL:
            return i
    while end < high and tokens.lows[end] in ("of", "with", "at", "for") and tokens.kinds[end] == "prep":
        more = core_end(tokens, end + 1, high)
        if more == end + 1:
            break
        end = more
    return end


def has_verb(tokens: Tokens, first: int, stop: int) -> bool:
    """Whether there is something like a finite verb in the range."""
    relative = False
    for i in range(first, stop):
        if tokens.forms[i] == ",":
            relative = False
        elif tokens.lows[i] in ("who", "which", "whose") and i > first:
            relative = True
        elif not relative and (tokens.finite(i) or (i > first and verbal(tokens, i))):
            return True
        elif tokens.kinds[i] == "to" and first < i < stop - 1 and tokens.kinds[i + 1] in ("word", "be", "have"):
            return True
    return False


def verbal(tokens: Tokens, i: int) -> bool:
    """Whether a word can be a finite verb: a form in -ed or a common present form, after a noun or a pronoun."""
    word = tokens.lows[i]
    return (word.endswith("ed") or word in words.PRESENTS) and (tokens.nominal(i - 1) or tokens.kinds[i - 1] == "adv")


def is_clause(tokens: Tokens, k: int, high: int, *, strict: bool = False) -> bool:
    """Whether a clause without “that” begins at `k`: a subject and, further on, a finite verb outside a relative.

    With `strict`, forms in -ed do not count as verbs: after “expects”, a noun phrase is as likely.
    """
    kind = tokens.kinds[k] if k < high else ""
    if k < high and tokens.lows[k] in ("him", "them", "me", "us", "himself", "herself", "itself", "themselves"):
        return False
    if high - k < 2 or kind not in ("pro", "det", "poss", "name", "num", "word", "prep", "open", "adv", "quote", "wh"):
        return False
    if tokens.lows[k] in _NOMINATIVE:
        return tokens.kinds[k + 1] not in ("mark", "prep", "to", "and")
    if kind in ("prep", "adv") and strict:
        return False
    relative = False
    for i in range(k + 1, high):
        word = tokens.lows[i]
        if tokens.kinds[i] == "quote" and tokens.forms[i - 1] == ",":
            return False
        if word in ("who", "which", "whom", "whose") or (tokens.kinds[i] == "that" and tokens.nominal(i - 1)):
            relative = True
        elif tokens.forms[i] == "," and relative:
            relative = False
        elif tokens.forms[i] == "," and i + 1 < high and tokens.finite(i + 1) and "," not in tokens.forms[k:i]:
            return False
        elif strict and tokens.kinds[i] == "and" and i + 1 < high and tokens.finite(i + 1):
            return False
        elif (
            tokens.finite(i) or (word in words.PRESENTS and tokens.nominal(i - 1)) or (not strict and verbal(tokens, i))
        ):
            if not relative:
                return True
            relative = False
        elif tokens.forms[i] in (";", ":") or (tokens.forms[i] == "," and strict and not relative and i - k > 12):
            return False
        elif not strict and word.endswith("s") and tokens.kinds[i] == "word" and _present(tokens, i, high):
            return not relative
    return False


def _present(tokens: Tokens, i: int, high: int) -> bool:
    before, after = tokens.kinds[i - 1], tokens.kinds[i + 1] if i + 1 < high else ""
    return before in ("name", "word") and after in ("det", "poss", "to", "pro", "that", "adv", "prep")


def clause_end(tokens: Tokens, k: int, high: int) -> int:
    """The end of a clause that begins at `k`: the end of its sentence, or a semicolon, or “, according to”."""
    for i in range(k + 1, high):
        if tokens.quoted[i] >= 0:
            continue
        if tokens.forms[i] == ";":
            return i
        if tokens.forms[i] == "," and i + 2 < high:
            after, word = tokens.lows[i + 1], tokens.lows[i + 2]
            # ", but offered no proof": a second verb of the main clause.
            second = after in ("and", "but") and (word.endswith("ed") or word in _DONE)
            if after == "according" or second:
                return i
    return high


def narrow_end(tokens: Tokens, k: int, high: int) -> int:
    """The end of an infinitive or a noun phrase as content: also a comma before a new clause ends it."""
    stop = clause_end(tokens, k, high)
    for i in range(k + 1, stop):
        if tokens.quoted[i] >= 0:
            continue
        after = tokens.lows[i + 1] if i + 1 < stop else ""
        if tokens.forms[i] in (",", "--", "—") and i + 1 < stop:
            later = after in ("a", "the", "one", "two") and i + 2 < stop and tokens.lows[i + 2] in words.TEMPORAL
            if later or after in _BREAKS or after.endswith(("ing", "ed")) or tokens.finite(i + 1):
                return i
        if tokens.lows[i] in ("but", "although", "though", "whereas"):
            return i
    return stop
