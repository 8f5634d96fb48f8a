"""A grader with everything an attacker could wish for around it, and a way to see what an attack left behind."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas
import pytest

from kit.article import seeds
from kit.errors import SetupError
from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.grading import grade
from kit.teacher.sandbox import kernels
from kit.teacher.sandbox.kernels import WarmKernel

NAME = "01_acts_and_contents"
MARK = "left-behind-by-an-attack"


@dataclass(frozen=True)
class World:
    """Folders and sockets around the grader. `there` is what the attacks are told of it."""

    folder: Path
    there: dict[str, Any]
    listening: tuple[socket.socket, ...]

    def running(self) -> set[int]:
        """The processes that were started for this world, found by what they were started with, and live."""
        found = set()
        for path in Path("/proc").glob("[0-9]*"):
            try:
                marked = any(os.fsencode(self.folder) in (path / name).read_bytes() for name in ("environ", "cmdline"))
                alive = (path / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
            except OSError:
                continue
            found |= {int(path.name)} if marked and alive else set()
        return found

    def files(self) -> dict[str, tuple[Any, ...]]:
        """Every file that an attack could have changed, and what would show it."""
        roots = (self.folder, seeds.seeds(), places.exercises())
        every = [path for root in roots for path in (root, *root.rglob("*"))]
        return {str(path): _about(path) for path in every if "__pycache__" not in path.parts}

    def left(self) -> list[Path]:
        """Files of the name that attacks try to leave behind, wherever they try."""
        return [path for path in map(Path, self.there["places"]) if (path / MARK).exists()]

    def calls(self) -> int:
        """How many connections and messages have come in."""
        count = 0
        for one in self.listening:
            try:
                one.accept() if one.type != socket.SOCK_DGRAM else one.recv(100)
                count += 1
            except BlockingIOError:
                pass
        return count


def _about(path: Path) -> tuple[Any, ...]:
    about = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and about.st_size < 1_000_000 else ""
    time_changed = 0 if path.is_dir() else about.st_mtime_ns  # a folder's changes with each kernel's own folder in it
    return about.st_mode, about.st_size if content else 0, time_changed, content


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """All of what follows runs in this world: its temporary files are here, and its processes can be told."""
    folder = tmp_path_factory.mktemp("world")
    for name in ("temp", "home", "key", "class/ana", "class/bo"):
        (folder / name).mkdir(parents=True)
    for path in (folder / "key" / f"{NAME}.ipynb", folder / "class/ana" / f"{NAME}.ipynb"):
        shutil.copy(places.solutions() / f"{NAME}.ipynb", path)
    (folder / "home/grades.csv").write_text("ana,24\n")
    kinds = (
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_UNIX, socket.SOCK_STREAM),
    )
    listening = tuple(socket.socket(*kind) for kind in kinds)
    for one, place in zip(listening, (("127.0.0.1", 0), ("127.0.0.1", 0), str(folder / "u")), strict=True):
        one.bind(place)
        one.setblocking(False)
    listening[0].listen()
    listening[2].listen()
    there = {
        "key": str(folder / "key" / f"{NAME}.ipynb"),
        "solutions": str(places.solutions()),
        "seeds": str(seeds.seeds()),
        "class": str(folder / "class"),
        "homes": [str(folder / "home"), str(Path.home())],
        "package": pandas.__file__,
        "grader": os.getpid(),
        "tcp": listening[0].getsockname()[1],
        "udp": listening[1].getsockname()[1],
        "unix": str(folder / "u"),
        "mark": MARK,
        "places": [
            *(str(folder / name) for name in (".", "home", "class/bo", "key")),
            *map(str, (Path.home(), seeds.seeds(), Path(pandas.__file__).parent)),
            *(tempfile.gettempdir(), "/dev/shm", "/var/tmp", os.getcwd()),
        ],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder / "temp"))
        patch.setenv("TMPDIR", str(folder / "temp"))
        patch.setattr(grade, "_idle", [])
        patch.setenv("HOSTILE_WORLD", str(folder))
        patch.setenv("SECRET_OF_THE_GRADER", "12")
        yield World(folder, there, listening)
        for judge in grade._idle:
            judge.end()
    for one in listening:
        one.close()


def walls(without: tuple[str, ...]) -> str:
    return f"without {', '.join(without)}" if without else "every wall"


OLDEST = pytest.param(("namespaces", "landlock after 1"), marks=pytest.mark.slow)


@pytest.fixture(scope="package", params=[(), ("namespaces",), OLDEST], ids=walls)
def kernel(
    request: pytest.FixtureRequest, world: World, warm_up: Callable[[Collection[str]], WarmKernel]
) -> Iterator[WarmKernel]:
    """The kernel under attack. Nothing in here may ever run in another one."""
    try:
        one = warm_up(request.param)
    except SetupError as error:
        pytest.skip(str(error))
    try:
        if not request.param and one.missing:
            pytest.skip(f"not testable here: {one.missing}")
        assert type(one) is WarmKernel
        assert {"seccomp", "landlock", "limits"} <= set(one.layers)
        assert ("namespaces" in one.layers) != ("namespaces" in request.param)
        # From here on the exercise's own process, and the articles that its kernels read, are there.
        assert grade.trial(load(places.solutions() / f"{NAME}.ipynb"), {}, one, 10) is not None
        yield one
    finally:
        one.close()


@pytest.fixture
def warm_pid(kernel: WarmKernel) -> int:
    return kernels._started[kernel._folder].process.pid


@pytest.fixture(scope="package")
def exercise() -> Exercise:
    return load(places.solutions() / f"{NAME}.ipynb")


@pytest.fixture(scope="package")
def solved(exercise: Exercise) -> dict[str, str]:
    """The right answer's source for every question."""
    return {role(c)[1]: c["source"] for c in exercise.notebook["cells"] if role(c)[0] == "answer"}


@pytest.fixture(scope="package")
def handed_in(solved: dict[str, str]) -> Callable[[dict[str, str]], dict[str, Any]]:
    """A notebook with the right answers, but for the given ones."""

    def make(answers: dict[str, str]) -> dict[str, Any]:
        notebook = json.loads((places.exercises() / f"{NAME}.ipynb").read_text("utf-8"))
        for cell in notebook["cells"]:
            what, question = role(cell)
            if what == "answer":
                cell["source"] = {**solved, **answers}[question]
        return notebook

    return make


def soon(true: Callable[[], bool], *, seconds: float = 120) -> bool:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()
