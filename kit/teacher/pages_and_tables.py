"""What teachers hand out and keep: pages made from templates, tables that only show, and names for their files."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["csv_text", "file_name", "is_formula", "templates"]

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,58}[a-z0-9]|[a-z0-9]")
# Names that Windows keeps for itself, and names that look like one with a digest.
_TAKEN = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*-[0-9a-f]{8}")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def templates(
    folder: Path, *, filters: Mapping[str, Callable[..., str]] | None = None, names: Mapping[str, Any] | None = None
) -> Environment:
    """The templates in `folder`, with filters and names of their own. What they put into HTML is escaped.

    A name that nobody gave is an error, not an empty place.
    """
    import jinja2  # late: tables are made without it

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=jinja2.select_autoescape(["html"], default_for_string=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= filters or {}
    made.globals |= names or {}
    return made


def file_name(student: str, suffix: str = ".html") -> str:
    """A file name for `student`: safe on every system, and different for different students.

    Some systems do not tell Ana from ana, nor two ways to write é: so every name but a plain one in small letters
    carries a digest of its exact letters.
    """
    if _PLAIN.fullmatch(student) and not _TAKEN.fullmatch(student):
        return student + suffix
    safe = re.sub(r"[^A-Za-z0-9-]+", "_", student).strip("_-")[:60]
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe or 'student'}-{digest}{suffix}"


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]], *, exact: bool = False) -> str:
    """A head and rows as CSV that a spreadsheet only shows, lines ended by a line feed; None is an empty cell.

    An apostrophe stands before what a spreadsheet might run, and each cell is on one line. With `exact` a text keeps
    its line ends, and one that begins with an apostrophe gets another: drop one from each such cell to undo it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_cell(cell, exact=exact) for cell in row] for row in (head, *rows))
    return out.getvalue()


def _cell(cell: object, *, exact: bool) -> str:
    text = "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
    text = f"'{text}" if is_formula(text) or (exact and text.startswith("'")) else text
    return text if exact else " ".join(text.splitlines())


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run `text`. A number, also a negative one, is only a number.

    After OWASP, "CSV Injection": a cell that begins with = + - @, a tab or a line's end, or the wide forms of these
    signs (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)
