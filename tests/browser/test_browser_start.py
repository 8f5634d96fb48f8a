"""Where a student comes in: START, the way on, handing in, and a second start, in a real browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from conftest import START

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser
EXERCISE = "exercises/01_acts_and_contents.ipynb"
ACTS = "# Your answer\nacts = "


def photograph(page: Any, name: str) -> None:
    """A picture for whoever wants to look: `KIT_PICTURES` names a folder."""
    if folder := os.environ.get("KIT_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_start_shows_where_to_go_on_and_leads_there(student: Any) -> None:
    page = student.page
    on = page.get_by_role("link", name="Lesson 0 · Start here").first
    expect(on).to_be_visible()
    expect(page.get_by_role("row", name="Exercise 5 · The whole article")).to_contain_text("open")
    photograph(page, "start")
    student.run_at("start-progress")
    fresh = student.output("start-progress")
    expect(fresh.get_by_role("row")).to_have_count(page.locator(".jp-MarkdownCell tr").count())
    photograph(page, "start_progress")
    on.click()
    opened = "() => window.jupyterapp.shell.currentWidget?.context?.path === 'lessons/00_start_here.ipynb'"
    page.wait_for_function(opened)
    student.idle()
    panel = page.locator(f"[id='{page.evaluate('window.jupyterapp.shell.currentWidget.id')}']")
    expect(panel.locator(".jp-Cell").first).to_be_visible()
    expect(panel.locator(".jp-OutputArea-output")).to_have_text([])
    photograph(page, "first_lesson")


def test_a_link_in_what_kit_progress_shows_opens_the_page(student: Any) -> None:
    student.run_at("start-progress")
    student.output("start-progress").get_by_role("link", name="Exercise 1").click()
    opened = "path => window.jupyterapp.shell.currentWidget?.context?.path === path"
    student.page.wait_for_function(opened, arg=EXERCISE)
    student.idle()


def test_run_all_passes_a_failed_answer_and_hands_in_what_is_saved(lab: Any, notebook: Callable[[str], Any]) -> None:
    page = notebook(EXERCISE)
    page.write("acts-answer", f'{ACTS}claims["nothing"]')
    page.write("several-answer", "# Your answer\nseveral = 3")
    page.save()
    page.page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 1)")
    expect(page.output("hand-in")).to_contain_text("Copied: Acts and contents")
    page.idle()
    copies = list((lab.desk / "handed_in").iterdir())
    assert [copy.name for copy in copies] == ["01_acts_and_contents.ipynb"]
    assert json.loads(copies[0].read_text("utf-8"))["cells"]
    photograph(page.page, "hand_in")


def test_long_lines_of_code_are_wrapped(notebook: Callable[[str], Any]) -> None:
    page = notebook("exercises/05_the_whole_article.ipynb")
    expect(page.cell("judgement-answer").locator(".cm-content")).to_have_class("cm-content cm-lineWrapping")


def test_a_second_start_opens_the_one_that_runs(lab: Any) -> None:
    command = [sys.executable, "-c", START, str(lab.desk), "0"]
    around = os.environ | {"JUPYTER_RUNTIME_DIR": str(lab.desk.parent / "run")}
    done = subprocess.run(command, env=around, capture_output=True, text=True, timeout=60, cwd=lab.desk.parent)
    assert done.returncode == 0, done.stderr
    assert f"lab/tree/START.ipynb?token={lab.token}" in done.stdout
