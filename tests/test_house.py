"""The house: which rooms there are, who may look into which, and what a stranger can rely on in each."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import kit

PACKAGE = Path(kit.__file__).parent
ENTRIES = """
__init__ __main__ py.typed errors files
page article questions agreement gains check plots widgets recall draft setup teacher commands
""".split()
TEACHER = "__init__ pages_and_tables authoring exercises sandbox grading live_class reports site former".split()
# A room imports only from rooms in lines above its own, and from itself.
ORDER = """
errors files
page
article
questions
agreement gains check
plots widgets
recall
draft
setup
teacher.pages_and_tables
teacher.sandbox
teacher.authoring teacher.exercises
teacher.grading
teacher.live_class
teacher.reports teacher.site
commands
__main__
"""
RANK = {room: rank for rank, line in enumerate(ORDER.strip().splitlines()) for room in line.split()}
LONG: dict[str, str] = {}
"""Modules of more than 500 lines, each with its reason."""
PATHS = sorted(path for path in PACKAGE.rglob("*.py") if "former" not in path.parts)
TREES = {path: ast.parse(path.read_text("utf-8")) for path in PATHS}


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(name: str) -> str:
    """The room of a dotted name: kit.article.anchors stands in “article”, kit.teacher.grading.judge in
    “teacher.grading”."""
    parts = name.split(".")[1:]
    return ".".join(parts[:2]) if parts[:1] == ["teacher"] else parts[0] if parts else ""


def modules() -> dict[str, Path]:
    """Dotted name to file, a package by its own name."""
    dotted = {path: "kit." + named(path).removesuffix(".py").replace("/", ".") for path in PATHS}
    return {name.removesuffix(".__init__"): path for path, name in dotted.items()}


MODULES = modules()


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and module of everything of the kit that is imported, also within functions and for types only."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{named(path)}, line {node.lineno}: write the full name, not a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [name if name in MODULES else str(node.module) for name in names]
        else:
            continue
        yield from ((node.lineno, name) for name in found if name.partition(".")[0] == "kit")


def entries(folder: Path) -> list[str]:
    found = [path for path in folder.iterdir() if path.name != "__pycache__"]
    return sorted(path.name.removesuffix(".py") for path in found)


def test_the_entries_of_the_package_are_the_list() -> None:
    assert entries(PACKAGE) == sorted(ENTRIES)
    assert entries(PACKAGE / "teacher") == sorted(TEACHER)
    rooms = Counter(room_of(name) for name, path in MODULES.items() if path.name != "__init__.py")
    assert not {room: size for room, size in rooms.items() if size > 14}, "a room with so many modules is two rooms"


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    own = room_of(next(name for name, file in MODULES.items() if file == path))
    for line, name in imported(path):
        other = room_of(name)
        if other in ("", own) or not own:
            continue
        assert RANK[other] < RANK[own], f"{named(path)}, line {line}: {own} must not import {other}"


def test_only_the_command_line_names_the_wing_of_teachers() -> None:
    named_by = {room_of(m) for m, path in MODULES.items() for _, name in imported(path) if ".teacher" in name}
    assert {room for room in named_by if not room.startswith("teacher")} == {"commands"}


def test_no_module_needs_itself() -> None:
    needs = {name: {other for _, other in imported(path)} - {name, "kit"} for name, path in MODULES.items()}
    while free := [name for name, others in needs.items() if not others & needs.keys()]:
        for name in free:
            del needs[name]
    assert not needs, f"these import each other in a circle: {', '.join(needs)}"


def test_no_name_stands_twice() -> None:
    stems = Counter(path.stem for path in PATHS if path.stem not in ("__init__", "__main__"))
    assert not [stem for stem, times in stems.items() if times > 1]
    classes = Counter(n.name for tree in TREES.values() for n in tree.body if isinstance(n, ast.ClassDef))
    assert not [name for name, times in classes.items() if times > 1 and not name.startswith("_")]
    assert not {"common", "helpers", "misc", "utils"} & set(stems)


def test_a_long_module_has_its_reason() -> None:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in PATHS}
    assert {name for name, size in lengths.items() if size > 500} == set(LONG)


def test_functions_are_short() -> None:
    lengths = {f"{named(path)}:{node.name}": body_length(node) for path in PATHS for node in functions(TREES[path])}
    assert not {name: size for name, size in lengths.items() if size > 40}


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from `def` to its end, without its docstring."""
    doc = node.body[0] if ast.get_docstring(node) is not None else None
    return (node.end_lineno or 0) - node.lineno + 1 - ((doc.end_lineno or 0) - doc.lineno + 1 if doc else 0)


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_only_the_command_line_prints(path: Path) -> None:
    if path.parent.name == "commands" or path.name == "__main__.py":
        return
    calls = [node for node in ast.walk(TREES[path]) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if getattr(call.func, "id", "") == "print"], named(path)


def test_importing_kit_loads_nothing_heavy() -> None:
    code = "import sys, kit; print(*sorted(m.split('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    heavy = {"IPython", "ipywidgets", "matplotlib", "numpy", "pandas", "pytest"}
    assert not heavy & set(done.stdout.split())


def public(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes that are named in `__all__` or, without one, begin with no underscore."""
    stated = [n.value for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "__all__"]
    names = [text.value for value in stated for text in ast.walk(value) if isinstance(text, ast.Constant)]
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [node for node in defined if (node.name in names if stated else not node.name.startswith("_"))]


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_what_is_public_is_documented_and_typed(path: Path) -> None:
    assert ast.get_docstring(TREES[path]), f"{named(path)} has no docstring"
    for node in public(TREES[path]):
        assert ast.get_docstring(node), f"{named(path)}: {node.name} has no docstring"
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
