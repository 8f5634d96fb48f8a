"""The page on which a person scores written answers: served to this machine only, saved at each key.

It listens on 127.0.0.1 and answers only who has the token, under the name that it listens on. A page of another origin
cannot read it (the token), reach it by a name of its own (Host, against DNS rebinding) or send a score (Origin and the
content type, against cross-site requests). The page fetches nothing, and runs only the script that it came with.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.teacher.reports import publish, rendering
from kit.teacher.reports.publish import Score, Written

__all__ = ["Desk", "Server"]

_MOST_BYTES = 100_000


class Desk:
    """The written answers of a class and the levels given so far. Each level is in the file at once."""

    def __init__(self, answers: Sequence[Written], file: Path) -> None:
        """`answers` as `scores.waiting` gives them; `file` holds the scores. Raises KitError where it is damaged."""
        # By the hash of the text: the order tells nothing of who wrote it, and is the same after a restart.
        self.answers = sorted(answers, key=lambda one: (one.exercise, one.question.name, publish.fingerprint(one.text)))
        self._file, self._lock = file, threading.Lock()
        self._levels = self._read()

    @property
    def scored(self) -> int:
        """How many of the answers have a level."""
        return sum(self.level(at) is not None for at in range(len(self.answers)))

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
            levels = {place: old for place, old in self._read().items() if place != one.place}
            levels |= {one.place: str(level)} if level is not None else {}
            publish.write(self._file, [Score(*place, name) for place, name in levels.items()])
            self._levels = levels
            return True

    def _read(self) -> dict[tuple[str, str, str, str], str]:
        found = publish.read(self._file)
        return {(one.student, one.exercise, one.question, one.answer): one.level for one in found}

    def data(self) -> dict[str, Any]:
        """All that the page shows, without a name of a student."""
        questions: dict[tuple[str, str], int] = {}
        told, answers = [], []
        for at, one in enumerate(self.answers):
            place = (one.exercise, one.question.name)
            if place not in questions:
                questions[place] = len(told)
                levels = [vars(level) for level in one.question.rubric]
                told.append({"title": one.title, "asked": one.asked, "levels": levels})
            answers.append({"question": questions[place], "text": one.text, "level": self.level(at)})
        return {"questions": told, "answers": answers}


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
            self._send(200, *self._page())
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

    def _page(self) -> tuple[str, str]:
        nonce = secrets.token_urlsafe(16)
        data = json.dumps(self.server.desk.data()).replace("<", "\\u003c").replace("&", "\\u0026")
        policy = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'"
        return rendering.render("score.html", data=data, nonce=nonce), policy

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
