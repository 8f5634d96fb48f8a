"""Subjects that say nothing: a plan calls for cranes, a project promises profit. The table is in `cues.toml`."""

from __future__ import annotations

from kit.draft.lexicon import lexicon
from kit.draft.patterns import Found
from kit.draft.tokens import Tokens

__all__ = ["speechless"]

_EDGES = frozenset("prep to that wh mark".split())


def speechless(tokens: Tokens, hit: Found) -> bool:
    """Whether the source is a thing and the cue takes a will: no attribution. What a report shows or says is one."""
    table = lexicon().things
    if hit.source is None or hit.word.lemma not in table.willed:
        return False
    first, stop = hit.source
    head = next((i for i in range(first + 1, stop) if tokens.kinds[i] in _EDGES), stop) - 1
    # Mr. Law is a man, and the Lindental Project may be people: only small letters are surely a thing.
    return tokens.kinds[head] == "word" and tokens.lows[head].removesuffix("s") in table.heads
