"""The transplant: our own notebook with the student's answers in place of ours, and without the key."""

from __future__ import annotations

import ast
import copy
from typing import Any

from kit.grading import setting
from kit.grading.exercise import Exercise
from kit.questions import role

__all__ = ["EMPTY", "literal", "transplant"]

EMPTY = "pass"
"""What is run for a question without an answer."""


def transplant(exercise: Exercise, sources: dict[str, str | None]) -> dict[str, Any]:
    """The notebook to run: ours, with `sources` (question to source) as the answers.

    Nothing else of the submission is in it: no cell, no id, no metadata, no output. No output of ours is
    in it either, so that whoever reads the file learns nothing. A question without a source stays unanswered.
    Where an answer is a plain literal, only the literal is taken over. After an answer that may have changed what
    is ours, checks are wrapped so that they do not see it. What is there for people alone is left out.
    """
    notebook = copy.deepcopy(exercise.notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if not _for_people(cell)]
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    ours: list[str] = []
    changed = False
    for cell in cells:
        what, question = role(cell)
        cell["outputs"], cell["execution_count"] = [], None
        cell["metadata"] = {"kit": {"role": what, "question": question}}
        if what == "answer":
            source = sources.get(question)
            cell["source"] = EMPTY if source is None else (literal(source, question) or source)
            changed = changed or setting.may_change(cell["source"], setting.assigned(ours))
        elif what == "check":
            cell["source"] = setting.restored(cell["source"], question, ours) if changed else cell["source"]
        elif not setting.only_shows(cell["source"]):
            ours.append(cell["source"])
    return notebook


def _for_people(cell: dict[str, Any]) -> bool:
    """Whether a cell of ours is there for people alone: a sample answer, cards to click, or something to read."""
    what, _ = role(cell)
    return what in ("sample", "cards") or (what == "text" and setting.only_shows(cell["source"]))


def literal(source: str, name: str) -> str | None:
    """`name = <literal>` if `source` assigns one to `name`, once, and does nothing else with it; else None.

    An answer that is plain data needs none of the code around it, so that code is not run.
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    uses = [node for node in ast.walk(ast.Module(body, [])) if isinstance(node, ast.Name) and node.id == name]
    for node in body:
        if isinstance(node, ast.Assign) and len(uses) == 1 and uses[0] in node.targets and len(node.targets) == 1:
            try:
                return f"{name} = {ast.literal_eval(node.value)!r}"
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                return None
    return None
