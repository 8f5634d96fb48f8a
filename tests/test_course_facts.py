"""Facts that README, docs and notebooks state of lessons and exercises: as the notebooks themselves have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.article import seeds
from kit.questions import COMPUTED, Page, read
from kit.setup import places

ROOT = seeds.root()
LESSONS = [read(path) for path in sorted(places.notebooks().glob("*.ipynb"))]
EXERCISES = [read(path) for path in sorted(places.exercises().glob("*.ipynb"))]
README = (ROOT / "README.md").read_text("utf-8")
TEACHING = (ROOT / "docs" / "teaching" / "README.md").read_text("utf-8")
NAMED = re.compile(r"\b([Ll]esson|[Ee]xercise) (\d), \*?([A-Z][^*\n]+)\*")


def rows(text: str) -> Iterator[list[str]]:
    """The rows of tables, without the spaces around their cells."""
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def after(lesson: Page) -> Page | None:
    return next((page for page in EXERCISES if page.name[:2] == lesson.name[:2]), None)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda page: page.name)
def test_the_readme_has_each_lesson_with_its_minutes_and_the_points_of_its_exercise(lesson: Page) -> None:
    number, exercise = int(lesson.name[:2]), after(lesson)
    (row,) = [row for row in rows(README) if row[0].startswith(f"{number} ")]
    assert row[0].partition(" (")[0] == f"{number} {lesson.title.lower()}"
    told = [f"{number} {exercise.title.lower()}", f"{exercise.points:g}"] if exercise else ["", ""]
    assert row[1:] == [str(sum(lesson.minutes)), *told]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda page: page.name)
def test_the_pages_for_teachers_have_each_lesson_with_its_minutes_and_exercise(lesson: Page) -> None:
    number, exercise = lesson.name[:2], after(lesson)
    (row,) = [row for row in rows(TEACHING) if row[0].startswith(f"{number} ")]
    assert row[:2] == [f"{number} {lesson.title.lower()}", str(sum(lesson.minutes))]
    assert row[3] == (f"{number} {exercise.title.lower()}" if exercise else "")


def test_the_minutes_together_are_those_of_the_lessons() -> None:
    minutes = [sum(lesson.minutes) for lesson in LESSONS]
    assert f"Together {sum(minutes)} minutes of lessons, {sum(minutes[:-1])} of them without the optional" in TEACHING
    assert sum(minutes[:-1]) == 150 and "Two and a half hours of lessons" in README
    least, most = min(page.minutes[0] for page in EXERCISES), max(page.minutes[1] for page in EXERCISES)
    assert f"each exercise takes {least} to {most} minutes more" in README
    assert f"Each exercise takes {least} to {most} minutes" in TEACHING


def test_the_first_four_questions_of_exercise_1_need_no_programming() -> None:
    kinds = [question.kind == COMPUTED for question in EXERCISES[0].questions]
    assert kinds == [False] * 4 + [True] * 3
    assert "questions 1 to 4 of exercise 1 need no programming" in README
    assert "questions 5 to 7 of exercise 1" in (ROOT / "docs" / "teaching" / "hour_1.md").read_text("utf-8")


@pytest.mark.parametrize("path", [*places.notebooks().glob("*.ipynb"), *places.exercises().glob("*.ipynb")], ids=str)
def test_lessons_and_exercises_are_called_by_their_titles(path: Path) -> None:
    titles = {"l": {int(page.name[:2]): page.title for page in LESSONS}}
    titles["e"] = {int(page.name[:2]): page.title for page in EXERCISES}
    found = NAMED.findall(path.read_text("utf-8"))
    assert found or read(path).name == "05_the_whole_article"
    for what, number, title in found:
        assert title == titles[what[0].lower()][int(number)]


def test_the_last_lesson_looks_back_at_the_form_before() -> None:
    before = next(question for page in LESSONS for question in page.questions if question.form == "before")
    text = next(places.notebooks().glob("07_*.ipynb")).read_text("utf-8")
    assert f'gains.stored(\\"{before.file}\\", \\"{before.name}\\")' in text
