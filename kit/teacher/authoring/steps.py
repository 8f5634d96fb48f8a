"""Every step by which a person corrects the claims of an annotation, what goes with it, and what it takes for granted.

With a change of one label, what no longer holds goes, and what must follow is filled in. A reason rests on the labels
that it was written for, and so do the other readings: with a new status, source or layer both go, and the claim is open
until a person has given a new reason and accepted it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from kit.article import annotation_file, codebook
from kit.article.codebook import HERE, OWN_VOICES, UNKNOWN_LINK
from kit.article.records import KEY_FIELDS, Claim
from kit.errors import KitError
from kit.teacher.authoring.register_steps import REGISTER_STEPS
from kit.teacher.authoring.sheets import Sheet, Tables, check_listed

__all__ = ["STEPS", "reason", "rests_on", "taken"]

_LISTS = ("also", "chain", "disputed_by", "supported_by")
_SAME = ("layer", "status", "also", "source", "quote_type", "content_type", "chain", "why")
_OF_STANCE = ("judgement", "demand", "conditional")
_MARKS = '"“”„«»'


def change(sheet: Sheet, tables: Tables, claim: str, field: str, value: str | Iterable[str]) -> None:
    """Set a field of a claim, or its words (`quote`), and with it what follows for the others.

    Raises KitError for a quote without one place in the unit, an unknown id, and a value that is not permitted.
    """
    old = sheet.claim(claim)
    value = tuple(value) if field in _LISTS else str(value)
    sources = tuple(source.id for source in sheet.whole.sources)
    others = tuple(other.id for other in sheet.whole.claims if other is not old)
    listed = codebook.FIELDS | {
        "also": codebook.FIELDS["status"],
        "source": (*OWN_VOICES, *sources),
        "chain": (UNKNOWN_LINK, HERE, *sources),
        "disputed_by": others,
        "supported_by": others,
    }
    if field == "quote":
        value = str(value).strip()
        _check_placed(sheet, old.unit, value)
    elif field not in KEY_FIELDS:
        raise KitError(f"“{field}” of a claim cannot be changed here.")
    elif field in listed:
        check_listed(field, value, listed[field])
    values: dict[str, Any] = {field: value} if value or field == "quote" else {field: None}
    values = {"blank": None} | values if old.blank else values
    tables.put("claim", claim, **values, **_follows(sheet, old, field, value))


def same(sheet: Sheet, tables: Tables, claim: str) -> None:
    """Give the claim the labels of the one above it, where a quotation goes on. They are a guess until accepted.

    A cue that does not stand in its own unit is left out. Raises KitError where no claim with labels is above it.
    """
    mine, above = sheet.claim(claim), sheet.above(sheet.claim(claim))
    if above is None:
        raise KitError(
            f"No {mine.layer or 'claim'} with labels stands above {claim}, so there is nothing to take over."
        )
    values = {name: getattr(above, name) or None for name in _SAME}
    if (cued := above.cue in sheet.unit(mine.unit).text) or mine.cue:
        values |= {"cue": above.cue or None, "cue_class": above.cue_class} if cued else {"cue": None, "cue_class": None}
    tables.put("claim", claim, **values, blank=None, proposed="guess")


def accept(sheet: Sheet, tables: Tables, claim: str) -> None:
    """Mark the claim as accepted by a person. Raises KitError for one without labels, or without its reason."""
    one = sheet.claim(claim)
    if one.blank:
        raise KitError(f"{claim} has no labels yet, so there is nothing to accept. Choose its labels first.")
    if not one.why.strip():
        what = f"what makes it “{one.status}”" if one.status else "what makes it so"
        raise KitError(f"{claim} needs a “why” before it can be accepted: say in one plain sentence {what}.")
    tables.put("claim", claim, proposed=None)


def split(sheet: Sheet, tables: Tables, claim: str, first: str, second: str) -> None:
    """Make two claims of one: `first` and `second` are its words, cut in two. The second's labels are a guess.

    Raises KitError where the cut does not fall inside the words.
    """
    old = sheet.claim(claim)
    one, two = first.strip(" \t\n,;:"), second.strip(" \t\n,;:")
    if first + second != old.quote or not one or not two:
        raise KitError(f"Put the cut inside the words of {claim}, so that there are words on both sides of it.")
    for words in (one, two):
        _check_placed(sheet, old.unit, words)
    at = tables.find("claim", claim)
    new = tables.data(at) | {"id": sheet.free_claim_id(old.unit), "quote": two, "proposed": "guess"}
    tables.change(at, {"quote": one})
    tables.insert(at + 1, "claim", new)


def merge(sheet: Sheet, tables: Tables, claim: str) -> None:
    """Make one claim of this and the next of its unit, with all that stands between them and this one's labels.

    What named the next one names this one. Raises KitError where none follows.
    """
    old = sheet.claim(claim)
    other = sheet.following(old)
    if other is None:
        raise KitError(f"No claim follows {claim} in {old.unit}, so there is none to join it with.")
    tables.put("claim", claim, quote=sheet.whole.text[old.start : max(old.end, other.end)])
    _take_out(sheet, tables, other.id, claim)


def remove(sheet: Sheet, tables: Tables, claim: str) -> None:
    """Take out a claim, and its id wherever it is named. Raises KitError for the only one."""
    if len(sheet.whole.claims) == 1:
        raise KitError(f"{sheet.claim(claim).id} is the only claim, and a file needs one. Add another one first.")
    _take_out(sheet, tables, sheet.claim(claim).id, "")


def add(sheet: Sheet, tables: Tables, unit: str, quote: str) -> None:
    """Add a claim without labels, in the order of the text. Its id is the unit's with the next free letter.

    Raises KitError for words without one place in the unit, and for those of a claim that is there.
    """
    home, words = sheet.unit(unit), quote.strip()
    _check_placed(sheet, unit, words)
    start = home.start + home.text.find(words)
    for claim in sheet.whole.claims:
        if (claim.unit, claim.quote) == (unit, words):
            raise KitError(f"These are the words of {claim.id} already. Take others, or correct {claim.id}.")
    before = [claim for claim in sheet.whole.claims if claim.start <= start]
    near = max(before, key=lambda claim: claim.start, default=None)
    at = tables.find("claim", near.id) + 1 if near else tables.find("claim")
    tables.insert(at, "claim", {"id": sheet.free_claim_id(unit), "unit": unit, "quote": words})


STEPS: dict[str, Callable[..., None]] = {
    step.__name__: step for step in (accept, add, change, merge, remove, same, split)
} | REGISTER_STEPS
"""Each takes a sheet, its tables, which it changes, and what it is about."""


def taken(sheet: Sheet, step: str, **given: Any) -> str:
    """The new text of the file when one of the `STEPS` is taken. Raises KitError where it is refused."""
    tables = Tables(sheet.text)
    STEPS[step](sheet, tables, **given)
    return str(tables)


def rests_on(sheet: Sheet, step: str, **given: Any) -> Any:
    """What a step takes for granted: if another text has the same here, the step still means what it meant."""
    if step == "add":
        return sheet.unit(given["unit"]).text
    if step in ("add_source", "add_proposition"):
        return None
    if step == "join_source":
        return sheet.source(given["source"]), sheet.source(given["into"])
    if "source" in given:
        return sheet.source(given["source"]), sheet.reply(given["source"])
    if "proposition" in given:
        return sheet.proposition(given["proposition"])
    claim = sheet.claim(given["claim"])
    if step == "change":
        return getattr(claim, given["field"]), sheet.unit(claim.unit).text
    if step == "bear":
        return claim, [row.id for row in sheet.whole.propositions if claim.id in row.claims]
    return claim, sheet.following(claim) if step == "merge" else sheet.above(claim) if step == "same" else None


def _check_placed(sheet: Sheet, unit: str, words: str) -> None:
    """Raise KitError where `words` do not stand exactly once in the unit."""
    units = {one.id: one for one in sheet.whole.units}
    if not words:
        raise KitError(f"Choose or type some words of {unit} first.")
    if why := annotation_file.misplaced(words, units[unit], units, sheet.whole.text):
        raise KitError(f"{why}.")


def _take_out(sheet: Sheet, tables: Tables, claim: str, heir: str) -> None:
    """Take out a claim; what named it names `heir`, or nothing where that is empty."""

    def without(names: Iterable[str], itself: str = "") -> list[str] | None:
        new = [heir if name == claim else name for name in names]
        return [name for name in dict.fromkeys(new) if name and name != itself]

    for other in sheet.whole.claims:
        named = {field: getattr(other, field) for field in ("disputed_by", "supported_by")}
        values = {field: without(ids, other.id) or None for field, ids in named.items() if claim in ids}
        if values:
            tables.put("claim", other.id, **values)
    for row in sheet.whole.propositions:
        if claim in row.claims:
            tables.put("proposition", row.id, claims=without(row.claims))
    if claim in sheet.whole.passes:
        tables.change(tables.find("passes"), {claim: None})
    tables.remove(tables.find("claim", claim))


def _follows(sheet: Sheet, claim: Claim, field: str, value: Any) -> dict[str, Any]:
    """The values of other fields that go with the new `value` of a field of `claim`; None takes one out."""
    rest: dict[str, Callable[..., dict[str, Any]]] = {"layer": _of_layer, "status": _of_status, "source": _of_source}
    if claim.layer == "act" and value[:1] != claim.chain[:1]:
        rest["chain"] = lambda *_: {}  # another speaker: of an act, that is what its reason is about
    if field not in rest or value == getattr(claim, field):
        return {}
    values: dict[str, Any] = {"also": None, "why": None} | rest[field](sheet, claim, value)
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
