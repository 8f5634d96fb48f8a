"""The shape of the package: who may import whom, how long things may be, and what is documented."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kit

# A module imports only from floors below its own. This is the one place where the floors are stated.
FLOORS: dict[str, int] = {
    name: floor
    for floor, names in enumerate(
        (
            ("__init__", "anchors", "codebook", "errors", "records", "sandbox"),
            ("anchoring", "installer", "measures", "places", "plain", "questions", "rules", "rulings"),
            (
                "agreement",
                "annotation",
                "desk",
                "environment",
                "keys",
                "rules_cases",
                "rules_sources",
                "rules_statuses",
            ),
            (
                "article",
                "drafts",
                "editing",
                "exports",
                "lab",
                "readings",
                "wording",
            ),
            ("answers", "axes", "comparison", "consensus", "feedback", "gains", "trace", "view"),
            ("figures", "forms", "prose"),
            ("links",),
            ("cards", "check", "plots"),
            ("annotator", "draft", "widgets"),
            ("grading",),
            ("course", "printing", "reports"),
            ("commands",),
            ("cli",),
            ("__main__",),
        )
    )
    for name in names
}

PACKAGE = Path(kit.__file__).parent
MODULES = sorted(PACKAGE.glob("*.py"))
ALL = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text("utf-8")) for path in ALL}


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imports(tree: ast.Module, path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported, also within functions; `from kit import x` is kit.x."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{named(path)}, line {node.lineno}: write the full name, not a relative import"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from `def` to its end, without its docstring."""
    doc = node.body[0] if ast.get_docstring(node) is not None else None
    return node.end_lineno - node.lineno + 1 - (doc.end_lineno - doc.lineno + 1 if doc else 0)


@pytest.mark.parametrize("path", ALL, ids=named)
def test_a_module_imports_only_from_lower_floors(path: Path) -> None:
    home = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert home in FLOORS, f"{named(path)} has no floor yet: give it one in {Path(__file__).name}"
    for line, name in imports(TREES[path], path):
        package, _, rest = name.partition(".")
        other = rest.split(".")[0]
        if package != "kit" or other in ("", "__version__") or (other == home and (PACKAGE / home).is_dir()):
            continue
        assert other in FLOORS, f"{named(path)}, line {line}: {other} has no floor"
        assert FLOORS[other] < FLOORS[home], f"{named(path)}, line {line}: {home} must not import {other}"


@pytest.mark.parametrize("path", ALL, ids=named)
def test_only_the_command_line_prints(path: Path) -> None:
    if path.name == "cli.py" or path.parent.name == "commands" or path.name == "__main__.py":
        return
    calls = [node for node in ast.walk(TREES[path]) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if getattr(call.func, "id", "") == "print"], named(path)


def test_importing_kit_loads_nothing_heavy() -> None:
    code = "import sys, kit; print(*sorted(m.split('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    heavy = {"IPython", "ipywidgets", "matplotlib", "numpy", "pandas", "pytest"}
    assert not heavy & set(done.stdout.split())


def test_functions_are_short() -> None:
    lengths = {f"{named(p)}:{f.name}": body_length(f) for p, tree in TREES.items() for f in functions(tree)}
    assert not {name: size for name, size in lengths.items() if size > 40}
    over = {name: size for name, size in lengths.items() if size > 25}
    assert len(over) <= len(lengths) // 20, over


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not {"common", "helpers", "misc", "utils"} & {path.stem for path in ALL}


def exported(tree: ast.Module) -> list[str] | None:
    """The names in `__all__` where it is written out; None where it is made by a call."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            return ast.literal_eval(node.value) if isinstance(node.value, ast.List | ast.Tuple) else None
    return []


def natural(name: str) -> tuple[int, str]:
    """The order that ruff gives `__all__`: constants, then classes, then functions."""
    return (0 if name.isupper() else 1 if name.lstrip("_")[:1].isupper() else 2), name


@pytest.mark.parametrize("path", ALL, ids=named)
def test_what_is_public_is_sorted_documented_and_typed(path: Path) -> None:
    tree = TREES[path]
    assert ast.get_docstring(tree), f"{named(path)} has no docstring"
    names = exported(tree)
    if names is None:
        return
    assert names == sorted(names, key=natural), f"{named(path)}: __all__ is not in order"
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for name in names:
        node = defined.get(name)
        assert node is None or ast.get_docstring(node), f"{named(path)}: {name} has no docstring"
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        for member in members:
            if isinstance(member, ast.FunctionDef) and (not member.name.startswith("_") or member.name == "__init__"):
                where = f"{named(path)}: {member.name}"
                assert member.name == "__init__" or ast.get_docstring(member), f"{where} has no docstring"
                assert not untyped(member), f"{where} has no type for {', '.join(untyped(member))}"


def untyped(node: ast.FunctionDef) -> list[str]:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    bare = [arg.arg for arg in given if arg and arg.annotation is None and arg.arg not in ("self", "cls")]
    return bare if node.returns is not None else [*bare, "what it returns"]
