"""The words of the feedback on cue classes and on the reach of hedges: what parts the right label from the given one.

A rule on cue classes has two halves: what the cue at hand does, and what the given class would need. No half
names a class other than its own, so that no rule gives the right one away.
"""

from __future__ import annotations

from kit.rules import HEDGE, SAID_SO, Rule

__all__ = ["SOURCE_RULES"]

_DOES = {
    "neutral": "The cue here only tells that somebody spoke, or where it comes from. It adds no colour.",
    "endorsing": "The cue here makes the speaker sound like one who knows, as “found out” does. Whether they know is "
    "another question.",
    "distancing": "With the cue here the author steps back, as with “so-called”: it sounds like hearsay or doubt.",
    "reportative": "The cue here hands a report on. It leaves open who tells it, and whether it is so.",
    "accusing": "The cue here lays blame: somebody is said to have done a bad thing.",
    "directive": "The cue here wants something done: it goes with a wish or a request to somebody.",
    "warning": "The cue here points at a danger that may come.",
    "none": "Look for a word that ties this to somebody who said it.",
}
"""By the right class: what its cue does."""
_NEEDS = {
    "neutral": "“Neutral” fits words such as “told” and “in the view of”, which add nothing of their own.",
    "endorsing": "“Endorsing” fits words such as “proved”, which make it sound settled.",
    "distancing": "“Distancing” fits words such as “supposedly”, with which an author keeps away from it.",
    "reportative": "“Reportative” fits words such as “it is reported”, which say no more than that a report exists.",
    "accusing": "“Accusing” fits words such as “blamed”, which say that somebody is guilty of something.",
    "directive": "“Directive” fits words such as “called on”, which ask somebody to act.",
    "warning": "“Warning” fits words such as “cautioned”, which speak of harm to come.",
    "none": "“None” fits only where no word ties it to anybody. Look for one, also after these words.",
}
"""By the given class: what it would need."""
_BEHIND = {("reportative", "distancing"): HEDGE} | {
    (right, "endorsing"): SAID_SO for right in ("neutral", "reportative", "accusing", "none")
}

SOURCE_RULES: dict[str, dict[tuple[str, str], Rule]] = {
    "cue_class": {
        (right, given): Rule(f"{does} {needs}", _BEHIND.get((right, given), ""))
        for right, does in _DOES.items()
        for given, needs in _NEEDS.items()
        if right != given
    },
    "reach": {
        ("hedged", "plain"): Rule(
            "A word in this sentence weakens what is claimed here: these words hang on it. Weakened does not mean "
            "untrue. It means that nobody stands by it fully.",
            HEDGE,
        ),
        ("plain", "hedged"): Rule(
            "No weakening word reaches these words. A hedge reaches the clauses that hang on its own clause, and no "
            "further: not the rest of the sentence, and not the next one.",
        ),
    },
}
"""For each field: (right, given) to the rule that parts the two."""
