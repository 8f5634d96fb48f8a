"""The labels that a class gave to the same claims: how far it agrees, and on which claims it splits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kit import agreement, codebook
from kit.grading.exercise import Exercise, KeyedQuestion
from kit.grading.grade import Graded
from kit.keys import claims_by_id
from kit.records import Annotation
from kit.reports.statistics import exercises

__all__ = ["NEAR", "Agreement", "agreements", "labels", "splits"]

NEAR = (0.35, 0.65)
"""A class splits near half where the most frequent label has a share between these. Peer Instruction found discussion
most fruitful about there (Crouch and Mazur, "Peer Instruction: Ten years of experience and results", 2001)."""
_COLUMNS = ["title", "field", "claim", "words", "answers", "label", "share", "counts", "accepted"]


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
        words = {name: c.quote for article in exercise.blank for name, c in claims_by_id(notes[article]).items()}
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
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    order = (frame["share"] - 0.5).abs().sort_values(kind="stable").index
    return frame.loc[order].reset_index(drop=True)
