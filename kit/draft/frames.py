"""The drafter as data: what it finds as a frame, and how it agrees with an annotation made by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.article import Article
from kit.draft.attribution import PATTERNS, Attribution, attributions, read
from kit.draft.claims import claims
from kit.draft.scores import PARTS, Attributed, compared, matched
from kit.draft.units import units
from kit.records import Claim

__all__ = ["Given", "drafted", "found", "given", "patterns", "scored", "statuses"]


def __dir__() -> list[str]:
    return __all__


Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Given:
    """An attribution as an annotation gives it: half-open code-point spans."""

    source: Spans
    cue: Spans
    content: Spans


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
    (whether the proposal is among the statuses that people accept). Give `people` and `rules` to `kit.agreement.kappa`.
    """
    rules, pairs = _matched(article)
    rows = []
    for claim in article.annotation.claims:
        status = rules[pairs[claim.id]].status if claim.id in pairs else None
        rows.append([claim.id, claim.layer, claim.quote, claim.status, status, status in (claim.status, *claim.also)])
    return pd.DataFrame(rows, columns=["claim", "layer", "quote", "people", "rules", "accepted"]).set_index("claim")


def drafted(article: Article) -> pd.DataFrame:
    """The claims that the rules propose for an annotated article, one row each, in the order of the text.

    Columns: `layer`, `quote`, `rules` (the status), `why`, `claim` (the claim of the annotation that it matches, as in
    `statuses`; NA where people marked no such claim). The share of rows with a `claim` is the precision of what was
    found; the share of rows of `statuses` with a status in `rules` is the recall.
    """
    rules, pairs = _matched(article)
    people = {mine: theirs for theirs, mine in pairs.items()}
    rows = [[claim.layer, claim.quote, claim.status, claim.why, people.get(name)] for name, claim in rules.items()]
    return pd.DataFrame(rows, columns=["layer", "quote", "rules", "why", "claim"])


def _matched(article: Article) -> tuple[dict[str, Claim], dict[str, str]]:
    """The claims of the rules by id, and for each claim of people that has a match, which one: no claim twice."""
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


def _about(one: Attribution) -> tuple[str, str, str]:
    return one.word.cue_class, one.word.sense, one.pattern


def _words(text: str, spans: Spans) -> str:
    return " … ".join(text[start:end] for start, end in spans)
