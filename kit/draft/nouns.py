"""Patterns whose cue is a noun: X's claim that …, X's promise to …"""

from __future__ import annotations

from kit.draft.clauses import body_end, clause_end, trimmed
from kit.draft.ends import core_end, phrase_end
from kit.draft.limits import narrow_end, verb_after
from kit.draft.patterns import Found, Pattern, Range, pattern
from kit.draft.subjects import subject_before
from kit.draft.supplements import skip_supplement
from kit.draft.tokens import Tokens
from kit.draft.verbs import Spot

__all__ = ["NOUNS"]

_GIVERS = frozenset(
    "express voice made make makes raised raise repeated repeat rejected dismissed denied disputed supports cited "
    "share shares shared have has had issued offered gave give reiterated expressed voiced expressing "
    "voicing raising".split()
)


_OF = frozenset("fear hope worry warning threat promise prediction rumor rumour suspicion doubt idea notion".split())
"""With these, “of” says what is feared or hoped, and not who fears it."""


@pattern(
    "noun that",
    "somebody's claim, belief or report that something is so",
    "[S1 His] [C1 claim] [T1 that a treaty was signed there] has been questioned.",
)
def noun_that(spot: Spot) -> Found | None:
    """N that …, with X's before the noun, of or by X after it, or the subject of its verb."""
    tokens, k = spot.tokens, spot.stop
    high, source = body_end(tokens, spot.low, spot.high), None
    felt = tokens.lows[k] == "of" and spot.cue.lemma in _OF if k < high else False
    if k < high and tokens.lows[k] in ("by", "of", "from", "among") and not felt:
        end = phrase_end(tokens, k + 1, high, asides=False)
        source, k = ((k + 1, end), end) if end > k + 1 else (None, k)
    source = source or _owner(spot)
    if k + 2 >= high or tokens.kinds[k] != "that" or tokens.finite(k + 1) or tokens.lows[k + 1].endswith("ed"):
        return None
    stop = clause_end(tokens, k, high)
    stop = verb_after(tokens, k, stop, 2) if _is_subject(spot) else stop
    content = trimmed(tokens, k, stop)
    return Found(source, ((spot.at, spot.at + 1),), (content,), spot.cue, "noun that") if content else None


def _owner(spot: Spot) -> Range | None:
    """The possessive before the noun: the mayor's, his."""
    tokens, i = spot.tokens, _modified(spot)
    before = tokens.lows[i - 1] if i > spot.low else ""
    if before in ("his", "her", "its", "their", "my", "our", "your"):
        return i - 1, i
    owner = subject_before(tokens, i - 1, spot.low) if before in ("'s", "'") else None
    return (owner[0], i) if owner else None


def _modified(spot: Spot) -> int:
    """Where the words before the noun begin that describe it: their last, desperate call."""
    tokens, i = spot.tokens, spot.at
    while i - 1 > spot.low and tokens.kinds[i - 1] in ("word", "adv") and tokens.lows[i - 1] not in _GIVERS:
        i -= 1
    return i


def _is_subject(spot: Spot) -> bool:
    """Whether the noun opens its clause, as a subject does."""
    phrase, kinds = subject_before(spot.tokens, spot.stop, spot.low), spot.tokens.kinds
    return phrase is not None and (phrase[0] <= spot.low + 1 or kinds[phrase[0] - 1] in ("and", "open"))


@pattern(
    "noun to",
    "somebody's plan, promise or refusal to do something, call for something, threat of something",
    "[S1 The mayor's] [C1 promise] [T1 to build a second pool] was soon forgotten.",
)
def noun_to(spot: Spot) -> Found | None:
    """X's N to/for/of …, a N by X to/for …"""
    tokens, high = spot.tokens, body_end(spot.tokens, spot.low, spot.high)
    source, k = _owner(spot), spot.stop
    if source is None and spot.word(k) in ("by", "from"):
        k = _named_end(tokens, k + 1, high)
        source = (spot.stop + 1, k) if k > spot.stop + 1 else None
    k = skip_supplement(tokens, k, high)
    to = k + (spot.word(k) == "not")
    if source is None or to + 1 >= high or spot.word(to) not in spot.cue.frames - {"that"}:
        return None
    doing = tokens.kinds[to + 1] in ("word", "be", "have", "do", "adv") and not tokens.lows[to + 1].endswith("s")
    if spot.word(to) == "to" and not doing:
        return None
    comma = next((i for i in range(to, high) if tokens.forms[i] == "," and tokens.quoted[i] < 0), high)
    content = trimmed(tokens, k, verb_after(tokens, to + 1, narrow_end(tokens, to, comma), 1))
    return Found(source, ((spot.at, spot.at + 1),), (content,), spot.cue, "noun to") if content else None


def _named_end(tokens: Tokens, k: int, high: int) -> int:
    """The end of a name or an office from `k`, with “of”, but not “for”, which may be what is called for."""
    end = core_end(tokens, k, high)
    while k < end < high and tokens.lows[end] == "of" and core_end(tokens, end + 1, high) > end + 1:
        end = core_end(tokens, end + 1, high)
    return end


NOUNS: tuple[Pattern, ...] = (noun_that, noun_to)
