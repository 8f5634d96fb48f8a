"""A class in numbers: points, how hard and how telling each question is, agreement, misconceptions, and gains.

Sources: difficulty is the mean share of a question's points, and discrimination the correlation of a question with
the sum of all others (Crocker and Algina, "Introduction to Classical and Modern Test Theory", 1986, chapter 14;
Henrysson, "Correction of item-total correlations in item analysis", Psychometrika 28, 1963). Its interval: Fisher,
"On the probable error of a coefficient of correlation" (1921). That of a gain: percentile bootstrap over students
(Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kit import agreement, gains
from kit.article import codebook
from kit.article.records import Annotation
from kit.check import feedback
from kit.check.answers import shown
from kit.errors import KitError
from kit.questions import Question, out_of, read
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import MarkedLine
from kit.teacher.live_class.board import NEAR
from kit.teacher.reports.student_page import note
from kit.teacher.sandbox.limits import LARGEST

__all__ = [
    "ENOUGH", "FORMS", "NEAR", "VOTES", "Agreement", "Forms", "agreements", "by_exercise", "decided", "gain",
    "handed_in", "labels", "misconceptions", "points", "questions", "splits", "spread", "votes",
]  # fmt: skip

ENOUGH = 10
"""Students. With fewer, the discrimination of a question is not worked out: it would be chance."""
Forms = tuple[dict[str, str], dict[str, str]]
"""The labels of one student before and after, each by sentence or claim ({"A1": "alleged", …})."""
FORMS, VOTES = ("before", "after"), ("first vote", "second vote")
"""What the lessons call (`kit.form`) the forms before and after, and the two votes on the contested claims."""


def by_exercise(graded: Sequence[Graded]) -> list[tuple[Exercise, list[Graded]]]:
    """The exercises that were handed in, by name, each with its submissions."""
    found: dict[str, list[Graded]] = {}
    for one in graded:
        if one.exercise:
            found.setdefault(one.exercise.name, []).append(one)
    return [(theirs[-1].graded_exercise, theirs) for _, theirs in sorted(found.items())]


def points(theirs: Sequence[Graded], exercise: Exercise) -> pd.DataFrame:
    """Students x questions: the points that were given, NaN where there are none (yet).

    `theirs` are the submissions of `exercise`. Index: student, in order of their names; columns: its questions, in
    order.
    """
    rows = {one.student: {mark.question: mark.earned for mark in one.marks} for one in theirs}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[question.name for question in exercise.questions])
    return frame.astype(float).sort_index().rename_axis("student")


def decided(given: pd.DataFrame) -> pd.DataFrame:
    """Of `points` the questions in which anybody has points, and the students who have them in all of these."""
    # First who has none: where nobody has any, no question is left in which they could lack some.
    return given.dropna(how="all").dropna(axis="columns", how="all").dropna()


def spread(given: pd.DataFrame, exercise: Exercise) -> pd.Series:
    """Of all students with points in every question that has been decided: students, waiting (those who are left
    out), out_of (points), mean, sd (n - 1), lowest, quarter, middle, three_quarters, highest.

    All in points; NaN where there is nothing to work out.
    """
    whole = decided(given)
    most = out_of(question for question in exercise.questions if question.name in whole)
    students, *numbers = whole.sum(axis=1).describe()
    names = ["students", "waiting", "out_of", "mean", "sd", "lowest", "quarter", "middle", "three_quarters", "highest"]
    return pd.Series([students, len(given) - len(whole), most, *numbers], index=names, dtype=float)


def questions(given: pd.DataFrame, exercise: Exercise) -> pd.DataFrame:
    """How hard and how telling each question is. Index: question; in the order of the exercise.

    Columns: `title`, `points`, `students` (who have points in it), `difficulty` (mean share of its points, 0 to 1:
    1 means that all had everything), `discrimination` (correlation of its points with the sum of all others, -1 to
    1, over students with points in all), `low` and `high` (its 95% interval, by Fisher's z) and `note`, which says
    why a number is missing, or what to look at.
    """
    whole = decided(given)
    rows = {}
    for question in exercise.questions:
        column = given[question.name].dropna()
        r, note = _discrimination(whole, question.name)
        low = high = math.nan
        if abs(r) < 1 and len(whole) > 3:  # Fisher's z; 1.959964 of the normal distribution for 95%
            middle, half = math.atanh(r), 1.959964 / math.sqrt(len(whole) - 3)
            low, high = math.tanh(middle - half), math.tanh(middle + half)
        note = "nobody has points in it yet" if column.empty else note
        note = note if question.points else "it is worth no points"
        hard = column.mean() / question.points if question.points else math.nan
        rows[question.name] = [question.title, question.points, len(column), hard, r, low, high, note]
    columns = ["title", "points", "students", "difficulty", "discrimination", "low", "high", "note"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("question")


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


@dataclass(frozen=True)
class Agreement:
    """How far a class agrees on one question: alpha with its interval, and the table of `kit.agreement.per_label`.

    `title` names the exercise and the question.
    """

    title: str
    question: KeyedQuestion
    alpha: agreement.Interval
    labels: pd.DataFrame


def labels(theirs: Sequence[Graded], question: KeyedQuestion) -> pd.DataFrame:
    """Claims x students: the labels that were given to `question`; NA where there is none that is permitted.

    `theirs` are the submissions of its exercise.
    """
    permitted = set(codebook.names(question.field))
    columns = {}
    for one in theirs:
        lines = [line for mark in one.marks if mark.question == question.name for line in mark.lines]
        columns[one.student] = {
            line.name: line.given for line in lines if isinstance(line.given, str) and line.given in permitted
        }
    return pd.DataFrame(columns, index=list(question.key), dtype=object)


def agreements(graded: Sequence[Graded]) -> list[Agreement]:
    """The agreement of the class on each question that asks for labels of claims, in order."""
    found = []
    for exercise, theirs in by_exercise(graded):
        for question in (question for question in exercise.questions if question.field):
            frame, title = labels(theirs, question), f"{exercise.title}: {question.title}"
            table = agreement.per_label(frame, labels=codebook.names(question.field))
            found.append(Agreement(title, question, agreement.interval(frame, "alpha"), table))
    return found


def splits(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> pd.DataFrame:
    """The claims to discuss: those on which the class splits near half, the most even split first.

    Columns: `title` (of the question), `field`, `claim`, `words`, `answers` (how many), `label` (the most frequent),
    `share` (of the answers), `counts` (label to how many, in the codebook's order) and `accepted` (what the key
    accepts). Claims with fewer than four answers are left out.
    """
    rows = []
    for exercise, theirs in by_exercise(graded):
        words = {name: c.quote for article in exercise.blank for name, c in notes[article].by_id.items()}
        for question in (question for question in exercise.questions if question.field):
            for claim, given in labels(theirs, question).iterrows():
                counts = given.dropna().value_counts()
                share = counts.max() / counts.sum() if len(counts) else 1.0
                if counts.sum() >= 4 and NEAR[0] <= share <= NEAR[1]:
                    told = {name: int(counts[name]) for name in codebook.names(question.field) if name in counts}
                    about = [f"{exercise.title}: {question.title}", question.field, claim, words.get(str(claim), "")]
                    accepted = question.accepted(str(claim))
                    rows.append([*about, int(counts.sum()), counts.idxmax(), share, told, accepted])
    columns = ["title", "field", "claim", "words", "answers", "label", "share", "counts", "accepted"]
    frame = pd.DataFrame(rows, columns=columns)
    order = (frame["share"] - 0.5).abs().sort_values(kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def misconceptions(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> pd.DataFrame:
    """The twelve, the most frequent first. Index: misconception.

    Columns: `lines` (wrong lines that it lies behind), `students` (who wrote one), `claims` (list of (claim, words,
    lines), the one that drew most first) and `askable` (whether any line of these exercises could show it at all).
    What lies behind a wrong line is read off the pair (right, given) and the claim, by the same rules that choose the
    student's feedback, or off the note of the line; other lines show none.
    """
    slips: dict[str, list[tuple[str, str, str]]] = {name: [] for name in feedback.misconceptions()}
    seen: dict[tuple[str, ...], tuple[str, str]] = {}
    for one in graded:
        for mark in one.marks:
            question = one.graded_exercise.by_name[mark.question]
            for line in mark.lines if question.field or question.notes else ():
                if line.right or line.given == "":
                    continue
                place = (one.graded_exercise.name, question.name, line.name, shown(line.given))
                if place not in seen:
                    quote, found = note(one.graded_exercise, question, line, notes)
                    seen[place] = quote, found.misconception
                quote, name = seen[place]
                if name:
                    drew = line.name if question.field else f"{question.title} · {line.name}"
                    slips[name].append((one.student, drew, quote))
    askable, rows = _askable(graded, notes), []
    for name, found in slips.items():
        claims = Counter((claim, quote) for _, claim, quote in found)
        drew = [(claim, quote, count) for (claim, quote), count in claims.most_common()]
        rows.append([name, len(found), len({student for student, _, _ in found}), drew, name in askable])
    frame = pd.DataFrame(rows, columns=["misconception", "lines", "students", "claims", "askable"])
    return frame.sort_values(["lines", "askable"], ascending=False, kind="stable").set_index("misconception")


def _askable(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> set[str]:
    """The misconceptions that some wrong answer to some line would show."""
    found = set()
    for exercise, _ in by_exercise(graded):
        for question in exercise.questions:
            found |= {own.misconception for own in question.notes.values()}
            for name in question.key if question.field else ():
                wrong = set(codebook.names(question.field)).difference(question.accepted(name))
                lines = (MarkedLine(name, label, False) for label in wrong)
                found |= {note(exercise, question, line, notes)[1].misconception for line in lines}
    return found


def handed_in(folder: Path, pair: tuple[str, str] = FORMS) -> dict[str, Forms]:
    """Student to forms, for every folder in `folder` that holds a lesson with one of the `pair`; nothing is run.

    Raises KitError where `folder` is not there.
    """
    if not folder.is_dir():
        raise KitError(f"There is no folder {folder}. Give the one that holds a folder per student.")
    asked = [question for path in places.notebooks().glob("*.ipynb") for question in read(path).questions]
    where = {question.form: question for question in asked if question.form}
    found = {}
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        forms = _form(place, where[pair[0]]), _form(place, where[pair[1]])
        if any(forms):
            found[place.name] = forms
    return found


def _form(place: Path, asked: Question) -> dict[str, str]:
    """A form as it stands in a file of a stranger: {} for whatever is not a plain dict of texts."""
    found = [path for path in place.rglob(f"*{asked.file}") if path.is_file() and not path.is_symlink()]
    file = max(found, key=lambda path: (path.name, path), default=None)  # `kit class` puts the time before the name
    if file is None or file.stat().st_size > LARGEST:
        return {}
    with suppress(RecursionError, MemoryError):
        return {str(key): value for key, value in gains.stored(file, asked.name).items() if isinstance(value, str)}
    return {}


def gain(forms: Mapping[str, Forms]) -> pd.DataFrame:
    """The gain of a class. Index: objective, then "all".

    Columns: `items` (sentences behind the row), `students` (who answered both forms), `before` and `after` (mean
    number right), `gain` (their difference), `low` and `high` (its 95% interval: bootstrap over students) and `note`.
    Only students with both forms count, each against themself. Without any, every number is NaN and the note says
    "no cases".
    """
    tables = [gains.table(*both) for both in forms.values() if all(any(form.values()) for form in both)]
    items, rows = gains.table({}, {})["items"], {}
    for name in (*gains.OBJECTIVES, "all"):
        right = pd.DataFrame({form: [one[form][name] for one in tables] for form in ("before", "after")}, dtype=float)
        each = right["after"] - right["before"]
        low, high, note = np.nan, np.nan, "one student: no interval" if tables else "no cases"
        if len(tables) > 1:
            weights = agreement.resampled(each.to_numpy(), draws=2000)
            low, high, note = agreement.ends(weights @ each.to_numpy() / len(tables))
        rows[name] = [int(items[name]), len(tables), *right.mean(), each.mean(), low, high, note]
    columns = ["items", "students", "before", "after", "gain", "low", "high", "note"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("objective")


def votes(forms: Mapping[str, Forms]) -> list[list[str]]:
    """How a class voted twice, a row for each claim on which anybody did, as they stand in the lesson.

    In it: the claim; how many students voted both times, with a status; their first votes and their second ones, the
    statuses with their numbers, in the codebook's order; and how many changed theirs.
    """
    permitted, given = codebook.names("status"), {}
    for first, second in forms.values():
        for claim in first:
            pair = tuple(vote.get(claim, "").strip().lower() for vote in (first, second))
            if set(pair) <= set(permitted):
                given.setdefault(claim, []).append(pair)
    rows = []
    for claim, pairs in given.items():
        counts = [Counter(votes) for votes in zip(*pairs, strict=True)]
        told = [", ".join(f"{count[name]} {name}" for name in permitted if count[name]) for count in counts]
        rows.append([claim, str(len(pairs)), *told, str(sum(first != second for first, second in pairs))])
    return rows
