"""How far raters agree: percent, kappa and alpha, per label, with an interval; and where they do not.

A frame of ratings has one row per claim and one column per rater, such as `load_article().passes`. A cell is
a label; NA, None and "" are no answer. Only claims with two answers or more can show agreement; the others are
left out. Where a measure has no value it is NaN, and `note` says why in words. It is never 1 by default.

Sources: Cohen, "A coefficient of agreement for nominal scales" (1960). Light, "Measures of response agreement
for qualitative data" (1971): kappa of more than two raters as the mean over pairs. Krippendorff, "Computing
Krippendorff's alpha-reliability" (2011), and "Content Analysis" (4th edition, 2019), chapter 12. Uebersax, "A
design-independent method for measuring the reliability of psychiatric diagnosis" (1982), and Cicchetti and
Feinstein, "High agreement but low kappa: II" (1990): agreement on one label. Efron and Tibshirani, "An
Introduction to the Bootstrap" (1993), chapter 13: the percentile interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from kit.article import codebook
from kit.article.anchors import closest
from kit.errors import KitError, many

__all__ = [
    "MEASURES", "Interval", "alpha", "contested", "interval", "kappa", "pairwise", "per_label", "percent",
    "summary",
]  # fmt: skip
__dir__ = __all__.copy

MEASURES = ("percent", "kappa", "alpha")
"""The names of the measures. All are shares: 1 is full agreement; for kappa and alpha 0 is what chance gives."""
LEVEL, DRAWS, SEED = 0.95, 1000, 20241019
ONE_LABEL = "undefined: every answer is the same label, and then chance alone would agree as well"
_LABEL_COLUMNS = ["cases", "answers", "specific", "low", "high", "alpha", "note"]


@dataclass(frozen=True)
class Interval:
    """A measure with its bootstrap interval: where it would lie, had other claims of this kind been rated.

    `value`, `low` and `high` are shares, NaN where undefined; `level` is the share of draws inside; `claims`
    and `raters` are what it rests on; `note` says in words what is missing or to be known, "" for nothing.
    It says nothing on how other raters would answer: the raters are held fixed.
    """

    measure: str
    value: float
    low: float
    high: float
    level: float
    claims: int
    raters: int
    note: str = ""

    def __str__(self) -> str:
        rests = f"claims: {self.claims}, raters: {self.raters}"
        if np.isnan(self.value):
            return f"{self.measure}: {self.note} ({rests})"
        ends = f"{self.level:.0%} interval {self.low:z.2f} to {self.high:z.2f}"
        return f"{self.measure} {self.value:z.2f}, {ends} ({rests})" + (f"; {self.note}" if self.note else "")


def percent(frame: pd.DataFrame) -> float:
    """The share of pairs of answers to the same claim that are the same label (Uebersax 1982), 0 to 1."""
    return _value(frame, "percent")


def alpha(frame: pd.DataFrame) -> float:
    """Krippendorff's alpha for nominal labels, with answers missing anywhere (Krippendorff 2011), at most 1.

    1 - observed disagreement / disagreement expected if all answers had been dealt out anew.
    """
    return _value(frame, "alpha")


def kappa(a: pd.Series | Sequence[object], b: pd.Series | Sequence[object]) -> float:
    """Cohen's kappa (1960) of two raters, at most 1: (observed - expected agreement) / (1 - expected agreement).

    Expected is the agreement of two raters who use each label as often as these do, and guess. Two Series are
    matched by their index, and claims that only one of them has are left out; lists are matched by position.
    Raises KitError for lists of different lengths, and for a Series that has a claim twice.
    """
    if isinstance(a, pd.Series) and isinstance(b, pd.Series):
        if not (a.index.is_unique and b.index.is_unique):
            raise KitError("A claim stands in one of the two Series more than once; keep one answer for each claim.")
        shared = a.index.intersection(b.index)
        a, b = a.loc[shared], b.loc[shared]
    if len(a) != len(b):
        raise KitError(f"One rater has {len(a)} answers and the other {len(b)}; give both for the same claims.")
    return _value(pd.DataFrame({"a": list(a), "b": list(b)}, dtype=object), "kappa")


def pairwise(frame: pd.DataFrame, *, measure: str = "percent") -> pd.DataFrame:
    """One measure for every two raters: a square frame, raters x raters, NaN where undefined.

    The diagonal is 1: a rater agrees with themself. Raises KitError for an unknown measure.
    """
    _known(measure)
    names = list(frame.columns)
    table = np.eye(len(names))
    for (i, a), (j, b) in combinations(enumerate(names), 2):
        table[i, j] = table[j, i] = _value(frame[[a, b]], measure)
    return pd.DataFrame(table, index=names, columns=names)


def per_label(frame: pd.DataFrame, *, labels: Sequence[str] = codebook.names("status")) -> pd.DataFrame:
    """How far the raters agree on each label. Index: `label`, in the order of `labels`.

    Columns: `cases` (claims on which at least one rater gave it), `answers` (how often it was given), `specific` (of
    those who gave it, the share of other raters who gave it too: Uebersax 1982; for two raters, the positive agreement
    of Cicchetti and Feinstein 1990), `low` and `high` (its 95% interval, as in `interval`), `alpha` (Krippendorff's
    alpha of this label against all others together) and `note`. Where nobody gave the label the note is "no cases" and
    every share is NA. Raises KitError for an answer that is not among `labels`.
    """
    strange = sorted({str(answer) for row in _answers_of(frame) for answer in row} - set(labels))
    if strange:
        raise KitError(f"“{strange[0]}” is not one of the labels{closest(strange[0], labels)}")
    codes, found = _coded(frame)
    weights = resampled(codes)
    rows = [_one_label(codes, found.index(name) if name in found else -2, weights) for name in labels]
    table = pd.DataFrame(rows, index=pd.Index(labels, name="label"), columns=_LABEL_COLUMNS)
    return table.astype(dict.fromkeys(_LABEL_COLUMNS[2:6], "Float64"))


def contested(frame: pd.DataFrame) -> pd.DataFrame:
    """The claims on which the raters differ, in the order of `frame`, with its index.

    Columns: `raters` (how many answered), `labels` (how many different answers), `agreement` (the share of
    pairs of answers that are the same) and `spread` (the answers in words, most frequent first).
    """
    rows = {}
    for at, tally in enumerate(map(Counter, _answers_of(frame))):
        if len(tally) > 1:
            spread = ", ".join(f"{count} {label}" for label, count in tally.most_common())
            same = sum(count * (count - 1) for count in tally.values())
            rows[at] = [tally.total(), len(tally), same / (tally.total() * (tally.total() - 1)), spread]
    columns = ["raters", "labels", "agreement", "spread"]
    return pd.DataFrame(rows.values(), index=frame.index[list(rows)], columns=columns)


def interval(frame: pd.DataFrame, measure: str = "alpha", *, draws: int = DRAWS) -> Interval:
    """A measure with its percentile bootstrap interval over claims (Efron and Tibshirani 1993).

    As many claims as there are get drawn with replacement, `draws` times; `low` and `high` cut off the same
    share of the draws at both ends. The same frame gives the same interval. Raises KitError for an unknown measure.
    """
    _known(measure)
    codes, _ = _coded(frame)
    claims, raters = codes.shape
    value = float(_OF[measure](codes, _once(codes))[0])
    if np.isnan(value):
        why = ONE_LABEL if claims else "undefined: no claim has answers of two raters, so there is nothing to compare"
        if raters < 2:
            why = f"undefined: agreement needs two raters, and there is {'only one' if raters else 'none'}"
        return Interval(measure, value, np.nan, np.nan, LEVEL, claims, raters, why)
    low, high, note = ends(_OF[measure](codes, resampled(codes, draws=draws)))
    return Interval(measure, value, low, high, LEVEL, claims, raters, note)


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """All measures with their intervals. Index: `measure`; columns as the fields of `Interval`.

    With more than two raters `kappa` is the mean over all pairs of raters (Light 1971).
    """
    return pd.DataFrame([asdict(interval(frame, measure)) for measure in MEASURES]).set_index("measure")


def resampled(codes: np.ndarray, *, draws: int = DRAWS) -> np.ndarray:
    """The weights of `draws` bootstrap samples: as many claims as there are, drawn with replacement."""
    claims = len(codes)
    if not claims:
        return np.zeros((draws, 0), dtype=int)
    return np.random.default_rng(SEED).multinomial(claims, np.full(claims, 1 / claims), size=draws)


def ends(drawn: np.ndarray) -> tuple[float, float, str]:
    """Both ends of the percentile interval that holds the share `LEVEL` of the draws, and what to know of it."""
    defined = drawn[~np.isnan(drawn)]
    if not len(defined):
        return np.nan, np.nan, "no draw had a value, so there is no interval"
    low, high = (float(end) for end in np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
    lost = len(drawn) - len(defined)
    notes = [f"{many(lost, 'draw')} had no value and {'are' if lost > 1 else 'is'} left out"] * bool(lost)
    notes += ["every draw gave the same value: these data cannot show a spread"] * (low == high)
    return low, high, "; ".join(notes)


def _value(frame: pd.DataFrame, measure: str) -> float:
    codes, _ = _coded(frame)
    return float(_OF[measure](codes, _once(codes))[0])


def _once(codes: np.ndarray) -> np.ndarray:
    """The weights of the data as they are: one draw that has every claim once."""
    return np.ones((1, len(codes)), dtype=int)


def _known(measure: str) -> None:
    if measure not in MEASURES:
        raise KitError(f"There is no measure “{measure}”{closest(str(measure), MEASURES)}")


def _one_label(codes: np.ndarray, label: int, weights: np.ndarray) -> list[object]:
    """A row of `per_label`; `label` is -2 where it is not in `codes`."""
    given = (codes == label).sum(axis=1)
    cases, once = int((given > 0).sum()), _once(codes)
    if not cases:
        return [0, 0, np.nan, np.nan, np.nan, np.nan, "no cases"]
    low, high, note = ends(_specific(codes, weights, label=label))
    against = float(_alpha(np.where(codes < 0, -1, codes == label), once)[0])
    note = f"alpha {ONE_LABEL}" if np.isnan(against) else note
    return [cases, int(given.sum()), float(_specific(codes, once, label=label)[0]), low, high, against, note]


def _answers_of(frame: pd.DataFrame) -> list[list[object]]:
    """The answers to each claim of a frame claims x raters, without those that are none (NA, None, "")."""
    rows = frame.astype(object).to_numpy(dtype=object)
    return [[cell for cell in row if not (pd.isna(cell) or cell == "")] for row in rows]


def _coded(frame: pd.DataFrame) -> tuple[np.ndarray, list[object]]:
    """Claims x raters as numbers, -1 for no answer, and the labels that they stand for, in order of appearance."""
    cells = frame.astype(object).replace("", None)
    cells = cells[cells.notna().sum(axis=1) > 1]
    numbers, labels = pd.factorize(cells.to_numpy(dtype=object).ravel())
    return numbers.reshape(cells.shape), list(labels)


# Below, `weights` (draws x claims) say how often each draw has a claim; a value per draw comes out.


def _percent(codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share of pairs of answers to the same claim that are the same."""
    tally = _tally(codes)
    given = tally.sum(axis=1)
    return _ratio(weights @ (tally * (tally - 1)).sum(axis=1), weights @ (given * (given - 1)))


def _alpha(codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Krippendorff's alpha for nominal labels."""
    tally = _tally(codes)
    given = tally.sum(axis=1)
    observed = weights @ ((given**2 - (tally**2).sum(axis=1)) / (given - 1))
    each = weights @ tally
    total = each.sum(axis=1)
    return 1 - _ratio((total - 1) * observed, total**2 - (each**2).sum(axis=1))


def _kappa(codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Cohen's kappa; for more than two raters its mean over all pairs that have one."""
    pairs = [_pair_kappa(codes[:, pair], weights) for pair in combinations(range(codes.shape[1]), 2)]
    found = np.array(pairs or [np.full(len(weights), np.nan)])
    return _ratio(np.nansum(found, axis=0), (~np.isnan(found)).sum(axis=0))


def _pair_kappa(codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    both = (codes >= 0).all(axis=1)
    codes, weights = codes[both], weights[:, both]
    labels = np.arange(codes.max(initial=-1) + 1)
    total = weights.sum(axis=1)
    observed = weights @ (codes[:, 0] == codes[:, 1])
    one, two = (weights @ (codes[:, [rater]] == labels) for rater in (0, 1))
    expected = (one * two).sum(axis=1)
    return _ratio(observed * total - expected, total**2 - expected)


def _specific(codes: np.ndarray, weights: np.ndarray, *, label: int) -> np.ndarray:
    """Of those who gave `label`, the share of other raters of the same claim who gave it too."""
    given = (codes == label).sum(axis=1)
    others = (codes >= 0).sum(axis=1) - 1
    return _ratio(weights @ (given * (given - 1)), weights @ (given * others))


def _tally(codes: np.ndarray) -> np.ndarray:
    """Claims x labels: how many raters gave it."""
    return (codes[:, :, None] == np.arange(codes.max(initial=-1) + 1)).sum(axis=1)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """`above / below`, NaN where `below` is 0."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below != 0)


_OF: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {"percent": _percent, "kappa": _kappa, "alpha": _alpha}
