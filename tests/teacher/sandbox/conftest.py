"""Kernels in the sandbox, and what is said in them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from queue import Empty

import pytest

from kit.errors import SetupError
from kit.teacher.sandbox import kernels
from kit.teacher.sandbox.kernels import Edition, WarmKernel
from kit.teacher.sandbox.talk import KernelEnded, Talk


class Room:
    """One kernel, and a way to talk to it."""

    def __init__(self, warm: WarmKernel, folder: Path, edition: Edition | None = None) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in warm.environment(folder, edition or Edition()).items():
                patch.setenv(name, value)
            self.talk = Talk()

    def says(self, code: str, *, seconds: float = 30) -> str:
        """What a cell shows: its text and its error. "ended…" and "silent": the kernel has no more to say."""
        self.talk.deadline = time.monotonic() + seconds
        asked, said = self.talk.execute(code), ""
        try:
            while True:
                message = self.talk.get_iopub_msg()
                content = message["content"]
                if message["parent_header"].get("msg_id") == asked:
                    said += content.get("text", "") + content.get("data", {}).get("text/plain", "")
                    said += f"{content['ename']}: {content['evalue']}" if message["msg_type"] == "error" else ""
                    if content.get("execution_state") == "idle":
                        return said
        except KernelEnded as error:
            return f"ended: {error}"
        except Empty:
            return "silent"

    def close(self) -> None:
        self.talk.shutdown_kernel()


def named(without: Collection[str]) -> str:
    return f"without {', '.join(without)}" if without else "all that this machine allows"


FLOOR, OLDEST = ("namespaces",), ("namespaces", "landlock after 1")
WarmUp = Callable[[Collection[str]], WarmKernel]


@pytest.fixture(
    scope="session", params=[(), *(pytest.param(w, marks=pytest.mark.slow) for w in (FLOOR, OLDEST))], ids=named
)
def warm(request: pytest.FixtureRequest, warm_up: WarmUp) -> Iterator[WarmKernel]:
    """The warm process: with every wall that there is here, with the floor alone, and with that of the oldest Linux."""
    try:
        kernel = warm_up(request.param)
    except SetupError as error:
        pytest.skip(str(error))
    yield kernel
    kernel.close()


@pytest.fixture
def start(warm: WarmKernel, tmp_path: Path) -> Iterator[Callable[[], Room]]:
    """Start a kernel; all of them are ended after the test."""
    rooms: list[Room] = []

    def new() -> Room:
        rooms.append(Room(warm, tmp_path))
        return rooms[-1]

    yield new
    for room in rooms:
        room.close()


@pytest.fixture
def room(start: Callable[[], Room]) -> Room:
    """A kernel of its own for one test."""
    return start()


@pytest.fixture(scope="session")
def shared(warm: WarmKernel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One kernel for all attacks that it survives."""
    one = Room(warm, tmp_path_factory.mktemp("shared"))
    yield one
    one.close()


def session_of(warm: WarmKernel) -> set[int]:
    """The processes that come from the warm process, and itself."""
    found = set()
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                fields = (path / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == warm_pid(warm) and fields[0] != "Z":
                found.add(int(path.name))
    return found


def warm_pid(warm: WarmKernel) -> int:
    return kernels._started[warm._folder].process.pid


def soon(true: Callable[[], bool], *, seconds: float = 20) -> bool:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


os.environ.pop("KIT_SEEDS", None)
