"""A text as tokens and sentences: words and marks with their offsets, and a rough class for each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from kit.draft import words

Range = tuple[int, int]
"""A half-open range: of tokens, or of code points."""


_TOKEN = re.compile(
    r"""[A-Za-z]+(?=[ ,])                             # most words
      | [$€£]?\d+(?:[.,:]\d+)*(?:%|(?:-[A-Za-z]+)+|[a-z]+\b)?  # 3,000  $4.2  5%  20th  30-year
      | (?:[A-Za-z]\.){2,}                          # U.S.  a.m.
      | \w+(?:[-&/.@]\w+|['’](?!s\b|S\b)\w+)*\.?   # well-kept  don't  Mr.
      | ['’]s\b                                     # the possessive and "is"
      | --+ | \.\.\.+ | `` | '' | \S""",
    re.VERBOSE,
)
_QUOTES = {'"', "“", "”", "``", "''"}


@dataclass(slots=True)
class Tokens:
    """The tokens of one text, as parallel lists.

    `kinds` holds one class per token: mark, quote, det, poss, pro, that, wh, prep, to, and, open (opens a
    clause), be, have, do, modal, not, adv, num, name (a capital) or word. `starts` and `ends` are half-open
    code-point offsets. `sentences` are half-open ranges of tokens and `stops` their ends, `firsts` the tokens that
    begin a paragraph, `quotes` pairs of marks (both included), `quoted` says for each token which of them it lies
    in (-1: none).
    """

    text: str
    forms: list[str] = field(default_factory=list)
    lows: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[Range] = field(default_factory=list)
    stops: set[int] = field(default_factory=set)
    firsts: set[int] = field(default_factory=set)
    quotes: list[Range] = field(default_factory=list)
    quoted: list[int] = field(default_factory=list)

    def finite(self, k: int) -> bool:
        """Whether token `k` is surely a finite verb: a form of be, have, do, a modal, or a well-known past."""
        if k >= len(self.kinds):
            return False  # behind the last word of the text
        if self.kinds[k] in ("be", "have", "do", "modal"):
            return self.lows[k] not in ("being", "having", "been")
        if self.kinds[k] == "word" and self.lows[k].endswith(("'re", "'m", "'ll", "'ve", "'d")):
            return True
        before = k - 1 - (self.kinds[k - 1] == "quote")  # a lost survey, the "lost" survey
        return self.lows[k] in words.PASTS and self.lows[before] not in ("the", "a", "an")

    def speaks(self, k: int) -> bool:
        """Whether token `k` looks like a past form or a form of be, have or do."""
        return self.finite(k) or self.lows[k].endswith("ed") or self.lows[k] in words.SAID

    def nominal(self, k: int) -> bool:
        """Whether token `k` can be the last word of a noun phrase."""
        return self.kinds[k] in ("name", "word", "num", "pro", "poss")

    def span(self, first: int, stop: int) -> Range:
        """The offsets of the tokens from `first` up to, not including, `stop`."""
        return self.starts[first], self.ends[stop - 1]


_WORDS = frozenset(("no", "ill", "mass", "wash", "miss", "ark", "ore"))
_NAMES = ("US", "IT", "WHO")
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
    )
    for word in group
} | {"even": "adv", "not": "not", "n't": "not", "never": "not", "to": "to", "that": "that"}


def tokenise(text: str) -> Tokens:
    """The tokens of `text` with a class for each; sentences and quotations are not filled in yet."""
    forms: list[str] = []
    starts: list[int] = []
    end = 0
    for form in _TOKEN.findall(text):
        start = text.index(form, end)  # nothing but blanks stands between
        end = start + len(form)
        if form[-1] == "." and form != ".":
            said_no = form == "no." and not text[end : end + 9].lstrip()[:1].isdigit()  # he said no. But: no. 5
            if said_no or not _abbreviated(form):
                forms.append(form[:-1])
                starts.append(start)
                form, start = ".", end - 1
        forms.append(form)
        starts.append(start)
    classed = [_classed(form) for form in forms]
    ends = [start + len(form) for start, form in zip(starts, forms, strict=True)]
    found = Tokens(text, forms, [low for low, _ in classed], [kind for _, kind in classed], starts, ends)
    capitals = [k for k, form in enumerate(forms) if form[0].isupper() or form in ("since", "neither")]
    _by_neighbours(found, [k for k in capitals if 0 < k < len(forms) - 1])
    _name_words(found, [k for k in capitals if forms[k][0].isupper()])
    return found


def _by_neighbours(tokens: Tokens, places: Iterable[int]) -> None:
    """Class anew, at these places, what is an adverb or a name only by the words around it."""
    lows, kinds = tokens.lows, tokens.kinds
    for k in places:
        if kinds[k] == "adv" and kinds[k + 1] == "name" and kinds[k - 1] in ("det", "prep"):
            kinds[k] = "name"  # the First Minister
        elif lows[k] == "neither" and lows[k + 1].endswith("ed") and kinds[k - 1] in ("word", "name"):
            kinds[k] = "adv"  # the ministry neither confirmed nor denied
        elif lows[k] == "since" and kinds[k - 1] == "have":
            kinds[k] = "adv"  # the mayor has since denied it


_SMALL = words.TEMPORAL | words.PASTS | words.PRESENTS


def _name_words(tokens: Tokens, capitals: list[int]) -> None:
    """Take words that the text has as names for names, wherever they have a capital: Mr Long, Rosa Day, Long said."""
    forms, lows, kinds = tokens.forms, tokens.lows, tokens.kinds
    known: set[str] = set()
    for k in capitals:
        if k == 0 or tokens.ends[k - 1] + 1 != tokens.starts[k] or (kinds[k] == "name" and lows[k] not in _SMALL):
            continue
        before, after = forms[k - 1], forms[k + 1][0] if k + 1 < len(forms) else "."
        titled = before[0].isupper() and lows[k - 1].rstrip(".") in words.HONORIFICS
        last = kinds[k - 1] == "name" and before[1:].islower() and lows[k - 1] not in words.TEMPORAL
        first = kinds[k - 1] == "word" and kinds[k] in ("prep", "adv", "modal") and kinds[k + 1 : k + 2] == ["name"]
        if titled or first or (last and not after.isupper() and (kinds[k] == "adv" or lows[k] in _SMALL)):
            known.add(forms[k])
    for k in capitals if known else ():
        opens = k == 0 or forms[k - 1] in ".!?" or "\n" in tokens.text[tokens.ends[k - 1] : tokens.starts[k]]
        if forms[k] in known and not (opens and kinds[k + 1 : k + 2] == ["word"] and not tokens.speaks(k + 1)):
            kinds[k], lows[k] = "name", forms[k]  # no list of words has it so


def _abbreviated(form: str) -> bool:
    """Whether the point belongs to the word: Mr., U.S., an initial, or a row of points."""
    body = form[:-1]
    known = body.lower() in words.ABBREVIATIONS and body not in _WORDS - {"no"}  # he was ill; Peoria, Ill.
    return known or "." in body or (len(body) == 1 and body.isupper() and body != "I")


@lru_cache(maxsize=16384)
def _classed(form: str) -> tuple[str, str]:
    """The word in small letters, and its class."""
    low = form if form in _NAMES else form.lower().replace("’", "'")
    return low, _kind(form, low)


def _kind(form: str, low: str) -> str:
    known = _KINDS.get(low)
    if form in ("May", "Per", "Will") or form in _NAMES:
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


_NOT_ADVERBS = words.listed("tokens", "not_adverbs")


_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BREAK_SIGN = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SENTENCES_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_PLAIN_END = re.compile(r"[.!?][\"”’')]*(?=\s+[\"“‘'(]?[A-Z])")
_PLAIN = re.compile(r"(?:[^\w.]|\A)([a-z]{3,}|no)\Z")
_INNER = re.compile(r"[.!?…]")
_TITLE_END = re.compile(rf"\b(?:{'|'.join(words.TITLES)})\.\s*\Z", re.IGNORECASE)
_BLANKS = " \t\n\r\x0b\x0c\u00a0\u2028\u2029\ufeff\u200b"
_STOPS = ".!?:;\"”'’)]…"
_CLOSERS = "\"'”’)]»"
_ASKED = re.compile(rf"[?!][{re.escape(_CLOSERS)}]+\s*\Z")
_TAG = re.compile(rf"(?:[\w.’'-]+,? ){{1,6}}(?:{'|'.join(sorted(words.SAID))})\b")
_ANEW = re.compile(r"(?:The|An?|He|She|They|It|We|But|And)\b")
_UNFINISHED = words.DETERMINERS | words.PREPOSITIONS | words.CONJUNCTIONS | words.POSSESSIVES | {"to"}
_LONG = 1500
"""What is longer than this is no sentence; it is cut at a space, so that time grows with length."""


def paragraphs(text: str) -> Iterator[tuple[int, Range]]:
    """Every line of `text` that is not blank, without the blanks at its ends, and the number of its block.

    A block is what stands between blank lines; without any blank line each line is one. Lines that are wrapped at
    a fixed width are put together again, block by block.
    """
    spans = (stripped(text, *match.span(), _BLANKS) for match in _SENTENCES_LINE.finditer(text))
    lines = [(start, end) for start, end in spans if start < end]
    blank = any(text[a:b].count("\n") > 1 or text[a:b].count("\r") > 1 for (_, a), (b, _) in pairwise(lines))
    blocks: list[list[Range]] = []
    for line in lines:
        joined = blank and blocks and len(_BREAK.findall(text, blocks[-1][-1][1], line[0])) == 1
        blocks[-1].append(line) if joined else blocks.append([line])
    for number, block in enumerate(blocks):
        for span in [(block[0][0], block[-1][1])] if _wrapped(text, block, lines) else block:
            yield number, span


def _wrapped(text: str, block: list[Range], lines: list[Range]) -> bool:
    """Whether the lines of a block are one text cut at a fixed width: most of them end in mid-sentence.

    Of two lines the first must be open beyond doubt: a small letter follows, it ends in “the”, “of”, “that”, or the
    next word had no room in it, as long as the other lines are.
    """
    *widths, last = (end - start for start, end in block)
    if not widths or not all(30 < width < 110 for width in widths) or last > max(widths) + 20:
        return False
    open_ends = sum(text[end - 1] not in _STOPS for _, end in block[:-1])
    if len(block) == 2:
        (start, end), (after, _) = block
        room = max(b - a for a, b in lines if a != start)
        full = end - start + 1 + len(text[after:].split(None, 1)[0]) > room
        return open_ends == 1 and (text[after].islower() or text[start:end].split()[-1] in _UNFINISHED or full)
    return open_ends > 0.6 * (len(block) - 1)


def sentences(text: str, paragraph: Range) -> Iterator[Range]:
    """The sentences of one paragraph of `text`."""
    start, end = paragraph
    at = start
    for stop in _cuts(text, start, end):
        if text[at:stop].strip() and _ends(text, stop, end):
            yield from _short(text, *stripped(text, at, stop))
            at = stop
    if text[at:end].strip():  # a text that breaks off: the man was Mr.
        yield from _short(text, *stripped(text, at, end))


def _short(text: str, start: int, end: int) -> Iterator[Range]:
    while end - start > _LONG:
        cut = text.rfind(" ", start + 1, start + _LONG)
        cut = cut if cut > start else start + _LONG
        yield stripped(text, start, cut)
        start = cut + (text[cut] == " ")
    if text[start:end].strip():
        yield stripped(text, start, end)


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where the library ends a sentence, and where it missed one after a plain small word."""
    from nupunkt import sent_spans

    flat = _BREAK_SIGN.sub(" ", text[start:end])
    found = {start + stop for _, stop in sent_spans(flat)} if _INNER.search(flat, 0, len(flat) - 2) else {end}
    for match in _PLAIN_END.finditer(flat):
        at, stop = match.start(), start + match.end()
        word = None if stop in found else _PLAIN.search(flat, max(0, at - 20), at)
        if word and word[1] not in words.ABBREVIATIONS - _WORDS:
            found.add(stop)
    cuts = []
    for stop in found:
        if _TITLE_END.search(text, stop - 9, stop):
            continue
        # A mark that closes a quotation or a bracket belongs to the sentence that it closes.
        while stop < end and text[stop] in _CLOSERS and not text[stop - 1].isspace():
            stop += 1
        cuts.append(stop)
    return sorted(cuts)


def stripped(text: str, start: int, end: int, blanks: str | None = None) -> Range:
    """A span without the blanks at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip(blanks)), start + len(piece.rstrip(blanks))


def _ends(text: str, stop: int, end: int) -> bool:
    """Whether a sentence may end here: what follows begins with a capital, a digit or a mark."""
    rest = text[stop:end].lstrip()
    if _ASKED.search(text, max(0, stop - 5), stop) and _TAG.match(rest) and not _ANEW.match(rest):
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
