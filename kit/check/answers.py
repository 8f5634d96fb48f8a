"""A student's answer in canonical form: a text that is valid code, one line per thing asked, for people and graders."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from kit.errors import visible

__all__ = [
    "FITS",
    "Answer",
    "Value",
    "kind",
    "notes",
    "number_of",
    "numbers",
    "parse",
    "printable",
    "shown",
    "string",
    "text",
]

_LONGEST, _LARGEST = 200, 10**15
_MARKS = " \t\r\n.,;:!?\"'“”‘’"


def numbers(value: Any) -> list[Any]:
    """The items of a list, a tuple, a Series …, or a single one; nothing for a blank."""
    try:
        many = isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))
        items = list(islice(value, 100)) if many else [value]
    except Exception:  # an array without dimensions, or an object of the student's own
        items = [value]
    return [found for found in map(number_of, items) if found != ""]


def text(value: object) -> str:
    """One line of text, at most 200 characters, without the marks around it; "" for what is missing."""
    missing = value is None or value is ... or type(value).__name__ in ("NAType", "NaTType")
    missing = missing or (isinstance(value, float) and math.isnan(value))
    return "" if missing else " ".join(string(value).split()).strip(_MARKS)[:_LONGEST]


def string(value: object) -> str:
    """`str(value)`, also where that is impossible: for an object of the student's own, a list in itself, …"""
    try:
        return printable(str(value))
    except Exception:
        return f"something of the type {type(value).__name__}"


def printable(text: str) -> str:
    """`text` with halves of characters (lone surrogates), which no file and no page can hold, spelt out."""
    return text.encode("utf-8", "backslashreplace").decode()


def number_of(value: object) -> Any:
    """A Python int, float or text for what may be a numpy or pandas value; whole floats become ints."""
    try:
        item = getattr(value, "item", None)
        value = item() if callable(item) else value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _LARGEST:
            return text(value)
        rounded = round(value, 6)
        return int(rounded) if rounded == int(rounded) else float(rounded)
    except Exception:  # an array with several items, or an object of the student's own
        return text(value)


def shown(value: object) -> str:
    """A value as it is shown to a reader."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)[:_LONGEST]


def kind(value: object) -> str:
    """What sort of thing this is, in words."""
    names = {"str": "text", "list": "a list", "tuple": "a tuple", "dict": "a dict", "NoneType": "nothing yet",
             "DataFrame": "a DataFrame", "Series": "a Series", "ndarray": "an array", "ellipsis": "still “...”",
             "bool": "True or False", "int": "a number", "float": "a number"}  # fmt: skip
    return names.get(type(value).__name__, f"of the type {type(value).__name__}")


FITS = "Fits the text."
"""The remark on a line that the text supports."""
Value = str | int | float | list[Any]

# JupyterLab marks a cell whose text is not what last ran. The words are in the style, so that they are gone where a
# front end leaves styles out. Between the answer cell and its check there may be one more cell.
_EDITED = ".jp-CodeCell.jp-mod-dirty:not(:has(.kit-unrun))"
_BELOW = f":is({_EDITED},{_EDITED}+.jp-Cell:not(:has(.kit-unrun)))+.jp-CodeCell .kit-unrun"
_UNRUN = (
    f"<style>{_BELOW}+p{{display:none}}{_BELOW}::before{{display:block;font-weight:bold;content:'A cell just above was "
    "changed and not run. What stands here is about the old answer: run that cell, then this one.'}</style>"
)


@dataclass(frozen=True)
class Answer:
    """What was answered, line by line, and what is missing or malformed in it.

    `lines` maps what was asked (a claim, a unit, a row, or "value") to a plain value; "" is a blank.
    `problems` are sentences about the form alone. `remarks` maps a line to what a reader should know of it.
    `stale` says first why this is not what the answer cell now makes; "" where it is, None where that is not known.
    """

    lines: dict[str, Value]
    problems: tuple[str, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)
    stale: str | None = None

    @property
    def blanks(self) -> list[str]:
        """The lines that are still empty."""
        return [name for name, value in self.lines.items() if value in ("", [])]

    @property
    def verdict(self) -> str:
        """One sentence on how far the answer is."""
        filled = f"{len(self.lines) - len(self.blanks)} of {len(self.lines)} lines filled"
        if self.stale:
            return f"{filled}."
        if self.remarks:
            fit = sum(remark.startswith(FITS) for remark in self.remarks.values())
            return f"{filled}; {fit} fit{'s' * (fit == 1)} the text."
        if not self.blanks and not self.problems:
            return "Complete: every line is filled, and every value is of the right kind."
        return f"{filled}."

    def __repr__(self) -> str:
        rows = [json.dumps({name: value}, ensure_ascii=False)[1:-1] for name, value in self.lines.items()]
        text = f"# {visible(self.stale)}\n" if self.stale else ""
        text += "{" + ",\n ".join(rows) + "}"
        for note in (*self.problems, *(f"{name}: {remark}" for name, remark in self.remarks.items())):
            text += "\n# " + " ".join(visible(note).split())
        return printable(text)

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{html.escape(problem)}</li>" for problem in self.problems)
        said = f"{self._first()}<p>{html.escape(self.verdict)}</p>" + (f"<ul>{said}</ul>" if said else "")
        if list(self.lines) == ["value"]:
            return printable(said + f"<p>Your answer: {html.escape(shown(self.lines['value'])) or '<i>blank</i>'}</p>")
        left = "style='text-align:left;vertical-align:top"
        heads = ["line", "your answer", *(["remark"] if self.remarks else [])]
        head = "".join(f"<th {left};white-space:nowrap'>{name}</th>" for name in heads)
        rows = ""
        for name, value in self.lines.items():
            cells = [html.escape(name), html.escape(shown(value)) or "<i>blank</i>"]
            if self.remarks:
                cells.append(html.escape(self.remarks.get(name, "")).replace("\n", "<br>"))
            rows += f"<tr>{''.join(f'<td {left}{chr(39)}>{cell}</td>' for cell in cells)}</tr>"
        return printable(f"{said}<table><tr>{head}</tr>{rows}</table>")

    def _first(self) -> str:
        """What a page shows before all else; also, by a style, that a cell above was edited and not run."""
        if self.stale:
            return f"<p><b>{html.escape(self.stale)}</b></p>"
        return "" if self.stale is None else f"{_UNRUN}<div class='kit-unrun'></div>"


def parse(text: str) -> dict[str, Value] | None:
    """Read the lines back out of an answer's repr; None where the text is not one. Runs no code."""
    try:
        lines = json.loads("\n".join(row for row in text.split("\n") if not row.startswith("# ")))
    except (ValueError, RecursionError):
        return None
    return lines if isinstance(lines, dict) else None


def notes(text: str) -> list[str]:
    """The remarks in an answer's repr: the lines that begin with "# ", at most ten."""
    return [row[2:] for row in text.split("\n") if row.startswith("# ")][:10]
