"""A student's work on the site: kept, counted on the first page, downloaded, never hidden nor lost by a new edition."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.site
EXERCISE = "exercises/02_facts_and_allegations.ipynb"
WIRE, FIRST = 32_000_000, ("127.0.0.1", "teacher.test")
"""The most bytes of a first start; and a safe address, beside one that is not (plain http on another computer)."""


def lines(student: Any) -> str:
    row = student.start_page().locator(f"tr[data-path='{EXERCISE}'] td").nth(1)
    return row.inner_text()


def answered(student: Any, *, saved: str) -> Any:
    """Three labels by keyboard, on the first card of the exercise."""
    from playwright.sync_api import expect

    live = student.page.locator(".kit-live").first
    live.locator(".kit-card input").first.focus()
    for key in ("2", "n", "5", "n", "1"):
        student.page.keyboard.press(key)
    expect(live.locator(".kit-state")).to_have_text(f"3 of 12 labelled, {saved}")
    return live


def source(student: Any) -> str:
    return "\n".join("".join(cell["source"]) for cell in student.cells())


@pytest.mark.parametrize("student", FIRST, indirect=True)
def test_work_is_kept_counted_and_downloaded(student: Any, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    student.open(EXERCISE)
    ran = student.run()
    assert not [o for c in ran for o in c["outputs"] if o["output_type"] == "error"]
    secure = student.page.evaluate("isSecureContext")
    live = answered(student, saved="saved" if secure else "kept until you close this page: write it into the cell")
    live.get_by_role("button", name="Write into the cell").press("Enter")
    expect(live).to_contain_text("is in its cell")
    student.save()
    student.again()
    assert lines(student) == "begun: 3 of 21 lines"
    student.open(EXERCISE)
    assert '"S03b": "denied"' in source(student)
    student.run()
    resumed = student.page.locator(".kit-live .kit-state").first
    expect(resumed).to_have_text(re.compile("3 of 12 " if secure else "0 of 12 "))
    student.save()
    with student.page.expect_download() as download:
        student.page.get_by_role("button", name="Download").press("Enter")
    download.value.save_as(tmp_path / "mine.ipynb")
    book = json.loads((tmp_path / "mine.ipynb").read_text("utf-8"))
    assert book["metadata"]["kit"]["exercise"] == "02_facts_and_allegations"
    assert any('"S03b": "denied"' in "".join(cell["source"]) for cell in book["cells"])


def said(student: Any, code: str) -> str:
    """What the kernel of the open page says to a cell with this code."""
    return student.page.evaluate(
        """async code => {
        const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        let said = '';
        const asked = kernel.requestExecute({ code });
        asked.onIOPub = ({ content: { text, data, evalue } }) => {
          said += text ?? data?.['text/plain'] ?? evalue ?? '' };
        await asked.done;
        return said }""",
        code,
    )


def test_python_knows_its_page_and_hands_in(student: Any) -> None:
    student.open(EXERCISE)
    student.run()
    assert said(student, "import kit.page.kept_answers as k; print(k.file('x').name)").startswith(
        "02_facts_and_allegations_x"
    )
    student.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    asked = "import os; print(os.environ['JPY_SESSION_NAME'], get_ipython().execution_count, 'kit' in globals())"
    assert said(student, asked) == f"/drive/{EXERCISE} 1 False\n"
    student.run()
    live = answered(student, saved="saved")
    live.get_by_role("button", name="Write into the cell").press("Enter")
    student.run()
    student.save()
    told = said(student, "import kit; kit.hand_in()")
    assert "Copied: Facts and allegations" in told and "press Hand in at the top of this page, or Download" in told
    assert "Exercise 2 · Facts and allegations: handed in, 18 lines blank" in said(student, "kit.progress()")
    assert lines(student) == "handed in, 18 lines blank"


@pytest.mark.parametrize("student", ["teacher.test"], indirect=True)
def test_where_python_sees_no_files_it_says_so(student: Any) -> None:
    page = student.open(EXERCISE)
    assert "Nothing was copied: at this address" in said(student, "import kit; kit.hand_in()")
    assert "stands on the first page" in said(student, "kit.progress()")
    assert "kept until you close a page" not in student.start_page().content()
    assert "write it into the cell" in page.locator("#kept").inner_text()


def test_a_slip_is_explained_from_the_first_cell_on(student: Any) -> None:
    page = student.open(EXERCISE)
    page.evaluate(
        """() => { const { model } = window.jupyterapp.shell.currentWidget.content;
        const first = Array.from(model.cells).find(cell => cell.type === 'code');
        first.sharedModel.setSource('statusses = {"S03b": "denied"'); }"""
    )
    student.run()
    assert "In plain words" in json.dumps(student.cells()[0]["outputs"])


def test_a_newer_edition_is_offered_and_the_old_one_kept(student: Any) -> None:
    student.open(EXERCISE)
    student.page.evaluate(
        """() => { const { model } = window.jupyterapp.shell.currentWidget.content;
        model.setMetadata('kit', { ...model.getMetadata('kit'), edition: 'an older one' });
        Array.from(model.cells)[0].sharedModel.setSource('# my own words'); }"""
    )
    student.save()
    page = student.start_page()
    row = page.locator(f"tr[data-path='{EXERCISE}']")
    assert "There is a newer edition of this page than yours." in row.inner_text()
    row.get_by_role("button").press("Enter")
    kept = page.get_by_role("link", name="exercises/02_facts_and_allegations.mine-1.ipynb")
    kept.wait_for()
    assert "newer edition" not in row.inner_text()
    kept.press("Enter")
    page.locator(".jp-Notebook", has_text="my own words").wait_for()
    student.open(EXERCISE)
    whole = student.page.evaluate("window.jupyterapp.shell.currentWidget.content.model.toJSON()")
    assert "my own words" not in json.dumps(whole)


def test_a_first_start_is_small_and_a_second_fetches_nothing(student: Any) -> None:
    student.start_page()
    student.open("lessons/01_said_is_not_so.ipynb")
    student.run()
    assert sum(size for _, size in student.sent) < WIRE
    student.again()
    student.sent.clear()
    student.open("lessons/01_said_is_not_so.ipynb")
    student.run()
    assert sum(size for _, size in student.sent) < 20_000, student.sent


def test_the_first_page_works_by_keyboard_on_a_small_screen(student: Any) -> None:
    page = student.start_page()
    assert page.evaluate("document.documentElement.scrollWidget ?? document.documentElement.scrollWidth") <= 1024
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Lesson 0 · Start here"
    page.keyboard.press("Enter")
    page.locator(".jp-NotebookPanel .jp-Notebook").wait_for()
    notices = page.goto(f"{student.address}/notices.html")
    assert notices and notices.ok
    for name in ("Pyodide", "numpy", "pandas", "anywidget", "@jupyterlab/notebook"):
        assert page.locator("summary", has_text=name).count()
