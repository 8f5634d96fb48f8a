"""Documents in, attributions out, one line of JSON each: streamed, so that memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.draft.attribution import attributions
from kit.draft.intake import refused

__all__ = ["Fault", "line_of", "lines"]


@dataclass(frozen=True)
class Fault:
    """A document that could not be read: what, where, in one sentence."""

    what: str


def line_of(name: str | int, text: str) -> str:
    """The attributions of one text as a line of JSON: id, text, and source, cue and content of each as [[start, end]].

    Offsets count code points, half-open.
    """
    found = [{"source": one.source, "cue": one.cue, "content": one.content} for one in attributions(text)]
    return json.dumps({"id": name, "text": text, "attributions": found}, ensure_ascii=False)


def lines(rows: Iterable[bytes]) -> Iterator[str | Fault]:
    """For each line of a JSONL file with `id` and `text` its line of attributions, or what is wrong with it."""
    for number, row in enumerate(rows, 1):
        if row.strip(b" \t\r\n\xef\xbb\xbf"):
            yield _line(number, row)


def _line(number: int, row: bytes) -> str | Fault:
    try:
        document = json.loads(row.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Fault(f"line {number}: this is not one JSON object in UTF-8 ({str(error).splitlines()[0][:80]}).")
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        return Fault(f"line {number}: it needs an “id” and a “text”, and the text must be a string.")
    name, text = document.get("id"), document["text"]
    if not isinstance(name, str | int) or isinstance(name, bool):
        return Fault(f"line {number}: it needs an “id” that is a string or a number.")
    wrong = refused(text) if any("\ud800" <= c <= "\udfff" for c in f"{text}{name}") else ""
    if wrong or any("\ud800" <= c <= "\udfff" for c in str(name)):
        return Fault(f"line {number}: {wrong or 'its id holds half a character (a lone surrogate).'}")
    return line_of(name, text)
