"""The sheet: the text of an annotation file with what it says, as every step on it finds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.article import annotation_file
from kit.article.anchors import closest
from kit.article.records import Annotation, Claim, Proposition, Reply, Source, Unit, next_claim_id
from kit.errors import KitError
from kit.teacher.authoring.toml_tables import Tables

__all__ = ["Sheet", "check_listed", "with_values"]


@dataclass(frozen=True)
class Sheet:
    """What a person corrects: the text of a file, the annotation in it, and where and how that breaks the codebook."""

    text: str
    whole: Annotation
    breaches: tuple[tuple[str, str], ...]

    @classmethod
    def parsed(cls, text: str, path: Path) -> Sheet:
        """The text of the file at `path` as a sheet. Raises AnnotationError as `annotation_file.parse` does."""
        return cls(text, *annotation_file.parse(text, path))

    def claim(self, key: str) -> Claim:
        """The claim with this id. Raises KitError where there is none."""
        return _one(self.whole.claims, key, "claim")

    def source(self, key: str) -> Source:
        """The source with this id. Raises KitError where there is none."""
        return _one(self.whole.sources, key, "source")

    def proposition(self, key: str) -> Proposition:
        """The proposition with this id. Raises KitError where there is none."""
        return _one(self.whole.propositions, key, "proposition")

    def unit(self, key: str) -> Unit:
        """The unit with this id. Raises KitError where there is none."""
        return _one(self.whole.units, key, "unit")

    def following(self, claim: Claim) -> Claim | None:
        """The next claim of the same unit, in the order of the text."""
        later = [c for c in self.whole.claims if c.unit == claim.unit and (c.start, c.end) > (claim.start, claim.end)]
        return min(later, key=lambda other: (other.start, other.end), default=None)

    def above(self, claim: Claim) -> Claim | None:
        """The last claim before it, in the order of the text, of its layer (of a new one: a content), with labels."""
        before = [one for one in self.whole.claims if (one.start, one.end) < (claim.start, claim.end) and one.status]
        like = [one for one in before if one.layer == (claim.layer or "content")]
        return max(like, key=lambda one: (one.start, one.end), default=None)

    def reply(self, source: str) -> Reply | None:
        """What is noted of a source's reply."""
        return next((reply for reply in self.whole.replies if reply.source == source), None)

    def free_claim_id(self, unit: str) -> str:
        """The id for one more claim of a unit."""
        return next_claim_id(unit, {claim.id for claim in self.whole.claims})


def with_values(sheet: Sheet, table: str, key: str, **values: Any) -> str:
    """The text with these values in the table `key`; None takes a key out."""
    tables = Tables(sheet.text)
    tables.change(tables.find(table, key), values)
    return str(tables)


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
