"""The pages that come out of grading, in a real browser: they fit, print, and axe finds nothing in them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.setup import places
from kit.teacher.exercises.keys import load
from kit.teacher.grading.grade import Graded
from kit.teacher.reports import class_report, student_page

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

CLASS = Path(__file__).parents[1] / "teacher" / "reports" / "synthetic_class.py"
SIZES = {"wide": 1280, "narrow": 400}


@pytest.fixture(scope="module")
def made() -> list[Graded]:
    spec = importlib.util.spec_from_file_location("synthetic_class", CLASS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    names = ("01_acts_and_contents", "05_the_whole_article")
    return module.made([load(places.solutions() / f"{name}.ipynb") for name in names])


@pytest.fixture(scope="module")
def folder(made: list[Graded], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class report and all pages of feedback."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "class.html").write_text(class_report.page(made, isolation="not isolated"), "utf-8")
    for name, page in student_page.pages(made, isolation="not isolated"):
        (folder / name).write_text(page, "utf-8")
    return folder


@pytest.fixture
def opened(browser: Any, folder: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of the folder, open in one of the themes; nothing may be fetched."""
    name, scheme = request.param
    page, wrong = browser.new_page(color_scheme=scheme), []
    page.on("request", lambda one: None if one.url.startswith(("file:", "data:")) else wrong.append(one.url))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto((folder / name).as_uri())
    yield page
    page.close()
    assert wrong == []


@pytest.mark.parametrize(
    "opened",
    [("class.html", "light"), ("class.html", "dark"), ("hana.html", "light"), ("hana.html", "dark")],
    ids=lambda param: "-".join(param),
    indirect=True,
)
def test_it_fits_and_axe_finds_nothing(opened: Any, axe: str, tmp_path: Path) -> None:
    for name, width in SIZES.items():
        opened.set_viewport_size({"width": width, "height": 900})
        opened.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    opened.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    opened.evaluate(axe)
    found = opened.evaluate("axe.run()")
    assert {fault["id"]: [node["html"] for node in fault["nodes"]] for fault in found["violations"]} == {}
    assert "color-contrast" in {rule["id"] for rule in found["passes"]}
    assert opened.evaluate("[...document.images].every(image => image.naturalWidth > 500 && image.alt)")


@pytest.mark.parametrize("opened", [("class.html", "dark")], ids=["class"], indirect=True)
def test_it_prints_dark_on_white_with_every_table_whole(opened: Any, tmp_path: Path) -> None:
    opened.set_viewport_size({"width": 680, "height": 1000})
    opened.emulate_media(media="print")
    opened.screenshot(path=tmp_path / "print.png", full_page=True)
    assert opened.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    wide = (
        "[...document.querySelectorAll('table')].filter(table => table.scrollWidth > document.body.clientWidth).length"
    )
    assert opened.evaluate(wide) == 0
    assert len(opened.pdf(prefer_css_page_size=True)) > 50_000
