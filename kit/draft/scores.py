"""How well two lists of attributions agree: word by word, and as whole attributions.

An attribution here is anything with `source`, `cue` and `content`, each a sequence of half-open code-point spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["PARTS", "Attributed", "Score", "added", "compared", "matched"]

PARTS = ("source", "cue", "content")
_WORD = re.compile(r"\w+(?:['’\-.]\w+)*")

Spans = Sequence[tuple[int, int]]


class Attributed(Protocol):
    """Anything that has spans for source, cue and content."""

    source: Spans
    cue: Spans
    content: Spans


@dataclass(frozen=True)
class Score:
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


def compared(text: str, proposed: Sequence[Attributed], given: Sequence[Attributed]) -> dict[str, Score]:
    """Scores of `proposed` against `given`, over one text.

    Keys: source, cue and content (words that are part of one), whole (attributions with a content overlap of
    at least one half), all three (whole, and source and cue right in the same way). Add up over texts with `added`.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    sets = [[{part: _words(words, getattr(one, part)) for part in PARTS} for one in side] for side in (proposed, given)]
    scores = {}
    for part in PARTS:
        one, two = (set().union(*(each[part] for each in side)) for side in sets)
        scores[part] = Score(len(one), len(two), len(one & two))
    pairs = matched([each["content"] for each in sets[0]], [each["content"] for each in sets[1]])
    every = sum(all(_alike(sets[0][i][part], sets[1][j][part]) for part in ("source", "cue")) for i, j in pairs)
    scores["whole"] = Score(len(proposed), len(given), len(pairs))
    scores["all three"] = Score(len(proposed), len(given), every)
    return scores


def added(scores: Iterable[dict[str, Score]]) -> dict[str, Score]:
    """The counts of several texts as one."""
    total: dict[str, Score] = {}
    for each in scores:
        for key, s in each.items():
            t = total.get(key, Score(0, 0, 0))
            total[key] = Score(t.proposed + s.proposed, t.given + s.given, t.right + s.right)
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


def _alike(one: set[int], two: set[int]) -> bool:
    return _overlap(one, two) >= 0.5
