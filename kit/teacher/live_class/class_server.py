"""The server of a class: the site and the students' pages for the room, the teacher's pages for this machine alone.

They are two listeners. That of the students may be reached from the network, and has nothing of the teacher's. That of
the teacher is bound to 127.0.0.1, and takes only who has the key, under the name of this machine (Host, against DNS
rebinding). What is to change anything comes from a page of the same listener (Origin), with its ticket or key, which
browsers send to no other name. No code of a student's is run.
"""

from __future__ import annotations

import asyncio
import json
import logging
import mimetypes
import os
import re
import secrets
import socket
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler, stream_request_body

from kit.errors import KitError
from kit.files import from_json
from kit.teacher.live_class import board
from kit.teacher.live_class.board import LiveRoom, addresses
from kit.teacher.live_class.class_record import RefusedError
from kit.widgets import cards

LARGEST = 5_000_000
"""Bytes of a notebook that is handed in."""
_IDLE, _PAUSE = 40, 0.1
"""Seconds until a request must have come, and in which changes are gathered for a page."""
_LIMITS = {"idle_connection_timeout": _IDLE, "body_timeout": 30, "max_header_size": 16_384, "max_body_size": 20_000}
_MOST, _FILES_OPEN = 400, 1024
"""Connections, with those of open pages, and files: Windows can watch 512, and macOS opens 256 unless it is asked."""
_STATIC = Path(__file__).parent / "static"
_TYPES = mimetypes.MimeTypes()  # not those of the machine, which on Windows a registry decides
_OF_SITE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN"}
_OF_CLASS = _OF_SITE | {
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
"""Headers of the site, which runs what it likes, and of the class's own pages, whatever somebody calls themselves."""
_HASHED = re.compile(r"\.[0-9a-f]{7,}\.(js|css)$")


class Bucket:
    """So much at once, and then so much a second, for each who asks: one address cannot fill the class, nor guess a
    word, and no student takes all of the laptop."""

    def __init__(self, burst: float, each_second: float) -> None:
        self._most, self._each = burst / each_second, each_second
        self._full: dict[object, float] = {}  # when nothing of it will be taken any more

    def take(self, who: object, cost: float = 1) -> None:
        """Take this much for `who`. Raises RefusedError, and takes nothing, where there is not so much left."""
        now = time.monotonic()
        full = max(now, self._full.get(who, now)) + cost / self._each
        if full - now > self._most + 1e-6:
            raise RefusedError("That was too much at once. Wait a minute, or ask your teacher.", 429)
        self._full[who] = full


class _CrowdServer(HTTPServer):
    """Closes the oldest connection of the address that has most, where there are too many."""

    crowd: ClassVar[list[tuple[Any, str]]] = []

    def handle_stream(self, stream: Any, address: Any) -> None:
        self.crowd[:] = [*((one, whose) for one, whose in self.crowd if not one.closed()), (stream, address[0])]
        if len(self.crowd) > _MOST:
            most = statistics.mode(whose for _, whose in self.crowd)
            next(one for one, whose in self.crowd if whose == most).close()
        super().handle_stream(stream, address)


class _Guarded(RequestHandler):
    """What all have: whose Origin they answer, who asks, and what they say of an error."""

    headers = _OF_CLASS

    async def prepare(self) -> None:
        self.room: LiveRoom = self.settings["room"]
        self.cookie = f"kit_{self.request.host.rpartition(':')[2]}"  # for all ports: a laptop may hold two classes
        own = f"http://{self.request.host}"
        if self.request.method not in ("GET", "HEAD") and self.request.headers.get("Origin") != own:
            raise RefusedError("This did not come from a page of the class.")
        if "key" in self.settings:
            self._let_teacher_in(self.settings["key"])

    def _let_teacher_in(self, key: str) -> None:
        """At the teacher's listener: go on for who has the key, under the name of this machine."""
        given = self.get_query_argument("key", "")
        right = secrets.compare_digest((given or self.get_cookie(self.cookie, "") or "").encode(), key.encode())
        if not right or self.request.host_name not in ("localhost", "127.0.0.1"):
            raise RefusedError("Open the teacher's page by the address that was printed when the class was started.")
        if given:
            self.set_cookie(self.cookie, key, httponly=True, samesite="Strict")
            self.redirect(self.request.path)

    def set_default_headers(self) -> None:
        for name, value in self.headers.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **about: Any) -> None:
        said = getattr(about.get("exc_info", (None, None))[1], "said", "")
        self.finish({"said": said or f"This did not work ({self._reason})."})

    @property
    def who(self) -> int | None:
        """The student who asks; None for nobody."""
        student = int(self.get_signed_cookie(self.cookie, max_age_days=400) or 0)
        return student if student in self.room.record.people() else None

    def student(self, cost: float = 1) -> int:
        """The student who asks for something of this `cost`. Raises RefusedError for nobody, and who asks too much."""
        found = self.who
        if found is None:
            raise RefusedError("You are not in the class. Open its page, and join.", 401)
        self.settings["students"].take(found, cost)
        return found

    def asked(self) -> dict[str, Any]:
        """The JSON that was sent. Raises RefusedError where it is none."""
        with suppress(ValueError):
            if isinstance(found := from_json(self.request.body), dict):
                return found
        raise RefusedError("This was not understood.", 400)


class _File(_Guarded, StaticFileHandler):
    """A file: from its packed twin where the browser takes it, and fetched anew only if it has changed."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if "\0" in absolute_path:  # which no system can look for
            raise HTTPError(404)
        found = super().validate_absolute_path(root, absolute_path)  # first: nothing is looked at outside of the folder
        takes = "gzip" in self.request.headers.get("Accept-Encoding", "") and "Range" not in self.request.headers
        self._is_packed = takes and found is not None and os.path.isfile(f"{found}.gz")
        return super().validate_absolute_path(root, f"{found}.gz") if self._is_packed else found

    def get_content_type(self) -> str:
        return _TYPES.guess_type(str(self.absolute_path).removesuffix(".gz"))[0] or "application/octet-stream"

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "max-age=31536000, immutable" if _HASHED.search(path) else "no-cache")
        self.set_header("Vary", "Accept-Encoding")
        if self._is_packed:
            self.set_header("Content-Encoding", "gzip")


class _Site(_File):
    """A file of the site; who is not in yet and asks for the first page is sent to the class."""

    headers = _OF_SITE

    async def get(self, path: str, include_body: bool = True) -> None:
        if path or self.who is not None:
            await super().get(path, include_body)
        else:
            self.redirect("/class/")


class _Here(_Guarded):
    """Who this browser is in the class; and, posted, joining, leaving, voting, and how far one is."""

    def get(self, _: str) -> None:
        self.finish(self.room.here(self.who))

    def post(self, what: str) -> None:
        asked, record, word = self.asked(), self.room.record, ""
        student = None if what == "join" else self.student()
        if student is None:
            self.settings["joins"].take(self.request.remote_ip)
            student, word = record.join(*(str(asked.get(name, ""))[:200] for name in ("code", "name", "word")))
            self.set_signed_cookie(self.cookie, str(student), expires_days=400, httponly=True, samesite="Strict")
        elif what == "leave":
            self.clear_cookie(self.cookie)
        elif what == "vote" and asked.get("label") in board.LABELS:
            record.vote(student, asked.get("round"), asked["label"])
        elif what == "reached" and (asked.get("page"), asked.get("question")) in self.room.questions:
            record.keep("reached", student, asked["page"], asked["question"])
        else:
            raise RefusedError("This was not understood.", 400)
        self.room.changed([student])
        self.finish(self.room.here(student) | {"word": word})


@stream_request_body
class _HandIn(_Guarded):
    """Takes a notebook. Who sends it is known before any of it is kept, and it comes to the disk, not to the memory."""

    async def prepare(self) -> None:
        self.request.connection.set_max_body_size(LARGEST)  # type: ignore[union-attr]
        self._refused, self._came = None, tempfile.TemporaryFile(dir=self.settings["room"].record.folder)
        try:
            await super().prepare()
            self._student = self.student(cost=10)  # to read it takes time, whatever it is
        except RefusedError as refused:
            self._refused = refused  # said when the body has come: before, the connection would break

    def data_received(self, chunk: bytes) -> None:
        if self._refused is None:
            self._came.write(chunk)

    def post(self) -> None:
        with self._came:
            if self._refused:
                raise self._refused
            self._came.seek(0)
            data = self._came.read()
        receipt = self.room.record.hand_in(self._student, self.room.page_of(data), data)
        self.room.changed([self._student])
        self.finish(self.room.told(receipt))

    def on_connection_close(self) -> None:
        self._came.close()
        super().on_connection_close()  # else what has come waits for its end, and stays in the memory


class _Live(_Guarded):
    """Tells a page what it shows, and again whenever that may be another, as server-sent events. The one on the wall
    gets no names with work, and no hidden bars."""

    async def get(self, which: str = "") -> None:
        self.set_header("Content-Type", "text/event-stream")
        self._whose = None if which else self.student()
        state = getattr(self.room, which) if which else lambda: self.room.here(self._whose)
        change = self.room.changes[self._whose]
        self.room.changed()  # the teacher's pages show who is here
        with suppress(StreamClosedError):
            while which or self.who == self._whose:
                self.write(f"data: {json.dumps(state())}\n\n")
                await self.flush()  # who takes nothing is told nothing more
                await change.wait()
                change = self.room.changes[self._whose]  # of what happens from now on
                await asyncio.sleep(_PAUSE)
        self.room.changes.pop(self._whose, change).set()  # another page of theirs goes on, and is here
        self.room.changed()

    def on_connection_close(self) -> None:
        self.room.changed([self._whose])
        super().on_connection_close()


class _Do(_Guarded):
    """What the teacher does with a button."""

    def post(self) -> None:
        asked, record, said = self.asked(), self.room.record, ""
        what, which, people = asked.get("do"), asked.get("which", ""), record.people()
        if what == "open" and which in list(self.room.whole.by_id):
            record.open(which)
            record.keep("setting", "view", "vote")
        elif what == "turn" and which in ("closed", "shown"):
            record.turn(which)
        elif what in ("view", "joining") and isinstance(which, str):
            record.keep("setting", what, which)
        elif what == "word" and which in list(people):
            said = f"The word of {people[which]}: {record.word(which)}"
        elif what == "out" and which in list(people):
            record.take_out(which)
        else:
            raise RefusedError("This was not understood.", 400)
        self.room.changed(people)
        self.finish({"said": said})


async def serve(room: LiveRoom, *, port: int, lan: bool, ready: Callable[[str], None]) -> None:
    """Serve a class until it is cancelled: students at `port`, the teacher at the next one; 0 takes any that is free.

    `ready` gets the address of the teacher's page. Without `lan` only this machine reaches the class. Raises KitError
    where a port is taken.
    """
    logging.getLogger("tornado.general").setLevel(logging.CRITICAL)  # what strangers ask is no fault of ours
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES_OPEN, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    about = {"room": room, "joins": Bucket(60, 0.05), "students": Bucket(40, 4)}
    about |= {"cookie_secret": room.record.setting("secret"), "log_function": lambda _: None}
    card, ours, teachers, site = (
        {"path": str(path), "default_filename": "index.html"}
        for path in (Path(cards.__file__).parent / "static", _STATIC / "students", _STATIC / "teachers", room.site)
    )
    theirs = [(r"/class/(here|join|leave|vote|reached)", _Here), (r"/class/hand-in", _HandIn)]
    theirs += [(r"/class/live", _Live), (r"/class/(cards\.\w+)", _File, card)]
    theirs += [(r"/class/(.*)", _File, ours), (r"/(.*)", _Site, site)]
    own = [(r"/do", _Do), (r"/live/(wall|desk)", _Live), (r"/(cards\.\w+)", _File, card)]
    own += [(r"/(shared\.js|class\.css)", _File, ours), (r"/(.*)", _File, teachers)]
    both = Application(theirs, **about), Application(own, **about, key=room.record.setting("key"))
    students, teacher = servers = [_CrowdServer(app, max_buffer_size=2 * LARGEST, **_LIMITS) for app in both]
    try:
        at = _listen(students, port, "0.0.0.0" if lan else "127.0.0.1")
        room.urls = lambda: [f"http://{one}:{at}" for one in (addresses() if lan else ()) or ["127.0.0.1"]]
        desk = _listen(teacher, port and port + 1, "127.0.0.1")
        ready(f"http://127.0.0.1:{desk}/?key={room.record.setting('key')}")
        await asyncio.Event().wait()
    finally:
        for server in servers:
            server.stop()
            await server.close_all_connections()


def _listen(server: HTTPServer, port: int, host: str) -> int:
    """The port at which the server now listens."""
    try:
        if not 0 <= port < 2**16:
            raise OSError("there is none of this number")
        listening = socket.create_server((host, port))
    except OSError as error:
        raise KitError(f"Port {port} cannot be used: {error.strerror or error}. Give another: --port 8090.") from None
    listening.setblocking(False)
    server.add_sockets([listening])
    return listening.getsockname()[1]
