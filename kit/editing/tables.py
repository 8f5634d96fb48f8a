"""The tables of a TOML file, each with its own text: a change in one leaves all others as they are, byte for byte."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tomlkit
from tomlkit.items import Array, Item, Key

from kit.errors import KitError

__all__ = ["Table", "Tables"]

_HEAD = re.compile(r"^[ \t]*\[\[?[ \t]*([\w-]+)[ \t]*\]\]?[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)", re.MULTILINE)
_TAIL = re.compile(r"(?:^[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z))*\Z", re.MULTILINE)


@dataclass(frozen=True)
class Table:
    """The text of one table: its header line, its keys, and what stands between them and the next header.

    `name` is empty for what stands above the first header.
    """

    name: str
    head: str
    body: str
    tail: str

    @property
    def data(self) -> dict[str, Any]:
        """The keys and values."""
        return tomllib.loads(self.body.replace("\r\n", "\n"))


class Tables:
    """All tables of one file, in its order. `str()` gives the text back.

    Raises KitError for a file whose tables are not written under headers of their own.
    """

    def __init__(self, text: str) -> None:
        self._line = "\r\n" if "\r\n" in text else "\n"
        # What an editor may put before everything else is no part of any table.
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        self._tables = _cut(text.removeprefix("\ufeff"))

    def __str__(self) -> str:
        return self._mark + "".join(table.head + table.body + table.tail for table in self._tables)

    def find(self, name: str, key: str = "", *, by: str = "id") -> int:
        """The place of the table `name` whose `id` is `key` (without one, of the first of that name); -1: none."""
        for at, table in enumerate(self._tables):
            if table.name == name and (not key or table.data.get(by) == key):
                return at
        return -1

    def last(self, name: str) -> int:
        """The place of the last table called `name`; -1 where there is none."""
        return max((at for at, table in enumerate(self._tables) if table.name == name), default=-1)

    def data(self, at: int) -> dict[str, Any]:
        """The keys and values of the table at a place."""
        return self._tables[at].data

    def change(self, at: int, values: Mapping[str, Any], *, order: Sequence[str] = ()) -> None:
        """Set keys of the table at a place, and take out those whose value is None.

        A new key goes behind the last one that comes before it in `order`. Nothing else in it is touched.
        """
        table = self._tables[at]
        body = table.body if not table.body or table.body.endswith("\n") else table.body + self._line
        self._tables[at] = replace(table, body=self._ended(_changed(body, values, order)))

    def insert(self, at: int, name: str, values: Mapping[str, Any]) -> None:
        """Put a new table `[[name]]` at a place, apart from its neighbours by an empty line.

        Comments above the table that follows stay with it; so does the heading of a row of tables of that name.
        """
        body = "".join(f"{key} = {_item(value).as_string()}\n" for key, value in values.items())
        before, tail = self._tables[at - 1], self._line if at < len(self._tables) else ""
        if before.name == name or not tail:
            before, tail = replace(before, tail=""), before.tail or tail
        end = (before.head + before.body + before.tail)[-4:]
        gap = "" if end.endswith(("\n\n", "\n\r\n")) else self._line if end.endswith("\n") else self._line * 2
        self._tables[at - 1] = replace(before, tail=before.tail + gap)
        self._tables.insert(at, Table(name, f"[[{name}]]{self._line}", self._ended(body), tail))

    def remove(self, at: int) -> None:
        """Take out the table at a place. Comments below its keys stay: they belong to what follows."""
        kept = re.sub(r"\A(?:[ \t]*\r?\n)+", "", self._tables[at].tail)
        before = self._tables[at - 1]
        self._tables[at - 1 : at + 1] = [replace(before, tail=before.tail + kept)]
        if at == len(self._tables) and not kept:
            last = self._tables[-1]
            self._tables[-1] = replace(last, tail=re.sub(r"(?:\r?\n)+\Z", "", last.tail))

    def absorb(self, at: int, other: int) -> None:
        """Take out the table at `other`; comments in it go to the end of the table at `at`."""
        gone, table = self._tables[other], self._tables[at]
        said = [gone.head[gone.head.find("#") :].strip()] * ("#" in gone.head)
        said += [item.trivia.comment for _, item in tomlkit.parse(gone.body).body if item.trivia.comment]
        body = table.body if not said or table.body.endswith("\n") else table.body + self._line
        self._tables[at] = replace(table, body=body + "".join(f"{line}{self._line}" for line in said))
        self.remove(other)

    def _ended(self, body: str) -> str:
        """`body` with the line ends of the file."""
        return body if self._line == "\n" else re.sub(r"(?<!\r)\n", self._line, body)


def _cut(text: str) -> list[Table]:
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads), len(text)]
    parts = [("", "", text[: ends[0]])]
    parts += [(h[1], h[0], text[h.end() : end]) for h, end in zip(heads, ends[1:], strict=True)]
    tables = []
    for name, head, rest in parts:
        tail = _TAIL.search(rest)
        at = tail.start() if tail else len(rest)
        tables.append(Table(name, head, rest[:at], rest[at:]))
    if not _same(tables, text):
        raise KitError(
            "This file is sound, but not laid out as the kit writes it, with each table under a header such as "
            "[[claim]], so it cannot be changed here. Change it in a text editor."
        )
    return tables


def _same(tables: list[Table], text: str) -> bool:
    """Whether the tables, read one by one, are what the whole text says: a header within a text is no header."""
    whole = tomllib.loads(text.replace("\r\n", "\n"))
    read: dict[str, Any] = {}
    try:
        for table in tables:
            if not table.name and any(isinstance(value, dict | list) for value in table.data.values()):
                return False
            if not table.name:
                read |= table.data
            elif table.head.lstrip().startswith("[["):
                read.setdefault(table.name, []).append(table.data)
            else:
                read[table.name] = table.data
    except (tomllib.TOMLDecodeError, AttributeError):
        return False
    return read == whole


def _changed(body: str, values: Mapping[str, Any], order: Sequence[str]) -> str:
    document = tomlkit.parse(body)
    for key, value in values.items():
        if value is None:
            document.pop(key, None)
        elif key not in document:
            document = _with(document, key, value, order[: order.index(key)] if key in order else order)
        elif document[key].unwrap() != value:
            _set(document, key, value)
    return tomlkit.dumps(document)


def _set(document: tomlkit.TOMLDocument, key: str, value: Any) -> None:
    """Set a key that is there. A list over several lines keeps what its writer put between its items."""
    array = document[key]
    if not (isinstance(array, Array) and isinstance(value, list | tuple) and "\n" in array.as_string()):
        document[key] = _item(value)
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


def _with(document: tomlkit.TOMLDocument, key: str, value: Any, before: Sequence[str]) -> tomlkit.TOMLDocument:
    """The document with a new key behind the last of those named in `before`."""
    parts: list[tuple[Key | None, Item]] = list(document.body)
    at = max((n for n, (other, _) in enumerate(parts, 1) if other is not None and other.key in before), default=0)
    new = tomlkit.document()
    for other, item in parts[:at]:
        new.append(other, item)
    new.append(key, _item(value))
    for other, item in parts[at:]:
        new.append(other, item)
    return new


def _item(value: Any) -> Item:
    """A value as people would write it: a text with quotation marks in it between single ones, without escapes."""
    if not isinstance(value, str):
        return tomlkit.item(list(value) if isinstance(value, tuple) else value)
    if "\n" in value:
        return tomlkit.string(value, multiline=True)
    return tomlkit.string(value, literal='"' in value and "'" not in value and value.isprintable())
