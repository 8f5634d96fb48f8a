"""The voice of a verb: active, passive, progressive, infinitive or participle; none where the word is no verb."""

from __future__ import annotations

from kit.draft.lexicon import Cue, lexicon
from kit.draft.subjects import clause_subject, subject_before
from kit.draft.tokens import Tokens

__all__ = ["voice_of"]

_PLURALS = frozenset("people police men women children data media politicians staff public few".split())
_MANY = frozenset("they we i you who some many others both most all few several these those everyone".split())
_SHARES = frozenset("percent majority number dozens hundreds thousands group couple handful lot".split())
_SHOWN = frozenset("show suggest indicate say put point".split())
_DESCRIBED = frozenset("familiar close responsible aware present loyal critical sympathetic eligible able".split())


def voice_of(tokens: Tokens, cue: Cue, at: int, first: int, low: int, helpers: set[str]) -> str:
    """The voice, or nothing where form and helpers do not fit together: then it is a noun or an adjective."""
    form = cue.form
    base, part = form in ("base", "either"), form in ("part", "past-part", "either")
    if "to" in helpers:
        return "infinitive" if base else ""
    if form == "ing":
        return "progressive" if "be" in helpers else _participle(tokens, cue, first, low)
    if "be" in helpers:
        return "passive" if part else ""
    if "have" in helpers:
        return "active" if part else ""
    if helpers:
        return "active" if base else ""
    if at == low and part and cue.frames & {"order", "told"}:
        return "passive"
    if at == low and form != "base" and cue.lemma in ("say", "add", "write"):
        return "active"
    if _reduced(tokens, cue, at, first, low):
        return "passive"
    return "active" if _alone(tokens, form, at, first, low) else ""


def _reduced(tokens: Tokens, cue: Cue, at: int, first: int, low: int) -> bool:
    """Whether a passive has lost its “is”: a man believed to be the leader, with growth expected to slow."""
    if cue.form not in ("part", "past-part") or "passive" not in cue.frames or tokens.lows[at + 1 : at + 2] != ["to"]:
        return False
    phrase = subject_before(tokens, first, low)
    return phrase is not None and phrase[0] > low and tokens.lows[phrase[0] - 1] == "with"


def _participle(tokens: Tokens, cue: Cue, first: int, low: int) -> str:
    while first > low and tokens.kinds[first - 1] == "adv":
        first -= 1
    if first <= low:
        return ""
    before = tokens.kinds[first - 1]
    fits = before in ("mark", "and", "prep", "open", "word", "name") and tokens.lows[first - 1] not in ("'s", "without")
    return "participle" if fits else ""


def _alone(tokens: Tokens, form: str, at: int, first: int, low: int) -> bool:
    """Whether a form without any helper is a verb, told by what stands before it."""
    if form == "part" or at == low:
        return False
    kind, word = tokens.kinds[first - 1], tokens.lows[first - 1]
    if (
        first == low
        or word == "'"
        or kind in ("prep", "to", "not", "poss", "open")
        or (kind == "num" and form != "past-part")
    ):
        return False
    after = tokens.lows[at + 1] if at + 1 < len(tokens.lows) else ""
    if form in ("past", "past-part", "either"):
        return after != "by" and word not in ("when", "if", "as", "once", "than")
    if word.endswith("ed") and kind == "word":
        return False
    if tokens.lows[at] in lexicon().nouns and (after in _SHOWN or tokens.finite(at + 1)):
        return False  # early estimates show that …
    if kind in ("pro", "det", "wh"):
        return word in ("who", "which", "that") or (word in _MANY) == (form == "base")
    plural = _plural_head(tokens, first, low)
    return (form == "s" and kind == "name") or plural is None or plural == (form == "base")


def _plural_head(tokens: Tokens, first: int, low: int) -> bool | None:
    """Whether the phrase before `first` is a plural by its head: the word before its first preposition or comma.

    None where a name leaves it open: Mr. Ames, the Democrats.
    """
    phrase = subject_before(tokens, first, low)
    if phrase is None and tokens.kinds[first - 1] == "and":
        phrase = clause_subject(tokens, first, low)  # they have counted 70, and say …
    if phrase is None:
        return False
    head = phrase[1] - 1
    for i in range(phrase[0] + 1, phrase[1]):
        if tokens.lows[i] == "of" and (tokens.kinds[i - 1] == "num" or tokens.lows[i - 1] in _SHARES):
            continue  # 65% of voters, a majority of voters
        if tokens.kinds[i] in ("prep", "wh", "that", "to") or tokens.forms[i] in (",", "("):
            head = i - 1
            break
    while head > phrase[0] and (tokens.lows[head] in _DESCRIBED or tokens.lows[head].endswith("ed")):
        head -= 1
    word = tokens.lows[head]
    return word in _MANY | _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")))
