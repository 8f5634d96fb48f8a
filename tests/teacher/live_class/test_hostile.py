"""Somebody clever in the room: each of these once stopped, slowed or fooled a class."""

from __future__ import annotations

import json
import threading

import pytest

from kit.teacher.live_class import board

from .conftest import EXERCISE, Class
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
