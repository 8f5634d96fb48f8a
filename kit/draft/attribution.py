"""Attributions: who (source) is tied by which words (cue) to what (content). Rules over text alone, no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kit.draft.clauses import trimmed
from kit.draft.contents import running
from kit.draft.fronting import FRONTING
from kit.draft.judgements import JUDGEMENTS, PASSIVES
from kit.draft.lexicon import Cue, lexicon
from kit.draft.nouns import ADJECTIVES, ADVERBS, HEADLINES, NOUNS, PREPOSITIONS
from kit.draft.patterns import Found, Pattern, Range
from kit.draft.quotations import with_quotes
from kit.draft.sentences import with_sentences
from kit.draft.speech import SPEECH
from kit.draft.tokens import Tokens, tokenise
from kit.draft.verbs import Spot, spot_of
from kit.draft.wishes import WISHES

__all__ = ["PATTERNS", "Attribution", "Reading", "attributions", "read"]

Span = tuple[int, int]

_VERBS: tuple[Pattern, ...] = (
    *PASSIVES, *SPEECH[:2], *FRONTING, *SPEECH[2:], *WISHES[:2], *JUDGEMENTS, *WISHES[2:],
)  # fmt: skip
PATTERNS: tuple[Pattern, ...] = (*_VERBS, *PREPOSITIONS, *NOUNS, *ADJECTIVES, *ADVERBS, *HEADLINES)
"""All the rules, in the order in which they are tried on a cue; the first that fits wins."""

_COLON = Cue(":", "base", "says", "neutral", frozenset())


@dataclass(frozen=True)
class Attribution:
    """One attribution: half-open code-point spans of source (none or one), cue and content (one or more).

    `word` is the lexicon's entry for the cue, `pattern` the name of the rule that found it.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    word: Cue
    pattern: str


@dataclass(frozen=True)
class Reading:
    """A text read once: its tokens, the paragraph of each sentence, and the attributions in order."""

    tokens: Tokens
    paragraphs: list[int]
    attributions: tuple[Attribution, ...]


def attributions(text: str) -> tuple[Attribution, ...]:
    """The attributions of `text`, in the order of their cues."""
    return read(text).attributions


def read(text: str) -> Reading:
    """Tokens, sentences and attributions of `text`."""
    tokens = tokenise(text)
    paragraphs, blocks = with_sentences(tokens)
    with_quotes(tokens, paragraphs, blocks)
    found: list[Found] = []
    sizes = Counter(paragraphs)
    ends = {block: stop for (_, stop), block in zip(tokens.sentences, blocks, strict=True)}
    for (low, high), number, block in zip(tokens.sentences, paragraphs, blocks, strict=True):
        hits = _settled(tokens, list(_sentence(tokens, low, high, line=sizes[number] == 1)))
        found += [_carried_on(tokens, hit, high, ends[block]) for hit in hits]
    return Reading(tokens, paragraphs, tuple(_spans(tokens, hit) for hit in found))


def _sentence(tokens: Tokens, low: int, high: int, *, line: bool) -> Iterator[Found]:
    """What the rules find in one sentence: one attribution for each cue outside quotations at most."""
    last: Found | None = None
    for at in range(low, high):
        if tokens.quoted[at] >= 0:
            continue
        for spot, rules in _spots(tokens, at, low, high, line=line):
            hit = next((hit for hit in (rule.find(spot) for rule in rules) if hit), None)
            if hit:
                last = replace(hit, source=last.source) if last and last.source and spot.shared() else hit
                yield last
                break


def _spots(tokens: Tokens, at: int, low: int, high: int, *, line: bool) -> Iterator[tuple[Spot, Iterable[Pattern]]]:
    """What token `at` may be: a verb of the lexicon, a noun, an adjective …, each with its rules."""
    table, word = lexicon(), tokens.lows[at]
    if word not in table.starts and not (line and word == ":"):
        return
    for cue in table.verbs.get(word, ()):
        if cue.more and tuple(tokens.lows[at + 1 : at + 1 + len(cue.more)]) != cue.more:
            continue
        spot = spot_of(tokens, cue, at, low, high)
        if spot:
            yield spot, _VERBS
    for entries, rules in ((table.nouns, NOUNS), (table.adjectives, ADJECTIVES), (table.adverbs, ADVERBS)):
        if word in entries:
            yield Spot(tokens, entries[word], at, at, at + 1, low, high, "active"), rules
    if word in ("according", "as", "in"):
        for cue in table.prepositions:
            stop = at + 1 + len(cue.more)
            if cue.lemma.startswith(word) and tuple(tokens.lows[at + 1 : stop]) == cue.more:
                yield Spot(tokens, cue, at, at, stop, low, high, "active"), PREPOSITIONS
    if line and word == ":":
        yield Spot(tokens, _COLON, at, at, at + 1, low, high, "active"), HEADLINES


def _settled(tokens: Tokens, hits: list[Found]) -> list[Found]:
    """The attributions of a sentence, each content cut where another of them takes over."""
    kept: list[Found] = []
    for hit in hits:
        anyone = hit.source and tokens.lows[hit.source[1] - 1] == "one" and hit.source[1] - hit.source[0] < 3
        if not anyone and not any(_takes_in(tokens, other, hit) for other in kept):
            kept.append(hit)
    return [cut for hit in kept if (cut := _cut(tokens, hit, kept))]


def _takes_in(tokens: Tokens, other: Found, hit: Found) -> bool:
    """Whether `hit` only repeats a part of `other`: “refused to say that”, “expressed hope that”.

    Of what is told within a content, only clear reports and wishes of somebody else are kept.
    """
    at = hit.cue[0][0] if hit.cue else -1
    inside = any(a <= at < b for a, b in other.content)
    start = other.content[0][0]
    if not inside:
        return any(a <= at < b for a, b in other.cue)
    own = hit.source is not None and tokens.kinds[hit.source[0]] == "pro" and hit.source[1] - hit.source[0] == 1
    if own and hit.source and start <= hit.source[0] and _edge(tokens, other, hit, start) is None:
        return True
    if hit.pattern in ("object", "called", "as", "noun that", "accused of") and hit.source != other.source:
        return True
    return at - start <= 2 and (hit.voice == "infinitive" or hit.pattern == "noun that")


def _cut(tokens: Tokens, hit: Found, others: list[Found]) -> Found | None:
    contents: list[Range] = []
    for first, stop in hit.content:
        for other in others:
            edge = _edge(tokens, hit, other, first)
            if edge is not None and first < edge < stop:
                stop = edge
        part = trimmed(tokens, first, stop)
        if part:
            contents.append(part)
    return replace(hit, content=tuple(contents)) if contents else None


def _edge(tokens: Tokens, hit: Found, other: Found, first: int) -> int | None:
    """Where, after `first`, attribution `other` takes over from the content of `hit`; None where it is nested."""
    if other is hit or not other.cue or other.cue[0][0] <= first:
        return None
    cue = other.cue[0][0]
    start = min(cue, other.source[0]) if other.source else cue
    if start < first:
        # The same source goes on with another cue: “said … and added …”.
        return cue if other.source == hit.source or other.content[0][0] > cue else None
    if other.content[0][0] <= first:
        # What stands between belongs to the later cue: “A says …, B said.”
        return start if other.pattern in ("fronted", "inverted", "according to") else None
    while start - 1 > first and tokens.kinds[start - 1] == "adv":
        start -= 1
    before, mark = tokens.lows[start - 1], tokens.forms[start - 2]
    turn = before in ("but", "while", "although", "whereas", ";", "though") or (before == "as" and mark == "even")
    return start if turn or (before == "and" and mark == ",") else None


def _carried_on(tokens: Tokens, hit: Found, high: int, block_end: int) -> Found:
    """With the quotations that follow in the same block, if the attribution ends its sentence with one."""
    direct = any(tokens.quoted[stop - 1] >= 0 for _, stop in hit.content)
    if not direct or hit.word.sense not in ("says", "thinks", "asks") or hit.pattern in ("called", "as", "object"):
        return hit
    *parts, (first, stop) = hit.content
    inside = tokens.quoted[stop - 1]
    if inside >= 0 and tokens.quotes[inside][1] >= stop >= high - 1:
        # The quotation goes on over the end of the sentence.
        stop = high = tokens.quotes[inside][1] + 1
    more = running(tokens, high, block_end)
    return replace(hit, content=(*parts, (first, stop), *more))


def _spans(tokens: Tokens, hit: Found) -> Attribution:
    parts = [tuple(tokens.span(*r) for r in part) for part in ((hit.source,) * bool(hit.source), hit.cue, hit.content)]
    return Attribution(parts[0], parts[1], parts[2], hit.word, hit.pattern)
