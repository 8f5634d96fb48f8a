"""A notebook as paper: what is read stays, what is typed becomes a box, and what only a computer can do goes.

The key is paper of its own: what is right, line by line, what else is accepted, and why.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from kit.article.records import Claim
from kit.errors import KitError
from kit.files import templates
from kit.questions import COMPUTED, IN_WORDS, Line, Question, read, role
from kit.teacher.exercises.keys import KeyedQuestion

__all__ = ["HIDE", "TEMPLATES", "key", "student"]

HIDE = "hide-code"
"""The tag of a cell whose code is not printed."""
TEMPLATES = templates(Path(__file__).parent / "templates")
_FOLDED = re.compile(r"<details\b[^>]*>\s*(?:<summary\b.*?</summary>)?(.*?)</details>", re.DOTALL | re.IGNORECASE)
_BESIDE = re.compile(r"\A# Your answer.*\n")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_MOST = 8  # choices that are worth printing
_WORDS_A_LINE = 12  # as many as fit on a ruled line in a child's hand


@dataclass(frozen=True)
class Solved:
    """A line of the key: what is right, what else is accepted, and why."""

    name: str
    words: str
    right: str
    also: str
    why: str


def student(notebook: Any, *, claims: Mapping[str, Claim]) -> Any:
    """The notebook as a student gets it on paper; the words of `claims` stand beside lines that name one."""
    questions = {question.name: question for question in read(notebook).questions}
    paper = copy.deepcopy(notebook)
    needs = _needing_answers(notebook, questions)
    paper.cells = [
        cell
        for cell in paper.cells
        if role(cell)[0] == "answer" or (role(cell)[0] not in ("check", "setup", "sample") and cell.id not in needs)
    ]
    for cell in paper.cells:
        what, name = role(cell)
        if what == "answer":
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": _form(questions[name], claims)})]
        if cell.cell_type == "markdown":
            cell.source = _FOLDED.sub("", cell.source)
        if cell.cell_type == "code":
            cell.outputs = [_unfoldable(output) for output in cell.outputs if not _alive(output)]
            if what in ("answer", "text") or _is_plumbing(cell):
                cell.metadata.tags = [HIDE]
    paper.cells = [cell for cell in paper.cells if cell.cell_type != "code" or cell.outputs]
    return paper


def key(notebook: Any, *, claims: Mapping[str, Claim], keyed: Mapping[str, KeyedQuestion]) -> Any:
    """The key on paper: each question's text, what is right, what else is accepted, and why.

    `keyed` are the questions of a solved exercise. For a lesson there are none: what is right is then looked up in
    `claims`, or else the answers are those that the lesson itself folds away.
    """
    cells, asked = [cell for cell in notebook.cells[:1] if cell.cell_type == "markdown"], ""
    answers = {role(cell)[1]: cell for cell in notebook.cells if role(cell)[0] == "answer"}
    for question in read(notebook).questions:
        mine, answer = keyed.get(question.name), answers[question.name]
        rubric = mine.rubric if mine else ()
        rows = list(_graded(mine, claims) if mine else _looked_up(question, claims)) if not rubric else []
        reasons = [] if rows else _reasons(notebook, question.name)
        code = _BESIDE.sub("", answer.source) if mine and question.kind == COMPUTED else ""
        heads = ", ".join(question.columns) if len(question.columns) > 1 else ""
        page = TEMPLATES.get_template("key.html").render(
            points=question.points, rows=rows, code=code, rubric=rubric, heads=heads, folded=bool(reasons)
        )
        images = [output for output in answer.outputs if "image/png" in output.get("data", {})] if code else []
        cell = nbformat.v4.new_code_cell(id=f"key-{question.number}", metadata={"tags": [HIDE]})
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": page}), *images]
        text = _FOLDED.sub("", question.asked).strip()
        cells += [nbformat.v4.new_markdown_cell(text, id=f"text-{question.number}")] if text not in ("", asked) else []
        cells += [cell, *reasons]
        asked = text
    return nbformat.v4.new_notebook(cells=cells)


def _form(question: Question, claims: Mapping[str, Claim]) -> str:
    """What is to be filled, as HTML."""
    nested = bool(question.columns) and question.kind != COMPUTED
    few = len(question.choices) <= _MOST and not nested
    return TEMPLATES.get_template("boxes.html").render(
        question=question,
        computed=question.kind == COMPUTED,
        choices=question.choices if few else (),
        columns=question.columns or ("your answer",),
        height=_height(question),
        words={line.name: _words(line, claims, question.asked) for line in question.lines},
    )


def _height(question: Question) -> int:
    """How many ruled lines a free answer gets."""
    if question.kind == IN_WORDS:
        return question.most // _WORDS_A_LINE or 4
    return 3 if question.lines else 2 if question.check == "number" else 7


def _words(line: Line, claims: Mapping[str, Claim], told: str) -> str:
    """The words of the claim that the line names, unless the text above has shown them already."""
    claim = claims.get(line.name)
    return claim.quote if claim and line.name not in told else ""


def _reasons(notebook: Any, question: str) -> list[Any]:
    """The answers to a question that a lesson folds away, and why, unfolded."""
    cells = [cell for cell in notebook.cells if role(cell) == ("reasons", question)]
    return [nbformat.v4.new_markdown_cell("\n\n".join(_FOLDED.findall(cell.source)), id=cell.id) for cell in cells]


def _graded(question: KeyedQuestion, claims: Mapping[str, Claim]) -> Iterator[Solved]:
    lines = {line.name: line for line in question.lines}
    for name, value in question.key.items():
        claim = claims.get(lines[name].claim) if name in lines else None
        also = "; ".join(map(_plain, question.accept.get(name, ())))
        why = claim.why if claim and question.field == "status" else ""
        yield Solved("" if name == "value" else name, claim.quote if claim else "", _plain(value), also, why)


def _looked_up(question: Question, claims: Mapping[str, Claim]) -> Iterator[Solved]:
    """What the annotation accepts on each line that is about a claim, the best one first."""
    field = {"words": "cue", "chains": "chain"}.get(question.check, question.field)
    for line in question.lines:
        claim = claims.get(line.claim)
        right, *also = map(_plain, _accepted(claim, field))
        if claim and right:
            yield Solved(line.name, claim.quote, right, "; ".join(also), claim.why if field == "status" else "")


def _accepted(claim: Claim | None, field: str) -> tuple[Any, ...]:
    """What the annotation accepts on `field` of `claim`; ("",) where it holds nothing of it."""
    try:
        return (claim.accepts(field) if claim and field else ()) or ("",)
    except (AttributeError, KeyError, KitError):
        return ("",)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _needing_answers(notebook: Any, questions: Iterable[str]) -> set[str]:
    """The ids of the cells that work with an answer, and so show nothing of use where none has been typed."""
    answers, found = set(questions), set()
    for cell in notebook.cells:
        names = [node for node in ast.walk(_tree(cell)) if isinstance(node, ast.Name)]
        if any(node.id in answers and isinstance(node.ctx, ast.Load) for node in names):
            found.add(cell.id)
            answers |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return found


def _tree(cell: Any) -> ast.Module:
    try:
        return ast.parse(cell.source if cell.cell_type == "code" else "")
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _alive(output: Any) -> bool:
    data = output.get("data", {})
    return _WIDGET in data or "kit-copy" in "".join(data.get("text/html", ""))


def _unfoldable(output: Any) -> Any:
    """The output without what it folds away: on paper nothing can be opened."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = _FOLDED.sub("", "".join(data["text/html"]))
    return output


def _is_plumbing(cell: Any) -> bool:
    """Whether code only loads and shows what the kit makes, so that a reader on paper misses nothing without it."""
    return all(map(_shows_only, _tree(cell).body))


def _shows_only(node: ast.stmt) -> bool:
    if isinstance(node, ast.For):
        return all(map(_shows_only, node.body))
    value = getattr(node, "value", None)
    while isinstance(value, ast.Call | ast.Attribute):
        value = value.func if isinstance(value, ast.Call) else value.value
    made = isinstance(value, ast.Name) and value.id in ("kit", "print")
    return made or isinstance(node, ast.Import | ast.ImportFrom) or isinstance(value, ast.Constant | ast.List)
