"""A figure as an answer in canonical form: judged by the data on its Axes, never by its pixels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from kit.check.answers import Answer, Value, impossible, number_of
from kit.check.answers import kind as sort_of
from kit.errors import listed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

KINDS = {"bars": "a bar chart", "matrix": "a matrix of coloured cells", "points": "a scatter plot",
         "line": "a line chart", "pie": "a pie chart"}  # fmt: skip
"""What can lie on an Axes, in words. Only the first two can be read."""


def drawn(answer: object) -> list[Axes]:
    """Every Axes that `answer` means: it is one, holds some (a Figure, a list, an array), or is drawn on one.

    Those with data come alone if there are any; a colour bar is none.
    """
    every = list(dict.fromkeys(_candidates(answer, depth=2)))
    return [ax for ax in every if drawn_kinds(ax)] or every


def drawn_kinds(ax: Axes) -> list[str]:
    """What lies on `ax`, as keys of `KINDS`."""
    from matplotlib.collections import PathCollection
    from matplotlib.patches import Wedge

    lying = {
        "bars": bool(_bars(ax)),
        "matrix": bool(_meshes(ax)),
        "points": any(isinstance(item, PathCollection) for item in ax.collections),
        "line": bool(ax.lines),
        "pie": any(isinstance(patch, Wedge) for patch in ax.patches),
    }
    return [kind for kind, lies in lying.items() if lies]


def bars(ax: Axes) -> pd.DataFrame:
    """The lengths of all bars, in units of the axis: standing or lying, stacked or side by side.

    Index: the labels of the ticks. Columns: the series by their labels, else "series 1", … What stands at no
    labelled tick is in the row "". Bars of one row and column are added up.
    """
    legend = ax.get_legend()
    said = [text.get_text() for text in legend.get_texts()] if legend else []
    lengths = []
    for place, series in enumerate(_bars(ax)):
        upright = series.orientation != "horizontal"
        at_tick, name = _ticks(ax, "x" if upright else "y"), str(series.get_label())
        if name.startswith("_"):
            name = said[place] if place < len(said) else f"series {place + 1}"
        for bar in series.patches:
            across, up = (bar.get_x(), bar.get_width()), (bar.get_y(), bar.get_height())
            (start, thick), (_, length) = (across, up) if upright else (up, across)
            lengths.append((at_tick(start + thick / 2), name, float(str(length))))
    return _frame(lengths)


def matrix(ax: Axes) -> pd.DataFrame:
    """The numbers behind the cells of an image or a mesh; of several the last, which lies on top.

    Index and columns: the labels of the ticks on the y axis and on the x axis, "" for none. A cell that is
    masked, or not a number, is 0.
    """
    from numpy import ma

    cells = []
    for mesh in _meshes(ax)[-1:]:
        values = ma.filled(mesh.get_array(), 0)
        xs, ys = _middles(mesh, *values.shape)
        across = list(map(_ticks(ax, "x"), xs))
        for down, row in zip(map(_ticks(ax, "y"), ys), values.tolist(), strict=True):
            cells += [(down, name, 0 if cell != cell else float(cell)) for name, cell in zip(across, row, strict=True)]
    return _frame(cells)


def words(ax: Axes) -> dict[str, object]:
    """Title, labels of both axes and legend, of the Axes or of its figure, if it has one; false what is not there."""
    around: Any = ax.get_figure(root=True)
    titles = [ax.get_title(loc=side) for side in ("center", "left", "right")]
    return {
        "title": any(titles) or (around and around.get_suptitle()),
        "x label": ax.get_xlabel() or (around and around.get_supxlabel()),
        "y label": ax.get_ylabel() or (around and around.get_supylabel()),
        "legend": ax.get_legend() or (around and around.legends),
    }


def _candidates(answer: object, depth: int) -> Iterator[Axes]:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    if isinstance(answer, Axes):
        yield answer
    elif isinstance(answer, (Figure, SubFigure)):
        yield from (ax for ax in answer.axes if ax.get_label() != "<colorbar>")
    elif isinstance(answer, Artist):
        yield from [answer.axes] if isinstance(answer.axes, Axes) else []
    elif depth and (isinstance(answer, (list, tuple)) or type(answer).__name__ == "ndarray"):
        items: Any = getattr(answer, "flat", answer)
        for item in islice(items, 100):
            yield from _candidates(item, depth - 1)


def _bars(ax: Axes) -> list[Any]:
    from matplotlib.container import BarContainer

    return [item for item in ax.containers if isinstance(item, BarContainer) and item.patches]


def _meshes(ax: Axes) -> list[Any]:
    """Images and meshes of numbers. A photograph has three numbers per cell, and is none."""
    from matplotlib.collections import QuadMesh

    meshes = [*ax.images, *(item for item in ax.collections if isinstance(item, QuadMesh))]
    return [mesh for mesh in meshes if getattr(mesh.get_array(), "ndim", 0) == 2]


def _middles(mesh: Any, height: int, width: int) -> tuple[list[float], list[float]]:
    """Where the middles of the columns (x) and of the rows (y) lie."""
    if hasattr(mesh, "get_coordinates"):
        corners = mesh.get_coordinates()
        edges = corners[0, :, 0].tolist(), corners[:, 0, 1].tolist()
        xs, ys = ([(a + b) / 2 for a, b in pairwise(edge)] for edge in edges)
        return xs, ys
    left, right, bottom, top = mesh.get_extent()
    first, last = (top, bottom) if mesh.origin == "upper" else (bottom, top)
    xs = [left + (right - left) * (at + 0.5) / width for at in range(width)]
    return xs, [first + (last - first) * (at + 0.5) / height for at in range(height)]


def _ticks(ax: Axes, side: str) -> Callable[[float], str]:
    """What the tick of the axis "x" or "y" at a place says, or one at most half a step away; "" where none does."""
    axis = ax.xaxis if side == "x" else ax.yaxis
    pairs = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
    said = {float(at): label.get_text() for at, label in pairs if label.get_text().strip()}
    reach = min((b - a for a, b in pairwise(sorted(said))), default=1.0) / 2 + 1e-9

    def nearest(place: float) -> str:
        at = min(said, key=lambda tick: abs(tick - place), default=None)
        return "" if at is None or abs(at - place) > reach else said[at]

    return nearest


def _frame(cells: list[tuple[str, str, float]]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(cells, columns=["row", "column", "value"])
    return frame.pivot_table(index="row", columns="column", values="value", aggfunc="sum", sort=False, fill_value=0)


_DRAW = {"bars": "Draw bars, for example with frame.plot.bar().", "matrix": "Draw a matrix with ax.imshow(frame)."}
_WRITE = {"title": "ax.set_title(…)", "x label": "ax.set_xlabel(…)", "y label": "ax.set_ylabel(…)",
          "legend": "ax.legend()"}  # fmt: skip


def figure(
    answer: object,
    *,
    kind: str,
    rows: Sequence[str],
    columns: Sequence[str] = (),
    total: float | None = None,
    numbers: str = "number",
) -> Answer:
    """A picture: its `kind`, a line per row with its numbers, the sum of all that is drawn, asked for or not, and
    whether its words are "given".

    `answer` is an Axes, a Figure with one Axes that holds data, or what a plotting call returned. Of `kind` "bars"
    the rows are the categories, with one number each (several bars at one place are added up), or with `columns`
    one number per series; bars may stand or lie, be stacked or side by side, in any order. Of `kind` "matrix" rows
    and columns are the cells, either way round. Names are read from the labels of ticks and series. A sum that is
    not `total` is named, and so is a number that is impossible for its kind: `numbers` is "count", "share",
    "percent", or any "number". Whatever `answer` is, an Answer comes back.
    """
    asked = [name for name in _WRITE if name != "legend" or (kind == "bars" and columns)]
    lines: dict[str, Value] = dict.fromkeys(("kind", *rows, "sum", *asked), "")
    try:
        ax = _one(answer)
        if isinstance(ax, str):
            return Answer(lines, (ax,))
        kinds, said = drawn_kinds(ax), words(ax)
        lines |= {name: "given" for name in asked if said[name]}
        problems = [f"There is no {name} yet: {_WRITE[name]}." for name in asked if not said[name]]
        if kind not in kinds:
            lines["kind"] = kinds[0] if kinds else ""
            what = f"This is {KINDS[kinds[0]]}, and another kind is asked for." if kinds else "Nothing is drawn yet."
            faults = {"kind": "another kind"} if kinds else {}
            return Answer(lines, (f"{what} {_DRAW[kind]}", *problems), faults=faults, columns=tuple(columns))
        lines["kind"] = kind
        drawn = bars(ax) if kind == "bars" else matrix(ax)
        if columns and _fit(drawn.T, rows, columns) > _fit(drawn, rows, columns):
            drawn = drawn.T
        found, amiss = _values(drawn, rows, columns)
        found["sum"] = number_of(drawn.to_numpy().sum())
        odd = _impossible(found, numbers)
        amiss = amiss or _sums(found, total) or [f"{name}: {matter}." for name, matter in odd.items()]
        faults = dict.fromkeys(odd, "impossible")
        return Answer(lines | found, tuple(amiss + problems), faults=faults, columns=tuple(columns))
    except Exception:  # whatever lies on a student's Axes, the check answers with a sentence
        return Answer(lines, ("This figure cannot be read; draw it anew, with one call such as frame.plot.bar().",))


def _one(answer: object) -> Axes | str:
    """The Axes that `answer` means; a sentence where it is not one."""
    if answer is None or answer is ...:
        return "Still blank: assign the Axes that you draw on, such as the ax in `fig, ax = plt.subplots()`."
    found = drawn(answer)
    if not found and type(answer).__name__ == "Figure":
        return "This Figure is empty. Assign the Axes when you draw: after plt.show() there is a new figure."
    if not found:
        return f"The Axes of a figure are asked for, but this is {sort_of(answer)}."
    return found[0] if len(found) == 1 else f"There are {len(found)} Axes here; assign the one that shall count."


def _values(drawn: pd.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> tuple[dict[str, Value], list[str]]:
    """The value of each row, and in words what is missing, too much, or added up."""
    down, across = _named(rows, drawn.index), _named(columns, drawn.columns)
    found: dict[str, Value] = dict.fromkeys(rows, "")
    for row, name in down.items():
        if name is not None and not columns:
            found[row] = number_of(drawn.loc[name].sum())
        elif name is not None and any(across.values()):
            found[row] = [number_of(drawn.at[name, at]) if at is not None else "" for at in across.values()]
    if lost := [name for name, label in (down | across).items() if label is None]:
        names = listed(lost, most=8)
        return found, [f"No label says {names}. Every tick and every series needs its name."]
    faults, more = [], _filled(drawn.drop(index=[label for label in down.values() if label is not None]))
    if columns:
        more += _filled(drawn.drop(columns=[label for label in across.values() if label is not None]).T)
    if more:
        faults.append(
            f"Left out, since it is not asked for: {', '.join(name or 'what has no label' for name in more)}."
        )
    if not columns and drawn.shape[1] > 1:
        faults.append("Several bars stand at one place; they are added up.")
    return found, faults


def _sums(found: Mapping[str, Value], total: float | None) -> list[str]:
    """What a sum gives away: shares in place of counts, or something counted twice or left out."""
    parts = [sum(value) if isinstance(value, list) else float(value) for name, value in found.items() if name != "sum"]
    whole = sum(parts)
    if total is None or abs(whole - total) < 1e-6:
        return []
    for one, name in ((1, "shares"), (100, "percent")):
        if all(abs(part - one) < one / 50 for part in parts if part) or abs(whole - one) < one / 50:
            return [f"These look like {name}. Draw the counts themselves."]
    return [f"Your numbers add up to {whole:g}, but {total:g} things are counted here."]


def _impossible(found: Mapping[str, Value], numbers: str) -> dict[str, str]:
    """The rows with a number that cannot be, each with the matter in a clause."""
    cells = [(name, cell) for name, row in found.items() for cell in (row if isinstance(row, list) else [row])]
    odd = [(name, impossible(n, numbers)) for name, n in cells if name != "sum" and isinstance(n, (int, float))]
    return {name: matter for name, matter in reversed(odd) if matter}  # the first of each row counts


def _filled(drawn: pd.DataFrame) -> list[str]:
    """The rows that hold more than zeros, at most five."""
    return [str(name) for name, row in drawn.iterrows() if row.any()][:5]


def _named(wanted: Iterable[str], labels: Iterable[str]) -> dict[str, str | None]:
    """For each of `wanted` the label that says it or, if there is just one, begins with it ("P1: weapons")."""
    said = {" ".join(label.split()).casefold(): label for label in labels}
    found: dict[str, str | None] = {}
    for name in wanted:
        start = re.compile(re.escape(name.casefold()) + r"(?![\w-])")
        starts = [label for text, label in said.items() if start.match(text)]
        found[name] = said.get(name.casefold(), starts[0] if len(starts) == 1 else None)
    return found


def _fit(drawn: pd.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> int:
    """How many of the names stand where they are looked for."""
    both = (*_named(rows, drawn.index).values(), *_named(columns, drawn.columns).values())
    return sum(label is not None for label in both)
