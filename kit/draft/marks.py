"""Single quotation marks as British papers set them, told apart from apostrophes, and read as double ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["doubled"]

Mark = tuple[str, int]

_LINE = re.compile(r"\S[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*")
_OPEN = r"""
    (?:^|(?<=[\s(\[—–\-“"/]))[‘']                           # after a blank, a bracket, a dash, a double mark
    (?!['’]|(?:\d\ds?|n|(?i:em|til|tis|twas|cause|bout|cos|ere|un))\b)  # not where letters are left out: '90s, 'em, 'n'
    (?!(?:s|re|ve|ll|d|m|t)\b)                             # nor in a text with blanks around every mark: the mayor 's
    (?=[\w“"…£$€(\[])
"""
_MARK = re.compile(
    rf"""(?P<double>[“”"]|``|'')
    | (?P<open>{_OPEN})
    | (?P<close>(?<=[^\w\s])[’'](?![\w’']))                 # after a comma, a stop, a double mark
    | (?P<maybe>(?:(?<=[sS])|(?<=in)|(?<=\b[oO])|(?<=ol))[’'](?=\s+\w))  # the soldiers' camp, goin' home, ol' man
    | (?P<end>(?<=\w)(?<![’']n)[’'](?![\w’']))""",
    re.VERBOSE | re.MULTILINE,
)
_FIRST = re.compile(_OPEN, re.VERBOSE | re.MULTILINE)
_PARTNERS = {"“": "”", '"': '"', "`": "''"}
_NESTED = str.maketrans('“”"', "‘’'")


def doubled(text: str) -> str:
    """`text`, of the same length, with single quotation marks as double ones, and double ones within them as single.

    Apostrophes stay, and so do single marks within double ones.
    """
    if not _FIRST.search(text):
        return text
    lines = [match.span() for match in _LINE.finditer(text)]
    letters = list(text)
    for (start, end), after in zip(lines, [*(start for start, _ in lines[1:]), len(text)], strict=True):
        for first, last in _pairs(text, start, end, after):
            letters[first] = "“"
            if last < end:
                letters[first + 1 : last] = text[first + 1 : last].translate(_NESTED)
                letters[last] = "”"
    return "".join(letters)


def _pairs(text: str, start: int, end: int, after: int) -> Iterator[tuple[int, int]]:
    """The single marks of one line, by twos; one that runs on into the line at `after` ends at `end`."""
    marks: list[Mark] = [(str(match.lastgroup), match.start()) for match in _MARK.finditer(text, start, end)]
    at = 0
    while at < len(marks):
        kind, place = marks[at]
        close = at
        if kind == "double":
            close = _partner(text, marks, at)
        elif kind == "open":
            close = _closer(marks, at)
            runs_on = place == start and _FIRST.match(text, after) and (close == at or marks[close][0] == "maybe")
            if runs_on:
                yield place, end
            elif close > at:
                yield place, marks[close][1]
        at = close + 1


def _partner(text: str, marks: list[Mark], at: int) -> int:
    """The double mark that closes the one at `at`; the last mark of all if none does."""
    wanted = _PARTNERS.get(text[marks[at][1]])
    if wanted is None:
        return at
    return next((n for n in range(at + 1, len(marks)) if text.startswith(wanted, marks[n][1])), len(marks) - 1)


def _closer(marks: list[Mark], at: int) -> int:
    """The single mark that closes the one at `at`, or `at`: one that may be a plural's only if no other can."""
    maybe = at
    for n in range(at + 1, len(marks)):
        kind = marks[n][0]
        if kind == "open":
            break
        if kind in ("close", "end"):
            return n
        maybe = n if kind == "maybe" and maybe == at else maybe
    return maybe
