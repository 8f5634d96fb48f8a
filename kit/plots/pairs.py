"""Two bars a row: what a test gained, and what a reader mixes up, at first and lately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from kit.article.colours import INK, NO_REPLY, OTHER, SAME, Look, fill
from kit.plots.picture import describe, empty, key, surface, title, wrapped

Bar = tuple[float, str] | None
"""How long a bar is, and the words at its end; None for no bar."""


def before_after(gained: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """How many of the made-up sentences were right before and after the course: two bars per objective.

    `gained` is what `kit.gains.table` returns; a missing number has no bar. An `ax` of your own should be about
    6.4 x 3.5 inches large.
    """
    rows, lines = {}, ["How many sentences were right, before and after the course."]
    for objective, row in gained.iterrows():
        pair = [None if pd.isna(row[when]) else (row[when], str(row[when])) for when in ("before", "after")]
        before, after = (bar[1] if bar else "no answer" for bar in pair)
        rows[f"{objective} (of {row['items']})"] = pair
        lines.append(f"{objective}: before {before}, after {after}, of {row['items']}")
    ax = surface(ax, 1.1 + 0.42 * len(rows))
    _draw(ax, rows, {"before": NO_REPLY, "after": SAME}, ticks=range(gained["items"].max() + 1))
    ax.set_xlabel("sentences that were right", fontsize=8, color=INK)
    title(ax, "How many were right before, and how many after", width=50)
    return describe(ax, lines)


def mistakes(counts: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """How many answers were wrong by each misconception, of 100: a bar for the first weeks, one for the last answers.

    `counts` has a row per misconception (the index), and the columns `first_wrong`, `first_asked`, `last_wrong` and
    `last_asked` (whole numbers). Rows without answers are left out.
    """
    met = counts[counts["last_asked"] > 0]
    if met.empty:
        return empty(ax, "There are no answers yet.")
    rows, lines = {}, ["Bars: of 100 answers, how many were wrong by this misconception."]
    for name, row in met.iterrows():
        first, last = (f"{row[f'{when}_wrong']} of {row[f'{when}_asked']}" for when in ("first", "last"))
        shares = (100 * row[f"{when}_wrong"] / row[f"{when}_asked"] for when in ("first", "last"))
        rows[wrapped(str(name), 28)] = list(zip(shares, (first, last), strict=True))
        lines.append(f"{name}: the first two weeks: {first}; the last ten answers: {last}")
    ax = surface(ax, 1.1 + 0.55 * len(rows))
    _draw(ax, rows, {"the first two weeks": OTHER, "the last ten answers": SAME}, ticks=range(0, 101, 20))
    title(ax, "What you mix up: wrong answers of 100")
    return describe(ax, lines)


def _draw(ax: Axes, rows: Mapping[str, Iterable[Bar]], looks: Mapping[str, Look], *, ticks: Sequence[int]) -> None:
    """For each row its bars, one below the other, with `looks` in that order, and what these mean."""
    for y, pair in enumerate(rows.values()):
        for side, bar, look in zip((-0.2, 0.2), pair, looks.values(), strict=True):
            if bar:
                ax.barh(y + side, bar[0], height=0.37, **fill(look))
                ax.text(bar[0] + ticks[-1] / 100, y + side, bar[1], va="center", fontsize=8, color=INK)
    ax.set_yticks(range(len(rows)), list(rows), fontsize=8, color=INK)
    ax.set(xlim=(0, 1.18 * ticks[-1]), ylim=(len(rows) - 0.4, -0.6), xticks=ticks)
    ax.tick_params(labelsize=8)
    ax.spines[["right", "top"]].set_visible(False)
    key(ax, looks, columns=2, below=30)
