"""The rules whose cue is no verb: nouns, adjectives, adverbs, “according to”, a colon; and posts, which have none."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from kit.draft.clauses import (
    clause_end,
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
from kit.draft.patterns import Found
from kit.draft.phrases import core_end, phrase_end, skip_supplement
from kit.draft.tokens import Range, Tokens
from kit.draft.verbs import Spot
from kit.draft.words import OPENERS, ROLES, Cue, lexicon, listed

_GIVERS = listed("nominal", "givers")
_OF = frozenset("fear hope worry warning threat promise prediction rumor rumour suspicion doubt idea notion".split())
"""With these, “of” says what is feared or hoped, and not who fears it."""
_SPREAD = listed("nominal", "spread")
_AMID = frozenset("amid amidst over following despite on".split())
"""After these a noun may have its clause without “that”: amid claims the vote was unfair."""
_INNER = frozenset("when because after as while if although though who which that".split())
"""What opens an inner clause: only that clause is hearsay."""
_WHO = ("who", "which")
_LABELS = listed("nominal", "labels")
_LINE = re.compile(
    r"^[ \t]*(?:\(\()?(?P<name>(?:[QA]|(?:[A-Z][\w.’'-]*)(?: (?:[A-Z][\w.’'-]*|of|the|and|&)){0,4})"
    r"(?:, [^:\n]{3,40}| ?\([^)\n]{1,40}\))?)(?:(?<=\b[QA])[.:]|:|\)\):?)[ \t]+(?=\S)",
    re.MULTILINE,
)
"""Who has the floor, at the beginning of a line of an interview: Holm: …, Q. …, ((Holm)) …"""
_SIGNED = re.compile(
    r"(?:[—–]|--) ?(?P<name>[^\n—–@()]{2,60} ?\( ?@\w{1,20} ?\)) "
    r"(?:\d{1,2} [A-Z][a-z]+,?|[A-Z][a-z]+\.? \d{1,2} ?,) ?\d{4}\b"
)
_LINK = re.compile(r"(?:https?://|pic\.twitter\.com/|t\.co/)\S+", re.IGNORECASE)
_SAYS = Cue("—", "base", "says", "neutral", frozenset())
_LONG = 500
"""What is longer is no post: it has a paragraph of the article before it."""


def noun_that(spot: Spot) -> Found | None:
    """N that …, with X's before the noun, of or by X after it, or the subject of its verb."""
    tokens, k = spot.tokens, spot.stop
    high, source = spot.end, None
    spread = _spread(spot)
    felt = tokens.lows[k] == "of" and spot.cue.lemma in _OF if k < high else False
    if k < high and tokens.lows[k] in ("by", "of", "from", "among") and not felt:
        end = phrase_end(tokens, k + 1, high, asides=False)
        source, k = ((k + 1, end), end) if end > k + 1 else (None, k)
    source = source or _owner(spot)
    if source is None:
        first = _modified(spot)
        first -= first > spot.low and tokens.kinds[first - 1] == "det"
        given = first > spot.low and tokens.lows[first - 1] in _GIVERS  # Holm made the claim
        source = clause_subject(tokens, first, spot.low) if given else None
    k += source is not None and k < high and tokens.kinds[k] == "be"  # The mayor's view is that …
    k, source = (spread, None) if spread else (k, source)
    bare = spot.word(spot.at - 1) in _AMID and is_clause(tokens, k, high)
    if spot.word(spot.at - 1) == "no" or k + 2 >= high or (tokens.kinds[k] != "that" and not bare):
        return None
    present = (
        tokens.lows[k + 1].endswith("s") and tokens.kinds[k + 1] == "word" and tokens.kinds[k + 2] in ("det", "poss")
    )
    if present or tokens.finite(k + 1) or tokens.lows[k + 1].endswith("ed"):
        return None  # a finding that changes the story
    stop = clause_end(tokens, k, high)
    phrase = subject_before(tokens, spot.stop, spot.low)
    opens = phrase and (phrase[0] <= spot.low + 1 or tokens.kinds[phrase[0] - 1] in ("and", "open"))
    if opens and tokens.kinds[k - 1] != "be":  # the noun is the subject of its clause, whose verb follows
        stop = verb_after(tokens, k, stop, 2)
    content = trimmed(tokens, k, stop)
    return Found(source, ((spot.at, spot.at + 1),), (content,), spot.cue) if content else None


def _spread(spot: Spot) -> int:
    """Where “that” stands in “rumours began to spread that”, “word went round that”; 0 where nothing is spread."""
    tokens, stop = spot.tokens, min(spot.stop + 9, spot.end)
    that = next((i for i in range(spot.stop, stop) if tokens.kinds[i] == "that" or tokens.forms[i] in (",", ";")), stop)
    spread = that < stop and tokens.kinds[that] == "that" and not _SPREAD.isdisjoint(tokens.lows[spot.stop : that])
    return that if spread else 0


def _owner(spot: Spot) -> Range | None:
    """The possessive before the noun: the mayor's, his."""
    tokens, i = spot.tokens, _modified(spot)
    before = tokens.lows[i - 1] if i > spot.low else ""
    if before in ("his", "her", "its", "their", "my", "our", "your"):
        return i - 1, i
    owner = subject_before(tokens, i - 1, spot.low) if before in ("'s", "'") else None
    return (owner[0], i) if owner else None


def _modified(spot: Spot) -> int:
    """Where the words before the noun begin that describe it: their last, desperate call."""
    tokens, i = spot.tokens, spot.at
    while i - 1 > spot.low and tokens.kinds[i - 1] in ("word", "adv") and tokens.lows[i - 1] not in _GIVERS:
        i -= 1
    return i


def noun_to(spot: Spot) -> Found | None:
    """X's N to/for/of …, a N by X to/for …"""
    tokens, high = spot.tokens, spot.end
    source, k = _owner(spot), spot.stop
    if source is None and spot.word(k) in ("by", "from"):
        first, k = k + 1, core_end(tokens, k + 1, high)
        # With “of”, but not “for”, which may be what is called for.
        while first < k < high and tokens.lows[k] == "of" and core_end(tokens, k + 1, high) > k + 1:
            k = core_end(tokens, k + 1, high)
        source = (spot.stop + 1, k) if k > spot.stop + 1 else None
    k = skip_supplement(tokens, k, high)
    to = k + (spot.word(k) == "not")
    if source is None or to + 1 >= high or spot.word(to) not in spot.cue.frames - {"that"}:
        return None
    doing = tokens.kinds[to + 1] in ("word", "be", "have", "do", "adv") and not tokens.lows[to + 1].endswith("s")
    if spot.word(to) == "to" and not doing:
        return None
    comma = next((i for i in range(to, high) if tokens.forms[i] == "," and tokens.quoted[i] < 0), high)
    content = trimmed(tokens, k, verb_after(tokens, to + 1, narrow_end(tokens, to, comma), 1))
    return Found(source, ((spot.at, spot.at + 1),), (content,), spot.cue) if content else None


def adjective_that(spot: Spot) -> Found | None:
    """X is A that …; X is A to …"""
    tokens, at = spot.tokens, spot.at
    first = at
    while first - 1 > spot.low and tokens.kinds[first - 1] in ("be", "adv", "not", "have", "modal", "det"):
        first -= 1
    k, high = skip_supplement(tokens, at + 1, spot.high), spot.end
    wants, word = "to" in spot.cue.frames, spot.word(k)
    bare = k < high and tokens.kinds[k] in ("pro", "det") and is_clause(tokens, k, high, strict=True)
    open_to = spot.cue.lemma in ("unsure", "uncertain", "sure", "certain") and word in ("whether", "if", "how", "what")
    fits = word == "to" if wants else word == "that" or bare or open_to
    source = subject_before(tokens, first, spot.low)
    if not fits or source is None or tokens.lows[source[0]] in ("it", "there"):
        return None
    content = trimmed(tokens, k, narrow_end(tokens, k, high)) if wants else clause_from(tokens, k, high)
    return Found(source, ((first, at + 1),), (content,), spot.cue) if content else None


def hearsay(spot: Spot) -> Found | None:
    """The clause around the adverb."""
    tokens, high = spot.tokens, spot.end
    first = spot.low
    for i in range(spot.at - 1, spot.low, -1):
        if tokens.lows[i] in _INNER or (tokens.forms[i] in (";", ",", "--", "—") and tokens.quoted[i] < 0):
            relative = subject_before(tokens, i, spot.low) if tokens.lows[i] in ("who", "which", "that") else None
            first = relative[0] if relative else i + 1
            break
    stop = narrow_end(tokens, spot.at, high)
    if spot.word(spot.stop).endswith("ing") and tokens.kinds[spot.at - 1] == "prep":
        first, stop = spot.at, verb_after(tokens, spot.stop, stop, 1)  # jailed for allegedly holding a meeting
    parts = [trimmed(tokens, first, spot.at), trimmed(tokens, spot.stop, stop)]
    contents = tuple(part for part in parts if part)
    return Found(None, ((spot.at, spot.stop),), contents, spot.cue) if contents else None


def according_to(spot: Spot) -> Found | None:
    """According to X, …; …, according to X; …, according to X, …"""
    tokens, k, high = spot.tokens, spot.stop, spot.end
    inner = spot.at > spot.low and tokens.kinds[spot.at - 1] in ("that", "and")  # noted that according to X, …
    before = None if inner else fronted(tokens, spot.at, spot.low)
    low = spot.low + (tokens.lows[spot.low] in OPENERS)
    if not inner and not before and spot.at - low >= 4:
        before = trimmed(tokens, low, spot.at)  # sales fell according to X
    end = phrase_end(tokens, k, high, asides=before is not None)
    if end == k:
        return None
    inner = next(
        (i + 2 for i in range(*(before or (0, 0))) if tokens.lows[i + 1] in _WHO and tokens.forms[i] == ","), 0
    )
    if inner and end + 1 < high and tokens.forms[end] == "," and tokens.finite(end + 1):
        contents = [part for part in [trimmed(tokens, inner, spot.at)] if part]  # Women, who are few, according to X, …
    elif before is None:
        end = _with_aside(spot, end, high)
        after = clause_from(tokens, end, high)
        contents = [after] if after else []
    else:
        more = end < high and tokens.forms[end] == "," and tokens.forms[spot.at - 1] == ","
        rest = clause_from(tokens, end, high) if more else None
        going_on = rest is not None and (
            tokens.finite(rest[0]) or tokens.finite(before[1] - 1) or not has_verb(tokens, *before)
        )
        contents = [before, rest] if going_on and rest else [before]
    return Found((k, end), ((spot.at, k),), tuple(contents), spot.cue) if contents else None


def _with_aside(spot: Spot, end: int, high: int) -> int:
    """The end of the source with “, a …,” after it, where a clause follows that."""
    tokens = spot.tokens
    closing = next((i for i in range(end + 1, min(end + 12, high)) if tokens.forms[i] == ","), 0)
    quoted = quotation_at(tokens, closing + 1, high) > closing + 1
    if not closing or is_clause(tokens, end + 1, closing, strict=True):
        return end
    apposed = tokens.kinds[end + 1] == "name" or tokens.lows[end + 1] in (
        "a",
        "an",
        "the",
        "who",
        "which",
        "director",
        "head",
    )
    if apposed and not quoted and not is_clause(tokens, closing + 1, high):
        return _with_aside(spot, closing, high) if tokens.kinds[closing + 1 : closing + 2] == ["name"] else end
    return closing if apposed else end


def headline(spot: Spot) -> Found | None:
    """“X: …” as a line of its own, without a full stop."""
    tokens = spot.tokens
    named = all(tokens.kinds[i] in ("name", "det", "word", "poss") for i in range(spot.low, spot.at))
    named = named and spot.at > spot.low and tokens.kinds[spot.at - 1] == "name"
    speaker = all(tokens.kinds[i] in ("name", "det", "word") for i in range(spot.at + 1, spot.high))
    if speaker and 1 < spot.high - spot.at < 5 and has_verb(tokens, spot.low, spot.at) and _speaks(tokens, spot):
        return Found((spot.at + 1, spot.high), (), ((spot.low, spot.at),), spot.cue)  # Pier was shut too late: mayor
    if not named or tokens.lows[spot.low] in _LABELS or spot.at + 2 >= spot.high or tokens.forms[spot.high - 1] == ".":
        return None
    return Found((spot.low, spot.at), (), ((spot.at + 1, spot.high),), spot.cue)


def _speaks(tokens: Tokens, spot: Spot) -> bool:
    """Whether the words after a headline's colon are somebody, by a role, a body's name or a paper's."""
    known = ROLES | listed("sources", "titles") | listed("sources", "bodies") | lexicon().informing.heads
    return any(low in known or low.removesuffix("s") in known for low in tokens.lows[spot.at + 1 : spot.high])


def with_turns(tokens: Tokens, found: list[Found]) -> list[Found]:
    """What was found, with the turns of an interview: after “Name:” all is said by this name, up to the next one.

    The text is one if it has “Q:” and “A:”, or two such lines whose names come again, here or elsewhere in it.
    """
    lines = [
        match for match in _LINE.finditer(tokens.text) if bisect_left(tokens.starts, match.start()) in tokens.firsts
    ]
    names = [match.group("name") for match in lines]
    asked = {"Q", "A"} <= set(names)
    kept = [
        match
        for match, name in zip(lines, names, strict=True)
        if (asked and name in "QA") or _floored(tokens.text, name, names)
    ]
    if len(kept) < 2:
        return found
    turns: list[Found] = []
    for match, after in zip(kept, [*kept[1:], None], strict=True):
        edges = (match.start("name"), match.end("name"), match.end())
        first, last, start = (bisect_left(tokens.starts, edge) for edge in edges)
        ends = sorted(tokens.firsts | {len(tokens.starts)})
        stop = bisect_left(tokens.starts, after.start()) if after else ends[bisect_right(ends, start)]
        turns += [
            Found((first, last), (), (part,), _SAYS, pattern="dialogue")
            for part in [trimmed(tokens, start, stop)]
            if part
        ]
    inside = [(turn.source[0], turn.content[0][0]) for turn in turns if turn.source]
    firsts = [(min(part[0] for part in (*hit.cue, *hit.content, hit.source or hit.content[0])), hit) for hit in found]
    return [*(hit for at, hit in firsts if not any(a <= at < b for a, b in inside)), *turns]


def _floored(text: str, label: str, labels: list[str]) -> bool:
    """Whether the label of a line is a name: it comes again, or the text tells of it."""
    words = re.sub(r"[,(].*", "", label).split()
    known = re.search(rf"(?<!\n)\b{re.escape(words[-1])}\b(?!:)", text, re.IGNORECASE) if len(words[-1]) > 1 else None
    return words[0].lower() not in _LABELS and (labels.count(label) > 1 or bool(known))


def with_posts(tokens: Tokens, found: list[Found]) -> list[Found]:
    """What was found, without what lies in a post, and the posts themselves."""
    posts, low = [], 0
    for match in _SIGNED.finditer(tokens.text) if "@" in tokens.text else ():
        start, stop = _posted(tokens.text, low, match.start())
        offsets = (match.span("name"), (start, stop))
        source, content = ((bisect_left(tokens.starts, a), bisect_left(tokens.starts, b)) for a, b in offsets)
        if stop <= start + _LONG and content[0] < content[1]:
            posts.append(Found(source, (), (content,), _SAYS, pattern="post"))
        low = match.end()
    inside = [(post.content[0][0], post.source[1]) for post in posts if post.source]
    kept = [hit for hit in found if not any(a <= hit.content[0][0] < b for a, b in inside)]
    return [*kept, *posts]


def _posted(text: str, low: int, dash: int) -> tuple[int, int]:
    """The last line before the dash that has words besides links, without the links at its end."""
    at = dash
    for line in reversed(text[low:dash].split("\n")):
        at -= len(line)
        words = _LINK.sub(lambda link: " " * len(link.group()), line).rstrip()
        if words.strip():
            return at + len(words) - len(words.lstrip()), at + len(words)
        at -= 1
    return dash, dash
