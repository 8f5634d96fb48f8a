"""A figure as an answer in canonical form: judged by the data on its Axes, never by its pixels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from kit import axes, plain
from kit.answers import Answer, Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["figure"]

_DRAW = {"bars": "Draw bars, for example with frame.plot.bar().", "matrix": "Draw a matrix with ax.imshow(frame)."}
_WRITE = {
    "title": "ax.set_title(…)",
    "x label": "ax.set_xlabel(…)",
    "y label": "ax.set_ylabel(…)",
    "legend": "ax.legend()",
}
_GIVEN = "given"


def figure(
    answer: object, *, kind: str, rows: Sequence[str], columns: Sequence[str] = (), total: float | None = None
) -> Answer:
    """A picture: its `kind`, a line per row with its numbers, the sum of all that is drawn, asked for or not, and
    whether its words are "given".

    `answer` is an Axes, a Figure with one Axes that holds data, or what a plotting call returned. Of `kind` "bars"
    the rows are the categories, with one number each (several bars at one place are added up), or with `columns`
    one number per series; bars may stand or lie, be stacked or side by side, in any order. Of `kind` "matrix" rows
    and columns are the cells, either way round. Names are read from the labels of ticks and series. A sum that is
    not `total` is named. Whatever `answer` is, an Answer comes back.
    """
    asked = [name for name in _WRITE if name != "legend" or (kind == "bars" and columns)]
    lines: dict[str, Value] = dict.fromkeys(("kind", *rows, "sum", *asked), "")
    try:
        ax = _one(answer)
        if not isinstance(ax, str):
            return _read(ax, lines, kind, rows, columns, total)
    except Exception:  # whatever lies on a student's Axes, the check answers with a sentence
        ax = "This figure cannot be read; draw it anew, with one call such as frame.plot.bar()."
    return Answer(lines, (ax,))


def _one(answer: object) -> Axes | str:
    """The Axes that `answer` means; a sentence where it is not one."""
    if answer is None or answer is ...:
        return "Still blank: assign the Axes that you draw on, such as the ax in “fig, ax = plt.subplots()”."
    found = axes.found(answer)
    if not found and type(answer).__name__ == "Figure":
        return "This Figure is empty. Assign the Axes when you draw: after plt.show() there is a new figure."
    if not found:
        return f"The Axes of a figure are asked for, but this is {plain.kind(answer)}."
    return found[0] if len(found) == 1 else f"There are {len(found)} Axes here; assign the one that shall count."


def _read(
    ax: Axes, lines: dict[str, Value], kind: str, rows: Sequence[str], columns: Sequence[str], total: float | None
) -> Answer:
    kinds, said = axes.kinds(ax), axes.words(ax)
    lines |= {name: _GIVEN for name in _WRITE if name in lines and said[name]}
    problems = [f"There is no {name} yet: {_WRITE[name]}." for name in _WRITE if lines.get(name) == ""]
    if kind not in kinds:
        lines["kind"] = kinds[0] if kinds else ""
        what = f"This is {axes.KINDS[kinds[0]]}, and another kind is asked for." if kinds else "Nothing is drawn yet."
        return Answer(lines, (f"{what} {_DRAW[kind]}", *problems))
    lines["kind"] = kind
    drawn = axes.bars(ax) if kind == "bars" else axes.matrix(ax)
    if columns and _fit(drawn.T, rows, columns) > _fit(drawn, rows, columns):
        drawn = drawn.T
    found, faults = _values(drawn, rows, columns)
    found["sum"] = plain.number_of(drawn.to_numpy().sum())
    return Answer(lines | found, tuple((faults or _sums(found, total)) + problems))


def _values(drawn: pd.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> tuple[dict[str, Value], list[str]]:
    """The value of each row, and in words what is missing, too much, or added up."""
    down, across = _named(rows, drawn.index), _named(columns, drawn.columns)
    found: dict[str, Value] = dict.fromkeys(rows, "")
    for row, name in down.items():
        if name is not None and not columns:
            found[row] = plain.number_of(drawn.loc[name].sum())
        elif name is not None and any(across.values()):
            found[row] = [plain.number_of(drawn.at[name, at]) if at is not None else "" for at in across.values()]
    if lost := [name for name, label in (down | across).items() if label is None]:
        names = ", ".join(lost[:8]) + f" and {len(lost) - 8} more" * (len(lost) > 8)
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
