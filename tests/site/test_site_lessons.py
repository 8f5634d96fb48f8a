"""Every lesson and exercise on the site says what it says where the kit is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.site
ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted(path.name for path in (ROOT / "exercises").glob("*.ipynb"))


def text(cell: dict[str, Any]) -> str:
    parts = (one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell["outputs"])
    return "\n".join(filter(None, ("".join(part) for part in parts)))


def said(cells: list[dict[str, Any]]) -> dict[str, str]:
    """What each cell says; the errors of those that stopped."""
    errors = [(c["id"], o["evalue"]) for c in cells for o in c["outputs"] if o["output_type"] == "error"]
    assert not errors
    return {cell["id"]: text(cell) for cell in cells}


def stored(path: Path) -> dict[str, dict[str, Any]]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return {cell["id"]: cell for cell in cells if cell["cell_type"] == "code"}


@pytest.fixture(params=["chromium", "firefox"])
def reader(request: pytest.FixtureRequest) -> Any:
    """A student in either browser."""
    return request.getfixturevalue("student" if request.param == "chromium" else "in_firefox")


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_says_the_same_as_installed(reader: Any, lesson: str) -> None:
    reader.open(f"lessons/{lesson}")
    ran = reader.run()
    assert all(cell["execution_count"] for cell in ran)
    assert said(ran) == {name: text(cell) for name, cell in stored(ROOT / "notebooks" / lesson).items()}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_solved_exercise_says_the_same_as_installed(reader: Any, exercise: str) -> None:
    solved = stored(ROOT / "exercises" / "solutions" / exercise)
    reader.open(f"exercises/{exercise}")
    reader.write({name: "".join(cell["source"]) for name, cell in solved.items()})
    ran = {name: words for name, words in said(reader.run()).items() if name in solved}
    hand_in = {cell["id"] for cell in reader.cells() if cell["metadata"]["kit"]["role"] == "hand in"}
    assert hand_in and {name: words for name, words in ran.items() if name not in hand_in} == {
        name: text(cell) for name, cell in solved.items() if name in ran and name not in hand_in
    }
