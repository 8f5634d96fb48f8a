"""Handing in copies what is saved, under a name that the grader reads, and loses nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kit
from kit.errors import KitError
from kit.page.cells import Run, Watch
from kit.questions import read, role
from kit.setup import desk, handing_in, places, progress
from kit.setup.handing_in import HandIn
from kit.teacher.grading import handed_in
from kit.teacher.grading.grade import Graded
from kit.teacher.reports import roster

NAME = "01_acts_and_contents"
Write = Callable[..., Path]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new desk, seen by a kernel that belongs to exercise 1."""
    desk.lay(tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work/exercises")
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "work/exercises" / f"{NAME}.ipynb"))
    return tmp_path / "work"


@pytest.fixture
def write(work: Path) -> Write:
    """Write answers (question to source) into the page, and save it."""

    def change(**answers: str) -> Path:
        path = work / "exercises" / f"{NAME}.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            what, question = role(cell)
            if what == "answer" and question in answers:
                cell["source"] = answers[question]
        path.write_text(json.dumps(notebook), "utf-8")
        return path

    return change


def files(work: Path) -> list[str]:
    folders = (progress.HANDED_IN, handing_in.BEFORE)
    return sorted(p.relative_to(work).as_posix() for name in folders for p in (work / name).rglob("*.ipynb"))


def test_without_a_front_end_nothing_happens_and_the_line_is_always_the_same(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert repr(kit.hand_in()) == repr(kit.hand_in(name="Ana")) == handing_in._NOWHERE
    assert files(work) == []


def test_a_copy_is_made_and_it_is_said_what_is_blank_and_where_it_is(work: Path, write: Write) -> None:
    page = write(acts="acts = 18", spans='spans = {"S10": [2], "S11": [], "S12": [1], "S13": [1]}')
    done = kit.hand_in()
    assert done.file == work / "handed_in" / f"{NAME}.ipynb"
    assert done.file.read_bytes() == page.read_bytes()
    said = repr(done)
    assert "Still blank: 23 of 27 lines (question 1: 8, question 2: 1, question 3: 4" in said
    assert done.file.name in said and str(done.file.parent) in said and "Download" in said
    assert all(line in done._repr_html_() for line in done.lines if "&" not in line and "'" not in line)
    found = {one.path: one for one in progress.read(work).pages}
    assert found[f"exercises/{NAME}.ipynb"].words == "handed in, 23 lines blank"


def test_an_answer_that_stops_with_an_error_is_named(work: Path, write: Write) -> None:
    page = write(
        acts="acts = nothing", cues='cues = {"S11b": “as per”}', layers='layers = {\n"S10a": "act"\n"S10b": 1\n}'
    )
    assert "The answer to question 1 stops with an error" in repr(kit.hand_in())
    notebook = json.loads(page.read_text("utf-8"))
    for cell in notebook["cells"]:
        if role(cell) == ("answer", "acts"):
            cell["outputs"] = [{"output_type": "error", "ename": "NameError", "evalue": "", "traceback": []}]
    page.write_text(json.dumps(notebook), "utf-8")
    said = repr(kit.hand_in())
    assert "The answer to questions 1, 5 stops with an error" in said
    assert "Still blank: 25 of 27 lines (question 1: 8, question 2: 4, question 3: 3" in said
    write(layers="layers = 5", acts="acts = 5")
    assert "questions" not in repr(kit.hand_in())


def test_the_name_in_the_file_is_the_student_for_the_grader_and_the_roster(
    work: Path, write: Write, tmp_path: Path
) -> None:
    write(acts="acts = 18")
    people = tmp_path / "roster.csv"
    people.write_text("name,email\nAna Maria de la Vale,ana_v@example.org\nBo O'Neil,bo@example.org\n", "utf-8")
    for given, person in (
        ("Ana Maria de la Vale", "Ana Maria de la Vale"),
        ("  Vale/Ana: ", None),
        ("bo@example.org", "Bo O'Neil"),
        ("ana_v@example.org", "Ana Maria de la Vale"),
        ("Bo O'Neil", "Bo O'Neil"),
    ):
        done = kit.hand_in(name=given)
        one, *others = handed_in.find(work / "handed_in", [NAME])
        assert (one.path, others) == (done.file, [])
        found = roster.load(people).find(Graded(one.student, Path(one.file), None))
        assert (found if isinstance(found, str) else found.full_name) == (person or "no row")
    assert handed_in.find(work / "handed_in", [NAME])[0].student == "Bo O'Neil"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../x", "x"),
        ("😀" * 300, "😀" * 30),
        ("Jose\u0301-Mari\u0301a", "Jos\u00e9-Mar\u00eda"),
        ("a\u202eb\x7f\u2028", "a b"),
        ("é" * 59 + ". é", "é" * 59),
    ],
)
def test_any_name_fits_into_the_name_of_a_file(work: Path, write: Write, given: str, kept: str) -> None:
    write(acts="acts = 18")
    done = kit.hand_in(name=given)
    assert done.file == work / "handed_in" / f"{kept}_{NAME}.ipynb"
    assert done.file.is_file() and handed_in.find(work / "handed_in", [NAME])[0].student == kept


def test_where_nothing_can_be_written_the_page_itself_is_to_be_handed_in(work: Path, write: Write) -> None:
    write(acts="acts = 18")
    (work / "handed_in").write_text("in the way", "utf-8")
    done = kit.hand_in()
    assert done.file is None and "Hand in the file of this page itself" in repr(done)


def test_what_was_handed_in_before_is_kept_elsewhere_whatever_its_name_was(work: Path, write: Write) -> None:
    write(acts="acts = 18")
    first = kit.hand_in().file
    assert first and kit.hand_in().file == first
    assert files(work) == [f"handed_in/{NAME}.ipynb"], "the same once more is no other one"
    write(acts="acts = 19")
    said = repr(kit.hand_in(name="Ana"))
    assert f"What you handed in before is kept: handed_in_before/{NAME}_1.ipynb" in said
    write(acts="acts = 20")
    kit.hand_in(name="Ana")
    assert files(work) == [
        f"handed_in/Ana_{NAME}.ipynb",
        f"handed_in_before/{NAME}_1.ipynb",
        f"handed_in_before/Ana_{NAME}_1.ipynb",
    ]
    kept = json.loads((work / f"handed_in_before/{NAME}_1.ipynb").read_text("utf-8"))
    assert progress.answer_of(kept, "acts") == "acts = 18"


def test_a_page_with_nothing_in_it_is_not_handed_in(work: Path) -> None:
    assert kit.hand_in() == HandIn((handing_in._EMPTY,))
    assert files(work) == []


def test_the_teacher_may_want_a_name(work: Path, write: Write, tmp_path: Path) -> None:
    write(acts="acts = 18")
    (tmp_path / "class.toml").write_text("ask_name = true")
    for nothing in ("", "  ", "///"):
        assert kit.hand_in(name=nothing).file is None
    assert files(work) == []
    assert kit.hand_in(name="Ana").file


@pytest.mark.parametrize(
    ("ran", "unsaved"),
    [
        ([], set()),
        (["acts = 18", "kit.check.number(acts)"], set()),
        (["acts = 17", "acts = 18  \n"], set()),
        (["acts = 18", "acts = 17"], {"acts"}),
        (["acts = 17", "several = 3"], {"acts", "several"}),
        (["acts = 17", "acts ="], {"acts"}),
        (["a note", "%time acts = 5"], set()),
    ],
)
def test_what_was_run_and_is_not_saved_is_noticed(
    work: Path, write: Write, monkeypatch: pytest.MonkeyPatch, ran: list[str], unsaved: set[str]
) -> None:
    write(acts="acts = 18")
    runs = [Run("", source, began=0) for source in ran]
    monkeypatch.setattr(handing_in, "watching", lambda: Watch({}, runs))
    done = kit.hand_in()
    assert (done.file is None) == bool(unsaved)
    numbers = {one.name: one.number for one in read(places.exercises() / f"{NAME}.ipynb").questions}
    assert all(f"{numbers[name]}" in repr(done).partition(" is not saved")[0] for name in unsaved)


@pytest.mark.parametrize("broken", [None, "", "{}", '{"cells": [], "metadata": {}}', "[" * 200_000], ids=range(5))
def test_a_page_that_is_not_there_is_said_in_plain_words(work: Path, broken: str | None) -> None:
    page = work / "exercises" / f"{NAME}.ipynb"
    page.unlink()
    if broken is not None:
        page.write_text(broken)
    assert "Nothing was copied" in repr(kit.hand_in())
    assert files(work) == []


def test_a_course_on_the_desk_hands_in_into_a_folder_of_its_own(
    work: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = write(acts="acts = 18")
    (work / "flood/exercises").mkdir(parents=True)
    other = page.rename(work / "flood/exercises" / page.name)
    monkeypatch.setenv("JPY_SESSION_NAME", str(other))
    kit.hand_in()
    assert files(work) == [f"handed_in/flood/{NAME}.ipynb"]
    assert progress.read(work).pages[-1].state == "handed in"


def test_every_exercise_ends_by_handing_in() -> None:
    pages = sorted(places.exercises().glob("*.ipynb"))
    assert pages
    for path in pages:
        *_, words, cell = json.loads(path.read_text("utf-8"))["cells"]
        assert (cell["id"], role(cell)[0], "".join(cell["source"])) == ("hand-in", "hand in", 'kit.hand_in(name="")')
        assert f"`{path.name}` in the folder `{path.parent.name}`" in "".join(words["source"])


def test_in_a_browser_that_shows_no_files_it_is_said_what_to_do(
    work: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(layers='layers = {"S10a": "act"}')
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert repr(kit.hand_in()) == handing_in._NO_FILES
    assert files(work) == []
    with pytest.raises(KitError, match="stands on the first page"):
        kit.progress()


def test_in_a_browser_the_copy_is_handed_in_from_the_toolbar(
    work: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(layers='layers = {"S10a": "act"}')
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(handing_in, "outlasts", lambda folder: True)
    said = repr(kit.hand_in())
    assert handing_in._IN_BROWSER in said and "list on the left" not in said
