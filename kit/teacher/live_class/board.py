"""The board: the votes of a class in numbers, what each of its pages shows just now, and who is told of changes."""

from __future__ import annotations

import asyncio
import functools
import math
import socket
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import segno

from kit import agreement, questions
from kit.article import annotation_file, codebook, seeds
from kit.article.colours import LOOKS
from kit.article.records import Annotation, Claim
from kit.check.answers import number_of
from kit.errors import KitError, many, typed
from kit.files import from_json
from kit.page.names import literal
from kit.teacher.exercises.keys import Exercise
from kit.teacher.exercises.own_templates import ARTICLE
from kit.teacher.grading import submission
from kit.teacher.live_class import class_record
from kit.teacher.live_class.class_record import ClassRecord, Receipt, RefusedError, Round
from kit.widgets.cards import ASKS, card

LABELS = codebook.names("status")
NEAR = (0.35, 0.65)
"""Four votes or more split near half where the most frequent label has a share between these. Discussion was found most
fruitful about there (Crouch and Mazur, "Peer Instruction: Ten years of experience and results", 2001)."""
_FIELD = {"name": "status", "kind": "one", "values": LABELS, "ask": ASKS["status"]}
_FIELD["hints"] = [codebook.label("status", name).question for name in LABELS]
_QR = functools.cache(lambda url: segno.make(url, error="m").svg_data_uri(scale=8, border=4, light="#fff"))
_LOOKS = [{"name": name, "colour": one.colour, "hatch": one.hatch} for name, one in LOOKS["status"].items()]


def article(course: Path | None) -> Annotation:
    """The article of the course whose articles lie in the folder `course`; by default the kit's own."""
    return annotation_file.read(course / f"{ARTICLE}.toml" if course else seeds.article("soldiers"))


def counted(rounds: Sequence[Round]) -> dict[str, list[dict[str, Any]]]:
    """Each claim that anybody voted on to its votes in order: their `number`, the `counts` of each label of the
    codebook, and whether the class splits `near` half."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in (one for one in rounds if one.votes):
        counts = {name: list(one.votes.values()).count(name) for name in LABELS}
        near = len(one.votes) >= 4 and NEAR[0] <= max(counts.values()) / len(one.votes) <= NEAR[1]
        found[one.claim].append({"number": one.number, "counts": counts, "near": near})
    return found


def offered(whole: Annotation, rounds: Sequence[Round]) -> list[Claim]:
    """The claims in the order in which they are worth a vote: first those that split near half and were voted on once,
    then those without a vote that careful readers label in two ways, then the others, and last what is done."""
    places = {claim.id: 1 if claim.also else 2 for claim in whole.claims}
    for claim, votes in counted(rounds).items():
        places[claim] = 0 if votes[-1]["number"] == 1 and votes[-1]["near"] else 3
    return sorted(whole.claims, key=lambda claim: places[claim.id])


def agreed(rounds: Sequence[Round]) -> tuple[str, str]:
    """Krippendorff's alpha of the first and of the last vote, each with what it rests on, in words.

    Once any claim has been voted on twice, both are of these claims alone, so that like is compared with like.
    """
    first = {one.claim: one.votes for one in rounds if one.number == 1}
    last = {one.claim: one.votes for one in rounds if one.number > 1 and one.votes}
    before = {claim: first[claim] for claim in last} if last else first
    return _alpha(before), _alpha(last) if last else "no second vote yet"


def _alpha(votes: dict[str, dict[int, str]]) -> str:
    found = agreement.interval(pd.DataFrame.from_dict(votes, orient="index"))
    if found.claims < 2:
        return "no value yet: it needs two claims with two votes each"
    said = found.note if math.isnan(found.value) else f"{found.value:.2f}"
    return f"{said} ({many(found.claims, 'claim')}, {many(found.raters, 'voter')})"


def voted(folder: Path, course: Path | None) -> tuple[list[list[str]], tuple[str, str]]:
    """The record of votes in a class's `folder` for a report: rows (claim with its words, first vote, last vote, how
    many of those who voted in both changed theirs), and `agreed`. Raises KitError where there is no record."""
    if not (folder / class_record.FILE).is_file():
        raise KitError(f"{folder} holds no record of a class. Give the folder of `python -m kit class`.")
    record, claims, rows = ClassRecord(folder), article(course).by_id, []
    rounds = record.rounds()
    record.close()
    for claim, told in counted(rounds).items():
        words = [", ".join(f"{count} {name}" for name, count in one["counts"].items() if count) for one in told]
        cast = [one.votes for one in rounds if one.claim == claim and one.votes]
        moved = sum(cast[-1].get(who, label) != label for who, label in cast[0].items())
        quote = f" “{claims[claim].quote}”" if claim in claims else ""
        rows.append([f"{claim}{quote}", words[0], *([words[-1], str(moved)] if len(cast) > 1 else ["–", "–"])])
    return rows, agreed(rounds)


def right_lines(file: Path, exercise: Exercise) -> dict[str, set[str]]:
    """Question to the lines that are right in a notebook of `exercise` that was handed in.

    Only of answers that are plain data, which are read and never run; nothing where it cannot be read.
    """
    try:
        given, right = submission.answers(submission.read("", file), exercise), {}
        for one in exercise.questions:
            value = literal(given[one.name].source or "", one.name)
            if one.kind == questions.WRITTEN_OUT:
                said = {str(line): _even(it) for line, it in value.items()} if isinstance(value, dict) else {}
                right[one.name] = {line for line in one.key if said.get(line) in map(_even, one.accepted(line))}
        return right
    except Exception:  # whatever a stranger's file does to its reader, the board goes on
        return {}


def _even(value: object) -> object:
    """A value as it is compared: capitals and marks around a text do not matter."""
    if isinstance(value, dict | list | tuple):
        return [_even(one) for one in (value.values() if isinstance(value, dict) else value)]
    plain = number_of(value)
    return plain.casefold() if isinstance(plain, str) else plain


class LiveRoom:
    """A class: its `record`, the article `whole`, the `exercises` with their key, and the site in the folder `site`.

    `urls` gives the addresses of the class, the likeliest first. `changes` holds what open pages wait for, by their
    student, None for those of the teacher.
    """

    def __init__(self, record: ClassRecord, site: Path, whole: Annotation, exercises: Mapping[str, Exercise]) -> None:
        self.record, self.site, self.whole, self.exercises = record, site, whole, exercises
        found = [questions.read(path) for path in sorted((site / "files").rglob("*.ipynb"))]
        self.pages = {page.name: page for page in found if page.name}
        self.questions = [(page.name, one.name) for page in self.pages.values() for one in page.questions]
        self.urls: Callable[[], list[str]] = list
        self.changes: defaultdict[int | None, asyncio.Event] = defaultdict(asyncio.Event)
        self._right: dict[Path, dict[str, set[str]]] = {}
        self._reading: asyncio.Task[None] | None = None

    # ---- What a student sees ----

    def here(self, student: int | None) -> dict[str, Any]:
        """Whether a student is in, and the card that is voted on. Of others it tells nothing."""
        if student is None:
            return {"name": None}
        handed, (now, asked) = [self.told(one) for one in self.record.receipts(student)], self._on(self.record.rounds())
        vote = asked | {"mine": now.votes.get(student, "")} if now else None
        return {"name": self.record.people()[student], "field": _FIELD, "handed": handed, "vote": vote}

    def _on(self, rounds: Sequence[Round]) -> tuple[Round | None, dict[str, Any]]:
        """The round that is on, and what all may know of it; None before the first."""
        now = next((one for one in reversed(rounds) if one.claim in self.whole.by_id), None)
        if now is None:
            return None, {}
        claim = self.whole.by_id[now.claim]
        return now, {"id": now.id, "number": now.number, "state": now.state, "card": card(claim, self.whole)}

    def told(self, receipt: Receipt) -> dict[str, str]:
        """A receipt as it is shown: with the title of its page, or its name where the site has it no more."""
        title = self.pages[receipt.page].title if receipt.page in self.pages else ""
        return {"page": title or receipt.page, "at": receipt.at, "code": receipt.code}

    def page_of(self, data: bytes) -> str:
        """Which page a notebook is, by its metadata. Nothing else of it is read. Raises RefusedError."""
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            notebook = from_json(data)
            about = notebook["metadata"]["kit"]
            if isinstance(notebook["cells"], list):
                return self.pages[about.get("exercise") or about.get("lesson")].name
        said = "This is no page of the course, so it was not taken. Open the page from the class's own list."
        raise RefusedError(said, 400)

    # ---- What the projector and the teacher see ----

    def wall(self, rounds: Sequence[Round] | None = None) -> dict[str, Any]:
        """What may be on the wall: no bars before they are shown, and no names beside work or votes."""
        record, urls, rounds = self.record, self.urls(), self.record.rounds() if rounds is None else rounds
        now, asked = self._on(rounds)
        told = {"view": record.setting("view", "join"), "addresses": urls, "qr": _QR(urls[0]), "labels": _LOOKS}
        told |= {"code": record.setting("code"), "people": list(record.people().values())}
        if now and now.state == "shown":
            asked |= {"rounds": counted(rounds).get(now.claim, []), "alpha": agreed(rounds)}
        return told | {"vote": asked | {"votes": len(now.votes)} if now else None, "progress": self._progress()}

    def desk(self) -> dict[str, Any]:
        """All that the teacher's own page shows."""
        rounds, people = self.record.rounds(), self.record.people()
        votes, claims = counted(rounds), offered(self.whole, rounds)
        return self.wall(rounds) | {
            "claims": [{"id": one.id, "words": one.quote, "rounds": votes.get(one.id, [])} for one in claims],
            "people": [{"id": one, "name": name, "here": one in self.changes} for one, name in people.items()],
            "joining": self.record.setting("joining", "open"),
            "folder": [str(self.record.handed_in), f"python -m kit grade {typed(self.record.handed_in)}"],
            "handed": [{"name": people[one.student]} | self.told(one) for one in self.record.receipts()[::-1]],
        }

    def _progress(self) -> list[dict[str, Any]]:
        """For each page that anybody has begun: how many are how far, and the lines that nobody has right yet."""
        reached, told = self.record.reached(), []
        last = {(one.student, one.page): self.record.handed_in / one.file for one in self.record.receipts()}
        new = [(page, file) for (_, page), file in last.items() if file not in self._right]
        if new and (self._reading is None or self._reading.done()):
            self._reading = asyncio.ensure_future(self._read(new))
        for page in self.pages.values():
            files = [file for (_, name), file in last.items() if name == page.name]
            read = [self._right[file] for file in files if self._right.get(file)]
            asked = []
            for one in page.questions:
                right = [lines[one.name] for lines in read if one.name in lines]
                key = self.exercises[page.name].by_name[one.name].key if right else {}
                nobody = [line for line in key if not any(line in lines for lines in right)]
                about = {"title": one.title, "ran": reached[page.name, one.name], "nobody": nobody}
                asked.append(about | {"read": len(right), "right": right.count(set(key))})
            if files or any(one["ran"] for one in asked):
                told.append({"title": page.title or page.name, "handed": len(files), "questions": asked})
        return told

    # ---- Who is told ----

    def changed(self, students: Collection[int | None] = ()) -> None:
        """Tell the pages of these `students`, and the teacher's."""
        for who in {*students, None} & self.changes.keys():
            self.changes[who].set()
            self.changes[who] = asyncio.Event()

    async def _read(self, new: list[tuple[str, Path]]) -> None:
        """One at a time and beside the event loop, since a hostile notebook may take a while: no vote waits for it."""
        for page, file in new:
            exercise = self.exercises.get(page)
            self._right[file] = await asyncio.to_thread(right_lines, file, exercise) if exercise else {}
            self.changed()


def addresses() -> list[str]:
    """This machine's own addresses in the networks that it is in, the likeliest first. Nothing is sent."""
    found = {}
    for network in ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.connect((network, 9))  # of a datagram socket: only the way is looked up
            found[probe.getsockname()[0]] = True
    return [one for one in found if not one.startswith("127.")]
