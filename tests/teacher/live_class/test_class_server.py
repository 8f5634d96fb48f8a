"""A class over HTTP: joining, voting and handing in as they should be, and as somebody clever would have them."""

from __future__ import annotations

import http.client
import json
import socket
import time
from typing import Any

import pytest

from kit.teacher.live_class import class_server
from kit.teacher.live_class.class_record import RefusedError
from kit.teacher.live_class.class_server import LARGEST, Bucket

from .conftest import EXERCISE, Browser, Class


def heard(port: int, path: str, browser: Browser, *, until: Any = None, then: Any = None) -> Any:
    """What a page is told, or the status where that is not 200; with `then`, after that was done, the first that
    `until` takes, or the last before the page is told no more."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", path, headers={"Cookie": browser.cookie})
    answer = line.getresponse()
    told = answer.status
    while answer.status == 200 and (event := answer.readline()):
        told = json.loads(event.removeprefix(b"data: ")) if event.strip() else told
        if then:
            then()
        then = None
        if until is None or until(told):
            break
    answer.close()
    line.close()
    return told


def test_a_student_joins_votes_and_hands_in(live: Class, work: bytes) -> None:
    ana = Browser(live.port)
    assert ana.ask("/").headers["location"] == "/class/"
    assert ana.ask("/class/here").told == {"name": None}
    joined = ana.join(live.code.lower(), "Ana")
    assert joined.status == 200 and joined.told["name"] == "Ana" and len(joined.told["word"]) == 8
    assert "HttpOnly" in joined.headers["set-cookie"] and "SameSite=Strict" in joined.headers["set-cookie"]
    assert ana.ask("/").body == b"<h1>the site</h1>"
    teacher = live.teacher()
    assert teacher.ask("/do", {"do": "open", "which": "S13a"}).status == 200
    vote = ana.ask("/class/here").told["vote"]
    assert vote["card"]["id"] == "S13a" and vote["mine"] == ""
    assert ana.ask("/class/vote", {"round": vote["id"], "label": "alleged"}).told["vote"]["mine"] == "alleged"
    receipt = ana.ask("/class/hand-in", work).told
    assert receipt["page"] == "Facts and allegations" and len(receipt["code"]) == 7
    assert ana.ask("/class/here").told["handed"] == [receipt]
    (file,) = (live.folder / "handed_in" / "Ana").iterdir()
    assert file.read_bytes() == work
    desk = heard(int(live.own_port), "/live/desk", teacher)
    assert desk["folder"] == [str(live.folder / "handed_in"), f"python -m kit grade {live.folder / 'handed_in'}"]


def test_the_wall_has_no_bars_and_no_key_before_they_are_shown(live: Class, work: bytes) -> None:
    ana, teacher = live.browser("Ana"), live.teacher()
    teacher.ask("/do", {"do": "open", "which": "S13a"})
    ana.ask("/class/vote", {"round": 1, "label": "alleged"})
    ana.ask("/class/hand-in", work)
    port = int(live.own_port)
    wall = heard(
        port, "/live/wall", teacher, until=lambda told: any(q["read"] for p in told["progress"] for q in p["questions"])
    )
    assert wall["vote"]["votes"] == 1 and "rounds" not in wall["vote"] and wall["people"] == ["Ana"]
    (page,) = wall["progress"]
    assert page["handed"] == 1 and [q["right"] for q in page["questions"]][:2] == [1, 1]
    assert wall["qr"].startswith("data:image/svg+xml")
    for state in ("closed", "shown"):
        teacher.ask("/do", {"do": "turn", "which": state})
    wall = heard(port, "/live/wall", teacher)
    assert wall["vote"]["rounds"][0]["counts"]["alleged"] == 1
    desk = heard(port, "/live/desk", teacher)
    assert desk["handed"][0]["name"] == "Ana" and desk["claims"][-1]["id"] == "S13a"


def test_a_vote_reaches_the_other_pages(live: Class) -> None:
    ana, teacher = live.browser("Ana"), live.teacher()
    told = heard(
        live.port,
        "/class/live",
        ana,
        until=lambda told: told["vote"],
        then=lambda: teacher.ask("/do", {"do": "open", "which": "S13a"}),
    )
    assert told["vote"]["state"] == "open" and told["name"] == "Ana"
    told = heard(
        int(live.own_port), "/live/wall", teacher, until=lambda told: told["vote"]["votes"],
        then=lambda: ana.ask("/class/vote", {"round": 1, "label": "stance"}),
    )  # fmt: skip
    assert told["vote"]["votes"] == 1


def test_the_teacher_sees_whose_page_is_open_also_while_they_vote(live: Class) -> None:
    ana, teacher = live.browser("Ana"), live.teacher()
    teacher.ask("/do", {"do": "open", "which": "S13a"})
    heard(int(live.own_port), "/live/desk", teacher, until=lambda told: not told["people"][0]["here"])

    def votes() -> None:
        for label in ("stance", "alleged", "denied"):
            ana.ask("/class/vote", {"round": 1, "label": label})
        told = heard(int(live.own_port), "/live/desk", teacher, until=lambda told: told["vote"]["votes"])
        assert told["people"] == [{"id": 1, "name": "Ana", "here": True}]

    heard(live.port, "/class/live", ana, until=lambda told: told["vote"]["mine"] == "denied", then=votes)
    heard(int(live.own_port), "/live/desk", teacher, until=lambda told: not told["people"][0]["here"])


def test_a_page_that_comes_back_is_told_how_it_is(live: Class) -> None:
    assert heard(live.port, "/class/live", live.browser("Ana"))["name"] == "Ana"


def test_files_of_the_site_are_packed_kept_and_not_sent_twice(live: Class) -> None:
    ana = live.browser("Ana")
    packed = ana.ask("/build/12.abcdef1.js", Accept_Encoding="gzip, br")
    assert packed.body == b"packed" and packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] in ("text/javascript", "application/javascript")  # as Python knows them
    assert "immutable" in packed.headers["cache-control"]
    assert ana.ask("/build/12.abcdef1.js", If_None_Match=packed.headers["etag"], Accept_Encoding="gzip").status == 304
    plain = ana.ask("/build/12.abcdef1.js")
    assert plain.body == b"plain" and "content-encoding" not in plain.headers
    assert plain.headers["etag"] != packed.headers["etag"]
    assert ana.ask("/index.html").headers["cache-control"] == "no-cache"


PATHS = """
/../class/class.sqlite /..%2fclass%2fclass.sqlite /%2e%2e/class/class.sqlite /build/..%2f..%2fclass/class.sqlite
/..%5c..%5cclass /%00 //etc/passwd /class/../../class/class.sqlite /class/class.sqlite /class/handed_in/ /class/wall
/class/teacher.html /class/teacher.js /class/wall.js /do /live/desk /class/..%2fteachers/wall.js /class/../wall.html
/exercises/solutions/02_facts_and_allegations.ipynb /files/exercises/.hidden /etc/passwd%00.html""".split()


def test_no_path_leads_to_the_teacher_the_key_or_a_file(live: Class) -> None:
    ana = live.browser("Ana")
    for path in PATHS:
        answer = ana.ask(path)
        assert answer.status in (301, 400, 403, 404), (path, answer.status, answer.body)
        assert b"SQLite" not in answer.body and b"root:" not in answer.body


def test_the_teachers_page_takes_the_key_from_this_machine_only(live: Class) -> None:
    own, ana = int(live.own_port), live.browser("Ana")
    for browser in (Browser(own), Browser(own, cookie=ana.cookie), Browser(own, cookie=f"kit_{own}=x")):
        assert browser.ask("/").status == 403
        assert browser.ask("/do", {"do": "open", "which": "S13a"}).status == 403
        assert browser.ask("/wall.html").status == browser.ask("/teacher.js").status == 403
        assert heard(own, "/live/desk", browser) == heard(own, "/live/wall", browser) == 403
    teacher = live.teacher()
    for path in ("", "wall.html", "wall.js", "teacher.js", "pictures.js", "shared.js", "class.css", "cards.js"):
        assert teacher.ask(f"/{path}").status == 200
    for host in ("evil.example", f"192.168.1.20:{own}", "laptop.local"):
        teacher.host = host
        assert teacher.ask("/").status == 403
    teacher.host = ""
    for origin in (f"http://127.0.0.1:{live.port}", "http://evil.example", "null", None):
        assert teacher.ask("/do", {"do": "open", "which": "S13a"}, Origin=origin).status == 403
    for path in ("/", "/live/desk"):  # what no page of another origin may read
        assert "access-control-allow-origin" not in teacher.ask(path, method="HEAD").headers
    assert not live.do(lambda room: room.record.rounds())


def test_a_strange_origin_is_refused_and_a_strange_name_has_no_ticket(live: Class) -> None:
    ana = live.browser("Ana")
    rebound = Browser(live.port, host="evil.example")  # to which no browser sends the ticket of another name
    assert rebound.ask("/class/here").told == {"name": None}
    assert rebound.ask("/class/vote", {"round": 1, "label": "stance"}).status == 401
    for origin in ("http://evil.example", "null", None, f"http://127.0.0.1:{live.own_port}"):
        assert ana.ask("/class/leave", {}, Origin=origin).status == 403
    assert ana.ask("/class/here").told["name"] == "Ana"


def test_nobody_acts_without_a_session_or_as_another(live: Class, work: bytes) -> None:
    live.teacher().ask("/do", {"do": "open", "which": "S13a"})
    ana, bo = live.browser("Ana"), live.browser("Bo")
    name, _, signed = ana.cookie.partition("=")
    forged = [f"{name}={one}" for one in ("1", "' OR 1=1 --", signed[:-1], signed.replace("MQ==", "Mg=="))]
    assert signed not in forged[-1]  # the number in it is another
    for cookie in ("", *forged, ana.cookie.replace(name, "kit_80")):
        stranger = Browser(live.port, cookie=cookie)
        assert stranger.ask("/class/hand-in", work).status == 401
        assert stranger.ask("/class/vote", {"round": 1, "label": "stance"}).status == 401
        assert stranger.ask("/class/here").told == {"name": None}
        assert heard(live.port, "/class/live", stranger) == 401
    ana.ask("/class/vote", {"round": 1, "label": "alleged", "student": 2, "name": "Bo"})
    assert bo.ask("/class/here").told["vote"]["mine"] == ""
    ana.ask("/class/hand-in", work)
    assert "Ana" not in json.dumps(bo.ask("/class/here").told) and not bo.ask("/class/here").told["handed"]


def test_a_vote_that_is_none_is_refused(live: Class) -> None:
    live.teacher().ask("/do", {"do": "open", "which": "S13a"})
    ana, rounds = live.browser("Ana"), ("1", 2**70, [1], None, 2, -1)
    strange = [{"round": 1}, {"round": 1, "label": "<b>"}, {}, *({"round": one, "label": "stance"} for one in rounds)]
    for vote in strange:
        assert ana.ask("/class/vote", vote).status in (400, 409), vote
    assert not live.do(lambda room: room.record.rounds()[0].votes)


def test_the_other_round_cannot_be_forged(live: Class) -> None:
    ana, teacher = live.browser("Ana"), live.teacher()
    teacher.ask("/do", {"do": "open", "which": "S13a"})
    teacher.ask("/do", {"do": "turn", "which": "closed"})
    assert ana.ask("/class/vote", {"round": 1, "label": "stance"}).status == 409
    assert teacher.ask("/do", {"do": "turn", "which": "open"}).status == 400  # what is closed stays so
    assert ana.ask("/class/vote", {"round": 1, "label": "stance"}).status == 409
    teacher.ask("/do", {"do": "open", "which": "S13a"})
    for round_, status in ((1, 409), (3, 409), (2, 200)):
        assert ana.ask("/class/vote", {"round": round_, "label": "stance"}).status == status


def test_names_and_words_are_checked(live: Class) -> None:
    ana = live.browser("Ana")
    thief = Browser(live.port)
    assert thief.join("XXXXXX", "Ana").status == 403
    assert thief.join(live.code, "ana").status == 409
    assert thief.join(live.code, "Ana", "BABABA").status == 403
    assert thief.join(live.code, "<script>alert(1)</script>").status == 400
    assert thief.ask("/class/join", {"code": ["x"], "name": {"a": 1}}).status == 403
    assert thief.ask("/class/join", b"not json").status == 400
    assert not thief.cookie and ana.ask("/class/here").told["name"] == "Ana"


def test_pages_run_no_script_but_their_own(live: Class) -> None:
    for answer in (live.browser().ask("/class/"), live.teacher().ask("/"), live.teacher().ask("/wall.html")):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';") and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-frame-options"] == "DENY" and b"<script>" not in answer.body
    for path in ("/class/student.js", "/class/shared.js", "/class/cards.js"):
        text = live.browser().ask(path).body
        assert b"innerHTML" not in text and b"outerHTML" not in text and b"insertAdjacent" not in text


def test_what_is_too_large_or_no_page_is_not_kept(live: Class, work: bytes) -> None:
    ana = live.browser("Ana")
    assert ana.ask("/class/hand-in", b" " * (LARGEST + 1)).status == 400
    assert ana.ask("/class/vote", b" " * 50_000).status == 400
    assert not (live.folder / "handed_in").exists() and [path.name for path in live.folder.iterdir()] == [
        "class.sqlite"
    ]
    assert ana.ask("/class/hand-in", work).status == 200


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"metadata": {"kit": {"exercise": ["x"]}}, "cells": []}',
             b'{"cells": [], "metadata": {}}', b'{"metadata": {"kit": {"exercise": "02_facts_and_allegations"}}}']
)  # fmt: skip
def test_what_is_no_page_of_the_course_is_not_taken(live: Class, data: bytes) -> None:
    answer = live.browser("Ana").ask("/class/hand-in", data)
    assert answer.status == 400 and "no page of the course" in answer.told["said"]
    assert not (live.folder / "handed_in").exists()


def test_after_a_refusal_the_same_connection_takes_the_page(live: Class, work: bytes) -> None:
    ana = live.browser("Ana")
    line = http.client.HTTPConnection("127.0.0.1", live.port, timeout=20)
    for cookie, status in (("", 401), (ana.cookie, 200), (ana.cookie, 200)):
        line.request("POST", "/class/hand-in", work, {"Cookie": cookie, "Origin": f"http://127.0.0.1:{live.port}"})
        answer = line.getresponse()
        assert answer.status == status and answer.read()
    line.close()


def test_how_far_one_is_counts_once_and_only_for_questions_that_there_are(live: Class) -> None:
    ana = live.browser("Ana")
    for question, status in (("statuses", 200), ("statuses", 200), ("other", 400), (["statuses"], 400)):
        assert ana.ask("/class/reached", {"page": EXERCISE, "question": question}).status == status
    assert live.do(lambda room: room.record.reached()) == {(EXERCISE, "statuses"): 1}


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(class_server.time, "monotonic", lambda: now[0])
    bucket = Bucket(2, 1)

    def takes(who: str, cost: float = 1) -> bool:
        try:
            bucket.take(who, cost)
        except RefusedError:
            return False
        return True

    assert [takes("a") for _ in range(3)] == [True, True, False] and takes("b", 2)
    assert not takes("b") and not takes("c", 3) and takes("c", 2)
    now[0] = 1.0
    assert [takes("a"), takes("a")] == [True, False]
    now[0] = 9.0
    assert [takes("a") for _ in range(3)] == [True, True, False]


def test_who_asks_without_end_is_told_to_wait_and_others_go_on(live: Class) -> None:
    ana, bo = live.browser("Ana"), live.browser("Bo")
    found = [ana.ask("/class/reached", {"page": EXERCISE, "question": "statuses"}).status for _ in range(60)]
    assert 429 in found
    assert bo.ask("/class/reached", {"page": EXERCISE, "question": "statuses"}).status == 200


def test_many_open_connections_cost_only_those_who_opened_them(live: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_server, "_MOST", 20)
    lines = [socket.create_connection(("127.0.0.1", live.port)) for _ in range(60)]
    assert live.browser("Ana").ask("/class/here").told["name"] == "Ana"
    lines[0].settimeout(20)
    assert lines[0].recv(1) == b""
    for line in lines:
        line.close()


@pytest.mark.slow
def test_who_sends_slowly_is_cut_off_and_holds_nobody_up(live: Class) -> None:
    with socket.create_connection(("127.0.0.1", live.port)) as slow:
        slow.sendall(b"GET /class/here HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        begun = time.monotonic()
        assert live.browser("Ana").ask("/class/here").status == 200
        slow.settimeout(class_server._IDLE + 20)
        assert slow.recv(1) == b"" and time.monotonic() - begun >= class_server._IDLE - 1


def test_the_teacher_tells_a_word_again_takes_out_and_closes(live: Class) -> None:
    ana, teacher = Browser(live.port), live.teacher()
    shown = ana.join(live.code, "Ana").told["word"]
    who = live.do(lambda room: next(iter(room.record.people())))
    word = teacher.ask("/do", {"do": "word", "which": who}).told["said"].split()[-1]
    assert word == shown and Browser(live.port).join(live.code, "Ana", word).told["name"] == "Ana"
    teacher.ask("/do", {"do": "joining", "which": "closed"})
    assert Browser(live.port).join(live.code, "Bo").status == 403
    teacher.ask("/do", {"do": "out", "which": who})
    assert ana.ask("/class/here").told == {"name": None}
    assert teacher.ask("/do", {"do": "out", "which": "x"}).status == 400
    assert teacher.ask("/do", {"do": "open", "which": ["S13a"]}).status == 400
