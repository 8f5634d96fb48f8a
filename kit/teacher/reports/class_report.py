"""The report for the teacher: one page on how the class did, each number with its bar beside it, and nothing fetched.

A bar or an interval is drawn in the cell of its number, so that the table is the picture, and says the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from kit.article.colours import LOOKS, Look
from kit.article.records import Annotation
from kit.errors import many
from kit.files import write_atomically
from kit.setup.environment import VERSION
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES
from kit.teacher.pages_and_tables import file_name, templates
from kit.teacher.reports import class_statistics, similar_submissions, student_page
from kit.teacher.reports.class_statistics import Forms

__all__ = ["page", "points", "write"]

_MOST_CLAIMS = 12
"""Claims to discuss that are shown: more than a class hour holds."""
_MOST_PAIRS = 20
_STOPPED = ("error", "timeout", "missing", "failed")
_PAGE = templates(Path(__file__).parent / "templates", points=student_page.in_points).get_template("class_report.html")
_OF_LABELS = "cases answers specific:.0% interval:.0% alpha:z.2f note"
_BAR = Markup("{} <svg class='bar' {}><rect width='{:.3f}' height='1'/></svg>")
_INTERVAL = Markup("{} <svg class='interval' {}><path d='M{:.3f} .5H{:.3f}M{:.3f} 0V1M{:.3f} .4V.6'/></svg>")
_DRAWN = Markup("viewBox='0 0 1 1' preserveAspectRatio='none' aria-hidden='true'")
_PART = Markup("<span class='{}' style='flex: {}; border-style: {}; border-color: {}'>{} {}</span>")


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
        agreement=_rows(alpha, "value:z.2f interval:z.2f claims raters note", dot="value"),
        labels=[(one.title, _rows(one.labels.iterrows(), _OF_LABELS)) for one in agreements],
        gain=_gain(class_statistics.gain(forms or {})),
        votes=class_statistics.votes(votes or {}),
        board=board,
        stopped=_stopped(graded),
        late=[(o.student, o.graded_exercise.title, o.late_words, f"−{o.lost:g}") for o in graded if o.late_words],
        alike=(*similar_submissions.pairs(graded, notes, most=_MOST_PAIRS), similar_submissions.too_long(graded)),
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


def points(totals: pd.Series, out_of: float) -> list[tuple[str, int]]:
    """How many students have how many points: in ten rows, “0 to 2.4” and their number.

    `totals` is points by student, `out_of` the most there are without extra credit. Nothing where there are no points.
    """
    if totals.empty or not out_of:
        return []
    counts, ends = np.histogram(totals, bins=10, range=(0, max(out_of, totals.max())))
    return [(f"{low:g} to {high:g}", int(n)) for low, high, n in zip(ends, ends[1:], counts, strict=False)]


def _spread(given: pd.DataFrame, exercise: Exercise) -> tuple[list[list[str]], list[tuple[str, str]]]:
    """The numbers on the points of a class, and how they are spread."""
    about = class_statistics.spread(given, exercise)
    spread = points(class_statistics.decided(given).sum(axis=1), about["out_of"])
    most = max((n for _, n in spread), default=1)
    return [[_number(round(one, 1), "g") for one in about]], [(name, _bar(str(n), n / most)) for name, n in spread]


def _questions(given: pd.DataFrame, exercise: Exercise) -> list[list[str]]:
    table = class_statistics.questions(given, exercise)
    named = ((f"{at} · {one['title']}", one) for at, (_, one) in enumerate(table.iterrows(), 1))
    columns = "points:g students difficulty:.0% discrimination:z.2f interval:z.2f note"
    return _rows(named, columns, bars={"difficulty": 1}, dot="discrimination", least=-1)


def _splits(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> list[tuple[str, ...]]:
    table = class_statistics.splits(graded, notes).head(_MOST_CLAIMS)
    return [
        (str(at + 1), _claim(one["claim"], one["words"]), one["title"], str(one["answers"]), _parts(one),
         " or ".join(one["accepted"]))
        for at, (_, one) in enumerate(table.iterrows())
    ]  # fmt: skip


def _parts(split: pd.Series) -> Markup:
    """A bar in parts, one for each label with its number in words; a thick border marks what the key accepts."""
    found = Markup()
    for name, count in split["counts"].items():
        look = LOOKS.get(split["field"], {}).get(name, Look("currentColor"))
        accepted = "accepted" if name in split["accepted"] else ""
        found += _PART.format(accepted, count, look.border, look.colour, count, name)
    return Markup("<span class='parts'>{}</span>").format(found)


def _behind(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> list[tuple[str, ...]]:
    table, rows = class_statistics.misconceptions(graded, notes), []
    for name, one in table.iterrows():
        drew = [f"{_claim(claim, words)} ({count})" for claim, words, count in one["claims"]]
        more = [f"and {many(len(drew) - 4, 'more claim')}"] * (len(drew) > 4)
        told = "; ".join([*drew[:4], *more]) or "not seen"
        told = told if one["askable"] else "no line of these exercises can show it"
        lines = _bar(str(one["lines"]), one["lines"] / max(1, table["lines"].max()))
        rows.append((str(name), lines, str(one["students"]), told))
    return rows


def _gain(table: pd.DataFrame) -> list[list[str]]:
    bars = {"before": "items", "after": "items"}
    return _rows(table.iterrows(), "items students before:.2f after:.2f gain:+z.2f interval:z.2f note", bars=bars)


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
    """Points of each student in each exercise; “*” where some have not been given yet, “†” where a person gave some."""
    points = {student: dict.fromkeys(exercises, "–") for student in students}
    for one in graded:
        if one.exercise:
            hand = any(mark.by_hand for mark in one.marks)
            points[one.student][one.exercise.name] = f"{one.earned:g}{'*' * one.undecided}{'†' * hand}"
    return [[student, *theirs.values()] for student, theirs in points.items()]


def _claim(claim: str, words: str) -> str:
    return f"{claim} “{words}”" if words else claim


def _rows(
    named: Iterable[tuple[object, Mapping[str, Any] | pd.Series]],
    columns: str,
    *,
    bars: Mapping[str, str | float] | None = None,
    dot: str = "",
    least: float = 0,
) -> list[list[str]]:
    """Each row's name, and what stands in its `columns`, given with the format of their numbers: “points:g title”.

    A number of the columns in `bars` has a bar: so much of the whole, or of the number in another column. “interval” is
    what stands in the columns `low` and `high`, drawn with the value in the column `dot` on a scale from `least` to 1.
    """
    rows = []
    for name, row in named:
        cells = [str(name)]
        for column, _, form in (column.partition(":") for column in columns.split()):
            if column == "interval":
                ends = [_number(row[end], form) for end in ("low", "high")]
                cell = "–" if "–" in ends else " to ".join(ends)
                if dot and cell != "–":
                    shown = (row["low"], row["high"], row[dot], 0)
                    cell = _INTERVAL.format(cell, _DRAWN, *(max(0.0, one - least) / (1 - least) for one in shown))
            else:
                cell = _number(row[column], form) if form else str(row[column])
                if (whole := (bars or {}).get(column)) and cell != "–":
                    cell = _bar(cell, row[column] / (row[whole] if isinstance(whole, str) else whole))
            cells.append(cell)
        rows.append(cells)
    return rows


def _bar(words: str, share: float) -> Markup:
    """A number with a bar beside it, of which so much is filled."""
    return _BAR.format(words, _DRAWN, share)


def _number(number: Any, form: str) -> str:
    return "–" if pd.isna(number) else format(float(number), form)
