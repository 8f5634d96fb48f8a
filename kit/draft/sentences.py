"""Paragraphs and sentences of a text, as half-open code-point offsets. Line breaks come first, then `nupunkt`.

`nupunkt` (Punkt: Kiss and Strunk 2006, Computational Linguistics 32:4) needs no download and no other package.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from kit.draft import words
from kit.draft.tokens import Tokens

__all__ = ["paragraphs", "sentences", "with_sentences"]

Span = tuple[int, int]

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BREAK_SIGN = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_PLAIN_END = re.compile(r"(?<![\w.])([a-z]{3,})[.!?][\"”’')]*(?=\s+[\"“‘'(]?[A-Z])")
_TITLE_END = re.compile(rf"\b(?:{'|'.join(words.TITLES)})\.\s*\Z", re.IGNORECASE)
_BLANKS = " \t\n\r\x0b\x0c\u00a0\u2028\u2029\ufeff\u200b"
_STOPS = ".!?:;\"”'’)]…"
_CLOSERS = "\"'”’)]»"
_ASKED = re.compile(rf"[?!][{re.escape(_CLOSERS)}]+\s*\Z")
_TAG = re.compile(rf"(?:[\w.’'-]+,? ){{1,6}}(?:{'|'.join(sorted(words.SAID))})\b")
_LONG = 1500
"""What is longer than this is no sentence; it is cut at a space, so that time grows with length."""


def paragraphs(text: str) -> Iterator[tuple[int, Span]]:
    """Every line of `text` that is not blank, without the blanks at its ends, and the number of its block.

    A block is what stands between blank lines; without any blank line each line is one. Lines that are wrapped at
    a fixed width are put together again, block by block.
    """
    lines = list(_lines(text))
    blank = any(text[a:b].count("\n") > 1 or text[a:b].count("\r") > 1 for (_, a), (b, _) in pairwise(lines))
    blocks: list[list[Span]] = []
    for line in lines:
        joined = blank and blocks and len(_BREAK.findall(text, blocks[-1][-1][1], line[0])) == 1
        blocks[-1].append(line) if joined else blocks.append([line])
    for number, block in enumerate(blocks):
        for span in [(block[0][0], block[-1][1])] if _wrapped(text, block) else block:
            yield number, span


def _lines(text: str) -> Iterator[Span]:
    at = 0
    for stop in [*(m.span() for m in _BREAK.finditer(text)), (len(text), len(text))]:
        line = text[at : stop[0]]
        start, end = at + len(line) - len(line.lstrip(_BLANKS)), at + len(line.rstrip(_BLANKS))
        at = stop[1]
        if start < end:
            yield start, end


def _wrapped(text: str, block: list[Span]) -> bool:
    """Whether the lines of a block are one text cut at a fixed width: most of them end in mid-sentence."""
    if len(block) < 3 or not all(30 < end - start < 110 for start, end in block[:-1]):
        return False
    open_ends = sum(text[end - 1] not in _STOPS for _, end in block[:-1])
    return open_ends > 0.6 * (len(block) - 1)


def sentences(text: str, paragraph: Span) -> Iterator[Span]:
    """The sentences of one paragraph of `text`."""
    start, end = paragraph
    at = start
    for stop in _cuts(text, start, end):
        if text[at:stop].strip() and _ends(text, stop, end):
            yield from _short(text, *_stripped(text, at, stop))
            at = stop
    if text[at:end].strip():
        yield from _short(text, *_stripped(text, at, end))


def _short(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > _LONG:
        cut = text.rfind(" ", start + 1, start + _LONG)
        cut = cut if cut > start else start + _LONG
        yield _stripped(text, start, cut)
        start = cut + (text[cut] == " ")
    if text[start:end].strip():
        yield _stripped(text, start, end)


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where the library ends a sentence, and where it missed one after a plain small word."""
    flat = _BREAK_SIGN.sub(" ", text[start:end])
    found = {start + stop for _, stop in _splitter()(flat)}
    found |= {start + m.end() for m in _PLAIN_END.finditer(flat) if m.group(1) not in words.ABBREVIATIONS}
    # A mark that closes a quotation or a bracket belongs to the sentence that it closes.
    return sorted(_past_closers(text, stop, end) for stop in found if not _TITLE_END.search(text, stop - 9, stop))


def _past_closers(text: str, stop: int, end: int) -> int:
    while stop < end and text[stop] in _CLOSERS and not text[stop - 1].isspace():
        stop += 1
    return stop


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _ends(text: str, stop: int, end: int) -> bool:
    """Whether a sentence may end here: what follows begins with a capital, a digit or a mark."""
    rest = text[stop:end].lstrip()
    if _ASKED.search(text, max(0, stop - 5), stop) and _TAG.match(rest):
        return False  # “Why?” the mayor asked.
    return not rest or not (rest[0].islower() or rest[0] in ",;:–—")


@cache
def _splitter() -> Any:
    import nupunkt

    return nupunkt.sent_spans


def _opens_next(tokens: Tokens, first: int, stop: int, marks: int) -> bool:
    """Whether the last mark of a sentence belongs to the next one: in texts with blanks around every mark.

    `marks` counts the straight ones before it in the paragraph.
    """
    last = stop - 1
    return last > first and tokens.forms[last] in ("``", "“")


def with_sentences(tokens: Tokens) -> tuple[list[int], list[int]]:
    """Fill in `tokens.sentences`; returns for each sentence the number of its paragraph and of its block, from 0."""
    numbers, blocks = [], []
    for number, (block, paragraph) in enumerate(paragraphs(tokens.text)):
        stop, marks = bisect_left(tokens.starts, paragraph[0]), 0
        for _, end in sentences(tokens.text, paragraph):
            first, stop = stop, bisect_left(tokens.starts, end)
            stop -= end < paragraph[1] and _opens_next(tokens, first, stop, marks)
            marks += tokens.forms[first:stop].count('"')
            if first < stop:
                tokens.sentences.append((first, stop))
                tokens.stops.add(stop)
                numbers.append(number)
                blocks.append(block)
    return numbers, blocks
