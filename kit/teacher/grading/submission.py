"""A submitted file, read without trust: which student, which exercise, and the source of each answer."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import SubmissionError
from kit.page.names import plain, root, statements
from kit.page.quotes import straightened
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading.handed_in import HandedIn, load
from kit.teacher.sandbox.limits import MOST_CELLS, MOST_CODE

__all__ = ["FoundAnswer", "Submission", "answers", "exercise_of", "exercises_of", "read"]

_KEPT = 2000
"""Cells whose reading is remembered: those of one notebook, for each of its questions."""


@dataclass(frozen=True)
class Submission:
    """One file of one student. `cells`: its code cells (id, question in its metadata, source); `articles`: its own."""

    student: str
    path: Path
    declared: str
    cells: tuple[tuple[str, str, str], ...]
    sha256: str = ""
    articles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FoundAnswer:
    """The source that a student gives to a question; `source` is None where no cell answers it."""

    question: str
    source: str | None
    note: str = ""


def read(student: str, path: Path, data: bytes | None = None) -> Submission:
    """Read a submission (from `data`, if its bytes are at hand).

    Raises SubmissionError with one sentence where it is no notebook that can be graded.
    """
    data = load(HandedIn(student, path, path.name)) if data is None else data
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError):
        raise SubmissionError("the file is damaged: it is not a text that a notebook could be") from None
    except ValueError:
        what = "the file is empty" if not data.strip() else "the file is cut off or damaged: it is not JSON"
        raise SubmissionError(what) from None
    if not isinstance(notebook, dict) or not isinstance(_cells(notebook), list):
        raise SubmissionError("the file is JSON, but not a notebook: it has no list of cells")
    about = _dict(_dict(notebook.get("metadata")).get("kit"))
    cells = tuple(_code(_cells(notebook)))
    if len(cells) > MOST_CELLS or sum(len(source) for _, _, source in cells) > MOST_CODE:
        raise SubmissionError(f"it holds more than {MOST_CODE:,} letters of code, or more than {MOST_CELLS:,} cells")
    articles = frozenset(_dict(about.get("blank")))
    return Submission(student, path, str(about.get("exercise", "")), cells, hashlib.sha256(data).hexdigest(), articles)


def exercise_of(submission: Submission, exercises: dict[str, Exercise]) -> Exercise:
    """The exercise that a submission answers: as its metadata say, else its file name, else its answers.

    Raises SubmissionError where it answers none of them.
    """

    def answered(name: str) -> int:
        return sum(one.source is not None for one in answers(submission, exercises[name]).values())

    said = (submission.declared, *(name for name in exercises if name in submission.path.stem))
    name = next((name for name in said if name in exercises and answered(name)), None)
    name = name or max(exercises, key=answered, default="")
    if not name or not answered(name):
        wanted = ", ".join(exercises)
        raise SubmissionError(f"it is another notebook: none of its cells answers a question of {wanted}")
    if submission.articles and submission.articles != set(exercises[name].blank):
        raise SubmissionError(f"it is {name} on another article: give the --course that it is from")
    return exercises[name]


def exercises_of(submission: Submission, exercises: dict[str, Exercise]) -> list[Exercise]:
    """The exercise as `exercise_of` has it, and each other one that the file answers as well.

    Exercises share names of questions, and students use names of their own: so another one counts where a cell is
    marked as the answer to a question that only it has, or where most such questions are answered.
    """
    found = [exercise_of(submission, exercises)]
    for other in exercises.values():
        own = {one.name: one.cell for one in other.questions if not any(one.name in had.by_name for had in found)}
        marks = {mark for cell in submission.cells for mark in cell[:2]}
        if other not in found and any(name in text for name in own for _, _, text in submission.cells):
            given = {name for name, one in answers(submission, other).items() if name in own and one.source is not None}
            if 2 * len(given) > len(own) or any({name, own[name]} & marks for name in given):
                found.append(other)
    return found


def answers(submission: Submission, exercise: Exercise) -> dict[str, FoundAnswer]:
    """The answer to each question of `exercise`.

    A cell answers a question if it assigns the question's variable; a cell that cannot be parsed, or
    assigns something else, still counts by its id or metadata. Among several that are not the untouched
    starter the marked ones come first, then the last one; a note says so where they differ.
    """
    ours = {plain(cell["source"]) for cell in exercise.notebook["cells"]}
    return {question.name: _answer(submission, question, ours) for question in exercise.questions}


def _answer(submission: Submission, question: KeyedQuestion, ours: set[str]) -> FoundAnswer:
    ranked = []
    for place, (cell_id, marked, source) in enumerate(submission.cells):
        assigns = question.name in _assigned(source)
        mark = (cell_id == question.cell) + (marked == question.name)
        if assigns or mark:
            touched = plain(source) != plain(question.starter)
            ranked.append((touched, assigns, mark > 0, place, source))
    if not ranked:
        return FoundAnswer(question.name, None, "the answer cell is missing")
    best = max(ranked)
    rivals = {plain(row[4]) for row in ranked if row[:3] == best[:3]}
    note = "several cells answer this question; the last one counts" if len(rivals) > 1 else ""
    later = [source for _, _, source in submission.cells[best[3] + 1 :] if plain(source) not in ours]
    if not note and any(question.name in _changed(source) for source in later):
        note = "a later cell changes this answer, and is not run; only the answer cell counts"
    return FoundAnswer(question.name, best[4], note)


@functools.lru_cache(maxsize=_KEPT)
def _assigned(source: str) -> frozenset[str]:
    """The variables that a cell assigns at its top level, and not merely from themselves (`x = round(x, 1)`)."""
    body = statements(source)
    if body is None:
        return frozenset(re.findall(r"^(\w+)\s*=[^=]", source, re.MULTILINE))
    found: set[str] = set()
    for node in body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value:
            read = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)} - read
    return frozenset(found)


@functools.lru_cache(maxsize=_KEPT)
def _changed(source: str) -> frozenset[str]:
    """The variables into which, or into a part of which (`x["a"] = 1`), a cell puts something at its top level."""
    found = set()
    for node in statements(source) or ():
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            if target is not None and not isinstance(target, ast.Call):
                found.add(root(target))
    return frozenset(found - {""})


def _code(cells: list[Any]) -> Iterable[tuple[str, str, str]]:
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            about = _dict(_dict(cell.get("metadata")).get("kit"))
            marked = about.get("question") if about.get("role") == "answer" else ""
            yield str(cell.get("id", "")), str(marked or ""), text if len(text) > MOST_CODE else straightened(text)


def _cells(notebook: dict[str, Any]) -> Any:
    """The cells, also of a notebook in the older format 3, which kept them in worksheets."""
    sheets = notebook.get("worksheets")
    if isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        return [cell for cells in lists if isinstance(cells, list) for cell in cells]
    return notebook.get("cells")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
