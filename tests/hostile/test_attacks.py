"""Hostile answers. Each earns what its honest parts earn; the grader, its machine and the next notebook are unharmed.

Every attack is a file, named by what it earns. Its first line says how its question ends and what it tries. It stands
in the answer cell of `acts`, or of the question that a line `# %% question` names; all other answers are right.
"refused": the attack came to its end, and not one of its tries got through; else it would give the right answer.
"""

from __future__ import annotations

import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import kit.check
import kit.check.forms
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading import grade, judge, submission
from kit.teacher.grading.grade import grade_one
from kit.teacher.grading.points import Mark
from kit.teacher.sandbox.kernels import WarmKernel

from .conftest import NAME, World, soon

FILES = sorted((Path(__file__).parents[1] / "data" / "attacks").glob("earns_*.py"))
EVERYDAY = ("earns_22_patches_the_kit", "earns_22_reads_the_key_from_disk")
SECONDS = (15, 5)
"""For a cell; the shorter time is for those that are sure to use it up."""
PRELUDE = (Path(__file__).parent / "prelude.py").read_text("utf-8")
LINE = re.compile(r"# ([a-z]+(?: or [a-z]+)*): \S.*\n")

Hand = Callable[[dict[str, str]], dict[str, Any]]


def ends(path: Path) -> set[str]:
    """How the attacked question may end: outcomes of marks, or "refused"."""
    return set(LINE.match(path.read_text("utf-8"))[1].split(" or "))


def cells(path: Path) -> dict[str, str]:
    """The hostile answers in a file, by question."""
    first, *more = re.split(r"^# %% (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    named = dict(zip(more[::2], more[1::2], strict=True))
    return named if first.count("\n") == 1 else {"acts": first, **named}


CASES = [pytest.param(path, id=path.stem, marks=() if path.stem in EVERYDAY else pytest.mark.slow) for path in FILES]


def editions(warm_pid: int) -> list[int]:
    """The processes of editions, which wait as the warm one does. A kernel's supervisor is a child of one of them."""
    return [int(child) for child in Path(f"/proc/{warm_pid}/task/{warm_pid}/children").read_text().split()]


@pytest.mark.parametrize("path", CASES)
def test_an_attack_earns_what_its_answers_earn_and_harms_nobody(
    path: Path, world: World, kernel: WarmKernel, warm_pid: int, exercise: Exercise, handed_in: Hand
) -> None:
    if "namespaces" not in kernel.layers and not ends(path) & {"refused", "error"}:
        pytest.skip("it does not touch the walls")
    hostile = answers(path, world, kernel, warm_pid)
    before = world.files()

    marks = graded(handed_in(hostile), exercise, kernel, seconds=SECONDS[ends(path) == {"timeout"}])
    assert sum(mark.earned for mark in marks) == int(path.stem.split("_")[1]), not_right(marks)
    assert ended(marks, next(iter(hostile))) in ends(path), not_right(marks)

    ours = {warm_pid, *editions(warm_pid), *(judge.process.pid for judge in grade._idle)}
    assert soon(lambda: world.running() <= ours), world.running()
    assert warm_pid in world.running()
    assert world.left() == [] and world.calls() == 0
    after = world.files()
    assert {name for name in before | after if before.get(name) != after.get(name)} == set()
    assert {mark.outcome for mark in graded(handed_in({}), exercise, kernel)} == {"right"}


@pytest.mark.slow
def test_classmates_who_are_graded_at_the_same_time_have_all_their_points(
    world: World, kernel: WarmKernel, warm_pid: int, exercise: Exercise, handed_in: Hand, solved: dict[str, str]
) -> None:
    (path,) = (path for path in FILES if path.stem.endswith("keeps_classmates_from_opening_files"))
    opens = {"acts": f"import time\ntime.sleep(2)\nopen(kit.__file__).close()\n{solved['acts']}"}
    class_of = [handed_in(answers(path, world, kernel, warm_pid)), *(handed_in(opens) for _ in range(3))]
    with ThreadPoolExecutor(len(class_of)) as pool:
        hostile, *others = pool.map(lambda notebook: graded(notebook, exercise, kernel), class_of)
    assert [not_right(marks) for marks in others] == [[], [], []]
    assert ended(hostile, "acts") == "refused"


def answers(path: Path, world: World, kernel: WarmKernel, warm_pid: int) -> dict[str, str]:
    """The hostile answers in a file, by question, as they are handed in: they know what is there to be attacked."""
    there = world.there | {"warm": warm_pid, "socket": f"{kernel._folder}/warm", "kernels": f"{kernel._folder}/kernels"}
    prelude = PRELUDE.replace("there = {}", f"there = {there!r}")
    return {question: prelude + source for question, source in cells(path).items()}


def graded(
    notebook: dict[str, Any], exercise: Exercise, kernel: WarmKernel, *, seconds: float = 10
) -> tuple[Mark, ...]:
    assert type(kernel) is WarmKernel, "attacks run behind walls only"
    found = submission.read("eve", Path("eve.ipynb"), json.dumps(notebook).encode())
    return grade_one(found, exercise, kernel=kernel, cell_seconds=seconds)[0]


def ended(marks: tuple[Mark, ...], question: str) -> str:
    """How a question ended, with "refused" for the number that an attack gives where nothing got through."""
    (mark,) = (mark for mark in marks if mark.question == question)
    refused = [line.given for line in mark.lines] == [50] and not mark.message
    return "refused" if refused else mark.outcome


def not_right(marks: tuple[Mark, ...]) -> list[str]:
    return [
        f"{mark.question}: {mark.earned}, {mark.outcome}, {[line.given for line in mark.lines]}, {mark.message[:200]}"
        for mark in marks
        if mark.outcome != "right"
    ]


def test_every_attack_says_what_it_tries() -> None:
    for path in FILES:
        assert re.match(r"earns_\d+_[a-z_]+$", path.stem), path.stem
        assert LINE.match(path.read_text("utf-8")), path.name
        assert ends(path) <= {"refused", "right", "wrong", "partly", "error", "timeout"}, path.name
    assert len(FILES) >= 40 and {path.stem for path in FILES} >= set(EVERYDAY)


def test_every_module_and_class_of_the_kit_that_an_attack_names_is_there() -> None:
    named = {name for path in FILES for name in re.findall(r"\bkit(?:\.\w+)+", path.read_text("utf-8"))} - {"kit.py"}
    assert named >= {"kit.teacher.grading", "kit.teacher.grading.judge", "kit.check.answers.Answer", "kit.load_article"}
    for name in named:
        pkgutil.resolve_name(name)
    hunted = set(re.findall(r'"([A-Z]\w+)"', attack("earns_22_hunts_for_the_key_in_its_own_memory")))
    assert hunted == {KeyedQuestion.__name__, judge.Judge.__name__}
    patched = re.findall(r'"(\w+)"(?=[,)])', attack("earns_22_patches_the_kit").partition("for name in")[2])
    assert patched[:6] == ["number", "table", "labels", "choices", "words", "spans"]
    assert all(hasattr(kit.check, name) for name in patched[:6])
    assert {name for name in patched[:6] if hasattr(kit.check.forms, name)} >= {"number", "table", "choices"}


def attack(name: str) -> str:
    return next(path.read_text("utf-8") for path in FILES if path.stem == name)


BESIDE = {
    "the key": (
        "earns_22_hunts_for_the_key_in_its_own_memory",
        "from pathlib import Path\nfrom kit.teacher.exercises.keys import load\nkey = load(Path(KEY))",
        "acts",
    ),
    "the grader": ("earns_22_hunts_for_the_key_in_its_own_memory", "import kit.teacher.grading.judge", "acts"),
    "a check": (
        "earns_22_patches_the_kit",
        "from kit.check.answers import parse",
        "parse(repr(kit.check.number(acts)))['value']",
    ),
    "a package": (
        "earns_22_takes_the_grader_by_its_name",
        "here, grader = '.', 'kit.teacher.grading.judge'",
        "12 if not hasattr(__import__(grader, fromlist=['judge']), 'main') else 0",
    ),
}
"""What is to be had, by which attack, in a process in which what stands first was done, and the right answer there."""


@pytest.mark.parametrize("what", BESIDE)
def test_where_no_wall_stands_between_an_attack_gets_what_it_is_after(what: str, tmp_path: Path) -> None:
    name, before, got = BESIDE[what]
    program = f"KEY = {str(places.solutions() / f'{NAME}.ipynb')!r}\n{before}\n{attack(name)}\nprint('got', {got})"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "got 12\n", done.stderr
