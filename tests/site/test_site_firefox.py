"""The site in Firefox: an exercise run, answered by keyboard, and found again on the first page."""

from __future__ import annotations

from pathlib import Path

import firefox
import pytest
from walled import CELLS, IDLE, served, wall

pytestmark = pytest.mark.site
EXERCISE = "exercises/02_facts_and_allegations.ipynb"


def test_an_exercise_is_done_in_firefox(site: Path, tmp_path: Path) -> None:
    program = firefox.found()
    if program is None:
        pytest.skip("no Firefox on this machine")
    with (
        served(site) as (address, _),
        wall() as (proxy, _),
        firefox.firefox(program, tmp_path / "p", proxy=proxy) as page,
    ):
        page.goto(f"{address}/notebooks/index.html?path={EXERCISE}")
        page.wait_for(f"({IDLE})()")
        page.evaluate(
            "(window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.ran = 1 }), 1)"
        )
        page.wait_for("window.ran")
        cells = page.evaluate(f"({CELLS})()")
        assert not [o["evalue"] for c in cells for o in c["outputs"] if o["output_type"] == "error"]
        page.evaluate("document.querySelector('.kit-live .kit-card input').focus()")
        state = "document.querySelector('.kit-live .kit-state').textContent"
        for labelled, keys in enumerate(("2n", "5n", "1"), 1):
            page.press(*keys)
            page.wait_for(f"{state} === '{labelled} of 12 labelled, saved'")
        page.evaluate(
            "[...document.querySelectorAll('.kit-live button')].find(b => /Write/.test(b.textContent)).click()"
        )
        page.wait_for("document.querySelector('.kit-live').textContent.includes('is in its cell')")
        page.evaluate("window.jupyterapp.commands.execute('docmanager:save').then(() => 1)")
        page.goto(f"{address}/")
        page.wait_for("document.getElementById('on').textContent")
        row = page.evaluate(f"document.querySelector('tr[data-path=\"{EXERCISE}\"]').textContent")
        assert row.endswith("begun: 3 of 21 lines")
        home = address.removesuffix("course")
        assert not [url for url in page.asked if not url.startswith((home, "data:", "blob:", "resource:", "chrome:"))]
