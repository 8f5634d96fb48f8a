"""A class that is on, in a thread of its own, and the people who talk to it over HTTP."""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kit.setup import places
from kit.teacher.exercises import keys
from kit.teacher.live_class import board, class_server
from kit.teacher.live_class.board import LiveRoom
from kit.teacher.live_class.class_record import ClassRecord

EXERCISE = "02_facts_and_allegations"


@dataclass
class Answer:
    """What came back: status, what it says, headers, and bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


@dataclass
class Browser:
    """Somebody's browser: keeps its cookie; `ask` may lie about anything."""

    port: int
    cookie: str = ""
    host: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, body: Any = None, *, method: str = "", **headers: str | None) -> Answer:
        host = self.host or f"127.0.0.1:{self.port}"
        sent = {"Host": host, "Origin": f"http://{host}", "Cookie": self.cookie, "Content-Type": "application/json"}
        sent |= self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with suppress(BrokenPipeError, ConnectionResetError):
            line.request(
                method or ("GET" if data is None else "POST"),
                path,
                data,
                {k: v for k, v in sent.items() if v is not None},
            )
        found = line.getresponse()
        answer = Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read())
        line.close()
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer

    def join(self, code: str, name: str, word: str = "") -> Answer:
        return self.ask("/class/join", {"code": code, "name": name, "word": word})


class Class:
    """A running class on a small site."""

    def __init__(self, folder: Path, site: Path) -> None:
        self.folder, self.site = folder, site
        self.room: LiveRoom
        self._told = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._told.wait(20), "the class did not start"

    async def _run(self) -> None:
        self._loop, record = asyncio.get_running_loop(), ClassRecord(self.folder)
        exercise = keys.load(places.solutions() / f"{EXERCISE}.ipynb")
        self.room = LiveRoom(record, self.site, board.article(None), {EXERCISE: exercise})
        self._task = asyncio.current_task()
        with suppress(asyncio.CancelledError):
            await class_server.serve(self.room, port=0, lan=False, ready=self._ready)
        record.close()

    def _ready(self, address: str) -> None:
        self.address = address
        self.port = int(self.room.urls()[0].rpartition(":")[2])
        self.own_port, _, self.key = address.rpartition(":")[2].partition("/?key=")
        self.code = self.room.record.setting("code")
        self._told.set()

    def do(self, action: Any) -> Any:
        """What `action` gives in the server's thread."""

        async def run() -> Any:
            return action(self.room)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(20)

    def browser(self, name: str = "") -> Browser:
        """A browser; with a name, of a student who is in."""
        made = Browser(self.port)
        if name:
            assert made.join(self.code, name).status == 200
        return made

    def teacher(self) -> Browser:
        """The teacher's browser, after it has opened the address."""
        made = Browser(int(self.own_port))
        assert made.ask(f"/?key={self.key}").status == 302
        return made

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a site: a first page, a page of the course, and a script with its packed twin."""
    site = tmp_path_factory.mktemp("site")
    (site / "files" / "exercises").mkdir(parents=True)
    (site / "build").mkdir()
    shutil.copy(places.exercises() / f"{EXERCISE}.ipynb", site / "files" / "exercises")
    (site / "index.html").write_text("<h1>the site</h1>", "utf-8")
    (site / "build" / "12.abcdef1.js").write_text("plain", "utf-8")
    (site / "build" / "12.abcdef1.js.gz").write_bytes(b"packed")
    return site


@pytest.fixture
def live(tmp_path: Path, small_site: Path) -> Iterator[Class]:
    """A class that has just begun."""
    made = Class(tmp_path / "class", small_site)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def work() -> bytes:
    """Exercise 2, solved, as a student's browser sends it."""
    return (places.solutions() / f"{EXERCISE}.ipynb").read_bytes()
