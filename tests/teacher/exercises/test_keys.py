"""The key laid over the questions: a solution that is not fit for grading is refused, and its cell is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises.keys import load

SOLUTION = min(places.solutions().glob("*.ipynb"))


def written(path: Path, what: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(what, path)
    return path


def cell(book: Any, name: str) -> Any:
    return next(one for one in book.cells if one.id == name)


def no_name(book: Any) -> None:
    del book.metadata["kit"]["exercise"]


def not_run(book: Any) -> None:
    cell(book, "layers-check").execution_count = None


def no_output(book: Any) -> None:
    cell(book, "layers-check").outputs = []


def two_outputs(book: Any) -> None:
    cell(book, "layers-check").outputs *= 2


def no_answer_shown(book: Any) -> None:
    cell(book, "layers-check").outputs[0]["data"]["text/plain"] = "<Article>"


def strange_line(book: Any) -> None:
    cell(book, "spans-check").metadata["kit"]["accept"]["S99"] = [[1]]


def strange_note(book: Any) -> None:
    cell(book, "spans-check").metadata["kit"]["notes"] = {"S99": {"words": "Look again."}}


def strange_misconception(book: Any) -> None:
    cell(book, "acts-check").metadata["kit"]["notes"] = {"value": {"words": "Look again.", "misconception": "a whim"}}


def same_name(book: Any) -> None:
    for what in ("answer", "check"):
        cell(book, f"acts-{what}").metadata["kit"]["question"] = "several"


def no_answer_cell(book: Any) -> None:
    book.cells.remove(cell(book, "layers-answer"))


def no_check_cell(book: Any) -> None:
    book.cells.remove(cell(book, "layers-check"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (no_name, "is not an exercise: its metadata name none"),
        (not_run, "cell layers-check: it shows no answer. Run `kit build`"),
        (no_output, "cell layers-check: it shows no answer"),
        (two_outputs, "cell layers-check: it shows no answer"),
        (no_answer_shown, "cell layers-check: it shows no answer"),
        (strange_line, "cell spans-check: “accept” names lines that the key has not: S99"),
        (strange_note, "cell spans-check: “notes” names lines that the key has not: S99"),
        (strange_misconception, "cell acts-check: “a whim” is none of the twelve misconceptions"),
        (same_name, "every question needs one answer cell and one check cell of its name"),
        (no_answer_cell, "every question needs one answer cell and one check cell of its name"),
        (no_check_cell, "every question needs one answer cell and one check cell of its name"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_solution_that_is_not_fit_for_grading_is_refused(
    spoil: Callable[[Any], None], said: str, tmp_path: Path
) -> None:
    book = nbformat.read(SOLUTION, as_version=4)
    path = written(tmp_path / "01_x.ipynb", book)
    assert load(path).points == load(SOLUTION).points
    spoil(book)
    with pytest.raises(KitError) as fault:
        load(written(path, book))
    assert "01_x.ipynb" in str(fault.value)
    assert said in str(fault.value)
