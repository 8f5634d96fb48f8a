"""Whether a bare name (Rehn, Nordwerk) is shown by its text to be that of a person."""

from __future__ import annotations

import re

from kit.draft import words

__all__ = ["shown"]

_SMALL = (
    words.ADVERBS | words.CLAUSE_OPENERS | words.CONJUNCTIONS | words.DETERMINERS | words.OPENERS | words.POSSESSIVES
) | (words.PREPOSITIONS | words.PRONOUNS | words.TEMPORAL | words.WH)
"""What has a capital only because it opens a sentence, or is a day: “But Nordwerk”, “on Monday Nordwerk”."""
_LED = re.compile(r"([\w.-]+) $")
_SAME = r"(?:(?!\bits\b)[^.!?A-Z])*"
_AFTER = re.compile(
    rf", (?:who|\d\d)\b|{_SAME}(?:\b|[.!?]\s+(?:[“\"][^”\"]*[”\"] )?)(?:[Hh]e|[Ss]he|[Hh]is|[Hh]ers?)\b"
)
"""An age, a “who” or a “he”, before any other name comes."""
_ROLE = re.compile(rf", (?:an?|the|its|their) (?:[\w'’-]+ ){{0,2}}?({'|'.join(sorted(words.ROLES))})\b")
_ALSO_FIRMS = frozenset("owner leader member partner".split())


def shown(name: str, text: str) -> bool:
    """Whether a title or a first name stands before `name` somewhere in `text`, or a “he” or a role after it."""
    for match in re.finditer(rf"\b{re.escape(name)}\b(?!['’]s\b)", text):
        before, end = _LED.search(text, max(0, match.start() - 30), match.start()), match.end()
        word = before.group(1) if before else ""
        titled = word.lower() in words.ROLES or word.lower().rstrip(".") in words.TITLES
        if titled or (word[:1].isupper() and word[1:2].islower() and word.lower() not in _SMALL):
            return True
        role = _ROLE.match(text, end)
        if _AFTER.match(text, end) or (role and role.group(1) not in _ALSO_FIRMS):
            return True
    return False
