"""Words of the feedback for special cases: acts, contents that are confirmed, and headlines of our own."""

from __future__ import annotations

from kit.rules import SAID_SO, Rule

__all__ = ["ACT_VOUCHER", "CONFIRMED_CONTENT", "RESTATED"]

ACT_VOUCHER = Rule(
    "These words tell that somebody spoke or acted. Who tells you so? Not the speaker, but the one who wrote it down."
)
"""For a wrong voucher of an act, whatever was given."""
CONFIRMED_CONTENT = {
    "stance": Rule("This is a thing that could be checked, and the text supports it: with evidence, or an admission."),
    "denied": Rule("Nobody says here that it is not so. Look at who says it, and whom it harms; or at what is shown."),
    "unconfirmed": Rule("Nobody leaves it open here: it is shown, seen by two who are apart, or admitted."),
    "alleged": Rule(
        "More than a word stands behind this: evidence that you could check, two separate sources, or an admission."
    ),
    "asserted": Rule("The text gives more than the author's word: evidence, two separate sources, or an admission."),
}
"""For a content that the text supports: what was given instead."""
RESTATED = {
    ("content", "act"): Rule(
        "There is no speaker and no speaking word in it: it states the thing as if it were so.", SAID_SO
    ),
    ("act", "content"): Rule("It tells that somebody spoke. It does not say that the thing is so.", SAID_SO),
}
"""For a headline of our own that restates a claim: (right, given) layers."""
