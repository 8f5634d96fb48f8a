"""Points that a person gives: the answers of a class on a page, and what is given for them in the gradebook at once.

The page is served to this machine only, and each key is saved at once. The server listens on 127.0.0.1 and answers only
who has the token, under the name that it listens on. A page of another origin cannot read it (the token), reach it by a
name of its own (Host, against DNS rebinding) or send points (Origin and the content type, against cross-site
requests). The page fetches nothing, and runs only the script that it came with.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from kit.check.answers import shown
from kit.errors import KitError, many
from kit.files import from_json
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading import gradebook
from kit.teacher.grading.adjustments import Score, answer_of
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES, Mark
from kit.teacher.pages_and_tables import templates
from kit.teacher.reports.student_page import is_lesson

_MOST_BYTES = 100_000
_LONGEST = 5_000
"""Letters of a comment."""


@dataclass(frozen=True)
class Piece:
    """What points are given for: an answer, or, without a mark, a whole file that could not be graded."""

    one: Graded
    mark: Mark | None

    @property
    def id(self) -> str:
        """By what the page knows it: the same after a restart, and it tells nothing of who wrote it."""
        question = self.mark.question if self.mark else ""
        exercise = self.one.exercise.name if self.one.exercise else ""
        return _id(self.one.student, exercise, question, answer_of(self.one, self.mark))

    @property
    def is_for_a_person(self) -> bool:
        """Whether the machine has no points for it."""
        if self.mark is None:
            return not is_lesson(self.one)
        return (self.mark.by_hand.earned if self.mark.by_hand else self.mark.earned) is None

    def shown(self) -> dict[str, Any]:
        """What the page shows, without a name: the answer, what the machine found, and what a person gave."""
        mark, exercise = self.mark or Mark("", 0, None, "unreadable"), self.one.exercise
        hand = mark.by_hand
        return {
            "id": self.id,
            "exercise": exercise.name if exercise else "",
            "question": mark.question,
            "text": mark.text or mark.message,
            "lines": [(line.name, shown(line.given), line.right) for line in mark.lines],
            "found": OUTCOMES[hand.outcome if hand else mark.outcome],
            "machine": hand.earned if hand else mark.earned,
            "given": {"points": mark.earned, "level": hand.level, "comment": hand.comment} if hand else None,
        }


class Desk:
    """The answers of a class, and the points given so far. Each request reads the gradebook anew: others give, too."""

    def __init__(self, book: Path, keys: Mapping[str, Exercise]) -> None:
        """`book` is the gradebook, `keys` are the exercises by name. Raises KitError where it cannot be used."""
        self._book, self._keys = book, keys
        self._pieces: dict[str, Piece] = {}
        self._salt = secrets.token_bytes(16)
        self.pieces()

    def pieces(self) -> list[Piece]:
        """Every answer and every file that could not be graded, by exercise and question, in no order of students."""
        found = [
            Piece(one, mark)
            for one in gradebook.standing(self._book, self._keys).graded
            for mark in (one.marks if one.exercise else [None])
        ]
        self._pieces |= {piece.id: piece for piece in found}
        return sorted(found, key=_order)

    def told(self) -> str:
        """How far the scoring is, in a sentence."""
        waiting = [piece.mark and piece.mark.by_hand for piece in self.pieces() if piece.is_for_a_person]
        return f"{sum(map(bool, waiting))} of {many(len(waiting), 'answer')} that a person must look at have points."

    def data(self) -> dict[str, Any]:
        """What the page shows first: what waits for a person, and the questions of all exercises."""
        with gradebook.opened(self._book, self._keys) as book:
            since, _ = book.given()
        pieces = [piece.shown() for piece in self.pieces() if piece.is_for_a_person]
        asked = {
            name: {"title": one.title, "questions": {question.name: _asked(question) for question in one.questions}}
            for name, one in self._keys.items()
        }
        return {"since": since, "pieces": pieces, "exercises": asked}

    def students(self) -> dict[str, Any]:
        """Who is in the class, by an id; and of each piece the student, the file, and what is to be said of that."""
        ones = {piece.id: piece.one for piece in self.pieces()}
        students = {self._student(one.student): one.student for one in ones.values()}
        who = {id: (one.student, str(one.path), "; ".join(one.notes)) for id, one in ones.items()}
        return {"students": students, "who": who}

    def of(self, student: str) -> list[dict[str, Any]]:
        """Every piece of the student with this id."""
        return [piece.shown() for piece in self.pieces() if self._student(piece.one.student) == student]

    def give(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """Give points, or take them back, and say what has been given since; None where that is nothing to give.

        `asked` holds the `id` of a piece, `points` (None takes back), `comment`, and `since`, of the answer before; for
        a question with a rubric a `level` in place of points; for a file the `exercise` and a `question`, or "" for all
        of them: the points are then shared out. With `clash`, somebody else was first, and nothing was given.
        """
        rows, since = self._rows(asked), asked.get("since")
        if not rows or not isinstance(since, int):
            return None
        with gradebook.opened(self._book, self._keys) as book:
            clash = not book.give(rows, since=since)
            number, given = book.given(since)
        new = {
            _id(*place): None if points is None else {"points": points, "level": level, "comment": comment}
            for *place, points, level, comment in given
        }
        return {"clash": clash, "since": number, "given": new}

    def _rows(self, asked: Mapping[str, Any]) -> list[Score]:
        """What is to be written down, a row for each question; none where it is not fit."""
        piece = self._pieces.get(str(asked.get("id")))
        points, level, comment = (asked.get(name) for name in ("points", "level", "comment"))
        exercise = piece and (piece.one.exercise or self._keys.get(str(asked.get("exercise"))))
        if not piece or not exercise or not isinstance(comment, str) or len(comment) > _LONGEST:
            return []
        name = piece.mark.question if piece.mark else asked.get("question")
        questions = [question for question in exercise.questions if name in ("", question.name)]
        levels = {one.name: one.points for question in questions for one in question.rubric}
        if level:
            points = levels.get(str(level), math.nan)
        most = [0.0 if question.extra and not name else question.points for question in questions]
        shares = _shared_out(points, most)
        answer = answer_of(piece.one, piece.mark)
        return [
            Score(piece.one.student, exercise.name, question.name, answer, share, str(level or ""), comment.strip())
            for question, share in zip(questions, shares, strict=False)
        ]

    def _student(self, student: str) -> str:
        return hashlib.sha256(self._salt + student.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _id(*place: str) -> str:
    return hashlib.sha256(json.dumps(place).encode()).hexdigest()[:24]


def _order(piece: Piece) -> tuple[object, ...]:
    """Files last; by exercise, question, and then by the hash of the answer."""
    exercise = piece.one.exercise
    at = [question.name for question in exercise.questions].index(piece.mark.question) if exercise and piece.mark else 0
    return exercise is None, exercise.name if exercise else "", at, answer_of(piece.one, piece.mark), piece.id


def _shared_out(points: Any, most: list[float]) -> list[float] | list[None]:
    """So many points over questions that are worth `most`, each its part, in hundredths; none where that cannot be."""
    if points is None:
        return [None] * len(most)
    out_of = sum(most)
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= out_of:
        return []
    sums = [round(up_to * points / (out_of or 1), 2) for up_to in accumulate(most, initial=0)]
    return [round(to - fro, 2) for fro, to in pairwise(sums)]


def _asked(question: KeyedQuestion) -> dict[str, Any]:
    """Its title, what it asks, the levels of its rubric, its points, and whether they are extra."""
    # Of the page that asks it the first paragraph that is no heading.
    first = next((part for part in question.asked.split("\n\n") if not part.startswith("#")), "")
    about = {"title": question.title, "points": question.points, "extra": question.extra}
    return about | {"asked": first, "levels": [vars(level) for level in question.rubric]}


class Server(ThreadingHTTPServer):
    """Serves one desk. `url` holds the token; `serve_forever` and `shutdown` are those of `socketserver`."""

    daemon_threads = True

    def __init__(self, desk: Desk, *, port: int = 0) -> None:
        """Listen on 127.0.0.1, on any free port by default. Raises KitError where the port is taken."""
        self.desk, self.token = desk, secrets.token_urlsafe(24)
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except (OSError, OverflowError):
            raise KitError(f"The port {port} cannot be used. Choose another one, or leave --port out.") from None
        self.origins = {f"http://{name}:{self.server_port}" for name in ("127.0.0.1", "localhost")}

    @property
    def url(self) -> str:
        """The address to open, with the token in it."""
        return f"http://127.0.0.1:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 10

    def do_GET(self) -> None:
        """The page, what waits, who wrote the answers, or all answers of a student."""
        what, desk = self._allowed(), self.server.desk
        try:
            if what is None:
                self._send(403, {})
            elif what == "":
                self._page(json.dumps(desk.data()).replace("<", "\\u003c").replace("&", "\\u0026"))
            elif what == "waiting":
                self._send(200, desk.data())
            elif what == "students":
                self._send(200, desk.students())
            elif what.startswith("students/"):
                self._send(200, desk.of(what.removeprefix("students/")))
            else:
                self._send(404, {})
        except KitError as error:
            self._send(500, {"fault": str(error)})

    def _page(self, data: str) -> None:
        nonce = secrets.token_urlsafe(16)
        policy = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'"
        page = templates(Path(__file__).parent / "templates").get_template("score.html")
        self._send(200, page.render(data=data, nonce=nonce), policy)

    def do_POST(self) -> None:
        """Points for an answer, as JSON: what `Desk.give` takes."""
        length = self.headers.get("Content-Length", "")
        # Read also what is refused: a connection closed before that may lose the answer.
        body = self.rfile.read(min(int(length), _MOST_BYTES)) if length.isdecimal() else b""
        if self._allowed() != "score" or self.headers.get("Origin") not in self.server.origins:
            return self._send(403, {})
        try:
            given = from_json(body) if self.headers.get_content_type() == "application/json" else None
            done = self.server.desk.give(given) if isinstance(given, dict) else None
        except ValueError:
            done = None
        except KitError as error:
            return self._send(500, {"fault": str(error)})
        return self._send(400 if done is None else 409 if done["clash"] else 200, done)

    def _allowed(self) -> str | None:
        """What is asked for below the token; None where the one who asks may not."""
        _, token, what = [*self.path.split("/", 2), "", ""][:3]
        named = f"http://{self.headers.get('Host', '')}" in self.server.origins
        return what if named and hmac.compare_digest(token.encode(), self.server.token.encode()) else None

    def _send(self, status: int, told: Any, policy: str = "default-src 'none'") -> None:
        """Answer with a page, or with `told` as JSON."""
        kind, text = ("text/html", told) if isinstance(told, str) else ("application/json", json.dumps(told))
        body = text.encode()
        self.send_response(status)
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the address that would be logged holds the token."""
