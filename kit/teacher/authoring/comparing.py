"""Several people's annotations of one article, laid side by side: whose claim is whose, and what each answered.

Two claims are taken for the same one if they stand in the same unit and at least half of the words of their two
quotes, taken together, are words that both have. Each claim has at most one counterpart in each other file; the
pairs that share most go first. A claim of a later file is held against the first file that has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from kit import agreement
from kit.article import codebook
from kit.article.anchors import closest
from kit.article.annotation_file import read
from kit.article.records import Annotation, Claim, unused
from kit.errors import AnnotationError, KitError

COMPARED = ("layer", "status", "source", "cue_class", "quote_type", "content_type", "evidence")
"""The fields that are compared. Cue, hedge and chain hold words and lists, for which kappa says little."""
_OF_CONTENTS = ("source", "content_type")
"""Fields whose answer is given by the layer for every act: counting acts would make agreement look better."""
_OVERLAP = 0.5
"""The least share of common words at which two quotes are taken for the same claim."""


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


@dataclass(frozen=True)
class Difference:
    """A claim on which annotators differ. `fields` maps a field to each annotator's answer, in words.

    `distance` says how far apart they are on layer and status, 0 to 2: the share of pairs that differ on each, where
    a status that the other one lists under `also` counts half.
    """

    match: Match
    fields: dict[str, dict[str, str]]
    distance: float


def gather(paths: Sequence[Path]) -> dict[str, Annotation]:
    """Read the files: what tables call each annotator, and the annotation, in the order given.

    Ids of units and sources are those of the first file that has them; the ids of claims are each file's own. Two
    sources are the same if their names are the same but for “the” and capitals, or else if their ids are.
    Raises AnnotationError with the faults of all files, and KitError for fewer than two files, for one that is
    given twice, and for files that do not annotate the same units of the same text.
    """
    if len(paths) < 2:
        raise KitError("Give two files or more, one from each person who annotated the article.")
    seen: dict[object, Path] = {}
    found, faults = [], []
    for path in paths:
        keys: list[object] = [path.resolve(), *([path.read_bytes()] if path.is_file() else [])]
        for key in keys:
            if key in seen:
                same = "is given twice" if isinstance(key, Path) else f"is a copy of {seen[key].name}, byte for byte"
                raise KitError(f"{path.name} {same}: agreement is between people, so give one file from each.")
        seen |= dict.fromkeys(keys, path)
    for path in paths:
        try:
            found.append(read(path))
        except AnnotationError as error:
            faults += error.faults
    if faults:
        raise AnnotationError(tuple(faults))
    short = Counter(path.name for path in paths)
    names = [path.name if short[path.name] == 1 else str(path) for path in paths]
    for name, other in zip(names[1:], found[1:], strict=True):
        _check_same_article(names[0], found[0], name, other)
    known: dict[str, str] = {}
    return {name: _aligned(whole, found[0], known) for name, whole in zip(names, found, strict=True)}


def matches(people: Mapping[str, Annotation]) -> tuple[Match, ...]:
    """All that is claimed, in the order of the text: each claim of each annotator stands in exactly one match."""
    found: list[Match] = []
    for name, whole in people.items():
        pairs = [
            (-overlap(match.first, claim), match.first.layer != claim.layer, row, column)
            for row, match in enumerate(found)
            for column, claim in enumerate(whole.claims)
            if match.first.unit == claim.unit and overlap(match.first, claim) >= _OVERLAP
        ]
        rows: dict[int, int] = {}
        for *_, row, column in sorted(pairs):
            if row not in rows and column not in rows.values():
                rows[row] = column
        found = [Match(m.claims | {name: whole.claims[rows[n]]}) if n in rows else m for n, m in enumerate(found)]
        found += [Match({name: claim}) for n, claim in enumerate(whole.claims) if n not in rows.values()]
    return tuple(sorted(found, key=lambda match: match.first.start))


def overlap(one: Claim, other: Claim) -> float:
    """The share of the words of two quotes that both have, 0 to 1: twice the common ones over all (Dice)."""
    ours, theirs = ({claim.start + m.start() for m in re.finditer(r"\w+", claim.quote)} for claim in (one, other))
    return 2 * len(ours & theirs) / max(1, len(ours) + len(theirs))


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
        # Each answer with the further readings of a status, since they may lie closer together than they look.
        also = match.answers("also")
        words: dict[str, dict[str, str]] = {}
        for field in COMPARED:
            said = match.answers(field)
            if len(set(said.values())) > 1:
                more = {n: f" (also {', '.join(other)})" for n, other in also.items() if other and field == "status"}
                words[field] = {name: f"{value}{more.get(name, '')}" for name, value in said.items()}
        if words:
            pairs = list(combinations([claim for name, claim in match.claims.items() if name in also], 2))
            far = sum((one.layer != other.layer) + _apart(one, other) for one, other in pairs)
            apart.append(Difference(match, words, far / max(1, len(pairs))))
    return tuple(sorted(apart, key=lambda one: (-one.distance, -len(one.fields))))


def _check_same_article(name: str, first: Annotation, other_name: str, other: Annotation) -> None:
    if first.text != other.text:
        raise KitError(
            f"{name} and {other_name} annotate different texts ({first.facts.text} and {other.facts.text}). "
            "Give files over the very same text."
        )
    ours, theirs = ([(unit.start, unit.end) for unit in one.units] for one in (first, other))
    if ours != theirs:
        at = next((n for n, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), -1)
        where = f", first at {first.units[at].id}" if at >= 0 else " at its end"
        raise KitError(
            f"{name} and {other_name} cut the text into different units{where}. Copy the [[unit]] tables of one "
            "into the other, and say in each claim in which unit it stands."
        )


def _aligned(whole: Annotation, first: Annotation, known: dict[str, str]) -> Annotation:
    """The same annotation, with the ids of units and sources that the first file has for them.

    A source is found by its name, or else by its id. `known` maps plain names to ids, and new ones go into it.
    """
    units = {unit.id: common.id for unit, common in zip(whole.units, first.units, strict=True)}
    plain = {
        source.id: " ".join(re.findall(r"\w+", re.sub(r"^(the|a|an) ", "", source.name.lower())))
        for source in whole.sources
    }
    ids = {key: known[name] for key, name in plain.items() if name in known}
    for key, name in plain.items():
        if key not in ids:
            ids[key] = known[name] = unused(key, ids.values())
    claims = (
        replace(
            claim,
            unit=units[claim.unit],
            source=ids.get(claim.source, claim.source),
            chain=tuple(ids.get(link, link) for link in claim.chain),
        )
        for claim in whole.claims
    )
    sources = (replace(source, id=ids[source.id]) for source in whole.sources)
    return replace(whole, claims=tuple(claims), sources=tuple(sources))


def _apart(one: Claim, other: Claim) -> float:
    if one.status == other.status:
        return 0.0
    return 0.5 if one.status in other.also or other.status in one.also else 1.0
