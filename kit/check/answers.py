"""A student's answer in canonical form: a text that is valid code, one line per thing asked, for people and graders."""

from __future__ import annotations

import html
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from kit.errors import visible
from kit.files import from_json

_LONGEST, _LARGEST = 200, 10**15
KINDS_OF_NUMBERS = ("number", "count", "share", "percent")
"""Any number; how many there are; a part of 1; a part of 100."""
_DIGITS = re.compile(r"([-+]?\d+)(?:([.,])(\d+))?\s*(%?)")
_MARKS = " \t\r\n.,;:!?\"'“”‘’„‚«»`*"


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
        item, dtype = getattr(value, "item", None), getattr(value, "dtype", None)
        value = item() if callable(item) else value
        if dtype is not None and dtype.kind == "f" and dtype.itemsize != 8:
            value = float(str(dtype.type(value)))  # as it is shown: 33.3, and not 33.29999924
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
             "DataFrame": "a DataFrame", "Series": "a Series", "ndarray": "an array", "ellipsis": "still `...`",
             "bool": "True or False", "int": "a number", "float": "a number", "set": "a set"}  # fmt: skip
    return names.get(type(value).__name__, f"of the type {type(value).__name__}")


def impossible(value: float, kind: str, most: float | None = None) -> str:
    """What is the matter with `value` as a number of this kind, a clause; "" where nothing is.

    `most` is how many there are to be counted. Raises ValueError for a kind that is none of `KINDS_OF_NUMBERS`.
    """
    if kind not in KINDS_OF_NUMBERS:
        raise ValueError(f"“{kind}” is no kind of number; take one of {', '.join(KINDS_OF_NUMBERS)}.")
    if kind == "number":
        return ""
    if value < 0:
        return f"{value:g} is below 0, and a {'percentage' if kind == 'percent' else kind} is never that"
    if kind == "count" and value != int(value):
        return f"{value:g} is not a whole number, and a count is one"
    if kind == "count" and most is not None and value > most:
        return f"{value:g} is more than there are: {most:g}"
    if kind == "share" and value > 1:
        return f"{value:g} is more than 1, and a share lies between 0 and 1" + " (is it percent?)" * (value <= 100)
    if kind == "percent" and value > 100:
        return f"{value:g} is more than 100, and percent lie between 0 and 100"
    if kind == "percent" and 0 < value < 1:
        return f"{value:g} looks like a share of 1; percent lie between 0 and 100"
    return ""


def written_otherwise(answer: object, kind: str = "number") -> str:
    """How to write what was meant as a number, a clause: "write a point: 45.8"; "" where no number can be seen.

    Seen are a text with digits, a decimal comma or a sign for percent, and the pair that Python makes of 45,8.
    """
    pair = isinstance(answer, (list, tuple)) and [number_of(item) for item in answer[:3]]
    if pair and len(pair) == 2 and all(isinstance(item, int) for item in pair):
        answer = f"{pair[0]},{pair[1]}"
    elif pair and len(pair) == 1 and isinstance(pair[0], (int, float)):
        return f"write the number alone, without brackets or comma: {pair[0]}"
    found = _DIGITS.fullmatch(text(answer)) if isinstance(answer, str) else None
    if not found:
        return ""
    whole, mark, rest, sign = found.groups()
    if mark == "," and kind == "count":
        return "a count is one whole number, without a comma"
    if mark == ",":
        return f"write a point: {whole}.{rest}"
    plain = f"{whole}.{rest}" if rest else whole
    return f"write it without {'the sign %' if sign else 'quotation marks'}: {plain}"


FITS = "Fits the text."
"""The remark on a line that the text supports. Every remark on a line that fits begins with its first word."""
UNEXPLAINED = "so it cannot be explained here."
"""How a remark ends that says neither that a line fits nor that it does not."""
Value = str | int | float | list[Any]
_EACH = "Each row: "
_WIDE = 8
"""More columns than these have their names upright, letter below letter."""

# JupyterLab marks a cell whose text is not what last ran; of what it shows, tracebacks alone are red. The words are in
# the style, so that they are gone where a front end leaves styles out. Between the answer cell and its check there may
# be one more cell.
_EDITED = ".jp-CodeCell:is(.jp-mod-dirty,:has(.jp-OutputArea .ansi-red-fg)):not(:has(.kit-unrun))"
_BELOW = f":is({_EDITED},{_EDITED}+.jp-Cell:not(:has(.kit-unrun)))+.jp-CodeCell .kit-unrun"
_UNRUN = (
    f"<style>{_BELOW}+p{{display:none}}{_BELOW}::before{{display:block;font-weight:bold;content:'A cell just above was "
    "changed and not run, or stopped with an error. What stands here is about the old answer: run that cell, then this "
    "one.'}</style>"
)


@dataclass(frozen=True)
class Answer:
    """What was answered, line by line, and what is missing or malformed in it.

    `lines` maps what was asked (a claim, a unit, a row, or "value") to a plain value; "" is a blank.
    `problems` are sentences about the form alone. `remarks` maps a line to what a reader should know of it.
    `stale` says first why this is not what the answer cell now makes; "" where it is, None where that is not known.
    `faults` are the lines whose value cannot be meant as it stands, each with the matter in a word or two
    ("misspelt"); they do not count as filled. `columns` name the parts of each line that is a list of as many. `said`
    tells what the answer as a whole is, where more can be said than how far it is.
    """

    lines: dict[str, Value]
    problems: tuple[str, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    stale: str | None = None
    said: str = ""

    @property
    def blanks(self) -> list[str]:
        """The lines that are still empty."""
        return [name for name, value in self.lines.items() if value in ("", [])]

    @property
    def verdict(self) -> str:
        """One sentence on what the answer is, or how far."""
        if self.said and not self.stale:
            return self.said
        if not self.stale and not self.remarks and not self.blanks and not self.problems and not self.faults:
            return "Complete: every line is filled, and every value is of the right kind."
        empty = {*self.blanks, *self.faults}
        found = [f"{len(self.lines) - len(empty)} of {len(self.lines)} lines filled"]
        found += [f"{count} {matter}" for matter, count in Counter(self.faults.values()).items()]
        if self.stale or not self.remarks:
            return f"{', '.join(found)}."
        fit = [remark for remark in self.remarks.values() if _fits(remark)]
        what = " the text" if not fit or any(remark.startswith(FITS) for remark in fit) else ""
        return f"{', '.join(found)}; {len(fit)} fit{'s' * (len(fit) == 1)}{what}."

    def glance(self, name: str) -> str:
        """How the line stands, in a word or two: “fits”, “look again”, “blank”, or only that it is filled."""
        if name in self.faults:
            return f"look again: {self.faults[name]}"
        if name in self.blanks:
            return "blank"
        remark = self.remarks.get(name, "")
        if not remark or remark.endswith(UNEXPLAINED):
            return "filled"
        return "fits" if _fits(remark) else "look again"

    def __repr__(self) -> str:
        rows = [json.dumps({name: value}, ensure_ascii=False)[1:-1] for name, value in self.lines.items()]
        text = f"# {visible(self.stale)}\n" if self.stale else ""
        text += "{" + ",\n ".join(rows) + "}"
        said = [f"{_EACH}{', '.join(self.columns)}"] if self.columns else []
        begun = {name: "Look again. " * self.glance(name).startswith("look again") for name in self.remarks}
        remarks = (f"{name}: {begun[name]}{remark}" for name, remark in self.remarks.items())
        for note in (*said, *self.problems, *remarks, *([self.said] if self.said else [])):
            text += "\n# " + " ".join(visible(note).split())
        return printable(text)

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{_in_html(problem)}</li>" for problem in self.problems)
        said = f"{self._first()}<p>{html.escape(self.verdict)}</p>" + (f"<ul>{said}</ul>" if said else "")
        if list(self.lines) == ["value"]:
            return printable(said + f"<p>Your answer: {html.escape(shown(self.lines['value'])) or '<i>blank</i>'}</p>")
        parts = max(1, len(self.columns))
        upright = ";writing-mode:vertical-rl" * (parts > _WIDE)
        more = ["at a glance"] * bool(self.remarks or self.faults) + ["remark"] * bool(self.remarks)
        head = "".join(f"<th scope='col' {_LEFT}{upright}'>{html.escape(name)}</th>" for name in self.columns)
        head = f"<th {_LEFT}'>line</th>{head or _head('your answer')}{''.join(map(_head, more))}"
        rows = "".join(f"<tr>{self._cells(name, parts, more)}</tr>" for name in self.lines)
        return printable(f"{said}<table><tr>{head}</tr>{rows}</table>")

    def _first(self) -> str:
        """What a page shows before all else; also, by a style, that a cell above was edited and not run."""
        if self.stale:
            return f"<p><b>{html.escape(self.stale)}</b></p>"
        return "" if self.stale is None else f"{_UNRUN}<div class='kit-unrun'></div>"

    def _cells(self, name: str, parts: int, more: list[str]) -> str:
        """A row of the table: the name of the line, what was answered in `parts` columns, and what is said of it."""
        value = self.lines[name]
        split = isinstance(value, list) and 0 < len(value) == len(self.columns)
        texts = [html.escape(shown(part)) or "<i>blank</i>" for part in (value if split else [value])]  # type: ignore
        wide = f" colspan='{parts}'" if parts > 1 and not split else ""
        cells = f"<th scope='row' {_LEFT};font-weight:normal'>{html.escape(name)}</th>"
        cells += "".join(f"<td{wide} {_LEFT}'>{text}</td>" for text in texts)
        said = [html.escape(self.glance(name)), _in_html(self.remarks.get(name, ""))][: len(more)]
        return cells + "".join(f"<td {_LEFT}'>{text}</td>" for text in said)


_LEFT = "style='text-align:left;vertical-align:top"


def _head(name: str) -> str:
    return f"<th scope='col' {_LEFT};white-space:nowrap'>{name}</th>"


def _fits(remark: str) -> bool:
    return remark.startswith(FITS.split()[0])


def _in_html(said: str) -> str:
    """What is said of an answer: what stands between two grave accents is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(said)).replace("\n", "<br>")


def in_quotes(said: str) -> str:
    """What is said of an answer, where no code can be shown: quotation marks stand in place of grave accents."""
    return re.sub(r"`([^`]+)`", r"“\1”", said)


def parse(text: str) -> dict[str, Value] | None:
    """Read the lines back out of an answer's repr; None where no `Answer` writes such a text. Runs no code."""
    try:
        lines = from_json("\n".join(row for row in text.split("\n") if not row.startswith("# ")))
        return {name: [_item(one) for one in it] if isinstance(it, list) else _item(it) for name, it in lines.items()}
    except (ValueError, AttributeError):
        return None


def _item(value: Any) -> Any:
    """A text or a number as an answer holds it. Raises ValueError for anything else."""
    if isinstance(value, str) or (type(value) in (int, float) and abs(value) < _LARGEST):
        return value
    raise ValueError("no value of an answer")


def notes(text: str) -> list[str]:
    """The remarks in an answer's repr: the lines that begin with "# ", at most ten. The names of columns are none."""
    return [row[2:] for row in text.split("\n") if row.startswith("# ") and not row.startswith(f"# {_EACH}")][:10]
