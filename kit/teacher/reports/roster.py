"""The roster: who the students are elsewhere. A CSV of your own, or one that Canvas, Moodle or nbgrader exported."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import KitError
from kit.teacher.pages_and_tables import is_formula

__all__ = ["Person", "Roster", "load"]

_HEADS: dict[str, tuple[str, ...]] = {
    "student": ("student", "folder", "student id", "name of folder"),
    "name": ("name", "full name", "student name"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "lastname", "surname", "family name"),
    "email": ("email", "email address", "e mail", "mail"),
    "username": ("username", "user name", "login", "login id", "sis login id"),
    "number": ("id number", "idnumber", "matriculation number", "sis user id", "sid"),
    "canvas": ("canvas id", "canvas user id", "id"),
    "section": ("section", "class", "group"),
}
"""What a column is for, and the heads by which it is known: in any case, with spaces, hyphens or underscores."""


@dataclass(frozen=True)
class Person:
    """One row of a roster; a column that is not there is "". `row` is the line of the file."""

    row: int
    student: str = ""
    name: str = ""
    first: str = ""
    last: str = ""
    email: str = ""
    username: str = ""
    number: str = ""
    canvas: str = ""
    section: str = ""

    @property
    def full_name(self) -> str:
        """The name as it is, or made of first and last name, or what the student's folder is called."""
        return self.name or f"{self.first} {self.last}".strip() or self.student

    @property
    def known_as(self) -> set[str]:
        """All that a folder or a file of this student may be called, made plain."""
        last, comma, first = self.name.partition(",")
        names = (self.full_name, f"{self.last} {self.first}", f"{first} {last}" if comma else "")
        ids = (self.student, self.email, self.username, self.number, self.canvas)
        return {_plain(text) for text in (*ids, *names)} - {""}


@dataclass(frozen=True)
class Roster:
    """The people of a course. `heads` are the heads of the file as they stand in it."""

    path: Path
    people: tuple[Person, ...]
    heads: tuple[str, ...]
    _by_name: dict[str, list[Person]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for person in self.people:
            for name in person.known_as:
                self._by_name.setdefault(name, []).append(person)

    def find(self, student: str) -> Person | None:
        """The person whose folder or file is called `student`; None where nobody is.

        Raises KitError where two rows fit.
        """
        # Moodle makes folders of the name and more: “Ana Vale_1234_assignsubmission_file_”.
        before = re.sub(r"_\d+_assignsubmission_.*$", "", student)
        found = self._by_name.get(_plain(student), []) or self._by_name.get(_plain(before), [])
        if len(found) > 1:
            rows = ", ".join(str(person.row) for person in found)
            raise KitError(
                f"{self.path.name}: “{student}” fits several rows ({rows}). Add a column “student” that holds the "
                "exact name of each student's folder."
            )
        return found[0] if found else None

    def people_of(self, students: Iterable[str]) -> dict[str, Person]:
        """Student to person. Raises KitError naming every student who is not in the roster, and what to do."""
        looked_up = {student: self.find(student) for student in students}
        found = {student: person for student, person in looked_up.items() if person}
        missing = [f"“{student}”" for student in looked_up if student not in found]
        if missing:
            raise KitError(
                f"{self.path.name} has no row for {', '.join(missing)}. Add a row for each, or a column “student” "
                "that holds the name of their folder; then export again. Nothing was written."
            )
        by_row: dict[int, str] = {}
        for student, person in found.items():
            other = by_row.setdefault(person.row, student)
            if other != student:
                raise KitError(
                    f"“{other}” and “{student}” both fit row {person.row} of {self.path.name}. Add a column “student” "
                    "that tells them apart; then export again. Nothing was written."
                )
        return found


def load(path: Path) -> Roster:
    """Read a roster: CSV with commas, semicolons or tabs, in UTF-8 or as Excel saves it, with or without a mark.

    Raises KitError with one sentence where the file is not there or empty, where no column names the students, where
    two columns say the same, and where two rows are the same person.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KitError(f"The roster {path} cannot be read ({error.strerror}).") from None
    if data.startswith(b"PK"):
        raise KitError(f"The roster {path} is a workbook. Open it, save it as CSV (comma separated), and give that.")
    text = _text(data)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise KitError(f"The roster {path} is no CSV file. Save it as CSV (comma separated) and give that.") from None
    if not table or not any(cell.strip() for row in table[1:] for cell in row):
        raise KitError(f"The roster {path} holds no students. It needs a row of heads, and a row for each student.")
    places = _places(path, table[0])
    people = tuple(
        Person(at, **{name: row[place].strip() for name, place in places.items() if place < len(row)})
        for at, row in enumerate(table[1:], 2)
        if any(cell.strip() for cell in row) and not (row[0].strip().startswith("Points Possible"))
    )
    _refuse_doubles(path, people)
    return Roster(path, people, tuple(head.strip() for head in table[0]))


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _places(path: Path, heads: list[str]) -> dict[str, int]:
    """What each column is for. In a gradebook of Canvas the column “Student” holds names."""
    plain = [_plain(head) for head in heads]
    found: dict[str, int] = {}
    for name, known in _HEADS.items():
        fits = [at for at, head in enumerate(plain) if head in known]
        if len(fits) > 1:
            both = " and ".join(f"“{heads[at]}”" for at in fits[:2])
            raise KitError(f"{path.name}: the columns {both} say the same. Keep one of them.")
        if fits:
            found[name] = fits[0]
    if plain[:2] == ["student", "id"] and "name" not in found:
        found["name"] = found.pop("student")
    if not set(found) & {"student", "name", "first", "last", "email", "username", "number", "canvas"}:
        there = ", ".join(f"“{head}”" for head in heads[:6])
        raise KitError(
            f"{path.name} has no column that names the students (student, name, email, username or id number). "
            f"Its first row is: {there}."
        )
    return found


def _refuse_doubles(path: Path, people: tuple[Person, ...]) -> None:
    for name in ("student", "email", "username", "number", "canvas"):
        seen: dict[str, Person] = {}
        for person in people:
            value = getattr(person, name)
            if value and is_formula(value):
                raise KitError(f"{path.name}, row {person.row}: “{value}” begins like a formula. Correct it.")
            if value and value in seen:
                raise KitError(
                    f"{path.name}: rows {seen[value].row} and {person.row} have the same {name}, “{value}”. Each "
                    "student needs one row."
                )
            seen[value] = person


def _plain(text: str) -> str:
    """Capitals, accents' way of writing, and what stands between words do not matter."""
    whole = unicodedata.normalize("NFC", text).casefold()
    return " ".join(re.sub(r"[\s_,-]+", " ", whole).split())
