"""The annotated article as static HTML, with a table and a plain text that say the same. No script, no style sheet."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from kit.article import codebook
from kit.article.colours import LOOKS, Look
from kit.article.loading import Article
from kit.article.records import Claim, Unit
from kit.errors import KitError

GAP = "[…]"
"""Stands where sentences of the article are left out."""
_FIELDS = ("layer", "status", "voucher")


@dataclass(frozen=True)
class Annotated:
    """Units with their claims, each claim labelled in words. Shown by every notebook viewer."""

    title: str
    field: str
    units: tuple[Unit, ...]
    claims: tuple[Claim, ...]

    def __repr__(self) -> str:
        rows = [self.title]
        for unit in self.units:
            rows += [GAP] * self._after_gap(unit)
            rows.append(f"{unit.id}  {unit.text}")
            rows += [f"      {_name(c, self.field)}: “{c.quote}” ({c.id})" for c in self._of(unit)]
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        paragraphs: dict[int, list[Unit]] = {}
        for unit in self.units:
            paragraphs.setdefault(unit.paragraph, []).append(unit)
        body = "".join(f"<p style='line-height:2'>{self._sentence(units)}</p>" for units in paragraphs.values())
        rows = "".join(
            f"<tr><td>{html.escape(c.id)}</td><td>{html.escape(_name(c, self.field))}</td>"
            f"<td style='text-align:left'>{html.escape(c.quote)}</td></tr>"
            for unit in self.units
            for c in self._of(unit)
        )
        head = f"<tr><th>claim</th><th>{html.escape(self.field)}</th><th style='text-align:left'>words</th></tr>"
        return (
            f"<div><p><b>{html.escape(self.title)}</b></p><p>{self._legend()}</p>{body}"
            f"<details><summary>The same as a table</summary><table>{head}{rows}</table></details></div>"
        )

    def _legend(self) -> str:
        """What each box says; for labels that are withheld, that they are the reader's to give."""
        items = [codebook.label(self.field, name) for name in codebook.names(self.field)]
        rows = [f"{_box('…', item.name, self.field)} {html.escape(item.meaning)}" for item in items]
        known = {_name(claim, self.field) for claim in self.claims}
        hidden = [f"{_box('…', '?', self.field)} The label is hidden: it is yours to give."] if "?" in known else []
        return "<br>".join(hidden + (rows if known != {"?"} else []))

    def _after_gap(self, unit: Unit) -> bool:
        """Whether sentences of the article are left out before it, behind another one that is shown."""
        at = self.units.index(unit)
        return at > 0 and not unit.follows(self.units[at - 1])

    def _of(self, unit: Unit) -> list[Claim]:
        return sorted((c for c in self.claims if c.unit == unit.id), key=lambda c: c.start)

    def _sentence(self, units: list[Unit]) -> str:
        """The units' text with each claim in a box, its label in words behind it."""
        parts = []
        for unit in units:
            at = unit.start
            parts += [f"<small>{GAP}</small> "] * self._after_gap(unit)
            parts.append(f"<small>{html.escape(unit.id)}</small> ")
            for claim in self._of(unit):
                # Of claims that overlap, the later one holds what is left: no word is shown twice.
                first, last = max(at, claim.start), max(at, claim.end)
                parts.append(html.escape(unit.text[at - unit.start : first - unit.start], quote=False))
                words = html.escape(unit.text[first - unit.start : last - unit.start], quote=False) or "…"
                parts.append(_box(words, _name(claim, self.field), self.field, f"{html.escape(claim.id)} "))
                at = last
            parts.append(html.escape(unit.text[at - unit.start :], quote=False) + " ")
        return "".join(parts)


def annotated(article: Article, *, field: str = "layer", units: Iterable[str] | None = None) -> Annotated:
    """The article, or the given `units` of it, with every claim labelled by `field`.

    Page furniture is left out, unless a claim stands in it or it is asked for.
    `field` is "layer", "status" or "voucher". Blank claims are labelled “?”. Raises KitError for another
    field, and for a unit that the article does not have.
    """
    if field not in _FIELDS:
        raise KitError(f"There is no field “{field}” to show; choose one of {', '.join(_FIELDS)}.")
    wanted = None if units is None else [units] if isinstance(units, str) else list(map(str, units))
    known = article.annotation.unit
    strange = [name for name in wanted or () if name not in known]
    if strange:
        raise KitError(f"There is no unit {', '.join(strange)} in “{article.facts.slug}”.")
    told = {claim.unit for claim in article.annotation.claims}
    shown = [name for name, unit in known.items() if unit.kind != "furniture" or name in told]
    chosen = tuple(known[name] for name in (shown if wanted is None else wanted))
    ids = {unit.id for unit in chosen}
    claims = tuple(claim for claim in article.annotation.claims if claim.unit in ids)
    when = "made up for this course" if article.facts.invented else article.facts.dateline
    credit = f" · {article.facts.credit}" if article.facts.credit else ""
    title = f"{article.facts.headline} ({when}){credit}"
    return Annotated(title, field, chosen, claims)


def _name(claim: Claim, field: str) -> str:
    return next(iter(claim.accepts(field)), "?")


def _box(words: str, name: str, field: str, before: str = "") -> str:
    look = LOOKS[field].get(name, Look("currentColor", "dotted"))
    style = f"border:2px {look.border} {look.colour};border-radius:4px;padding:1px 3px;"
    style += "box-decoration-break:clone;-webkit-box-decoration-break:clone"
    return f"<span style='{style}'>{words} <b style='white-space:nowrap'>[{before}{html.escape(name)}]</b></span>"
