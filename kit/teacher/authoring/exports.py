"""An annotation in the formats of other tools: Web Annotation (JSON-LD), brat standoff and CSV.

All offsets are half-open and count code points from 0, as the annotation, Web Annotation and brat all do.
Blank claims go out without their labels. The same annotation always gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kit.article.records import KEY_FIELDS, Annotation, Claim
from kit.errors import KitError
from kit.files import write_atomically
from kit.teacher.pages_and_tables import csv_text

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
"""The name of the vocabulary in the JSON-LD. It is only written down here, never fetched."""
LIST_SEPARATOR = "|"
"""What stands between the items of a list in a CSV cell."""

_AROUND = 32
_LINKS = ("disputed_by", "supported_by")
_CLASSES = ("layer", "status")
_ATTRIBUTES = ("layer", "status", "cue_class", "quote_type", "content_type", "evidence")
_NOTES = {name: name for name in ("claim", "source", "cue", "hedge", "chain")} | {"why": "AnnotatorNotes"}
# Every character at which some reader of text ends a line: brat keeps one annotation per line.
_PIECE = re.compile("[^\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")


def jsonld(annotation: Annotation) -> str:
    """The claims as one AnnotationCollection, after the W3C Recommendation "Web Annotation Data Model".

    That is the Recommendation of 23 February 2017. Each claim is an Annotation of the article (`<slug>.txt`),
    found by its words and by its offsets. Each label is a body: its `label` is the name of the field, its
    `value` the label; `layer` and `status` have the purpose "classifying", `why` "commenting", links to
    other claims "linking", the others "tagging". A chain is one text, first speaker first, joined by " > ".
    Ids are relative to the folder of the file: `<slug>.jsonld#S05b`.
    """
    facts = annotation.facts
    items = [_web_annotation(claim, annotation) for claim in annotation.claims]
    page = {"id": _iri(facts.slug, "page-1"), "type": "AnnotationPage", "startIndex": 0, "items": items}
    whole = {
        "@context": CONTEXT,
        "id": f"{quote(facts.slug)}.jsonld",
        "type": "AnnotationCollection",
        "label": facts.headline,
        "total": len(items),
        "first": page,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def brat(annotation: Annotation) -> tuple[str, str]:
    """The article and its claims in brat standoff format: the content of the .txt and of the .ann file.

    Each claim is a text-bound `Claim` (one fragment per line that it runs over); labels are attributes, a
    further permitted status is the attribute `also_<status>`; `disputed_by` and `supported_by` are
    relations; the claim's id, `source`, `cue`, `hedge`, `chain` and, as AnnotatorNotes, `why` are notes.
    """
    marks = {claim.id: f"T{number}" for number, claim in enumerate(annotation.claims, 1)}
    lines, attributes, relations, notes = [], [], [], []
    for claim in annotation.claims:
        mark, labels = marks[claim.id], _labels(claim)
        pieces = [m for m in _PIECE.finditer(annotation.text, claim.start, claim.end) if not m[0].isspace()]
        spans = ";".join(f"{piece.start()} {piece.end()}" for piece in pieces)
        lines.append(f"{mark}\tClaim {spans}\t{' '.join(piece[0] for piece in pieces)}")
        attributes += [f"{field} {mark} {labels[field][0]}" for field in _ATTRIBUTES if field in labels]
        attributes += [f"also_{status} {mark}" for status in labels.get("also", ())]
        relations += [f"{field} Arg1:{mark} Arg2:{marks[to]}" for field in _LINKS for to in labels.get(field, ())]
        told = {"claim": (claim.id,), **labels}
        notes += [
            f"{_NOTES[key]} {mark}\t{' '.join(note.split())}" for key, (note, *_) in told.items() if key in _NOTES
        ]
    for letter, rows in (("A", attributes), ("R", relations), ("#", notes)):
        lines += [f"{letter}{number}\t{row}" for number, row in enumerate(rows, 1)]
    return annotation.text, "".join(f"{line}\n" for line in lines)


def csv(annotation: Annotation) -> str:
    """One row per claim, with a header; the items of a list are joined by `LIST_SEPARATOR`.

    What a spreadsheet would run as a formula gets an apostrophe in front, and so does an apostrophe that stands in such
    a place: how to undo it is said at `csv_text`.
    """
    rows = []
    for claim in annotation.claims:
        labels = ("" if claim.blank else getattr(claim, field) for field in KEY_FIELDS)
        place = (claim.id, claim.unit, claim.quote, claim.start, claim.end, "yes" if claim.blank else "no")
        rows.append([LIST_SEPARATOR.join(cell) if isinstance(cell, tuple) else cell for cell in (*place, *labels)])
    return csv_text(("claim", "unit", "quote", "start", "end", "blank", *KEY_FIELDS), rows, exact=True)


def export(annotation: Annotation, format: str, folder: Path) -> tuple[Path, ...]:
    """Write `annotation` into `folder` in a format of `FORMATS`, and return the paths of the files.

    The files are named after the article's slug. Each is written whole or not at all. Raises KitError where the slug
    cannot be the name of a file.
    """
    slug = annotation.facts.slug
    if not re.fullmatch(r"\w[\w.-]*", slug):
        raise KitError(
            f"The files are named after the article's slug, and “{slug}” cannot be a file's name. "
            f"Write letters, digits and hyphens after “slug =” in {annotation.path.name}."
        )
    contents = {folder / f"{slug}{ending}": text for ending, text in FORMATS[format](annotation).items()}
    for path, text in contents.items():
        write_atomically(path, text.encode())
    return tuple(contents)


FORMATS: dict[str, Callable[[Annotation], dict[str, str]]] = {
    "jsonld": lambda annotation: {".jsonld": jsonld(annotation)},
    "brat": lambda annotation: dict(zip((".txt", ".ann"), brat(annotation), strict=True)),
    # Without the byte order mark a spreadsheet takes the curly quotes for something else.
    "csv": lambda annotation: {".csv": "\ufeff" + csv(annotation)},
}
"""The name of each format, and what makes its files: from the annotation to the text for each file ending."""


def _iri(slug: str, fragment: str) -> str:
    return f"{quote(slug)}.jsonld#{quote(fragment)}"


def _web_annotation(claim: Claim, annotation: Annotation) -> dict[str, Any]:
    text, slug = annotation.text, annotation.facts.slug
    words = {
        "type": "TextQuoteSelector",
        "exact": claim.quote,
        "prefix": text[max(0, claim.start - _AROUND) : claim.start],
        "suffix": text[claim.end : claim.end + _AROUND],
    }
    offsets = {"type": "TextPositionSelector", "start": claim.start, "end": claim.end}
    target = {"type": "SpecificResource", "source": f"{quote(slug)}.txt", "selector": [words, offsets]}
    bodies = [_body(field, value, slug) for field, values in _labels(claim).items() for value in values]
    motivation = "classifying" if bodies else "highlighting"
    body = {"body": bodies} if bodies else {}
    return {"id": _iri(slug, claim.id), "type": "Annotation", "motivation": motivation, **body, "target": target}


def _body(field: str, value: str, slug: str) -> dict[str, str]:
    if field in _LINKS:
        return {"type": "SpecificResource", "purpose": "linking", "label": field, "source": _iri(slug, value)}
    purpose = "classifying" if field in _CLASSES else "commenting" if field == "why" else "tagging"
    return {"type": "TextualBody", "purpose": purpose, "label": field, "value": value}


def _labels(claim: Claim) -> dict[str, tuple[str, ...]]:
    """The fields that hold something, each with its values; none for a blank claim."""
    found = {} if claim.blank else {field: getattr(claim, field) for field in KEY_FIELDS}
    # The order of a chain means something, and a set of bodies or of notes has none.
    found |= {"chain": " > ".join(found["chain"])} if found else {}
    return {field: (held,) if isinstance(held, str) else held for field, held in found.items() if held}
