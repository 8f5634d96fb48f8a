"""Hedges: the words that weaken a claim, and how far they reach (ruling l of the guide)."""

from __future__ import annotations

import re

__all__ = ["hedge_for", "opening"]

_INSIDE = re.compile(
    r"\b(reportedly|allegedly|apparently|purportedly|supposedly|seemingly|ostensibly|perhaps|possibly|probably|"
    r"presumably|likely|unlikely|might|may(?= \w)|could|potential(?:ly)?|alleged|suspected|rumou?red|"
    r"seems? to|appears? to|seemed to|appeared to|rumou?rs of|reports of|is said to|are said to|is believed to|"
    r"are believed to|is thought to|are thought to)\b"
)
_OPENING = re.compile(
    r"(?:it (?:seems|appears|seemed|appeared)(?: likely| possible)?|apparently,?|perhaps,?) (?:that )?", re.I
)
_PAST = re.compile(r"\b(?:no|not|n't|n’t) $")


def opening(sentence: str) -> tuple[str, int]:
    """“It seems” at the start of a sentence, and where what depends on it begins; ("", 0) without one."""
    match = _OPENING.match(sentence)
    return (match.group().removesuffix("that ").strip(" ,"), match.end()) if match else ("", 0)


def hedge_for(quote: str, sentence: str, start: int) -> str:
    """The hedge that reaches `quote`, which begins at `start` in its `sentence`; "" without one.

    A hedge reaches the clauses that depend on its own and no further: so it stands in the quote itself, or it
    opens the sentence ("It seems that …"), or it stands right before the quote ("rumors of …").
    """
    found = _INSIDE.search(quote)
    if found and not _PAST.search(quote[: found.start()]):
        return found.group()
    words, end = opening(sentence)
    if words and start <= end:
        return words
    before = sentence[max(0, start - 24) : start]
    near = re.search(r"\b(rumou?rs|reports|reportedly|allegedly|apparently)(?: of| that|,)?\s*$", before)
    return near.group(1) if near else ""
