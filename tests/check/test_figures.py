"""Figures in canonical form: the data decide; whatever is assigned, a sentence says what is missing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from kit.check import figures
from kit.check.answers import Answer, parse
from kit.check.figures import figure

COUNTS = pd.Series({"stance": 3, "denied": 0, "alleged": 5})
PARTS = pd.DataFrame({"stance": [1, 2], "alleged": [4, 1]}, index=["named", "role"])
GRID = pd.DataFrame([[0, 1, 2], [2, 0, 0]], index=["nato", "russia"], columns=["P1", "P2", "P10"])


@pytest.fixture(autouse=True)
def without_a_screen() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


def counts(answer: object) -> Answer:
    return figure(answer, kind="bars", rows=list(COUNTS.index), total=8)


def parts(answer: object) -> Answer:
    return figure(answer, kind="bars", rows=["named", "role"], columns=["stance", "alleged"], total=8)


def grid(answer: object) -> Answer:
    return figure(answer, kind="matrix", rows=["P1", "P2", "P10"], columns=["nato", "russia"])


def imshow(frame: pd.DataFrame) -> Any:
    _, ax = plt.subplots()
    ax.imshow(frame)
    ax.set_xticks(range(frame.shape[1]), labels=frame.columns)
    ax.set_yticks(range(frame.shape[0]), labels=frame.index)
    return ax


def told(ax: Any) -> Any:
    ax.set(title="t", xlabel="x", ylabel="y")
    return ax


def test_the_form_is_one_line_per_thing_asked() -> None:
    assert repr(counts(told(COUNTS.plot.bar()))) == (
        '{"kind": "bars",\n "stance": 3,\n "denied": 0,\n "alleged": 5,\n "sum": 8,\n'
        ' "title": "given",\n "x label": "given",\n "y label": "given"}'
    )


@pytest.mark.parametrize(
    "draw",
    [
        lambda: PARTS.plot.bar(),
        lambda: PARTS.plot.barh(stacked=True),
        lambda: PARTS.iloc[::-1, ::-1].plot.bar(stacked=True),
        lambda: PARTS.T.plot.bar(),
        lambda: PARTS.assign(denied=0).plot.bar(),
        lambda: PARTS.rename(str.upper).plot.bar(),
    ],
    ids=range(6),
)
def test_parts_are_the_same_in_any_sensible_form(draw: Callable[[], Any]) -> None:
    found = parts(told(draw()))
    assert found.lines == {
        "kind": "bars",
        "named": [1, 4],
        "role": [2, 1],
        "sum": 8,
        "legend": "given",
    } | dict.fromkeys(("title", "x label", "y label"), "given")
    assert not found.problems
    assert parts(plt.gcf()).lines == found.lines


@pytest.mark.parametrize("frame", [GRID, GRID.T, GRID.rename(columns="{}: more".format), GRID.where(GRID > 0)])
def test_a_matrix_may_lie_either_way_and_its_names_go_on(frame: pd.DataFrame) -> None:
    found = grid(told(imshow(frame)))
    assert [found.lines[name] for name in ("P1", "P2", "P10")] == [[0, 2], [1, 0], [2, 0]]
    assert not found.problems


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda: None, "Still blank: assign the Axes"),
        (lambda: ..., "Still blank: assign the Axes"),
        (lambda: COUNTS, "but this is a Series."),
        (lambda: plt, "of the type module."),
        (plt.figure, "This Figure is empty."),
        (lambda: plt.subplots()[1], "Nothing is drawn yet. Draw bars"),
        (lambda: plt.subplots(2), "There are 2 Axes here"),
        (lambda: COUNTS.plot.line(), "This is a line chart, and another kind is asked for. Draw bars"),
        (lambda: COUNTS.plot.pie(), "This is a pie chart"),
        (lambda: COUNTS.plot.bar(), "There is no title yet: ax.set_title(…)."),
        (lambda: COUNTS.plot.bar(), "There is no x label yet"),
        (lambda: COUNTS[:1].plot.bar(), "No label says denied, alleged."),
        (
            lambda: pd.concat([COUNTS, pd.Series({"other": 2})]).plot.bar(),
            "Left out, since it is not asked for: other.",
        ),
        (lambda: (COUNTS / 8).plot.bar(), "These look like shares."),
        (lambda: (COUNTS / 8 * 100).plot.bar(), "These look like percent."),
        (lambda: (COUNTS + 1).plot.bar(), "add up to 11, but 8 things are counted here."),
        (lambda: PARTS.T.plot.bar(), "No label says denied."),
        (lambda: PARTS.T.reindex(COUNTS.index).plot.bar(), "Several bars stand at one place; they are added up."),
    ],
    ids=range(18),
)
def test_what_is_missing_is_said(answer: Callable[[], Any], said: str) -> None:
    assert any(said in problem for problem in counts(answer()).problems), counts(answer()).problems


def test_impossible_numbers_are_named_and_the_columns_stand_over_the_cells() -> None:
    less = figure(told((COUNTS - 4).plot.bar()), kind="bars", rows=list(COUNTS.index), numbers="count")
    assert less.faults == {"stance": "impossible", "denied": "impossible"}
    assert "stance: -1 is below 0, and a count is never that." in less.problems
    assert not counts(told(COUNTS.plot.bar())).columns
    page = grid(told(imshow(GRID)))
    assert page.columns == ("nato", "russia") and "# Each row: nato, russia" in repr(page)
    assert ">nato</th>" in page._repr_html_() and "colspan='2'" in page._repr_html_()


def test_a_picture_of_another_kind_does_not_count_as_filled() -> None:
    assert counts(COUNTS.plot.pie()).faults == {"kind": "another kind"}


def test_shares_within_each_bar_are_named_too() -> None:
    whole = PARTS.div(PARTS.sum(axis=1), axis=0)
    assert "These look like shares. Draw the counts themselves." in parts(whole.plot.bar(stacked=True)).problems


def test_a_part_without_a_name_is_lost_but_not_the_others() -> None:
    _, ax = plt.subplots()
    ax.bar(PARTS.index, PARTS["stance"], label="stance")
    ax.bar(PARTS.index, PARTS["alleged"])
    found = parts(ax)
    assert found.lines["named"] == [1, ""]
    assert found.lines["legend"] == ""
    assert any("No label says alleged" in problem for problem in found.problems)


def test_a_missing_bar_is_blank_and_a_bar_of_height_zero_is_not() -> None:
    assert counts(COUNTS.plot.bar()).lines["denied"] == 0
    assert counts(COUNTS.drop("denied").plot.bar()).lines["denied"] == ""


def test_a_matrix_without_names_is_told_in_few_words() -> None:
    _, ax = plt.subplots()
    ax.imshow(np.zeros((2, 3)))
    assert "No label says P1, P2, P10, nato, russia." in grid(ax).problems[0]
    assert grid(ax).blanks == ["P1", "P2", "P10", "title", "x label", "y label"]


class Failing:
    """Everything that is asked of it fails."""

    def __getattr__(self, name: str) -> Any:
        raise ValueError(name)

    __repr__ = __iter__ = __len__ = __bool__ = lambda self: 1 / 0  # type: ignore[assignment]


def broken() -> Any:
    ax = COUNTS.plot.bar()
    ax.containers = [1, 2]
    ax.get_title = None
    return ax


def endless() -> list[Any]:
    itself: list[Any] = []
    itself.append(itself)
    return itself


def not_a_number() -> Any:
    _, ax = plt.subplots()
    ax.bar(["stance", "denied"], [float("nan"), float("inf")])
    return ax


STRANGE: dict[str, Callable[[], Any]] = {
    "failing": Failing,
    "a list of failing": lambda: [Failing()],
    "broken": broken,
    "endless": endless,
    "not a number": not_a_number,
    "a class": lambda: plt.Axes,
    "many": lambda: [plt.figure] * 100_000,
    "three dimensions": lambda: plt.figure().add_subplot(projection="3d"),
    "polar": lambda: plt.figure().add_subplot(projection="polar"),
    "odd names": lambda: pd.Series({"stance\ud800": 1, 'a"#\n# b': 2, "": 3}).plot.bar(),
    "dates": lambda: pd.Series([1, 2], pd.to_datetime(["2024-10-19", "2024-10-20"])).plot.bar(),
    "an image": lambda: plt.imshow(np.zeros((2, 2))),
    "histogram": lambda: plt.hist([1, 2, 2]),
    "removed": lambda: (ax := COUNTS.plot.bar()).remove() or ax,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("read", [counts, parts, grid], ids=lambda read: read.__name__)
@pytest.mark.parametrize("strange", STRANGE)
def test_whatever_is_assigned_a_sentence_comes_back(strange: str, read: Callable[[object], Answer]) -> None:
    found = read(STRANGE[strange]())
    assert found.problems
    assert parse(repr(found)) == ast.literal_eval(repr(found)) == found.lines
    assert list(found.lines) == list(read(None).lines)
    (repr(found) + found._repr_html_()).encode()


def test_the_checks_load_no_matplotlib_before_a_figure_is_asked_for() -> None:
    asked = "kit.check.figure(..., kind='bars', rows=['a'])"
    code = f"import sys, kit; {asked}; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# Axes read back

FRAME = pd.DataFrame({"x": [1, 2, 0], "y": [3.5, 0, 4]}, index=["a", "b", "c"])


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
