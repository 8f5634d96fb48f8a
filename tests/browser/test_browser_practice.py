"""Practice in a real browser: by keyboard alone, explained at once, kept in the diary, in a small window."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.recall import diary

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

THEMES = {"JupyterLab Light": "rgb(255, 255, 255)", "JupyterLab Dark": "rgb(17, 17, 17)"}
CELLS = {
    "cards": "import kit\ncards = kit.practice(2)\ncards",
    "typed": "print(cards.answer('act'))",
    "end": "# The end",
}


@pytest.fixture
def nb(lab: Any, notebook: Callable[[str], Any]) -> Iterator[Any]:
    """A notebook with two cards of practice, open; without a diary of an earlier test."""
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": source, "execution_count": None, "outputs": []}
        for name, source in CELLS.items()
    ]
    content = {"cells": cells, "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}}}
    (lab.desk / "practice.ipynb").write_text(json.dumps(content | {"nbformat": 4, "nbformat_minor": 5}), "utf-8")
    (lab.desk / "practice.csv").unlink(missing_ok=True)
    yield notebook("practice.ipynb")


def live(nb: Any) -> Any:
    return nb.cell("cards").locator(".kit-live")


def start(nb: Any) -> Any:
    """Run the cell by hand: the card takes the keys."""
    nb.go("cards")
    nb.press("Shift+Enter")
    expect(live(nb).get_by_role("radio").first).to_be_focused()
    return live(nb)


def test_a_student_practises_by_keyboard_alone(nb: Any, lab: Any) -> None:
    card = start(nb)
    expect(card).to_contain_text("Card 1 of 2")
    # Arrows look, and answer nothing; n waits for an answer.
    nb.press("ArrowDown")
    nb.press("n")
    expect(card.get_by_role("radio").nth(1)).to_be_checked()
    expect(card).to_contain_text("Card 1 of 2")
    assert not (lab.desk / "practice.csv").exists()
    nb.press("Enter")
    told = card.locator(".kit-told")
    expect(told).to_contain_text(": fits")
    expect(told).to_contain_text("Fits the text.")
    # An answer is an answer: another key changes nothing.
    nb.press("1")
    expect(card.get_by_role("radio").nth(1)).to_be_checked()
    nb.press("n")
    expect(card).to_contain_text("Card 2 of 2")
    expect(card.get_by_role("radio").first).to_be_focused()
    expect(told).to_be_empty()
    nb.press("1")
    expect(told).to_contain_text("stance: look again")
    expect(told.locator("p")).to_have_count(4)
    nb.press("Enter")
    expect(card).to_contain_text("For more, run this cell again")
    expect(card.get_by_role("status").first).to_have_text("2 answered, 1 of them fits")
    rows = diary.read(lab.desk / "practice.csv")
    assert [(row.claim, row.given, row.right) for row in rows] == [("W25b", "content", True), ("C03b", "stance", False)]
    # The notebook's own keys work again.
    nb.press("Escape")
    nb.go("end")
    nb.page.wait_for_function("document.activeElement.closest('.kit-live') === null")


def test_typing_and_the_card_are_one(nb: Any) -> None:
    card = start(nb)
    nb.press("Escape")
    nb.run_at("typed")
    expect(nb.output("typed")).to_contain_text("W25b: act. ")
    expect(card).to_contain_text("Card 2 of 2")


def test_what_was_hard_comes_back_after_a_restart(nb: Any) -> None:
    card = start(nb)
    nb.press("1")
    expect(card.locator(".kit-told")).to_contain_text("act: look again")
    nb.press("Escape")
    nb.go("cards")
    nb.press("0", 2)
    nb.page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").press("Enter")
    # What no longer works is not shown; what there was to read is.
    expect(card).to_be_hidden()
    expect(nb.cell("cards").locator(".kit-copy")).to_contain_text("1 answered")
    nb.idle()
    expect(start(nb)).to_contain_text("Card 1 of 2")


@pytest.mark.parametrize("theme", THEMES)
def test_it_fits_a_small_window_in_both_themes(nb: Any, theme: str, axe: str, tmp_path: Path) -> None:
    before = nb.page.viewport_size
    nb.page.set_viewport_size({"width": 1024, "height": 600})
    nb.theme(theme, THEMES[theme])
    card = start(nb)
    nb.press("2")
    expect(card.locator(".kit-told")).to_contain_text("fits")
    nb.press("n")
    expect(card).to_contain_text("Card 2 of 2")
    for seen in (
        card.get_by_text("asserted", exact=True),
        *(card.get_by_role("button", name=n) for n in ("Check", "Next")),
    ):
        expect(seen).to_be_in_viewport(ratio=0.98)
    nb.press("1")
    expect(card.locator(".kit-told")).to_contain_text("look again")
    expect(card.get_by_role("button", name="Next")).to_be_in_viewport(ratio=0.98)
    nb.page.screenshot(path=tmp_path / "practice.png")
    assert card.evaluate("item => item.scrollWidth - item.clientWidth") <= 0
    controls = card.locator("button, input, [tabindex]")
    assert set(controls.evaluate_all("items => items.map(item => item.dataset.lmSuppressShortcuts)")) == {"true"}
    nb.page.evaluate(axe)
    found = nb.page.evaluate("axe.run('.kit-live')")
    assert {fault["id"]: [node["html"] for node in fault["nodes"]] for fault in found["violations"]} == {}
    nb.page.set_viewport_size(before)
