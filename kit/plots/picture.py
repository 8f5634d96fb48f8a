"""A picture and the words that say the same: what every figure of the kit is drawn with and shown by."""

from __future__ import annotations

import base64
import html
import io
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import offset_copy

from kit.article import codebook
from kit.article.codebook import UNKNOWN_LINK
from kit.article.colours import INK, Look, fill
from kit.errors import KitError

WIDTH = 6.4
"""Width of a figure in inches: 640 pixels on a page, saved with twice as many so that it stays sharp."""
_FILE = {"format": "png", "dpi": 200, "bbox_inches": "tight", "pad_inches": 0.1, "facecolor": "white"}  # a white card
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Shown:
    """A picture for a notebook: a PNG, and as its plain text the words that say the same.

    The words are in the metadata of `image/png` too, under `alt`, where nbconvert's template "classic" reads them.
    JupyterLab 4.6 and the template "lab" give images no alternative of their own. So a notebook also gets the
    words as a text below the picture, which opens by mouse or keyboard.
    """

    png: bytes
    words: str

    def __repr__(self) -> str:
        return self.words

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict[str, Any], ...]:
        width = int.from_bytes(self.png[16:20], "big") // 2
        data = {"image/png": base64.b64encode(self.png).decode(), "text/plain": self.words}
        return data, {"image/png": {"alt": self.words, "width": width}}

    def _ipython_display_(self) -> None:
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        first, *others = (html.escape(line) for line in self.words.splitlines())
        items = "".join(f"<li>{line}</li>" for line in others)
        page = f"<details><summary>The same in words</summary><p>{first}</p><ul>{items}</ul></details>"
        display({"text/html": page}, raw=True)


def describe(ax: Axes, lines: Iterable[str]) -> Axes:
    """Attach the text alternative, line by line, to `ax`, and return it."""
    # On the Axes itself: an exercise fetches kit anew between drawing and showing, and a table in here would be lost.
    vars(ax)["_kit_words"] = "\n".join(lines)
    return ax


def alt(ax: Axes) -> str:
    """What the picture on `ax` says, in words, made from the same data.

    Raises KitError where `ax` was not drawn by a function of `kit.plots`.
    """
    words = getattr(ax, "_kit_words", None)
    if words is None:
        raise KitError(
            "This picture has no words yet: draw it with a function of kit.plots, and give what that returns."
        )
    return words


def show(ax: Axes) -> Shown:
    """The picture on `ax` with its text alternative, as the last line of a notebook cell; `png` holds the file.

    The figure is closed, so that no notebook shows it a second time. Raises KitError as `alt` does.
    """
    words, figure, file = alt(ax), ax.get_figure(root=True), io.BytesIO()
    assert figure is not None  # whatever has words was drawn on one
    # No version in the file, so that two runs make the same bytes; the words travel with it.
    note = {"Description": words, "Software": None}
    figure.savefig(file, metadata=note, **_FILE)
    plt.close(figure)
    return Shown(file.getvalue(), words)


def surface(ax: Axes | None, height: float, *, whole: bool = False) -> Axes:
    """`ax`, or Axes of a new figure of `WIDTH` x `height` inches; `whole` has them fill it from edge to edge."""
    if ax is not None:
        return ax
    # Not through pyplot: what pyplot does not know of, no notebook shows by itself.
    if whole:
        return Figure(figsize=(WIDTH, height)).add_axes((0, 0, 1, 1))
    return Figure(figsize=(WIDTH, height), layout="constrained").add_subplot()


def empty(ax: Axes | None, words: str) -> Axes:
    """A picture that says why there is nothing in it."""
    ax = surface(ax, 1.2)
    ax.axis("off")
    ax.text(0.5, 0.5, wrapped(words, 64), ha="center", va="center", fontsize=11, color=INK, transform=ax.transAxes)
    return describe(ax, [words])


def title(ax: Axes, words: str, *, width: int = 58) -> None:
    """The title in bold, on the left, wrapped at `width` letters."""
    ax.set_title(wrapped(words, width), loc="left", fontsize=10, fontweight="bold", color=INK)


def tag(ax: Axes, x: float, y: float, words: str, **style: Any) -> None:
    """Words on white, centred on a point, so that they can be read over a hatch."""
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    ax.text(x, y, words, **{"ha": "center", "va": "center", "fontsize": 8, "color": INK, "bbox": box} | style)


def cell(ax: Axes, x: float, y: float, words: str, look: Look | None, *, strong: bool = False, size: float = 8) -> None:
    """One cell of a grid around (x, y), with its words; `strong` gives it a thick frame, no `look` leaves it white."""
    style = fill(look, 0.45) if look else {"facecolor": "white", "edgecolor": "#cccccc", "linewidth": 0.8}
    box = Rectangle((x - 0.5, y - 0.5), 1, 1, **style, zorder=1.5 if look else 1)
    if strong:
        box.set(linewidth=2.6, zorder=2)
    ax.add_patch(box)
    if words:
        tag(ax, x, y, words, zorder=3, fontsize=size)


def key(ax: Axes, entries: Mapping[str, Look | None], *, columns: int = 3, below: float) -> None:
    """What the looks mean, in words, `below` points under the plot; it ends where the plot ends on the right."""
    blank: dict[str, Any] = {"facecolor": "white", "edgecolor": "#999999"}
    handles = [Patch(label=words, **(fill(look) if look else blank)) for words, look in entries.items()]
    where: dict[str, Any] = {"loc": "upper right", "bbox_to_anchor": (1, 0), "borderaxespad": 0, "frameon": False}
    where["bbox_transform"] = offset_copy(ax.transAxes, ax.get_figure(root=True), 0, -below, units="points")
    ax.legend(handles=handles, ncols=columns, fontsize=8, handleheight=1.3, columnspacing=1.2, **where)


def speakers(sources: pd.DataFrame) -> dict[str, str]:
    """The names of all sources by id, and words for the voices that are not in the register."""
    own = {"author": "the author's own voice", "none": "nobody in particular", UNKNOWN_LINK: "unknown"}
    return dict(zip(sources["source"], sources["name"], strict=True)) | own


def wrapped(words: str, width: int) -> str:
    """`words` over as many lines as it takes, none longer than `width` letters but for longer words."""
    return "\n".join(textwrap.wrap(words, width, break_long_words=False))


def in_words(numbers: pd.Series) -> str:
    """“2 stance, 4 alleged” from numbers by status, in the codebook's order; “none” where all are 0."""
    return ", ".join(f"{numbers[s]} {s}" for s in codebook.names("status") if numbers.get(s)) or "none"


def day(date: datetime, *, year: bool = False) -> str:
    """“19 Oct” or “19 Oct 2024”, in English on every machine."""
    return f"{date.day} {_MONTHS[date.month - 1]}" + f" {date.year}" * year
