"""What teachers hand out and keep: pages made from templates, tables that only show, and names for their files."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,58}[a-z0-9]|[a-z0-9]")
RESERVED = r"(con|prn|aux|nul|com\d|lpt\d)( *\..*)?"
"""A pattern for the names that Windows keeps for itself."""
# Also names that look like one with a digest.
_TAKEN = re.compile(rf"{RESERVED}|.*-[0-9a-f]{{8}}")
_SEPARATOR = re.compile(r"([,;\t\r\n])")
_FORMULA = re.compile(r'[\s"]*[=+\-@＝＋－＠]')
# What XML 1.0 cannot hold, and HTML does not either.
_NOWHERE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def templates(folder: Path, **filters: Callable[..., str]) -> Environment:
    """The templates in `folder`, with `filters` of their own. What they put into HTML is escaped, and what no page can
    hold, such as NUL, is a question mark.

    A name that nobody gave is an error, not an empty place.
    """
    import jinja2  # late: tables are made without it

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=jinja2.select_autoescape(["html"], default_for_string=False),
        undefined=jinja2.StrictUndefined,
        finalize=lambda shown: type(shown)(holdable(shown)) if isinstance(shown, str) else shown,  # a safe one stays so
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= filters
    return made


def holdable(text: str) -> str:
    """`text` with a question mark for each character that neither XML 1.0 nor HTML can hold."""
    return _NOWHERE.sub("?", text)


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

    An apostrophe stands before what a spreadsheet might run, also where it takes another separator than the comma, and
    each cell is on one line. With `exact` a text keeps its line ends, and an apostrophe where one might stand gets
    another before it: to undo it, drop one at the beginning of a text and after each comma, semicolon, tab and line
    end in it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_cell(cell, exact=exact) for cell in row] for row in (head, *rows))
    return out.getvalue()


def _cell(cell: object, *, exact: bool) -> str:
    text = "" if cell is None else f"{cell:g}" if isinstance(cell, float) else holdable(str(cell))
    shown = _defused(text, exact=exact)
    return shown if exact else " ".join(shown.splitlines())


def _defused(text: str, *, exact: bool = False) -> str:
    """`text` with an apostrophe before each part of it that a spreadsheet might run as a cell of its own."""
    parts = _SEPARATOR.split(text)  # the odd ones are separators
    for at in range(0, len(parts), 2):
        runs = _FORMULA.match(parts[at]) and not _NUMBER.fullmatch(parts[at].strip())
        if runs or (exact and parts[at].startswith("'")) or (not at and text[:1] in tuple("\t\r\n")):
            parts[at] = f"'{parts[at]}"
    return "".join(parts)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run `text`, or a part of it. A number, also a negative one, is only a number.

    After OWASP, "CSV Injection": a cell that begins with = + - @, a tab or a line's end, or the wide forms of these
    signs; and a separator in a text begins a cell where the spreadsheet's is another than that of the file
    (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    return _defused(text) != text
