"""Several people's annotations of one article, merged into one file in which what is open is marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path
from typing import Any

import tomlkit

from kit.article.annotation_file import read, read_text
from kit.article.records import Annotation, Claim, next_claim_id
from kit.errors import KitError, visible
from kit.files import write_atomically
from kit.teacher.authoring.comparing import Match, matches
from kit.teacher.authoring.sheets import Tables

# Fields that are decided together: a cue goes with its class.
_DECIDED: tuple[tuple[str, ...], ...] = (
    ("quote",), ("layer",), ("status",), ("also",), ("source",), ("cue", "cue_class"), ("hedge",), ("quote_type",),
    ("content_type",), ("evidence",), ("chain",), ("disputed_by",), ("supported_by",),
)  # fmt: skip
_LINKS = ("disputed_by", "supported_by")
_SETS = ("also", *_LINKS)
_DEFAULTS = {spec.name: spec.default for spec in fields(Claim) if not spec.metadata and spec.name not in ("id", "unit")}
"""What a claim has when nothing is written, by the name of the field."""


@dataclass(frozen=True)
class Agreed:
    """The text of the agreed file, how many claims are settled, and in words why each of the others is open, by id."""

    text: str
    settled: int
    open: dict[str, tuple[str, ...]]


def agreed(people: Mapping[str, Annotation], *, majority: bool = False, passes: bool = False) -> Agreed:
    """Merge annotations of one article into the first one's file, whose comments and order stay.

    A field is settled if all annotators answered it alike; with `majority`, if more than half of them did. A claim
    with an open field keeps the first answer on it, is marked `proposed = "guess"`, and gets a comment above it that
    names who said what. A quote that begins or ends elsewhere gets such a comment too, and leaves the claim settled.
    With `passes`, the statuses of the claims that all of them answered are kept as passes.
    Raises KitError where the first file has passes already, or is laid out in another way than the kit writes.
    """
    name, first = next(iter(people.items()))
    if passes and first.passes:
        raise KitError(f"{name} holds passes already. Take its [passes] out first, or merge without --passes.")
    tables, found = Tables(read_text(first.path)), matches(people)
    by_key = _by_key(found, name, first)
    ids = {(person, claim.id): key for key, match in by_key.items() for person, claim in match.claims.items()}
    known = {source.id for source in first.sources}
    for source in chain.from_iterable(whole.sources for whole in people.values()):
        if source.id not in known:
            known.add(source.id)
            row = {"id": source.id, "name": source.name, "kind": source.kind}
            row |= ({"accused": True} if source.accused else {}) | {"proposed": "guess"}
            tables.insert(tables.last("source") + 1 or tables.find("claim"), "source", row)
    at, notes, left = tables.find("claim"), {}, {}
    for key, match in by_key.items():
        values, wording, why = _decided(match, people, ids, majority)
        if name in match.claims:
            at = tables.find("claim", key)
        else:
            tables.insert(at, "claim", {"id": key, "unit": match.first.unit})
        data = tables.data(at)
        rows = {field: list(value) if isinstance(value, tuple) else value for field, value in values.items()}
        # What a claim has when nothing is written is not written, unless it is there.
        kept = {f: v for f, v in rows.items() if (f in data and data[f] == v) or values[f] != _DEFAULTS[f]}
        tables.change(at, {field: kept.get(field) for field in rows})
        notes |= {key: wording + why}
        left |= {key: why} if why else {}
        at += 1
    for key, lines in notes.items():
        tables.remark(tables.find("claim", key), lines)
    text = str(tables) + (_passes(by_key, list(people)) if passes else "")
    text = re.sub(r"(?<!\r)\n", "\r\n", text) if "\r\n" in text else text
    return Agreed(text, len(found) - len(left), left)


def write(merged: Agreed, people: Mapping[str, Annotation], path: Path) -> None:
    """Write the agreed file to `path`, with the article's text beside it, and read it again.

    Raises KitError where another text has its name there.
    """
    first = next(iter(people.values()))
    text = first.facts.text
    content, beside = (first.path.parent / text).read_bytes(), path.parent / text
    if not beside.exists():
        write_atomically(beside, content)
    elif beside.read_bytes() != content:
        raise KitError(
            f"In {path.parent} there is another text called {text}. Write the agreed file to another folder."
        )
    write_atomically(path, merged.text.encode())
    read(path)


def _by_key(found: Sequence[Match], name: str, first: Annotation) -> dict[str, Match]:
    """The matches by their ids in the agreed file: the first file's ids for its claims; for others their own, or the
    next free letter where that is taken."""
    used, keys = {claim.id for claim in first.claims}, []
    for match in found:
        key = match.first.id
        if name not in match.claims:
            key = next_claim_id(match.first.unit, used) if key in used else key
            used.add(key)
        keys.append(key)
    return dict(zip(keys, found, strict=True))


def _decided(
    match: Match, people: Collection[str], ids: Mapping[tuple[str, str], str], majority: bool
) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    """The values of a claim in the agreed file; who has which words as its quote; and why it is open, if it is."""
    # What each has, with the claims that it names called as in the agreed file.
    linked = {
        name: replace(claim, **{field: tuple(ids[name, key] for key in getattr(claim, field)) for field in _LINKS})
        for name, claim in match.claims.items()
    }
    answered = {name: claim for name, claim in linked.items() if match.answered(name)}
    enough = len(people) // 2 + 1 if majority else len(people)
    settled, differing = _settled(answered, enough)
    wording = tuple(_who(answered, field) for field in differing if field == "quote")
    why = [_who(answered, field) for field in differing if field != "quote"]
    if len(answered) < enough or (why and len(answered) < len(people)):
        without = [name for name in people if name not in match.claims]
        waiting = [name for name in match.claims if not match.answered(name)]
        where = f"only in {', '.join(match.claims)}" if len(match.claims) == 1 else f"not in {', '.join(without)}"
        why += [where] * bool(without) + [f"labels not accepted yet in {', '.join(waiting)}"] * bool(waiting)
    wanted = {field: settled[field] for field in ("status", "source") if field in settled}  # they must go together
    fits = (c for c in answered.values() if all(getattr(c, field) == value for field, value in wanted.items()))
    base = next(fits, next(iter(linked.values())))
    values = {field: getattr(base, field) for field in _DEFAULTS} | settled
    values["also"] = tuple(status for status in values["also"] if status != values["status"])
    values["proposed"] = (base.proposed or "guess") if why else ""
    return values, wording, tuple(why)


def _settled(answered: dict[str, Claim], enough: int) -> tuple[dict[str, Any], list[str]]:
    """The values that at least `enough` annotators gave, and the fields on which fewer agree."""
    settled: dict[str, Any] = {}
    differing = []
    for group in _DECIDED:
        votes = Counter(_vote(claim, group) for claim in answered.values())
        best, most = votes.most_common(1)[0] if votes else ((), 0)
        if most >= enough:
            holder = next(claim for claim in answered.values() if _vote(claim, group) == best)
            settled |= {field: getattr(holder, field) for field in group}
        elif len(votes) > 1:
            differing += [field for field in group if len({_vote(c, (field,)) for c in answered.values()}) > 1]
    return settled, differing


def _vote(claim: Claim, group: tuple[str, ...]) -> tuple[object, ...]:
    values = (getattr(claim, field) for field in group)
    return tuple(frozenset(v) if field in _SETS else v for field, v in zip(group, values, strict=True))


def _who(answered: dict[str, Claim], field: str) -> str:
    """What each of them has in a field."""
    said = []
    for name, claim in answered.items():
        value = getattr(claim, field)
        if isinstance(value, tuple):
            value = (" > " if field == "chain" else " + ").join(value)
        elif field in ("quote", "cue", "hedge") and value:
            value = f"“{value}”"
        said.append(f"{name} {visible(value) or 'nothing'}")
    return f"{field}: {', '.join(said)}"


def _passes(by_key: Mapping[str, Match], names: Sequence[str]) -> str:
    rows = tomlkit.table()
    for key, match in by_key.items():
        said = match.answers("status")
        if len(said) == len(names):
            rows.add(key, [said[name] for name in names])
    heading = f"# ---- Independent passes: {', '.join(names)}, each working alone. They are not a survey. ----"
    return f"\n{heading}\n\n[passes]\n{rows.as_string()}"
