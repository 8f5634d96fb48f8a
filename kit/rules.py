"""The words of the feedback: for each field, what parts the right label from the one that was given.

Each rule names the misconception behind the slip, if it is one of the twelve.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.records import Claim

__all__ = [
    "CUE_RULE",
    "MISCONCEPTIONS",
    "RULES",
    "SPAN_RULES",
    "Rule",
    "refinement",
]

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
    "status": {
        ("stance", "denied"): Rule(
            "Nobody says here that something is not so. To condemn, to fear or to warn is not to deny.",
        ),
        ("stance", "unconfirmed"): Rule(
            "Nobody says here that proof is missing. No proof could settle it: these words judge, wish, demand, "
            "warn, or say what would follow if.",
        ),
        ("stance", "confirmed"): Rule(
            "That somebody said this may be certain. But these words are what they think, want or fear, and no "
            "evidence could settle that.",
            OFFICIAL,
        ),
        ("stance", "alleged"): Rule(
            "Ask whether evidence could settle it today. A judgement, a demand, a warning and an if-then cannot be "
            "found true or false now.",
            CONDEMN,
        ),
        ("stance", "asserted"): Rule(
            "These words judge, wish, demand or warn. However flatly they are put, there is nothing in them that "
            "evidence could settle today.",
            CONDEMN,
        ),
        ("denied", "stance"): Rule(
            "This speaker says that something is not so. That could be checked, so it is more than a view.",
        ),
        ("denied", "unconfirmed"): Rule(
            "This speaker does not leave it open. The speaker says that it is not so.",
            NO_EVIDENCE,
        ),
        ("denied", "confirmed"): Rule(
            "That somebody denies it may be on record. That it is not so is still only their word.",
            OFFICIAL,
        ),
        ("denied", "alleged"): Rule(
            "It does rest on a speaker's word. But this speaker says that it is not so: that has its own label.",
        ),
        ("denied", "asserted"): Rule(
            "The author does not say this in their own voice. A source says that it is not so.",
        ),
        ("unconfirmed", "stance"): Rule(
            "This is about what is known: a source says that proof is missing, or that it cannot tell. Evidence "
            "could settle that one day.",
        ),
        ("unconfirmed", "denied"): Rule(
            "The source says that there is no proof, or that it cannot tell. It does not say that it is not so. "
            "The question stays open.",
            NO_EVIDENCE,
        ),
        ("unconfirmed", "confirmed"): Rule(
            "That the source spoke is on record. But what it says is that the matter is open.",
            OFFICIAL,
        ),
        ("unconfirmed", "alleged"): Rule(
            "The source does not say that it is so. It says that it cannot tell, or that there is no proof.",
            NO_EVIDENCE,
        ),
        ("unconfirmed", "asserted"): Rule(
            "The author vouches for nothing here. A source says that the matter is open.",
        ),
        ("confirmed", "stance"): Rule(
            "This can be settled, and here the text settles it: somebody spoke or acted on record, or the text "
            "gives real support. What they think of it is another claim.",
        ),
        ("confirmed", "denied"): Rule(
            "Nobody says that this is not so. If a denial is reported, that somebody uttered it is a claim of its own.",
        ),
        ("confirmed", "unconfirmed"): Rule(
            "The speaker may leave a matter open. That the speaker spoke is not open: it is on record.",
        ),
        ("confirmed", "alleged"): Rule(
            "More than a word stands behind this. Either it is that somebody spoke or acted, and you could go and "
            "ask them; or the text gives evidence, two separate sources, or an admission.",
            ONE_CLAIM,
        ),
        ("confirmed", "asserted"): Rule(
            "The author does more than say so: there is a person or an office that you could go and ask, or other "
            "support in the text.",
        ),
        ("alleged", "stance"): Rule(
            "Evidence could settle this: it says that a thing is so, was so, or is planned. That is more than a view.",
        ),
        ("alleged", "denied"): Rule(
            "Nobody says here that it is not so. A word such as “reportedly” or “allegedly” means that nobody has "
            "vouched for it yet. It does not mean that it is false.",
            HEDGE,
        ),
        ("alleged", "unconfirmed"): Rule(
            "Whoever stands behind this says that it is so, or passes it on. Nobody says in these words that proof is "
            "missing; and the doubts of others do not change the label.",
            HEDGE,
        ),
        ("alleged", "confirmed"): Rule(
            "You have somebody's word for it, and no more: no evidence that you could check, no second and separate "
            "source, no admission. A high office does not change that.",
            OFFICIAL,
        ),
        ("alleged", "asserted"): Rule(
            "The author does not say this in their own voice. Something hands it on to a source, or to hearsay.",
            SAID_SO,
        ),
        ("asserted", "stance"): Rule(
            "Evidence could settle this. It tells how things are, and does not judge, demand or warn.",
        ),
        ("asserted", "denied"): Rule(
            "Nobody is reported as saying that it is not so. The author simply states it.",
        ),
        ("asserted", "unconfirmed"): Rule(
            "Nobody says that the matter is open. A word such as “it seems” weakens the author's statement, and it "
            "stays the author's statement.",
            HEDGE,
        ),
        ("asserted", "confirmed"): Rule(
            "It sounds certain because nobody is named. But a flat sentence has only its author behind it.",
            FLAT,
        ),
        ("asserted", "alleged"): Rule(
            "There is no source here and no word of hearsay. The author says it in their own voice.",
        ),
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


def refinement(claim: Claim, field: str, given: str) -> Rule | None:
    """A second, closer rule where the claim itself shows why `given` tempted; None where it does not."""
    if field != "status" or given != "confirmed" or claim.layer != "content" or claim.status != "alleged":
        return None
    if claim.content_type == "plan":
        return Rule("And it is a plan: that somebody intends it does not mean that it happened.", PLAN)
    if claim.quote_type in ("direct", "mixed"):
        return Rule("Quotation marks show whose words these are. They do not show that the words are true.", QUOTED)
    if claim.evidence in ("asserted", "described"):
        return Rule("Evidence that is told about is not evidence that you can check.", SAID_SO)
    return None
