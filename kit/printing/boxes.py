"""An answer cell as boxes on paper: what is asked, line by line, read from the code of the cell and of its check."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from kit import codebook

__all__ = ["Box", "Row", "boxes"]

_MOST = 8  # choices that are worth printing
_WORDS_A_LINE = 12  # as many as fit on a ruled line in a child's hand


@dataclass(frozen=True)
class Row:
    """One line to fill. `claim` is the claim that it is about, or the line's own name; `given` holds what the cell
    gives already, one text per column ("" where the student writes)."""

    name: str
    claim: str
    given: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """What one answer cell asks for. Without `rows` it is free: `height` ruled lines to write on.

    `field` is the field of the claims that is asked for ("" where it is none) and `choices` its permitted labels;
    `columns` are the heads of what is written; `computed` marks an answer that the student's own code works out.
    """

    variable: str
    field: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ("your answer",)
    rows: tuple[Row, ...] = ()
    height: int = 3
    computed: bool = False


def boxes(starter: str, check: str = "") -> tuple[Box, ...]:
    """A box for every variable that the code `starter` assigns, in order; `check` is the code of its check cell.

    Code that is no plain data is worked out, not written down. Nothing is run.
    """
    kind, options = _check(check)
    found = []
    for node in _body(starter):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.append(_box(node.targets[0].id, _literal(node.value, {}), kind, options))
    return tuple(found)


def _box(variable: str, given: Any, kind: str, options: dict[str, Any]) -> Box:
    if isinstance(given, dict) and given:
        return _lines(variable, given, kind, options)
    if given is not ...:
        most = options.get("words")
        return Box(variable, height=max(most) // _WORDS_A_LINE if kind == "written" and isinstance(most, tuple) else 4)
    rows, columns = options.get("rows"), options.get("columns")
    if kind == "table" and isinstance(rows, list) and isinstance(columns, list):
        blank = ("",) * len(columns)
        return Box(
            variable,
            columns=tuple(map(str, columns)),
            rows=tuple(Row(str(row), str(row), blank) for row in rows),
            computed=True,
        )
    return Box(variable, height=2 if kind == "number" else 7, computed=True)


def _lines(variable: str, given: dict[Any, Any], kind: str, options: dict[str, Any]) -> Box:
    field = {"words": "cue", "chains": "chain"}.get(kind, options.get("field", ""))
    field = field if isinstance(field, str) else ""
    nested = [value for value in given.values() if isinstance(value, dict)]
    columns = tuple(dict.fromkeys(str(key) for value in nested for key in value)) or ("your answer",)
    about = options.get("lines")
    claims = about if isinstance(about, dict) else {}
    rows = tuple(
        Row(str(name), str(claims.get(name, name)), tuple(_shown(_part(value, column)) for column in columns))
        for name, value in given.items()
    )
    choices = _labels(field) or options.get("values")
    few = isinstance(choices, list | tuple) and len(choices) <= _MOST and not nested
    choices = tuple(map(str, choices or ())) if few else ()
    return Box(variable, field, choices, columns, rows)


def _labels(field: str) -> tuple[str, ...]:
    try:
        return codebook.names(field)
    except KeyError:  # free words, or no field at all
        return ()


def _part(value: Any, column: str) -> Any:
    return value.get(column, "") if isinstance(value, dict) else value


def _shown(value: Any) -> str:
    if value is None or value is ...:
        return ""
    if not isinstance(value, list | tuple):
        return str(value)
    return ", ".join(str(part) or "_____" for part in value) if any(value) else ""


def _check(code: str) -> tuple[str, dict[str, Any]]:
    """Which of the kit's checks is called ("labels", "words", …; "" for none), and its options where they are data."""
    body = _body(code)
    known: dict[str, Any] = {}
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            known[node.targets[0].id] = _literal(node.value, known)
    calls = [node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Call)]
    for call in calls:
        if ast.unparse(call.func).startswith("kit.check."):
            options = {word.arg: _literal(word.value, known) for word in call.keywords if word.arg}
            return ast.unparse(call.func).rpartition(".")[2], options
    return "", {}


def _body(code: str) -> list[ast.stmt]:
    try:
        return ast.parse(code).body
    except SyntaxError:
        return []


def _literal(node: ast.expr, known: dict[str, Any]) -> Any:
    """The plain value of an expression, or of a name that is known; `...` where it is not plain."""
    if isinstance(node, ast.Name):
        return known.get(node.id, ...)
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return ...
