"""What keeps Python from reading a cell, in plain words.

It is found by trying: of the small mends that people make, the first after which Python can read the cell names the
slip. So it hangs on the words of no version of Python.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator

from kit.page.quotes import straightened

__all__ = ["misread"]

_MOST = 80
"""Lines of a cell that are looked at, those near the fault."""
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_NAMED = {"(": "round", ")": "round", "[": "square", "]": "square", "{": "curly", "}": "curly"}
_COMMENT = re.compile(r"""^((?:[^#"']|"[^"]*"|'[^']*')*?)(\s*(?:#.*)?)$""")
_SIGNS = dict(zip("–—−×÷≠≥≤`´…", ("-", "-", "-", "*", "/", "!=", ">=", "<=", '"', "'", "..."), strict=True))
_TWO_LINES = re.compile(r"""(= *)"([^"]*\n[^"]*)\"""")
_STRING = r"""("[^"]*"|'[^']*')"""
Try = tuple[int, str, str]
"""The number of a line, what it would read, and what was wrong with it."""


def misread(source: str) -> str:
    """What keeps Python from reading `source`, and what to type; "" where it can be read, or the slip is not plain."""
    source = re.sub(r"(?m)^[ \t]*[%!].*$", "", straightened(source))  # magics are no Python
    fault = _fault(source)
    if fault is None:
        return ""
    if isinstance(fault, IndentationError):
        return _indented(fault)
    lines, at, nearly = source.split("\n"), fault.lineno or 1, ""
    if "triple-quoted" in fault.msg:
        return f'The text that begins in line {at} with three quotation marks never ends. Type three more after it: """'
    if "unterminated" in fault.msg and _fault(_TWO_LINES.sub(r'\1"""\2"""', source)) is None:
        return f'A text of several lines, as from line {at} on, needs three quotation marks before it and after it: """'
    for tries in (_empty, _names, _signs, _commas, _quotes, _brackets, _colons, _others):
        for number, line, wrong in tries(lines, _near(lines, at), fault):
            left = _fault("\n".join((*lines[: number - 1], line, *lines[number:])))
            if left is None:
                return _said(number, line, wrong, at)
            if not nearly and tries in (_commas, _quotes) and _further(fault, left) and _entry(line):
                nearly = f"There is more than one slip. {_said(number, line, wrong, at)}"
    return nearly or f"Python cannot read line {at}. Is each comma, bracket and quotation mark there, and above it?"


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
    if "unterminated" in fault.msg:
        return "unterminated" not in left.msg or (left.lineno or 0) > (fault.lineno or 0)
    return "unterminated" not in left.msg and (left.lineno or 0) > (fault.lineno or 0)


def _entry(line: str) -> bool:
    """Whether a line alone could stand in a dict, or be a piece of code."""
    return _fault(f"{{{line.strip()}}}") is None or _fault(line.strip()) is None


def _near(lines: list[str], at: int) -> list[int]:
    """The numbers of the lines to look at: the one above the fault first, since Python notices late."""
    order = sorted(range(1, len(lines) + 1), key=lambda n: (abs(n - at + 0.6), n))
    return [n for n in order if lines[n - 1].strip() and not lines[n - 1].lstrip().startswith("#")][:_MOST]


def _said(number: int, line: str, wrong: str, at: int) -> str:
    if "\n" in line:  # one that has been put below
        return wrong
    where = f"Python points to line {at}, but the slip is in line {number}. " if number != at else ""
    return f"{where}{wrong} Line {number} should read: {line.strip()}"


def _indented(fault: IndentationError) -> str:
    n = fault.lineno
    if "unexpected" in fault.msg or "unindent" in fault.msg:
        return f"Line {n} begins too far in, or not far enough. Let it begin where the line above it begins."
    if "expected" in fault.msg:
        return f"Line {n} must begin further in than the line above it: type four spaces before its first word."
    return f"Line {n} begins with tabs and spaces mixed. Delete them, and type spaces alone."


def _parts(line: str) -> tuple[str, str]:
    """A line without its comment, and the comment with the spaces before it."""
    found = _COMMENT.match(line)
    return (found[1], found[2]) if found else (line, "")


def _empty(lines: list[str], near: Iterable[int], fault: SyntaxError) -> Iterator[Try]:
    for n in near:
        code, _ = _parts(lines[n - 1])
        if re.search(r"[^=!<>]=$", code):
            yield n, f"{code} ...", "Nothing stands after the “=”. Put your answer in place of the dots."


def _names(lines: list[str], near: Iterable[int], fault: SyntaxError) -> Iterator[Try]:
    for n in near:
        if found := re.match(r"([A-Za-z]\w*(?:[ -]\w+)+) *=(?!=)", lines[n - 1]):
            joined = re.sub(r"[ -]", "_", found[1])
            yield n, joined + lines[n - 1][found.end(1) :], "A name holds no spaces and no dashes."
        if found := re.match(r"""(["'])(\w+)\1(?= *=(?!=))""", lines[n - 1]):
            yield n, found[2] + lines[n - 1][found.end() :], "A name before = stands without quotation marks."


def _signs(lines: list[str], near: Iterable[int], fault: SyntaxError) -> Iterator[Try]:
    found = re.search(r"invalid (?:non-printable )?character '?(.)", fault.msg) or re.search(r"[`´]", fault.text or "")
    sign = found[found.lastindex or 0] if found else ""
    if sign in _SIGNS:
        for n in near:
            if sign in lines[n - 1]:
                yield (
                    n,
                    lines[n - 1].replace(sign, _SIGNS[sign]),
                    f"Python does not know the sign “{sign}”; type {_SIGNS[sign]}",
                )


def _commas(lines: list[str], near: Iterable[int], fault: SyntaxError) -> Iterator[Try]:
    for n in near:
        code, rest = _parts(lines[n - 1])
        if code and code[-1] not in ",([{:=":
            yield n, f"{code},{rest}", f"A comma is missing at the end of line {n}."
    for n in near:
        for gap in re.finditer(r"""(?<=[\w"')\]]) +(?=[\w"'(\[])""", lines[n - 1]):
            line = f"{lines[n - 1][: gap.start()]}, {lines[n - 1][gap.end() :]}"
            if "=" not in line or re.search(r"[(\[{]", line[: gap.start()]):  # else it would make a tuple
                yield n, line, f"A comma is missing in line {n}."


def _quotes(lines: list[str], near: Iterable[int], fault: SyntaxError) -> Iterator[Try]:
    for n in near:
        line = lines[n - 1]
        wrong = f"A quotation mark is missing in line {n}."
        for pair in re.finditer(r"""(?<=\w)(""|'')(?=\s*[,:)\]}]|$)|(?<![\w"'])(""|'')(?=\w)""", line):
            once = line[: pair.start()] + line[pair.start() + 1 :]
            yield n, once, f"A quotation mark is one too many in line {n}."
        if line.count('"') % 2 and line.count("'") % 2:
            yield n, line.replace("'", '"'), f"In line {n} a text begins and ends with different quotation marks."
        for mark in "\"'":
            if line.count(mark) % 2:
                ends = [*(found.start() for found in re.finditer(r"[,:)\]}]|$", line)), len(line.rstrip())]
                begins = [found.start() for found in re.finditer(r"(?<!\w)\w", line)]
                yield from ((n, line[:at] + mark + line[at:], wrong) for at in (*ends, *begins))
                yield n, f"{line}{mark},", f"A quotation mark and a comma are missing in line {n}."


def _brackets(lines: list[str], near: Iterable[int], fault: SyntaxError) -> Iterator[Try]:
    opener = lines[(fault.lineno or 1) - 1].rstrip()
    if "never closed" in fault.msg and opener[-1:] in _PAIRS and max(near) > (fault.lineno or 1):
        closing, n = _PAIRS[opener[-1]], max(near)
        wrong = f"The {_NAMED[closing]} bracket that opens in line {fault.lineno} is never closed."
        yield n, f"{lines[n - 1]}\n{closing}", f"{wrong} Type {closing} on a line of its own at the end."
    for n in sorted(near, key=lambda n: n != fault.lineno):
        line = lines[n - 1]
        if found := re.match(r"\w+(?= *[{\[])", line):
            yield n, f"{found[0]} = {line[found.end() :].lstrip()}", f"The sign = is missing in line {n}."
        if "unmatched" in fault.msg and line.rstrip().endswith("="):
            yield n, f"{line} {{", f"The curly bracket that begins the answer is missing in line {n}."
        at = (fault.offset or 0) - 1 if n == fault.lineno else -1
        closed = sorted(re.finditer(r"[)\]}]", line), key=lambda found: found.start() != at)
        for found in closed:
            for other in _PAIRS.values():
                wrong = f"A {_NAMED[found[0]]} bracket stands in line {n} where a {_NAMED[other]} one belongs."
                yield n, line[: found.start()] + other + line[found.end() :], wrong
        places = [found.end() for found in re.finditer(_STRING + r"|[\w)\]}]", line)]
        for closing in _PAIRS.values() if "never closed" in fault.msg else ():
            wrong = f"A {_NAMED[closing]} bracket is opened and never closed."
            yield from ((n, line[:at] + closing + line[at:], wrong) for at in reversed(places))
            yield n, f"{line}{closing}", wrong
        for found in closed if "unmatched" in fault.msg else ():
            wrong = f"The {_NAMED[found[0]]} bracket {found[0]} is one too many."
            yield n, line[: found.start()] + line[found.end() :], wrong


def _colons(lines: list[str], near: Iterable[int], fault: SyntaxError) -> Iterator[Try]:
    for n in near:
        line = lines[n - 1]
        for found in re.finditer(r"(: *)([^:\[\]{},]+(?:, *[^:\[\]{},]+)+)", line):
            several = f"{line[: found.start(2)]}[{found[2]}]{line[found.end() :]}"
            yield n, several, "Several values on one line of a dict need square brackets around them, as in [1, 2]."
        for found in re.finditer(r"(?<=\d),(?=\d)", line):
            yield (
                n,
                f"{line[: found.start()]}.{line[found.end() :]}",
                "A number is written with a point, not with a comma.",
            )
        for found in re.finditer(rf"{_STRING} *([=;,]|::)? *(?=[\w\"'\[.])", line):
            colon = f"{line[: found.end(1)]}: {line[found.end() :]}"
            yield n, colon, "Between the name and its value belongs a colon."
        if re.match(r"\s*(if|for|while|def|else|elif|with)\b", line):
            yield n, f"{line.rstrip()}:", f"A colon is missing at the end of line {n}."


def _others(lines: list[str], near: Iterable[int], fault: SyntaxError) -> Iterator[Try]:
    for n in near:
        line = lines[n - 1]
        for found in re.finditer(r"(?<![=!<>])=(?!=)", line):
            equal = f"{line[: found.start()]}=={line[found.end() :]}"
            yield n, equal, "To compare, type two signs: ==. One sign alone, =, gives a name to a value."
        if found := re.search(r"(?<=\d) *%\s*$", line):
            yield n, line[: found.start()], "A number is written without the sign %."
        if re.search(r"[\[(][^\])]*;", line):
            yield n, line.replace(";", ","), "Between the numbers or words of a list belongs a comma."
        if line.rstrip()[-1:] in ";.":
            yield n, f"{line.rstrip()[:-1]},", f"A comma belongs at the end of line {n}."
