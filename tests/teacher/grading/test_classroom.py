"""A class: what is graded, what is taken from the gradebook, and what is kept apart."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.grading import classroom, gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.gradebook import Gradebook
from kit.teacher.grading.points import Mark
from kit.teacher.grading.submission import Submission
from kit.teacher.sandbox.kernels import ColdKernel

SAMPLE = Path(__file__).parents[2] / "data/sample_class"


class Judge:
    """Stands in for the kernels: everybody earns all points, unless told otherwise."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails: dict[str, int] = {}

    def __call__(self, found: Submission, exercise: Exercise, **_: Any) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
        self.asked.append(found.student)
        if self.fails.get(found.student, 0):
            self.fails[found.student] -= 1
            raise OSError("no room left")
        return tuple(Mark(q.name, q.points, q.points, "right") for q in exercise.questions), ()


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    judge = Judge()
    monkeypatch.setattr(classroom, "grade_one", judge)
    return judge


@pytest.fixture
def room(tmp_path: Path, exercise: Exercise) -> Path:
    folder = tmp_path / "class"
    for student in ("ana", "ben", "cid"):
        (folder / student).mkdir(parents=True)
        shutil.copy(SAMPLE / "ada_perfect" / f"{exercise.name}.ipynb", folder / student)
    return folder


@pytest.fixture
def book(tmp_path: Path, exercise: Exercise) -> Iterator[Gradebook]:
    with gradebook.opened(tmp_path / "book", {exercise.name: exercise}, versions="") as book:
        yield book


def threads() -> Executor:
    return ThreadPoolExecutor(2)


@pytest.fixture
def grade(room: Path, book: Gradebook, exercise: Exercise) -> Callable[[], dict[str, tuple[Graded, bool]]]:
    def grade() -> dict[str, tuple[Graded, bool]]:
        keys = {exercise.name: exercise}
        _, coming = classroom.grade_class(room, book, keys=keys, kernel=ColdKernel(), engine=threads)
        return {one.path.relative_to(room).as_posix(): (one, fresh) for one, fresh in coming}

    return grade


Grade = Callable[[], dict[str, tuple[Graded, bool]]]


def test_a_second_run_grades_only_what_changed(grade: Grade, judge: Judge, room: Path, exercise: Exercise) -> None:
    first = grade()
    assert sorted(judge.asked) == ["ana", "ben", "cid"] and all(fresh for _, fresh in first.values())
    path = room / "ben" / f"{exercise.name}.ipynb"
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    judge.asked.clear()
    second = grade()
    assert judge.asked == ["ben"]
    assert [name for name, (_, fresh) in second.items() if fresh] == [f"ben/{exercise.name}.ipynb"]
    assert {name: one for name, (one, _) in second.items()} == {name: one for name, (one, _) in first.items()}


@pytest.mark.parametrize(
    ("again", "asked"),
    [
        ("ben", ["ben"]),
        ("01", ["ana", "ben", "cid"]),
        ("acts", ["ana", "ben", "cid"]),
        ("01_acts_and_contents.acts", ["ana", "ben", "cid"]),
    ],
)
def test_what_is_named_is_graded_again_though_nothing_has_changed(
    grade: Grade, judge: Judge, room: Path, book: Gradebook, exercise: Exercise, again: str, asked: list[str]
) -> None:
    grade()
    judge.asked.clear()
    about = {"keys": {exercise.name: exercise}, "kernel": ColdKernel(), "engine": threads}
    _, coming = classroom.grade_class(room, book, **about, again=[again])
    assert sorted(one.student for one, fresh in coming if fresh) == asked == sorted(judge.asked)
    for nothing, says in (("bne", "did you mean “ben”"), ("01.no", "no student"), ("", "no student")):
        with pytest.raises(KitError, match=says):
            classroom.grade_class(room, book, **about, again=[nothing])


def test_after_a_stop_it_goes_on_where_it_was(
    grade: Grade, judge: Judge, room: Path, book: Gradebook, exercise: Exercise
) -> None:
    _, coming = classroom.grade_class(room, book, keys={exercise.name: exercise}, kernel=ColdKernel(), engine=threads)
    done, _ = next(coming)
    coming.close()
    judge.asked.clear()
    graded = grade()
    assert done.student not in judge.asked and len(graded) == 3


def test_a_failure_of_ours_is_tried_once_more(grade: Grade, judge: Judge) -> None:
    judge.fails = {"ana": 1, "ben": 2}
    graded = {one.student: one for one, _ in grade().values()}
    assert not graded["ana"].undecided
    assert {mark.outcome for mark in graded["ben"].marks} == {"failed"} and graded["ben"].undecided
    assert "no room left" not in graded["ben"].notes[0] and "OSError" in graded["ben"].notes[0]
    judge.asked.clear()
    grade()
    assert judge.asked == ["ben"]


def test_of_two_files_for_one_exercise_neither_is_graded(
    grade: Grade, judge: Judge, room: Path, exercise: Exercise
) -> None:
    grade()
    first = (room / "ana" / f"{exercise.name}.ipynb").read_text("utf-8")
    (room / "ana" / "again.ipynb").write_text(first + " ", "utf-8")
    judge.asked.clear()
    graded = grade()
    doubles = [one for one, _ in graded.values() if one.student == "ana"]
    assert judge.asked == [] and [one.exercise for one in doubles] == [None, None]
    assert "keep the one that counts" in doubles[0].notes[0] and "again.ipynb" in str([d.notes for d in doubles])


def test_the_same_file_twice_is_one(grade: Grade, judge: Judge, room: Path, exercise: Exercise) -> None:
    first = room / "ana" / f"{exercise.name}.ipynb"
    for name in ("again.ipynb", f"{exercise.name}-Copy1.ipynb", f"handed_in/ana_{exercise.name}.ipynb"):
        (room / "ana" / name).parent.mkdir(exist_ok=True)
        shutil.copy(first, room / "ana" / name)
    for name in ("one/x.ipynb", "two/x.ipynb"):
        (room / "dee" / name).parent.mkdir(parents=True)
        shutil.copy(first, room / "dee" / name)
    graded = [one for one, _ in grade().values()]
    assert judge.asked == ["ana", "ben", "cid"]
    apart = [one for one in graded if one.student == "dee"]
    assert len(apart) == 2 and all("several students" in one.notes[0] for one in apart)


def test_two_exercises_in_one_file_are_both_graded(
    judge: Judge, room: Path, book: Gradebook, exercise: Exercise, tmp_path: Path
) -> None:
    second = load(places.solutions() / "02_facts_and_allegations.ipynb")
    keys = {one.name: one for one in (exercise, second)}
    merged = json.loads((places.exercises() / f"{exercise.name}.ipynb").read_text("utf-8"))
    (pasted,) = (cell for cell in second.notebook["cells"] if cell["id"] == second.by_name["later"].cell)
    merged["cells"].append(dict(pasted))
    (room / "ana" / f"{exercise.name}.ipynb").write_text(json.dumps(merged), "utf-8")
    with gradebook.opened(tmp_path / "two", keys, versions="") as both:
        for asked in (["ana", "ana", "ben", "cid"], []):
            _, coming = classroom.grade_class(room, both, keys=keys, kernel=ColdKernel(), engine=threads)
            found = [one.graded_exercise.name for one, _ in coming if one.student == "ana"]
            assert sorted(found) == sorted(keys) and sorted(judge.asked) == asked
            assert len([one for one in both.standing().graded if one.student == "ana"]) == 2
            judge.asked.clear()


def test_files_of_one_student_are_counted_once_whatever_is_sorted_between(
    grade: Grade, judge: Judge, room: Path, exercise: Exercise
) -> None:
    text = (room / "ana" / f"{exercise.name}.ipynb").read_text("utf-8")
    for name in ("eve.ipynb", "eve2.ipynb", f"eve_{exercise.name}.ipynb"):
        (room / name).write_text(text + " " * len(name), "utf-8")
    graded = grade()
    assert [one.exercise is None for one, _ in graded.values() if one.student == "eve"] == [True, True]
    assert [one.exercise is None for one, _ in graded.values() if one.student == "eve2"] == [False]


def test_the_latest_attempt_counts_and_the_earlier_one_is_named(
    grade: Grade, judge: Judge, room: Path, book: Gradebook, exercise: Exercise
) -> None:
    text = (room / "ana" / f"{exercise.name}.ipynb").read_text("utf-8")
    first, second = f"eve_LATE_1_2_{exercise.name}.ipynb", f"eve_LATE_1_3_{exercise.name}-1.ipynb"
    (room / first).write_text(text, "utf-8")
    assert list(grade()) and not [one.notes for one in book.standing().graded if one.notes]
    (room / second).write_text(text + " ", "utf-8")
    grade()
    (one,) = (one for one in book.standing().graded if one.student == "eve_1")
    assert (one.path.name, one.ids, one.late, one.earned) == (second, (("canvas", "1"),), True, exercise.points)
    assert one.notes == (f"an earlier attempt is not graded: {first}",)
    (room / second).unlink()
    grade()
    (one,) = (one for one in book.standing().graded if one.student == "eve_1")
    assert (one.path.name, one.notes) == (first, ())


def test_nobody_is_asked_again_for_a_page_that_is_no_exercise(
    grade: Grade, judge: Judge, room: Path, exercise: Exercise
) -> None:
    lesson = next(places.notebooks().glob("*.ipynb"))
    for student in ("ana", "dee"):
        (room / student).mkdir(exist_ok=True)
        (room / student / "Untitled.ipynb").write_text('{"cells": []}', "utf-8")
        shutil.copy(lesson, room / student)
    (room / "ana" / "work.ipynb").write_text("{", "utf-8")
    graded = grade()
    assert {name for name in graded if name.startswith("ana/")} == {"ana/work.ipynb", f"ana/{exercise.name}.ipynb"}
    assert len([name for name in graded if name.startswith("dee/")]) == 2
    assert all("another notebook" in one.notes[0] for one, _ in graded.values() if one.student == "dee")


def test_many_files_of_one_student_are_named_once(
    grade: Grade, judge: Judge, room: Path, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classroom, "_MOST_OF_A_STUDENT", 5)
    text = (room / "ana" / f"{exercise.name}.ipynb").read_text("utf-8")
    for number in range(8):
        (room / "ana" / f"{number}.ipynb").write_text(text + " " * (number + 1), "utf-8")
    graded = [one for one, _ in grade().values() if one.student == "ana"]
    assert judge.asked == ["ben", "cid"] and len(graded) == 6
    assert all(len(one.notes[0]) < 300 for one in graded) and "9 files" in str([one.notes for one in graded])


def test_a_link_is_not_followed(grade: Grade, judge: Judge, room: Path, exercise: Exercise) -> None:
    path = room / "ben" / f"{exercise.name}.ipynb"
    path.unlink()
    path.symlink_to(SAMPLE / "ada_perfect" / f"{exercise.name}.ipynb")
    graded, _ = grade()[f"ben/{exercise.name}.ipynb"]
    assert "ben" not in judge.asked and "link" in graded.notes[0]


def test_a_broken_file_stops_nobody(grade: Grade, judge: Judge, room: Path, exercise: Exercise) -> None:
    (room / "cid" / f"{exercise.name}.ipynb").write_text('{"cells": [', "utf-8")
    graded = {one.student: one for one, _ in grade().values()}
    assert graded["cid"].exercise is None and "JSON" in graded["cid"].notes[0]
    assert not graded["ana"].undecided


def test_what_is_not_in_the_folder_stays(grade: Grade, judge: Judge, room: Path, book: Gradebook) -> None:
    grade()
    shutil.rmtree(room / "ana")
    grade()
    assert [one.student for one in book.standing().graded] == ["ana", "ben", "cid"]
    assert book.finish(only=True) == ()
    assert [one.student for one in book.standing().graded] == ["ben", "cid"]


def test_a_job_can_be_sent_to_another_machine(exercise: Exercise, room: Path) -> None:
    found = Submission("ana", room / "x.ipynb", exercise.name, (("", "", "layers = {}"),), "hash")
    job = classroom.Job(found, exercise, ColdKernel())
    assert pickle.loads(pickle.dumps(job)).exercise.questions == exercise.questions


def test_versions_name_what_a_grade_rests_on() -> None:
    said = classroom.versions()
    assert all(name in said for name in ("who-says-so", "python", "pandas", "nbval"))
    json.dumps(said)
