"""Check cells that would give points away, or that could be guessed, are named before they grade anybody."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import Any

import pytest

from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.exercises.unfit import unfit_cells


@pytest.mark.parametrize("path", sorted(places.solutions().glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_question_of_the_course_is_fit(path: Path) -> None:
    assert not list(unfit_cells(load(path)))


def changed(exercise: Exercise, name: str, source: str) -> Exercise:
    notebook: Any = copy.deepcopy(exercise.notebook)
    for cell in notebook["cells"]:
        if role(cell) == ("check", name):
            cell["source"] = source
    return dataclasses.replace(exercise, notebook=notebook)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("assert acts == 12", "it asserts"),
        ("if True:\n    assert acts\nkit.check.number(acts)", "it asserts"),
        ("shown = kit.check.number(acts)", "shows nothing"),
        ("", "shows nothing"),
        ("kit.check.number(12)", "does not depend on the answer “acts”"),
        ("'done'", "does not depend on the answer “acts”"),
        ("kit.check.number(", "not Python"),
    ],
)
def test_a_check_that_shows_nothing_of_the_answer_is_named(source: str, says: str, exercise: Exercise) -> None:
    found = list(unfit_cells(changed(exercise, "acts", source)))
    assert found and says in found[0] and "acts-check" in found[0]


@pytest.mark.parametrize("source", ["%matplotlib inline", "!ls", "claims ="])
def test_a_cell_of_ours_that_is_not_plain_python_is_named(source: str, exercise: Exercise) -> None:
    notebook: Any = copy.deepcopy(exercise.notebook)
    cell = next(cell for cell in notebook["cells"] if role(cell)[0] == "setup")
    cell["source"] = source
    (found,) = unfit_cells(dataclasses.replace(exercise, notebook=notebook))
    assert cell["id"] in found and "plain Python" in found


@pytest.mark.parametrize(
    ("key", "field", "says"),
    [
        ({"A": "act", "B": "act", "C": "act", "D": "act"}, "layer", "“act”, is right on every line"),
        ({"A": "act", "B": "content"}, "layer", "can be guessed"),
        ({"value": True}, "", "can be guessed"),
        ({"A": "yes", "B": "no"}, "", "can be guessed"),
        ({"A": "", "B": ""}, "", "its key is empty"),
        ({"A": "act", "B": "content", "C": "act"}, "layer", None),
        ({"value": 12}, "", None),
    ],
)
def test_a_key_that_can_be_guessed_is_named(
    key: dict[str, Any], field: str, says: str | None, exercise: Exercise
) -> None:
    question = dataclasses.replace(exercise.questions[0], key=key, field=field)
    found = list(unfit_cells(dataclasses.replace(exercise, questions=(question, *exercise.questions[1:]))))
    assert (says is None and not found) or (says and says in found[0])
