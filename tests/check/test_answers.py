"""Kinds of numbers: every exercise says which kind it asks for, so that an impossible one is named."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kit.check.answers import KINDS_OF_NUMBERS, written_otherwise
from kit.questions import COMPUTED, role
from kit.setup import places
from kit.teacher.exercises.keys import load

SOLUTIONS = sorted(places.solutions().glob("*.ipynb"))
OPTION = {"number": "kind", "table": "kind", "figure": "numbers"}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_each_number_that_is_asked_for_has_its_kind(path: Path) -> None:
    exercise = load(path)
    cells = {role(cell)[1]: cell["source"] for cell in exercise.notebook["cells"] if role(cell)[0] == "check"}
    for question in exercise.questions:
        if question.kind == COMPUTED:
            (call,) = [node for node in ast.walk(ast.parse(cells[question.name])) if isinstance(node, ast.Call)
                       and isinstance(node.func, ast.Attribute) and node.func.attr == question.check]  # fmt: skip
            given = {word.arg: word.value for word in call.keywords}
            kinds = ast.literal_eval(given[OPTION[question.check]])
            assert {kinds} if isinstance(kinds, str) else set(kinds) <= set(KINDS_OF_NUMBERS) - {"number"}
            assert question.check != "number" or kinds != "count" or "most" in given


@pytest.mark.parametrize("answer", ["", "twelve", "1.2.3", "12 13", (1,) * 3, ("1", "2"), {}, None, ..., [], [[1]]])
def test_where_no_number_can_be_seen_nothing_is_proposed(answer: object) -> None:
    assert written_otherwise(answer) == ""
