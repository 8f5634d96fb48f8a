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
from kit.draft.clauses import (
    QUOTES,
    REASON,
    SPLIT,
    bare,
    has_verb,
    main_clauses,
    main_verb,
    subject_before,
    within,
)
from kit.draft.rules_in_order import Attribution, Reading
from kit.draft.sources import Register, own
from kit.draft.statuses import Proposal
from kit.draft.tokens import Range, Tokens
from kit.draft.units import dateline_end
from kit.draft.verbs import SPANS
from kit.draft.words import CLAUSE_OPENERS

_NEAR = 20
"""So many words of sources and cues before an attribution may be its own, too."""
_BEFORE = re.compile(
    r"[\s,—–-]*(?:[,—–]|\b(?:after|when|because|since|although|though|before|as|with|where|who|that|"
    r"(?:(?:\w+ of|in|to) )?(?:which|whom)|(?:and|but)(?: then| later| also)?)) ?\Z"
)
"""What ends the author's words before what is attributed in the same clause."""
_MENTIONED = re.compile(
    r"(?:rumou?rs?|reports?|(?:alleg|accus|revel)ations?|disclosures?|claims?|fears|news|word|warnings) (?:of|that)\b"
)
_DEED = re.compile(
    r"\b(?:an?|the) (?:[\w-]+ )?(?:lawsuit|complaint|request|appeal|petition|statement|letter|challenge)s? "
    r"(?:(?:filed |brought )?by|from) (?=the |an? |[A-Z])[^,;]{4,}"
)
"""An act that only a noun tells, before what is attributed: in response to a lawsuit by the farmers, …"""
_CLEAR = re.compile(r", (?:but|and|while) |,? (?:when|after|because|before|since|although|though) ")
"""Before these stands a clause, whatever its verb."""
_WHO = re.compile(r",? (?:who|which) ")
_LONG = 100
"""A clause of so many letters tells more than what a noun in it mentions."""
_ON = re.compile(r",? (?:and|but) (?:then |later |also )?|, ")
"""What joins the author's words to what is attributed before them in the clause."""
_PASSED = re.compile(
    r"(?:was|were|(?:has|have|had) been) (?:\w+ly )?(?:announced|told|asked|warned|informed|notified|assured|reminded)"
)
"""An act of somebody who is not named."""
_WORD = re.compile(r"\s*\S+")
_BEGUN = re.compile(r"\S+")
_OPENED = CLAUSE_OPENERS | {"from", "as"}
_WHOLE = frozenset(("express", "voice", "convey", "apologise", "apologize", "agree with", "disagree with"))
"""An act that is told with what it is about: there is no content beside it."""
_LIKELY = ("bare clause", "noun that", "noun to", "object", "remainder")
"""Patterns whose claims are no surer than likely."""


Units = tuple[Unit, ...]


class _Piece(NamedTuple):
    """Words of one unit that make a claim, before it has an id."""

    unit: Unit
    span: Range
    layer: str
    attribution: Attribution | None
    source: str
    proposal: Proposal


def _pieces(reading: Reading, units: Units, register: Register) -> list[_Piece]:
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
    inner = [one for one in every if one not in outer and one.pattern in ("that clause", "bare clause") and one.source]
    outer = sorted(
        [*outer, *statuses.silences(reading), *statuses.mentions(text)], key=lambda one: (one.cue or one.content)[0][0]
    )
    found: list[_Piece] = []
    met: list[Range] = []
    told = None
    for one in outer:
        one = _gone_on(one, told, reading.tokens)
        told = one if one.source and one.cue else told
        again = any(a < end and start < b for start, end in one.source for a, b in met[-_NEAR:])
        mine = _of_attribution(one, reading, units, register, again=again)
        found += [part for piece in mine for part in _handed_on(piece, inner, reading, register)]
        met += [*(() if one.led else one.source), *one.cue]
    found = _once(found, text)
    acts = {piece.source if piece.layer == "act" else "" for piece in found}
    for piece in list(found):
        one = piece.attribution
        # Nothing else tells that it spoke (q).
        if one and one.pattern == "according to" and piece.source not in (*acts, "none"):
            acts.add(piece.source)
            proposal = statuses.of_act(register.kind_of(piece.source), narrated=False)
            found += _act(one, reading.tokens, units, piece.source, proposal)
    asked = {unit.id for one in outer if one.pattern == "dialogue" for unit in _units_in(units, *one.content[0])}
    return _own(reading, [unit for unit in units if unit.id not in asked], found)


def _handed_on(piece: _Piece, inner: list[Attribution], reading: Reading, register: Register) -> Iterator[_Piece]:
    """A content in two, where its source only hands on what somebody has told: police said the clerk told them P."""
    text, (start, end) = reading.tokens.text, piece.span
    for one in inner if piece.layer == "content" and piece.source not in ("author", "none") else ():
        first, last = one.content[0]
        if one.word.sense == "says" and start == one.source[0][0] < one.cue[0][0] < first < end <= last + 1:
            who = register.id_of(_mention(one, reading), at=one.source[0][0])
            head, rest = bare(text, start, first), bare(text, first, end)
            if head and rest and who not in (piece.source, "author", "none"):
                by = (piece.source, None, piece.attribution), (who, one.word, one)
                for span, (source, cue, told) in zip((head, rest), by, strict=True):
                    proposal = statuses.of_content(text[slice(*span)], cue, source=True, blamed=_blamed(text))
                    yield piece._replace(span=span, attribution=told, source=source, proposal=proposal)
                return
    yield piece


def _gone_on(one: Attribution, told: Attribution | None, tokens: Tokens) -> Attribution:
    """With the source of the sentence before, where “reportedly” goes on with what it told (ruling f)."""
    if one.word.lemma != "reportedly" or one.source or not told:
        return one
    ends = sum(told.cue[0][0] < tokens.ends[stop - 1] <= one.cue[0][0] for stop in tokens.stops)
    return one._replace(source=told.source) if ends == 1 else one


def _once(pieces: list[_Piece], text: str) -> list[_Piece]:
    """The pieces without the second act of one speaker in a sentence that is only told beside the first (q): …, adding
    that …
    """
    kept: list[_Piece] = []
    met: set[tuple[str, str]] = set()
    for piece in sorted(pieces, key=lambda piece: piece.attribution is not None and piece.attribution.led):
        if piece.layer == "act" and piece.attribution:
            who = piece.unit.id, piece.source
            if who in met and text[slice(*piece.attribution.cue[0])].endswith("ing"):
                continue
            met.add(who)
        kept.append(piece)
    return kept


def _mention(one: Attribution, reading: Reading) -> str:
    words = reading.text[slice(*one.source[0])] if one.source else ""
    return words.removeprefix("Neither ").removeprefix("neither ")


def _of_attribution(
    one: Attribution, reading: Reading, units: Units, register: Register, *, again: bool
) -> Iterator[_Piece]:
    text = reading.tokens.text
    source = register.id_of(_mention(one, reading), at=one.source[0][0]) if one.source else "none"
    if "Asked" in (text[slice(*part)] for part in one.cue) or (source == "author" and one.pattern != "dialogue"):
        return  # Asked whether it is so, she said …
    mute = bool(one.cue) and statuses.silent(one, text)
    held = statuses.held_back(one, text) if one.cue and not mute else None
    withheld = one.word.lemma in ("refuse", "decline") and not held and not mute
    deed = withheld and statuses.PUBLIC.match(text, one.cue[0][0]) is not None  # refused to hand over the file
    told = bool(one.source and one.cue) and statuses.told(one, _mention(one, reading), register.kind_of(source))
    told = told and (deed or not withheld)
    pronoun = text[slice(*one.content[0])].lower() in ("it", "this", "that", "them")
    if not one.source and one.cue and _PASSED.match(text, one.cue[0][0]):
        yield _passed(one, reading.tokens, units)
    aside = one.cue and text.endswith(("who ", "which "), 0, one.cue[0][0]) and one.word.sense != "says"
    if not told and aside:
        return  # a man who plans to sail
    whole = deed or (told and mute) or (one.pattern == "object" and (one.word.lemma in _WHOLE or pronoun))
    if told:
        reach = one.content[-1][1] if deed else one.named(text) if whole else held[0] if held else 0
        proposal = statuses.of_act(register.kind_of(source), one.pattern == "object" and not mute)
        yield from _act(one, reading.tokens, units, source, proposal, reach=reach, again=again)
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


def _passed(one: Attribution, tokens: Tokens, units: Units) -> _Piece:
    """The act of somebody who is not named: the families were told that …"""
    start, end = one.cue[0]
    unit = next(_units_in(units, start, start + 1))
    at, low = within(tokens, start, unit.start)
    first = (subject_before(tokens, at, low) or (at, at))[0]
    return _Piece(unit, (tokens.starts[first], end), "act", one, "author", statuses.of_act("none", narrated=False))


def _standing(parts: Sequence[Range], tokens: Tokens) -> list[Range]:
    """The parts of a content that say something: of “The notes, she said, were false” not “The notes”."""
    kept = []
    for number, (start, end) in enumerate(parts):
        first, stop = bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
        after = tokens.text[parts[number + 1][0] :].lstrip(QUOTES)[:1] if number + 1 < len(parts) else ""
        opened = tokens.lows[first] in _OPENED and tokens.quoted[first] < 0
        if not (after.islower() and (opened or not has_verb(tokens, first, stop))):
            kept.append((start, end))
    return kept


def _act(
    one: Attribution,
    tokens: Tokens,
    units: Units,
    source: str,
    proposal: Proposal,
    *,
    reach: int = 0,
    again: bool = False,
) -> Iterator[_Piece]:
    text, (start, end), cue = tokens.text, one.source[0], one.cue[0]
    # “Rehn confirmed that …, but said …”: the second act begins with its own verb.
    first, last = cue if again or _second(one, tokens) else (min(start, cue[0]), max(end, cue[1]))
    last = max(last, reach) if cue[0] > start else last
    last = max(last, one.heard(tokens)) if "told" in one.word.frames else last
    unit = next(_units_in(units, first, first + 1))
    last -= len(text[first:last]) - len(text[first:last].rstrip())
    yield _Piece(unit, (first, min(last, unit.end)), "act", one, source, proposal)


def _contents(
    one: Attribution, ranges: list[Range], tokens: Tokens, units: Units, source: str, *, held: bool = False
) -> Iterator[_Piece]:
    text = tokens.text
    hearsay, known = source == "none", source not in ("none", "author")
    for start, end in ranges:
        for unit in _units_in(units, start, end):
            if one.pattern == "dialogue" and unit.text.endswith("?"):
                continue
            for span in main_clauses(tokens, max(start, unit.start), min(end, unit.end), REASON if known else SPLIT):
                cue = None if source == "author" else one.word
                proposal = statuses.of_content(
                    text[slice(*span)], cue, source=known, hearsay=hearsay, held=held, blamed=_blamed(text)
                )
                yield _Piece(unit, span, "content", one, source, proposal)


@lru_cache(maxsize=4)
def _blamed(text: str) -> bool:
    return bool(statuses.REPROACH.search(text.lower()))


def _own(reading: Reading, units: list[Unit], pieces: list[_Piece]) -> list[_Piece]:
    """The pieces with what the author says: every main clause in which nothing is attributed, or what stands beside it.

    What is only mentioned by a noun in a long clause (a plan to …, reports of …) gives way to the clause.
    """
    tokens, text, found = reading.tokens, reading.tokens.text, list(pieces)
    taken: dict[str, list[tuple[Range, _Piece]]] = {unit.id: [] for unit in units}
    for piece in pieces:
        one = piece.attribution
        parts = () if one is None else one.cue if _second(one, tokens) else (*one.source, *one.cue)
        taken.setdefault(piece.unit.id, []).extend((part, piece) for part in (piece.span, *parts))
    for unit in units:
        at = unit.start + dateline_end(text[unit.start : unit.start + 99])
        at += statuses.opening(text[at : unit.end])[1]
        topic = unit.kind == "heading" and not has_verb(tokens, *within(tokens, unit.start, unit.end))
        if topic or unit.text.endswith("?") or not any(c.isalpha() for c in unit.text):
            continue
        for span in main_clauses(tokens, at, unit.end):
            inside = [(part, one) for part, one in taken[unit.id] if part[0] < span[1] and span[0] < part[1]]
            held = sorted(part for part, _ in inside)
            size = 2 * (held[-1][1] - held[0][0]) if held else 0
            if 0 < size < span[1] - span[0] and all(_noun(one, span) for _, one in inside):
                found = [one for one in found if all(one is not other for _, other in inside)]
            elif held:
                deeds = (match.span() for match in _DEED.finditer(text, span[0], held[0][0]))
                found += [_Piece(unit, deed, "act", None, "author", statuses.DONE) for deed in deeds]
                if not (span := _beside(tokens, span, held)):
                    continue
            found += _owned(tokens, unit, span)
    return found


def _noun(piece: _Piece, clause: Range) -> bool:
    """Whether the piece hangs on a noun: a promise to build, claims that it leaks; in a long clause talk of a sale."""
    one = piece.attribution
    mention = one and one.word.lemma in ("rumor", "report") and clause[1] - clause[0] > _LONG
    return bool(mention or (one and one.pattern in ("noun that", "noun to")))


def _owned(tokens: Tokens, unit: Unit, span: Range) -> Iterator[_Piece]:
    """The author's clause as one piece; an act apart from what a relative clause before it tells of who did it."""
    text, (start, end) = tokens.text, span
    at = main_verb(tokens, *within(tokens, *span))
    verb = tokens.starts[at] if at else end
    proposal = statuses.of_own(text[start:end], text[verb:end])
    done = proposal.content_type == "speech"
    aside = _WHO.search(text, start, verb) if done and text.endswith(", ", 0, verb) else None
    if aside:
        told = aside.end(), verb - 2
        yield _Piece(unit, told, "content", None, "author", statuses.of_content(text[slice(*told)], None, source=False))
    yield _Piece(unit, (verb if aside else start, end), "act" if done else "content", None, "author", proposal)


def _second(one: Attribution, tokens: Tokens) -> bool:
    """Whether something else is told between a source and its cue: X fined the firm and ordered it to pay.

    Not where it is the same act: X gave a speech, warning that …
    """
    if not one.source or not one.cue or one.source[0][1] >= one.cue[0][0]:
        return False
    first, last = within(tokens, one.source[0][1], one.cue[0][0])
    verb = main_verb(tokens, first - 1, last)
    if tokens.lows[last - 1] in ("and", "but", "then", "later", "also"):
        return bool(verb)
    participle = tokens.lows[last].endswith("ing") and tokens.kinds[last - 1] != "be"
    return bool(verb) and participle and not statuses.PUBLIC.match(tokens.text, tokens.starts[verb], one.cue[0][0])


def _beside(tokens: Tokens, clause: Range, held: list[Range]) -> Range | None:
    """What the author tells in a clause beside what is attributed there: P, after X said …; accused by X of …, P."""
    text, (start, end) = tokens.text, clause
    (first, stop), last = held[0], max(stop for _, stop in held)
    at, who = bisect_left(tokens.starts, first), _WHO.match(text, stop, last)
    lead = None if who else _BEFORE.search(text, max(start, first - 30), first)
    mentioned = _MENTIONED.match(text, first) and not text.startswith("There ", start)
    loose = tokens.lows[at].endswith("ing") or (tokens.kinds[at] == "pro" and tokens.kinds[at - 1] in ("word", "name"))
    # A ban on two firms it says are broke; told of rumours of P; charged a man who said …
    edge = lead.start() if lead else stop if mentioned or who else first if loose else start
    mine = within(tokens, start, edge)
    clear = _CLEAR.match(lead.group()) if lead else mentioned
    if edge - start > 11 and (
        (clear and tokens.kinds[mine[0]] != "prep" and tokens.lows[mine[1] - 1] not in SPANS)
        or main_verb(tokens, *mine)
    ):
        return bare(text, start, edge)
    after = _ON.match(text, last, end)
    on = after and (len(after.group()) > 2 or _WHO.search(text, start, last))
    rest = within(tokens, after.end(), end) if after else mine
    if after and on and rest[0] < rest[1] and (tokens.speaks(rest[0]) or main_verb(tokens, *rest)):
        return bare(text, after.end(), end)
    opened = clear or tokens.kinds[mine[0]] in ("open", "wh") or text.startswith("Accused ", start)
    if opened and text.startswith(", ", last) and main_verb(tokens, *within(tokens, last + 2, end)):
        return bare(text, last, end)  # Although the mayor denied it, the dam broke
    return None


def _units_in(units: Units, start: int, end: int) -> Iterator[Unit]:
    at = max(0, bisect_right(units, start, key=lambda unit: unit.start) - 1)
    while at < len(units) and units[at].start < end:
        if units[at].end > start:
            yield units[at]
        at += 1


def claims(reading: Reading, units: Units) -> tuple[tuple[Claim, ...], tuple[Source, ...]]:
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

    A content goes before an act and before what is nested in it or only mentioned (ruling b). An act keeps the words
    around its cue. What is left of none of its words is left out.
    """
    ranked = sorted(
        pieces, key=lambda piece: (piece.layer == "act", piece.source == "none", piece.span[0], -piece.span[1])
    )
    kept: list[_Piece] = []
    for piece in ranked:
        start, end = piece.span
        core = piece.attribution.cue[0][0] if piece.layer == "act" and piece.attribution else None
        taken = sorted(other.span for other in kept if other.span[0] < end and start < other.span[1])
        edges = [start, *(edge for a, b in taken for edge in (max(a, start), min(b, end))), end]
        left = (bare(text, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))
        free = [span for span in left if span] if taken else [piece.span]
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
        "shown" if act and one and one.direct(marked) else "none",
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
    known, pattern = register.sources.get(piece.source), piece.attribution.pattern if piece.attribution else ""
    found = "likely" if pattern in _LIKELY else "guess" if pattern == "quotation alone" else "sure"
    return max(piece.proposal.sure, known.proposed if known else "sure", found, key=("sure", "likely", "guess").index)


def _quote_type(one: Attribution | None, text: str, piece: _Piece) -> str:
    """direct, mixed, indirect, or narrated where an act is told without its content."""
    if one is None or one.pattern == "hearsay":
        return "narrated" if piece.layer == "act" else "none"
    whole = piece.span[0] <= one.content[0][0] and one.content[-1][1] <= piece.span[1]
    if piece.layer == "act" and (one.pattern == "object" or whole or statuses.SILENT.search(text[slice(*piece.span)])):
        return "narrated"
    first, last = text[one.content[0][0]], text[one.content[-1][1] - 1]
    if one.pattern == "dialogue" or (first in QUOTES and last in QUOTES):
        return "direct"
    return "mixed" if one.direct(text) else "indirect"
