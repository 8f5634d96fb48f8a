"""Points that a person gave by a rubric: each tied to the very words that were read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kit.errors import KitError
from kit.files import write_atomically
from kit.grading.exercise import KeyedQuestion, Level
from kit.grading.grade import Graded
from kit.grading.marks import Mark

__all__ = ["FILE", "Score", "Written", "fingerprint", "read", "scored", "waiting", "write"]

FILE = "scores.json"


@dataclass(frozen=True)
class Score:
    """A level of the rubric that a person gave to one answer; `answer` is the fingerprint of its text."""

    student: str
    exercise: str
    question: str
    answer: str
    level: str


@dataclass(frozen=True)
class Written:
    """A written answer and all that its reader needs: whose it is, the question with its rubric, and the text."""

    student: str
    exercise: str
    title: str
    question: KeyedQuestion
    asked: str
    text: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What a score of this answer is known by."""
        return self.student, self.exercise, self.question.name, fingerprint(self.text)


def fingerprint(text: str) -> str:
    """A hash of an answer's text. A student who hands in other words is read again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def waiting(graded: Iterable[Graded]) -> list[Written]:
    """Every written answer that a person scores, scored or not, in the order of `graded`."""
    found = []
    for one in graded:
        questions = one.exercise.by_name if one.exercise else {}
        found += [
            Written(
                one.student,
                one.graded_exercise.name,
                f"{one.graded_exercise.title}: {questions[mark.question].title}",
                questions[mark.question],
                _told(questions[mark.question].asked),
                mark.text,
            )
            for mark in one.written
        ]
    return found


def _told(asked: str) -> str:
    """The first paragraph of what asks a question."""
    return next((part for part in asked.split("\n\n") if not part.startswith("#")), "")


def scored(graded: Iterable[Graded], scores: Iterable[Score]) -> list[Graded]:
    """`graded` with the points that a person gave; a score of other words than these counts for nothing."""
    known = {(score.student, score.exercise, score.question, score.answer): score.level for score in scores}
    return [_with_scores(one, known) for one in graded] if known else list(graded)


def read(path: Path) -> list[Score]:
    """The scores in the file at `path`, none where there is no file. Raises KitError where it is damaged."""
    if not path.exists():
        return []
    try:
        return [Score(**row) for row in json.loads(path.read_text("utf-8"))]
    except (ValueError, TypeError):
        raise KitError(f"{path} is damaged. Put a copy of it back, or move it away to score anew.") from None


def write(path: Path, scores: Sequence[Score]) -> None:
    """Write all scores to `path`, at once and whole."""
    write_atomically(path, json.dumps([asdict(score) for score in scores], indent=1))


def _with_scores(one: Graded, known: dict[tuple[str, str, str, str], str]) -> Graded:
    if one.exercise is None or not one.written:
        return one
    rubrics = {question.name: {level.name: level for level in question.rubric} for question in one.exercise.questions}
    marks = []
    for mark in one.marks:
        name = known.get((one.student, one.exercise.name, mark.question, fingerprint(mark.text)))
        level = rubrics[mark.question].get(name or "") if mark.outcome == "person" else None
        marks.append(_mark(mark, level) if level else mark)
    return replace(one, marks=tuple(marks))


def _mark(mark: Mark, level: Level) -> Mark:
    return replace(mark, earned=level.points, outcome="scored", message=level.name)
