"""The steps by which a person corrects who speaks and what it is about: sources, their replies, and propositions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from kit.article.codebook import HERE, OWN_VOICES, REPLIES, SOURCE_KINDS
from kit.article.records import Reply, Source, slug, unused
from kit.errors import KitError, listed
from kit.teacher.authoring.sheets import Sheet, Tables, check_listed

__all__ = ["REGISTER_STEPS"]


def add_source(sheet: Sheet, tables: Tables, name: str, kind: str) -> None:
    """Add somebody who is given a word in the text; “the Finance Office” gets the id finance-office.

    Raises KitError without a name, for a name that is there, and for a kind that is not permitted.
    """
    name = " ".join(name.split())
    _check_name(sheet, "", name)
    check_listed("kind", kind, SOURCE_KINDS)
    taken = {source.id for source in sheet.whole.sources} | {*OWN_VOICES, HERE}
    key = unused(slug(name, without=("a", "an", "the"), otherwise="source"), taken)
    at = tables.last("source") + 1 or tables.find("claim")
    tables.insert(at, "source", {"id": key, "name": name, "kind": kind})


def change_source(sheet: Sheet, tables: Tables, source: str, field: str, value: str | bool) -> None:
    """Set the name, the kind or `accused` of a source. Raises KitError for a value that cannot be."""
    old = sheet.source(source)
    if field == "name":
        value = " ".join(str(value).split())
        _check_name(sheet, old.id, value)
    elif field == "kind":
        check_listed("kind", str(value), SOURCE_KINDS)
    elif field != "accused" or not isinstance(value, bool):
        raise KitError(f"“{field}” of a source cannot be changed here.")
    tables.put("source", source, **{field: value or None})


def accept_source(sheet: Sheet, tables: Tables, source: str) -> None:
    """Mark the source as accepted by a person. Raises KitError for one who is nobody."""
    if faults := [what for where, what in sheet.breaches if where == f"source {source}"]:
        raise KitError(f"{source} has something to mend before it can be accepted: {faults[0]}.")
    tables.put("source", sheet.source(source).id, proposed=None)


def remove_source(sheet: Sheet, tables: Tables, source: str) -> None:
    """Take out a source. Raises KitError while a claim or a reply names it."""
    old = sheet.source(source)
    users = [claim.id for claim in sheet.whole.claims if old.id in (claim.source, *claim.chain)]
    users += ["a [[reply]]" for reply in sheet.whole.replies if reply.source == old.id]
    if users:
        raise KitError(f"{old.name} is still named by {listed(users)}. Give them another source first.")
    tables.remove(tables.find("source", source))


def join_source(sheet: Sheet, tables: Tables, source: str, into: str) -> None:
    """Make one of two sources that are the same: what names `source` names `into`, which keeps its name and its kind.

    Where both stood side by side in a chain, one is left. It is accused if either was, and two replies that say the
    same become one. Comments in what goes are kept, but for those inside its lists. Raises KitError where a chain
    would come back to the source, and where the two replied differently.
    """
    if source == into or not (source and into):
        raise KitError("Choose two different sources: first the one that goes, then the one that stays.")
    old, heir = sheet.source(source), sheet.source(into)
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
            tables.put("claim", claim.id, **values)
    _join_replies(tables, {reply.source: reply for reply in sheet.whole.replies}, old, heir)
    if old.accused and not heir.accused:
        tables.put("source", into, accused=True)
    tables.absorb(tables.find("source", into), tables.find("source", source))


def add_proposition(sheet: Sheet, tables: Tables, text: str, claim: str = "") -> None:
    """Add what the article is about, as P1, P2, …; a `claim` is the first that bears on it.

    Raises KitError where there are no words.
    """
    words = _worded(text)
    taken = {row.id for row in sheet.whole.propositions}
    key = next(key for number in count(1) if (key := f"P{number}") not in taken)
    place = max(tables.last(name) for name in ("proposition", "reply", "source"))
    at = tables.last("proposition") + 1 or place + 1 or tables.find("claim")
    bearing = [sheet.claim(claim).id] if claim else []
    tables.insert(at, "proposition", {"id": key, "text": words, "claims": bearing})


def change_proposition(sheet: Sheet, tables: Tables, proposition: str, text: str) -> None:
    """Give a proposition other words. Raises KitError where there are none."""
    tables.put("proposition", sheet.proposition(proposition).id, text=_worded(text))


def remove_proposition(sheet: Sheet, tables: Tables, proposition: str) -> None:
    """Take out a proposition, and its id wherever a reply names it."""
    old = sheet.proposition(proposition)
    for reply in sheet.whole.replies:
        if old.id in reply.on:
            at = tables.find("reply", reply.source, by="source")
            tables.change(at, {"on": [name for name in reply.on if name != old.id]})
    tables.remove(tables.find("proposition", old.id))


def bear(sheet: Sheet, tables: Tables, claim: str, propositions: Iterable[str]) -> None:
    """Let the claim bear on these propositions and on no other. Raises KitError for one that is not there."""
    wanted = {sheet.proposition(name).id for name in propositions}
    place = {one.id: (one.start, one.end) for one in sheet.whole.claims}
    mine = sheet.claim(claim).id
    for row in sheet.whole.propositions:
        claims = [name for name in row.claims if name != mine]
        if row.id in wanted:
            claims = sorted([*claims, mine], key=lambda name: place.get(name, (0, 0)))
        if (mine in row.claims) != (row.id in wanted):
            tables.put("proposition", row.id, claims=claims)


def change_reply(sheet: Sheet, tables: Tables, source: str, field: str, value: str | Iterable[str]) -> None:
    """Set the `reply` of a source ("" takes all of it out), its `note`, or the propositions it is `on`.

    A new reply is on what it can be: that none is reported, on all that the source does not speak on; another, on
    what it speaks on, or else on all. Raises KitError for a value that is not permitted.
    """
    old = sheet.source(source)
    at, every = tables.find("reply", source, by="source"), tuple(row.id for row in sheet.whole.propositions)
    if field not in ("reply", "on", "note"):
        raise KitError(f"“{field}” of a reply cannot be changed here.")
    if field == "reply" and value:
        check_listed("reply", str(value), REPLIES)
    if field == "on":
        value = tuple(value)
        check_listed("on", value, every)
    if at >= 0 and field == "reply" and not value:
        tables.remove(at)
    elif at >= 0:
        tables.change(at, {field: value or None})
    elif field == "reply" and value:
        heard = {claim.id for claim in sheet.whole.claims if old.id in claim.voices}
        speaks = {row.id for row in sheet.whole.propositions if heard & {*row.claims}}
        on = [name for name in every if (name in speaks) != (value == "not reported")]
        on = on if on or value == "not reported" else list(every)
        at = max(tables.last("reply"), tables.last("source")) + 1
        tables.insert(at, "reply", {"source": old.id, "reply": value, "on": on})


REGISTER_STEPS: dict[str, Callable[..., None]] = {
    step.__name__: step
    for step in (
        *(accept_source, add_source, change_source, join_source, remove_source, change_reply),
        *(add_proposition, bear, change_proposition, remove_proposition),
    )
}


def _worded(text: str) -> str:
    """The words of a proposition. Raises KitError for none."""
    if not (words := " ".join(text.split())):
        raise KitError("Type first what the article is about: one short sentence that could be so or not.")
    return words


def _check_name(sheet: Sheet, source: str, name: str) -> None:
    """Refuse an empty name, and that of another source."""
    if not name:
        raise KitError("Type the name of the source first.")
    for other in sheet.whole.sources:
        if other.id != source and other.name.casefold() == name.casefold():
            raise KitError(f"There is a source with the name “{other.name}” already: {other.id}.")


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
