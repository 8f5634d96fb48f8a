"""Steps on the sources of a sheet: each gives the file's new text, or refuses with a KitError and changes nothing."""

from __future__ import annotations

from typing import Any

from kit import codebook
from kit.editing.sheets import ORDER, Sheet, Tables, check_listed
from kit.errors import KitError
from kit.records import Claim, Reply, Source

__all__ = ["accept_source", "add_source", "change_source", "join_source", "remove_source"]

_KINDS = codebook.names("source_kind")[:4]


def add_source(sheet: Sheet, name: str, kind: str) -> str:
    """Add somebody who is given a word in the text; the id is made from the name.

    Raises KitError without a name, for a name that is there, and for a kind that is not permitted.
    """
    name, tables = " ".join(name.split()), sheet.tables()
    _named(sheet, "", name)
    check_listed("kind", kind, _KINDS)
    last = tables.last("source")
    at = last + 1 if last >= 0 else tables.find("claim")
    tables.insert(at, "source", {"id": sheet.free_source_id(name), "name": name, "kind": kind})
    return str(tables)


def change_source(sheet: Sheet, source: str, field: str, value: str | bool) -> str:
    """Set the name, the kind or `accused` of a source. Raises KitError for a value that cannot be."""
    old = sheet.source(source)
    if field == "name":
        value = " ".join(str(value).split())
        _named(sheet, old.id, value)
    elif field == "kind":
        check_listed("kind", str(value), _KINDS)
    elif field != "accused" or not isinstance(value, bool):
        raise KitError(f"“{field}” of a source cannot be changed here.")
    return sheet.with_values("source", source, **{field: value or None})


def accept_source(sheet: Sheet, source: str) -> str:
    """Mark the source as accepted by a person."""
    return sheet.with_values("source", sheet.source(source).id, proposed=None)


def remove_source(sheet: Sheet, source: str) -> str:
    """Take out a source. Raises KitError while a claim or a reply names it."""
    old, tables = sheet.source(source), sheet.tables()
    users = [claim.id for claim in sheet.whole.claims if old.id in (claim.source, *claim.chain)]
    users += ["a [[reply]]" for reply in sheet.whole.replies if reply.source == old.id]
    if users:
        more = f" and {len(users) - 3} more" if len(users) > 3 else ""
        raise KitError(f"{old.name} is still named by {', '.join(users[:3])}{more}. Give them another source first.")
    tables.remove(tables.find("source", source))
    return str(tables)


def join_source(sheet: Sheet, source: str, into: str) -> str:
    """Make one of two sources that are the same: what names `source` names `into`, which keeps its name and its kind.

    Where both stood side by side in a chain, one is left. It is accused if either was, and two replies that say the
    same become one. Comments in what goes are kept, but for those inside its lists. Raises KitError where a chain
    would come back to the source, and where the two replied differently.
    """
    if source == into or not (source and into):
        raise KitError("Choose two different sources: first the one that goes, then the one that stays.")
    old, heir, tables = sheet.source(source), sheet.source(into), sheet.tables()
    for claim in sheet.whole.claims:
        values: dict[str, Any] = {"source": heir.id} if claim.source == old.id else {}
        if old.id in claim.chain:
            values["chain"] = _joined(claim, old, heir)
        if values:
            tables.change(tables.find("claim", claim.id), values)
    _join_replies(tables, {reply.source: reply for reply in sheet.whole.replies}, old, heir)
    if old.accused and not heir.accused:
        tables.change(tables.find("source", into), {"accused": True}, order=ORDER["source"])
    tables.absorb(tables.find("source", into), tables.find("source", source))
    return str(tables)


def _joined(claim: Claim, old: Source, heir: Source) -> tuple[str, ...]:
    """The claim's chain with `heir` in place of `old`, and once where they were neighbours."""
    links = [heir.id if link == old.id else link for link in claim.chain]
    chain = tuple(link for at, link in enumerate(links) if link != heir.id or links[max(at - 1, 0) : at] != [link])
    if heir.id in claim.chain and chain.count(heir.id) > 1:
        raise KitError(
            f"The chain of {claim.id}, {' > '.join(claim.chain)}, would come back to {heir.name}. If the two are the "
            "same, change that chain first."
        )
    return chain


def _join_replies(tables: Tables, replies: dict[str, Reply], old: Source, heir: Source) -> None:
    """Give the reply of `old` to `heir`, and make one of it and a reply that `heir` has."""
    if old.id not in replies:
        return
    one, at = replies[old.id], tables.find("reply", old.id, by="source")
    if heir.id not in replies:
        tables.change(at, {"source": heir.id})
        return
    other, place = replies[heir.id], tables.find("reply", heir.id, by="source")
    if one.reply != other.reply:
        raise KitError(
            f"{old.name} and {heir.name} have a [[reply]] each, “{one.reply}” and “{other.reply}”, and a source has "
            "one. Take one of them out in a text editor first."
        )
    if missing := [name for name in one.on if name not in other.on]:
        tables.change(place, {"on": [*other.on, *missing]}, order=ORDER["reply"])
    if one.note and one.note != other.note:
        tables.change(place, {"note": f"{other.note} {one.note}".strip()}, order=ORDER["reply"])
    tables.absorb(place, at)


def _named(sheet: Sheet, source: str, name: str) -> None:
    """Refuse an empty name, and that of another source."""
    if not name:
        raise KitError("Type the name of the source first.")
    for other in sheet.whole.sources:
        if other.id != source and other.name.casefold() == name.casefold():
            raise KitError(f"There is a source with the name “{other.name}” already: {other.id}.")
