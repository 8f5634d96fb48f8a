"""Cells that are not fit for grading: checks that show nothing of the answer, give points away, or can be guessed."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Any

from kit.questions import role
from kit.teacher.exercises.keys import Exercise, KeyedQuestion

__all__ = ["unfit_cells"]

_LIKELIEST = 1 / 8
"""How likely blind guessing may be to earn all points of a question."""
_FREE = 1000
"""Ways to fill a line that has no list to choose from."""


def unfit_cells(exercise: Exercise) -> Iterator[str]:
    """One sentence for each cell of `exercise` that is not fit for grading, and why.

    What keeps a solution from being an exercise at all, `keys.load` refuses.
    """
    questions = exercise.by_name
    for cell in exercise.notebook["cells"]:
        what, name = role(cell)
        if what == "check":
            unasked = f"nothing asks “{name}”; give the cell that does the role “ask”, its question and a title"
            faults = (*_shows(cell, name), *_guessed(questions[name]))
            for fault in faults if questions[name].asked else (unasked, *faults):
                yield f"{exercise.name}, cell {cell['id']}: {fault}."
        elif cell["cell_type"] == "code" and what != "answer" and _body(cell["source"]) is None:
            yield f"{exercise.name}, cell {cell['id']}: it is not plain Python; write it without “%” and “!” commands."


def _shows(cell: Any, name: str) -> Iterator[str]:
    """Whether its last line is a value that is made from the answer. An assert tells a student nothing but no."""
    body = _body(cell["source"])
    if body is None:
        yield "it is not Python"
        return
    if any(isinstance(node, ast.Assert) for part in body for node in ast.walk(part)):
        yield "it asserts; let it show the answer, so that each line can earn its points"
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr):
        yield "its last line shows nothing; end it with the value to compare"
    elif name not in {node.id for node in ast.walk(last) if isinstance(node, ast.Name)}:
        yield f"what it shows does not depend on the answer “{name}”"


def _body(source: str) -> list[ast.stmt] | None:
    """The statements of a cell; None where it is not plain Python."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return None


def _guessed(question: KeyedQuestion) -> Iterator[str]:
    """Whether one label for all lines, or a few blind tries, would earn everything."""
    if question.rubric:
        return
    values = list(question.key.values())
    if all(value in ("", [], {}) for value in values):
        yield "its key is empty"
        return
    if len(values) > 1 and isinstance(values[0], str) and all(value == values[0] for value in values):
        yield f"the same value, “{values[0]}”, is right on every line"
    # In how many ways each line can be filled.
    texts = {value for value in values if isinstance(value, str)}
    of_text = len(question.choices) or (max(2, len(texts)) if len(values) > 1 else _FREE)
    ways = [2 if isinstance(value, bool) else of_text if isinstance(value, str) else _FREE for value in values]
    if math.prod(ways) < 1 / _LIKELIEST:
        yield "it has so few possible answers that it can be guessed; ask for more lines"
