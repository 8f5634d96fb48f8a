"""The teacher's side of a draft: a file comes in, a first annotation goes out, with everything in it as proposed.

What comes in is read or refused in one sentence; what goes out is TOML that people edit, or one line of JSON for each
document, streamed, so that memory stays flat.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from kit.article.records import Claim, Facts, slug
from kit.draft.claims import claims
from kit.draft.rules_in_order import Reading, attributions, read
from kit.draft.units import headline_of, units
from kit.errors import KitError
from kit.files import write_atomically
from kit.teacher.authoring.sheets import as_toml

__all__ = ["annotated", "date_of", "headline_of", "line_of", "lines", "refuse_taken", "slug_of", "text_name", "write"]

_FIRST_PAPER = 1605
"""The year of the first printed newspaper (https://en.wikipedia.org/wiki/Johann_Carolus, 2026-11-30)."""
_HALF = re.compile("[\ud800-\udfff]")
_TOP = """\
# A first annotation of {text}, proposed {who}. Nothing here is checked yet.
# Next: run `python -m kit annotate {slug}.toml` and go through it on screen, or edit this file; then run
# `python -m kit check {slug}.toml`.
# “proposed” says how sure the rule is (sure, likely, guess). Take the line out once you have read the claim and agree.
# A quote must stand word for word, once, in its unit. “why” is the rule that led to the status: make it your own words.
"""
_PARTS = (
    (
        "unit",
        "Units: one sentence or heading each, in the order of the text. Paragraph 0 is the headline.\n"
        "# Dates, bylines, buttons, captions and tables are set aside. To bring one back, add a claim (on screen: c),\n"
        '# and take its kind = "furniture" out.',
    ),
    ("source", "Sources: everybody who is given a word. kind: named, role, institution or agency. Add accused = true."),
    ("claim", "Claims. `also` lists further statuses that a careful reader may choose. Fields left out are empty."),
)
_KEPT = {"kind", "layer", "status", "source", "quote_type"}
_FIRST = ("id", "unit", "layer", "quote")


def slug_of(name: str) -> str:
    """A short name for files: small letters, digits and hyphens, at most five words of `name`."""
    return slug(name, words=5, otherwise="article")


def date_of(words: str) -> datetime.date:
    """The date in `words`, as in 2024-10-19. Raises KitError for anything else, and for a year without newspapers."""
    try:
        found = datetime.date.fromisoformat(words.strip())
    except ValueError:
        raise KitError(f"“{words}” is not a date. Write it as year, month and day: 2024-10-19.") from None
    if not _FIRST_PAPER <= found.year <= datetime.date.today().year + 1:
        raise KitError(f"“{words}” is in the year {found.year}. Is that a slip? Write the day of publication.")
    return found


def annotated(
    text: str | Reading,
    *,
    slug: str,
    headline: str,
    dateline: datetime.date,
    address: str = "",
    beside: str = "",
    by: str = "",
) -> str:
    """The annotation file (TOML) of a text, read or not yet, which will lie beside it as `beside` (or `<slug>.txt`).

    It holds units, sources and claims, and loads with `annotation_file.read`. `by` names the file of another drafter
    whose attributions are in the reading; none of its claims is sure. Raises KitError where the text has no sentence.
    """
    reading = read(text) if isinstance(text, str) else text
    found = units(reading, headline)
    made, sources = claims(reading, found)
    if not made:
        raise KitError("There is no sentence in this text, so there is nothing to annotate.")
    if by:
        made = tuple(replace(claim, proposed="likely") if claim.proposed == "sure" else claim for claim in made)
    digest = hashlib.sha256(reading.text.encode()).hexdigest()
    facts = Facts(slug, beside or f"{slug}.txt", digest, headline, dateline, address=address)
    who = f"from the attributions in {by}, with statuses by rules" if by else "by rules that read nothing but the text"
    lines = [_TOP.format(text=facts.text, slug=slug, who=who) + "format = 1\n", "[article]", *_fields(facts), ""]
    for (name, comment), rows in zip(_PARTS, (found, sources, made), strict=True):
        lines += [f"# ---- {comment} ----", ""]
        for row in rows:
            lines += [f"[[{name}]]", *_fields(row), ""]
    return "\n".join(lines)


def text_name(source: Path | None, data: bytes, folder: Path, slug: str) -> str:
    """What to call the text in `folder`: `<slug>.txt`, or `<slug>-taken.txt` where the article's own file is that and
    holds anything else than `data`, so that it stays as it was."""
    own = folder / f"{slug}.txt"
    same = source is not None and own.exists() and own.samefile(source)
    return f"{slug}-taken.txt" if same and own.read_bytes() != data else own.name


def refuse_taken(data: bytes, folder: Path, slug: str, *, beside: str = "", force: bool = False) -> None:
    """Raise KitError where `write` would, without the annotation: so it can be asked before a person is."""
    path, text = folder / f"{slug}.toml", folder / (beside or f"{slug}.txt")
    if folder.suffix == ".toml" or (folder.exists() and not folder.is_dir()):
        raise KitError(
            f"-o names the folder to write to, and {folder} is the name of a file. To name the file: "
            f"--slug {slug_of(folder.stem)}"
        )
    if path.exists() and not force:
        raise KitError(f"{path} exists already, and it may hold work. Give another --slug, or --force to replace it.")
    if text.exists() and text.read_bytes() != data and not force:
        raise KitError(f"{text} exists already with another text. Give another --slug, or --force to replace it.")


def write(annotation: str, data: bytes, folder: Path, slug: str, *, beside: str = "", force: bool = False) -> Path:
    """Write the text (exactly `data`, as `beside` or `<slug>.txt`) and `<slug>.toml` into `folder`; returns the latter.

    Raises KitError where either exists with other contents, unless `force` is given.
    """
    refuse_taken(data, folder, slug, beside=beside, force=force)
    path, text = folder / f"{slug}.toml", folder / (beside or f"{slug}.txt")
    if not text.exists() or text.read_bytes() != data:
        write_atomically(text, data)
    write_atomically(path, annotation)
    return path


def line_of(name: str | int, text: str) -> str:
    """The attributions of one text as a line of JSON: id, text, and source, cue and content of each as [[start, end]].

    Offsets count code points, half-open.
    """
    found = [{"source": one.source, "cue": one.cue, "content": one.content} for one in attributions(text)]
    return json.dumps({"id": name, "text": text, "attributions": found}, ensure_ascii=False)


def lines(rows: Iterable[bytes]) -> Iterator[str | KitError]:
    """For each line of a JSONL file with `id` and `text` its line of attributions, or what is wrong with it."""
    for number, row in enumerate(rows, 1):
        if row.strip(b" \t\r\n\xef\xbb\xbf"):
            yield _line(number, row)


def _fields(row: Any) -> list[str]:
    """One line for each field that says something; in a claim, layer stands before the quote."""
    specs = [spec for spec in fields(row) if not spec.metadata.get("computed")]
    if isinstance(row, Claim):
        specs.sort(key=lambda spec: _FIRST.index(spec.name) if spec.name in _FIRST else len(_FIRST))
    return [
        f"{spec.name} = {as_toml(getattr(row, spec.name)).as_string()}"
        for spec in specs
        if getattr(row, spec.name) != spec.default or (spec.name in _KEPT and getattr(row, spec.name))
    ]


def _line(number: int, row: bytes) -> str | KitError:
    try:
        document = json.loads(row.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return KitError(f"line {number}: this is not one JSON object in UTF-8 ({str(error).splitlines()[0][:80]}).")
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        return KitError(f"line {number}: it needs an “id” and a “text”, and the text must be a string.")
    name, text = document.get("id"), document["text"]
    if not isinstance(name, str | int) or isinstance(name, bool):
        return KitError(f"line {number}: it needs an “id” that is a string or a number.")
    for what, words in (("text", text), ("id", str(name))):
        if _HALF.search(words):
            return KitError(f"line {number}: its {what} holds half a character (a lone surrogate).")
    return line_of(name, text)
