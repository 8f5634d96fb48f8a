"""What a reader mixes up, and how that changed: the diary of practice, counted by misconception."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pandas as pd

from kit.check import feedback
from kit.recall import diary
from kit.recall.diary import Attempt
from kit.recall.pool import Item, pool
from kit.widgets.cards import ASKS

FIRST, LAST = timedelta(weeks=2), 10
"""What counts as the beginning, and how many answers count as lately."""
_NOTHING = "Nothing yet. Run kit.practice() on some days: then this page shows what you mix up, and how that changes."


@dataclass(frozen=True)
class MixedUp:
    """A page of progress: `words` is what `table` makes."""

    words: pd.DataFrame

    def __repr__(self) -> str:
        lines = [
            f"{name}: at first {first}, lately {last}" + f". Read again: {example}" * bool(example)
            for name, first, last, example in self.words.itertuples()
        ]
        return "\n".join(lines) or _NOTHING

    def _repr_html_(self) -> str:
        return _NOTHING if self.words.empty else self.words.to_html(border=0)


def mixed_up(file: Path | None = None) -> MixedUp:
    """What you mixed up in `kit.practice`, at first and lately. `file` is by default the diary on your desk.

    Raises KitError where the file cannot be read.
    """
    rows = diary.read(file or diary.file())
    return MixedUp(table(rows, pool(ASKS) if rows else ()))


def table(rows: Sequence[Attempt], items: Iterable[Item]) -> pd.DataFrame:
    """A row per misconception (the index) to which an answered card tempts, that which is mixed up most lately first.

    Columns, in words: `at first` and `the last ten` (of the answers on cards that tempt to it, how many were wrong by
    it: of those of the first two weeks, and of the last ten), `an example to read again` (the card that was last wrong
    by it; empty: none).
    """
    by_key = {item.key: item for item in items}
    tempts = {key: by_key[key].tempts() for key in {row.key for row in rows} & by_key.keys()}
    found = []
    for name in feedback.misconceptions():
        if met := [row for row in rows if name in tempts.get(row.key, ())]:
            first, last = [row for row in met if row.time - met[0].time <= FIRST], met[-LAST:]
            wrong = [[row for row in some if row.misconception == name] for some in (first, last, met)]
            example = f"{wrong[2][-1].claim}, “{by_key[wrong[2][-1].key].claim.quote}”" if wrong[2] else ""
            told = [f"{len(slips)} of {len(some)} wrong" for slips, some in zip(wrong, (first, last), strict=False)]
            found.append((len(wrong[1]), name, *told, example))
    ordered = sorted(found, key=lambda one: -one[0])
    columns = ["what you may mix up", "at first", "the last ten", "an example to read again"]
    return pd.DataFrame([row for _, *row in ordered], columns=columns).set_index("what you may mix up")
