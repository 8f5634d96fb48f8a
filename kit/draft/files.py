"""Writes an annotation file: the tables of the records as TOML that people edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from kit.editing.sheets import as_toml
from kit.records import Claim, Facts, Source, Unit

__all__ = ["toml"]

_TOP = """\
# A first annotation of {text}, proposed by rules that read nothing but the text. Nothing here is checked yet.
# Next: run `python -m kit annotate {slug}.toml` and go through it on screen, or edit this file; then run
# `python -m kit check {slug}.toml`.
# “proposed” says how sure the rule is (sure, likely, guess). Take the line out once you have read the claim and agree.
# A quote must stand word for word, once, in its unit. “why” is the rule that led to the status: make it your own words.
"""
_PARTS = (
    ("unit", "Units: one sentence or heading each, in the order of the text. Paragraph 0 is the headline."),
    ("source", "Sources: everybody who is given a word. kind: named, role, institution or agency. Add accused = true."),
    ("claim", "Claims. `also` lists further statuses that a careful reader may choose. Fields left out are empty."),
)
_KEPT = {"kind", "layer", "status", "source", "quote_type"}


def toml(facts: Facts, units: Iterable[Unit], sources: Iterable[Source], claims: Iterable[Claim]) -> str:
    """The text of an annotation file, in the format that `kit.annotation` reads."""
    lines = [_TOP.format(text=facts.text, slug=facts.slug) + "format = 1\n", "[article]", *_fields(facts), ""]
    for (name, comment), rows in zip(_PARTS, (units, sources, claims), strict=True):
        lines += [f"# ---- {comment} ----", ""]
        for row in rows:
            lines += [f"[[{name}]]", *_fields(row), ""]
    return "\n".join(lines)


def _fields(row: Any) -> list[str]:
    """One line for each field that says something; in a claim, layer stands before the quote."""
    specs = [spec for spec in fields(row) if not spec.metadata.get("computed")]
    if isinstance(row, Claim):
        specs.sort(key=lambda spec: ("id", "unit", "layer", "quote").index(spec.name) if spec.name in _FIRST else 9)
    return [
        f"{spec.name} = {as_toml(getattr(row, spec.name)).as_string()}"
        for spec in specs
        if getattr(row, spec.name) != spec.default or (spec.name in _KEPT and getattr(row, spec.name))
    ]


_FIRST = frozenset(("id", "unit", "layer", "quote"))
