"""Bars: who vouches for how much, and on what footing."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from kit import codebook
from kit.files import many
from kit.plots.picture import (
    INK,
    describe,
    empty,
    fill,
    in_words,
    key,
    speakers,
    surface,
    tag,
    title,
    wrapped,
)
from kit.rulings import OWN_VOICES

__all__ = ["status_by_source"]


def status_by_source(claims: pd.DataFrame, sources: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Stacked bars: how many contents each source vouches for, by status, with the number in each part.

    `claims` is `Article.claims`, `sources` is `Article.sources`. Most contents first, then the author's own voice and
    nobody, then the accused who vouch for nothing; other sources without a content are left out.
    """
    contents = claims[claims["layer"] == "content"]
    if contents.empty:
        return empty(ax, "There are no contents with a label here.")
    statuses = codebook.names("status")
    counts = pd.crosstab(contents["source"], contents["status"].astype(str))
    counts = counts.reindex(index=_in_order(contents, sources), columns=statuses, fill_value=0)
    names = speakers(sources)
    rows = [str(names.get(source, source)) for source in counts.index]
    ax = surface(ax, 1.3 + 0.3 * len(rows))
    for status in statuses:
        _parts(ax, counts, status)
    mute = [y for y, number in enumerate(counts.sum(axis=1)) if not number]
    for y in mute:
        ax.text(0.08, y, "accused; no content of theirs in the article", fontsize=8, va="center", color=INK)
    ax.set_yticks(range(len(rows)), [wrapped(row, 34) for row in rows], fontsize=8, color=INK)
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlim=(0, int(counts.sum(axis=1).max()) + 0.3))
    ax.locator_params(axis="x", integer=True)
    ax.tick_params(labelsize=8)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_xlabel("how many contents", fontsize=8, color=INK)
    title(ax, f"How do the {many(len(contents), 'content')} stand, source by source?")
    totals = counts.sum()
    key(
        ax, {f"{status}: {totals[status] or 'none'}": codebook.label("status", status) for status in statuses}, below=36
    )
    said = (f"{name}: {in_words(row)}" for name, (_, row) in zip(rows, counts.iterrows(), strict=True))
    return describe(
        ax, ["Bars: how many contents each source vouches for, by status.", *said, f"All: {in_words(totals)}"]
    )


def _in_order(contents: pd.DataFrame, sources: pd.DataFrame) -> list[str]:
    """Sources with contents, most first; then the voices of the article; then the accused without a content."""
    totals = contents["source"].value_counts()
    register = [name for name in sources["source"] if name in totals]
    accused = [name for name in sources.loc[sources["accused"], "source"] if name not in totals]
    voices = [name for name in OWN_VOICES if name in totals]
    return [*sorted(register, key=lambda name: -totals[name]), *voices, *accused]


def _parts(ax: Axes, counts: pd.DataFrame, status: str) -> None:
    """The parts of all bars that are of one status, each behind those of the statuses before."""
    names = list(counts.columns)
    for y, (_, row) in enumerate(counts.iterrows()):
        start, number = int(row[names[: names.index(status)]].sum()), int(row[status])
        if number:
            ax.barh(y, number, left=start, height=0.78, **fill(codebook.label("status", status)))
            tag(ax, start + number / 2, y, str(number), weight="bold")
