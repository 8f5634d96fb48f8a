"""Words of the feedback for cases that the common rule of a pair does not fit, and for cues and pieces."""

from __future__ import annotations

from kit.records import Claim
from kit.rules import FLAT, HEDGE, ONE_CLAIM, SAID_SO, Rule

__all__ = ["CUE_RULES", "HEARSAY", "MADE_UP", "RESTATED", "SPAN_RULES", "special"]

HEARSAY = ("distancing", "reportative")
"""Classes of cues that hand something on and name nobody."""
_ACT_VOUCHER = Rule(
    "These words tell that somebody spoke or acted. Who tells you so? Not the speaker, but the one who wrote it down."
)
"""For a wrong voucher of an act, whatever was given."""
_CONFIRMED_CONTENT = {
    "stance": Rule("This is a thing that could be checked, and the text supports it: with evidence, or an admission."),
    "denied": Rule(
        "Nobody says here that it is not so. Ask what the text gives for it: something shown, a second source, or an "
        "admission."
    ),
    "unconfirmed": Rule("Nobody leaves it open here: it is shown, seen by two who are apart, or admitted."),
    "alleged": Rule(
        "More than a word stands behind this: evidence that you could check, two separate sources, or an admission."
    ),
    "asserted": Rule("The text gives more than the author's word: evidence, two separate sources, or an admission."),
}
"""For a content that the text supports: what was given instead."""
_UNSPOKEN = Rule(
    "Nobody speaks in these words: they tell what is so, or what was done. An act is that somebody spoke, or did "
    "something in public that the reporter puts on record."
)
"""For a content without a speaking word that was taken for an act."""
_HANDED_ON = Rule(
    "These words tell what was said, not that it was said. That somebody does something in them does not make them an "
    "act: it is what is handed on. An act is the saying itself.",
    ONE_CLAIM,
)
"""The same for a content that hangs on a word of hearsay."""
_CARRIED_ON = Rule(
    "A word of hearsay alone names nobody. But a report can run on over several sentences, and this one belongs to "
    "somebody who is named nearby, in this sentence or in the one before.",
)
"""For a voucher of a report that runs on, where nobody was seen behind it."""
_SAYS_SO = Rule(
    "Nobody says here that it is not so. Somebody says that it is. Whether they are right stays open, and a question "
    "that stays open is no denial."
)
"""For words that rest on a source, with no hedge that could have tempted, and that were taken for a denial."""
_NOBODYS_WORD = Rule(
    "Nobody's word stands behind this: it is passed on, and nobody is named whom you could ask. Nor does the text "
    "give evidence that you could check, or an admission."
)
"""For words that nobody vouches for, taken for a fact."""
_WEAKENED = Rule(
    "Only the author stands behind this, and not even fully: a word weakens it. Nobody is named whom you could ask.",
    FLAT,
)
"""For a statement of the author's own, with a hedge, that was taken for a fact."""
_STILL_THEIRS = Rule(
    "Nobody says that the matter is open. A word such as “it seems” weakens the author's statement, and it stays the "
    "author's statement.",
    HEDGE,
)
"""For the same, taken for something that a source leaves open."""
RESTATED = {
    ("content", "act"): Rule(
        "There is no speaker and no speaking word in it: it states the thing as if it were so.", SAID_SO
    ),
    ("act", "content"): Rule("It tells that somebody spoke. It does not say that the thing is so.", SAID_SO),
}
"""For a headline of our own that restates a claim: (right, given) layers."""
CUE_RULES = {
    "none": "These words are not the cue. The cue is the word or two that tie a claim to whoever made it: a speaking "
    "verb, or words such as “in the view of”. It is not the speaker's name.",
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
MADE_UP: dict[str, dict[str, str]] = {
    "layer": {"act": "The coach spoke to the press.", "content": "The match is off."},
    "voucher": {
        "author": "The road is closed.",
        "source": "The mayor said that the road is closed.",
        "none": "The road is supposedly closed.",
    },
    "status": {
        "stance": "Closing the road would be a disgrace, the mayor said.",
        "denied": "The baker said that the bread was not old.",
        "unconfirmed": "There is no trace of the thief so far, the police said.",
        "confirmed": "The mayor spoke to the press on Monday.",
        "alleged": "The match is off, the coach said.",
        "asserted": "The tower is the oldest in the town.",
    },
    "cue_class": {
        "neutral": "The mayor said that the road is closed.",
        "endorsing": "The mayor showed that the road is closed.",
        "distancing": "The road is supposedly closed.",
        "reportative": "It is reported that the road is closed.",
        "accusing": "She blamed the mayor for the closed road.",
        "directive": "She called on the mayor to open the road.",
        "warning": "She cautioned that the road may slip.",
        "none": "The road is closed.",
    },
    "reach": {"hedged": "The ship has supposedly arrived.", "plain": "The ship has arrived."},
}
"""By field and label: a made-up sentence in which it is right, for where the article has none to compare."""


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
    if (field, right) == ("status", "asserted") and claim.hedge:
        return {"confirmed": _WEAKENED, "unconfirmed": _STILL_THEIRS}.get(given)
    return None
