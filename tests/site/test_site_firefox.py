"""The site in Firefox: an exercise run, answered by keyboard, and found again on the first page."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.site
EXERCISE = "exercises/02_facts_and_allegations.ipynb"


def test_an_exercise_is_done_in_firefox(in_firefox: Any) -> None:
    page = in_firefox.page
    in_firefox.open(EXERCISE)
    assert not [o["evalue"] for c in in_firefox.run() for o in c["outputs"] if o["output_type"] == "error"]
    page.evaluate("document.querySelector('.kit-live .kit-card input').focus()")
    state = "document.querySelector('.kit-live .kit-state').textContent"
    for labelled, keys in enumerate(("2n", "5n", "1"), 1):
        page.press(*keys)
        page.wait_for(f"{state} === '{labelled} of 12 labelled, saved'")
    page.evaluate("[...document.querySelectorAll('.kit-live button')].find(b => /Write/.test(b.textContent)).click()")
    page.wait_for("document.querySelector('.kit-live').textContent.includes('is in its cell')")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save').then(() => 1)")
    page.goto(f"{in_firefox.address}/")
    page.wait_for("document.getElementById('on').textContent")
    row = page.evaluate(f"document.querySelector('tr[data-path=\"{EXERCISE}\"]').textContent")
    assert row.endswith("begun: 3 of 21 lines")
