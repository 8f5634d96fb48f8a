"""The drafter as data: what it finds as a frame, and how it agrees with an annotation, the key.

An attribution here is anything with `source`, `cue` and `content`, each a sequence of half-open code-point spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from kit.article.loading import Article
from kit.article.records import Claim
from kit.draft.claims import claims
from kit.draft.rules_in_order import PATTERNS, attributions, read
from kit.draft.tokens import Range
from kit.draft.units import units

__all__ = ["Given", "drafted", "found", "given", "patterns", "proposals", "scored", "statuses"]


def __dir__() -> list[str]:
    return __all__


PARTS = ("source", "cue", "content")
_WORD = re.compile(r"\w+(?:['’\-.]\w+)*")

Spans = Sequence[Range]


@dataclass(frozen=True)
class Given:
    """An attribution as an annotation gives it: half-open code-point spans."""

    source: tuple[Range, ...]
    cue: tuple[Range, ...]
    content: tuple[Range, ...]


def patterns() -> pd.DataFrame:
    """The rules, in the order in which they are tried on a cue. Index: `rule`. Columns: `finds`, `example`."""
    rows = [[rule.name, rule.sense, rule.example] for rule in PATTERNS]
    return pd.DataFrame(rows, columns=["rule", "finds", "example"]).set_index("rule")


def found(article: Article | str) -> pd.DataFrame:
    """What the rules find in an article (or a text), one row per attribution in the order of the text.

    Columns: `source`, `cue`, `content` (words; several pieces joined by " … "), `cue_class`, `sense` (says, thinks,
    shows, wants, asks, judges), `pattern` (the rule's name), `start` and `end` (offsets of the content's first piece).
    """
    text = article if isinstance(article, str) else article.text
    rows = [
        [
            *(" … ".join(text[start:end] for start, end in getattr(one, part)) for part in PARTS),
            *(one.word.cue_class, one.word.sense, one.pattern),
            *one.content[0],
        ]
        for one in attributions(text)
    ]
    return pd.DataFrame(rows, columns=[*PARTS, "cue_class", "sense", "pattern", "start", "end"])


def given(article: Article) -> tuple[Given, ...]:
    """The attributions of an article's annotation: each content with a cue and a source in its unit.

    The source is what is left of the act's words around the cue, as far as the annotation has such an act.
    """
    whole = article.annotation
    starts = {unit.id: unit.start for unit in whole.units}
    acts = {(claim.unit, claim.cue): claim for claim in whole.claims if claim.layer == "act"}
    rows = []
    for claim in whole.claims:
        if claim.layer != "content" or not claim.cue:
            continue
        text = whole.unit[claim.unit].text
        at = starts[claim.unit] + text.find(claim.cue)
        act = acts.get((claim.unit, claim.cue))
        cue, source = (at, at + len(claim.cue)), ()
        if act and act.start <= at < act.end:
            source = (max((act.start, at), (cue[1], act.end), key=lambda span: span[1] - span[0]),)
        rows.append(Given(source, (cue,), ((claim.start, claim.end),)))
    return tuple(rows)


def scored(text: str, proposed: Sequence[Attributed], key: Sequence[Attributed]) -> pd.DataFrame:
    """Precision, recall and F1 of `proposed` against what is marked in `key`.

    Index `part`: source, cue, content (word by word), whole (attributions whose contents overlap by one half or
    more), all three (source and cue too). Columns: `proposed`, `given`, `right` (counts), `precision`, `recall`, `f1`.
    """
    scores = compared(text, proposed, key)
    rows = {part: [s.proposed, s.given, s.right, s.precision, s.recall, s.f1] for part, s in scores.items()}
    columns = ["proposed", "given", "right", "precision", "recall", "f1"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("part")


def statuses(article: Article) -> pd.DataFrame:
    """The status that the rules propose for each claim of an annotated article.

    One row per claim of the annotation. Index: `claim`. Columns: `layer`, `quote`, `key` and `rules` (statuses; NA
    where the rules found no such claim: the same layer, and words that overlap by one half or more), `accepted`
    (whether the proposal is among the statuses that the key accepts). Give `key` and `rules` to `kit.agreement.kappa`.
    """
    rules, pairs = _matched(article)
    rows = []
    for claim in article.annotation.claims:
        status = rules[pairs[claim.id]].status if claim.id in pairs else None
        rows.append([claim.id, claim.layer, claim.quote, claim.status, status, status in (claim.status, *claim.also)])
    return pd.DataFrame(rows, columns=["claim", "layer", "quote", "key", "rules", "accepted"]).set_index("claim")


def drafted(article: Article) -> pd.DataFrame:
    """The claims that the rules propose for an annotated article, one row each, in the order of the text.

    Columns: `layer`, `quote`, `rules` (the status), `why`, `claim` (the claim of the annotation that it matches, as in
    `statuses`; NA where it has no such claim). The share of rows with a `claim` is the precision of what was
    found; the share of rows of `statuses` with a status in `rules` is the recall.
    """
    rules, pairs = _matched(article)
    key = {mine: theirs for theirs, mine in pairs.items()}
    rows = [[claim.layer, claim.quote, claim.status, claim.why, key.get(name)] for name, claim in rules.items()]
    return pd.DataFrame(rows, columns=["layer", "quote", "rules", "why", "claim"])


def proposals(article: Article) -> dict[str, Claim]:
    """For each claim of an annotated article that the rules find, by its id, the claim that they propose."""
    rules, pairs = _matched(article)
    return {theirs: rules[mine] for theirs, mine in pairs.items()}


def _matched(article: Article) -> tuple[dict[str, Claim], dict[str, str]]:
    """The claims of the rules by id, and for each claim of the key that has a match, which one: no claim twice."""
    whole, reading = article.annotation, read(article.text)
    split = units(reading, whole.facts.headline)
    made, _ = claims(reading, split)
    starts = {unit.id: unit.start for unit in split}
    at = [reading.text.index(claim.quote, starts[claim.unit]) for claim in made]
    mine = [set(range(start, start + len(claim.quote))) for claim, start in zip(made, at, strict=True)]
    theirs = [set(range(claim.start, claim.end)) for claim in whole.claims]
    pairs = {}
    for layer in ("act", "content"):  # matched apart: an act and a content never meet
        one, two = ([n for n, claim in enumerate(side) if claim.layer == layer] for side in (made, whole.claims))
        for i, j in matched([mine[n] for n in one], [theirs[n] for n in two]):
            pairs[whole.claims[two[j]].id] = made[one[i]].id
    return {claim.id: claim for claim in made}, pairs


class Attributed(Protocol):
    """Anything that has spans for source, cue and content."""

    source: Spans
    cue: Spans
    content: Spans


@dataclass(frozen=True)
class Tally:
    """Counts of one comparison: `proposed`, `given`, and how many of them are `right` in both.

    `precision`, `recall` and `f1` are shares; each is 0.0 where it is undefined.
    """

    proposed: int
    given: int
    right: int

    @property
    def precision(self) -> float:
        """Of what was proposed, the share that is right."""
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def recall(self) -> float:
        """Of what was given, the share that was found."""
        return self.right / self.given if self.given else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both: 2 right / (proposed + given)."""
        both = self.proposed + self.given
        return 2 * self.right / both if both else 0.0


def compared(text: str, proposed: Sequence[Attributed], given: Sequence[Attributed]) -> dict[str, Tally]:
    """Scores of `proposed` against `given`, over one text.

    Keys: source, cue and content (words that are part of one), whole (attributions with a content overlap of
    at least one half), all three (whole, and source and cue right in the same way). Add up over texts with `added`.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    sets = [[{part: _words(words, getattr(one, part)) for part in PARTS} for one in side] for side in (proposed, given)]
    scores = {}
    for part in PARTS:
        one, two = (set().union(*(each[part] for each in side)) for side in sets)
        scores[part] = Tally(len(one), len(two), len(one & two))
    pairs = matched([each["content"] for each in sets[0]], [each["content"] for each in sets[1]])
    every = sum(all(_overlap(sets[0][i][part], sets[1][j][part]) >= 0.5 for part in PARTS[:2]) for i, j in pairs)
    scores["whole"] = Tally(len(proposed), len(given), len(pairs))
    scores["all three"] = Tally(len(proposed), len(given), every)
    return scores


def added(scores: Iterable[dict[str, Tally]]) -> dict[str, Tally]:
    """The counts of several texts as one."""
    total: dict[str, Tally] = {}
    for each in scores:
        for key, s in each.items():
            t = total.get(key, Tally(0, 0, 0))
            total[key] = Tally(t.proposed + s.proposed, t.given + s.given, t.right + s.right)
    return total


def matched(proposed: Sequence[set[int]], given: Sequence[set[int]]) -> list[tuple[int, int]]:
    """Pairs (proposed, given) of contents that overlap by one half or more (shared words over all), best first."""
    ranked = sorted(
        ((_overlap(a, b), -i, -j) for i, a in enumerate(proposed) for j, b in enumerate(given) if a & b), reverse=True
    )
    pairs: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for overlap, i, j in ranked:
        if overlap >= 0.5 and -i not in taken[0] and -j not in taken[1]:
            pairs.append((-i, -j))
            taken[0].add(-i)
            taken[1].add(-j)
    return pairs


def _words(words: list[tuple[int, int]], spans: Spans) -> set[int]:
    """The numbers of the words that lie in the spans, wholly or in part."""
    return {number for number, (a, b) in enumerate(words) for start, end in spans if a < end and b > start}


def _overlap(one: set[int], two: set[int]) -> float:
    return len(one & two) / len(one | two) if one | two else 1.0
