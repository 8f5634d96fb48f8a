"""Every step by which a person corrects an annotation, by its name, and what each takes for granted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.article import annotation_file, codebook
from kit.article.anchors import closest
from kit.article.codebook import HERE, OWN_VOICES, UNKNOWN_LINK
from kit.article.records import KEY_FIELDS, Annotation, Claim, Reply, Source, Unit, next_claim_id, slug, unused
from kit.errors import KitError, listed
from kit.teacher.authoring.toml_tables import Tables

__all__ = ["STEPS", "Sheet", "rests_on"]

_LISTS = ("also", "chain", "disputed_by", "supported_by")
_KINDS = codebook.names("source_kind")[:4]


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

    def unit(self, key: str) -> Unit:
        """The unit with this id. Raises KitError where there is none."""
        return _one(self.whole.units, key, "unit")

    def following(self, claim: Claim) -> Claim | None:
        """The next claim of the same unit, in the order of the text."""
        later = [c for c in self.whole.claims if c.unit == claim.unit and (c.start, c.end) > (claim.start, claim.end)]
        return min(later, key=lambda other: (other.start, other.end), default=None)

    def free_claim_id(self, unit: str) -> str:
        """The id for one more claim of a unit."""
        return next_claim_id(unit, {claim.id for claim in self.whole.claims})


def change(sheet: Sheet, claim: str, field: str, value: str | Iterable[str]) -> str:
    """Set a field of a claim, or its words (`quote`). A new source takes the place of the old one in the chain, and
    a status that was accepted besides is not named twice.

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
        _check_listed(field, value, listed[field])
    values: dict[str, Any] = {field: value} if value or field == "quote" else {field: None}
    values = {"blank": None} | values if old.blank else values
    if field == "source" and (chain := _chain(old, str(value))) != old.chain:
        values["chain"] = chain or None
    if field == "status" and value in old.also:
        values["also"] = tuple(one for one in old.also if one != value) or None
    return _with_values(sheet, "claim", claim, **values)


def accept(sheet: Sheet, claim: str) -> str:
    """Mark the claim as accepted by a person. Raises KitError for a blank one, which has nothing to accept."""
    if sheet.claim(claim).blank:
        raise KitError(f"{claim} has no labels yet, so there is nothing to accept. Choose its labels first.")
    return _with_values(sheet, "claim", claim, proposed=None)


def split(sheet: Sheet, claim: str, first: str, second: str) -> str:
    """Make two claims of one: `first` and `second` are its words, cut in two. The second's labels are a guess.

    Raises KitError where the cut does not fall inside the words.
    """
    old, tables = sheet.claim(claim), Tables(sheet.text)
    one, two = first.strip(" \t\n,;:"), second.strip(" \t\n,;:")
    if first + second != old.quote or not one or not two:
        raise KitError(f"Put the cut inside the words of {claim}, so that there are words on both sides of it.")
    for words in (one, two):
        _check_placed(sheet, old.unit, words)
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
    tables = Tables(sheet.text)
    tables.change(tables.find("claim", claim), {"quote": words})
    return _without(tables, sheet, other.id, claim)


def remove(sheet: Sheet, claim: str) -> str:
    """Take out a claim, and its id wherever it is named. Raises KitError for the only one."""
    if len(sheet.whole.claims) == 1:
        raise KitError(f"{sheet.claim(claim).id} is the only claim, and a file needs one. Add another one first.")
    return _without(Tables(sheet.text), sheet, sheet.claim(claim).id, "")


def add(sheet: Sheet, unit: str, quote: str) -> str:
    """Add a claim without labels, in the order of the text. Its id is the unit's with the next free letter.

    Raises KitError for words without one place in the unit, and for those of a claim that is there.
    """
    home, words, tables = sheet.unit(unit), quote.strip(), Tables(sheet.text)
    _check_placed(sheet, unit, words)
    start = home.start + home.text.find(words)
    for claim in sheet.whole.claims:
        if (claim.unit, claim.quote) == (unit, words):
            raise KitError(f"These are the words of {claim.id} already. Take others, or correct {claim.id}.")
    before = [claim for claim in sheet.whole.claims if claim.start <= start]
    near = max(before, key=lambda claim: claim.start, default=None)
    at = tables.find("claim", near.id) + 1 if near else tables.find("claim")
    tables.insert(at, "claim", {"id": sheet.free_claim_id(unit), "unit": unit, "quote": words})
    return str(tables)


def add_source(sheet: Sheet, name: str, kind: str) -> str:
    """Add somebody who is given a word in the text; “the Finance Office” gets the id finance-office.

    Raises KitError without a name, for a name that is there, and for a kind that is not permitted.
    """
    name, tables = " ".join(name.split()), Tables(sheet.text)
    _check_name(sheet, "", name)
    _check_listed("kind", kind, _KINDS)
    taken = {source.id for source in sheet.whole.sources} | {*OWN_VOICES, HERE}
    key = unused(slug(name, without=("a", "an", "the"), otherwise="source"), taken)
    at = tables.last("source") + 1 or tables.find("claim")
    tables.insert(at, "source", {"id": key, "name": name, "kind": kind})
    return str(tables)


def change_source(sheet: Sheet, source: str, field: str, value: str | bool) -> str:
    """Set the name, the kind or `accused` of a source. Raises KitError for a value that cannot be."""
    old = sheet.source(source)
    if field == "name":
        value = " ".join(str(value).split())
        _check_name(sheet, old.id, value)
    elif field == "kind":
        _check_listed("kind", str(value), _KINDS)
    elif field != "accused" or not isinstance(value, bool):
        raise KitError(f"“{field}” of a source cannot be changed here.")
    return _with_values(sheet, "source", source, **{field: value or None})


def accept_source(sheet: Sheet, source: str) -> str:
    """Mark the source as accepted by a person."""
    return _with_values(sheet, "source", sheet.source(source).id, proposed=None)


def remove_source(sheet: Sheet, source: str) -> str:
    """Take out a source. Raises KitError while a claim or a reply names it."""
    old, tables = sheet.source(source), Tables(sheet.text)
    users = [claim.id for claim in sheet.whole.claims if old.id in (claim.source, *claim.chain)]
    users += ["a [[reply]]" for reply in sheet.whole.replies if reply.source == old.id]
    if users:
        raise KitError(f"{old.name} is still named by {listed(users)}. Give them another source first.")
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
    old, heir, tables = sheet.source(source), sheet.source(into), Tables(sheet.text)
    for claim in sheet.whole.claims:
        values: dict[str, Any] = {"source": heir.id} if claim.source == old.id else {}
        if old.id in claim.chain:
            links = [heir.id if link == old.id else link for link in claim.chain]
            # Once, where they were neighbours.
            chain = [one for at, one in enumerate(links) if one != heir.id or links[max(at - 1, 0) : at] != [one]]
            if heir.id in claim.chain and chain.count(heir.id) > 1:
                raise KitError(
                    f"The chain of {claim.id}, {' > '.join(claim.chain)}, would come back to {heir.name}. If the two "
                    "are the same, change that chain first."
                )
            values["chain"] = tuple(chain)
        if values:
            tables.change(tables.find("claim", claim.id), values)
    _join_replies(tables, {reply.source: reply for reply in sheet.whole.replies}, old, heir)
    if old.accused and not heir.accused:
        tables.change(tables.find("source", into), {"accused": True})
    tables.absorb(tables.find("source", into), tables.find("source", source))
    return str(tables)


STEPS: dict[str, Callable[..., str]] = {
    step.__name__: step
    for step in (
        *(accept, add, change, merge, remove, split),
        *(accept_source, add_source, change_source, join_source, remove_source),
    )
}
"""Each takes a sheet and what it is about, and gives the new text of the file."""


def rests_on(sheet: Sheet, step: str, **given: Any) -> Any:
    """What a step takes for granted: if another text has the same here, the step still means what it meant."""
    if step == "add":
        return sheet.unit(given["unit"]).text
    if step == "add_source":
        return None
    if step == "join_source":
        return sheet.source(given["source"]), sheet.source(given["into"])
    if "source" in given:
        return sheet.source(given["source"])
    claim = sheet.claim(given["claim"])
    if step == "change":
        return getattr(claim, given["field"]), sheet.unit(claim.unit).text
    return claim, sheet.following(claim) if step == "merge" else None


def _one(rows: Iterable[Any], key: str, what: str) -> Any:
    for row in rows:
        if row.id == key:
            return row
    raise KitError(f"There is no {what} {key} in the file any more.")


def _with_values(sheet: Sheet, table: str, key: str, **values: Any) -> str:
    """The text with these values in the claim or the source `key`; None takes a key out."""
    tables = Tables(sheet.text)
    tables.change(tables.find(table, key), values)
    return str(tables)


def _check_placed(sheet: Sheet, unit: str, words: str) -> None:
    """Raise KitError where `words` do not stand exactly once in the unit."""
    units = {one.id: one for one in sheet.whole.units}
    if not words:
        raise KitError(f"Choose or type some words of {unit} first.")
    if why := annotation_file.misplaced(words, units[unit], units, sheet.whole.text):
        raise KitError(f"{why}.")


def _check_listed(field: str, value: str | Iterable[str], permitted: tuple[str, ...]) -> None:
    """Raise KitError where `value`, or one of several, is not permitted in a field."""
    for one in (value,) if isinstance(value, str) else value:
        if one not in permitted:
            what = f"“{one}” cannot stand in “{field.replace('_', ' ')}”{closest(one, permitted)}"
            raise KitError(what if what.endswith("?") else f"{what}.")


def _check_name(sheet: Sheet, source: str, name: str) -> None:
    """Refuse an empty name, and that of another source."""
    if not name:
        raise KitError("Type the name of the source first.")
    for other in sheet.whole.sources:
        if other.id != source and other.name.casefold() == name.casefold():
            raise KitError(f"There is a source with the name “{other.name}” already: {other.id}.")


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
        tables.change(place, {"on": [*other.on, *missing]})
    if one.note and one.note != other.note:
        tables.change(place, {"note": f"{other.note} {one.note}".strip()})
    tables.absorb(place, at)
