"""The exercise in a real browser: answered by keyboard, saved, and graded; checked; restarted; looked at."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_acts_and_contents.ipynb"
EXERCISE = f"exercises/{NAME}"
COMPLETE = "Complete: every line is filled"
THEMES = {"JupyterLab Dark": "rgb(17, 17, 17)", "JupyterLab Light": "rgb(255, 255, 255)"}


def test_what_is_typed_and_saved_gets_all_points(notebook: Callable[[str], Any], tmp_path: Path) -> None:
    exercise, right = notebook(EXERCISE), solutions()
    assert len(right) == 7
    for question, source in right.items():
        exercise.write(f"{question}-answer", source)
    run_all(exercise)
    for question in right:
        expect(exercise.output(f"{question}-check")).to_contain_text(COMPLETE)
    exercise.save()

    ana = tmp_path / "class" / "ana"
    ana.mkdir(parents=True)
    shutil.copy(exercise.file, ana / NAME)
    command = [sys.executable, "-m", "kit", "grade", str(ana.parent), "-o", str(tmp_path / "grades")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "grades" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["student"] for row in rows} == {"ana"}
    assert {row["question"] for row in rows} == set(right)
    assert sum(float(row["points"]) for row in rows) == sum(float(row["earned"]) for row in rows) == 24


def test_a_check_says_in_words_what_is_missing(notebook: Callable[[str], Any]) -> None:
    exercise = notebook(EXERCISE)
    exercise.run_at("setup")
    exercise.fill("layers-answer", S10a="acct", S10b="content")
    exercise.run_at("layers-answer", "layers-check", "acts-answer", "acts-check")
    check = exercise.output("layers-check")
    expect(check).to_contain_text("1 of 8 lines filled, 1 misspelt.")
    expect(check).to_contain_text("S10a: “acct” is not one of act, content")
    expect(check).to_contain_text("Still blank: S12b, S13b, S15a, S15b, S18a, S18b.")
    expect(exercise.output("acts-check")).to_contain_text("Still blank: give a number.")


def test_a_check_cannot_be_deleted_or_changed(notebook: Callable[[str], Any]) -> None:
    exercise = notebook(EXERCISE)
    cells, source = exercise.ids(), exercise.source("layers-check")
    exercise.go("layers-check")
    exercise.press("d", 2)
    exercise.press("x")
    exercise.press("Enter")
    exercise.page.keyboard.type("nonsense")
    exercise.press("Escape")
    # The same keys do delete a cell that is not protected, so they were not merely lost.
    exercise.go("end")
    exercise.press("d", 2)
    expect(exercise.page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(cells) - 1)
    assert exercise.ids() == [cell for cell in cells if cell != "end"]
    assert exercise.source("layers-check") == source


def test_answers_outlive_the_kernel(notebook: Callable[[str], Any]) -> None:
    exercise, right = notebook(EXERCISE), solutions()["layers"]
    exercise.write("layers-answer", right)
    exercise.run_at("setup", "layers-answer", "layers-check")
    expect(exercise.output("layers-check")).to_contain_text(COMPLETE)
    kernel = exercise.look("panel.sessionContext.session.kernel.id")
    exercise.press("0", 2)
    exercise.page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").press("Enter")
    expect(exercise.page.get_by_role("dialog")).to_have_count(0)
    exercise.idle()
    assert exercise.look("panel.sessionContext.session.kernel.id") == kernel
    assert exercise.source("layers-answer") == right
    # The new kernel knows nothing of the answer until its cell runs again.
    exercise.run_at("setup", "layers-check")
    expect(exercise.output("layers-check")).to_contain_text(
        "your answer cell has not been run since the kernel started"
    )
    exercise.run_at("layers-answer", "layers-check")
    expect(exercise.output("layers-check")).to_contain_text(COMPLETE)


def test_the_article_can_be_read_in_both_themes(notebook: Callable[[str], Any]) -> None:
    exercise = notebook(EXERCISE)
    exercise.run_at("setup", "text-shown")
    text = exercise.output("text-shown")
    frames = text.locator("span[style*=border]")
    faint = set()
    for theme, ground in THEMES.items():
        exercise.theme(theme, ground)
        # The text keeps the theme's own colour: one of ours would fit one theme alone.
        assert set(style(frames, "color")) == set(style(text.locator("p"), "color"))
        # A frame stands out from the ground, as WCAG 2.2 asks (1.4.11).
        faint |= {(theme, line) for line in style(frames, "borderTopColor") if contrast(line, ground) < 3}
    assert text.evaluate("item => item.scrollWidth <= item.clientWidth"), "one must scroll sideways"
    assert not faint


def style(items: Any, name: str) -> list[str]:
    """One property of the computed style of each item."""
    return items.evaluate_all("(items, name) => items.map(item => getComputedStyle(item)[name])", name)


def contrast(one: str, other: str) -> float:
    """The contrast of two opaque colours, such as "rgb(0, 0, 0)", by the formula of WCAG."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 to 1."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def solutions() -> dict[str, str]:
    """The right answers: question to the source of its answer cell."""
    cells = json.loads((ROOT / "exercises" / "solutions" / NAME).read_text("utf-8"))["cells"]
    answers = (cell for cell in cells if cell["metadata"].get("kit", {}).get("role") == "answer")
    return {cell["metadata"]["kit"]["question"]: "".join(cell["source"]) for cell in answers}


def run_all(exercise: Any) -> None:
    """Run all cells with Shift+Enter from the first."""
    exercise.go(exercise.ids()[0])
    for _ in exercise.ids():
        exercise.run()
