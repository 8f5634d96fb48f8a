"""The words of the feedback on layers and vouchers: what parts the right label from the one that was given.

Each rule names the misconception behind the slip, if it is one of the twelve.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MISCONCEPTIONS", "RULES", "Rule"]

MISCONCEPTIONS = (
    "said so, therefore so",
    "“no evidence” is a denial",
    "silence is denial or admission",
    "a named official makes it confirmed",
    "quotation marks mean verbatim or true",
    "two outlets are two sources",
    "a hedge means false",
    "a plan is an event",
    "condemning it asserts it",
    "no attribution means established",
    "later news changes today's label",
    "one sentence holds one claim",
)
SAID_SO, NO_EVIDENCE, _SILENCE, OFFICIAL, QUOTED, _OUTLETS, HEDGE, PLAN, CONDEMN, FLAT, _LATER, ONE_CLAIM = (
    MISCONCEPTIONS
)


@dataclass(frozen=True)
class Rule:
    """What parts two labels, in words, and the misconception that confuses them (empty: none of the twelve)."""

    words: str
    misconception: str = ""


RULES: dict[str, dict[tuple[str, str], Rule]] = {
    "layer": {
        ("content", "act"): Rule(
            "These words tell what was said, not that it was said. Cover the speaker and the speaking word with "
            "your hand, and look at what is left.",
            ONE_CLAIM,
        ),
        ("act", "content"): Rule(
            "These words tell that somebody spoke or did something in public. The reporter puts that on record. "
            "Whether what was said is so is another question.",
            SAID_SO,
        ),
    },
    "voucher": {
        ("source", "author"): Rule(
            "The author passes this on. When a sentence hangs on somebody else's word, that somebody vouches for "
            "it, not the author.",
            SAID_SO,
        ),
        ("source", "none"): Rule(
            "Somebody does stand behind this. Look for the nearest speaker, also in the sentence before: a report "
            "can run on over several sentences.",
        ),
        ("author", "source"): Rule(
            "No speaker is given for this. When a sentence names nobody, whose voice is left?",
        ),
        ("author", "none"): Rule(
            "A sentence without a speaker still has a voice. Whose? “None” is for words of hearsay, which pass a "
            "thing on without standing by it.",
            FLAT,
        ),
        ("none", "author"): Rule(
            "The author steps back from this with a word of hearsay, and names nobody who would stand by it.",
        ),
        ("none", "source"): Rule(
            "Something is passed on here, but from whom? Nobody is named whom you could go and ask.",
        ),
    },
}
"""For each field: (right, given) to the rule that parts the two."""
