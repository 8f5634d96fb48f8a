"""What a class keeps, in one folder: who is in, what was handed in, and every vote. There is no server in it.

SQLite writes each statement whole or not at all: what a method returns is on the disk already, so that nothing that was
acknowledged is lost, however the process ends. A student's word is made from a secret of the class, and stands nowhere.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import shutil
import sqlite3
import unicodedata
from collections import Counter, defaultdict, namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tornado.web import HTTPError

from kit.errors import KitError
from kit.files import write_atomically
from kit.teacher.pages_and_tables import RESERVED

FILE = "class.sqlite"
_SIGNS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; no digits, so nothing to mistake for a letter
_TABLES = """
CREATE TABLE IF NOT EXISTS setting (name PRIMARY KEY, value);
CREATE TABLE IF NOT EXISTS student (id INTEGER PRIMARY KEY, name, key UNIQUE, out DEFAULT 0);
CREATE TABLE IF NOT EXISTS round (id INTEGER PRIMARY KEY, claim, number, state, UNIQUE (claim, number));
CREATE TABLE IF NOT EXISTS vote (round, student, label, PRIMARY KEY (round, student));
CREATE TABLE IF NOT EXISTS handed (id INTEGER PRIMARY KEY, student, page, at, size, file, code);
CREATE TABLE IF NOT EXISTS reached (student, page, question, PRIMARY KEY (student, page, question));
"""
_TAKEN = re.compile(rf"{RESERVED}|desktop\.ini|thumbs\.db", re.IGNORECASE)  # by systems
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Letters and marks that nobody sees: with one, two names look the same."""
MOST_STUDENTS, MOST_FILES, MOST_OF_A_STUDENT, LEAST_FREE = 100, 200, 100_000_000, 500_000_000
"""Students in a class; hand-ins of one student, and bytes of all of them; bytes that must stay free on the disk."""
Round = namedtuple("Round", "id claim number state votes")
"""A vote on a claim: its `number` among those on this claim, from 1; `state` is open, closed (the bars are hidden) or
shown; `votes` maps student to label."""
Receipt = namedtuple("Receipt", "student page at size file code")
"""What was handed in: `at` in UTC (ISO 8601), `size` in bytes, `file` below `handed_in`, and for the student a short
`code` of the bytes."""


class RefusedError(HTTPError):
    """Something is not done for who asks: `said` is for them, and `status_code` is HTTP's."""

    def __init__(self, said: str, status: int = 403) -> None:
        self.said = said
        super().__init__(status, said)


class ClassRecord:
    """The record of a class in `folder`, which is made where it is missing. What is `handed_in` lies in a folder for
    each student, as `kit grade` reads it, in files whose names begin with the time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.handed_in = folder, folder / "handed_in"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(folder / FILE, isolation_level=None)
            self._db.executescript(f"PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; {_TABLES}")
            code = "".join(secrets.choice(_SIGNS) for _ in range(6))
            for row in (("code", code), ("key", secrets.token_hex(16)), ("secret", secrets.token_hex(32))):
                self._db.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", row)
        except (sqlite3.Error, OSError) as error:
            raise KitError(f"{folder} cannot hold the record of a class ({error}). Give another folder.") from None

    def close(self) -> None:
        """End the use of the record."""
        self._db.close()

    def setting(self, name: str, otherwise: str = "") -> str:
        """What was set under `name`: “code” of the class, “key” of the teacher's page, what is projected, …"""
        return next((value for (value,) in self._rows("SELECT value FROM setting WHERE name = ?", name)), otherwise)

    def keep(self, table: str, *row: object) -> None:
        """Keep a row of one of the tables, in place of one of the same key."""
        self._db.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    # ---- Who is in ----

    def join(self, code: str, name: str, word: str = "") -> tuple[int, str]:
        """Let a student in: anew, or with the word of their first time. Their number, and the word that lets them in
        elsewhere ("" if they know it). Raises RefusedError."""
        code, word = ("".join(filter(str.isalnum, one.upper())) for one in (code, word))
        if not secrets.compare_digest(code.encode(), self.setting("code").encode()):
            raise RefusedError("This is not the code of the class. It stands on the board, six letters.")
        name = _proper(name)
        key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())  # as file systems compare
        for student, out in self._rows("SELECT id, out FROM student WHERE key = ?", key):
            if out:
                raise RefusedError("Your teacher has taken this name out of the class. Take your own.")
            if not word:
                said = f"Somebody is in as {name}. If that is you, type your word; if not, add to your name."
                raise RefusedError(said, 409)
            if not secrets.compare_digest(word.encode(), self.word(student).encode()):
                raise RefusedError("This is not the word that was shown when this name joined. Ask your teacher.")
            return student, ""
        if self.setting("joining") == "closed":
            raise RefusedError("Nobody else may join just now. Ask your teacher.")
        if len(self.people()) >= MOST_STUDENTS:
            raise RefusedError(f"The class is full: {MOST_STUDENTS} are in. Ask your teacher.")
        student = self._db.execute("INSERT INTO student (name, key) VALUES (?, ?)", (name, key)).lastrowid or 0
        return student, self.word(student)

    def word(self, student: int) -> str:
        """The word of a student, to be remembered: four syllables, one word of 31 million."""
        made = hmac.digest(self.setting("secret").encode(), str(student).encode(), "sha256")
        return "".join("BDFGKLMNPRSTVXZ"[one % 15] + "AEIOU"[one // 15 % 5] for one in made[:4])

    def people(self) -> dict[int, str]:
        """The names of those who are in, by their numbers, in the order of names."""
        return dict(self._rows("SELECT id, name FROM student WHERE out = 0 ORDER BY key"))

    def take_out(self, student: int) -> None:
        """Take a student out, with their votes; what they handed in stays on the disk. Nobody else gets the name."""
        for table in ("vote", "handed", "reached"):
            self._db.execute(f"DELETE FROM {table} WHERE student = ?", (student,))
        self._db.execute("UPDATE student SET out = 1 WHERE id = ?", (student,))

    # ---- The board ----

    def rounds(self) -> list[Round]:
        """Every vote on a claim, in order; the last one is the one that is on."""
        votes: dict[int, dict[int, str]] = defaultdict(dict)
        for round_, student, label in self._rows("SELECT round, student, label FROM vote"):
            votes[round_][student] = label
        found = self._rows("SELECT id, claim, number, state FROM round ORDER BY id")
        return [Round._make((*row, votes[row[0]])) for row in found]

    def open(self, claim: str) -> None:
        """Open the next vote on a claim; one that is still open is closed, its bars hidden."""
        self._db.execute("UPDATE round SET state = 'closed' WHERE state = 'open'")
        row = "SELECT ?1, count(*) + 1, 'open' FROM round WHERE claim = ?1"
        self._db.execute(f"INSERT INTO round (claim, number, state) {row}", (claim,))

    def turn(self, state: str) -> None:
        """Make the last vote “closed” (its bars are hidden) or “shown”."""
        self._db.execute("UPDATE round SET state = ? WHERE id = (SELECT max(id) FROM round)", (state,))

    def vote(self, student: int, round_: object, label: str) -> None:
        """Keep a vote, in place of an earlier one of this student in this round. Raises RefusedError if it is over."""
        if (round_,) not in self._rows("SELECT id FROM round WHERE state = 'open'"):
            raise RefusedError("This vote is closed. Look at the board.", 409)
        self.keep("vote", round_, student, label)

    # ---- Work ----

    def hand_in(self, student: int, page: str, data: bytes) -> Receipt:
        """Keep a notebook, whole, and give its receipt. Raises RefusedError."""
        before = self.receipts(student)
        if len(before) >= MOST_FILES or sum(one.size for one in before) + len(data) > MOST_OF_A_STUDENT:
            raise RefusedError("You have handed in more often than can be kept. Show this to your teacher.", 429)
        if shutil.disk_usage(self.folder).free < LEAST_FREE:
            raise RefusedError("The teacher's disk is full. Download this page, and tell your teacher.", 507)
        now = datetime.now(UTC).replace(microsecond=0)  # and after the last one, also where the clock was put back
        at = max([now, *(datetime.fromisoformat(one.at) + timedelta(seconds=1) for one in before[-1:])])
        file = f"{self.people()[student]}/{at:%Y-%m-%dT%H-%M-%SZ}_{page}.ipynb"
        write_atomically(self.handed_in / file, data)
        code = hashlib.sha256(data).hexdigest()[:6].upper()
        made = Receipt(student, page, at.isoformat(), len(data), file, f"{code[:3]}-{code[3:]}")
        self.keep("handed", None, *made)
        return made

    def receipts(self, student: int | None = None) -> list[Receipt]:
        """What was handed in, in order, by one student, or by all who are in."""
        whose = "WHERE ?1 IS NULL OR student = ?1 ORDER BY id"
        return [*map(Receipt._make, self._rows(f"SELECT {', '.join(Receipt._fields)} FROM handed {whose}", student))]

    def reached(self) -> Counter[tuple[str, str]]:
        """Page and question to how many students have run its check."""
        return Counter(self._rows("SELECT page, question FROM reached"))

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._db.execute(query, values).fetchall()


def _proper(name: str) -> str:
    """A name as it may be shown, and be the name of a folder on any system."""
    plain = unicodedata.normalize("NFC", " ".join(name.split())).strip(" .")
    fits = all(unicodedata.category(sign)[0] in "LMN" or sign in " .'’-" for sign in plain)
    taken = _TAKEN.fullmatch(unicodedata.normalize("NFKC", plain))  # so is COM¹
    if not fits or taken or not 0 < len(plain) <= 40 or not plain[0].isalpha() or _UNSEEN.search(plain):
        said = "A name has at most 40 letters, digits, blanks, hyphens and full stops, and is none that computers keep."
        raise RefusedError(said, 400)
    return plain
