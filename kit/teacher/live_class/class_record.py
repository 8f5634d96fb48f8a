"""What a class keeps, in one folder: who is in, what was handed in, and every vote. There is no server in it.

What a method returns is on the disk already, so that nothing that was acknowledged is lost, however the process ends.
Of sessions and of words only hashes are kept.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import sqlite3
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.files import from_json, write_atomically
from kit.teacher.pages_and_tables import RESERVED

__all__ = ["FILE", "HANDED_IN", "ClassRecord", "Joined", "Receipt", "RefusedError", "Round", "page_of"]

HANDED_IN = "handed_in"
"""The folder that `kit grade` reads: a folder for each student, and in it files whose names begin with the time."""
FILE = "class.sqlite"
_SIGNS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; no digits, so nothing to mistake for a letter
_TABLES = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS student (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE,
  word TEXT NOT NULL, wrong INTEGER NOT NULL DEFAULT 0, out INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS session (hash TEXT PRIMARY KEY, student INTEGER NOT NULL REFERENCES student);
CREATE TABLE IF NOT EXISTS round (id INTEGER PRIMARY KEY, claim TEXT NOT NULL, number INTEGER NOT NULL,
  state TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (claim, number));
CREATE TABLE IF NOT EXISTS vote (round INTEGER NOT NULL REFERENCES round, student INTEGER NOT NULL REFERENCES student,
  label TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (round, student));
CREATE TABLE IF NOT EXISTS handed (id INTEGER PRIMARY KEY, student INTEGER NOT NULL REFERENCES student,
  page TEXT NOT NULL, at TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, file TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reached (student INTEGER NOT NULL REFERENCES student, page TEXT NOT NULL,
  question TEXT NOT NULL, PRIMARY KEY (student, page, question));
"""
_TAKEN = re.compile(rf"{RESERVED}|desktop\.ini|thumbs\.db", re.IGNORECASE)  # by systems
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Letters and marks that nobody sees: with one, two names look the same."""
MOST_STUDENTS, MOST_SESSIONS, MOST_WRONG = 100, 5, 10
"""Students in a class; browsers of one student; wrong words for one name, until the teacher gives a new one."""
MOST_FILES, MOST_OF_A_STUDENT, LEAST_FREE = 200, 100_000_000, 500_000_000
"""Hand-ins of one student, and bytes of all of them; bytes that must stay free on the disk."""


class RefusedError(KitError):
    """Something that a student asked for is not done; `status` is HTTP's, and the text is for the student."""

    def __init__(self, said: str, status: int = 403) -> None:
        self.status = status
        super().__init__(said)


@dataclass(frozen=True)
class Joined:
    """A student as they came in: `token` is for their browser alone; `word` lets them in elsewhere ("" if known)."""

    student: int
    token: str
    word: str


@dataclass(frozen=True)
class Round:
    """A vote on a claim: `number` counts the votes on it from 1; `state` is open, closed (the bars are hidden) or
    shown."""

    id: int
    claim: str
    number: int
    state: str


@dataclass(frozen=True)
class Receipt:
    """A notebook that is kept: its page, when it came (UTC, ISO 8601), a short code of its bytes, and its file."""

    student: int
    page: str
    at: str
    code: str
    file: Path


class ClassRecord:
    """The record of a class in `folder`, which is made where it is missing. Each change is one transaction."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(folder / FILE, isolation_level=None)
            self._db.executescript(f"PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; {_TABLES}")
            code = "".join(secrets.choice(_SIGNS) for _ in range(6))
            for row in (("code", code), ("key", secrets.token_hex(16))):
                self._db.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", row)
        except (sqlite3.Error, OSError) as error:
            raise KitError(f"{folder} cannot hold the record of a class ({error}). Give another folder.") from None

    def close(self) -> None:
        """End the use of the record."""
        self._db.close()

    def setting(self, name: str, otherwise: str = "") -> str:
        """What was set under `name`: “code” of the class, “key” of the teacher's page, what is projected, …"""
        return next((value for (value,) in self._rows("SELECT value FROM setting WHERE name = ?", name)), otherwise)

    def set(self, name: str, value: str) -> None:
        """Keep a setting."""
        self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    # ---- Who is in ----

    def join(self, code: str, name: str, word: str = "") -> Joined:
        """Let a student in: anew, or with the word of their first time. Raises RefusedError."""
        if not secrets.compare_digest(_plain(code).encode(), self.setting("code").encode()):
            raise RefusedError("This is not the code of the class. It stands on the board, six letters.")
        name = _proper(name)
        key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())  # as file systems compare
        found = self._rows("SELECT id, word, wrong, out FROM student WHERE key = ?", key)
        made = "" if found else _word()
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            if found:
                student = found[0][0]
                self._know(name, word, *found[0])
            elif self.setting("joining") == "closed":
                raise RefusedError("Nobody else may join just now. Ask your teacher.")
            elif self._rows("SELECT count(*) FROM student WHERE out = 0")[0][0] >= MOST_STUDENTS:
                raise RefusedError(f"The class is full: {MOST_STUDENTS} are in. Ask your teacher.")
            else:
                row = (name, key, _hash(made))
                student = self._db.execute("INSERT INTO student (name, key, word) VALUES (?, ?, ?)", row).lastrowid or 0
            token = secrets.token_urlsafe(24)
            self._db.execute("INSERT INTO session VALUES (?, ?)", (_hash(token), student))
            self._db.execute(
                "DELETE FROM session WHERE student = ? AND rowid NOT IN "
                "(SELECT rowid FROM session WHERE student = ? ORDER BY rowid DESC LIMIT ?)",
                (student, student, MOST_SESSIONS),
            )
        return Joined(student, token, made)

    def _know(self, name: str, given: str, student: int, word: str, wrong: int, out: int) -> None:
        """Raises RefusedError where this is not the student who joined under the name."""
        if out:
            raise RefusedError("Your teacher has taken this name out of the class. Take your own.")
        if wrong >= MOST_WRONG:
            raise RefusedError("Too many wrong words for this name. Ask your teacher for a new one.", 429)
        if not given.strip():
            said = f"Somebody is in as {name}. If that is you, type your word; if not, add to your name."
            raise RefusedError(said, 409)
        right = secrets.compare_digest(_hash(_plain(given)), word)
        self._db.execute("UPDATE student SET wrong = ? WHERE id = ?", (0 if right else wrong + 1, student))
        if not right:
            self._db.commit()  # before the refusal, which undoes what it meets
            raise RefusedError("This is not the word that was shown when this name joined.")

    def student(self, token: str | None) -> int | None:
        """Who has this session; None for nobody."""
        found = self._rows("SELECT student FROM session WHERE hash = ?", _hash(token)) if token else ()
        return found[0][0] if found else None

    def leave(self, token: str) -> None:
        """End a session."""
        self._db.execute("DELETE FROM session WHERE hash = ?", (_hash(token),))

    def people(self) -> dict[int, str]:
        """The names of those who are in, by their numbers, in the order of names."""
        return dict(self._rows("SELECT id, name FROM student WHERE out = 0 ORDER BY key"))

    def renew(self, student: int) -> str:
        """Give a student a new word; the old one and all sessions end."""
        made = _word()
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("UPDATE student SET word = ?, wrong = 0 WHERE id = ?", (_hash(made), student))
            self._db.execute("DELETE FROM session WHERE student = ?", (student,))
        return made

    def take_out(self, student: int) -> None:
        """Take a student out, with their votes; what they handed in stays on the disk."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("UPDATE student SET out = 1 WHERE id = ?", (student,))
            self._db.execute("DELETE FROM session WHERE student = ?", (student,))

    # ---- The board ----

    def rounds(self) -> list[Round]:
        """Every round, in order; the last one is the one that is on."""
        return [Round(*row) for row in self._rows("SELECT id, claim, number, state FROM round ORDER BY id")]

    def open(self, claim: str) -> None:
        """Open the next vote on a claim; one that is still open is closed, its bars hidden."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("UPDATE round SET state = 'closed' WHERE state = 'open'")
            self._db.execute(
                "INSERT INTO round (claim, number, state, at) "
                "SELECT ?, count(*) + 1, 'open', ? FROM round WHERE claim = ?",
                (claim, _now().isoformat(), claim),
            )

    def turn(self, state: str) -> None:
        """Close the last vote, or show or hide its bars. A vote that is closed stays so."""
        if state in ("closed", "shown"):
            self._db.execute("UPDATE round SET state = ? WHERE id = (SELECT max(id) FROM round)", (state,))

    def vote(self, student: int, round_: object, label: str) -> None:
        """Keep a vote, in place of an earlier one of this student in this round. Raises RefusedError if it is over."""
        if round_ not in [one.id for one in self.rounds() if one.state == "open"]:
            raise RefusedError("This vote is closed. Look at the board.", 409)
        row = (round_, student, label, _now().isoformat())
        self._db.execute("INSERT OR REPLACE INTO vote VALUES (?, ?, ?, ?)", row)

    def label(self, round_: int, student: int) -> str:
        """What this student chose in this round; "" for nothing."""
        rows = self._rows("SELECT label FROM vote WHERE round = ? AND student = ?", round_, student)
        return "".join(label for (label,) in rows)

    def votes(self) -> list[tuple[int, str, int, int, str]]:
        """Every vote of those who are in: round, claim, number, student, label."""
        return self._rows(
            "SELECT round.id, claim, number, student, label FROM vote JOIN round ON round.id = round "
            "JOIN student ON student.id = student WHERE out = 0 ORDER BY round.id, student"
        )

    # ---- Work ----

    def hand_in(self, student: int, page: str, data: bytes) -> Receipt:
        """Keep a notebook, whole; the same bytes as last time give the receipt of then. Raises RefusedError."""
        sha256 = hashlib.sha256(data).hexdigest()
        before = self._rows("SELECT page, at, sha256, size, file FROM handed WHERE student = ? ORDER BY id", student)
        last = next((row for row in reversed(before) if row[0] == page), None)
        if last and last[2] == sha256:
            return Receipt(student, page, last[1], _code(sha256), self.folder / HANDED_IN / last[4])
        if len(before) >= MOST_FILES or sum(row[3] for row in before) + len(data) > MOST_OF_A_STUDENT:
            raise RefusedError("You have handed in more often than can be kept. Show this to your teacher.", 429)
        if shutil.disk_usage(self.folder).free < LEAST_FREE:
            raise RefusedError("The teacher's disk is full. Download this page, and tell your teacher.", 507)
        name = self._rows("SELECT name FROM student WHERE id = ?", student)[0][0]
        at = max([_now(), *(datetime.fromisoformat(row[1]) + timedelta(seconds=1) for row in before[-1:])])
        while (file := self._place(name, page, at)).exists():
            at += timedelta(seconds=1)
        write_atomically(file, data)
        row = (student, page, at.isoformat(), sha256, len(data), file.relative_to(self.folder / HANDED_IN).as_posix())
        self._db.execute("INSERT INTO handed (student, page, at, sha256, size, file) VALUES (?, ?, ?, ?, ?, ?)", row)
        return Receipt(student, page, at.isoformat(), _code(sha256), file)

    def _place(self, name: str, page: str, at: datetime) -> Path:
        return self.folder / HANDED_IN / name / f"{at:%Y-%m-%dT%H-%M-%SZ}_{page}.ipynb"

    def receipts(self, student: int | None = None) -> list[Receipt]:
        """What was handed in, in order: by one student, or by all who are in."""
        rows = self._rows(
            "SELECT student, page, at, sha256, file FROM handed JOIN student ON student.id = student "
            "WHERE out = 0 AND (?1 IS NULL OR student = ?1) ORDER BY handed.id",
            student,
        )
        return [
            Receipt(who, page, at, _code(sha256), self.folder / HANDED_IN / file)
            for who, page, at, sha256, file in rows
        ]

    def reach(self, student: int, page: str, question: str) -> bool:
        """Keep that a student has run the check of a question; whether that is new."""
        row = (student, page, question)
        return self._db.execute("INSERT OR IGNORE INTO reached VALUES (?, ?, ?)", row).rowcount > 0

    def reached(self) -> dict[tuple[str, str], int]:
        """Page and question to how many students have run its check."""
        rows = self._rows(
            "SELECT page, question, count(*) FROM reached JOIN student ON student.id = student "
            "WHERE out = 0 GROUP BY page, question"
        )
        return {(page, question): count for page, question, count in rows}

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._db.execute(query, values).fetchall()


def page_of(data: bytes, pages: Mapping[str, object]) -> str:
    """Which of `pages` the notebook in `data` is, by its metadata. Nothing else of it is read. Raises RefusedError."""
    try:
        notebook = from_json(data)
        about = notebook["metadata"]["kit"]
        name = about.get("exercise") or about.get("lesson")
        if isinstance(notebook["cells"], list) and isinstance(name, str) and name in pages:
            return name
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise RefusedError(
        "This is no page of the course, so it was not taken. Open the page from the class's own list.", 400
    )


def _proper(name: str) -> str:
    """A name as it may be shown, and be the name of a folder on any system."""
    plain = unicodedata.normalize("NFC", " ".join(name.split())).strip(" .")
    fits = all(unicodedata.category(sign)[0] in "LMN" or sign in " .'’-" for sign in plain)
    if not fits or not 0 < len(plain) <= 40 or not plain[0].isalpha() or _UNSEEN.search(plain):
        raise RefusedError("A name has letters, digits, blanks, hyphens and full stops, and at most 40 of them.", 400)
    if _TAKEN.fullmatch(unicodedata.normalize("NFKC", plain)):  # so is COM¹
        raise RefusedError("A computer keeps this name for itself. Add to it.", 400)
    return plain


def _plain(text: str) -> str:
    """A code or a word as it is compared: capitals and what stands between do not matter."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _word() -> str:
    """A word to remember, of three syllables: one of 421,875."""
    return "".join(secrets.choice("BDFGKLMNPRSTVXZ") + secrets.choice("AEIOU") for _ in range(3))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _code(sha256: str) -> str:
    return f"{sha256[:3]}-{sha256[3:6]}".upper()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
