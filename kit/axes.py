"""What is drawn on an Axes, read back from its data: bars and matrices as frames, and which words are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

# Matplotlib takes a second to load, and only figures need it: each function fetches what it asks about.
if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["KINDS", "bars", "found", "kinds", "matrix", "words"]

KINDS = {
    "bars": "a bar chart",
    "matrix": "a matrix of coloured cells",
    "points": "a scatter plot",
    "line": "a line chart",
    "pie": "a pie chart",
}
"""What can lie on an Axes, in words. Only the first two can be read."""
_MOST = 100


def found(answer: object) -> list[Axes]:
    """Every Axes that `answer` means: it is one, holds some (a Figure, a list, an array), or is drawn on one.

    Those with data come alone if there are any; a colour bar is none.
    """
    every = list(dict.fromkeys(_candidates(answer, depth=2)))
    return [ax for ax in every if kinds(ax)] or every


def kinds(ax: Axes) -> list[str]:
    """What lies on `ax`, as keys of `KINDS`."""
    from matplotlib.collections import PathCollection
    from matplotlib.patches import Wedge

    lying = {
        "bars": _bars(ax),
        "matrix": _meshes(ax),
        "points": [item for item in ax.collections if isinstance(item, PathCollection)],
        "line": list(ax.lines),
        "pie": [patch for patch in ax.patches if isinstance(patch, Wedge)],
    }
    return [kind for kind, items in lying.items() if items]


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
        ticks, name = _ticks(ax, "x" if upright else "y"), str(series.get_label())
        if name.startswith("_"):
            name = said[place] if place < len(said) else f"series {place + 1}"
        for bar in series.patches:
            across, up = (bar.get_x(), bar.get_width()), (bar.get_y(), bar.get_height())
            (start, thick), (_, length) = (across, up) if upright else (up, across)
            lengths.append((_nearest(ticks, start + thick / 2), name, float(length)))
    return _frame(lengths)


def matrix(ax: Axes) -> pd.DataFrame:
    """The numbers behind the cells of an image or a mesh; of several the last, which lies on top.

    Index and columns: the labels of the ticks on the y axis and on the x axis, "" for none. A cell that is
    masked, or not a number, is 0.
    """
    cells = []
    for mesh in _meshes(ax)[-1:]:
        values = mesh.get_array()
        filled = values.filled(0) if hasattr(values, "filled") else values
        xs, ys = _middles(mesh, *filled.shape)
        across = [_nearest(_ticks(ax, "x"), x) for x in xs]
        downs = [_nearest(_ticks(ax, "y"), y) for y in ys]
        for down, row in zip(downs, filled.tolist(), strict=True):
            numbers = [0.0 if cell != cell else float(cell) for cell in row]
            cells += [(down, name, cell) for name, cell in zip(across, numbers, strict=True)]
    return _frame(cells)


def words(ax: Axes) -> dict[str, bool]:
    """Whether there are a title, labels of both axes, and a legend: on the Axes, or on its figure."""
    around: Any = ax.get_figure(root=True)
    titles = [ax.get_title(loc=side) for side in ("center", "left", "right")]
    return {
        "title": any((*titles, around and around.get_suptitle())),
        "x label": bool(ax.get_xlabel() or (around and around.get_supxlabel())),
        "y label": bool(ax.get_ylabel() or (around and around.get_supylabel())),
        "legend": ax.get_legend() is not None or bool(around and around.legends),
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
        for item in islice(items, _MOST):
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


def _ticks(ax: Axes, side: str) -> dict[float, str]:
    """Where the labelled ticks of the axis "x" or "y" stand, and what they say."""
    axis = ax.xaxis if side == "x" else ax.yaxis
    pairs = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
    return {float(at): label.get_text() for at, label in pairs if label.get_text().strip()}


def _nearest(ticks: Mapping[float, str], place: float) -> str:
    """The label of the tick at `place`, or at most half a step away; "" for none."""
    step = min((b - a for a, b in pairwise(sorted(ticks))), default=1.0)
    near = min(ticks, key=lambda at: abs(at - place), default=None)
    return "" if near is None or abs(near - place) > step / 2 + 1e-9 else ticks[near]


def _frame(cells: list[tuple[str, str, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(cells, columns=["row", "column", "value"])
    return frame.pivot_table(index="row", columns="column", values="value", aggfunc="sum", sort=False, fill_value=0)
