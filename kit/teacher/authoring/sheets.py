"""The text of an annotation file as a person corrects it: what it says (`Sheet`), and its TOML tables, of which one is
changed and all others stay, byte for byte.

That is why the text is cut at the headers here, and only the inside of a table goes through tomlkit: of a whole file,
tomlkit brings the tables of one name together, where their writer had others between them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array, Item

from kit.article import annotation_file
from kit.article.anchors import closest
from kit.article.breaches import Fault
from kit.article.records import Annotation, Claim, Proposition, Reply, Source, Unit, next_claim_id
from kit.errors import KitError

_ORDER = {
    name: [spec.name for spec in fields(record)]
    for name, record in (("claim", Claim), ("reply", Reply), ("source", Source))
}
"""The keys of a table in the order in which the kit writes them."""
_HEAD = re.compile(r"^([ \t]*\[\[?[ \t]*([\w-]+)[ \t]*\]\]?[ \t]*(?:#.*)?(?:\r?\n|\Z))", re.MULTILINE)
_TAIL = re.compile(r"(?:^[ \t]*(?:#.*)?(?:\r?\n|\Z))*\Z", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """What a person corrects: the text of a file, the annotation in it, and where and how that breaks the codebook."""

    text: str
    whole: Annotation
    breaches: tuple[Fault, ...]

    @classmethod
    def parsed(cls, text: str, path: Path) -> Sheet:
        """The text of the file at `path` as a sheet. Raises AnnotationError as `annotation_file.parse` does."""
        return cls(text, *annotation_file.parse(text, path))

    def claim(self, key: str) -> Claim:
        """The claim with this id. Raises KitError where there is none."""
        return _one(self.whole.claims, key, "claim")

    def source(self, key: str) -> Source:
        """The source with this id. Raises KitError where there is none."""
        return _one(self.whole.sources, key, "source")

    def proposition(self, key: str) -> Proposition:
        """The proposition with this id. Raises KitError where there is none."""
        return _one(self.whole.propositions, key, "proposition")

    def unit(self, key: str) -> Unit:
        """The unit with this id. Raises KitError where there is none."""
        return _one(self.whole.units, key, "unit")

    def following(self, claim: Claim) -> Claim | None:
        """The next claim of the same unit, in the order of the text."""
        later = [c for c in self.whole.claims if c.unit == claim.unit and (c.start, c.end) > (claim.start, claim.end)]
        return min(later, key=lambda other: (other.start, other.end), default=None)

    def above(self, claim: Claim) -> Claim | None:
        """The last claim before it, in the order of the text, of its layer (of a new one: a content), with labels."""
        before = [one for one in self.whole.claims if (one.start, one.end) < (claim.start, claim.end) and one.status]
        like = [one for one in before if one.layer == (claim.layer or "content")]
        return max(like, key=lambda one: (one.start, one.end), default=None)

    def reply(self, source: str) -> Reply | None:
        """What is noted of a source's reply."""
        return next((reply for reply in self.whole.replies if reply.source == source), None)

    def free_claim_id(self, unit: str) -> str:
        """The id for one more claim of a unit."""
        return next_claim_id(unit, {claim.id for claim in self.whole.claims})


class Tables:
    """All tables of one file, in its order. `str()` gives the text back.

    Raises KitError for a file whose tables are not written under headers of their own.
    """

    def __init__(self, text: str) -> None:
        # What an editor may put before everything else is no part of any table, and line ends are put back by `str`.
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        self._line = "\r\n" if 0 < text.count("\n") == text.count("\r\n") else "\n"
        text = text.removeprefix("\ufeff").replace(self._line, "\n")
        first, *found = _HEAD.split(text)
        self._tables = []
        for name, head, rest in (("", "", first), *zip(found[1::3], found[::3], found[2::3], strict=True)):
            at = next(_TAIL.finditer(rest)).start()
            self._tables.append(_Table(name, head, rest[:at], rest[at:]))
        if not _same(self._tables, text):
            raise KitError(
                "This file is sound, but not laid out as the kit writes it, with each table under a header such as "
                "[[claim]], so it cannot be changed here. Change it in a text editor."
            )

    def __str__(self) -> str:
        return self._mark + "".join(table.text for table in self._tables).replace("\n", self._line)

    def find(self, name: str, key: str = "", *, by: str = "id") -> int:
        """The place of the table `name` whose `id` is `key` (without one, of the first of that name); -1: none."""
        tables = enumerate(self._tables)
        return next((at for at, one in tables if one.name == name and (not key or one.data.get(by) == key)), -1)

    def last(self, name: str) -> int:
        """The place of the last table called `name`; -1 where there is none."""
        return max((at for at, table in enumerate(self._tables) if table.name == name), default=-1)

    def data(self, at: int) -> dict[str, Any]:
        """The keys and values of the table at a place."""
        return self._tables[at].data

    def change(self, at: int, values: Mapping[str, Any]) -> None:
        """Set keys of the table at a place, and take out those whose value is None.

        A new key goes where the kit would write it. Nothing else in the table is touched.
        """
        table = self._tables[at]
        held, order = table.data, _ORDER.get(table.name, [])
        table.end_body()
        document = tomlkit.parse(table.body)
        for key, value in values.items():
            if value is None:
                document.pop(key, None)
            elif key not in document:
                before = order[: order.index(key)]
                at_key = max(
                    (n for n, (other, _) in enumerate(document.body, 1) if other and other.key in before), default=0
                )
                rows = (*document.body[:at_key], (key, as_toml(value)), *document.body[at_key:])
                document = tomlkit.document()
                for name, item in rows:
                    document.append(name, item)
            elif held[key] != value:
                _set(document, key, value)
        table.body = tomlkit.dumps(document)

    def put(self, name: str, key: str, /, **values: Any) -> None:
        """`change` the table `name` with this id."""
        self.change(self.find(name, key), values)

    def insert(self, at: int, name: str, values: Mapping[str, Any]) -> None:
        """Put a new table `[[name]]` at a place, apart from its neighbours by an empty line.

        Comments above the table that follows stay with it; so does the heading of a row of tables of that name.
        """
        body = "".join(f"{key} = {as_toml(value).as_string()}\n" for key, value in values.items())
        before, behind = self._tables[at - 1], self._tables[at : at + 1]
        tail = "\n" if behind else ""
        if before.name == name or not behind or behind[0].name != name:
            before.tail, tail = "", before.tail or tail
        ended = before.text[len(before.text.rstrip("\r\n")) :].count("\n")
        before.tail += "\n" * (2 - ended)
        self._tables.insert(at, _Table(name, f"[[{name}]]\n", body, tail))

    def remark(self, at: int, lines: Iterable[str]) -> None:
        """Write comments right above the table at a place."""
        self._tables[at - 1].tail += "".join(f"# {line}\n" for line in lines)

    def remove(self, at: int) -> None:
        """Take out the table at a place. Comments below its keys stay: they belong to what follows."""
        kept = re.sub(r"\A(?:[ \t]*\r?\n)+", "", self._tables.pop(at).tail)
        before = self._tables[at - 1]
        before.tail += kept
        if at == len(self._tables) and not kept:
            before.tail = re.sub(r"(?:\r?\n)+\Z", "", before.tail)

    def absorb(self, at: int, other: int) -> None:
        """Take out the table at `other`; comments in it go to the end of the table at `at`."""
        gone, table = self._tables[other], self._tables[at]
        said = [gone.head[gone.head.find("#") :].strip()] * ("#" in gone.head)
        said += [item.trivia.comment for _, item in tomlkit.parse(gone.body).body if item.trivia.comment]
        if said:
            table.end_body()
            table.body += "".join(f"{line}\n" for line in said)
        self.remove(other)


def as_toml(value: Any) -> Item:
    """A value as people would write it: a text with quotation marks in it between ' or ''', hardly with escapes."""
    if not isinstance(value, str):
        return tomlkit.item(list(value) if isinstance(value, tuple) else value)
    if "\n" in value and "\r" not in value:  # the other line ends would not come back as they are
        return tomlkit.string(value, multiline=True)
    marked = value.isprintable() and ('"' in value or "\\" in value)
    long = "'" in value
    literal = marked and not (long and ("'''" in value or value.strip("'") != value))
    return tomlkit.string(value, literal=literal, multiline=literal and long)


def check_listed(field: str, value: str | Iterable[str], permitted: tuple[str, ...]) -> None:
    """Raise KitError where `value`, or one of several, is not permitted in a field."""
    for one in (value,) if isinstance(value, str) else value:
        if one not in permitted:
            what = f"“{one}” cannot stand in “{field.replace('_', ' ')}”{closest(one, permitted)}"
            raise KitError(what if what.endswith("?") else f"{what}.")


def _one(rows: Iterable[Any], key: str, what: str) -> Any:
    for row in rows:
        if row.id == key:
            return row
    raise KitError(f"There is no {what} {key} in the file any more.")


@dataclass
class _Table:
    """The text of one table: its header line, its keys, and what stands between them and the next header.

    `name` is empty for what stands above the first header.
    """

    name: str
    head: str
    body: str
    tail: str

    @property
    def data(self) -> dict[str, Any]:
        return tomllib.loads(self.body)

    @property
    def text(self) -> str:
        return self.head + self.body + self.tail

    def end_body(self) -> None:
        """Give the last key a line end, where the file has none."""
        self.body += "\n" * (self.body[-1:] not in ("", "\n"))


def _same(tables: list[_Table], text: str) -> bool:
    """Whether the tables, read one by one, are what the whole text says: a header within a text is no header."""
    try:
        read: dict[str, Any] = tables[0].data
        if any(isinstance(value, dict | list) for value in read.values()):
            return False
        for table in tables[1:]:
            if table.head.lstrip().startswith("[["):
                read.setdefault(table.name, []).append(table.data)
            else:
                read[table.name] = table.data
    except (tomllib.TOMLDecodeError, AttributeError):
        return False
    return read == tomllib.loads(text)


def _set(document: tomlkit.TOMLDocument, key: str, value: Any) -> None:
    """Set a key that is there. A list over several lines keeps what its writer put between its items."""
    array = document[key]
    if not (isinstance(array, Array) and isinstance(value, list | tuple) and "\n" in array.as_string()):
        document[key] = as_toml(value)
        return
    for at, one in enumerate(value):
        while at < len(array) > len(value) and array[at] != one:
            del array[at]
        if at == len(array):
            array.append(one)
        elif array[at] != one:
            array[at] = one
    while len(array) > len(value):
        del array[-1]
