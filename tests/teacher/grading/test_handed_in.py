"""What an LMS gives: whose each file is, when it was handed in, and which of several counts."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.errors import KitError, SubmissionError
from kit.teacher.grading import handed_in
from kit.teacher.grading.handed_in import HandedIn

EXERCISES = ["01_acts", "02_facts"]
MANIFEST = """
submission_1:
  :submitters:
  - :name: Ana Vale
    :sid: '100'
    :email: ana@example.org
  :created_at: 2026-11-30 10:15:00.123 -07:00
submission_2:
  :submitters:
  - :name: Ben
    :email: ben@example.org
  - :name: Cid
    :email: cid@example.org
"""
TEXT = "Name: Ana Vale (ana_v)\nAssignment: HW\nComments:\nName: Ben (ben)\n"
Said = tuple[str, str, dict[str, str], str, bool]


@pytest.fixture(params=["folder", "zip", "wrapped", "wrapped zip"])
def form(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def download(folder: Path, names: dict[str, str] | list[str], form: str = "folder") -> Path:
    files = names if isinstance(names, dict) else dict.fromkeys(names, "{}")
    files = {f"HW 1/{name}": text for name, text in files.items()} if form.startswith("wrapped") else files
    if form.endswith("zip"):
        with zipfile.ZipFile(folder / "class.zip", "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return folder / "class.zip"
    for name, text in files.items():
        (folder / "class" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "class" / name).write_text(text, "utf-8") if not name.endswith("/") else (
            folder / "class" / name
        ).mkdir()
    return folder / "class"


def said(found: list[HandedIn]) -> list[Said]:
    return [(one.student, one.path.name, dict(one.ids), one.at, one.late) for one in found]


CASES: dict[str, tuple[dict[str, str] | list[str], list[Said]]] = {
    "Canvas": (
        ["valeana_12345_678901_01_acts.ipynb", "oharapat_LATE_12347_678903_My homework.ipynb", "anon_aX9_12_x.ipynb"],
        [
            ("anon_aX9", "anon_aX9_12_x.ipynb", {}, "", False),
            ("oharapat_12347", "oharapat_LATE_12347_678903_My homework.ipynb", {"canvas": "12347"}, "", True),
            ("valeana_12345", "valeana_12345_678901_01_acts.ipynb", {"canvas": "12345"}, "", False),
        ],
    ),
    "Moodle": (
        ["Ana Vale_12_assignsubmission_file/x.ipynb", "Ana Vale_12_assignsubmission_onlinetext/onlinetext.html",
         "Ben O’N_14_assignsubmission_file_y.ipynb", "Cid_15_assignsubmission_onlinetext/onlinetext.html"],
        [
            ("Ana Vale", "x.ipynb", {"name": "Ana Vale"}, "", False),
            ("Ben O’N", "Ben O’N_14_assignsubmission_file_y.ipynb", {"name": "Ben O’N"}, "", False),
            ("Cid", "onlinetext.html", {"name": "Cid"}, "", False),
        ],
    ),
    "Blackboard": (
        {
            "HW_1_ana_v_attempt_2026-11-30-10-15-00_x.ipynb": "{}",
            "HW_1_ana_v_attempt_2026-11-30-10-15-00.txt": TEXT,
            "HW_1_ben_attempt_2026-11-30-22-15-00_cid_attempt_2027-01-01-00-00-00_x.ipynb": "{}",
        },
        [
            ("ana_v", "HW_1_ana_v_attempt_2026-11-30-10-15-00_x.ipynb", {"username": "ana_v", "name": "Ana Vale"},
             "2026-11-30T10:15:00+00:00", False),
            ("ben", "HW_1_ben_attempt_2026-11-30-22-15-00_cid_attempt_2027-01-01-00-00-00_x.ipynb",
             {"username": "ben"}, "2026-11-30T22:15:00+00:00", False),
        ],
    ),
    "Brightspace": (
        ["1-9 - Anne - Marie - Nov 30, 2026 9:47 PM/x.ipynb", "2-9 - Ben - Nov 3, 2026 147 PM - y.ipynb",
         "3-9 - Cid - 14 October 2026 1020 AM/z.ipynb", "4-9 - Dee - 3 mai 2026 1020/z.ipynb", "index.html"],
        [
            ("Anne - Marie", "x.ipynb", {"name": "Anne - Marie"}, "2026-11-30T21:47:00+00:00", False),
            ("Ben", "2-9 - Ben - Nov 3, 2026 147 PM - y.ipynb", {"name": "Ben"}, "2026-11-03T13:47:00+00:00", False),
            ("Cid", "z.ipynb", {"name": "Cid"}, "2026-10-14T10:20:00+00:00", False),
            ("Dee", "z.ipynb", {"name": "Dee"}, "", False),
        ],
    ),
    "Gradescope": (
        {"submission_metadata.yml": MANIFEST, "submission_1/x.ipynb": "{}", "submission_2/y.ipynb": "{}"},
        [
            ("Ana Vale", "x.ipynb", {"name": "Ana Vale", "email": "ana@example.org", "number": "100"},
             "2026-11-30T17:15:00+00:00", False),
            ("Ben", "y.ipynb", {"name": "Ben", "email": "ben@example.org"}, "", False),
            ("Cid", "y.ipynb", {"name": "Cid", "email": "cid@example.org"}, "", False),
        ],
    ),
    "ILIAS": (
        ["Abgaben/Vale_Ana_ana_v_123/x.ipynb", "Abgaben/Vale_Ben_bvale_124/Late Submission - x.ipynb", "status.xlsx"],
        [
            ("Vale_Ana_ana_v_123", "x.ipynb", {"username": "ana_v", "name": "Ana Vale"}, "", False),
            ("Vale_Ben_bvale_124", "Late Submission - x.ipynb", {"username": "bvale", "name": "Ben Vale"}, "", True),
        ],
    ),
    "GitHub Classroom": (
        ["hw-1-submissions/hw-1-ana/x.ipynb", "hw-1-submissions/hw-1-ben-b/.git/x.ipynb",
         "hw-1-submissions/hw-1-ben-b/x.ipynb"],
        [("ana", "x.ipynb", {"username": "ana"}, "", False), ("ben-b", "x.ipynb", {"username": "ben-b"}, "", False)],
    ),
    "Collect": (
        ["ana/2026-11-30T10-15-00Z_01_acts.ipynb", "Ben O’N/2026-11-30T10-16-00Z_01_acts.ipynb"],
        [
            ("Ben O’N", "2026-11-30T10-16-00Z_01_acts.ipynb", {}, "2026-11-30T10:16:00+00:00", False),
            ("ana", "2026-11-30T10-15-00Z_01_acts.ipynb", {}, "2026-11-30T10:15:00+00:00", False),
        ],
    ),
    "Microsoft Teams": (
        ["Submitted files/Ana Vale/HW 1/Version 1/x.ipynb", "Submitted files/Ana Vale/HW 1/Version 2/y.ipynb",
         "Working files/Ana Vale/HW 1/z.ipynb"],
        [("Ana Vale", name, {"name": "Ana Vale"}, "", False) for name in ("x.ipynb", "y.ipynb", "z.ipynb")],
    ),
    "a folder each": (
        ["ana/x.ipynb", "ana/deep/y.ipynb", "ben/01_acts.ipynb"],
        [("ana", "y.ipynb", {}, "", False), ("ana", "x.ipynb", {}, "", False), ("ben", "01_acts.ipynb", {}, "", False)],
    ),
    "flat files": (
        ["ana_01_acts.ipynb", "ben_02_facts.ipynb", "dee 01_acts (1).ipynb"],
        [("ana", "ana_01_acts.ipynb", {}, "", False), ("ben", "ben_02_facts.ipynb", {}, "", False),
         ("dee", "dee 01_acts (1).ipynb", {}, "", False)],
    ),
    "a folder for each week": (
        ["week1/ana/x.ipynb", "week1/ben.ipynb", "Woche 2/ana/01_acts.ipynb", "02_facts/dee_02_facts.ipynb"],
        [("ana", "01_acts.ipynb", {}, "", False), ("ana", "x.ipynb", {}, "", False),
         ("ben", "ben.ipynb", {}, "", False), ("dee", "dee_02_facts.ipynb", {}, "", False)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("lms", CASES)
def test_the_names_say_whose_each_file_is_and_when_it_came(lms: str, form: str, tmp_path: Path) -> None:
    names, expected = CASES[lms]
    found = handed_in.find(download(tmp_path, names, form), EXERCISES)
    assert said(found) == expected
    assert {handed_in.load(one) for one in found if one.path.suffix == ".ipynb"} == {b"{}"}


def test_a_repository_is_known_where_the_folder_of_the_assignment_is_given(tmp_path: Path) -> None:
    source = download(tmp_path, CASES["GitHub Classroom"][0]) / "hw-1-submissions"
    assert said(handed_in.find(source, EXERCISES)) == CASES["GitHub Classroom"][1]


def test_several_assignments_are_joined_by_the_student_and_namesakes_are_not(tmp_path: Path) -> None:
    one, two, four = (f"Ana Vale_{n}_assignsubmission_file/x.ipynb" for n in (1, 2, 4))
    source = download(tmp_path, [f"HW1-7/{one}", f"HW2-8/{two}", "HW2-8/Ben_3_assignsubmission_file/x.ipynb"])
    assert [found.student for found in handed_in.find(source, EXERCISES)] == ["Ana Vale", "Ana Vale", "Ben"]
    download(tmp_path, [f"HW2-8/{four}"])
    assert {found.student for found in handed_in.find(source, EXERCISES)} == {
        "Ana Vale (1)", "Ana Vale (2)", "Ana Vale (4)", "Ben",
    }  # fmt: skip


def test_user_names_that_look_alike_are_told_apart_where_nothing_says_them(tmp_path: Path) -> None:
    names = [f"HW_{who}_v_attempt_2026-11-30-10-15-00_x.ipynb" for who in ("ana", "bob")]
    assert len({one.student for one in handed_in.find(download(tmp_path, names), EXERCISES)}) == 2


def test_archives_of_several_assignments_may_lie_in_one_folder(tmp_path: Path) -> None:
    for n in (1, 2):
        path = download(tmp_path, [f"Ana_{n}_assignsubmission_file/0{n}.ipynb"], "zip")
        (tmp_path / "all").mkdir(exist_ok=True)
        path.rename(tmp_path / "all" / f"HW{n}.zip")
    found = handed_in.find(tmp_path / "all", EXERCISES)
    assert [(one.student, one.path.name) for one in found] == [("Ana", "01.ipynb"), ("Ana", "02.ipynb")]


@pytest.mark.parametrize(
    "theirs",
    [
        "eve/Ben_5_assignsubmission_file/x.ipynb",
        "eve/ben_12_34_x.ipynb",
        "eve/ben/2026-11-30T10-15-00Z_x.ipynb",
        "eve/submission_metadata.yml",
        "eve_6_7_HW_ben_attempt_2026-11-30-10-15-00_x.ipynb",
    ],
)
def test_nobody_can_hand_in_for_a_classmate(theirs: str, tmp_path: Path) -> None:
    source = download(tmp_path, {"ben/x.ipynb": "{}", "eve/submission_1/x.ipynb": "{}", theirs: MANIFEST})
    found = {one.file: one.student for one in handed_in.find(source, EXERCISES)}
    assert {file for file, student in found.items() if student.startswith("ben")} == {"ben/x.ipynb"}


def test_what_was_handed_in_instead_of_a_notebook_is_named(tmp_path: Path) -> None:
    source = download(tmp_path, ["ada/01.ipynb", "ada/notes.docx", "bob/essay.docx", "cleo/", "eve.zip", "roster.csv"])
    found = {one.student: one for one in handed_in.find(source, EXERCISES)}
    assert sorted(found) == ["ada", "bob", "cleo", "eve"]
    for student, words in (("bob", "only essay.docx"), ("cleo", "folder is empty"), ("eve", "zip is damaged")):
        with pytest.raises(SubmissionError, match=words):
            handed_in.load(found[student])


def test_one_folder_around_one_student_is_the_students(tmp_path: Path) -> None:
    for names in (
        ["ana/01_acts.ipynb", "ana/02_facts.ipynb"],
        ["ana/ana_01_acts.ipynb"],
        ["ana/work/01_acts.ipynb"],
        ["ana/week1/01_acts.ipynb", "ana/week2/02_facts.ipynb", "list.csv"],
    ):
        found = handed_in.find(download(tmp_path, names), EXERCISES)
        assert {one.student for one in found} == {"ana"}


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("Copy of ana_01_acts.ipynb", "ana"),
        ("Ana Vale - Kopie von 01_acts (2).ipynb", "Ana Vale"),
        ("ana copy 2.ipynb", "ana"),
        ("01_acts - Ana Vale.ipynb", "Ana Vale"),
        ("01_acts_2.ipynb", "01_acts_2"),
        ("Mu\u0308ller /x.ipynb", "Müller"),
    ],
)
def test_how_a_copy_is_called_is_no_part_of_a_name(name: str, student: str, tmp_path: Path) -> None:
    found = handed_in.find(download(tmp_path, [name, "ben/x.ipynb"]), EXERCISES)
    assert sorted(one.student for one in found) == sorted(["ben", student])


def test_where_there_is_nothing_to_grade_it_is_said(tmp_path: Path) -> None:
    for name, words in (
        ("class", "no notebooks"),
        ("x.txt", "is no zip"),
        ("nowhere", "There is no folder"),
        ("y.zip", "Download it again"),
    ):
        if "." in name:
            (tmp_path / name).write_text("")
        elif name == "class":
            (tmp_path / name).mkdir()
        with pytest.raises(SubmissionError, match=words):
            handed_in.find(tmp_path / name, EXERCISES)
    with pytest.raises(SubmissionError, match="not as Gradescope writes it"):
        handed_in.find(download(tmp_path, {"submission_metadata.yml": "[", "submission_1/x.ipynb": "{}"}), EXERCISES)


def test_a_teacher_can_add_a_pattern(tmp_path: Path) -> None:
    table = tmp_path / "names.toml"
    table.write_text(
        "[[pattern]]\nlms = 'Ours'\npath = '(?P<number>[0-9]+)-(?P<at>[0-9]+)-(?P<file>.+)'\n"
        "student = 'no {number}'\nids = { number = '{number}' }\ntimes = ['%Y%m%d']\n"
    )
    source = download(tmp_path, ["17-20261130-x.ipynb", "18-today-x.ipynb"])
    found = handed_in.find(source, EXERCISES, names=table)
    assert said(found)[1] == ("no 17", "17-20261130-x.ipynb", {"number": "17"}, "2026-11-30T00:00:00+00:00", False)


@pytest.mark.parametrize(
    "text",
    ["[[pattern", "pattern = 3", "[[pattern]]\npath = '('\nlms = ''\nstudent = ''", "[[pattern]]\npath = 'x'",
     "[[pattern]]\npath = 'x'\nlms = ''\nstudent = '{who}'", "[[pattern]]\npath = 'x'\nlms = ''\nstudent = ''\nx = 1"],
)  # fmt: skip
def test_patterns_that_do_not_hold_are_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text(text)
    with pytest.raises(KitError, match=r"names\.toml do not hold"):
        handed_in.find(download(tmp_path, ["x.ipynb"]), EXERCISES, names=tmp_path / "names.toml")


def test_the_latest_is_told_by_times_or_else_by_attempts_at_one_name() -> None:
    def one(at: str = "", name: str = "", attempt: int = 0) -> HandedIn:
        return HandedIn("ana", Path("x/y"), f"{at}{name}{attempt}", at=at, attempt=(name, attempt))

    def last(*files: HandedIn) -> HandedIn | None:
        found, notes = handed_in.that_counts([(file, file.file) for file in files])
        assert len(notes) == len(files) and all(notes.values())
        return found

    early, late, second = one("2026-11-29T"), one("2026-11-30T"), one(name="x", attempt=2)
    assert last(early, late) is last(late, early) is late
    assert last(one(name="x"), second, one(name="x", attempt=1)) is second
    assert last(one(name="x"), one(name="y", attempt=1)) is None
    assert last(late, one("2026-11-30T", "z")) is None and last(late, one()) is None
    assert handed_in.that_counts([(late, "a"), (early, "a")]) == (early, {early: ()})
