"""A class in numbers: how the points are spread, and how hard and how telling each question is.

Sources: difficulty is the mean share of a question's points, and discrimination the correlation of a question with
the sum of all others (Crocker and Algina, "Introduction to Classical and Modern Test Theory", 1986, chapter 14;
Henrysson, "Correction of item-total correlations in item analysis", Psychometrika 28, 1963). Its interval: Fisher,
"On the probable error of a coefficient of correlation" (1921).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit import agreement
from kit.article import codebook
from kit.article.records import Annotation
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading.grade import Graded

__all__ = [
    "ENOUGH",
    "NEAR",
    "Agreement",
    "agreements",
    "exercises",
    "labels",
    "points",
    "questions",
    "splits",
    "spread",
    "totals",
]

ENOUGH = 10
"""Students. With fewer, the discrimination of a question is not worked out: it would be chance."""
_Z = 1.959964  # of the normal distribution, for an interval of 95%
_COLUMNS = ["title", "points", "students", "difficulty", "discrimination", "low", "high", "note"]


def exercises(graded: Sequence[Graded]) -> list[Exercise]:
    """The exercises that were handed in, each once, by name."""
    found = {one.exercise.name: one.exercise for one in graded if one.exercise}
    return [found[name] for name in sorted(found)]


def points(graded: Sequence[Graded], exercise: Exercise) -> pd.DataFrame:
    """Students x questions: the points that were given, NaN where there are none (yet).

    Index: student, in order of their names; columns: the questions of `exercise`, in order.
    """
    rows = {
        one.student: {mark.question: mark.earned for mark in one.marks}
        for one in graded
        if one.exercise and one.exercise.name == exercise.name
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[question.name for question in exercise.questions])
    return frame.astype(float).sort_index().rename_axis("student")


def spread(given: pd.DataFrame, exercise: Exercise) -> pd.Series:
    """Of all students with points in every question that has been decided: students, waiting (those who are left
    out), out_of (points), mean, sd (n - 1), lowest, quarter, middle, three_quarters, highest.

    All in points; NaN where there is nothing to work out.
    """
    totals, decided = _totals(given)
    out_of = sum(question.points for question in exercise.questions if question.name in decided)
    numbers = [len(totals), len(given) - len(totals), out_of, totals.mean(), totals.std()]
    ends = [totals.quantile(q) for q in (0, 0.25, 0.5, 0.75, 1)]
    names = ["students", "waiting", "out_of", "mean", "sd", "lowest", "quarter", "middle", "three_quarters", "highest"]
    return pd.Series([*numbers, *ends], index=names, dtype=float)


def questions(given: pd.DataFrame, exercise: Exercise) -> pd.DataFrame:
    """How hard and how telling each question is. Index: question; in the order of the exercise.

    Columns: `title`, `points`, `students` (who have points in it), `difficulty` (mean share of its points, 0 to 1:
    1 means that all had everything), `discrimination` (correlation of its points with the sum of all others, -1 to
    1, over students with points in all), `low` and `high` (its 95% interval, by Fisher's z) and `note`, which says
    why a number is missing, or what to look at.
    """
    whole = given[_totals(given)[1]].dropna()
    rows = {}
    for question in exercise.questions:
        column = given[question.name].dropna()
        r, note = _discrimination(whole, question.name)
        low, high = _fisher(r, len(whole))
        note = "nobody has points in it yet" if column.empty else note
        hard = column.mean() / question.points
        rows[question.name] = [question.title, question.points, len(column), hard, r, low, high, note]
    return pd.DataFrame.from_dict(rows, orient="index", columns=_COLUMNS).rename_axis("question")


def totals(given: pd.DataFrame) -> pd.Series:
    """The points of each student who has points in every question that has been decided for anybody."""
    return _totals(given)[0]


def _totals(given: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    decided = [name for name in given.columns if given[name].notna().any()]
    return given[decided].dropna().sum(axis=1), decided


def _discrimination(whole: pd.DataFrame, question: str) -> tuple[float, str]:
    if question not in whole:
        return math.nan, ""
    if len(whole) < ENOUGH:
        return math.nan, f"too few: fewer than {ENOUGH} students have points in all questions"
    rest = whole.drop(columns=question).sum(axis=1)
    if whole[question].std() == 0 or rest.std() == 0:
        return math.nan, "all have the same points, so nothing can go with anything"
    r = float(np.corrcoef(whole[question], rest)[0, 1])
    return r, "look at it: who did well elsewhere did worse here" if r < 0 else ""


def _fisher(r: float, students: int) -> tuple[float, float]:
    if math.isnan(r) or abs(r) >= 1 or students < 4:
        return math.nan, math.nan
    middle, half = math.atanh(r), _Z / math.sqrt(students - 3)
    return math.tanh(middle - half), math.tanh(middle + half)


NEAR = (0.35, 0.65)
"""A class splits near half where the most frequent label has a share between these. Peer Instruction found discussion
most fruitful about there (Crouch and Mazur, "Peer Instruction: Ten years of experience and results", 2001)."""
_SPLIT_COLUMNS = ["title", "field", "claim", "words", "answers", "label", "share", "counts", "accepted"]


@dataclass(frozen=True)
class Agreement:
    """How far a class agrees on one question: alpha with its interval, and the table of `kit.agreement.per_label`."""

    exercise: Exercise
    question: KeyedQuestion
    alpha: agreement.Interval
    labels: pd.DataFrame

    @property
    def title(self) -> str:
        """The exercise and the question."""
        return f"{self.exercise.title}: {self.question.title}"


def labels(graded: Sequence[Graded], exercise: Exercise, question: KeyedQuestion) -> pd.DataFrame:
    """Claims x students: the labels that were given to `question`; NA where there is none that is permitted."""
    permitted = set(codebook.names(question.field))
    columns = {}
    for one in graded:
        if one.exercise and one.exercise.name == exercise.name:
            lines = [line for mark in one.marks if mark.question == question.name for line in mark.lines]
            columns[one.student] = {
                line.name: line.given for line in lines if isinstance(line.given, str) and line.given in permitted
            }
    return pd.DataFrame(columns, index=list(question.key), dtype=object)


def agreements(graded: Sequence[Graded]) -> list[Agreement]:
    """The agreement of the class on each question that asks for labels of claims, in order."""
    found = []
    for exercise in exercises(graded):
        for question in exercise.questions:
            if question.field:
                frame = labels(graded, exercise, question)
                alpha = agreement.interval(frame, "alpha")
                table = agreement.per_label(frame, labels=codebook.names(question.field))
                found.append(Agreement(exercise, question, alpha, table))
    return found


def splits(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> pd.DataFrame:
    """The claims to discuss: those on which the class splits near half, the most even split first.

    Columns: `title` (of the question), `field`, `claim`, `words`, `answers` (how many), `label` (the most frequent),
    `share` (of the answers), `counts` (label to how many, in the codebook's order) and `accepted` (what the key
    accepts). Claims with fewer than four answers are left out.
    """
    rows = []
    for exercise in exercises(graded):
        words = {name: c.quote for article in exercise.blank for name, c in notes[article].by_id.items()}
        for question in (question for question in exercise.questions if question.field):
            frame = labels(graded, exercise, question)
            for name, given in frame.iterrows():
                claim = str(name)
                counts = given.dropna().value_counts()
                share = counts.max() / counts.sum() if len(counts) else 1.0
                if counts.sum() >= 4 and NEAR[0] <= share <= NEAR[1]:
                    shown = {name: int(counts[name]) for name in codebook.names(question.field) if name in counts}
                    accepted = [question.key[claim], *question.accept.get(claim, [])]
                    about = [
                        f"{exercise.title}: {question.title}",
                        question.field,
                        claim,
                        words.get(claim, ""),
                    ]
                    rows.append([*about, int(counts.sum()), counts.idxmax(), share, shown, accepted])
    frame = pd.DataFrame(rows, columns=_SPLIT_COLUMNS)
    order = (frame["share"] - 0.5).abs().sort_values(kind="stable").index
    return frame.loc[order].reset_index(drop=True)
