"""The plain records of a trace: the texts before the article, what changed on the way, what was said when.

Field names are the keys of `seeds/trace/<name>.toml`. Read whole and sound, or every fault is named.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from kit import annotation
from kit.anchors import closest, nearest
from kit.errors import AnnotationError
from kit.records import Annotation

__all__ = ["FORMAT", "KINDS", "STATEMENTS", "Drift", "Kind", "Known", "Step", "days", "read"]

FORMAT = 1
STATEMENTS = ("alleged", "unconfirmed", "dismissal", "neither", "confirmed in part", "confirmed")
"""What a later or earlier statement amounts to, in the words of `known`."""


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


@dataclass(frozen=True)
class Known:
    """`[[known]]`: one statement, and when it was made; `happened` is the day or span that it is about."""

    said: datetime.date
    who: str
    what: str
    kind: str
    address: str
    happened: str = ""
    event: str = ""
    note: str = ""


TABLES = {"step": Step, "drift": Drift, "known": Known}
_TYPES = {
    "str": (str, "a text in quotation marks"),
    "tuple[str, ...]": (list, "a list of texts in square brackets"),
    "datetime.date": (datetime.date, "a date such as 2024-10-19, without quotation marks"),
}


def days(span: str) -> tuple[datetime.date, ...]:
    """The day, or the first and the last day, of a text such as "2024-10-08/2024-10-13". Raises ValueError."""
    found = tuple(datetime.date.fromisoformat(day) for day in span.split("/"))
    if len(found) > 2 or sorted(found) != list(found):
        raise ValueError(span)
    return found


def read(path: Path, whole: Annotation) -> dict[str, tuple[Any, ...]]:
    """The records at `path`, by table ("step", "drift", "known"), in the order of the file.

    `whole` is the annotation of the article that they are about. Raises AnnotationError with every fault found.
    """
    try:
        data = tomllib.loads(annotation.read_text(path).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise AnnotationError((f"{path.name}: this is not valid TOML: {error}. Look at that line.",)) from None
    faults = [
        f"“{name}” is not known here{closest(name, tuple(TABLES))}" for name in data if name not in ("format", *TABLES)
    ]
    if data.get("format") != FORMAT:
        faults.append(f"above all tables there must be the line “format = {FORMAT}”")
    found: dict[str, tuple[Any, ...]] = {}
    for table in TABLES:
        rows = data.get(table)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            faults.append(f"there is no list of tables [[{table}]]; write that line above each")
            rows = []
        found[table] = tuple(_records(table, rows, faults))
    faults += _faults(found, whole)
    if faults:
        raise AnnotationError(tuple(f"{path.name}: {fault}{'.' * (fault[-1] not in '.?')}" for fault in faults))
    return found


def _records(table: str, rows: list[dict[str, Any]], faults: list[str]) -> Iterator[Any]:
    """A record for each sound row; what is wrong with the others goes to `faults`."""
    known = {spec.name: spec for spec in fields(TABLES[table])}
    for number, row in enumerate(rows, 1):
        own = [f"“{name}” is not known here{closest(name, tuple(known))}" for name in row if name not in known]
        own += [f"“{n}” is missing" for n, spec in known.items() if spec.default is MISSING and n not in row]
        for name in (name for name in row if name in known):
            wanted, words = _TYPES[str(known[name].type)]
            value = row[name]
            # Not isinstance: to Python a time of day is a date.
            if type(value) is not wanted or (wanted is list and not all(isinstance(item, str) for item in value)):
                own.append(f"“{name}” must be {words}, but it is {value!r}")
            elif known[name].default is MISSING and not value:
                own.append(f"“{name}” is empty")
        faults += [f"{table} number {number}: {fault}" for fault in own]
        if not own:
            yield TABLES[table](**{n: tuple(v) if isinstance(v, list) else v for n, v in row.items()})


def _faults(found: dict[str, tuple[Any, ...]], whole: Annotation) -> Iterator[str]:
    """What does not hold between the records, the codebook of changes and the article."""
    units = {unit.id: unit.text for unit in whole.units}
    for step in found["step"]:
        yield from (_no_unit(f"step {step.id}", unit, units) for unit in step.units if unit not in units)
    for at, drift in enumerate(found["drift"]):
        where = f"drift {drift.unit}"
        if drift.unit not in units:
            yield _no_unit(where, drift.unit, units)
        elif drift.here not in units[drift.unit]:
            near = nearest(drift.here, units[drift.unit])
            yield f"{where}: “{drift.here}” does not stand in {drift.unit}; the nearest text there is “{near}”"
        if drift.unit in {other.unit for other in found["drift"][:at]}:
            yield f"{where}: this unit has a row already; put both changes into one"
        names = tuple(kind.name for kind in KINDS)
        yield from (f"{where}: “{k}” is no kind of change{closest(k, names)}" for k in drift.kinds if k not in names)
    for known in found["known"]:
        where = f"known {known.said} {known.who}"
        if known.kind not in STATEMENTS:
            yield f"{where}: “{known.kind}” is no kind of statement{closest(known.kind, STATEMENTS)}"
        yield from _happening(where, known)


def _happening(where: str, known: Known) -> Iterator[str]:
    if bool(known.happened) != bool(known.event):
        yield f"{where}: “happened” and “event” go together: give both, or neither"
    try:
        if known.happened and days(known.happened)[0] > known.said:
            yield f"{where}: it happened after it was said; is one of the days wrong?"
    except ValueError:
        yield f"{where}: “happened” must be a day or two, such as 2024-10-08/2024-10-13, not “{known.happened}”"


def _no_unit(where: str, unit: str, units: dict[str, str]) -> str:
    return f"{where}: there is no unit {unit}{closest(unit, tuple(units))}"
