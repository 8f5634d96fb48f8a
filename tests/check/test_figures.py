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
