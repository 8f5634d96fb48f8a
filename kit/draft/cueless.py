"""Patterns without a cue: “X: …” in a headline, a quotation alone."""

from __future__ import annotations

from kit.draft.patterns import Found, Pattern, pattern
from kit.draft.verbs import Spot

__all__ = ["ALONE", "HEADLINES"]

_LABELS = frozenset(
    "exclusive video analysis opinion update updates live watch photos breaking report review editorial poll".split()
)


@pattern(
    "headline",
    "in a headline, a name and a colon",
    "[S1 NATO]: [T1 No proof yet]",
)
def headline(spot: Spot) -> Found | None:
    """“X: …” as a line of its own, without a full stop."""
    tokens = spot.tokens
    named = all(tokens.kinds[i] in ("name", "det", "word", "poss") for i in range(spot.low, spot.at))
    if not named or tokens.lows[spot.low] in _LABELS or spot.at == spot.low or spot.at + 2 >= spot.high:
        return None
    if tokens.kinds[spot.at - 1] != "name":
        return None
    return Found((spot.low, spot.at), (), ((spot.at + 1, spot.high),), spot.cue, "headline")


ALONE = Pattern(
    "quotation alone",
    "a quotation that no other rule has found a speaker for",
    'Brandt shrugged. [T1 "Ask the ministry."]',
    lambda _: None,
)
HEADLINES: tuple[Pattern, ...] = (headline,)
