"""What a check stands on (kit, the article, the texts), put back where an answer may have changed it.

A check runs in the same kernel as the answers before it. Most answers cannot touch what is ours; for the others the
check is wrapped, so that it sees our things as our cells made them. Whoever gets around this changes what the check
shows of his own answers, and no more: the key is not in the kernel.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable

__all__ = ["assigned", "may_change", "only_shows", "restored"]

_REACHING = frozenset(
    "__builtins__ __import__ breakpoint builtins compile delattr eval exec getattr get_ipython globals importlib kit "
    "locals modules open os setattr sys vars".split()
)
_CHANGING = frozenset("append clear extend insert pop popitem remove setdefault sort update".split())
_HARMLESS = frozenset("collections itertools math matplotlib numpy pandas re statistics string".split())

_RESTORED = """import sys as _sys
for _name in [name for name in _sys.modules if name.partition(".")[0] == "kit"]:
    del _sys.modules[_name]
_own = {{name: value for name, value in globals().items() if name not in vars(_sys.modules["builtins"])}}
exec({ours!r}, _own)
_own.update({{name: value for name, value in globals().items() if name == {question!r}}})
exec({body!r}, _own)
eval({last!r}, _own)
"""


def assigned(sources: Iterable[str]) -> frozenset[str]:
    """The names that `sources`, which are cells of ours, bind."""
    return frozenset(name for source in sources for node in ast.walk(ast.parse(source)) for name in _bound(node))


@functools.lru_cache(maxsize=256)
def only_shows(source: str) -> bool:
    """Whether a cell of ours, as far as its text tells, binds nothing and changes nothing."""
    nodes = list(ast.walk(ast.parse(source)))
    stores = any(not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) for node in nodes)
    return not stores and not any(_bound(node) or _call_changes(node) for node in nodes)


def may_change(source: str, names: frozenset[str]) -> bool:
    """Whether an answer may bind or change one of `names`, or the packages behind them. In doubt, it may."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return any(_reaches(node) or names & set(_bound(node)) or _changes(node, names) for node in nodes)


def restored(check: str, question: str, ours: Iterable[str]) -> str:
    """The source of a check cell that fetches kit anew and runs the cells `ours` before, all out of the answers' way.

    What it shows is the value of its last line, as before.
    """
    *body, last = ast.parse(check).body
    return _RESTORED.format(
        ours="\n".join(("import kit", *ours)),
        question=question,
        body="\n".join(map(ast.unparse, body)),
        last=ast.unparse(last),
    )


def _bound(node: ast.AST) -> list[str]:
    """The names that a node of a syntax tree binds, also by importing, defining or deleting."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [node.id]
    if isinstance(node, ast.alias):
        return [(node.asname or node.name).partition(".")[0]]
    name = getattr(node, "name", None) if not isinstance(node, ast.alias) else None
    return [name] if isinstance(name, str) else []


def _reaches(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] not in _HARMLESS for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] not in _HARMLESS
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in _REACHING or name.startswith("__")


def _changes(node: ast.AST, names: frozenset[str]) -> bool:
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return _root(node) in names
    if isinstance(node, ast.Call):
        return _call_changes(node) and (_root(node.func) in names or _in_place(node))
    value = getattr(node, "value", None)  # of an assignment: a second name for a thing of ours
    return not isinstance(node, ast.Attribute | ast.Subscript) and isinstance(value, ast.Name) and value.id in names


def _call_changes(node: ast.AST) -> bool:
    """Whether a node is a call that changes what it is made on."""
    return isinstance(node, ast.Call) and (getattr(node.func, "attr", "") in _CHANGING or _in_place(node))


def _in_place(call: ast.Call) -> bool:
    return any(word.arg == "inplace" for word in call.keywords)


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
