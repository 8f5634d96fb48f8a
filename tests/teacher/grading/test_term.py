"""A term of four weeks into one folder: late hand-ins, two people who score, a crash each week; no point is lost."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kit.setup import places
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import classroom, grade, gradebook
from kit.teacher.grading.points import Mark
from kit.teacher.grading.submission import Submission
from kit.teacher.reports import grades_folder
from kit.teacher.reports.person_scoring import Desk
from kit.teacher.sandbox.kernels import ColdKernel

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are killed are made by fork")
STUDENTS = ("ana", "ben", "cid", "dee", "eva")
BY_HAND = 1.25


@pytest.fixture(scope="module")
def keys() -> dict[str, Exercise]:
    found = grade.exercises(places.solutions())
    return dict(list(found.items())[:4])


def ready(found: Submission, exercise: Exercise, **_: Any) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """Marks without a kernel: the first question earns what its cell says, the last one waits, the others have all."""
    first, *others, last = exercise.questions
    source = found.cells[0][2]
    marks = [Mark(first.name, first.points, float(source.rpartition("# ")[2]), "partly", answer=source)]
    marks += [Mark(question.name, question.points, question.points, "right", answer="x") for question in others]
    return (*marks, Mark(last.name, last.points, None, "missing")), ()


def hand_in(path: Path, exercise: Exercise, points: float) -> float:
    """Write a notebook that earns so much in its first question, and return what it earns in all, with a person's."""
    first, *others, _ = exercise.questions
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": f"{first.name} = 0  # {points}", "outputs": []}
    about = {"kit": {"exercise": exercise.name}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [cell], "metadata": about, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return points + sum(question.points for question in others) + BY_HAND


def graded(folder: Path, out: Path, keys: dict[str, Exercise], killed_after: int = 0) -> None:
    """`kit grade` with ready marks, killed after so many submissions."""
    classroom.grade_one = ready  # in a process of its own
    path = out / gradebook.FILE
    with gradebook.alone(path):
        with gradebook.opened(path, keys, versions="kit") as book:
            engine = lambda: ThreadPoolExecutor(2)  # noqa: E731
            _, coming = classroom.grade_class(folder, book, keys=keys, kernel=ColdKernel(), engine=engine)
            for done, _ in enumerate(coming, 1):
                if done == killed_after:
                    os.kill(os.getpid(), signal.SIGKILL)
            book.finish()
        grades_folder.write(out, keys)


def scored(out: Path, keys: dict[str, Exercise], turn: int) -> None:
    """One of two people: every other answer that waits, while the other one scores the rest."""
    desk = Desk(out / gradebook.FILE, keys)
    since, pieces = desk.data()["since"], desk.data()["pieces"]
    for piece in [piece for piece in pieces if not piece["given"] and int(piece["id"], 16) % 2 == turn]:
        done = desk.give({"id": piece["id"], "points": BY_HAND, "comment": "", "since": since})
        assert done and not done["clash"]


def together(*work: tuple[Any, ...]) -> list[int | None]:
    """Each function with its arguments in a process of its own, all at once: their exit codes."""
    fork = multiprocessing.get_context("fork")
    running = [fork.Process(target=what, args=about) for what, *about in work]
    for one in running:
        one.start()
    for one in running:
        one.join()
    return [one.exitcode for one in running]


def test_a_term_accounts_for_every_point(tmp_path: Path, keys: dict[str, Exercise]) -> None:
    out, expected = tmp_path / "grades", {}
    out.mkdir()
    for week, (name, exercise) in enumerate(keys.items(), 1):
        folder = tmp_path / f"week{week}"
        for at, student in enumerate(STUDENTS):
            if (at + week) % 4:  # the others hand in late
                expected[student, name] = hand_in(folder / student / f"{name}.ipynb", exercise, 0.25 * at)
        for earlier, old in list(keys.items())[: week - 1]:
            for at, student in enumerate(STUDENTS):
                if (at + week) % 3 == 0:  # late, or for the second time, and under another name
                    expected[student, earlier] = hand_in(folder / student / f"late {earlier}.ipynb", old, 1 + 0.25 * at)
        assert together((graded, folder, out, keys, week + 1)) == [-signal.SIGKILL]
        scorers = [(scored, out, keys, turn) for turn in (0, 1)]
        assert together((graded, folder, out, keys), *scorers) == [0, 0, 0]
        assert together(*scorers) == [0, 0]
        assert together((graded, folder, out, keys)) == [0]
    found = gradebook.standing(out / gradebook.FILE, keys).graded
    assert {(one.student, one.graded_exercise.name): one.earned for one in found} == expected
    assert len(found) == len(expected) and not any(one.undecided for one in found)
    with (out / "totals.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["student"], row["exercise"]): float(row["earned"]) for row in rows} == expected
    for student in STUDENTS:
        page = (out / "feedback" / f"{student}.html").read_text("utf-8")
        theirs = [keys[name].title for who, name in expected if who == student]
        assert all(f"<h2>{title}: " in page for title in theirs) and "so far" not in page
