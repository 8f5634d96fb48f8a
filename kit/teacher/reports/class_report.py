"""The report for the teacher: one page on how the class did, every figure with its table, and nothing fetched."""

from __future__ import annotations

import base64
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from kit.article import codebook
from kit.article.records import Annotation
from kit.check.answers import shown
from kit.check.feedback import misconceptions
from kit.files import file_name, many, write_atomically
from kit.plots.picture import alt, show
from kit.setup.environment import VERSION
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES, Mark, MarkedLine
from kit.teacher.reports import alike, charts, progress, rendering, statistics, student_page
from kit.teacher.reports import statistics as statistics_
from kit.teacher.reports.statistics import exercises

__all__ = ["misconceptions_behind", "page", "write"]


def misconceptions_behind(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> pd.DataFrame:
    """The twelve, the most frequent first. Index: misconception.

    Columns: `lines` (wrong lines that it lies behind), `students` (who wrote one), `claims` (list of (claim, words,
    lines), the one that drew most first) and `askable` (whether any line of these exercises could show it at all).
    What lies behind a wrong line is read off the pair (right, given) and the claim, by the same rules that choose the
    student's feedback, or off the note of the line; other lines show none.
    """
    slips: dict[str, list[tuple[str, str, str]]] = {name: [] for name in misconceptions()}
    seen: dict[tuple[str, str, str, str], tuple[str, str]] = {}
    for one in graded:
        asked = one.exercise.by_name if one.exercise else {}
        for mark in one.marks:
            question = asked[mark.question]
            for line in mark.lines if question.field or question.notes else ():
                if line.right or line.given == "":
                    continue
                place = (one.graded_exercise.name, question.name, line.name, shown(line.given))
                if place not in seen:
                    seen[place] = _behind(one, question, line, notes)
                quote, name = seen[place]
                if name:
                    drew = line.name if question.field else f"{question.title} · {line.name}"
                    slips[name].append((one.student, drew, quote))
    return _table(slips, _askable(graded, notes))


def _behind(one: Graded, question: KeyedQuestion, line: MarkedLine, notes: Mapping[str, Annotation]) -> tuple[str, str]:
    quote, note = student_page.note(one, question, line, notes)
    return quote, note.misconception


def _askable(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> set[str]:
    """The misconceptions that some wrong answer to some line would show."""
    found = set()
    first = {one.exercise.name: one for one in reversed(graded) if one.exercise}
    for exercise in exercises(graded):
        for question in exercise.questions:
            found |= {note.misconception for note in question.notes.values()}
            for name in question.key if question.field else ():
                for given in codebook.names(question.field):
                    line = MarkedLine(name, given, given in (question.key[name], *question.accept.get(name, [])))
                    if not line.right:
                        found.add(_behind(first[exercise.name], question, line, notes)[1])
    return found - {""}


def _table(slips: dict[str, list[tuple[str, str, str]]], askable: set[str]) -> pd.DataFrame:
    rows = []
    for name, found in slips.items():
        claims = Counter((claim, quote) for _, claim, quote in found)
        drew = [(claim, quote, count) for (claim, quote), count in claims.most_common()]
        rows.append([name, len(found), len({student for student, _, _ in found}), drew, name in askable])
    frame = pd.DataFrame(rows, columns=["misconception", "lines", "students", "claims", "askable"])
    return frame.sort_values(["lines", "askable"], ascending=False, kind="stable").set_index("misconception")


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
    table = statistics_.splits(graded, notes).head(MOST)
    rows = tuple(
        (str(at + 1), _claim(one["claim"], one["words"]), one["title"], str(one["answers"]),
         ", ".join(f"{count} {name}" for name, count in one["counts"].items()), " or ".join(one["accepted"]))
        for at, (_, one) in enumerate(table.iterrows())
    )  # fmt: skip
    heads = ("order", "claim", "asked in", "answers", "how the class answered", "accepted")
    return _section(Table("The claims to discuss, in order", heads, rows, (0, 3)), charts.splits(table))


def behind(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> Section:
    """The twelve misconceptions, and the claims that drew them."""
    table = misconceptions_behind(graded, notes)
    rows = tuple(
        (str(name), str(one["lines"]), str(one["students"]), _drew(one["claims"]) if one["askable"] else
         "no line of these exercises can show it")
        for name, one in table.iterrows()
    )  # fmt: skip
    heads = ("misconception", "wrong lines", "students", "claims that drew it (wrong lines)")
    return _section(Table("The twelve misconceptions", heads, rows, (1, 2)), charts.misconceptions(table))


def agreement_of(found: Sequence[statistics_.Agreement]) -> Section:
    """Alpha of the class, question by question."""
    rows = tuple(
        (one.title, _number(one.alpha.value), _between(one.alpha.low, one.alpha.high),
         str(one.alpha.claims), str(one.alpha.raters), one.alpha.note)
        for one in found
    )  # fmt: skip
    heads = ("question", "alpha", "95% interval", "claims", "students", "note")
    return _section(Table("Krippendorff's alpha of the class", heads, rows, (1, 3, 4)), charts.alphas(list(found)))


def labels_of(one: statistics_.Agreement) -> Table:
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


_MOST_PAIRS = 20
_STOPPED = ("error", "timeout", "missing", "failed")


def page(
    graded: Sequence[Graded],
    *,
    isolation: str,
    forms: Mapping[str, progress.Forms] | None = None,
    votes: Mapping[str, progress.Forms] | None = None,
    seeds: Path | None = None,
) -> str:
    """The class report as one self-contained HTML page.

    `forms` are the labels before and after by student, and `votes` their two votes, as `progress.handed_in` reads them.
    `seeds` holds the articles, by default the kit's own.

    The key is on it: it is for the teacher. What students wrote is escaped.
    """
    notes, asked = student_page.annotations(graded, seeds=seeds), statistics.exercises(graded)
    students = sorted({one.student for one in graded})
    agreements, pairs = statistics_.agreements(graded), alike.pairs(graded, notes)
    return rendering.render(
        "class_report.html",
        version=VERSION,
        isolation=isolation,
        students=len(students),
        submissions=sum(one.exercise is not None for one in graded),
        waiting=sum(len(one.written) for one in graded),
        exercises=[(one, spread_of(graded, one), questions_of(graded, one)) for one in asked],
        splits=splits_of(graded, notes),
        most=MOST,
        near=statistics_.NEAR,
        behind=behind(graded, notes),
        agreement=agreement_of(agreements),
        labels=[labels_of(one) for one in agreements],
        gain=gain_of(progress.table(forms or {})),
        votes=votes_of(progress.votes(votes or {})),
        stopped=_stopped(graded),
        pairs=pairs[:_MOST_PAIRS],
        more_pairs=max(0, len(pairs) - _MOST_PAIRS),
        rule={"fewest": alike.FEWEST, "run": alike.RUN, "rare": alike.rare(len(students))},
        everybody=_everybody(graded, students),
        files=[file_name(student) for student in students],
        enough=statistics.ENOUGH,
    )


def write(folder: Path, graded: Sequence[Graded], **about: Any) -> Path:
    """Write the report, which `page` makes, into `folder` as `class.html`, and return its path."""
    path = folder / "class.html"
    write_atomically(path, page(graded, **about))
    return path


def _stopped(graded: Sequence[Graded]) -> Table:
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
        rows += [
            (one.student, one.exercise.title, asked[mark.question].title, _why(mark), rendering.points(mark.earned))
            for mark in one.marks
            if mark.outcome in _STOPPED
        ]
        rows += [(one.student, one.exercise.title, "to look at", note, "") for note in one.notes]
    rows.sort(key=lambda row: row[-1] != "none yet")
    heads = ("student", "exercise", "what", "why", "points")
    return Table("Who could not be graded, and why", heads, tuple(rows), (4,))


def _why(mark: Mark) -> str:
    more = f": {mark.message}" if mark.outcome in ("error", "failed") and mark.message else ""
    return f"{OUTCOMES[mark.outcome]}{more}"


def _everybody(graded: Sequence[Graded], students: Sequence[str]) -> Table:
    """Points of each student in each exercise; “*” where some have not been given yet."""
    asked = statistics.exercises(graded)
    given = {
        (one.student, one.exercise.name): f"{one.earned:g}{'*' if one.undecided else ''}"
        for one in graded
        if one.exercise
    }
    rows = tuple((student, *(given.get((student, one.name), "–") for one in asked)) for student in students)
    heads = ("student", *(f"{one.title} (of {one.points:g})" for one in asked))
    return Table("Points of each student (*: some are still open)", heads, rows, tuple(range(1, len(heads))))
