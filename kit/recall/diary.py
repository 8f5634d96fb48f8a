"""What was answered in practice: plain rows in `practice.csv`, one line for each answer, never changed afterwards."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from kit.errors import KitError
from kit.files import LAID, nearest

NAME = "practice.csv"
_YES = {"yes": True, "no": False}


@dataclass(frozen=True)
class Attempt:
    """One answer: when, on which card, what was `given`, whether it was `right`, and the misconception behind it."""

    time: datetime
    article: str
    claim: str
    field: str
    given: str
    right: bool
    misconception: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Article, claim, field: what a card is known by."""
        return self.article, self.claim, self.field


def file() -> Path:
    """The diary's path: on the desk that the current folder belongs to, else in the folder itself. No file is made."""
    here = Path.cwd().resolve()
    return (nearest(LAID, here) or here) / NAME


def read(path: Path) -> tuple[Attempt, ...]:
    """The rows, by time. A line that cannot be read costs itself only; without a file there are none.

    Raises KitError where the file is there and cannot be opened.
    """
    try:
        whole = path.read_bytes() if path.exists() else b""
    except OSError as fault:
        raise KitError(f"{path} cannot be read ({fault.strerror or fault}). Move it away, then start again.") from None
    # Line by line: an open quotation mark must not swallow what follows.
    lines = whole.decode("utf-8-sig", "replace").splitlines()
    rows = [row for line in lines if (row := _parsed(line)) is not None]
    return tuple(sorted(rows, key=lambda row: row.time))


def append(path: Path, row: Attempt) -> None:
    """Add a row at the end, below a head of names in a new file. Raises OSError where that is impossible."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as stream:
        size = stream.tell()
        stream.seek(max(size - 1, 0))
        # After a crash the last line may be a half: it must not take this one with it.
        start = "\n" if size and stream.read(1) != b"\n" else ""
        head = "" if size else _line([spec.name for spec in fields(Attempt)])
        time, right = row.time.astimezone(UTC).isoformat(timespec="seconds"), "yes" if row.right else "no"
        line = _line([time, row.article, row.claim, row.field, row.given, right, row.misconception])
        stream.write((start + head + line).encode())


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _parsed(line: str) -> Attempt | None:
    try:
        (time, article, claim, field, given, right, misconception), *_ = csv.reader([line])
        when = datetime.fromisoformat(time).astimezone(UTC)
        if not 2000 < when.year < 3000:  # there is no counting on from there
            return None
        return Attempt(when, article, claim, field, given, _YES[right], misconception)
    except (ValueError, KeyError, OverflowError, csv.Error):
        return None
