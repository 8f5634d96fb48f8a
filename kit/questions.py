"""A notebook as questions: what is asked, what an answer is made of, and what it is worth. There is no key in it.

What a question is, the metadata of its cells say (`kit.role`, `kit.question`, `kit.title`, …); what its answer is made
of follows from the code of its answer cell and of its check. Nothing is run.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.article import codebook
from kit.page.cells import role
from kit.page.names import assignments, nodes, value_of

WRITTEN_OUT, COMPUTED, IN_WORDS = "written out", "computed", "in words"
"""The kinds of answers: plain values line by line, worked out by the student's code, and a text."""
_OPTIONS = {"lines": (list, dict), "values": (list, tuple), "words": tuple, "field": str, "reasons": str}
_OPTIONS |= {"rows": list, "columns": list}
"""What of a check's options is read, and of what type: a student may have changed the check."""


@dataclass(frozen=True)
class Line:
    """A line of an answer. `claim` is the claim that it is about, or the line's own name; `given` is what the cell
    holds already, a text per column ("" where the student writes)."""

    name: str
    claim: str
    given: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question. Its `name` is the variable that the student assigns, and is unique in its notebook.

    `title` is its name for people, `asked` the Markdown that asks it, `number` its place from 1 on, `points` 0 in a
    lesson, with `extra` beyond those of the exercise (the title says so), `file` the notebook's name, `cell` the id of
    the answer cell, `starter` the code that students begin with. `kind` is one of the three kinds of answers, `check`
    which of the kit's checks looks at it ("labels", …), `field` the field of the claims whose labels are asked,
    `choices` what may be written on a line where that is a list, `columns` the parts of each line where it has several,
    `most` the most words of a text, `reasons` where it stands in the file of reasons ("" for nowhere). `form` tells the
    tests and the votes before and after apart.
    """

    name: str
    points: float = 0
    extra: bool = False
    starter: str = ""
    title: str = ""
    asked: str = ""
    number: int = 1
    file: str = ""
    cell: str = ""
    form: str = ""
    kind: str = COMPUTED
    check: str = ""
    field: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    most: int = 0
    reasons: str = ""

    @property
    def asks(self) -> str:
        """What its lines ask of claims, as `Claim.accepts` takes it or "chain"; "" where they ask for no label."""
        return {"words": "cue", "chains": "chain"}.get(self.check, self.field)


@dataclass(frozen=True)
class Page:
    """A lesson or an exercise. `name` is the stem of its file, `minutes` those of teaching and of doing for a lesson,
    the fewest and the most for an exercise."""

    name: str
    title: str
    is_exercise: bool
    minutes: tuple[int, ...]
    questions: tuple[Question, ...]

    @property
    def number(self) -> str:
        """What it is called by: "1" for 01_…, and "1b" for 01b_…, a lesson that came in between."""
        return self.name.partition("_")[0].removeprefix("0")

    @property
    def points(self) -> float:
        """The sum over all questions but those for extra credit."""
        return out_of(self.questions)


def out_of(questions: Iterable[Question]) -> float:
    """The most points that one is asked for: what is for extra credit is earned beyond them."""
    return sum(question.points for question in questions if not question.extra)


def read(notebook: Path | Mapping[str, Any]) -> Page:
    """The questions of a notebook, or of the file that holds it, in order. One without a title is called by its name.

    A notebook without the kit's metadata is a page without a name and without questions.
    """
    whole = json.loads(notebook.read_text("utf-8")) if isinstance(notebook, Path) else notebook
    about = whole["metadata"].get("kit", {})
    name = about.get("exercise") or about.get("lesson", "")
    cells: dict[str, list[tuple[str, Mapping[str, Any]]]] = {"ask": [], "answer": [], "check": []}
    for cell in whole["cells"]:
        what, question = role(cell)
        for one in question.split() if what in cells else ():
            cells[what].append((one, cell))
    asking, checks = cells["ask"], dict(cells["check"])
    titles = {one: cell["metadata"]["kit"]["title"] for one, cell in asking if "title" in cell["metadata"]["kit"]}
    found = []
    for number, (one, cell) in enumerate(cells["answer"], 1):
        mine, check = cell["metadata"]["kit"], checks.get(one, {})
        starter, worth = mine.get("starter", _source(cell)), check.get("metadata", {}).get("kit", {})
        points, extra = worth.get("points", 0), bool(worth.get("extra"))
        title = titles.get(one, one) + " · extra credit" * extra
        asked = "\n\n".join(_source(ask) for tied, ask in asking if tied == one)
        place = {"number": number, "file": f"{name}.ipynb", "cell": cell.get("id", ""), "form": mine.get("form", "")}
        more = place | _answer(one, starter, _source(check))
        found.append(Question(one, points, extra, starter, title, asked, **more))
    minutes = tuple(about.get("minutes", ()))
    return Page(name, about.get("title", ""), "exercise" in about, minutes, tuple(found))


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell.get("source", ""))


def assigned(code: str, name: str) -> list[Any]:
    """The plain values that `code` assigns to `name`, in order, read without running it; `...` for any other value."""
    return [value_of(value) for target, value in assignments(code) if target == name]


def _answer(name: str, starter: str, check: str) -> dict[str, Any]:
    """What the answer `name` is made of: fields of a question, read from its starter and from its check."""
    called, options = _called(check)
    *_, given = ..., *assigned(starter, name)
    if given is ... and "lines" in options:  # a cell that cannot be read as it stands
        given = dict.fromkeys(options["lines"], "")
    if isinstance(given, dict) and given:
        return {"kind": WRITTEN_OUT, "check": called, **_written_out(given, options)}
    if given is not ...:
        return {"kind": IN_WORDS, "check": called, "most": max(options.get("words", (0,)))}
    if called != "table" or not {"rows", "columns"} <= options.keys():
        return {"check": called}
    columns = tuple(map(str, options["columns"]))
    lines = tuple(Line(str(row), str(row), ("",) * len(columns)) for row in options["rows"])
    return {"check": called, "columns": columns, "lines": lines}


def _written_out(given: Mapping[Any, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    field, about, reasons = options.get("field", ""), options.get("lines", ()), options.get("reasons", "")
    try:
        choices = codebook.names(field)
    except KeyError:  # free words, or no field at all
        choices = tuple(map(str, options.get("values", ())))
    columns = tuple(dict.fromkeys(str(key) for value in given.values() if isinstance(value, dict) for key in value))
    claims = about if isinstance(about, dict) else {}
    given = dict.fromkeys(about, "") | dict(given)  # also those that a student has deleted
    lines = []
    for name, value in given.items():
        parts = (value.get(key, "") if isinstance(value, dict) else value for key in columns or ("",))
        lines.append(Line(str(name), str(claims.get(name, name)), tuple(map(_shown, parts))))
    return {"field": field, "choices": choices, "columns": columns, "reasons": reasons, "lines": tuple(lines)}


def _shown(value: Any) -> str:
    if value is None or value is ...:
        return ""
    if not isinstance(value, list | tuple):
        return str(value)
    return ", ".join(str(part) or "_____" for part in value) if any(value) else ""


def _called(code: str) -> tuple[str, dict[str, Any]]:
    """Which of the kit's checks is called ("labels", "words", …; "" for none), and its options where they are data."""
    known: dict[str, Any] = {}
    for name, value in assignments(code):
        known[name] = _option(value, known)
    for node in nodes(code):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="kit"), attr="check"), attr=check)):
                options = {word.arg: _option(word.value, known) for word in node.keywords if word.arg in _OPTIONS}
                return check, {name: value for name, value in options.items() if isinstance(value, _OPTIONS[name])}
    return "", {}


def _option(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """The plain value of an expression, or of a name that is known; `...` where it is not plain."""
    return known.get(node.id, ...) if isinstance(node, ast.Name) else value_of(node)
