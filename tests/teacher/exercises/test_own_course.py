"""A course of one's own: what is refused, that nothing is ever written over, and that no byte of the key is packed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from kit import commands
from kit.article import seeds
from kit.article.annotation_file import read
from kit.errors import AnnotationError, KitError
from kit.questions import role
from kit.setup import places
from kit.teacher.exercises import own_course
from kit.teacher.exercises.keys import KeyedQuestion, load
from kit.teacher.exercises.own_course import make, paper_test, students_files
from kit.teacher.exercises.own_selection import divided, in_sight
from kit.teacher.exercises.own_templates import plain
from kit.teacher.exercises.sharing import release

EXERCISE = "exercises/01_acts_and_contents.ipynb"
SOLUTION = "teacher/solutions/01_acts_and_contents.ipynb"
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
    with monkeypatch.context() as patch:
        patch.setattr(
            "kit.teacher.exercises.own_course.make", lambda file, out, **more: asked.append((file, out)) or ({}, ())
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
    files = [name for name in files if name != "teacher/released.toml"]  # a release, in another test, has left it
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


def test_the_lesson_shows_nothing_before_it_is_run(course: Path) -> None:
    lesson = nbformat.read(course / "student/lessons/01_said_is_not_so.ipynb", as_version=4)
    code = [cell for cell in lesson.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count] == []
    assert any(cell.id.endswith("-check") for cell in code)


def test_the_solution_is_a_key_and_the_teachers_page_has_it(course: Path) -> None:
    exercise = load(course / "teacher/solutions/01_acts_and_contents.ipynb")
    assert exercise.sealed and exercise.blank["article"]
    sheet = (course / "teacher/README.md").read_text("utf-8")
    for line, value in exercise.questions[0].key.items():
        assert re.search(rf"\| {line} .* \| {value} \|", sheet)
    assert "students can look them up" in sheet
    assert "{{" not in sheet and "{{" not in (course / "student/README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "key", "empty"),
    [
        ("quoted", {"value": 0}, True),
        ("quoted", {"value": 2}, False),
        ("share", {"alleged": [0], "stance": [0.0]}, True),
        ("gaps", {"named": [4, 0], "role": [2, 0]}, True),
        ("kinds", {"named": [4, 0], "role": [2, 0]}, False),
        ("bars", {"kind": "bars", "alleged": 0}, False),
    ],
)
def test_a_question_whose_answer_is_nothing_is_left_out_and_the_page_says_why(
    draw: Any, tmp_path: Path, name: str, key: dict[str, Any], *, empty: bool
) -> None:
    question = KeyedQuestion(name, points=3, title="How many?", key=key)
    assert own_course._is_empty(question) is empty
    if name == "share":
        whole, edition, before, _ = draw(POOL, tmp_path)
        left_out = {"03_sources_and_chains": [question]}
        aside = divided(whole, seed="1")
        found, notes = own_course.pages(whole, edition, aside=aside, seed="1", empty=left_out)
        path = "teacher/solutions/03_sources_and_chains.ipynb"
        assert any(role(cell)[1] == "share" for cell in before[path].cells)
        assert not [cell.id for cell in found[path].cells if role(cell)[1] == "share"]
        assert [
            note for note in notes if "Exercise 3" in note and "“How many?” is left out" in note and "3 points" in note
        ]


# Releasing it


@pytest.fixture
def mine(course: Path, tmp_path: Path) -> Path:
    """The course, to be spoilt."""
    return shutil.copytree(course, tmp_path / "mine")


@pytest.fixture(scope="module")
def unpacked(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    release(course, folder / "student.zip")
    with zipfile.ZipFile(folder / "student.zip") as archive:
        archive.extractall(folder)
    return folder / "pool"


def secrets(course: Path) -> Iterator[str]:
    """Written without the kit's own search: each line of each answer that a solution writes out, as it stands there."""
    for cell in nbformat.read(course / SOLUTION, as_version=4).cells:
        if role(cell)[0] == "answer" and cell.source.rstrip().endswith("}"):
            yield from (line.strip().rstrip(",") for line in cell.source.splitlines() if line.startswith("    "))


def test_an_archive_made_again_has_the_same_bytes(course: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    release(course, first)
    for path in (course / "student").rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    (course / "student" / "lessons" / ".ipynb_checkpoints").mkdir()
    try:
        release(course, second)
    finally:
        (course / "student" / "lessons" / ".ipynb_checkpoints").rmdir()
    assert first.read_bytes() == second.read_bytes()
    names = zipfile.ZipFile(first).namelist()
    assert names == sorted(names) and all(name.startswith("pool/") for name in names)
    assert not [name for name in names if "teacher" in name or "solution" in name]


def test_files_have_the_day_of_the_release_and_keep_it_for_the_same_course(mine: Path, tmp_path: Path) -> None:
    release(mine, tmp_path / "a.zip")
    record = mine / "teacher" / "released.toml"
    record.write_text(re.sub(r"day = .*", "day = 2026-03-04", record.read_text("utf-8")), "utf-8")
    release(mine, tmp_path / "b.zip")
    assert {entry.date_time for entry in zipfile.ZipFile(tmp_path / "b.zip").infolist()} == {(2026, 3, 4, 0, 0, 0)}
    (mine / "student" / "more.txt").write_text("hello", "utf-8")
    release(mine, tmp_path / "c.zip")
    assert {entry.date_time[:3] for entry in zipfile.ZipFile(tmp_path / "c.zip").infolist()} != {(2026, 3, 4)}
    record.write_text("day = [", "utf-8")  # by hand
    release(mine, tmp_path / "d.zip")
    assert (tmp_path / "d.zip").read_bytes() == (tmp_path / "c.zip").read_bytes() and "sha256" in record.read_text()


def test_no_answer_of_the_key_is_in_any_file(course: Path, unpacked: Path) -> None:
    answers = list(secrets(course))
    assert len(answers) > 8
    answers += load(course / SOLUTION).seeds.values()  # a hash of all labels
    whole = read(course / "teacher/seeds/article.toml")
    (aside,) = load(course / SOLUTION).blank.values()
    whys = {c.why for c in whole.claims if c.unit in aside} - {c.why for c in whole.claims if c.unit not in aside}
    for path in (path for path in unpacked.rglob("*") if path.is_file()):
        text = path.read_text("utf-8")
        for words in (*answers, *whys):
            assert words not in text and json.dumps(words, ensure_ascii=False)[1:-1] not in text, (path.name, words)


def test_a_students_kernel_finds_no_label_of_what_is_asked(course: Path, unpacked: Path) -> None:
    """A new process in the unpacked folder, which is all that it has of this article."""
    code = """
import json, kit
article = kit.load_article("article", practice=True)
asked = article.claims[article.claims["unit"].isin(json.loads(input()))]
labels = asked.drop(columns=["claim", "unit", "quote", "paragraph", "start", "end"])
found = {name: [str(v) for v in labels[name] if isinstance(v, (str, tuple)) and v] for name in labels}
print(json.dumps([str(article.annotation.path), len(asked), found, list(article.passes.index)]))
"""
    (aside,) = load(course / SOLUTION).blank.values()
    environment = {name: value for name, value in os.environ.items() if name != "KIT_SEEDS"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(aside),
        cwd=unpacked / "exercises",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    path, asked, found, passes = json.loads(done.stdout)
    assert Path(path).resolve() == (unpacked / "seeds/article.toml").resolve()
    assert asked >= len(aside) and not passes
    assert not {name: values for name, values in found.items() if values}


def spoil(path: Path, words: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert words in text
    path.write_text(text.replace(words, new, 1), "utf-8")


def test_an_exercise_with_answers_in_it_is_not_packed(mine: Path, tmp_path: Path) -> None:
    shutil.copy(mine / SOLUTION, mine / "student" / EXERCISE)
    with pytest.raises(KitError, match=r"student/exercises/01.* was changed"):
        release(mine, tmp_path / "student.zip")
    assert not (tmp_path / "student.zip").exists()
    (mine / "student" / EXERCISE).unlink()
    assert EXERCISE in release(mine, tmp_path / "student.zip")[0]


def test_labels_that_are_not_those_of_the_key_are_not_packed(mine: Path, tmp_path: Path) -> None:
    spoil(mine / "teacher" / "seeds" / "article.toml", 'status = "alleged"', 'status = "stance"')
    with pytest.raises(KitError, match=r"changed after the key was made.*your own annotation.*kit new-course"):
        release(mine, tmp_path / "student.zip")
    assert not (tmp_path / "student.zip").exists()


def test_the_full_annotation_in_the_students_folder_is_not_packed(mine: Path, tmp_path: Path) -> None:
    shutil.copy(mine / "teacher/seeds/article.toml", mine / "student/seeds/article.toml")
    with pytest.raises(KitError, match="was changed"):
        release(mine, tmp_path / "student.zip")


def test_a_broken_file_of_the_teachers_own_is_searched_like_any_other(mine: Path, tmp_path: Path) -> None:
    notes = mine / "student/notes.toml"
    notes.write_text("x = [", "utf-8")
    assert "notes.toml" in release(mine, tmp_path / "student.zip")[0]
    claim = next(
        c for c in read(mine / "teacher/seeds/article.toml").claims if c.unit in load(mine / SOLUTION).blank["article"]
    )
    notes.write_text(f"x = [ {claim.id} = {claim.status}", "utf-8")
    with pytest.raises(KitError, match=rf"notes.toml holds {claim.id} with its status {claim.status}"):
        release(mine, tmp_path / "again.zip")


@pytest.mark.parametrize("name", ["lessons/notes.ipynb", "notes.txt", "seeds/mine.toml"])
def test_the_key_in_a_file_of_the_teachers_own_is_found(mine: Path, tmp_path: Path, name: str) -> None:
    source = {"lessons/notes.ipynb": SOLUTION, "seeds/mine.toml": "teacher/seeds/article.toml"}.get(name)
    if source:
        shutil.copy(mine / source, mine / "student" / name)
    else:
        (mine / "student" / name).write_text(f"The key: {next(secrets(mine))}\n", "utf-8")
    with pytest.raises(KitError, match=rf"Nothing was packed: {name} holds"):
        release(mine, tmp_path / "student.zip")
    assert not list(tmp_path.glob("*.zip*"))


def test_the_command_says_what_it_packed(course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["release", str(course), "-o", str(tmp_path / "s.zip")]) == 0
    assert "5 files" in capsys.readouterr().out
    assert commands.main(["release", str(tmp_path), "-o", str(tmp_path / "t.zip")]) == 1
    assert "kit new-course" in capsys.readouterr().err


def test_on_paper_who_speaks_is_in_sight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, own = read(seeds.seeds() / "soldiers.toml"), tmp_path / "teacher/seeds"
    shutil.copytree(seeds.seeds(), own)
    (own / "soldiers.toml").rename(own / "article.toml")
    aside = {own_course.ARTICLE: divided(whole, seed="1")}
    monkeypatch.setattr(own_course, "solved_exercises", lambda course: [SimpleNamespace(blank=aside)])
    pages = paper_test(tmp_path)
    rows = dict(re.findall(r"^\| (\d) \| (.+) \| <br>_+ \|$", pages["test"], re.MULTILINE))
    asked = dict(re.findall(r"^\| (\d) \| (S\d\d[a-z]) \|", pages["key"], re.MULTILINE))
    seen = {number: in_sight(whole, {whole.by_id[name].unit}) for number, name in asked.items()}
    for number, units in seen.items():
        assert f"**{plain(whole.by_id[asked[number]].quote)}**" in rows[number]
        assert all(plain(unit.text) in rows[number].replace("**", "") for unit in units)
        assert (r"\[…\]" in rows[number]) == any(not b.follows(a) for a, b in pairwise(units))
    assert rows.keys() == asked.keys() and max(map(len, seen.values())) > 1


# A whole course, made, released and graded: each notebook is run, and each submission

ODD = [
    seeds.seeds() / "sluice.toml",
    seeds.seeds() / "budget.toml",
    Path(__file__).parents[2] / "data/articles/open/chess.toml",
]
"""Acts of one word, a speaker named last, and a long line without a comma."""


@pytest.fixture(scope="module", params=["pool", "soldiers"])
def whole_course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "course"
    make(seeds.seeds() / f"{request.param}.toml", folder)
    return folder


def solved(course: Path, name: str) -> dict[str, str]:
    cells = json.loads((course / "teacher/solutions" / name).read_text("utf-8"))["cells"]
    about = [(cell, cell["metadata"].get("kit", {})) for cell in cells]
    return {kit["question"]: "".join(cell["source"]) for cell, kit in about if kit.get("role") == "answer"}


def hand_in(course: Path, folder: Path, answers: Any) -> None:
    """Write every exercise of the course, with `answers(question, source)` in place of each solved source."""
    folder.mkdir(parents=True)
    for path in sorted((course / "student/exercises").glob("*.ipynb")):
        notebook, right = json.loads(path.read_text("utf-8")), solved(course, path.name)
        for cell in notebook["cells"]:
            about = cell["metadata"].get("kit", {})
            if about.get("role") == "answer" and answers(about["question"], right[about["question"]]):
                cell["source"] = right[about["question"]]
        (folder / path.name).write_text(json.dumps(notebook), "utf-8")


@pytest.mark.slow
def test_all_right_half_right_and_untouched(whole_course: Path, tmp_path: Path) -> None:
    submissions, out = tmp_path / "submissions", tmp_path / "grades"
    hand_in(whole_course, submissions / "all", lambda question, source: True)
    hand_in(whole_course, submissions / "half", lambda question, source: source.rstrip().endswith("}"))
    hand_in(whole_course, submissions / "none", lambda question, source: False)
    before = dict(os.environ)
    assert commands.main(["grade", str(submissions), "--course", str(whole_course), "-o", str(out)]) == 0
    assert {name for name in os.environ if os.environ[name] != before.get(name)} <= {"PYTHONSAFEPATH"}
    rows = [line.split(",") for line in (out / "grades.csv").read_text("utf-8").splitlines()[1:]]
    written = {"judgement"}
    for student, _, question, points, earned, outcome, *_ in rows:
        if student == "none":
            assert (float(earned), outcome) == (0, "blank")
        elif question in written:
            assert outcome == ("person" if student == "all" else "blank")
        elif student == "all":
            assert (earned, outcome) == (points, "right")
    half = [float(row[4] or 0) / float(row[3]) for row in rows if row[0] == "half"]
    assert set(half) == {0.0, 1.0}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(whole_course: Path, tmp_path: Path) -> None:
    seed = seeds.seeds() / f"{next((whole_course / 'teacher/seeds').glob('*.txt')).stem}.toml"
    make(seed, tmp_path / "again")
    files = {path.relative_to(whole_course) for path in whole_course.rglob("*") if path.is_file()}
    assert files == {path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file()}
    assert not [
        name for name in files if (whole_course / name).read_bytes() != (tmp_path / "again" / name).read_bytes()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("article", ODD, ids=lambda path: path.stem)
def test_what_a_clean_course_holds_is_not_taken_for_its_key(article: Path, tmp_path: Path) -> None:
    make(article, tmp_path / "course")
    assert len(release(tmp_path / "course", tmp_path / "student.zip")[0]) >= 8


@pytest.mark.slow
def test_the_release_of_a_whole_course_is_clean(whole_course: Path, tmp_path: Path) -> None:
    if 'slug = "pool"' in (whole_course / "teacher/seeds/article.toml").read_text("utf-8"):
        # Lesson 4 of every course explains the made-up pool, so a course on it gives its own key away, and is told so.
        with pytest.raises(KitError, match="Nothing was packed: lessons/04_"):
            release(whole_course, tmp_path / "student.zip")
        return
    assert len(release(whole_course, tmp_path / "student.zip")[0]) >= 12
    with zipfile.ZipFile(tmp_path / "student.zip") as archive:
        held = b"\n".join(archive.read(name) for name in archive.namelist())
    for path in (whole_course / "teacher/solutions").glob("*.ipynb"):
        for source in solved(whole_course, path.name).values():
            assert source.encode() not in held and json.dumps(source, ensure_ascii=False)[1:-1].encode() not in held
