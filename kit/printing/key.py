"""The key on paper: what is right, line by line, what else is accepted, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat

from kit.errors import KitError
from kit.grading.exercise import Question, role
from kit.keys import accepted
from kit.printing.boxes import Box
from kit.printing.paper import FOLDED, HIDE, TEMPLATES, asked
from kit.records import Claim

__all__ = ["key"]

_BESIDE = re.compile(r"\A# Your answer.*\n")


@dataclass(frozen=True)
class Solved:
    """A line of the key: what is right, what else is accepted, and why."""

    name: str
    words: str
    right: str
    also: str
    why: str


def key(notebook: Any, *, claims: Mapping[str, Claim], questions: Mapping[str, Question]) -> Any:
    """The key on paper: each question's text, what is right, what else is accepted, and why.

    `questions` are those of a solved exercise. For a lesson there are none: what is right is then looked up in
    `claims`, or else the answers are those that the lesson itself folds away.
    """
    cells, text = [cell for cell in notebook.cells[:1] if cell.cell_type == "markdown"], ""
    solved = {cell.id: cell for cell in notebook.cells}
    for number, one in enumerate(asked(notebook), 1):
        answer = solved[one.cell]
        question = questions.get(role(answer)[1])
        rubric = question.rubric if question else ()
        rows = [] if rubric else [row for box in one.boxes for row in _key_rows(box, question, claims)]
        folded = [] if rows else _folded(notebook, one.cell)
        code = _BESIDE.sub("", answer.source) if question and any(box.computed for box in one.boxes) else ""
        heads = [", ".join(box.columns) for box in one.boxes if len(box.columns) > 1]
        page = TEMPLATES.get_template("key.html").render(
            asked=one, rows=rows, code=code, rubric=rubric, heads=heads, folded=bool(folded)
        )
        images = [output for output in answer.outputs if "image/png" in output.get("data", {})] if code else []
        cell = nbformat.v4.new_code_cell(id=f"key-{number}", metadata={"tags": [HIDE]})
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": page}), *images]
        cells += [nbformat.v4.new_markdown_cell(one.text, id=f"text-{number}")] if one.text != text else []
        cells += [cell, *folded]
        text = one.text
    return nbformat.v4.new_notebook(cells=cells)


def _folded(notebook: Any, answer: str) -> list[Any]:
    """The text with the answers that a lesson folds away below a question, unfolded."""
    at = next(n for n, cell in enumerate(notebook.cells) if cell.id == answer)
    for cell in notebook.cells[at + 1 : at + 3]:
        if cell.cell_type == "markdown" and (folded := FOLDED.findall(cell.source)):
            return [nbformat.v4.new_markdown_cell("\n\n".join(folded), id=cell.id)]
    return []


def _key_rows(box: Box, question: Question | None, claims: Mapping[str, Claim]) -> Iterator[Solved]:
    if question:
        rows = {row.name: row for row in box.rows}
        for name, value in question.key.items():
            claim = claims.get(rows[name].claim) if name in rows else None
            also = "; ".join(map(_plain, question.accept.get(name, ())))
            why = claim.why if claim and question.field == "status" else ""
            yield Solved("" if name == "value" else name, claim.quote if claim else "", _plain(value), also, why)
        return
    for row in box.rows:
        claim = claims.get(row.claim)
        right, *also = map(_plain, _looked_up(claim, box.field))
        if claim and right:
            yield Solved(row.name, claim.quote, right, "; ".join(also), claim.why if box.field == "status" else "")


def _looked_up(claim: Claim | None, field: str) -> tuple[Any, ...]:
    """What the annotation accepts on `field` of `claim`, the best one first; ("",) where it holds nothing of it."""
    try:
        return (accepted(claim, field) if claim and field else ()) or ("",)
    except (AttributeError, KeyError, KitError):
        return ("",)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
