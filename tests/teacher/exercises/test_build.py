"""Building: the same bytes each time, and faults named with their cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kit.check import feedback
from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises import build as building
from kit.teacher.exercises.build import build, executed, text_of
from kit.teacher.exercises.keys import shown
from kit.teacher.exercises.unfit import unfit_words

SOLUTIONS = sorted(places.solutions().glob("*.ipynb"))
SOLUTION = SOLUTIONS[0]


def notebook(*sources: str) -> Any:
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources, 1)]
    return new_notebook(cells=[new_markdown_cell("# Title", id="title"), *cells])


def written(path: Path, what: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(what, path)
    return path


def cell(book: Any, name: str) -> Any:
    return next(one for one in book.cells if one.id == name)


def test_the_text_of_a_notebook_is_the_file_itself() -> None:
    for path in SOLUTIONS:
        text = text_of(nbformat.read(path, as_version=4))
        assert text == path.read_text("utf-8")
        assert text.endswith("}\n") and not text.endswith("\n\n")


def test_a_notebook_that_is_none_is_not_written() -> None:
    broken = notebook("1")
    broken.cells[1].cell_type = "nonsense"
    with pytest.raises(nbformat.ValidationError):
        text_of(broken)


# Running


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    book = notebook("import os\nprint(sorted({'b', 'a'}), hash('a'))", "os.environ['PYTHONHASHSEED']")
    book.metadata = {"kit": {"exercise": "x"}, "kernelspec": {"name": "mine", "display_name": "Mine"}, "extra": 1}
    path = written(tmp_path / "a.ipynb", book)
    before = path.read_bytes()
    first, second = text_of(executed(path)), text_of(executed(path))
    assert first == second
    assert path.read_bytes() == before
    run = nbformat.reads(first, as_version=4)
    assert run.metadata.keys() == {"kernelspec", "language_info", "kit"}
    assert run.metadata.kernelspec.name == "python3"
    assert shown(cell(run, "cell-2").outputs) == "'0'"
    assert [one.execution_count for one in run.cells[1:]] == [1, 2]
    assert not any(one.metadata for one in run.cells)


def test_what_was_printed_in_pieces_is_kept_in_one(tmp_path: Path) -> None:
    book = notebook("print('a', flush=True)\nprint('b', flush=True)", "")
    (printed,) = executed(written(tmp_path / "a.ipynb", book)).cells[1].outputs
    assert printed.text == "a\nb\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [("x = 1 / 0", "ZeroDivisionError: division by zero"), ("import os; os._exit(1)", "Kernel died")],
)
def test_a_cell_that_fails_is_named_with_its_notebook(source: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path / "lesson.ipynb", notebook("a = 1", source, "b = 2"))
    with pytest.raises(KitError, match=r"^lesson\.ipynb, cell cell-2: it does not run\.") as fault:
        executed(path)
    assert said in str(fault.value)
    assert "\x1b" not in str(fault.value)


# Building a clone


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small clone: a lesson, and the first exercise. Nothing is run; what is in a file is what came out."""
    written(tmp_path / "notebooks/01_a.ipynb", notebook("1"))
    written(tmp_path / "exercises/solutions" / SOLUTION.name, nbformat.read(SOLUTION, as_version=4))
    monkeypatch.setattr(building, "executed", lambda path: nbformat.read(path, as_version=4))
    return tmp_path


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_build_writes_what_changed_and_then_nothing(clone: Path) -> None:
    said: list[str] = []
    changed = build(clone, say=said.append)
    assert clone / "exercises" / SOLUTION.name in changed
    assert (clone / "exercises" / SOLUTION.name).read_bytes() == (places.exercises() / SOLUTION.name).read_bytes()
    assert said == [f"Running {Path('notebooks/01_a.ipynb')}", f"Running {Path('exercises/solutions') / SOLUTION.name}"]
    before = files(clone)
    assert build(clone, say=said.append) == ()
    assert files(clone) == before
    assert not [name for name in before if name.endswith(".tmp")]


def test_a_check_writes_nothing_and_names_what_is_stale(clone: Path) -> None:
    build(clone, say=lambda line: None)
    assert build(clone, check=True, say=lambda line: None) == ()
    stale = clone / "exercises" / SOLUTION.name
    stale.write_text(stale.read_text("utf-8").replace("# Your answer", "# Mine"), "utf-8")
    before = files(clone)
    assert build(clone, check=True, say=lambda line: None) == (stale,)
    stale.unlink()
    assert build(clone, check=True, say=lambda line: None) == (stale,)
    assert files(clone) == {name: data for name, data in before.items() if name != f"exercises/{SOLUTION.name}"}


def test_an_exercise_without_a_solution_is_named(clone: Path) -> None:
    written(clone / "exercises/09_lost.ipynb", notebook("1"))
    with pytest.raises(KitError, match=r"09_lost\.ipynb has no solution"):
        build(clone, say=lambda line: None)


def test_the_words_of_the_feedback_are_checked_before_anything_is_run(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "rules.toml"
    words.write_text("[look]\nat = 'Look at “{word}”.'", "utf-8")
    monkeypatch.setattr(feedback, "FILE", words)
    said: list[str] = []
    with pytest.raises(KitError) as fault:
        build(clone, check=True, say=said.append)
    assert str(fault.value) == "\n".join(unfit_words()) and not said
    assert "rules.toml: “look.at” has “{word}”; permitted: {words}." in str(fault.value).splitlines()
