"""Reads and checks an annotation file. It is returned whole and sound, or every fault in it is named."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, replace
from pathlib import Path
from typing import Any

from kit.article.anchors import closest, difference, nearest, not_next, places
from kit.article.breaches import Fault, breaches
from kit.article.records import Annotation, Claim, Facts, Proposition, Reply, Source, Unit
from kit.errors import AnnotationError, typed

FORMAT = 1
TABLES = {"unit": Unit, "source": Source, "reply": Reply, "proposition": Proposition, "claim": Claim}
_NEEDED = {"article": "[article] with the facts about it", "unit": "[[unit]] with its sentences", "claim": "[[claim]]"}
_TYPES = {
    "str": (str, "a text in quotation marks"), "int": (int, "a whole number"), "bool": (bool, "true or false"),
    "tuple[str, ...]": (list, "a list of texts in square brackets"),
    "datetime.date": (datetime.date, "a date such as 2024-10-19, without quotation marks"),
}  # fmt: skip


def read(path: Path, *, strict: bool = False) -> Annotation:
    """Read the annotation at `path` and the article beside it; `strict` with the faults that a draft may have.

    Raises AnnotationError with every fault found, one sentence each, naming file, table and claim.
    """
    file = TableFile(path, read_text(path))
    whole, _ = _annotation(file, strict=strict)
    file.stop()
    return whole


def parse(source: str, path: Path) -> tuple[Annotation, tuple[Fault, ...]]:
    """The annotation in `source`, the text of the file at `path`, and what in it breaks the codebook.

    Raises AnnotationError only for what keeps the records from being read and every claim from its place.
    """
    file = TableFile(path, source)
    whole, broken = _annotation(file, strict=True)
    if len(file.faults) > len(broken):
        file.stop()
    return whole, broken


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; an AnnotationError in one sentence where there is none to be had."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        fault = f"{path.name}: this is not UTF-8 text (byte {error.start + 1}). Save it as UTF-8 and try again."
    except OSError as error:
        beside = sorted(p.name for p in path.parent.glob(f"*{path.suffix}")) if path.parent.is_dir() else []
        hint = f" In that folder there is: {', '.join(beside[:5])}." if beside else ""
        fault = f"{path.name}: cannot be read in {path.parent} ({error.strerror}).{hint}"
    raise AnnotationError((fault,))


def misplaced(quote: str, unit: Unit, known: dict[str, Unit], text: str) -> str:
    """Why `quote` has no single place in its unit, with the text that comes nearest; empty where it has one."""
    times = len(places(quote, unit.text))
    if times == 1:
        return ""
    if times:
        return f"“{quote}” stands {times} times in {unit.id}; take more words, so that it stands once"
    if not quote:
        return f"its quote is empty; copy the words out of {unit.id}"
    if quote.strip() in unit.text:
        return f"“{quote}” has a space too many at its start or end; take it away"
    holders = [other.id for other in known.values() if quote in other.text]
    if holders:
        return f"“{quote}” stands in {holders[0]}, not in {unit.id}; change “unit” or the quote"
    if quote in text:
        return f"“{quote}” runs over the edge of {unit.id}; a claim lies in one unit, so split it"
    near = nearest(quote, unit.text)
    return f"“{quote}” is not in {unit.id}; the nearest text is “{near}”: {difference(quote, near)}"


def wanted(spec: Field[Any], value: object) -> str:
    """What the field `spec` of a record must be, in words, where `value` is not; else empty."""
    kind, words = _TYPES[str(spec.type)]
    # Not isinstance: to Python, true is a whole number and a time of day a date.
    fits = type(value) is kind and (not isinstance(value, list) or all(isinstance(item, str) for item in value))
    return "" if fits else words


class TableFile:
    """One reading of one TOML file: makes records of its tables, and collects every fault on the way."""

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.faults: list[str] = []
        self.lines: dict[str, int] = {}
        self.source = source.removeprefix("\ufeff")

    def parse(self, needed: Mapping[str, str], *, known: Iterable[str], single: Iterable[str] = ()) -> dict[str, Any]:
        """The tables of the file by name.

        `needed` says of each that must be there what it is, `known` are those that may be there, and of those in
        `single` there is one, not a list. Raises AnnotationError where there is too little to make records of.
        """
        try:
            data = tomllib.loads(self.source.replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError as error:
            if self.path.suffix.lower() != ".toml":
                what = f"this is no annotation. Make one of it first: python -m kit draft {typed(self.path)}"
                raise AnnotationError((f"{self.path.name}: {what}",)) from None
            at = re.search(r"line (\d+)", str(error))
            what = (
                f"this is not valid TOML{f' in line {at[1]}' if at else ', to its end'}. Look at that line and the one "
                "before it: a bracket or a quotation mark may be missing or too many, a name may stand twice, and "
                "a text with \" in it stands between ''' and '''"
            )
            raise AnnotationError((f"{self.path.name}: {what}.",)) from None
        if data.get("format") != FORMAT:
            found = f"it says {_shown(data['format'])}" if "format" in data else "there is none"
            self.fault("", f"above all tables there must be the line “format = {FORMAT}”, and {found}")
        for table, words in needed.items():
            if table not in data:
                self.fault("", f"there is no {words}")
        for table in single:
            if not isinstance(data.get(table, {}), dict):
                self.fault("", f"“{table}” must be one table: write [{table}] above it, once")
        sound = not self.faults
        self._strays("", data, {"format", *known})
        if not sound:
            self.stop()
        return data

    def rows(self, name: str, rows: Any, cls: type, *, key: str = "") -> Iterator[Any]:
        """A record for each sound row of the table `name`; `key` is the field by which no two are the same."""
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fault("", f"“{name}” must be a list of tables: write [[{name}]] above each")
            self.stop()
        seen: set[str] = set()
        heads = [m.start() for m in re.finditer(rf"^[ \t]*\[\[ *{name} *\]\]", self.source, re.MULTILINE)]
        for number, row in enumerate(rows, 1):
            own = row.get(key)
            where = f"{name} {own}" if own and isinstance(own, str) else f"{name} number {number}"
            if len(heads) == len(rows):
                self.lines[where] = heads[number - 1]
            record = self.record(cls, row, where)
            if where in seen:
                self.fault(where, "this id is used twice; give one of them another")
            seen.add(where)
            if record is not None:
                yield record

    def record(self, cls: type, row: Any, where: str) -> Any:
        """The record of the class `cls` that a row makes; None where it has a fault."""
        known = {f.name: f for f in fields(cls) if not f.metadata.get("computed")}
        self._strays(where, row, set(known))
        values, before = {}, len(self.faults)
        for name, spec in known.items():
            if name not in row:
                if spec.default is MISSING:
                    self.fault(where, f"“{name}” is missing")
            elif words := wanted(spec, row[name]):
                self.fault(where, f"“{name}” must be {words}, but it is {_shown(row[name])}")
            else:
                values[name] = tuple(row[name]) if isinstance(row[name], list) else row[name]
        return cls(**values) if len(self.faults) == before else None

    def fault(self, where: str, what: str) -> None:
        """Note what is wrong, and where: in which table of the file."""
        stop = "" if what.endswith("?") else "."
        self.faults.append(": ".join(filter(None, (self.path.name + self._line(where), where, what))) + stop)

    def stop(self) -> None:
        """Raise AnnotationError with all that has been found, if anything has."""
        if self.faults:
            raise AnnotationError(tuple(self.faults))

    def _strays(self, where: str, row: dict[str, Any], known: set[str]) -> None:
        for name in sorted(set(row) - known):
            self.fault(where, f"“{name}” is not known here{closest(name, sorted(known))}")

    def _line(self, where: str) -> str:
        """“, line 412”, found in the file's own text, since TOML parsers keep no lines."""
        table, _, key = where.partition(" ")
        at = self.lines.get(where, -1)
        if table in ("[article]", "passes"):
            head = re.escape(where) if not key else rf'["\']?{re.escape(key)}["\']?[ \t]*='
            *_, at = (-1, *(m.start() for m in re.finditer(rf"^[ \t]*{head}", self.source, re.MULTILINE)))
        return f", line {self.source.count(chr(10), 0, at) + 1}" if at >= 0 else ""


def _annotation(file: TableFile, *, strict: bool) -> tuple[Annotation, tuple[Fault, ...]]:
    """The records with every claim in its place, and what breaks the codebook, which is no obstacle to reading it.

    It is sound only if `file` has noted no fault; `strict` also notes those that a draft may have. Raises
    AnnotationError where there is too little to make records of.
    """
    data = file.parse(_NEEDED, known=("article", "passes", *TABLES), single=("article", "passes"))
    facts = file.record(Facts, data["article"], "[article]")
    rows = {
        name: list(file.rows(name, data.get(name, []), cls, key="source" if cls is Reply else "id"))
        for name, cls in TABLES.items()
    }
    if facts is None:
        raise AnnotationError(tuple(file.faults))
    text = _article_text(file, facts)
    ids = {name: tuple(str(row.get("id")) for row in data.get(name, [])) for name in TABLES}
    units = tuple(_units(file, rows["unit"], text))
    claims = tuple(_claims(file, rows["claim"], units, ids["unit"], text))
    sources, replies, propositions = (tuple(rows[name]) for name in ("source", "reply", "proposition"))
    passes = dict(_passes(file, data.get("passes", {})))
    whole = Annotation(file.path, facts, text, units, sources, replies, propositions, claims, passes)
    broken = tuple(breaches(whole, ids, proposed=strict))
    for where, what in broken:
        file.fault(where, what)
    return whole, broken


def _units(file: TableFile, rows: Iterable[Unit], text: str) -> Iterator[Unit]:
    """The units with their offsets in `text`, in which they follow each other; one that is not there keeps -1."""
    at = 0
    for unit in rows:
        start = text.find(unit.text, at) if unit.text else -1
        if start < 0:
            file.fault(f"unit {unit.id}", not_next(unit.text, text, at))
            yield unit
        else:
            at = start + len(unit.text)
            yield replace(unit, start=start, end=at)


def _claims(
    file: TableFile, rows: Iterable[Claim], placed: Iterable[Unit], ids: tuple[str, ...], text: str
) -> Iterator[Claim]:
    """The claims with the offsets of their quotes, each of which stands once in its unit.

    `ids` holds the ids of all units in the file, also of those that are too faulty to be records.
    """
    known = {unit.id: unit for unit in placed}
    for claim in rows:
        unit, why = known.get(claim.unit), ""
        if claim.unit not in ids:
            why = f"there is no unit {claim.unit}{closest(claim.unit, ids)}"
        # A unit with a fault of its own has been named; its claims cannot be placed before that is mended.
        elif unit and unit.start >= 0 and not (why := misplaced(claim.quote, unit, known, text)):
            start = unit.start + unit.text.index(claim.quote)
            claim = replace(claim, start=start, end=start + len(claim.quote))
        if why:
            file.fault(f"claim {claim.id}", why)
        yield claim


def _passes(file: TableFile, rows: dict[str, Any]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for claim, row in rows.items():
        if isinstance(row, list) and all(isinstance(item, str) for item in row):
            yield claim, tuple(row)
        else:
            file.fault(f"passes {claim}", f"it must be {_TYPES['tuple[str, ...]'][1]}, but it is {_shown(row)}")


def _article_text(file: TableFile, facts: Facts) -> str:
    if Path(facts.text).name != facts.text or not facts.text.isprintable():
        file.fault("[article]", f"“text” must name a file beside this one, but it is {_shown(facts.text)}")
        file.stop()
    text = read_text(file.path.parent / facts.text)
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != facts.sha256.lower():
        file.fault(
            "[article]",
            f"{facts.text} is not the text that was annotated (its sha256 is {found}, and "
            f"{facts.sha256[:12]}… was expected). Put the old file back; or, if the change is wanted, "
            "write the new sha256 here and mend whatever else is named below",
        )
    return text


def _shown(value: object) -> str:
    """A value much as the file has it: in quotation marks if it is a text, true rather than True."""
    return json.dumps(value, ensure_ascii=False, default=str)
