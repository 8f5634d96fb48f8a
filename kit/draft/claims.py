"""Claims of a text that has been read: in each of its units the acts and contents, with all their fields."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kit.article.anchors import places
from kit.article.records import Claim, Source, Unit, next_claim_id
from kit.draft import statuses
from kit.draft.clauses import has_verb, is_clause
from kit.draft.rules_in_order import Attribution, Reading
from kit.draft.sources import Register, own
from kit.draft.statuses import Proposal
from kit.draft.tokens import Range, Tokens
from kit.draft.units import dateline_end
from kit.draft.words import CLAUSE_OPENERS, lexicon

_QUOTES = frozenset('"“”„«»')
_MARK = re.compile('["“”„«»]')
_BEGINS = re.compile(r"[^\s,;:–—…-]")
_ENDS = " \t,;:.–—-"
_ACTS = ("says", "asks", "judges")
_ABOUT = re.compile(r"\s(?:over|about|on|at|for|that|with)\b")
_MENTION = re.compile(
    r"\b(rumou?rs|reports|allegations|accusations|claims) of ((?:[^,.;:!?—\"“”]|\.(?=\w)|(?<=\.[A-Z])\.){8,})"
)
_NEAR = 20
"""So many words of sources and cues before an attribution may be its own, too."""
_SUBJECT = (
    r"(?=(?:that )?(?:the|a|an|his|her|its|their|our|my|it|s?he|they|we|you|there|I|people|some|many|several|others|"
    r"[A-Z]\w+)\b)"
)
_PLAIN = r"(?=(?:s?he|they|we|I|there|it|that (?:the|a|an|its|his|her|their|it|s?he|they))\b)"
_JOINED = rf"; {_SUBJECT}|, (?:and|but|while|whereas|so) {_SUBJECT}|, (?:and|but) {_PLAIN}| (?:and|but) {_PLAIN}"
_CITED = r"(?=(?:in the words of|according to)\b)"
_SPLIT = re.compile(rf"{_JOINED}|, (?:and|but) {_CITED}|, (?:apparently|probably|possibly|perhaps) because ")
"""Between two main clauses, before a hedged “because”."""
_BEFORE = re.compile(
    r"(.{12,}?),? (?:after|when|because|since|although|though|before|as|where|who|"
    r"(?:(?:\w+ )?(?:in|of|to) )?(?:which|whom)) \Z"
)
_REASON = re.compile(rf"{_JOINED}|, because {_SUBJECT}| because {_SUBJECT}")
"""As it parts what somebody says: a judgement, and what it rests on."""
_PAPER = re.compile(r"\b(?:survey|report|poll|figures|data|statistics|census|study|review|audit)\b")
"""What is published and shows something: that is an act (v)."""
_WORD = re.compile(r"\s*\S+")
_BEGUN = re.compile(r"\S+")
_OPENED = CLAUSE_OPENERS | {"from", "as"}
_WHOLE = frozenset(("express", "voice", "convey", "apologise", "apologize", "agree with", "disagree with"))
"""An act that is told with what it is about: there is no content beside it."""
_RECKONED = ("put", "estimate", "peg", "predict", "forecast")
"""What is thought, and told in public: police put the number at 5,000."""
_LIKELY = ("bare clause", "noun that", "noun to", "object", "remainder")
"""Patterns whose claims are no surer than likely."""


class _Piece(NamedTuple):
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
    # By “we” and “this shows” the outlet itself speaks: such a sentence is its own, like any other.
    every = [one for one in reading.attributions if one.pattern == "dialogue" or not own(_mention(one, reading))]
    starts, ends = (sorted(part[edge] for one in every for part in one.content) for edge in (0, 1))
    outer = []
    for one in every:
        at = (one.cue or one.source or one.content)[0][0]
        # With its cue in the content of another it is part of what somebody said.
        if bisect_right(starts, at) - bisect_right(ends, at) == sum(a <= at < b for a, b in one.content):
            outer.append(one)
    outer = sorted([*outer, *statuses.silences(reading)], key=lambda one: (one.cue or one.content)[0][0])
    found: list[_Piece] = []
    met: list[Range] = []
    for one in outer:
        again = any(a < end and start < b for start, end in one.source for a, b in met[-_NEAR:])
        found += _of_attribution(one, reading, units, register, again=again)
        met += [*one.source, *one.cue]
    found = _once(found, text)
    acts = {piece.source if piece.layer == "act" else "" for piece in found}
    for piece in list(found):
        one = piece.attribution
        if one and one.pattern == "according to" and piece.source not in acts:  # nothing else tells that it spoke (q)
            acts.add(piece.source)
            proposal = statuses.of_act(register.kind_of(piece.source), narrated=False)
            found += _act(one, text, units, piece.source, proposal, reach=0, again=False)
    found += _mentioned(text, units)
    asked = {unit.id for one in outer if one.pattern == "dialogue" for unit in _units_in(units, *one.content[0])}
    return found + _own(reading, [unit for unit in units if unit.id not in asked], found)


def _once(pieces: list[_Piece], text: str) -> list[_Piece]:
    """The pieces without the second act of one speaker in a sentence that is only told beside the first (q): …, adding
    that …
    """
    kept: list[_Piece] = []
    met: set[tuple[str, str]] = set()
    for piece in pieces:
        if piece.layer == "act" and piece.attribution:
            who = piece.unit.id, piece.source
            if who in met and text[slice(*piece.attribution.cue[0])].endswith("ing"):
                continue
            met.add(who)
        kept.append(piece)
    return kept


def _mentioned(text: str, units: tuple[Unit, ...]) -> Iterator[_Piece]:
    """“Rumors of P”, “reports of P” mention P, and nobody vouches for it (ruling b)."""
    for unit in units:
        for match in _MENTION.finditer(unit.text) if "s of " in unit.text else ():
            word = lexicon().nouns["rumor" if match.group(1).startswith("rumo") else "report"]
            cue, content = ((unit.start + match.start(n), unit.start + match.end(n)) for n in (1, 2))
            one = Attribution((), (cue,), (content,), word, "hearsay")
            why = f"“{match.group(1)} of” mentions it, and nobody vouches for it."
            span = _bare(text, *content)
            if span:
                yield _Piece(unit, span, "content", one, "none", Proposal("alleged", why, "event", "likely"))


def _mention(one: Attribution, reading: Reading) -> str:
    words = reading.text[slice(*one.source[0])] if one.source else ""
    return words.removeprefix("Neither ").removeprefix("neither ")


def _told(one: Attribution, mention: str) -> bool:
    """Whether the cue tells of an act: of saying, demanding, promising, or of what a published paper shows."""
    if one.pattern in ("hearsay", "according to", "headline") or (
        one.pattern == "infinitive" and one.word.sense != "says"
    ):
        return False
    demanded = one.word.cue_class == "directive" and one.word.lemma != "want"
    shown = one.word.sense == "shows" and bool(_PAPER.search(mention))
    return one.word.sense in _ACTS or one.word.lemma in _RECKONED or demanded or shown


def _of_attribution(
    one: Attribution, reading: Reading, units: tuple[Unit, ...], register: Register, *, again: bool
) -> Iterator[_Piece]:
    text = reading.tokens.text
    source = register.id_of(_mention(one, reading), at=one.source[0][0]) if one.source else "none"
    asked = one.word.lemma == "ask" and text[slice(*one.cue[0])] == "Asked"
    if asked or (source == "author" and one.pattern != "dialogue"):
        return  # Asked whether it is so, she said …
    mute = bool(one.cue) and statuses.silent(one, text)
    held = statuses.held_back(one, text) if one.cue and not mute else None
    withheld = one.word.lemma in ("refuse", "decline") and not held and not mute
    told = bool(one.source and one.cue) and _told(one, _mention(one, reading)) and not withheld
    pronoun = text[slice(*one.content[0])].lower() in ("it", "this", "that", "them")
    whole = (told and mute) or (one.pattern == "object" and (one.word.lemma in _WHOLE or pronoun))
    if told:
        reach = _reach(one, text) if whole else held[0] if held else 0
        proposal = statuses.of_act(register.kind_of(source), one.pattern == "object" and not mute)
        yield from _act(one, text, units, source, proposal, reach=reach, again=again)
    if told and held and not whole:
        open_to = text[held[0] : held[1][0]].split()[-1:] in (["whether"], ["if"], ["that"])
        yield from _contents(one, [held[1]], reading.tokens, units, source if open_to else "author", held=True)
    if whole or (told and held):
        return
    if (withheld or one.word.sense == "wants") and one.pattern in ("infinitive", "noun to") and one.source:
        # A plan is not an event (g): the author tells of the intention, or the refusal, whole.
        first = (one.cue if again else one.source)[0][0]
        yield from _contents(one, [(first, one.content[-1][1])], reading.tokens, units, "author")
        return
    # A clause with the cue in its middle is one claim, unless the cue is an act of its own.
    ranges = _standing(one.content, reading.tokens) if told else [(one.content[0][0], one.content[-1][1])]
    yield from _contents(one, ranges, reading.tokens, units, source)


def _standing(parts: Sequence[Range], tokens: Tokens) -> list[Range]:
    """The parts of a content that say something: of “The notes, she said, were false” not “The notes”."""
    kept = []
    for number, (start, end) in enumerate(parts):
        first, stop = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
        after = tokens.text[parts[number + 1][0] :].lstrip("".join(_QUOTES))[:1] if number + 1 < len(parts) else ""
        opened = tokens.lows[first] in _OPENED and tokens.quoted[first] < 0
        if not (after.islower() and (opened or not has_verb(tokens, first, stop))):
            kept.append((start, end))
    return kept


def _act(
    one: Attribution, text: str, units: tuple[Unit, ...], source: str, proposal: Proposal, *, reach: int, again: bool
) -> Iterator[_Piece]:
    (start, end), cue = one.source[0], one.cue[0]
    # “Rehn confirmed that …, but said …”: the second act begins with its own verb.
    first, last = cue if again else (min(start, cue[0]), max(end, cue[1]))
    last = max(last, reach) if cue[0] > start else last
    unit = next(_units_in(units, first, first + 1))
    last -= len(text[first:last]) - len(text[first:last].rstrip())
    yield _Piece(unit, (first, min(last, unit.end)), "act", one, source, proposal)


def _reach(one: Attribution, text: str) -> int:
    """Where an act ends that is told with its noun, and not with what it is about: “expressed concern over …”."""
    about = _ABOUT.search(text, *one.content[0])
    return about.start() if about else one.content[-1][1]


def _contents(
    one: Attribution, ranges: list[Range], tokens: Tokens, units: tuple[Unit, ...], source: str, *, held: bool = False
) -> Iterator[_Piece]:
    text = tokens.text
    hearsay, known = source == "none", source not in ("none", "author")
    for start, end in ranges:
        for unit in _units_in(units, start, end):
            if one.pattern == "dialogue" and unit.text.endswith("?"):
                continue
            for span in _clauses(tokens, max(start, unit.start), min(end, unit.end), _REASON if known else _SPLIT):
                cue = None if source == "author" else one.word
                proposal = statuses.of_content(
                    text[slice(*span)], cue, source=known, hearsay=hearsay, held=held, blamed=_blamed(text)
                )
                yield _Piece(unit, span, "content", one, source, proposal)


@lru_cache(maxsize=4)
def _blamed(text: str) -> bool:
    return bool(statuses.REPROACH.search(text.lower()))


def _clauses(tokens: Tokens, start: int, end: int, between: re.Pattern[str] = _SPLIT) -> Iterator[Range]:
    """The main clauses between two offsets: each has a verb, not “Jonas Vale, 42, and his wife are on trial”."""
    cuts: list[Range] = []
    for match in between.finditer(tokens.text, start, end):
        first, stop = _in(tokens, start, end)
        first += tokens.kinds[first : first + 1] in (["that"], ["quote"])
        at, after = _in(tokens, *match.span())
        if all(has_verb(tokens, *side) or is_clause(tokens, *side) for side in ((first, at), (after, stop))):
            cuts.append(match.span())
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        if span := _bare(tokens.text, low, high):
            yield span


def _in(tokens: Tokens, start: int, end: int) -> Range:
    return bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)


def _own(reading: Reading, units: list[Unit], pieces: list[_Piece]) -> list[_Piece]:
    """What the author says: every main clause in which nothing is attributed."""
    text, found = reading.tokens.text, []
    taken: dict[str, list[Range]] = {unit.id: [] for unit in units}
    for piece in pieces:
        parts = () if piece.attribution is None else (*piece.attribution.source, *piece.attribution.cue)
        taken.setdefault(piece.unit.id, []).extend((piece.span, *parts))
    for unit in units:
        at = unit.start + dateline_end(unit.text)
        at += statuses.opening(text[at : unit.end])[1]
        bare = unit.kind == "heading" and not has_verb(reading.tokens, *_in(reading.tokens, unit.start, unit.end))
        if bare or unit.text.endswith("?") or not any(c.isalpha() for c in unit.text):
            continue
        for span in _clauses(reading.tokens, at, unit.end):
            held = sorted(part for part in taken[unit.id] if part[0] < span[1] and span[0] < part[1])
            if held and not (span := _beside(reading.tokens, span, held)):
                continue
            proposal = statuses.of_own(text[slice(*span)])
            layer = "act" if proposal.content_type == "speech" else "content"
            found.append(_Piece(unit, span, layer, None, "author", proposal))
    return found


def _beside(tokens: Tokens, clause: Range, held: list[Range]) -> Range | None:
    """What the author tells in a clause beside what is attributed there: P, after X said …; accused by X of …, P."""
    text, (start, end) = tokens.text, clause
    first, stop = held[0]
    before = _BEFORE.match(text, start, first)
    mentioned = _MENTION.match(text, first) and not text.startswith("There ", start)  # told of rumours of P
    end_before = before.end(1) if before else stop if mentioned else start
    if any(tokens.speaks(k) for k in range(*_in(tokens, start, min(end_before, first)))):
        return _bare(text, start, end_before)
    last = max(stop for _, stop in held)
    if text.startswith("Accused ", start) and text.startswith(", ", last):
        return _bare(text, last, end)
    return None


def _bare(text: str, start: int, end: int) -> Range | None:
    """The span without “that”, the marks around it and the stop at its end; None where no word is left."""
    begun = _BEGINS.search(text, start + len("that ") * text.startswith("that ", start, end), end)
    if not begun:
        return None
    start = begun.start()
    if not _MARK.search(text, start + 1, end - 1):
        start, end = start + (text[start] in _QUOTES), end - (text[end - 1] in _QUOTES)
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
    by_unit: dict[str, list[_Piece]] = {unit.id: [] for unit in units}
    for piece in _pieces(reading, units, register):
        if piece.unit.kind != "furniture":
            by_unit[piece.unit.id].append(piece)
    found: list[Claim] = []
    for unit, mine in by_unit.items():
        ids: list[str] = []
        for piece in _apart(mine, reading.text):
            ids.append(next_claim_id(unit, ids[-1:]))
            found.append(_claim(piece, reading, register, ids[-1]))
    return tuple(found), tuple(register.sources.values())


def _apart(pieces: Sequence[_Piece], text: str) -> list[_Piece]:
    """The pieces of one unit, in the order of the text, cut so that no two share a letter and each stands once.

    A content goes before what is nested in it and before an act, and an act keeps the words around its cue. What is
    left of none of its words is left out.
    """
    ranked = sorted(pieces, key=lambda piece: (piece.layer == "act", _mere(piece), piece.span[0], -piece.span[1]))
    kept: list[_Piece] = []
    for piece in ranked:
        start, end = piece.span
        core = piece.attribution.cue[0][0] if piece.layer == "act" and piece.attribution else None
        taken = sorted(other.span for other in kept if other.span[0] < end and start < other.span[1])
        edges = [start, *(edge for a, b in taken for edge in (max(a, start), min(b, end))), end]
        bare = (_bare(text, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
        free = [span for span in bare if span] if taken else [piece.span]
        free = [(a, b) for a, b in free if core is None or a <= core < b]
        span = max(free, key=lambda span: span[1] - span[0], default=None)
        if span and (core is not None or 2 * (span[1] - span[0]) > end - start):
            kept.append(piece if span == piece.span else piece._replace(span=span))
    kept.sort(key=lambda piece: piece.span)
    found: list[_Piece] = []
    for number, piece in enumerate(kept):
        low = found[-1].span[1] if found else piece.unit.start
        high = kept[number + 1].span[0] if number + 1 < len(kept) else piece.unit.end
        if span := _anchored(text, piece.unit, piece.span, low, high):
            found.append(piece if span == piece.span else piece._replace(span=span))
    return found


def _mere(piece: _Piece) -> bool:
    """Whether the piece is only mentioned (ruling b): it gives way to a content around it."""
    return piece.source == "none" and piece.attribution is not None and piece.attribution.pattern == "hearsay"


def _claim(piece: _Piece, reading: Reading, register: Register, key: str) -> Claim:
    unit, proposal = piece.unit, piece.proposal
    text, marked = reading.text, reading.tokens.text
    start, end = piece.span
    quote = text[start:end]
    one, act = piece.attribution, piece.layer == "act"
    cue = text[slice(*one.cue[0])] if one and one.cue and (act or piece.source != "author") else ""
    if cue not in unit.text:
        cue = ""  # it stands in another sentence of the same quotation
    hedge = "" if act else statuses.hedge_for(quote, unit.text, start - unit.start)
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


def _anchored(text: str, unit: Unit, span: Range, low: int, high: int) -> Range | None:
    """The span, made longer word by word to the right, then to the left, until its words stand once in the unit.

    It stays between `low` and `high`; None where no such words stand once.
    """
    if len(places(text[slice(*span)], unit.text)) == 1:
        return span
    rights = [span[1], *(m.end() for m in _WORD.finditer(text, span[1], high))]
    lefts = [m.start() for m in _BEGUN.finditer(text, low, span[0])][::-1]
    longer = [*((span[0], end) for end in rights), *((start, rights[-1]) for start in lefts)]
    return next(((a, b) for a, b in longer if len(places(text[a:b], unit.text)) == 1), None)


def _sure(piece: _Piece, register: Register) -> str:
    """How sure: no surer than the rule for the status, than the source, and than the pattern."""
    marks = [piece.proposal.sure]
    marks += [register.sources[piece.source].proposed] if piece.source in register.sources else []
    if piece.attribution and piece.attribution.pattern in _LIKELY:
        marks.append("likely")
    if piece.attribution and piece.attribution.pattern == "quotation alone":
        marks.append("guess")
    return max(marks, key=("sure", "likely", "guess").index)


def _direct(one: Attribution, text: str) -> bool:
    return any(_MARK.search(text, a, b) for a, b in one.content)


def _quote_type(one: Attribution | None, text: str, piece: _Piece) -> str:
    """direct, mixed, indirect, or narrated where an act is told without its content."""
    if one is None or one.pattern == "hearsay":
        return "narrated" if piece.layer == "act" else "none"
    whole = piece.span[0] <= one.content[0][0] and one.content[-1][1] <= piece.span[1]
    if piece.layer == "act" and (one.pattern == "object" or whole or statuses.SILENT.search(text[slice(*piece.span)])):
        return "narrated"
    first, last = text[one.content[0][0]], text[one.content[-1][1] - 1]
    if one.pattern == "dialogue" or (first in _QUOTES and last in _QUOTES):
        return "direct"
    return "mixed" if _direct(one, text) else "indirect"
