"""Kinds of numbers: what a count, a share or a percentage can be, and what is the matter with one that cannot be."""

from __future__ import annotations

import re

from kit.check.answers import number_of, text

__all__ = ["KINDS_OF_NUMBERS", "impossible", "written_otherwise"]

KINDS_OF_NUMBERS = ("number", "count", "share", "percent")
"""Any number; how many there are; a part of 1; a part of 100."""
_DIGITS = re.compile(r"([-+]?\d+)(?:([.,])(\d+))?\s*(%?)")


def impossible(value: float, kind: str, most: float | None = None) -> str:
    """What is the matter with `value` as a number of this kind, a clause; "" where nothing is.

    `most` is how many there are to be counted. Raises ValueError for a kind that is none of `KINDS_OF_NUMBERS`.
    """
    if kind not in KINDS_OF_NUMBERS:
        raise ValueError(f"“{kind}” is no kind of number; take one of {', '.join(KINDS_OF_NUMBERS)}.")
    if kind == "number":
        return ""
    if value < 0:
        return f"{value:g} is below 0, and a {'percentage' if kind == 'percent' else kind} is never that"
    if kind == "count" and value != int(value):
        return f"{value:g} is not a whole number, and a count is one"
    if kind == "count" and most is not None and value > most:
        return f"{value:g} is more than there are: {most:g}"
    if kind == "share" and value > 1:
        return f"{value:g} is more than 1, and a share lies between 0 and 1" + " (is it percent?)" * (value <= 100)
    if kind == "percent" and value > 100:
        return f"{value:g} is more than 100, and percent lie between 0 and 100"
    if kind == "percent" and 0 < value < 1:
        return f"{value:g} looks like a share of 1; percent lie between 0 and 100"
    return ""


def written_otherwise(answer: object, kind: str = "number") -> str:
    """How to write what was meant as a number, a clause: "write a point: 45.8"; "" where no number can be seen.

    Seen are a text with digits, a decimal comma or a sign for percent, and the pair that Python makes of 45,8.
    """
    pair = isinstance(answer, (list, tuple)) and [number_of(item) for item in answer[:3]]
    if pair and len(pair) == 2 and all(isinstance(item, int) for item in pair):
        answer = f"{pair[0]},{pair[1]}"
    elif pair and len(pair) == 1 and isinstance(pair[0], (int, float)):
        return f"write the number alone, without brackets: {pair[0]}"
    found = _DIGITS.fullmatch(text(answer)) if isinstance(answer, str) else None
    if not found:
        return ""
    whole, mark, rest, sign = found.groups()
    if mark == "," and kind == "count":
        return "a count is a whole number; write it without a comma"
    if mark == ",":
        return f"write a point: {whole}.{rest}"
    plain = f"{whole}.{rest}" if rest else whole
    return f"write it without {'the sign %' if sign else 'quotation marks'}: {plain}"
