"""Attributions: who (source) is tied by which words (cue) to what (content). Rules over text alone, no model.

The table `PATTERNS` holds every rule, in the order in which they are tried. What follows it tries them, sentence by
sentence, and settles which attributions stay where they overlap.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from kit.draft import nominal, patterns
from kit.draft.clauses import MARK, alone, body_end, clause_subject, running, trimmed
from kit.draft.nominal import with_posts, with_turns
from kit.draft.patterns import Finder, Found
from kit.draft.quotation_marks import doubled, with_quotes
from kit.draft.tokens import Range, Tokens, tokenise, with_sentences
from kit.draft.units import dateline_end, set_aside
from kit.draft.verbs import Spot, heads, spot_of
from kit.draft.words import Cue, lexicon, table


@dataclass(frozen=True)
class Pattern:
    """One rule, with what it finds in words and an example: what a reader reads, and a test.

    `on` is the kind of cue on which it is tried: verb, preposition, noun, adjective, adverb or colon; text stands for
    no cue at all, and such a rule has no `find`. In `example`, [S1 …], [C1 …] and [T1 …] mark source, cue and content.
    """

    name: str
    sense: str
    example: str
    find: Finder | None = None
    on: str = "verb"


def _patterns() -> Iterator[Pattern]:
    """The rules of `rules.toml`, each with its function."""
    for row in table("rules.toml")["rules"]:
        find = row.get("find", "")
        yield Pattern(**row | {"find": getattr(patterns, find, None) or getattr(nominal, find) if find else None})


PATTERNS: tuple[Pattern, ...] = tuple(_patterns())
"""All the rules. On each cue those of its kind are tried from top to bottom, and the first that fits wins.

A word that may be several kinds of cue is taken for one after the other, in the same order. The rules on the text
come when all sentences are read: posts and the turns of an interview take the place of what was found in their frame,
and a quotation is alone if no other rule has taken it.
"""

_RULES = {on: [rule for rule in PATTERNS if rule.on == on] for on in dict.fromkeys(rule.on for rule in PATTERNS)}
_COLON = Cue(":", "base", "says", "neutral", frozenset())
_REPORTS = ("that clause", "bare clause", "fronted", "inverted")
_ANSWERS = ("object", "accused of", "object and infinitive", "infinitive")
_NARROW = ("object", "called", "as", "noun that", "noun to", "adjective that", "accused of", "object and participle")
"""What is found by these rules within somebody's content is hers, not an attribution of its own."""


_ABOUT = re.compile(r"\s(?:over|about|on|at|for|that|with)\b")


class Attribution(NamedTuple):
    """One attribution: half-open code-point spans of source (none or one), cue and content (one or more).

    `word` is the lexicon's entry for the cue, `pattern` the name of the rule that found it.
    """

    source: tuple[Range, ...]
    cue: tuple[Range, ...]
    content: tuple[Range, ...]
    word: Cue
    pattern: str

    @property
    def led(self) -> bool:
        """Whether it leads into what its speaker does: Saying that it leaks, Roe left."""
        return bool(self.source and self.cue) and self.cue[0] < self.content[0] < self.source[0]

    def direct(self, text: str) -> bool:
        """Whether words of it stand in quotation marks."""
        return any(MARK.search(text, a, b) for a, b in self.content)

    def heard(self, tokens: Tokens) -> int:
        """Where it ends who is told, and when: she told the Echo on Monday."""
        k = bisect_left(tokens.starts, self.cue[0][1])
        begun = next((start for start, _ in self.content if start >= self.cue[0][1]), None)
        stop = len(tokens.starts) if begun is None else bisect_left(tokens.starts, begun)
        ends = ("quote", "open", "wh", "that", *(("mark", "and") if begun is None else ()))
        while k < stop and tokens.kinds[k] not in ends and (tokens.forms[k], tokens.lows[k + 1]) != (",", "adding"):
            k += 1
        return tokens.ends[k - 1 - (tokens.kinds[k - 1] == "mark")]

    def named(self, text: str) -> int:
        """Where an act ends that is told with its noun, and not with what it is about: “expressed concern over …”."""
        about = _ABOUT.search(text, *self.content[0])
        return about.start() if about else self.content[-1][1]


@dataclass(frozen=True)
class Reading:
    """A text read once: its tokens, the paragraph of each sentence, and the attributions in order.

    `text` is as it was given; `tokens.text` has the same length, and double quotation marks only. `furniture` are the
    numbers of the paragraphs that were set aside, in which nothing is looked for.
    """

    text: str
    tokens: Tokens
    paragraphs: list[int]
    attributions: tuple[Attribution, ...]
    furniture: frozenset[int] = frozenset()


def attributions(text: str) -> tuple[Attribution, ...]:
    """The attributions of `text`, in the order of their cues."""
    return read(text).attributions


def read(text: str) -> Reading:
    """Tokens, sentences and attributions of `text`."""
    tokens = tokenise(doubled(text))
    paragraphs, blocks = with_sentences(tokens)
    furniture = set_aside(_lines(tokens, paragraphs))
    with_quotes(tokens, paragraphs, blocks)
    found: list[Found] = []
    sizes = Counter(paragraphs)
    for (low, high), number in zip(tokens.sentences, paragraphs, strict=True):
        if number in furniture:
            continue
        if low in tokens.firsts:
            low = bisect_left(
                tokens.starts, tokens.starts[low] + dateline_end(text[tokens.starts[low] : tokens.starts[low] + 99])
            )
        hits = _settled(tokens, list(_sentence(tokens, low, high, line=sizes[number] == 1)))
        if not hits:
            continue
        # Whoever has the last words of the sentence carries on with the quotations after it.
        end = body_end(tokens, low, high)
        ending = [
            hit
            for hit in hits
            if hit.source and hit.cue and max(hit.content[-1][1], hit.source[1], hit.cue[-1][1]) >= end
        ]
        last = next((hit for hit in ending if hit.pattern in _REPORTS and hit.word.sense == "says"), None)
        found += [_carried_on(tokens, hit, high, says=hit is last) for hit in hits]
        answers = (hit for hit in ending if hit.pattern in _ANSWERS and hit.word.sense in ("says", "judges", "asks"))
        answer, more = next(answers, None), tuple(running(tokens, high))
        if answer and more and not last:  # Roe denied the charge. “I was in bed.”
            found.append(Found(answer.source, (), more, _COLON, pattern="quotation after"))
    found = with_turns(tokens, with_posts(tokens, found))
    aside = [s for s, number in zip(tokens.sentences, paragraphs, strict=True) if number in furniture]
    rest = alone(tokens, [*aside, *(part for hit in found for part in hit.content)])
    found += [_alone(tokens, part, found) for part in list(rest)]
    found.sort(key=lambda hit: (hit.cue or hit.content)[0][0])
    return Reading(text, tokens, paragraphs, tuple(_spans(tokens, hit) for hit in found), furniture)


def _lines(tokens: Tokens, paragraphs: list[int]) -> dict[int, str]:
    """The text of each paragraph by its number."""
    ends: dict[int, Range] = {}
    for (first, stop), number in zip(tokens.sentences, paragraphs, strict=True):
        ends[number] = (ends.get(number, (first, stop))[0], stop)
    return {number: tokens.text[slice(*tokens.span(*edges))] for number, edges in ends.items()}


def _sentence(tokens: Tokens, low: int, high: int, *, line: bool) -> Iterator[Found]:
    """What the rules find in one sentence: one attribution for each cue outside quotations at most."""
    last: Found | None = None
    cues, lows, quoted = _cues(), tokens.lows, tokens.quoted
    for at in range(low, high):
        if lows[at] not in cues or quoted[at] >= 0:
            continue
        for kind, spot in _spots(tokens, at, low, high, line=line):
            hit = None
            for rule in _RULES[kind]:
                if rule.find and (hit := rule.find(spot)):
                    hit = hit._replace(pattern=rule.name)
                    break
            if hit and kind == "verb" and last and last.source and spot.shared():
                hit = hit._replace(source=last.source)
            if hit and (hit.source or spot.voice != "active" or kind != "verb"):
                last = hit if kind != "noun" else last
                if not heads(tokens, hit.source, hit.word.lemma, lexicon().things):
                    yield hit
                break


def _spots(tokens: Tokens, at: int, low: int, high: int, *, line: bool) -> Iterator[tuple[str, Spot]]:
    """What token `at` may be, with the kind of cue: a verb of the lexicon, a noun, an adjective …"""
    for kind, cue in _cues()[tokens.lows[at]]:
        stop = at + 1 + len(cue.more)
        if (cue.more and tuple(tokens.lows[at + 1 : stop]) != cue.more) or (kind == "colon" and not line):
            continue
        verb = kind == "verb"
        spot = spot_of(tokens, cue, at, low, high) if verb else Spot(tokens, cue, at, at, stop, low, high, "active")
        if spot:
            yield kind, spot


@cache
def _cues() -> dict[str, list[tuple[str, Cue]]]:
    """Each cue with its kind by the word with which it begins; of one word in the order of the kinds in `PATTERNS`."""
    table = lexicon()
    kinds: dict[str, Iterable[tuple[str, Cue]]] = {
        "verb": ((form, cue) for form, cues in table.verbs.items() for cue in cues),
        "preposition": ((cue.lemma.split()[0], cue) for cue in table.prepositions),
        "noun": table.nouns.items(),
        "adjective": table.adjectives.items(),
        "adverb": table.adverbs.items(),
        "colon": [(":", _COLON)],
        "text": [],
    }
    found: dict[str, list[tuple[str, Cue]]] = {}
    for kind in _RULES:
        for word, cue in kinds[kind]:
            found.setdefault(word, []).append((kind, cue))
    return found


def _alone(tokens: Tokens, part: Range, found: list[Found]) -> Found:
    """A quotation without a tag: its speaker is whoever the sentence before it begins with, a “he” or a “she”, or spoke
    in it.
    """
    low = max((first for first, _ in tokens.sentences if first <= part[0]), default=0)
    if tokens.forms[part[0] - 1] == ":" and (who := clause_subject(tokens, part[0] - 1, low)):  # paid tribute: “…”
        return Found(who, (), (part,), _COLON, pattern="quotation after")
    at = bisect_left(tokens.sentences, part[:1])
    before = tokens.sentences[at - 1][0] if at else part[0]
    if tokens.lows[before] in ("he", "she"):  # She sighed. “Nobody came.”
        return Found((before, before + 1), (), (part,), _COLON, pattern="quotation after")
    spoke = [hit.source for hit in found if hit.source and hit.cue and before <= hit.cue[0][0] < part[0]]
    if spoke:
        return Found(spoke[-1], (), (part,), _COLON, pattern="quotation after")
    return Found(None, (), (part,), _COLON, pattern="quotation alone")


def _carried_on(tokens: Tokens, hit: Found, high: int, *, says: bool) -> Found:
    """With the quotations that follow, if it ends its sentence: X said it is late. “…”"""
    direct = any(tokens.quoted[stop - 1] >= 0 for _, stop in hit.content)
    if says and not direct:
        return hit._replace(content=(*hit.content, *running(tokens, high)))
    if not direct or hit.word.sense not in ("says", "thinks", "asks") or hit.pattern in ("called", "as", "object"):
        return hit
    *parts, (first, stop) = hit.content
    inside = tokens.quoted[stop - 1]
    if inside >= 0 and tokens.quotes[inside][1] >= stop >= high - 1:
        # The quotation goes on over the end of the sentence.
        stop = high = tokens.quotes[inside][1] + 1
    more = running(tokens, high)
    return hit._replace(content=(*parts, (first, stop), *more))


def _spans(tokens: Tokens, hit: Found) -> Attribution:
    sources = (hit.source,) if hit.source else ()
    source, cue, content = (tuple(tokens.span(*r) for r in part) for part in (sources, hit.cue, hit.content))
    told = hit.pattern == "object and infinitive" or (hit.pattern == "passive" and "order" in hit.word.frames)
    orders = told and hit.word.sense == "says"  # told her to leave
    word = replace(hit.word, sense="asks", cue_class="directive") if orders else hit.word
    return Attribution(source, cue, content, word, hit.pattern)


def _settled(tokens: Tokens, hits: list[Found]) -> list[Found]:
    """The attributions of a sentence, each content cut where another of them takes over."""
    kept: list[Found] = []
    for hit in hits:
        anyone = hit.source and tokens.lows[hit.source[1] - 1] == "one" and hit.source[1] - hit.source[0] < 3
        told = hit.pattern in (*_NARROW, "according to") and any(_fronts(other, hit) for other in hits)
        if not anyone and not told and not any(_takes_in(tokens, other, hit) for other in kept):
            kept.append(hit)
    return [cut for hit in kept if not _hands_on(hit, kept) and (cut := _cut(tokens, hit, kept))]


def _hands_on(hit: Found, hits: list[Found]) -> bool:
    """Whether a paper only hands on what somebody told: “It leaks,” the mayor said, the Echo reported."""
    first = hit.content[0][0]
    starts = (min(one.content[0][0], *(one.source or one.cue[0])) for one in hits if one is not hit and one.cue)
    return hit.word.lemma == "report" and hit.pattern in ("fronted", "inverted") and first in starts


def _fronts(other: Found, hit: Found) -> bool:
    """Whether `hit` stands in a content that comes before its cue (X rejects the plan, Y said), or shares another's."""
    first, stop = other.content[0]
    if hit.pattern == "according to":  # “…,” X said, according to Y
        first, stop = hit.content[0]
        return other.pattern in ("inverted", "fronted") and first <= other.cue[0][0] < stop
    if hit.pattern == "noun that" and hit.content[0][0] == first:
        return other is not hit
    return other.pattern in ("fronted", "inverted") and bool(hit.cue) and first <= hit.cue[0][0] < stop


def _takes_in(tokens: Tokens, other: Found, hit: Found) -> bool:
    """Whether `hit` only repeats a part of `other`: “refused to say that”, “expressed hope that”.

    Of what is told within a content, only clear reports and wishes of somebody else are kept.
    """
    at = hit.cue[0][0] if hit.cue else -1
    inside = any(a <= at < b for a, b in other.content)
    start = other.content[0][0]
    if not inside:
        return any(a <= at < b for a, b in other.cue)
    if hit.voice == "infinitive" or (hit.voice == "participle" and hit.pattern == "infinitive"):
        return True
    own = hit.source is not None and tokens.kinds[hit.source[0]] == "pro" and hit.source[1] - hit.source[0] == 1
    if own and hit.source and start <= hit.source[0] and _edge(tokens, other, hit, start) is None:
        return True
    repeats = at - start <= 2 and hit.pattern == "noun that"  # expressed hope that …
    before = next((i for i in range(at - 1, start, -1) if tokens.kinds[i] != "adv"), start)
    if hit.source == other.source and hit.voice == "participle" and tokens.kinds[before] == "prep":
        return True  # condemned the president for ordering: he ordered, not the source
    if hit.source == other.source:
        # What the speaker says of herself: she said she liked it but wished …
        shared = tokens.kinds[at - 1] == "and" and tokens.forms[at - 2] != "," and hit.word.sense in ("thinks", "wants")
        return repeats or (shared and other.pattern in ("that clause", "bare clause"))
    return _edge(tokens, other, hit, start) is None if hit.pattern in _NARROW else repeats


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
    whole = tuple(contents)
    return None if not whole else hit if whole == hit.content else hit._replace(content=whole)


def _edge(tokens: Tokens, hit: Found, other: Found, first: int) -> int | None:
    """Where, after `first`, attribution `other` takes over from the content of `hit`; None where it is nested."""
    if other is hit or not other.cue or other.cue[0][0] <= first or (hit.cue and hit.cue[0][0] > other.cue[0][0]):
        return None
    cue = other.cue[0][0]
    start = min(cue, other.source[0]) if other.source else cue
    if start < first:
        # The same source goes on with another cue: “said … and added …”.
        return cue if other.source == hit.source or other.content[0][0] > cue else None
    if other.content[0][0] <= first:
        # What stands between belongs to the later cue: “A says …, B said.”
        return start if other.pattern in ("fronted", "inverted", "according to") else None
    before, mark = tokens.lows[start - 1], tokens.forms[start - 2]
    mark = tokens.forms[start - 3] if tokens.kinds[start - 2] == "quote" else mark
    turn = before in ("but", "while", "although", "whereas", ";", "though") or (before == "as" and mark == "even")
    named = other.source is not None and other.word.sense == "says" and "name" in tokens.kinds[slice(*other.source)]
    return start if turn or (before == "and" and (mark == "," or named)) else None
