"""Making a course: what is refused, in one sentence, and that nothing is ever written over."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from kit import commands
from kit.article import seeds
from kit.errors import AnnotationError, KitError
from kit.setup import places
from kit.teacher.exercises.keys import load
from kit.teacher.exercises.own_course import Made, make, students_files

POOL = seeds.seeds() / "pool.toml"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    for path in (POOL, POOL.with_suffix(".txt")):
        shutil.copy(path, tmp_path)
    return tmp_path / "pool.toml"


def refused(article: Path, out: Path) -> str:
    with pytest.raises((KitError, AnnotationError)) as caught:
        make(article, out)
    assert not [path for path in out.parent.glob(f"*{out.name}*") if path.is_dir() and "student" in str(path)]
    return str(caught.value)


def test_proposed_claims_are_refused_with_their_number(article: Path, tmp_path: Path) -> None:
    text = article.read_text("utf-8")
    article.write_text(text.replace('layer = "act"\n', 'layer = "act"\nproposed = "guess"\n', 2), "utf-8")
    said = refused(article, tmp_path / "course")
    assert "2 of 21 claims are still proposed" in said and "python -m kit annotate" in said
    assert not (tmp_path / "course").exists()


def test_proposed_sources_are_refused_too(article: Path, tmp_path: Path) -> None:
    text = article.read_text("utf-8")
    article.write_text(text.replace('kind = "named"\n', 'kind = "named"\nproposed = "likely"\n', 1), "utf-8")
    assert "0 of 21 claims and 1 of 9 sources are still proposed" in refused(article, tmp_path / "course")


def test_an_article_with_three_claims_is_too_small(article: Path, tmp_path: Path) -> None:
    first, *claims = article.read_text("utf-8").split("[[claim]]")
    article.write_text("[[claim]]".join([first, *claims[:3]]), "utf-8")
    said = refused(article, tmp_path / "course")
    assert "3 claims" in said and "needs 12, 6 and 8" in said


def test_a_faulty_annotation_is_named(article: Path, tmp_path: Path) -> None:
    article.write_text(article.read_text("utf-8").replace('status = "denied"', 'status = "denyed"', 1), "utf-8")
    assert "denyed" in refused(article, tmp_path / "course")


def test_a_folder_in_use_is_left_alone(article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "course" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    assert commands.main(["new-course", str(article), "-o", str(mine.parent)]) == 1
    assert re.fullmatch(
        r".*course is there already and is not empty\. Nothing was changed; .*\n", capsys.readouterr().err
    )
    assert [path.name for path in mine.parent.iterdir()] == ["mine.txt"]


def test_without_a_folder_it_is_made_beside_the_article(
    article: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = article.with_name(f"{article.stem}-course")
    asked: list[tuple[Path, Path]] = []
    made = Made(folder, {}, ())
    with monkeypatch.context() as patch:
        patch.setattr(
            "kit.teacher.exercises.own_course.make", lambda file, out, **more: asked.append((file, out)) or made
        )
        assert commands.main(["new-course", str(article)]) == 0
    assert asked == [(article, folder)]
    assert f"python -m kit release {folder} -o student.zip" in capsys.readouterr().out
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    assert commands.main(["new-course", str(article)]) == 1
    said = f"{folder} is there already and is not empty. Nothing was changed; give a new folder: -o DIR\n"
    assert capsys.readouterr().err == said


def test_a_folder_in_place_of_the_article_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["new-course", "."]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_folder_without_a_course_is_named(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="kit new-course"):
        students_files(tmp_path)
    with pytest.raises(KitError, match="no course with its key"):
        places.course(tmp_path)


def test_the_key_and_the_articles_of_a_course_are_found_and_nothing_is_set(course: Path) -> None:
    before = dict(os.environ)
    found = places.course(course)
    assert (found.solutions, found.seeds) == (
        course.resolve() / "teacher/solutions",
        course.resolve() / "teacher/seeds",
    )
    assert places.course(None) == places.Course(places.solutions(), None)
    assert dict(os.environ) == before


def test_key_and_students_copies_lie_apart(course: Path) -> None:
    files = sorted(path.relative_to(course).as_posix() for path in course.rglob("*") if path.is_file())
    assert files == [
        "student/README.md",
        "student/exercises/01_acts_and_contents.ipynb",
        "student/lessons/01_said_is_not_so.ipynb",
        "student/seeds/article.toml",
        "student/seeds/pool.txt",
        "teacher/README.md",
        "teacher/seeds/article.toml",
        "teacher/seeds/pool.txt",
        "teacher/solutions/01_acts_and_contents.ipynb",
    ]


def test_the_lesson_is_run_and_its_answers_are_blank(course: Path) -> None:
    lesson = nbformat.read(course / "student/lessons/01_said_is_not_so.ipynb", as_version=4)
    code = [cell for cell in lesson.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    checks = [str(cell.outputs) for cell in code if cell.id.endswith("-check")]
    assert checks and all("Still blank" in shown for shown in checks)


def test_the_solution_is_a_key_and_the_teachers_page_has_it(course: Path) -> None:
    exercise = load(course / "teacher/solutions/01_acts_and_contents.ipynb")
    assert exercise.sealed and exercise.blank["article"]
    sheet = (course / "teacher/README.md").read_text("utf-8")
    for line, value in exercise.questions[0].key.items():
        assert re.search(rf"\| {line} .* \| {value} \|", sheet)
    assert "students can look them up" in sheet
    assert "{{" not in sheet and "{{" not in (course / "student/README.md").read_text("utf-8")
