"""What is run: our notebook with a student's answers, and nothing of the key."""

from __future__ import annotations

import ast
import copy
import dataclasses
import json
import sys
from unittest import mock

import pytest

from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.grading import transplant as transplant_
from kit.teacher.grading.transplant import literal, transplant


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
        ("a = 0x" + "f" * 5000, None),
        ("%matplotlib inline\na = 1", "a = 1"),
        ("%timeit 1\na = 1", None),
    ],
)
def test_only_a_plain_literal_is_taken_over(source: str, kept: str | None) -> None:
    assert literal(source, "a") == kept


def test_the_notebook_that_runs_holds_no_key(exercise: Exercise) -> None:
    notebook = transplant(exercise, {question.name: None for question in exercise.questions})
    text = json.dumps(notebook)
    code = notebook["cells"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    assert '"accept"' not in text and '"advice"' not in text and "starter" not in text
    assert all(cell["source"] == "pass" for cell in code if role(cell)[0] == "answer")


def test_nothing_else_of_the_submission_is_in_it(exercise: Exercise, solved: dict[str, str]) -> None:
    mine = transplant(exercise, {**solved, "a stranger": "import os"})
    assert "import os" not in json.dumps(mine)
    code = [cell for cell in exercise.notebook["cells"] if cell["cell_type"] == "code"]
    left = [cell for cell in code if cell["id"] not in {mine["id"] for mine in mine["cells"]}]
    assert left and {role(cell)[0] for cell in left} == {"text", "cards", "hand in"}


def test_what_is_only_there_to_be_read_is_left_out(exercise: Exercise) -> None:
    mine = transplant(exercise, {})
    texts = [cell["source"] for cell in mine["cells"] if role(cell)[0] == "text"]
    assert all(transplant_.assigned([text]) for text in texts)
    assert any("pieces" in transplant_.assigned([text]) for text in texts), "a cell that a check stands on"


def test_cards_to_click_are_left_out() -> None:
    found = load(places.solutions() / "02_facts_and_allegations.ipynb")
    assert "cards" in {role(cell)[0] for cell in found.notebook["cells"]}
    assert "cards" not in {role(cell)[0] for cell in transplant(found, {})["cells"]}


CHANGING = (
    *("claims['n'] = 1", "claims.insert(0, 'n', 1)", "del claims['n']", "claims.fillna(0, inplace=True)"),
    *("pd.x = 1", "import re", "for n in claims:\n    print(n)"),
)


@pytest.mark.parametrize("source", CHANGING)
def test_what_changes_something_is_not_only_there_to_be_read(source: str, exercise: Exercise) -> None:
    notebook = copy.deepcopy(exercise.notebook)
    cell = next(cell for cell in notebook["cells"] if role(cell)[0] == "text")
    cell["source"] = source
    mine = transplant(dataclasses.replace(exercise, notebook=notebook), {"acts": "claims = 0"})
    assert source in [cell["source"] for cell in mine["cells"]]
    last = [cell["source"] for cell in mine["cells"] if role(cell)[0] == "check"][-1]
    again = [node.value for node in ast.walk(ast.parse(last)) if isinstance(node, ast.Constant)]
    assert any(source in str(text) for text in again), "it is run again before a check that is wrapped"


CLAIMS = frozenset({"article", "claims", "pd", "pieces"})


@pytest.mark.parametrize(
    "source",
    [
        "x = (claims['layer'] == 'act').sum()",
        "import numpy as np\nx = np.mean(claims['n'])",
        "x = pd.crosstab(claims['a'], claims['b'])\nx['c'] = 1",
        "x = claims.copy()\nx['c'] = 1",
        "x = sorted(set(claims['unit']))",
    ],
)
def test_an_ordinary_answer_changes_nothing_of_ours(source: str) -> None:
    assert not transplant_.may_change(source, CLAIMS)


@pytest.mark.parametrize(
    "source",
    [
        "claims = claims[claims['n'] > 1]",
        "claims['n'] = 1",
        "claims.loc[0, 'n'] = 1",
        "article.claims['n'] = 1",
        "claims.drop(columns='n', inplace=True)",
        "claims.pop('n')",
        "mine = claims\nmine['n'] = 1",
        "for claims in (): pass",
        "def article(): pass",
        "import os as pieces",
        "import kit\nkit.check = None",
        "from kit import check",
        "pd.io.common.os.sys.modules.clear()",
        "exec('claims = 1')",
        "x = 1 .__class__",
        "%run other.py",
        "x = (",
    ],
)
def test_an_answer_that_may_change_what_is_ours_is_noticed(source: str) -> None:
    assert transplant_.may_change(source, CLAIMS)


def test_a_wrapped_check_shows_the_same_and_leaves_the_students_names_alone() -> None:
    theirs = {"answer": 2, "base": "mine", "kit": "mine", "len": 5}
    source = transplant_.restored("base.append(answer)\nlen(base)", "answer", ["base = [0]"])
    *body, last = ast.parse(source).body
    with mock.patch.dict(sys.modules):  # it fetches kit anew
        exec(compile(ast.Module(body, []), "check", "exec"), theirs)
        assert eval(compile(ast.unparse(last), "check", "eval"), theirs) == 2
        assert (theirs["base"], theirs["kit"], theirs["len"]) == ("mine", "mine", 5)
        exec(transplant_.restored("base.append(answer)\nlen(base)", "answer", ["base = [0]"], afresh=True), theirs)
        assert (theirs["base"], theirs["len"], "answer" in theirs) == ([0, 2], 5, True)


def test_only_checks_after_such_an_answer_are_wrapped(exercise: Exercise, solved: dict[str, str]) -> None:
    def wrapped(sources: dict[str, str]) -> set[str]:
        cells = transplant(exercise, sources)["cells"]
        return {role(cell)[1] for cell in cells if role(cell)[0] == "check" and "_own" in cell["source"]}

    assert not wrapped(solved)
    assert wrapped({**solved, "acts": "claims = None\nacts = len('x')"}) == {"acts", "counts", "several"}
