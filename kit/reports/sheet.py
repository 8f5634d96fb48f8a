"""CSV that a spreadsheet only shows: no cell of it runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

__all__ = ["csv_text", "defused", "runs"]

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def runs(text: str) -> bool:
    """Whether a spreadsheet might run `text` as a formula. A number, also a negative one, is only a number.

    After OWASP, "CSV Injection": a cell that begins with = + - @, a tab or a line's end, or the wide forms of these
    signs (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def defused(cell: object) -> str:
    """`cell` as text for CSV, on one line; an apostrophe stands before what a spreadsheet might run."""
    if isinstance(cell, float):
        return f"{cell:g}"
    text = "" if cell is None else str(cell)
    return " ".join(f"'{text}".splitlines()) if runs(text) else " ".join(text.splitlines())


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A head and rows as CSV in UTF-8 without a byte-order mark, lines ended by a line feed; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([defused(cell) for cell in row] for row in (head, *rows))
    return out.getvalue()
