"""The lesson in a real browser, from the start page to the exit ticket, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

LESSON = "lessons/01_said_is_not_so.ipynb"
NAMES = sorted(path.name for path in (Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
SEEN = ".jp-NotebookPanel:not(.lm-mod-hidden)"
FITS = "Fits the text."


def test_the_start_page_is_open_and_asks_nothing(page: Any, lab: Any) -> None:
    page.goto(f"{lab.url}/?token={lab.token}")
    expect(page.get_by_role("heading", name="Where you are")).to_be_visible()
    expect(page).to_have_url(re.compile("/lab/tree/START.ipynb$"))
    # The keyboard works at once: the first cell has the focus.
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_focused()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    # Where the news question would be asked.
    page.wait_for_load_state("networkidle")
    expect(page.locator(".jp-Dialog, [role=dialog], .Toastify__toast")).to_have_count(0)


def test_a_student_goes_through_the_lesson_by_keyboard(notebook: Callable[[str], Any]) -> None:
    lesson = notebook(LESSON)
    for _ in lesson.ids():
        lesson.run()
    expect(lesson.page.locator("[data-mime-type*=stderr], [data-mime-type*=error]")).to_have_count(0)

    # The article, each box labelled in words, and the same as a table for those who do not see the boxes.
    article = lesson.output("aloud-text")
    for words in ("[S05a act]", "[S05b content]", "[S07b act]"):
        expect(article.get_by_text(words, exact=True)).to_be_visible()
    expect(article.get_by_role("row", name="S05a act")).to_be_hidden()
    article.get_by_text("The same as a table").press("Enter")
    expect(article.get_by_role("row", name="S05a act")).to_be_visible()
    article.get_by_text("The same as a table").press("Enter")
    lesson.cell("aloud-text").focus()

    expect(lesson.output("step-1-check")).to_contain_text("1 of 3 lines filled")
    expect(lesson.output("step-1-check")).to_contain_text("Still blank: S08b, S08c.")

    # Wrong answers get the rule, the words to look at and a contrast, and never the right label.
    answer(lesson, "step-1", S08b="act", S08c="content")
    wrong = remark(lesson, "step-1", "S08b")
    expect(wrong).to_contain_text("These words tell what was said, not that it was said.")
    expect(wrong).to_contain_text("The words to look at: “reports”.")
    expect(wrong).to_contain_text("would fit S07b")
    expect(remark(lesson, "step-1", "S08c")).to_contain_text("The words to look at: “continued”.")
    answer(lesson, "step-1", S08b="content", S08c="act")
    for claim in ("S08a", "S08b", "S08c"):
        expect(remark(lesson, "step-1", claim)).to_have_text(FITS)

    answer(lesson, "step-2", S20a="content", S20b="act", S20c="content")
    for claim in ("S20a", "S20b", "S20c"):
        expect(remark(lesson, "step-2", claim)).to_have_text(FITS)

    answer(lesson, "step-3", S27a="author", S27b="source", S05b="author", S25a="none")
    expect(remark(lesson, "step-3", "S05b")).to_contain_text("The words to look at: “rumors”.Compare: author would fit")
    expect(remark(lesson, "step-3", "S25a")).to_contain_text("A sentence without a speaker still has a voice")
    answer(lesson, "step-3", S05b="none", S25a="author")
    for claim in ("S27a", "S27b", "S05b", "S25a"):
        expect(remark(lesson, "step-3", claim)).to_have_text(FITS)

    answer(lesson, "ticket", A="content", B="content", C="act")
    expect(lesson.output("ticket-check")).to_contain_text("Still blank: D.")
    expect(remark(lesson, "ticket", "A")).to_contain_text("It tells that somebody spoke")
    answer(lesson, "ticket", A="act", D="content")
    for headline in "ABCD":
        expect(remark(lesson, "ticket", headline)).to_have_text(FITS)


def test_a_student_goes_from_the_first_lesson_to_the_last_by_keyboard(student: Any) -> None:
    follow(student, "start-table", NAMES[0])
    for name, following in zip(NAMES, [*NAMES[1:], ""], strict=True):
        cells = student.ids()
        for cell in cells:
            student.run_at(cell)  # not merely the next one: a card of practice takes the keys
        expect(student.page.locator(f"{SEEN} [data-mime-type*=stderr], {SEEN} [data-mime-type*=error]")).to_have_count(
            0
        )
        assert name in student.page.url
        if following:
            onward = next(cell for cell in reversed(cells) if following in student.source(cell))
            follow(student, onward, following)


def follow(student: Any, cell: str, name: str) -> None:
    """Go on to another notebook by the link in a cell: Tab leads to it, Enter opens it."""
    student.go(cell)
    for _ in range(12):
        student.press("Tab")
        if name in (student.page.evaluate("document.activeElement.href") or ""):
            break
    student.press("Enter")
    opened = "name => window.jupyterapp.shell.currentWidget?.context?.path.endsWith(name)"
    student.page.wait_for_function(opened, arg=f"/{name}")
    student.idle()


def answer(lesson: Any, step: str, **labels: str) -> None:
    """Type labels into the answer cell of a step, and run it and its check."""
    lesson.fill(f"{step}-answer", **labels)
    lesson.run_at(f"{step}-answer", f"{step}-check")


def remark(lesson: Any, step: str, line: str) -> Any:
    """What the check of a step says of a line, in the last cell of its row."""
    rows = lesson.output(f"{step}-check").get_by_role("row")
    return rows.filter(has_text=re.compile(rf"^{line}")).locator("td").last
