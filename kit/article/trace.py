"""Where an article's wording comes from, how it drifted on the way, and what was known when.

The facts stand in `seeds/trace/<name>.toml`, each with its address and the day on which it was looked up. They come
from outside the article, so none of them changes a label: labels hold as of the dateline. An `address` is one URL, or
several with a space between them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from kit.article import annotation_file, seeds
from kit.article.loading import frame_of
from kit.errors import KitError

__all__ = ["KINDS", "Trace", "load"]
__dir__ = __all__.copy

STATEMENTS = ("says: it is so", "says: in part", "says: open", "neither", "dismissal", "admission")
"""The kinds of statement in `known`, by what is said: “I can confirm” says no more than “it is so”."""


@dataclass(frozen=True)
class Kind:
    """One kind of change: its name, the question that is answered with yes for it, and a made-up example."""

    name: str
    question: str
    example: str


KINDS: tuple[Kind, ...] = (
    Kind("not found", "Is there nothing in the earlier texts to compare it with?",
         "An article quotes a mayor. No earlier text has the quotation."),
    Kind("into quotation", "Do the quotation marks now hold words that stood outside them?",
         "She called it “risky” and meant the bridge. Then: She called “the bridge risky”."),
    Kind("speaker changed", "Is it now somebody else who says it?",
         "The council said so. Then: The mayor said so."),
    Kind("source lost", "Is the one who said it gone, so that nobody in particular says it now?",
         "According to the police … Then: Reportedly …"),
    Kind("sense changed", "Is now something else claimed or demanded, neither more nor less?",
         "She wants the work to stop early. Then: She wants the early work to stop."),
    Kind("weaker", "Does it now claim less than before?",
         "The council has voted for the bridge. Then: The council likes the bridge."),
    Kind("stronger", "Does it now claim more than before, or sound sharper?",
         "He had not seen the report. Then: There is no report."),
)  # fmt: skip
"""The kinds of change, in the order of their questions: ask from the top, stop at the first yes."""


@dataclass(frozen=True)
class Step:
    """`[[step]]`: one text of the chain. `units` are those whose core can be found there already."""

    id: str
    where: str
    date: datetime.date
    address: str
    looked_up: datetime.date
    note: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drift:
    """`[[drift]]`: what changed in one unit. `here` stands word for word in it; `earlier` is told in our words."""

    unit: str
    earlier: str
    here: str
    kinds: tuple[str, ...]
    change: str
    look: str
    address: str
    looked_up: datetime.date


@dataclass(frozen=True)
class Known:
    """`[[known]]`: one statement, and when it was made; `happened` is the day or span that it is about."""

    said: datetime.date
    who: str
    what: str
    kind: str
    address: str
    looked_up: datetime.date
    happened: str = ""
    event: str = ""
    note: str = ""


@dataclass(frozen=True)
class Trace:
    """The trace of one article. Each frame is made anew, so change it freely."""

    dateline: datetime.date
    step_rows: tuple[Step, ...]
    drift_rows: tuple[Drift, ...]
    known_rows: tuple[Known, ...]

    @property
    def steps(self) -> pd.DataFrame:
        """The chain of texts, first to last; the article is the last.

        Columns: `id`, `where`, `date` (datetime), `address`, `looked_up` (datetime), `note` (what can be checked
        there), `units` (tuple of units whose core stands there already).
        """
        return _dated(frame_of(self.step_rows, Step), "date")

    @property
    def drift(self) -> pd.DataFrame:
        """What changed on the way, one row per unit, in the order of the article.

        Columns: `unit`, `earlier` (the earlier wording, in our words), `here` (exact words of the article),
        `kinds` (tuple of kinds of change, see `KINDS`), `change` (what it does, one sentence), `look` (where to
        look), `address` (of the earlier text), `looked_up` (datetime).
        """
        return _dated(frame_of(self.drift_rows, Drift))

    @property
    def known(self) -> pd.DataFrame:
        """What was known when, by the day of the statement.

        Columns: `said` (datetime), `who`, `what`, `kind` (one of `STATEMENTS`), `address`, `looked_up` (datetime),
        `happened` (text: the day or "first/last" that it is about, "" where none is given), `event` (that event in
        words, or ""), `note`, `after` (bool: said after the dateline, so that the article could not know it).
        """
        frame = _dated(frame_of(self.known_rows, Known), "said")
        return frame.assign(after=[k.said > self.dateline for k in self.known_rows])

    @property
    def events(self) -> pd.DataFrame:
        """`known` for `kit.plots.timeline`: what was said, then what is said to have happened.

        Columns: `date` (datetime; the first day of a span), `who`, `what`, `kind` ("said" or "happened").
        """
        said = [(k.said, k.who, f"{k.what} ({k.kind})", "said") for k in self.known_rows]
        happened = []
        for known in (known for known in self.known_rows if known.happened):
            first, *last = map(datetime.date.fromisoformat, known.happened.split("/"))
            what = f"{known.event} (until {last[0]})" if last else known.event
            happened.append((first, "", what, "happened"))
        frame = pd.DataFrame([*said, *happened], columns=["date", "who", "what", "kind"])
        return frame.assign(date=pd.to_datetime(frame["date"]))

    @property
    def addresses(self) -> pd.DataFrame:
        """Every address of the trace once, in the order of the file.

        Columns: `address`, `about` (the texts, units and statements that it stands for), `looked_up` (datetime).
        """
        rows = [(row, row.where) for row in self.step_rows] + [(row, row.unit) for row in self.drift_rows]
        rows += [(row, f"{row.said}, {row.who}") for row in self.known_rows]
        parts = [(part, about, row.looked_up) for row, about in rows for part in row.address.split()]
        frame = _dated(pd.DataFrame(parts, columns=["address", "about", "looked_up"]))
        return frame.groupby("address", sort=False, as_index=False).agg({"about": "; ".join, "looked_up": "max"})

    def explain(self, unit: str, given: str, *, avoid: Iterable[str] = ()) -> str:
        """Why `given` is not the kind of change in `unit`: rule, words, contrast; "" where it fits.

        The contrast is a row of the trace outside `avoid`, or else a made-up example. The right kind is not said.
        """
        rows = {row.unit: row for row in self.drift_rows}
        kinds = {kind.name: kind for kind in KINDS}
        if given in rows[unit].kinds:
            return ""
        rule = f"“{given}” answers the question: {kinds[given].question}"
        look = f"Ask it of this: {rows[unit].look}."
        contrast = f"Compare a made-up case in which “{given}” is right: {kinds[given].example}"
        alike = (row for row in self.drift_rows if row.kinds == (given,) and row.unit not in {unit, *avoid})
        if other := next(alike, None):
            contrast = f"Compare {other.unit}, where “{given}” is right. Earlier: {other.earlier} Here: “{other.here}”."
        return f"{rule} {look} {contrast}"


def _dated(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """`frame` with its days as datetimes: those in the columns `names`, and those of looking up."""
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in (*names, "looked_up")})


def load(name: str = "soldiers") -> Trace:
    """The trace of the article called `name`, from `seeds/trace`.

    Raises KitError where there is none, and AnnotationError with every fault if its tables cannot be read.
    """
    folder = seeds.seeds() / "trace"
    path = folder / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.toml"))) or "none"
        raise KitError(f"There is no trace of an article called “{name}”. Traces that are here: {known}.")
    file = annotation_file.TableFile(path, annotation_file.read_text(path))
    data = file.parse(_NEEDED, known=_TABLES)
    found = {table: tuple(file.rows(table, data[table], cls)) for table, cls in _TABLES.items()}
    file.stop()
    whole = annotation_file.read(seeds.seeds() / f"{name}.toml")
    return Trace(whole.facts.dateline, found["step"], found["drift"], found["known"])


_TABLES = {"step": Step, "drift": Drift, "known": Known}
_NEEDED = {name: f"list of tables [[{name}]]; write that line above each" for name in _TABLES}
