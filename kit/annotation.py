"""Reads and checks an annotation file. It is returned whole and sound, or every fault in it is named."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from kit import anchoring, rulings
from kit.anchors import closest
from kit.errors import AnnotationError
from kit.records import Annotation, Claim, Facts, Proposition, Reply, Source, Unit

__all__ = ["parse", "read", "read_text"]

FORMAT = 1
TABLES = {"unit": Unit, "source": Source, "reply": Reply, "proposition": Proposition, "claim": Claim}
_NEEDED = {"article": "[article] with the facts about it", "unit": "[[unit]] with its sentences", "claim": "[[claim]]"}
_TYPES = {
    "str": (str, "a text in quotation marks"),
    "int": (int, "a whole number"),
    "bool": (bool, "true or false"),
    "tuple[str, ...]": (list, "a list of texts in square brackets"),
    "datetime.date": (datetime.date, "a date such as 2024-10-19, without quotation marks"),
}


def read(path: Path) -> Annotation:
    """Read the annotation at `path` and the article beside it.

    Raises AnnotationError with every fault found, one sentence each, naming file, table and claim.
    """
    reader = _Reader(path, read_text(path))
    whole = reader.annotation()
    reader.stop()
    return whole


def parse(source: str, path: Path) -> tuple[Annotation, tuple[rulings.Fault, ...]]:
    """The annotation in `source`, the text of the file at `path`, and what in it breaks the codebook.

    Raises AnnotationError only for what keeps the records from being read and every claim from its place.
    """
    reader = _Reader(path, source)
    whole = reader.annotation()
    breaches = tuple(reader.breaches)
    if len(reader.faults) > len(breaches):
        reader.stop()
    return whole, breaches


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


class _Reader:
    """One reading of one file: collects faults, and gives nothing out while there are any."""

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.faults: list[str] = []
        self.breaches: list[rulings.Fault] = []
        self.lines: dict[str, int] = {}
        self.source = source.removeprefix("\ufeff")

    def annotation(self) -> Annotation:
        """The records with every claim in its place; they are sound only if no fault has been noted.

        Raises AnnotationError where there is too little to make records of.
        """
        data = self._parse()
        facts = self._record(Facts, data.get("article", {}), "[article]")
        rows = {name: list(self._rows(name, data.get(name, []))) for name in TABLES}
        self._strays("", data, {"format", "article", "passes", *TABLES})
        if facts is None:
            raise AnnotationError(tuple(self.faults))
        text = self._article_text(facts)
        ids = {name: tuple(str(row.get("id")) for row in data.get(name, [])) for name in TABLES}
        units, misplaced = anchoring.units(rows["unit"], text)
        claims, astray = anchoring.claims(rows["claim"], units, ids["unit"], text)
        for where, what in (*misplaced, *astray):
            self._fault(where, what)
        whole = Annotation(
            self.path,
            facts,
            text,
            units,
            tuple(rows["source"]),
            tuple(rows["reply"]),
            tuple(rows["proposition"]),
            claims,
            dict(self._passes(data.get("passes", {}))),
        )
        self.breaches = list(rulings.faults(whole, ids))
        for where, what in self.breaches:
            self._fault(where, what)
        return whole

    def _parse(self) -> dict[str, Any]:
        try:
            data = tomllib.loads(self.source.replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError as error:
            what = (
                f"this is not valid TOML: {error}. Look at that line and the one before it: a bracket or a "
                "quotation mark may be missing or too many, and a text with \" in it stands between ''' and '''"
            )
            raise AnnotationError((f"{self.path.name}: {what}.",)) from None
        if data.get("format") != FORMAT:
            found = f"it says {_shown(data['format'])}" if "format" in data else "there is none"
            self._fault("", f"above all tables there must be the line “format = {FORMAT}”, and {found}")
        for table, words in _NEEDED.items():
            if table not in data:
                self._fault("", f"there is no {words}")
        for table in ("article", "passes"):
            if not isinstance(data.get(table, {}), dict):
                self._fault("", f"“{table}” must be one table: write [{table}] above it, once")
        self.stop()
        return data

    def _passes(self, rows: dict[str, Any]) -> Iterable[tuple[str, tuple[str, ...]]]:
        for claim, row in rows.items():
            if isinstance(row, list) and all(isinstance(item, str) for item in row):
                yield claim, tuple(row)
            else:
                self._fault(f"passes {claim}", f"it must be {_TYPES['tuple[str, ...]'][1]}, but it is {_shown(row)}")

    def _rows(self, name: str, rows: Any) -> Iterable[Any]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._fault("", f"“{name}” must be a list of tables: write [[{name}]] above each")
            self.stop()
        seen: set[str] = set()
        heads = [m.start() for m in re.finditer(rf"^[ \t]*\[\[ *{name} *\]\]", self.source, re.MULTILINE)]
        for number, row in enumerate(rows, 1):
            key = row.get("source" if name == "reply" else "id")
            where = f"{name} {key}" if key and isinstance(key, str) else f"{name} number {number}"
            if len(heads) == len(rows):
                self.lines[where] = heads[number - 1]
            record = self._record(TABLES[name], row, where)
            if where in seen:
                self._fault(where, "this id is used twice; give one of them another")
            seen.add(where)
            if record is not None:
                yield record

    def _record(self, cls: type, row: Any, where: str) -> Any:
        known = {f.name: f for f in fields(cls) if not f.metadata.get("computed")}
        self._strays(where, row, set(known))
        values: dict[str, Any] = {}
        sound = True
        for name, spec in known.items():
            if name not in row:
                if spec.default is MISSING:
                    self._fault(where, f"“{name}” is missing")
                    sound = False
                continue
            wanted, words = _TYPES[str(spec.type)]
            value = row[name]
            # Not isinstance: to Python, true is a whole number and a time of day a date.
            if type(value) is not wanted or (wanted is list and not all(isinstance(i, str) for i in value)):
                self._fault(where, f"“{name}” must be {words}, but it is {_shown(value)}")
                sound = False
            values[name] = tuple(value) if isinstance(value, list) else value
        return cls(**values) if sound else None

    def _strays(self, where: str, row: dict[str, Any], known: set[str]) -> None:
        for name in sorted(set(row) - known):
            self._fault(where, f"“{name}” is not known here{closest(name, tuple(sorted(known)))}")

    def _article_text(self, facts: Facts) -> str:
        if Path(facts.text).name != facts.text or not facts.text.isprintable():
            self._fault("[article]", f"“text” must name a file beside this one, but it is {_shown(facts.text)}")
            self.stop()
        text = read_text(self.path.parent / facts.text)
        found = hashlib.sha256(text.encode()).hexdigest()
        if found != facts.sha256.lower():
            self._fault(
                "[article]",
                f"{facts.text} is not the text that was annotated (its sha256 is {found}, and "
                f"{facts.sha256[:12]}… was expected). Put the old file back; or, if the change is wanted, "
                "write the new sha256 here and mend whatever else is named below",
            )
        return text

    def _fault(self, where: str, what: str) -> None:
        line = self._line(where)
        stop = "" if what.endswith("?") else "."
        self.faults.append(": ".join(filter(None, (self.path.name + line, where, what))) + stop)

    def _line(self, where: str) -> str:
        """“, line 412”, found in the file's own text, since TOML parsers keep no lines."""
        table, _, key = where.partition(" ")
        at = self.lines.get(where, -1)
        if table in ("[article]", "passes"):
            head = re.escape(where) if not key else rf'["\']?{re.escape(key)}["\']?[ \t]*='
            *_, at = (-1, *(m.start() for m in re.finditer(rf"^[ \t]*{head}", self.source, re.MULTILINE)))
        return f", line {self.source.count(chr(10), 0, at) + 1}" if at >= 0 else ""

    def stop(self) -> None:
        """Raise AnnotationError with all that has been found, if anything has."""
        if self.faults:
            raise AnnotationError(tuple(self.faults))


def _shown(value: object) -> str:
    """A value much as the file has it: in quotation marks if it is a text, true rather than True."""
    return json.dumps(value, ensure_ascii=False, default=str)
