"""A text as tokens: words and marks with their offsets, and a rough class for each, from closed lists and spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kit.draft import words

__all__ = ["Tokens", "tokenise"]

_TOKEN = re.compile(
    r"""[$€£]?\d+(?:[.,:]\d+)*(?:%|(?:-[A-Za-z]+)+|[a-z]+\b)?  # 3,000  $4.2  5%  20th  30-year
      | (?:[A-Za-z]\.){2,}                          # U.S.  a.m.
      | \w+(?:[-&/.@]\w+|['’](?!s\b|S\b)\w+)*\.?   # well-kept  don't  Mr.
      | ['’]s\b                                     # the possessive and "is"
      | --+ | \.\.\.+ | `` | '' | \S""",
    re.VERBOSE,
)
_QUOTES = {'"', "“", "”", "``", "''", "„", "«", "»"}


@dataclass(slots=True)
class Tokens:
    """The tokens of one text, as parallel lists.

    `kinds` holds one class per token: mark, quote, det, poss, pro, that, wh, prep, to, and, open (opens a
    clause), be, have, do, modal, not, adv, num, name (a capital) or word. `starts` and `ends` are half-open
    code-point offsets. `sentences` are half-open ranges of tokens and `stops` their ends, `firsts` the tokens that
    begin a paragraph, `quotes` pairs
    of marks (both included), `quoted` says for each token which of them it lies in (-1: none).
    """

    text: str
    forms: list[str] = field(default_factory=list)
    lows: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    stops: set[int] = field(default_factory=set)
    firsts: set[int] = field(default_factory=set)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    quoted: list[int] = field(default_factory=list)

    def finite(self, k: int) -> bool:
        """Whether token `k` is surely a finite verb: a form of be, have, do, a modal, or a well-known past."""
        if k >= len(self.kinds):
            return False  # behind the last word of the text
        if self.kinds[k] in _FINITE:
            return self.lows[k] not in ("being", "having", "been")
        before = k - 1 - (self.kinds[k - 1] == "quote")
        return self.lows[k] in words.PASTS and self.lows[before] not in _ARTICLES  # a lost survey, the "lost" survey

    def nominal(self, k: int) -> bool:
        """Whether token `k` can be the last word of a noun phrase."""
        return self.kinds[k] in ("name", "word", "num", "pro", "poss")

    def span(self, first: int, stop: int) -> tuple[int, int]:
        """The offsets of the tokens from `first` up to, not including, `stop`."""
        return self.starts[first], self.ends[stop - 1]


_FINITE = frozenset(("be", "have", "do", "modal"))
_ARTICLES = frozenset(("the", "a", "an"))
_KINDS = {
    word: kind
    for kind, group in (
        ("adv", words.ADVERBS),
        ("prep", words.PREPOSITIONS),
        ("open", words.CLAUSE_OPENERS - words.PREPOSITIONS),
        ("wh", words.WH),
        ("pro", words.PRONOUNS - {"who"}),
        ("poss", words.POSSESSIVES - {"whose"}),
        ("det", words.DETERMINERS),
        ("and", words.CONJUNCTIONS),
        ("be", words.BE - {"'s"}),
        ("have", words.HAVE),
        ("do", words.DO),
        ("modal", words.MODALS),
        ("not", frozenset(("not", "n't", "never"))),
        ("to", frozenset(("to",))),
        ("that", frozenset(("that",))),
    )
    for word in group
} | {"even": "adv"}


def tokenise(text: str) -> Tokens:
    """The tokens of `text` with a class for each; sentences and quotations are not filled in yet."""
    found = Tokens(text)
    for match in _TOKEN.finditer(text):
        form, start = match.group(), match.start()
        said_no = form == "no." and not text[match.end() :].lstrip()[:1].isdigit()  # he said no. But: no. 5
        if form[-1] == "." and len(form) > 1 and (said_no or not _abbreviated(form)):
            _add(found, form[:-1], start)
            _add(found, ".", start + len(form) - 1)
        else:
            _add(found, form, start)
    for k in range(1, len(found.kinds) - 1):
        # First Call, the Now campaign: part of a name within a sentence.
        if found.lows[k] == "neither" and found.lows[k + 1].endswith("ed") and found.kinds[k - 1] in ("word", "name"):
            found.kinds[k] = "adv"  # the ministry neither confirmed nor denied
    return found


def _abbreviated(form: str) -> bool:
    """Whether the point belongs to the word: Mr., U.S., an initial, or a row of points."""
    body = form[:-1]
    return body.lower() in words.ABBREVIATIONS or "." in body or (len(body) == 1 and body.isupper() and body != "I")


def _add(found: Tokens, form: str, start: int) -> None:
    low = form.lower().replace("’", "'")
    found.forms.append(form)
    found.lows.append(low)
    found.kinds.append(_kind(form, low))
    found.starts.append(start)
    found.ends.append(start + len(form))


def _kind(form: str, low: str) -> str:
    known = _KINDS.get(low)
    if form in ("May", "Will", "US", "IT", "WHO"):
        return "name"
    if known:
        return known
    first = form[0]
    if first.isalpha():
        if first.isupper():
            return "name"
        return "adv" if low.endswith("ly") and len(low) > 4 and low not in _NOT_ADVERBS else "word"
    if first.isdigit() or (first in "$€£" and len(form) > 1):
        return "num"
    return "quote" if form in _QUOTES else "mark"


_NOT_ADVERBS = frozenset(
    "family only early daily weekly monthly likely friendly deadly assembly ally rally reply".split()
)
