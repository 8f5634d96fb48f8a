"""The rules whose cue is a verb: each is a function that finds the attribution of one verb, or None.

Which of them is tried first, and an example of each, is the table in `kit.draft.rules_in_order`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import pairwise
from typing import NamedTuple

from kit.draft.clauses import (
    NOMINATIVE,
    body_end,
    clause_from,
    clause_subject,
    fronted,
    has_verb,
    is_clause,
    narrow_end,
    quotation_at,
    subject_before,
    trimmed,
    verb_after,
)
from kit.draft.phrases import SPEECHES, core_end, phrase_end, skip_supplement
from kit.draft.tokens import Range, Tokens
from kit.draft.verbs import OBJECTS, Spot, heads
from kit.draft.words import ROLES, Cue, lexicon, listed

_FELT = frozenset("worry convince persuade concern determine".split())
_PROOF = frozenset("nothing anything".split())
_OBJECTIVE = frozenset("it him them us me".split())
_SOUGHT = ("decide", "determine", "see", "learn", "consider", "judge", "find", "hear", "discover", "know", "understand")
_OPEN = ("ask", "wonder", "question", "inquire", "know", "see", "doubt")
_TAILS = listed("patterns", "tails")
_STATES = frozenset("ahead behind up down out back gone held tied".split())
_NEAR = 16
"""Within how many words the second part of “accused X of” is looked for."""


class Found(NamedTuple):
    """An attribution in tokens: half-open ranges, none or one for the source, one or more for cue and content.

    `pattern` is the name of the rule that found it; whoever tries the rule puts it in.
    """

    source: Range | None
    cue: tuple[Range, ...]
    content: tuple[Range, ...]
    word: Cue
    voice: str = "active"
    pattern: str = ""


Finder = Callable[[Spot], Found | None]


def _narrowed(begins: Callable[[Spot], int | None]) -> Finder:
    """Makes a rule of where the object of a verb begins: its content reaches up to the next clause."""

    @wraps(begins)
    def find(spot: Spot) -> Found | None:
        k = begins(spot) if spot.voice not in ("infinitive", "passive") else None
        source = spot.source if k is not None else None
        content = _narrow(spot, k, spot.body) if k is not None and (source or spot.shared()) else None
        return Found(source, ((spot.first, spot.stop),), (content,), spot.cue, spot.voice) if content else None

    return find


def _said(spot: Spot, content: list[Range], source: Range | None = None) -> Found:
    """The attribution with this content; its source is the subject, unless it is given."""
    first = spot.at if spot.voice == "infinitive" else spot.first
    if source is None:
        source = spot.source if spot.voice != "passive" or spot.cue.lemma in _FELT else _agent(spot)
    return Found(source, ((first, spot.stop),), tuple(content), spot.cue, spot.voice)


def _agent(spot: Spot) -> Range | None:
    """By whom somebody was told: were told on Monday by the mayor that …"""
    near = range(spot.stop, min(spot.stop + 5, spot.high))
    by = next((i for i in near if spot.word(i) in ("by", "that", ",")), spot.high)
    end = phrase_end(spot.tokens, by + 1, spot.high) if spot.word(by) == "by" else by
    return (by + 1, end) if end > by + 1 else None


def _narrow(spot: Spot, first: int, stop: int) -> Range | None:
    """What is said from `first` up to the next clause, or within a relative clause up to the verb that follows it."""
    end = narrow_end(spot.tokens, first, stop)
    if spot.tokens.lows[spot.first - 1] in ("who", "which", "that"):  # the men who wanted to leave were heard
        end = verb_after(spot.tokens, first + (spot.word(first) == "to"), end, 1)
    return trimmed(spot.tokens, first, end)


def quoted_as(spot: Spot) -> Found | None:
    """X was quoted as saying …: the first speaker is X."""
    tokens, at = spot.tokens, spot.at
    if tokens.lows[at - 1] != "as":
        return None
    verb = next((i for i in range(at - 2, max(spot.low, at - 14), -1) if tokens.lows[i] in ("quoted", "cited")), 0)
    passive = tokens.kinds[verb - 1] == "be"
    source = subject_before(tokens, verb - 1, spot.low) if verb and (passive or verb == at - 2) else None
    source = source or ((verb + 1, at - 1) if verb and verb < at - 2 and not passive else None)  # quoted Roe as saying
    content = clause_from(tokens, spot.stop, spot.body)
    first = verb - passive
    cue = ((first, spot.stop),) if verb == at - 2 else ((first, verb + 1), (at - 1, spot.stop))
    return Found(source, cue, (content,), spot.cue) if source and content else None


def passive(spot: Spot) -> Found | None:
    """It is V …; X is V to …; X was V by Y to/of …"""
    if spot.voice != "passive":
        return None
    tokens, high = spot.tokens, spot.body
    k = skip_supplement(tokens, spot.stop, high) if spot.word(spot.stop) != "by" else spot.stop
    agent: Range | None = None
    if spot.word(k) == "by":
        end = core_end(tokens, k + 1, high)
        if end == k + 1:
            return None
        if f"{spot.word(end)}-object" not in spot.cue.frames:
            end = phrase_end(tokens, k + 1, high, asides=False)
        agent, k = (k + 1, end), end
    last = next((i for i in range(k + 1, high) if tokens.lows[i] == "by"), high)
    end = phrase_end(tokens, last + 1, high)
    if agent is None and spot.cue.lemma == "accuse" and end > last + 1 and "being" not in tokens.lows[k:last]:
        agent, high = (last + 1, end), last  # accused of lying by his own party
    subject = subject_before(tokens, spot.first, spot.low)
    if _impersonal(tokens, subject) and "not" in tokens.kinds[spot.first : spot.at]:
        return None  # it is not known who paid
    if subject is None:
        subject = clause_subject(tokens, spot.first, spot.low)  # he is to visit, and is expected to speak
    content = _passive_content(spot, k, high, subject, agent)
    if not content:
        return None
    return Found(agent, ((spot.first, spot.stop),), content, spot.cue, "passive")


def _impersonal(tokens: Tokens, subject: Range | None) -> bool:
    return subject is not None and tokens.lows[subject[0]] in ("it", "which")


def _passive_content(
    spot: Spot, k: int, high: int, subject: Range | None, agent: Range | None
) -> tuple[Range, ...] | None:
    word, frames = spot.word(k), spot.cue.frames
    if _impersonal(spot.tokens, subject) and is_clause(spot.tokens, k, high, strict=True):
        bare = clause_from(spot.tokens, k, high)
        return (bare,) if bare else None
    wanted = {frame.partition("-")[0] for frame in frames if frame.endswith("-object")}
    accuses = spot.cue.cue_class == "accusing"  # but: was thanked for coming
    thought = "passive" in frames or spot.cue.lemma in ("say", "report", "consider", "allege", "estimate")
    ordered = agent and "order" in frames and spot.word(k + (word == "not")) == "to"
    if (word == "to" and thought) or ordered or (word in wanted and (agent or accuses)) or (word == "as" and agent):
        content = _narrow(spot, k, high)
        if content:
            return (subject, content) if subject else (content,)
    return (subject,) if agent and subject and spot.cue.sense == "judges" else None


def verb_first(spot: Spot) -> Found | None:
    """Said X: “…”"""
    tokens, k = spot.tokens, spot.stop
    end = phrase_end(tokens, k, spot.high) if spot.at == spot.low and spot.cue.sense == "says" else k
    if end == k or end >= spot.high or tokens.forms[end] not in (":", ","):
        return None
    stop = quotation_at(tokens, end + 1, spot.high)
    return _said(spot, [(end + 1, stop)], (k, end)) if stop > end + 1 else None


def _clause_at(spot: Spot, k: int) -> bool:
    tokens = spot.tokens
    if k >= spot.high - 1:
        return False
    if tokens.kinds[k] == "that":
        relative = k > spot.stop and tokens.lows[k + 1].endswith("ed")
        return tokens.forms[k + 1] not in (".", ";") and not relative
    return tokens.kinds[k] == "wh" and tokens.lows[k] not in ("who", "which", "whose", "when")


def _sought(spot: Spot, k: int) -> bool:
    """Whether somebody only wants to find out: a court will meet to decide whether it is so."""
    later = spot.voice == "infinitive" or spot.tokens.lows[spot.first] == "will"
    return later and spot.cue.lemma in _SOUGHT and k < spot.high and spot.tokens.kinds[k] == "wh"


def that_clause(spot: Spot) -> Found | None:
    """A clause with “that” or a question word, after the cue and whatever stands between."""
    tokens, k = spot.tokens, spot.after
    mark = tokens.forms[k] if k < spot.high else ""
    if mark in (",", "--", "—", "–"):
        inner = (i + 1 for i in range(k + 1, min(k + 30, spot.high - 1)) if tokens.forms[i] == mark)
        k = next((i for i in inner if _clause_at(spot, i)), k)
    if spot.cue.lemma == "tell" and spot.word(k) == ",":  # told the board of Elm, Berg and Holm that …
        near = (i for i in range(k, min(k + 20, spot.high)) if tokens.kinds[i] == "that" or tokens.finite(i))
        that = next(near, k)
        k = that if tokens.kinds[that] == "that" and "and" in tokens.lows[k:that] else k
    before, word = tokens.lows[k - 1], spot.word(k)
    another = before.endswith("ing") and before in lexicon().verbs
    if not _clause_at(spot, k) or (another and k > spot.stop) or spot.cue.lemma == "begin":
        return None  # replied with a letter saying that …
    if _sought(spot, k) or (word == "if" and spot.cue.lemma not in _OPEN) or (word == "where" and k > spot.stop):
        return None  # but: responded on a page where …
    if spot.voice == "passive" and "not" in tokens.kinds[spot.first : spot.at]:
        return None  # it is not known whether …
    if spot.cue.lemma in lexicon().informing.cues and tokens.lows[spot.first - 1] in _PROOF:
        return None  # there is nothing to suggest that …
    content = clause_from(tokens, k, spot.body)
    return _said(spot, [content]) if content else None


def quotation_after(spot: Spot) -> Found | None:
    """A quotation, or what follows a colon, after the cue."""
    if not spot.cue.frames & {"speech", "clause", "told"} or spot.voice == "passive":
        return None
    tokens, k = spot.tokens, spot.after
    near = range(k, min(k + 10, spot.high))  # nothing but a place or an occasion between: wrote on his page: …
    mark = next((i for i in near if tokens.kinds[i] in ("mark", "quote") or tokens.finite(i)), spot.high)
    if spot.word(mark) == ":" and "speech" in spot.cue.frames and spot.cue.lemma not in lexicon().informing.cues:
        stop = quotation_at(tokens, mark + 1, spot.high)
        if mark + 1 == spot.high and stop == mark + 1:
            stop = _paragraphs(tokens, mark + 1)
        content = trimmed(tokens, mark + 1, body_end(tokens, mark + 1, spot.high))
        content = (mark + 1, stop) if stop > mark + 1 else content
        return _said(spot, [content]) if content else None
    k += spot.word(k) == ","
    stop = quotation_at(tokens, k, spot.high)
    source = spot.source if spot.voice != "participle" else None
    before = fronted(tokens, min(source[0], spot.first) if source else spot.first, spot.low)
    if stop == k or (before and tokens.quoted[before[1] - 1] >= 0):
        return None
    open_end = before and (tokens.kinds[before[0]] in OBJECTS or tokens.lows[before[0]] == "if")
    if open_end and source and tokens.forms[k + 1][:1].islower():
        return None  # The plan, she said, "is dead."
    return _said(spot, [(k, stop)])


def _paragraphs(tokens: Tokens, k: int) -> int:
    """The end of the paragraphs without marks that a release has after “The minister said:”, at most three."""
    edges = sorted(first for first in tokens.firsts | {len(tokens.forms)} if first >= k)[:4]
    for first, stop in pairwise(edges):
        if tokens.forms[stop - 1] not in (".", "!", "?") or "quote" in tokens.kinds[first:stop]:
            return first
    return edges[-1]


def bare_clause(spot: Spot) -> Found | None:
    """A clause without “that”; for verbs other than say, only where a subject and a verb are plain to see."""
    if not spot.cue.frames & {"bare", "told"} or spot.voice == "passive" or spot.cue.lemma == "ask":
        return None
    tokens, k, high = spot.tokens, spot.after, spot.body
    strict = "object" in spot.cue.frames or spot.cue.sense != "says"
    if _sought(spot, k) or (k < high and tokens.kinds[k] == "prep" and spot.cue.lemma != "say"):
        return None
    if spot.cue.lemma == "state" and spot.cue.form == "s":
        return None  # the states he has won
    if spot.cue.lemma in ("deny", "admit") and spot.word(k).endswith("ing"):
        return None  # denies stealing it, and his trial goes on
    inner = spot.word(k) in ("because", "before", "so", "which", "who", "where", "if")
    source = spot.source
    content = clause_from(tokens, k, high) if is_clause(tokens, k, high, strict=strict) and not inner else None
    return _said(spot, [content], source) if content and (source or spot.shared()) else None


def remainder(spot: Spot) -> Found | None:
    """Said, and no rule above fits."""
    if spot.cue.lemma != "say":
        return None
    tokens, k, high = spot.tokens, spot.after, spot.body
    source = spot.source
    short = high - k < 2 and spot.word(k) not in ("no", "yes")
    if source is None or k >= high or short or tokens.kinds[k] in ("mark", "prep", "and", "open"):
        return None
    if tokens.lows[spot.low] == "what" and tokens.finite(k):
        return None  # What he said is not true.
    content = clause_from(tokens, k, high)
    return _said(spot, [content], source) if content else None


def inverted(spot: Spot) -> Found | None:
    """“…,” said X; also with more of the content after X."""
    tokens, k = spot.tokens, spot.stop
    if "speech" not in spot.cue.frames or spot.voice not in ("active", "passive") or k >= spot.high:
        return None
    content, spoken = fronted(tokens, spot.first, spot.low), spot.source
    if content is None or tokens.kinds[k] not in OBJECTS[:-1] or tokens.lows[k] in _OBJECTIVE:
        return None
    if spoken and spoken[0] < content[1] and tokens.kinds[spoken[0] - 1] == "quote":
        return None  # “…,” its head, X, told reporters
    if spoken and spoken[0] <= content[0] and tokens.quoted[content[0]] < 0:
        return None  # Mr Roe, a deckhand, said the ship leaked
    direct = tokens.quoted[content[1] - 1] >= 0 and tokens.quotes[tokens.quoted[content[1] - 1]][0] <= content[0]
    if tokens.quoted[content[0]] >= 0 and not direct:
        return None  # “…,” said X, who had requested the audit
    end = phrase_end(tokens, k, body_end(tokens, k, spot.high))
    tail = next((i for i in range(end, spot.high) if tokens.forms[i] in (",", ";", ".", ":", "--", "—")), spot.high)
    if end == k or (not direct and (has_verb(tokens, end, tail) or _shown(spot, (k, end)))):
        return None  # a verb follows: it is not the phrase that speaks
    return _said(spot, [content, *_rest(spot, end, content)], (k, end))


def _shown(spot: Spot, phrase: Range) -> bool:
    """Whether the phrase after the verb is what is shown, and nobody who shows it: this suggests a degree of skill."""
    tokens, informing = spot.tokens, lexicon().informing
    people = {word for i in range(*phrase) for word in (tokens.lows[i], tokens.lows[i].removesuffix("s"))} & ROLES
    named = people or "name" in tokens.kinds[slice(*phrase)] or heads(tokens, phrase, spot.cue.lemma, informing)
    return spot.cue.lemma in informing.cues and not named


def fronted_content(spot: Spot) -> Found | None:
    """“…,” X said; …, X said, …"""
    tokens = spot.tokens
    if not spot.cue.frames & {"speech", "bare"} or spot.voice in ("passive", "infinitive", "participle"):
        return None
    source = spot.source
    if source is None or tokens.lows[spot.first - 1] in ("who", "which"):
        return None
    content = fronted(tokens, source[0], spot.low)
    k = spot.after
    if content is None or tokens.lows[content[0]] == "according":
        return None
    if tokens.quoted[content[1] - 1] < 0 and not spot.cue.frames & {"clause", "bare", "told"}:
        return None
    closed = tokens.quoted[content[1] - 1] >= 0
    stood = tokens.lows[k - 1] in SPEECHES  # said in a statement made on Monday
    if not closed and k < spot.high and tokens.kinds[k] not in ("mark", "open", "prep", "and") and not stood:
        return None
    rest = _rest(spot, k, content)
    opened = tokens.kinds[content[0]] in ("open", "prep") and "," not in tokens.forms[slice(*content)] and k < spot.body
    # But: At least two boats sank, about 200 people left
    opened = opened and tokens.lows[content[0] + 1] not in ("least", "most") and tokens.kinds[content[0] + 1] != "num"
    told = any(has_verb(tokens, *part) for part in rest)
    if not closed and ((opened and not told) or not (rest or k >= spot.body or has_verb(tokens, *content))):
        return None
    return _said(spot, [content, *rest], source)


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
    both = word in ("and", "but") and k + 2 < spot.high
    both = both and (tokens.speaks(k + 1) or is_clause(tokens, k + 1, body_end(tokens, k, spot.high), strict=True))
    contrast = word == "but" and "not" in tokens.lows[content[0] : content[1]]  # it was not a lie, he said, but a joke
    if word.endswith("ing") or (word in _TAILS and not (unfinished or both or contrast)):
        return []
    more = clause_from(tokens, k, body_end(tokens, k, spot.high))
    return [more] if more else []


def _object(spot: Spot, frame: str) -> int | None:
    """Where the object of a verb with this frame begins; None where there is none."""
    fits = frame in spot.cue.frames and spot.stop < spot.high and spot.tokens.kinds[spot.stop] in OBJECTS
    return spot.stop if fits else None


@_narrowed
def infinitive(spot: Spot) -> int | None:
    """V to do."""
    k = skip_supplement(spot.tokens, spot.stop, spot.high)
    if "to" not in spot.cue.frames or spot.word(k) != "to" or k + 1 >= spot.high:
        return None
    return k if spot.tokens.kinds[k + 1] in ("word", "be", "have", "do", "adv") else None


@_narrowed
def object_and_infinitive(spot: Spot) -> int | None:
    """V somebody to do."""
    k = _object(spot, "order")
    if k is None:
        return None
    end = phrase_end(spot.tokens, k, spot.high, asides=False)
    end = skip_supplement(spot.tokens, end, spot.high) if end > k else spot.high  # urged the army on Friday to leave
    if spot.word(end) == ",":  # called on the mayor, Rosa Roe, to leave
        closing = next((i for i in range(end + 1, min(end + 8, spot.body)) if spot.tokens.forms[i] == ","), end)
        end = closing + (spot.word(closing + 1) == "to")
    return k if spot.word(end + (spot.word(end) == "not")) == "to" else None


@_narrowed
def object_and_participle(spot: Spot) -> int | None:
    """V somebody doing, done, ahead."""
    tokens, k = spot.tokens, _object(spot, "doing")
    if k is None or (spot.voice == "participle" and tokens.kinds[spot.first - 1] == "prep"):
        return None  # talks aimed at finding a way out
    end = phrase_end(tokens, k, spot.high, asides=False)
    inner = next((i for i in range(k + 1, end) if tokens.lows[i] in _STATES or tokens.lows[i].endswith("ing")), end)
    word = spot.word(inner) if end > k else ""
    return k if word in _STATES or word.endswith(("ing", "ed")) else None


@_narrowed
def called(spot: Spot) -> int | None:
    """V something something."""
    tokens, k = spot.tokens, _object(spot, "call")
    if k is None:
        return None
    end = phrase_end(tokens, k, spot.high, asides=False)
    quoted = any(tokens.quoted[i] >= 0 for i in range(k, min(spot.body, k + 20)))
    pronoun = tokens.kinds[k] == "pro" or spot.word(k) == "her"
    second = pronoun and k + 1 < spot.body and tokens.kinds[k + 1] == "word"  # called him stupid
    return k if quoted or second or spot.word(end) in ("a", "an") else None


@_narrowed
def described(spot: Spot) -> int | None:
    """V something as something; V as something a thing with a long name."""
    if spot.word(spot.stop) == "as" and "as" in spot.cue.frames:
        return spot.stop
    k = _object(spot, "as")
    return k if k is not None and _meets(spot, k, {"as"}, (",", ";")) else None


@_narrowed
def accused(spot: Spot) -> int | None:
    """V somebody of/for something."""
    wanted = {frame.partition("-")[0] for frame in spot.cue.frames if frame.endswith("-object")}
    return spot.stop if _meets(spot, spot.stop, wanted, (";", ":")) else None


def _meets(spot: Spot, k: int, wanted: set[str], stops: tuple[str, ...]) -> bool:
    """Whether one of the wanted words comes soon after `k`, before any of the stops."""
    near = (i for i in range(k + 1, min(k + _NEAR, spot.body)) if spot.word(i) in wanted)
    near = next(
        (i for i in near if spot.word(i + 1) not in NOMINATIVE | {"saying"}), 0
    )  # not: described the noise as he ran
    return near > 0 and not any(spot.tokens.forms[i] in stops for i in range(k, near))


@_narrowed
def plain_object(spot: Spot) -> int | None:
    """V something."""
    tokens, k = spot.tokens, spot.stop
    # Whom it is said to may stand between: apologised to the town for the noise.
    about = core_end(tokens, k + 1, spot.high) if spot.word(k) == "to" else k
    if about < spot.high and spot.word(about) in spot.cue.frames & {"of", "about", "against", "on", "for", "over"}:
        return about
    mixed = any(tokens.quoted[i] >= 0 for i in range(k, min(k + 4, spot.body)))
    shown = heads(tokens, spot.source, spot.cue.lemma, lexicon().informing)
    if k >= spot.body or ("object" not in spot.cue.frames and not mixed and not shown):
        return None
    what = skip_supplement(tokens, k, spot.high)  # not: the law expected next month
    fits = tokens.kinds[k] in (*OBJECTS, "adv", "that") and what < spot.body
    return k if fits and tokens.kinds[what] in (*OBJECTS, "that") else None
