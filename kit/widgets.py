"""Widgets that label claims one at a time, by keys or by mouse. They are views: the text road stays open.

The record of an answer is a literal in its answer cell. A widget keeps a draft on disk at every change, and
hands in by writing that literal, or by showing it to be pasted.
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kit import codebook, drafts, rulings
from kit.anchors import closest
from kit.article import Article
from kit.cards import Cards, Field
from kit.errors import KitError
from kit.keys import claims_by_id
from kit.records import Annotation, Claim

__all__ = ["Annotator", "Labeller", "label"]

_ASKS = {"layer": "Act or content?", "voucher": "Who vouches for it?", "status": "Which status? Stop at the first yes."}
_FREE = {"cue": "words", "hedge": "words", "why": "lines"}
_ANNOTATED = (
    "layer", "status", "also", "source", "cue", "cue_class", "hedge", "quote_type", "content_type", "evidence", "why",
)  # fmt: skip


class Labeller(Cards):
    """One label for each claim; made by `label`. `literal` is the code that hands them in."""

    def __init__(self, name: str, claims: Sequence[Claim], field: str, *, whole: Annotation, draft: Path) -> None:
        self._field = field
        super().__init__(name, claims, (_asked(field),), whole=whole, draft=draft)
        self.answer = name

    @property
    def labels(self) -> dict[str, str]:
        """Claim to label, "" where there is none yet."""
        return {claim: row[self._field] for claim, row in self.answers.items()}

    def _given(self, claim: Claim, field: str) -> str:
        return ""

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(card["id"], self.labels[card["id"]], card["words"]) for card in self.cards]

    @property
    def literal(self) -> str:
        """The code that hands the labels in, such as `layers = {"S10a": "act", …}`, over several lines."""
        lines = (f'    {json.dumps(claim, ensure_ascii=False)}: "{value}",\n' for claim, value in self.labels.items())
        return f"{self.title} = {{\n{''.join(lines)}}}"

    def _tell(self) -> None:
        self.progress = f"{sum(map(bool, self.labels.values()))} of {len(self.labels)} labelled"


class Annotator(Cards):
    """Every field of the guide for each claim of an annotation, with what breaks the codebook said at once.

    `claims` are the records with the changes made, `changes` the changes alone: claim to field to value. The
    annotation itself, and its file, stay as they are. The draft goes by the article's slug.
    """

    def __init__(self, annotation: Annotation, *, key: str = "") -> None:
        self.annotation = annotation
        fields = [_listed(field, annotation) for field in _ANNOTATED]
        slug = annotation.facts.slug
        super().__init__(slug, annotation.claims, fields, whole=annotation, draft=drafts.file(slug, key=key))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in the order of the text, with the changes made in them. A changed claim is not blank."""
        changes = self.changes
        return tuple(
            _changed(claim, changes[claim.id]) if claim.id in changes else claim for claim in self.annotation.claims
        )

    def _given(self, claim: Claim, field: str) -> Any:
        return getattr(claim, field)

    def _rows(self) -> list[tuple[str, str, str]]:
        words = {card["id"]: card["words"] for card in self.cards}
        shown = {c: "; ".join(f"{f}: {_shown(v)}" for f, v in row.items()) for c, row in self.changes.items()}
        return [(claim, text, words[claim]) for claim, text in shown.items()]

    def _tell(self) -> None:
        whole, ids = replace(self.annotation, claims=self.claims), _ids(self.annotation)
        found: dict[str, list[str]] = {}
        for where, what in rulings.faults(whole, ids):
            if where.startswith("claim "):
                found.setdefault(where.removeprefix("claim "), []).append(f"{what[:1].upper()}{what[1:]}.")
        self.messages = found
        self.progress = f"{len(self.changes)} of {len(self.cards)} changed, {len(found)} with something to mend"


def label(name: str, *, field: str, lines: Iterable[str], article: Article, key: str = "") -> Labeller:
    """A widget that labels the claims `lines` by `field`, for the answer called `name`.

    `field` is "layer", "voucher", "status" or another field with a closed list. The draft is kept in `.drafts`
    in the current folder, under `key` (by default the notebook's name) and `name`. Raises KitError for a name
    that cannot be a variable, a field without a list, no claim, and a claim that the article does not have.
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise KitError(f"“{name}” cannot be the name of an answer. Take letters, digits and _, such as “layers”.")
    fields = (*_ASKS, *(other for other in codebook.FIELDS if other not in _ASKS))
    if field not in fields:
        raise KitError(f"There is no field “{field}” to label. Choose one of {', '.join(fields)}.")
    claims, wanted = claims_by_id(article.annotation), list(dict.fromkeys(lines))
    if not wanted:
        raise KitError("There is no claim to label. Name some under “lines”.")
    strange = [line for line in wanted if line not in claims]
    if strange:
        meant = closest(strange[0], tuple(claims)) or "."
        raise KitError(f"There is no claim {', '.join(strange)} in “{article.facts.slug}”{meant}")
    chosen = [claims[line] for line in wanted]
    return Labeller(name, chosen, field, whole=article.annotation, draft=drafts.file(name, key=key))


def _asked(field: str) -> Field:
    """The field as a question, with the question of each label where the codebook has one."""
    values = codebook.names(field)
    hints = tuple(codebook.label(field, value).question for value in values) if field in _ASKS else ()
    return Field(field, _ASKS.get(field, field.replace("_", " ")), "one", values, hints)


def _listed(field: str, annotation: Annotation) -> Field:
    """The field as one of many, by its name alone."""
    words = field.replace("_", " ")
    if field in _FREE:
        return Field(field, words, _FREE[field])
    if field == "also":
        return Field(field, "also accepted", "many", codebook.names("status"))
    if field == "source":
        names = {voice: codebook.label("voucher", voice).meaning for voice in rulings.OWN_VOICES}
        names |= {source.id: source.name for source in annotation.sources}
        return Field(field, words, "pick", tuple(names), tuple(names.values()))
    return Field(field, words, "one", codebook.names(field))


def _changed(claim: Claim, row: dict[str, Any]) -> Claim:
    values = {field: tuple(value) if isinstance(value, list) else value for field, value in row.items()}
    return replace(claim, blank=False, **values)


def _shown(value: str | list[str]) -> str:
    return (", ".join(value) if isinstance(value, list) else value) or "nothing"


def _ids(annotation: Annotation) -> dict[str, tuple[str, ...]]:
    tables = {"unit": annotation.units, "source": annotation.sources, "claim": annotation.claims}
    tables |= {"proposition": annotation.propositions}
    return {table: tuple(row.id for row in rows) for table, rows in tables.items()}
