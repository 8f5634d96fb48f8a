"""Patterns of judging, and passives: “accused X of”, “called it …”, “is expected to”."""

from __future__ import annotations

from kit.draft.clauses import clause_end, narrow_end, skip_supplement, trimmed
from kit.draft.ends import core_end, phrase_end
from kit.draft.patterns import OBJECTS, Found, Pattern, Range, narrow, pattern
from kit.draft.subjects import subject_before
from kit.draft.verbs import Spot

__all__ = ["JUDGEMENTS", "PASSIVES"]


@pattern(
    "called",
    "somebody calls something by a name, often a quoted one",
    '[S1 The mayor] [C1 called] [T1 the plan "a gift to the cheats."]',
)
def called(spot: Spot) -> Found | None:
    """V something something."""
    tokens, k = spot.tokens, spot.stop
    if "call" not in spot.cue.frames or k >= spot.high or tokens.kinds[k] not in OBJECTS:
        return None
    end = phrase_end(tokens, k, spot.high, asides=False)
    quoted = any(tokens.quoted[i] >= 0 for i in range(k, min(spot.body, k + 20)))
    pronoun = tokens.kinds[k] == "pro" or spot.word(k) in ("her", "this", "that")
    second = end < spot.high and tokens.kinds[end] in ("det", "name", "word", "adv", "quote") and not tokens.finite(end)
    if tokens.kinds[k] == "quote" and tokens.kinds[spot.first - 1] not in ("pro", "name"):
        return None
    near = tokens.kinds[k + 1] if k + 1 < spot.body else "prep"
    if not (
        quoted
        or (pronoun and near not in ("prep", "to", "adv", "mark", "and", "open", "wh"))
        or (second and tokens.lows[end] in ("a", "an"))
    ):
        return None
    return narrow(spot, "called", k, spot.body)


@pattern(
    "as",
    "somebody describes or dismisses something as something",
    '[S1 A spokesperson] [C1 dismissed] [T1 the reports as "rumors."]',
)
def described(spot: Spot) -> Found | None:
    """V something as something."""
    k, high = spot.stop, spot.body
    if "as" not in spot.cue.frames or k >= spot.high or spot.tokens.kinds[k] not in OBJECTS:
        return None
    near = next((i for i in range(k + 1, min(k + 16, high)) if spot.word(i) == "as"), 0)
    if not near or any(spot.tokens.forms[i] in (",", ";") for i in range(k, near)):
        return None
    return narrow(spot, "as", k, high)


@pattern(
    "accused of",
    "somebody accuses, blames or praises somebody of or for something",
    "[S1 Brandt] [C1 accused] [T1 the ministry of hiding a report].",
)
def accused(spot: Spot) -> Found | None:
    """V somebody of/for something."""
    wanted = {frame.partition("-")[0] for frame in spot.cue.frames if frame.endswith("-object")}
    k, high = spot.stop, spot.body
    if not wanted or k >= spot.high or spot.tokens.kinds[k] not in OBJECTS:
        return None
    near = next((i for i in range(k + 1, min(k + 16, high)) if spot.word(i) in wanted), 0)
    if not near or any(spot.tokens.forms[i] in (";", ":") for i in range(k, near)):
        return None
    return narrow(spot, "accused of", k, high)


@pattern(
    "passive",
    "it was said that; somebody is expected, believed, reported to do something: nobody is named",
    "[T1 The minister] [C1 is expected] [T1 to resign before the vote].",
)
def passive(spot: Spot) -> Found | None:
    """It is V that …; X is V to …; X was V by Y to/of …"""
    if spot.voice != "passive":
        return None
    tokens, high = spot.tokens, spot.body
    k = skip_supplement(tokens, spot.stop, high) if spot.word(spot.stop) != "by" else spot.stop
    agent: Range | None = None
    if spot.word(k) == "by":
        end = core_end(tokens, k + 1, high)
        if end == k + 1 or tokens.lows[k + 1] in ("doing", "using"):
            return None
        agent, k = (k + 1, end), end
    subject = subject_before(tokens, spot.first, spot.low)
    content = _passive_content(spot, k, high, subject, agent)
    if not content:
        return None
    return Found(agent, ((spot.first, spot.stop),), content, spot.cue, "passive", "passive")


def _passive_content(
    spot: Spot, k: int, high: int, subject: Range | None, agent: Range | None
) -> tuple[Range, ...] | None:
    word, frames = spot.word(k), spot.cue.frames
    impersonal = subject is not None and spot.tokens.lows[subject[0]] in ("it", "which")
    if word == "that" and ("told" in frames or (impersonal and "clause" in frames)):
        content = trimmed(spot.tokens, k, clause_end(spot.tokens, k, high))
        return (content,) if content else None
    wanted = {frame.partition("-")[0] for frame in frames if frame.endswith("-object")}
    thought = "passive" in frames or agent or spot.cue.lemma in ("say", "report", "consider", "allege", "estimate")
    if (
        (word == "to" and thought)
        or (word in wanted and (agent or spot.cue.lemma == "accuse"))
        or (word == "as" and "as" in frames and agent)
    ):
        content = trimmed(spot.tokens, k, narrow_end(spot.tokens, k, high))
        if content and subject:
            return subject, content
    return None


@pattern(
    "quoted as saying",
    "somebody is quoted, by a report, as saying something",
    "[S1 The pilot] [C1 was quoted as saying] [T1 that the runway was dark].",
)
def quoted_as(spot: Spot) -> Found | None:
    """X was quoted as saying …: the first speaker is X."""
    tokens, at = spot.tokens, spot.at
    if spot.cue.form != "ing" or at - 1 <= spot.low or tokens.lows[at - 1] != "as" or spot.cue.sense != "says":
        return None
    verb = next((i for i in range(at - 2, max(spot.low, at - 14), -1) if tokens.lows[i] in ("quoted", "cited")), 0)
    if not verb or tokens.kinds[verb - 1] != "be":
        return None
    source = subject_before(tokens, verb - 1, spot.low)
    content = trimmed(tokens, spot.stop, clause_end(tokens, spot.stop, spot.body)) if spot.stop < spot.body else None
    if source is None or content is None:
        return None
    cue = ((verb - 1, spot.stop),) if verb == at - 2 else ((verb - 1, verb + 1), (at - 1, spot.stop))
    return Found(source, cue, (content,), spot.cue, "quoted as saying")


PASSIVES: tuple[Pattern, ...] = (quoted_as, passive)
JUDGEMENTS: tuple[Pattern, ...] = (called, described, accused)
