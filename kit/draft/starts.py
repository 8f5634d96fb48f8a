"""Where a noun phrase begins: a walk to the left, from word to word, that stops where the phrase cannot go on."""

from __future__ import annotations

from kit.draft import words
from kit.draft.tokens import Tokens

__all__ = ["SUBJECTS", "SUFFIXES", "TO_HEADS", "phrase_start"]


TO_HEADS = frozenset(
    "adviser advisor ambassador ambassadors advisers advisors envoy aide aides close counsel letter deputy assistant "
    "heir secretary consultant testimony speech memo according due opposition".split()
)


SUBJECTS = frozenset(
    "he she it they we i you one others everyone everybody someone somebody nobody none anyone some many most both "
    "few several nothing something all this these those another neither each either".split()
)


_NOMINATIVE = frozenset("he she they we i".split())
_SAYING = frozenset("saying adding noting claiming arguing telling suggesting insisting warning asking".split())
_ASKED = frozenset("asked pressed questioned".split())
_NAMED = frozenset("called named nicknamed dubbed led headed retired based".split())
SUFFIXES = frozenset("inc. ltd. jr. sr. co. corp. plc llc n.v. s.a.".split())


def phrase_start(tokens: Tokens, k: int, low: int) -> int:
    """Where the noun phrase that ends at `k` begins."""
    j = k
    while j > low:
        i = j - 1
        step = _step(tokens, i, j, k, low)
        if step < 0:
            if tokens.lows[i] in ("and", "or", "&") and i - 1 >= low and tokens.nominal(i - 1):
                left = phrase_start(tokens, i, low)
                if left < i and _free(tokens, left, low):
                    j = left
                    continue
            break
        j = step
    if j == low and k - j > 2 and tokens.lows[j] in _ASKED and tokens.kinds[j + 1] == "prep":
        j += 2  # Asked about an article saying that …
    while j < k and (
        tokens.kinds[j] in ("adv", "and", "open", "not", "mark", "prep") or tokens.lows[j] in words.OPENERS
    ):
        j += 1
    return j


def _free(tokens: Tokens, left: int, low: int) -> bool:
    """Whether nothing governs the phrase that begins at `left`: it opens its clause."""
    return left <= low or tokens.kinds[left - 1] in ("mark", "quote", "open", "that", "adv", "wh", "and")


def _step(tokens: Tokens, i: int, j: int, k: int, low: int) -> int:
    """The next left edge of a phrase whose edge is `j`, taking in token `i`; -1 where the phrase ends."""
    kind, word, form = tokens.kinds[i], tokens.lows[i], tokens.forms[i]
    right = tokens.kinds[j] if j < k else ""
    if right in ("det", "poss") and tokens.lows[j] != "'s":
        return _past_determiner(tokens, i, low)
    if kind == "word":
        return _word_step(tokens, i, j, k, low)
    if kind in ("name", "num", "poss", "det"):
        return i
    if kind == "prep":
        return i if j < k and _joins(tokens, i, low) else -1
    if kind == "to":
        return i if _sent(tokens, i, low) else -1
    if kind == "pro":
        return i if right == "prep" and word in SUBJECTS else i if j == k else -1
    if form == ")":
        return next((n for n in range(i - 1, max(low, i - 10), -1) if tokens.forms[n] == "("), -1)
    if kind == "adv":
        return i if right == "word" and i > low and tokens.kinds[i - 1] in ("det", "poss", "word") else -1
    if form == ",":
        return i if tokens.lows[j] in SUFFIXES else _place(tokens, i, low) if right == "word" else -1
    return i if form in ("'", "’", "/", "-", "%") and i > low and tokens.nominal(i - 1) else -1


def _sent(tokens: Tokens, i: int, low: int) -> bool:
    """Whether “to” belongs to a noun: an adviser to the president, a memo from Mr. Ames to the staff."""
    return i > low and tokens.nominal(i - 1) and not TO_HEADS.isdisjoint(tokens.lows[max(low, i - 7) : i])


def _place(tokens: Tokens, i: int, low: int) -> int:
    """Past a place between commas: the Akron, Ohio, company."""
    if i - 4 < low or tokens.forms[i - 2] != "," or not tokens.kinds[i - 1] == tokens.kinds[i - 3] == "name":
        return -1
    return i - 3 if any(tokens.kinds[n] == "det" for n in (i - 4, i - 5, i - 6) if n >= low) else -1


def _past_determiner(tokens: Tokens, i: int, low: int) -> int:
    """As `_step`, left of a determiner: it closes its phrase, and only a joining preposition leads on."""
    kind = tokens.kinds[i]
    if kind == "det" or (kind == "prep" and _joins(tokens, i, low)):
        return i
    if kind == "word" and _doing(tokens, i, low):
        return i
    if kind in ("word", "be", "have", "modal", "adv"):
        return _relative(tokens, i, low)
    return i if kind == "to" and i > low and tokens.lows[i - 1] in TO_HEADS else -1


def _doing(tokens: Tokens, i: int, low: int) -> bool:
    """Whether a participle in -ing describes the noun before it: officers guarding the gate."""
    word = tokens.lows[i]
    return word.endswith("ing") and word not in _SAYING and i > low and tokens.kinds[i - 1] in ("word", "name")


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
