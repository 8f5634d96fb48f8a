"""The templates of a course of one's own: cells of the kit's notebooks that speak of its article are written anew."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kit.article.records import Claim, Unit
from kit.errors import KitError
from kit.teacher.pages_and_tables import templates

ARTICLE = "article"
"""The name of the article in a course: a notebook loads it by this name, whatever the article is called."""
_TEMPLATES = Path(__file__).parent / "templates" / "own_course"
_HEAD = re.compile(r"^=== (\S+)\n", re.MULTILINE)
_MARKS = re.compile(r"([\\`*_$<>\[\]|#~])")
_WIDTH = 90


def page(notebook: Any, template: str, words: Mapping[str, Any], *, without: Collection[str] = ()) -> Any:
    """A notebook of the kit, changed in place: the cells of its template instead of its own, all others as they stand.

    A template is a text with a line `=== <cell>` above each cell. `words` are its variables; besides, `source` is the
    kit's own cell, and `own(start, end)` what stands there from the words `start` to the end of the block (the
    paragraph, list or table) in which, from there on, `end` stands. A cell that comes out empty is left out, and so are
    the cells and tasks of `without`: to a task belong all cells whose ids begin with its name and a hyphen.

    Raises KitError where the template speaks of a cell, or of words, that the notebook does not have.
    """
    texts = _cut(template)
    strange = sorted(set(texts) - {cell.id for cell in notebook.cells})
    if strange:
        raise KitError(
            f"The template {template} speaks of {', '.join(strange)}, and the kit's notebook has no such cell."
        )
    starts = tuple(f"{name}-" for name in without)
    notebook.cells = [cell for cell in notebook.cells if not f"{cell.id}-".startswith(starts)]
    for cell in notebook.cells:
        if cell.id in texts:
            cell.source = _rendered(template, cell, texts[cell.id], words)
    notebook.cells = [cell for cell in notebook.cells if cell.source]
    return notebook


def parts(template: str, words: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a template that stand alone, filled in, by their names."""
    return {name: _tidy(_compiled(part).render(words)) for name, part in _cut(template).items()}


def text(template: str, words: Mapping[str, Any]) -> str:
    """A whole template, filled in: a page of Markdown."""
    return f"{_tidy(_ENVIRONMENT.get_template(f'{template}.jinja').render(words))}\n"


@cache
def _cut(template: str) -> dict[str, str]:
    _, *found = _HEAD.split((_TEMPLATES / f"{template}.jinja").read_text("utf-8"))
    return dict(zip(found[::2], found[1::2], strict=True))


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _rendered(name: str, cell: Any, text: str, words: Mapping[str, Any]) -> str:
    def own(start: str, end: str = "") -> str:
        at = cell.source.find(start)
        last = cell.source.rfind(end) if end else at
        if at < 0 or last < at:
            gone = start if at < 0 else end
            raise KitError(f"The template {name}, cell {cell.id}: the kit's own has no words “{gone}” any more.")
        stop = cell.source.find("\n\n", last)
        return cell.source[at : stop if stop >= 0 else len(cell.source)]

    made = _compiled(text).render({**words, "own": own, "source": cell.source})
    return _tidy(made) if cell.cell_type == "markdown" else made.strip()


def plain(text: str) -> str:
    """Text of an article as Markdown shows it letter by letter: no sum becomes a formula, no star a bold word."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def cited(text: str) -> str:
    """Words of an article in quotation marks, with single ones for those in them, and without a stop at their end."""
    inner = re.sub(r'["“”„«»]', "’", re.sub(r'(?<![^\s(])["“„«]', "‘", " ".join(text.split())))
    ended = re.sub(r"(?<!\b\w)[.,;:]+(’?)$", r"\1", inner)
    return f"“{ended}”"


def amid(name: str) -> str:
    """A source's name amid a sentence: “A Tweet”, as it stood at the beginning of one, becomes “a tweet”."""
    return re.sub(r"^An? (\w+$)?", lambda found: found[0].lower(), name)


def quoted(value: object) -> str:
    """A value as code."""
    return json.dumps(value, ensure_ascii=False)


def answer(name: str, lines: Mapping[str, object]) -> str:
    """The source of an answer: a dict with a value on each line."""
    return "\n".join((f"{name} = {{", *(f"    {quoted(line)}: {quoted(value)}," for line, value in lines.items()), "}"))


def long_date(day: date) -> str:
    """19 October 2024."""
    return f"{day.day} {day:%B %Y}"


def _all_of(items: Iterable[str]) -> str:
    """a; a and b; a, b and c"""
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last


def _sentences(units: Iterable[Unit]) -> str:
    """The units as quotations, each with its number, and a mark where sentences are left out between two of them."""
    rows, last = [], None
    for unit in units:
        rows += ["> \\[…\\]"] * (last is not None and not unit.follows(last))
        rows.append(f"> **{unit.id}** {plain(unit.text)}")
        last = unit
    return "\n\n".join(rows)


def _table(claims: Iterable[Claim]) -> str:
    """The claims with their words, as a table."""
    rows = (f"| {claim.id} | {plain(claim.quote)} |" for claim in claims)
    return "\n".join(("| claim | words |", "| --- | --- |", *rows))


def _blanks(name: str, lines: Iterable[str]) -> str:
    """The source of an answer in which every line is blank."""
    return answer(name, dict.fromkeys(lines, ""))


def _listed(items: Iterable[object], indent: int = 4) -> str:
    """A list as code, over several lines where it is long."""
    words, rows = [quoted(item) for item in items], [""]
    if len(one := f"[{', '.join(words)}]") < _WIDTH - 30:
        return one
    for word in words:
        if len(rows[-1]) + len(word) > _WIDTH - indent:
            rows.append("")
        rows[-1] += f"{word}, "
    pad = "\n" + " " * indent
    return f"[{pad}{pad.join(row.rstrip() for row in rows)}\n{' ' * (indent - 4)}]"


def _load(units: Iterable[Unit]) -> str:
    """The code that loads the article with the labels of `units` hidden, and wrong lines explained."""
    return f"kit.load_article({quoted(ARTICLE)}, blank={_listed(unit.id for unit in units)}, practice=True)"


_ENVIRONMENT = templates(
    _TEMPLATES, plain=plain, cited=lambda text: plain(cited(text)), capital=lambda text: text[:1].upper() + text[1:]
)
_CALLED = (_all_of, _blanks, len, _listed, _load, plain, quoted, _sentences, _table)
_ENVIRONMENT.globals |= {function.__name__.lstrip("_"): function for function in _CALLED}
_compiled = cache(_ENVIRONMENT.from_string)
