"""The same class graded by the kit and by others, in one run: CPU and wall seconds per notebook, and memory.

    python -m venv bench/.venv
    bench/.venv/bin/pip install -r requirements.lock
    bench/.venv/bin/pip install -r bench/requirements.txt
    bench/.venv/bin/pip install --no-deps --no-build-isolation -e .
    bench/.venv/bin/python bench/grading.py             # the comparison
    bench/.venv/bin/python bench/grading.py --large     # also 1,000 and 10,000 submissions, by the kit alone
    bench/.venv/bin/python bench/grading.py --beside nbgrader --large 1000

All tools run in this one environment, on the same cores, one after another. The figures of the last run that was
kept stand in docs/performance.md.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib.metadata
import io
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import classes  # noqa: E402
import rivals  # noqa: E402

from kit.questions import role  # noqa: E402
from kit.setup import places  # noqa: E402
from kit.teacher.exercises.keys import Exercise, load  # noqa: E402
from kit.teacher.grading.transplant import transplant  # noqa: E402

PACKAGES = ("nbval", "nbgrader", "otter-grader", "ipykernel", "jupyter_client", "pandas", "pytest")
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER


@dataclass(frozen=True)
class Cost:
    """Seconds per notebook, and the largest process in MB."""

    name: str
    cpu: float
    wall: float
    memory: float


def measured(name: str, commands: Iterable[list[str]], notebooks: int, folder: Path) -> Cost:
    """What the commands cost, one after another, with all their children.

    The largest process is that of this measurement alone: each is taken in a process of its own, which also adopts
    and waits for what the commands leave behind, so that no process goes uncounted.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
        began = time.perf_counter()
        with (folder / "log").open("ab") as log:
            for command in commands:
                subprocess.run(
                    command, cwd=folder, env=rivals.ENVIRONMENT, stdout=log, stderr=log, stdin=subprocess.DEVNULL
                )
        wall = time.perf_counter() - began
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(writer, f"{used.ru_utime + used.ru_stime} {wall} {used.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        cpu, wall, memory = map(float, pipe.read().split())
    os.waitpid(child, 0)
    return Cost(name, cpu / notebooks, wall / notebooks, memory)


def comparison(
    exercise_name: str, students: int, rounds: int, others: dict[str, Callable[..., list[list[str]]]]
) -> list[Cost]:
    """The costs of `others` and ours, each of its fastest round; the last two are the limit and its start-up."""
    exercise = load(places.solutions() / f"{exercise_name}.ipynb")
    found: dict[str, list[Cost]] = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            room = Path(scratch) / "class"
            classes.write(exercise, students, room)
            for name, prepare in (*others.items(), *_ours(students).items(), ("the limit", None)):
                folder = Path(scratch) / name.replace(" ", "-")
                folder.mkdir()
                costs = (
                    (measured(name, prepare(exercise, room, folder), students, folder),)
                    if prepare
                    else _limit(exercise, room, folder)
                )
                for cost in costs:
                    found.setdefault(cost.name, []).append(cost)
                    print(f"  {cost.name}: {cost.cpu:.2f} s CPU, {cost.wall:.2f} s wall", file=sys.stderr)
    return [min(costs, key=lambda cost: cost.wall) for costs in found.values()]


def _ours(students: int) -> dict[str, Callable[..., list[list[str]]]]:
    def commands(workers: int) -> Callable[..., list[list[str]]]:
        return lambda _, room, folder: [_grade(room, folder / "grades", workers)]

    cores = os.cpu_count() or 1
    return {f"kit, {number} at a time": commands(number) for number in sorted({1, cores})}


def _grade(room: Path, out: Path, workers: int) -> list[str]:
    return [sys.executable, "-m", "kit", "grade", str(room), "-o", str(out), "--workers", str(workers)]


def _limit(exercise: Exercise, room: Path, folder: Path) -> tuple[Cost, Cost]:
    """What no grader that runs a notebook can go below, and the start-up before it, which is paid once for a class."""
    paths = sorted(room.glob("*/*.ipynb"))
    command = [sys.executable, __file__, "--exercise", exercise.name, "--cells-alone", *map(str, paths)]
    whole = measured("the limit", [command], len(paths), folder)
    cpu, wall = map(float, (folder / "log").read_text().split())
    alone = Cost(whole.name, whole.cpu - cpu / len(paths), whole.wall - wall / len(paths), whole.memory)
    return alone, Cost("its start-up, once", cpu, wall, whole.memory)


def cells_alone(exercise: Exercise, paths: Iterable[str]) -> None:
    """Run the answers and checks of each notebook in a forked child that stands at the first answer, and nothing else.

    No kernel, no messages, no judge, no walls. All that the notebooks have in common is done before the first fork;
    what that took, in seconds of CPU and on the clock, is printed.
    """
    began = time.perf_counter()
    import matplotlib.pyplot  # noqa: F401
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()

    def run(cells: Iterable[dict[str, Any]]) -> None:
        for cell in cells:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                shell.run_cell(cell["source"])

    def code(sources: dict[str, str | None]) -> list[dict[str, Any]]:
        return transplant(exercise, sources)["cells"]

    first = [role(cell)[0] for cell in code({})].index("answer")
    run(code({})[:first])
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, time.perf_counter() - began, flush=True)
    for path in paths:
        if not (child := os.fork()):
            run(code({**rivals.answers(Path(path))})[first:])
            os._exit(0)
        os.waitpid(child, 0)


def large(exercise_name: str, sizes: Iterable[int]) -> None:
    """The kit alone on large classes: the time should grow as the class does, and the memory should not."""
    exercise = load(places.solutions() / f"{exercise_name}.ipynb")
    print("\n| submissions | seconds | CPU s per notebook | largest process | again, unchanged |")
    print("| --- | --- | --- | --- | --- |")
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            room, out = Path(scratch) / "class", Path(scratch) / "grades"
            classes.write(exercise, size, room)
            command = [_grade(room, out, os.cpu_count() or 1)]
            first = measured("first", command, size, Path(scratch))
            again = measured("again", command, size, Path(scratch))
            row = (f"{size:,}", f"{first.wall * size:.0f}", f"{first.cpu:.3f}", f"{first.memory:.0f} MB")
            print(f"| {' | '.join(row)} | {again.wall * size:.1f} s |", flush=True)


def table(costs: list[Cost]) -> str:
    """The costs as a table, with the ratio to nbgrader and to the limit; below it what the limit leaves out."""
    *costs, start = costs
    by_name = {cost.name: cost for cost in costs}
    peer, limit = by_name["nbgrader"], by_name["the limit"]
    rows = ["| | CPU s | wall s | nbgrader's CPU / wall | times the limit (CPU / wall) | largest process |"]
    rows.append("| --- | --- | --- | --- | --- | --- |")
    for one in costs:
        against = f"{peer.cpu / one.cpu:.1f} / {peer.wall / one.wall:.1f}"
        over = f"{one.cpu / limit.cpu:.1f} / {one.wall / limit.wall:.1f}"
        rows.append(f"| {one.name} | {one.cpu:.3f} | {one.wall:.3f} | {against} | {over} | {one.memory:.0f} MB |")
    rows.append(f"\nThe start-up of the limit, once and not in its row: {start.cpu:.2f} CPU s, {start.wall:.2f} s.")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exercise", default="01_acts_and_contents")
    parser.add_argument("--students", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--beside", nargs="+", choices=rivals.RIVALS, default=list(rivals.RIVALS), help="nbgrader always"
    )
    parser.add_argument("--large", nargs="*", type=int, metavar="SIZE", help="also large classes, by the kit alone")
    parser.add_argument("--cells-alone", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cells_alone:
        return cells_alone(load(places.solutions() / f"{options.exercise}.ipynb"), options.cells_alone)
    if shutil.which("nbgrader", path=str(Path(sys.executable).parent)) is None:
        raise SystemExit("nbgrader is not in this environment. The first lines of this file say how to make one.")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}"
    )
    print(f"{versions}\n{options.students} submissions of {options.exercise}, best of {options.rounds} rounds\n")
    others = {name: way for name, way in rivals.RIVALS.items() if name in ("nbgrader", *options.beside)}
    print(table(comparison(options.exercise, options.students, options.rounds, others)))
    if options.large is not None:
        large(options.exercise, options.large or (1_000, 10_000))


if __name__ == "__main__":
    main()
