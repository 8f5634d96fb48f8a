"""The gradebook: every attempt at grading a class, in one SQLite file that may be killed at any moment."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import sqlite3
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine

__all__ = ["FILE", "Class", "Gradebook", "key_hash", "opened", "standing"]

FILE = "gradebook.sqlite"
FORMAT = 2
_TABLES = Path(__file__).with_suffix(".sql")
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
_STANDING = "select attempt.* from standing join attempt on attempt.id = standing.attempt"
_BUSY = "Another grader is at work on {path}. Wait until it has ended, or choose another folder with -o."
_STRANGE = "{path} is not a gradebook of this kit. Move it elsewhere, or choose another folder with -o."
_OTHER = "{path} holds grades of {name} by another key. Give the --course that they are from, or grade again."
_NEWER = "{path} was written by a newer version of the kit. Grade with that one, or choose another folder with -o."


@dataclasses.dataclass(frozen=True)
class Class:
    """All submissions of a class after grading, and in which words the kernel that ran them was isolated."""

    graded: tuple[Graded, ...]
    isolation: str


def key_hash(exercise: Exercise) -> str:
    """A hash of all that decides the points of `exercise`: its notebook with outputs, and the labels withheld."""
    rests_on = [exercise.notebook, exercise.blank, exercise.seeds]
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()


class Gradebook:
    """An open gradebook; `opened` makes it. Each method is one transaction.

    `keys` are the exercises by name, `versions` and `isolation` say what graded: a grade of another key, or by other
    means, is not known.
    """

    def __init__(self, base: sqlite3.Connection, keys: Mapping[str, Exercise], versions: str, isolation: str) -> None:
        self._base, self._keys, self._versions, self._isolation = base, keys, versions, isolation
        self._hashes = {name: key_hash(exercise) for name, exercise in keys.items()}

    def known(self, student: str, file: str, submission: str) -> Graded | None:
        """The grade of a file whose hash is `submission`, unless the key or the versions have changed since.

        A grade in which a question failed by our fault is not known: it is tried again.
        """
        row = self._base.execute(
            "select * from attempt where student = ? and file = ? and submission = ? and versions = ? "
            "and isolation = ? order by id desc limit 1",
            (_kept(student), _kept(file), submission, self._versions, self._isolation),
        ).fetchone()
        if row is None or row["key"] != self._hashes.get(row["exercise"]):
            return None
        found = self._graded(row)
        return None if any(mark.outcome == "failed" for mark in found.marks) else found

    def keep(self, file: str, graded: Graded, submission: str) -> None:
        """Add an attempt, and let it stand for this file of the student from now on."""
        exercise = graded.exercise.name if graded.exercise else ""
        marks = json.dumps([dataclasses.asdict(mark) for mark in graded.marks])
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        whose = (_kept(graded.student), _kept(file))
        lms = (json.dumps(graded.ids), graded.at, graded.late)
        by = (submission, self._hashes.get(exercise, ""), self._versions, self._isolation)
        with self._base:
            added = self._base.execute(
                "insert into attempt (at, student, file, submission, key, versions, isolation, exercise, marks, notes, "
                "ids, handed_in, late) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (now, *whose, *by, exercise, marks, json.dumps(graded.notes), *lms),
            )
            part = exercise or f"?\n{whose[1]}"
            self._base.execute(
                "insert or replace into standing values (?, ?, '', ?, ?)", (whose[0], part, whose[1], added.lastrowid)
            )

    def refuse(self, file: str, graded: Graded) -> None:
        """Keep that a file could not be graded, if that is not what stands for it already."""
        row = self._base.execute(
            f"{_STANDING} where standing.student = ? and standing.file = ?",
            (_kept(graded.student), _kept(file)),
        ).fetchone()
        if row is None or row["exercise"] or tuple(json.loads(row["notes"])) != graded.notes:
            self.keep(file, graded, "")

    def keep_only(self, files: Collection[tuple[str, str]]) -> None:
        """Let nothing stand for files (student, file) that are no longer there. Their attempts stay."""
        gone = {tuple(row) for row in self._base.execute("select student, file from standing")} - {
            (_kept(student), _kept(file)) for student, file in files
        }
        with self._base:
            self._base.executemany("delete from standing where student = ? and file = ?", sorted(gone))

    def standing(self) -> Class:
        """What stands for each file, in the order of students and exercises."""
        rows = self._base.execute(_STANDING).fetchall()
        found = [(self._graded(row), row["isolation"]) for row in rows]
        found.sort(key=lambda of: (of[0].student, of[0].exercise.name if of[0].exercise else "", of[0].path.name))
        return Class(tuple(one for one, _ in found), "; ".join(dict.fromkeys(how for _, how in found)))

    def of_other_keys(self) -> set[str]:
        """The exercises for which a grade stands that was not made with one of the keys."""
        found = self._base.execute(f"select distinct exercise, key from ({_STANDING})")
        return {row["exercise"] for row in found if self._hashes.get(row["exercise"], "") != row["key"]}

    def attempts(self, student: str) -> list[dict[str, Any]]:
        """All attempts on files of `student`, the oldest first: the columns of the table, as they are."""
        rows = self._base.execute("select * from attempt where student = ? order by id", (_kept(student),))
        return [dict(row) for row in rows]

    def _graded(self, row: sqlite3.Row) -> Graded:
        marks = json.loads(row["marks"])
        for mark in marks:
            mark["lines"] = tuple(MarkedLine(**line | {"name": sys.intern(line["name"])}) for line in mark["lines"])
        return Graded(
            _given(row["student"]),
            Path(_given(row["file"])),
            self._keys.get(row["exercise"]),
            tuple(Mark(**mark) for mark in marks),
            tuple(json.loads(row["notes"])),
            tuple((kind, text) for kind, text in json.loads(row["ids"])),
            row["handed_in"],
            bool(row["late"]),
        )


@contextmanager
def opened(path: Path, keys: Mapping[str, Exercise], *, versions: str, isolation: str = "") -> Iterator[Gradebook]:
    """Open the gradebook at `path`, and make it if there is none. It is this process's alone until closed.

    Raises KitError where another grader has it, where it is no gradebook, or one of a newer version.
    """
    base = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        base.row_factory = sqlite3.Row
        # In this mode the lock of the first write is kept until the file is closed: so there is one grader at a time.
        base.execute("pragma locking_mode = exclusive")
        base.execute("begin exclusive")
        found = base.execute("pragma user_version").fetchone()[0]
        others = base.execute("select count(*) from sqlite_master").fetchone()[0]
        if found > FORMAT:
            raise KitError(_NEWER.format(path=path))
        if not found and others:
            raise KitError(_STRANGE.format(path=path))
        if found < FORMAT:
            tables = _TABLES.read_text("utf-8").split(";")
            for statement in [*_FROM_1, *tables[2:], *_THEN_1] if found else tables:
                base.execute(statement)
            base.execute(f"pragma user_version = {FORMAT}")
        base.execute("commit")
        base.isolation_level = "IMMEDIATE"
        yield Gradebook(base, keys, versions, isolation)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise KitError(f"{path} cannot be used: {error}.") from error
        raise KitError(_BUSY.format(path=path)) from error
    except sqlite3.DatabaseError as error:
        raise KitError(_STRANGE.format(path=path)) from error
    finally:
        base.close()


def standing(path: Path, keys: Mapping[str, Exercise]) -> Class:
    """The class in the gradebook at `path`; `keys` are the exercises by name.

    Raises KitError where there is none, and where it holds grades that were not made with one of `keys`.
    """
    if not path.is_file():
        raise KitError(f"There is no {path}. Grade first: python -m kit grade SUBMISSIONS -o {path.parent}")
    with opened(path, keys, versions="") as book:
        if names := book.of_other_keys():
            raise KitError(_OTHER.format(path=path, name=min(names)))
        return book.standing()


def _kept(name: str) -> str:
    """A name as it is kept: SQLite takes no halves of characters, which names of files may have."""
    return name if name.isprintable() else f"\x00{json.dumps(name)}"


def _given(name: str) -> str:
    return json.loads(name[1:]) if name.startswith("\x00") else name
