"""How far a student is follows from the saved files alone, and START shows it and keeps what the student adds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

import kit
from kit.errors import SetupError
from kit.questions import Question, read, role
from kit.setup import desk, progress

FIRST, SECOND = "lessons/00_start_here.ipynb", "lessons/01_said_is_not_so.ipynb"
EXERCISE = "exercises/01_acts_and_contents.ipynb"
Change = Callable[[str, dict[str, str]], None]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A new desk."""
    desk.lay(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def write(work: Path) -> Change:
    """Write answers (question to source) into a page, as a student does who saves but runs nothing."""

    def change(page: str, answers: dict[str, str]) -> None:
        notebook = json.loads((work / page).read_text("utf-8"))
        for cell in notebook["cells"]:
            what, question = role(cell)
            if what == "answer" and question in answers:
                cell["source"] = answers[question]
        (work / page).write_text(json.dumps(notebook), "utf-8")

    return change


def state(work: Path, page: str) -> progress.PageState:
    return next(one for one in progress.read(work).pages if one.path == page)


def test_a_new_desk_is_all_open_and_begins_with_the_first_lesson(work: Path) -> None:
    found = progress.read(work)
    assert {page.state for page in found.pages} == {"open"}
    paths = [page.path for page in found.pages]
    assert paths[:2] == [FIRST, SECOND]
    assert paths.index(SECOND) < paths.index(EXERCISE) < paths.index("lessons/02_three_labels_three_lookalikes.ipynb")
    assert found.next and found.next.path == FIRST
    assert found.gained is None
    assert len(found.pages) == len([p for p in work.rglob("*.ipynb") if p.name != "START.ipynb"])


def test_begun_filled_and_what_comes_next(work: Path, write: Change) -> None:
    eight = {f"A{n}": "alleged" for n in range(1, 9)}
    write(FIRST, {"before": f"before = {eight | {'A8': ''}}"})
    assert (state(work, FIRST).state, state(work, FIRST).words) == ("begun", "begun: 7 of 8 lines")
    assert progress.read(work).next == state(work, FIRST)
    write(FIRST, {"before": f"before = {eight}"})
    assert state(work, FIRST).state == "all filled"
    assert progress.read(work).next == state(work, SECOND)


def test_a_page_on_which_something_was_run_is_begun(work: Path) -> None:
    notebook = json.loads((work / SECOND).read_text("utf-8"))
    next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")["execution_count"] = 1
    (work / SECOND).write_text(json.dumps(notebook), "utf-8")
    assert state(work, SECOND).state == "begun"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('a = {"x": "", "y": "act"}', (False, True)),
        ('a = {"x": ["", "?"], "y": ["nis"], "z": []}', (False, True, False)),
        ('a = {"x": ..., "y": None, "z": 0, "w": 3 + n}', (False, False, True, True)),
        ("a = ...", (False,)),
        ("a = claims.size", (True,)),
        ("a = round(..., 2)", (False,)),
        ('a = """\n\n"""', (False,)),
        ("a = {}", (False,)),
        ("a = ''\na = 'said'", (True,)),
        ("b = 1", (False,)),
        ("a = {", (False,)),
    ],
)
def test_what_counts_as_filled(source: str, lines: tuple[bool, ...]) -> None:
    assert progress.filled(source, Question("a")) == lines


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('a = {"x": "act"}', (True, False)),
        ('a = {"y": "act", "y": "act"}', (False, True)),
        ('a = {"x": "act", "y ": "act"}', (True, False, True)),
        ("a = {“x”: “act”, “y”: “act”}", (True, True)),
        ('a = {"x": "act" "y": "act"}', (False, False)),
        ("a = ...", (False, False)),
        ("a = dict(x=1, y=2)", (True, True)),
    ],
)
def test_lines_that_are_gone_or_cannot_be_read_are_not_filled(source: str, lines: tuple[bool, ...]) -> None:
    cells = [
        {"cell_type": "code", "id": role, "source": text, "metadata": {"kit": {"role": role, "question": "a"}}}
        for role, text in (("answer", source), ("check", 'kit.check.choices(a, lines=["x", "y"], values=["act"])'))
    ]
    (one,) = read({"cells": cells, "metadata": {"kit": {"exercise": "01_a"}}}).questions
    assert progress.filled(source, one) == lines


def test_an_answer_in_a_cell_of_ones_own_counts_where_the_cell_for_it_is_gone(work: Path) -> None:
    notebook = json.loads((work / EXERCISE).read_text("utf-8"))
    cell = next(cell for cell in notebook["cells"] if role(cell) == ("answer", "acts"))
    cell["metadata"], cell["source"] = {}, ["acts = ", "18"]
    assert progress.answer_of(notebook, "acts") == "acts = 18"
    assert progress.answer_of(notebook, "several").startswith("# Your answer")


def test_handed_in_and_changed_since(work: Path, write: Change) -> None:
    write(EXERCISE, {"acts": "acts = 18"})
    copy = work / "handed_in" / f"Ana Vale_{Path(EXERCISE).name}"
    copy.parent.mkdir()
    copy.write_bytes((work / EXERCISE).read_bytes())
    found = state(work, EXERCISE)
    assert (found.state, found.done, found.words) == ("handed in", True, "handed in, 26 lines blank")
    write(EXERCISE, {"acts": "acts = 19"})
    found = state(work, EXERCISE)
    assert (found.changed, found.done) == (True, False)
    assert found.words.endswith("changed since: hand in again")


def test_copies_put_aside_and_broken_pages_are_no_pages(work: Path) -> None:
    before = len(progress.read(work).pages)
    (work / "lessons/my_copy.ipynb").write_bytes((work / FIRST).read_bytes())
    (work / "lessons/01_said_is_not_so.new.ipynb").write_bytes((work / SECOND).read_bytes())
    (work / "lessons/99_broken.ipynb").write_text("{")
    (work / "lessons/99_deep.ipynb").write_text("[" * 200_000)
    (work / "lessons/98_list.ipynb").write_text("[]")
    assert len(progress.read(work).pages) == before


def test_a_course_on_the_desk_has_rows_of_its_own(work: Path) -> None:
    (work / "flood/lessons").mkdir(parents=True)
    (work / "flood" / SECOND).write_bytes((work / SECOND).read_bytes())
    last = progress.read(work).pages[-1]
    assert (last.course, last.path, last.state) == ("flood", f"flood/{SECOND}", "open")


def shown(page: progress.Progress, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a notebook is given to show of the progress."""
    things: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda thing, **_: things.append(thing))
    page._ipython_display_()
    return things


def test_the_gain_appears_when_both_tests_are_filled_and_not_before(
    work: Path, write: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {f"A{n}": "alleged" for n in range(1, 9)}
    after = {f"B{n}": "confirmed" for n in range(1, 9)}
    write(FIRST, {"before": f"before = {before}"})
    write("lessons/07_looking_back.ipynb", {"after": f"after = {after | {'B3': ''}}"})
    assert progress.read(work).gained is None
    write("lessons/07_looking_back.ipynb", {"after": f"after = {after}"})
    found = progress.read(work)
    assert found.gained is not None
    said = found.gained.loc["all"]
    assert f"{said['before']} right" in found.markdown() and f"{said['after']} right" in repr(found)
    table, picture = shown(found, monkeypatch)
    assert table == {"text/markdown": found.markdown(), "text/plain": repr(found)}
    assert f"all: before {said['before']}, after {said['after']}, of 8" in picture.words


def test_links_lead_to_the_pages_from_wherever_it_is_asked(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for here in (work, work / "lessons"):
        monkeypatch.chdir(here)
        (table,) = shown(kit.progress(), monkeypatch)
        links = re.findall(r"\]\(([^)]+)\)", table["text/markdown"])
        assert len(links) == len(progress.read(work).pages) + 1
        assert all((here / link).is_file() for link in links)
    assert all((work / link).is_file() for link in re.findall(r"\]\(([^)]+)\)", progress.read(work).markdown()))


def test_a_title_cannot_break_the_table() -> None:
    title = "Who [says] *so* | <b>1_2</b>"
    page = progress.PageState("lessons/01_a.ipynb", title, "", False, "open", 0, 1)
    row = progress.Progress((page,)).markdown().splitlines()[-1]
    html = markdown2html_mistune(f"| page | far |\n| --- | --- |\n{row}\n")
    cells = re.findall(r"<td>(.*?)</td>", html)
    assert [re.sub(r"<a [^>]*>|</a>", "", cell) for cell in cells] == [escape(title), "open"]


# START.ipynb


def cells(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text("utf-8"))["cells"]


def test_start_shows_the_table_before_anything_is_run(work: Path) -> None:
    page = progress.lay_start(work)
    found = cells(page)
    assert [cell["id"] for cell in found] == [name for name, _, _ in progress.CELLS]
    assert progress.read(work).markdown() in found[0]["source"]
    assert f"**Go on here: [Lesson 0 · Start here]({FIRST})**" in found[0]["source"]
    assert found[1]["source"].endswith("kit.progress()") and not found[1]["outputs"]
    import nbformat

    nbformat.validate(nbformat.read(page, as_version=4))


def test_start_is_written_anew_around_what_the_student_added(work: Path, write: Change) -> None:
    page = progress.lay_start(work)
    notebook = json.loads(page.read_text("utf-8"))
    mine = {"id": "mine", "cell_type": "markdown", "metadata": {}, "source": "remember S17b"}
    notebook["cells"].insert(1, mine)
    notebook["cells"][2] |= {"source": "import kit\nkit.progress().pages", "outputs": [{}], "execution_count": 3}
    del notebook["cells"][-1]
    page.write_text(json.dumps(notebook), "utf-8")
    write(FIRST, {"before": "before = " + json.dumps({f"A{n}": "stance" for n in range(1, 9)})})
    found = cells(progress.lay_start(work))
    assert [cell["id"] for cell in found] == ["start-table", "mine", *(name for name, _, _ in progress.CELLS[1:])]
    assert found[1] == mine
    assert found[2]["source"].endswith(".pages") and not found[2]["outputs"]
    assert f"Go on here: [Lesson 1 · Said is not so]({SECOND})" in found[0]["source"]


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        '{"cells": 3}',
        '{"cells": ["x"], "metadata": {}}',
        '{"cells": {}, "metadata": {}}',
        '{"cells": [{}], "metadata": {}}',
        "[" * 200_000,
    ],
    ids=range(8),
)
def test_a_start_page_that_cannot_be_read_is_kept_aside(work: Path, broken: str) -> None:
    (work / progress.START).write_text(broken)
    assert len(cells(progress.lay_start(work))) == len(progress.CELLS)
    assert (work / "START.broken-1.ipynb").read_text() == broken


def test_a_start_page_that_cannot_be_written_is_said_in_plain_words(work: Path) -> None:
    (work / progress.START).mkdir()
    with pytest.raises(SetupError, match="start again"):
        progress.lay_start(work)
