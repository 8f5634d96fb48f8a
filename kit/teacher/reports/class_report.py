"""The report for the teacher: one page on how the class did, every figure with its table, and nothing fetched.

The pictures each take a frame of `class_statistics` and return Axes with the same in words.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kit.article import codebook
from kit.article.colours import BLUE, INK, LOOKS, Look, fill
from kit.article.records import Annotation
from kit.errors import many
from kit.files import write_atomically
from kit.plots.pairs import before_after
from kit.plots.picture import WIDTH, alt, describe, empty, show, surface, tag, title, wrapped
from kit.setup.environment import VERSION
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES
from kit.teacher.pages_and_tables import file_name, templates
from kit.teacher.reports import class_statistics, similar_submissions, student_page
from kit.teacher.reports.class_statistics import Agreement, Forms

__all__ = ["page", "write"]

_BAR = Look(BLUE, hatch="//")
_LOOKS = (
    ("#56B4E9", "//"), ("#E69F00", ".."), ("#009E73", ""), ("#CC79A7", "xx"),
    ("#F0E442", "\\\\"), ("#D55E00", "--"), ("#0072B2", "++"), ("#999999", "oo"),
)  # fmt: skip


def points(totals: pd.Series, out_of: float) -> Axes:
    """Bars: how many students have how many points. `totals` is points by student, `out_of` the most there are without
    extra credit."""
    if totals.empty:
        return empty(None, "No student has points in every question yet.")
    if not out_of:
        return empty(None, "These questions are worth no points.")
    most = max(out_of, totals.max())
    counts, ends = np.histogram(totals, bins=10, range=(0, most))
    ax = surface(None, 2.4)
    ax.bar(ends[:-1], counts, width=np.diff(ends), align="edge", **fill(_BAR))
    ax.axvline(totals.mean(), color=INK, linewidth=1.4, linestyle="--")
    ax.annotate("mean", (totals.mean(), 1), (3, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
                va="top", fontsize=8, color=INK)  # fmt: skip
    ax.set(xlim=(0, most), ylim=(0, counts.max() * 1.2))
    ax.locator_params(integer=True)
    students = many(len(totals), "student")
    words = f"Bars: how many of {students} have how many of {out_of:g} points."
    return _finished(ax, f"How the points of {students} are spread", words, x="points", y="students")


def questions(table: pd.DataFrame) -> Axes:
    """Bars: how hard each question is; beside them points with intervals: how telling. `table`: `class_statistics`."""
    figure = Figure(figsize=(WIDTH, 1.1 + 0.36 * len(table)), layout="constrained")
    hard, telling = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    for y, (_, row) in enumerate(table.iterrows()):
        if not math.isnan(row["difficulty"]):
            hard.barh(y, row["difficulty"], height=0.7, **fill(_BAR))
            tag(hard, 0.02, y, f"{row['difficulty']:.0%}", ha="left")
        if math.isnan(row["discrimination"]):
            tag(telling, 0, y, "no value")
        else:
            _interval(telling, row["discrimination"], row["low"], row["high"], y)
    _lines(hard, [wrapped(f"{at} · {name}", 30) for at, name in enumerate(table["title"], 1)])
    _shares(hard, 0, 1)
    telling.set(xlim=(-1.06, 1.06))
    telling.axvline(0, color=INK, linewidth=0.8)
    telling.tick_params(axis="y", length=0)
    words = "dots with their interval: how far the points of a question go with those of all others."
    _finished(telling, "How telling?", words, x="goes with all others")
    words = f"Bars: the mean share of points for each question. Beside them {words}"
    return _finished(hard, "How hard?", words, x="mean share of the points")


def misconceptions(table: pd.DataFrame) -> Axes:
    """Bars: how many wrong lines each misconception lies behind. `table` as in `class_statistics`."""
    seen = table[table["lines"] > 0]
    if seen.empty:
        return empty(None, "No wrong line shows one of the twelve.")
    ax = surface(None, 0.8 + 0.32 * len(seen))
    ax.barh(range(len(seen)), seen["lines"], height=0.72, **fill(_BAR))
    for y, (_, row) in enumerate(seen.iterrows()):
        words = f"{many(row['lines'], 'line')}, {many(row['students'], 'student')}"
        ax.annotate(words, (row["lines"], y), (4, 0), textcoords="offset points", va="center", fontsize=8, color=INK)
    _lines(ax, [wrapped(name, 36) for name in seen.index])
    ax.set_xlim(0, seen["lines"].max() * 1.35)
    ax.locator_params(axis="x", integer=True)
    words = "Bars: how many wrong lines each misconception lies behind, and how many students wrote one."
    return _finished(ax, "What lies behind the wrong lines?", words, x="wrong lines")


def splits(table: pd.DataFrame) -> Axes:
    """Bars in parts: the labels that the class gave to each claim. `table` as in `class_statistics`."""
    ax = surface(None, 0.8 + 0.42 * len(table))
    for y, (_, row) in enumerate(table.iterrows()):
        start = 0.0
        for name, count in row["counts"].items():
            share = count / row["answers"]
            style = fill(_look(row["field"], name))
            style["linewidth"] = 2.6 if name in row["accepted"] else 0.8
            ax.barh(y, share, left=start, height=0.78, **style)
            words = f"{name} {count}" if share * 68 > len(name) + 4 else str(count) if share > 0.03 else ""
            if words:
                tag(ax, start + share / 2, y, words, fontsize=7.5)
            start += share
    _lines(ax, [f"{at} · {name}" for at, name in enumerate(table["claim"], 1)], color="black")
    _shares(ax, 0, 1)
    words = "Bars in parts: how many of the class gave which label to each claim. "
    words += "A thick border marks a label that the key accepts."
    below = "share of the answers; a thick border is a label that the key accepts"
    return _finished(ax, "Where does the class split?", words, x=below)


def alphas(found: list[Agreement]) -> Axes:
    """Dots with their intervals: Krippendorff's alpha of the class for each question that asks for labels."""
    shown = [one for one in found if not math.isnan(one.alpha.value)]
    if not shown:
        return empty(None, "There is no question on which agreement has a value.")
    ax = surface(None, 0.9 + 0.34 * len(shown))
    for y, one in enumerate(shown):
        _interval(ax, one.alpha.value, one.alpha.low, one.alpha.high, y)
        tag(ax, one.alpha.value, y - 0.32, f"{one.alpha.value:.2f}", fontsize=7.5)
    _lines(ax, [wrapped(one.title, 40) for one in shown], top=-0.7)
    ax.set_xlim(min(-0.05, *(one.alpha.low for one in shown)), 1)
    ax.axvline(0, color=INK, linewidth=0.8)
    words = "Dots with their intervals: alpha of the class for each question that asks for labels."
    below = "alpha: 0 is what chance gives, 1 is full agreement"
    return _finished(ax, "How far does the class agree?", words, x=below)


def _interval(ax: Axes, value: float, low: float, high: float, y: float) -> None:
    if not math.isnan(low):
        ax.plot([low, high], [y, y], color=INK, linewidth=1.6, solid_capstyle="butt")
    ax.plot(value, y, "o", markersize=6, color="#0072B2", markeredgecolor=INK)


def _look(field: str, name: str) -> Look:
    """The label's own look, or, in a field whose labels have none, one by its place."""
    if field in LOOKS:
        return LOOKS[field][name]
    colour, hatch = _LOOKS[codebook.names(field).index(name) % len(_LOOKS)]
    return Look(colour, hatch=hatch)


def _lines(ax: Axes, names: list[str], *, top: float = -0.6, color: str = INK) -> None:
    """A line for each name, from the top down."""
    ax.set_yticks(range(len(names)), names, fontsize=8, color=color)
    ax.set_ylim(len(names) - 0.4, top)


def _shares(ax: Axes, low: float, high: float) -> None:
    ax.set_xlim(low, high)
    ax.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")


def _finished(ax: Axes, heading: str, words: str, *, x: str, y: str = "") -> Axes:
    """The picture with its heading, what its axes are, and its text alternative."""
    ax.set_xlabel(x, fontsize=8, color=INK)
    ax.set_ylabel(y, fontsize=8, color=INK)
    ax.tick_params(labelsize=8)
    ax.spines[["top", "right"]].set_visible(False)
    title(ax, heading)
    return describe(ax, [words])


_MOST_CLAIMS = 12
"""Claims to discuss that are shown: more than a class hour holds."""
_MOST_PAIRS = 20
_STOPPED = ("error", "timeout", "missing", "failed")
_PAGE = templates(
    Path(__file__).parent / "templates",
    points=student_page.in_points,
    alt=alt,
    data=lambda ax: base64.b64encode(show(ax).png).decode(),
).get_template("class_report.html")
_OF_LABELS = "cases answers specific:.0% interval:.0% alpha:.2f note"


class _Section(NamedTuple):
    """The cells of a table, row by row, and the picture above it. The page says what the columns are."""

    rows: Sequence[Sequence[str]]
    figure: Axes


def page(
    graded: Sequence[Graded],
    *,
    isolation: str,
    forms: Mapping[str, Forms] | None = None,
    votes: Mapping[str, Forms] | None = None,
    board: tuple[Sequence[Sequence[str]], tuple[str, str]] | None = None,
    seeds: Path | None = None,
) -> str:
    """The class report as one self-contained HTML page.

    `forms` are the labels before and after by student, and `votes` their two votes, as `class_statistics.handed_in`
    reads them; `board` are the votes of `kit class`, as `live_class.board.voted` reads them. `seeds` holds the
    articles, by default the kit's own.

    The key is on it: it is for the teacher. What students wrote is escaped.
    """
    notes, by_exercise = student_page.annotations(graded, seeds=seeds), class_statistics.by_exercise(graded)
    points = [(one, class_statistics.points(theirs, one)) for one, theirs in by_exercise]
    students, agreements = sorted({one.student for one in graded}), class_statistics.agreements(graded)
    alpha = ((one.title, vars(one.alpha)) for one in agreements)
    rare = similar_submissions.rare(len(students))
    return _PAGE.render(
        version=VERSION,
        isolation=isolation,
        students=len(students),
        submissions=sum(one.exercise is not None for one in graded),
        waiting=sum(one.waiting for one in graded if not student_page.is_lesson(one)),
        exercises=[(one, _spread(given, one), _questions(given, one)) for one, given in points],
        splits=_splits(graded, notes),
        most=_MOST_CLAIMS,
        near=class_statistics.NEAR,
        behind=_behind(graded, notes),
        agreement=_Section(_rows(alpha, "value:.2f interval:.2f claims raters note"), alphas(agreements)),
        labels=[(one.title, _rows(one.labels.iterrows(), _OF_LABELS)) for one in agreements],
        gain=_gain(class_statistics.gain(forms or {})),
        votes=class_statistics.votes(votes or {}),
        board=board,
        stopped=_stopped(graded),
        late=[(o.student, o.graded_exercise.title, o.late_words, f"−{o.lost:g}") for o in graded if o.late_words],
        alike=(*similar_submissions.pairs(graded, notes, most=_MOST_PAIRS), similar_submissions.too_long(graded)),
        by_hand=_by_hand(graded),
        rule={"fewest": similar_submissions.FEWEST, "run": similar_submissions.RUN, "rare": rare},
        totals=[f"{one.title} (of {one.points:g})" for one, _ in points],
        everybody=_everybody(graded, students, [one.name for one, _ in points]),
        files=[file_name(student) for student in students],
        enough=class_statistics.ENOUGH,
    )


def write(folder: Path, graded: Sequence[Graded], **about: Any) -> Path:
    """Write the report, which `page` makes, into `folder` as `class.html`, and return its path."""
    path = folder / "class.html"
    write_atomically(path, page(graded, **about))
    return path


def _spread(given: pd.DataFrame, exercise: Exercise) -> _Section:
    about = class_statistics.spread(given, exercise)
    totals = class_statistics.decided(given).sum(axis=1)
    return _Section([[_number(round(one, 1), "g") for one in about]], points(totals, about["out_of"]))


def _questions(given: pd.DataFrame, exercise: Exercise) -> _Section:
    table = class_statistics.questions(given, exercise)
    named = ((f"{at} · {one['title']}", one) for at, (_, one) in enumerate(table.iterrows(), 1))
    rows = _rows(named, "points:g students difficulty:.0% discrimination:.2f interval:.2f note")
    return _Section(rows, questions(table))


def _splits(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> _Section:
    table = class_statistics.splits(graded, notes).head(_MOST_CLAIMS)
    rows = [
        (str(at + 1), _claim(one["claim"], one["words"]), one["title"], str(one["answers"]),
         ", ".join(f"{count} {name}" for name, count in one["counts"].items()), " or ".join(one["accepted"]))
        for at, (_, one) in enumerate(table.iterrows())
    ]  # fmt: skip
    return _Section(rows, splits(table))


def _behind(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> _Section:
    table, rows = class_statistics.misconceptions(graded, notes), []
    for name, one in table.iterrows():
        drew = [f"{_claim(claim, words)} ({count})" for claim, words, count in one["claims"]]
        more = [f"and {many(len(drew) - 4, 'more claim')}"] * (len(drew) > 4)
        told = "; ".join([*drew[:4], *more]) or "not seen"
        told = told if one["askable"] else "no line of these exercises can show it"
        rows.append((str(name), str(one["lines"]), str(one["students"]), told))
    return _Section(rows, misconceptions(table))


def _gain(table: pd.DataFrame) -> _Section:
    rows = _rows(table.iterrows(), "items students before:.2f after:.2f gain:+.2f interval:.2f note")
    return _Section(rows, before_after(table.round(2)))


def _stopped(graded: Sequence[Graded]) -> list[tuple[str, ...]]:
    """Who could not be graded, wholly or in part, and why: first what has no points, then what stopped with none.

    Lessons that were handed in along are not asked for.
    """
    rows = []
    for one in graded:
        if one.exercise is None:
            if not student_page.is_lesson(one):
                rows.append((one.student, one.path.name, "the whole file", "; ".join(one.notes), "none yet"))
            continue
        whose = (one.student, one.exercise.title)
        for mark in one.marks:
            if mark.outcome in _STOPPED:
                more = f": {mark.message}" if mark.outcome in ("error", "failed") and mark.message else ""
                title, why = one.exercise.by_name[mark.question].title, f"{OUTCOMES[mark.outcome]}{more}"
                rows.append((*whose, title, why, student_page.in_points(mark.earned)))
        rows += [(*whose, "to look at", note, "") for note in one.notes]
    return sorted(rows, key=lambda row: row[-1] != "none yet")


def _by_hand(graded: Sequence[Graded]) -> list[tuple[str, ...]]:
    """What a person gave: student, exercise, question, points, what the machine had found, its points, the comment."""
    return [
        (one.student, one.graded_exercise.title, one.graded_exercise.by_name[mark.question].title,
         student_page.in_points(mark.earned), OUTCOMES[mark.by_hand.outcome],
         student_page.in_points(mark.by_hand.earned), mark.by_hand.comment)
        for one in graded for mark in one.marks if mark.by_hand
    ]  # fmt: skip


def _everybody(graded: Sequence[Graded], students: Sequence[str], exercises: Sequence[str]) -> list[list[str]]:
    """Points of each student in each exercise; “*” where some have not been given yet, “†” where a person gave some."""
    points = {student: dict.fromkeys(exercises, "–") for student in students}
    for one in graded:
        if one.exercise:
            hand = any(mark.by_hand for mark in one.marks)
            points[one.student][one.exercise.name] = f"{one.earned:g}{'*' * one.undecided}{'†' * hand}"
    return [[student, *theirs.values()] for student, theirs in points.items()]


def _claim(claim: str, words: str) -> str:
    return f"{claim} “{words}”" if words else claim


def _rows(named: Iterable[tuple[object, Mapping[str, Any] | pd.Series]], columns: str) -> list[list[str]]:
    """Each row's name, and what stands in its `columns`, given with the format of their numbers: “points:g title”.

    “interval” is what stands in the columns `low` and `high`.
    """
    rows = []
    for name, row in named:
        cells = [str(name)]
        for column, _, form in (column.partition(":") for column in columns.split()):
            ends = [_number(row[end], form) for end in ("low", "high")] if column == "interval" else []
            cell = " to ".join(ends) if ends else _number(row[column], form) if form else str(row[column])
            cells.append("–" if "–" in ends else cell)
        rows.append(cells)
    return rows


def _number(number: Any, form: str) -> str:
    return "–" if pd.isna(number) else format(float(number), form)
