"""The written question of the last exercise: its rubric, and a sample answer of each level, in words of the article."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.article import Article
from kit.codebook import names
from kit.course.pages import parts
from kit.keys import accepted
from kit.records import Claim

__all__ = ["rubric", "samples"]

_OPEN = " Keeps “no evidence yet” open: neither proof nor denial."
_SILENT = " Says that the accused are silent in this text, and what that does not mean."
_SUPPORTED = "only acts on record and contents for which the text itself gives support,"
_QUOTED, _MOST = 9, 190
"""Words: of a quote that is good to read, and of an answer that keeps to its limit."""


def rubric(levels: Iterable[dict[str, Any]], edition: Article) -> list[dict[str, Any]]:
    """The levels, without what this article gives no occasion for: open questions, silence."""
    statuses = {status for claim in _shown(edition) for status in accepted(claim, "status")}
    unasked = [_OPEN] * ("unconfirmed" not in statuses) + [_SILENT] * (not _silent(edition))
    supported = any(claim.layer == "content" and claim.status == "confirmed" for claim in _shown(edition))
    found = [dict(level) for level in levels]
    for level in found:
        if supported:
            level["words"] = level["words"].replace("only acts on record,", _SUPPORTED)
        for words in unasked:
            level["words"] = level["words"].replace(words, "")
        if unasked:
            level["words"] = level["words"].replace("one of these three is left out", "one of these is left out")
    return found


def samples(edition: Article) -> dict[str, str]:
    """A sample answer for each level, with claims of the students' edition, those of middling length first."""
    shown = sorted(_shown(edition), key=lambda claim: (abs(len(claim.quote.split()) - _QUOTED), claim.start))
    of = {status: [c for c in shown if c.status == status and c.layer == "content"] for status in names("status")}
    whose = {source.id: source.name for source in edition.annotation.sources}
    day = edition.facts.dateline
    words = {
        "date": f"{day.day} {day:%B %Y}",
        "acts": [claim for claim in shown if claim.layer == "act" and claim.status == "confirmed"][:2],
        "of": of,
        "told": [claim for claim in of["alleged"] if claim.source in whose][:2],
        "flat": [*of["alleged"], *of["asserted"]][:2],
        "whose": whose,
        "silent": _silent(edition),
        "quote": _quote,
        "all": _all,
    }
    return {level: _short(text).replace("\\", "\\\\") for level, text in parts("samples", words).items()}


def _short(text: str) -> str:
    """The paragraphs of `text` that a limit of words leaves room for."""
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        if len(" ".join([*kept, paragraph]).split()) <= _MOST:
            kept.append(paragraph)
    return "\n\n".join(kept)


def _shown(edition: Article) -> list[Claim]:
    return [claim for claim in edition.annotation.claims if not claim.blank]


def _silent(edition: Article) -> list[str]:
    names = {source.id: source.name for source in edition.annotation.sources}
    return [names[reply.source] for reply in edition.annotation.replies if reply.reply == "not reported"]


def _all(claims: list[Claim]) -> str:
    *first, last = map(_quote, claims)
    return f"{', '.join(first)} and {last}" if first else last


def _quote(claim: Claim) -> str:
    return f"“{claim.quote}” ({claim.id})"
