"""A solved exercise, and graded classes in a folder of grades."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.reports import grades_folder, roster
from kit.teacher.reports.roster import Roster


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    return load(places.solutions() / "01_acts_and_contents.ipynb")


@pytest.fixture(scope="session")
def article() -> Exercise:
    """The exercise with a written answer."""
    return load(places.solutions() / "05_the_whole_article.ipynb")


@pytest.fixture(scope="session")
def both(exercise: Exercise, article: Exercise) -> tuple[Exercise, Exercise]:
    return exercise, article


@pytest.fixture
def keep() -> Callable[..., None]:
    """Put graded submissions into a folder as `kit grade` does."""

    def keep(graded: Sequence[Graded], folder: Path, *, isolation: str = "not isolated") -> None:
        folder.mkdir(exist_ok=True)
        keys = {one.exercise.name: one.exercise for one in graded if one.exercise}
        with gradebook.opened(folder / gradebook.FILE, keys, versions="", isolation=isolation) as book:
            for one in graded:
                book.keep(one.path.as_posix(), one, f"hash of {one.path}")
        grades_folder.write(folder, keys)

    return keep


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Roster]:
    """A roster with this content, read."""

    def write(content: str | bytes) -> Roster:
        path = tmp_path / "roster.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return roster.load(path)

    return write
