"""Steps on the sources of a sheet: each gives the file's new text, or refuses with a KitError and changes nothing."""

from __future__ import annotations

from kit import codebook
from kit.editing.sheets import Sheet, check_listed
from kit.errors import KitError

__all__ = ["accept_source", "add_source", "change_source", "remove_source"]

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


def _named(sheet: Sheet, source: str, name: str) -> None:
    """Refuse an empty name, and that of another source."""
    if not name:
        raise KitError("Type the name of the source first.")
    for other in sheet.whole.sources:
        if other.id != source and other.name.casefold() == name.casefold():
            raise KitError(f"There is a source with the name “{other.name}” already: {other.id}.")
