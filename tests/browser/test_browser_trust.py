"""What a check says of an answer cell that was edited and not run, that failed, or whose kernel was restarted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

EXERCISE = "exercises/01_acts_and_contents.ipynb"
BEFORE = "getComputedStyle(document.querySelectorAll('.jp-Cell')[at].querySelector('.kit-unrun'), '::before')"
RIGHT = '# Your answer\nacts = (claims["layer"] == "act").sum()'


def warned(book: Any, check: str) -> bool:
    """Whether the words about an edited cell are to be seen below a check, in place of its verdict."""
    at = book.ids().index(check)
    seen = book.page.evaluate(f"at => {BEFORE}.display === 'block' && {BEFORE}.content.includes('not run')", at)
    assert seen != book.output(check).locator("p").first.is_visible()
    return seen


def test_an_edited_cell_shows_in_its_check_at_once(notebook: Callable[[str], Any]) -> None:
    book = notebook(EXERCISE)
    book.run_at("setup")
    book.write("acts-answer", RIGHT)
    book.run_at("acts-answer", "acts-check")
    book.output("acts-check").get_by_text("Complete").wait_for()
    assert not warned(book, "acts-check")
    book.write("acts-answer", f"{RIGHT} + 1")
    book.cell("acts-answer").and_(book.page.locator(".jp-mod-dirty")).wait_for()
    assert warned(book, "acts-check")
    book.run_at("acts-answer")
    assert not warned(book, "acts-check")


def test_an_edited_cell_shows_beyond_a_cell_of_the_students_own(notebook: Callable[[str], Any]) -> None:
    book = notebook(EXERCISE)
    book.run_at("setup")
    book.write("acts-answer", RIGHT)
    book.run_at("acts-answer", "acts-check", "counts-check")
    book.go("acts-answer")
    book.press("b")  # a cell of one's own below
    book.page.keyboard.press("Escape")
    book.write("acts-answer", f"{RIGHT} + 1")
    assert book.ids().index("acts-check") - book.ids().index("acts-answer") == 2
    assert warned(book, "acts-check")


def test_a_cell_that_failed_shows_in_its_check_before_that_runs_again(notebook: Callable[[str], Any]) -> None:
    book = notebook(EXERCISE)
    book.run_at("setup")
    book.write("acts-answer", RIGHT)
    book.run_at("acts-answer", "acts-check")
    for slip in ("acts = 5 5", 'acts = claims["layers"]'):
        book.write("acts-answer", f"# Your answer\n{slip}")
        book.run_at("acts-answer")
        assert warned(book, "acts-check")
    book.run_at("acts-check")
    assert book.output("acts-check").inner_text().startswith("Your answer cell stopped with an error in line 2.")


def test_the_whole_way_from_an_error_to_a_restart(notebook: Callable[[str], Any]) -> None:
    book = notebook(EXERCISE)
    book.run_at("setup")
    book.write("acts-answer", RIGHT)
    book.run_at("acts-answer")
    book.write("acts-answer", '# Your answer\nacts = claims["layers"]')
    book.run_at("acts-answer", "acts-check")
    book.output("acts-answer").get_by_text("Did you mean layer?").wait_for()
    said = book.output("acts-check").inner_text()
    assert said.startswith("Your answer cell stopped with an error in line 2.") and "Complete" not in said
    book.write("acts-answer", f"{RIGHT} + 1")
    book.save()
    book.run_at("acts-check")
    assert "Your answer cell was changed after it ran." in book.output("acts-check").inner_text()
    book.look("panel.context.sessionContext.session.kernel.restart()")
    book.idle()
    book.run_at("acts-answer")
    book.output("acts-answer").get_by_text("Run → Run All Above Selected Cell").first.wait_for()
