"""Ordinary accidents: what happens to honest people costs them nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.questions import role
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import submission
from kit.teacher.grading.points import Mark
from kit.teacher.grading.transplant import transplant

Notebook = dict[str, Any]
Change = Callable[[Notebook], None]


def of(notebook: Notebook, question: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if role(cell) == ("answer", question))


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": "new", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def copied_cells(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] for cell in (cell, dict(cell))]


def no_execution_counts(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = None
            cell["outputs"] = [{"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": {}}]


def outputs_of_a_failure(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "error", "ename": "NameError", "evalue": "kit", "traceback": ["…"]}]


def a_kernel_that_is_not_here(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "conda-env-jour101-py", "display_name": "Python [conda env:jour101]"}
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.7.1"}


def answers_moved_to_the_end(notebook: Notebook) -> None:
    notebook["cells"].sort(key=lambda cell: role(cell)[0] == "answer")


def setup_moved_below(notebook: Notebook) -> None:
    notebook["cells"].sort(key=lambda cell: role(cell)[0] == "setup")


def notes_and_trials_between(notebook: Notebook) -> None:
    trials = [code(text) for text in ("claims.head()", "x = 1 +", "# acts = 3", "!ls", "layers", "layers == {}")]
    notebook["cells"] = [new for cell in notebook["cells"] for new in (cell, *copy.deepcopy(trials))]


def another_front_end(notebook: Notebook) -> None:
    """Colab and VS Code: no ids, sources as lines, metadata of their own and nothing of ours."""
    notebook["metadata"] = {"colab": {"provenance": []}, "accelerator": "GPU", "vscode": {"interpreter": {"hash": "x"}}}
    for number, cell in enumerate(notebook["cells"]):
        cell.pop("id", None)
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        cell["metadata"] = {"id": f"aB{number}", "colab": {"base_uri": "x"}, "executionInfo": {"status": "ok"}}


def format_3(notebook: Notebook) -> None:
    cells = []
    for cell in notebook.pop("cells"):
        if cell["cell_type"] == "code":
            text = "".join(cell["source"]).splitlines(keepends=True)
            cells.append({"cell_type": "code", "input": text, "outputs": [], "language": "python", "collapsed": False})
        else:
            cells.append({"cell_type": "markdown", "source": cell["source"], "metadata": {}})
    notebook |= {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}


def format_4_0(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        del cell["id"]


def format_5_to_come(notebook: Notebook) -> None:
    notebook |= {"nbformat": 5, "nbformat_minor": 2, "something": ["new"]}


def windows_line_ends(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")


def spaces_at_the_ends_of_lines(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["source"] = "\n\n" + "".join(cell["source"]).replace("\n", "  \t\n") + "\n\n \n"


HARMLESS = (
    copied_cells, no_execution_counts, outputs_of_a_failure, a_kernel_that_is_not_here, answers_moved_to_the_end,
    setup_moved_below, notes_and_trials_between, another_front_end, format_3, format_4_0, format_5_to_come,
)  # fmt: skip


def run(data: bytes, exercise: Exercise) -> Notebook:
    found = submission.read("ana", Path("ana.ipynb"), data)
    assert submission.exercise_of(found, {exercise.name: exercise}) is exercise
    given = submission.answers(found, exercise)
    assert not any(answer.note for answer in given.values())
    return transplant(exercise, {name: answer.source for name, answer in given.items()})


@pytest.fixture
def ours(exercise: Exercise, solved: dict[str, str]) -> Notebook:
    return transplant(exercise, dict(solved))


@pytest.mark.parametrize("change", HARMLESS, ids=lambda change: change.__name__)
def test_what_runs_is_the_same(
    change: Change, hand_in: Callable[..., Path], solved: dict[str, str], exercise: Exercise, ours: Notebook
) -> None:
    assert run(hand_in(solved, change=change).read_bytes(), exercise) == ours


@pytest.mark.parametrize("encode", [lambda text: b"\xef\xbb\xbf" + text, lambda text: text.replace(b"\n", b"\r\n")])
def test_how_the_file_was_saved_does_not_matter(
    encode: Callable[[bytes], bytes],
    hand_in: Callable[..., Path],
    solved: dict[str, str],
    exercise: Exercise,
    ours: Notebook,
) -> None:
    path = hand_in(solved)
    spread = json.dumps(json.loads(path.read_bytes()), indent=1, ensure_ascii=False).encode()
    assert run(encode(spread), exercise) == ours


WORKING = {
    "warns": "import warnings\nwarnings.warn('old')\n{acts}",
    "writes to stderr": "import sys\nprint('careful', file=sys.stderr)\nsys.stderr.write('x')\n{acts}",
    "prints a lot": "for n in range(20_000): print(n, 'x' * 50)\n{acts}",
    "displays a lot": "from IPython.display import display\nfor _ in range(20): display(claims)\n{acts}",
    "shows something at its end": "{acts}\ndisplay(claims)\nacts",
    "draws": "import matplotlib.pyplot as plt\n{acts}\nplt.bar([1], [acts])\nplt.show()",
    "sets matplotlib up": "%matplotlib inline\n{acts}",
    "asks for a package": "!pip install pandas\n%pip install pandas\nfiles = !ls\n{acts}",
    "times itself": "%%time\n{acts}",
    "asks for help": "claims.groupby?\n{acts}",
    "logs": "import logging\nlogging.basicConfig(level='DEBUG')\nlogging.debug('x')\n{acts}",
    "changes how pandas shows": "import pandas\npandas.set_option('display.max_rows', 3)\n{acts}",
    "overwrites the article": "article = 'soldiers'\npieces = None\n{acts}",
    "overwrites a function": "sum = 0\nlist = []\nstr = 'x'\n{acts}",
    "uses tabs": "if True:\n\tacts = 0\n\tfor layer in claims['layer']:\n\t\tacts += layer == 'act'",
    "has windows line ends": "{acts}\r\nacts\r\n",
    "defines a function": "def count():\n    return (claims['layer'] == 'act').sum()\n\nacts = count()",
    "awaits": "import asyncio\nawait asyncio.sleep(0)\n{acts}",
    "writes a file": "claims.to_csv('claims.csv')\n{acts}",
    "needs a file of the student's own": "{acts}\nopen('my notes.txt').read()",
    "goes on after an error": "acts = (claims['layer'] == 'act').sum()\nprint(undefined)",
}


@pytest.mark.slow
@pytest.mark.parametrize("accident", WORKING)
def test_a_right_answer_stays_right(
    accident: str, graded: Callable[..., dict[str, Mark]], solved: dict[str, str]
) -> None:
    answer = WORKING[accident].format(acts='acts = (claims["layer"] == "act").sum()')
    assert not_right(graded({**solved, "acts": answer})) == {}


def test_many_accidents_at_once_cost_nothing(graded: Callable[..., dict[str, Mark]], solved: dict[str, str]) -> None:
    beside = "%matplotlib inline\nimport sys, warnings\nwarnings.warn('old')\nprint(claims, file=sys.stderr)\n"
    accidents = {name: beside + source + f"\ndisplay({name})" for name, source in solved.items()}
    accidents["acts"] += "\narticle = pieces = None\n!pip install pandas"
    assert not_right(graded(accidents, change=another_front_end)) == {}


def not_right(marks: dict[str, Mark]) -> dict[str, str]:
    """The questions that are not right, with what is said of them."""
    return {name: f"{mark.outcome}: {mark.message}" for name, mark in marks.items() if mark.outcome != "right"}


def test_an_answer_in_two_cells_is_noted_for_a_person(
    hand_in: Callable[..., Path], solved: dict[str, str], exercise: Exercise
) -> None:
    def mended_below(notebook: Notebook) -> None:
        notebook["cells"].append(code('layers["S10a"] = "act"'))

    found = submission.read("ana", hand_in(solved, change=mended_below))
    notes = {name: answer.note for name, answer in submission.answers(found, exercise).items() if answer.note}
    assert list(notes) == ["layers"] and "a later cell changes this answer" in notes["layers"]


def test_curly_quotation_marks_cost_nothing(graded: Callable[..., dict[str, Mark]], solved: dict[str, str]) -> None:
    curly = solved["cues"].replace('"As per"', "“As per”").replace('"accused"', "‘accused’")
    assert curly.count("“") == curly.count("‘") == 1
    assert not_right(graded({**solved, "cues": curly})) == {}
