"""What a wrong answer gets: the rule, the cue that was missed, and a contrast. Never just "incorrect"."""

from __future__ import annotations

from dataclasses import dataclass

from kit import codebook
from kit.keys import accepted, claims_by_id
from kit.records import Annotation, Claim
from kit.rules import RULES, refinement
from kit.rules_cases import ACT_VOUCHER, CONFIRMED_CONTENT, RESTATED
from kit.rules_sources import SOURCE_RULES

__all__ = ["Note", "explain", "pairs"]


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
    would have been right, taken from outside `avoid` (the claims of a graded exercise). `restated` is for
    other words that restate the claim, such as a headline: what the article's own words show is left out.
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
    if field == "voucher" and claim.layer == "act":
        return Note(ACT_VOUCHER.words, _missed(claim, field), _contrast(claim, field, given, annotation, avoid))
    if field == "status" and right[0] == "confirmed" and claim.layer == "content":
        rule = CONFIRMED_CONTENT[given]
        return Note(
            rule.words, _missed(claim, field), _contrast(claim, field, given, annotation, avoid), rule.misconception
        )
    rule, more = (RULES | SOURCE_RULES)[field][(right[0], given)], refinement(claim, field, given)
    said = " ".join(part.words for part in (rule, more) if part)
    behind = (more or rule).misconception
    return Note(said, _missed(claim, field), _contrast(claim, field, given, annotation, avoid), behind)


def _questions(field: str) -> str:
    choices = [codebook.label(field, name) for name in codebook.names(field)]
    return "Ask yourself: " + " ".join(f"{item.question[:-1]} ({item.name})?" for item in choices)


def _missed(claim: Claim, field: str = "") -> str:
    words = claim.hedge if field == "reach" else claim.cue or claim.hedge
    if words:
        return f"The words to look at: “{words}”."
    if field == "reach":
        return ""
    return "No speaking word ties it to anybody: no “said”, no “told”."


def _contrast(claim: Claim, field: str, given: str, annotation: Annotation, avoid: frozenset[str]) -> str:
    """The nearest claim on which every reader would answer `given`."""
    others = [c for c in claims_by_id(annotation).values() if c.id not in avoid and accepted(c, field) == (given,)]
    if not others:
        return ""
    near = min(others, key=lambda c: (field != "layer" and c.layer != claim.layer, abs(c.start - claim.start)))
    word = {"cue_class": near.cue, "reach": near.hedge}.get(field)
    return f"Compare {near.id}, “{near.quote}”{f' (the word: “{word}”)' if word else ''}: that is “{given}”."
