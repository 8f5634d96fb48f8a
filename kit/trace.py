"""Where an article's wording comes from, how it drifted on the way, and what was known when.

The facts stand in `seeds/trace/<name>.toml`, each with its address. They come from outside the article, so none
of them changes a label: labels hold as of the dateline.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from kit import annotation, places, wording
from kit.anchors import closest
from kit.errors import KitError
from kit.wording import KINDS, Drift, Kind, Known, Step

__all__ = ["KINDS", "Trace", "load"]


def __dir__() -> list[str]:
    return __all__


@dataclass(frozen=True)
class Trace:
    """The trace of one article, checked. Each frame is made anew, so change it freely."""

    dateline: datetime.date
    step_rows: tuple[Step, ...]
    drift_rows: tuple[Drift, ...]
    known_rows: tuple[Known, ...]

    @property
    def steps(self) -> pd.DataFrame:
        """The chain of texts, first to last; the article is the last.

        Columns: `id`, `where`, `date` (datetime), `address`, `note` (what can be checked there), `units` (tuple
        of units whose core stands there already).
        """
        frame = _frame(self.step_rows, Step)
        return frame.assign(date=pd.to_datetime(frame["date"]))

    @property
    def drift(self) -> pd.DataFrame:
        """What changed on the way, one row per unit, in the order of the article.

        Columns: `unit`, `earlier` (the earlier wording, in our words), `here` (exact words of the article),
        `kinds` (tuple of kinds of change, see `KINDS`), `change` (what it does, one sentence), `look` (where to
        look), `address` (of the earlier text).
        """
        return _frame(self.drift_rows, Drift)

    @property
    def known(self) -> pd.DataFrame:
        """What was known when, by the day of the statement.

        Columns: `said` (datetime), `who`, `what`, `kind` (one of `STATEMENTS`), `address`, `happened` (text: the
        day or "first/last" that it is about, "" where none is given), `event` (that event in words, or ""),
        `note`, `after` (bool: said after the dateline, so that the article could not know it).
        """
        frame = _frame(self.known_rows, Known)
        return frame.assign(said=pd.to_datetime(frame["said"]), after=[k.said > self.dateline for k in self.known_rows])

    @property
    def events(self) -> pd.DataFrame:
        """`known` for `kit.plots.timeline`: what was said, then what is said to have happened.

        Columns: `date` (datetime; the first day of a span), `who`, `what`, `kind` ("said" or "happened").
        """
        said = [(k.said, k.who, f"{k.what} ({k.kind})", "said") for k in self.known_rows]
        dated = [k for k in self.known_rows if k.happened]
        happened = [(wording.days(k.happened)[0], "", _lasting(k), "happened") for k in dated]
        frame = pd.DataFrame([*said, *happened], columns=["date", "who", "what", "kind"])
        return frame.assign(date=pd.to_datetime(frame["date"]))

    def explain(self, unit: str, given: str, *, avoid: Iterable[str] = ()) -> str:
        """Why `given` is not the kind of change in `unit`: rule, words, contrast; "" where it fits.

        The contrast is a row of the trace outside `avoid`, or else a made-up example. The right kind is not said.
        Raises KitError for a unit without a drift row, and for a kind that is none.
        """
        rows = {row.unit: row for row in self.drift_rows}
        kinds = {kind.name: kind for kind in KINDS}
        if unit not in rows:
            raise KitError(f"No change is noted for {unit}{closest(unit, tuple(rows))}")
        if given not in kinds:
            raise KitError(f"“{given}” is not a kind of change{closest(given, tuple(kinds))}")
        if given in rows[unit].kinds:
            return ""
        rule = f"“{given}” answers the question: {kinds[given].question}"
        look = f"Ask it of this: {rows[unit].look}."
        return f"{rule} {look} {self._contrast(kinds[given], {unit, *avoid})}"

    def _contrast(self, kind: Kind, avoid: set[str]) -> str:
        for row in self.drift_rows:
            if row.kinds == (kind.name,) and row.unit not in avoid:
                return f"Compare {row.unit}, where “{kind.name}” is right. Earlier: {row.earlier} Here: “{row.here}”."
        return f"Compare a made-up case in which “{kind.name}” is right: {kind.example}"


def load(name: str = "soldiers") -> Trace:
    """The trace of the article called `name`, from `seeds/trace`.

    Raises KitError where there is none, and AnnotationError with every fault if the file does not hold.
    """
    folder = places.seeds() / "trace"
    path = folder / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.toml"))) or "none"
        raise KitError(f"There is no trace of an article called “{name}”. Traces that are here: {known}.")
    whole = annotation.read(places.seeds() / f"{name}.toml")
    found = wording.read(path, whole)
    return Trace(whole.facts.dateline, found["step"], found["drift"], found["known"])


def _frame(records: tuple[Any, ...], cls: type) -> pd.DataFrame:
    names = [field.name for field in fields(cls)]
    return pd.DataFrame([[getattr(record, name) for name in names] for record in records], columns=names)


def _lasting(known: Known) -> str:
    """The event in words, with its last day where it took more than one."""
    first, *last = wording.days(known.happened)
    return f"{known.event} (until {last[0]})" if last and last[0] > first else known.event
