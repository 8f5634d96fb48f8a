"""The gradebook: every attempt at grading a class, in one SQLite file that may be killed at any moment; and its lock.

Whatever is wrong with the file is said in one sentence.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from kit.errors import KitError, typed, visible
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.adjustments import Score, joined, late_rule, of_an_older_kit
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine

__all__ = ["FILE", "BusyError", "Class", "Gradebook", "alone", "key_hash", "opened", "standing"]

FILE = "gradebook.sqlite"
OLD_SCORES = "scores.json"
"""Where older kits kept the levels that a person gave."""
_STANDING = "select attempt.*, part, folder from standing join attempt on attempt.id = standing.attempt"
_OTHER = (
    "{path} holds grades of {name} by another key. Give the --course that they are from, grade them again, or put them "
    "aside with `kit grade --only`."
)
_FORMAT = 2
_TABLES = Path(__file__).with_name("gradebook.sql")
_PATIENCE = 30
"""Seconds. Longer than any transaction of another process takes."""
_NONE = "There is no {path}. Grade first: python -m kit grade SUBMISSIONS -o {folder}"
_AT_WORK = "Another grader is at work on {path}. Wait until it has ended, or choose another folder with -o."
_BUSY = "{path} is in use by another program, which does not let go. Close that, and start again. Nothing is lost."
_STRANGE = "{path} is not a gradebook of this kit. Move it elsewhere, or choose another folder with -o."
_DAMAGED = "{path} is damaged. Put a copy of it back, or move it away and grade again. It was left as it is."
_VERSION = "{path} was written by another version of the kit. Grade with that one, or choose another folder with -o."
_NO_ROOM = "{path} cannot be read or written ({why}). Make it writable, and room on the disk. Nothing is lost."


class BusyError(KitError):
    """Another process grades, or writes pages, and has not ended."""


@dataclasses.dataclass(frozen=True)
class Class:
    """All submissions of a class after grading, and in which words the kernel that ran them was isolated. `taken` is
    how many points were just taken over from an older kit's file of scores, `untimed` of how many submissions nobody
    knows whether they were late."""

    graded: tuple[Graded, ...]
    isolation: str
    taken: int = 0
    untimed: int = 0


def key_hash(exercise: Exercise) -> str:
    """A hash of all that decides the points of `exercise`: its notebook with outputs, and the labels withheld."""
    rests_on = [exercise.notebook, exercise.blank, exercise.seeds]
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()


class Gradebook:
    """An open gradebook; `opened` makes it. Each method is one short transaction: several processes may have it open.

    `keys` are the exercises by name, `versions` and `isolation` say what graded: a grade of another key, or by other
    means, is not known. What stands is known by student and exercise, not by file: the latest grading counts.
    """

    def __init__(self, base: sqlite3.Connection, keys: Mapping[str, Exercise], versions: str, isolation: str) -> None:
        self._base, self._keys, self._versions, self._isolation = base, keys, versions, isolation
        self.taken = 0
        self.begin(Path())

    @functools.cached_property
    def _hashes(self) -> dict[str, str]:
        return {name: key_hash(exercise) for name, exercise in self._keys.items()}

    # Grading

    def begin(self, folder: Path) -> None:
        """From now on, what is graded is from `folder`."""
        self._folder = _kept(str(folder.resolve()))
        self._seen: dict[tuple[str, str], str] = {}  # student and part to the file
        self._outdone: list[tuple[str, str, str, int]] = []
        self._told: list[str] = []

    def known(self, student: str, file: str, submission: str) -> Graded | None:
        """The grade of a file whose hash is `submission`, unless the key or the versions have changed since.

        A grade in which a question failed by our fault is not known: it is tried again.
        """
        row = self._attempt(student, file, submission)
        if row is None or row["key"] != self._hashes.get(row["exercise"]):
            return None
        found = self._graded(row)
        return None if any(mark.outcome == "failed" for mark in found.marks) else found

    def stand(self, file: str, graded: Graded) -> None:
        """Let a known grade stand for the student and the exercise from now on."""
        row = self._attempt(graded.student, file, graded.sha256)
        if row is None:
            return self.keep(file, graded)
        old = dataclasses.replace(self._graded(row), path=graded.path)
        if not (graded.ids or graded.at):
            graded = dataclasses.replace(graded, ids=old.ids, at=old.at, late=old.late)
        if graded != old:
            return self.keep(file, graded)  # the same work, and more is said of it
        with self._base:
            return self._let_stand(row["student"], row["exercise"], row["file"], row["id"])

    def keep(self, file: str, graded: Graded, submission: str = "") -> None:
        """Add an attempt, and let it stand from now on."""
        exercise = graded.exercise.name if graded.exercise else ""
        marks = json.dumps([dataclasses.asdict(mark) for mark in graded.marks])
        whose, sha256 = (_kept(graded.student), _kept(file)), submission or graded.sha256 or self._no_bytes(file)
        by = (sha256, self._hashes.get(exercise, ""), self._versions, self._isolation)
        lms = (json.dumps(graded.ids), graded.at, graded.late)
        with self._base:
            added = self._base.execute(
                "insert into attempt (at, student, file, submission, key, versions, isolation, exercise, marks, notes, "
                "ids, handed_in, late) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_now(), *whose, *by, exercise, marks, json.dumps(graded.notes), *lms),
            ).lastrowid
            assert added is not None
            self._let_stand(whose[0], exercise or f"?{self._folder}\n{whose[1]}", whose[1], added)

    def refuse(self, file: str, graded: Graded) -> None:
        """Keep that a file could not be graded, if that is not what stands for it already."""
        place = (_kept(graded.student), f"?{self._folder}\n{_kept(file)}")
        row = self._base.execute(f"{_STANDING} where standing.student = ? and part = ?", place).fetchone()
        is_new = (graded.notes, graded.sha256 or self._no_bytes(file))
        if row is None or (tuple(json.loads(row["notes"])), row["submission"]) != is_new:
            return self.keep(file, graded)
        self._seen[place] = _kept(file)
        return None

    def finish(self, *, only: bool = False) -> tuple[str, ...]:
        """End the grading of a folder, and return what is to be told of it, a sentence each.

        What is not in the folder stays, but with `only`. A file that could not be graded goes when another one has come
        for its exercise, or when it is gone and nobody can say for which exercise it was. Attempts always stay.
        """
        rows = self._base.execute(f"{_STANDING} order by attempt.id").fetchall()
        hand = {(_kept(one.student), one.answer) for one in self.given()[1] if one.points is not None}
        came = {(student, self._meant(part, file)) for (student, part), file in self._seen.items()}
        gone, stay = [], 0
        for row in (row for row in rows if (row["student"], row["part"]) not in self._seen):
            meant = self._meant(row["part"], row["file"])
            there = row["folder"] != self._folder if not meant else (row["student"], meant) not in came
            if only or (not row["exercise"] and not there and (row["student"], row["submission"]) not in hand):
                gone.append((row["student"], row["part"]))
                if not only and not meant:
                    self._tell(row, _given(row["file"]), "it could not be graded, and is gone from the folder")
            else:
                stay += 1
        with self._base:
            self._base.executemany("delete from standing where student = ? and part = ?", gone)
            self._base.executemany("insert into stale (student) values (?)", sorted({(who,) for who, _ in gone}))
            for outdone in self._outdone if only else ():
                self._let_stand(*outdone)
        if stay:
            which = "submission of an earlier folder stays; --only drops it"
            which = which if stay == 1 else "submissions of earlier folders stay; --only drops them"
            self._told.append(f"{stay} {which}.")
        return tuple(self._told)

    # What stands

    def standing(self) -> Class:
        """What stands, with the points that a person gave, in the order of students and exercises.

        Where a person made an exercise of a file that could not be graded, the later attempt at that exercise counts.
        """
        rows = self._base.execute(f"{_STANDING} order by attempt.id").fetchall()
        rule = late_rule(self.setting("late"), self.setting("due"))
        given = joined([self._graded(row) for row in rows], self.given()[1], self._keys)
        graded = [rule.applied(one) for one in given]
        counts = {
            (one.student, one.exercise.name if one.exercise else row["part"]): (one, row["isolation"])
            for one, row in zip(graded, rows, strict=True)
        }
        found = sorted(counts.items(), key=lambda item: (item[0][0], item[1][0].exercise is not None, item[0][1]))
        isolation = dict.fromkeys(how for _, (_, how) in found)
        theirs = tuple(one for _, (one, _) in found)
        return Class(theirs, "; ".join(isolation), self.taken, rule.untimed(theirs))

    def of_other_keys(self) -> set[str]:
        """The exercises for which a grade stands that was not made with one of the keys."""
        found = self._base.execute(f"select distinct exercise, key from ({_STANDING})")
        return {row["exercise"] for row in found if self._hashes.get(row["exercise"], "") != row["key"]}

    def stale(self) -> tuple[int, frozenset[str]]:
        """Of which students the pages are older than what stands; and a number with which to say that they are not."""
        rows = self._base.execute("select id, student from stale").fetchall()
        return max((row["id"] for row in rows), default=0), frozenset(_given(row["student"]) for row in rows)

    def written(self, number: int) -> None:
        """The pages of all that were stale at this number are written."""
        with self._base:
            self._base.execute("delete from stale where id <= ?", (number,))

    def setting(self, name: str) -> str:
        """What is set under a name, "" for nothing."""
        row = self._base.execute("select value from setting where name = ?", (name,)).fetchone()
        return row["value"] if row else ""

    def set(self, name: str, value: str) -> None:
        """Set something that belongs to this class, which may change what stands on each page."""
        with self._base:
            self._base.execute("insert into stale (student) select distinct student from standing")
            self._base.execute("insert or replace into setting values (?, ?)", (name, value))

    # By hand

    def give(self, points: Sequence[Score], *, since: int | None = None) -> bool:
        """Add what a person gave; False, and nothing added, where somebody gave to one of these answers after `since`.

        `since` is a number of `given`.
        """
        with self._base:
            for one in points:
                self._give(one)
            # Looked at within the transaction, in which nobody else can give.
            others = self.given(since)[1][: -len(points)] if since is not None else []
            if clash := bool({one[:4] for one in points} & {one[:4] for one in others}):
                self._base.rollback()
            return not clash

    def given(self, since: int = 0) -> tuple[int, list[Score]]:
        """All that was given after the number `since`, the oldest first; and the number to ask for what comes next."""
        rows = self._base.execute("select * from given where id > ? order by id", (since,)).fetchall()
        cells = ([row[name] for name in Score._fields] for row in rows)
        found = [Score._make(_given(cell) if isinstance(cell, str) else cell for cell in row) for row in cells]
        return rows[-1]["id"] if rows else since, found

    def take_over(self, file: Path) -> int:
        """Take the levels of an older kit out of its file of scores, once; how many these were. The file stays.

        Raises KitError where it is damaged.
        """
        if not file.exists() or self.setting(OLD_SCORES):
            return 0
        found = of_an_older_kit(file, self._keys)
        with self._base:
            if self._base.execute("insert or ignore into setting values (?, 'taken over')", (OLD_SCORES,)).rowcount:
                for one in found:
                    self._give(one)
                return len(found)
        return 0

    def _give(self, one: Score) -> None:
        row = (_now(), *(_kept(cell) if isinstance(cell, str) else cell for cell in one))
        self._base.execute("insert into stale (student) values (?)", row[1:2])
        self._base.execute(
            "insert into given (at, student, exercise, question, answer, points, level, comment) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )

    def _attempt(self, student: str, file: str, submission: str) -> sqlite3.Row | None:
        return self._base.execute(
            "select * from attempt where student = ? and file = ? and submission = ? and versions = ? "
            "and isolation = ? order by id desc limit 1",
            (_kept(student), _kept(file), submission, self._versions, self._isolation),
        ).fetchone()

    def _let_stand(self, student: str, part: str, file: str, attempt: int) -> None:
        """Within a transaction: what is handed in later counts, where both times are known; else the later grading."""
        place = (student, part)
        old = self._base.execute(f"{_STANDING} where standing.student = ? and part = ?", place).fetchone()
        new = self._base.execute("select * from attempt where id = ?", (attempt,)).fetchone()
        if old and place not in self._seen and old["handed_in"][:19] > new["handed_in"][:19] > "":
            self._outdone.append((student, part, file, attempt))
            self._tell(old, part, f"{_given(old['file'])} of {old['handed_in'][:10]} counts, not {_given(file)}")
            return
        self._seen[place] = file
        if old and (old["id"], old["folder"], old["file"]) == (attempt, self._folder, file):
            return
        self._base.execute(
            "insert or replace into standing values (?, ?, ?, ?, ?)", (*place, self._folder, file, attempt)
        )
        if old is None or old["id"] != attempt:
            self._base.execute("insert into stale (student) values (?)", (student,))
        if old and old["submission"] != new["submission"] and (old["folder"], old["file"]) != (self._folder, file):
            where = Path(_given(old["folder"])).name
            self._tell(old, part, f"{_given(file)} counts now, in place of {_given(old['file'])} in {where}")

    def _tell(self, row: sqlite3.Row, part: str, what: str) -> None:
        self._told.append(visible(f"{_given(row['student'])}, {part}: {what}.", otherwise="?"))

    def _meant(self, part: str, file: str) -> str:
        """The exercise that a part is, or that the name of a file which could not be graded says; or ""."""
        return next((name for name in self._keys if name in Path(file).stem), "") if part.startswith("?") else part

    def _no_bytes(self, file: str) -> str:
        return f"{self._folder}\n{_kept(file)}"

    def _graded(self, row: sqlite3.Row) -> Graded:
        try:
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
                row["submission"],
            )
        except (ValueError, TypeError, KeyError) as error:
            raise sqlite3.DatabaseError("an attempt is damaged") from error


@contextmanager
def opened(path: Path, keys: Mapping[str, Exercise], *, versions: str = "", isolation: str = "") -> Iterator[Gradebook]:
    """Open the gradebook at `path`, and make it if there is none; the scores of an older kit beside it are taken over.

    What changes it is a transaction of its own, and waits for those of others. It is a plain file beside a journal
    (not a write-ahead log), so that it works on drives of a network, and can be read where nobody may write.
    Raises KitError where it cannot be used, where it is no gradebook, a damaged one, or one of another version.
    """
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as base:
            base.row_factory = sqlite3.Row
            _make(base, path)
            base.isolation_level = "IMMEDIATE"
            book = Gradebook(base, keys, versions, isolation)
            book.taken = book.take_over(path.with_name(OLD_SCORES))
            yield book
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        said = {sqlite3.SQLITE_BUSY: _BUSY, sqlite3.SQLITE_NOTADB: _STRANGE, sqlite3.SQLITE_ERROR: _STRANGE}
        text = said.get(code, _DAMAGED if code == sqlite3.SQLITE_CORRUPT else _NO_ROOM)
        raise KitError(text.format(path=path, why=error)) from error


def _make(base: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none yet. Raises KitError where there are others."""
    if base.execute("pragma user_version").fetchone()[0] == _FORMAT:
        return
    base.execute("begin immediate")  # and look again: another process may just have made it
    found = base.execute("pragma user_version").fetchone()[0]
    if found not in (0, _FORMAT):
        raise KitError(_VERSION.format(path=path))
    if not found and base.execute("select count(*) from sqlite_master").fetchone()[0]:
        raise KitError(_STRANGE.format(path=path))
    for statement in _TABLES.read_text("utf-8").split(";") if not found else ():
        base.execute(statement)
    base.execute(f"pragma user_version = {_FORMAT}")
    base.execute("commit")


@contextmanager
def alone(path: Path, *, seconds: float = 0) -> Iterator[None]:
    """Be the only one who grades or writes pages beside the gradebook at `path`; points may still be given.

    The lock is SQLite's, on an empty file: it is there on every system, and gone with the process that held it.
    Raises BusyError where another process has it, and does not give it back within so many seconds.
    """
    if not path.parent.is_dir():
        raise KitError(_NONE.format(path=path, folder=typed(path.parent)))
    lock = path.with_suffix(".lock")
    try:
        with closing(sqlite3.connect(lock, timeout=seconds, isolation_level=None)) as held:
            held.execute("begin exclusive")
            yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise BusyError(_AT_WORK.format(path=path.parent)) from error
        raise KitError(_NO_ROOM.format(path=path.parent, why=error)) from error


def standing(path: Path, keys: Mapping[str, Exercise]) -> Class:
    """The class in the gradebook at `path`; `keys` are the exercises by name.

    Raises KitError where there is none, and where it holds grades that were not made with one of `keys`.
    """
    if not path.is_file() or not path.stat().st_size:
        raise KitError(_NONE.format(path=path, folder=typed(path.parent)))
    with opened(path, keys) as book:
        if names := book.of_other_keys():
            raise KitError(_OTHER.format(path=path, name=min(names)))
        return book.standing()


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _kept(name: str) -> str:
    """A name as it is kept: SQLite takes no halves of characters, which names of files may have."""
    return name if name.isprintable() else f"\x00{json.dumps(name)}"


def _given(name: str) -> str:
    return json.loads(name[1:]) if name.startswith("\x00") else name
