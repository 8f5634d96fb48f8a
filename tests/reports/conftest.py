"""A solved exercise, and graded classes in a folder of grades."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kit import places
from kit.grading import gradebook
from kit.grading.exercise import Exercise, load
from kit.grading.grade import Graded
from kit.reports import report


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    return load(places.solutions() / "01_acts_and_contents.ipynb")


@pytest.fixture
def keep() -> Callable[..., None]:
    """Put graded submissions into a folder as `kit grade` does."""

    def keep(graded: Sequence[Graded], folder: Path, *, isolation: str = "not isolated") -> None:
        folder.mkdir(exist_ok=True)
        keys = {one.exercise.name: one.exercise for one in graded if one.exercise}
        with gradebook.opened(folder / gradebook.FILE, keys, versions="", isolation=isolation) as book:
            for one in graded:
                book.keep(one.path.as_posix(), one, "hash")
        found = report.standing(folder, keys)
        report.publish(found.graded, folder, isolation=found.isolation)

    return keep
