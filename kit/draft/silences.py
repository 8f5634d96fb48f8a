"""Silences that a reporter puts on record: declined to comment, did not respond. Each is an act without a content."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from kit.draft.attribution import Attribution, Reading
from kit.draft.lexicon import lexicon
from kit.draft.subjects import subject_before

__all__ = ["SILENT", "silences", "silent"]

_NOT = r"(?:did not|didn['’]t|has not|have not|had not|hasn['’]t|haven['’]t)(?: \w+ly| yet)?"
_MISSED = re.compile(
    rf"\b(?:{_NOT} (?:want to )?(?:comment|respond(?:ed)?|repl(?:y|ied)|answer(?:ed)? (?:questions|calls|requests))|"
    rf"{_NOT} return(?:ed)? (?:calls|messages|requests|e-?mails)|"
    r"could not (?:\w+ly )?be reached (?:for comment|by (?:tele)?phone)|(?:could|would) not comment|"
    r"(?:had|gave|offered) no comment)\b"
)
SILENT = re.compile(rf"declined? (?:to )?comment|refused to comment|no comment|{_MISSED.pattern}")

_OF_ITSELF = re.compile(rf"(?:that )?(?:(?:it|he|she|they) )?(?:{SILENT.pattern}|[\"“]No comment)")


def silent(one: Attribution, text: str) -> bool:
    """Whether somebody is silent by this cue, or says so of herself; that others are silent is a content."""
    return bool(SILENT.match(text, one.cue[0][0]) or _OF_ITSELF.match(text, one.content[0][0]))


def silences(reading: Reading) -> Iterator[Attribution]:
    """The silences that no rule for a cue has found, each with whoever is silent as its source."""
    tokens, text = reading.tokens, reading.tokens.text
    taken = [span for one in reading.attributions for span in (*one.cue, *one.content)]
    (cue,) = [cue for cue in lexicon().verbs["declined"] if not cue.more]
    for match in _MISSED.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in taken):
            continue
        at = bisect_left(tokens.starts, match.start())
        low = max((first for first, _ in tokens.sentences if first <= at), default=at)
        subject = subject_before(tokens, at, low)
        if subject and tokens.lows[at - 1] not in ("who", "which", "that") and tokens.quoted[at] < 0:
            yield Attribution((tokens.span(*subject),), (match.span(),), (match.span(),), cue, "infinitive")
