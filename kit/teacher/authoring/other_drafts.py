"""Attributions that another tool or a language model has found, anchored in an article, to be proposed like our own.

They come as the JSONL that `kit draft --format jsonl` writes. A part may also be given in words: models cannot count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from kit.draft.rules_in_order import Attribution, Reading
from kit.draft.tokens import Range, stripped
from kit.draft.words import Cue, lexicon
from kit.errors import KitError

__all__ = ["with_others"]

Places = list[tuple[Range, ...]]
"""Where a part may stand: each place is one range, or several where the part is given in several."""
_SAME = str.maketrans("‘’“”„«»`", '\'\'"""""\'')
_EDGES = " \t\r\n.,;:…\"'"
_ENOUGH = 40
"""Of words that stand more often than that, the first so many places are weighed."""


def with_others(reading: Reading, data: bytes, name: str) -> tuple[Reading, tuple[str, ...]]:
    """`reading` with the attributions in `data` in place of those of the rules, and a sentence for what did not anchor.

    Lines on several texts may stand in it: those on this text are taken or, if there is none, all. Raises KitError
    where a line cannot be read, or nothing anchors.
    """
    rows = list(_rows(data, name))
    mine = [row for row in rows if row.get("text") == reading.text] or rows
    entries = [(entry, row.get("text")) for row in mine for entry in row["attributions"]]
    found: list[Attribution] = []
    told: list[str] = []
    for number, (entry, text) in enumerate(entries, 1):
        one, faults = _anchored(entry, text, reading, found)
        told += [f"{name}, attribution {number}: {fault}" for fault in faults]
        found += [one] if one else []
    if not found:
        first = f" The first: {told[0]}" if told else ""
        raise KitError(f"{name}: of its {len(entries)} attributions not one stands in this article.{first}")
    found.sort(key=lambda one: (one.cue or one.content)[0][0])
    return replace(reading, attributions=tuple(found)), tuple(told)


def _rows(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    """The objects in `data`, one a line or over several; a bare list is one of attributions."""
    text = re.sub(r"^```.*$", "", data.decode("utf-8-sig", "replace"), flags=re.MULTILINE)  # as models fence it
    decoder, at = json.JSONDecoder(), 0
    while rest := text[at:].lstrip():
        at = len(text) - len(rest)
        where = f"{name}, line {text.count(chr(10), 0, at) + 1}"
        try:
            row, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise KitError(f"{where}: this is not JSON. Take away what stands around the objects.") from None
        row = {"attributions": row} if isinstance(row, list) else row
        if not isinstance(row, dict) or not isinstance(row.get("attributions"), list):
            raise KitError(f"{where}: this must be one object with “attributions”, a list.")
        yield row


def _anchored(
    entry: Any, text: Any, reading: Reading, before: list[Attribution]
) -> tuple[Attribution | None, list[str]]:
    """The attribution that `entry` describes, with its parts as near to each other as can be, and what is wrong."""
    if not isinstance(entry, dict):
        return None, ["this is no object with source, cue and content. It was left out."]
    faults, places = [], {}
    for part in ("content", "cue", "source"):
        given = entry.get(part)
        places[part] = _places(given, text if isinstance(text, str) else reading.text, reading.text)
        if given and not places[part]:
            words = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
            left = "The whole attribution was left out" if part == "content" else f"It was taken without its {part}"
            faults.append(f"its {part} does not stand in the article: {words[:80]}. {left}.")
    taken = {one.content for one in before}
    contents = [place for place in places["content"] if place not in taken]
    if not contents:
        again = "this content was given before" if places["content"] else "it has no content"
        return None, faults or [f"{again}. It was left out."]
    content, cue, source = min(product(contents, places["cue"] or [()], places["source"] or [()]), key=_apart)
    word, pattern = _of_cue(cue, content, reading)
    return Attribution(source, cue, content, word, pattern), faults


def _apart(parts: tuple[tuple[Range, ...], ...]) -> int:
    """How many letters lie between the content and the cue, and between the cue and the source."""
    content, cue, source = parts
    return _gap(content, cue) + _gap(cue or content, source)


def _gap(one: tuple[Range, ...], other: tuple[Range, ...]) -> int:
    return min((max(0, c - b, a - d) for a, b in one for c, d in other), default=0)


def _places(given: Any, theirs: str, text: str) -> Places:
    """Every place in `text` of a part that is given in words, or by offsets in `theirs`; several pieces in order."""
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list) or not given:
        return []
    if len(given) == 2 and all(type(edge) is int for edge in given):
        given = [given]
    if all(_range(piece, theirs) for piece in given):
        if theirs == text:
            return [tuple(stripped(text, *piece) for piece in given)]
        given = [theirs[start:end] for start, end in given]
    if not all(isinstance(piece, str) for piece in given):
        return []
    found: Places = [(place,) for place in _met(given[0], text)]
    for piece in given[1:]:
        after = _met(piece, text)
        found = [(*row, place) for row in found for place in [p for p in after if p[0] >= row[-1][1]][:1]]
    return found


def _range(piece: Any, text: str) -> bool:
    """Whether `piece` is [start, end], with a word of `text` between them."""
    whole = isinstance(piece, list) and len(piece) == 2 and all(type(edge) is int for edge in piece)
    return whole and 0 <= piece[0] < piece[1] <= len(text) and any(c.isalnum() for c in text[slice(*piece)])


def _met(words: str, text: str) -> list[Range]:
    """Where `words` stand in `text`, whatever the blanks, the quotation marks and the capitals; else, without marks and
    stops at their ends."""
    flat = text.translate(_SAME)
    for tried in (words.strip(), words.translate(_SAME).strip(_EDGES)):
        if any(c.isalnum() for c in tried):
            pattern = r"\s+".join(map(re.escape, tried.translate(_SAME).split()))
            found = [m.span() for m in re.finditer(rf"(?<!\w){pattern}(?!\w)", flat, re.IGNORECASE)]
            if found:
                return found[:_ENOUGH]
    return []


def _of_cue(cue: tuple[Range, ...], content: tuple[Range, ...], reading: Reading) -> tuple[Cue, str]:
    """The entry of our table for a cue, and the rule that it stands for: what act and status follow is read from both.

    Where the rules have found the same cue, they are theirs.
    """
    if not cue:
        return Cue(":", "base", "says", "neutral", frozenset()), "quotation alone"
    for one in reading.attributions:
        if one.cue and not _gap(one.cue, cue) and _gap(one.content, content) < 2:
            return one.word, one.pattern
    table = lexicon()
    forms = re.findall(r"[\w'’-]+", reading.text[cue[0][0] : cue[-1][1]].lower())
    for word in table.prepositions:
        if word.lemma == " ".join(forms):
            return word, "according to"
    for form in reversed(forms):
        for word in table.verbs.get(form, ()):
            if set(word.more) <= set(forms):
                return word, "that clause"
    kinds = ((table.nouns, "noun that"), (table.adjectives, "adjective that"), (table.adverbs, "hearsay"))
    known = ((kind[form], rule) for form in reversed(forms) for kind, rule in kinds if form in kind)
    return next(known, (Cue(" ".join(forms), "base", "says", "neutral", frozenset()), "that clause"))
