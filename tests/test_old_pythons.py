"""`python -m kit` in a Python that is too old: one sentence, and no traceback."""

from __future__ import annotations

import ast
import builtins
from pathlib import Path

import pytest

import kit
from kit import __main__ as door

# What is read before the version is looked at: the package, then its door.
READ_FIRST = [Path(kit.__file__), Path(door.__file__)]
# What any Python 3 has.
OLD_MODULES = {"importlib", "os", "sys"}


def parsed(path: Path) -> ast.Module:
    """The file as the oldest syntax that can be asked for: without f-strings, walrus, types of variables, `match`."""
    return ast.parse(path.read_text("utf-8"), feature_version=(3, 4))


def at_once(tree: ast.Module) -> list[ast.stmt]:
    """The statements that are run when a file is read; what only a type checker reads is none of them."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.If):
            read = ast.unparse(node.test) != "TYPE_CHECKING"
            found += [*(node.body if read else []), *node.orelse]
        else:
            found.append(node)
    return found


@pytest.mark.parametrize("path", READ_FIRST, ids=lambda path: path.name)
def test_the_syntax_is_old(path: Path) -> None:
    nodes = list(ast.walk(parsed(path)))
    # `ast` knows nothing of when these three came: [*a], {**a}, and annotations that are not evaluated.
    assert not [n for n in nodes if isinstance(n, ast.List | ast.Tuple | ast.Set) and has_star(n.elts)]
    assert not [n for n in nodes if isinstance(n, ast.Dict) and None in n.keys]
    assert not [n for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "__future__"]


def has_star(nodes: list[ast.expr]) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes)


@pytest.mark.parametrize("path", READ_FIRST, ids=lambda path: path.name)
def test_every_type_is_a_bare_name_that_was_always_there(path: Path) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            types = [a.annotation for a in arguments] + [node.returns]
            said = [ast.unparse(kind) for kind in types if kind]
            assert all(word == "None" or hasattr(builtins, word) for word in said), node.name


@pytest.mark.parametrize("path", READ_FIRST, ids=lambda path: path.name)
def test_what_is_imported_at_once_is_in_any_python(path: Path) -> None:
    for node in at_once(parsed(path)):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= OLD_MODULES
        elif isinstance(node, ast.ImportFrom):
            assert node.module in OLD_MODULES
