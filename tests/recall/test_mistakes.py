"""What is mixed up, and how that changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import kit
from kit import plots
from kit.check import feedback
from kit.recall import diary, mistakes
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
    assert tuple(frame.index) == feedback.misconceptions()
    one = frame.loc[DENIAL]
    assert one[["asked", "first_wrong", "first_asked", "last_wrong", "last_asked"]].tolist() == [13, 3, 4, 1, 10]
    assert one["example"] == "C03b, “it could not confirm a closure”"
    assert frame.loc["a named official makes it confirmed", "asked"] == 13
    assert frame.loc["silence is denial or admission", "asked"] == 0


def test_the_page_says_it_in_words_and_in_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    for row in rows():
        diary.append(tmp_path / "practice.csv", row)
    page = kit.mixed_up(tmp_path / "practice.csv")
    line = f"{DENIAL}: at first 3 of 4 wrong, lately 1 of 10 wrong. Read again: C03b, “it could not confirm a closure”"
    assert line in repr(page).splitlines()
    monkeypatch.setattr(mistakes, "display", lambda thing, **_: shown.append(thing))
    page._ipython_display_()
    words, picture = shown
    assert words["text/plain"] == repr(page) and "3 of 4 wrong" in words["text/html"]
    assert f"{DENIAL}: the first two weeks: 3 of 4; the last ten answers: 1 of 10" in repr(picture)
    assert picture.png.startswith(b"\x89PNG")
    ax = plots.mistakes(page.table)
    assert sorted(bar.get_width() for bar in ax.patches)[-1] == 75


def test_before_the_first_answer_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page, shown = kit.mixed_up(), []
    assert repr(page).startswith("Nothing yet. Run kit.practice()")
    monkeypatch.setattr(mistakes, "display", lambda thing, **_: shown.append(thing))
    page._ipython_display_()
    assert shown == [{"text/plain": repr(page)}]
    assert plots.alt(plots.mistakes(page.table)) == "There are no answers yet."
    assert not list(tmp_path.iterdir())
