"""Finding a quote in a text, and saying what stands there instead when it is not found."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import SequenceMatcher, get_close_matches

_STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def places(quote: str, text: str) -> list[int]:
    """Every offset at which `quote` stands in `text`, overlapping ones included. An empty quote has none."""
    found, at = [], text.find(quote) if quote else -1
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def nearest(quote: str, text: str) -> str:
    """The words of `text` that are most like `quote`: for an error message, so never empty for a text."""
    matcher = SequenceMatcher(None, text, quote, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return text[: len(quote)]
    best = max(blocks, key=lambda block: block.size)
    words = [match.span() for match in re.finditer(r"\S+", text)] or [(0, len(text))]
    start = min((start for start, _ in words), key=lambda at: abs(at - (best.a - best.b)))
    end = min((end for _, end in words if end > start), key=lambda at: abs(at - (start + len(quote))))
    # Without the punctuation at its ends that the quote does not have.
    found, marks = text[start:end], " \t.,;:!?\"'“”‘’()"
    if quote and quote[-1] not in marks:
        found = found.rstrip(marks)
    return found.lstrip(marks) if quote and quote[0] not in marks else found


def difference(quote: str, found: str) -> str:
    """Where `quote` and what the article has first part, in words; empty where they are alike."""
    ours, theirs = quote.split(" "), found.split(" ")
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        where = f" after “{ours[a0 - 1]}”" if a0 else " at the start"
        here, there = " ".join(ours[a0:a1]), " ".join(theirs[b0:b1])
        if not here.strip() and not there.strip():
            return f"the spaces{where} are not the same"
        if not here:
            return f"the article has “{there}”{where}, which is left out here"
        if not there:
            return f"“{here}”{where} is not in the article there"
        alike = here.translate(_STRAIGHT) == there.translate(_STRAIGHT)
        marks = " (one has curly quotation marks, the other straight ones)" if alike else ""
        return f"“{here}” is written here where the article has “{there}”{marks}"
    return ""


def not_next(wanted: str, text: str, at: int) -> str:
    """Why the words of a unit are not found in `text` from `at` on, where the one before it ends."""
    if not wanted.strip():
        return "its text is empty; copy the sentence out of the article"
    if wanted in text:
        return "its text stands before the end of the unit above it; put the units in the order of the article"
    near = nearest(wanted, text[at : at + 2 * len(wanted) + 200])
    return f"its text is not in the article; the nearest there is “{near}”: {difference(wanted, near)}"


def alike(word: str, permitted: Collection[str], *, least: float = 0.6) -> str:
    """The one of `permitted` that a misspelt `word` is most like, "" where it is like none: `least` of 1 they share."""
    return next(iter(get_close_matches(word, permitted, n=1, cutoff=least)), "")


def closest(word: str, permitted: Collection[str]) -> str:
    """“; did you mean X?” for a misspelt `word`, or the list of what is permitted where it is short."""
    if near := alike(word, permitted):
        return f"; did you mean “{near}”?"
    known = dict.fromkeys(permitted)
    return f"; permitted: {', '.join(known)}" if 0 < len(known) <= 12 else ""
