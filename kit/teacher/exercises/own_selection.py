"""What is chosen of an article of one's own: the sentences that are set aside for the exercises, the claims that are
asked, and what is accepted for each."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from kit.article.codebook import HERE, UNKNOWN_LINK, names
from kit.article.records import Annotation, Claim, Unit
from kit.check.answers import Value
from kit.teacher.exercises.keys import NONE_HERE

__all__ = [
    "LEAST", "Accepted", "Drafts", "Items", "balanced", "chosen", "divided", "draft_is_right", "firm", "in_sight",
    "shapes", "shuffled", "standing",
]  # fmt: skip

LEAST = {"layers": 3, "spans": 2, "cues": 2, "vouchers": 3, "statuses": 3, "classes": 3, "reach": 3, "chains": 2}
"""The fewest lines of a question, by its name; of all others, two."""
Row = TypeVar("Row", Claim, Unit)
Accepted = dict[str, list[Value]]
"""Line to what is accepted there, the best value first."""
Drafts = Mapping[str, Claim]
"""What the drafter, which students hold too, proposes for claims of an annotation, by their ids."""
_MOST = 24
"""Units that are set aside at most. More are never asked, and the lessons can do with them."""
_LEAN = 0.5
"""By how much more of its labels a side may have and still get a unit that a draft reads wrongly."""
_FIELDS = ("layer", "status", "voucher", "cue_class", "reach")
_WHERE = {
    "somebody says: not so": ("status", "denied"),
    "somebody leaves it open": ("status", "unconfirmed"),
    "a judgement, a wish or a demand": ("status", "stance"),
    "passed on, and nobody is named": ("voucher", "none"),
}
_COMMON = {"the", "this", "that", "they", "with", "from", "and", "for", "news", "agency"}
_BEFORE_CUE = {"had", "has", "have", "was", "were", "is", "are", "be", "been", "also", "reportedly"}


def draft_is_right(drafts: Drafts, claim: Claim, field: str) -> bool:
    """Whether a draft of the text holds this claim, and gives it an accepted label of `field`.

    A chain is right when it is as long and has the same gaps: its links are names that anybody can look up.
    """
    mine = drafts.get(claim.id)
    if mine is None:
        return False
    if field == "chain":
        one, two = ([link == UNKNOWN_LINK for link in chain] for chain in (mine.chain, claim.chain))
        return one == two
    accepted = {label.casefold() for label in claim.accepts(field)}
    return bool(mine.accepts(field)) and mine.accepts(field)[0].casefold() in accepted


@dataclass(frozen=True)
class Items:
    """Of the article `whole`: exercise number to question to what is accepted on its lines. `pieces` cuts the sentences
    of the question on acts. A question with too few items, or of which one value would answer every line, is not in
    it."""

    whole: Annotation
    keys: dict[int, dict[str, Accepted]]
    pieces: dict[str, list[str]]


def divided(whole: Annotation, *, seed: str, drafts: Drafts | None = None) -> tuple[str, ...]:
    """The units to set aside for the exercises, in the order of the text: about half (of a long article less),
    with about half of each label.

    Units are dealt out one by one, those with the rarest labels first, each to the side that has less of its labels.
    With `drafts`, units with a status that they hold wrongly go to the exercises by preference, the others to the
    lessons.
    """
    units = {unit.id: [c for c in whole.claims if c.unit == unit.id] for unit in whole.units}
    features = {name: _features(claims) for name, claims in units.items() if claims}
    total = Counter(feature for found in features.values() for feature in found)
    rarest_first = sorted(features, key=lambda name: (min(total[f] for f in features[name]), _lot(seed, name)))
    have: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    aside: set[str] = set()
    for name in rarest_first:
        weight = [sum(side[f] / total[f] for f in features[name]) for side in have]
        lean = 0.0
        if drafts is not None:
            rights = all(draft_is_right(drafts, claim, "status") for claim in units[name] if firm(claim))
            lean = -_LEAN if rights else _LEAN
        mine = weight[0] <= weight[1] + lean and len(aside) < _MOST
        have[0 if mine else 1].update(features[name])
        if mine:
            aside.add(name)
    return tuple(unit.id for unit in whole.units if unit.id in aside)


def _features(claims: Iterable[Claim]) -> list[str]:
    """The labels of a unit's claims, once per claim; and whether it holds both layers, which the lessons need."""
    found = [f"{field} {c.accepts(field)[0]}" for c in claims if firm(c) for field in _FIELDS]
    layers = {claim.layer for claim in claims if firm(claim)}
    return [*found, "claim", *(["both layers"] * 3 if len(layers) == 2 else [])]


def firm(claim: Claim) -> bool:
    """Whether every careful reader gives the claim the same labels, as far as the annotation knows."""
    return not claim.blank and not claim.also


def shuffled(rows: Iterable[Row], seed: str) -> list[Row]:
    """Claims or units in an order that depends on `seed` and their ids alone, so not on the version of Python."""
    return sorted(rows, key=lambda row: _lot(seed, row.id))


def _lot(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def balanced(
    claims: Collection[Claim],
    field: str,
    most: int,
    *,
    seed: str,
    also: Sequence[str] = (),
    last: Callable[[Claim, str], bool] = lambda claim, field: False,
) -> list[Claim]:
    """Up to `most` of the firm `claims`, in the order of the text, with the values of `field` in equal parts.

    Values in `also` come first where the claims cannot hold all; of one value, those that are `last` come last.
    """
    groups: dict[str, list[Claim]] = {value: [] for value in (*also, *names(field))}
    for claim in sorted(shuffled((c for c in claims if firm(c)), seed), key=lambda claim: last(claim, field)):
        groups[claim.accepts(field)[0]].append(claim)
    found: list[Claim] = []
    while len(found) < most and any(groups.values()):
        found += [group.pop(0) for group in groups.values() if group][: most - len(found)]
    return _in_order(found)


def shapes(claims: Iterable[Claim]) -> list[Claim]:
    """The first firm claim of each shape of chain: how long it is, and where its gaps are."""
    found: dict[tuple[bool, ...], Claim] = {}
    for claim in claims:
        if firm(claim) and claim.chain:
            found.setdefault(tuple(link == UNKNOWN_LINK for link in claim.chain), claim)
    return list(found.values())


def chosen(whole: Annotation, aside: Collection[str], *, seed: str, drafts: Drafts | None = None) -> Items:
    """The items for the article `whole` from the units set `aside`; only claims with one accepted status are asked.

    With `drafts`, claims that the drafter labels otherwise than the annotation come first.
    """
    even = balanced if drafts is None else partial(balanced, last=partial(draft_is_right, drafts))
    hidden = [claim for claim in whole.claims if claim.unit in aside]
    claims = list(filter(firm, hidden))
    contents = shuffled((claim for claim in claims if claim.layer == "content"), seed)
    if drafts is not None:
        contents.sort(key=lambda claim: draft_is_right(drafts, claim, "chain"))
    acts = shuffled((claim for claim in claims if claim.layer == "act"), seed)
    # A content that is asked for its layer is not called a content in another question.
    layered = contents[: min(4, max(1, len(contents) // 3))]
    cued = [claim for claim in contents if claim not in layered and claim.cue]
    cued = cued[: min(4, len(cued) // 2 if len(cued) > 2 else len(cued))]
    vouched = even([c for c in contents if c not in [*layered, *cued]], "voucher", 6, seed=seed)
    shaped = shapes(contents)
    chains = [*shaped, *(claim for claim in contents if claim.chain and claim not in shaped)][:5]
    open_ones = even(claims, "status", min(6, len(claims) // 3), seed=f"{seed} 4", also=("denied", "unconfirmed"))
    rest = [claim for claim in claims if claim not in open_ones]
    where = {line: standing(hidden, *what) for line, what in _WHERE.items()}
    pieces, spans = _spans([u for u in whole.units if u.id in aside and "|" not in u.text], whole.claims)
    keys: dict[int, dict[str, Accepted]] = {
        1: {
            "layers": _labels([*acts[:4], *layered], "layer"),
            "spans": spans,
            "cues": {c.id: _cues(c, whole) for c in _in_order(cued)},
            "vouchers": _labels(vouched, "voucher"),
        },
        2: {"statuses": _labels(even(rest, "status", 12, seed=f"{seed} 2"), "status")},
        3: {
            "classes": _labels(even(claims, "cue_class", 6, seed=f"{seed} 3"), "cue_class"),
            "reach": _labels(even(contents, "reach", 6, seed=f"{seed} 3"), "reach"),
            "chains": {c.id: _chains(c, whole) for c in _in_order(chains)},
        },
        4: {
            "statuses": _labels(open_ones, "status"),
            "where": {line: [*(sure or [NONE_HERE]), *some] for line, (sure, some) in where.items()},
        },
        5: {},
    }
    fit = {n: {name: key for name, key in asked.items() if _fit(name, key)} for n, asked in keys.items()}
    return Items(whole, fit, pieces)


def in_sight(whole: Annotation, wanted: Collection[str]) -> list[Unit]:
    """The units `wanted`, in the order of the text, with those that a reader needs to see who speaks in them: where a
    quotation opens that is still open there, and where those are named who speak in them or hand their words on.

    Somebody is named where a word stands that no other's name has. Of several such sentences it is one before it in the
    same paragraph, or else one that tells of an act, one before it, the nearest.
    """
    words = {source.id: _telling(source.name) for source in whole.sources}
    shared = Counter(itertools.chain(*words.values()))
    names = {source: {one for one in found if shared[one] == 1} or found for source, found in words.items()}
    telling = {claim.unit for claim in whole.claims if claim.layer == "act"}
    shown = set(wanted)
    for unit in (unit for unit in whole.units if unit.id in wanted):
        same = [one for one in whole.units if one.paragraph == unit.paragraph]
        before = same[: same.index(unit)]
        shown |= {one.id for one in _since_the_mark(same, unit)}
        voices = {link for claim in whole.claims if claim.unit == unit.id for link in (claim.source, *claim.chain)}
        for source in voices & names.keys():
            named = [one for one in whole.units if names[source] & _telling(one.text)]
            if named and unit not in named:
                away = {one.id: one.start - unit.start for one in named}
                near = [
                    (one not in before, one.id not in telling, away[one.id] > 0, abs(away[one.id])) for one in named
                ]
                shown.add(min(zip(near, away, strict=True))[1])
    return [unit for unit in whole.units if unit.id in shown]


def _telling(words: str) -> set[str]:
    """The words by which a name is known again: those of four letters or more, or with a capital."""
    return {word.casefold() for word in re.findall(r"[^\W_]+", words) if len(word) > 3 or word[0].isupper()} - _COMMON


def _since_the_mark(paragraph: Sequence[Unit], unit: Unit) -> list[Unit]:
    """The units of the `paragraph` before `unit`, from the one whose quotation mark is still open there."""
    before, opened = paragraph[: paragraph.index(unit)], False
    found: list[Unit] = []
    for one in before:
        found = [*found, one] if opened else [one]
        for mark in re.findall('[“”"„«»]', one.text):
            opened = mark in "“„«" or (mark == '"' and not opened)
            found = [one] if opened else found
    return found if opened else []


def _fit(name: str, key: Accepted) -> bool:
    """Whether a question is one: enough lines, and no value that answers them all."""
    enough = len(key) >= LEAST.get(name, 2)
    return enough and not [value for value in next(iter(key.values())) if all(value in fits for fits in key.values())]


def _in_order(claims: Iterable[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: claim.start)


def _labels(claims: Iterable[Claim], field: str) -> Accepted:
    return {claim.id: list(claim.accepts(field)) for claim in _in_order(claims)}


def _chains(claim: Claim, whole: Annotation) -> list[Value]:
    """The chain; and with or without a gap before the article, unless an outlet stands there, which hands on."""
    outlets = {source.id for source in whole.sources if source.kind == "agency"}
    links = [link for link in claim.chain if link != HERE]
    while len(links) > 1 and links[-1] == UNKNOWN_LINK:
        links.pop()
    both = [[*links, HERE], [*links, UNKNOWN_LINK, HERE]]
    if not links or links[-1] in outlets or links == [UNKNOWN_LINK]:
        return [list(claim.chain)]
    return [list(claim.chain), *(chain for chain in both if chain != list(claim.chain))]


def _cues(claim: Claim, whole: Annotation) -> list[Value]:
    """The cue in small letters; and with an auxiliary before it, or the speaker's name behind it."""
    text = whole.unit[claim.unit].text.casefold()
    cue = claim.cue.casefold()
    before = text.partition(cue)[0].split()
    name = next((s.name.casefold() for s in whole.sources if s.id == claim.source), "")
    longer = [f"{before[-1]} {cue}"] if before and before[-1] in _BEFORE_CUE else []
    longer += [f"{cue} {who}" for who in (name, f"the {name}") if name and f"{cue} {who}" in text]
    return [cue, *longer]


def standing(claims: Iterable[Claim], field: str, value: str) -> tuple[list[str], list[str]]:
    """The units of `claims` where every reader finds the value, and those where only some do."""
    found = [claim for claim in claims if value in claim.accepts(field)]
    sure = dict.fromkeys(claim.unit for claim in found if len(claim.accepts(field)) == 1)
    return list(sure), list(dict.fromkeys(claim.unit for claim in found if claim.unit not in sure))


def _spans(units: Iterable[Unit], claims: Sequence[Claim]) -> tuple[dict[str, list[str]], Accepted]:
    """Units cut into pieces, and the pieces of their one act; words that belong to no claim may be in it or not."""
    cuts: dict[str, list[str]] = {}
    keys: Accepted = {}
    for unit in units:
        mine = _in_order(claim for claim in claims if claim.unit == unit.id)
        apart = all(one.end <= other.start for one, other in itertools.pairwise(mine))
        acts = [claim for claim in mine if claim.layer == "act"]
        if not apart or len(acts) != 1 or len(mine) < 2 or not all(map(firm, mine)) or len(cuts) == 4:
            continue
        parts = _cut(unit, mine)
        act = [n for n, (_, claim) in enumerate(parts, 1) if claim == acts[0].id]
        loose = [n for n in (act[0] - 1, act[-1] + 1) if 0 < n <= len(parts) and not parts[n - 1][1]]
        more = [sorted([*act, *some]) for size in (1, 2) for some in itertools.combinations(loose, size)]
        cuts[unit.id], keys[unit.id] = [text for text, _ in parts], [act, *more]
    return cuts, keys


def _cut(unit: Unit, claims: Sequence[Claim]) -> list[tuple[str, str]]:
    """The unit in pieces: (text, claim, or "" between claims). Contents are cut at their commas as well."""
    edges = [(c.start - unit.start, c.end - unit.start, c) for c in claims]
    parts: list[tuple[str, str]] = []
    at, lead = 0, ""
    for start, end, claim in [*edges, (len(unit.text), len(unit.text), None)]:
        between = unit.text[at:start].strip()
        if re.search(r"\w", between):
            parts.append((between, ""))
        elif between and parts:
            parts[-1] = (f"{parts[-1][0]}{between}", parts[-1][1])
        else:
            lead = between
        if claim is not None:
            pieces = re.split(r"(?<=,) ", unit.text[start:end]) if claim.layer == "content" else [unit.text[start:end]]
            parts += [(piece, claim.id) for piece in [f"{lead}{pieces[0]}", *pieces[1:]]]
            lead = ""
        at = end
    return parts
