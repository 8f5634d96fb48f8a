"""What keeps Python from reading a cell, in plain words.

It is found by trying: of the small mends that people make, the first after which Python can read the cell names the
slip. So it hangs on the words of no version of Python.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from itertools import permutations

from kit.page.quotes import straightened

__all__ = ["misread"]

_MOST = 80
"""Lines of a cell that are looked at, those near the fault."""
_BRACKETS = {")": "round", "]": "square", "}": "curly"}
_SIGNS = dict(zip("–—−×÷≠≥≤`´…", ("-", "-", "-", "*", "/", "!=", ">=", "<=", '"', "'", "..."), strict=True))
_TWO_LINES = re.compile(r"""(= *)"([^"]*\n[^"]*)\"""")
_STRING = r"""("[^"]*"|'[^']*')"""
_END = r"(?=\s*(?:#|$))"
Mend = tuple[str, str | Callable[[re.Match[str]], str], str]
"""What to look for in a line, what to put in its place, and what was wrong; `<n>` is the number of the line."""


def _mends() -> Iterator[Mend]:
    """All mends, the likeliest first."""
    yield rf"(?<=[^=!<>]=){_END}", " ...", "Nothing stands after the “=”. Put your answer in place of the dots."
    yield r"^[A-Za-z]\w*([ -]\w+)+(?= *=(?!=))", _joined, "A name holds no spaces and no dashes."
    yield r"""^(["'])(\w+)\1(?= *=(?!=))""", r"\2", "A name before = stands without quotation marks."
    yield r"^(\w+) *(?=[{\[])", r"\1 = ", "The sign = is missing in line <n>."
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
    for sign, name in _BRACKETS.items():
        yield "^ .*$", rf"\g<0>\n{sign}", f"{_never(name)} Type {sign} on a line of its own below line <n>."
    for place in (rf"\[{_STRING}(?= *[=!<>&|)])", r"\[[^\[\]]+?(?=,?$)"):
        yield place, r"\g<0>]", "A square bracket is missing in line <n>."
    yield r"=\s*$", "= {", "The curly bracket that begins the answer is missing in line <n>."
    for sign, other in permutations(_BRACKETS, 2):
        wrong = f"A {_BRACKETS[sign]} bracket stands in line <n> where a {_BRACKETS[other]} one belongs."
        yield re.escape(sign), other, wrong
    for sign, name in _BRACKETS.items():
        yield rf"""(?<=\S){_END}|(?<=["')\]}}])""", sign, _never(name)
    for sign, name in _BRACKETS.items():
        yield re.escape(sign), "", f"The {name} bracket {sign} is one too many."
    several = "Several values on one line of a dict need square brackets around them, as in [1, 2]."
    yield r"(?<=: )([^:\[\]{},]+(?:, *[^:\[\]{},]+)+)", r"[\1]", several
    yield r"(?<=\d),(?=\d)", ".", "A number is written with a point, not with a comma."
    yield r"(?<=\d) *%\s*$", "", "A number is written without the sign %."
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
                if re.search(rf"""{_STRING} *["']""", line):
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
