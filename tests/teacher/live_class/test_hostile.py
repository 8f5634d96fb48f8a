"""Somebody clever in the room: each of these once stopped, slowed or fooled a class."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import threading
import time
import tracemalloc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.errors import KitError, SubmissionError
from kit.teacher.grading import submission
from kit.teacher.live_class import board, class_server
from kit.teacher.live_class.board import LiveRoom
from kit.teacher.live_class.class_record import ClassRecord
from kit.teacher.live_class.class_server import LARGEST

from .conftest import Browser, Class
from .test_class_server import heard


def with_answers(work: bytes, source: str) -> bytes:
    """The notebook with `source` in each answer cell."""
    notebook = json.loads(work)
    for cell in notebook["cells"]:
        if cell["metadata"].get("kit", {}).get("role") == "answer":
            cell["source"] = source
    return json.dumps(notebook).encode()


def test_a_notebook_that_breaks_its_reader_does_not_stop_the_board(live: Class, work: bytes) -> None:
    ana, bo, teacher = live.browser("Ana"), live.browser("Bo"), live.teacher()
    long = with_answers(work, f"statuses = {{0x{'f' * 5000}: 'alleged'}}")  # Python refuses to write this number out
    assert ana.ask("/class/hand-in", long).status == bo.ask("/class/hand-in", work).status == 200
    read = lambda told: told["progress"] and told["progress"][0]["questions"][0]["read"]  # noqa: E731
    assert heard(int(live.own_port), "/live/wall", teacher, until=read)["progress"][0]["handed"] == 2


def test_a_notebook_that_takes_long_is_read_once_and_no_vote_waits_for_it(
    live: Class, work: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, teacher, go, read = live.browser("Ana"), live.teacher(), threading.Event(), []

    def slow(*_: object) -> dict[tuple[str, str], set[str]]:
        read.append(1)
        go.wait(20)
        return {}

    monkeypatch.setattr(board, "right_lines", slow)
    ana.ask("/class/hand-in", work)
    teacher.ask("/do", {"do": "open", "which": "S13a"})
    try:
        for label in ("stance", "alleged"):
            heard(
                int(live.own_port), "/live/wall", teacher, until=lambda told: told["vote"]["votes"],
                then=lambda label=label: ana.ask("/class/vote", {"round": 1, "label": label}),
            )  # fmt: skip
        assert len(read) == 1
    finally:
        go.set()


def test_a_notebook_with_too_much_code_is_not_straightened(work: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(submission, "straightened", lambda text: read.append(text) or text)
    with pytest.raises(SubmissionError, match="letters of code"):
        submission.read("Ana", Path("x.ipynb"), with_answers(work, "statuses = " + "“a " * 60_000))
    assert not read


def head(live: Class, who: Browser, what: str, more: str) -> bytes:
    """How a request begins."""
    host = f"127.0.0.1:{live.port}"
    begin = f"{what} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {who.cookie}"
    return f"{begin}\r\n{more}\r\n\r\n".encode()


def open_page(live: Class, who: Browser) -> socket.socket:
    """The line of a page that never reads what it is told."""
    line = socket.create_connection(("127.0.0.1", live.port))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.sendall(head(live, who, "GET /class/live", "Accept: text/event-stream"))
    assert b"200" in line.recv(20)
    return line


def test_a_page_that_reads_nothing_fills_no_memory_and_holds_nobody_up(
    live: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo, teacher, told = live.browser("Ana"), live.browser("Bo"), live.teacher(), []
    monkeypatch.setattr(class_server, "_PAUSE", 0)
    line, here = open_page(live, ana), live.room.here
    monkeypatch.setattr(live.room, "here", lambda who: told.append(who) or here(who) | {"more": "x" * 100_000})
    (who,) = (one for one, name in live.do(lambda room: room.record.people()).items() if name == "Ana")
    for _ in range(200):
        live.do(lambda room: room.changed([who]))
    assert 0 < len(told) < 100  # it was asked for no more than went into the line
    waiting = live.do(lambda _: [len(one._write_buffer) for one, _ in class_server._CrowdServer.crowd])
    assert max(waiting) < 1_000_000
    assert teacher.ask("/do", {"do": "open", "which": "S15b"}).status == 200
    assert bo.ask("/class/vote", {"round": 1, "label": "stance"}).status == 200
    line.close()


def test_open_pages_are_counted_as_connections(live: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_server, "_MOST", 20)
    people = [live.browser(name) for name in ("Ana", "Bo", "Cem", "Dee")]
    lines = [open_page(live, one) for one in people for _ in range(12)]
    assert people[0].ask("/class/here").told["name"] == "Ana"
    open_ones = 0
    for line in lines:
        line.settimeout(0.05)
        try:
            while line.recv(10_000):
                pass
        except TimeoutError:
            open_ones += 1
        except ConnectionResetError:
            pass
        line.close()
    assert open_ones <= 20


def test_what_is_on_its_way_fills_no_memory_and_holds_nobody_up(live: Class, work: bytes) -> None:
    ana, bo, lines, large = live.browser("Ana"), live.browser("Bo"), [], b" " * (LARGEST - 1)  # but for one byte
    tracemalloc.start()
    try:
        for _ in range(4):
            line = socket.create_connection(("127.0.0.1", live.port))
            line.sendall(
                head(live, ana, "POST /class/hand-in", f"Content-Length: {LARGEST}") + large
            )  # but for one byte
            lines.append(line)
        assert bo.ask("/class/hand-in", work).status == 200
        assert ana.ask("/class/hand-in", work).status == 429  # more than these at once is not taken from one student
        assert tracemalloc.get_traced_memory()[0] < LARGEST
    finally:
        tracemalloc.stop()
        for line in lines:
            line.close()


def test_what_was_broken_off_is_forgotten(live: Class, monkeypatch: pytest.MonkeyPatch, work: bytes) -> None:
    ana, made = live.browser("Ana"), []
    begin = class_server._HandIn.prepare

    async def noted(self: class_server._HandIn) -> None:
        made.append(weakref.ref(self))
        await begin(self)

    monkeypatch.setattr(class_server._HandIn, "prepare", noted)
    line = socket.create_connection(("127.0.0.1", live.port))
    line.sendall(head(live, ana, "POST /class/hand-in", f"Content-Length: {len(work)}") + work[:-1])
    eventually(lambda: made)
    line.close()
    ended = lambda: made[0]() is None or made[0]().request._body_future.done()  # noqa: E731
    eventually(ended)
    assert not live.do(lambda room: room.record.receipts())


def test_nonsense_counts_for_its_sender_also_if_they_hang_up(live: Class, work: bytes) -> None:
    ana, bo = live.browser("Ana"), live.browser("Bo")
    for _ in range(4):
        line = socket.create_connection(("127.0.0.1", live.port))
        line.sendall(head(live, ana, "POST /class/hand-in", "Content-Length: 2") + b"[]")
        assert b"400" in line.recv(100)
        line.close()
    assert ana.ask("/class/hand-in", b"[]").status == 429
    assert bo.ask("/class/hand-in", work).status == 200


def test_one_computer_does_not_fill_the_class_nor_guess_a_word(live: Class) -> None:
    live.browser("Ana")
    found = [Browser(live.port).join(live.code, f"Ghost {number}").status for number in range(40)]
    found += [Browser(live.port).join(live.code, "Ana", f"BABABA{number}").status for number in range(30)]
    assert found[:40] == [200] * 40 and found[40:59] == [403] * 19 and 429 in found[59:]


def test_no_look_outside_of_the_site(live: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, looked, isfile = live.browser("Ana"), [], os.path.isfile
    unchecked = classmethod(lambda _, root, path: os.path.abspath(os.path.join(root, path)))
    monkeypatch.setattr(class_server._Site, "get_absolute_path", unchecked)  # as tornado had it before 6.6
    monkeypatch.setattr(os.path, "isfile", lambda path: looked.append(str(path)) or isfile(path))
    for path in ("/build/12.abcdef1.js", "//server/share/x", "/..%2f..%2fx", "/%5c%5cserver%5cshare%5cx"):
        ana.ask(path, Accept_Encoding="gzip")
    found = [path for path in looked if path.endswith(".gz")]
    assert found and all(path.startswith(str(live.site)) for path in found)


def test_who_was_taken_out_hears_no_more(live: Class) -> None:
    ana, teacher = live.browser("Ana"), live.teacher()
    (who,) = live.do(lambda room: list(room.record.people()))

    def taken_out() -> None:
        teacher.ask("/do", {"do": "out", "which": who})
        teacher.ask("/do", {"do": "open", "which": "S13a"})

    told = heard(live.port, "/class/live", ana, until=lambda told: told["vote"], then=taken_out)
    assert told["name"] == "Ana" and not told["vote"]  # and then the line ended
    assert ana.ask("/class/vote", {"round": 1, "label": "stance"}).status == 401


def test_what_is_not_there_is_said_in_a_sentence(live: Class) -> None:
    for path in ("/nothing.js", "//etc/passwd"):
        assert "%s" not in live.browser("").ask(path).told["said"]


def test_more_files_may_be_open_than_macos_begins_with(tmp_path: Path, small_site: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        Class(tmp_path / "class", small_site).stop()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > class_server._MOST
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("port", [70_000, 65_535, -1])
def test_a_port_that_there_is_not_is_named(tmp_path: Path, small_site: Path, port: int) -> None:
    record = ClassRecord(tmp_path)
    room = LiveRoom(record, small_site, board.article(None), {})
    with pytest.raises(KitError, match="cannot be used"):
        asyncio.run(class_server.serve(room, port=port, lan=False, ready=lambda _: None))
    record.close()


def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
