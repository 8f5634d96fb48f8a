"""What is run: our notebook with a student's answers, and nothing of the key."""

from __future__ import annotations

import json

import pytest

from kit.grading.exercise import Exercise, role
from kit.grading.transplant import literal, transplant


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ('# Your answer\na = {"x": "act"}', "a = {'x': 'act'}"),
        ("a = 1\nimport kit\nkit.check = None", "a = 1"),
        ("a = [1, 2]\nprint('24 of 24')", "a = [1, 2]"),
        ("a = 1\na = 2", None),
        ("a = {}\na['x'] = 1", None),
        ("a = len('x')", None),
        ("b = a = 1", None),
        ("a: int = 1", None),
        ("a = (", None),
        ("x = 1", None),
        ("a = " + "(" * 5000 + ")" * 5000, None),
        ("%timeit 1\na = 1", None),
    ],
)
def test_only_a_plain_literal_is_taken_over(source: str, kept: str | None) -> None:
    assert literal(source, "a") == kept


def test_the_notebook_that_runs_holds_no_key(exercise: Exercise) -> None:
    notebook = transplant(exercise, {question.name: None for question in exercise.questions})
    text = json.dumps(notebook)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    assert '"accept"' not in text and '"advice"' not in text and "starter" not in text
    assert all(cell["source"] == "pass" for cell in code if role(cell)[0] == "answer")


def test_nothing_else_of_the_submission_is_in_it(exercise: Exercise, solved: dict[str, str]) -> None:
    mine = transplant(exercise, {**solved, "a stranger": "import os"})
    assert "import os" not in json.dumps(mine)
    assert [cell["id"] for cell in mine["cells"]] == [cell["id"] for cell in exercise.notebook["cells"]]
