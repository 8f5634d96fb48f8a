"""The noun phrase before a verb: who speaks, across days, adverbs and relative clauses.

Ranges of tokens are half-open.
"""

from __future__ import annotations

from kit.draft import words
from kit.draft.asides import DASHES, before_aside
from kit.draft.starts import SUBJECTS, phrase_start
from kit.draft.tokens import Tokens

__all__ = ["clause_subject", "subject_before"]

Range = tuple[int, int]

REFLEXIVES = frozenset("himself herself itself themselves".split())
_OBJECTIVE = REFLEXIVES | {"him", "me", "there"}


def subject_before(tokens: Tokens, k: int, low: int) -> Range | None:
    """The noun phrase that ends right before token `k` (adverbs and days between them aside), not before `low`."""
    k = temporal_start(tokens, k, low)
    if k <= low:
        return None
    form, word, kind = tokens.forms[k - 1], tokens.lows[k - 1], tokens.kinds[k - 1]
    if form == "," or form in DASHES:
        return before_aside(tokens, k, low)
    if word in ("who", "which") or (kind == "that" and k - 2 >= low and tokens.nominal(k - 2)):
        stop = k - 1 - (tokens.forms[k - 2] in (",", "--", "—")) if k - 2 >= low else k
        return _antecedent(tokens, subject_before(tokens, stop, low)) if low < stop < k else None
    if word in SUBJECTS and kind in ("pro", "det"):
        return k - 1 - (word == "one" and k - 2 >= low and tokens.lows[k - 2] == "no"), k
    if not (tokens.nominal(k - 1) or form in (")", "'") or (kind == "quote" and tokens.quoted[k - 1] >= 0)):
        return None
    start = phrase_start(tokens, k, low)
    gerund = start == k - 1 and kind == "word" and word.endswith("ing")
    return (start, k) if start < k and not gerund and word not in _OBJECTIVE else None


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
    """`k`, or where the adverbs, “on Monday” or “in a statement” right before it begin."""
    while k - 1 > low:
        word = tokens.lows[k - 1]
        at = k - 1
        if tokens.kinds[at] == "adv":
            k = at
            continue
        if word in words.TEMPORAL:
            while at - 1 > low and tokens.lows[at - 1] in words.TEMPORAL | words.TEMPORAL_LEADS:
                at -= 1
        if at == k - 1 and word not in words.TEMPORAL:
            return k
        fits = tokens.nominal(at - 1) or tokens.forms[at - 1] == "," or tokens.lows[at - 1] in ("who", "which")
        if tokens.lows[at - 1].endswith("ed") or not fits:
            return k
        k = at
    return k


def clause_subject(tokens: Tokens, k: int, low: int) -> Range | None:
    """The subject of the clause in which token `k` stands: what comes before its first finite verb."""
    relative = False
    for v in range(low + 1, k):
        if tokens.quoted[v] >= 0:
            continue
        if tokens.lows[v] in ("who", "which", "that", "whose") and tokens.nominal(v - 1) | (tokens.forms[v - 1] == ","):
            relative = True
        elif not relative and _predicate(tokens, v, low):
            first = v
            while first - 1 > low and tokens.kinds[first - 1] in ("adv", "not"):
                first -= 1
            return subject_before(tokens, first, low)
        elif relative and (tokens.finite(v) or tokens.lows[v].endswith("ed")):
            relative = False
    return None


def _predicate(tokens: Tokens, v: int, low: int) -> bool:
    if tokens.finite(v):
        return True
    word = tokens.lows[v]
    if tokens.kinds[v] != "word" or tokens.kinds[v - 1] in ("det", "poss", "prep", "to", "be", "have"):
        return False
    after = tokens.lows[v + 1] if v + 1 < len(tokens.lows) else ""
    return word.endswith("ed") and after != "by" and word not in words.TEMPORAL
