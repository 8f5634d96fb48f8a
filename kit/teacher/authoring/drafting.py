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
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import Any

from kit.article.records import Claim, Facts, slug
from kit.draft.claims import claims
from kit.draft.rules_in_order import attributions, read
from kit.draft.units import headline_of, units
from kit.errors import KitError
from kit.files import write_atomically
from kit.teacher.authoring.toml_tables import as_toml

__all__ = [
    "annotated",
    "date_of",
    "decoded",
    "foreign",
    "headline_of",
    "line_of",
    "lines",
    "refuse_taken",
    "slug_of",
    "write",
]

_TAG = re.compile(r"</?(?:html|head|body|div|p|span|script|article|section|br|a|h[1-6]|meta|table|ul|li)\b[^>]*>", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = frozenset(
    "the of and to in a is that it was for on as with he be by at this from his they are were had have has but not "
    "said she which or an their we there been one who would her more if no when will its i you can all".split()
)
_HALF = re.compile("[\ud800-\udfff]")
_PACKED = {b"%PDF": "a PDF", b"PK": "a .docx or another packed (zip) file"}
_ENOUGH = 40
"""Fewer words than this say too little about the language."""


_TOP = """\
# A first annotation of {text}, proposed by rules that read nothing but the text. Nothing here is checked yet.
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


def decoded(data: bytes, name: str) -> str:
    """The text of a UTF-8 file called `name`. Raises KitError, in one sentence, for anything else."""
    packed = next((what for start, what in _PACKED.items() if data.startswith(start)), "")
    if packed:
        raise KitError(f"{name}: this is {packed}, not text. Open it, and copy its text into a plain text file.")
    if b"\x00" in data:
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        what = "UTF-16 text" if wide else "not a text file"
        raise KitError(f"{name}: this is {what}. Open it, save it as plain text in UTF-8, and try again.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise KitError(
            f"{name}: this is not UTF-8 text (byte {error.start + 1}). Save it as UTF-8 and try again."
        ) from None
    if wrong := _refused(text):
        raise KitError(f"{name}: {wrong}")
    return text


def foreign(text: str) -> bool:
    """Whether the text is most likely not English: hardly any of its words are the commonest English ones."""
    found = [match.group().lower() for match in islice(_WORD.finditer(text), 2000)]
    common = sum(word in _ENGLISH for word in found)
    return len(found) >= _ENOUGH and common < len(found) / 7


def slug_of(name: str) -> str:
    """A short name for files: small letters, digits and hyphens, at most five words of `name`."""
    return slug(name, words=5, otherwise="article")


def date_of(words: str) -> datetime.date:
    """The date in `words`, as in 2024-10-19. Raises KitError for anything else."""
    try:
        return datetime.date.fromisoformat(words.strip())
    except ValueError:
        raise KitError(f"“{words}” is not a date. Write it as year, month and day: 2024-10-19.") from None


def annotated(text: str, *, slug: str, headline: str, dateline: datetime.date, address: str = "") -> str:
    """The annotation file (TOML) of `text`, which will lie beside it as `<slug>.txt`.

    It holds units, sources and claims, and loads with `annotation_file.read`. Raises KitError where the text has no
    sentence.
    """
    reading = read(text)
    found = units(reading, headline)
    made, sources = claims(reading, found)
    if not made:
        raise KitError("There is no sentence in this text, so there is nothing to annotate.")
    digest = hashlib.sha256(text.encode()).hexdigest()
    facts = Facts(slug, f"{slug}.txt", digest, headline, dateline, address=address)
    lines = [_TOP.format(text=facts.text, slug=slug) + "format = 1\n", "[article]", *_fields(facts), ""]
    for (name, comment), rows in zip(_PARTS, (found, sources, made), strict=True):
        lines += [f"# ---- {comment} ----", ""]
        for row in rows:
            lines += [f"[[{name}]]", *_fields(row), ""]
    return "\n".join(lines)


def refuse_taken(data: bytes, folder: Path, slug: str, *, force: bool = False) -> None:
    """Raise KitError where `write` would, without the annotation: so it can be asked before a person is."""
    path, beside = folder / f"{slug}.toml", folder / f"{slug}.txt"
    if folder.suffix == ".toml" or (folder.exists() and not folder.is_dir()):
        raise KitError(
            f"-o names the folder to write to, and {folder} is the name of a file. To name the file: "
            f"--slug {slug_of(folder.stem)}"
        )
    if path.exists() and not force:
        raise KitError(f"{path} exists already, and it may hold work. Give another --slug, or --force to replace it.")
    if beside.exists() and beside.read_bytes() != data and not force:
        raise KitError(f"{beside} exists already with another text. Give another --slug, or --force to replace it.")


def write(annotation: str, data: bytes, folder: Path, slug: str, *, force: bool = False) -> Path:
    """Write `<slug>.txt` (exactly `data`) and `<slug>.toml` into `folder`; returns the latter's path.

    Raises KitError where either exists with other contents, unless `force` is given.
    """
    refuse_taken(data, folder, slug, force=force)
    path, beside = folder / f"{slug}.toml", folder / f"{slug}.txt"
    if not beside.exists() or beside.read_bytes() != data:
        write_atomically(beside, data)
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


def _refused(text: str) -> str:
    """Why `text` is no article, in one sentence; "" if it may be one."""
    if not text.strip(" \t\r\n\ufeff"):
        return "there is no text in it. Copy the article into it, save it, and try again."
    if not any(c.isalpha() for c in text):
        return "there is not one word in it. Is it the right file?"
    if _HALF.search(text):
        return "it holds half a character (a lone surrogate). Copy the text again from where it came."
    tags = list(islice(_TAG.finditer(text), 4))
    if len(tags) > 3 or re.match(r"\s*<(?:!doctype|html|\?xml)", text, re.I):
        return (
            "this is the code of a web page (HTML), not its text. Open the page in a browser, select the article, "
            "and copy it into a plain text file."
        )
    return ""


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
    if _HALF.search(text):
        return KitError(f"line {number}: {_refused(text)}")
    if _HALF.search(str(name)):
        return KitError(f"line {number}: its id holds half a character (a lone surrogate).")
    return line_of(name, text)
