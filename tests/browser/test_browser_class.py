"""A class in a real browser: students join, vote by key and by mouse, and the wall shows both votes side by side."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kit.setup import places

pytestmark = pytest.mark.browser
START = "import sys; from kit.commands import main; sys.exit(main(['class', *sys.argv[1:]]))"
SMALL, WALL = {"width": 1024, "height": 600}, {"width": 1280, "height": 720}


@dataclass(frozen=True)
class Room:
    """A class that is on: its address, its code, and the address of the teacher's page."""

    address: str
    code: str
    teacher: str


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A class on a site with one page, as the command starts it."""
    site = tmp_path / "site"
    (site / "files").mkdir(parents=True)
    (site / "index.html").write_text("<h1>Lessons</h1>", "utf-8")
    shutil.copy(places.exercises() / "02_facts_and_allegations.ipynb", site / "files")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [str(tmp_path / "class"), "--site", str(site), "--port", str(port), "--no-browser"]
    with subprocess.Popen([sys.executable, "-c", START, *options], stdout=subprocess.PIPE, text=True) as process:
        told = "".join(process.stdout.readline() for _ in range(4))
        yield Room(
            f"http://127.0.0.1:{port}", re.search(r"code: (\w+)", told)[1], re.search(r"http\S+key=\w+", told)[0]
        )
        process.kill()


def joined(browser: Any, room: Room, name: str) -> Any:
    """A student's page, joined by keyboard."""
    page = browser.new_context(viewport=SMALL).new_page()
    page.goto(room.address)
    page.locator("#code:focus").wait_for()
    for text, key in ((room.code.lower(), "Tab"), (name, "Enter")):
        page.keyboard.type(text)
        page.keyboard.press(key)
    page.locator("#who", has_text=name).wait_for()
    return page


def test_join_vote_bars_and_a_second_vote(browser: Any, room: Room, axe: str) -> None:
    from playwright.sync_api import expect

    teacher = browser.new_context(viewport=SMALL).new_page()
    teacher.goto(room.teacher)
    expect(teacher).to_have_url(re.compile(r":\d+/$"))
    wall = teacher.context.new_page()
    wall.set_viewport_size(WALL)
    wall.goto(f"{teacher.url}wall.html")
    expect(wall.locator(".address")).to_have_text(room.address)
    expect(wall.locator(".code")).to_have_text(room.code)
    assert wall.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth > 100)")
    ana, bo = (joined(browser, room, name) for name in ("Ana Ünal", "Bo"))
    expect(ana.locator("#said")).to_contain_text("Your word is")
    expect(wall.locator(".names li")).to_have_text(["Ana Ünal", "Bo"])
    teacher.get_by_role("row", name="S15b").get_by_role("button").press("Enter")
    ana.locator("#vote .kit-live").wait_for()
    ana.keyboard.press("5")
    bo.get_by_role("radio", name="unconfirmed").click()
    for page in (ana, bo):
        expect(page.locator("#state")).to_contain_text("Your vote is in")
    expect(wall.get_by_role("status")).to_have_text("2 of 2 have voted.")
    expect(wall.locator(".bars")).to_have_count(0)
    teacher.get_by_role("button", name="Close the vote").press("Enter")
    expect(ana.locator("#vote")).to_contain_text("closed")
    teacher.get_by_role("button", name="Vote again").first.press("Enter")
    for page in (ana, bo):
        expect(page.locator("#vote .kit-place")).to_have_text("Second vote")
        expect(page.locator("#vote input:checked")).to_have_count(0)
        page.keyboard.press("5")
        expect(page.locator("#state")).to_contain_text("alleged")
    teacher.get_by_role("button", name="Close the vote").press("Enter")
    teacher.get_by_role("button", name="Show the bars").press("Enter")
    bars = wall.locator(".bars")
    expect(bars).to_have_count(2)
    told = [bar.get_attribute("aria-label") for bar in bars.all()]
    assert told == ["First vote: 1 unconfirmed, 1 alleged", "Second vote: 2 alleged"]
    assert bars.last.locator("i[data-hatch='//']").evaluate("bar => getComputedStyle(bar).backgroundImage") != "none"
    for page in (ana, wall, teacher):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is wider than its window"
        page.evaluate(axe)
        assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id + ': ' + one.help))") == []


def test_a_page_says_that_the_laptop_is_away_and_goes_on_by_itself(browser: Any, room: Room) -> None:
    from playwright.sync_api import expect

    ana = joined(browser, room, "Ana")
    ana.context.set_offline(True)
    ana.evaluate("document.querySelector('#leave').click()")
    expect(ana.locator("#said")).to_contain_text("does not answer")
    ana.context.set_offline(False)
    ana.reload()
    expect(ana.locator("#who")).to_have_text("Ana")
