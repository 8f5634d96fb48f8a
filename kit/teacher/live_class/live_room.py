"""A class that is on: what each of its pages shows just now, and who is told when that changes."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tornado.iostream import StreamBufferFullError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from kit import questions
from kit.article import codebook
from kit.article.records import Annotation
from kit.plots.colours import LOOKS
from kit.teacher.exercises.keys import Exercise
from kit.teacher.live_class import board
from kit.teacher.live_class.class_record import HANDED_IN, ClassRecord, RefusedError, Round
from kit.widgets.cards import ASKS, card

__all__ = ["LiveRoom", "addresses"]

_PAUSE = 0.1
"""Seconds in which changes are gathered before the teacher's pages are told."""
_MOST_SOCKETS = 3
"""Pages of one student that are told of changes; the oldest goes first."""
_FIELD = {"name": "status", "kind": "one", "values": board.LABELS, "ask": ASKS["status"]}
_FIELD["hints"] = [codebook.label("status", name).question for name in board.LABELS]
_LOOKS = [
    {"name": name, "colour": LOOKS["status"][name].colour, "hatch": LOOKS["status"][name].hatch}
    for name in board.LABELS
]
_Right = Mapping[tuple[str, str], set[str]]
"""Page and question to the lines that are right."""


class LiveRoom:
    """A class: its `record`, the article `whole`, the `exercises` with their key, and the site in the folder `site`."""

    def __init__(self, record: ClassRecord, site: Path, whole: Annotation, exercises: Mapping[str, Exercise]) -> None:
        self.record, self.site, self.whole, self.exercises = record, site, whole, exercises
        found = [questions.read(path) for path in sorted((site / "files").rglob("*.ipynb"))]
        self.pages = {page.name: page for page in found if page.name}
        self.handed_in = record.folder / HANDED_IN
        self.urls: Callable[[], list[str]] = list
        self.students: dict[int, dict[WebSocketHandler, None]] = defaultdict(dict)
        self.teachers: dict[WebSocketHandler, bool] = {}
        self._right: dict[Path, _Right] = {}
        self._waiting: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None

    # ---- What a student sees ----

    def here(self, student: int | None) -> dict[str, Any]:
        """Whether a student is in, and the card that is voted on. Of others it tells nothing."""
        people, rounds = self.record.people(), self.record.rounds()
        if student not in people:
            return {"name": None}
        told: dict[str, Any] = {"name": people[student], "field": _FIELD, "vote": None}
        told["handed"] = [
            {"page": self.title(one.page), "at": one.at, "code": one.code} for one in self.record.receipts(student)
        ]
        if rounds and rounds[-1].claim in self.whole.by_id:
            told["vote"] = self._asked(rounds[-1]) | {"mine": self.record.label(rounds[-1].id, student)}
        return told

    def _asked(self, one: Round) -> dict[str, Any]:
        shown = card(self.whole.by_id[one.claim], self.whole)
        return {"id": one.id, "number": one.number, "state": one.state, "card": shown}

    def title(self, page: str) -> str:
        """The title of a page; its name where the site has it no more."""
        return self.pages[page].title or page if page in self.pages else page

    def page_and_question(self, page: object, question: object) -> tuple[str, str]:
        """Both, where there are such. Raises RefusedError."""
        found = self.pages.get(page) if isinstance(page, str) else None
        if found is None or question not in [one.name for one in found.questions]:
            raise RefusedError("There is no such question.", 400)
        return found.name, str(question)

    # ---- What the projector and the teacher see ----

    def projected(self) -> dict[str, Any]:
        """What may be on the wall: no bars before they are shown, and no names beside work or votes."""
        record, rounds = self.record, self.record.rounds()
        known = [one for one in rounds if one.claim in self.whole.by_id]
        told = {"view": record.setting("view", "join"), "addresses": self.urls(), "code": record.setting("code")}
        told |= {"people": list(record.people().values()), "vote": None, "labels": _LOOKS, "progress": self._progress()}
        if known:
            last, votes = known[-1], record.votes()
            told["vote"] = self._asked(last) | {"votes": sum(at == last.id for at, *_ in votes)}
            if last.state == "shown":
                told["vote"]["rounds"] = self._counted(votes).get(last.claim, [])
                told["vote"]["alpha"] = board.agreed(votes)
        return told

    def whole_state(self) -> dict[str, Any]:
        """All that the teacher's own page shows."""
        votes, people = self.record.votes(), self.record.people()
        counted, handed = self._counted(votes), self.record.receipts()
        claims = [
            {"id": name, "words": self.whole.by_id[name].quote, "rounds": counted.get(name, [])}
            for name in board.offered(self.whole, votes)
        ]
        return self.projected() | {
            "claims": claims,
            "people": [{"id": one, "name": name, "here": bool(self.students.get(one))} for one, name in people.items()],
            "joining": self.record.setting("joining", "open"),
            "handed": [
                {"name": people[one.student], "page": self.title(one.page), "at": one.at, "code": one.code}
                for one in reversed(handed)
            ],
        }

    def _counted(self, votes: board.Votes) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for poll in board.polls(votes):
            found[poll.claim].append({"number": poll.number, "counts": poll.counts, "near": poll.near})
        return found

    def _progress(self) -> list[dict[str, Any]]:
        """For each page that anybody has begun: how many are how far, and the lines that nobody has right yet."""
        last = {(one.student, one.page): one.file for one in self.record.receipts()}
        reached, told = self.record.reached(), []
        for page in self.pages.values():
            files = [file for (_, name), file in last.items() if name == page.name]
            found = [self._right[file] for file in files if self._right.get(file)]
            asked = [
                self._question(page.name, one, found) | {"ran": reached.get((page.name, one.name), 0)}
                for one in page.questions
            ]
            if files or any(one["ran"] for one in asked):
                told.append({"title": self.title(page.name), "handed": len(files), "questions": asked})
        return told

    def _question(
        self, page: str, one: questions.Question, found: list[Mapping[tuple[str, str], set[str]]]
    ) -> dict[str, Any]:
        lines = Counter(line for right in found for line in right.get((page, one.name), ()))
        known = [right[page, one.name] for right in found if (page, one.name) in right]
        key = self.exercises[page].by_name[one.name].key if known else {}
        right = sum(len(theirs) == len(key) for theirs in known)
        return {
            "title": one.title,
            "read": len(known),
            "right": right,
            "nobody": [line for line in key if not lines[line]],
        }

    # ---- Who is told ----

    def enter(self, student: int, page: WebSocketHandler) -> None:
        """Tell this page of a student how it is, and what changes from now on."""
        theirs = self.students[student]
        theirs[page] = None
        for oldest in list(theirs)[:-_MOST_SOCKETS]:
            oldest.close()
        self.changed([student])

    def gone(self, page: WebSocketHandler) -> None:
        """Tell this page no more."""
        self.teachers.pop(page, None)
        for theirs in self.students.values():
            theirs.pop(page, None)
        self.changed()

    def changed(self, students: Iterable[int] = ()) -> None:
        """Tell the pages of these `students` at once, and the teacher's in a moment."""
        for student in students:
            for page in list(self.students.get(student, ())):
                _tell(page, self.here(student))
        if self._waiting is None:
            self._waiting = asyncio.ensure_future(self._tell_teachers())

    async def _tell_teachers(self) -> None:
        await asyncio.sleep(_PAUSE)
        self._waiting = None
        if self.teachers and (self._reading is None or self._reading.done()):
            self._reading = asyncio.ensure_future(self._read_new())
        for page, is_wall in list(self.teachers.items()):
            _tell(page, self.projected() if is_wall else self.whole_state())

    async def _read_new(self) -> None:
        """One at a time and beside the event loop, since a hostile notebook may take a while: no vote waits for it."""
        last = {(one.student, one.page): one.file for one in self.record.receipts()}
        for file in [one for one in last.values() if one not in self._right]:
            self._right[file] = await asyncio.to_thread(self._read, file)
            self.changed()

    def _read(self, file: Path) -> _Right:
        try:
            return board.right_lines(file.read_bytes(), file, self.exercises)
        except Exception:  # whatever a stranger's file does to its reader, the board goes on
            return {}


def _tell(page: WebSocketHandler, state: Mapping[str, Any]) -> None:
    with suppress(WebSocketClosedError, StreamBufferFullError):  # it has gone, or hears nothing: others go on
        page.write_message(json.dumps(state))


def addresses() -> list[str]:
    """This machine's own addresses in the networks that it is in, the likeliest first. Nothing is sent."""
    found = []
    for network in ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((network, 9))  # of a datagram socket: only the way is looked up
                found.append(probe.getsockname()[0])
            except OSError:
                continue
    return [one for one in dict.fromkeys(found) if not one.startswith("127.")]
