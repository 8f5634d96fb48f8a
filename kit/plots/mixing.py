"""The picture of what a reader mixes up: at first, and lately."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit.plots.colours import BLUE, INK, OTHER, Look, fill
from kit.plots.picture import describe, empty, key, surface, title, wrapped

__all__ = ["mistakes"]

_BARS = {"first": (OTHER, "the first two weeks"), "last": (Look(BLUE), "the last ten answers")}


def mistakes(counts: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """How many answers were wrong by each misconception, of 100: a bar for the first weeks, one for the last answers.

    `counts` has a row per misconception (the index), and the columns `first_wrong`, `first_asked`, `last_wrong` and
    `last_asked` (whole numbers). Rows without answers are left out.
    """
    met = counts[counts["last_asked"] > 0]
    if met.empty:
        return empty(ax, "There are no answers yet.")
    ax = surface(ax, 1.1 + 0.55 * len(met))
    lines = ["Bars: of 100 answers, how many were wrong by this misconception."]
    for y, (name, row) in enumerate(met.iterrows()):
        said = []
        for side, (when, (look, words)) in zip((-0.2, 0.2), _BARS.items(), strict=True):
            wrong, asked = int(row[f"{when}_wrong"]), int(row[f"{when}_asked"])
            share = 100 * wrong / asked
            ax.barh(y + side, share, height=0.38, **fill(look))
            ax.text(share + 1, y + side, f"{wrong} of {asked}", va="center", fontsize=8, color=INK)
            said.append(f"{words}: {wrong} of {asked}")
        lines.append(f"{name}: {'; '.join(said)}")
    ax.set_yticks(range(len(met)), [wrapped(str(name), 28) for name in met.index], fontsize=8, color=INK)
    ax.set(xlim=(0, 118), ylim=(len(met) - 0.4, -0.6), xticks=range(0, 101, 20))
    ax.tick_params(labelsize=8)
    ax.spines[["right", "top"]].set_visible(False)
    title(ax, "What you mix up: wrong answers of 100")
    key(ax, {words: look for look, words in _BARS.values()}, below=22)
    return describe(ax, lines)
