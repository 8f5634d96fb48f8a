"""What the drafter alone earns: students hold it, too, and its labels of a released text are often those of the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.article.codebook import UNKNOWN_LINK
from kit.article.loading import Article
from kit.article.records import Claim
from kit.draft.frames import proposals
from kit.teacher.exercises.keys import KeyedQuestion

__all__ = ["Drafts"]

_FIELDS = {"words": "cue", "chains": "chain"}
"""The checks that ask for a label and name no field, and what they ask for."""


@dataclass(frozen=True)
class Drafts:
    """The claims that the rules propose, each by the claim of the annotation that it matches."""

    of: Mapping[str, Claim]

    @classmethod
    def read(cls, article: Article) -> Drafts:
        """Draft the text of an annotated article."""
        return cls(proposals(article))

    def right(self, claim: Claim, field: str) -> bool:
        """Whether the draft holds this claim, and gives it an accepted label of `field`.

        A chain is right when it is as long and has the same gaps: its links are names that anybody can look up.
        """
        mine = self.of.get(claim.id)
        if mine is None:
            return False
        if field == "chain":
            one, two = ([link == UNKNOWN_LINK for link in chain] for chain in (mine.chain, claim.chain))
            return one == two
        accepted = {label.casefold() for label in claim.accepts(field)}
        return bool(mine.accepts(field)) and mine.accepts(field)[0].casefold() in accepted

    def lines(self, question: KeyedQuestion, claims: Mapping[str, Claim]) -> int | None:
        """On how many lines of the question the draft is right; None where no label of a claim is asked."""
        field = question.field if question.check == "labels" else _FIELDS.get(question.check, "")
        asked = [claims[line] for line in question.key if line in claims]
        return sum(self.right(claim, field) for claim in asked) if field and asked else None
