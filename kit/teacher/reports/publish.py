"""What comes out of grading: the grades as CSV, and a page of feedback per student."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kit.errors import KitError
from kit.files import csv_text, file_name, visible, write_atomically
from kit.setup.environment import VERSION
from kit.teacher.exercises.keys import Exercise, KeyedQuestion, Level
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.reports import rendering, student_page

__all__ = [
    "COLUMNS",
    "FILE",
    "Score",
    "Written",
    "feedback_pages",
    "fingerprint",
    "grades_csv",
    "publish",
    "read",
    "scored",
    "standing",
    "to_look_at",
    "totals_csv",
    "waiting",
    "write",
]

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


COLUMNS = ("student", "exercise", "question", "points", "earned", "outcome")
_TOTALS = ("student", "exercise", "points", "earned", "note")


def grades_csv(graded: Iterable[Graded]) -> str:
    """The grades as CSV, one row per question. Columns: `COLUMNS`; points in points of the exercise.

    `earned` is empty where the grader could not decide: a submission that cannot be read has one row, with
    an empty question and the outcome "unreadable". A text that a spreadsheet would run as a formula gets an
    apostrophe before it.
    """
    rows: list[tuple[object, ...]] = []
    for one in graded:
        if one.exercise is None:
            rows.append((one.student, one.path.stem, None, None, None, "unreadable"))
            continue
        name = one.exercise.name
        rows += [
            (one.student, name, m.question, float(m.points), None if m.earned is None else float(m.earned), m.outcome)
            for m in one.marks
        ]
    return csv_text(COLUMNS, rows)


def totals_csv(graded: Iterable[Graded]) -> str:
    """One row per submission. Columns: student, exercise, points, earned, note (what a person must look at)."""
    rows: list[tuple[object, ...]] = []
    for one in graded:
        open_ = [f"{mark.question}: {mark.outcome}" for mark in one.marks if mark.earned is None]
        note = "; ".join([*one.notes, *open_])
        about = (one.exercise.name, float(one.exercise.points), float(one.earned)) if one.exercise else ("", None, None)
        rows.append((one.student, *about, note))
    return csv_text(_TOTALS, rows)


def feedback_pages(
    graded: Sequence[Graded],
    *,
    isolation: str,
    show_key: bool = False,
    suffixes: Sequence[str] = (".html",),
    seeds: Path | None = None,
) -> Iterator[tuple[str, str]]:
    """File name and text, one after the other: a self-contained page per student for each of `suffixes` (.html, .md).

    The key is on it only with `show_key`. `seeds` holds the articles, by default the kit's own. What a student wrote is
    escaped.
    """
    by_student: dict[str, list[Graded]] = {}
    for one in graded:
        by_student.setdefault(one.student, []).append(one)
    notes = student_page.annotations(graded, seeds=seeds)
    about = {"isolation": isolation, "version": VERSION, "show_key": show_key}
    for student, theirs in by_student.items():
        parts = student_page.parts(theirs, notes)
        for suffix in suffixes:
            page = rendering.render(f"feedback{suffix}", student=student, parts=parts, **about)
            yield file_name(student, suffix), page


def standing(folder: Path, keys: Mapping[str, Exercise]) -> gradebook.Class:
    """The class whose gradebook is in `folder`, with the points that a person gave; `keys` are the exercises by name.

    Raises KitError where `folder` holds none, or a damaged one.
    """
    found = gradebook.standing(folder / gradebook.FILE, keys)
    return replace(found, graded=tuple(scored(found.graded, read(folder / FILE))))


def to_look_at(graded: Iterable[Graded]) -> Iterator[str]:
    """What a person must look at, a line for each note, fit for a terminal: names of files come from strangers."""
    for one in graded:
        name = one.exercise.name if one.exercise else one.path.name
        yield from (visible(f"Look at {one.student}, {name}: {note}.", otherwise="?") for note in one.notes)


def publish(
    graded: Sequence[Graded],
    folder: Path,
    *,
    isolation: str,
    show_key: bool = False,
    changed: Container[str] | None = None,
    seeds: Path | None = None,
) -> Path:
    """Write `grades.csv`, `totals.csv` and `feedback/` into `folder`. Returns the path of the grades.

    Points that a person gave, which are in `folder` too, are in all of them. With `changed` only these students, and
    those without a page, get their pages anew. `seeds` as in `feedback_pages`.
    """
    pages_of = folder / "feedback"
    whole = scored(graded, read(folder / FILE))
    suffixes = (".html", ".md")
    wanted = {
        one.student
        for one in whole
        if changed is None
        or one.student in changed
        or not all((pages_of / file_name(one.student, suffix)).exists() for suffix in suffixes)
    }
    theirs = [one for one in whole if one.student in wanted]
    for name, page in feedback_pages(theirs, isolation=isolation, show_key=show_key, suffixes=suffixes, seeds=seeds):
        write_atomically(pages_of / name, page)
    write_atomically(folder / "totals.csv", totals_csv(whole))
    write_atomically(folder / "grades.csv", grades_csv(whole))
    return folder / "grades.csv"
