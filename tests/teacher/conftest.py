"""The solved exercise, and notebooks made of answers."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.sandbox.kernels import Kernel, choose

NAME = "01_acts_and_contents"


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    return load(places.solutions() / f"{NAME}.ipynb")


@pytest.fixture(scope="session")
def kernel() -> Iterator[Kernel]:
    """The kernel that `kit grade` would use here."""
    one = choose(trust=True)
    yield one
    one.close()


@pytest.fixture(scope="session")
def solved(exercise: Exercise) -> dict[str, str]:
    """The right answer's source for every question."""
    return {role(c)[1]: c["source"] for c in exercise.notebook["cells"] if role(c)[0] == "answer"}


@pytest.fixture
def student_copy() -> dict[str, Any]:
    return json.loads((places.exercises() / f"{NAME}.ipynb").read_text("utf-8"))


@pytest.fixture
def hand_in(tmp_path: Path, student_copy: dict[str, Any]) -> Callable[..., Path]:
    """Write a notebook with these answers, after `change` was done to it, and return its path."""

    def write(answers: dict[str, str], *, change: Callable[[dict[str, Any]], None] = lambda nb: None) -> Path:
        notebook = copy.deepcopy(student_copy)
        for cell in notebook["cells"]:
            what, question = role(cell)
            if what == "answer" and question in answers:
                cell["source"] = answers[question]
        change(notebook)
        path = tmp_path / f"{NAME}.ipynb"
        path.write_text(json.dumps(notebook), "utf-8")
        return path

    return write


@pytest.fixture
def as_read() -> Callable[[dict[str, Any]], Any]:
    return lambda notebook: nbformat.from_dict(notebook)
