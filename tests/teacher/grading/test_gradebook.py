"""The gradebook: what it keeps, what it takes up again, and that one grader at a time has it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.grading import gradebook
from kit.teacher.grading.adjustments import Score, answer_of
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.gradebook import Gradebook
from kit.teacher.grading.points import ByHand, Mark, MarkedLine

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


def attempts(book: Gradebook, student: str) -> list[sqlite3.Row]:
    """All attempts on files of `student`, the oldest first: the rows of the table, as they are."""
    return book._base.execute("select * from attempt where student = ? order by id", (student,)).fetchall()


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
        assert [row["submission"] for row in attempts(book, "añá")] == ["first", "second"]
        assert {row["versions"] for row in attempts(book, "añá")} == {"kit 0"}


# What stands: by student and exercise, over all folders


def broken(student: str, file: str, note: str = "the file is empty") -> Graded:
    return Graded(student, Path(file), None, notes=(note,), sha256=note)


def test_what_is_not_in_the_folder_stays_unless_it_is_said_otherwise(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        book.begin(Path("week1"))
        for student in ("ana", "ben"):
            book.keep(f"{student}/x.ipynb", graded(exercise, student), "hash")
        assert book.finish() == ()
        book.begin(Path("week2"))
        book.keep("ben/x.ipynb", graded(exercise, "ben"), "hash")
        assert book.finish() == ("1 submission of an earlier folder stays; --only drops it.",)
        assert [one.student for one in book.standing().graded] == ["ana", "ben"]
        book.finish(only=True)
        assert [one.student for one in book.standing().graded] == ["ben"]
        assert len(attempts(book, "ana")) == 1


def test_the_latest_grading_of_an_exercise_counts_and_says_what_it_replaced(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        book.begin(Path("week1"))
        book.keep("ana/x.ipynb", dataclasses.replace(graded(exercise, "ana"), at=""), "first")
        book.begin(Path("week2"))
        late = dataclasses.replace(graded(exercise, "ana", "wrong"), at="")
        book.keep("ana/again.ipynb", late, "second")
        told = f"ana, {exercise.name}: ana/again.ipynb counts now, in place of ana/x.ipynb in week1."
        assert book.finish() == (told,)
        assert [one.marks for one in book.standing().graded] == [late.marks]


def test_a_file_that_is_renamed_or_graded_from_another_folder_counts_once(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        for folder, file in (("week1", "x.ipynb"), ("week1", "y.ipynb"), ("moved", "y.ipynb")):
            book.begin(Path(folder))
            known = book.known("añá", file, "hash")
            book.stand(file, known) if known else book.keep(file, graded(exercise), "hash")
            assert book.finish() == ()
        assert len(book.standing().graded) == 1 and len(attempts(book, "añá")) == 2


def test_what_was_handed_in_later_counts_whichever_is_graded_last(exercise: Exercise, opened: Opened) -> None:
    new, old = graded(exercise), dataclasses.replace(graded(exercise, outcome="wrong"), at="2026-09-01T08:00:00+00:00")
    with opened() as book:
        for folder, one in (("week2", new), ("week1", old)):
            book.begin(Path(folder))
            book.keep("x.ipynb", one, one.at)
        assert book.standing().graded[0].marks == new.marks
        told, stay = book.finish()
        assert "stays" in stay and "x.ipynb of 2026-10-01 counts, not x.ipynb" in told
        book.finish(only=True)
        assert book.standing().graded[0].marks == old.marks


def test_the_same_work_of_which_the_lms_says_more_is_another_attempt(exercise: Exercise, opened: Opened) -> None:
    plain = dataclasses.replace(graded(exercise), ids=(), at="", late=False)
    with opened() as book:
        book.keep("x.ipynb", plain, "hash")
        for more in (plain, graded(exercise), plain):
            book.stand("x.ipynb", dataclasses.replace(more, sha256="hash"))
        assert book.standing().graded == (dataclasses.replace(graded(exercise), path=Path("x.ipynb")),)
        assert len(attempts(book, "añá")) == 2


def test_a_file_that_could_not_be_graded_goes_when_its_exercise_comes(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        book.begin(Path("week1"))
        for file in (f"{exercise.name}.ipynb", "homework.ipynb"):
            book.refuse(file, broken("ana", file))
        assert book.finish() == ()
        book.begin(Path("week2"))
        book.keep("ben.ipynb", graded(exercise, "ben"), "hash")
        assert book.finish() == ("2 submissions of earlier folders stay; --only drops them.",)
        book.begin(Path("week1"))
        book.keep("good.ipynb", graded(exercise, "ana"), "hash")
        told, stay = book.finish()
        assert told == "ana, homework.ipynb: it could not be graded, and is gone from the folder." and "stays" in stay
        assert [(one.student, one.earned) for one in book.standing().graded] == [("ana", 3), ("ben", 3)]
        assert len(attempts(book, "ana")) == 3


# Points by hand


def test_points_by_hand_outlive_a_regrading_and_can_be_taken_back(exercise: Exercise, opened: Opened) -> None:
    one = graded(exercise, "ana")
    marks = (dataclasses.replace(one.marks[0], answer="work"),)
    one = dataclasses.replace(one, marks=marks, path=Path("x.ipynb"))
    by_hand = Score("ana", exercise.name, "layers", "work", 4, "", "Well seen\ud800.")
    with opened() as book:
        book.keep("x.ipynb", one, "hash")
        assert book.give([by_hand]) and book.given()[1] == [by_hand]
    with opened(versions="kit 1") as book:
        book.keep("x.ipynb", one, "other bytes")
        (found,) = book.standing().graded
        assert (found.earned, found.marks[0].outcome) == (4, "scored")
        assert found.marks[0].by_hand == ByHand("Well seen\ud800.", "", 3, "partly")
        assert book.known("ana", "x.ipynb", "other bytes") == one
        book.give([by_hand._replace(points=None)])
        assert book.standing().graded == (one,)
        book.give([by_hand])
        book.keep(
            "x.ipynb", dataclasses.replace(one, marks=(dataclasses.replace(marks[0], answer="more work"),)), "new"
        )
        assert book.standing().graded[0].earned == 3


def test_who_would_write_over_what_another_gave_is_told(exercise: Exercise, opened: Opened) -> None:
    by_hand = Score("ana", exercise.name, "layers", "work", 4)
    with opened() as book, opened() as other:
        since, _ = book.given()
        assert other.give([by_hand], since=since)
        assert not book.give([by_hand._replace(question="cues"), by_hand._replace(points=1)], since=since)
        since, found = book.given(since)
        assert found == [by_hand]
        assert book.give([by_hand._replace(points=1)], since=since)
        assert [one.points for one in other.given()[1]] == [4, 1]


def test_a_file_that_cannot_be_graded_gets_points_for_an_exercise(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        book.refuse("ana.pdf", broken("ana", "ana.pdf"))
        (one,) = book.standing().graded
        book.give([Score("ana", exercise.name, "layers", answer_of(one, None), 2.5)])
        (one,) = book.standing().graded
        assert (one.exercise, one.earned, one.undecided) == (exercise, 2.5, True)
        assert {mark.outcome for mark in one.marks} == {"scored", "unreadable"}
        book.begin(Path("week2"))
        assert book.finish() == ("1 submission of an earlier folder stays; --only drops it.",)
        book.keep("good.ipynb", graded(exercise, "ana"), "hash")
        assert [one.path.name for one in book.standing().graded] == ["good.ipynb"]


def test_levels_of_an_older_kit_are_taken_over_once(tmp_path: Path) -> None:
    article = load(places.solutions() / "05_the_whole_article.ipynb")
    file, words = tmp_path / "scores.json", "Short."
    place = {"student": "ana", "exercise": article.name, "question": "judgement"}
    place["answer"] = hashlib.sha256(words.encode()).hexdigest()
    file.write_text(json.dumps([place | {"level": "emergent"}, place | {"level": "none of ours"}]), "utf-8")
    marks = (Mark("judgement", 4, None, "person", text=words, answer="source"),)
    for taken in (1, 0):
        with gradebook.opened(tmp_path / "book", {article.name: article}, versions="") as book:
            assert book.taken == taken
            book.keep("x.ipynb", Graded("ana", Path("x.ipynb"), article, marks), "hash")
            (mark,) = book.standing().graded[0].marks
            assert mark.earned == 2 and mark.by_hand == ByHand("", "emergent", None, "person")
    assert file.exists() and len(gradebook.standing(tmp_path / "book", {article.name: article}).graded) == 1


@pytest.mark.parametrize("content", ['[{"student": "ana"', "[1]", "{}", '[{"student": 1}]'])
def test_a_damaged_file_of_scores_is_said_and_left(tmp_path: Path, content: str) -> None:
    file = tmp_path / "scores.json"
    file.write_text(content, "utf-8")
    with pytest.raises(KitError, match=r"scores\.json is damaged"), gradebook.opened(tmp_path / "book", {}):
        pass
    assert file.read_text("utf-8") == content


def test_what_changed_is_stale_until_its_page_is_written(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        book.keep("x.ipynb", graded(exercise, "ana"), "hash")
        number, students = book.stale()
        assert students == {"ana"}
        book.give([Score("ben", exercise.name, "layers", "work", 1)])
        book.written(number)
        assert book.stale()[1] == {"ben"}
        book.written(book.stale()[0])
        book.stand("x.ipynb", dataclasses.replace(graded(exercise, "ana"), sha256="hash"))
        assert book.stale() == (0, frozenset())


def test_a_file_that_cannot_be_graded_is_kept_once(opened: Opened) -> None:
    one = Graded("eva", Path("eva.ipynb"), None, notes=("the file is empty",))
    with opened() as book:
        for _ in range(2):
            book.refuse("eva.ipynb", one)
        assert book.standing().graded == (one,)
        assert len(attempts(book, "eva")) == 1
        book.refuse("eva.ipynb", dataclasses.replace(one, notes=("the file is damaged",)))
        assert len(attempts(book, "eva")) == 2


def test_the_hash_of_a_key_changes_with_its_outputs(exercise: Exercise) -> None:
    other = dataclasses.replace(exercise, blank={**exercise.blank, "soldiers": ("S01",)})
    assert gradebook.key_hash(exercise) != gradebook.key_hash(other)
    notebook = {**exercise.notebook, "cells": exercise.notebook["cells"][:-1]}
    assert gradebook.key_hash(exercise) != gradebook.key_hash(dataclasses.replace(exercise, notebook=notebook))


def test_a_second_grader_is_refused_and_whoever_gives_points_is_not(tmp_path: Path) -> None:
    path = tmp_path / "book"
    code = "import sys; from pathlib import Path; from kit.teacher.grading import gradebook\n" + (
        "with gradebook.alone(Path(sys.argv[1])): pass"
    )
    with gradebook.alone(path), gradebook.opened(path, {}) as book:
        second = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
        assert second.stderr.rstrip().endswith(
            f"is at work on {tmp_path}. Wait until it has ended, or choose another folder with -o."
        )
        book.give([Score("ana", "", "", "", 1)])
        with gradebook.opened(path, {}) as other:
            other.give([Score("ana", "", "", "", 2)])
        assert len(book.given()[1]) == 2
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


@pytest.mark.slow
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


def test_a_damaged_gradebook_is_said_and_left_as_it_is(exercise: Exercise, opened: Opened, tmp_path: Path) -> None:
    path, keys = tmp_path / "book", {exercise.name: exercise}
    with opened() as book:
        book.keep("x.ipynb", graded(exercise, "ana"), "hash")
    content = path.read_bytes()
    for at, bad in ((4096, b"\xff" * (len(content) - 4096)), (content.index(b'"layers"'), b"layers!!")):
        path.write_bytes(damaged := content[:at] + bad + content[at + len(bad) :])
        with pytest.raises(KitError, match=r"is damaged\. Put a copy of it back"):
            gradebook.standing(path, keys)
        assert path.read_bytes() == damaged


def test_where_nothing_can_be_written_one_sentence_says_so(tmp_path: Path) -> None:
    path = tmp_path / "none" / "book"
    with pytest.raises(KitError, match=r"cannot be read or written .* Nothing is lost"), gradebook.opened(path, {}):
        pass
    with pytest.raises(KitError, match="Grade first"), gradebook.alone(path):
        pass


def test_a_full_disk_loses_only_the_submission_in_work(exercise: Exercise, opened: Opened) -> None:
    with opened() as book:
        book.keep("x.ipynb", graded(exercise, "ana"), "hash")
    long = dataclasses.replace(graded(exercise, "ben"), notes=("n" * 200_000,))
    with pytest.raises(KitError, match="disk is full"), opened() as book:
        book._base.execute("pragma max_page_count = 20")
        book.keep("x.ipynb", long, "hash")
    with opened() as book:
        assert [one.student for one in book.standing().graded] == ["ana"] and not attempts(book, "ben")


@pytest.mark.parametrize("version", [1, 99])
def test_a_gradebook_of_another_kit_is_left_alone(tmp_path: Path, version: int) -> None:
    with gradebook.opened(tmp_path / "book", {}, versions=""):
        pass
    with sqlite3.connect(tmp_path / "book") as base:
        base.execute(f"pragma user_version = {version}")
    base.close()
    with pytest.raises(KitError, match="another version"), gradebook.opened(tmp_path / "book", {}, versions=""):
        pass
