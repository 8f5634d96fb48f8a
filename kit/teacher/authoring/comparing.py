"""Several people's annotations of one article, laid side by side: whose claim is whose, and what each answered.

Two claims are taken for the same one if they stand in the same unit and at least half of the words of their two
quotes, taken together, are words that both have. Each claim has at most one counterpart in each other file; the
pairs that share most go first. A claim of a later file is held against the first file that has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import tomlkit

from kit import agreement
from kit.article import codebook
from kit.article.anchors import closest
from kit.article.reading import read, read_text
from kit.article.records import Annotation, Claim, Source, next_claim_id
from kit.errors import AnnotationError, KitError
from kit.files import visible
from kit.teacher.authoring.toml_tables import Tables

__all__ = [
    "COMPARED",
    "OVERLAP",
    "Agreed",
    "Coder",
    "Difference",
    "Match",
    "agreed",
    "compared_fields",
    "differences",
    "gather",
    "labels",
    "matches",
    "overlap",
    "ratings",
]

OVERLAP = 0.5
"""The least share of common words at which two quotes are taken for the same claim."""


@dataclass(frozen=True)
class Coder:
    """One file. `name` is how tables call it. Its ids of units and sources are those of the first file that has them.

    The ids of its claims are its own.
    """

    name: str
    annotation: Annotation

    @property
    def open(self) -> tuple[Claim, ...]:
        """Claims that give no answer yet: blank, or proposed by a draft and accepted by nobody."""
        return tuple(claim for claim in self.annotation.claims if claim.blank or claim.proposed)


@dataclass(frozen=True)
class Match:
    """One thing claimed: the claims that are taken for it, by the name of the annotator, in the order given."""

    claims: dict[str, Claim]

    @property
    def first(self) -> Claim:
        """The claim of the first annotator who has it."""
        return next(iter(self.claims.values()))

    def answered(self, name: str) -> bool:
        """Whether an annotator has the claim, with labels that a person has accepted."""
        claim = self.claims.get(name)
        return claim is not None and not (claim.blank or claim.proposed)

    def answers(self, field: str) -> dict[str, Any]:
        """What each annotator who answered said on a field."""
        return {name: getattr(claim, field) for name, claim in self.claims.items() if self.answered(name)}


def gather(paths: Sequence[Path]) -> tuple[Coder, ...]:
    """Read the files, the first of which sets units and ids of sources for all.

    Two sources are the same if their names are the same but for “the” and capitals, or else if their ids are.
    Raises AnnotationError with the faults of all files, and KitError for fewer than two files, for one that is
    given twice, and for files that do not annotate the same units of the same text.
    """
    if len(paths) < 2:
        raise KitError("Give two files or more, one from each person who annotated the article.")
    _different(paths)
    found, faults = [], []
    for path in paths:
        try:
            found.append(read(path))
        except AnnotationError as error:
            faults += error.faults
    if faults:
        raise AnnotationError(tuple(faults))
    short = Counter(path.name for path in paths)
    names = [path.name if short[path.name] == 1 else str(path) for path in paths]
    people = [Coder(name, whole) for name, whole in zip(names, found, strict=True)]
    for other in people[1:]:
        _same_article(people[0], other)
    return tuple(_aligned(people))


def matches(annotators: Sequence[Coder]) -> tuple[Match, ...]:
    """All that is claimed, in the order of the text: each claim of each annotator stands in exactly one match."""
    found = [Match({annotators[0].name: claim}) for claim in annotators[0].annotation.claims]
    for annotator in annotators[1:]:
        pairs = [
            (-overlap(match.first, claim), match.first.layer != claim.layer, row, column)
            for row, match in enumerate(found)
            for column, claim in enumerate(annotator.annotation.claims)
            if match.first.unit == claim.unit and overlap(match.first, claim) >= OVERLAP
        ]
        rows: dict[int, int] = {}
        for *_, row, column in sorted(pairs):
            if row not in rows and column not in rows.values():
                rows[row] = column
        claims = annotator.annotation.claims
        found = [Match(m.claims | {annotator.name: claims[rows[n]]}) if n in rows else m for n, m in enumerate(found)]
        found += [Match({annotator.name: claim}) for n, claim in enumerate(claims) if n not in rows.values()]
    return tuple(sorted(found, key=lambda match: match.first.start))


def overlap(one: Claim, other: Claim) -> float:
    """The share of the words of two quotes that both have, 0 to 1: twice the common ones over all (Dice)."""
    ours, theirs = ({claim.start + m.start() for m in re.finditer(r"\w+", claim.quote)} for claim in (one, other))
    return 2 * len(ours & theirs) / max(1, len(ours) + len(theirs))


def _different(paths: Sequence[Path]) -> None:
    seen: dict[object, Path] = {}
    for path in paths:
        keys: list[object] = [path.resolve(), *([path.read_bytes()] if path.is_file() else [])]
        for key in keys:
            if key in seen:
                same = "is given twice" if isinstance(key, Path) else f"is a copy of {seen[key].name}, byte for byte"
                raise KitError(f"{path.name} {same}: agreement is between people, so give one file from each.")
        seen |= dict.fromkeys(keys, path)


def _same_article(first: Coder, other: Coder) -> None:
    if first.annotation.text != other.annotation.text:
        raise KitError(
            f"{first.name} and {other.name} annotate different texts ({first.annotation.facts.text} and "
            f"{other.annotation.facts.text}). Give files over the very same text."
        )
    ours, theirs = ([(u.start, u.end) for u in one.annotation.units] for one in (first, other))
    if ours != theirs:
        at = next((n for n, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), -1)
        where = f", first at {first.annotation.units[at].id}" if at >= 0 else " at its end"
        raise KitError(
            f"{first.name} and {other.name} cut the text into different units{where}. Copy the [[unit]] tables of one "
            "into the other, and say in each claim in which unit it stands."
        )


def _aligned(people: Sequence[Coder]) -> Iterable[Coder]:
    """The same annotations, with the ids of units and sources that the first file has for them."""
    units = {unit.start: unit.id for unit in people[0].annotation.units}
    known: dict[str, str] = {}
    for one in people:
        whole, own = one.annotation, {unit.id: units[unit.start] for unit in one.annotation.units}
        ids = _known(whole.sources, known)
        claims = tuple(
            replace(
                c, unit=own[c.unit], source=ids.get(c.source, c.source), chain=tuple(ids.get(x, x) for x in c.chain)
            )
            for c in whole.claims
        )
        sources = tuple(replace(source, id=ids[source.id]) for source in whole.sources)
        yield replace(one, annotation=replace(whole, claims=claims, sources=sources))


def _known(sources: Sequence[Source], known: dict[str, str]) -> dict[str, str]:
    """The common id of each source of a file, found by its name, or else by its id. New ones go into `known`.

    `known` maps plain names to ids.
    """
    plain = {s.id: " ".join(re.findall(r"\w+", re.sub(r"^(the|a|an) ", "", s.name.lower()))) for s in sources}
    ids = {key: known[name] for key, name in plain.items() if name in known}
    for key, name in plain.items():
        if key not in ids:
            common = key
            while common in ids.values():
                common += "-2"
            ids[key] = known[name] = common
    return ids


COMPARED = ("layer", "status", "source", "cue_class", "quote_type", "content_type", "evidence")
"""The fields that are compared. Cue, hedge and chain hold words and lists, for which kappa says little."""
_OF_CONTENTS = ("source", "content_type")
"""Fields whose answer is given by the layer for every act: counting acts would make agreement look better."""


@dataclass(frozen=True)
class Difference:
    """A claim on which annotators differ. `fields` maps a field to each annotator's answer, in words.

    `distance` says how far apart they are on layer and status, 0 to 2: the share of pairs that differ on each, where
    a status that the other one lists under `also` counts half.
    """

    match: Match
    fields: dict[str, dict[str, str]]
    distance: float


def ratings(found: Sequence[Match], names: Sequence[str], field: str) -> pd.DataFrame:
    """The answers on one field: matches x annotators, None for no answer, as `kit.agreement` takes them.

    Index: `claim`. Source and content type are asked of contents only: claims that nobody calls an act.
    """
    kept = [m for m in found if field not in _OF_CONTENTS or "act" not in m.answers("layer").values()]
    rows = [[match.answers(field).get(name) for name in names] for match in kept]
    return pd.DataFrame(
        rows, index=pd.Index([m.first.id for m in kept], name="claim"), columns=list(names), dtype=object
    )


def compared_fields(found: Sequence[Match], names: Sequence[str]) -> pd.DataFrame:
    """Agreement per field. Index: `field`, as in `COMPARED`.

    Columns: `claims` (with two answers or more), `percent`, `kappa` and `alpha` (shares; NaN where undefined), `low`
    and `high` (the 95% interval of alpha) and `note` (in words what is undefined). Sources as in `kit.agreement`.
    """
    rows = {}
    for field in COMPARED:
        whole = agreement.summary(ratings(found, names, field))
        alpha = whole.loc["alpha"]
        rows[field] = [alpha["claims"], *whole["value"], alpha["low"], alpha["high"], alpha["note"]]
    columns = ["claims", *agreement.MEASURES, "low", "high", "note"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("field")


def labels(found: Sequence[Match], names: Sequence[str], field: str = "status") -> pd.DataFrame:
    """Agreement on each label of a field, as `kit.agreement.per_label`. Raises KitError for a field not compared."""
    if field not in COMPARED:
        raise KitError(f"“{field}” is not a field that is compared{closest(field, COMPARED)}")
    frame = ratings(found, names, field)
    given = [value for column in frame for value in frame[column] if value]
    return agreement.per_label(
        frame, labels=tuple(dict.fromkeys(given)) if field == "source" else codebook.names(field)
    )


def differences(found: Sequence[Match]) -> tuple[Difference, ...]:
    """The claims on which two annotators or more differ, those furthest apart first."""
    apart = []
    for match in found:
        said = {field: match.answers(field) for field in COMPARED}
        differing = {field: values for field, values in said.items() if len(set(values.values())) > 1}
        if differing:
            words = {field: _in_words(match, field, values) for field, values in differing.items()}
            apart.append(Difference(match, words, _distance(match)))
    return tuple(sorted(apart, key=lambda one: (-one.distance, -len(one.fields))))


def _in_words(match: Match, field: str, values: dict[str, str]) -> dict[str, str]:
    """Each answer, with the further readings of a status, since they may lie closer together than they look."""
    also = match.answers("also") if field == "status" else {}
    return {
        name: f"{value} (also {', '.join(also[name])})" if also.get(name) else str(value)
        for name, value in values.items()
    }


def _distance(match: Match) -> float:
    claims = [claim for name, claim in match.claims.items() if name in match.answers("status")]
    pairs = list(combinations(claims, 2))
    far = sum((one.layer != other.layer) + _apart(one, other) for one, other in pairs)
    return far / max(1, len(pairs))


def _apart(one: Claim, other: Claim) -> float:
    if one.status == other.status:
        return 0.0
    return 0.5 if one.status in other.also or other.status in one.also else 1.0


# Fields that are decided together: a cue goes with its class.
_DECIDED: tuple[tuple[str, ...], ...] = (
    ("quote",), ("layer",), ("status",), ("also",), ("source",), ("cue", "cue_class"), ("hedge",), ("quote_type",),
    ("content_type",), ("evidence",), ("chain",), ("disputed_by",), ("supported_by",),
)  # fmt: skip
_LINKS = ("disputed_by", "supported_by")
_SETS = ("also", *_LINKS)
_ORDER = tuple(spec.name for spec in fields(Claim) if not spec.metadata)
_WRITTEN = tuple(name for name in _ORDER if name not in ("id", "unit"))
_DEFAULTS = {spec.name: spec.default for spec in fields(Claim)}


@dataclass(frozen=True)
class Agreed:
    """The text of the agreed file, how many claims are settled, and in words why each of the others is open, by id."""

    text: str
    settled: int
    open: dict[str, tuple[str, ...]]


def agreed(people: Sequence[Coder], *, majority: bool = False, passes: bool = False) -> Agreed:
    """Merge annotations of one article into the first one's file, whose comments and order stay.

    A field is settled if all annotators answered it alike; with `majority`, if more than half of them did. A claim
    with an open field keeps the first answer on it, is marked `proposed = "guess"`, and gets a comment above it that
    names who said what. A quote that begins or ends elsewhere gets such a comment too, and leaves the claim settled.
    With `passes`, the statuses of the claims that all of them answered are kept as passes.
    Raises KitError where the first file has passes already, or is laid out in another way than the kit writes.
    """
    first, found = people[0], matches(people)
    if passes and first.annotation.passes:
        raise KitError(f"{first.name} holds passes already. Take its [passes] out first, or merge without --passes.")
    tables, ids = Tables(read_text(first.annotation.path)), _ids(people, found)
    for source in _new_sources(people):
        tables.insert(tables.last("source") + 1 or tables.find("claim"), "source", source)
    before, notes, left = "", {}, {}
    for match in found:
        key = _key(match, ids)
        values, wording, why = _decided(match, people, ids, majority)
        if first.name not in match.claims:
            at = tables.find("claim", before) + 1 if before else tables.find("claim")
            tables.insert(at, "claim", {"id": key, "unit": match.first.unit})
        _write(tables, tables.find("claim", key), values)
        notes |= {key: wording + why}
        left |= {key: why} if why else {}
        before = key
    for key, lines in notes.items():
        tables.remark(tables.find("claim", key), lines)
    text = str(tables) + (_passes(found, people, ids) if passes else "")
    text = re.sub(r"(?<!\r)\n", "\r\n", text) if "\r\n" in text else text
    return Agreed(text, len(found) - len(left), left)


Ids = dict[tuple[str, str], str]
"""The id in the agreed file of each claim, by the name of its annotator and its own id."""


def _key(match: Match, ids: Ids) -> str:
    name, claim = next(iter(match.claims.items()))
    return ids[name, claim.id]


def _ids(people: Sequence[Coder], found: Sequence[Match]) -> Ids:
    """The first file's ids for its claims; for others their own, or the next free letter where that is taken."""
    used, ids = {claim.id for claim in people[0].annotation.claims}, {}
    for match in found:
        key = match.first.id
        if people[0].name not in match.claims:
            key = next_claim_id(match.first.unit, used) if key in used else key
            used.add(key)
        ids |= {(name, claim.id): key for name, claim in match.claims.items()}
    return ids


def _new_sources(people: Sequence[Coder]) -> Iterator[dict[str, Any]]:
    """Sources that the first file's register has not, as rows of a table that nobody has accepted yet."""
    used = {source.id for source in people[0].annotation.sources}
    for person in people[1:]:
        for source in person.annotation.sources:
            if source.id not in used:
                used.add(source.id)
                accused = {"accused": True} if source.accused else {}
                yield {"id": source.id, "name": source.name, "kind": source.kind} | accused | {"proposed": "guess"}


def _decided(
    match: Match, people: Sequence[Coder], ids: Ids, majority: bool
) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    """The values of a claim in the agreed file; who has which words as its quote; and why it is open, if it is."""
    linked = {name: _linked(name, claim, ids) for name, claim in match.claims.items()}
    answered = {name: claim for name, claim in linked.items() if match.answered(name)}
    enough = len(people) // 2 + 1 if majority else len(people)
    settled, differing = _settled(answered, enough)
    wording = tuple(_who(answered, field) for field in differing if field == "quote")
    why = [_who(answered, field) for field in differing if field != "quote"]
    if len(answered) < enough or (why and len(answered) < len(people)):
        why += _absent(match, people)
    wanted = {field: settled[field] for field in ("status", "source") if field in settled}  # they must go together
    fits = (c for c in answered.values() if all(getattr(c, field) == value for field, value in wanted.items()))
    base = next(fits, next(iter(linked.values())))
    values = {field: getattr(base, field) for field in _WRITTEN} | settled
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


def _linked(name: str, claim: Claim, ids: Ids) -> Claim:
    """The claim with the claims that it names called as in the agreed file."""
    return replace(claim, **{field: tuple(ids[name, key] for key in getattr(claim, field)) for field in _LINKS})


def _vote(claim: Claim, group: tuple[str, ...]) -> tuple[object, ...]:
    values = (getattr(claim, field) for field in group)
    return tuple(frozenset(v) if field in _SETS else v for field, v in zip(group, values, strict=True))


def _who(answered: dict[str, Claim], field: str) -> str:
    return f"{field}: " + ", ".join(f"{name} {_words(claim, field)}" for name, claim in answered.items())


def _words(claim: Claim, field: str) -> str:
    value = getattr(claim, field)
    if isinstance(value, tuple):
        value = (" > " if field == "chain" else " + ").join(value)
    elif field in ("quote", "cue", "hedge") and value:
        value = f"“{value}”"
    return visible(value) or "nothing"


def _absent(match: Match, people: Sequence[Coder]) -> list[str]:
    """Who gave no answer: those without the claim, and those who have not accepted its labels."""
    without = [person.name for person in people if person.name not in match.claims]
    waiting = [name for name in match.claims if not match.answered(name)]
    where = f"only in {', '.join(match.claims)}" if len(match.claims) == 1 else f"not in {', '.join(without)}"
    return [where] * bool(without) + [f"labels not accepted yet in {', '.join(waiting)}"] * bool(waiting)


def _write(tables: Tables, at: int, values: dict[str, Any]) -> None:
    """Set the values in a table; what a claim has when nothing is written is not written."""
    data = tables.data(at)
    rows = {field: list(value) if isinstance(value, tuple) else value for field, value in values.items()}
    kept = {f: v for f, v in rows.items() if (f in data and data[f] == v) or values[f] != _DEFAULTS.get(f, MISSING)}
    tables.change(at, {field: kept.get(field) for field in rows})


def _passes(found: Sequence[Match], people: Sequence[Coder], ids: Ids) -> str:
    names = [person.name for person in people]
    rows = tomlkit.table()
    for match in found:
        said = match.answers("status")
        if len(said) == len(names):
            rows.add(_key(match, ids), [said[name] for name in names])
    heading = f"# ---- Independent passes: {', '.join(names)}, each working alone. They are not a survey. ----"
    return f"\n{heading}\n\n[passes]\n{rows.as_string()}"
