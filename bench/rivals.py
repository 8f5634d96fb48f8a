"""The other graders: the same class and the same checks, as each of them wants them. None is slowed or skipped."""

from __future__ import annotations

import ast
import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from classes import copy_of

from kit.questions import role
from kit.teacher.exercises.keys import Exercise

__all__ = ["ENVIRONMENT", "RIVALS", "answers", "nbgrader", "nbval", "otter"]

BIN = Path(sys.executable).parent
ENVIRONMENT = {
    **os.environ,
    "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")]),
    "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
"""The same for every tool. nbgrader calls a program of its own environment by name, so that is on the path."""
Commands = list[list[str]]


def nbval(exercise: Exercise, submissions: Path, folder: Path) -> Commands:
    """Plain `pytest --nbval`, one notebook after another: the students' answers under our outputs."""
    commands = []
    for path in sorted(submissions.glob("*/*.ipynb")):
        theirs = answers(path)
        notebook = copy.deepcopy(exercise.notebook)
        for cell in notebook["cells"]:
            if role(cell)[0] == "answer":
                cell["source"] = theirs[role(cell)[1]]
        target = folder / f"{path.parent.name}.ipynb"
        target.write_text(json.dumps(notebook), "utf-8")
        commands.append([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", str(target)])
    return commands


def nbgrader(exercise: Exercise, submissions: Path, folder: Path) -> Commands:
    """`nbgrader autograde` on the whole class: each check cell asserts that the answer is the key's."""
    notebook = copy_of(exercise)
    keys = {role(c)[1]: _key(c) for c in exercise.notebook["cells"] if role(c)[0] == "check"}
    for cell in notebook["cells"]:
        what, question = role(cell)
        cell["metadata"] = {}
        if what == "answer":
            cell["metadata"]["nbgrader"] = _cell(f"{question}-answer", solution=True)
        elif what == "check":
            cell["source"] = _asserted(cell["source"], keys[question])
            cell["metadata"]["nbgrader"] = _cell(f"{question}-check", grade=True, locked=True, points=1)
    source = folder / "source" / "ex"
    source.mkdir(parents=True)
    nbformat.write(notebook, source / "ex.ipynb")
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n", "utf-8")
    base = [str(BIN / "nbgrader")]
    subprocess.run([*base, "generate_assignment", "ex"], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)
    released = nbformat.read(folder / "release" / "ex" / "ex.ipynb", as_version=4)
    for path in sorted(submissions.glob("*/*.ipynb")):
        theirs, made = answers(path), copy.deepcopy(released)
        for cell in made["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if name.endswith("-answer"):
                cell["source"] = theirs[name.removesuffix("-answer")]
        target = folder / "submitted" / path.parent.name / "ex"
        target.mkdir(parents=True)
        nbformat.write(made, target / "ex.ipynb")
    return [[*base, "autograde", "ex"]]


def otter(exercise: Exercise, submissions: Path, folder: Path) -> Commands:
    """`otter run`, its way without Docker, on one notebook after another: each check is a test of its own."""
    tests = folder / "tests"
    tests.mkdir()
    for cell in exercise.notebook["cells"]:
        what, question = role(cell)
        if what == "check":
            lines = _asserted(cell["source"], _key(cell)).splitlines()
            prompts = [f"{'...' if line.startswith((' ', ')', ']')) else '>>>'} {line}" for line in lines]
            case = {"code": "\n".join(prompts), "hidden": False, "locked": False}
            suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            test = {"name": question, "points": 1, "suites": [suite]}
            (tests / f"{question}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n", "utf-8")
    archive = folder / "autograder.zip"
    generate = [str(BIN / "otter"), "generate", "-t", str(tests), "-o", str(archive), "--no-config"]
    generate += ["--no-requirements", "--no-environment"]
    subprocess.run(generate, cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)
    commands = []
    for path in sorted(submissions.glob("*/*.ipynb")):
        own = folder / path.parent.name
        own.mkdir()
        shutil.copy(path, own)
        run = ["run", "-a", str(archive), "-o", str(own), "--no-logo", str(own / path.name)]
        commands.append([str(BIN / "otter"), *run])
    return commands


RIVALS: dict[str, Callable[[Exercise, Path, Path], Commands]] = {"nbval": nbval, "nbgrader": nbgrader, "otter": otter}


def answers(path: Path) -> dict[str, str]:
    """Question to source, of a submission."""
    notebook = nbformat.read(path, as_version=4)
    return {role(c)[1]: c["source"] for c in notebook["cells"] if role(c)[0] == "answer"}


def _key(cell: Any) -> str:
    (output,) = [out for out in cell["outputs"] if out["output_type"] == "execute_result"]
    return "".join(output["data"]["text/plain"])


def _asserted(source: str, key: str) -> str:
    """The check with its last value compared with the key, instead of shown."""
    *before, last = ast.parse(source).body
    head = "".join(f"{ast.unparse(node)}\n" for node in before)
    return f"{head}shown = repr({ast.unparse(last)})\nassert shown == {key!r}"


def _cell(name: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: int = 0) -> Any:
    about = {"grade": grade, "solution": solution, "locked": locked, "task": False, "grade_id": name}
    about |= {"schema_version": 3, "cell_type": "code"}
    return about | ({"points": points} if grade else {})
