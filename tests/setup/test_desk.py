"""The desk never writes over a student's work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.errors import SetupError
from kit.questions import role
from kit.setup import desk, places


@pytest.fixture
def kit_folders(tmp_path: Path) -> dict[str, Path]:
    folders = {"lessons": tmp_path / "kit" / "notebooks", "exercises": tmp_path / "kit" / "exercises"}
    for folder in folders.values():
        folder.mkdir(parents=True)
    (folders["lessons"] / "01_read.ipynb").write_text("lesson, version 1")
    (folders["exercises"] / "01_sort.ipynb").write_text("exercise, version 1")
    (folders["exercises"] / "solutions").mkdir()
    (folders["exercises"] / "solutions" / "01_sort.ipynb").write_text("the answers")
    return folders


def lesson(kit_folders: dict[str, Path]) -> Path:
    return kit_folders["lessons"] / "01_read.ipynb"


def test_the_first_time_everything_is_copied_but_the_solutions(tmp_path: Path, kit_folders: dict[str, Path]) -> None:
    laid = desk.lay(tmp_path / "work", **kit_folders)
    assert laid.copied == ("lessons/01_read.ipynb", "exercises/01_sort.ipynb")
    assert laid.lines() == ("2 notebooks copied to the desk.",)
    found = sorted(p.relative_to(tmp_path / "work").as_posix() for p in (tmp_path / "work").rglob("*") if p.is_file())
    assert found == [".laid.json", "exercises/01_sort.ipynb", "lessons/01_read.ipynb"]


def test_the_second_time_nothing_happens(tmp_path: Path, kit_folders: dict[str, Path]) -> None:
    desk.lay(tmp_path / "work", **kit_folders)
    laid = desk.lay(tmp_path / "work", **kit_folders)
    assert (laid.copied, laid.refreshed, laid.newer, laid.lines()) == ((), (), (), ())


def test_an_untouched_copy_follows_the_kit(tmp_path: Path, kit_folders: dict[str, Path]) -> None:
    desk.lay(tmp_path / "work", **kit_folders)
    lesson(kit_folders).write_text("lesson, version 2")
    laid = desk.lay(tmp_path / "work", **kit_folders)
    assert laid.refreshed == ("lessons/01_read.ipynb",)
    assert (tmp_path / "work/lessons/01_read.ipynb").read_text() == "lesson, version 2"


def test_a_touched_copy_stays_and_the_newer_version_lies_beside_it(
    tmp_path: Path, kit_folders: dict[str, Path]
) -> None:
    work = tmp_path / "work"
    desk.lay(work, **kit_folders)
    (work / "lessons/01_read.ipynb").write_text("mine")
    lesson(kit_folders).write_text("lesson, version 2")
    for _ in range(2):
        laid = desk.lay(work, **kit_folders)
        assert laid.newer == ("lessons/01_read.ipynb",)
        assert "01_read.new.ipynb" in laid.lines()[0]
        assert (work / "lessons/01_read.ipynb").read_text() == "mine"
        assert (work / "lessons/01_read.new.ipynb").read_text() == "lesson, version 2"
    lesson(kit_folders).write_text("lesson, version 3")
    desk.lay(work, **kit_folders)
    assert (work / "lessons/01_read.new.ipynb").read_text() == "lesson, version 3"


def test_work_in_the_newer_version_is_not_written_over_either(tmp_path: Path, kit_folders: dict[str, Path]) -> None:
    work = tmp_path / "work"
    desk.lay(work, **kit_folders)
    (work / "lessons/01_read.ipynb").write_text("mine")
    lesson(kit_folders).write_text("lesson, version 2")
    desk.lay(work, **kit_folders)
    (work / "lessons/01_read.new.ipynb").write_text("mine too")
    lesson(kit_folders).write_text("lesson, version 3")
    desk.lay(work, **kit_folders)
    assert (work / "lessons/01_read.new.ipynb").read_text() == "mine too"


@pytest.mark.parametrize(
    "record", [None, "", "{", "[1]", '{"lessons/01_read.ipynb": 3}', "\0", "[" * 200_000], ids=range(7)
)
def test_a_lost_or_broken_record_does_no_harm(tmp_path: Path, kit_folders: dict[str, Path], record: str | None) -> None:
    work = tmp_path / "work"
    desk.lay(work, **kit_folders)
    (work / "lessons/01_read.ipynb").write_text("mine")
    (work / ".laid.json").unlink()
    if record is not None:
        (work / ".laid.json").write_text(record)
    assert desk.lay(work, **kit_folders) == desk.Laid()
    assert (work / "lessons/01_read.ipynb").read_text() == "mine"
    assert set(json.loads((work / ".laid.json").read_text())) == {"lessons/01_read.ipynb", "exercises/01_sort.ipynb"}


def test_a_deleted_copy_is_laid_again(tmp_path: Path, kit_folders: dict[str, Path]) -> None:
    desk.lay(tmp_path / "work", **kit_folders)
    (tmp_path / "work/lessons/01_read.ipynb").unlink()
    assert desk.lay(tmp_path / "work", **kit_folders).copied == ("lessons/01_read.ipynb",)


def test_what_cannot_be_written_is_said_in_plain_words(tmp_path: Path, kit_folders: dict[str, Path]) -> None:
    (tmp_path / "work").write_text("a file where the desk should be")
    with pytest.raises(SetupError, match="could not be laid"):
        desk.lay(tmp_path / "work", **kit_folders)


def code_cells(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The code cells of every notebook in a folder, by its name."""
    read = {path.name: json.loads(path.read_text("utf-8"))["cells"] for path in sorted(folder.rglob("*.ipynb"))}
    return {name: [cell for cell in cells if cell["cell_type"] == "code"] for name, cells in read.items()}


def test_copies_hold_no_output_but_those_of_something_to_read(tmp_path: Path) -> None:
    ours = code_cells(places.notebooks())
    assert all(any(cell["outputs"] for cell in cells) for cells in ours.values()), "the kit's own keep theirs"
    desk.lay(tmp_path)
    copies = code_cells(tmp_path)
    assert set(ours) < set(copies)
    for name, cells in copies.items():
        for cell in cells:
            assert cell["execution_count"] is None
            assert not cell["outputs"] or role(cell)[0] == "text", (name, cell["id"])
    kept = [cell for cell in copies["01_acts_and_contents.ipynb"] if cell["outputs"]]
    assert "text-shown" in {cell["id"] for cell in kept}


def test_whatever_an_answer_does_run_all_goes_on(tmp_path: Path) -> None:
    desk.lay(tmp_path)
    for name, cells in code_cells(tmp_path).items():
        tagged = ["raises-exception" in cell["metadata"].get("tags", ()) for cell in cells]
        first = next(at for at, cell in enumerate(cells) if role(cell)[0] == "answer")
        assert tagged == [at >= first for at in range(len(cells))], name
    for cells in code_cells(places.notebooks()).values():
        assert not any(cell["metadata"].get("tags") for cell in cells), "nbval would take it for what must happen"


def test_a_copy_that_an_older_kit_laid_with_its_outputs_loses_them_if_it_is_untouched(
    tmp_path: Path, kit_folders: dict[str, Path]
) -> None:
    work, name = tmp_path / "work", "00_start_here.ipynb"
    ours = (places.notebooks() / name).read_bytes()
    (kit_folders["lessons"] / name).write_bytes(ours)
    (work / "lessons").mkdir(parents=True)
    (work / "lessons" / name).write_bytes(ours)
    (work / ".laid.json").write_text(json.dumps({f"lessons/{name}": desk.fingerprint(ours)}))
    assert desk.lay(work, **kit_folders).refreshed == (f"lessons/{name}",)
    copy = (work / "lessons" / name).read_bytes()
    assert copy == desk.handed_out(ours) and desk.fingerprint(copy) == desk.fingerprint(ours)
    mine = copy.replace(b'\\"A1\\": \\"\\"', b'\\"A1\\": \\"alleged\\"')
    assert mine != copy
    (work / "lessons" / name).write_bytes(mine)
    assert desk.lay(work, **kit_folders) == desk.Laid()
    assert (work / "lessons" / name).read_bytes() == mine


def test_a_copy_that_is_renamed_stays_and_a_fresh_one_is_laid(tmp_path: Path, kit_folders: dict[str, Path]) -> None:
    work = tmp_path / "work"
    desk.lay(work, **kit_folders)
    (work / "lessons/01_read.ipynb").rename(work / "lessons/01_mine.ipynb").write_text("mine")
    assert desk.lay(work, **kit_folders).copied == ("lessons/01_read.ipynb",)
    assert (work / "lessons/01_mine.ipynb").read_text() == "mine"


def test_a_page_finds_its_desk(tmp_path: Path, kit_folders: dict[str, Path]) -> None:
    page = tmp_path / "work/flood/exercises/01_sort.ipynb"
    assert desk.of(page) == tmp_path / "work/flood"
    desk.lay(tmp_path / "work", **kit_folders)
    assert desk.of(page) == tmp_path / "work"
    assert desk.of(tmp_path / "elsewhere/01_sort.ipynb") == tmp_path / "elsewhere"
