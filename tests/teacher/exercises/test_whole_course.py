"""A whole course, made, released and graded. Slow: it runs each notebook, and each submission."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kit import commands
from kit.article import seeds
from kit.teacher.exercises.own_course import make
from kit.teacher.exercises.release import release

pytestmark = pytest.mark.slow


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


def test_the_same_seed_gives_the_same_bytes(whole_course: Path, tmp_path: Path) -> None:
    seed = seeds.seeds() / f"{next((whole_course / 'teacher/seeds').glob('*.txt')).stem}.toml"
    make(seed, tmp_path / "again")
    files = {path.relative_to(whole_course) for path in whole_course.rglob("*") if path.is_file()}
    assert files == {path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file()}
    assert not [
        name for name in files if (whole_course / name).read_bytes() != (tmp_path / "again" / name).read_bytes()
    ]


def test_the_release_of_a_whole_course_is_clean(whole_course: Path, tmp_path: Path) -> None:
    assert len(release(whole_course, tmp_path / "student.zip")) >= 12
    with zipfile.ZipFile(tmp_path / "student.zip") as archive:
        held = b"\n".join(archive.read(name) for name in archive.namelist())
    for path in (whole_course / "teacher/solutions").glob("*.ipynb"):
        for source in solved(whole_course, path.name).values():
            assert source.encode() not in held and json.dumps(source, ensure_ascii=False)[1:-1].encode() not in held
