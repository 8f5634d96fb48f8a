"""When a card comes again, by spaced repetition. The rows of the diary are the one record: all else follows from them.

An answer that fits puts a card off by days, then weeks; one that does not brings it back after a minute. The intervals
are those of FSRS (https://github.com/open-spaced-repetition/py-fsrs), without chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zlib import crc32

from fsrs import Card, Rating, Scheduler

from kit.recall.diary import Attempt
from kit.recall.pool import Item

__all__ = ["choose", "due"]

_SOON = (timedelta(minutes=1),)
_SCHEDULER = Scheduler(learning_steps=_SOON, relearning_steps=_SOON, enable_fuzzing=False)
_LATELY = 10
"""Answers within which the same claim is not met again as a new card."""


def due(rows: Sequence[Attempt]) -> dict[tuple[str, str, str], datetime]:
    """When each card that has been answered comes again, by its key. `rows` are in the order of time."""
    cards: dict[tuple[str, str, str], Card] = {}
    for row in rows:
        card = cards.get(row.key) or Card(card_id=0, due=row.time)
        cards[row.key], _ = _SCHEDULER.review_card(card, Rating.Good if row.right else Rating.Again, row.time)
    return {key: card.due for key, card in cards.items()}


def choose(items: Sequence[Item], rows: Sequence[Attempt], now: datetime) -> Item | None:
    """The card that comes next: the longest due, else a new one, else what is due soonest; None without cards.

    New cards come from the label with the fewest right answers, less the wrong ones: labels take turns, and those that
    were hard come more often. The card that was answered last does not follow itself where there is another.
    """
    again, last = due(rows), rows[-1].key if rows else None
    by_key = {item.key: item for item in items}
    known = sorted((time, key) for key, time in again.items() if key in by_key and key != last)
    if known and known[0][0] <= now:
        return by_key[known[0][1]]
    if new := [item for item in items if item.key not in again]:
        return _new(new, rows, by_key)
    return by_key[known[0][1]] if known else next(iter(items), None)


def _new(new: Sequence[Item], rows: Sequence[Attempt], by_key: Mapping[tuple[str, str, str], Item]) -> Item:
    mastered: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.key in by_key:
            mastered[row.field, by_key[row.key].right] += 1 if row.right else -1
    lately = {row.key[:2] for row in rows[-_LATELY:]}

    def rank(item: Item) -> tuple[bool, int, int, int]:
        label = item.field, item.right
        # A mixed order that is the same each time, and that no reader can foresee.
        mixed = crc32(repr((label, len(rows))).encode()), crc32(repr(item.key).encode())
        return item.key[:2] in lately, mastered[label], *mixed

    return min(new, key=rank)
