"""The gradebook: what it keeps, what it takes up again, and that one grader at a time has it."""

from __future__ import annotations

import dataclasses
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.gradebook import Gradebook
from kit.teacher.grading.points import Mark, MarkedLine

LINES = (
    MarkedLine("S05a", "act", True),
    MarkedLine("order", ["b", "a"], False),
    MarkedLine("share", 0.5, True),
    MarkedLine("x", "", False),
)


@pytest.fixture
def opened(exercise: Exercise, tmp_path: Path) -> Callable[..., AbstractContextManager[Gradebook]]:
    def opened(
        name: str = "book", exercise: Exercise = exercise, versions: str = "kit 0"
    ) -> AbstractContextManager[Gradebook]:
        return gradebook.opened(tmp_path / name, {exercise.name: exercise}, versions=versions)

    return opened


Opened = Callable[..., AbstractContextManager[Gradebook]]


def graded(exercise: Exercise, student: str = "añá", outcome: str = "partly") -> Graded:
    mark = Mark("layers", 4, None if outcome == "failed" else 3, outcome, LINES, "a “message”", "a text\n")
    about = ((("canvas", "123"), ("name", "Añá")), "2026-10-01T08:00:00+00:00", True)
    return Graded(student, Path("ana.ipynb"), exercise, (mark,), ("a note",), *about)


def test_a_grade_comes_back_as_it_was(exercise: Exercise, opened: Opened) -> None:
    one = graded(exercise)
    with opened() as book:
        assert book.known("añá", "ana.ipynb", "hash") is None
        book.keep("ana.ipynb", one, "hash")
    with opened() as book:
        assert book.known("añá", "ana.ipynb", "hash") == one
        assert book.standing().graded == (one,)


def test_what_has_changed_is_not_known(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        book.keep("ana.ipynb", graded(exercise), "hash")
        assert book.known("añá", "ana.ipynb", "other") is None
    with opened(versions="kit 1") as book:
        assert book.known("añá", "ana.ipynb", "hash") is None
    with opened(exercise=dataclasses.replace(exercise, seeds={})) as book:
        assert book.known("añá", "ana.ipynb", "hash") is None


def test_grades_of_another_key_are_not_read_with_this_one(exercise: Exercise, opened: Opened, tmp_path: Path) -> None:
    with opened() as book:
        book.keep("ana/x.ipynb", graded(exercise), "1")
    assert gradebook.standing(tmp_path / "book", {exercise.name: exercise}).graded
    other = dataclasses.replace(exercise, blank={"article": ("S01",)})
    for keys in ({exercise.name: other}, {}):
        with pytest.raises(KitError, match=r"by another key. Give the --course that they are from"):
            gradebook.standing(tmp_path / "book", keys)


def test_a_failure_of_ours_is_tried_again(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        book.keep("ana.ipynb", graded(exercise, outcome="failed"), "hash")
        assert book.known("añá", "ana.ipynb", "hash") is None
        assert len(book.standing().graded) == 1


def test_every_attempt_is_kept_and_the_last_one_stands(exercise: Exercise, opened: Opened) -> None:
    last = graded(exercise, outcome="wrong")
    with opened() as book:
        book.keep("ana.ipynb", graded(exercise), "first")
        book.keep("ana.ipynb", last, "second")
        assert book.standing().graded == (last,)
        assert [row["submission"] for row in book.attempts("añá")] == ["first", "second"]
        assert {row["versions"] for row in book.attempts("añá")} == {"kit 0"}


def test_files_that_are_gone_no_longer_stand_but_their_attempts_stay(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        for student in ("ana", "ben"):
            book.keep("ana.ipynb", graded(exercise, student), "hash")
        book.keep_only([("ben", "ana.ipynb")])
        assert [one.student for one in book.standing().graded] == ["ben"]
        assert len(book.attempts("ana")) == 1


def test_a_file_that_cannot_be_graded_is_kept_once(opened: Opened) -> None:
    one = Graded("eva", Path("eva.ipynb"), None, notes=("the file is empty",))
    with opened() as book:
        for _ in range(2):
            book.refuse("eva.ipynb", one)
        assert book.standing().graded == (one,)
        assert len(book.attempts("eva")) == 1
        book.refuse("eva.ipynb", dataclasses.replace(one, notes=("the file is damaged",)))
        assert len(book.attempts("eva")) == 2


def test_the_hash_of_a_key_changes_with_its_outputs(exercise: Exercise) -> None:
    other = dataclasses.replace(exercise, blank={**exercise.blank, "soldiers": ("S01",)})
    assert gradebook.key_hash(exercise) != gradebook.key_hash(other)
    notebook = {**exercise.notebook, "cells": exercise.notebook["cells"][:-1]}
    assert gradebook.key_hash(exercise) != gradebook.key_hash(dataclasses.replace(exercise, notebook=notebook))


def test_a_second_grader_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book"
    code = "import sys; from pathlib import Path; from kit.teacher.grading import gradebook\n" + (
        "with gradebook.opened(Path(sys.argv[1]), {}, versions=str()): pass"
    )
    with gradebook.opened(path, {}, versions=""):
        second = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
        assert "Another grader is at work on" in second.stderr
    assert subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True).returncode == 0


ENDLESS = """
import itertools, sys
from pathlib import Path
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded

with gradebook.opened(Path(sys.argv[1]), {}, versions="") as book:
    for number in itertools.count():
        book.keep("x.ipynb", Graded(f"s{number}", Path("x.ipynb"), None, notes=("n" * 2000,)), "")
        print(number, flush=True)
"""


def test_killed_at_any_moment_it_keeps_what_it_said_it_kept(tmp_path: Path) -> None:
    path = tmp_path / "book"
    grader = subprocess.Popen([sys.executable, "-c", ENDLESS, str(path)], stdout=subprocess.PIPE, text=True)
    kept = [int(grader.stdout.readline()) for _ in range(20)][-1]
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    grader.stdout.close()
    with gradebook.opened(path, {}, versions="") as book:
        found = book.standing().graded
        assert len(found) > kept
        assert all(one.notes == ("n" * 2000,) for one in found)


def test_what_is_no_gradebook_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear grader, " * 500, "utf-8")
    before = letter.read_bytes()
    with pytest.raises(KitError, match="is not a gradebook of this kit"), gradebook.opened(letter, {}, versions=""):
        pass
    assert letter.read_bytes() == before
    other = tmp_path / "other"
    with sqlite3.connect(other) as base:
        base.execute("create table attempt (x)")
    base.close()
    with pytest.raises(KitError, match="is not a gradebook of this kit"), gradebook.opened(other, {}, versions=""):
        pass


FORMAT_1 = """
create table attempt (id integer primary key, at text not null, student text not null, file text not null,
  submission text not null, key text not null, versions text not null, isolation text not null, exercise text not null,
  marks text not null, notes text not null);
create index by_file on attempt (student, file);
create table standing (student text not null, file text not null, attempt integer not null references attempt,
  primary key (student, file));
pragma user_version = 1;
"""


def test_a_gradebook_of_an_older_kit_is_lifted_and_nothing_is_lost(
    exercise: Exercise, opened: Opened, tmp_path: Path
) -> None:
    marks = '[{"question": "layers", "points": 4, "earned": 3, "outcome": "partly", "lines": [], "message": "", '
    marks += '"text": "words"}]'
    rows = [
        (1, "then", "ana", "a.ipynb", "h", gradebook.key_hash(exercise), "kit 0", "", exercise.name, marks, "[]"),
        (2, "then", "ben", "b.ipynb", "", "", "kit 0", "", "", "[]", '["empty"]'),
    ]
    base = sqlite3.connect(tmp_path / "book")
    base.executescript(FORMAT_1)
    base.executemany("insert into attempt values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    base.executemany("insert into standing values (?, ?, ?)", [(row[2], row[3], row[0]) for row in rows])
    base.commit()
    base.close()
    for _ in range(2):
        with opened() as book:
            ana, ben = book.standing().graded
            assert (ana.student, ana.earned, ana.at, ana.late) == ("ana", 3, "", False)
            assert (ben.student, ben.exercise, ben.notes) == ("ben", None, ("empty",))
            assert book.known("ana", "a.ipynb", "h") == ana and len(book.attempts("ben")) == 1


def test_a_gradebook_of_a_newer_kit_is_left_alone(tmp_path: Path) -> None:
    with gradebook.opened(tmp_path / "book", {}, versions=""):
        pass
    with sqlite3.connect(tmp_path / "book") as base:
        base.execute("pragma user_version = 99")
    base.close()
    with pytest.raises(KitError, match="newer version"), gradebook.opened(tmp_path / "book", {}, versions=""):
        pass
