"""What a reader mixes up, and how that changed: the diary of practice, counted by misconception."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
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
    """A page of progress. `table` has a row for each of the twelve misconceptions."""

    table: pd.DataFrame

    def __repr__(self) -> str:
        lines = [
            f"{name}: at first {first}, lately {last}" + f". Read again: {example}" * bool(example)
            for name, first, last, example in self._words().itertuples()
        ]
        return "\n".join(lines) or _NOTHING

    def _repr_html_(self) -> str:
        words = self._words()
        return _NOTHING if words.empty else words.to_html(border=0)

    def _words(self) -> pd.DataFrame:
        """What there are answers on, that which is mixed up most lately first."""
        met = self.table[self.table["asked"] > 0].sort_values("last_wrong", ascending=False, kind="stable")
        wrong = {f"{when}_wrong": f"{when}_asked" for when in ("first", "last")}
        first, last = (met[one].astype(str) + " of " + met[of].astype(str) + " wrong" for one, of in wrong.items())
        words = {"at first": first, "the last ten": last, "an example to read again": met["example"]}
        return pd.DataFrame(words).rename_axis("what you may mix up")


def mixed_up(file: Path | None = None) -> MixedUp:
    """What you mixed up in `kit.practice`, at first and lately. `file` is by default the diary on your desk.

    Raises KitError where the file cannot be read.
    """
    rows = diary.read(file or diary.file())
    return MixedUp(table(rows, pool(ASKS) if rows else ()))


def table(rows: Sequence[Attempt], items: Iterable[Item]) -> pd.DataFrame:
    """A row per misconception (the index), in the order of the glossary.

    Columns: `asked` (answers on cards that tempt to it), `first_wrong` of `first_asked` (those of the first two
    weeks), `last_wrong` of `last_asked` (the last ten), `example` (the card that was last wrong by it; empty: none).
    """
    by_key = {item.key: item for item in items}
    tempts = {key: by_key[key].tempts() for key in {row.key for row in rows} & by_key.keys()}
    names = pd.Index(feedback.misconceptions(), name="misconception")
    counts = []
    for name in names:
        met = [row for row in rows if name in tempts.get(row.key, ())]
        first, last = [row for row in met if row.time - met[0].time <= FIRST], met[-LAST:]
        wrong = [row for row in met if row.misconception == name]
        example = f"{wrong[-1].claim}, “{by_key[wrong[-1].key].claim.quote}”" if wrong else ""
        shares = ((sum(row.misconception == name for row in some), len(some)) for some in (first, last))
        counts.append([len(met), *chain(*shares), example])
    columns = ["asked", "first_wrong", "first_asked", "last_wrong", "last_asked", "example"]
    return pd.DataFrame(counts, index=names, columns=columns)
