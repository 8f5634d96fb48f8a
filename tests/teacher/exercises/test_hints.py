"""Each question for pandas has three hints, and the third gives the key when its gaps are filled."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import pytest

from kit.questions import COMPUTED, role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load

SOLUTIONS = sorted(places.solutions().glob("*.ipynb"))
each_exercise = pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)
HINT = re.compile(r"<details><summary>Hint (\d): [^<]+</summary>\n\n(.+?)\n\n</details>", re.DOTALL)
GAP = "____"
# What stands in the gaps of the third hint, one after the other.
FILLED = {
    "01_acts_and_contents": {
        "acts": "layer act",
        "counts": "layer paragraph layer 0",
        "several": "unit >",
    },
    "02_facts_and_allegations": {
        "by_layer": "status layer",
        "share": "content status alleged",
        "kinds": "content source_kind status False",
        "quoted": "quote_type status alleged stance",
        "second": "status accepted 1",
    },
    "03_sources_and_chains": {
        "kinds": "source_kind source size nunique",
        "share": "- status mean",
        "gaps": "chain ? source_kind size sum",
        "through": "agency 0 first size sum",
    },
    "04_denials_and_silence": {
        "silences": "no_reply sum",
        "blank_rows": "- all",
        "doubts": "disputed_by dropna supported_by dropna 0",
        "disputed": "disputed_by 0",
    },
    "05_the_whole_article": {
        "mix": "status layer accepted 1 status",
        "firm": "accepted 1 source_kind sum open contents",
        "coverage": "claims claims claim proposition source",
        "quiet": "none no_reply - no_reply blank",
        "bars": "status T X Y",
        "kinds": "source_kind status T X Y",
        "heatmap": "0 1 2 columns index T X Y",
    },
}
UNCHANGED = ("source_kind", "quote_type", "disputed_by", "supported_by")


def finished(hint: str, words: str) -> str:
    """The code of the third hint with its gaps filled: “-” is the empty text, “_” within a word a space."""
    filled = (("" if word == "-" else word if word in UNCHANGED else word.replace("_", " ")) for word in words.split())
    code = re.sub(GAP, lambda _: next(filled), hint.removeprefix("```python\n").removesuffix("\n```"))
    assert not list(filled), "more words than gaps"
    return code


@each_exercise
def test_every_question_for_pandas_has_three_hints_in_order_and_no_other_has(solution: Path) -> None:
    exercise = load(solution)
    for question in exercise.questions:
        hints = HINT.findall(question.asked)
        assert [number for number, _ in hints] == (["1", "2", "3"] if question.kind == COMPUTED else [])
        if hints:
            assert "lesson 1b, step" in hints[1][1] and GAP in hints[2][1]
            assert not re.search(rf"^{re.escape(solution_of(exercise, question.name))}$", hints[2][1], re.MULTILINE)
    assert {question.name for question in exercise.questions if question.kind == COMPUTED} == set(FILLED[solution.stem])


def solution_of(exercise: Exercise, name: str) -> str:
    """The last line of a solved answer that assigns something to it."""
    cells = exercise.notebook["cells"]
    source = next("".join(cell["source"]) for cell in cells if role(cell) == ("answer", name))
    return [line for line in source.splitlines() if line.startswith(name)][-1]


@each_exercise
def test_the_third_hint_gives_the_key_when_its_gaps_are_filled(solution: Path) -> None:
    exercise = load(solution)
    names: dict[str, Any] = {}
    for cell in nbformat.read(solution, as_version=4).cells:
        what, name = role(cell)
        if cell.cell_type == "code" and what in ("setup", "text", "answer") and name not in FILLED[solution.stem]:
            exec(cell.source, names)
    for name, words in FILLED[solution.stem].items():
        question = next(one for one in exercise.questions if one.name == name)
        hint = HINT.findall(question.asked)[2][1]
        exec(finished(hint, words), names)
        check = next("".join(c["source"]) for c in exercise.notebook["cells"] if role(c) == ("check", name))
        exec(check.replace("kit.check.", "found = kit.check."), names)
        plt.close("all")  # as a notebook does after each cell
        allowed = {line: [value, *question.accept.get(line, [])] for line, value in question.key.items()}
        assert {line: value for line, value in names["found"].lines.items() if value not in allowed[line]} == {}, name
