"""Noun phrases: where one begins and where it ends, what is set into it, and what may stand after a cue."""

from __future__ import annotations

from kit.draft import words
from kit.draft.tokens import Range, Tokens

DASHES = frozenset(("--", "—", "–", "---"))
SPEECHES = words.listed("phrases", "speeches")
SUBJECTS = words.listed("phrases", "subjects")
_NOMINATIVE = frozenset("he she they we i".split())
_TO_HEADS = words.listed("phrases", "to_heads")
_SUFFIXES = frozenset("inc. ltd. jr. sr. co. corp. plc llc n.v. s.a.".split())
_SAYING = frozenset("saying adding noting claiming arguing telling suggesting insisting warning asking".split())
_ASKED = frozenset("asked pressed questioned".split())
_NAMED = frozenset("called named nicknamed dubbed led headed retired based".split())
_PARTS = frozenset("led known written held made drawn".split())
_PRESSED = frozenset("asked pressed questioned reached contacted interviewed added noted".split())
_SUPPLEMENTS = words.listed("phrases", "supplements")


def phrase_start(tokens: Tokens, k: int, low: int) -> int:
    """Where the noun phrase that ends at `k` begins."""
    j = k
    while j > low:
        i = j - 1
        step = _step(tokens, i, j, k, low)
        if step < 0:
            # Holm, Roe and Berg said; but: the roof collapsed, the mayor and the police said
            listed = tokens.forms[i] == "," and "and" in tokens.lows[j:k] and not tokens.lows[i - 1].endswith("ed")
            if (listed or tokens.lows[i] in ("and", "or", "nor", "&")) and i - 1 >= low and tokens.nominal(i - 1):
                left = phrase_start(tokens, i, low)
                alike = not listed or left + 1 == i or tokens.kinds[left] == tokens.kinds[j]
                # Nothing governs the phrase on the left: it opens its clause.
                free = left <= low or tokens.kinds[left - 1] in ("mark", "quote", "open", "that", "adv", "wh", "and")
                if left < i and alike and free:
                    j = left
                    continue
            break
        j = step
    if j == low and k - j > 2 and tokens.lows[j] in _ASKED and tokens.kinds[j + 1] == "prep":
        j += 2  # Asked about an article saying that …
    while j < k and tokens.kinds[j] == "prep":
        j += 1
    return _dated(tokens, j, k)


def _dated(tokens: Tokens, j: int, k: int) -> int:
    """Where the phrase begins behind a date in front of it: Feb 12 Vale Corp, 3 March 2020 the board."""
    i = j
    while i < k and (tokens.kinds[i] == "num" or tokens.lows[i] in words.MONTHS):
        i += 1
    dated = not words.MONTHS.isdisjoint(tokens.lows[j:i]) and i - j > 1
    return i if dated and i < k and tokens.kinds[i] in ("name", "det") else j


def _step(tokens: Tokens, i: int, j: int, k: int, low: int) -> int:
    """The next left edge of a phrase whose edge is `j`, taking in token `i`; -1 where the phrase ends."""
    kind, word, form = tokens.kinds[i], tokens.lows[i], tokens.forms[i]
    right = tokens.kinds[j] if j < k else ""
    if right in ("det", "poss") and tokens.lows[j] != "'s":
        return _past_determiner(tokens, i, low)
    if right == "word" and word in words.TEMPORAL and tokens.kinds[i - 1] not in ("det", "poss"):
        return -1  # last week police said
    if kind == "word":
        return _word_step(tokens, i, j, k, low)
    if kind in ("name", "num", "poss", "det"):
        return i
    if kind == "prep":
        return i if j < k and _joins(tokens, i, low) else -1
    if kind == "to":  # an adviser to the president, a memo from Mr. Ames to the staff
        sent = i > low and tokens.nominal(i - 1) and not _TO_HEADS.isdisjoint(tokens.lows[max(low, i - 7) : i])
        return i if sent or tokens.kinds[i - 1] == right == "name" else -1  # the Committee to Protect Journalists
    if kind == "pro":
        return i if right == "prep" and word in SUBJECTS else i if j == k else -1
    if form == ")":
        return next((n for n in range(i - 1, max(low, i - 10), -1) if tokens.forms[n] == "("), -1)
    if kind == "quote":  # Charles "Buck" Ames
        return i - 2 if tokens.kinds[max(i - 3, low) : i + 2] == ["name", "quote", "name", "quote", "name"] else -1
    if kind in ("be", "have", "do", "modal") or (word == "who" and k - j > 1):
        return _relative(tokens, i + (word == "who"), low)  # A source who tracks spending
    if kind == "adv":
        return i if right == "word" and i > low and tokens.kinds[i - 1] in ("det", "poss", "word") else -1
    if form == "," and tokens.lows[j] in _SUFFIXES:
        return i
    if form == ",":  # past a place between commas: the Akron, Ohio, company
        place = i - 4 >= low and tokens.forms[i - 2] == "," and tokens.kinds[i - 1] == tokens.kinds[i - 3] == "name"
        return i - 3 if place and right == "word" and "det" in tokens.kinds[max(low, i - 6) : i - 3] else -1
    return i if form in ("'", "’", "/", "-", "%") and i > low and tokens.nominal(i - 1) else -1


def _past_determiner(tokens: Tokens, i: int, low: int) -> int:
    """As `_step`, left of a determiner: it closes its phrase, and only a joining preposition leads on."""
    kind = tokens.kinds[i]
    if kind == "det" or (kind == "prep" and _joins(tokens, i, low)):
        return i
    doing = tokens.lows[i].endswith("ing") and tokens.lows[i] not in _SAYING
    if kind == "word" and doing and i > low and tokens.kinds[i - 1] in ("word", "name"):
        return i  # officers guarding the gate
    if kind == "word" and doing and i - 2 > low and tokens.kinds[i - 1] == "prep" and tokens.lows[i - 2].endswith("ed"):
        return i - 1  # a man accused of stealing a bull
    if kind in ("word", "be", "have", "modal", "adv"):
        return _relative(tokens, i, low)
    return i if kind == "to" and i > low and tokens.lows[i - 1] in _TO_HEADS else -1


def _word_step(tokens: Tokens, i: int, j: int, k: int, low: int) -> int:
    """As `_step`, for a plain word: a noun or an adjective goes on, a verb ends the phrase or lies in a relative."""
    word, inner = tokens.lows[i], j < k
    before, kind = (tokens.lows[i - 1], tokens.kinds[i - 1]) if i > low else ("", "")
    verb = word in words.PASTS and not (inner and tokens.lows[j] == "by")
    if word.endswith("ed"):
        verb = verb or kind in ("have", "be") or (inner and _governs(tokens, i, j, before, kind))
    verb = verb or (word.endswith("ing") and kind == "be") or kind in ("do", "modal")
    verb = verb or (inner and before in _NOMINATIVE) or (before == "," and word in _SAYING)
    return _relative(tokens, i, low) if verb else i


def _governs(tokens: Tokens, i: int, j: int, before: str, kind: str) -> bool:
    """Whether a form in -ed has what follows as its object: officials defended Mr. Brandt; men faced angry crowds."""
    after, word = tokens.kinds[j], tokens.lows[i]
    if word in _NAMED or "-" in word or tokens.lows[j] in words.TEMPORAL:
        return False
    if after == "name":
        if kind == "adv" and tokens.kinds[i - 2] in ("det", "poss"):
            return False  # the newly formed National Party
        return kind in ("word", "name", "adv", "pro")
    return after == "word" and kind == "word" and before.endswith("s")


def _joins(tokens: Tokens, i: int, low: int) -> bool:
    """Whether the preposition at `i` joins two parts of one phrase: there is a noun (or participle) before it."""
    if tokens.lows[i] not in words.LINKS or i <= low:
        return False
    before = tokens.kinds[i - 1]
    many = before in ("pro", "det") and tokens.lows[i - 1] in SUBJECTS
    return before in ("name", "word", "num") or (many and tokens.lows[i] in ("of", "in", "on", "at"))


def _relative(tokens: Tokens, i: int, low: int) -> int:
    """The “who”, “which” or “that” of a relative clause in which the verb at `i` stands; -1 if there is none."""
    for r in range(i - 1, max(low, i - 12), -1):
        if tokens.lows[r] in ("who", "which", "whose") or (tokens.kinds[r] == "that" and r + 1 == i):
            return r if tokens.nominal(r - 1) or tokens.lows[r - 1] in SUBJECTS else -1
    return -1


def before_aside(tokens: Tokens, k: int, low: int) -> Range | None:
    """The phrase before “, …,” or “-- … --” that ends at `k`: X, the head of Y, said."""
    mark = tokens.forms[k - 1]
    at = _opening(tokens, k - 1, low, mark)
    if at is None or at - 1 < low or tokens.kinds[at - 1] == "and":
        return None
    start = phrase_start(tokens, at, low)
    chained = _chained(tokens, start, low)
    if chained - 4 >= low and tokens.lows[chained - 1] == "and" and tokens.forms[chained - 2] == ",":
        other = before_aside(tokens, chained - 1, low)  # Mr. Lowe, R-Wis., and Ms. Doyle, D-Ohio
        chained = other[0] if other else chained
    inner = tokens.kinds[at + 1]
    loose = inner in ("adv", "prep", "open", "be") and tokens.lows[at + 1] not in ("of", "with", "for", "including")
    return (start, at) if loose and chained == start else (chained, k - 1)


def _chained(tokens: Tokens, start: int, low: int) -> int:
    """Where a phrase with several asides begins: the chief executive, John Harding, 46 years old."""
    while True:
        if start - 1 <= low or tokens.forms[start - 1] != ",":
            return start
        first = _opening(tokens, start - 1, low, ",")
        if first is None:
            first = max((i for i in range(low, start - 1) if tokens.kinds[i] == "quote"), default=low - 1)
        first += 1
        # It goes on only if what stands there is nothing but a noun phrase, or a number.
        plain = tokens.nominal(start - 2) and tokens.lows[start - 2] not in words.TEMPORAL
        if not plain or phrase_start(tokens, start - 1, first) != first:
            return start
        start = first


def _opening(tokens: Tokens, stop: int, low: int, mark: str) -> int | None:
    """The mark that opens what closes at `stop`, within the sentence and outside quotations."""
    for i in range(stop - 1, low, -1):
        form = tokens.forms[i]
        if form == mark and not (form == "," and tokens.lows[i + 1] in _SUFFIXES):
            return i
        if form in (";", ":") or (tokens.kinds[i] == "quote" and form != mark):
            return None
    return None


def phrase_end(tokens: Tokens, k: int, high: int, *, asides: bool = True) -> int:
    """The end of the noun phrase that begins at `k`, not beyond `high`; `k` where none begins."""
    j = core_end(tokens, k, high)
    while j < high:
        step = _forward(tokens, j, high, asides)
        if step <= j:
            break
        j = step
    return j


def core_end(tokens: Tokens, k: int, high: int) -> int:
    """The end of the words from `k` that make one noun group: a determiner, adjectives, nouns, names."""
    j = k
    while j < high:
        kind, word = tokens.kinds[j], tokens.lows[j]
        if kind == "pro":
            return j + 1 if j == k or tokens.kinds[j - 1] == "det" else j
        if kind in ("det", "poss") and word != "'s" and j > k and tokens.kinds[j - 1] != "det":
            return j
        verb = word in words.PASTS or (word.endswith("ing") and tokens.kinds[j - 1] == "name")
        if verb and kind == "word" and j > k:
            return j
        if not (
            kind in ("det", "poss", "name", "word", "num")
            or (
                kind == "adv"
                and (word.endswith("ly") or tokens.lows[j - 1] in ("'s", "'"))
                and k < j < high - 1
                and tokens.kinds[j + 1] in ("word", "num")
            )
            or (tokens.forms[j] in ("'", "’") and j > k)
        ):
            return j
        j += 1
    return j


def _forward(tokens: Tokens, j: int, high: int, asides: bool) -> int:
    kind, word, form = tokens.kinds[j], tokens.lows[j], tokens.forms[j]
    if kind == "prep" and word in words.LINKS:
        near = word in ("of", "for", "at", "from", "with") or tokens.kinds[j - 1] != "name"
        end = core_end(tokens, j + 1, high)
        stray = tokens.lows[end - 1] in SPEECHES or (j + 1 < high and tokens.lows[j + 1] in words.TEMPORAL)
        return end if near and end > j + 1 and not (stray and word in ("in", "on", "at", "during")) else j
    if kind == "to" and tokens.lows[j - 1] in _TO_HEADS:
        end = core_end(tokens, j + 1, high)
        return end if end > j + 1 else j
    if word in ("and", "&") and j + 1 < high:
        end = core_end(tokens, j + 1, high)
        verb = end < high and (tokens.finite(end) or tokens.lows[end] == "by")
        return j if end == j + 1 or verb or tokens.kinds[j + 1] == "pro" else end
    if form == "(":
        return next((n + 1 for n in range(j, min(high, j + 12)) if tokens.forms[n] == ")"), j)
    if form == "," and asides:
        return _apposition(tokens, j + 1, high) or j
    if word in ("who", "which", "familiar", "involved", "close", "based", "briefed"):
        return _segment_end(tokens, j, high)
    return j


def _segment_end(tokens: Tokens, k: int, high: int) -> int:
    """The next comma, quotation or stop from `k` on."""
    i = k
    while i < high and not (tokens.kinds[i] == "quote" or tokens.forms[i] in (",", ";", ":", ".", "--", "—")):
        i += 1
    return i


def _apposition(tokens: Tokens, k: int, high: int) -> int:
    """The end of the apposition or relative clause that begins at `k`, after a comma; 0 where none begins."""
    if k >= high:
        return 0
    end = _segment_end(tokens, k, high)
    kind, word = tokens.kinds[k], tokens.lows[k]
    if word in ("who", "whose", "which", "of", "at", "from", "with", "including"):
        return end
    part = word in _PARTS or (word.endswith("ed") and word not in _PRESSED)
    if part and k + 1 < end and tokens.lows[k + 1] in ("by", "in", "at", "as", "for", "on", "from"):
        return end  # led by a charity, published in Nature, based in Velma
    role = kind == "word" and not word.endswith(("ing", "ed")) and word not in words.PASTS
    return end if kind in ("det", "name", "poss", "num") or role else 0


def skip_supplement(tokens: Tokens, k: int, high: int) -> int:
    """Past the adverbs, days, places and occasions that stand between a cue and its content."""
    for _ in range(6):
        if k >= high:
            return k
        word, kind = tokens.lows[k], tokens.kinds[k]
        following = tokens.lows[k + 1] if k + 1 < high else ""
        later = tokens.lows[k + 2] if k + 2 < high and following in words.TEMPORAL else ""
        if word in words.TEMPORAL and "'s" not in (following, later):
            k += 1
        elif kind == "adv" and word not in ("n't",):
            k += 1
        elif word in ("last", "this", "next", "late", "early", "earlier", "later") and following in words.TEMPORAL:
            k += 2
        elif (word in _SUPPLEMENTS and kind in ("prep", "word")) and k + 1 < high:
            k = _occasion(tokens, k + 1, high)
        else:
            return k
    return k


def _occasion(tokens: Tokens, k: int, high: int) -> int:
    """The end of a short noun phrase after a preposition."""
    if tokens.kinds[k] == "quote" and tokens.quoted[k] >= 0:  # on "Meet the Nation"
        return tokens.quotes[tokens.quoted[k]][1] + 1
    doing = tokens.lows[k].endswith("ing") and k + 1 < high and tokens.kinds[k + 1] in ("det", "poss", "name")
    end = core_end(tokens, k + doing, high)
    while end < high and tokens.lows[end] in ("of", "with", "at", "for", "to") and tokens.kinds[end] in ("prep", "to"):
        end = core_end(tokens, end + 1, high)
    return end
