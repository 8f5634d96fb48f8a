"""Units of an article: its headline, its headings, and every sentence, with an id each."""

from __future__ import annotations

from collections import Counter

from kit.draft.attribution import Reading
from kit.records import Unit

__all__ = ["headline_of", "units"]

_HEADING = 90
"""A line of its own without a full stop is a heading if it is no longer than this."""
_STOPS = tuple(".!?:;,\"”'’)…")


def headline_of(text: str) -> str:
    """The first line of `text` that is not blank, shortened to 150 characters: what the headline most likely is."""
    first = next((line.strip(" \t\ufeff") for line in text.splitlines() if line.strip(" \t\ufeff")), "")
    return first[:150].strip()


def units(reading: Reading, headline: str) -> tuple[Unit, ...]:
    """The units of a text that has been read; `headline` is matched with its first line.

    Paragraph 0 is the headline; the others are counted from 1. Ids are S01, S02, … in the order of the text.
    """
    tokens, text = reading.tokens, reading.text
    spans = [tokens.span(*sentence) for sentence in tokens.sentences]
    sizes = Counter(reading.paragraphs)
    head = _headed(text, spans, reading.paragraphs, headline)
    width = max(2, len(str(len(spans))))
    found = []
    for place, ((start, end), number) in enumerate(zip(spans, reading.paragraphs, strict=True)):
        words = text[start:end]
        short = sizes[number] == 1 and end - start <= _HEADING and not words.endswith(_STOPS)
        kind = "headline" if place < head else "heading" if short else "body"
        paragraph = 0 if place < head else number + (head == 0)
        found.append(Unit(f"S{place + 1:0{width}}", words, paragraph, kind, start, end))
    return tuple(found)


def _headed(text: str, spans: list[tuple[int, int]], paragraphs: list[int], headline: str) -> int:
    """How many of the first sentences are the headline: those of the first line, if it is the one given."""
    if not spans or not headline:
        return 0
    count = sum(number == paragraphs[0] for number in paragraphs)
    line = text[spans[0][0] : spans[count - 1][1]]
    return count if " ".join(line.split())[:150].strip() == " ".join(headline.split())[:150].strip() else 0
