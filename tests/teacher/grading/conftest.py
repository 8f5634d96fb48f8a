"""Submissions of exercise 1, graded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import grade, submission
from kit.teacher.grading.points import Mark
from kit.teacher.sandbox.kernels import Kernel
from kit.teacher.sandbox.limits import CELL_SECONDS


@pytest.fixture
def graded(hand_in: Callable[..., Path], exercise: Exercise, kernel: Kernel) -> Callable[..., dict[str, Mark]]:
    """Hand in a notebook with these answers, as `hand_in` does, and return its marks by question."""

    def graded(answers: dict[str, str], *, seconds: float = CELL_SECONDS, **how: Any) -> dict[str, Mark]:
        found = submission.read("eve", hand_in(answers, **how))
        marks, _ = grade.grade_one(found, exercise, kernel=kernel, cell_seconds=seconds)
        return {mark.question: mark for mark in marks}

    return graded
