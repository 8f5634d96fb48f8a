"""Axes read back: what was drawn comes out again as a frame, whatever way it was drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from kit.check import figures

FRAME = pd.DataFrame({"x": [1, 2, 0], "y": [3.5, 0, 4]}, index=["a", "b", "c"])


@pytest.fixture(autouse=True)
def without_a_screen() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


def read(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    return frame.sort_index().sort_index(axis=1).T.to_dict()


def by_hand(*, horizontal: bool) -> Axes:
    """Side by side, with bars at numbers and names on the ticks."""
    _, ax = plt.subplots()
    for place, name in enumerate(FRAME):
        where = np.arange(3) + 0.4 * place
        draw = ax.barh if horizontal else ax.bar
        draw(where, FRAME[name], 0.4, label=name)
    (ax.set_yticks if horizontal else ax.set_xticks)(np.arange(3) + 0.2, labels=FRAME.index)
    return ax


def named_in_the_legend() -> Axes:
    _, ax = plt.subplots()
    for name in FRAME:
        ax.bar(FRAME.index, FRAME[name])
    ax.legend(["x", "y"])
    return ax


WAYS: dict[str, Callable[[], Axes]] = {
    "side by side": lambda: FRAME.plot.bar(),
    "lying": lambda: FRAME.plot.barh(),
    "stacked": lambda: FRAME.plot.bar(stacked=True),
    "stacked, lying": lambda: FRAME.plot.barh(stacked=True),
    "another order": lambda: FRAME.iloc[::-1, ::-1].plot.bar(),
    "upside down": lambda: FRAME.plot.barh().invert_yaxis() or plt.gca(),
    "with a line over it": lambda: FRAME.plot.bar().axhline(2).axes,
    "by hand": lambda: by_hand(horizontal=False),
    "by hand, lying": lambda: by_hand(horizontal=True),
    "named in the legend": named_in_the_legend,
}


@pytest.mark.parametrize("way", WAYS)
def test_bars_come_out_as_they_went_in(way: str) -> None:
    ax = WAYS[way]()
    assert figures.drawn_kinds(ax)[0] == "bars"
    assert read(figures.bars(ax)) == read(FRAME)


def test_bars_without_names_are_still_read() -> None:
    _, ax = plt.subplots()
    ax.bar(["a", "b"], [1, 2])
    ax.bar(["a", "b"], [3, 4])
    assert read(figures.bars(ax)) == {"a": {"series 1": 1, "series 2": 3}, "b": {"series 1": 2, "series 2": 4}}


def test_what_stands_at_no_label_has_none() -> None:
    _, ax = plt.subplots()
    ax.bar([0, 1, 7], [1, 2, 3])
    ax.set_xticks([0, 1], labels=["a", "b"])
    assert list(figures.bars(ax).index) == ["a", "b", ""]


def drawn(kind: str, frame: pd.DataFrame, **how: Any) -> Axes:
    _, ax = plt.subplots()
    half = 0.5 if kind == "pcolormesh" else 0
    getattr(ax, kind)(frame, **how)
    ax.set_xticks(np.arange(frame.shape[1]) + half, labels=frame.columns)
    ax.set_yticks(np.arange(frame.shape[0]) + half, labels=frame.index)
    return ax


MATRICES: dict[str, Callable[[], Axes]] = {
    "imshow": lambda: drawn("imshow", FRAME),
    "from below": lambda: drawn("imshow", FRAME, origin="lower"),
    "stretched": lambda: drawn("imshow", FRAME, aspect="auto", cmap="Greys"),
    "matshow": lambda: drawn("matshow", FRAME),
    "mesh": lambda: drawn("pcolormesh", FRAME),
    "zeros hidden": lambda: drawn("imshow", FRAME.where(FRAME > 0)),
    "upside down": lambda: drawn("imshow", FRAME).invert_yaxis() or plt.gca(),
}


@pytest.mark.parametrize("way", MATRICES)
def test_a_matrix_comes_out_as_it_went_in(way: str) -> None:
    ax = MATRICES[way]()
    assert figures.drawn_kinds(ax) == ["matrix"]
    assert read(figures.matrix(ax)) == read(FRAME)


def test_a_photograph_is_no_matrix() -> None:
    _, ax = plt.subplots()
    ax.imshow(np.zeros((4, 4, 3)))
    assert figures.drawn_kinds(ax) == []


@pytest.mark.parametrize(
    ("draw", "kind"),
    [("plot", "line"), ("scatter", "points"), ("pie", "pie")],
)
def test_other_kinds_are_known_by_name(draw: str, kind: str) -> None:
    _, ax = plt.subplots()
    getattr(ax, draw)([1, 2], *([[3, 4]] if draw != "pie" else []))
    assert figures.drawn_kinds(ax) == [kind] and kind in figures.KINDS


def test_axes_are_found_wherever_they_are() -> None:
    figure, ax = plt.subplots()
    bars = ax.bar(["a"], [1])
    for answer in (ax, figure, bars, bars.patches[0], (figure, ax), [ax, ax], np.array([[ax]])):
        assert figures.drawn(answer) == [ax]
    assert figures.drawn(plt.subplots(2)[1]) != []
    assert len(figures.drawn(plt.subplots(2)[0])) == 2
    assert figures.drawn(plt.figure()) == figures.drawn(plt) == figures.drawn("ax") == figures.drawn([[[[ax]]]]) == []


def test_a_colour_bar_and_empty_axes_are_passed_over() -> None:
    figure, (left, _) = plt.subplots(1, 2)
    figure.colorbar(left.imshow(FRAME))
    assert figures.drawn(figure) == [left]


def test_a_closed_figure_keeps_its_data_and_a_cleared_one_does_not() -> None:
    ax = FRAME.plot.bar()
    plt.close(ax.figure)
    assert figures.drawn(ax.figure) == [ax] and figures.drawn_kinds(ax) == ["bars"]
    ax.clear()
    assert figures.drawn_kinds(ax) == []


def test_words_count_wherever_they_stand() -> None:
    figure, ax = plt.subplots()
    assert not any(figures.words(ax).values())
    figure.suptitle("t")
    figure.supxlabel("x")
    ax.set_ylabel("y")
    ax.plot([1], label="l")
    figure.legend()
    assert all(figures.words(ax).values())
    ax.set_title("left", loc="left")
    assert figures.words(ax)["title"]
