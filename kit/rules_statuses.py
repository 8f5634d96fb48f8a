"""The words of the feedback on statuses: what parts the right status from the one that was given."""

from __future__ import annotations

from kit.records import Claim
from kit.rules import CONDEMN, FLAT, HEDGE, NO_EVIDENCE, OFFICIAL, ONE_CLAIM, PLAN, QUOTED, SAID_SO, Rule

__all__ = ["STATUS_RULES", "refinement"]

STATUS_RULES: dict[tuple[str, str], Rule] = {
    ("stance", "denied"): Rule(
        "Nobody says here that something is not so. To condemn, to fear or to warn is not to deny.",
    ),
    ("stance", "unconfirmed"): Rule(
        "Nobody says here that proof is missing. These words judge, wish, demand, warn or suppose, and no proof "
        "could settle that.",
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
        "These words judge, wish, demand or warn. However flatly they are put, no evidence could settle them today.",
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
        "That somebody spoke or acted can be settled, and here it is on record. What they think or want is "
        "another claim.",
    ),
    ("confirmed", "denied"): Rule(
        "Nobody says here that this did not happen. Even to say no, or to take a report back, is an act of its own.",
    ),
    ("confirmed", "unconfirmed"): Rule(
        "The speaker may leave a matter open. That somebody spoke or acted is not open: it is on record.",
    ),
    ("confirmed", "alleged"): Rule(
        "These words tell that somebody spoke or acted, and there is somebody whom you could go and ask. What was "
        "said, if anything was, is another claim.",
        ONE_CLAIM,
    ),
    ("confirmed", "asserted"): Rule(
        "The author does more than say so: there is a person or an office that you could go and ask.",
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
        "It rests on a source's word alone: no evidence that you could check, no second and separate source, no "
        "admission. Whose word it is changes nothing.",
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
        "Nobody is reported as saying that it is not so. The author says that it is.",
    ),
    ("asserted", "unconfirmed"): Rule(
        "Nobody says here that the matter is open, or that proof is missing. The author says that it is so.",
    ),
    ("asserted", "confirmed"): Rule(
        "It sounds certain because nobody is named. But a flat sentence has only its author behind it.",
        FLAT,
    ),
    ("asserted", "alleged"): Rule(
        "There is no source here and no word of hearsay. The author says it in their own voice.",
    ),
}
"""(right, given) to the rule that parts the two. Confirmed contents have rules of their own: see `rules_cases`."""


def refinement(claim: Claim, field: str, given: str) -> Rule | None:
    """A second, closer rule where the claim itself shows why `given` tempted; None where it does not."""
    if field != "status" or given != "confirmed" or claim.layer != "content" or claim.status != "alleged":
        return None
    if claim.content_type == "plan":
        return Rule("And it is a plan: what is intended need not have happened.", PLAN)
    if claim.quote_type in ("direct", "mixed"):
        return Rule("Quotation marks show whose words these are, not that they are true.", QUOTED)
    if claim.evidence in ("asserted", "described"):
        return Rule("Evidence that is told about is not evidence that you can check.", SAID_SO)
    return None
