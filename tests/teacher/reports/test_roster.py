"""The roster: read however it was saved, refused in one sentence, and nobody is guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from synthetic_class import CANVAS, MOODLE

from kit.errors import KitError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.reports.roster import Person, Roster


def who(roster: Roster, student: str, **ids: str) -> Person | str:
    """Whom the roster finds for a student's submission, whose download held these ids."""
    return roster.find(Graded(student, Path(student) / "x.ipynb", None, ids=tuple(ids.items())))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_heads_separators_and_marks_do_not_matter(
    written: Callable[[str | bytes], Roster], mark: bytes, separator: str
) -> None:
    heads, row = ["E-Mail", "FIRST_NAME", "Last  Name", "Folder"], ["ana@x.org", "Ana", "Válé", "av7"]
    found = written(mark + f"{separator * 3}\r\n\r\n{separator.join(heads)}\r\n{separator.join(row)}\r\n".encode())
    for name in (
        "av7",
        "AV7",
        "ana válé",
        "Válé, Ana",
        "vale ana".replace("a", "á", 1).replace("e", "é", 1),
        "ana@x.org",
    ):
        assert who(found, name) == found.people[0], name
    assert who(found, "bo") == "no row" and found.people[0].full_name == "Ana Válé"


def test_a_roster_that_excel_saved_is_read(written: Callable[[str | bytes], Roster]) -> None:
    assert written("name;student\nJosé;j\n".encode("cp1252")).people[0].name == "José"
    for saved in ("utf-16", "utf-16-le", "utf-16-be"):
        assert written("name\tstudent\nJosé\tj\n".encode(saved)).people[0].name == "José"


def test_rosters_of_canvas_and_moodle_are_understood(written: Callable[[str | bytes], Roster]) -> None:
    ana, bo = written(CANVAS).people
    assert (ana.name, ana.canvas, ana.number, ana.username, ana.section) == ("Vale, Ana", "101", "S1", "ana@x.org", "A")
    assert bo.row == 4
    roster = written(MOODLE)
    assert who(roster, "?", name="Ana Vale") == roster.people[0]


TEST_ROWS = """Student,ID,SIS User ID,SIS Login ID,Section,Acts and contents (771)
,,,,,Manual Posting
    Points Possible,,,,,24
"Vale, Ana",101,S1,ana@x.org,A,
"Student, Test",109,,fa3c,A,
"""


def test_rows_of_canvas_that_are_no_people(written: Callable[[str | bytes], Roster]) -> None:
    assert [person.full_name for person in written(TEST_ROWS).people] == ["Vale, Ana"]
    two = (
        "LastName,FirstName,ID,SIS Login ID,Section\nPoints Possible,,,,\nVale,Ana,101,ana,A\nStudent,Test,109,fa3c,A\n"
    )
    assert [person.names for person in written(two).people] == [("Ana", "Vale")]
    own = written("name,number,email\nTest Student,7,t@x.org\nTest Student,,u@x.org\n")
    assert len(own.people) == 2, "somebody may be called so"


def test_advice_works_with_the_file_of_canvas(written: Callable[[str | bytes], Roster]) -> None:
    """A column “student” added on either side, though Canvas has a column “Student” itself."""
    lines = TEST_ROWS.splitlines()
    for points in (True, False):
        rows = [line for line in lines if points or "Points" not in line]
        last = [f"{row},{'student' if 'SIS' in row else 'a 7' if 'Ana' in row else ''}" for row in rows]
        first = [f"{'student' if 'SIS' in row else 'a 7' if 'Ana' in row else ''},{row}" for row in rows]
        for text in (last, first):
            roster = written("\n".join(text))
            (ana,) = roster.people
            assert (ana.student, ana.full_name, ana.canvas) == ("a 7", "Vale, Ana", "101")
            assert who(roster, "a 7") == ana


LANGUAGES = {
    "de": "Vorname;Nachname;E-Mail-Adresse;ID-Nummer;Anmeldename",
    "de, by hand": "Vorname;Name;E-Mail;Matrikelnummer;Benutzername",
    "fr": "Prénom;Nom;Adresse de courriel;Numéro d'identification;Nom d’utilisateur",
    "es": "Nombre;Apellido(s);Dirección de correo;Número de ID;Nombre de usuario",
    "es-mx": "Nombre;Apellido(s);Dirección Email;Número ID;Nombre de usuario",
    "pt": "Nome;Apelido;Endereço de e-mail;Número de identificação (ID);Nome de utilizador",
    "pt-br": "Nome;Sobrenome;Endereço de email;Número de identificação;Nome de usuário",
    "it": "Nome;Cognome;Indirizzo email;Codice identificativo;Username",
    "nl": "Voornaam;Achternaam;E-mailadres;ID-nummer;Gebruikersnaam",
    "pl": "Imię;Nazwisko;E-mail;Numer ID;Nazwa użytkownika",
    "sv": "Förnamn;Efternamn;E-postadress;ID-nummer;Användarnamn",
    "da": "Fornavn;Efternavn;E-mailadresse;ID-nummer;Brugernavn",
    "no": "Fornavn;Etternavn;E-postadresse;ID-nummer;Brukernavn",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("saved", ["utf-8-sig", "utf-16", "utf-8"])
def test_heads_of_other_languages(written: Callable[[str | bytes], Roster], language: str, saved: str) -> None:
    quoted = ";".join(f'"{head}"' for head in LANGUAGES[language].split(";"))
    text = f'sep=;\r\n{quoted}\r\n"Zoë, B.";Łuk;z@x.org;007;zluk\r\n'
    (zoe,) = written(text.encode(saved)).people
    assert (zoe.first, zoe.last, zoe.email, zoe.number, zoe.username) == ("Zoë, B.", "Łuk", "z@x.org", "007", "zluk")
    assert zoe.row == 3 and not zoe.name


def test_a_name_that_stands_alone_is_whole(written: Callable[[str | bytes], Roster]) -> None:
    for head in ("Name", "Nom", "Nombre", "Nome", "Naam", "Navn"):
        assert written(f"{head},E-mail\nAna Vale,a@x.org\n").people[0].full_name == "Ana Vale"


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
    assert who(found, "Ana_Vale") == "several rows (2 by name, 3 by name)"
    assert who(found, "Ana_Vale", email="B@x.org") == found.people[1], "the id tells namesakes apart"


def test_ids_come_first_and_a_contradiction_is_named(written: Callable[[str | bytes], Roster]) -> None:
    found = written(CANVAS)
    ana, bo = found.people
    assert who(found, "valeana") == ana, "as Canvas calls its files"
    assert who(found, "x", canvas="102") == bo and who(found, "ohmbo", canvas="102", name="Bo Ohm") == bo
    assert who(found, "valeana", canvas="102") == "several rows (4 by canvas 102, 3 by name)"
    assert who(found, "valeana", canvas="777") == "a row (3 by name) with the canvas 101, not 777,"
    assert (
        who(found, "x", canvas="101", username="bo@x.org") == "several rows (3 by canvas 101, 4 by username bo@x.org)"
    )
    assert who(found, "x", email="ana@x.org") == ana, "the roster has that address in another column"
    assert who(written('name,sis user id\n"Vale, Ana",S1\n'), "valeana_101", canvas="101") != "no row"
    twins = written("name,login\nAna Vale,a@x.org\nAna Vale,b@x.org\n")
    assert who(twins, "Ana Vale", name="Ana Vale", email="b@x.org") == twins.people[1]
    assert who(twins, "Ana Vale", email="c@x.org") == "several rows (2 by name, 3 by name)"
    told = written("student,name,canvas id\nvaleana,Ana Vale,101\nb,Bo Ohm,102\n")
    assert who(told, "valeana", canvas="102") == told.people[0], "what the teacher wrote counts"


def test_students_who_differ_only_in_capitals_are_told_apart(written: Callable[[str | bytes], Roster]) -> None:
    found = written("student,email\nana,a@x.org\nAna,b@x.org\n")
    assert (who(found, "ana"), who(found, "Ana")) == found.people
    assert who(found, "ANA") == "several rows (2 by name, 3 by name)"


def test_a_person_has_one_submission_of_an_exercise(
    written: Callable[[str | bytes], Roster], both: tuple[Exercise, Exercise]
) -> None:
    roster = written("student,email\nana,a@x.org\nbo,b@x.org\n")
    one, other = both
    three = [Graded(name, Path(name), one) for name in ("ana", "ANA", "bo")]
    pairs, others = roster.match(three)
    assert [person.student for _, person in pairs] == ["bo"] and others == {"the same row (2)": ["ana", "ANA"]}
    weeks = [Graded("ana", Path("ana"), one), Graded("ANA", Path("ANA"), other)]
    assert len(roster.match(weeks)[0]) == 2 and not roster.match(weeks)[1], "another week, another kind of download"


def test_nobody_becomes_a_classmate_by_the_name_of_a_file(written: Callable[[str | bytes], Roster]) -> None:
    found = written("student,name,email\nana,Ana,a@x.org\n,Bo,b@x.org\n")
    ana, bo = found.people
    for name in ("ana", "Ana", "a@x.org"):
        assert found.find(Graded("bo", Path(f"bo/{name}.ipynb"), None)) == bo
        assert found.find(Graded("zoe", Path(f"zoe/{name}.ipynb"), None)) == "no row"
    assert found.find(Graded("x", Path("ana.ipynb"), None)) == ana, "flat, as a teacher or an LMS named it"
