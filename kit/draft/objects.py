"""Patterns whose content follows the verb as its object: wants to, urged X to, called X a Y, accused X of, denied X.

Each row of the table says where the content begins, or that the verb has no such object here.
"""

from __future__ import annotations

from collections.abc import Callable

from kit.draft.ends import phrase_end
from kit.draft.patterns import OBJECTS, Pattern, narrow
from kit.draft.supplements import skip_supplement
from kit.draft.things import informs
from kit.draft.verbs import Spot

__all__ = ["OBJECT_PATTERNS"]

_STATES = frozenset("ahead behind up down out back gone held tied".split())
_NEAR = 16
"""Within how many words the second part of “accused X of” is looked for."""


def _object(spot: Spot, frame: str) -> int:
    """Where the object of a verb with this frame begins; -1 where there is none."""
    fits = frame in spot.cue.frames and spot.stop < spot.high and spot.tokens.kinds[spot.stop] in OBJECTS
    return spot.stop if fits else -1


def _infinitive(spot: Spot) -> int:
    """V to do."""
    k = skip_supplement(spot.tokens, spot.stop, spot.high)
    if "to" not in spot.cue.frames or spot.word(k) != "to" or k + 1 >= spot.high:
        return -1
    return k if spot.tokens.kinds[k + 1] in ("word", "be", "have", "do", "adv") else -1


def _order(spot: Spot) -> int:
    """V somebody to do."""
    k = _object(spot, "order")
    end = phrase_end(spot.tokens, k, spot.high, asides=False) if k >= 0 else k
    end = skip_supplement(spot.tokens, end, spot.high) if end > k else end  # urged the army on Friday to stay away
    return k if end > k and "to" in (spot.word(end), spot.word(end + 1) if spot.word(end) == "not" else "") else -1


def _doing(spot: Spot) -> int:
    """V somebody doing, done, ahead."""
    tokens, k = spot.tokens, _object(spot, "doing")
    if k < 0:
        return k
    end = phrase_end(tokens, k, spot.high, asides=False)
    inner = next((i for i in range(k + 1, end) if tokens.kinds[i] == "word" and _state(tokens.lows[i], "ing")), end)
    held = inner > k and tokens.kinds[inner - 1] in ("name", "pro", "word", "num")
    return k if held and inner < spot.body and _state(tokens.lows[inner], "ing", "ed") else -1


def _state(word: str, *endings: str) -> bool:
    return word.endswith(endings) or word in _STATES


def _called(spot: Spot) -> int:
    """V something something."""
    tokens, k = spot.tokens, _object(spot, "call")
    if k < 0:
        return k
    end = phrase_end(tokens, k, spot.high, asides=False)
    quoted = any(tokens.quoted[i] >= 0 for i in range(k, min(spot.body, k + 20)))
    pronoun = tokens.kinds[k] == "pro" or spot.word(k) in ("her", "this", "that")
    near = tokens.kinds[k + 1] if k + 1 < spot.body else "prep"
    second = pronoun and near not in ("prep", "to", "adv", "mark", "and", "open", "wh")
    return k if quoted or second or spot.word(end) in ("a", "an") else -1


def _described(spot: Spot) -> int:
    """V something as something."""
    k = _object(spot, "as")
    return k if k >= 0 and _meets(spot, k, {"as"}, (",", ";")) else -1


def _accused(spot: Spot) -> int:
    """V somebody of/for something."""
    wanted = {frame.partition("-")[0] for frame in spot.cue.frames if frame.endswith("-object")}
    k = spot.stop
    fits = wanted and k < spot.high and spot.tokens.kinds[k] in OBJECTS
    return k if fits and _meets(spot, k, wanted, (";", ":")) else -1


def _meets(spot: Spot, k: int, wanted: set[str], stops: tuple[str, ...]) -> bool:
    """Whether one of the wanted words comes soon after `k`, before any of the stops."""
    near = next((i for i in range(k + 1, min(k + _NEAR, spot.body)) if spot.word(i) in wanted), 0)
    return near > 0 and not any(spot.tokens.forms[i] in stops for i in range(k, near))


def _plain(spot: Spot) -> int:
    """V something."""
    tokens, k = spot.tokens, spot.stop
    if k < spot.high and spot.word(k) in spot.cue.frames & {"of", "about", "against", "on", "for"}:
        return k
    mixed = spot.cue.sense in ("says", "judges") and any(tokens.quoted[i] >= 0 for i in range(k, min(k + 4, spot.body)))
    shown = spot.voice == "active" and informs(tokens, spot.source(), spot.cue.lemma)
    if k >= spot.body or ("object" not in spot.cue.frames and not mixed and not shown):
        return -1
    fits = tokens.kinds[k] in (*OBJECTS, "adv", "that") and spot.word(k) not in ("himself", "itself", "themselves")
    return k if fits else -1


def _row(name: str, sense: str, example: str, begins: Callable[[Spot], int]) -> Pattern:
    return Pattern(
        name, sense, example, lambda spot: narrow(spot, name, k, spot.body) if (k := begins(spot)) >= 0 else None
    )


OBJECT_PATTERNS: tuple[Pattern, ...] = (
    _row(
        "object and participle",
        "a poll shows somebody leading; somebody wants or orders something done",
        "[S1 A poll released Friday] [C1 showed] [T1 Quill leading Osei by four points].",
        _doing,
    ),
    _row(
        "infinitive",
        "somebody wants, plans, expects or refuses to do something",
        "[S1 Nordline] [C1 plans] [T1 to close two offices], but has not said which.",
        _infinitive,
    ),
    _row(
        "object and infinitive",
        "somebody urges, asks or expects somebody else to do something",
        "[S1 The union] [C1 urged] [T1 the ministry to publish the report].",
        _order,
    ),
    _row(
        "called",
        "somebody calls something by a name, often a quoted one",
        '[S1 The mayor] [C1 called] [T1 the plan "a gift to the cheats."]',
        _called,
    ),
    _row(
        "as",
        "somebody describes or dismisses something as something",
        '[S1 A spokesperson] [C1 dismissed] [T1 the reports as "rumors."]',
        _described,
    ),
    _row(
        "accused of",
        "somebody accuses, blames or praises somebody of or for something",
        "[S1 Brandt] [C1 accused] [T1 the ministry of hiding a report].",
        _accused,
    ),
    _row(
        "object",
        "a noun phrase stands for what was said: denies the charge, calls for a vote",
        "[S1 The two opposition parties] [C1 called for] [T1 a new election].",
        _plain,
    ),
)
"""In the order in which they are tried; the first comes before the bare clause."""
