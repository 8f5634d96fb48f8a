"""What may stand between a cue and its content: days, places, occasions."""

from __future__ import annotations

from kit.draft import words
from kit.draft.ends import core_end
from kit.draft.tokens import Tokens

__all__ = ["skip_supplement"]

_SUPPLEMENTS = frozenset(
    "in on at during after before through by via from with over throughout since late early".split()
)


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
    doing = tokens.lows[k].endswith("ing") and k + 1 < high and tokens.kinds[k + 1] in ("det", "poss", "name")
    end = core_end(tokens, k + doing, high)
    while end < high and tokens.lows[end] in ("of", "with", "at", "for", "to") and tokens.kinds[end] in ("prep", "to"):
        named = end + 1 < high and (tokens.kinds[end + 1] != "word" or tokens.lows[end + 1].endswith("s"))
        if tokens.kinds[end] == "to" and not named:
            break
        end = core_end(tokens, end + 1, high)
    return end
