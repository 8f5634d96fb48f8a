"""The laptop is killed in the middle of votes and hand-ins: what was acknowledged is there when it starts again."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.setup import places
from kit.teacher.live_class import board
from kit.teacher.live_class.class_record import ClassRecord

from .conftest import Browser

START = "import sys; from kit.commands import main; sys.exit(main(['class', *sys.argv[1:]]))"


def free_port() -> int:
    """A port that is free, and the next one too."""
    while True:
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            first, second = (stack.enter_context(socket.socket()) for _ in range(2))
            first.bind(("127.0.0.1", 0))
            second.bind(("127.0.0.1", first.getsockname()[1] + 1))
            return first.getsockname()[1]


@contextlib.contextmanager
def started(folder: Path, site: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The command as a teacher types it; its process, the code of the class, and the address of the teacher's page."""
    options = [folder, "--site", site, "--port", port, "--no-browser"]
    command = [sys.executable, "-c", START, *map(str, options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=places.clone("test")) as process:
        told = "".join(next(iter(process.stdout.readline, "")) for _ in range(4))
        try:
            yield process, re.search(r"code: (\w+)", told)[1], re.search(r"http\S+key=\w+", told)[0]
        finally:
            process.kill()


def busy(
    browser: Browser, work: bytes, name: str, acknowledged: list[tuple[str, str]], enough: threading.Event
) -> None:
    """Vote and hand in without a pause, until nobody answers; note what was acknowledged."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        for turn in range(10_000):
            label = board.LABELS[turn % len(board.LABELS)]
            if browser.ask("/class/vote", {"round": 1, "label": label}).status == 200:
                acknowledged.append(("vote", label))
            if turn % 3 == 0:
                text = work + b" " * (turn + 1)
                if browser.ask("/class/hand-in", text).status == 200:
                    acknowledged.append(("work", str(len(text))))
            if len(acknowledged) > 12:
                enough.set()


@pytest.mark.slow
def test_nothing_that_was_acknowledged_is_lost(tmp_path: Path, small_site: Path, work: bytes) -> None:
    folder, port = tmp_path / "class", free_port()
    with started(folder, small_site, port) as (process, code, address):
        teacher = Browser(port + 1)
        teacher.ask(address.partition(str(port + 1))[2])
        teacher.ask("/do", {"do": "open", "which": "S13a"})
        browsers = {name: Browser(port) for name in ("Ana", "Bo", "Cem", "Dee")}
        for name, browser in browsers.items():
            assert browser.join(code, name).status == 200
        acknowledged: dict[str, list[tuple[str, str]]] = {name: [] for name in browsers}
        enough = threading.Event()
        hands = [
            threading.Thread(target=busy, args=(browser, work, name, acknowledged[name], enough))
            for name, browser in browsers.items()
        ]
        for hand in hands:
            hand.start()
        assert enough.wait(120)
        process.kill()
        for hand in hands:
            hand.join(60)
    record = ClassRecord(folder)
    votes = {record.people()[student]: label for student, label in record.rounds()[0].votes.items()}
    record.close()
    for name, found in acknowledged.items():
        labels = [label for what, label in found if what == "vote"]
        after = board.LABELS[(board.LABELS.index(labels[-1]) + 1) % len(board.LABELS)]
        assert votes[name] in (labels[-1], after)  # the last one may have been kept, and its answer not have come
        sizes = {path.stat().st_size for path in (folder / "handed_in" / name).glob("2*.ipynb")}
        assert {int(size) for what, size in found if what == "work"} <= sizes
    with started(folder, small_site, port) as (_, again, _):
        assert again == code
        here = browsers["Ana"].ask("/class/here").told
        assert here["name"] == "Ana" and here["vote"]["state"] == "open" and here["vote"]["mine"] == votes["Ana"]
        assert browsers["Ana"].ask("/class/vote", {"round": 1, "label": "stance"}).status == 200
        assert teacher.ask("/").status == 200
