"""A teacher's own course in a real browser: the archive unpacked on the desk, opened as a student does."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.article import seeds
from kit.teacher.exercises.own_course import make
from kit.teacher.exercises.sharing import release

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def unpacked(lab: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The course's folder on the desk, from the archive, while these tests run; no other file of the course is near."""
    folder = tmp_path_factory.mktemp("course")
    make(seeds.seeds() / "sluice.toml", folder / "course")
    release(folder / "course", folder / "student.zip")
    with zipfile.ZipFile(folder / "student.zip") as archive:
        archive.extractall(lab.desk)
    yield lab.desk / "sluice"
    shutil.rmtree(lab.desk / "sluice")  # START would list its pages, too


def photograph(page: Any, name: str) -> None:
    """A picture for whoever wants to look: `KIT_PICTURES` names a folder."""
    if folder := os.environ.get("KIT_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("number", ["01_said_is_not_so", "05_where_readers_disagree"])
def test_a_lesson_of_a_course_runs_from_its_folder(unpacked: Path, notebook: Callable[[str], Any], number: str) -> None:
    lesson = notebook(f"{unpacked.name}/lessons/{number}.ipynb")
    for cell in lesson.ids():
        lesson.run_at(cell)  # not merely the next one: a card of practice takes the keys
        if cell in ("aloud-thoughts", "step-3-check", "passes-shown", "hand-kit"):
            photograph(lesson.page, f"{number}_{cell}")
    expect(lesson.page.locator("[data-mime-type*=stderr], [data-mime-type*=error]")).to_have_text([])


def test_an_exercise_of_a_course_takes_answers_and_gives_no_label_away(
    unpacked: Path, notebook: Callable[[str], Any]
) -> None:
    exercise = notebook(f"{unpacked.name}/exercises/01_acts_and_contents.ipynb")
    first = exercise.ids().index("layers-check")
    exercise.run_at("setup", "text-shown")
    names = [row.split('"')[1] for row in exercise.source("layers-answer").split("\n") if '"' in row]
    expect(exercise.output("text-shown").get_by_text(f"[{names[0]} ?]", exact=True)).to_be_visible()
    photograph(exercise.page, "exercise")
    exercise.fill("layers-answer", **dict.fromkeys(names, "act"))
    exercise.run_at("layers-answer", exercise.ids()[first])
    expect(exercise.output("layers-check")).to_contain_text("Complete: every line is filled")
    photograph(exercise.page, "exercise_check")
