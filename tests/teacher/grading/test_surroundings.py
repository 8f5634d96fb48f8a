"""The command, given in a folder of submissions and in places with awkward names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.teacher.sandbox.kernels import Kernel, WarmKernel

CLASS = Path(__file__).parents[2] / "data/sample_class"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
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
def test_nothing_among_the_submissions_is_run_or_read_as_settings(folder: Path, kernel: Kernel) -> None:
    if not isinstance(kernel, WarmKernel):
        pytest.skip("this machine does not isolate kernels")
    long = folder.parent / ("a folder for temporary files with a name that is longer than any socket's" * 2)
    long.mkdir()
    out = folder.parent / "out"
    done = subprocess.run(
        [sys.executable, "-m", "kit", "grade", ".", "-o", str(out), "--workers", "1"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "HOME"} | {"TMPDIR": str(long)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "isolated by: " in done.stdout and "fault of the grader" not in done.stdout + done.stderr
    assert "kim" in (out / "grades.csv").read_text("utf-8")
    assert not (folder.parent / "ran").exists()
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
