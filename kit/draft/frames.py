"""The drafter as data: what it finds as a frame, and how it agrees with an annotation made by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.article import Article
from kit.draft.attribution import Attribution, attributions, read
from kit.draft.claims import claims
from kit.draft.scores import PARTS, Attributed, compared
from kit.draft.units import units
from kit.records import Claim

__all__ = ["Given", "found", "given", "scored", "statuses"]

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Given:
    """An attribution as an annotation gives it: half-open code-point spans."""

    source: Spans
    cue: Spans
    content: Spans


def found(article: Article | str) -> pd.DataFrame:
    """What the rules find in an article (or a text), one row per attribution in the order of the text.

    Columns: `source`, `cue`, `content` (words; several pieces joined by " … "), `cue_class`, `sense` (says, thinks,
    shows, wants, asks, judges), `pattern` (the rule's name), `start` and `end` (offsets of the content's first piece).
    """
    text = article if isinstance(article, str) else article.text
    rows = [
        [*(_words(text, getattr(one, part)) for part in PARTS), *_about(one), *one.content[0]]
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
        text = next(unit.text for unit in whole.units if unit.id == claim.unit)
        at = starts[claim.unit] + text.find(claim.cue)
        act = acts.get((claim.unit, claim.cue))
        rows.append(Given(_around(act, at), ((at, at + len(claim.cue)),), ((claim.start, claim.end),)))
    return tuple(rows)


def _around(act: Claim | None, at: int) -> Spans:
    if act is None or not act.start <= at < act.end:
        return ()
    before, after = (act.start, at), (at + len(act.cue), act.end)
    return (max(before, after, key=lambda span: span[1] - span[0]),)


def scored(text: str, proposed: Sequence[Attributed], people: Sequence[Attributed]) -> pd.DataFrame:
    """Precision, recall and F1 of `proposed` against what `people` marked.

    Index `part`: source, cue, content (word by word), whole (attributions whose contents overlap by one half or
    more), all three (source and cue too). Columns: `proposed`, `given`, `right` (counts), `precision`, `recall`, `f1`.
    """
    scores = compared(text, proposed, people)
    rows = {part: [s.proposed, s.given, s.right, s.precision, s.recall, s.f1] for part, s in scores.items()}
    columns = ["proposed", "given", "right", "precision", "recall", "f1"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("part")


def statuses(article: Article) -> pd.DataFrame:
    """The status that the rules propose for each claim of an annotated article.

    One row per claim of the annotation. Index: `claim`. Columns: `layer`, `quote`, `people` and `rules` (statuses; NA
    where the rules found no such claim: the same layer, and words that overlap by one half or more), `accepted`
    (whether the proposal is among the statuses that people accept). Give `people` and `rules` to `kit.kappa`.
    """
    whole = article.annotation
    reading = read(article.text)
    made, _ = claims(reading, units(reading, whole.facts.headline))
    spans = {unit.id: unit.start for unit in units(reading, whole.facts.headline)}
    drafted = [(claim, *_span(claim, reading.tokens.text, spans)) for claim in made]
    rows = [_compared(claim, drafted) for claim in whole.claims]
    return pd.DataFrame(rows, columns=["claim", "layer", "quote", "people", "rules", "accepted"]).set_index("claim")


def _span(claim: Claim, text: str, starts: dict[str, int]) -> tuple[int, int]:
    at = text.index(claim.quote, starts[claim.unit])
    return at, at + len(claim.quote)


def _compared(claim: Claim, drafted: list[tuple[Claim, int, int]]) -> list[object]:
    """A claim of people beside the drafted one that shares most of its letters, if it shares half of them."""

    def shared(row: tuple[Claim, int, int]) -> float:
        _, start, end = row
        both = min(end, claim.end) - max(start, claim.start)
        return both / (max(end, claim.end) - min(start, claim.start))

    near = max((row for row in drafted if row[0].layer == claim.layer), key=shared, default=None)
    if near is None or shared(near) < 0.5:
        return [claim.id, claim.layer, claim.quote, claim.status, None, False]
    status = near[0].status
    return [claim.id, claim.layer, claim.quote, claim.status, status, status in (claim.status, *claim.also)]


def _about(one: Attribution) -> tuple[str, str, str]:
    return one.word.cue_class, one.word.sense, one.pattern


def _words(text: str, spans: Spans) -> str:
    return " … ".join(text[start:end] for start, end in spans)
