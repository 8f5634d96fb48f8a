"""Paragraphs, sentences and quotations of a text. Line breaks come first, then `nupunkt`.

`nupunkt` (Punkt: Kiss and Strunk 2006, Computational Linguistics 32:4) needs no download and no other package.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from kit.draft import words
from kit.draft.tokens import Range, Tokens

__all__ = ["paragraphs", "sentences", "with_quotes", "with_sentences"]


_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BREAK_SIGN = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_PLAIN_END = re.compile(r"(?<![\w.])([a-z]{3,})[.!?][\"”’')]*(?=\s+[\"“‘'(]?[A-Z])")
_TITLE_END = re.compile(rf"\b(?:{'|'.join(words.TITLES)})\.\s*\Z", re.IGNORECASE)
_BLANKS = " \t\n\r\x0b\x0c\u00a0\u2028\u2029\ufeff\u200b"
_STOPS = ".!?:;\"”'’)]…"
_CLOSERS = "\"'”’)]»"
_ASKED = re.compile(rf"[?!][{re.escape(_CLOSERS)}]+\s*\Z")
_TAG = re.compile(rf"(?:[\w.’'-]+,? ){{1,6}}(?:{'|'.join(sorted(words.SAID))})\b")
_LONG = 1500
"""What is longer than this is no sentence; it is cut at a space, so that time grows with length."""


def paragraphs(text: str) -> Iterator[tuple[int, Range]]:
    """Every line of `text` that is not blank, without the blanks at its ends, and the number of its block.

    A block is what stands between blank lines; without any blank line each line is one. Lines that are wrapped at
    a fixed width are put together again, block by block.
    """
    spans = (_stripped(text, *match.span(), _BLANKS) for match in _LINE.finditer(text))
    lines = [(start, end) for start, end in spans if start < end]
    blank = any(text[a:b].count("\n") > 1 or text[a:b].count("\r") > 1 for (_, a), (b, _) in pairwise(lines))
    blocks: list[list[Range]] = []
    for line in lines:
        joined = blank and blocks and len(_BREAK.findall(text, blocks[-1][-1][1], line[0])) == 1
        blocks[-1].append(line) if joined else blocks.append([line])
    for number, block in enumerate(blocks):
        for span in [(block[0][0], block[-1][1])] if _wrapped(text, block) else block:
            yield number, span


def _wrapped(text: str, block: list[Range]) -> bool:
    """Whether the lines of a block are one text cut at a fixed width: most of them end in mid-sentence."""
    if len(block) < 3 or not all(30 < end - start < 110 for start, end in block[:-1]):
        return False
    open_ends = sum(text[end - 1] not in _STOPS for _, end in block[:-1])
    return open_ends > 0.6 * (len(block) - 1)


def sentences(text: str, paragraph: Range) -> Iterator[Range]:
    """The sentences of one paragraph of `text`."""
    start, end = paragraph
    at = start
    for stop in _cuts(text, start, end):
        if text[at:stop].strip() and _ends(text, stop, end):
            yield from _short(text, *_stripped(text, at, stop))
            at = stop
    if text[at:end].strip():  # a text that breaks off: the man was Mr.
        yield from _short(text, *_stripped(text, at, end))


def _short(text: str, start: int, end: int) -> Iterator[Range]:
    while end - start > _LONG:
        cut = text.rfind(" ", start + 1, start + _LONG)
        cut = cut if cut > start else start + _LONG
        yield _stripped(text, start, cut)
        start = cut + (text[cut] == " ")
    if text[start:end].strip():
        yield _stripped(text, start, end)


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where the library ends a sentence, and where it missed one after a plain small word."""
    from nupunkt import sent_spans

    flat = _BREAK_SIGN.sub(" ", text[start:end])
    found = {start + stop for _, stop in sent_spans(flat)}
    found |= {start + m.end() for m in _PLAIN_END.finditer(flat) if m.group(1) not in words.ABBREVIATIONS}
    cuts = []
    for stop in found:
        if _TITLE_END.search(text, stop - 9, stop):
            continue
        # A mark that closes a quotation or a bracket belongs to the sentence that it closes.
        while stop < end and text[stop] in _CLOSERS and not text[stop - 1].isspace():
            stop += 1
        cuts.append(stop)
    return sorted(cuts)


def _stripped(text: str, start: int, end: int, blanks: str | None = None) -> Range:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip(blanks)), start + len(piece.rstrip(blanks))


def _ends(text: str, stop: int, end: int) -> bool:
    """Whether a sentence may end here: what follows begins with a capital, a digit or a mark."""
    rest = text[stop:end].lstrip()
    if _ASKED.search(text, max(0, stop - 5), stop) and _TAG.match(rest):
        return False  # “Why?” the mayor asked.
    return not rest or not (rest[0].islower() or rest[0] in ",;:–—")


def with_sentences(tokens: Tokens) -> tuple[list[int], list[int]]:
    """Fill in `tokens.sentences`; returns for each sentence the number of its paragraph and of its block, from 0."""
    numbers, blocks = [], []
    for number, (block, paragraph) in enumerate(paragraphs(tokens.text)):
        stop = bisect_left(tokens.starts, paragraph[0])
        for _, end in sentences(tokens.text, paragraph):
            first, stop = stop, bisect_left(tokens.starts, end)
            # In texts with blanks around every mark, the last one may open what the next sentence says.
            stop -= end < paragraph[1] and tokens.forms[stop - 1] in ("``", "“")
            if first < stop:
                tokens.sentences.append((first, stop))
                tokens.stops.add(stop)
                numbers.append(number)
                blocks.append(block)
    return numbers, blocks


def with_quotes(tokens: Tokens, paragraphs: list[int], blocks: list[int]) -> None:
    """Fill in `tokens.quotes` and `tokens.quoted`; `paragraphs` and `blocks` number those of each sentence.

    A quotation ends with its block, unless the next one opens with a mark again: then it goes on.
    A mark without a partner is left alone.
    """
    ranges: dict[int, tuple[int, int, int]] = {}  # the tokens of each paragraph, and its block
    for (first, stop), number, block in zip(tokens.sentences, paragraphs, blocks, strict=True):
        ranges[number] = (ranges.get(number, (first, stop))[0], stop, block)
    tokens.firsts = {first for first, _, _ in ranges.values()}
    tokens.quoted = [-1] * len(tokens.forms)
    opened, last_block = -1, -1
    for first, stop, block in ranges.values():
        opens = _opens(tokens, first, first, opened=False) if tokens.kinds[first] == "quote" else False
        # Left open at the end of its block: it goes on only if it began a paragraph, and this one begins so too.
        if opened >= 0 and block != last_block and not (opens and opened in tokens.firsts):
            opened = -1
        for k in range(first + (opened >= 0 and opens), stop):
            if tokens.kinds[k] != "quote":
                continue
            if _opens(tokens, k, first, opened=opened >= 0):
                opened = k
            elif opened >= 0:
                tokens.quotes.append((opened, k))
                opened = -1
        last_block = block
    for number, (first, last) in enumerate(tokens.quotes):
        tokens.quoted[first : last + 1] = [number] * (last + 1 - first)


def _opens(tokens: Tokens, k: int, first: int, *, opened: bool) -> bool:
    """Whether the mark at `k` opens a quotation. A straight one is told by the spaces around it."""
    before = tokens.text[tokens.starts[k] - 1 : tokens.starts[k]]
    after = tokens.text[tokens.ends[k] : tokens.ends[k] + 1]
    space_before, space_after = k == first or not before or before in " \t(\u00a0—-[", not after or after.isspace()
    # Spaces on both sides, or on neither, say nothing: then marks alternate.
    return not opened if space_before == space_after else space_before
