"""Which of the twelve misconceptions lie behind the wrong lines of a class, and which claims drew them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from kit import codebook
from kit.feedback import misconceptions
from kit.grading.exercise import KeyedQuestion
from kit.grading.grade import Graded
from kit.grading.marks import Line
from kit.plain import shown
from kit.records import Annotation
from kit.reports import student_page
from kit.reports.statistics import exercises

__all__ = ["behind"]


def behind(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> pd.DataFrame:
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


def _behind(one: Graded, question: KeyedQuestion, line: Line, notes: Mapping[str, Annotation]) -> tuple[str, str]:
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
                    line = Line(name, given, given in (question.key[name], *question.accept.get(name, [])))
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
