"""The points that a person gives: levels of the rubric, kept in a file, joined with the grades, and given on a page.

The page is served to this machine only, and each key is saved at once. The server listens on 127.0.0.1 and answers only
who has the token, under the name that it listens on. A page of another origin cannot read it (the token), reach it by a
name of its own (Host, against DNS rebinding) or send a score (Origin and the content type, against cross-site
requests). The page fetches nothing, and runs only the script that it came with.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from kit.errors import KitError
from kit.files import write_atomically
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading.grade import Graded
from kit.teacher.pages_and_tables import templates

__all__ = ["FILE", "Desk", "Place", "Server", "Written", "read", "scored", "waiting", "write"]

FILE = "scores.json"
_MOST_BYTES = 100_000


class Place(NamedTuple):
    """What a score is known by. `answer` is a hash of the answer's text: who hands in other words is read again."""

    student: str
    exercise: str
    question: str
    answer: str


@dataclass(frozen=True)
class Written:
    """A written answer: whose it is, the exercise, the question with its rubric, and the text."""

    student: str
    exercise: Exercise
    question: KeyedQuestion
    text: str

    @property
    def place(self) -> Place:
        """What a score of this answer is known by."""
        answer = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
        return Place(self.student, self.exercise.name, self.question.name, answer)


def waiting(graded: Iterable[Graded]) -> list[Written]:
    """Every written answer that a person scores, in the order of `graded`, which are as the grader left them."""
    return [
        Written(one.student, one.graded_exercise, one.graded_exercise.by_name[mark.question], mark.text)
        for one in graded
        for mark in one.written
    ]


def scored(graded: Iterable[Graded], levels: Mapping[Place, str]) -> list[Graded]:
    """`graded` with the points that a person gave; a score of other words than these counts for nothing."""
    found = []
    for one in graded:
        given = {
            answer.question.name: {"earned": level.points, "outcome": "scored", "message": level.name}
            for answer in waiting([one])
            for level in answer.question.rubric
            if level.name == levels.get(answer.place)
        }
        marks = (replace(mark, **given.get(mark.question, {})) for mark in one.marks)
        found.append(replace(one, marks=tuple(marks)))
    return found


def read(path: Path) -> dict[Place, str]:
    """The levels in the file at `path`, none where there is no file. Raises KitError where it is damaged."""
    found: dict[Place, str] = {}
    try:
        for row in json.loads(path.read_text("utf-8")) if path.exists() else []:
            level = row.pop("level")
            found[Place(**row)] = level
    except (ValueError, TypeError, KeyError, AttributeError):
        raise KitError(f"{path} is damaged. Put a copy of it back, or move it away to score anew.") from None
    return found


def write(path: Path, levels: Mapping[Place, str]) -> None:
    """Write all levels to `path`, at once and whole."""
    rows = [place._asdict() | {"level": level} for place, level in levels.items()]
    write_atomically(path, json.dumps(rows, indent=1))


class Desk:
    """The written answers of a class and the levels given so far. Each level is in the file at once."""

    def __init__(self, answers: Sequence[Written], file: Path) -> None:
        """`answers` as `waiting` gives them; `file` holds the levels. Raises KitError where it is damaged."""
        # By the hash of the text: the order tells nothing of who wrote it, and is the same after a restart.
        self.answers = sorted(answers, key=lambda one: one.place[1:])
        self._file, self._lock = file, threading.Lock()
        self._levels = read(file)

    @property
    def scored(self) -> int:
        """How many of the answers have a level."""
        return sum(one.place in self._levels for one in self.answers)

    def level(self, at: int) -> str | None:
        """The level of the answer in this place."""
        return self._levels.get(self.answers[at].place)

    def score(self, at: object, level: object) -> bool:
        """Give an answer a level of its rubric, or take it back with None, and write that down; False where not."""
        with self._lock:
            if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < len(self.answers):
                return False
            one = self.answers[at]
            if level is not None and level not in {known.name for known in one.question.rubric}:
                return False
            # From the file: somebody else may be scoring the same class.
            levels = {place: old for place, old in read(self._file).items() if place != one.place}
            levels |= {one.place: str(level)} if level is not None else {}
            write(self._file, levels)
            self._levels = levels
            return True

    def data(self) -> dict[str, Any]:
        """All that the page shows, without a name of a student."""
        asked: dict[tuple[str, str], dict[str, Any]] = {}
        answers = []
        for at, one in enumerate(self.answers):
            place, question = one.place[1:3], one.question
            # Of the page that asks it the first paragraph that is no heading.
            first = next((part for part in question.asked.split("\n\n") if not part.startswith("#")), "")
            title, levels = f"{one.exercise.title}: {question.title}", [vars(level) for level in question.rubric]
            asked.setdefault(place, {"title": title, "asked": first, "levels": levels})
            answers.append({"question": list(asked).index(place), "text": one.text, "level": self.level(at)})
        return {"questions": list(asked.values()), "answers": answers}


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
        """The page, or the names of who wrote the answers."""
        what = self._allowed()
        if what == "":
            nonce = secrets.token_urlsafe(16)
            data = json.dumps(self.server.desk.data()).replace("<", "\\u003c").replace("&", "\\u0026")
            policy = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'"
            page = templates(Path(__file__).parent / "templates").get_template("score.html")
            self._send(200, page.render(data=data, nonce=nonce), policy)
        elif what == "names":
            self._send(200, json.dumps([one.student for one in self.server.desk.answers]))
        elif what is not None:
            self._send(404, "{}")

    def do_POST(self) -> None:
        """One score: {"answer": its place, "level": a name or null}."""
        length = self.headers.get("Content-Length", "")
        # Read also what is refused: a connection closed before that may lose the answer.
        body = self.rfile.read(min(int(length), _MOST_BYTES)) if length.isdecimal() else b""
        if self._allowed() != "score" or self.headers.get("Origin") not in self.server.origins:
            return self._send(403, "{}")
        try:
            if self.headers.get_content_type() != "application/json":
                raise ValueError
            given = json.loads(body)
            done = self.server.desk.score(given["answer"], given["level"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return self._send(400, "{}")
        except OSError as error:
            return self._send(500, json.dumps({"fault": error.strerror or "the disk does not take it"}))
        return self._send(200 if done else 400, json.dumps({"scored": self.server.desk.scored}))

    def _allowed(self) -> str | None:
        """What is asked for below the token; None, and an answer, where the one who asks may not."""
        _, token, *rest = [*self.path.split("/", 2), ""][:3]
        named = f"http://{self.headers.get('Host', '')}" in self.server.origins
        if named and hmac.compare_digest(token.encode(), self.server.token.encode()):
            return rest[0]
        if self.command == "GET":
            self._send(403, "{}")
        return None

    def _send(self, status: int, text: str, policy: str = "default-src 'none'") -> None:
        body = text.encode()
        self.send_response(status)
        kind = "text/html" if text.startswith("<!doctype") else "application/json"
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
