"""Scoring by a person: saved at once, joined with the grades, and a page that only its owner reaches."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.commands import main
from kit.errors import KitError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import gradebook
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.reports import class_report, export_grades, person_scoring
from kit.teacher.reports.person_scoring import FILE, Desk, Server

NASTY = "</script><script>alert('x')</script> & <b>S17a</b>"


def wrote(article: Exercise, student: str, text: str) -> Graded:
    marks = (Mark("mix", 3, 3.0, "right"), Mark("judgement", 4, None, "person", text=text))
    return Graded(student, Path(f"{student}.ipynb"), article, marks)


@pytest.fixture
def graded(article: Exercise) -> list[Graded]:
    return [wrote(article, "ana", NASTY), wrote(article, "bo", "Short."), wrote(article, "cy", "Other words.")]


@pytest.fixture
def desk(graded: list[Graded], tmp_path: Path) -> Desk:
    return Desk(person_scoring.waiting(graded), tmp_path / FILE)


def place(desk: Desk, student: str) -> int:
    return [one.student for one in desk.answers].index(student)


# Scores


def test_a_score_is_in_the_file_at_once_and_comes_back(desk: Desk, graded: list[Graded], tmp_path: Path) -> None:
    assert desk.score(place(desk, "ana"), "emergent") and desk.score(place(desk, "bo"), "basic")
    again = Desk(person_scoring.waiting(graded), tmp_path / FILE)
    assert (again.level(place(again, "ana")), again.level(place(again, "cy")), again.scored) == ("emergent", None, 2)
    assert again.score(place(again, "ana"), None) and again.score(place(again, "bo"), "proficient")
    levels = person_scoring.read(tmp_path / FILE)
    assert {known.student: level for known, level in levels.items()} == {"bo": "proficient"}


@pytest.mark.parametrize(
    ("at", "level"), [(3, "basic"), (-1, "basic"), (True, "basic"), ("0", "basic"), (0, "best"), (0, 4)]
)
def test_what_is_no_level_of_no_answer_is_refused(desk: Desk, at: Any, level: Any, tmp_path: Path) -> None:
    assert not desk.score(at, level) and not (tmp_path / FILE).exists()


def test_scores_join_points_pages_report_and_exports(
    desk: Desk, graded: list[Graded], tmp_path: Path, keep: Callable[..., None]
) -> None:
    desk.score(place(desk, "ana"), "emergent")
    keep(graded, tmp_path)
    assert "ana,05_the_whole_article,judgement,4,2,scored" in (tmp_path / "grades.csv").read_text("utf-8")
    totals = (tmp_path / "totals.csv").read_text("utf-8").splitlines()
    assert totals[1] == "ana,05_the_whole_article,25,5," and totals[2].endswith(",3,judgement: person")
    page = (tmp_path / "feedback" / "ana.html").read_text("utf-8")
    assert "gave 2 of 4 points: the level “emergent”" in page and "so far" not in page and "<script>alert" not in page
    assert "emergent (yours)" in (tmp_path / "feedback" / "ana.md").read_text("utf-8")
    whole = person_scoring.scored(graded, person_scoring.read(tmp_path / FILE))
    ((path, text),) = export_grades.export("nbgrader", whole, None).items()
    assert path == Path("nbgrader-grades.csv") and ",ana,,,,5,0,5,25" in text and ",bo," not in text
    assert "2 written answers wait" in class_report.page(whole, isolation="")


def test_other_words_are_read_again(graded: list[Graded], article: Exercise) -> None:
    old = person_scoring.waiting(graded)[0]
    given = {old.place: "proficient", person_scoring.waiting(graded)[1].place: "no level"}
    again = person_scoring.scored([wrote(article, "ana", "New words."), *graded[1:]], given)
    assert [one.undecided for one in again] == [True, True, True]
    assert person_scoring.scored(graded, given)[0].earned == 7


def test_a_damaged_file_of_scores_is_not_written_over(graded: list[Graded], tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text('[{"student": "ana"', "utf-8")
    with pytest.raises(KitError, match="damaged"):
        Desk(person_scoring.waiting(graded), path)
    assert path.read_text("utf-8") == '[{"student": "ana"'


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


def send(server: Server, body: Any = None, **headers: str) -> int:
    own = {"Origin": f"http://127.0.0.1:{server.server_port}", "Content_Type": "application/json"}
    given = body if isinstance(body, bytes) else json.dumps(body or {"answer": 0, "level": "basic"}).encode()
    path = headers.pop("path", f"/{server.token}/score")
    return ask(server, path, given, **{name: text for name, text in (own | headers).items() if text})[0]


def test_the_page_holds_every_text_and_no_name(server: Server) -> None:
    status, page, headers = ask(server, f"/{server.token}/")
    assert status == 200 and "<script>alert" not in page and "ana" not in re.findall(r"\w+", page)
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page)[1])
    assert {one["text"] for one in data["answers"]} == {NASTY, "Short.", "Other words."}
    assert [level["name"] for level in data["questions"][0]["levels"]] == ["proficient", "emergent", "basic"]
    assert all(level["sample"] for level in data["questions"][0]["levels"])
    assert "What may a careful newsroom print" in data["questions"][0]["asked"]
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-") and "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "no-referrer"
    assert set(json.loads(ask(server, f"/{server.token}/names")[1])) == {"ana", "bo", "cy"}


def test_a_score_that_is_sent_is_in_the_file(server: Server, tmp_path: Path) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert send(server) == 200
    assert list(person_scoring.read(tmp_path / FILE).values()) == ["basic"]
    assert send(server, {"answer": 0, "level": None}) == 200 and not person_scoring.read(tmp_path / FILE)


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
def test_nobody_else_can_score(server: Server, headers: dict[str, str], tmp_path: Path) -> None:
    assert send(server, **headers) in (400, 403)
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"answer": 0}', b"[" * 9000, b"x" * 20_000, b'{"answer":9,"level":"basic"}']
)
def test_what_is_no_score_is_refused(server: Server, body: bytes, tmp_path: Path) -> None:
    assert send(server, body) == 400 and not (tmp_path / FILE).exists()


@pytest.mark.parametrize(("path", "host"), [("/", ""), ("/x/", ""), ("/x/names", ""), ("/TOKEN/", "evil.example:80")])
def test_nobody_else_can_read(server: Server, path: str, host: str) -> None:
    named = {"Host": host} if host else {}
    status, text, _ = ask(server, path.replace("TOKEN", server.token), **named)
    assert (status, text) == (403, "{}")
    assert ask(server, f"/{server.token}/other")[0] == 404


def test_a_port_that_is_taken_gets_one_sentence(server: Server) -> None:
    for port in (server.server_port, 70_000):
        with pytest.raises(KitError, match=f"The port {port} cannot be used"):
            Server(server.desk, port=port)


def test_a_full_disk_is_said(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(person_scoring, "write", full)
    assert send(server) == 500 and server.desk.scored == 0


# The command


def test_the_command_ends_with_the_points_in_the_grades(
    graded: list[Graded],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    keep: Callable[..., None],
) -> None:
    keep(graded, tmp_path)

    def a_person(server: Server) -> None:
        for at in range(3):
            server.desk.score(at, "proficient")
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "serve_forever", a_person)
    assert main(["score", str(tmp_path), "--no-browser"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"0 of 3 written answers are scored\. Go on here: http://127\.0\.0\.1:\d+/\S{32}/", told)
    assert "3 of 3 written answers are scored." in told
    assert (tmp_path / "grades.csv").read_text("utf-8").count("4,4,scored") == 3


def test_the_command_says_when_nothing_waits(
    article: Exercise, tmp_path: Path, capsys: pytest.CaptureFixture[str], keep: Callable[..., None]
) -> None:
    keep([Graded("ana", Path("x"), article, (Mark("mix", 3, 3.0, "right"),))], tmp_path)
    assert main(["score", str(tmp_path)]) == 0
    assert "No written answer waits" in capsys.readouterr().out
    assert (tmp_path / gradebook.FILE).is_file()
