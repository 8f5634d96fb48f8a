"""Claims of a text that has been read: its units, and in each the acts and contents, with all their fields."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kit.article.anchors import places
from kit.article.records import Claim, Source, Unit, next_claim_id
from kit.draft.clauses import has_verb
from kit.draft.rules_in_order import Attribution, Reading
from kit.draft.sources import Register, own
from kit.draft.statuses import SILENT, Proposal, of_act, of_content, of_own, silences, silent
from kit.draft.tokens import Range, Tokens
from kit.draft.words import lexicon

__all__ = ["claims", "headline_of", "hedge_for", "units"]

_HEADING = 90
"""A line of its own without a full stop is a heading if it is no longer than this."""
_STOPS = tuple(".!?:;,\"”'’)…")
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
_QUOTES = '"“”„«»'
_ENDS = " \t,;:.–—-"
_ACTS = ("says", "asks", "judges")
_ABOUT = re.compile(r"\s(?:over|about|on|at|for|that|with)\b")
_MENTION = re.compile(r"\b(rumou?rs|reports|allegations|accusations) of ([^,.;:!?\"“”]{8,})")
_NEAR = 20
"""What is nested stands in the same sentence: so many attributions before and after are looked at."""
_SPLIT = re.compile(r", (?:and|but|while|whereas) (?=(?:the|a|an|his|her|its|their|it|he|she|they|there|[A-Z]\w+) )")
_LONGER = 12
"""So many words are added to make a quote stand once."""
_WORD = re.compile(r"\s*\S+")
_LIKELY = ("bare clause", "noun that", "noun to", "object", "remainder")
"""Patterns whose claims are no surer than likely."""


def headline_of(text: str) -> str:
    """The first line of `text` that is not blank, shortened to 150 characters: what the headline most likely is."""
    first = next((line.strip(" \t\ufeff") for line in text.splitlines() if line.strip(" \t\ufeff")), "")
    return first[:150].strip()


def units(reading: Reading, headline: str) -> tuple[Unit, ...]:
    """The units of a text that has been read; `headline` is matched with its first line.

    Paragraph 0 is the headline; the others are counted from 1. Ids are S01, S02, … in the order of the text.
    """
    tokens, text = reading.tokens, reading.text
    spans = [tokens.span(*sentence) for sentence in tokens.sentences]
    sizes = Counter(reading.paragraphs)
    # The sentences of the first line are the headline, if it is the one given.
    head = sum(number == reading.paragraphs[0] for number in reading.paragraphs)
    line = text[spans[0][0] : spans[head - 1][1]] if spans else ""
    if " ".join(line.split())[:150].strip() != " ".join(headline.split())[:150].strip():
        head = 0
    width = max(2, len(str(len(spans))))
    found = []
    for place, ((start, end), number) in enumerate(zip(spans, reading.paragraphs, strict=True)):
        words = text[start:end]
        short = sizes[number] == 1 and end - start <= _HEADING and not words.endswith(_STOPS)
        kind = "headline" if place < head else "heading" if short else "body"
        paragraph = 0 if place < head else number + (head == 0)
        found.append(Unit(f"S{place + 1:0{width}}", words, paragraph, kind, start, end))
    return tuple(found)


def _opening(sentence: str) -> tuple[str, int]:
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
    words, end = _opening(sentence)
    if words and start <= end:
        return words
    before = sentence[max(0, start - 24) : start]
    near = re.search(r"\b(rumou?rs|reports|reportedly|allegedly|apparently)(?: of| that|,)?\s*$", before)
    return near.group(1) if near else ""


@dataclass(frozen=True)
class _Piece:
    """Words of one unit that make a claim, before it has an id."""

    unit: Unit
    span: Range
    layer: str
    attribution: Attribution | None
    source: str
    proposal: Proposal


def _pieces(reading: Reading, units: tuple[Unit, ...], register: Register) -> list[_Piece]:
    """All pieces of a text that has been read; the sources that they name are put into `register`."""
    text = reading.tokens.text
    every = reading.attributions
    outer = []
    for number, one in enumerate(every):
        at = (one.cue or one.source or one.content)[0][0]
        others = (other for other in every[max(0, number - _NEAR) : number + _NEAR] if other is not one)
        # With its cue in the content of another it is part of what somebody said; “we” is the outlet itself.
        voice = bool(one.source) and one.pattern != "dialogue" and own(reading.text[slice(*one.source[0])])
        if not voice and not any(a <= at < b for other in others for a, b in other.content):
            outer.append(one)
    outer = sorted([*outer, *silences(reading)], key=lambda one: (one.cue or one.content)[0][0])
    found: list[_Piece] = []
    met: set[tuple[Range, ...]] = set()
    for one in outer:
        found += _of_attribution(one, reading, units, register, again=bool(one.source) and one.source in met)
        met.add(one.source)
    found += _mentioned(text, units)
    asked = {unit.id for one in outer if one.pattern == "dialogue" for unit in _units_in(units, *one.content[0])}
    return found + _own(reading.tokens, [unit for unit in units if unit.id not in asked], found)


def _mentioned(text: str, units: tuple[Unit, ...]) -> Iterator[_Piece]:
    """“Rumors of P”, “reports of P” mention P, and nobody vouches for it (ruling b)."""
    for unit in units:
        for match in _MENTION.finditer(unit.text):
            word = lexicon().nouns["rumor" if match.group(1).startswith("rumo") else "report"]
            cue, content = ((unit.start + match.start(n), unit.start + match.end(n)) for n in (1, 2))
            one = Attribution((), (cue,), (content,), word, "hearsay")
            why = f"“{match.group(1)} of” mentions it, and nobody vouches for it."
            span = _bare(text, *content)
            if span:
                yield _Piece(unit, span, "content", one, "none", Proposal("alleged", why, "event", "likely"))


def _of_attribution(
    one: Attribution, reading: Reading, units: tuple[Unit, ...], register: Register, *, again: bool
) -> Iterator[_Piece]:
    text = reading.tokens.text
    mention = reading.text[slice(*one.source[0])] if one.source else ""
    source = register.id_of(mention, at=one.source[0][0]) if one.source else "none"
    told = one.word.sense in _ACTS and one.pattern not in ("hearsay", "according to", "headline")
    if one.pattern == "infinitive" and one.word.lemma not in ("decline", "refuse"):
        told = False
    mute = bool(told and one.cue and silent(one, text))
    if told and one.source and one.cue:
        yield from _act(one, text, units, source, register, silent=mute, again=again)
    if mute or (one.pattern == "object" and one.word.lemma in ("express", "voice", "convey")):
        return
    if one.word.sense == "wants" and one.pattern in ("infinitive", "noun to") and one.source:
        # A plan is not an event (g): the author tells of the intention, whole.
        yield from _contents(one, [(one.source[0][0], one.content[-1][1])], text, units, "author")
        return
    # A clause with the cue in its middle is one claim, quotations are several.
    direct = any(text[a] in _QUOTES or text[b - 1] in _QUOTES for a, b in one.content)
    ranges = list(one.content) if direct else [(one.content[0][0], one.content[-1][1])]
    yield from _contents(one, ranges, text, units, source)


def _act(
    one: Attribution, text: str, units: tuple[Unit, ...], source: str, register: Register, *, silent: bool, again: bool
) -> Iterator[_Piece]:
    (start, end), cue = one.source[0], one.cue[0]
    # “Rehn confirmed that …, but said …”: the second act begins with its own verb.
    first, last = cue if again else (min(start, cue[0]), max(end, cue[1]))
    narrated = silent or one.pattern == "object"
    if narrated and cue[0] > start and one.word.cue_class != "distancing":
        # "expressed concern over …": the act is told with its noun, and not with what it is about.
        first_about = _ABOUT.search(text, *one.content[0])
        last = max(last, first_about.start() if first_about else one.content[-1][1])
    unit = next(_units_in(units, first, first + 1))
    proposal = of_act(register.kind_of(source), narrated and not silent)
    yield _Piece(unit, (first, min(last, unit.end)), "act", one, source, proposal)


def _contents(
    one: Attribution, ranges: list[Range], text: str, units: tuple[Unit, ...], source: str
) -> Iterator[_Piece]:
    hearsay = source == "none"
    for start, end in ranges:
        for unit in _units_in(units, start, end):
            span = _bare(text, max(start, unit.start), min(end, unit.end))
            asked = one.pattern == "dialogue" and unit.text.endswith("?")
            if span and not asked:
                cue = None if source == "author" else one.word
                proposal = of_content(text[slice(*span)], cue, source=source not in ("none", "author"), hearsay=hearsay)
                yield _Piece(unit, span, "content", one, source, proposal)


def _own(tokens: Tokens, units: list[Unit], pieces: list[_Piece]) -> list[_Piece]:
    """What the author says: every sentence in which nothing is attributed."""
    taken, text = {piece.unit.id for piece in pieces}, tokens.text
    found = []
    for unit in units:
        if unit.id in taken or not any(c.isalpha() for c in unit.text):
            continue
        at = unit.start + _opening(unit.text)[1]
        first, stop = (bisect_left(tokens.starts, edge) for edge in (at, unit.end))
        spans = ((m, bisect_left(tokens.starts, m.start())) for m in _SPLIT.finditer(text, at, unit.end))
        # Each half has a verb: not “Jonas Vale, 42, and his wife are on trial”.
        cuts = [m.span() for m, k in spans if has_verb(tokens, first, k) and has_verb(tokens, k, stop)]
        edges = [at, *(edge for cut in cuts for edge in cut), unit.end]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            span = _bare(text, start, end)
            if span:
                proposal = of_own(text[slice(*span)])
                layer = "act" if proposal.content_type == "speech" else "content"
                found.append(_Piece(unit, span, layer, None, "author", proposal))
    return found


def _bare(text: str, start: int, end: int) -> Range | None:
    """The span without “that”, the marks around it and the stop at its end; None where no word is left."""
    piece = text[start:end]
    for word in ("that ", "That "):
        if piece.startswith(word):
            start += len(word)
    while start < end and (text[start].isspace() or text[start] in ",;:–—-…"):
        start += 1
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    inner = text[start:end]
    opened, closed = inner[:1] in _QUOTES and inner, inner[-1:] in _QUOTES and inner
    if opened and not any(c in _QUOTES for c in inner[1:-1]):
        start += 1
    if closed and not any(c in _QUOTES for c in inner[1:-1]) and (opened or not any(c in _QUOTES for c in inner[:-1])):
        end -= 1
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None


def _units_in(units: tuple[Unit, ...], start: int, end: int) -> Iterator[Unit]:
    at = max(0, bisect_right(units, start, key=lambda unit: unit.start) - 1)
    while at < len(units) and units[at].start < end:
        if units[at].end > start:
            yield units[at]
        at += 1


def claims(reading: Reading, units: tuple[Unit, ...]) -> tuple[tuple[Claim, ...], tuple[Source, ...]]:
    """The claims of a text that has been read, in the order of the text, and the register of their sources."""
    register = Register(reading.tokens.text)
    by_unit: dict[str, list[_Piece]] = defaultdict(list)
    for piece in sorted(_pieces(reading, units, register), key=lambda piece: (piece.span[0], piece.layer)):
        if piece.span not in [other.span for other in by_unit[piece.unit.id]]:
            by_unit[piece.unit.id].append(piece)
    found: list[Claim] = []
    for unit, mine in by_unit.items():
        ids: list[str] = []
        for piece in mine:
            ids.append(next_claim_id(unit, ids))
            found.append(_claim(piece, reading, register, ids[-1]))
    return tuple(found), tuple(register.sources)


def _claim(piece: _Piece, reading: Reading, register: Register, key: str) -> Claim:
    unit, proposal = piece.unit, piece.proposal
    text, marked = reading.text, reading.tokens.text
    start, end = _anchored(text, unit, piece.span)
    quote = text[start:end]
    one, act = piece.attribution, piece.layer == "act"
    cue = text[slice(*one.cue[0])] if one and one.cue and (act or piece.source != "author") else ""
    if cue not in unit.text:
        cue = ""  # it stands in another sentence of the same quotation
    hedge = "" if act else hedge_for(quote, unit.text, start - unit.start)
    return Claim(
        key,
        unit.id,
        quote,
        piece.layer,
        proposal.status,
        proposal.also,
        "author" if act else piece.source,
        cue,
        one.word.cue_class if one and cue else "none",
        hedge,
        _quote_type(one, marked, piece) if piece.source != "author" else "none",
        proposal.content_type,
        "shown" if act and one and _direct(one, marked) else "none",
        ("article",) if piece.source == "author" else ("?" if piece.source == "none" else piece.source, "article"),
        why=proposal.why,
        proposed=_sure(piece, register),
    )


def _anchored(text: str, unit: Unit, span: Range) -> Range:
    """The span, made longer word by word until its words stand once in the unit; at last the whole unit."""
    start, end = span
    for _ in range(_LONGER):
        if len(places(text[start:end], unit.text)) == 1:
            return start, end
        end = next((m.end() for m in _WORD.finditer(text, end, unit.end)), unit.end)
    return unit.start, unit.end


def _sure(piece: _Piece, register: Register) -> str:
    """How sure: no surer than the rule for the status, than the source, and than the pattern."""
    marks = [piece.proposal.sure]
    marks += [source.proposed for source in register.sources if source.id == piece.source]
    if piece.attribution and piece.attribution.pattern in _LIKELY:
        marks.append("likely")
    if piece.attribution and piece.attribution.pattern == "quotation alone":
        marks.append("guess")
    return max(marks, key=("sure", "likely", "guess").index)


def _direct(one: Attribution, text: str) -> bool:
    return any(any(c in _QUOTES for c in text[a:b]) for a, b in one.content)


def _quote_type(one: Attribution | None, text: str, piece: _Piece) -> str:
    """direct, mixed, indirect, or narrated where an act is told without its content."""
    if one is None or one.pattern == "hearsay":
        return "narrated" if piece.layer == "act" else "none"
    if piece.layer == "act" and (one.pattern == "object" or SILENT.search(text[slice(*piece.span)])):
        return "narrated"
    first, last = text[one.content[0][0]], text[one.content[-1][1] - 1]
    if one.pattern == "dialogue" or (first in _QUOTES and last in _QUOTES):
        return "direct"
    return "mixed" if _direct(one, text) else "indirect"
