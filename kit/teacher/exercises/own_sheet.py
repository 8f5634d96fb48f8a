"""A test on paper for a course of one's own: one page on the sentences that are set aside, and its key."""

from __future__ import annotations

from pathlib import Path

import nbformat

from kit.article.annotation_file import read
from kit.article.records import Claim
from kit.errors import KitError
from kit.teacher.exercises.own_selection import balanced
from kit.teacher.exercises.own_templates import ARTICLE, long_date, parts, plain

__all__ = ["sheet"]

_CLAIMS, _WORDS = 8, 260
"""As many claims, and words in their sentences, as one page holds in the print of the kit."""
_EDGE = "\ue000"
"""A letter that no article has: where the bold words begin and end, until stars of the article are escaped."""


def sheet(course: Path) -> dict[str, str]:
    """The `test` and its `key`, as Markdown: up to eight claims of different status, each in its sentence.

    Where the claim has no cue of its own, the sentence before stands with it, so that the speaker is in sight. Raises
    KitError where there are no solutions in `course`; AnnotationError where its annotation does not hold.
    """
    solutions = sorted((course / "teacher" / "solutions").glob("*.ipynb"))
    if not solutions:
        raise KitError(f"{course} has no teacher/solutions, so there is no test to print. Give the whole course.")
    whole = read(course / "teacher" / "seeds" / f"{ARTICLE}.toml")
    aside = nbformat.read(solutions[0], as_version=4).metadata["kit"]["blank"][ARTICLE]
    place = {unit.id: at for at, unit in enumerate(whole.units)}

    def shown(claim: Claim) -> str:
        unit, before = whole.units[place[claim.unit]], whole.units[max(0, place[claim.unit] - 1)]
        start, end = claim.start - unit.start, claim.end - unit.start
        marked = _EDGE.join((unit.text[:start], unit.text[start:end], unit.text[end:]))
        led = claim.source not in ("author", "none") and not claim.cue and before.paragraph == unit.paragraph
        return plain(f"{before.text} {marked}" if led and before != unit else marked).replace(_EDGE, "**")

    rows: list[tuple[Claim, str]] = []
    for claim in balanced([c for c in whole.claims if c.unit in aside], "status", _CLAIMS, seed="test"):
        if sum(len(words.split()) for _, words in rows) + len(shown(claim).split()) <= _WORDS:
            rows.append((claim, shown(claim)))
    words = {"facts": whole.facts, "date": long_date(whole.facts.dateline), "rows": rows}
    return parts("test", words)
