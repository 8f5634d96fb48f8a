"""How many claims of a draft are right as they are proposed, on whole articles that were labelled before.

A proposed claim is right if a label has the same layer, words that overlap by one half or more (shared letters over
all letters of both; no label twice), a status that the label accepts, and the same source. A source of the draft is
that labelled source whose name has most words in common with its name (shared words over all); where none has, or two
have as many, it is nobody's. Of an act the source is who spoke, where the draft names somebody. A label without such
a proposal is missing, or “cut otherwise” where proposals of its layer hold half of its words: a person splits or joins.

Run it to see the scores of both halves, and what is wrong in the open one: python tests/draft/as_proposed.py
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.article.annotation_file import parse, read
from kit.article.codebook import HERE, OWN_VOICES, UNKNOWN_LINK
from kit.article.records import Annotation, Claim
from kit.draft.frames import matched
from kit.teacher.authoring.drafting import annotated

ARTICLES = Path(__file__).parent.parent / "data" / "articles"
_WORD = re.compile(r"\b(?!(?:the|an|and|of|for|from|at|in|to|its|his|her)\b)\w{2,}")
_NOBODY = (*OWN_VOICES, HERE, UNKNOWN_LINK)


@dataclass(frozen=True)
class Judged:
    """One proposed claim, or (`label` alone) one that is not proposed so; `fault` is empty where it is right."""

    proposed: Claim | None
    label: Claim | None
    fault: str


@dataclass(frozen=True)
class Score:
    """Counts over some articles: `labels` given, claims proposed `right` and `wrong`, labels `missing` and `cut`."""

    labels: int
    right: int
    wrong: int
    missing: int
    cut: int

    def __str__(self) -> str:
        """As the table of docs/drafting.md has it."""
        proposed = self.right + self.wrong
        right, missing = (100 * n / of for n, of in ((self.right, proposed), (self.missing, self.labels)))
        counts = f"{self.labels} | {proposed} | {self.right} ({right:.0f} %)"
        return f"{counts} | {self.missing} ({missing:.0f} %) | {self.cut}"


def articles(half: str) -> list[Path]:
    """The labelled articles of one half, `open` or `closed`."""
    return sorted((ARTICLES / half).glob("*.toml"))


def judged(path: Path) -> Iterator[Judged]:
    """Every claim that the draft of the text proposes, in its order, and then every label that none of them meets."""
    key = read(path)
    facts = key.facts
    draft, _ = parse(annotated(key.text, slug=facts.slug, headline=facts.headline, dateline=facts.dateline), path)
    pairs: dict[str, Claim] = {}
    for ours, theirs in (("act", "act"), ("content", "content"), ("act", "content"), ("content", "act")):
        met = {label.id for label in pairs.values()}
        one = [claim for claim in draft.claims if claim.layer == ours and claim.id not in pairs]
        two = [label for label in key.claims if label.layer == theirs and label.id not in met]
        spans = ([set(range(claim.start, claim.end)) for claim in side] for side in (one, two))
        pairs |= {one[i].id: two[j] for i, j in matched(*spans)}
    for claim in draft.claims:
        label = pairs.get(claim.id)
        yield Judged(claim, label, _fault(claim, label, draft, key))
    met = {label.id for label in pairs.values()}
    for label in key.claims:
        if label.id not in met:
            held = {at for one in draft.claims if one.layer == label.layer for at in range(one.start, one.end)}
            half = 2 * len(held & set(range(label.start, label.end))) >= label.end - label.start
            yield Judged(None, label, "cut otherwise" if half else "missing")


def score(cases: Iterable[Judged]) -> Score:
    """The counts of what was judged."""
    cases = list(cases)
    kinds = Counter(case.fault if not case.proposed else "wrong" if case.fault else "right" for case in cases)
    labels = sum(case.label is not None for case in cases)
    return Score(labels, *(kinds[kind] for kind in ("right", "wrong", "missing", "cut otherwise")))


def _fault(claim: Claim, label: Claim | None, draft: Annotation, key: Annotation) -> str:
    """What is wrong with a proposed claim; empty where nothing is."""
    if label is None:
        return "no such claim"
    if claim.layer != label.layer:
        return "layer"
    wrong = [] if _same_source(claim, label, draft, key) else ["source"]
    wrong += [] if claim.status in label.accepts("status") else ["status"]
    return " and ".join(wrong)


def _same_source(claim: Claim, label: Claim, draft: Annotation, key: Annotation) -> bool:
    if claim.layer == "content":
        mine, theirs = claim.source, label.source
        # With a further reading goes its voucher: who reads it as asserted says that the author vouches.
        other = "asserted" if claim.source == "author" else "alleged"
        if "author" in (mine, theirs) and mine != theirs:
            return other == claim.status and other in label.also
    else:
        mine, theirs = (side.chain[0] if side.chain else HERE for side in (claim, label))
        if mine in _NOBODY:
            return True
    if mine in _NOBODY or theirs in _NOBODY:
        return mine == theirs
    (name,) = (source.name for source in draft.sources if source.id == mine)
    return _meant(name, key) == theirs


def _meant(name: str, key: Annotation) -> str:
    """The id of the labelled source that a name means; empty where it is nobody's."""
    mine, shares = _words(name), {}
    for source in key.sources:
        theirs = _words(source.name)
        shares[source.id] = len(mine & theirs) / len(mine | theirs)
    best = [one for one, share in shares.items() if share and share == max(shares.values())]
    return best[0] if len(best) == 1 else ""


def _words(name: str) -> set[str]:
    return set(_WORD.findall(name.lower()))


def _shown(case: Judged, key: Path) -> str:
    """One line on a case: what is wrong, and in brackets what the label says."""
    mine, label = case.proposed, case.label
    one = mine or label
    assert one
    said = f"{mine.source} {mine.status}" if mine else ""
    right = f"[{label.quote[:60]}: {label.chain[0]} {' or '.join(label.accepts('status'))}]" if label else ""
    return f"  {key.stem} {one.unit} {one.layer}: {case.fault}: “{one.quote[:90]}” {said} {right}"


if __name__ == "__main__":
    for half in ("open", "closed"):
        print(
            half,
            "| labels | proposed | right | missing | cut otherwise:",
            score(c for p in articles(half) for c in judged(p)),
        )
    for path in articles("open"):
        print(f"{path.stem}: {score(judged(path))}")
        print("\n".join(_shown(case, path) for case in judged(path) if case.fault))
