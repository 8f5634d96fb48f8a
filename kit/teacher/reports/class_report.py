"""The report for the teacher: one page on how the class did, every figure with its table, and nothing fetched."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from kit.article.records import Annotation
from kit.errors import many
from kit.files import write_atomically
from kit.plots.picture import alt, show
from kit.setup.environment import VERSION
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES
from kit.teacher.pages_and_tables import file_name, templates
from kit.teacher.reports import class_charts, class_statistics, similar_submissions, student_page
from kit.teacher.reports.class_statistics import Agreement, Forms

__all__ = ["page", "write"]

_MOST_CLAIMS = 12
"""Claims to discuss that are shown: more than a class hour holds."""
_MOST_PAIRS = 20
_STOPPED = ("error", "timeout", "missing", "failed")


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
    filters = {"points": student_page.in_points, "data": _data, "alt": alt}
    template = templates(Path(__file__).parent / "templates", filters=filters).get_template("class_report.html")
    return template.render(
        version=VERSION,
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
        labels=[(one.title, _labels(one)) for one in agreements],
        gain=_gain(class_statistics.gain(forms or {})),
        votes=class_statistics.votes(votes or {}).astype(str).reset_index().to_numpy().tolist(),
        stopped=_stopped(graded),
        pairs=pairs[:_MOST_PAIRS],
        more_pairs=max(0, len(pairs) - _MOST_PAIRS),
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
    return _Section([[_number(round(one, 1), "g") for one in about]], class_charts.points(totals, about["out_of"]))


def _questions(given: pd.DataFrame, exercise: Exercise) -> _Section:
    table = class_statistics.questions(given, exercise)
    rows = [
        (f"{at + 1} · {one['title']}", f"{one['points']:g}", str(one["students"]), _number(one["difficulty"], ".0%"),
         _number(one["discrimination"]), _between(one["low"], one["high"]), one["note"])
        for at, (_, one) in enumerate(table.iterrows())
    ]  # fmt: skip
    return _Section(rows, class_charts.questions(table))


def _splits(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> _Section:
    table = class_statistics.splits(graded, notes).head(_MOST_CLAIMS)
    rows = [
        (str(at + 1), _claim(one["claim"], one["words"]), one["title"], str(one["answers"]),
         ", ".join(f"{count} {name}" for name, count in one["counts"].items()), " or ".join(one["accepted"]))
        for at, (_, one) in enumerate(table.iterrows())
    ]  # fmt: skip
    return _Section(rows, class_charts.splits(table))


def _behind(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> _Section:
    table, rows = class_statistics.misconceptions(graded, notes), []
    for name, one in table.iterrows():
        drew = [f"{_claim(claim, words)} ({count})" for claim, words, count in one["claims"]]
        more = [f"and {many(len(drew) - 4, 'more claim')}"] * (len(drew) > 4)
        told = "; ".join([*drew[:4], *more]) or "not seen"
        told = told if one["askable"] else "no line of these exercises can show it"
        rows.append((str(name), str(one["lines"]), str(one["students"]), told))
    return _Section(rows, class_charts.misconceptions(table))


def _agreement(found: list[Agreement]) -> _Section:
    rows = [
        (one.title, _number(one.alpha.value), _between(one.alpha.low, one.alpha.high),
         str(one.alpha.claims), str(one.alpha.raters), one.alpha.note)
        for one in found
    ]  # fmt: skip
    return _Section(rows, class_charts.alphas(found))


def _labels(one: Agreement) -> list[tuple[str, ...]]:
    return [
        (str(label), str(row["cases"]), str(row["answers"]), _number(row["specific"], ".0%"),
         _between(row["low"], row["high"], ".0%"), _number(row["alpha"]), row["note"])
        for label, row in one.labels.iterrows()
    ]  # fmt: skip


def _gain(table: pd.DataFrame) -> _Section:
    rows = [
        (str(name), str(one["items"]), str(one["students"]), _number(one["before"]), _number(one["after"]),
         _number(one["gain"], "+.2f"), _between(one["low"], one["high"]), one["note"])
        for name, one in table.iterrows()
    ]  # fmt: skip
    return _Section(rows, class_charts.gain(table))


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


def _everybody(graded: Sequence[Graded], students: Sequence[str], exercises: Sequence[str]) -> list[list[str]]:
    """Points of each student in each exercise; “*” where some have not been given yet."""
    points = {student: dict.fromkeys(exercises, "–") for student in students}
    for one in graded:
        if one.exercise:
            points[one.student][one.exercise.name] = f"{one.earned:g}{'*' if one.undecided else ''}"
    return [[student, *theirs.values()] for student, theirs in points.items()]


def _data(ax: Axes) -> str:
    """The address of a picture that is its data."""
    return f"data:image/png;base64,{base64.b64encode(show(ax).png).decode()}"


def _claim(claim: str, words: str) -> str:
    return f"{claim} “{words}”" if words else claim


def _number(number: Any, form: str = ".2f") -> str:
    return "–" if pd.isna(number) else format(float(number), form)


def _between(low: Any, high: Any, form: str = ".2f") -> str:
    return "–" if pd.isna(low) else f"{_number(low, form)} to {_number(high, form)}"
