"""Patterns whose cue is no verb: X's claim that, is confident that, reportedly, “X: …”, a quotation alone."""

from __future__ import annotations

from kit.draft.clauses import body_end, clause_end, is_clause, narrow_end, trimmed
from kit.draft.ends import phrase_end
from kit.draft.patterns import Found, Pattern, Range, pattern
from kit.draft.subjects import subject_before
from kit.draft.supplements import skip_supplement
from kit.draft.verbs import Spot

__all__ = ["ADJECTIVES", "ADVERBS", "ALONE", "HEADLINES", "NOUNS"]

_GIVERS = frozenset(
    "express voice made make makes raised raise repeated repeat rejected dismissed denied disputed supports cited "
    "share shares shared have has had issued offered gave give reiterated expressed voiced expressing "
    "voicing raising".split()
)
_LABELS = frozenset(
    "exclusive video analysis opinion update updates live watch photos breaking report review editorial poll".split()
)


@pattern(
    "noun that",
    "somebody's claim, belief or report that something is so",
    "[S1 His] [C1 claim] [T1 that a treaty was signed there] has been questioned.",
)
def noun_that(spot: Spot) -> Found | None:
    """N that …, with X's before the noun, of or by X after it, or the subject of its verb."""
    tokens, k = spot.tokens, spot.stop
    high, source = body_end(tokens, spot.low, spot.high), None
    if k < high and tokens.lows[k] in ("by", "of", "from", "among"):
        end = phrase_end(tokens, k + 1, high, asides=False)
        source, k = (k + 1, end), end
    holder = source or _holder(spot)
    if k + 2 < high and tokens.kinds[k] == "be" and tokens.kinds[k + 1] == "that" and holder:
        # The mayor's view is that …
        k += 1
    if k + 2 >= high or tokens.kinds[k] != "that" or tokens.finite(k + 1) or tokens.lows[k + 1].endswith("ed"):
        return None
    if spot.at > spot.low and not _noun_here(spot):
        return None
    source = holder
    stop = _subject_clause_end(spot, k, clause_end(tokens, k, high))
    content = trimmed(tokens, k, stop)
    return Found(source, ((spot.at, spot.at + 1),), (content,), spot.cue, "noun that") if content else None


def _noun_here(spot: Spot) -> bool:
    """Whether the word is no verb: not after “to” or “will”, and after a form of be only in “there are reports”."""
    before = spot.tokens.kinds[spot.at - 1]
    there = before == "be" and spot.at - 2 >= spot.low and spot.tokens.lows[spot.at - 2] == "there"
    return (before not in ("to", "modal", "be") or there) and spot.tokens.lows[spot.at - 1] != "no"


def _holder(spot: Spot) -> Range | None:
    """Whose claim it is: the possessive before it, or the subject of “made the claim”."""
    tokens, i = spot.tokens, spot.at
    while i - 1 > spot.low and tokens.kinds[i - 1] in ("word", "adv") and tokens.lows[i - 1] not in _GIVERS:
        i -= 1
    before = tokens.lows[i - 1] if i > spot.low else ""
    if before in ("his", "her", "its", "their", "my", "our", "your"):
        return i - 1, i
    if before in ("'s", "'"):
        owner = subject_before(tokens, i - 1, spot.low)
        return (owner[0], i) if owner else None
    if before in ("the", "a", "an", "any", "no"):
        i -= 1
    if i - 1 > spot.low and tokens.lows[i - 1] in _GIVERS:
        first = i - 1
        while first - 1 > spot.low and tokens.kinds[first - 1] in ("have", "be", "adv", "modal"):
            first -= 1
        return subject_before(tokens, first, spot.low)
    return None


def _subject_clause_end(spot: Spot, k: int, stop: int) -> int:
    """Where a that-clause ends that is part of a subject: before the second finite verb."""
    tokens = spot.tokens
    phrase = subject_before(tokens, spot.stop, spot.low)
    if phrase is None or phrase[0] > spot.low + 1:
        return stop
    verbs = 0
    for i in range(k + 1, stop):
        verb = tokens.finite(i) or (tokens.lows[i].endswith("ed") and tokens.kinds[i - 1] in ("word", "name"))
        helped = tokens.finite(i - 1) or (tokens.kinds[i - 1] in ("adv", "not") and tokens.finite(i - 2))
        if verb and not helped:
            verbs += 1
            if verbs == 2:
                return i
        elif tokens.lows[i] in ("who", "which", "because", "if", "when") or tokens.kinds[i] == "that":
            verbs -= 1
    return stop


@pattern(
    "adjective that",
    "somebody is sure, afraid, confident that; somebody is willing to",
    "[S1 The mayor] [C1 is confident] [T1 that the money will be found].",
)
def adjective_that(spot: Spot) -> Found | None:
    """X is A that …; X is A to …"""
    tokens, at = spot.tokens, spot.at
    first = at
    while first - 1 > spot.low and tokens.kinds[first - 1] in ("be", "adv", "not", "have", "modal", "det"):
        first -= 1
    if not any(tokens.kinds[i] == "be" for i in range(first, at)):
        return None
    k, high = skip_supplement(tokens, at + 1, spot.high), body_end(tokens, spot.low, spot.high)
    wants, word = "to" in spot.cue.frames, spot.word(k)
    bare = k < high and tokens.kinds[k] in ("pro", "det") and is_clause(tokens, k, high, strict=True)
    fits = word == "to" if wants else word == "that" or bare
    source = subject_before(tokens, first, spot.low)
    if not fits or source is None or tokens.lows[source[0]] in ("it", "there"):
        return None
    content = trimmed(tokens, k, narrow_end(tokens, k, high) if wants else clause_end(tokens, k, high))
    return Found(source, ((first, at + 1),), (content,), spot.cue, "adjective that") if content else None


@pattern(
    "hearsay",
    "reportedly, allegedly: nobody is named",
    "[T1 The singer] [C1 allegedly] [T1 left the country in March].",
)
def hearsay(spot: Spot) -> Found | None:
    """The clause around the adverb."""
    tokens, high = spot.tokens, body_end(spot.tokens, spot.low, spot.high)
    first = spot.low
    for i in range(spot.at - 1, spot.low, -1):
        if tokens.forms[i] in (";", ",", "--", "—") and tokens.quoted[i] < 0:
            first = i + 1
            break
    parts = [trimmed(tokens, first, spot.at), trimmed(tokens, spot.stop, narrow_end(tokens, spot.at, high))]
    contents = tuple(part for part in parts if part)
    return Found(None, ((spot.at, spot.stop),), contents, spot.cue, "hearsay") if contents else None


@pattern(
    "headline",
    "in a headline, a name and a colon",
    "[S1 NATO]: [T1 No proof yet]",
)
def headline(spot: Spot) -> Found | None:
    """“X: …” as a line of its own, without a full stop."""
    tokens = spot.tokens
    if spot.at - spot.low > 5 or tokens.forms[spot.high - 1] in (".", ":") or spot.high - spot.low > 25:
        return None
    named = all(tokens.kinds[i] in ("name", "det", "word", "poss") for i in range(spot.low, spot.at))
    if not named or tokens.lows[spot.low] in _LABELS or spot.at == spot.low or spot.at + 2 >= spot.high:
        return None
    if tokens.kinds[spot.at - 1] != "name":
        return None
    return Found((spot.low, spot.at), (), ((spot.at + 1, spot.high),), spot.cue, "headline")


ALONE = Pattern(
    "quotation alone",
    "a quotation that no other rule has found a speaker for",
    'Brandt shrugged. [T1 "Ask the ministry."]',
    lambda _: None,
)
NOUNS: tuple[Pattern, ...] = (noun_that,)
ADJECTIVES: tuple[Pattern, ...] = (adjective_that,)
ADVERBS: tuple[Pattern, ...] = (hearsay,)
HEADLINES: tuple[Pattern, ...] = (headline,)
