"""The file of a gradebook, an SQLite one: opened, lifted, locked, and whatever is wrong with it in one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kit.errors import KitError, typed

__all__ = ["BusyError", "alone", "connected"]

FORMAT = 2
_TABLES = Path(__file__).with_name("gradebook.sql")
_FROM_1 = (
    "alter table attempt add column ids text not null default '[]'",
    "alter table attempt add column handed_in text not null default ''",
    "alter table attempt add column late integer not null default 0",
    "alter table standing rename to before",
)
_THEN_1 = (
    "insert or replace into standing select before.student, "
    "iif(exercise = '', '?' || char(10) || before.file, exercise), '', before.file, attempt "
    "from before join attempt on attempt.id = attempt order by attempt",
    "drop table before",
)
_PATIENCE = 30
"""Seconds. Longer than any transaction of another process takes."""
_AT_WORK = "Another grader is at work on {path}. Wait until it has ended, or choose another folder with -o."
_BUSY = "{path} is in use by another program, which does not let go. Close that, and start again. Nothing is lost."
_STRANGE = "{path} is not a gradebook of this kit. Move it elsewhere, or choose another folder with -o."
_DAMAGED = "{path} is damaged. Put a copy of it back, or move it away and grade again. It was left as it is."
_NEWER = "{path} was written by a newer version of the kit. Grade with that one, or choose another folder with -o."
_NO_ROOM = "{path} cannot be read or written ({why}). Make it writable, and room on the disk. Nothing is lost."


class BusyError(KitError):
    """Another process grades, or writes pages, and has not ended."""


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the gradebook at `path`, made if there is none, lifted if it is of an older format.

    What changes it is a transaction of its own, and waits for those of others. It is a plain file beside a journal
    (not a write-ahead log), so that it works on drives of a network, and can be read where nobody may write.
    Raises KitError where it cannot be used, where it is no gradebook, a damaged one, or one of a newer version.
    """
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as base:
            base.row_factory = sqlite3.Row
            _lift(base, path)
            base.isolation_level = "IMMEDIATE"
            yield base
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        said = {sqlite3.SQLITE_BUSY: _BUSY, sqlite3.SQLITE_NOTADB: _STRANGE, sqlite3.SQLITE_ERROR: _STRANGE}
        text = said.get(code, _DAMAGED if code == sqlite3.SQLITE_CORRUPT else _NO_ROOM)
        raise KitError(text.format(path=path, why=error)) from error


def _lift(base: sqlite3.Connection, path: Path) -> None:
    found = base.execute("pragma user_version").fetchone()[0]
    if found == FORMAT:
        return
    base.execute("begin immediate")  # and look again: another process may just have made it
    found = base.execute("pragma user_version").fetchone()[0]
    if found > FORMAT:
        raise KitError(_NEWER.format(path=path))
    if not found and base.execute("select count(*) from sqlite_master").fetchone()[0]:
        raise KitError(_STRANGE.format(path=path))
    if found < FORMAT:
        tables = _TABLES.read_text("utf-8").split(";")
        for statement in [*_FROM_1, *tables[2:], *_THEN_1] if found else tables:
            base.execute(statement)
        base.execute(f"pragma user_version = {FORMAT}")
    base.execute("commit")


@contextmanager
def alone(path: Path, *, seconds: float = 0) -> Iterator[None]:
    """Be the only one who grades or writes pages beside the gradebook at `path`; points may still be given.

    The lock is SQLite's, on an empty file: it is there on every system, and gone with the process that held it.
    Raises BusyError where another process has it, and does not give it back within so many seconds.
    """
    if not path.parent.is_dir():
        raise KitError(f"There is no {path}. Grade first: python -m kit grade SUBMISSIONS -o {typed(path.parent)}")
    lock = path.with_suffix(".lock")
    try:
        with closing(sqlite3.connect(lock, timeout=seconds, isolation_level=None)) as held:
            held.execute("begin exclusive")
            yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise BusyError(_AT_WORK.format(path=path.parent)) from error
        raise KitError(_NO_ROOM.format(path=path.parent, why=error)) from error
