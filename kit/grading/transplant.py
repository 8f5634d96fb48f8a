"""The transplant: our own notebook with the student's answers in place of ours, and without the key."""

from __future__ import annotations

import ast
import copy
from typing import Any

from kit.grading.exercise import Exercise, role

__all__ = ["literal", "transplant"]

FRESH = """import sys
for _name in [name for name in sys.modules if name.partition(".")[0] == "kit"]:
    del sys.modules[_name]
import kit
"""
"""Put before each check: an answer that changed `kit` does not change the check."""


def transplant(exercise: Exercise, sources: dict[str, str | None]) -> dict[str, Any]:
    """The notebook to run: ours, with `sources` (question to source) as the answers.

    Nothing else of the submission is in it: no cell, no id, no metadata, no output. No output of ours is
    in it either, so that whoever reads the file learns nothing. A question without a source stays unanswered.
    Where an answer is a plain literal, only the literal is taken over.
    """
    notebook = copy.deepcopy(exercise.notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if role(cell)[0] != "sample"]
    for cell in notebook["cells"]:
        what, question = role(cell)
        if cell["cell_type"] != "code":
            continue
        cell["outputs"], cell["execution_count"] = [], None
        cell["metadata"] = {"kit": {"role": what, "question": question}}
        if what == "answer":
            source = sources.get(question)
            cell["source"] = "pass" if source is None else (literal(source, question) or source)
        elif what == "check":
            cell["source"] = FRESH + cell["source"]
    return notebook


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
