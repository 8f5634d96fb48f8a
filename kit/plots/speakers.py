"""The picture of attribution chains: who had it from whom, as boxes and arrows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from kit.article import codebook
from kit.article.codebook import HERE, OWN_VOICES, UNKNOWN_LINK
from kit.article.colours import INK, LOOKS, fill
from kit.errors import many
from kit.plots.picture import describe, empty, in_words, key, speakers, surface, tag, title, wrapped

Box = tuple[str, tuple[str, ...]]
"""A box of the picture: whose it is, and the way from there on that makes it this very box."""
NOTE = "On an arrow: how many claims went this way.\nDashed: a link that the text does not give."


def chains(claims: pd.DataFrame, sources: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The ways of `claims` from their first speaker, on the left, to the article, on the right.

    `claims` is `Article.claims` or some of its rows, `sources` is `Article.sources`. Links that are the same are
    drawn once, with the number of claims that took them. A dashed box is a link that the text does not give; every
    such box is a gap of its own, since nobody knows whether two gaps hide the same person.
    """
    paths = [_path(chain) for chain in claims["chain"].dropna() if chain]
    if not paths:
        return empty(ax, "There are no claims with a chain here.")
    links = Counter(link for path in paths for link in pairwise(path))
    places = _places(links, paths)
    columns, rows = 1 - min(x for x, _ in places.values()), 1 + max(y for _, y in places.values())
    names = {HERE: "this article"} | speakers(sources)
    words = {box: wrapped(names.get(box[0], box[0]), 72 // max(columns, 3)) for box in places}
    home = (HERE, (HERE,))
    if own := paths.count((home,)):
        words[home] += f"\n(in its own\nvoice: {own})"
    tallest = max(text.count("\n") + 1 for text in words.values())
    ax = surface(ax, 0.8 + rows * (0.16 + 0.15 * tallest))
    ax.set(xlim=(0.6 - columns, 0.4), ylim=(rows - 0.5, -0.5))
    ax.axis("off")
    for (start, end), number in links.items():
        (x, y), (to_x, to_y) = places[start], places[end]
        look = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", xy=(to_x - 0.38, to_y + (y - to_y) * 0.02), xytext=(x + 0.38, y), arrowprops=look, zorder=1)
        tag(ax, x + 0.45, y + (to_y - y) * 0.28, str(number), zorder=2)
    for box, (x, y) in places.items():
        ax.add_patch(Rectangle((x - 0.38, y - 0.4), 0.76, 0.8, zorder=2, **_box_style(box[0])))
        ax.text(x, y, words[box], fontsize=7.5, ha="center", va="center", color=INK, zorder=3)
    title(ax, "From the first speaker to this article")
    ax.text(0, -0.01, NOTE, fontsize=8, color=INK, va="top", transform=ax.transAxes)
    ways = Counter(tuple(names.get(name, name) for name, _ in path) for path in paths)
    said = ["Boxes and arrows: from the first speaker to this article."]
    for way, number in ways.items():
        said.append(f"{' > '.join(way)}{', in its own voice' * (len(way) == 1)}: {many(number, 'claim')}")
    return describe(ax, said)


def _path(chain: Sequence[str]) -> tuple[Box, ...]:
    """The boxes of one chain. An unknown link is told apart by who stands before it."""
    return tuple(
        (name, tuple(chain[max(at - 1, 0) if name == UNKNOWN_LINK else at :])) for at, name in enumerate(chain)
    )


def _places(links: Counter[tuple[Box, Box]], paths: Sequence[tuple[Box, ...]]) -> dict[Box, tuple[int, float]]:
    """Where each box stands: x is minus the number of links to the article, y its row; no two arrows cross."""
    before: dict[Box, list[Box]] = {}
    for start, end in links:
        before.setdefault(end, []).append(start)
    places: dict[Box, tuple[int, float]] = {}
    row = 0

    def stand(box: Box, x: int) -> float:
        """Place `box` after all that leads to it, and return its row: theirs, or the next free one if nothing does."""
        nonlocal row
        rows = [stand(earlier, x - 1) for earlier in before.get(box, ())]
        if not rows:
            rows, row = [row], row + 1
        places[box] = (x, (rows[0] + rows[-1]) / 2)
        return places[box][1]

    for end in dict.fromkeys(path[-1] for path in paths):
        stand(end, 0)
    return places


def _box_style(name: str) -> dict[str, Any]:
    if name == UNKNOWN_LINK:
        return {"facecolor": "white", "edgecolor": INK, "linestyle": (0, (4, 2)), "linewidth": 1.2}
    look = fill(LOOKS["voucher"]["author" if name == HERE else "source"], 0.3)
    return look | {"hatch": "", "linewidth": 2.6 if name == HERE else 1}


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
        before = counts.loc[:, :status].sum(axis=1) - counts[status]
        for y, (start, number) in enumerate(zip(before.tolist(), counts[status].tolist(), strict=True)):
            if number:
                ax.barh(y, number, left=start, height=0.78, **fill(LOOKS["status"][status]))
                tag(ax, start + number / 2, y, str(number), weight="bold")
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
    key(ax, {f"{status}: {totals[status] or 'none'}": LOOKS["status"][status] for status in statuses}, below=36)
    said = (f"{name}: {in_words(row)}" for name, (_, row) in zip(rows, counts.iterrows(), strict=True))
    heading = "Bars: how many contents each source vouches for, by status."
    return describe(ax, [heading, *said, f"All: {in_words(totals)}"])


def _in_order(contents: pd.DataFrame, sources: pd.DataFrame) -> list[str]:
    """Sources with contents, most first; then the voices of the article; then the accused without a content."""
    totals = contents["source"].value_counts()
    register = [name for name in sources["source"] if name in totals]
    accused = [name for name in sources.loc[sources["accused"], "source"] if name not in totals]
    voices = [name for name in OWN_VOICES if name in totals]
    return [*sorted(register, key=lambda name: -totals[name]), *voices, *accused]
