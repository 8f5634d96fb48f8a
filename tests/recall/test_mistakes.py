"""What is mixed up, and how that changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import kit
from kit.check import feedback
from kit.recall import diary
from kit.recall.diary import Attempt
from kit.recall.mistakes import table
from kit.recall.pool import pool

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DENIAL = "“no evidence” is a denial"


def rows() -> list[Attempt]:
    """In the first weeks 3 of 4 open matters are taken for denials; of the last ten, one."""
    key = ("pool", "C03b", "status")
    wrong = [Attempt(NOW + timedelta(days=day), *key, "denied", False, DENIAL) for day in range(3)]
    right = [Attempt(NOW + timedelta(days=day), *key, "unconfirmed", True) for day in (4, *range(30, 38))]
    late = Attempt(NOW + timedelta(days=40), "pool", "C09b", "status", "alleged", False)
    slip = Attempt(NOW + timedelta(days=41), *key, "denied", False, DENIAL)
    return sorted([*wrong, *right, late, slip], key=lambda row: row.time)


def test_it_counts_what_could_have_gone_wrong_and_what_did() -> None:
    frame = table(rows(), pool())
    assert set(frame.index) < set(feedback.misconceptions()) and frame.index[0] == DENIAL, "wrong lately, so first"
    assert frame.loc[DENIAL].tolist() == ["3 of 4 wrong", "1 of 10 wrong", "C03b, “it could not confirm a closure”"]
    assert frame.loc["a named official makes it confirmed"].tolist() == ["0 of 4 wrong", "0 of 10 wrong", ""]
    assert "silence is denial or admission" not in frame.index, "no card that was answered tempts to it"


def test_the_page_says_it_in_words(tmp_path: Path) -> None:
    for row in rows():
        diary.append(tmp_path / "practice.csv", row)
    page = kit.mixed_up(tmp_path / "practice.csv")
    line = f"{DENIAL}: at first 3 of 4 wrong, lately 1 of 10 wrong. Read again: C03b, “it could not confirm a closure”"
    assert line in repr(page).splitlines() and "3 of 4 wrong" in page._repr_html_()


def test_before_the_first_answer_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = kit.mixed_up()
    assert repr(page) == page._repr_html_() and repr(page).startswith("Nothing yet. Run kit.practice()")
    assert not list(tmp_path.iterdir())
