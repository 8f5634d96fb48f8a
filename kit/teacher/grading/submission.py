"""A submitted file, read without trust: which student, which exercise, and the source of each answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.check.answers import printable
from kit.errors import SubmissionError
from kit.files import from_json
from kit.page.names import changed, made, needed, plain, statements
from kit.page.quotes import parsed, straightened
from kit.questions import role
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading.handed_in import HandedIn, load
from kit.teacher.sandbox.limits import MOST_CELLS, MOST_CODE

_Cell = tuple[str, str, str]
"""A code cell: its id, the question in its metadata, its source."""


@dataclass(frozen=True)
class Submission:
    """One file of one student. `cells`: its code cells, with one that was cut apart as it was; `articles`: its own."""

    student: str
    path: Path
    declared: str
    cells: tuple[_Cell, ...]
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
        notebook = from_json(_text(data))
    except UnicodeDecodeError:
        raise SubmissionError("the file is damaged: it is not a text that a notebook could be") from None
    except ValueError:
        what = "the file is empty" if not data.strip() else "the file is cut off or damaged: it is not JSON"
        raise SubmissionError(what) from None
    if not isinstance(notebook, dict) or not isinstance(_cells(notebook), list):
        raise SubmissionError("the file is JSON, but not a notebook: it has no list of cells")
    about = _dict(_dict(notebook.get("metadata")).get("kit"))
    found = list(_code(_cells(notebook)))
    if len(found) > MOST_CELLS or sum(len(source) for _, _, source in found) > MOST_CODE:
        raise SubmissionError(f"it holds more than {MOST_CODE:,} letters of code, or more than {MOST_CELLS:,} cells")
    cells = tuple(
        _whole([(name, mark, straightened(text)) for name, mark, text in found])
    )  # takes time: not of too much
    articles = frozenset(_dict(about.get("blank")))
    return Submission(student, path, _said(about, "exercise"), cells, hashlib.sha256(data).hexdigest(), articles)


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
    """Every exercise that a submission answers, the one of `exercise_of` first.

    Another one counts by an answer in a cell of ours to a question that none before it asks, or by half of these.
    Raises SubmissionError as `exercise_of` does.
    """
    found = [exercise_of(submission, exercises)]
    ids, marks = {id_ for id_, _, _ in submission.cells}, {mark for _, mark, _ in submission.cells}
    names = marks.union(*(made(source) for _, _, source in submission.cells))
    for exercise in exercises.values():
        asked = {name for one in found for name in one.by_name}
        more = [one for one in exercise.questions if one.name not in asked]
        if not any(one.name in names or one.cell in ids for one in more):
            continue
        given = answers(submission, exercise)
        done = [one for one in more if (given[one.name].source or one.starter).split() != one.starter.split()]
        if any(one.name in marks or one.cell in ids for one in done) or (done and 2 * len(done) >= len(more)):
            found.append(exercise)
    return found


def answers(submission: Submission, exercise: Exercise) -> dict[str, FoundAnswer]:
    """The answer to each question of `exercise`.

    A cell answers a question if it assigns the question's variable; a cell that cannot be parsed, or
    assigns something else, still counts by its id or metadata. Among several that are not the untouched
    starter the marked ones come first, then the last one; a note says so where they differ. Cells of the student's
    own belong to an answer that uses what they make, or where they stand right behind it and change it.
    """
    ours = [(cell["cell_type"], role(cell)[0], cell["source"]) for cell in exercise.notebook["cells"]]
    given = frozenset(name for kind, what, text in ours if kind == "code" and what != "answer" for name in made(text))
    texts = {plain(text) for _, _, text in ours}
    return {question.name: _answer(submission, question, exercise, texts, given) for question in exercise.questions}


def _answer(
    submission: Submission, question: KeyedQuestion, exercise: Exercise, ours: set[str], given: frozenset[str]
) -> FoundAnswer:
    """The answer to `question`. `ours` are the sources of the cells of `exercise`, `given` the names that they make."""
    name, cells = question.name, submission.cells
    place, rivals = _chosen(cells, question, ours)
    if place is None:
        return FoundAnswer(name, None)
    ids, names = {one.cell for one in exercise.questions if one is not question}, set(exercise.by_name) - {name}
    own = [plain(text) not in ours and id_ not in ids and not names & {mark, *made(text)} for id_, mark, text in cells]
    behind = next((at for at in range(place + 1, len(cells)) if not own[at]), len(cells))
    parts = [place, *(at for at in range(place + 1, behind) if name in changed(cells[at][2]) - made(cells[at][2]))]
    lacks = {one for at in parts for one in needed(cells[at][2])} - {name, *given}
    for at in range(place - 1, -1, -1):
        text = cells[at][2]
        if own[at] and lacks & changed(text) and statements(text):
            parts.insert(0, at)
            lacks |= needed(text) - given
        lacks -= made(text)
    source = _text_of(cells[at] for at in parts)
    said = {line for text in ours for line in text.splitlines()}  # of a cell of ours, only a line that is new is theirs
    new = (_without(cells[at][2], said) for at in range(place) if own[at])
    lost = given & needed(source) & {one for text in new for one in changed(text)}
    note = ""
    if rivals:
        note = "several cells answer this question; the last one counts"
    elif any(name in changed(text) for _, _, text in cells[parts[-1] + 1 :] if plain(text) not in ours):
        note = "a later cell changes this answer, and is not run; only the answer cell counts"
    elif lost:
        note = f"a cell of the student's own changes `{min(lost)}`, and is not run; the answer starts from ours"
    return FoundAnswer(name, source, note)


def _without(text: str, lines: set[str]) -> str:
    return "\n".join(line for line in text.splitlines() if line.rstrip() not in lines)


def _chosen(cells: Sequence[_Cell], question: KeyedQuestion, checks: Collection[str]) -> tuple[int | None, bool]:
    """Which of `cells` answers `question`, by its place, and whether another one could as well. Our `checks` follow."""
    ranked = []
    for place, (cell_id, marked, source) in enumerate(cells):
        assigns = question.name in made(source)
        mark = (cell_id == question.cell) + (marked == question.name)
        if assigns or mark:
            below = cells[place + 1][2] if place + 1 < len(cells) else ""
            ours = plain(below) in checks or "kit.check." not in below  # else it belongs to another exercise's check
            ranked.append((plain(source) != plain(question.starter), assigns, mark > 0, ours, place))
    if not ranked:
        return None, False
    best = max(ranked)
    if not best[1] and question.name in needed(cells[best[4]][2]):  # it goes on with what a cell before it begins
        best = max((row for row in ranked if row[1] and row[4] < best[4]), default=best)
    return best[4], len({plain(cells[row[4]][2]) for row in ranked if row[:4] == best[:4]}) > 1


def _code(cells: list[Any]) -> Iterable[_Cell]:
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            lines = source if isinstance(source, list) else [source]
            text = printable("".join(line for line in lines if isinstance(line, str)))
            about = _dict(_dict(cell.get("metadata")).get("kit"))
            marked = _said(about, "question") if about.get("role") == "answer" else ""
            yield _said(cell, "id"), marked, text


def _whole(cells: Sequence[_Cell]) -> Iterator[_Cell]:
    """The cells, and as one those that a cell was cut into in the middle: its ends are no Python, all of it is."""
    broken = [parsed(text) is None for _, _, text in cells]
    at = 0
    while at < len(cells):
        ends = [end for end in range(at + 2, at + 5) if broken[at] and end <= len(cells) and broken[end - 1]]
        end = next((end for end in ends if parsed(_text_of(cells[at:end]))), at + 1)
        marked = next((cell for cell in cells[at:end] if cell[1]), cells[at])
        yield marked[0], marked[1], _text_of(cells[at:end])
        at = end


def _text_of(cells: Iterable[_Cell]) -> str:
    return "\n".join(text for _, _, text in cells)


def _cells(notebook: dict[str, Any]) -> Any:
    """The cells, also of a notebook in the older format 3, which kept them in worksheets."""
    sheets = notebook.get("worksheets")
    if isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        return [cell for cells in lists if isinstance(cells, list) for cell in cells]
    return notebook.get("cells")


def _text(data: bytes) -> str:
    """A file as text: in UTF-8, 16 or 32, as it says itself; bytes that are none are taken for Windows' letters."""
    text = data.decode(json.detect_encoding(data), "surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda one: bytes([ord(one[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _said(about: dict[str, Any], name: str) -> str:
    """The text that stands under `name`; "" for anything else."""
    text = about.get(name)
    return text if isinstance(text, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
