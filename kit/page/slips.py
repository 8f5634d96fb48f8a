"""Python's errors in plain words: one sentence that says where to look and what to type."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from kit.page.cells import ABOVE, Run, Watch, read_saved
from kit.page.misreading import misread
from kit.page.names import made, nodes, statements

__all__ = ["in_plain_words"]

_KIT = "kit pandas matplotlib numpy json re math collections statistics".split()
_BRACKETS = "Put each comparison of columns in round brackets, with & (and) or | (or) between them: (…) & (…)."
_BY_WORDS = {
    r"ellipsis": "The three dots ... still stand there: put your answer in their place.",
    r"'(DataFrame|Series)' object is not callable": 'After a table come square brackets, as in claims["layer"].',
    r"(method|function)\w*' object is not subscriptable": 'A command needs round brackets, as in .groupby("unit").',
    r"truth value of a \w+ is ambiguous|Cannot perform 'r?(and|or)_'|for [&|]: ": _BRACKETS,
    r"unsupported operand .*'(str|int|float)' and '(str|int|float)'|can only concatenate str": "A number and a text "
    "cannot be worked out together. Write numbers without quotation marks.",
    r"list indices must be integers or slices, not tuple": "A comma is missing between two pairs of square brackets.",
    r"level name \w+ is not the name of the index": "Several columns need square brackets around them, as in "
    '.groupby(["unit", "layer"]).',
    r"isin\(\)|Lengths must match to compare": 'To ask for one of several values, type .isin(["first", "second"]).',
    r"unhashable type: '(list|dict)'": 'Between a name and its value belongs a colon, as in "S10": [1, 2].',
    r"^'NoneType' object": "What stands before it is nothing (None). Leave out print(…), or inplace=True, further up.",
    r"invalid literal for int|could not convert string to float": "That text is no number. Write it as in 45.8.",
    r"'str' object is not callable": "Round brackets stand right after a text. Is a comma missing between them?",
}


def in_plain_words(error: BaseException, run: Run, watch: Watch) -> str:
    """One sentence for the error with which the cell `run` has ended; "" where nothing helpful is known."""
    if isinstance(error, SyntaxError):
        return misread(run.source) if run.whole else ""
    if isinstance(error, NameError) and error.name:
        return _unknown(error.name, run, watch)
    where = f"Line {run.line}: "
    if isinstance(error, KeyError):
        return where + said if (said := _no_key(error, run, watch)) else ""
    if isinstance(error, ImportError):
        return _meant(f"There is no package {error.name}", error.name or "", _KIT)
    if isinstance(error, TypeError | ValueError | AttributeError):
        words = next((words for form, words in _BY_WORDS.items() if re.search(form, str(error))), "")
        if words:
            return where + words
    if isinstance(error, AttributeError) and error.name:
        have = [name for name in dir(error.obj) if not name.startswith("_")]
        said = _meant(f"There is no .{error.name} there", error.name, [*have, *_columns(error.obj)])
        return where + said if said else ""
    return ""


def _unknown(name: str, run: Run, watch: Watch) -> str:
    page = read_saved()
    makers = [cell for cell in (page.cells if page else ()) if cell.id != run.cell and name in made(cell.source)]
    if makers and not any(watch.last(cell.id) for cell in makers):
        return f"The cell that makes `{name}` has not been run since the kernel started. {ABOVE}"
    stopped = next((last for cell in makers if (last := watch.last(cell.id)) and last.line), None)
    if stopped:
        return f"The cell that makes `{name}` stopped with an error in its line {stopped.line}: mend that one first."
    taken = f"Line {run.line}: `{name}` without quotation marks is taken for a name."
    quoted = f'{taken} For the word itself, type "{name}".'
    how = _used(name, run.source)
    if how == "word" or (how == "argument" and any(name in _columns(value) for value in watch.names.values())):
        return quoted
    have = [known for known in (*watch.names, *dir(builtins)) if not known.startswith("_")]
    if close := _meant(f"Line {run.line}: nothing is called `{name}` here", name, have):
        return close
    if how == "argument":
        return quoted
    return f"Nothing is called `{name}` here. Does a cell above make it? {ABOVE}"


def _used(name: str, source: str) -> str:
    """Whether a cell uses a name where a "word" would stand (in a dict, a list, a comparison), or as an "argument"."""
    words = [part for node in nodes(source) for part in _words_in(node)]
    calls = [node for node in nodes(source) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    arguments = [part for call in calls for part in (*call.args, *(option.value for option in call.keywords))]
    return "word" if name in _ids(words) else "argument" if name in _ids(arguments) else ""


def _no_key(error: KeyError, run: Run, watch: Watch) -> str:
    if error.args and isinstance(error.args[0], tuple):
        return 'Several columns need two pairs of square brackets, as in [["unit", "layer"]].'
    words = str(error.args[0]) if error.args else ""
    quoted = re.findall(r"'([^']*)'", words) if "not in index" in words or "None of [" in words else []
    key = quoted[0] if quoted else words.removeprefix("Column not found: ")
    here = [part for part in statements(run.source) or () if part.lineno <= run.line <= (part.end_lineno or 0)]
    there = [node for part in here for node in ast.walk(part)]
    looked_up = (node.value for node in there if isinstance(node, ast.Subscript) and _is(node.slice, key))
    if any(isinstance(value, ast.Call) and getattr(value.func, "attr", "") != "groupby" for value in looked_up):
        return f"Nothing is called “{key}” in what stands before the square brackets. Look at that alone first."
    if any(isinstance(node, ast.Attribute) and node.attr == "loc" for node in there):
        return f"There is no row “{key}” there. Is that name written as the question gives it?"
    read = (node.id for node in there if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    for name in dict.fromkeys(read):
        value = watch.names.get(name)
        columns = _columns(value)
        have = columns or (list(map(str, value)) if isinstance(value, dict) else [])
        if have and key not in have:
            lacks = f"`{name}` has no {'column' if columns else 'line'} “{key}”"
            said = _meant(lacks, key, have) or f"{lacks}."
            return f"{said} Its columns: {', '.join(columns)}." if columns else said
    return ""


def _meant(what: str, typed: str, have: Iterable[str]) -> str:
    """“`what`; did you mean …?”, or "" where nothing that there is resembles what was typed."""
    spelled = {name.casefold(): name for name in have if name != typed}
    close = get_close_matches(typed.casefold(), spelled, 1, 0.7)
    return f"{what}. Did you mean {spelled[close[0]]}?" if close else ""


def _columns(value: object) -> list[str]:
    return [str(name) for name in value.columns] if type(value).__name__ == "DataFrame" else []  # type: ignore[attr-defined]


def _words_in(node: ast.AST) -> list[ast.AST | None]:
    """The places in a node where a word in quotation marks may stand."""
    if isinstance(node, ast.Dict):
        return [*node.keys, *node.values]
    fields = (getattr(node, name, []) for name in ("elts", "comparators", "slice"))
    return [part for field in fields for part in (field if isinstance(field, list) else [field])]


def _ids(nodes: Iterable[Any]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _is(node: ast.AST, key: str) -> bool:
    if isinstance(node, ast.List):
        return any(_is(part, key) for part in node.elts)
    return isinstance(node, ast.Constant) and str(node.value) == key
