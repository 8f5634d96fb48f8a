"""Patterns with the content before the cue: “…,” said X; …, X said; …, X said, …"""

from __future__ import annotations

from kit.draft.clauses import body_end, clause_end, has_verb, is_clause, trimmed, verbal
from kit.draft.contents import fronted, quotation_at
from kit.draft.ends import phrase_end
from kit.draft.patterns import OBJECTS, Found, Pattern, Range, after_cue, pattern, said
from kit.draft.verbs import Spot
from kit.draft.words import TEMPORAL

__all__ = ["FRONTING"]


_TAILS = frozenset(
    "and but when while as after before which who citing adding noting with in on at during since or".split()
)


@pattern(
    "inverted",
    "the content comes first, then cue and source, in that order",
    '[T1 "We never spoke to a buyer,"] [C1 said] [S1 Lena Brandt, the director of Aquaria].',
)
def inverted(spot: Spot) -> Found | None:
    """“…,” said X; also with more of the content after X."""
    tokens, k = spot.tokens, spot.stop
    if "speech" not in spot.cue.frames or spot.voice not in ("active", "passive") or k >= spot.high:
        return None
    content = fronted(tokens, spot.first, spot.low)
    if content and _spoken_for(spot, content):
        return None
    if content is None or tokens.kinds[k] not in OBJECTS[:-1] or tokens.lows[k] in TEMPORAL:
        return None
    direct = tokens.quoted[content[1] - 1] >= 0 and tokens.quotes[tokens.quoted[content[1] - 1]][0] <= content[0]
    end = phrase_end(tokens, k, body_end(tokens, k, spot.high))
    if end == k or (not direct and not _may_invert(spot, end)):
        return None
    more = _rest(spot, end, content)
    goes_on = more and (tokens.finite(more[0][0]) or verbal(tokens, more[0][0]))
    short = spot.cue.lemma == "say" and content[0] == spot.low and tokens.kinds[spot.low] != "prep"
    if not (direct or goes_on or short or has_verb(tokens, *content)):
        return None  # Not so, says Mr. Kerr: only “says” carries so little.
    return said(spot, "inverted", [content, *more], (k, end))


def _spoken_for(spot: Spot, content: Range) -> bool:
    """Whether the speaker stands between the quotation and the verb: “…,” its head, X, told reporters."""
    source, tokens = spot.source(), spot.tokens
    return source is not None and content[0] < source[0] < content[1] and tokens.kinds[source[0] - 1] == "quote"


def _may_invert(spot: Spot, end: int) -> bool:
    """Whether the phrase from `k` to `end` can be who speaks, and no object: the banks reported strong profits."""
    tokens = spot.tokens
    tail = next((i for i in range(end, spot.high) if tokens.forms[i] in (",", ";", ".", ":", "--", "—")), spot.high)
    return not has_verb(tokens, end, tail)


@pattern(
    "fronted",
    "the content comes first, then source and cue; the content may go on after them",
    "[T1 The cold spring], [S1 the company] [C1 said], [T1 hurt sales].",
)
def fronted_content(spot: Spot) -> Found | None:
    """“…,” X said; …, X said, …"""
    tokens = spot.tokens
    if ("speech" not in spot.cue.frames and "bare" not in spot.cue.frames) or spot.voice in ("passive", "infinitive"):
        return None
    source = spot.source()
    if source is None or spot.voice == "participle" or tokens.lows[spot.first - 1] in ("who", "which"):
        return None
    content = fronted(tokens, source[0], spot.low)
    k = after_cue(spot)
    if content is None or content[1] > source[0]:
        return None
    if tokens.quoted[content[1] - 1] < 0 and not spot.cue.frames & {"clause", "bare", "told"}:
        return None
    closed = tokens.quoted[content[1] - 1] >= 0
    if not closed and k < spot.high and tokens.kinds[k] not in ("mark", "open", "prep", "and"):
        return None
    rest = _rest(spot, k, content)
    opened = tokens.kinds[content[0]] in ("open", "prep") or tokens.lows[content[0]] == "when"
    single = opened and not any(tokens.forms[i] == "," for i in range(*content))
    last = k >= spot.body and spot.cue.lemma == "say"
    if not closed and not rest and (single or not (last or has_verb(tokens, *content))):
        return None
    return said(spot, "fronted", [content, *rest], source)


def _rest(spot: Spot, k: int, content: Range) -> list[Range]:
    """What of the content follows the cue, after a comma: the other half of a split quotation or clause."""
    tokens = spot.tokens
    k = next((i for i in range(k, min(k + 10, spot.high)) if tokens.forms[i] in (",", "--", "—")), spot.high)
    if k + 1 >= spot.high:
        return []
    k += 1
    stop = quotation_at(tokens, k, spot.high)
    if stop > k:
        return [(k, stop)]
    if tokens.quoted[content[1] - 1] >= 0:
        return []
    word = tokens.lows[k]
    unfinished = not has_verb(tokens, *content) or tokens.lows[content[0]] in ("if", "when", "while", "although")
    both = word in ("and", "but") and (
        is_clause(tokens, k + 1, body_end(tokens, k, spot.high), strict=True)
        or (spot.word(k + 1) == "that" and tokens.finite(k + 2))
    )
    contrast = word == "but" and "not" in tokens.lows[content[0] : content[1]]  # it was not a lie, he said, but a joke
    if word.endswith("ing") or (word in _TAILS and not (unfinished or both or contrast)):
        return []
    stop = clause_end(tokens, k, body_end(tokens, k, spot.high))
    more = trimmed(tokens, k, stop)
    return [more] if more else []


@pattern(
    "verb first",
    "the sentence opens with the cue, then source, colon and quotation",
    '[C1 Said] [S1 the harbor pilot]: [T1 "Nobody asked us."]',
)
def verb_first(spot: Spot) -> Found | None:
    """Said X: “…”"""
    tokens, k = spot.tokens, spot.stop
    end = phrase_end(tokens, k, spot.high) if spot.at == spot.low and spot.cue.sense == "says" else k
    if end == k or end >= spot.high or tokens.forms[end] not in (":", ","):
        return None
    stop = quotation_at(tokens, end + 1, spot.high)
    return said(spot, "verb first", [(end + 1, stop)], (k, end)) if stop > end + 1 else None


FRONTING: tuple[Pattern, ...] = (verb_first, inverted, fronted_content)
