"""What a wrong answer gets: the rule, the cue that was missed, and a contrast. Never just "incorrect"."""

from __future__ import annotations

from dataclasses import dataclass

from kit import codebook
from kit.keys import accepted, claims_by_id
from kit.records import Annotation, Claim
from kit.rules import RULES
from kit.rules_cases import HEARSAY, MADE_UP, RESTATED, special
from kit.rules_sources import SOURCE_RULES
from kit.rules_statuses import STATUS_RULES, refinement
from kit.rulings import OWN_VOICES

__all__ = ["Note", "explain", "pairs"]

_RULES = RULES | SOURCE_RULES | {"status": STATUS_RULES}

_IN_THE_WORDS = ("stance", "denied", "unconfirmed")
"""Statuses that hang on what was said, so that a speaking word like “said” leads astray."""


@dataclass(frozen=True)
class Note:
    """Feedback on one line: the rule, the cue that was missed and a contrast. Any part may be empty.

    `misconception` names which of the twelve lies behind the slip, where one does.
    """

    rule: str
    cue: str = ""
    contrast: str = ""
    misconception: str = ""

    def __str__(self) -> str:
        return "\n".join(part for part in (self.rule, self.cue, self.contrast) if part)


def pairs(field: str) -> list[tuple[str, str]]:
    """Every (right, given) pair of `field` that a student can produce: the permitted values, and blank."""
    values = codebook.names(field)
    return [(right, given) for right in values for given in ("", *values) if given != right]


def explain(
    claim: Claim, field: str, given: str, *, annotation: Annotation, avoid: frozenset[str], restated: bool = False
) -> Note | None:
    """Explain `given` as the answer on `field` of `claim`; None where it is accepted, or the claim is blank.

    The note never says the right value. Its contrast is the nearest claim of `annotation` for which `given`
    would have been right, taken from outside `avoid` (the claims of a graded exercise), or else a made-up
    sentence. `restated` is for other words that restate the claim, such as a headline: what the article's own
    words show is left out.
    """
    right = accepted(claim, field)
    if not right or given in right:
        return None
    if given not in codebook.names(field):
        what = "This line is blank." if not given else f"“{given}” is not one of the labels."
        return Note(f"{what} {_questions(field)}")
    if restated and field == "layer":
        rule = RESTATED[(right[0], given)]
        return Note(rule.words, misconception=rule.misconception)
    rule = special(claim, field, right[0], given) or _RULES[field][(right[0], given)]
    more = refinement(claim, field, given)
    said = " ".join(part.words for part in (rule, more) if part)
    behind = (more or rule).misconception
    return Note(said, _missed(claim, field, given), _contrast(claim, field, given, annotation, avoid), behind)


def _questions(field: str) -> str:
    choices = [codebook.label(field, name) for name in codebook.names(field)]
    return "Ask yourself: " + " ".join(f"{item.question[:-1]} ({item.name})?" for item in choices)


def _missed(claim: Claim, field: str, given: str) -> str:
    """The words that decide. The speaking word is one of them only where it does not lead astray."""
    words = claim.hedge if field == "reach" else claim.cue or claim.hedge
    if (field, given) == ("voucher", "none") and claim.cue_class in HEARSAY:
        return f"Look beyond “{words}”: who is said to have told this?"
    if field == "status" and claim.status in _IN_THE_WORDS and claim.cue_class in ("neutral", "endorsing"):
        return f"Look past “{words}”, at what was said: “{claim.quote}”."
    if field == "status" and claim.status == "asserted" and claim.hedge:
        return f"“{claim.hedge}” weakens it, and hands it to nobody else."
    if words or field == "reach":
        return f"The words to look at: “{words}”." if words else ""
    if field != "cue_class" and claim.layer == "act":
        return "There is no speaking word, and none is needed: what somebody did in public is told."
    if field != "cue_class" and claim.source not in OWN_VOICES:
        return "The speaking word stands outside these words. Read what stands before and after: who is speaking?"
    return "No speaking word ties it to anybody: no “said”, no “told”."


def _contrast(claim: Claim, field: str, given: str, annotation: Annotation, avoid: frozenset[str]) -> str:
    """The nearest claim on which every reader would answer `given`; a made-up sentence where there is none."""
    others = [c for c in claims_by_id(annotation).values() if c.id not in avoid and accepted(c, field) == (given,)]
    if not others:
        return f"Compare a made-up sentence, “{MADE_UP[field][given]}”: that is “{given}”."
    near = min(others, key=lambda c: (field != "layer" and c.layer != claim.layer, abs(c.start - claim.start)))
    word = {"cue_class": near.cue, "reach": near.hedge}.get(field)
    return f"Compare {near.id}, “{near.quote}”{f' (the word: “{word}”)' if word else ''}: that is “{given}”."
