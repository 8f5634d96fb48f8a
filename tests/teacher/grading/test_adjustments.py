"""What being late costs: by the day that has begun, never more than was earned, and nothing where nothing is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import commands
from kit.commands import cmd_grades
from kit.errors import KitError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import adjustments, gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.reports import export_grades, grades_folder, student_page

DUE = "2027-03-05T18:00:00+00:00"


def one(exercise: Exercise, at: str = "", *, late: bool = False, earned: float = 18) -> Graded:
    first, *more = exercise.questions
    marks = [Mark(first.name, first.points, earned, "scored"), *(Mark(q.name, q.points, 0, "wrong") for q in more)]
    return Graded("ana", Path(f"{exercise.name}.ipynb"), exercise, tuple(marks), at=at, late=late)


def after(graded: Graded, words: str, *, due: str = DUE) -> Graded:
    times = f'{{"{graded.graded_exercise.name}": "{due}"}}' if due else ""
    found = adjustments.late_rule(words, times).applied(graded)
    return found


@pytest.mark.parametrize(
    ("at", "lost", "words"),
    [
        ("2027-03-05T18:00:00+00:00", 0, ""),
        ("2027-03-05T18:00:01Z", 1.8, "1 day late: 10% of 18 points"),
        ("2027-03-05T19:00:00+01:00", 0, ""),
        ("2027-03-06T18:00:01", 3.6, "2 days late: 20% of 18 points"),
        ("2027-03-25T00:00:00Z", 18, "20 days late: 200% of 18 points"),
    ],
)
def test_each_day_that_has_begun_costs_a_part_of_what_was_earned(
    exercise: Exercise, at: str, lost: float, words: str
) -> None:
    found = after(one(exercise, at), "10% a day")
    assert (found.lost, found.late_words, found.earned) == (lost, words, 18 - lost) and found.of_questions == 18


def test_points_a_day_never_leave_less_than_none(exercise: Exercise) -> None:
    at = "2027-03-08T12:00:00Z"
    assert after(one(exercise, at), "1.5 points per day").late_words == "3 days late: 4.5 points"
    found = after(one(exercise, at, earned=2), "1 point a day")
    assert (found.lost, found.earned, found.late_words) == (2, 0, "3 days late: 3 points")


def test_late_without_a_time_is_one_day_and_no_news_cost_nothing(exercise: Exercise) -> None:
    for graded, due in ((one(exercise, late=True), DUE), (one(exercise, "2027-01-01", late=True), "")):
        found = after(graded, "10% a day", due=due)
        assert found.late_words == "1 day late, with no time given, so one day counts: 10% of 18 points"
    assert after(one(exercise), "10% a day") == one(exercise)
    assert after(one(exercise, "2027-03-01", late=True), "10% a day").lost == 0  # our time is the one that counts
    rule = adjustments.late_rule("10% a day", f'{{"{exercise.name}": "{DUE}"}}')
    assert rule.untimed([one(exercise), one(exercise, late=True), one(exercise, DUE)]) == 1


def test_it_is_off_until_somebody_sets_it(exercise: Exercise) -> None:
    for words in ("", "off"):
        assert after(one(exercise, "2028-01-01", late=True), words).lost == 0


@pytest.mark.parametrize("words", ["ten percent", "10%", "-1 point a day", "1 point a week"])
def test_a_rule_that_says_something_else_is_refused(words: str) -> None:
    with pytest.raises(KitError, match="write for example"):
        adjustments.late_rule(words, "")


def test_times_are_read_with_and_without_a_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert adjustments.due_time("2027-03-05T18:00+01:00") == "2027-03-05T17:00:00+00:00"
    here, whole = adjustments.due_time("2027-03-05 18:00"), adjustments.due_time("2027-03-05")
    assert here == adjustments.due_time("2027-03-05T18:00:00") and here.endswith("+00:00") and whole > here
    for wrong in ("", "soon", "2027-13-01"):
        with pytest.raises(KitError, match="is no time"):
            adjustments.due_time(wrong)


def test_an_exercise_is_named_by_its_only_beginning() -> None:
    names = ["01_a", "02_a", "02_b"]
    assert adjustments.exercise_named("01", names) == "01_a" and adjustments.exercise_named("02_b", names) == "02_b"
    for text, says in (("02", "fits 02_a, 02_b"), ("", "fits no exercise"), ("9", "there is 01_a")):
        with pytest.raises(KitError, match=says):
            adjustments.exercise_named(text, names)


def test_the_gradebook_keeps_the_rule_and_every_report_goes_by_it(tmp_path: Path, exercise: Exercise) -> None:
    keys = {exercise.name: exercise}
    with gradebook.opened(tmp_path / gradebook.FILE, keys) as book:
        book.keep("a", one(exercise, "2027-03-07T12:00:00+00:00"), "x")
        book.written(book.stale()[0])
        book.set("late", "10% a day")
        book.set("due", f'{{"{exercise.name}": "{DUE}"}}')
        assert book.stale()[1] == {"ana"}
    found = grades_folder.write(tmp_path, keys)
    assert found.graded[0].earned == 14.4
    row = f"ana,{exercise.name},24,14.4,-3.6,"
    assert row in (tmp_path / "totals.csv").read_text("utf-8")
    for suffix in (".html", ".md"):
        page = (tmp_path / "feedback" / f"ana{suffix}").read_text("utf-8")
        assert "14.4 of 24 points" in page and "20% of 18 points" in page.replace("\\", "") and "−3.6" in page
    ((_, text),) = export_grades.export("nbgrader", found.graded, None).items()
    assert text.splitlines()[1].endswith(",18,3.6,14.4,24")
    assert student_page.in_points(found.graded[0].earned) == "14.4"


def test_the_command_line_keeps_what_it_is_given_and_leaves_the_rest(
    tmp_path: Path, exercise: Exercise, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = {exercise.name: exercise}
    with gradebook.opened(tmp_path / gradebook.FILE, keys) as book:
        book.keep("a", one(exercise, "2027-03-07T12:00:00+00:00"), "x")
        for words in ("--due 01=2027-03-05T18:00Z", "--late", "", "--due 01=off"):
            options = [*words.split(" "), "10% a day"] if words == "--late" else words.split()
            cmd_grades._set_rules(book, commands._parser().parse_args(["grade", "folder", *options]), keys)
            said = capsys.readouterr().out
            assert ("until you say how much" in said) == (words == "--due 01=2027-03-05T18:00Z")
            rule = adjustments.late_rule(book.setting("late"), book.setting("due"))
            found = rule.applied(one(exercise, "2027-03-07T12:00:00+00:00"))
            assert found.lost == (3.6 if words in ("--late", "") else 0), words
