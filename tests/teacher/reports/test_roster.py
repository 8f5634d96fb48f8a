"""The roster: read however it was saved, refused in one sentence, and nobody is guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from synthetic_class import CANVAS, MOODLE

from kit.errors import KitError
from kit.teacher.reports.roster import Roster


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_heads_separators_and_marks_do_not_matter(
    written: Callable[[str | bytes], Roster], mark: bytes, separator: str
) -> None:
    heads, row = ["E-Mail", "FIRST_NAME", "Last  Name", "Folder"], ["ana@x.org", "Ana", "Válé", "av7"]
    found = written(mark + f"{separator.join(heads)}\r\n{separator.join(row)}\r\n".encode())
    for name in (
        "av7",
        "AV7",
        "ana válé",
        "Válé, Ana",
        "vale ana".replace("a", "á", 1).replace("e", "é", 1),
        "ana@x.org",
    ):
        assert found.find(name) == found.people[0], name
    assert found.find("bo") is None and found.people[0].full_name == "Ana Válé"


def test_a_roster_that_excel_saved_is_read(written: Callable[[str | bytes], Roster]) -> None:
    assert written("name;student\nJosé;j\n".encode("cp1252")).people[0].name == "José"
    assert written("name\tstudent\nJosé\tj\n".encode("utf-16")).people[0].name == "José"


def test_rosters_of_canvas_and_moodle_are_understood(written: Callable[[str | bytes], Roster]) -> None:
    ana, bo = written(CANVAS).people
    assert (ana.name, ana.canvas, ana.number, ana.username, ana.section) == ("Vale, Ana", "101", "S1", "ana@x.org", "A")
    assert bo.row == 4
    assert written(MOODLE).find("Ana Vale_1234_assignsubmission_file_").email == "Ana@x.org"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("student,email\nana,a@x.org\nana,b@x.org\n", "rows 2 and 3 have the same student, “ana”"),
        ("student,email\nana,a@x.org\nbo,a@x.org\n", "rows 2 and 3 have the same email"),
        ("student,Email,E-Mail\nana,a,b\n", "the columns “Email” and “E-Mail” say the same"),
        ("colour,shape\nred,round\n", "no column that names the students .* “colour”, “shape”"),
        ("student,email\n", "holds no students"),
        ("", "holds no students"),
        ("student,email\nana,=cmd()\n", "row 2: “=cmd\\(\\)” begins like a formula"),
        (b"PK\x03\x04 a workbook", "is a workbook. Open it, save it as CSV"),
    ],
)
def test_a_bad_roster_gets_one_sentence(
    written: Callable[[str | bytes], Roster], content: str | bytes, said: str
) -> None:
    with pytest.raises(KitError, match=said) as caught:
        written(content)
    assert "\n" not in str(caught.value)


def test_who_fits_two_rows_is_not_guessed(written: Callable[[str | bytes], Roster]) -> None:
    found = written("name,email\nAna Vale,a@x.org\nana  vale,b@x.org\n")
    with pytest.raises(KitError, match=r"“Ana_Vale” fits several rows \(2, 3\). Add a column “student”"):
        found.find("Ana_Vale")
    one = written("student\nana\n")
    with pytest.raises(KitError, match="“ana” and “Ana” both fit row 2"):
        one.people_of(["ana", "Ana"])
