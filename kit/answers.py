"""A student's answer in canonical form: a text that is valid code, one line per thing asked, for people and graders."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.anchors import closest

__all__ = ["Answer", "labels", "notes", "number", "parse", "spans", "table", "words"]

Value = str | int | float | list[Any]
_LONGEST = 200
_MARKS = " \t\r\n.,;:!?\"'“”‘’"


@dataclass(frozen=True)
class Answer:
    """What was answered, line by line, and what is missing or malformed in it.

    `lines` maps what was asked (a claim, a unit, a row, or "value") to a plain value; "" is a blank.
    `problems` are sentences about the form alone. `remarks` maps a line to what a reader should know of it.
    """

    lines: dict[str, Value]
    problems: tuple[str, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)

    @property
    def blanks(self) -> list[str]:
        """The lines that are still empty."""
        return [name for name, value in self.lines.items() if value in ("", [])]

    @property
    def verdict(self) -> str:
        """One sentence on how far the answer is; never on whether it is right."""
        filled = len(self.lines) - len(self.blanks)
        if filled == len(self.lines) and not self.problems:
            return "Complete: every line is filled, and every value is of the right kind."
        return f"{filled} of {len(self.lines)} lines filled."

    def __repr__(self) -> str:
        rows = (f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in self.lines.items())
        text = "{" + ",\n ".join(rows) + "}"
        for note in (*self.problems, *(f"{name}: {remark}" for name, remark in self.remarks.items())):
            text += "\n# " + " ".join(note.split())
        return text

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{html.escape(_shown(value)) or '<i>blank</i>'}</td>"
            f"<td style='text-align:left'>{html.escape(self.remarks.get(name, ''))}</td></tr>"
            for name, value in self.lines.items()
        )
        problems = "".join(f"<li>{html.escape(problem)}</li>" for problem in self.problems)
        head = "<tr><th>line</th><th>your answer</th><th style='text-align:left'>remark</th></tr>"
        return f"<p>{html.escape(self.verdict)}</p><ul>{problems}</ul><table>{head}{rows}</table>"


def parse(text: str) -> dict[str, Value] | None:
    """Read the lines back out of an answer's repr; None where the text is not one. Runs no code."""
    plain = "\n".join(row for row in text.splitlines() if not row.startswith("# "))
    try:
        lines = json.loads(plain)
    except (ValueError, RecursionError):
        return None
    return lines if isinstance(lines, dict) else None


def notes(text: str) -> list[str]:
    """The remarks in an answer's repr: the lines that begin with "# ", at most ten."""
    return [row[2:] for row in text.splitlines() if row.startswith("# ")][:10]


def labels(answer: object, *, lines: Sequence[str], values: Sequence[str]) -> Answer:
    """One of `values` for each of `lines`: a dict such as {"S05a": "act"}, or a Series."""
    given, problems = _mapping(answer, lines)
    found: dict[str, Value] = {}
    for name in lines:
        value = _text(given.get(name, "")).lower()
        found[name] = value
        if value and value not in values:
            problems.append(f"{name}: “{value}” is not one of {', '.join(values)}{_meant(value, values)}")
    return Answer(found, tuple(problems + _gaps(found)))


def words(answer: object, *, lines: Mapping[str, str]) -> Answer:
    """Words copied from a text, for each of `lines` (name to the text that they must stand in).

    Quotation marks, capitals, spaces and full stops around them do not matter.
    """
    given, problems = _mapping(answer, tuple(lines))
    found: dict[str, Value] = {}
    for name, text in lines.items():
        value = _text(given.get(name, "")).casefold()
        found[name] = value
        if value and value not in " ".join(text.casefold().split()):
            problems.append(f"{name}: “{value}” does not stand in that sentence; copy the words letter by letter.")
    return Answer(found, tuple(problems + _gaps(found)))


def spans(answer: object, *, lines: Mapping[str, int]) -> Answer:
    """Numbers of pieces, for each of `lines` (name to how many pieces there are), such as {"S05": [1, 2]}."""
    given, problems = _mapping(answer, tuple(lines))
    found: dict[str, Value] = {}
    for name, size in lines.items():
        value = given.get(name, [])
        items = [value] if isinstance(value, (int, str)) and value != "" else value
        numbers = [_plain(item) for item in items] if isinstance(items, Iterable) and items != "" else [_plain(items)]
        good = sorted({n for n in numbers if isinstance(n, int) and 1 <= n <= size})
        found[name] = good
        for item in numbers:
            if item not in good:
                problems.append(f"{name}: {_shown(item)!r} is not the number of a piece; they run from 1 to {size}.")
    return Answer(found, tuple(problems + _gaps(found)))


def number(answer: object) -> Answer:
    """A single number, whole or not."""
    value = _plain(answer)
    if isinstance(value, (int, float)):
        return Answer({"value": value})
    problem = "Still blank: give a number." if value == "" else f"A number is asked for, but this is {_kind(answer)}."
    return Answer({"value": ""}, (problem,))


def table(answer: object, *, rows: Sequence[object], columns: Sequence[str], total: float | None = None) -> Answer:
    """A small frame: one line per row key, with the values of `columns` in that order.

    The row keys are the frame's index, or its first column if that is not among `columns`. With `total`,
    a sum over all cells that differs is named, so that a slip shows before the answer is handed in.
    """
    empty: dict[str, Value] = {str(row): "" for row in rows}
    if not hasattr(answer, "columns") or not hasattr(answer, "index"):
        kind = "nothing yet" if answer is None else _kind(answer)
        return Answer(empty, (f"A DataFrame is asked for, but this is {kind}.",))
    frame: Any = answer
    extra = [name for name in frame.columns if str(name) not in columns]
    if len(extra) == 1 and not {str(key) for key in frame.index} >= set(empty):
        frame = frame.set_index(extra[0])
    named = {str(name): name for name in frame.columns}
    missing = [name for name in columns if name not in named]
    if missing:
        have = ", ".join(list(named)[:8]) or "none"
        return Answer(empty, (f"The column {', '.join(missing)} is missing; your frame has: {have}.",))
    found, problems = dict(empty), []
    for key, values in zip(frame.index, frame[[named[name] for name in columns]].to_numpy().tolist(), strict=True):
        if str(_plain(key)) in empty:
            found[str(_plain(key))] = [_plain(value) for value in values]
        else:
            problems.append(f"The row {_shown(_plain(key))!r} is not asked for; it is left out.")
    numbers = [v for row in found.values() if isinstance(row, list) for v in row if isinstance(v, (int, float))]
    if total is not None and not _gaps(found) and sum(numbers) != total:
        problems.append(f"Your cells add up to {sum(numbers)}, but {total} things are counted here.")
    return Answer(found, tuple(problems + _gaps(found)))


def _mapping(answer: object, lines: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    to_dict = getattr(answer, "to_dict", None)
    given = answer if isinstance(answer, Mapping) else to_dict() if callable(to_dict) else None
    if not isinstance(given, Mapping):
        return {}, [f'An answer like {{"{lines[0]}": …}} is asked for, but this is {_kind(answer)}.']
    known = {str(key): value for key, value in given.items()}
    strange = [key for key in known if key not in lines]
    return known, [f"“{_shown(key)}” is not asked for here{_meant(key, lines)}" for key in strange]


def _gaps(found: Mapping[str, Value]) -> list[str]:
    blanks = [name for name, value in found.items() if value in ("", [])]
    return [f"Still blank: {', '.join(blanks)}."] if blanks else []


def _meant(word: str, permitted: Sequence[str]) -> str:
    hint = closest(word, tuple(permitted))
    return hint if hint.startswith("; did") else "."


def _text(value: object) -> str:
    return "" if value is None else " ".join(str(value).split()).strip(_MARKS)[:_LONGEST]


def _plain(value: object) -> Any:
    """A Python int, float or text for what may be a numpy or pandas value; whole floats become ints."""
    item = getattr(value, "item", None)
    if callable(item):
        value = item()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)[:_LONGEST]


def _kind(value: object) -> str:
    names = {"str": "text", "list": "a list", "dict": "a dict", "NoneType": "nothing yet", "DataFrame": "a DataFrame",
             "Series": "a Series", "ellipsis": "still “...”", "bool": "True or False"}  # fmt: skip
    return names.get(type(value).__name__, f"of the type {type(value).__name__}")
