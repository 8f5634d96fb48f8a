"""Python's errors in plain words: one sentence that says where to look and what to type.

What keeps Python from reading a cell is found by trying: of the small mends that people make, the first after which
Python can read the cell names the slip. So it hangs on the words of no version of Python.
"""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from itertools import permutations
from typing import Any

from kit.page.cells import ABOVE, Run, Watch, read_saved
from kit.page.names import changed, made, needed, nodes, statements
from kit.page.quotes import straightened

_KIT = "kit pandas matplotlib numpy json re math collections statistics".split()
_BRACKETS = "Put each comparison of columns in round brackets, with & (and) or | (or) between them: (…) & (…)."
_SHELL = ("In", "Out", "get_ipython", "exit", "quit")
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
    r"'str' object has no attribute '(sum|mean)'": "Put the whole comparison in round brackets: (… == …).sum().",
    r"'Series' object has no attribute 'len'": "The length of each cell is .str.len().",
    r"'Article' object is not subscriptable": 'An article is no table. Its claims are one: article.claims["layer"].',
    r"'str' object is not callable": "Round brackets stand right after a text. Is a comma missing between them?",
}


def in_plain_words(error: BaseException, run: Run, watch: Watch) -> str:
    """One sentence for the error with which the cell `run` has ended; "" where nothing helpful is known."""
    if isinstance(error, SyntaxError):
        return misread(run.source) if run.whole else ""
    if said := _overwritten(run, watch):
        return said
    if isinstance(error, NameError) and error.name:
        return _unknown(error.name, run, watch)
    if isinstance(error, ImportError):
        return _meant(f"There is no package {error.name}", error.name or "", _KIT)
    said = ""
    if isinstance(error, KeyError):
        said = _no_key(error, run, watch)
    elif isinstance(error, TypeError | ValueError | AttributeError):
        said = next((words for form, words in _BY_WORDS.items() if re.search(form, str(error))), "")
    if not said and isinstance(error, AttributeError) and error.name:
        have = [name for name in dir(error.obj) if not name.startswith("_")]
        said = _meant(f"There is no .{error.name} there", error.name, [*have, *_columns(error.obj)])
    return f"Line {run.line}: {said}" if said else ""


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
    have = [known for known in (*watch.names, *dir(builtins)) if not known.startswith("_") and known not in _SHELL]
    if close := _meant(f"Line {run.line}: nothing is called `{name}` here", name, have):
        return close
    if how == "argument":
        return quoted
    if owner := next((short for short in ("pd", "plt", "kit") if hasattr(watch.names.get(short), name)), ""):
        return f"Line {run.line}: nothing is called `{name}` here. Did you mean {owner}.{name}?"
    return f"Nothing is called `{name}` here. Does a cell above make it? {ABOVE}"


def _overwritten(run: Run, watch: Watch) -> str:
    """What to do where a cell of ours fails because a cell of the student's own changed one of its names."""
    page = read_saved()
    ours = {cell.id for cell in page.cells if cell.role not in ("", "answer")} if page else set()
    for name in sorted(needed(run.source)) if run.cell in ours else ():
        makers = [one.cell for one in watch.runs if one is not run and name in changed(one.source)]
        if makers and makers[-1] not in ours and ours & {*makers}:
            return f"`{name}` was made by this page, and a cell of yours changed it. Take another name there. {ABOVE}"
    return ""


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


_MOST = 80
"""Lines of a cell that are looked at, those near the fault."""
_CLOSING = {")": "round", "]": "square", "}": "curly"}
_SIGNS = dict(zip("–—−×÷≠≥≤`´…", ("-", "-", "-", "*", "/", "!=", ">=", "<=", '"', "'", "..."), strict=True))
_SIGNS |= {"===": "==", "=>": ">=", "=<": "<="}
_TWO_LINES = re.compile(r"""(= *)"([^"]*\n[^"]*)\"""")
_STRING = r"""("[^"]*"|'[^']*')"""
_END = r"(?=\s*(?:#|$))"
_SEVERAL = "Several values on one line of a dict need square brackets around them, as in [1, 2]."
Mend = tuple[str, str | Callable[[re.Match[str]], str], str]
"""What to look for in a line, what to put in its place, and what was wrong; `<n>` is the number of the line."""


def _mends() -> Iterator[Mend]:
    """All mends, the likeliest first."""
    yield rf"(?<=[^=!<>]=){_END}", " ...", "Nothing stands after the “=”. Put your answer in place of the dots."
    yield r"^[A-Za-z]\w*([ -]\w+)+(?= *=(?!=))", _joined, "A name holds no spaces and no dashes."
    yield r"""^(["'])(\w+)\1(?= *=(?!=))""", r"\2", "A name before = stands without quotation marks."
    yield r"^(\w+) *(?=[{\[])", r"\1 = ", "The sign = is missing in line <n>."
    yield r"^[A-Z][a-z']*( [\w',.:]+)+$", r"# \g<0>", "A line of words for people needs the sign # before it."
    yield r"""(?<=[\[,:(=])( *)\?(?= *[,\])}]|\s*$)""", r'\1"?"', "A question mark needs quotation marks around it."
    for sign, plain in _SIGNS.items():
        yield f"^.*{sign}.*$", _exchanged(sign, plain), f"Python does not know the sign “{sign}”; type {plain}"
    yield rf"(?<=[^\s,(\[{{:=]){_END}", ",", "A comma is missing at the end of line <n>."
    yield r"""(?<=[\w"')\]]) +(?=[\w"'(\[])""", _comma, "A comma is missing in line <n>."
    twice = r"""(?<=\w)(["'])\1(?=\s*[,:)\]}]|\s*$)|(?<![\w"'])(["'])\2(?=\w)"""
    yield twice, lambda found: found[0][0], "A quotation mark is one too many in line <n>."
    yield "^.*'.*$", _exchanged("'", '"'), "In line <n> a text begins and ends with different quotation marks."
    for place in (r"(?=[,:)\]}]|\s*$)", r"\b(?=\w)"):
        for mark in "\"'":
            yield place, mark, "A quotation mark is missing in line <n>."
    for mark in "\"'":
        yield "$", f"{mark},", "A quotation mark and a comma are missing in line <n>."
    for sign, name in _CLOSING.items():
        yield "^ .*$", rf"\g<0>\n{sign}", f"{_never(name)} Type {sign} on a line of its own below line <n>."
    for place in (rf"\[{_STRING}(?= *[=!<>&|)])", r"\[[^\[\]]+?(?=,?$)"):
        yield place, r"\g<0>]", "A square bracket is missing in line <n>."
    yield r"=\s*$", "= {", "The curly bracket that begins the answer is missing in line <n>."
    for sign, other in permutations(_CLOSING, 2):
        wrong = f"A {_CLOSING[sign]} bracket stands in line <n> where a {_CLOSING[other]} one belongs."
        yield re.escape(sign), other, wrong
    for sign, name in _CLOSING.items():
        yield rf"""(?<=\S){_END}|(?<=["')\]}}])""", sign, _never(name)
    for sign, name in _CLOSING.items():
        yield re.escape(sign), "", f"The {name} bracket {sign} is one too many."
    yield r"(?<=: )([^:\[\]{},]+(?:, *[^:\[\]{},]+)+)", r"[\1]", _SEVERAL
    yield r"(?<=\d),(?=\d)", ".", "A number is written with a point, not with a comma."
    yield r"(?<=\d)(?:,(\d+))? *%\s*$", _with_a_point, "A number is written with a point, and without the sign %."
    yield r"^.*[\[(][^\])]*;.*$", _exchanged(";", ","), "Between the numbers or words of a list belongs a comma."
    yield rf"{_STRING} *([=;,]|::)? *(?=[\w\"'\[.])", r"\1: ", "Between the name and its value belongs a colon."
    yield r"^\s*(if|for|while|def|else|elif|with)\b.*", r"\g<0>:", "A colon is missing at the end of line <n>."
    equal = "To compare, type two signs: ==. One sign alone, =, gives a name to a value."
    yield r"(?<![=!<>])=(?!=)", "==", equal
    yield r"[;.]\s*$", ",", "A comma belongs at the end of line <n>."


def misread(source: str) -> str:
    """What keeps Python from reading `source`, and what to type; "" where it can be read, or the slip is not plain."""
    source = re.sub(r"(?m)^[ \t]*[%!].*$", "", straightened(source))  # magics are no Python
    fault = _fault(source)
    if fault is None:
        return ""
    if isinstance(fault, IndentationError):
        return _indented(fault)
    at, nearly = fault.lineno or 1, ""
    if "triple-quoted" in fault.msg:
        return f'The text that begins in line {at} with three quotation marks never ends. Type three more after it: """'
    if "unterminated" in fault.msg and _fault(_TWO_LINES.sub(r'\1"""\2"""', source)) is None:
        return f'A text of several lines, as from line {at} on, needs three quotation marks before it and after it: """'
    for mended, line, said in _tries(source.split("\n"), fault):
        left = _fault(mended)
        if left is None:
            return said
        if not nearly and _further(fault, left) and _entry(line):
            nearly = f"There is more than one slip. {said}"
    return nearly or f"Python cannot read line {at}. Is each comma, bracket and quotation mark there, and above it?"


def _tries(lines: list[str], fault: SyntaxError) -> Iterator[tuple[str, str, str]]:
    """The cell after each mend of one line, that line as mended, and what to say of it.

    The line above the fault comes first, since Python notices late. Two texts side by side are no mend: Python would
    make one of them.
    """
    at = fault.lineno or 1
    order = sorted(range(1, len(lines) + 1), key=lambda n: (abs(n - at + 0.6), n))
    near = [n for n in order if lines[n - 1].strip() and not lines[n - 1].lstrip().startswith("#")][:_MOST]
    for pattern, put, wrong in _mends():
        for n in near if "never closed" not in wrong or "never closed" in fault.msg else ():
            old = lines[n - 1]
            found = list(re.finditer(pattern, old))
            for place in reversed(found) if "bracket" in wrong else found:
                line = old[: place.start()] + (place.expand(put) if isinstance(put, str) else put(place))
                line += old[place.end() :]
                if re.search("""\0 *[\0"']""", re.sub(_STRING, "\0", line)):
                    continue
                said = wrong.replace("<n>", str(n))
                if "\n" not in line:
                    said += f" Line {n} should read: {line.strip()}"
                    said = f"Python points to line {at}, but the slip is in line {n}. {said}" if n != at else said
                yield "\n".join((*lines[: n - 1], line, *lines[n:])), line, said


def _never(name: str) -> str:
    return f"A {name} bracket is opened and never closed."


def _joined(name: re.Match[str]) -> str:
    return re.sub("[ -]", "_", name[0])


def _with_a_point(rest: re.Match[str]) -> str:
    return f".{rest[1]}" if rest[1] else ""


def _comma(gap: re.Match[str]) -> str:
    """A comma; none behind an = without a bracket, where it would make a tuple."""
    before = gap.string[: gap.start()]
    return ", " if "=" not in gap.string or re.search(r"[(\[{]", before) else gap[0]


def _exchanged(old: str, new: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found[0].replace(old, new)


def _fault(source: str) -> SyntaxError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as fault:
        return fault
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _further(fault: SyntaxError, left: SyntaxError) -> bool:
    """Whether Python came further after a mend: it reads quotation marks first, then the rest from top to bottom."""
    open_before, open_now = ("unterminated" in one.msg for one in (fault, left))
    return open_now < open_before or (open_now == open_before and (left.lineno or 0) > (fault.lineno or 0))


def _entry(line: str) -> bool:
    """Whether a line alone could stand in a dict, or be a piece of code."""
    return _fault(f"{{{line.strip()}}}") is None or _fault(line.strip()) is None


def _indented(fault: IndentationError) -> str:
    n = fault.lineno
    if "unexpected" in fault.msg or "unindent" in fault.msg:
        return f"Line {n} begins too far in, or not far enough. Let it begin where the line above it begins."
    if "expected" in fault.msg:
        return f"Line {n} must begin further in than the line above it: type four spaces before its first word."
    return f"Line {n} begins with tabs and spaces mixed. Delete them, and type spaces alone."
