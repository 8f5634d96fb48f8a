"""Lesson 1b: each finished line fits, each usual slip is told from it in words of its own."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest

import kit
from kit.check.counted import SLIPS as OF_A_LINE
from kit.check.counted import gives
from kit.check.feedback import say
from kit.questions import role

LESSON = nbformat.read(Path(__file__).resolve().parents[2] / "notebooks/01b_counting_claims.ipynb", as_version=4)
TOWN = kit.load_article("budget")
# What stands in the gaps of the lesson's lines, one after the other.
FILLED = {
    "acts": ["act"],
    "offices": ["institution"],
    "kinds": ["source_kind"],
    "crowded": ["paragraph"],
    "layers": ["layer"],
    "crossed": ["False"],
    "second": [">"],
    "pairs": ["claims"],
    "blank_rows": [""],
    "known": ["source"],
    "bars": ["status", "Most are alleged", "contents"],
}
# A gap filled with a usual slip, and which slip that is.
SLIPS = [
    ("acts", "content", "contents"),
    ("acts", "Act", "nothing"),
    ("offices", "offices", "named"),
    ("offices", "role", "role"),
    ("offices", "none", "role"),  # as many: the words hold for both
    ("crowded", "unit", "units"),
    ("crowded", "claim", "units"),
    ("crowded", "status", "other"),
    ("crowded", "source_kind", "other"),
    ("crossed", "True", "dropped"),
    ("second", "==", "one"),
    ("second", ">=", "all"),
    ("pairs", "text", "propositions"),
    ("blank_rows", "blank", "nothing"),
]


def finished(name: str, *gaps: str) -> str:
    """The lines of an answer cell as a student leaves them: the gaps filled, the marks in front taken away."""
    source = next(cell.source for cell in LESSON.cells if role(cell) == ("answer", name))
    filled = iter(gaps)
    return re.sub("____", lambda _: next(filled), re.sub("^# ", "", source, flags=re.MULTILINE))


@pytest.fixture(scope="module")
def names() -> dict[str, object]:
    """What the lesson's cells of examples make, with every gap filled as it is meant."""
    found: dict[str, object] = {}
    for cell in LESSON.cells:
        what, name = role(cell)
        if cell.cell_type == "code" and what != "check":
            exec(finished(name, *FILLED[name]) if name in FILLED else cell.source, found)
            plt.close("all")  # as a notebook does after each cell
    return found


@pytest.mark.parametrize("name", [name for name in FILLED if name != "bars"])
def test_a_line_that_is_finished_as_meant_fits(names: dict[str, object], name: str) -> None:
    said = kit.check.counted(names[name], task=name, article=TOWN)
    assert said.verdict == say(f"counted.{name}.fits") and not said.problems
    assert said.verdict in repr(said).replace("\n", " ") and said.verdict in said._repr_html_()


@pytest.mark.parametrize(("name", "gap", "slip"), SLIPS)
def test_a_usual_slip_gets_its_own_words(names: dict[str, object], name: str, gap: str, slip: str) -> None:
    there = dict(names)
    exec(finished(name, gap), there)
    assert kit.check.counted(there[name], task=name, article=TOWN).verdict == say(f"counted.{name}.{slip}")


def test_every_question_of_the_lesson_that_counts_is_a_task_and_no_other() -> None:
    asked = {role(cell)[1] for cell in LESSON.cells if "check.counted(" in cell.source}
    assert asked == set(OF_A_LINE) == set(gives(TOWN)) == set(FILLED) - {"bars"}


@pytest.mark.parametrize("name", OF_A_LINE)
def test_no_slip_gives_what_is_right(name: str) -> None:
    def form(value: object) -> object:
        return value.to_dict() if isinstance(value, pd.DataFrame) else value

    given = [form(value) for value in gives(TOWN)[name]]
    assert len(given) == 1 + len(OF_A_LINE[name])
    assert all(one != other for at, one in enumerate(given) for other in given[:at])


def test_what_is_blank_or_of_another_kind_is_said_as_everywhere() -> None:
    blank = kit.check.counted(..., task="layers", article=TOWN)
    assert blank.problems[0].startswith("Still blank") and blank.verdict == "0 of 9 lines filled."
    word = kit.check.counted("twelve", task="acts", article=TOWN)
    assert word.problems[0].startswith("A number is asked for")
    other = kit.check.counted(13, task="acts", article=TOWN)
    assert other.verdict == say("counted.acts.other")


def test_the_drawing_of_the_lesson_is_complete(names: dict[str, object]) -> None:
    source = next(cell.source for cell in LESSON.cells if role(cell) == ("check", "bars"))
    there = dict(names)
    exec(source.replace("kit.check.figure", "found = kit.check.figure"), there)
    assert not there["found"].problems and not there["found"].blanks
