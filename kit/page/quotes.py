"""Curly quotation marks where straight ones are meant, as word processors and phones type them.

What a notebook runs and what the grader reads goes through `straightened`, so that both take an answer alike.
"""

from __future__ import annotations

import ast
import re
import warnings

__all__ = ["parsed", "straightened"]

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
    done, at = "", 0
    while at < len(source):
        piece, at = _next(source, at)
        done += piece
    return done


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a stranger's code; None where it is no plain Python, or too much for Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # who runs the code is told of "\d"
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _next(source: str, at: int) -> tuple[str, int]:
    """The next piece of code, straightened, and where it ends: a string, a comment, or one sign."""
    sign = source[at]
    line_end = source.find("\n", at) % (len(source) + 1)
    if sign == "#" or (sign in "%!" and not source[source.rfind("\n", 0, at) + 1 : at].strip()):
        return source[at:line_end], line_end
    if three := _THREE.match(source, at):
        return _long(source, at, '"' if three[0][0] in f'"{_DOUBLE}' else "'")
    if sign in f"\"'{_DOUBLE}{_SINGLE}":
        return _short(source[at : min(line_end, at + _LONGEST)], at)
    return _SPACES.get(sign, sign), at + 1


def _long(source: str, at: int, mark: str) -> tuple[str, int]:
    """A string between three marks and three marks."""
    begin, end = at + 3, source.find(mark * 3, at + 3) if source.startswith(mark * 3, at) else -1
    if end < 0:
        ends = (found.start() for found in _THREE.finditer(source, begin) if found[0][0] in (mark, *_alike(mark)))
        end = next(ends, -1)
    if end < 0:
        return source[at:], len(source)
    return mark * 3 + source[begin:end] + mark * 3, end + 3


def _short(line: str, at: int) -> tuple[str, int]:
    """A string in one line; `line` is that line from the string on. One that does not end is only begun."""
    first = line[0]
    mark = '"' if first in f'"{_DOUBLE}' else "'"
    straight = _end(line, mark)
    end = straight if first == mark else _end(line, _CLOSING[first])
    if first != mark and straight and (not end or (first in line[1:end] and straight < end)):
        end = straight  # begun by a curly mark, ended by a straight one
    end = end or _end(line, _alike(mark))
    if not end:
        return mark + line[1:], at + len(line)
    inside = line[1:end]
    if first in "«»":
        inside = inside.strip(" \u00a0\u202f")
    if first != mark and line[end] != mark:
        inside = re.sub(rf"(?<!\\){mark}", rf"\\{mark}", inside)
    return mark + inside + mark, at + end + 1


def _end(line: str, marks: str) -> int:
    """Where the string at the beginning of `line` ends by one of `marks`; else 0. The ’ in “don’t” ends none."""
    for found in re.finditer(rf"(?<!\\)[{marks}]", line[1:]):
        if found[0] not in _SINGLE or not line[found.end() + 1 : found.end() + 2].isalnum():
            return found.start() + 1
    return 0


def _alike(mark: str) -> str:
    return _DOUBLE if mark == '"' else _SINGLE
