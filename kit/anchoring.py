"""The places of units and claims in the text of their article, and why one of them has none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kit.anchors import closest, difference, nearest, not_next, places
from kit.records import Claim, Unit

__all__ = ["claims", "misplaced", "units"]

Fault = tuple[str, str]
"""Where (“claim S05b”) and what."""


def units(rows: Iterable[Unit], text: str) -> tuple[tuple[Unit, ...], tuple[Fault, ...]]:
    """The units with their offsets in `text`, in which they follow each other; one that is not there keeps -1."""
    placed, faults, at = [], [], 0
    for unit in rows:
        start = text.find(unit.text, at) if unit.text else -1
        if start < 0:
            faults.append((f"unit {unit.id}", not_next(unit.text, text, at)))
            placed.append(unit)
            continue
        at = start + len(unit.text)
        placed.append(replace(unit, start=start, end=at))
    return tuple(placed), tuple(faults)


def claims(
    rows: Iterable[Claim], placed: Iterable[Unit], ids: tuple[str, ...], text: str
) -> tuple[tuple[Claim, ...], tuple[Fault, ...]]:
    """The claims with the offsets of their quotes, each of which stands once in its unit.

    `ids` holds the ids of all units in the file, also of those that are too faulty to be records.
    """
    known, found, faults = {unit.id: unit for unit in placed}, [], []
    for claim in rows:
        unit = known.get(claim.unit)
        if unit is None and claim.unit not in ids:
            faults.append((f"claim {claim.id}", f"there is no unit {claim.unit}{closest(claim.unit, ids)}"))
        # A unit with a fault of its own has been named; its claims cannot be placed before that is mended.
        if unit is None or unit.start < 0:
            found.append(claim)
            continue
        if why := misplaced(claim.quote, unit, known, text):
            faults.append((f"claim {claim.id}", why))
        start = unit.start + (places(claim.quote, unit.text) or [0])[0]
        found.append(replace(claim, start=start, end=start + len(claim.quote)))
    return tuple(found), tuple(faults)


def misplaced(quote: str, unit: Unit, known: dict[str, Unit], text: str) -> str:
    """Why `quote` has no single place in its unit, with the text that comes nearest; empty where it has one."""
    times = len(places(quote, unit.text))
    if times == 1:
        return ""
    if times:
        return f"“{quote}” stands {times} times in {unit.id}; take more words, so that it stands once"
    if not quote:
        return f"its quote is empty; copy the words out of {unit.id}"
    if quote.strip() in unit.text:
        return f"“{quote}” has a space too many at its start or end; take it away"
    holders = [other.id for other in known.values() if quote in other.text]
    if holders:
        return f"“{quote}” stands in {holders[0]}, not in {unit.id}; change “unit” or the quote"
    if quote in text:
        return f"“{quote}” runs over the edge of {unit.id}; a claim lies in one unit, so split it"
    near = nearest(quote, unit.text)
    return f"“{quote}” is not in {unit.id}; the nearest text is “{near}”: {difference(quote, near)}"
