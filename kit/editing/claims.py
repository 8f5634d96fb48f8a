"""Steps on the claims of a sheet: each gives the file's new text, or refuses with a KitError and changes nothing.

A step changes the tables that it is about, and what names them elsewhere. All other text stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit import codebook
from kit.editing.sheets import Sheet, Tables, check_listed
from kit.errors import KitError
from kit.records import KEY_FIELDS, Claim
from kit.rulings import HERE, OWN_VOICES, UNKNOWN_LINK

__all__ = ["accept", "add", "change", "merge", "remove", "split"]

LISTS = ("also", "chain", "disputed_by", "supported_by")


def change(sheet: Sheet, claim: str, field: str, value: str | Iterable[str]) -> str:
    """Set a field of a claim, or its words (`quote`). A new source takes the place of the old one in the chain, and
    a status that was accepted besides is not named twice.

    Raises KitError for a quote without one place in the unit, an unknown id, and a value that is not permitted.
    """
    old = sheet.claim(claim)
    value = tuple(value) if field in LISTS else str(value)
    value = str(value).strip() if field == "quote" else value
    _permitted(sheet, old, field, value)
    values: dict[str, Any] = {field: value} if value or field == "quote" else {field: None}
    values = {"blank": None} | values if old.blank else values
    if field == "source" and (chain := _chain(old, str(value))) != old.chain:
        values["chain"] = chain or None
    if field == "status" and value in old.also:
        values["also"] = tuple(one for one in old.also if one != value) or None
    return sheet.with_values("claim", claim, **values)


def accept(sheet: Sheet, claim: str) -> str:
    """Mark the claim as accepted by a person. Raises KitError for a blank one, which has nothing to accept."""
    if sheet.claim(claim).blank:
        raise KitError(f"{claim} has no labels yet, so there is nothing to accept. Choose its labels first.")
    return sheet.with_values("claim", claim, proposed=None)


def split(sheet: Sheet, claim: str, first: str, second: str) -> str:
    """Make two claims of one: `first` and `second` are its words, cut in two. The second's labels are a guess.

    Raises KitError where the cut does not fall inside the words.
    """
    old, tables = sheet.claim(claim), sheet.tables()
    one, two = first.strip(" \t\n,;:"), second.strip(" \t\n,;:")
    if first + second != old.quote or not one or not two:
        raise KitError(f"Put the cut inside the words of {claim}, so that there are words on both sides of it.")
    for words in (one, two):
        sheet.placed(old.unit, words)
    at = tables.find("claim", claim)
    new = tables.data(at) | {"id": sheet.free_claim_id(old.unit), "quote": two, "proposed": "guess"}
    tables.change(at, {"quote": one})
    tables.insert(at + 1, "claim", new)
    return str(tables)


def merge(sheet: Sheet, claim: str) -> str:
    """Make one claim of this and the next of its unit, with all that stands between them and this one's labels.

    What named the next one names this one. Raises KitError where none follows.
    """
    old = sheet.claim(claim)
    other = sheet.following(old)
    if other is None:
        raise KitError(f"No claim follows {claim} in {old.unit}, so there is none to join it with.")
    words = sheet.whole.text[old.start : max(old.end, other.end)]
    tables = sheet.tables()
    tables.change(tables.find("claim", claim), {"quote": words})
    return _without(tables, sheet, other.id, claim)


def remove(sheet: Sheet, claim: str) -> str:
    """Take out a claim, and its id wherever it is named. Raises KitError for the only one."""
    if len(sheet.whole.claims) == 1:
        raise KitError(f"{sheet.claim(claim).id} is the only claim, and a file needs one. Add another one first.")
    return _without(sheet.tables(), sheet, sheet.claim(claim).id, "")


def add(sheet: Sheet, unit: str, quote: str) -> str:
    """Add a claim without labels, in the order of the text. Its id is the unit's with the next free letter.

    Raises KitError for words without one place in the unit, and for those of a claim that is there.
    """
    home, words, tables = sheet.unit(unit), quote.strip(), sheet.tables()
    start = home.start + home.text.find(sheet.placed(unit, words))
    for claim in sheet.whole.claims:
        if (claim.unit, claim.quote) == (unit, words):
            raise KitError(f"These are the words of {claim.id} already. Take others, or correct {claim.id}.")
    before = [claim for claim in sheet.whole.claims if claim.start <= start]
    near = max(before, key=lambda claim: claim.start, default=None)
    at = tables.find("claim", near.id) + 1 if near else tables.find("claim")
    tables.insert(at, "claim", {"id": sheet.free_claim_id(unit), "unit": unit, "quote": words})
    return str(tables)


def _permitted(sheet: Sheet, claim: Claim, field: str, value: str | tuple[str, ...]) -> None:
    sources = tuple(source.id for source in sheet.whole.sources)
    if field == "quote":
        sheet.placed(claim.unit, str(value))
    elif field == "source":
        check_listed(field, str(value), (*OWN_VOICES, *sources))
    elif field == "also":
        check_listed(field, value, codebook.names("status"))
    elif field == "chain":
        check_listed(field, value, (UNKNOWN_LINK, HERE, *sources))
    elif field in LISTS:
        check_listed(field, value, tuple(other.id for other in sheet.whole.claims if other is not claim))
    elif field in codebook.FIELDS:
        check_listed(field, str(value), codebook.names(field))
    elif field not in KEY_FIELDS:
        raise KitError(f"“{field}” of a claim cannot be changed here.")


def _chain(claim: Claim, source: str) -> tuple[str, ...]:
    """The claim's chain with `source` where its own source stood. That of an act begins with its speaker, and stays."""
    links: dict[str, tuple[str, ...]] = {"": (), "author": (), "none": (UNKNOWN_LINK,)}
    old, new = (links.get(one, (one,)) for one in (claim.source, source))
    if old:
        return tuple(link for one in claim.chain for link in (new if (one,) == old else (one,)))
    if claim.layer == "act" or claim.chain not in ((), (HERE,)) or not (new or claim.layer):
        return claim.chain
    return (*new, HERE)


def _without(tables: Tables, sheet: Sheet, claim: str, heir: str) -> str:
    """The text without a claim; what named it names `heir`, or nothing where that is empty."""

    def without(names: Iterable[str], itself: str = "") -> list[str] | None:
        new = [heir if name == claim else name for name in names]
        return [name for name in dict.fromkeys(new) if name and name != itself]

    for other in sheet.whole.claims:
        named = {field: getattr(other, field) for field in ("disputed_by", "supported_by")}
        values = {field: without(ids, other.id) or None for field, ids in named.items() if claim in ids}
        if values:
            tables.change(tables.find("claim", other.id), values)
    for row in sheet.whole.propositions:
        if claim in row.claims:
            tables.change(tables.find("proposition", row.id), {"claims": without(row.claims)})
    if claim in sheet.whole.passes:
        tables.change(tables.find("passes"), {claim: None})
    tables.remove(tables.find("claim", claim))
    return str(tables)
