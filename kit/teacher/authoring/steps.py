"""Every step by which a person corrects an annotation, by its name, and what each takes for granted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kit.article import annotation_file, codebook
from kit.article.codebook import HERE, OWN_VOICES, UNKNOWN_LINK
from kit.article.records import KEY_FIELDS
from kit.errors import KitError
from kit.teacher.authoring.consequences import follows
from kit.teacher.authoring.register_steps import REGISTER_STEPS
from kit.teacher.authoring.sheets import Sheet, check_listed, with_values
from kit.teacher.authoring.toml_tables import Tables

__all__ = ["STEPS", "rests_on"]

_LISTS = ("also", "chain", "disputed_by", "supported_by")
_SAME = ("layer", "status", "also", "source", "quote_type", "content_type", "chain", "why")


def change(sheet: Sheet, claim: str, field: str, value: str | Iterable[str]) -> str:
    """Set a field of a claim, or its words (`quote`), and with it what `follows` says of the others.

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
    return with_values(sheet, "claim", claim, **values, **follows(sheet, old, field, value))


def same(sheet: Sheet, claim: str) -> str:
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
    return with_values(sheet, "claim", claim, **values, blank=None, proposed="guess")


def accept(sheet: Sheet, claim: str) -> str:
    """Mark the claim as accepted by a person. Raises KitError for one without labels, or without its reason."""
    one = sheet.claim(claim)
    if one.blank:
        raise KitError(f"{claim} has no labels yet, so there is nothing to accept. Choose its labels first.")
    if not one.why.strip():
        what = f"what makes it “{one.status}”" if one.status else "what makes it so"
        raise KitError(f"{claim} needs a “why” before it can be accepted: say in one plain sentence {what}.")
    return with_values(sheet, "claim", claim, proposed=None)


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


STEPS: dict[str, Callable[..., str]] = {
    step.__name__: step for step in (accept, add, change, merge, remove, same, split)
} | REGISTER_STEPS
"""Each takes a sheet and what it is about, and gives the new text of the file."""


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
