"""The exercises of a course of one's own: the kit's, with items of its article, numbered and counted anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import nbformat

from kit.article.codebook import names
from kit.article.loading import Article
from kit.article.records import Claim
from kit.questions import COMPUTED, WRITTEN_OUT, Question, read, role
from kit.teacher.exercises.build import worded
from kit.teacher.exercises.own_selection import LEAST, Accepted, Items
from kit.teacher.exercises.own_templates import ARTICLE, answer, long_date, page, parts

__all__ = ["solution"]

_ADVICE = {
    "where": "Read for the words themselves. “Not so” needs somebody who says that it is not so; to see no evidence, "
    "or to say nothing, is less. “None in these sentences” is an answer, once you have looked.",
    "headlines": "Put the headline beside the sentence. Does it still say who stands behind the claim? Then it "
    "fits. Does it state as settled what rests on somebody's word? Then it goes too far.",
}
_TITLES = {"statuses-text": "Denied, open, or something else?"}
"""The titles of questions that are asked otherwise than in the kit's own exercise, by the cell that asks."""
_STARTERS = {"chains": '# Your answer, for example ["mayor", "?", "article"]'}
_COMPUTED = {  # question: what the article must have, so that it can be computed
    "acts": "acts",
    "counts": "acts",
    "by_layer": "acts",
    "through": "agencies",
    "silences": "silent",
    "blank_rows": "propositions",
    "doubts": "doubters",
    "disputed": "doubters",
    "coverage": "spoken",
    "quiet": "propositions",
    "heatmap": "propositions",
}
_WITHOUT_PANDAS = [10, 15]
"""Minutes for an exercise in which nothing is computed."""
_OPEN = " Keeps “no evidence yet” open: neither proof nor denial."
_SILENT = " Says that the accused are silent in this text, and what that does not mean."
_SUPPORTED = "only acts on record and contents for which the text itself gives support,"
_QUOTED, _MOST = 9, 190
"""Words: of a quote that is good to read, and of an answer that keeps to its limit."""


def solution(path: Path, *, edition: Article, items: Items, aside: Collection[str]) -> Any:
    """The solved exercise on the article, made from the kit's own at `path`, not yet run.

    `edition` is what the students have, `aside` are the units withheld in it. None where the article has no `items`
    for this exercise.
    """
    place = int(path.stem[:2])
    keys = items.keys[place]
    if not keys and place != 5:
        return None
    lines = dict.fromkeys(LEAST, ()) | {name: list(key) for name, key in keys.items()}
    claims = edition.annotation.by_id
    asked = {claims[line].unit if line in claims else line for found in lines.values() for line in found}
    yours = [u.id for u in edition.annotation.units if u.id in (aside if "where" in keys else asked)]
    notebook = nbformat.read(path, as_version=4)
    seen, levels = _sheet(edition), _levels(notebook, edition)
    words = seen | {
        "lines": lines,
        "date": long_date(edition.facts.dateline),
        "yours": yours,
        "lesson_unit": next((u.id for u in edition.annotation.units if u.id not in aside), ""),
        "claims_of": lambda names: [claims[name] for name in names],
        "pieces": items.pieces,
        "headlines": items.headlines,
        "samples": _samples(edition),
        "rubric": levels,
        "first_claim": next((c.id for c in edition.annotation.claims if not c.blank), ""),
    }
    kept = [question for question in read(notebook).questions if _kept(question, keys, seen)]
    names = {"", *(question.name for question in kept)}
    gone = {cell.id for cell in notebook.cells if role(cell)[1] not in names}
    worth = {question.name: question.points / len(question.lines) for question in kept if question.lines}
    made = page(notebook, f"exercise_{place:02}", words, without=gone)
    for cell in made.cells:
        _fill(cell, keys, levels, worth)
    about = made.metadata["kit"]
    if all(question.kind != COMPUTED for question in kept):
        about["minutes"] = _WITHOUT_PANDAS
    worded(made)
    about["blank"], about["sealed"] = {ARTICLE: sorted(aside)}, True
    about.pop("seeds", None)
    return made


def _kept(question: Question, keys: Mapping[str, Accepted], seen: Mapping[str, Any]) -> bool:
    """Whether the article has what the question asks for."""
    if question.kind == WRITTEN_OUT and question.name not in keys:
        return False
    return bool(seen.get(_COMPUTED.get(question.name, "count")))


def _fill(cell: Any, keys: Mapping[str, Accepted], rubric: list[dict[str, Any]], worth: Mapping[str, float]) -> None:
    """Put the key and the starter of a literal answer, and what else is accepted, into their cells.

    A line is worth as much as in the kit's own exercise (`worth`, by question), to the next half point.
    """
    what, question = role(cell)
    about = cell.metadata.get("kit", {})
    if cell.id in _TITLES:
        about["title"] = _TITLES[cell.id]
    if what == "check":
        for of_our_lines in ("accept", "notes"):
            about.pop(of_our_lines, None)
        if "advice" in about:
            about["advice"] = _ADVICE.get(question) or re.sub(r" Compare S\d\d.*", "", about["advice"])
        if "rubric" in about:
            about["rubric"] = rubric
    if question not in keys:
        return
    key = keys[question]
    if what == "answer":
        first = _STARTERS.get(question) or about["starter"].partition("\n")[0]
        blank = [] if isinstance(next(iter(key.values()))[0], list) else ""
        about["starter"] = f"{first}\n{answer(question, dict.fromkeys(key, blank))}"
        cell.source = f"{first}\n{answer(question, {line: values[0] for line, values in key.items()})}"
    elif what == "check":
        more = {line: values[1:] for line, values in key.items() if values[1:]}
        about.update({"accept": more} if more else {})
        points = max(1, round(2 * worth[question] * len(key)) / 2)
        about["points"] = int(points) if points == int(points) else points


def _sheet(edition: Article) -> dict[str, Any]:
    """What can be counted in the students' edition of the article, for the templates: by name lists of values and ids,
    in the order of the codebook."""
    claims = edition.claims.dropna(subset="layer")
    contents = claims[claims["layer"] == "content"]
    shown = set(contents["claim"])
    bearing = dict(zip(edition.propositions["proposition"], edition.propositions["claims"], strict=True))
    names = [*edition.sources["source"], "author", "none"]
    agencies = set(edition.sources.loc[edition.sources["kind"] == "agency", "source"])
    linked = {link for chain in contents["chain"] for link in chain}
    heard = shown & {claim for found in bearing.values() for claim in found}
    speaking = {source for claim, source in zip(contents["claim"], contents["source"], strict=True) if claim in heard}
    return {
        "count": len(claims),
        "acts": list(claims.loc[claims["layer"] == "act", "claim"]),
        "paragraphs": sorted(map(int, claims["paragraph"].unique())),
        "statuses": _occurring(claims["status"]),
        "content_statuses": _occurring(contents["status"]),
        "kinds": _occurring(contents["source_kind"]),
        "agencies": sorted(agencies & linked),
        "first_links": list(dict.fromkeys(chain[0] for chain in contents["chain"] if chain[:1] not in ((), ("?",)))),
        "silent": bool((edition.matrix == "silent").any(axis=None)),
        "propositions": list(bearing),
        "spoken": [name for name, found in bearing.items() if set(found) & shown],
        "speakers": [name for name in names if name in speaking],
        "register": len(edition.sources),
        "doubters": sorted({doubter for found in claims["disputed_by"] for doubter in found}),
    }


def _occurring(column: Any) -> list[str]:
    return [str(value) for value in column.cat.categories if (column == value).any()]


def _levels(notebook: Any, edition: Article) -> list[dict[str, Any]]:
    """The levels of its rubric, if it has one, without what this article gives no occasion for: open questions,
    silence."""
    statuses = {status for claim in _shown(edition) for status in claim.accepts("status")}
    unasked = [_OPEN] * ("unconfirmed" not in statuses) + [_SILENT] * (not _silent(edition))
    supported = any(claim.layer == "content" and claim.status == "confirmed" for claim in _shown(edition))
    rubrics = (cell.metadata["kit"]["rubric"] for cell in notebook.cells if "rubric" in cell.metadata.get("kit", {}))
    found = [dict(level) for level in next(rubrics, ())]
    for level in found:
        if supported:
            level["words"] = level["words"].replace("only acts on record,", _SUPPORTED)
        for words in unasked:
            level["words"] = level["words"].replace(words, "")
        if unasked:
            level["words"] = level["words"].replace("one of these three is left out", "one of these is left out")
    return found


def _samples(edition: Article) -> dict[str, str]:
    """A sample answer for each level, with claims of the students' edition, those of middling length first."""
    shown = sorted(_shown(edition), key=lambda claim: (abs(len(claim.quote.split()) - _QUOTED), claim.start))
    of = {status: [c for c in shown if c.status == status and c.layer == "content"] for status in names("status")}
    whose = {source.id: source.name for source in edition.annotation.sources}
    words = {
        "date": long_date(edition.facts.dateline),
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
