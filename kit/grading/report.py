"""What comes out of grading: `grades.csv`, and one page of feedback per student."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import jinja2

from kit import __version__, places
from kit.annotation import read
from kit.feedback import explain
from kit.grading.exercise import Question
from kit.grading.grade import Graded
from kit.grading.marks import OUTCOMES, Line, Mark
from kit.keys import claims_by_id
from kit.records import Annotation

__all__ = ["COLUMNS", "feedback_pages", "grades_csv", "totals_csv", "write"]

COLUMNS = ("student", "exercise", "question", "points", "earned", "outcome")
_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True
)


@dataclass(frozen=True)
class Row:
    """One wrong line on a feedback page."""

    line: str
    given: str
    note: str


def grades_csv(graded: Iterable[Graded]) -> str:
    """The grades as CSV, one row per question. Columns: `COLUMNS`; points in points of the exercise.

    `earned` is empty where the grader could not decide: a submission that cannot be read has one row, with
    an empty question and the outcome "unreadable". A text that a spreadsheet would run as a formula gets an
    apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in graded:
        student = _harmless(one.student)
        if one.exercise is None:
            writer.writerow([student, _harmless(one.path.stem), "", "", "", "unreadable"])
        for mark in one.marks:
            earned = "" if mark.earned is None else f"{mark.earned:g}"
            writer.writerow([student, one.exercise.name, mark.question, f"{mark.points:g}", earned, mark.outcome])
    return out.getvalue()


def totals_csv(graded: Iterable[Graded]) -> str:
    """One row per submission. Columns: student, exercise, points, earned, note (what a person must look at)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("student", "exercise", "points", "earned", "note"))
    for one in graded:
        name, points, earned = (
            (one.exercise.name, one.exercise.points, f"{one.earned:g}") if one.exercise else ("", 0, "")
        )
        waiting = [f"{mark.question}: {mark.outcome}" for mark in one.marks if mark.earned is None]
        note = "; ".join([*one.notes, *waiting])
        writer.writerow([_harmless(one.student), name, f"{points:g}" if points else "", earned, _harmless(note)])
    return out.getvalue()


def feedback_pages(graded: list[Graded], *, isolation: str) -> dict[str, str]:
    """File name to HTML, one self-contained page per student. The key is never on it."""
    by_student: dict[str, list[Graded]] = {}
    for one in graded:
        by_student.setdefault(one.student, []).append(one)
    template = _TEMPLATES.get_template("feedback.html")
    annotations = {
        name: read(places.seeds() / f"{name}.toml") for one in graded if one.exercise for name in one.exercise.blank
    }
    return {
        file_name(student): template.render(
            student=student,
            parts=[(one, _questions(one, annotations)) for one in theirs],
            outcomes=OUTCOMES,
            isolation=isolation,
            version=__version__,
        )
        for student, theirs in by_student.items()
    }


def write(graded: list[Graded], folder: Path, *, isolation: str) -> Path:
    """Write `grades.csv`, `totals.csv` and `feedback/` into `folder`; returns the path of the grades."""
    pages = folder / "feedback"
    pages.mkdir(parents=True, exist_ok=True)
    for name, page in feedback_pages(graded, isolation=isolation).items():
        _replace(pages / name, page)
    _replace(folder / "totals.csv", totals_csv(graded))
    _replace(folder / "grades.csv", grades_csv(graded))
    return folder / "grades.csv"


def file_name(student: str) -> str:
    """A file name for a student's page: safe on every system, and different for different students."""
    safe = re.sub(r"[^\w.-]+", "_", student).strip("._")[:60]
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}.html" if safe and safe == student else f"{safe or 'student'}-{digest}.html"


def _questions(one: Graded, annotations: dict[str, Annotation]) -> list[tuple[Mark, list[Row], Question]]:
    if one.exercise is None:
        return []
    questions = {question.name: question for question in one.exercise.questions}
    used = [annotations[name] for name in one.exercise.blank]
    avoid = frozenset(c.id for a in used for c in a.claims if c.unit in one.exercise.blank[a.facts.slug])
    return [
        (
            mark,
            [_row(questions[mark.question], line, used, avoid) for line in mark.lines if not line.right],
            questions[mark.question],
        )
        for mark in one.marks
    ]


def _row(question: Question, line: Line, used: list[Annotation], avoid: frozenset[str]) -> Row:
    given = ", ".join(map(str, line.given)) if isinstance(line.given, list) else str(line.given)
    note, name = None, line.name
    for annotation in used:
        claim = claims_by_id(annotation).get(line.name)
        if question.field and claim:
            note = explain(claim, question.field, given, annotation=annotation, avoid=avoid)
            name = f"{line.name}: “{claim.quote}”"
    return Row("" if line.name == "value" else name, given, str(note or question.advice))


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip()[:1] in tuple("=+-@＝＋－＠") else text


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".tmp")
    beside.write_text(text, "utf-8", errors="replace", newline="\n")
    os.replace(beside, path)
