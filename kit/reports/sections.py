"""The sections of a class report: each a figure, and the same numbers as a table."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from kit.files import many
from kit.grading.exercise import Exercise
from kit.grading.grade import Graded
from kit.plots.picture import alt, show
from kit.records import Annotation
from kit.reports import charts, misconceptions, opinions, statistics

__all__ = [
    "MOST", "Section", "Table", "agreement_of", "behind", "gain_of", "labels_of", "questions_of", "splits_of",
    "spread_of", "votes_of",
]  # fmt: skip

MOST = 12
"""Claims to discuss that are shown: more than a class hour holds."""


@dataclass(frozen=True)
class Table:
    """What a table shows, the heads of its columns, its cells as texts, and which columns are numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    """A table, and the figure that belongs to it: a data address and its text alternative ("" where there is none)."""

    table: Table
    image: str = ""
    words: str = ""


def spread_of(graded: Sequence[Graded], exercise: Exercise) -> Section:
    """How the points of an exercise are spread."""
    given = statistics.points(graded, exercise)
    about, totals = statistics.spread(given, exercise), statistics.totals(given)
    names = ("students", "waiting", "out_of", "mean", "sd", "lowest", "quarter", "middle", "three_quarters", "highest")
    heads = ("students", "left out", "out of", "mean", "standard deviation", "lowest", "lower quarter up to",
             "middle", "upper quarter from", "highest")  # fmt: skip
    row = tuple(_number(about[name], 1) for name in names)
    caption = "Points of all students who have points in every question that has been decided"
    return _section(Table(caption, heads, (row,), tuple(range(10))), charts.points(totals, about["out_of"]))


def questions_of(graded: Sequence[Graded], exercise: Exercise) -> Section:
    """How hard and how telling each question of an exercise is."""
    table = statistics.questions(statistics.points(graded, exercise), exercise)
    rows = tuple(
        (f"{at + 1} · {one['title']}", f"{one['points']:g}", str(one["students"]), _percent(one["difficulty"]),
         _number(one["discrimination"]), _between(one["low"], one["high"]), one["note"])
        for at, (_, one) in enumerate(table.iterrows())
    )  # fmt: skip
    heads = ("question", "points", "students", "difficulty", "discrimination", "95% interval", "note")
    caption = "Difficulty (mean share of the points: high is easy) and discrimination of each question"
    return _section(Table(caption, heads, rows, (1, 2, 3, 4)), charts.questions(table))


def splits_of(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> Section:
    """The claims to discuss, the most even split first."""
    table = opinions.splits(graded, notes).head(MOST)
    rows = tuple(
        (str(at + 1), _claim(one["claim"], one["words"]), one["title"], str(one["answers"]),
         ", ".join(f"{count} {name}" for name, count in one["counts"].items()), " or ".join(one["accepted"]))
        for at, (_, one) in enumerate(table.iterrows())
    )  # fmt: skip
    heads = ("order", "claim", "asked in", "answers", "how the class answered", "accepted")
    return _section(Table("The claims to discuss, in order", heads, rows, (0, 3)), charts.splits(table))


def behind(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> Section:
    """The twelve misconceptions, and the claims that drew them."""
    table = misconceptions.behind(graded, notes)
    rows = tuple(
        (str(name), str(one["lines"]), str(one["students"]), _drew(one["claims"]) if one["askable"] else
         "no line of these exercises can show it")
        for name, one in table.iterrows()
    )  # fmt: skip
    heads = ("misconception", "wrong lines", "students", "claims that drew it (wrong lines)")
    return _section(Table("The twelve misconceptions", heads, rows, (1, 2)), charts.misconceptions(table))


def agreement_of(found: Sequence[opinions.Agreement]) -> Section:
    """Alpha of the class, question by question."""
    rows = tuple(
        (one.title, _number(one.alpha.value), _between(one.alpha.low, one.alpha.high),
         str(one.alpha.claims), str(one.alpha.raters), one.alpha.note)
        for one in found
    )  # fmt: skip
    heads = ("question", "alpha", "95% interval", "claims", "students", "note")
    return _section(Table("Krippendorff's alpha of the class", heads, rows, (1, 3, 4)), charts.alphas(list(found)))


def labels_of(one: opinions.Agreement) -> Table:
    """How far the class agrees on each label of a question."""
    rows = tuple(
        (str(label), str(row["cases"]), str(row["answers"]), _percent(row["specific"]),
         _between(row["low"], row["high"], share=True), _number(row["alpha"]), row["note"])
        for label, row in one.labels.iterrows()
    )  # fmt: skip
    heads = ("label", "cases", "answers", "gave it too", "95% interval", "alpha", "note")
    return Table(one.title, heads, rows, (1, 2, 3, 5))


def gain_of(table: pd.DataFrame) -> Section:
    """What the class gained, objective by objective."""
    rows = tuple(
        (str(name), str(one["items"]), str(one["students"]), _number(one["before"]), _number(one["after"]),
         _number(one["gain"], sign=True), _between(one["low"], one["high"]), one["note"])
        for name, one in table.iterrows()
    )  # fmt: skip
    heads = ("objective", "sentences", "students", "right before", "right after", "gain", "95% interval", "note")
    return _section(Table("Mean number of sentences that were right", heads, rows, (1, 2, 3, 4, 5)), charts.gain(table))


def votes_of(table: pd.DataFrame) -> Table:
    """How the class voted on the contested claims of lesson 5, twice."""
    rows = tuple(
        (str(claim), str(one["students"]), one["first"], one["second"], str(one["changed"]))
        for claim, one in table.iterrows()
    )
    heads = ("claim", "students", "first vote", "second vote", "changed theirs")
    return Table("Two votes on the contested claims of lesson 5", heads, rows, (1, 4))


def _section(table: Table, ax: Axes) -> Section:
    words = alt(ax)
    return Section(table, f"data:image/png;base64,{base64.b64encode(show(ax).png).decode()}", words)


def _drew(claims: list[tuple[str, str, int]]) -> str:
    shown = "; ".join(f"{_claim(claim, words)} ({count})" for claim, words, count in claims[:4])
    return f"{shown}; and {many(len(claims) - 4, 'more claim')}" if len(claims) > 4 else shown or "not seen"


def _claim(claim: str, words: str) -> str:
    return f"{claim} “{words}”" if words else claim


def _missing(number: Any) -> bool:
    return number is pd.NA or math.isnan(float(number))


def _number(number: Any, digits: int = 2, *, sign: bool = False) -> str:
    if _missing(number):
        return "–"
    text = f"{float(number):{'+' if sign else ''}.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits == 1 else text


def _percent(share: Any) -> str:
    return "–" if _missing(share) else f"{float(share):.0%}"


def _between(low: Any, high: Any, *, share: bool = False) -> str:
    if _missing(low):
        return "–"
    return f"{_percent(low)} to {_percent(high)}" if share else f"{float(low):.2f} to {float(high):.2f}"
