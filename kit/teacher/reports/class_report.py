"""The report for the teacher: one page on how the class did, every figure with its table, and nothing fetched."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from kit import __version__
from kit.article.records import Annotation
from kit.errors import many
from kit.plots.picture import alt, show
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES
from kit.teacher.pages_and_tables import file_name, templates
from kit.teacher.reports import class_charts, class_statistics, similar_submissions, student_page
from kit.teacher.reports.class_statistics import Agreement, Forms

__all__ = ["page"]

_MOST_CLAIMS = 12
"""Claims to discuss that are shown: more than a class hour holds."""
_MOST_PAIRS = 20
_STOPPED = ("error", "timeout", "missing", "failed")


@dataclass(frozen=True)
class _Table:
    """What a table shows, the heads of its columns, its cells as texts, and which columns are numbers."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()


@dataclass(frozen=True)
class _Section:
    """A table, and the figure above it: a data address and its text alternative."""

    table: _Table
    image: str
    words: str


def page(
    graded: Sequence[Graded],
    *,
    isolation: str,
    forms: Mapping[str, Forms] | None = None,
    votes: Mapping[str, Forms] | None = None,
    seeds: Path | None = None,
) -> str:
    """The class report as one self-contained HTML page.

    `forms` are the labels before and after by student, and `votes` their two votes, as `class_statistics.handed_in`
    reads them. `seeds` holds the articles, by default the kit's own.

    The key is on it: it is for the teacher. What students wrote is escaped.
    """
    notes, by_exercise = student_page.annotations(graded, seeds=seeds), class_statistics.by_exercise(graded)
    points = [(one, class_statistics.points(theirs, one)) for one, theirs in by_exercise]
    students = sorted({one.student for one in graded})
    agreements, pairs = class_statistics.agreements(graded), similar_submissions.pairs(graded, notes)
    rare = similar_submissions.rare(len(students))
    folder = Path(__file__).parent / "templates"
    template = templates(folder, filters={"points": student_page.in_points}).get_template("class_report.html")
    return template.render(
        version=__version__,
        isolation=isolation,
        students=len(students),
        submissions=sum(one.exercise is not None for one in graded),
        waiting=sum(len(one.written) for one in graded),
        exercises=[(one, _spread(given, one), _questions(given, one)) for one, given in points],
        splits=_splits(graded, notes),
        most=_MOST_CLAIMS,
        near=class_statistics.NEAR,
        behind=_behind(graded, notes),
        agreement=_agreement(agreements),
        labels=[_labels(one) for one in agreements],
        gain=_gain(class_statistics.gain(forms or {})),
        votes=_votes(class_statistics.votes(votes or {})),
        stopped=_stopped(graded),
        pairs=pairs[:_MOST_PAIRS],
        more_pairs=max(0, len(pairs) - _MOST_PAIRS),
        rule={"fewest": similar_submissions.FEWEST, "run": similar_submissions.RUN, "rare": rare},
        everybody=_everybody(graded, students),
        files=[file_name(student) for student in students],
        enough=class_statistics.ENOUGH,
    )


def _spread(given: pd.DataFrame, exercise: Exercise) -> _Section:
    about = class_statistics.spread(given, exercise)
    names = ("students", "waiting", "out_of", "mean", "sd", "lowest", "quarter", "middle", "three_quarters", "highest")
    heads = ("students", "left out", "out of", "mean", "standard deviation", "lowest", "lower quarter up to",
             "middle", "upper quarter from", "highest")  # fmt: skip
    row = [_number(about[name], 1) for name in names]
    caption = "Points of all students who have points in every question that has been decided"
    totals = class_statistics.decided(given).sum(axis=1)
    return _section(_Table(caption, heads, [row], range(10)), class_charts.points(totals, about["out_of"]))


def _questions(given: pd.DataFrame, exercise: Exercise) -> _Section:
    table = class_statistics.questions(given, exercise)
    rows = [
        (f"{at + 1} · {one['title']}", f"{one['points']:g}", str(one["students"]), _percent(one["difficulty"]),
         _number(one["discrimination"]), _between(one["low"], one["high"]), one["note"])
        for at, (_, one) in enumerate(table.iterrows())
    ]  # fmt: skip
    heads = ("question", "points", "students", "difficulty", "discrimination", "95% interval", "note")
    caption = "Difficulty (mean share of the points: high is easy) and discrimination of each question"
    return _section(_Table(caption, heads, rows, (1, 2, 3, 4)), class_charts.questions(table))


def _splits(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> _Section:
    """The claims to discuss, the most even split first."""
    table = class_statistics.splits(graded, notes).head(_MOST_CLAIMS)
    rows = [
        (str(at + 1), _claim(one["claim"], one["words"]), one["title"], str(one["answers"]),
         ", ".join(f"{count} {name}" for name, count in one["counts"].items()), " or ".join(one["accepted"]))
        for at, (_, one) in enumerate(table.iterrows())
    ]  # fmt: skip
    heads = ("order", "claim", "asked in", "answers", "how the class answered", "accepted")
    return _section(_Table("The claims to discuss, in order", heads, rows, (0, 3)), class_charts.splits(table))


def _behind(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> _Section:
    """The twelve misconceptions, and the claims that drew them."""
    table = class_statistics.misconceptions(graded, notes)
    rows = [
        (str(name), str(one["lines"]), str(one["students"]), _drew(one["claims"]) if one["askable"] else
         "no line of these exercises can show it")
        for name, one in table.iterrows()
    ]  # fmt: skip
    heads = ("misconception", "wrong lines", "students", "claims that drew it (wrong lines)")
    return _section(_Table("The twelve misconceptions", heads, rows, (1, 2)), class_charts.misconceptions(table))


def _agreement(found: list[Agreement]) -> _Section:
    """Alpha of the class, question by question."""
    rows = [
        (one.title, _number(one.alpha.value), _between(one.alpha.low, one.alpha.high),
         str(one.alpha.claims), str(one.alpha.raters), one.alpha.note)
        for one in found
    ]  # fmt: skip
    heads = ("question", "alpha", "95% interval", "claims", "students", "note")
    return _section(_Table("Krippendorff's alpha of the class", heads, rows, (1, 3, 4)), class_charts.alphas(found))


def _labels(one: Agreement) -> _Table:
    """How far the class agrees on each label of a question."""
    rows = [
        (str(label), str(row["cases"]), str(row["answers"]), _percent(row["specific"]),
         _between(row["low"], row["high"], share=True), _number(row["alpha"]), row["note"])
        for label, row in one.labels.iterrows()
    ]  # fmt: skip
    heads = ("label", "cases", "answers", "gave it too", "95% interval", "alpha", "note")
    return _Table(one.title, heads, rows, (1, 2, 3, 5))


def _gain(table: pd.DataFrame) -> _Section:
    """What the class gained, objective by objective."""
    rows = [
        (str(name), str(one["items"]), str(one["students"]), _number(one["before"]), _number(one["after"]),
         _number(one["gain"], sign=True), _between(one["low"], one["high"]), one["note"])
        for name, one in table.iterrows()
    ]  # fmt: skip
    heads = ("objective", "sentences", "students", "right before", "right after", "gain", "95% interval", "note")
    return _section(
        _Table("Mean number of sentences that were right", heads, rows, (1, 2, 3, 4, 5)), class_charts.gain(table)
    )


def _votes(table: pd.DataFrame) -> _Table:
    """How the class voted on the contested claims of lesson 5, twice."""
    rows = [
        (str(claim), str(one["students"]), one["first"], one["second"], str(one["changed"]))
        for claim, one in table.iterrows()
    ]
    heads = ("claim", "students", "first vote", "second vote", "changed theirs")
    return _Table("Two votes on the contested claims of lesson 5", heads, rows, (1, 4))


def _stopped(graded: Sequence[Graded]) -> _Table:
    """Who could not be graded, wholly or in part, and why: first what has no points, then what stopped with none.

    Lessons that were handed in along are not asked for.
    """
    rows = []
    for one in graded:
        if one.exercise is None:
            if not student_page.is_lesson(one):
                rows.append((one.student, one.path.name, "the whole file", "; ".join(one.notes), "none yet"))
            continue
        asked = one.exercise.by_name
        whose = (one.student, one.exercise.title)
        for mark in one.marks:
            if mark.outcome in _STOPPED:
                more = f": {mark.message}" if mark.outcome in ("error", "failed") and mark.message else ""
                why = f"{OUTCOMES[mark.outcome]}{more}"
                rows.append((*whose, asked[mark.question].title, why, student_page.in_points(mark.earned)))
        rows += [(*whose, "to look at", note, "") for note in one.notes]
    rows.sort(key=lambda row: row[-1] != "none yet")
    heads = ("student", "exercise", "what", "why", "points")
    return _Table("Who could not be graded, and why", heads, rows, (4,))


def _everybody(graded: Sequence[Graded], students: Sequence[str]) -> _Table:
    """Points of each student in each exercise; “*” where some have not been given yet."""
    asked = class_statistics.by_exercise(graded)
    given = {
        (one.student, exercise.name): f"{one.earned:g}{'*' if one.undecided else ''}"
        for exercise, theirs in asked
        for one in theirs
    }
    rows = [[student, *(given.get((student, one.name), "–") for one, _ in asked)] for student in students]
    heads = ("student", *(f"{one.title} (of {one.points:g})" for one, _ in asked))
    return _Table("Points of each student (*: some are still open)", heads, rows, range(1, len(heads)))


def _section(table: _Table, ax: Axes) -> _Section:
    words = alt(ax)
    return _Section(table, f"data:image/png;base64,{base64.b64encode(show(ax).png).decode()}", words)


def _drew(claims: list[tuple[str, str, int]]) -> str:
    shown = "; ".join(f"{_claim(claim, words)} ({count})" for claim, words, count in claims[:4])
    return f"{shown}; and {many(len(claims) - 4, 'more claim')}" if len(claims) > 4 else shown or "not seen"


def _claim(claim: str, words: str) -> str:
    return f"{claim} “{words}”" if words else claim


def _number(number: Any, digits: int = 2, *, sign: bool = False) -> str:
    if pd.isna(number):
        return "–"
    text = f"{float(number):{'+' if sign else ''}.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits == 1 else text


def _percent(share: Any) -> str:
    return "–" if pd.isna(share) else f"{float(share):.0%}"


def _between(low: Any, high: Any, *, share: bool = False) -> str:
    if pd.isna(low):
        return "–"
    return f"{_percent(low)} to {_percent(high)}" if share else f"{float(low):.2f} to {float(high):.2f}"
