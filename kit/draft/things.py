"""Subjects that are things: a plan calls for cranes and says nothing, a study finds a link. See `cues.toml`."""

from __future__ import annotations

from kit.draft.lexicon import lexicon
from kit.draft.patterns import Found
from kit.draft.tokens import Tokens

__all__ = ["informs", "speechless"]

Range = tuple[int, int]

_EDGES = frozenset("prep to that wh mark".split())


def speechless(tokens: Tokens, hit: Found) -> bool:
    """Whether the source is a thing and the cue takes a will: no attribution. What a report shows or says is one."""
    table = lexicon().things
    return hit.source is not None and hit.word.lemma in table.cues and _headed(tokens, hit.source, table.heads)


def informs(tokens: Tokens, source: Range | None, lemma: str) -> bool:
    """Whether the source is a study or the like and the cue tells what it found."""
    table = lexicon().informing
    return source is not None and lemma in table.cues and _headed(tokens, source, table.heads)


def _headed(tokens: Tokens, phrase: Range, heads: frozenset[str]) -> bool:
    """Whether the phrase has one of these nouns as its head."""
    first, stop = phrase
    head = next((i for i in range(first + 1, stop) if tokens.kinds[i] in _EDGES), stop) - 1
    # Mr. Law is a man, and the Lindental Project may be people: only small letters are surely a thing.
    return tokens.kinds[head] == "word" and tokens.lows[head].removesuffix("s") in heads
