"""Curly quotation marks where straight ones are meant, as word processors and phones type them.

What a notebook runs and what the grader reads goes through `straightened`, so that both take an answer alike.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

_DOUBLE, _SINGLE = "“”„‟«»″", "‘’‚‛‹›′"
_CLOSING = {"“": "”", "”": "”", "„": "“”", "‟": "”", "«": "»", "»": "«", "″": "″"}
_CLOSING |= {"‘": "’", "’": "’", "‚": "‘’", "‛": "’", "‹": "›", "›": "‹", "′": "′"}
_SPACES = dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " ") | dict.fromkeys("\u200b\u2060\ufeff", "")
_ODD = re.compile(f"[{_DOUBLE}{_SINGLE}{''.join(_SPACES)}]")
_LONGEST = 4000
"""Characters of a string in one line: what is longer is not looked at, so that no line takes long."""
_THREE = re.compile(f"[\"{_DOUBLE}]{{3}}|['{_SINGLE}]{{3}}")


def straightened(source: str) -> str:
    """`source` with straight quotation marks and plain spaces in place of such signs outside its strings and comments.

    Code that Python can read comes back as it is, and so do the lines of magics. What is between straight quotation
    marks stays, and of „…“, «…» and ‘…’ only the outer marks change.
    """
    if not _ODD.search(source) or source.lstrip().startswith("%%") or parsed(source):
        return source
    return re.sub("|".join(_pieces()), _straight, source, flags=re.MULTILINE)


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a stranger's code; None where it is no plain Python, or too much for Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # who runs the code is told of "\d"
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _pieces() -> Iterator[str]:
    """What a piece of code is, kind by kind: of several that begin at one place the first counts."""
    kinds = {'"': _DOUBLE, "'": _SINGLE}
    three = [f"[{mark}{curly}]{{3}}" for mark, curly in kinds.items()]
    yield r"(?P<as_it_is>#.*|^[ \t]*[%!].*)"
    for marks in (*(mark * 3 for mark in kinds), *three):
        yield rf"{marks}[\s\S]*?{marks}"
    yield rf"(?P<endless>({'|'.join(three)})[\s\S]*)"
    for mark in kinds:
        yield rf"{mark}(\\.|[^{mark}\\\n]){{0,{_LONGEST}}}{mark}"
    for mark, curly in kinds.items():
        for begin in curly:
            end = _CLOSING[begin]
            for without, last in ((begin + end, end), (mark + end, mark), (end, end)):
                yield _short(begin, without, last)
        yield _short(mark + curly, curly, curly)
    yield rf"(?P<begun>[{''.join(mark + curly for mark, curly in kinds.items())}].{{0,{_LONGEST}}})"
    yield f"(?P<space>[{''.join(_SPACES)}])"


def _short(begin: str, without: str, end: str) -> str:
    """A string in one line. The ’ in “don’t” ends none."""
    apostrophe = r"|’(?=\w)" * ("’" in without)
    word_ends = r"(?!\w)" * (end[0] in _SINGLE)
    return rf"[{begin}]([^{without}\n]{apostrophe}){{0,{_LONGEST}}}[{end}]{word_ends}"


def _straight(piece: re.Match[str]) -> str:
    text, kind = piece[0], piece.lastgroup
    if kind in ("as_it_is", "endless"):
        return text
    if kind == "space":
        return _SPACES[text]
    mark = '"' if text[0] in f'"{_DOUBLE}' else "'"
    if kind == "begun":
        return mark + text[1:]
    marks = 3 if _THREE.match(text) else 1
    inside = text[marks:-marks]
    if text[0] in "«»":
        inside = inside.strip(" \u00a0\u202f")
    if marks == 1 and text[0] != mark and text[-1] != mark:
        inside = re.sub(rf"(?<!\\){mark}", rf"\\{mark}", inside)
    return mark * marks + inside + mark * marks
