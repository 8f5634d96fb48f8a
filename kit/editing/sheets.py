"""The sheet that a person corrects: an annotation with its file's text, and what may be written on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from kit import anchoring
from kit.anchors import closest
from kit.editing.tables import Tables
from kit.errors import KitError
from kit.files import slug, unused
from kit.records import Annotation, Claim, Reply, Source, Unit, next_claim_id
from kit.rulings import HERE, OWN_VOICES

__all__ = ["ORDER", "Sheet", "check_listed"]

ORDER = {
    name: [spec.name for spec in fields(record)]
    for name, record in (("claim", Claim), ("reply", Reply), ("source", Source))
}
"""The keys of a table in the order in which the kit writes them."""


@dataclass(frozen=True)
class Sheet:
    """An annotation and the text of the file that it was read from."""

    text: str
    whole: Annotation

    def claim(self, key: str) -> Claim:
        """The claim with this id. Raises KitError where there is none."""
        return _one(self.whole.claims, key, "claim")

    def source(self, key: str) -> Source:
        """The source with this id. Raises KitError where there is none."""
        return _one(self.whole.sources, key, "source")

    def unit(self, key: str) -> Unit:
        """The unit with this id. Raises KitError where there is none."""
        return _one(self.whole.units, key, "unit")

    def following(self, claim: Claim) -> Claim | None:
        """The next claim of the same unit, in the order of the text."""
        later = [c for c in self.whole.claims if c.unit == claim.unit and (c.start, c.end) > (claim.start, claim.end)]
        return min(later, key=lambda other: (other.start, other.end), default=None)

    def tables(self) -> Tables:
        """The tables of the file, to be changed. Raises KitError for a file that is laid out in another way."""
        return Tables(self.text)

    def with_values(self, table: str, key: str, **values: Any) -> str:
        """The text with these values in the claim or the source `key`; None takes a key out."""
        tables = self.tables()
        tables.change(tables.find(table, key), values, order=ORDER[table])
        return str(tables)

    def placed(self, unit: str, words: str) -> str:
        """`words`. Raises KitError where they do not stand exactly once in the unit."""
        units = {one.id: one for one in self.whole.units}
        if not words:
            raise KitError(f"Choose or type some words of {unit} first.")
        if why := anchoring.misplaced(words, units[unit], units, self.whole.text):
            raise KitError(f"{why}.")
        return words

    def free_claim_id(self, unit: str) -> str:
        """The id for one more claim of a unit."""
        return next_claim_id(unit, {claim.id for claim in self.whole.claims})

    def free_source_id(self, name: str) -> str:
        """An id made from a name: “the Finance Office” gives finance-office."""
        stem = slug(name, without=("a", "an", "the"), otherwise="source")
        return unused(stem, {source.id for source in self.whole.sources} | {*OWN_VOICES, HERE})


def check_listed(field: str, value: str | Iterable[str], permitted: tuple[str, ...]) -> None:
    """Raise KitError where `value`, or one of several, is not permitted in a field."""
    for one in (value,) if isinstance(value, str) else value:
        if one not in permitted:
            what = f"“{one}” cannot stand in “{field.replace('_', ' ')}”{closest(one, permitted)}"
            raise KitError(what if what.endswith("?") else f"{what}.")


def _one(rows: Iterable[Any], key: str, what: str) -> Any:
    for row in rows:
        if row.id == key:
            return row
    raise KitError(f"There is no {what} {key} in the file any more.")
