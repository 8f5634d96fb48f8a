"""Attributions: who (source) is tied by which words (cue) to what (content). Rules over text alone, no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kit.draft.clauses import body_end
from kit.draft.contents import alone, running
from kit.draft.cueless import ALONE, HEADLINES
from kit.draft.fronting import FRONTING
from kit.draft.lexicon import Cue, lexicon
from kit.draft.marks import doubled
from kit.draft.modifiers import ADJECTIVES, ADVERBS
from kit.draft.nouns import NOUNS
from kit.draft.objects import OBJECT_PATTERNS
from kit.draft.overlaps import settled
from kit.draft.passives import PASSIVES
from kit.draft.patterns import Found, Pattern
from kit.draft.posts import POST, with_posts
from kit.draft.prepositions import PREPOSITIONS
from kit.draft.quotations import with_quotes
from kit.draft.sentences import with_sentences
from kit.draft.speech import SPEECH
from kit.draft.things import speechless
from kit.draft.tokens import Tokens, tokenise
from kit.draft.verbs import Spot, spot_of

__all__ = ["PATTERNS", "Attribution", "Reading", "attributions", "read"]

Span = tuple[int, int]

_VERBS: tuple[Pattern, ...] = (
    *PASSIVES, *FRONTING[:1], *SPEECH[:2], *FRONTING[1:], *OBJECT_PATTERNS[:1], *SPEECH[2:], *OBJECT_PATTERNS[1:],
)  # fmt: skip
PATTERNS: tuple[Pattern, ...] = (*_VERBS, *PREPOSITIONS, *NOUNS, *ADJECTIVES, *ADVERBS, *HEADLINES, POST, ALONE)
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
    """A text read once: its tokens, the paragraph of each sentence, and the attributions in order.

    `text` is as it was given; `tokens.text` has the same length, and double quotation marks only.
    """

    text: str
    tokens: Tokens
    paragraphs: list[int]
    attributions: tuple[Attribution, ...]


def attributions(text: str) -> tuple[Attribution, ...]:
    """The attributions of `text`, in the order of their cues."""
    return read(text).attributions


def read(text: str) -> Reading:
    """Tokens, sentences and attributions of `text`."""
    tokens = tokenise(doubled(text))
    paragraphs, blocks = with_sentences(tokens)
    with_quotes(tokens, paragraphs, blocks)
    found: list[Found] = []
    sizes = Counter(paragraphs)
    ends = {block: stop for (_, stop), block in zip(tokens.sentences, blocks, strict=True)}
    for (low, high), number, block in zip(tokens.sentences, paragraphs, blocks, strict=True):
        single = sizes[number] == 1
        hits = settled(
            tokens, [hit for hit in _sentence(tokens, low, high, line=single) if not speechless(tokens, hit)]
        )
        last = _last_speaker(hits, body_end(tokens, low, high))
        found += [_carried_on(tokens, hit, high, ends[block], says=hit is last) for hit in hits]
    found = with_posts(tokens, found)
    rest = alone(tokens, [part for hit in found for part in hit.content])
    found += [Found(None, (), (part,), _COLON, ALONE.name) for part in rest]
    found.sort(key=lambda hit: (hit.cue or hit.content)[0][0])
    return Reading(text, tokens, paragraphs, tuple(_spans(tokens, hit) for hit in found))


def _sentence(tokens: Tokens, low: int, high: int, *, line: bool) -> Iterator[Found]:
    """What the rules find in one sentence: one attribution for each cue outside quotations at most."""
    last: Found | None = None
    for at in range(low, high):
        if tokens.quoted[at] >= 0:
            continue
        for spot, rules in _spots(tokens, at, low, high, line=line):
            hit = next((hit for hit in (rule.find(spot) for rule in rules) if hit), None)
            if hit and rules is _VERBS and spot.shared():
                hit = replace(hit, source=last.source) if last and last.source else hit
            if hit and (hit.source or spot.voice != "active" or rules is not _VERBS):
                yield hit
                last = hit if rules is not NOUNS else last
                break


def _spots(tokens: Tokens, at: int, low: int, high: int, *, line: bool) -> Iterator[tuple[Spot, Iterable[Pattern]]]:
    """What token `at` may be: a verb of the lexicon, a noun, an adjective …, each with its rules."""
    table, word = lexicon(), tokens.lows[at]
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


def _last_speaker(hits: list[Found], end: int) -> Found | None:
    """The attribution whose words fill the end of its sentence and lie in nobody else's; none where nobody speaks."""
    for hit in hits:
        reported = hit.pattern in ("that clause", "bare clause", "fronted", "inverted") and hit.word.sense == "says"
        if reported and hit.source and max(hit.content[-1][1], hit.source[1], hit.cue[-1][1]) >= end:
            return hit
    return None


def _carried_on(tokens: Tokens, hit: Found, high: int, block_end: int, *, says: bool) -> Found:
    """With the quotations that follow in the same block, if it ends its sentence: X said it is late. “…”"""
    direct = any(tokens.quoted[stop - 1] >= 0 for _, stop in hit.content)
    if says and not direct:
        return replace(hit, content=(*hit.content, *running(tokens, high, block_end)))
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
