"""The transplant: our own notebook with the student's answers in place of ours, and without the key."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable
from typing import Any

from kit.page import names
from kit.page.names import bound, call_changes, in_place, root, statements
from kit.questions import role
from kit.teacher.exercises.keys import Exercise

EMPTY = "pass"
"""What is run for a question without an answer."""
_REACHING = frozenset(
    "__builtins__ __import__ breakpoint builtins compile delattr eval exec getattr get_ipython globals importlib kit "
    "locals modules open os setattr sys vars".split()
)
_HARMLESS = frozenset("collections itertools math matplotlib numpy pandas re statistics string".split())

_RESTORED = """import sys as _sys
for _name in [name for name in _sys.modules if name.partition(".")[0] == "kit"]:
    del _sys.modules[_name]
_own = {{name: value for name, value in globals().items() if name not in vars(_sys.modules["builtins"])}}
exec({ours!r}, _own)
_own.update({{name: value for name, value in globals().items() if name == {question!r}}})
exec({body!r}, _own)
{afresh}eval({last!r}, _own)
"""
_AFRESH = "globals().update({{name: _own[name] for name in {names!r}}})\n"
_BACKEND = re.compile(r"matplotlib|pylab|switch_backend|mpl\.use")
_INLINE = (
    "import matplotlib.pyplot as _plt; _plt.matplotlib.use = _plt.switch_backend = lambda *_, **__: None; "
    "get_ipython().enable_matplotlib = lambda *_, **__: (None, 'inline')\n"
)
"""Before an answer that may ask for a window to draw in: there is none here, and the figure needs none."""


def transplant(exercise: Exercise, sources: dict[str, str | None], *, afresh: bool = False) -> dict[str, Any]:
    """The notebook to run: the code of ours, with `sources` (question to source) as the answers.

    Nothing else of the submission is in it: no cell, no id, no metadata, no output. No output of ours is
    in it either, so that whoever reads the file learns nothing. A question without a source stays unanswered.
    Where an answer is a plain literal, only the literal is taken over. After an answer that may have changed what
    is ours, checks are wrapped so that they do not see it; `afresh`, the answers behind them do not see it either. What
    is there for people alone is left out.
    """
    cells: list[dict[str, Any]] = []
    ours: list[str] = []
    changed = False
    for cell in exercise.notebook["cells"]:
        what, question = role(cell)
        if cell["cell_type"] != "code" or what in ("sample", "cards", "hand in"):
            continue  # for people alone: a sample answer, cards to click, handing in, or something to read
        if what == "text" and _only_shows(cell["source"]):
            continue
        about = {"kit": {"role": what, "question": question}}
        cells.append(cell := {**cell, "outputs": [], "execution_count": None, "metadata": about})
        if what == "answer":
            source = sources.get(question)
            cell["source"] = EMPTY if source is None else (literal(source, question) or source)
            changed = changed or may_change(cell["source"], assigned(ours))
            if _BACKEND.search(cell["source"]) and not cell["source"].lstrip().startswith("%%"):
                cell["source"] = _INLINE + cell["source"]
        elif what == "check":
            cell["source"] = restored(cell["source"], question, ours, afresh=afresh) if changed else cell["source"]
        elif not _only_shows(cell["source"]):
            ours.append(cell["source"])
    return {**exercise.notebook, "cells": cells}


def joined(cells: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The code cells of a transplanted notebook, those of answers that run no code put into their checks.

    That costs half the messages. `answered` in a check's metadata tells whether it holds an answer.
    """
    found: list[dict[str, Any]] = []
    for cell in cells:
        what, question = role(cell)
        if what == "check" and found and role(found[-1]) == ("answer", question):
            source = found[-1]["source"]
            if source in (EMPTY, literal(source, question)):
                cell["source"] = f"{source}\n{cell['source']}"
                cell["metadata"]["kit"]["answered"] = source != EMPTY
                found.pop()
        found.append(cell)
    return found


@functools.lru_cache(maxsize=64)
def literal(source: str, name: str) -> str | None:
    """`name = <literal>` if `source` assigns one to `name`, once, and does nothing else with it; else None.

    An answer that is plain data needs none of the code around it, so that code is not run.
    """
    value = names.literal(source, name)
    try:
        return None if value is ... else f"{name} = {value!r}"
    except (ValueError, RecursionError):  # more digits, or deeper, than Python writes
        return None


def assigned(sources: Iterable[str]) -> frozenset[str]:
    """The names that `sources`, which are cells of ours, bind."""
    return frozenset().union(*map(_assigned, sources))


@functools.lru_cache(maxsize=256)
def _assigned(source: str) -> frozenset[str]:
    return frozenset(name for node in ast.walk(ast.parse(source)) for name in bound(node))


@functools.lru_cache(maxsize=256)
def _only_shows(source: str) -> bool:
    """Whether a cell of ours, as far as its text tells, binds nothing and changes nothing."""
    nodes = list(ast.walk(ast.parse(source)))
    stores = any(not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) for node in nodes)
    return not stores and not any(bound(node) or call_changes(node) for node in nodes)


def may_change(source: str, names: frozenset[str]) -> bool:
    """Whether an answer may bind or change one of `names`, or the packages behind them. In doubt, it may."""
    body = statements(source)
    if body is None:
        return True
    nodes = ast.walk(ast.Module(body, []))
    return any(_reaches(node) or names & set(bound(node)) or _changes(node, names) for node in nodes)


def restored(check: str, question: str, ours: Iterable[str], *, afresh: bool = False) -> str:
    """The source of a check cell that fetches kit anew and runs the cells `ours` before, all out of the answers' way.

    What it shows is the value of its last line, as before. With `afresh`, what `ours` make is then there for answers.
    """
    ours = ("import kit", *ours)
    *body, last = ast.parse(check).body
    return _RESTORED.format(
        ours="\n".join(ours),
        question=question,
        body="\n".join(map(ast.unparse, body)),
        afresh=_AFRESH.format(names=sorted(assigned(ours))) if afresh else "",
        last=ast.unparse(last),
    )


def _reaches(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] not in _HARMLESS for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] not in _HARMLESS
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in _REACHING or name.startswith("__")


def _changes(node: ast.AST, names: frozenset[str]) -> bool:
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return root(node) in names
    if isinstance(node, ast.Call):
        return call_changes(node) and (root(node) in names or in_place(node))
    value = getattr(node, "value", None)  # of an assignment: a second name for a thing of ours
    return not isinstance(node, ast.Attribute | ast.Subscript) and isinstance(value, ast.Name) and value.id in names
