"""Words of the feedback for cases that the common rule of a pair does not fit, and for cues and pieces."""

from __future__ import annotations

from kit.records import Claim
from kit.rules import FLAT, ONE_CLAIM, SAID_SO, Rule

__all__ = ["CUE_RULES", "HEARSAY", "RESTATED", "SPAN_RULES", "special"]

HEARSAY = ("distancing", "reportative")
"""Classes of cues that hand something on and name nobody."""
_ACT_VOUCHER = Rule(
    "These words tell that somebody spoke or acted. Who tells you so? Not the speaker, but the one who wrote it down."
)
"""For a wrong voucher of an act, whatever was given."""
_CONFIRMED_CONTENT = {
    "stance": Rule("This is a thing that could be checked, and the text supports it: with evidence, or an admission."),
    "denied": Rule("Nobody says here that it is not so. Look at who says it, and whom it harms; or at what is shown."),
    "unconfirmed": Rule("Nobody leaves it open here: it is shown, seen by two who are apart, or admitted."),
    "alleged": Rule(
        "More than a word stands behind this: evidence that you could check, two separate sources, or an admission."
    ),
    "asserted": Rule("The text gives more than the author's word: evidence, two separate sources, or an admission."),
}
"""For a content that the text supports: what was given instead."""
_UNSPOKEN = Rule(
    "Nobody speaks in these words: they tell the thing itself. That somebody does something in them does not make "
    "them an act. An act is that somebody spoke, or did something in public that the reporter puts on record."
)
"""For a content without a speaking word that was taken for an act."""
_HANDED_ON = Rule(
    "These words tell what was said, not that it was said. That somebody does something in them does not make them an "
    "act: what was done is just what is handed on here. An act is the saying itself.",
    ONE_CLAIM,
)
"""The same for a content that hangs on a word of hearsay."""
_CARRIED_ON = Rule(
    "A word of hearsay alone names nobody. But a report can run on over several sentences, and this one belongs to "
    "somebody who is named nearby: in the same sentence, or in the one before. That somebody vouches for it.",
)
"""For a voucher of a report that runs on, where nobody was seen behind it."""
_SAYS_SO = Rule(
    "Nobody says here that it is not so. Somebody says that it is. Whether they are right stays open, and a question "
    "that stays open is no denial."
)
"""For words that rest on a source, with no hedge that could have tempted, and that were taken for a denial."""
_NOBODYS_WORD = Rule(
    "Not even somebody's word stands behind this: it is passed on, and nobody is named whom you could ask. Nor is "
    "there evidence that you could check, a second and separate source, or an admission."
)
"""For words that nobody vouches for, taken for a fact."""
_WEAKENED = Rule(
    "Only the author stands behind this, and not even fully: a word weakens it. Nobody is named whom you could ask.",
    FLAT,
)
"""For a statement of the author's own, with a hedge, that was taken for a fact."""
RESTATED = {
    ("content", "act"): Rule(
        "There is no speaker and no speaking word in it: it states the thing as if it were so.", SAID_SO
    ),
    ("act", "content"): Rule("It tells that somebody spoke. It does not say that the thing is so.", SAID_SO),
}
"""For a headline of our own that restates a claim: (right, given) layers."""
CUE_RULES = {
    "none": "These words are not the cue. The cue is the word, or the few words, that tie what is said to the one "
    "who says it: a speaking verb, or words such as “in the view of”. It is neither the speaker's name nor a part of "
    "what is said.",
    "too much": "The cue is among your words, but so is more. Keep the word or two that do the tying, and leave out "
    "the speaker's name and what was said.",
    "too little": "You have a part of the cue. Read it aloud: does what you have tie what is said to somebody, all by "
    "itself? Take the word beside it, too.",
    "another": "This does tie something to a speaker, but not these words: another part of the sentence hangs on it. "
    "Which word stands before the words that are asked for?",
}
"""For a cue that does not fit: by what is the matter with it."""
SPAN_RULES = {
    "too much": "At least one of your pieces tells what was said. The act is only who spoke, and that they spoke.",
    "too little": "Something of the act is still missing. Look for who spoke, and for the speaking word.",
}
"""For pieces that are not the act."""


def special(claim: Claim, field: str, right: str, given: str) -> Rule | None:
    """The rule that holds for `claim` in place of that for the pair (`right`, `given`); None where that one does."""
    if field == "voucher" and claim.layer == "act":
        return _ACT_VOUCHER
    if field == "status" and claim.layer == "content" and right == "confirmed":
        return _CONFIRMED_CONTENT[given]
    if field == "layer" and claim.layer == "content" and not claim.cue:
        return _UNSPOKEN
    if field == "layer" and claim.layer == "content" and claim.cue_class in HEARSAY:
        return _HANDED_ON
    if (field, right, given) == ("voucher", "source", "none") and claim.cue_class in HEARSAY:
        return _CARRIED_ON
    if (field, right, given) == ("status", "alleged", "denied") and not claim.hedge:
        return _SAYS_SO
    if (field, right, given) == ("status", "alleged", "confirmed") and claim.source == "none":
        return _NOBODYS_WORD
    if (field, right, given) == ("status", "asserted", "confirmed") and claim.hedge:
        return _WEAKENED
    return None
