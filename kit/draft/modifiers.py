"""Patterns whose cue is an adjective or an adverb: is confident that, is willing to; reportedly."""

from __future__ import annotations

from kit.draft.clauses import body_end, clause_end, is_clause, trimmed
from kit.draft.limits import narrow_end, verb_after
from kit.draft.patterns import Found, Pattern, pattern
from kit.draft.subjects import subject_before
from kit.draft.supplements import skip_supplement
from kit.draft.verbs import Spot

__all__ = ["ADJECTIVES", "ADVERBS"]


@pattern(
    "adjective that",
    "somebody is sure, afraid, confident that; somebody is willing to",
    "[S1 The mayor] [C1 is confident] [T1 that the money will be found].",
)
def adjective_that(spot: Spot) -> Found | None:
    """X is A that …; X is A to …"""
    tokens, at = spot.tokens, spot.at
    first = at
    while first - 1 > spot.low and tokens.kinds[first - 1] in ("be", "adv", "not", "have", "modal", "det"):
        first -= 1
    if not any(tokens.kinds[i] == "be" for i in range(first, at)):
        return None
    k, high = skip_supplement(tokens, at + 1, spot.high), body_end(tokens, spot.low, spot.high)
    wants, word = "to" in spot.cue.frames, spot.word(k)
    bare = k < high and tokens.kinds[k] in ("pro", "det") and is_clause(tokens, k, high, strict=True)
    open_to = spot.cue.lemma in ("unsure", "uncertain", "sure", "certain") and word in ("whether", "if", "how", "what")
    fits = word == "to" if wants else word == "that" or bare or open_to
    source = subject_before(tokens, first, spot.low)
    if not fits or source is None or tokens.lows[source[0]] in ("it", "there"):
        return None
    content = trimmed(tokens, k, narrow_end(tokens, k, high) if wants else clause_end(tokens, k, high))
    return Found(source, ((first, at + 1),), (content,), spot.cue, "adjective that") if content else None


_INNER = frozenset("when because after as while if although though who which that".split())
"""What opens an inner clause: only that clause is hearsay."""


@pattern(
    "hearsay",
    "reportedly, allegedly: nobody is named",
    "[T1 The singer] [C1 allegedly] [T1 left the country in March].",
)
def hearsay(spot: Spot) -> Found | None:
    """The clause around the adverb."""
    tokens, high = spot.tokens, body_end(spot.tokens, spot.low, spot.high)
    first = spot.low
    for i in range(spot.at - 1, spot.low, -1):
        if tokens.lows[i] in _INNER or (tokens.forms[i] in (";", ",", "--", "—") and tokens.quoted[i] < 0):
            relative = subject_before(tokens, i, spot.low) if tokens.lows[i] in ("who", "which", "that") else None
            first = relative[0] if relative else i + 1
            break
    stop = narrow_end(tokens, spot.at, high)
    if spot.word(spot.stop).endswith("ing") and tokens.kinds[spot.at - 1] == "prep":
        first, stop = spot.at, verb_after(tokens, spot.stop, stop, 1)  # jailed for allegedly holding a meeting
    parts = [trimmed(tokens, first, spot.at), trimmed(tokens, spot.stop, stop)]
    contents = tuple(part for part in parts if part)
    return Found(None, ((spot.at, spot.stop),), contents, spot.cue, "hearsay") if contents else None


ADJECTIVES: tuple[Pattern, ...] = (adjective_that,)
ADVERBS: tuple[Pattern, ...] = (hearsay,)
