"""What a cell does to names, as far as its text tells: makes them, changes them, needs them. Nothing is run."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from kit.page.quotes import parsed, straightened

_CHANGING = frozenset("append clear extend insert pop popitem remove setdefault sort update".split())
_PICTURES = re.compile(r"^[ \t]*%matplotlib\b.*", re.MULTILINE)
"""Where pictures appear changes no name, though it is no plain Python."""
_KNOWN = frozenset(dir(builtins)) | {"display", "get_ipython", "In", "Out", "_", "__"}
_OWN_NAMES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_IN_PARTS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def statements(source: str) -> list[ast.stmt] | None:
    """The statements of a cell, straightened; None where it is no plain Python, or too much for Python."""
    source = straightened(source)
    tree = parsed(source) or parsed(_PICTURES.sub("", source))
    return tree.body if tree else None


def nodes(source: str) -> list[ast.AST]:
    """All nodes of the syntax tree of a cell; none where it is no plain Python."""
    return [node for statement in statements(source) or () for node in ast.walk(statement)]


def assignments(source: str) -> list[tuple[str, ast.expr]]:
    """Which names the statements of a cell give values to by `=`, in order, each with the code of its value."""
    given = [node for node in statements(source) or () if isinstance(node, ast.Assign)]
    return [(target.id, node.value) for node in given for target in node.targets if isinstance(target, ast.Name)]


def value_of(node: ast.expr) -> Any:
    """The plain value that is written out in an expression; `...` where it is not plain."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ...


def plain(source: str) -> str:
    """A cell's source without what nobody sees: blanks at the ends of lines, and blank lines around it."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def bound(node: ast.AST) -> list[str]:
    """The names that a node of a syntax tree binds, also by importing, defining or deleting."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [node.id]
    if isinstance(node, ast.alias):
        return [(node.asname or node.name).partition(".")[0]]
    name = getattr(node, "name", None)
    return [name] if isinstance(name, str) else []


def root(node: ast.AST) -> str:
    """The name that an expression such as `x["a"].b()` begins with, or ""."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def call_changes(node: ast.AST) -> bool:
    """Whether a node is a call that changes what it is made on."""
    return isinstance(node, ast.Call) and (getattr(node.func, "attr", "") in _CHANGING or in_place(node))


def in_place(call: ast.Call) -> bool:
    """Whether a call says `inplace`."""
    return any(word.arg == "inplace" for word in call.keywords)


@lru_cache(maxsize=2000)
def made(source: str) -> frozenset[str]:
    """The names that a cell makes, and not merely from themselves (`x = round(x, 1)`)."""
    body = statements(source)
    if body is None:
        return frozenset(re.findall(r"^(\w+)\s*=[^=]", source, re.MULTILINE))
    return frozenset(name for statement in body for name in made_by(statement))


def made_by(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top of a cell makes, and not merely from themselves."""
    value = getattr(statement, "value", None)
    read = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)} if value else set()
    if isinstance(statement, ast.Delete) or (isinstance(statement, ast.AnnAssign) and not value):
        return set()
    inside = list(_outer(statement))
    found = Counter(name for node in inside for name in bound(node))
    found.subtract(root(node.target) for node in inside if isinstance(node, ast.AugAssign))  # `n += 1` needs an `n`
    return {name for name, times in found.items() if times > 0} - read


@lru_cache(maxsize=2000)
def changed(source: str) -> frozenset[str]:
    """The names that a cell binds, or whose values it changes: `x["a"] = 1`, `x.update(…)`, `del x["a"]`."""
    found = set(made(source))
    for statement in statements(source) or ():
        for node in _outer(statement):
            found.update(bound(node))
            if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
                found.add(root(node))
            if call_changes(node):
                found.add(root(node))
    return frozenset(found - {""})


@lru_cache(maxsize=2000)
def needed(source: str) -> frozenset[str]:
    """The names that a cell reads and does not make before, without Python's own."""
    have, lacks = set(_KNOWN), set()
    for statement in statements(source) or ():
        parts = list(ast.walk(statement))
        own = {name for node in parts if isinstance(node, _OWN_NAMES + _IN_PARTS) for name in _within(node)}
        read = {node.id for node in parts if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        lacks |= read - have - own - (set() if hasattr(statement, "value") else made_by(statement))
        have |= {name for node in _outer(statement) for name in bound(node)}
    return frozenset(lacks)


def literal(source: str, name: str) -> Any:
    """The plain value that a cell gives to `name`, where it does so once and does not use it; else `...`."""
    body = statements(source) or ()
    uses = [node for part in body for node in ast.walk(part) if isinstance(node, ast.Name) and node.id == name]
    given = [node for node in body if isinstance(node, ast.Assign) and node.targets == uses]
    return value_of(given[0].value) if given else ...


def _outer(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes whose names belong to the page: not those within functions and classes, nor in comprehensions."""
    waiting = [node]
    while waiting:
        yield (one := waiting.pop())
        if not isinstance(one, _OWN_NAMES + _IN_PARTS):
            waiting.extend(ast.iter_child_nodes(one))


def _within(node: ast.AST) -> Iterator[str]:
    """The names that a function, a class or a comprehension makes for itself."""
    for child in ast.walk(node):
        if isinstance(child, ast.arg):
            yield child.arg
        elif child is not node:
            yield from bound(child)
