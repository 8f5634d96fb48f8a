"""How far a content reaches that is no clause of its own: an infinitive, a noun phrase, what a relative clause says."""

from __future__ import annotations

from kit.draft import words
from kit.draft.clauses import clause_end, is_clause
from kit.draft.tokens import Tokens

__all__ = ["narrow_end", "verb_after"]

_INNER = frozenset("as because when while if after before where".split())
_AFTERWARDS = frozenset("after before when while during because since".split())
_BREAKS = frozenset(
    "but while although though whereas and which after as saying who because since so where when".split()
)


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
            if (later or follows) and not _after_aside(tokens, k, i):
                return i
        if tokens.lows[i] in ("but", "although", "though", "whereas"):
            return i
        if tokens.lows[i] in _AFTERWARDS and tokens.kinds[i - 1] == "quote":
            return i  # called it "a lie" after the vote
        if after and tokens.lows[i] == "and" and _second_verb(tokens, i + 1, stop):
            return i
    return stop


def _after_aside(tokens: Tokens, k: int, i: int) -> bool:
    """Whether the comma at `i` closes an aside within an inner clause, whose verb follows: as Holm, 40, spoke."""
    opening = next((h for h in range(i - 1, k, -1) if tokens.forms[h] == ","), 0)
    return any(tokens.lows[n] in _INNER or tokens.kinds[n] == "that" for n in range(k, opening))


def _listed(tokens: Tokens, i: int, stop: int) -> bool:
    """Whether ", and" at `i` only joins the last part of a list: unemployment, inflation, and other problems."""
    if tokens.lows[i + 1] != "and" or i + 2 >= stop or tokens.kinds[i + 2] not in ("det", "word", "name", "num"):
        return False
    return not is_clause(tokens, i + 2, stop) and not _second_verb(tokens, i + 2, stop)


def _second_verb(tokens: Tokens, i: int, stop: int) -> bool:
    """Whether a past form after “and” is a second verb of the main clause: called it a lie and left."""
    while i + 1 < stop and tokens.kinds[i] == "adv":
        i += 1
    follows = tokens.kinds[i + 1] if i + 1 < stop else "mark"
    past = tokens.lows[i].endswith("ed") and follows not in ("word", "and")
    return tokens.kinds[i] == "word" and (past or tokens.lows[i] in words.PASTS)


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
