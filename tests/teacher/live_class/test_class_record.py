"""What a class keeps: names, words, votes and hand-ins, and what `kit grade` makes of them."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple

import pytest

from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises import keys
from kit.teacher.grading import handed_in, submission
from kit.teacher.live_class import class_record
from kit.teacher.live_class.class_record import ClassRecord, RefusedError

from .conftest import EXERCISE


@pytest.fixture
def record(tmp_path: Path):
    made = ClassRecord(tmp_path / "class")
    yield made
    made.close()


class Joined(NamedTuple):
    student: int
    word: str


def join(record: ClassRecord, name: str, word: str = "") -> Joined:
    return Joined(*record.join(record.setting("code"), name, word))


def test_a_name_is_one_student_and_the_word_lets_them_in_elsewhere(record: ClassRecord) -> None:
    ana = join(record, "  Ana   Ünal ")
    assert record.people() == {ana.student: "Ana Ünal"}
    with pytest.raises(RefusedError, match="Somebody is in as"):
        join(record, "ANA ünal")
    with pytest.raises(RefusedError, match="not the word"):
        join(record, "Ana Ünal", "BABABA")
    again = join(record, "ana ünal", f" {ana.word.lower()} ")
    assert again.student == ana.student and not again.word
    assert join(record, "Bo").student != ana.student
    assert record.word(ana.student) == ana.word


def test_no_two_classes_and_no_two_students_have_a_word_in_common(record: ClassRecord, tmp_path: Path) -> None:
    other = ClassRecord(tmp_path / "other")
    words = [join(one, f"Ana{number}").word for one in (record, other) for number in "abc"]
    other.close()
    assert len(set(words)) == 6 and all(len(word) == 8 for word in words)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", "<b>x", "CON", "x" * 41, "a\u202eb", "a\0b", "1a"])
def test_a_name_that_could_harm_is_refused(record: ClassRecord, name: str) -> None:
    with pytest.raises(RefusedError):
        join(record, name)
    assert not record.people()


def test_no_word_stands_in_the_file(record: ClassRecord) -> None:
    ana = join(record, "Ana")
    kept = (record.folder / "class.sqlite").read_bytes()
    assert b"Ana" in kept and ana.word.encode() not in kept


def test_votes_count_in_their_own_round_and_only_while_it_is_open(record: ClassRecord) -> None:
    one = join(record, "Ana").student
    record.open("S13a")
    first = record.rounds()[-1]
    record.vote(one, first.id, "stance")
    record.vote(one, first.id, "alleged")
    record.open("S13a")
    with pytest.raises(RefusedError, match="closed"):
        record.vote(one, first.id, "denied")
    with pytest.raises(RefusedError, match="closed"):
        record.vote(one, 99, "denied")
    assert [(found.claim, found.votes) for found in record.rounds()] == [("S13a", {one: "alleged"}), ("S13a", {})]
    assert [(found.number, found.state) for found in record.rounds()] == [(1, "closed"), (2, "open")]


def test_who_is_taken_out_is_gone_from_everything_but_the_disk(record: ClassRecord, work: bytes) -> None:
    ana = join(record, "Ana")
    record.open("S13a")
    record.vote(ana.student, record.rounds()[-1].id, "stance")
    file = record.handed_in / record.hand_in(ana.student, EXERCISE, work).file
    record.take_out(ana.student)
    assert not record.people() and not record.rounds()[0].votes and not record.receipts()
    assert file.read_bytes() == work
    with pytest.raises(RefusedError, match="taken this name out"):
        join(record, "Ana", ana.word)


def test_the_grader_finds_student_exercise_and_time_and_the_last_one_counts(record: ClassRecord, work: bytes) -> None:
    bo, ana = join(record, "Bo").student, join(record, "Ana Ünal-Çelik").student
    record.hand_in(bo, EXERCISE, work)
    kept = [record.hand_in(ana, EXERCISE, work), record.hand_in(ana, EXERCISE, work + b"\n")]
    assert kept[0].at < kept[1].at and kept[0].code != kept[1].code
    exercise = keys.load(places.solutions() / f"{EXERCISE}.ipynb")
    found = handed_in.find(record.handed_in, [EXERCISE])
    assert [one.student for one in found] == ["Ana Ünal-Çelik", "Ana Ünal-Çelik", "Bo"]
    theirs = found[:2]
    assert [one.at for one in theirs] == [receipt.at for receipt in kept]
    last, notes = handed_in.that_counts([(one, str(at)) for at, one in enumerate(theirs)])
    assert last == theirs[1] and "earlier attempt" in notes[theirs[1]][0]
    read = submission.read(last.student, last.path, handed_in.load(last))
    assert submission.exercise_of(read, {EXERCISE: exercise}) is exercise


def test_one_student_cannot_fill_the_disk(record: ClassRecord, work: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = join(record, "Ana").student
    monkeypatch.setattr(class_record, "MOST_FILES", 2)
    record.hand_in(ana, EXERCISE, work)
    record.hand_in(ana, EXERCISE, work + b" ")
    with pytest.raises(RefusedError, match="more often"):
        record.hand_in(ana, EXERCISE, work + b"  ")
    monkeypatch.setattr(class_record, "LEAST_FREE", 10**18)
    with pytest.raises(RefusedError, match="disk is full"):
        record.hand_in(join(record, "Bo").student, EXERCISE, work)


def test_a_class_is_full_and_can_be_closed(record: ClassRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = join(record, "Ana")
    record.keep("setting", "joining", "closed")
    with pytest.raises(RefusedError, match="Nobody else"):
        join(record, "Bo")
    assert join(record, "Ana", ana.word).student == ana.student
    record.keep("setting", "joining", "open")
    monkeypatch.setattr(class_record, "MOST_STUDENTS", 1)
    with pytest.raises(RefusedError, match="full"):
        join(record, "Bo")


def test_it_goes_on_where_it_was(record: ClassRecord) -> None:
    ana = join(record, "Ana")
    record.open("S13a")
    record.close()
    again = ClassRecord(record.folder)
    assert again.people() == {ana.student: "Ana"} and again.word(ana.student) == ana.word
    assert again.rounds()[-1].state == "open" and again.setting("code")
    again.vote(ana.student, again.rounds()[-1].id, "stance")
    again.close()
    record.__init__(record.folder)


@pytest.mark.parametrize(
    "name", ["Ana\ufe0f", "Ana\u3164", "Ana\U000e0101", "A\u034fna", "COM¹", "con .x", "Desktop.ini"]
)
def test_a_name_that_looks_like_another_or_is_a_device_is_refused(record: ClassRecord, name: str) -> None:
    join(record, "Ana")
    with pytest.raises(RefusedError):
        join(record, name)


def test_names_that_a_file_system_takes_for_one_are_one(record: ClassRecord) -> None:
    join(record, "A\u0390")  # ΐ, which has no capital of one letter
    with pytest.raises(RefusedError, match="Somebody is in"):
        join(record, "A\u03aa\u0301")


def test_the_last_hand_in_counts_also_where_the_clock_goes_back(
    record: ClassRecord, work: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) - timedelta(hours=1)

    ana = join(record, "Ana").student
    first = record.hand_in(ana, EXERCISE, work)
    monkeypatch.setattr(class_record, "datetime", Earlier)
    second = record.hand_in(ana, EXERCISE, work + b"\n")
    assert second.at > first.at and second.file > first.file


def test_a_record_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    ClassRecord(tmp_path / "class").close()
    line = sqlite3.connect(tmp_path / "class" / "class.sqlite")
    line.execute("CREATE TRIGGER full BEFORE INSERT ON setting BEGIN SELECT raise(ABORT, 'disk full'); END")
    line.execute("DELETE FROM setting")
    line.commit()
    line.close()
    with pytest.raises(KitError, match="cannot hold the record"):
        ClassRecord(tmp_path / "class")
