"""The judge's process: it reads nothing but its jobs, and one that fails is not taken for another."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import grade
from kit.teacher.sandbox.kernels import Kernel

pytestmark = pytest.mark.skipif(not grade.FORKS, reason="elsewhere a judge does one job")


@pytest.fixture
def new_judges(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[grade._JudgeProcess]]:
    """No judge is there yet; those that come to be are ended after the test."""
    idle: list[grade._JudgeProcess] = []
    monkeypatch.setattr(grade, "_idle", idle)
    yield idle
    for one in idle:
        one.end()


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


BAD = json.dumps({"environment": {}, "notebook": "/no/such/folder/a.ipynb", "key": {}, "seconds": 1, "kernel": ""})


def test_a_fork_that_fails_says_so_at_once_and_the_judge_goes_on() -> None:
    judge = grade._JudgeProcess()
    before = time.monotonic()
    assert [judge.ask(BAD, 60), judge.ask(BAD, 60)] == ["null\n", "null\n"]
    assert time.monotonic() - before < 30
    judge.process.communicate("")
    assert judge.process.returncode == 0


def test_a_judge_that_said_anything_else_than_what_it_found_gets_no_other_job(
    new_judges: list[grade._JudgeProcess],
) -> None:
    assert grade._judged(json.loads(BAD), 60) is None
    assert new_judges == []
