"""Which sentences are set aside for the graded exercises, and which claims are asked: balanced, seeded, repeatable."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from kit.codebook import names
from kit.keys import accepted
from kit.records import Annotation, Claim, Unit

__all__ = ["balanced", "divided", "firm", "shuffled"]

Row = TypeVar("Row", Claim, Unit)
_MOST = 24
"""Units that are set aside at most. More are never asked, and the lessons can do with them."""
_FIELDS = ("layer", "status", "voucher", "cue_class", "reach")


def firm(claim: Claim) -> bool:
    """Whether every careful reader gives the claim the same labels, as far as the annotation knows."""
    return not claim.blank and not claim.also


def shuffled(rows: Iterable[Row], seed: str) -> list[Row]:
    """Claims or units in an order that depends on `seed` and their ids alone, so not on the version of Python."""
    return sorted(rows, key=lambda row: _lot(seed, row.id))


def balanced(claims: Collection[Claim], field: str, most: int, *, seed: str, also: Sequence[str] = ()) -> list[Claim]:
    """Up to `most` of the firm `claims`, in the order of the text, with the values of `field` in equal parts.

    Values in `also` come first where the claims cannot hold all.
    """
    groups: dict[str, list[Claim]] = {value: [] for value in (*also, *names(field))}
    for claim in shuffled((c for c in claims if firm(c)), seed):
        groups[accepted(claim, field)[0]].append(claim)
    found: list[Claim] = []
    while len(found) < most and any(groups.values()):
        found += [group.pop(0) for group in groups.values() if group][: most - len(found)]
    return sorted(found, key=lambda claim: claim.start)


def divided(whole: Annotation, *, seed: str) -> tuple[str, ...]:
    """The units to set aside for the exercises, in the order of the text: about half (of a long article less),
    with about half of each label.

    Units are dealt out one by one, those with the rarest labels first, each to the side that has less of its labels.
    """
    units = {unit.id: [c for c in whole.claims if c.unit == unit.id] for unit in whole.units}
    features = {name: _features(claims) for name, claims in units.items() if claims}
    total = Counter(feature for found in features.values() for feature in found)

    def rarity(name: str) -> tuple[int, str]:
        return min(total[feature] for feature in features[name]), _lot(seed, name)

    have: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    aside: set[str] = set()
    for name in sorted(features, key=rarity):
        weight = [sum(side[f] / total[f] for f in features[name]) for side in have]
        mine = weight[0] <= weight[1] and len(aside) < _MOST
        have[0 if mine else 1].update(features[name])
        if mine:
            aside.add(name)
    return tuple(unit.id for unit in whole.units if unit.id in aside)


def _features(claims: Iterable[Claim]) -> list[str]:
    """The labels of a unit's claims, once per claim; and whether it holds both layers, which the lessons need."""
    found = [f"{field} {accepted(c, field)[0]}" for c in claims if firm(c) for field in _FIELDS]
    layers = {claim.layer for claim in claims if firm(claim)}
    return [*found, "claim", *(["both layers"] * 3 if len(layers) == 2 else [])]


def _lot(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()
