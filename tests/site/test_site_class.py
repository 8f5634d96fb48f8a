"""The site as a class gets it: “Hand in” on the toolbar, a receipt, and nothing lost when the laptop is away."""

from __future__ import annotations

import gzip
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from walled import Student, chromium, wall

pytestmark = pytest.mark.site
EXERCISE = "exercises/02_facts_and_allegations.ipynb"
START = "import sys; from kit.commands import main; sys.exit(main(['class', *sys.argv[1:]]))"


class Laptop:
    """The teacher's laptop, which can be killed and started again."""

    def __init__(self, site: Path, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.options = [str(folder), "--site", str(site), "--port", str(self.port), "--no-browser"]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", START, *self.options], stdout=subprocess.PIPE, text=True)
        self.code = re.search(r"code: (\w+)", "".join(self.process.stdout.readline() for _ in range(4)))[1]

    def kill(self) -> None:
        with self.process:
            self.process.kill()


@pytest.fixture
def laptop(site: Path, tmp_path: Path) -> Iterator[Laptop]:
    """A class that is on."""
    made = Laptop(site, tmp_path / "class")
    yield made
    made.kill()


@pytest.fixture(params=["127.0.0.1", "10.20.30.40"], ids=["safe", "plain http"])
def pupil(laptop: Laptop, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Student]:
    """A student at the address of the class: one that browsers call safe, and one that they do not."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if chromium() is None:
        pytest.skip("no Chromium on this machine; KIT_CHROMIUM may name one")
    with wall() as (port, _), sync_api.sync_playwright() as driver:
        sync_api.expect.set_options(timeout=60_000)
        made = Student(driver, tmp_path / "profile", f"http://{request.param}:{laptop.port}", port)
        yield made
        made.context.close()
        assert not made.outside, f"the page called out: {made.outside[:3]}"


def pressed(page: Any) -> Any:
    """The dialog after pressing the button by keyboard."""
    page.bring_to_front()
    page.get_by_role("button", name="Hand in").first.press("Enter")
    dialog = page.locator(".jp-Dialog")
    dialog.wait_for()
    return dialog


def test_a_page_is_handed_in_and_nothing_is_lost_when_the_laptop_is_away(
    pupil: Student, laptop: Laptop, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    page = pupil.open(EXERCISE)
    dialog = pressed(page)
    expect(dialog).to_contain_text("Join the class first")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    door = opened.value
    door.fill("#code", laptop.code)
    door.fill("#name", "Ana Ünal")
    door.keyboard.press("Enter")
    expect(door.locator("#who")).to_have_text("Ana Ünal")
    pressed(page)
    expect(dialog).to_contain_text("Your receipt: ")
    page.keyboard.press("Enter")
    (file,) = (laptop.folder / "handed_in" / "Ana Ünal").iterdir()
    assert json.loads(file.read_bytes())["metadata"]["kit"]["exercise"] == "02_facts_and_allegations"
    expect(door.locator("#handed")).to_contain_text("Facts and allegations")
    start = page.context.new_page()
    start.goto(pupil.address)
    start.get_by_role("link", name="The page of the class").press("Enter")
    expect(start.locator("#who")).to_have_text("Ana Ünal")
    start.close()
    laptop.kill()
    pressed(page)
    expect(dialog).to_contain_text("does not answer")
    expect(dialog).to_contain_text("saved in this browser")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "mine.ipynb")
    assert json.loads((tmp_path / "mine.ipynb").read_bytes())["metadata"]["kit"]
    laptop.start()
    page.locator(".jp-Cell").first.click()
    page.keyboard.press("b")
    pressed(page)
    expect(dialog).to_contain_text("Your receipt: ")
    assert len(list(file.parent.glob("2*.ipynb"))) == 2
    expect(door.locator("#handed li")).to_have_count(2)


def test_every_packed_twin_holds_its_file(site: Path) -> None:
    twins = sorted(site.rglob("*.gz"))
    assert len(twins) > 100
    stale = [twin for twin in twins if gzip.decompress(twin.read_bytes()) != twin.with_suffix("").read_bytes()]
    assert not stale


def test_another_server_shows_no_button(student: Any) -> None:
    page = student.open(EXERCISE)
    page.get_by_role("button", name="Download").wait_for()
    assert page.get_by_role("button", name="Hand in").count() == 0
    assert not student.start_page().get_by_role("link", name="The page of the class").is_visible()
