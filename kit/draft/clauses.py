"""Clauses: where one begins and ends, what in it is a content, and who is its subject. Ranges are half-open."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from kit.draft import words
from kit.draft.phrases import DASHES, SUBJECTS, before_aside, phrase_start
from kit.draft.tokens import Range, Tokens

__all__ = [
    "MARK",
    "NOMINATIVE",
    "QUOTES",
    "REASON",
    "SPLIT",
    "alone",
    "bare",
    "body_end",
    "clause_end",
    "clause_from",
    "clause_subject",
    "fronted",
    "has_verb",
    "is_clause",
    "main_clauses",
    "main_verb",
    "narrow_end",
    "quotation_at",
    "running",
    "subject_before",
    "temporal_start",
    "trimmed",
    "verb_after",
    "within",
]

NOMINATIVE = frozenset("he she it they we i you there".split())
_OBJECTIVE = frozenset("him them me us himself herself itself themselves".split())
_NO_SUBJECTS = frozenset("him me himself herself itself themselves there".split())
_BEGINS = frozenset("pro det poss name num word prep open adv quote wh".split())
_STOPS = frozenset("because although though whereas unless whether but".split())
_AFTERWARDS = frozenset("after before when while during because since".split())
_WITHHELD = frozenset("did gave offered provided declined refused".split())
_RELATIVES = words.RELATIVES - {"where"}
_DAYS = words.TEMPORAL | words.TEMPORAL_LEADS
_INTO = words.CLAUSE_OPENERS - words.OPENERS
"""What opens a clause that leads into the main one."""
_BREAKS = words.listed("clauses", "breaks")
_LEADS = ("prep", "open", "wh")
QUOTES = '"“”„«»'
MARK = re.compile(f"[{QUOTES}]")
_BEGUN = re.compile(r"[^\s,;:–—…-]")
_ENDS = " \t,;:.–—-"
_SUBJECT = (
    r"(?=(?:that )?(?:the|a|an|his|her|its|their|our|my|it|s?he|they|we|you|there|I|people|some|many|several|others|"
    r"[A-Z]\w+)\b)"
)
_PLAIN = r"(?=(?:(?:now|then) )?(?:s?he|they|we|I|there|it|that (?:the|a|an|its|his|her|their|it|s?he|they))\b)"
_JOINED = rf"; {_SUBJECT}|, (?:and|but|while|whereas|so) {_SUBJECT}|, (?:and|but) {_PLAIN}| (?:and|but) {_PLAIN}"
_CITED = r"(?=(?:in the words of|according to)\b)"
_SPLICE = r", (?=(?:s?he|they|we|it) (?!say|said|add))"
SPLIT = re.compile(rf"{_JOINED}|{_SPLICE}|, (?:and|but) {_CITED}|, (?:apparently|probably|possibly|perhaps) because ")
"""Between two main clauses, before a hedged “because”."""
REASON = re.compile(rf"{_JOINED}|, because {_SUBJECT}| because {_SUBJECT}")
"""As it parts what somebody says: a judgement, and what it rests on."""


def body_end(tokens: Tokens, low: int, high: int) -> int:
    """The end of a sentence without its last stop, unless the stop stands within a quotation."""
    while high - 1 > low and tokens.forms[high - 1] in (".", "?", "!", ";", ":", ",") and tokens.quoted[high - 1] < 0:
        high -= 1
    return high


def trimmed(tokens: Tokens, first: int, stop: int) -> Range | None:
    """The range without commas, dashes and “and” at its ends; None where nothing is left."""
    while first < stop and tokens.forms[first] in (",", ";", "--", "—", "–", ":", ")") and tokens.quoted[first] < 0:
        first += 1
    while stop > first and (
        (tokens.forms[stop - 1] in (",", ";", "--", "—", "–", ".", "(") and tokens.quoted[stop - 1] < 0)
        or tokens.lows[stop - 1] in ("and", "but", "while", "or", "although", "though", "as", "whereas", "even")
    ):
        stop -= 1
    return (first, stop) if first < stop else None


def has_verb(tokens: Tokens, first: int, stop: int) -> bool:
    """Whether there is something like a finite verb in the range."""
    for i in range(first, stop):
        if tokens.finite(i) or (i > first and verbal(tokens, i)):
            return True
        if tokens.kinds[i] == "to" and first < i < stop - 1 and tokens.kinds[i + 1] in ("word", "be", "have"):
            return True
    return False


def verbal(tokens: Tokens, i: int) -> bool:
    """Whether a word can be a finite verb: a form in -ed or a common present form, after a noun or a pronoun."""
    word, before = tokens.lows[i], i - 1
    while tokens.kinds[before] in ("adv", "quote") and before > 0:
        before -= 1
    past = word.endswith("ed") and (i + 1 == len(tokens.lows) or tokens.lows[i + 1] != "by")
    return (past or word in words.PRESENTS) and tokens.nominal(before)


def is_clause(tokens: Tokens, k: int, high: int, *, strict: bool = False) -> bool:
    """Whether a clause without “that” begins at `k`: a subject and, further on, a finite verb outside a relative.

    With `strict`, forms in -ed do not count as verbs: after “expects”, a noun phrase is as likely.
    """
    kind = tokens.kinds[k] if k < high else ""
    if high - k < 2 or kind not in _BEGINS or tokens.lows[k] in _OBJECTIVE or (kind in ("prep", "adv") and strict):
        return False
    if tokens.lows[k] in NOMINATIVE:
        return tokens.kinds[k + 1] not in ("mark", "prep", "to", "and")
    relative = False
    for i in range(k + 1, high):
        present = tokens.lows[i] in words.PRESENTS and tokens.nominal(i - 1)
        if _relative_here(tokens, i):
            relative = True
        elif _breaks(tokens, k, i, high, strict=strict):
            return False
        elif tokens.finite(i) or present or (not strict and verbal(tokens, i)):
            if not relative:
                return True
            relative = False
    return False


def _breaks(tokens: Tokens, k: int, i: int, high: int, *, strict: bool) -> bool:
    """Whether the clause that may have begun at `k` cannot go on at `i`: then no subject and verb belong together."""
    form, more = tokens.forms[i], i + 1 < high
    if strict and tokens.lows[i] in ("where", "when"):
        return True  # found worms in waters where they are many
    if (
        (tokens.lows[i] in _STOPS and tokens.kinds[i + 1 : i + 2] != ["not"])
        or form in (";", ":")
        or (tokens.kinds[i] == "quote" and tokens.forms[i - 1] == ",")
    ):
        return True
    if form == "," and more and tokens.finite(i + 1) and "," not in tokens.forms[k:i]:
        return True
    return tokens.lows[i] == "and" and more and _second_verb(tokens, i + 1, high)


def _relative_here(tokens: Tokens, i: int) -> bool:
    """Whether a relative clause begins at `i`: who, which, that; or with none of them, “the allegations he made”."""
    if tokens.lows[i] in NOMINATIVE:
        return tokens.kinds[i - 1] in ("word", "name")
    return tokens.lows[i] in _RELATIVES and (tokens.kinds[i] != "that" or tokens.nominal(i - 1))


def clause_from(tokens: Tokens, k: int, high: int) -> Range | None:
    """The clause that begins at `k`, trimmed; None where nothing is left before `high`."""
    return trimmed(tokens, k, clause_end(tokens, k, high))


def clause_end(tokens: Tokens, k: int, high: int) -> int:
    """The end of a clause that begins at `k`: a semicolon, “, but gave no …”, or the end of its sentence."""
    for i in range(k + 1, high):
        withheld = tokens.lows[i] == "but" and i + 2 < high and tokens.lows[i + 1] in _WITHHELD
        if tokens.forms[i] == ";" or (withheld and tokens.forms[i - 1] == "," and tokens.quoted[i] < 0):
            return i
    return high


def narrow_end(tokens: Tokens, k: int, high: int) -> int:
    """The end of an infinitive or a noun phrase as content: also a comma before a new clause ends it."""
    stop = clause_end(tokens, k, high)
    for i in range(k + 1, stop):
        if tokens.quoted[i] >= 0:
            continue
        after = tokens.lows[i + 1] if i + 1 < stop else ""
        if tokens.forms[i] in (",", "--", "—") and i + 1 < stop:
            later = after in ("a", "the", "one", "two") and i + 2 < stop and tokens.lows[i + 2] in words.TEMPORAL
            verb = i + 2 if tokens.kinds[i + 1] == "adv" and i + 2 < stop else i + 1
            follows = (
                (after in _BREAKS and not _listed(tokens, i, stop))
                or tokens.lows[verb].endswith(("ing", "ed"))
                or tokens.finite(verb)
            )
            if later or follows:
                return i
        if tokens.lows[i] in ("but", "although", "though", "whereas"):
            return i
        if tokens.lows[i] in _AFTERWARDS and tokens.kinds[i - 1] == "quote":
            return i  # called it "a lie" after the vote
        if after and tokens.lows[i] == "and" and _second_verb(tokens, i + 1, stop):
            return i
    return stop


def _listed(tokens: Tokens, i: int, stop: int) -> bool:
    """Whether ", and" at `i` only joins the last part of a list: unemployment, inflation, and other problems."""
    return tokens.lows[i + 1] == "and" and i + 2 < stop and not is_clause(tokens, i + 2, stop)


def _second_verb(tokens: Tokens, i: int, stop: int) -> bool:
    """Whether a past form after “and” is a second verb of the main clause: called it a lie and left."""
    at = i
    while i + 1 < stop and (tokens.kinds[i] == "adv" or _on_a_day(tokens, i)):
        i += 1
    if tokens.kinds[i] in ("have", "be", "do", "modal"):
        return tokens.finite(i)
    follows = tokens.kinds[i + 1] if i + 1 < stop else "mark"
    past = tokens.lows[i].endswith("ed") and (follows not in ("word", "and") or _on_a_day(tokens, at))
    return tokens.kinds[i] == "word" and (past or tokens.lows[i] in words.PASTS)


def _on_a_day(tokens: Tokens, i: int) -> bool:
    """Whether token `i` belongs to a day or a time: on Monday, last week."""
    leads = tokens.lows[i] in words.TEMPORAL_LEADS and i + 1 < len(tokens.lows)
    return tokens.lows[i] in words.TEMPORAL or (leads and tokens.lows[i + 1] in words.TEMPORAL)


def verb_after(tokens: Tokens, k: int, stop: int, number: int) -> int:
    """Where, after `k`, the finite verb of this number stands, those of inner clauses aside; `stop` if none does."""
    verbs = 0
    for i in range(k + 1, stop):
        verb = tokens.finite(i) or (tokens.lows[i].endswith("ed") and tokens.kinds[i - 1] in ("word", "name"))
        helped = tokens.finite(i - 1) or (tokens.kinds[i - 1] in ("adv", "not") and tokens.finite(i - 2))
        if verb and not helped:
            verbs += 1
            if verbs == number:
                return i
        elif tokens.lows[i] == "because" or tokens.kinds[i] in ("wh", "that"):
            verbs -= 1
    return stop


def quotation_at(tokens: Tokens, k: int, high: int) -> int:
    """The end of the quotation that opens at `k`, and of the words that go on from it; `k` where none opens."""
    if k >= len(tokens.forms) or tokens.kinds[k] != "quote" or tokens.quoted[k] < 0:
        return k
    last = tokens.quotes[tokens.quoted[k]][1]
    stop = last + 1
    if (
        stop < high
        and tokens.forms[stop] not in (",", ".", ";", "--", "—")
        and tokens.forms[last - 1] not in (",", ".", "?", "!")
    ):
        return narrow_end(tokens, stop - 1, high)
    return stop


def running(tokens: Tokens, stop: int) -> list[Range]:
    """The quotations that follow from `stop` on, each a sentence or more of its own: the source carries on.

    They may open the next paragraphs, too: whoever speaks anew is named.
    """
    found: list[Range] = []
    while stop < len(tokens.kinds) and tokens.kinds[stop] == "quote" and tokens.quoted[stop] >= 0:
        first, last = tokens.quotes[tokens.quoted[stop]]
        if first != stop or last + 1 not in tokens.stops:
            break
        found.append((first, last + 1))
        stop = last + 1
    return found


def alone(tokens: Tokens, found: Iterable[Range]) -> Iterator[Range]:
    """Quotations of at least three words in no content of `found` that are sentences of their own, or end one."""
    taken = {i for first, stop in found for i in range(first, stop)}
    starts = {first for first, _ in tokens.sentences}
    for first, last in tokens.quotes:
        opens = first in starts or (first > 0 and tokens.forms[first - 1] == ":")
        if last - first > 3 and opens and last + 1 in tokens.stops and taken.isdisjoint(range(first, last + 1)):
            yield first, last + 1


def fronted(tokens: Tokens, k: int, low: int) -> Range | None:
    """The content that ends right before token `k`: a quotation, or a clause and a comma."""
    if k - 1 < low:
        return None
    if tokens.quoted[k - 1] >= 0:
        first, last = tokens.quotes[tokens.quoted[k - 1]]
        if first <= low:
            return first, last + 1
        start = _clause_start(tokens, low, first)
        return (start, last + 1) if has_verb(tokens, start, last) or first - start <= 6 else (first, last + 1)
    if tokens.forms[k - 1] not in (",", "--", "—", "–"):
        return None
    start = _clause_start(tokens, low, k - 1)
    return (start, k - 1) if start < k - 1 else None


def _clause_start(tokens: Tokens, low: int, stop: int) -> int:
    """Where the clause that ends at `stop` begins: after a semicolon, and without “But,” or “However,”."""
    start = next((i + 1 for i in range(stop - 1, low, -1) if tokens.forms[i] == ";" and tokens.quoted[i] < 0), low)
    while start < stop and (tokens.lows[start] in words.OPENERS or tokens.forms[start] == ","):
        start += 1
    return start


def subject_before(tokens: Tokens, k: int, low: int) -> Range | None:
    """The noun phrase that ends right before token `k` (adverbs and days between them aside), not before `low`."""
    k = temporal_start(tokens, k, low)
    if k <= low:
        return None
    form, word, kind = tokens.forms[k - 1], tokens.lows[k - 1], tokens.kinds[k - 1]
    if form == "," or form in DASHES:
        return before_aside(tokens, k, low) or _loose(tokens, k - 1, low)
    if kind == "quote" and tokens.forms[k - 2] == ",":  # Oakes, who called it "a joke," said
        who = [i for i in range(low, k) if tokens.lows[i : i + 2] == [",", "who"] and tokens.quoted[i] < 0]
        return (phrase_start(tokens, who[-1], low), k) if who else None
    if word in ("who", "which") or (kind == "that" and k - 2 >= low and tokens.nominal(k - 2)):
        stop = k - 1 - (tokens.forms[k - 2] in (",", "--", "—")) if k - 2 >= low else k
        return _antecedent(tokens, subject_before(tokens, stop, low)) if low < stop < k else None
    if word.endswith(("self", "selves")) and k - 2 >= low and tokens.nominal(k - 2):
        return phrase_start(tokens, k - 1, low), k
    if word in SUBJECTS and kind in ("pro", "det"):
        return k - 1 - (word == "one" and k - 2 >= low and tokens.lows[k - 2] == "no"), k
    if not (tokens.nominal(k - 1) or form in (")", "'") or (kind == "quote" and tokens.quoted[k - 1] >= 0)):
        return None
    start = phrase_start(tokens, k, low)
    gerund = start == k - 1 and kind == "word" and word.endswith("ing")
    return (start, k) if start < k and not gerund and word not in _NO_SUBJECTS else None


def _loose(tokens: Tokens, k: int, low: int) -> Range | None:
    """The name that a comma at `k` parts from its verb, where nothing else stands before it: Rosa Roe for Elm, says."""
    sent = tokens.forms[k] == "," and tokens.kinds[low : low + 3] == ["name", "name", "prep"]
    return (low, k) if sent and tokens.nominal(k - 1) and phrase_start(tokens, k, low) == low else None


def _antecedent(tokens: Tokens, phrase: Range | None) -> Range | None:
    """Of “criticism from Democrats, who” the Democrats; of “a spokesman for the bank, who” the spokesman."""
    if phrase is None:
        return None
    start, stop = phrase
    joint = next((i for i in range(start + 1, stop) if tokens.kinds[i] == "prep"), 0)
    head = tokens.lows[joint - 1] if joint else ""
    if (
        not joint
        or head in words.ROLES
        or head.endswith(("er", "or", "ist", "man", "ian", "ers", "ors", "ists", "men"))
    ):
        return phrase
    if tokens.kinds[joint - 1] == "name" or tokens.lows[joint] == "of":
        return phrase
    return joint + 1, stop


def temporal_start(tokens: Tokens, k: int, low: int) -> int:
    """`k`, or where the adverbs or “on Monday” right before it begin."""
    while k - 1 > low:
        at = k - 1
        if tokens.kinds[at] == "adv":
            k = at
            continue
        if tokens.lows[at] not in words.TEMPORAL:
            return k
        while at - 1 > low and tokens.lows[at - 1] in _DAYS:
            at -= 1
        fits = tokens.nominal(at - 1) or tokens.forms[at - 1] == "," or tokens.lows[at - 1] in ("who", "which", "and")
        if tokens.lows[at - 1].endswith("ed") or not fits:
            return k
        k = at
    return k


def clause_subject(tokens: Tokens, k: int, low: int) -> Range | None:
    """The subject of the clause in which token `k` stands: what comes before its first finite verb."""
    if tokens.kinds[low] == "prep" or tokens.lows[low] in _INTO:
        # Before the polls opened, officials …
        low = next((i + 1 for i in range(low, k - 1) if tokens.forms[i] == "," and tokens.quoted[i] < 0), low)
    for v in range(low + 1, k):
        if tokens.quoted[v] < 0 and _predicate(tokens, v):
            who = max((i for i in range(v + 2, k) if tokens.lows[i] == "who" and tokens.nominal(i - 1)), default=0)
            # The plan angered Holm who laughed and asked …
            return subject_before(tokens, who if who and "," not in tokens.forms[who:k] else v, low)
    return None


def _predicate(tokens: Tokens, v: int) -> bool:
    if tokens.finite(v):
        return True
    word = tokens.lows[v]
    if tokens.kinds[v] != "word" or tokens.kinds[v - 1] in ("det", "poss", "prep", "to", "be", "have"):
        return False
    if word in words.PRESENTS and tokens.nominal(v - 1) and tokens.kinds[v + 1] in ("det", "poss", "num"):
        return True  # analysts cut their estimates
    after = tokens.lows[v + 1] if v + 1 < len(tokens.lows) else ""
    return word.endswith("ed") and after != "by" and word not in words.TEMPORAL


def main_clauses(tokens: Tokens, start: int, end: int, between: re.Pattern[str] = SPLIT) -> Iterator[Range]:
    """The main clauses between two offsets: each has a verb, not “Jonas Vale, 42, and his wife are on trial”."""
    cuts: list[Range] = []
    for match in between.finditer(tokens.text, start, end):
        first, stop = within(tokens, start, end)
        first += tokens.kinds[first : first + 1] in (["that"], ["quote"])
        at, after = (bisect_left(tokens.starts, edge) for edge in match.span())
        sides = (first, at), (after, stop)
        begun = next((k for k in range(at - 1, first, -1) if tokens.kinds[k - 1] in ("mark", "and")), first)
        led = tokens.kinds[first] in _LEADS or tokens.kinds[begun] in _LEADS or tokens.lows[begun] == "once"
        apart = between is not SPLIT or (main_verb(tokens, after, stop) and not (led and match.group() == ", "))
        if "and" in match.group() and "who" in tokens.lows[first:at] and not main_verb(tokens, first, at):
            apart = False  # Roe, who is 40, and Vale were ill
        if apart and all(has_verb(tokens, *side) or is_clause(tokens, *side) for side in sides):
            cuts.append(match.span())
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        if span := bare(tokens.text, low, high):
            yield span


def within(tokens: Tokens, start: int, end: int) -> Range:
    """The range of the tokens that begin between two offsets."""
    return bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)


def main_verb(tokens: Tokens, first: int, stop: int) -> int:
    """The first verb of the main clause in the range, as a token; 0 where none is seen."""
    while first < stop - 1 and (tokens.lows[first] in words.OPENERS or tokens.forms[first] == ","):
        first += 1
    while first < stop and tokens.kinds[first] in _LEADS:  # On Tuesday, the court …; While he slept, …
        first = next((i + 1 for i in range(first, stop) if tokens.forms[i] == ","), stop)
    if first < stop and tokens.finite(first):
        return first  # has told the firm to go
    inner = False
    for i in range(first + 1, stop):
        if tokens.kinds[i] == "wh" or (tokens.kinds[i] == "that" and tokens.nominal(i - 1)):
            inner = True
        elif inner and tokens.forms[i] == "," and i + 1 < stop and tokens.speaks(i + 1):
            inner = False  # Roe, who studies law, discussed it
        elif _verb_here(tokens, first, i):
            if not inner:
                return _resumed(tokens, i, stop)
            inner = False
    return 0


def _verb_here(tokens: Tokens, first: int, i: int) -> bool:
    """Whether token `i` looks like the verb of a clause that begins at `first`."""
    before = i - 1
    while tokens.kinds[before] == "adv" and before > first:
        before -= 1
    word, led = tokens.lows[i], tokens.kinds[before] in ("name", "word", "num", "pro", "wh", "that", "mark", "and")
    after = tokens.kinds[i + 1] if i + 1 < len(tokens.kinds) else "mark"
    led = led and word != "aged" and not (word in ("called", "named") and after == "name")  # a group called Elm First
    led = led and (tokens.forms[before] != "," or "," in tokens.forms[first:before])  # the deal, signed in May, was …
    if tokens.quoted[i] != tokens.quoted[first] or tokens.kinds[before] in ("modal", "have", "do", "to"):
        return False
    if tokens.finite(i) or not led or tokens.kinds[i] != "word":
        return tokens.finite(i)
    headline = tokens.starts[i] < tokens.text.find("\n")
    present = word.endswith("s") and after in ("det", "poss", "name", "word", "that", "prep")
    present = present and not tokens.speaks(i + 1)
    return (headline and present) or tokens.speaks(i) or word in words.PRESENTS


def _resumed(tokens: Tokens, i: int, stop: int) -> int:
    """The verb after a participle that only describes the subject: the firm involved in the case has apologised."""
    if tokens.finite(i) or tokens.kinds[i + 1 : i + 2] != ["prep"]:
        return i
    ends = ("mark", "and", "wh", "open", "that")
    k = next((k for k in range(i + 1, stop) if tokens.finite(k) or tokens.kinds[k] in ends), i)
    return k if tokens.kinds[k] in ("be", "have", "modal") else i


def bare(text: str, start: int, end: int) -> Range | None:
    """The span without “that”, the marks around it and the stop at its end; None where no word is left."""
    begun = _BEGUN.search(text, start + len("that") * text.startswith(("that ", "that, "), start, end), end)
    if not begun:
        return None
    start = begun.start()
    if not MARK.search(text, start + 1, end - 1):
        start, end = start + (text[start] in QUOTES), end - (text[end - 1] in QUOTES)
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None
