"""A course of one's own on paper: what its pages show, and a test of one page on the sentences that are set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.records import Claim
from kit.errors import KitError
from kit.teacher.exercises.build import executed
from kit.teacher.exercises.own_selection import balanced
from kit.teacher.exercises.own_templates import ARTICLE, long_date, parts, plain

__all__ = ["claims_of", "course_of", "sheet", "shown", "solved"]

_LOADS = re.compile(r"load_article\(\s*(?:[\"']([\w-]+)[\"'])?")
_CLAIMS, _WORDS = 8, 260
"""As many claims, and words in their sentences, as one page holds in the print of the kit."""
_EDGE = "\ue000"
"""A letter that no article has: where the bold words begin and end, until stars of the article are escaped."""


def course_of(names: Iterable[str]) -> Path | None:
    """The first of `names` that is the folder of a course, with the students' part and the teacher's."""
    return next(
        (path for path in map(Path, names) if (path / "student").is_dir() and (path / "teacher").is_dir()), None
    )


def _teacher(path: Path) -> Path:
    """Where the teacher's part is, of the course in which the notebook at `path` would be."""
    return path.resolve().parent.parent.parent / "teacher"


def solved(path: Path) -> Path | None:
    """The solved exercise of the course that `path` belongs to, None where there is none."""
    found = _teacher(path) / "solutions" / path.name
    return found if found.is_file() else None


def shown(path: Path) -> Any:
    """The notebook with what its cells show. In a course students' copies show nothing before they are run: of an
    exercise the solved one is taken, which was run, and a lesson is run now."""
    alone = (path.resolve().parent.parent / "seeds" / f"{ARTICLE}.toml").is_file() and not solved(path)
    return executed(path) if alone else nbformat.read(solved(path) or path, as_version=4)


def claims_of(notebook: Any, path: Path) -> dict[str, Claim]:
    """The claims of every article that the notebook at `path` loads, by id: an article of its course comes first."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    slugs = dict.fromkeys(slug or "soldiers" for slug in _LOADS.findall(code))
    folders = (_teacher(path) / "seeds", path.resolve().parent.parent / "seeds", seeds.seeds())
    files = [[folder / f"{slug}.toml" for folder in folders] for slug in slugs]
    found = (next((file for file in some if file.is_file()), some[-1]) for some in files)
    return {claim.id: claim for file in found for claim in read(file).claims}


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

    def sentence(claim: Claim) -> str:
        unit, before = whole.units[place[claim.unit]], whole.units[max(0, place[claim.unit] - 1)]
        start, end = claim.start - unit.start, claim.end - unit.start
        marked = _EDGE.join((unit.text[:start], unit.text[start:end], unit.text[end:]))
        led = claim.source not in ("author", "none") and not claim.cue and before.paragraph == unit.paragraph
        return plain(f"{before.text} {marked}" if led and before != unit else marked).replace(_EDGE, "**")

    rows: list[tuple[Claim, str]] = []
    for claim in balanced([c for c in whole.claims if c.unit in aside], "status", _CLAIMS, seed="test"):
        if sum(len(words.split()) for _, words in rows) + len(sentence(claim).split()) <= _WORDS:
            rows.append((claim, sentence(claim)))
    words = {"facts": whole.facts, "date": long_date(whole.facts.dateline), "rows": rows}
    return parts("test", words)
