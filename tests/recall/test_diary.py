"""The diary of practice: plain rows that outlive a crash, one broken line at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from kit.files import LAID
from kit.recall import diary
from kit.recall.diary import Attempt

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = (
    Attempt(NOW, "pool", "C03b", "status", "denied", False, "“no evidence” is a denial"),
    Attempt(NOW + timedelta(minutes=1), "pool", "C03b", "status", "unconfirmed", True),
)


def test_what_is_added_is_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "practice.csv"
    assert diary.read(path) == () and not path.parent.exists()
    for row in ROWS:
        diary.append(path, row)
    assert diary.read(path) == ROWS
    assert path.read_text("utf-8").splitlines() == [
        "time,article,claim,field,given,right,misconception",
        "2026-03-01T12:00:00+00:00,pool,C03b,status,denied,no,“no evidence” is a denial",
        "2026-03-01T12:01:00+00:00,pool,C03b,status,unconfirmed,yes,",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        b'2026-03-01T12:00:30+00:00,pool,"C0',
        b"2026-03-01T12:00:30+00:00,pool,C03b,status,denied,perhaps,",
        b"9999-12-31T23:59:59+00:00,pool,C03b,status,denied,no,",
        b"yesterday,pool,C03b,status,denied,no,",
        b"\xff\xfe\x00,,\x00",
        b"",
        b"a;b;c;d;e;f;g",
    ],
)
def test_a_broken_line_costs_itself_only(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "practice.csv"
    diary.append(path, ROWS[0])
    # A crash leaves half a line, without its end.
    path.write_bytes(path.read_bytes() + broken)
    diary.append(path, ROWS[1])
    assert diary.read(path) == ROWS


def test_rows_are_in_the_order_of_time_wherever_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "practice.csv"
    elsewhere = replace(ROWS[1], time=ROWS[1].time.astimezone(timezone(timedelta(hours=9))))
    for row in (elsewhere, ROWS[0]):
        diary.append(path, row)
    assert diary.read(path) == ROWS


def test_it_lies_on_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lessons = tmp_path / "work" / "lessons"
    lessons.mkdir(parents=True)
    monkeypatch.chdir(lessons)
    assert diary.file() == lessons.resolve() / "practice.csv"
    (tmp_path / "work" / LAID).write_text("{}")
    assert diary.file() == tmp_path.resolve() / "work" / "practice.csv"
