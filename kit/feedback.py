"""What a wrong answer gets: the rule, the cue that was missed, and a contrast. Never just "incorrect"."""

from __future__ import annotations

from dataclasses import dataclass

from kit import codebook
from kit.keys import accepted, claims_by_id
from kit.records import Annotation, Claim

__all__ = ["CUE_RULE", "RULES", "SPAN_RULES", "Note", "explain", "pairs"]

RULES: dict[str, dict[tuple[str, str], str]] = {
    "layer": {
        ("content", "act"): "These words tell what was said, not that it was said. Cover the speaker and the "
        "speaking word with your hand: what is left is the content.",
        ("act", "content"): "These words tell that somebody spoke or did something in public. The reporter puts "
        "that on record. Whether what was said is so is another question.",
    },
    "voucher": {
        ("source", "author"): "The author passes this on. When a sentence hangs on somebody else's word, that "
        "somebody vouches for it, not the author.",
        ("source", "none"): "Somebody does stand behind this. Look for the nearest speaker, also in the sentence "
        "before: a report can run on over several sentences.",
        ("author", "source"): "No speaker is given for this. When a sentence names nobody, the author says it.",
        ("author", "none"): "A sentence without a speaker still has a voice: the author's. “None” is for words of "
        "hearsay, with which the author steps back from what is said.",
        ("none", "author"): "The author steps back from this with a word of hearsay, and names nobody who would "
        "stand by it.",
        ("none", "source"): "Something is passed on here, but from whom? Nobody is named whom you could go and ask.",
    },
}
"""For each field: (right, given) to the rule that parts the two."""

CUE_RULE = (
    "The cue is the word, or the few words, that tie what is said to the one who says it: a speaking verb, or words "
    "such as “in the view of”. It is neither the speaker's name nor a part of what is said."
)
SPAN_RULES = {
    "too much": "At least one of your pieces tells what was said. The act is only who spoke, and that they spoke.",
    "too little": "Something of the act is still missing. Look for who spoke, and for the speaking word.",
}


@dataclass(frozen=True)
class Note:
    """Feedback on one line: the rule, the cue that was missed and a contrast. Any part may be empty."""

    rule: str
    cue: str = ""
    contrast: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.rule, self.cue, self.contrast) if part)


def pairs(field: str) -> list[tuple[str, str]]:
    """Every (right, given) pair of `field` that a student can produce: the permitted values, and blank."""
    values = codebook.names(field)
    return [(right, given) for right in values for given in ("", *values) if given != right]


def explain(claim: Claim, field: str, given: str, *, annotation: Annotation, avoid: frozenset[str]) -> Note | None:
    """Explain `given` as the answer on `field` of `claim`; None where it is accepted, or the claim is blank.

    The note never says the right value. Its contrast is the nearest claim of `annotation` for which `given`
    would have been right, taken from outside `avoid` (the claims of a graded exercise).
    """
    right = accepted(claim, field)
    if not right or given in right:
        return None
    if given not in codebook.names(field):
        what = "This line is blank." if not given else f"“{given}” is not one of the labels."
        ask = " ".join(f"{item.question[:-1]} ({item.name})?" for item in _choices(field))
        return Note(f"{what} Ask yourself: {ask}")
    rule = RULES[field][(right[0], given)]
    return Note(rule, _missed(claim), _contrast(claim, field, given, annotation, avoid))


def _choices(field: str) -> tuple[codebook.Label, ...]:
    return tuple(codebook.label(field, name) for name in codebook.names(field))


def _missed(claim: Claim) -> str:
    words = claim.cue or claim.hedge
    if words:
        return f"The words to look at: “{words}”."
    return "There is no speaking word near it: no “said”, no “according to”."


def _contrast(claim: Claim, field: str, given: str, annotation: Annotation, avoid: frozenset[str]) -> str:
    """The nearest claim on which every reader would answer `given`."""
    others = [c for c in claims_by_id(annotation).values() if c.id not in avoid and accepted(c, field) == (given,)]
    if not others:
        return ""
    near = min(
        others, key=lambda other: (field != "layer" and other.layer != claim.layer, abs(other.start - claim.start))
    )
    return f"Compare {near.id}, “{near.quote}”. There “{given}” is right: {codebook.label(field, given).meaning}"
