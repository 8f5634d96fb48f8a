"""Measures of agreement on plain arrays: one value for each draw of claims, so that a bootstrap is one product.

`codes` is claims x raters: the number of the label, -1 for no answer; every claim has two answers or more.
`weights` is draws x claims: how often each claim is in each draw (`once` for the data as they are). Every
measure returns one share per draw, NaN where it is undefined. The sources are named in `kit.agreement`.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

__all__ = [
    "ONE_LABEL",
    "alpha",
    "answers",
    "coded",
    "ends",
    "kappa",
    "once",
    "percent",
    "resampled",
    "specific",
    "undefined",
]

ONE_LABEL = "undefined: every answer is the same label, and then chance alone would agree as well"


def answers(frame: pd.DataFrame) -> list[list[object]]:
    """The answers to each claim of a frame claims x raters, without those that are none (NA, None, "")."""
    rows = frame.astype(object).to_numpy(dtype=object)
    return [[cell for cell in row if not (pd.isna(cell) or cell == "")] for row in rows]


def coded(frame: pd.DataFrame) -> tuple[np.ndarray, list[object]]:
    """`codes` of a frame claims x raters, and the labels that the numbers stand for, in order of appearance."""
    cells = frame.astype(object).replace("", None)
    cells = cells[cells.notna().sum(axis=1) > 1]
    numbers, labels = pd.factorize(cells.to_numpy(dtype=object).ravel())
    return numbers.reshape(cells.shape), list(labels)


def once(codes: np.ndarray) -> np.ndarray:
    """The weights of the data as they are: one draw that has every claim once."""
    return np.ones((1, len(codes)), dtype=int)


def resampled(codes: np.ndarray, *, draws: int, seed: int) -> np.ndarray:
    """The weights of `draws` bootstrap samples: as many claims as there are, drawn with replacement."""
    claims = len(codes)
    if not claims:
        return np.zeros((draws, 0), dtype=int)
    return np.random.default_rng(seed).multinomial(claims, np.full(claims, 1 / claims), size=draws)


def percent(codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The share of pairs of answers to the same claim that are the same."""
    tally = _tally(codes)
    given = tally.sum(axis=1)
    return _ratio(weights @ (tally * (tally - 1)).sum(axis=1), weights @ (given * (given - 1)))


def alpha(codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Krippendorff's alpha for nominal labels."""
    tally = _tally(codes)
    given = tally.sum(axis=1)
    observed = weights @ ((given**2 - (tally**2).sum(axis=1)) / (given - 1))
    each = weights @ tally
    total = each.sum(axis=1)
    return 1 - _ratio((total - 1) * observed, total**2 - (each**2).sum(axis=1))


def kappa(codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Cohen's kappa; for more than two raters its mean over all pairs that have one."""
    pairs = [_pair_kappa(codes[:, pair], weights) for pair in combinations(range(codes.shape[1]), 2)]
    found = np.array(pairs or [np.full(len(weights), np.nan)])
    return _ratio(np.nansum(found, axis=0), (~np.isnan(found)).sum(axis=0))


def specific(codes: np.ndarray, weights: np.ndarray, *, label: int) -> np.ndarray:
    """Of those who gave `label`, the share of other raters of the same claim who gave it too."""
    given = (codes == label).sum(axis=1)
    others = (codes >= 0).sum(axis=1) - 1
    return _ratio(weights @ (given * (given - 1)), weights @ (given * others))


def ends(drawn: np.ndarray, level: float) -> tuple[float, float, str]:
    """Both ends of the percentile interval that holds the share `level` of the draws, and what to know of it."""
    defined = drawn[~np.isnan(drawn)]
    if not len(defined):
        return np.nan, np.nan, "no draw had a value, so there is no interval"
    low, high = (float(end) for end in np.quantile(defined, [(1 - level) / 2, (1 + level) / 2]))
    notes = [f"{len(drawn) - len(defined)} draws had no value and are left out"] * (len(defined) < len(drawn))
    notes += ["every draw gave the same value: these data cannot show a spread"] * (low == high)
    return low, high, "; ".join(notes)


def undefined(codes: np.ndarray) -> str:
    """Why a measure of `codes` has no value, in words."""
    raters = codes.shape[1]
    if raters < 2:
        return f"undefined: agreement needs two raters, and there is {'only one' if raters else 'none'}"
    if not len(codes):
        return "undefined: no claim has answers of two raters, so there is nothing to compare"
    return ONE_LABEL


def _tally(codes: np.ndarray) -> np.ndarray:
    """Claims x labels: how many raters gave it."""
    return (codes[:, :, None] == np.arange(codes.max(initial=-1) + 1)).sum(axis=1)


def _pair_kappa(codes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    both = (codes >= 0).all(axis=1)
    codes, weights = codes[both], weights[:, both]
    labels = np.arange(codes.max(initial=-1) + 1)
    total = weights.sum(axis=1)
    observed = weights @ (codes[:, 0] == codes[:, 1])
    one, two = (weights @ (codes[:, [rater]] == labels) for rater in (0, 1))
    expected = (one * two).sum(axis=1)
    return _ratio(observed * total - expected, total**2 - expected)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """`above / below`, NaN where `below` is 0."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below != 0)
