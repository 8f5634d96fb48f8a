"""A notebook as paper: what is read stays, what is typed becomes a box, and what only a computer can do goes."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from kit.files import templates
from kit.grading.exercise import role
from kit.printing.boxes import Box, Row, boxes
from kit.records import Claim

__all__ = ["FOLDED", "HIDE", "TEMPLATES", "Asked", "asked", "student"]

FOLDED = re.compile(r"<details\b[^>]*>\s*(?:<summary\b.*?</summary>)?(.*?)</details>", re.DOTALL | re.IGNORECASE)
"""What a notebook folds away for the reader to open; the group is what is inside."""
HIDE = "hide-code"
"""The tag of a cell whose code is not printed."""
TEMPLATES = templates(Path(__file__).parent / "templates")
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Asked:
    """A question on paper: the id of its answer cell, the text above it, its points, and what is to be filled."""

    cell: str
    text: str
    points: float
    boxes: tuple[Box, ...]


def asked(notebook: Any) -> tuple[Asked, ...]:
    """The questions of a lesson or an exercise, in order. Nothing is run."""
    found, text = [], ""
    kinds = _kinds(notebook)
    for cell in notebook.cells:
        if kinds[cell.id] == "read":
            text = FOLDED.sub("", cell.source).strip() or text
        if kinds[cell.id] == "answer":
            checks = (other for other in notebook.cells if kinds[other.id] == "check" and _checks(other, cell))
            check: Any = next(checks, {})
            starter = cell.metadata.get("kit", {}).get("starter", cell.source)
            points = check.get("metadata", {}).get("kit", {}).get("points", 0)
            found.append(Asked(cell.id, text, points, boxes(starter, check.get("source", ""))))
    return tuple(found)


def student(notebook: Any, *, claims: Mapping[str, Claim]) -> Any:
    """The notebook as a student gets it on paper; the words of `claims` stand beside lines that name one."""
    questions = {question.cell: question for question in asked(notebook)}
    kinds, paper = _kinds(notebook), copy.deepcopy(notebook)
    gone = ("check", "setup", "sample")
    needs = _needing_answers(notebook, questions.values()) - set(questions)
    paper.cells = [cell for cell in paper.cells if kinds[cell.id] not in gone and cell.id not in needs]
    for cell in paper.cells:
        if cell.id in questions:
            one = questions[cell.id]
            words = {row.name: _words(row, claims, one.text) for box in one.boxes for row in box.rows}
            page = TEMPLATES.get_template("boxes.html").render(asked=one, words=words)
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": page})]
        if cell.cell_type == "markdown":
            cell.source = FOLDED.sub("", cell.source)
        if cell.cell_type == "code":
            cell.outputs = [_unfoldable(output) for output in cell.outputs if not _alive(output)]
            if cell.id in questions or kinds[cell.id] == "text" or _is_plumbing(cell):
                cell.metadata.tags = [HIDE]
    paper.cells = [cell for cell in paper.cells if cell.cell_type != "code" or cell.outputs]
    return paper


def _words(row: Row, claims: Mapping[str, Claim], told: str) -> str:
    """The words of the claim that the row names, unless the text above has shown them already."""
    claim = claims.get(row.name)
    return claim.quote if claim and row.name not in told else ""


def _kinds(notebook: Any) -> dict[str, str]:
    """Cell id to role. Lessons state none: there a cell “x-check” checks the cell “x-answer”, or “x”."""
    ids = {cell.id for cell in notebook.cells}
    found = {}
    for cell in notebook.cells:
        said = role(cell)[0] or ("" if cell.cell_type == "code" else "read")
        if not said and cell.id.endswith("-check"):
            said = "check"
        elif not said and (cell.id.endswith("-answer") or f"{cell.id}-check" in ids):
            said = "answer"
        found[cell.id] = said
    return found


def _needing_answers(notebook: Any, questions: Iterable[Asked]) -> set[str]:
    """The ids of the cells that work with an answer, and so show nothing of use where none has been typed."""
    answers, found = {box.variable for one in questions for box in one.boxes}, set()
    for cell in notebook.cells:
        names = [node for node in ast.walk(_tree(cell)) if isinstance(node, ast.Name)]
        if any(node.id in answers and isinstance(node.ctx, ast.Load) for node in names):
            found.add(cell.id)
            answers |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return found


def _tree(cell: Any) -> ast.Module:
    try:
        return ast.parse(cell.source if cell.cell_type == "code" else "")
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _checks(check: Any, answer: Any) -> bool:
    question = role(answer)[1]
    of = check.id.removesuffix("-check")
    return role(check)[1] == question if question else of in (answer.id, answer.id.removesuffix("-answer"))


def _alive(output: Any) -> bool:
    data = output.get("data", {})
    return _WIDGET in data or "kit-copy" in "".join(data.get("text/html", ""))


def _unfoldable(output: Any) -> Any:
    """The output without what it folds away: on paper nothing can be opened."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = FOLDED.sub("", "".join(data["text/html"]))
    return output


def _is_plumbing(cell: Any) -> bool:
    """Whether code only loads and shows what the kit makes, so that a reader on paper misses nothing without it."""
    return all(map(_shows_only, _tree(cell).body))


def _shows_only(node: ast.stmt) -> bool:
    if isinstance(node, ast.For):
        return all(map(_shows_only, node.body))
    value = getattr(node, "value", None)
    while isinstance(value, ast.Call | ast.Attribute):
        value = value.func if isinstance(value, ast.Call) else value.value
    made = isinstance(value, ast.Name) and value.id in ("kit", "print")
    return made or isinstance(node, ast.Import | ast.ImportFrom) or isinstance(value, ast.Constant | ast.List)
