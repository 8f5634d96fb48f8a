"""Patterns of saying and thinking with the content after the cue: that-clauses, bare clauses, quotations."""

from __future__ import annotations

from kit.draft.clauses import body_end, clause_end, is_clause, trimmed
from kit.draft.contents import fronted, quotation_at
from kit.draft.lexicon import lexicon
from kit.draft.patterns import OBJECTS, Found, Pattern, Range, after_cue, pattern, said
from kit.draft.verbs import Spot

__all__ = ["SPEECH"]


_LOOSE = ("think", "believe", "agree")
_STRICT = ("report", "add", "reveal", "disclose", "announce", "post", "recall", "note")
_SOUGHT = ("decide", "determine", "see", "learn", "consider", "judge", "find", "hear", "discover", "know", "understand")
_OPEN = ("ask", "wonder", "question", "inquire", "know", "see", "doubt")


def _clause_at(spot: Spot, k: int) -> bool:
    tokens = spot.tokens
    if k >= spot.high - 1:
        return False
    if tokens.kinds[k] == "that":
        relative = spot.cue.form in ("s", "base") and tokens.lows[k + 1].endswith("ed")
        return tokens.forms[k + 1] not in (".", ";") and not relative
    asked = tokens.kinds[k] == "wh" and tokens.lows[k] not in ("who", "which", "whose", "when")
    return asked or tokens.lows[k] == "if"


def _said_by_another(spot: Spot, k: int) -> bool:
    """Whether another cue stands between this one and the content: replied with a letter saying that …"""
    word = spot.tokens.lows[k - 1]
    return k > spot.stop and word.endswith("ing") and word in lexicon().verbs


def _sought(spot: Spot, k: int) -> bool:
    """Whether somebody only wants to find out: a court will meet to decide whether it is so."""
    asks = spot.voice == "infinitive" and spot.cue.lemma in _SOUGHT
    return asks and k < spot.high and spot.tokens.kinds[k] == "wh"


@pattern(
    "that clause",
    "somebody says, thinks or knows that something is so; also whether, what, how",
    "[S1 The mayor of Lindental, Petra Holm], [C1 said] on Monday [T1 that the pool will stay open].",
)
def that_clause(spot: Spot) -> Found | None:
    """A clause with “that” or a question word, after the cue and whatever stands between."""
    tokens, k = spot.tokens, after_cue(spot)
    if k < spot.high and tokens.forms[k] in (",", "--", "—", "–") and "speech" in spot.cue.frames:
        commas = (i for i in range(k + 1, min(k + 30, spot.high - 1)) if tokens.forms[i] == tokens.forms[k])
        k = next((i + 1 for i in commas if tokens.kinds[i + 1] in ("that", "wh") and _clause_at(spot, i + 1)), k)
    if not _clause_at(spot, k) or _said_by_another(spot, k):
        return None
    if tokens.lows[k] == "if" and spot.cue.lemma not in _OPEN:
        return None
    if _sought(spot, k):
        return None
    content = trimmed(tokens, k, clause_end(tokens, k, max(k, spot.body)))
    # ", asked whether …," describes somebody: it has no subject.
    bare = spot.voice == "active" and tokens.forms[spot.first - 1] == "," and spot.source() is None
    doubtful = spot.voice == "active" and spot.cue.form in ("s", "base") and spot.source() is None
    return said(spot, "that clause", [content]) if content and not bare and not doubtful else None


@pattern(
    "quotation after",
    "the quotation follows the cue, after a colon, a comma or nothing",
    '[S1 The captain] [C1 told] reporters: [T1 "We left on time."]',
)
def quotation_after(spot: Spot) -> Found | None:
    """A quotation, or what follows a colon, after the cue."""
    if not spot.cue.frames & {"speech", "clause", "told"} or spot.voice == "passive":
        return None
    tokens, k = spot.tokens, after_cue(spot)
    colon = _colon(spot, k)
    if colon is not None and "speech" in spot.cue.frames:
        k = colon + 1
        stop = quotation_at(tokens, k, spot.high)
        content = (
            (k, stop) if stop > k else trimmed(tokens, k, body_end(tokens, k, spot.high)) if k < spot.high else None
        )
        return said(spot, "quotation after", [content]) if content else None
    if k < spot.high and tokens.forms[k] == ",":
        k += 1
    stop = quotation_at(tokens, k, spot.high)
    before = fronted(tokens, _left(spot), spot.low)
    if stop == k or (before and (tokens.quoted[before[1] - 1] >= 0 or _goes_on(spot, before, k))):
        return None
    return said(spot, "quotation after", [(k, stop)])


def _goes_on(spot: Spot, before: Range, k: int) -> bool:
    """Whether the quotation at `k` goes on from what stands before the source: The plan, she said, "is dead." """
    tokens = spot.tokens
    small = spot.voice != "participle" and k + 1 < spot.high and tokens.forms[k + 1][:1].islower()
    return small and (tokens.kinds[before[0]] in OBJECTS or tokens.lows[before[0]] == "if")


def _colon(spot: Spot, k: int) -> int | None:
    """A colon soon after the cue, with nothing but a place or an occasion between: wrote on his page: …"""
    for i in range(k, min(k + 10, spot.high)):
        if spot.tokens.forms[i] == ":":
            return i
        if spot.tokens.kinds[i] in ("mark", "quote") or spot.tokens.finite(i):
            return None
    return None


def _left(spot: Spot) -> int:
    """The left edge of subject and verb."""
    source = spot.source() if spot.voice != "participle" else None
    return min(source[0], spot.first) if source else spot.first


@pattern(
    "bare clause",
    "a clause follows without “that”",
    "[S1 Analysts] [C1 expect] [T1 the bank will raise its rates].",
)
def bare_clause(spot: Spot) -> Found | None:
    """A clause without “that”; for verbs other than say, only where a subject and a verb are plain to see."""
    thought = (spot.voice == "participle" and spot.cue.sense == "thinks") or spot.cue.lemma == "ask"
    if not spot.cue.frames & {"bare", "told"} or spot.voice == "passive" or thought:
        return None
    tokens, k, high = spot.tokens, after_cue(spot), spot.body
    loose = spot.cue.sense == "says" or spot.cue.lemma in _LOOSE
    strict = "object" in spot.cue.frames or spot.cue.lemma in _STRICT or not loose
    if _sought(spot, k) or (k < high and tokens.kinds[k] == "prep" and spot.cue.lemma != "say"):
        return None
    if spot.cue.lemma == "state" and spot.cue.form == "s":
        return None  # the states he has won
    if (
        k >= high
        or tokens.lows[k] in ("because", "before", "so", "which", "who")
        or not is_clause(tokens, k, high, strict=strict)
    ):
        return None
    source = spot.source()
    content = trimmed(tokens, k, clause_end(tokens, k, high))
    return said(spot, "bare clause", [content], source) if content and source else None


@pattern(
    "remainder",
    "after “said”, whatever is left is its content",
    "[S1 The coach] [C1 said] [T1 sorry to the fans].",
)
def remainder(spot: Spot) -> Found | None:
    """Said, and no rule above fits."""
    if spot.cue.lemma != "say" or spot.voice not in ("active", "progressive"):
        return None
    tokens, k, high = spot.tokens, after_cue(spot), spot.body
    source = spot.source()
    short = high - k < 2 and spot.word(k) not in ("no", "yes")
    if source is None or k >= high or short or tokens.kinds[k] in ("mark", "prep", "and", "open"):
        return None
    if tokens.lows[spot.low] == "what" and source[0] == spot.low + 1 and tokens.finite(k):
        return None  # What he said is not true.
    content = trimmed(tokens, k, clause_end(tokens, k, high))
    return said(spot, "remainder", [content], source) if content else None


SPEECH: tuple[Pattern, ...] = (that_clause, quotation_after, bare_clause, remainder)
"""In the order in which they are tried; `kit.draft.fronting` comes before the bare clause."""
