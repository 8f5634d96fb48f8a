"""Several people's annotations of one article, laid side by side: whose claim is whose, and what each answered.

Two claims are taken for the same one if they stand in the same unit and at least half of the words of their two
quotes, taken together, are words that both have. Each claim has at most one counterpart in each other file; the
pairs that share most go first. A claim of a later file is held against the first file that has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.annotation import read
from kit.errors import AnnotationError, KitError
from kit.records import Annotation, Claim, Source

__all__ = ["OVERLAP", "Annotator", "Match", "gather", "matches", "overlap"]

OVERLAP = 0.5
"""The least share of common words at which two quotes are taken for the same claim."""


@dataclass(frozen=True)
class Annotator:
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


def gather(paths: Sequence[Path]) -> tuple[Annotator, ...]:
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
    people = [Annotator(name, whole) for name, whole in zip(names, found, strict=True)]
    for other in people[1:]:
        _same_article(people[0], other)
    return tuple(_aligned(people))


def matches(annotators: Sequence[Annotator]) -> tuple[Match, ...]:
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


def _same_article(first: Annotator, other: Annotator) -> None:
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


def _aligned(people: Sequence[Annotator]) -> Iterable[Annotator]:
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
