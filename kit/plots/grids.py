"""Figures made of cells with words or numbers in them: sources and propositions, passes, labels against the key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from kit import agreement
from kit.article import codebook
from kit.article.colours import INK, LOOKS, NO_REPLY, OTHER, SAME
from kit.check import forms
from kit.errors import KitError, many
from kit.plots.picture import cell, describe, empty, key, speakers, surface, title, wrapped

_LOOKS = LOOKS["status"] | {codebook.NO_REPLY: NO_REPLY}


def matrix(
    matrix: pd.DataFrame, propositions: pd.DataFrame, ax: Axes | None = None, *, sources: pd.DataFrame | None = None
) -> Axes:
    """Who vouches for what: sources down, propositions across, the status in words in each cell.

    `matrix` is `Article.matrix`, `propositions` is `Article.propositions`; `sources` (`Article.sources`) gives the
    names, without it the ids are shown. Rows without an entry are left out. An empty cell says nothing; *no reply* is
    hatched and written out: accused, and the article reports no reply.
    """
    table = matrix[(matrix != codebook.BLANK).any(axis=1)]
    if table.empty:
        return empty(ax, "There is nothing in this matrix: no source says anything on a proposition.")
    ax = surface(ax, 1.2 + 0.36 * len(table) + 0.16 * len(propositions))
    names = speakers(sources) if sources is not None else {}
    rows = [str(names.get(source, source)) for source in table.index]
    _axes(ax, [wrapped(row, 28) for row in rows], list(table.columns))
    for y, values in enumerate(table.to_numpy()):
        for x, value in enumerate(values):
            statuses = value.split(" / ")
            narrow = "\n".join(statuses).replace("unconfirmed", "uncon-\nfirmed")
            cell(ax, x, y, narrow, _LOOKS.get(statuses[0]), size=7.5)
    title(ax, "Who vouches for what?")
    texts = [f"{row.proposition}  {row.text}" for row in propositions.itertuples()]
    ax.set_xlabel("\n".join(texts), fontsize=8, color=INK, loc="right", ma="left")
    looks = {"no reply: accused, and the article reports none": NO_REPLY, "empty: says nothing on it": None}
    key(ax, looks, columns=2, below=16 + 9.6 * len(texts))
    said = (f"{row}: {_entries(table.columns, values)}" for row, values in zip(rows, table.to_numpy(), strict=True))
    return describe(ax, ["Grid: who vouches for what.", *texts, *said])


def agreement_heatmap(passes: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Where independent passes agree: claims down, passes across, the status in words in each cell.

    `passes` is `Article.passes` (index: claim; a column per pass). Contested claims come first, one row each; an
    answer that differs from the most frequent one has a thick frame, and where none is most frequent, all have.
    Claims on which all agree are one row per status, with their number.
    """
    if passes.empty:
        return empty(ax, "There are no claims with passes here.")
    rows = list(_rows(passes))
    ax = surface(ax, 0.8 + 0.3 * len(rows))
    names = [str(name).replace("_", " ") for name in passes.columns]
    _axes(ax, [f"{name}  {note}" for name, note, _ in rows], names)
    for y, (_, note, values) in enumerate(rows):
        for x, value in enumerate(values):
            odd = note == "contested" and 2 * values.count(value) <= len(values)
            cell(ax, x, y, value or "no label", _LOOKS.get(value or ""), strong=odd)
    for label, (_, note, _) in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if note == "contested" else "normal")
    heading = f"{len(agreement.contested(passes))} of {many(len(passes), 'claim')} contested between the passes"
    title(ax, heading)
    lines = (f"{name}, {note}: {', '.join(value or 'no label' for value in values)}" for name, note, values in rows)
    return describe(ax, [f"Grid: the status that each pass gave. {heading}.", *lines])


def pass_agreement(passes: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """How often every two passes chose the same status, in percent of the claims that both labelled."""
    if passes.empty or len(passes.columns) < 2:
        return empty(ax, "Two passes are needed to compare them.")
    shares = agreement.pairwise(passes)
    names = [str(name).replace("_", " ") for name in passes.columns]
    ax = surface(ax, 0.8 + 0.6 * len(names))
    _axes(ax, names, names)
    lines = ["Grid: in how many percent of the claims two passes chose the same status."]
    for y, a in enumerate(passes.columns):
        cell(ax, y, y, "itself", None)
        for x, b in enumerate(passes.columns[:y]):
            both = int(passes[[a, b]].notna().all(axis=1).sum())
            words = f"{shares.loc[a, b]:.0%}\nof {many(both, 'claim')}" if both else "no cases"
            cell(ax, x, y, words, SAME if both else None)
            lines.append(f"{names[y]} and {names[x]}: {' '.join(words.split())}")
    title(ax, "How often do two passes agree?")
    return describe(ax, lines)


def confusion(
    mine: pd.Series | Mapping[str, str], right: pd.Series, ax: Axes | None = None, *, field: str = "status"
) -> Axes:
    """My labels (across) against the key (down): numbers in the cells, labels in the codebook's order.

    `mine` and `right` hold one label of `field` per claim, matched by their index; what I left out counts as blank.
    On the outlined diagonal both agree. Where a label of mine does not exist, the picture says so as the check does.
    Raises KitError for a claim that does not exist.
    """
    right = right.dropna().astype(str)
    chosen = pd.Series(mine, dtype=object).fillna("")
    if strange := list(chosen.index.difference(right.index)):
        raise KitError(f"“{strange[0]}” is not a claim of the key.")
    found = forms.choices(chosen, lines=list(chosen.index) or [""], values=codebook.names(field))
    if misspelt := [problem for problem in found.problems if problem not in forms.gaps(found.lines)]:
        return empty(ax, " ".join(misspelt))
    counts = _counts(pd.Series(found.lines, dtype=object), right, codebook.names(field))
    total = int(counts.to_numpy().sum())
    if not total:
        return empty(ax, "There are no claims to compare.")
    if not counts.drop(columns="blank", errors="ignore").to_numpy().any():
        how = "Type some above, run their cell, then run this one again."
        return empty(ax, f"There is no label of yours here yet. {how}")
    ax = surface(ax, 1.2 + 0.45 * len(counts))
    cases = {name: many(n, "case") if n else "no cases" for name, n in counts.sum(axis=1).items()}
    _axes(ax, [f"{name}\n({words})" for name, words in cases.items()], list(counts.columns))
    for y, values in enumerate(counts.to_numpy()):
        for x, number in enumerate(values):
            cell(ax, x, y, str(number), (SAME if x == y else OTHER) if number else None, size=10 if number else 7.5)
        ax.add_patch(Rectangle((y - 0.5, y - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=2.6, zorder=4))
    heading = f"{sum(counts.loc[name, name] for name in counts.index)} of {many(total, 'label')} fit the key"
    title(ax, heading)
    ax.set_xlabel("Down: the key. Across: my labels. Thick outline: both agree.", fontsize=8, color=INK)
    lines = (f"{name} ({cases[name]}): {_entries(counts.columns, counts.loc[name])}" for name in counts.index)
    return describe(ax, [f"Grid: my labels against the key. {heading}.", *lines])


def _axes(ax: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Row names on the left, column names on top, the first row uppermost, no frame."""
    ax.set(xlim=(-0.55, len(columns) - 0.45), ylim=(len(rows) - 0.45, -0.55))
    ax.set_xticks(range(len(columns)), columns, fontsize=8, color=INK)
    ax.set_yticks(range(len(rows)), rows, fontsize=8, color=INK)
    ax.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    ax.spines[:].set_visible(False)


def _rows(passes: pd.DataFrame) -> Iterator[tuple[str, str, list[str | None]]]:
    """Name, what is to be said of it, and the answers, of each row of the heatmap."""
    table = passes.astype(object).where(passes.notna(), None)
    contested = agreement.contested(passes).index
    for name in contested:
        yield name, "contested", list(table.loc[name])
    alike = Counter(map(tuple, table.drop(index=contested).to_numpy()))
    order = {name: at for at, name in enumerate(codebook.names("status"))}
    for values, number in sorted(alike.most_common(), key=lambda item: [order.get(v, 99) for v in item[0]]):
        yield many(number, "claim"), "agreed", list(values)


def _counts(mine: pd.Series, right: pd.Series, labels: Sequence[str]) -> pd.DataFrame:
    """How often each label of the key (row) was labelled so by me (column)."""
    chosen = mine.reindex(right.index).fillna("").replace("", "blank")
    across = [*labels, *(["blank"] if (chosen == "blank").any() else [])]
    return pd.crosstab(right, chosen).reindex(index=list(labels), columns=across, fill_value=0)


def _entries(names: Iterable[str], values: Iterable[object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True) if value) or "nothing"
