"""What the annotation accepts as an answer about a claim. Blank claims accept nothing: their labels are withheld."""

from __future__ import annotations

from kit.records import Annotation, Claim
from kit.rulings import OWN_VOICES

__all__ = ["accepted", "claims_by_id"]


def claims_by_id(annotation: Annotation) -> dict[str, Claim]:
    """All claims of `annotation` by their id."""
    return {claim.id: claim for claim in annotation.claims}


def accepted(claim: Claim, field: str) -> tuple[str, ...]:
    """The accepted values of `field` ("layer", "status", "voucher", "reach", "cue", "cue_class"), the best one first.

    A claim whose status has alternatives has the vouchers that go with them: who reads it as asserted
    says that the author vouches, who reads it as alleged says that a source near it does.
    """
    if claim.blank:
        return ()
    if field == "voucher":
        return _vouchers(claim)
    if field == "reach":
        return _reaches(claim)
    if field == "status":
        return (claim.status, *claim.also)
    return (getattr(claim, field),)


def _vouchers(claim: Claim) -> tuple[str, ...]:
    own = claim.source if claim.source in OWN_VOICES else "source"
    others = []
    if claim.layer == "content" and own != "author" and "asserted" in claim.also:
        others.append("author")
    if claim.layer == "content" and own == "author" and "alleged" in claim.also:
        others.append("source")
    return (own, *others)


def _reaches(claim: Claim) -> tuple[str, ...]:
    """Whether a hedge reaches the claim. Both, where it stands outside and the words may be the author's own."""
    if not claim.hedge:
        return ("plain",)
    loose = claim.hedge not in claim.quote and "asserted" in claim.also
    return ("hedged", "plain") if loose else ("hedged",)
