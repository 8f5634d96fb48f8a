"""What a change of one label takes with it: what no longer holds goes, and what must follow is filled in.

A reason rests on the labels that it was written for, and so do the other readings: with a new status, source or layer
both go, and the claim is open until a person has given a new reason and accepted it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kit.article.codebook import HERE, OWN_VOICES, UNKNOWN_LINK
from kit.article.records import Claim
from kit.teacher.authoring.sheets import Sheet

__all__ = ["follows", "reason"]

_OF_STANCE = ("judgement", "demand", "conditional")
_MARKS = '"“”„«»'


def follows(sheet: Sheet, claim: Claim, field: str, value: Any) -> dict[str, Any]:
    """The values of other fields that go with the new `value` of a field of `claim`; None takes one out."""
    if field not in ("layer", "status", "source") or value == getattr(claim, field):
        return {}
    values: dict[str, Any] = {"also": None, "why": None}
    values |= {"layer": _of_layer, "status": _of_status, "source": _of_source}[field](sheet, claim, str(value))
    labelled = claim.layer or claim.status or claim.source
    return values | {"proposed": "guess"} if labelled and not claim.proposed else values


def reason(claim: Claim, names: Mapping[str, str]) -> str:
    """A sentence that may stand as its `why`, from its labels alone; empty where they do not say enough.

    `names` maps the ids of sources to their names.
    """
    name = names.get(claim.source, "Its source")
    who = f"{name[:1].upper()}{name[1:]}"
    if claim.layer == "act":
        act = {"confirmed": "It is on record here that this was said or done in public, by somebody one could ask."}
        return (act | {"asserted": "The author tells it, and names nobody whom one could ask."}).get(claim.status, "")
    kinds = {"demand": "It is asked for or wished", "conditional": "It is an if-then"}
    nobody = "It is passed on, and nobody in particular stands by it."
    shown = "The text gives evidence that a reader could check." if claim.evidence == "shown" else ""
    return {
        "stance": f"{kinds.get(claim.content_type, 'It is a judgement')}: no evidence could settle it now.",
        "denied": f"{who} says that it is not so.",
        "unconfirmed": f"{who} leaves it open: there is no proof yet.",
        "confirmed": shown,
        "alleged": nobody if claim.source == "none" else f"It rests on the word of {name} alone.",
        "asserted": "The author says it, on nobody else's word.",
    }.get(claim.status, "")


def _of_layer(sheet: Sheet, claim: Claim, value: str) -> dict[str, Any]:
    if value != "act":
        speaker = claim.chain[0] if claim.chain and claim.chain[0] not in (UNKNOWN_LINK, HERE) else claim.source
        status = {"status": None} if claim.status == "confirmed" else {}
        return status | {"source": speaker or None, "content_type": None}
    inside = (one for one in sheet.whole.claims if one.unit == claim.unit and one is not claim)
    near = next((one for one in inside if one.source not in ("", *OWN_VOICES)), None)
    chain = claim.chain if claim.chain not in ((), (HERE,)) else near.chain if near else (UNKNOWN_LINK, HERE)
    values: dict[str, Any] = {"status": "confirmed", "source": "author", "content_type": "speech", "chain": chain}
    if claim.quote_type == "none":
        values["quote_type"] = near.quote_type if near else "narrated"
    if near and near.cue and near.cue in claim.quote and not claim.cue:
        values |= {"cue": near.cue, "cue_class": near.cue_class}
    if not claim.status:  # a new one: all of it is proposed, the reason too
        values |= {"why": reason(replace(claim, layer="act", status="confirmed"), {}), "proposed": "guess"}
    return values | {"hedge": None}


def _of_status(_: Sheet, claim: Claim, value: str) -> dict[str, Any]:
    if claim.layer == "act":
        return {}
    values: dict[str, Any] = {} if claim.layer else {"layer": "content"}
    if value == "asserted" and not claim.source:
        values |= {"source": "author", "chain": (HERE,)}
    if (value == "stance") != (claim.content_type in _OF_STANCE) or not claim.content_type:
        values["content_type"] = {"stance": "judgement", "unconfirmed": "evidence"}.get(value, "event")
    return values


def _of_source(sheet: Sheet, claim: Claim, value: str) -> dict[str, Any]:
    chain = _chain(claim, value)
    values: dict[str, Any] = {"chain": chain or None} if chain != claim.chain else {}
    if claim.layer == "act":
        return values
    if not claim.layer:
        values["layer"] = "content"
    if value == "author" and claim.status == "alleged":
        values["status"] = "asserted"
    if value != "author" and claim.status == "asserted":
        values["status"] = "alleged"
    if value in OWN_VOICES:
        values["quote_type"] = None
    elif claim.quote_type == "none":
        values["quote_type"] = _manner(claim, sheet.unit(claim.unit).text)
    if value == "author":
        values |= {"cue": None, "cue_class": None}
    return values


def _manner(claim: Claim, sentence: str) -> str:
    """How its words are given in their sentence, by the quotation marks: direct, mixed or indirect."""
    before, words, after = sentence.partition(claim.quote)
    if words[0] in _MARKS and words[-1] in _MARKS:
        return "direct"
    if any(mark in words for mark in _MARKS):
        return "mixed"
    opened = before.count('"') % 2 or before.count("“") > before.count("”") or before.count("«") > before.count("»")
    return "direct" if opened or after.startswith(tuple('"”»')) else "indirect"


def _chain(claim: Claim, source: str) -> tuple[str, ...]:
    """The claim's chain with `source` where its own source stood. That of an act begins with its speaker, and stays."""
    links: dict[str, tuple[str, ...]] = {"": (), "author": (), "none": (UNKNOWN_LINK,)}
    old, new = (links.get(one, (one,)) for one in (claim.source, source))
    if old:
        return tuple(link for one in claim.chain for link in (new if (one,) == old else (one,)))
    if claim.layer == "act" or claim.chain not in ((), (HERE,)) or not (new or claim.layer):
        return claim.chain
    return (*new, HERE)
