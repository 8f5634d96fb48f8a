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
from kit.course.numbers import number
from kit.course.pages import page, quoted
from kit.grading.exercise import role
from kit.keys import claims_by_id

__all__ = ["Sheet", "sheet", "solution"]

_ADVICE = {
    "where": "Read for the words themselves. “Not so” needs somebody who says that it is not so; to see no evidence, "
    "or to say nothing, is less. “None in these sentences” is an answer, once you have looked.",
    "headlines": "Put the headline beside the sentence. Does it still say who stands behind the claim? Then it "
    "fits. Does it state as settled what rests on somebody's word? Then it goes too far.",
}
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
    questions = [role(cell)[1] for cell in notebook.cells if role(cell)[0] == "check"]
    literal = {role(cell)[1] for cell in notebook.cells if role(cell)[0] == "answer" and _is_literal(cell)}
    dropped = [q for q in questions if (q in literal and q not in keys) or not seen.get(_COMPUTED.get(q, "count"))]
    worth = _worth(notebook)
    words["rubric"] = samples.rubric(_rubric(notebook), edition)
    made = page(notebook, f"exercise_{place:02}", words, without=_sections(notebook, dropped))
    for cell in made.cells:
        _fill(cell, keys, words["rubric"], worth)
    number(made)
    about = made.metadata["kit"]
    about["blank"], about["sealed"] = {"article": sorted(aside)}, True
    about.pop("seeds", None)
    return made


def _is_literal(cell: Any) -> bool:
    """Whether the answer is written out: its starter has a line for each thing that is asked."""
    return cell.metadata["kit"]["starter"].rstrip().endswith("}")


def _worth(notebook: Any) -> dict[str, float]:
    """The points of one line of each question whose answer is written out."""
    lines = {role(c)[1]: c.metadata["kit"]["starter"].count("\n    ") for c in notebook.cells if role(c)[0] == "answer"}
    points = {role(c)[1]: c.metadata["kit"]["points"] for c in notebook.cells if role(c)[0] == "check"}
    return {name: points[name] / count for name, count in lines.items() if count}


def _rubric(notebook: Any) -> list[dict[str, Any]]:
    return next((c.metadata["kit"]["rubric"] for c in notebook.cells if "rubric" in c.metadata.get("kit", {})), [])


def _sections(notebook: Any, dropped: Collection[str]) -> set[str]:
    """The cells of every section that holds the check of a dropped question. A section begins with a heading."""
    sections: list[list[Any]] = [[]]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.match(r"##? ", cell.source):
            sections.append([])
        sections[-1].append(cell)
    gone = [cells for cells in sections if any(role(c)[0] == "check" and role(c)[1] in dropped for c in cells)]
    return {cell.id for cells in gone for cell in cells}


def _fill(cell: Any, keys: Mapping[str, Keys], rubric: list[dict[str, Any]], worth: Mapping[str, float]) -> None:
    """Put the key and the starter of a literal answer, and what else is accepted, into their cells.

    A line is worth as much as in the kit's own exercise (`worth`, by question), to the next half point.
    """
    what, question = role(cell)
    about = cell.metadata.get("kit", {})
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
