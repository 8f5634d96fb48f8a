"""Patterns with the verb in the passive: “is expected to”, “was accused by X of”, “was quoted as saying”."""

from __future__ import annotations

from kit.draft.clauses import clause_end, is_clause, trimmed
from kit.draft.ends import core_end
from kit.draft.patterns import Found, Pattern, Range, narrow_content, pattern
from kit.draft.subjects import clause_subject, subject_before
from kit.draft.supplements import skip_supplement
from kit.draft.verbs import Spot

__all__ = ["PASSIVES"]


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
        if end == k + 1:
            return None
        agent, k = (k + 1, end), end
    subject = subject_before(tokens, spot.first, spot.low)
    if subject is None and tokens.kinds[spot.first - 1] == "and":
        subject = clause_subject(tokens, spot.first, spot.low)  # he is to visit, and is expected to speak
    content = _passive_content(spot, k, high, subject, agent)
    if not content:
        return None
    return Found(agent, ((spot.first, spot.stop),), content, spot.cue, "passive", "passive")


def _passive_content(
    spot: Spot, k: int, high: int, subject: Range | None, agent: Range | None
) -> tuple[Range, ...] | None:
    word, frames = spot.word(k), spot.cue.frames
    impersonal = subject is not None and spot.tokens.lows[subject[0]] in ("it", "which")
    if impersonal and "clause" in frames and is_clause(spot.tokens, k, high, strict=True):
        bare = trimmed(spot.tokens, k, clause_end(spot.tokens, k, high))
        return (bare,) if bare else None
    wanted = {frame.partition("-")[0] for frame in frames if frame.endswith("-object")}
    thought = "passive" in frames or agent or spot.cue.lemma in ("say", "report", "consider", "allege", "estimate")
    if (
        (word == "to" and thought)
        or (word in wanted and (agent or spot.cue.lemma == "accuse"))
        or (word == "as" and "as" in frames and agent)
    ):
        content = narrow_content(spot, k, high)
        if content and subject:
            return subject, content
    judged = agent and subject and spot.cue.sense == "judges" and "object" in frames
    return (subject,) if judged and subject else None


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
