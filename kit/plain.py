"""Plain values out of whatever a student's name may hold: never an exception, never an endless wait."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

__all__ = ["kind", "number_of", "numbers", "printable", "shown", "string", "text"]

_LONGEST, _LARGEST = 200, 10**15
_MARKS = " \t\r\n.,;:!?\"'“”‘’"


def numbers(value: Any) -> list[Any]:
    """The items of a list, a tuple, a Series …, or a single one; nothing for a blank."""
    try:
        many = isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))
        items = list(islice(value, 100)) if many else [value]
    except Exception:  # an array without dimensions, or an object of the student's own
        items = [value]
    return [found for found in map(number_of, items) if found != ""]


def text(value: object) -> str:
    """One line of text, at most 200 characters, without the marks around it; "" for what is missing."""
    missing = value is None or value is ... or type(value).__name__ in ("NAType", "NaTType")
    missing = missing or (isinstance(value, float) and math.isnan(value))
    return "" if missing else " ".join(string(value).split()).strip(_MARKS)[:_LONGEST]


def string(value: object) -> str:
    """`str(value)`, also where that is impossible: for an object of the student's own, a list in itself, …"""
    try:
        return printable(str(value))
    except Exception:
        return f"something of the type {type(value).__name__}"


def printable(text: str) -> str:
    """`text` with halves of characters (lone surrogates), which no file and no page can hold, spelt out."""
    return text.encode("utf-8", "backslashreplace").decode()


def number_of(value: object) -> Any:
    """A Python int, float or text for what may be a numpy or pandas value; whole floats become ints."""
    try:
        item = getattr(value, "item", None)
        value = item() if callable(item) else value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _LARGEST:
            return text(value)
        rounded = round(value, 6)
        return int(rounded) if rounded == int(rounded) else float(rounded)
    except Exception:  # an array with several items, or an object of the student's own
        return text(value)


def shown(value: object) -> str:
    """A value as it is shown to a reader."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)[:_LONGEST]


def kind(value: object) -> str:
    """What sort of thing this is, in words."""
    names = {"str": "text", "list": "a list", "tuple": "a tuple", "dict": "a dict", "NoneType": "nothing yet",
             "DataFrame": "a DataFrame", "Series": "a Series", "ndarray": "an array", "ellipsis": "still “...”",
             "bool": "True or False", "int": "a number", "float": "a number"}  # fmt: skip
    return names.get(type(value).__name__, f"of the type {type(value).__name__}")
