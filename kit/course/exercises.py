"""The solved exercises of a course: the kit's own, with items of the article, numbered and counted anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import nbformat

from kit.article import Article
from kit.course import samples
from kit.course.items import LEAST, Items, Keys
from kit.course.pages import page, quoted
from kit.grading.build import worded
from kit.keys import claims_by_id
from kit.questions import COMPUTED, WRITTEN_OUT, Question, read, role

__all__ = ["Sheet", "sheet", "solution"]

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
Sheet = dict[str, Any]
"""What the students' edition holds, for the templates: lists of values and ids, by name."""


def sheet(edition: Article) -> Sheet:
    """What can be counted in the students' edition of the article, in the order of the codebook."""
    claims = edition.claims.dropna(subset="layer")
    contents = claims[claims["layer"] == "content"]
    shown = set(contents["claim"])
    spoken = [p for p, names in zip(edition.propositions["proposition"], edition.propositions["claims"], strict=True)]
    bearing = dict(zip(spoken, edition.propositions["claims"], strict=True))
    names = [*edition.sources["source"], "author", "none"]
    agencies = set(edition.sources.loc[edition.sources["kind"] == "agency", "source"])
    linked = {link for chain in contents["chain"] for link in chain}
    heard = {c for found in bearing.values() for c in found if c in shown}
    speaking = set(contents.loc[contents["claim"].isin(heard), "source"])
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
        "propositions": spoken,
        "spoken": [p for p in spoken if set(bearing[p]) & shown],
        "speakers": [name for name in names if name in speaking],
        "register": len(edition.sources),
        "doubters": sorted(claims["disputed_by"].explode().dropna().unique()),
    }


def _occurring(column: Any) -> list[str]:
    return [str(value) for value in column.cat.categories if (column == value).any()]


def solution(path: Path, *, edition: Article, seen: Sheet, items: Items, aside: Collection[str]) -> Any:
    """The solved exercise on the article, made from the kit's own at `path`, not yet run.

    `edition` is what the students have, `seen` what can be counted in it; `aside` are the units withheld in it.
    None where the article has no items for this exercise.
    """
    place = int(path.stem[:2])
    keys = items.keys[place]
    if not keys and place != 5:
        return None
    lines = dict.fromkeys(LEAST, ()) | {name: list(key) for name, key in keys.items()}
    claims = claims_by_id(edition.annotation)
    asked = {claims[line].unit if line in claims else line for found in lines.values() for line in found}
    yours = [u.id for u in edition.annotation.units if u.id in (aside if "where" in keys else asked)]
    date = edition.facts.dateline
    words = seen | {
        "lines": lines,
        "date": f"{date.day} {date:%B %Y}",
        "yours": yours,
        "lesson_unit": next((u.id for u in edition.annotation.units if u.id not in aside), ""),
        "claims_of": lambda names: [claims[name] for name in names],
        "pieces": items.pieces,
        "headlines": items.headlines,
        "samples": samples.samples(edition),
        "rubric": [],
        "first_claim": next((c.id for c in edition.annotation.claims if not c.blank), ""),
    }
    notebook = nbformat.read(path, as_version=4)
    kept = [question for question in read(notebook).questions if _kept(question, keys, seen)]
    names = {"", *(question.name for question in kept)}
    gone = {cell.id for cell in notebook.cells if role(cell)[1] not in names}
    worth = {question.name: question.points / len(question.lines) for question in kept if question.lines}
    words["rubric"] = samples.rubric(_rubric(notebook), edition)
    made = page(notebook, f"exercise_{place:02}", words, without=gone)
    for cell in made.cells:
        _fill(cell, keys, words["rubric"], worth)
    about = made.metadata["kit"]
    if all(question.kind != COMPUTED for question in kept):
        about["minutes"] = _WITHOUT_PANDAS
    worded(made)
    about["blank"], about["sealed"] = {"article": sorted(aside)}, True
    about.pop("seeds", None)
    return made


def _kept(question: Question, keys: Mapping[str, Keys], seen: Sheet) -> bool:
    """Whether the article has what the question asks for."""
    if question.kind == WRITTEN_OUT and question.name not in keys:
        return False
    return bool(seen.get(_COMPUTED.get(question.name, "count")))


def _rubric(notebook: Any) -> list[dict[str, Any]]:
    return next((c.metadata["kit"]["rubric"] for c in notebook.cells if "rubric" in c.metadata.get("kit", {})), [])


def _fill(cell: Any, keys: Mapping[str, Keys], rubric: list[dict[str, Any]], worth: Mapping[str, float]) -> None:
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
        about["starter"] = "\n".join([first, *_dict(question, {line: blank for line in key})])
        cell.source = "\n".join([first, *_dict(question, {line: values[0] for line, values in key.items()})])
    elif what == "check":
        more = {line: values[1:] for line, values in key.items() if values[1:]}
        about.update({"accept": more} if more else {})
        points = max(1, round(2 * worth[question] * len(key)) / 2)
        about["points"] = int(points) if points == int(points) else points


def _dict(name: str, lines: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {{", *(f"    {quoted(line)}: {quoted(value)}," for line, value in lines.items()), "}"]
