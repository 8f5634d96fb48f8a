"""What comes next: pure functions of the rows and the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kit.recall.diary import Attempt
from kit.recall.pool import Item, choose, due, pool

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return pool()


def attempt(item: Item, time: datetime, *, right: bool) -> Attempt:
    return Attempt(time, *item.key, item.right if right else "x", right)


def test_what_was_hard_comes_back_in_the_same_hour_and_what_fits_after_days(items: tuple[Item, ...]) -> None:
    rows = [attempt(items[0], NOW, right=False), attempt(items[1], NOW, right=True)]
    again = due(rows)
    assert again[items[0].key] == NOW + MINUTE
    assert DAY < again[items[1].key] - NOW < 7 * DAY
    # Each time that it fits it is put off for longer; one slip, and it is back at once.
    gaps, time = [], NOW
    for _ in range(4):
        rows.append(attempt(items[1], again[items[1].key], right=True))
        time, again = again[items[1].key], due(rows)
        gaps.append(again[items[1].key] - time)
    assert gaps == sorted(gaps) and gaps[-1] > 3 * gaps[0]
    rows.append(attempt(items[1], again[items[1].key], right=False))
    assert due(rows)[items[1].key] == rows[-1].time + MINUTE


def test_due_cards_come_before_new_ones(items: tuple[Item, ...]) -> None:
    hard, other = items[10], items[200]
    rows = [attempt(hard, NOW, right=False), attempt(other, NOW + MINUTE / 4, right=True)]
    assert choose(items, rows, NOW + MINUTE / 2).key not in {hard.key, other.key}
    assert choose(items, rows, NOW + 2 * MINUTE) == hard
    # Nothing follows itself, unless it is alone.
    assert choose(items, rows[:1], NOW + 2 * MINUTE) != hard
    assert choose([hard], rows[:1], NOW) == hard


def test_labels_take_turns_and_hard_ones_come_more_often(items: tuple[Item, ...]) -> None:
    def asked(hard: str) -> list[str]:
        rows: list[Attempt] = []
        for _ in range(44):
            # All in one moment, so that nothing is due and every card is a new one.
            item = choose(items, rows, NOW)
            rows.append(attempt(item, NOW, right=item.right != hard))
        by_key = {item.key: item for item in items}
        assert len({row.key for row in rows}) == 44
        return [by_key[row.key].right for row in rows]

    plain, hard = asked(""), asked("stance")
    assert all(plain.count(label) == 4 for label in {item.right for item in items})
    assert hard.count("stance") > 2 * plain.count("stance")


def test_it_is_the_same_each_time_and_the_end_of_new_cards_is_not_the_end(items: tuple[Item, ...]) -> None:
    assert choose(items, [], NOW) == choose(list(items), (), NOW + DAY)
    few, rows = items[:3], []
    for at in range(3):
        rows.append(attempt(choose(few, rows, NOW), NOW + at * MINUTE / 60, right=True))
    assert choose(few, rows, NOW).key == rows[0].key
    assert choose((), rows, NOW) is None


def test_rows_on_cards_that_are_gone_do_no_harm(items: tuple[Item, ...]) -> None:
    gone = Attempt(NOW, "pool", "C99z", "status", "denied", False)
    assert choose(items, [gone], NOW + DAY) in items
