"""The roster: who the students are elsewhere. A CSV of your own, or one that an LMS exported in its language."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import KitError
from kit.teacher.exercises.file_texts import decoded
from kit.teacher.grading.grade import Graded
from kit.teacher.pages_and_tables import is_formula

_IDS = ("email", "username", "number", "canvas")
_TEST = ("student, test", "test student")
"""Whom Canvas shows in the gradebook of a teacher who looked at the course as a student; no SIS knows them."""


def _plain(text: str) -> str:
    """Capitals, accents' way of writing, and what stands between words do not matter."""
    whole = unicodedata.normalize("NFC", text).casefold()
    return " ".join(re.sub(r"[\s_,-]+", " ", whole).split())


def _bare(text: str, *, between: str = "") -> str:
    """Small letters and figures alone, without accents, with `between` between words."""
    whole = unicodedata.normalize("NFKD", text.casefold())
    return between.join(re.findall(r"[^\W_]+", "".join(c for c in whole if not unicodedata.combining(c))))


_HEADS = {
    column: {_bare(head, between=" ") for head in heads}
    for column, heads in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}


@dataclass(frozen=True)
class Person:
    """One row of a roster; a column that is not there is "". `row` is its number in the file, `cells` what is in it."""

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
    cells: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The name as it is, or made of first and last name, or what the student's folder is called."""
        return self.name or f"{self.first} {self.last}".strip() or self.student

    @property
    def names(self) -> tuple[str, str]:
        """First and last name; the whole name and "" where nothing tells them apart."""
        last, comma, first = self.name.partition(",")
        return (
            (self.first, self.last)
            if self.first or self.last
            else (first.strip() if comma else self.full_name, last * bool(comma))
        )

    @property
    def known_as(self) -> set[str]:
        """All that a folder or a file of this student may be called, made plain."""
        last, comma, first = self.name.partition(",")
        both = f"{first} {last}" if comma else ""
        texts = (self.student, self.full_name, f"{self.last} {self.first}", both, *(getattr(self, id) for id in _IDS))
        # Canvas makes names of files from “Vale, Ana”: valeana.
        plain = {_plain(text) for text in texts} | {_bare(self.name), _bare(self.last + self.first)}
        return plain - {""}


@dataclass(frozen=True)
class Roster:
    """The people of a course. `heads` are the heads of the file as they stand in it."""

    path: Path
    people: tuple[Person, ...]
    heads: tuple[str, ...]
    _by: dict[tuple[str, str], list[Person]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for person in self.people:
            keys = {("", name) for name in person.known_as} | {("student", person.student)}
            for kind, text in keys | {(id, _plain(getattr(person, id))) for id in _IDS}:
                if text:
                    self._by.setdefault((kind, text), []).append(person)

    def find(self, one: Graded) -> Person | str:
        """Who handed this in, or in words what the roster has for it instead.

        Who stands in the column “student” with this name is it. Otherwise the ids of the download count, then names;
        all that are found must be of one row, and a row that has another id of a kind is not it.
        """
        # The folder is the LMS's; what a student calls a file in it tells nothing.
        first = next(iter(one.path.parts), "")
        for own in (one.student, first, first.removesuffix(".ipynb")):
            if people := self._by.get(("student", own)):
                return people[0]
        names = [one.student.removesuffix(f"_{text}") if kind in _IDS else text for kind, text in one.ids]
        by_id = {who: f"{kind} {text}" for kind, text in one.ids for who in self._by.get((kind, _plain(text)), [])}
        by_name = self._called([one.student, *names])
        found = [who for who in by_name if who in by_id] or [*by_id, *by_name]
        if not by_id:  # an address may stand there as a login
            other = self._called([text for kind, text in one.ids if kind in _IDS])
            found = [who for who in found if who in other] or found or [*other]
        if not found:
            return "no row"
        rows = ", ".join(f"{who.row} by {by_id.get(who, 'name')}" for who in found)
        if len(found) > 1:
            return f"several rows ({rows})"
        for kind, text in one.ids:
            if (has := getattr(found[0], kind, "")) and kind in _IDS and _plain(has) != _plain(text):
                return f"a row ({rows}) with the {kind} {has}, not {text},"
        return found[0]

    def _called(self, texts: Iterable[str]) -> dict[Person, None]:
        return {who: None for text in texts for who in self._by.get(("", _plain(text)), [])}

    def match(self, graded: Iterable[Graded]) -> tuple[list[tuple[Graded, Person]], dict[str, list[str]]]:
        """The submissions with their persons; and what the roster has for the others, each with the students.

        Two submissions of one exercise cannot be of the same person.
        """
        found: dict[tuple[str, int], list[tuple[Graded, Person]]] = {}
        others: dict[str, list[str]] = {}
        for one in graded:
            who = self.find(one)
            if isinstance(who, Person):
                found.setdefault((one.graded_exercise.name, who.row), []).append((one, who))
            else:
                others.setdefault(who, []).append(one.student)
        for (_, row), pairs in found.items():
            if len(pairs) > 1:
                others.setdefault(f"the same row ({row})", []).extend(one.student for one, _ in pairs)
        return [pairs[0] for pairs in found.values() if len(pairs) == 1], others


def load(path: Path) -> Roster:
    """Read a roster: CSV with commas, semicolons, tabs or “|”, in UTF-8 or as Excel saves it, with or without a mark.

    Raises KitError with one sentence where the file is not there or empty, where no column names the students, where
    two columns say the same, and where two rows are the same person.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KitError(f"The roster {path} cannot be read ({error.strerror}).") from None
    if data.startswith(b"PK"):
        raise KitError(f"The roster {path} is a workbook. Open it, save it as CSV (comma separated), and give that.")
    try:
        first, table = _table(decoded(data))
    except csv.Error:
        raise KitError(f"The roster {path} is no CSV file. Save it as CSV (comma separated) and give that.") from None
    if not any(cell for row in table[1:] for cell in row):
        raise KitError(f"The roster {path} holds no students. It needs a row of heads, and a row for each student.")
    places = _places(path, table)
    people = []
    for at, row in enumerate(table[1:], first + 1):
        # Brightspace writes an id as #S1, so that a spreadsheet leaves it as it is.
        known = {name: row[place].removeprefix("#") for name, place in places.items() if place < len(row)}
        who = Person(at, **known, cells=tuple(row))
        test = who.full_name.casefold() in _TEST and who.canvas and not who.number
        # Canvas has a row of points, and one that names nobody where grades are posted by hand.
        if who.known_as and who.full_name != "Points Possible" and not test:
            people.append(who)
    _refuse_doubles(path, people)
    return Roster(path, tuple(people), tuple(table[0]))


def _table(text: str) -> tuple[int, list[list[str]]]:
    """The line on which the heads stand, and all rows from there. Excel may say before them what separates cells."""
    lines = [line for line in text.splitlines() if line.strip(" ,;\t|")] or [""]
    said = re.fullmatch(r'"?sep=(.)"?', lines[0].strip(" \r\n"), re.IGNORECASE)
    head = lines[1 if said and len(lines) > 1 else 0]
    separator = said[1] if said else max(",;\t|", key=lambda sign: len(next(csv.reader([head], delimiter=sign), [])))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    table = [[cell.strip() for cell in row] for row in rows]
    filled = [at for at, row in enumerate(table) if any(row)]
    first = filled[bool(said)] if len(filled) > 1 else 0
    return first + 1, table[first:]


def _places(path: Path, table: Sequence[Sequence[str]]) -> dict[str, int]:
    """What each column is for. In a gradebook of Canvas the column “Student” holds names."""
    heads = [_bare(head, between=" ") for head in table[0]]
    of = {name: [at for at, head in enumerate(heads) if head in known] for name, known in _HEADS.items()}
    points = [row.index("Points Possible") for row in table if "Points Possible" in row]
    canvas = points or [at for at in of["student"] if heads[at + 1 : at + 2] == ["id"]]
    if canvas and heads[canvas[0]] == "student" and not of["name"]:
        of["student"].remove(canvas[0])
        of["name"] = [canvas[0]]
    either = of.pop("either")
    if not of["name"]:
        missing = [name for name in ("first", "last") if not of[name]]
        of[missing[0] if len(missing) == 1 else "name"] += either
    for name, places in of.items():
        if len(places) > 1 and name != "section":
            both = " and ".join(f"“{table[0][at]}”" for at in places[:2])
            raise KitError(f"{path.name}: the columns {both} say the same. Keep one of them.")
    found = {name: places[0] for name, places in of.items() if places}
    if not set(found) - {"section"}:
        there = ", ".join(f"“{head}”" for head in table[0][:6])
        raise KitError(
            f"{path.name} has no column that names the students (student, name, email, username or id number). "
            f"Its first row is: {there}."
        )
    return found


def _refuse_doubles(path: Path, people: Iterable[Person]) -> None:
    for name in ("student", *_IDS):
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
