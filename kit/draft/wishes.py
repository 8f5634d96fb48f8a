"""Patterns of wanting and asking: infinitives, and noun phrases that stand for what was said."""

from __future__ import annotations

from kit.draft.clauses import skip_supplement
from kit.draft.ends import phrase_end
from kit.draft.lexicon import lexicon
from kit.draft.patterns import OBJECTS, Found, Pattern, narrow, pattern
from kit.draft.verbs import Spot
from kit.draft.words import TEMPORAL

__all__ = ["WISHES"]


@pattern(
    "infinitive",
    "somebody wants, plans, expects or refuses to do something",
    "[S1 Nordline] [C1 plans] [T1 to close two offices], but has not said which.",
)
def infinitive(spot: Spot) -> Found | None:
    """V to do."""
    k = skip_supplement(spot.tokens, spot.stop, spot.high)
    if "to" not in spot.cue.frames or spot.word(k) != "to" or k + 1 >= spot.high:
        return None
    if spot.tokens.kinds[k + 1] not in ("word", "be", "have", "do", "adv"):
        return None
    return narrow(spot, "infinitive", k, spot.body)


@pattern(
    "object and infinitive",
    "somebody urges, asks or expects somebody else to do something",
    "[S1 The union] [C1 urged] [T1 the ministry to publish the report].",
)
def order(spot: Spot) -> Found | None:
    """V somebody to do."""
    k = spot.stop
    if "order" not in spot.cue.frames or k >= spot.high or spot.tokens.kinds[k] not in OBJECTS:
        return None
    end = phrase_end(spot.tokens, k, spot.high, asides=False)
    if end == k or (spot.word(end) != "to" and not (spot.word(end) == "not" and spot.word(end + 1) == "to")):
        return None
    return narrow(spot, "object and infinitive", k, spot.body)


@pattern(
    "object",
    "a noun phrase stands for what was said: denies the charge, calls for a vote",
    "[S1 The two opposition parties] [C1 called for] [T1 a new election].",
)
def with_object(spot: Spot) -> Found | None:
    """V something."""
    tokens, k = spot.tokens, spot.stop
    if k < spot.high and spot.word(k) in spot.cue.frames & {"of", "about", "against", "on", "for"}:
        return narrow(spot, "object", k, spot.body)
    mixed = spot.cue.sense in ("says", "judges") and any(tokens.quoted[i] >= 0 for i in range(k, min(k + 4, spot.body)))
    if k >= spot.body or ("object" not in spot.cue.frames and not mixed):
        return None
    if any(spot.word(i) in TEMPORAL for i in (k, k + 1)):
        return None
    plain = tokens.kinds[k] in ("word", "adv")
    if plain and (spot.voice == "participle" or (spot.first == spot.at and _adjective(spot))):
        return None
    if tokens.kinds[k] not in (*OBJECTS, "adv", "that") or spot.word(k) in ("himself", "itself", "themselves"):
        return None
    return narrow(spot, "object", k, spot.body)


def _adjective(spot: Spot) -> bool:
    """Whether a participle before a noun only describes it: companies report expected earnings."""
    before = spot.tokens.lows[spot.at - 1] if spot.at > spot.low else ""
    return spot.cue.form == "past-part" and before in lexicon().verbs


WISHES: tuple[Pattern, ...] = (infinitive, order, with_object)
