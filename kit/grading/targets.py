"""What a student's cell puts into which variables, read from its source without running it."""

from __future__ import annotations

import ast
import functools
import re

__all__ = ["assigned", "changed"]

_KEPT = 2000
"""Cells whose reading is remembered: those of one notebook, for each of its questions."""


@functools.lru_cache(maxsize=_KEPT)
def assigned(source: str) -> frozenset[str]:
    """The variables that a cell assigns at its top level, and not merely from themselves (`x = round(x, 1)`)."""
    body = _body(source)
    if body is None:
        return frozenset(re.findall(r"^(\w+)\s*=[^=]", source, re.MULTILINE))
    found: set[str] = set()
    for node in body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value:
            read = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)} - read
    return frozenset(found)


@functools.lru_cache(maxsize=_KEPT)
def changed(source: str) -> frozenset[str]:
    """The variables into which, or into a part of which (`x["a"] = 1`), a cell puts something at its top level."""
    found = set()
    for node in _body(source) or ():
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            while isinstance(target, ast.Attribute | ast.Subscript):
                target = target.value
            if isinstance(target, ast.Name):
                found.add(target.id)
    return frozenset(found)


def _body(source: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
