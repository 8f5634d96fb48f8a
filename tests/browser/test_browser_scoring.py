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
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine
from kit.teacher.reports.person_scoring import Desk, Server

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

NASTY = "</script><script>document.title='hit'</script> <img src=x onerror=\"document.title='hit'\"> S17a"
TEXTS = {"ana": NASTY, "bo": "A short one.\n\nIn two parts.", "cy": "A third answer. " * 60}
ARTICLE = load(places.solutions() / "05_the_whole_article.ipynb")
KEYS = {ARTICLE.name: ARTICLE}


def laid(folder: Path, graded: list[Graded]) -> Desk:
    with gradebook.opened(folder / gradebook.FILE, KEYS) as book:
        for one in graded:
            book.keep(one.path.as_posix(), one)
    return Desk(folder / gradebook.FILE, KEYS)


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """Three written answers on a desk in a temporary folder, each beside one that the machine marked."""
    lines = (MarkedLine("S01", "fact", True), MarkedLine("S02", NASTY, False))
    mix = Mark("mix", 3, 1.5, "partly", lines, answer="mix")
    graded = [
        Graded(
            name, Path(f"{name}.ipynb"), ARTICLE, (mix, Mark("judgement", 4, None, "person", text=text, answer=name))
        )
        for name, text in TEXTS.items()
    ]
    with Server(laid(tmp_path, graded)) as server:
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
    pieces = [piece.mark for piece in server.desk.pieces() if piece.mark and piece.is_for_a_person]
    return [mark.by_hand.level if mark.by_hand else None for mark in pieces]


def test_a_person_scores_all_by_keyboard(sheet: Any, server: Server) -> None:
    status, keys = sheet.get_by_role("status"), sheet.keyboard
    texts = [piece["text"] for piece in server.desk.data()["pieces"]]
    expect(sheet.get_by_role("heading", level=1)).to_have_text("The whole article: Your judgement")
    expect(sheet.get_by_text("1 of 3", exact=True)).to_be_visible()
    expect(sheet.locator("#text")).to_have_text(texts[0])
    keys.press("1")
    expect(status).to_have_text("Saved: answer 1 is proficient.")
    assert given(server) == ["proficient", None, None]
    keys.press("ArrowRight")
    keys.press("3")
    expect(status).to_have_text("Saved: answer 3 is basic.")
    # The next that is not scored, which lies before.
    expect(sheet.get_by_text("2 of 3", exact=True)).to_be_visible()
    keys.press("u")
    expect(status).to_have_text("Undone: answer 3 is not scored again.")
    assert given(server) == ["proficient", None, None]
    keys.press("2")
    expect(sheet.get_by_text("2 of 3", exact=True)).to_be_visible()
    keys.press("2")
    expect(status).to_have_text(re.compile("^Saved: answer 2 is emergent. Nothing waits any more."))
    expect(sheet.get_by_text("3 of 3 scored")).to_be_visible()
    assert given(server) == ["proficient", "emergent", "emergent"]
    expect(sheet.get_by_role("button", name=re.compile("^2 emergent: 2 points"))).to_have_attribute(
        "aria-pressed", "true"
    )
    sheet.reload()
    expect(sheet.get_by_text("3 of 3 scored")).to_be_visible()
    assert sheet.title() == "Points by hand"


def test_names_are_shown_only_when_asked_for(sheet: Any, server: Server) -> None:
    name = next(piece.one.student for piece in server.desk.pieces() if piece.is_for_a_person)
    assert not set(TEXTS) & set(re.findall(r"\w+", sheet.content()))
    sheet.get_by_role("checkbox", name="show names").check()
    expect(sheet.get_by_text(f"1 of 3, by {name} ({name}.ipynb)")).to_be_visible()
    sheet.get_by_text("A sample that is basic").click()
    expect(sheet.get_by_text("The article is about North Korean soldiers")).to_be_visible()


def test_any_answer_of_any_student_gets_points_and_a_comment_by_keyboard(sheet: Any, server: Server) -> None:
    status, keys = sheet.get_by_role("status"), sheet.keyboard
    keys.press("/")
    keys.type("bo")
    keys.press("Enter")
    expect(sheet.get_by_text("1 of 2, by bo (bo.ipynb)")).to_be_visible()
    expect(sheet.get_by_role("heading", level=1)).to_have_text("The whole article: Your judgement")
    keys.press("ArrowLeft")
    expect(sheet.locator("#found")).to_have_text("The machine: some lines are right, 1.5 points.")
    expect(sheet.locator("#rows")).to_contain_text("document.title")
    keys.press("p")
    keys.type("9")
    keys.press("Enter")
    expect(status).to_contain_text("Not saved.")
    keys.press("Control+a")
    keys.type("2,5")
    keys.press("Escape")
    keys.press("c")
    keys.type("Well seen, nnn 123.")
    keys.press("Control+Enter")
    expect(status).to_have_text("Saved: answer 2 is 2.5 points.")
    (mark,) = (p.mark for p in server.desk.pieces() if p.mark and p.mark.question == "mix" and p.one.student == "bo")
    assert (mark.earned, mark.by_hand and mark.by_hand.comment) == (2.5, "Well seen, nnn 123.")
    keys.press("t")
    expect(status).to_have_text("Saved: answer 2 is 1.5 points of the machine.")
    keys.press("u")
    expect(status).to_have_text("Undone: answer 2 is 2.5 points again.")
    expect(sheet.get_by_role("textbox", name="comment")).to_have_value("Well seen, nnn 123.")
    keys.press("w")
    expect(sheet.get_by_text("1 of 3", exact=True)).to_be_visible()


def test_what_somebody_else_gave_is_not_written_over_unseen(sheet: Any, server: Server, browser: Any) -> None:
    other = browser.new_page()
    other.goto(server.url)
    other.keyboard.press("1")
    expect(other.get_by_role("status")).to_contain_text("Saved")
    other.close()
    sheet.keyboard.press("3")
    expect(sheet.get_by_role("status")).to_contain_text("Not saved: somebody else")
    assert given(server) == ["proficient", None, None]
    sheet.keyboard.press("3")
    expect(sheet.get_by_role("status")).to_have_text("Saved: answer 1 is basic.")


def test_a_file_that_cannot_be_graded_gets_points(browser: Any, tmp_path: Path) -> None:
    broken = Graded("dee", Path("dee.pdf"), None, notes=("it is a PDF",))
    with Server(laid(tmp_path, [broken])) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page(viewport={"width": 1024, "height": 600})
        page.goto(server.url)
        assert "dee" not in page.content() and "PDF" not in page.content()
        page.get_by_role("checkbox", name="show names").check()
        expect(page.locator("#text")).to_have_text("it is a PDF")
        expect(page.get_by_text("of 25", exact=True)).to_be_visible()
        page.get_by_role("combobox", name="question").select_option(label="Your judgement, of 4")
        expect(page.get_by_text("of 4", exact=True)).to_be_visible()
        page.get_by_role("textbox", name="points").fill("3")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Saved: answer 1 is 3 points.")
        (one,) = gradebook.standing(tmp_path / gradebook.FILE, KEYS).graded
        assert (one.exercise, one.earned) == (ARTICLE, 3)
        page.keyboard.press("u")
        expect(page.get_by_role("heading", level=1)).to_have_text("A file that could not be graded")
        page.get_by_role("textbox", name="points").fill("12.5")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Nothing waits any more.")
        (one,) = gradebook.standing(tmp_path / gradebook.FILE, KEYS).graded
        assert one.earned == 12.5 and not one.undecided
        page.close()
        server.shutdown()


def test_what_is_not_saved_is_said_and_stays(sheet: Any, server: Server) -> None:
    server.shutdown()
    server.server_close()
    sheet.keyboard.press("1")
    expect(sheet.get_by_role("status")).to_contain_text("Not saved.")
    expect(sheet.get_by_text("1 of 3", exact=True)).to_be_visible()
    expect(sheet.get_by_text("0 of 3 scored")).to_be_visible()
    assert given(server) == [None, None, None]


@pytest.mark.parametrize("sheet", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("width", [1024, 400])
def test_it_fits_and_axe_finds_nothing(sheet: Any, width: int, axe: str, tmp_path: Path) -> None:
    sheet.set_viewport_size({"width": width, "height": 600})
    sheet.keyboard.press("1")
    expect(sheet.get_by_role("status")).to_contain_text("Saved")
    sheet.keyboard.press("ArrowLeft")
    sheet.screenshot(path=tmp_path / "page.png", full_page=True)
    assert sheet.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    sheet.evaluate(axe)
    found = sheet.evaluate("axe.run()")
    assert {fault["id"]: [node["html"] for node in fault["nodes"]] for fault in found["violations"]} == {}
    assert {"color-contrast", "button-name"} <= {rule["id"] for rule in found["passes"]}
