"""The labelling widget in a real browser: by keyboard alone, after a restart, reopened, in both themes, with axe."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

THEMES = {"JupyterLab Light": "rgb(255, 255, 255)", "JupyterLab Dark": "rgb(17, 17, 17)"}
BLANK = '# Your answer\nlayers = {\n    "S10a": "",\n    "S10b": "",\n    "S12b": "",\n}'
FILLED = '# Your answer\nlayers = {\n    "S10a": "act",\n    "S10b": "content",\n    "S12b": "content",\n}'
WAIT = "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.1)"
CELLS = {
    "setup": "import kit\narticle = kit.load_article()",
    "label": 'w = kit.widgets.label("layers", field="layer", lines=["S10a", "S10b", "S12b"], article=article)\nw',
    "layers-answer": BLANK,
    "layers-check": "print(layers == w.labels)",
    # All of Python stands still: a busy cell alone would not keep JupyterLab from saving, in a thread beside it.
    "busy": "import os, pathlib, signal\npathlib.Path('pid').write_text(str(os.getpid()))\n"
    "os.kill(os.getpid(), signal.SIGSTOP)",
    "end": "# The end",
}


@pytest.fixture
def nb(lab: Any, notebook: Callable[[str], Any], request: pytest.FixtureRequest) -> Iterator[Any]:
    """A notebook with a widget and an answer cell, open; without a draft of an earlier test."""
    sources = CELLS | getattr(request, "param", {})
    cells = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": source, "execution_count": None, "outputs": []}
        for name, source in sources.items()
    ]
    content = {"cells": cells, "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}}}
    (lab.desk / "widget.ipynb").write_text(json.dumps(content | {"nbformat": 4, "nbformat_minor": 5}), "utf-8")
    yield notebook("widget.ipynb")
    shutil.rmtree(lab.desk / ".drafts", ignore_errors=True)
    for name in ("go", "pid"):
        (lab.desk / name).unlink(missing_ok=True)


def live(nb: Any) -> Any:
    """The live widget."""
    return nb.cell("label").locator(".kit-live")


def copy(nb: Any) -> Any:
    """The copy to read above it."""
    return nb.cell("label").locator(".kit-copy")


def radio(nb: Any, name: str) -> Any:
    return live(nb).get_by_role("radio", name=name)


def drafted(nb: Any) -> dict[str, str]:
    """The labels in the draft."""
    file = nb.file.parent / ".drafts" / f"{nb.file.stem}_layers.json"
    return {claim: row["layer"] for claim, row in json.loads(file.read_text("utf-8"))["answers"].items()}


def test_keys_stay_in_the_widget(nb: Any) -> None:
    nb.run_at("setup", "label")
    ids, at = nb.ids(), "panel.content.activeCellIndex"
    for focused in (radio(nb, "act"), live(nb).get_by_role("button", name="Next")):
        focused.focus()
        for key in ("d", "d", "x", "b", "a", "m", "z", "ArrowDown", "ArrowUp", "0", "0", "Delete", "Control+Enter"):
            nb.press(key)
        expect(nb.page.get_by_role("dialog")).to_have_count(0)
    radio(nb, "act").focus()
    nb.press("ArrowDown")
    expect(radio(nb, "content")).to_be_checked()
    nb.press("ArrowUp")
    expect(radio(nb, "act")).to_be_checked()
    nb.press("2")
    expect(radio(nb, "content")).to_be_checked()
    nb.press("u")
    expect(radio(nb, "act")).to_be_checked()
    nb.press("2")
    expect(live(nb).get_by_role("status").first).to_have_text("1 of 3 labelled, saved")
    assert (nb.ids(), nb.look(at)) == (ids, ids.index("label"))
    assert {cell: nb.source(cell) for cell in ids} == CELLS


def test_a_click_into_the_card_gives_it_the_keys(nb: Any) -> None:
    nb.run_at("setup", "label")
    nb.go("setup")
    live(nb).locator(".kit-sentence").click()
    nb.press("2")
    expect(radio(nb, "content")).to_be_checked()


def test_it_says_in_words_who_has_the_keys(nb: Any) -> None:
    nb.run_at("setup", "label")
    expect(radio(nb, "act")).to_be_focused()
    edge = "item => getComputedStyle(item).borderStyle"
    expect(live(nb).get_by_text("The keys work here: 1 and 2 choose")).to_be_visible()
    held = live(nb).evaluate(edge)
    nb.press("Escape")
    expect(live(nb).get_by_text("The keys work here")).to_be_hidden()
    expect(live(nb).get_by_text("Click here, then 1 and 2 choose.")).to_be_visible()
    assert live(nb).evaluate(edge) != held
    # What the line says of a key outside the card is so.
    ids = nb.ids()
    nb.go("end")
    nb.press("x")
    assert nb.ids() == ids[:-1]
    nb.press("z")
    assert nb.ids() == ids
    live(nb).get_by_text("Click here, then").click()
    nb.press("1")
    expect(radio(nb, "act")).to_be_checked()


def test_it_goes_on_by_itself_where_that_is_wanted(nb: Any) -> None:
    nb.run_at("setup", "label")
    expect(radio(nb, "act")).to_be_focused()
    live(nb).get_by_role("checkbox", name="Go on by itself").focus()
    nb.press("Space")
    radio(nb, "act").focus()
    # The arrows only look through the choices; a digit chooses and goes on, as a click does.
    nb.press("ArrowDown")
    expect(radio(nb, "content")).to_be_checked()
    expect(live(nb)).to_contain_text("Claim 1 of 3")
    nb.press("1")
    expect(live(nb)).to_contain_text("Claim 2 of 3")
    expect(radio(nb, "act")).to_be_focused()
    live(nb).get_by_text("content", exact=True).click()
    expect(live(nb)).to_contain_text("Claim 3 of 3")
    nb.press("2")
    expect(live(nb).get_by_role("status").first).to_have_text("3 of 3 labelled, saved")
    assert drafted(nb) == {"S10a": "act", "S10b": "content", "S12b": "content"}
    nb.press("Escape")
    nb.run_at("label")
    expect(live(nb).get_by_role("checkbox", name="Go on by itself")).to_be_checked()


SIX = 'kit.widgets.label("layers", field="status", lines=["S12b", "S22c", "S26a"], article=article)'


@pytest.mark.parametrize("nb", [{"label": SIX}], indirect=True, ids=["six"])
@pytest.mark.parametrize("size", [(1024, 600), (512, 300)], ids=["a small laptop", "the same at 200 %"])
def test_a_card_fits_a_small_window(nb: Any, size: tuple[int, int]) -> None:
    before = nb.page.viewport_size
    nb.page.set_viewport_size({"width": size[0], "height": size[1]})
    nb.run_at("setup")
    nb.go("label")
    nb.press("Shift+Enter")
    expect(radio(nb, "stance")).to_be_focused()
    for at in ("Claim 1 of 3", "Claim 2 of 3", "Claim 3 of 3"):
        expect(live(nb)).to_contain_text(at)
        wide = "item => item.scrollWidth - item.clientWidth"
        assert live(nb).evaluate(wide) <= 0 and nb.page.locator(".jp-WindowedPanel-outer").evaluate(wide) <= 0
        if size[1] == 600:
            for seen in ("asserted", "Write into the cell", "Go on by itself"):
                expect(live(nb).get_by_text(seen, exact=True)).to_be_in_viewport(ratio=1)
        nb.press("n")
    nb.page.set_viewport_size(before)


def test_every_control_is_guarded(nb: Any) -> None:
    nb.run_at("setup", "label")
    expect(live(nb)).to_be_visible()
    controls = nb.page.locator(".kit-live").locator("button, input, select, textarea, a, [tabindex]")
    guards = controls.evaluate_all("items => items.map(item => item.dataset.lmSuppressShortcuts)")
    assert len(guards) == 9 and set(guards) == {"true"}


def test_a_student_labels_by_keyboard_alone(nb: Any) -> None:
    nb.run_at("setup", "label")
    # The cell has been run by hand: the keys work on the card at once.
    expect(radio(nb, "act")).to_be_focused()
    for key in ("1", "n", "1", "n", "2"):
        nb.press(key)
    expect(live(nb).get_by_text("Claim 3 of 3")).to_be_visible()
    # Back to the second, which was a mistake: undo twice, and label both again.
    nb.press("u")
    expect(radio(nb, "content")).not_to_be_checked()
    nb.press("Control+z")
    expect(live(nb).get_by_text("Claim 2 of 3")).to_be_visible()
    expect(radio(nb, "act")).not_to_be_checked()
    expect(radio(nb, "act")).to_be_focused()
    for key in ("2", "n", "2"):
        nb.press(key)
    expect(live(nb).get_by_role("status").first).to_have_text("3 of 3 labelled, saved")
    assert drafted(nb) == {"S10a": "act", "S10b": "content", "S12b": "content"}
    for name in ("Previous", "Next", "Undo", "Write into the cell"):
        nb.press("Tab")
        expect(live(nb).get_by_role("button", name=name)).to_be_focused()
    nb.press("Enter")
    expect(live(nb)).to_contain_text("Written: your answer is in its cell. Now run that cell.")
    assert nb.source("layers-answer") == FILLED
    # Out again, and on with the notebook's own keys.
    nb.press("Escape")
    nb.run_at("layers-answer", "layers-check")
    expect(nb.output("layers-check")).to_have_text("True")


def test_ctrl_s_saves_the_notebook_from_inside(nb: Any) -> None:
    nb.run_at("setup", "label")
    radio(nb, "act").focus()
    nb.save()
    assert "S10a" in nb.file.read_text("utf-8")


def test_a_draft_outlives_the_kernel(nb: Any) -> None:
    nb.run_at("setup", "label")
    radio(nb, "act").focus()
    nb.press("1")
    nb.press("n")
    expect(live(nb).get_by_role("status").first).to_have_text("1 of 3 labelled, saved")
    nb.go("label")
    nb.press("0", 2)
    nb.page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").press("Enter")
    # What no longer works is not shown; what was chosen is.
    expect(live(nb)).to_be_hidden()
    expect(copy(nb)).to_contain_text("1 of 3 labelled")
    expect(copy(nb).get_by_role("row", name="S10a act")).to_be_visible()
    nb.idle()
    nb.run_at("setup", "label")
    expect(live(nb)).to_contain_text("Claim 2 of 3")
    expect(copy(nb)).to_be_hidden()
    nb.press("Escape")
    radio(nb, "act").focus()
    nb.press("p")
    expect(radio(nb, "act")).to_be_checked()
    expect(live(nb).get_by_role("status").first).to_have_text("1 of 3 labelled, saved")


def reopened(nb: Any) -> None:
    nb.page.reload()
    nb.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel")
    nb.page.locator(".jp-NotebookPanel .jp-Notebook").wait_for()
    nb.idle()


def test_a_reopened_notebook_shows_what_was_chosen(nb: Any) -> None:
    nb.run_at("setup", "label")
    radio(nb, "content").focus()
    nb.press("2")
    expect(live(nb).get_by_role("status").first).to_have_text("1 of 3 labelled, saved")
    nb.go("end")
    nb.save()
    # The kernel still runs: the widget is back.
    reopened(nb)
    expect(live(nb)).to_be_visible()
    expect(radio(nb, "content")).to_be_checked()
    expect(copy(nb)).to_be_hidden()
    # It has gone, as on the next day: the copy stands there, and no word of an error.
    nb.look("panel.context.sessionContext.shutdown()")
    reopened(nb)
    expect(nb.cell("label")).to_contain_text("Error displaying widget")
    assert nb.page.locator(".kit-live").count() == 0
    expect(copy(nb)).to_be_visible()
    expect(nb.cell("label").get_by_text("Error displaying widget")).to_be_hidden()
    expect(copy(nb).get_by_role("row", name="S10a content")).to_be_visible()
    assert "Error" not in nb.page.locator(".jp-Notebook").inner_text()


def test_what_is_not_saved_is_said_and_not_lost(nb: Any) -> None:
    nb.run_at("setup", "label")
    expect(radio(nb, "act")).to_be_focused()  # the card takes the keys by itself, and leaving it comes after that
    nb.go("busy")
    nb.press("Shift+Enter")
    pid = nb.file.parent / "pid"
    while not (pid.exists() and pid.read_text()):
        nb.page.wait_for_timeout(50)
    radio(nb, "act").focus()
    for key in ("1", "n", "2", "u", "2"):
        nb.press(key)
    state = live(nb).get_by_role("status").first
    expect(state).to_have_text("not saved: Python is busy or has stopped. You can still write into the cell")
    live(nb).get_by_role("button", name="Write into the cell").click()
    assert nb.source("layers-answer") == FILLED.replace('"S12b": "content"', '"S12b": ""')
    os.kill(int(pid.read_text()), signal.SIGCONT)
    expect(state).to_have_text("2 of 3 labelled, saved")
    assert drafted(nb) == {"S10a": "act", "S10b": "content"}


@pytest.mark.parametrize(
    ("nb", "why"),
    [
        ({"layers-answer": "other = 1"}, "There are no cells with “layers = …”"),
        ({"busy": BLANK}, "There are 2 cells with “layers = …”"),
        ({"layers-answer": f"{BLANK}\nprint(layers)"}, "holds other code, which is left alone."),
    ],
    indirect=["nb"],
    ids=["none", "two", "code"],
)
def test_where_no_cell_can_be_written_there_is_text_to_paste(nb: Any, why: str) -> None:
    nb.run_at("setup", "label")
    radio(nb, "act").focus()
    nb.press("1")
    before = {cell: nb.source(cell) for cell in nb.ids()}
    live(nb).get_by_role("button", name="Write into the cell").press("Enter")
    expect(live(nb)).to_contain_text(why)
    expect(live(nb)).to_contain_text("2 of 3 are still blank.")
    text = live(nb).get_by_role("textbox", name="Your answer as code")
    code = BLANK.removeprefix("# Your answer\n").replace('"S10a": ""', '"S10a": "act"')
    expect(text).to_have_value(code)
    expect(text).not_to_be_editable()
    live(nb).get_by_role("button", name="Copy").press("Enter")
    expect(live(nb)).to_contain_text(re.compile("Copied|The text is selected"))
    assert text.evaluate("item => item.value.slice(item.selectionStart, item.selectionEnd)") == code
    assert {cell: nb.source(cell) for cell in nb.ids()} == before
    # Pasted into a cell, it is the answer.
    nb.go("end")
    nb.press("Enter")
    nb.press("ControlOrMeta+a")
    nb.press("ControlOrMeta+v")
    nb.press("Escape")
    assert nb.source("end") == code
    radio(nb, "act").focus()
    nb.press("2")
    expect(live(nb)).to_contain_text("You have changed labels since.")


def test_a_screen_reader_is_told_everything(nb: Any) -> None:
    nb.run_at("setup", "label")
    radio(nb, "act").focus()
    nb.press("1")
    expect(live(nb).get_by_role("status").first).to_have_text("1 of 3 labelled, saved")
    expect(live(nb)).to_match_aria_snapshot("""
      - 'group "Labels: layers"':
        - text: Claim 1 of 3
        - status: 1 of 3 labelled, saved
        - paragraph: "The keys work here: 1 and 2 choose, n next, p previous, u undo."
        - paragraph:
          - text: S10 Prior to this,
          - mark: South Korea and Ukraine reported
          - text: that North Korea was assisting Russia's attack, not just through missiles.
        - paragraph: "S10a, in the box: “South Korea and Ukraine reported”"
        - 'group "S10a: Act or content?"':
          - radio "act" [checked]
          - radio "content"
        - button "Previous" [disabled]
        - button "Next"
        - button "Undo"
        - button "Write into the cell"
        - checkbox "Go on by itself"
        - text: Go on by itself
    """)
    expect(radio(nb, "act")).to_have_accessible_description(re.compile("^Do these words tell that somebody said"))
    expect(live(nb).get_by_role("group")).to_have_accessible_description(re.compile("^S10a, in the box"))


def test_the_card_takes_the_keys_only_from_an_idle_hand(nb: Any) -> None:
    nb.run_at("setup")
    ids = nb.ids()
    # Shift+Enter goes on through the notebook, from a card as from a cell.
    nb.go("label")
    nb.press("Shift+Enter")
    expect(radio(nb, "act")).to_be_focused()
    nb.press("Shift+Enter")
    assert nb.look("panel.content.activeCellIndex") == ids.index("layers-answer")
    expect(live(nb)).to_be_visible()
    nb.run()
    nb.run()
    assert nb.look("panel.content.activeCellIndex") == ids.index("busy")


@pytest.mark.parametrize("nb", [{"label": f"{WAIT}\n{CELLS['label']}"}], indirect=True, ids=["slow"])
def test_who_types_meanwhile_is_not_disturbed(nb: Any) -> None:
    nb.run_at("setup")
    nb.go("label")
    nb.press("Shift+Enter")
    nb.press("Enter")
    nb.press("ControlOrMeta+Home")
    nb.page.keyboard.type("# x")
    (nb.file.parent / "go").touch()
    expect(live(nb)).to_be_visible()
    nb.idle()
    nb.page.keyboard.type("y ")
    assert nb.source("layers-answer") == f"# xy {BLANK}"


def test_nothing_labelled_is_not_written(nb: Any) -> None:
    nb.run_at("setup", "label")
    live(nb).get_by_role("button", name="Write into the cell").press("Enter")
    expect(live(nb)).to_contain_text("Nothing is labelled yet, so there is nothing to write: label a claim first.")
    assert nb.source("layers-answer") == BLANK


@pytest.mark.parametrize("theme", THEMES)
def test_it_fits_both_themes(nb: Any, theme: str, tmp_path: Path, axe: str) -> None:
    nb.theme(theme, THEMES[theme])
    nb.run_at("setup", "label")
    radio(nb, "act").focus()
    nb.press("1")
    nb.look("panel.content.model.cells.get(2).sharedModel.setSource('layers = 1')")
    live(nb).get_by_role("button", name="Write into the cell").click()
    expect(live(nb).get_by_role("textbox")).to_be_visible()
    live(nb).screenshot(path=tmp_path / "label.png")
    wide = live(nb).evaluate("item => item.scrollWidth - item.clientWidth")
    assert wide <= 0, f"{wide} pixels stick out at the right"
    nb.page.evaluate(axe)
    found = nb.page.evaluate("axe.run('.kit-live')")
    faults = {fault["id"]: [node["html"] for node in fault["nodes"]] for fault in found["violations"]}
    assert faults == {}
    assert {"color-contrast", "label", "button-name"} <= {rule["id"] for rule in found["passes"]}
