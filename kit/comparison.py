"""How far several annotations of one article agree, field by field, and which claims are worth talking about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from kit import agreement, codebook
from kit.anchors import closest
from kit.errors import KitError
from kit.readings import Match
from kit.records import Claim

__all__ = ["COMPARED", "Difference", "differences", "fields", "labels", "ratings"]

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


def fields(found: Sequence[Match], names: Sequence[str]) -> pd.DataFrame:
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
