"""Scoring by a person: saved at once, joined with the grades, and a page that only its owner reaches."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kit.commands import cmd_grades, main
from kit.errors import KitError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.reports import class_report, export_grades, grades_folder, person_scoring
from kit.teacher.reports.person_scoring import Desk, Server

NASTY = "</script><script>alert('x')</script> & <b>S17a</b>"


def wrote(article: Exercise, student: str, text: str) -> Graded:
    written = Mark("judgement", 4, None, "person", text=text, answer=text)
    return Graded(student, Path(f"{student}.ipynb"), article, (Mark("mix", 3, 3.0, "right", answer="mix"), written))


@pytest.fixture
def graded(article: Exercise) -> list[Graded]:
    return [wrote(article, "ana", NASTY), wrote(article, "bo", "Short."), wrote(article, "cy", "Other words.")]


@pytest.fixture
def keys(article: Exercise, exercise: Exercise) -> dict[str, Exercise]:
    return {article.name: article, exercise.name: exercise}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / gradebook.FILE


@pytest.fixture
def desk(graded: list[Graded], book: Path, keys: dict[str, Exercise], keep: Callable[..., None]) -> Desk:
    keep(graded, book.parent)
    return Desk(book, keys)


def of(desk: Desk, student: str, question: str = "judgement") -> str:
    """The id of a piece."""
    (found,) = (
        piece.id
        for piece in desk.pieces()
        if piece.one.student == student and (piece.mark.question if piece.mark else "") == question
    )
    return found


def give(desk: Desk, student: str, which: str = "judgement", **more: Any) -> dict[str, Any] | None:
    return desk.give({"id": of(desk, student, which), "since": desk.data()["since"], "comment": "", **more})


def earned(desk: Desk) -> dict[str, float | None]:
    return {p.one.student: p.mark.earned for p in desk.pieces() if p.mark and p.mark.question == "judgement"}


# Points


def test_points_are_in_the_gradebook_at_once_and_come_back(desk: Desk, book: Path, keys: dict[str, Exercise]) -> None:
    assert give(desk, "ana", level="emergent") and give(desk, "bo", points=2.5, comment=" Well seen. ")
    again = Desk(book, keys)
    assert earned(again) == {"ana": 2, "bo": 2.5, "cy": None}
    assert again.told() == "2 of 3 answers that a person must look at have points."
    assert give(again, "ana", points=None) and give(again, "bo", level="proficient")
    assert earned(desk) == {"ana": None, "bo": 4, "cy": None}


def test_any_question_can_be_given_points_and_the_points_of_the_machine_stay(desk: Desk) -> None:
    assert give(desk, "cy", "mix", points=1, comment="Luck.")
    (mix,) = (piece for piece in desk.of(desk._student("cy")) if piece["question"] == "mix")
    assert (mix["machine"], mix["given"]) == (3, {"points": 1, "level": "", "comment": "Luck."})
    assert not [piece for piece in desk.data()["pieces"] if piece["question"] == "mix"]


@pytest.mark.parametrize(
    "asked",
    [
        {"points": 4.01},
        {"points": -0.5},
        {"points": float("nan")},
        {"points": True},
        {"points": "3"},
        {"level": "best"},
        {"level": ["basic"]},
        {"points": 1, "comment": None},
        {"points": 1, "comment": "x" * 5001},
        {"points": 1, "since": None},
        {"points": 1, "id": "another"},
        {"points": 1, "id": ["another"]},
    ],
)
def test_what_cannot_be_given_is_refused(desk: Desk, asked: dict[str, Any]) -> None:
    assert give(desk, "ana", **asked) is None
    assert not any(earned(desk).values())


def test_who_comes_second_sees_what_the_first_one_gave(desk: Desk) -> None:
    since = desk.data()["since"]
    first = give(desk, "ana", level="emergent", since=since)
    second = give(desk, "ana", points=1, since=since)
    assert first and second and (first["clash"], second["clash"]) == (False, True)
    assert second["given"] == {of(desk, "ana"): {"points": 2, "level": "emergent", "comment": ""}}
    assert earned(desk)["ana"] == 2
    assert give(desk, "bo", points=1, since=since) and earned(desk)["bo"] == 1


@pytest.fixture
def broken(desk: Desk, book: Path, keys: dict[str, Exercise]) -> Desk:
    with gradebook.opened(book, keys) as base:
        base.refuse("dee.pdf", Graded("dee", Path("dee.pdf"), None, notes=("there is only dee.pdf",)))
    return desk


def test_a_file_that_cannot_be_graded_gets_points_for_all_or_for_a_question(broken: Desk, article: Exercise) -> None:
    assert give(broken, "dee", "", exercise="none", question="", points=1) is None
    assert give(broken, "dee", "", exercise=article.name, question="none", points=0) is None
    assert give(broken, "dee", "", exercise=article.name, question="", points=article.points + 1) is None
    assert give(broken, "dee", "", exercise=article.name, question="", points=12.34)
    theirs = [piece.mark for piece in broken.pieces() if piece.one.student == "dee" and piece.mark]
    assert len(theirs) == len(article.questions)
    assert round(sum(mark.earned or 0 for mark in theirs), 2) == 12.34
    assert all(0 <= (mark.earned or 0) <= mark.points for mark in theirs)
    assert give(broken, "dee", points=4) and earned(broken)["dee"] == 4


@pytest.mark.parametrize("points", [0, 0.01, 0.06, 7.77, 24.99, 25])
def test_points_for_all_are_shared_out_to_the_hundredth(points: float) -> None:
    most = [2.5, *[1.5] * 10, 7.5]
    shares = person_scoring._shared_out(points, most)
    assert round(sum(share or 0 for share in shares), 2) == points
    assert all(0 <= (share or 0) <= one for share, one in zip(shares, most, strict=True))


def test_points_join_pages_report_and_exports(desk: Desk, keys: dict[str, Exercise], book: Path) -> None:
    give(desk, "ana", level="emergent", comment="See <b>S17a</b>.")
    give(desk, "cy", "mix", points=1, comment="=1+1")
    found = grades_folder.write(book.parent, keys)
    grades = (book.parent / "grades.csv").read_text("utf-8")
    assert "ana,05_the_whole_article,judgement,4,2,scored,,See <b>S17a</b>." in grades
    assert "cy,05_the_whole_article,mix,3,1,scored,3,'=1+1" in grades
    totals = (book.parent / "totals.csv").read_text("utf-8").splitlines()
    assert totals[1].startswith("ana,05_the_whole_article,25,5,") and "judgement: a person scores this" in totals[2]
    page = (book.parent / "feedback" / "ana.html").read_text("utf-8")
    assert "gave 2 of 4 points: the level “emergent”" in page and "so far" not in page and "<script>alert" not in page
    assert "See &lt;b&gt;S17a" in page
    markdown = (book.parent / "feedback" / "ana.md").read_text("utf-8")
    assert "emergent (yours)" in markdown and r"\<b\>S17a" in markdown
    assert "gave 1 of 3 points." in (book.parent / "feedback" / "cy.html").read_text("utf-8")
    ((path, text),) = export_grades.export("nbgrader", found.graded, None).items()
    assert path == Path("nbgrader-grades.csv") and ",ana,,,,5,0,5,25" in text and ",bo," not in text
    exported = [
        text for path, text in export_grades.export("gradescope", found.graded, None).items() if "ana" in str(path)
    ]
    assert "a person gave the points: emergent" in exported[0] and "See <b>S17a</b>." in exported[0]
    assert "by_hand" in str(export_grades.export("junit", found.graded, None))
    report = class_report.page(found.graded, isolation="")
    assert "2 answers wait" in report and "5†" in report and "4*†" not in report


def test_a_page_is_written_anew_where_points_came_and_nowhere_else(
    desk: Desk, keys: dict[str, Exercise], book: Path
) -> None:
    pages = {name: book.parent / "feedback" / f"{name}.html" for name in ("ana", "bo")}
    for page in pages.values():
        page.write_text("as it was", "utf-8")
    give(desk, "ana", points=3)
    grades_folder.write(book.parent, keys)
    assert pages["bo"].read_text("utf-8") == "as it was" != pages["ana"].read_text("utf-8")
    grades_folder.write(book.parent, keys, every=True)
    assert "so far" in pages["bo"].read_text("utf-8")


# The server


@pytest.fixture
def server(desk: Desk) -> Iterator[Server]:
    with Server(desk) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def ask(server: Server, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        method = "GET" if body is None else "POST"
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return reply.status, reply.read().decode(), dict(reply.getheaders())
    finally:
        connection.close()


def usual(server: Server) -> dict[str, Any]:
    return {"id": server.desk.data()["pieces"][0]["id"], "level": "basic", "comment": "", "since": 0}


def send(server: Server, body: Any = None, **headers: str) -> int:
    own = {"Origin": f"http://127.0.0.1:{server.server_port}", "Content_Type": "application/json"}
    given = body if isinstance(body, bytes) else json.dumps(usual(server) | (body or {})).encode()
    path = headers.pop("path", f"/{server.token}/score")
    return ask(server, path, given, **{name: text for name, text in (own | headers).items() if text})[0]


def test_the_page_holds_every_text_and_no_name(server: Server) -> None:
    status, page, headers = ask(server, f"/{server.token}/")
    assert status == 200 and "<script>alert" not in page and "ana" not in re.findall(r"\w+", page)
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page)[1])
    assert {one["text"] for one in data["pieces"]} == {NASTY, "Short.", "Other words."}
    asked = data["exercises"]["05_the_whole_article"]["questions"]["judgement"]
    assert [level["name"] for level in asked["levels"]] == ["proficient", "emergent", "basic"]
    assert all(level["sample"] for level in asked["levels"])
    assert "What may a careful newsroom print" in asked["asked"]
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-") and "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "no-referrer"
    students = json.loads(ask(server, f"/{server.token}/students")[1])
    assert set(students["students"].values()) == {"ana", "bo", "cy"} and len(students["who"]) == 6
    (ana,) = (id for id, name in students["students"].items() if name == "ana")
    assert [one["question"] for one in json.loads(ask(server, f"/{server.token}/students/{ana}")[1])] == [
        "judgement",
        "mix",
    ]
    assert json.loads(ask(server, f"/{server.token}/waiting")[1])["pieces"] == data["pieces"]


def test_points_that_are_sent_are_kept(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert send(server) == 200 and sorted(map(str, earned(server.desk).values())) == ["1.0", "None", "None"]
    assert send(server) == 409
    assert send(server, {"level": "", "points": None, "since": 1}) == 200 and not any(earned(server.desk).values())


@pytest.mark.parametrize(
    "headers",
    [
        {"path": "/score"},
        {"path": "/wrong-token/score"},
        {"path": "/%C3%A9/score"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_nobody_else_can_score(server: Server, headers: dict[str, str]) -> None:
    assert send(server, **headers) in (400, 403)
    assert server.desk.data()["since"] == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"id": 0}', b"[" * 9000, b"x" * 20_000, b'{"id":9,"level":"basic","since":0}']
)
def test_what_is_no_score_is_refused(server: Server, body: bytes) -> None:
    assert send(server, body) == 400 and server.desk.data()["since"] == 0


@pytest.mark.parametrize(
    ("path", "host"), [("/", ""), ("/x/", ""), ("/x/students", ""), ("/TOKEN/", "evil.example:80")]
)
def test_nobody_else_can_read(server: Server, path: str, host: str) -> None:
    named = {"Host": host} if host else {}
    status, text, _ = ask(server, path.replace("TOKEN", server.token), **named)
    assert (status, text) == (403, "{}")
    assert ask(server, f"/{server.token}/other")[0] == 404


def test_a_port_that_is_taken_gets_one_sentence(server: Server) -> None:
    for port in (server.server_port, 70_000):
        with pytest.raises(KitError, match=f"The port {port} cannot be used"):
            Server(server.desk, port=port)


def test_a_gradebook_that_cannot_be_written_is_said(server: Server, book: Path) -> None:
    before = book.read_bytes()
    body = json.dumps(usual(server)).encode()
    book.write_bytes(b"damaged " * 1000)
    assert send(server, body) == 500 and ask(server, f"/{server.token}/")[0] == 500
    book.write_bytes(before)
    assert send(server, body) == 200


# The command


def test_the_command_ends_with_the_points_in_the_grades(
    desk: Desk, book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def a_person(server: Server) -> None:
        for student in ("ana", "bo", "cy"):
            assert give(server.desk, student, level="proficient")
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "serve_forever", a_person)
    assert main(["score", str(book.parent), "--no-browser"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"0 of 3 answers .* have points\. Go on here: http://127\.0\.0\.1:\d+/\S{32}/", told)
    assert "3 of 3 answers that a person must look at have points. Grades and feedback hold them." in told
    assert (book.parent / "grades.csv").read_text("utf-8").count("4,4,scored") == 3


def test_a_grader_at_work_writes_what_was_scored_meanwhile(
    desk: Desk,
    book: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keys: dict[str, Exercise],
) -> None:
    def a_person(server: Server) -> None:
        assert give(server.desk, "ana", level="proficient")
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "serve_forever", a_person)
    monkeypatch.setattr(cmd_grades, "_PATIENCE", 0)
    with gradebook.alone(book):
        assert main(["score", str(book.parent), "--no-browser"]) == 0
        assert "All are kept" in capsys.readouterr().out
        assert main(["report", str(book.parent)]) == 1
        assert "Another grader is at work" in capsys.readouterr().err
        assert "scored" not in (book.parent / "grades.csv").read_text("utf-8")
        grades_folder.write(book.parent, keys)
    assert "scored" in (book.parent / "grades.csv").read_text("utf-8")
    assert "gave 4 of 4" in (book.parent / "feedback" / "ana.html").read_text("utf-8")


def test_the_command_takes_an_older_kits_scores_over_and_says_so(
    desk: Desk, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = {"student": "bo", "exercise": "05_the_whole_article", "question": "judgement", "level": "basic"}
    (book.parent / "scores.json").write_text(json.dumps([place | {"answer": sha256(b"Short.").hexdigest()}]), "utf-8")
    assert main(["export-grades", "nbgrader", str(book.parent)]) == 0
    assert "1 score of scores.json is in the gradebook now." in capsys.readouterr().out
    assert main(["export-grades", "nbgrader", str(book.parent)]) == 0
    assert "score of" not in capsys.readouterr().out and earned(desk)["bo"] == 1
