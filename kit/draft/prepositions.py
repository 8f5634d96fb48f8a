"""The pattern of “according to X”, which stands before, after or within its content."""

from __future__ import annotations

from kit.draft.clauses import body_end, clause_end, has_verb, is_clause, trimmed
from kit.draft.contents import fronted
from kit.draft.ends import phrase_end
from kit.draft.patterns import Found, Pattern, Range, pattern
from kit.draft.verbs import Spot
from kit.draft.words import OPENERS

__all__ = ["PREPOSITIONS"]


@pattern(
    "according to",
    "according to somebody, before, after or within the content",
    "[C1 According to] [S1 the school board], [T1 the school will get a new roof].",
)
def according_to(spot: Spot) -> Found | None:
    """According to X, …; …, according to X; …, according to X, …"""
    tokens, k, high = spot.tokens, spot.stop, body_end(spot.tokens, spot.low, spot.high)
    inner = spot.at > spot.low and tokens.kinds[spot.at - 1] == "that"  # noted that according to X, …
    before = None if inner else fronted(tokens, spot.at, spot.low) or _plain_before(spot)
    end = phrase_end(tokens, k, high, asides=before is not None)
    if end == k:
        return None
    if before is None:
        end = _with_aside(spot, end, high)
        after = trimmed(tokens, end, clause_end(tokens, end, high)) if end < high else None
        contents = [after] if after else []
    else:
        more = end < high and tokens.forms[end] == "," and tokens.forms[spot.at - 1] == ","
        rest = trimmed(tokens, end, clause_end(tokens, end, high)) if more else None
        going_on = rest is not None and (tokens.finite(rest[0]) or not has_verb(tokens, *before))
        contents = [before, rest] if going_on and rest else [before]
    return Found((k, end), ((spot.at, k),), tuple(contents), spot.cue, "according to") if contents else None


def _plain_before(spot: Spot) -> Range | None:
    """Content before the cue without a comma between: “Sales fell according to X”."""
    low = spot.low + (spot.tokens.lows[spot.low] in OPENERS)
    return trimmed(spot.tokens, low, spot.at) if spot.at - low >= 4 else None


def _with_aside(spot: Spot, end: int, high: int) -> int:
    """The end of the source with “, a …,” after it, where a clause follows that."""
    tokens = spot.tokens
    closing = next((i for i in range(end + 1, min(end + 12, high)) if tokens.forms[i] == ","), 0)
    if not closing or is_clause(tokens, end + 1, closing, strict=True) or not is_clause(tokens, closing + 1, high):
        return end
    return closing if tokens.lows[end + 1] in ("a", "an", "the", "who", "which", "director", "head") else end


PREPOSITIONS: tuple[Pattern, ...] = (according_to,)
