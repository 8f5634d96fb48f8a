"""The server of a class: the site and the students' pages for the room, the teacher's pages for this machine alone.

They are two listeners. That of the students may be reached from the network, and has nothing of the teacher's. That of
the teacher is bound to 127.0.0.1, and takes only who has the key, under the name of this machine (Host, against DNS
rebinding) and, to change anything, from its own page (Origin). No code of a student's is run.
"""

from __future__ import annotations

import asyncio
import errno
import io
import ipaddress
import mimetypes
import os
import re
import secrets
import socket
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RedirectHandler, RequestHandler, StaticFileHandler, stream_request_body
from tornado.websocket import WebSocketHandler

from kit.errors import KitError, typed
from kit.files import from_json
from kit.teacher.live_class import board
from kit.teacher.live_class.class_record import RefusedError, page_of
from kit.teacher.live_class.live_room import LiveRoom, addresses
from kit.widgets import cards

__all__ = ["LARGEST", "Bucket", "apps", "serve"]

LARGEST, _SMALL, _AT_ONCE = 5_000_000, 20_000, 20_000_000
"""Bytes of a notebook that is handed in, of anything else that is sent, and of all that is on its way from one
address."""
_IDLE, _BODY, _SLOW = 40, 30, 2.0
"""Seconds until a request must have come, until its body must, and that a wrong code or word, or too many requests,
have to wait."""
_MOST, _FILES_OPEN = 400, 1024
"""Connections, with those of open pages, and files: Windows can watch 512, and macOS opens 256 unless it is asked."""
_WAITING = 250_000
"""Bytes that wait for a student's page that does not take them; what is beyond is not sent."""
_STATIC = Path(__file__).parent / "static"
_TYPES = mimetypes.MimeTypes()  # not those of the machine, which on Windows a registry decides
for _type, _end in (("application/wasm", ".wasm"), ("text/javascript", ".mjs"), ("text/javascript", ".js"),
                    ("application/zip", ".whl"), ("application/json", ".ipynb"), ("font/woff2", ".woff2")):  # fmt: skip
    _TYPES.add_type(_type, _end)
_HASHED = re.compile(r"\.[0-9a-f]{7,}\.(js|css)$")
_COOKIE, _KEY = "kit_student", "kit_teacher"
_BOTH = {name: name for name in ("cards.css", "cards.js", "class.css", "shared.js")}
_FILES = _BOTH | {"": "student.html", "student.js": "student.js"}
_TEACHERS = _BOTH | {"": "teacher.html", "wall": "wall.html"}
_TEACHERS |= {name: name for name in ("pictures.js", "teacher.js", "wall.js")}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_TOO_LARGE = (
    f"This page is larger than {LARGEST // 1_000_000} MB. Clear the outputs of all cells, and hand it in again."
)


class Bucket:
    """So many requests at once, and then so many a second, for each who asks."""

    def __init__(self, burst: float, each_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, each_second, clock
        self._left: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def takes(self, who: object) -> bool:
        """Take one for `who`; False where there is none left."""
        now = self._clock()
        left, then = self._left.pop(who, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        self._left[who] = (left - (left >= 1), now)
        if len(self._left) > 10_000:
            self._left.popitem(last=False)
        return left >= 1


class _CrowdServer(HTTPServer):
    """Closes the oldest connection of the address that has most, where there are too many."""

    def initialize(self, *args: Any, **options: Any) -> None:
        self._open: dict[Any, str] = {}
        limits = {"max_header_size": 16_384, "max_body_size": _SMALL, "max_buffer_size": 2 * LARGEST}
        super().initialize(*args, **limits, idle_connection_timeout=_IDLE, body_timeout=_BODY, **options)

    def handle_stream(self, stream: Any, address: Any) -> None:
        self._open = {one: whose for one, whose in self._open.items() if not one.closed()}
        if len(self._open) >= _MOST:
            ((most, _),) = Counter(self._open.values()).most_common(1)
            next(one for one, whose in self._open.items() if whose == most).close()
        self._open[stream] = address[0]
        super().handle_stream(stream, address)


class _Guarded(RequestHandler):
    """What all have: whose Host and Origin they answer, and what they say of an error."""

    room: LiveRoom
    buckets: tuple[Bucket, Bucket, Bucket]
    """Requests of an address, what a student does, and who joins from an address: one alone cannot fill the class."""
    loopback = False

    def initialize(self, room: LiveRoom, buckets: tuple[Bucket, Bucket, Bucket], **_: Any) -> None:
        self.room, self.buckets = room, buckets

    async def prepare(self) -> None:
        name = self.request.host_name
        if not _is_own(name, loopback=self.loopback):
            raise HTTPError(421, "Open the class by the address that is on the board.")
        if self.request.method not in ("GET", "HEAD") and self.request.headers.get("Origin") != self._origin():
            raise HTTPError(403, "This did not come from a page of the class.")
        if not self.buckets[0].takes(self.request.remote_ip):
            await asyncio.sleep(_SLOW)  # it keeps its connection busy, and the others go on

    def _origin(self) -> str:
        return f"http://{self.request.host}"

    def set_default_headers(self) -> None:
        self.set_header("Server", "kit")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("X-Frame-Options", "SAMEORIGIN")

    def send_error(self, status_code: int = 500, **about: Any) -> None:
        error = about.get("exc_info", (None, None))[1]
        super().send_error(error.status if isinstance(error, RefusedError) else status_code, **about)

    def write_error(self, status_code: int, **about: Any) -> None:
        error = about.get("exc_info", (None, None))[1]
        is_ours = not isinstance(error, HTTPError) or not error.args  # tornado's have gaps to fill
        said = getattr(error, "log_message", str(error) if isinstance(error, RefusedError) else "") if is_ours else ""
        self.finish({"said": said or f"This did not work ({self._reason})."})

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if not isinstance(value, HTTPError | RefusedError):  # what a stranger asked for is no fault of ours
            super().log_exception(typ, value, tb)

    @property
    def token(self) -> str | None:
        """What the browser holds as its session."""
        return self.get_cookie(_COOKIE)

    def student(self) -> int:
        """Who asks. Raises RefusedError for nobody, and for one who asks too much."""
        found = self.room.record.student(self.token)
        if found is None:
            raise RefusedError("You are not in the class. Open its page, and join.", 401)
        if not self.buckets[1].takes(found):
            raise RefusedError("That was too much at once. Wait a moment.", 429)
        return found

    def asked(self) -> dict[str, Any]:
        """The JSON that was sent. Raises RefusedError where it is none."""
        try:
            found = from_json(self.request.body)
        except ValueError:
            found = None
        is_json = self.request.headers.get("Content-Type", "").startswith("application/json")
        if not is_json or not isinstance(found, dict):
            raise RefusedError("This was not understood.", 400)
        return found


class _Page(_Guarded):
    """A page of the class, a script, or a style: those in `files`, by their names, and no other."""

    def initialize(self, files: dict[str, str], **more: Any) -> None:
        super().initialize(**more)
        self._files = files

    def get(self, name: str = "") -> None:
        if name not in self._files:
            raise HTTPError(404, "There is no such page.")
        name = self._files[name]
        self.set_header("Content-Type", f"{_TYPES.guess_type(name)[0]}; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Frame-Options", "DENY")
        live = f"ws://{self.request.host}"  # older browsers do not count it to 'self'
        self.set_header("Content-Security-Policy", f"{_POLICY}; connect-src 'self' {live}")
        self.finish(_text(name))


class _Site(_Guarded, StaticFileHandler):
    """A file of the site: from its packed twin where the browser takes it, and fetched anew only if it has changed."""

    def initialize(self, room: LiveRoom, buckets: tuple[Bucket, Bucket, Bucket], **_: Any) -> None:
        _Guarded.initialize(self, room, buckets)
        StaticFileHandler.initialize(self, str(room.site), "index.html")

    async def get(self, path: str, include_body: bool = True) -> None:
        """Answer with the file; who is not in yet and asks for the first page is sent to the class."""
        if not path and self.room.record.student(self.token) is None:
            self.redirect("/class/")
            return
        if any(part.startswith(".") or "\0" in part for part in path.split("/")):
            raise HTTPError(404)
        await super().get(path, include_body)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        takes = "gzip" in self.request.headers.get("Accept-Encoding", "") and "Range" not in self.request.headers
        takes = takes and absolute_path.startswith(root)  # a look elsewhere may tell Windows' password to a stranger
        self._is_packed = takes and os.path.isfile(f"{absolute_path}.gz")
        return super().validate_absolute_path(root, f"{absolute_path}.gz" if self._is_packed else absolute_path)

    def get_content_type(self) -> str:
        name = str(self.absolute_path)
        return _TYPES.guess_type(name[:-3] if self._is_packed else name)[0] or "application/octet-stream"

    def compute_etag(self) -> str:
        """By time and size: cheaper than a hash of 70 MB, and it changes with the site."""
        about = self._stat()
        return f'"{about.st_mtime_ns:x}-{about.st_size:x}"'

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "max-age=31536000, immutable" if _HASHED.search(path) else "no-cache")
        self.set_header("Vary", "Accept-Encoding")
        if self._is_packed:
            self.set_header("Content-Encoding", "gzip")


class _Here(_Guarded):
    """Who this browser is in the class; and, posted, joining, leaving, voting, and how far one is."""

    def get(self, _: str) -> None:
        self.set_header("Cache-Control", "no-store")
        self.finish(self.room.here(self.room.record.student(self.token)))

    async def post(self, what: str) -> None:
        asked, record = self.asked(), self.room.record
        if what == "join":
            if not self.buckets[2].takes(self.request.remote_ip):
                raise RefusedError("Too many joined from this computer. Wait a minute, or ask your teacher.", 429)
            try:
                joined = record.join(*(str(asked.get(name, ""))[:200] for name in ("code", "name", "word")))
            except RefusedError:
                await asyncio.sleep(_SLOW)  # who tries them all needs weeks, and nobody else is kept out
                raise
            self.set_cookie(_COOKIE, joined.token, path="/", httponly=True, samesite="Strict", expires_days=400)
            self.room.changed()
            self.finish(self.room.here(joined.student) | {"word": joined.word})
            return
        student = self.student()
        if what == "leave":
            record.leave(self.token or "")
        elif what == "vote" and asked.get("label") in board.LABELS:
            record.vote(student, asked.get("round"), asked["label"])
        elif what == "reached":
            record.reach(student, *self.room.page_and_question(asked.get("page"), asked.get("question")))
        else:
            raise RefusedError("This was not understood.", 400)
        self.room.changed([student])
        self.finish(self.room.here(record.student(self.token)))


@stream_request_body
class _HandIn(_Guarded):
    """Takes a notebook. Who sends it is known before any of it is read."""

    busy: ClassVar[dict[int, tuple[str, int]]] = {}
    """Student to the address and the size of what is on its way."""

    async def prepare(self) -> None:
        self._who: int | None = None
        self._is_whole = False
        self._refused = RefusedError("This was not understood.", 400)
        self._parts: list[bytes] = []
        self.request.connection.set_max_body_size(LARGEST)  # type: ignore[union-attr]
        await super().prepare()
        try:
            self._who = self._admitted()
        except RefusedError as refused:
            self._refused = refused  # said when the body has come: before, the connection would break

    def _admitted(self) -> int:
        who = self.student()
        size = int(self.request.headers.get("Content-Length", LARGEST))
        if size >= LARGEST:
            raise RefusedError(_TOO_LARGE, 413)
        theirs = sum(sent for place, sent in self.busy.values() if place == self.request.remote_ip)
        if who in self.busy or theirs + size > _AT_ONCE:
            raise RefusedError("The laptop is busy. Try again in a moment.", 503)
        self.busy[who] = self.request.remote_ip or "", size
        return who

    def data_received(self, chunk: bytes) -> None:
        if self._who is not None:
            self._parts.append(chunk)

    async def post(self) -> None:
        if self._who is None:
            raise self._refused
        data, self._is_whole = b"".join(self._parts), True
        try:
            page = page_of(data, self.room.pages)
        except RefusedError:
            await asyncio.sleep(_SLOW)  # to read it took time; the next one of theirs has to wait, also if they hang up
            raise
        receipt = self.room.record.hand_in(self._who, page, data)
        self.room.changed([self._who])
        self.finish({"page": self.room.title(page), "at": receipt.at, "code": receipt.code})

    def on_finish(self) -> None:
        if self._who is not None:
            self.busy.pop(self._who, None)

    def on_connection_close(self) -> None:
        if not self._is_whole:
            self.on_finish()
        super().on_connection_close()  # else what has come waits for its end, and stays in the memory


class _Live(_Guarded, WebSocketHandler):
    """Tells a page what changes. What a page sends by it is not read: all that counts is posted, and answered."""

    def check_origin(self, origin: str) -> bool:
        return origin == self._origin()

    def open(self, *_: str) -> None:
        who = self.room.record.student(self.token)
        self.ws_connection.stream.max_write_buffer_size = _WAITING  # type: ignore[union-attr]
        self.close() if who is None else self.room.enter(who, self)

    def on_message(self, message: str | bytes) -> None:
        self.close()

    def on_close(self) -> None:
        self.room.gone(self)


class _Teachers(_Guarded):
    """For who has the key of the teacher, on this machine."""

    loopback = True

    async def prepare(self) -> None:
        await super().prepare()
        key = self.room.record.setting("key")
        given = self.get_query_argument("key", "")
        if not secrets.compare_digest((given or self.get_cookie(_KEY, "") or "").encode(), key.encode()):
            raise HTTPError(403, "Open the teacher's page by the address that was printed when the class was started.")
        if given:
            self.set_cookie(_KEY, key, path="/", httponly=True, samesite="Strict")
            self.redirect(self.request.path)


class _TeachersPage(_Teachers, _Page):
    """A page of the teacher."""


class _TeachersLive(_Teachers, _Live):
    """Tells a page of the teacher what changes; the one on the wall gets no names with work, and no hidden bars."""

    def open(self, *which: str) -> None:
        self.room.teachers[self] = which[0] == "wall"
        self.room.changed()


class _Picture(_Teachers):
    """The first address of the class as a QR code."""

    def get(self) -> None:
        import segno

        segno.make(self.room.urls()[0], error="m").save(
            out := io.BytesIO(), kind="svg", scale=8, border=4, light="#fff"
        )
        self.set_header("Content-Type", "image/svg+xml")
        self.set_header("Cache-Control", "no-store")
        self.finish(out.getvalue())


class _Do(_Teachers):
    """What the teacher does with a button."""

    def post(self) -> None:
        asked, record, said = self.asked(), self.room.record, ""
        what, which = asked.get("do"), asked.get("which", "")
        if not isinstance(which, str | int):
            raise RefusedError("This was not understood.", 400)
        if what == "open" and isinstance(which, str) and which in self.room.whole.by_id:
            record.open(which)
            record.set("view", "vote")
        elif what == "turn" and isinstance(which, str):
            record.turn(which)
        elif what in ("view", "joining") and isinstance(which, str):
            record.set(what, which)
        elif what == "collect":
            said = (
                f"Everything is in {self.room.handed_in}. To grade it: python -m kit grade {typed(self.room.handed_in)}"
            )
        elif what in ("renew", "out") and isinstance(which, int) and which in record.people():
            if what == "renew":
                said = f"The new word of {record.people()[which]}: {record.renew(which)}"
            else:
                record.take_out(which)
            for page in list(self.room.students.get(which, ())):
                page.close()  # who had the old word hears no more
        else:
            raise RefusedError("This was not understood.", 400)
        self.room.changed(list(self.room.students))
        self.finish({"said": said})


def _text(name: str) -> str:
    """What the class's own files hold; the card is that of the lessons."""
    if not name.startswith("cards."):
        return (_STATIC / name).read_text("utf-8")
    text = (Path(cards.__file__).parent / "static" / name).read_text("utf-8")
    return f"{text}\nexport {{ button, choices, digit, make }};\n" if name.endswith(".js") else text


def _is_own(name: str, *, loopback: bool) -> bool:
    """Whether `name` is one of this machine: no name of a stranger's can be an address."""
    if name in ("localhost", "127.0.0.1"):
        return True
    with suppress(ValueError):
        return not loopback and bool(ipaddress.ip_address(name))
    return not loopback and name in (socket.gethostname().lower(), f"{socket.gethostname().lower()}.local")


def apps(room: LiveRoom) -> tuple[Application, Application]:
    """What answers the students, and what answers the teacher."""
    about = {"room": room, "buckets": (Bucket(6000, 300), Bucket(40, 4), Bucket(60, 0.05))}
    quiet = {"log_function": lambda _: None, "websocket_max_message_size": 1000, "websocket_ping_interval": 20}
    students = Application(
        [
            (r"/class", RedirectHandler, {"url": "/class/"}),
            (r"/class/(here|join|leave|vote|reached)", _Here, about),
            (r"/class/hand-in", _HandIn, about),
            (r"/class/live", _Live, about),
            (r"/class/(.*)", _Page, about | {"files": _FILES}),
            (r"/(.*)", _Site, about),
        ],
        **quiet,
    )
    teacher = Application(
        [
            (r"/do", _Do, about),
            (r"/live/(wall|desk)", _TeachersLive, about),
            (r"/address.svg", _Picture, about),
            (r"/(.*)", _TeachersPage, about | {"files": _TEACHERS}),
        ],
        **quiet,
    )
    return students, teacher


async def serve(room: LiveRoom, *, port: int, lan: bool, ready: Callable[[str], None]) -> None:
    """Serve a class until it is cancelled: students at `port`, the teacher at the next one; 0 takes any that is free.

    `ready` gets the address of the teacher's page. Without `lan` only this machine reaches the class. Raises KitError
    where a port is taken.
    """
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= soft < _FILES_OPEN:
            resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES_OPEN, hard))
    students, teacher = map(_CrowdServer, apps(room))
    at = _listen(students, port, "0.0.0.0" if lan else "127.0.0.1")
    room.urls = lambda: [f"http://{one}:{at}" for one in (addresses() if lan else ()) or ["127.0.0.1"]]
    try:
        own = _listen(teacher, port and port + 1, "127.0.0.1")
        ready(f"http://127.0.0.1:{own}/?key={room.record.setting('key')}")
        await asyncio.Event().wait()
    finally:
        for server in (students, teacher):
            server.stop()
            await server.close_all_connections()


def _listen(server: HTTPServer, port: int, host: str) -> int:
    try:
        if not 0 <= port < 2**16:
            raise OSError(errno.ERANGE, "")
        listening = socket.create_server((host, port))
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise KitError(f"Port {port} cannot be used ({why}). Give another, such as --port 8090.") from None
    listening.setblocking(False)
    server.add_sockets([listening])
    return listening.getsockname()[1]
