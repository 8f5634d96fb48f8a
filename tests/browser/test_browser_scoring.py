"""The page on which a person scores written answers: by keyboard, saved at each key, in both themes, with axe."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.setup import places
from kit.teacher.exercises.keys import load
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.reports.person_scoring import FILE, Desk, Server, waiting

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

NASTY = "</script><script>document.title='hit'</script> <img src=x onerror=\"document.title='hit'\"> S17a"
TEXTS = {"ana": NASTY, "bo": "A short one.\n\nIn two parts.", "cy": "A third answer. " * 60}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Three answers on a desk in a temporary folder."""
    article = load(places.solutions() / "05_the_whole_article.ipynb")
    graded = [
        Graded(name, Path("x"), article, (Mark("judgement", 4, None, "person", text=text),))
        for name, text in TEXTS.items()
    ]
    with Server(Desk(waiting(graded), tmp_path / FILE)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def sheet(browser: Any, server: Server, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page, open. A request to any other place, and a fault in its script, fail the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=getattr(request, "param", "light"))
    wrong: list[str] = []
    page.on(
        "request", lambda request: None if request.url.startswith((server.url, "data:")) else wrong.append(request.url)
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(server.url)
    yield page
    page.close()
    assert wrong == []


def given(server: Server) -> list[str | None]:
    return [server.desk.level(at) for at in range(3)]


def test_a_person_scores_all_by_keyboard(sheet: Any, server: Server) -> None:
    status, keys = sheet.get_by_role("status"), sheet.keyboard
    texts = [one.text for one in server.desk.answers]
    expect(sheet.get_by_role("heading", level=1)).to_have_text("The whole article: Your judgement")
    expect(sheet.get_by_text("Answer 1 of 3", exact=True)).to_be_visible()
    expect(sheet.locator("#text")).to_have_text(texts[0])
    keys.press("1")
    expect(status).to_have_text("Saved: answer 1 is proficient.")
    assert given(server) == ["proficient", None, None]
    keys.press("ArrowRight")
    keys.press("3")
    expect(status).to_have_text("Saved: answer 3 is basic.")
    # The next that is not scored, which lies before.
    expect(sheet.get_by_text("Answer 2 of 3", exact=True)).to_be_visible()
    keys.press("u")
    expect(status).to_have_text("Undone: answer 3 is not scored again.")
    assert given(server) == ["proficient", None, None]
    keys.press("2")
    expect(sheet.get_by_text("Answer 2 of 3", exact=True)).to_be_visible()
    keys.press("2")
    expect(status).to_have_text(re.compile("^Saved: answer 2 is emergent. All answers are scored."))
    expect(sheet.get_by_text("3 of 3 scored")).to_be_visible()
    assert given(server) == ["proficient", "emergent", "emergent"]
    expect(sheet.get_by_role("button", name=re.compile("^2 emergent: 2 points"))).to_have_attribute(
        "aria-pressed", "true"
    )
    sheet.reload()
    expect(sheet.get_by_text("3 of 3 scored")).to_be_visible()
    assert sheet.title() == "Score written answers"


def test_names_are_shown_only_when_asked_for(sheet: Any, server: Server) -> None:
    names = [one.student for one in server.desk.answers]
    assert not set(names) & set(re.findall(r"\w+", sheet.content()))
    sheet.get_by_role("checkbox", name="show names").check()
    expect(sheet.get_by_text(f"Answer 1 of 3, by {names[0]}")).to_be_visible()
    sheet.get_by_text("A sample that is basic").click()
    expect(sheet.get_by_text("The article is about North Korean soldiers")).to_be_visible()


def test_what_is_not_saved_is_said_and_stays(sheet: Any, server: Server) -> None:
    server.shutdown()
    server.server_close()
    sheet.keyboard.press("1")
    expect(sheet.get_by_role("status")).to_contain_text("Not saved.")
    expect(sheet.get_by_text("Answer 1 of 3", exact=True)).to_be_visible()
    expect(sheet.get_by_text("0 of 3 scored")).to_be_visible()
    assert given(server) == [None, None, None]


@pytest.mark.parametrize("sheet", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("width", [1280, 400])
def test_it_fits_and_axe_finds_nothing(sheet: Any, width: int, axe: str, tmp_path: Path) -> None:
    sheet.set_viewport_size({"width": width, "height": 900})
    sheet.keyboard.press("1")
    expect(sheet.get_by_role("status")).to_contain_text("Saved")
    sheet.keyboard.press("ArrowLeft")
    sheet.screenshot(path=tmp_path / "page.png", full_page=True)
    assert sheet.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    sheet.evaluate(axe)
    found = sheet.evaluate("axe.run()")
    assert {fault["id"]: [node["html"] for node in fault["nodes"]] for fault in found["violations"]} == {}
    assert {"color-contrast", "button-name"} <= {rule["id"] for rule in found["passes"]}
