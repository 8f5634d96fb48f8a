"""The judge's process, and the command, in awkward places: they read nothing but their jobs, and one that fails is not
taken for another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import grade
from kit.teacher.sandbox.kernels import Kernel, WarmKernel

CLASS = Path(__file__).parents[2] / "data/sample_class"
forking = pytest.mark.skipif(not grade.FORKS, reason="elsewhere a judge does one job")


@pytest.fixture
def new_judges(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[grade._JudgeProcess]]:
    """No judge is there yet; those that come to be are ended after the test."""
    idle: list[grade._JudgeProcess] = []
    monkeypatch.setattr(grade, "_idle", idle)
    yield idle
    for one in idle:
        one.end()


@forking
def test_nothing_that_lies_about_is_run_or_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    new_judges: list[grade._JudgeProcess],
    exercise: Exercise,
    solved: dict[str, str],
    kernel: Kernel,
) -> None:
    ran = tmp_path / "ran"
    for name in ("__init__", "conftest", "pytest", "sitecustomize", "json", "test_it"):
        (tmp_path / f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write({name!r})")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no_such_plugin\n")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    found = grade.trial(exercise, solved, kernel, 10)
    assert found and all(one["check"]["passed"] for one in found.values())
    assert not ran.exists()
    assert len(new_judges) == 1


BAD = json.dumps({"environment": {}, "scratch": "/no/such/folder"})


@forking
def test_a_fork_that_fails_says_so_at_once_and_the_judge_goes_on() -> None:
    judge = grade._JudgeProcess()
    before = time.monotonic()
    assert [judge.ask(BAD, 60), judge.ask(BAD, 60)] == ["null\n", "null\n"]
    assert time.monotonic() - before < 30
    judge.process.communicate("")
    assert judge.process.returncode == 0


@forking
def test_a_judge_that_said_anything_else_than_what_it_found_gets_no_other_job(
    new_judges: list[grade._JudgeProcess],
) -> None:
    assert grade._judged(json.loads(BAD), 60) is None
    assert new_judges == []


@pytest.fixture
def among(tmp_path: Path) -> Path:
    """A folder of submissions with code and settings among them, closed to writing."""
    found = tmp_path / "Abgaben für Zoë"
    shutil.copytree(CLASS / "kim_alternatives", found / "kim")
    for name in ("json", "pickle", "selectors", "pytest", "sitecustomize", "conftest", "__init__"):
        (found / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})")
    (found / "pytest.ini").write_text("[pytest]\naddopts = -p no_such_plugin\n")
    (found / "matplotlibrc").write_bytes(b"backend: \xff\n")
    found.chmod(0o555)
    return found


@pytest.mark.slow
def test_nothing_among_the_submissions_is_run_or_read_as_settings(among: Path, kernel: Kernel) -> None:
    if not isinstance(kernel, WarmKernel):
        pytest.skip("this machine does not isolate kernels")
    long = among.parent / ("a folder for temporary files with a name that is longer than any socket's" * 2)
    long.mkdir()
    out = among.parent / "out"
    done = subprocess.run(
        [sys.executable, "-m", "kit", "grade", ".", "-o", str(out), "--workers", "1"],
        cwd=among,
        env={name: value for name, value in os.environ.items() if name != "HOME"} | {"TMPDIR": str(long)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "isolated by: " in done.stdout and "fault of the grader" not in done.stdout + done.stderr
    assert "kim" in (out / "grades.csv").read_text("utf-8")
    assert not (among.parent / "ran").exists()
    assert list(long.iterdir()) == []


@pytest.mark.parametrize("allowed", [False, True])
def test_an_executor_beside_the_command_is_found_only_where_that_is_asked_for(tmp_path: Path, allowed: bool) -> None:
    (tmp_path / "mine.py").write_text("def executor():\n    return None\n")
    command = ["-m", "kit", "grade", str(CLASS), "-o", str(tmp_path / "out"), "--executor", "mine:executor", "--trust"]
    asked = {"PYTHONPATH": str(tmp_path)} if allowed else {}
    done = subprocess.run(
        [sys.executable, *(["-P"] if allowed else []), *command],
        cwd=tmp_path, env=os.environ | asked, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    said = "it returned NoneType" if allowed else "name the module's folder in PYTHONPATH"
    assert said in done.stderr
