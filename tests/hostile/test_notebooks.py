"""Hostile notebooks, files and names: what is run is what the answers say, and a class is graded whatever is in it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.errors import SubmissionError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import handed_in, submission
from kit.teacher.grading.transplant import transplant

from .conftest import World, soon
from .notebooks import FILES, NAME, NOT_TEXT, NOTEBOOKS, RIGHT, STUDENTS, WRONG

Hand = Callable[[dict[str, str]], dict[str, Any]]

REWRITTEN = ("earns_16_has_skip_markers", "earns_16_has_half_a_letter", "earns_16_has_an_answer_that_no_parser")
"""Those whose answers read otherwise than the plain ones."""


def points(name: str) -> int | None:
    return None if name.startswith("none_") else int(name.split("_")[1])


def content(name: str, notebook: dict[str, Any]) -> bytes:
    made = NOTEBOOKS[name](notebook)
    return made if isinstance(made, bytes) else (made or json.dumps(notebook)).encode()


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if points(name) is not None])
def test_what_runs_of_a_hostile_notebook_is_our_own_with_its_answers(
    name: str, handed_in: Hand, exercise: Exercise
) -> None:
    made = run(content(name, handed_in(WRONG)), exercise)
    assert [cell["id"] for cell in made["cells"]] == [cell["id"] for cell in transplant(exercise, {})["cells"]]
    assert {cell["id"] for cell in made["cells"]} < {cell["id"] for cell in exercise.notebook["cells"]}
    if not name.startswith(REWRITTEN):
        answers = WRONG | RIGHT if points(name) == 20 else WRONG
        assert made == run(json.dumps(handed_in(answers)).encode(), exercise)


def run(data: bytes, exercise: Exercise) -> dict[str, Any]:
    """The notebook that would be run of a file with these bytes."""
    found = submission.read("eve", Path(f"{NAME}.ipynb"), data)
    assert submission.exercise_of(found, {NAME: exercise}) is exercise
    return transplant(exercise, {name: answer.source for name, answer in submission.answers(found, exercise).items()})


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if points(name) is None])
def test_what_cannot_be_a_notebook_of_a_person_is_refused_in_a_sentence(
    name: str, handed_in: Hand, exercise: Exercise, tmp_path: Path
) -> None:
    path = tmp_path / "eve.ipynb"
    path.write_bytes(content(name, handed_in(WRONG)))
    with pytest.raises(SubmissionError) as caught:
        submission.exercise_of(submission.read("eve", path), {NAME: exercise})
    assert str(caught.value).strip() and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [name for name in FILES if points(name) is None and "twice" not in name])
def test_what_is_no_file_of_the_students_own_is_not_opened(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    FILES[name](tmp_path / name, "{}")
    (tmp_path / "ana.ipynb").write_text("{}")
    found = [one for one in handed_in.find(tmp_path, [NAME]) if one.student == name]
    assert found
    for one in found:
        with pytest.raises(SubmissionError) as caught:
            handed_in.load(one)
        assert str(caught.value).strip() and "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def handed(world: World, handed_in: Hand, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """The folder of a class in which nobody is honest, and the names that this disk would not take."""
    folder, refused = tmp_path_factory.mktemp("class"), set()
    plain = json.dumps(handed_in(WRONG))
    for name in NOTEBOOKS:
        (folder / name).mkdir()
        (folder / name / f"{NAME}.ipynb").write_bytes(content(name, handed_in(WRONG)))
    for name, write in FILES.items():
        (folder / name).mkdir()
        write(folder / name, plain)
    for student in (*STUDENTS, os.fsdecode(NOT_TEXT)):
        try:
            (folder / student).mkdir()
        except OSError:
            refused.add(student)
            continue
        (folder / student / f"{NAME}.ipynb").write_text(plain, "utf-8")
    return folder, refused


@pytest.fixture(scope="module")
def totals(world: World, handed: tuple[Path, set[str]]) -> tuple[list[dict[str, str]], Path]:
    """The command's totals for that class, and the folder that it wrote to."""
    before, running, out = world.files(), world.running(), handed[0].parent / "out"
    command = ["grade", str(handed[0]), "-o", str(out), "--workers", "2"]
    python = [sys.executable, "-c", "import sys; from kit import commands; sys.exit(commands.main(sys.argv[1:]))"]
    done = subprocess.run([*python, *command], cwd=handed[0].parent, capture_output=True, text=True, errors="replace")
    if "does not isolate" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    assert soon(lambda: world.running() <= running)
    after = world.files()
    assert {name for name in before | after if before.get(name) != after.get(name)} == set()
    assert world.left() == []
    with (out / "totals.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file)), out


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NOTEBOOKS, *FILES])
def test_a_hostile_file_earns_what_its_answers_earn(name: str, totals: tuple[list[dict[str, str]], Path]) -> None:
    mine = [row for row in totals[0] if row["student"] == name]
    assert mine
    for row in mine:
        assert (float(row["earned"]) if row["earned"] else None) == points(name), row
        assert row["earned"] or (row["note"] and row["note"].isprintable())


@pytest.mark.slow
def test_no_student_is_taken_for_another(
    totals: tuple[list[dict[str, str]], Path], handed: tuple[Path, set[str]]
) -> None:
    rows, out = totals
    by_name = {row["student"].replace("'", ""): row for row in rows}  # the guard of cells puts some before signs
    students = set(by_name)
    plain = {" ".join(name.replace("'", "").splitlines()) for name in {*STUDENTS, *NOTEBOOKS, *FILES} - handed[1]}
    strange = set() if os.fsdecode(NOT_TEXT) in handed[1] else students - plain
    assert len(students) == len(plain) + (os.fsdecode(NOT_TEXT) not in handed[1])
    assert plain <= students and len(strange) <= 1
    assert {float(by_name[name]["earned"]) for name in (plain - {*NOTEBOOKS, *FILES}) | strange} == {16}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values() if cell)
    pages = list((out / "feedback").iterdir())
    assert len([page for page in pages if page.suffix == ".html"]) == len(students)
    assert all(page.resolve().parent == (out / "feedback").resolve() for page in pages)
