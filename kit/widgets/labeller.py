"""The widget that labels claims one at a time, by keys or by mouse. It is a view: the text road stays open.

The record of an answer is a literal in its answer cell. The widget keeps a draft on disk at every change, and
writes that literal into the cell, or shows it to be pasted.
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import traitlets

from kit import kept_answers
from kit.article import codebook
from kit.article.anchors import closest
from kit.article.loading import Article
from kit.article.records import Annotation, Claim
from kit.errors import KitError
from kit.files import outlasts
from kit.kept_answers import Draft
from kit.widgets.cards import ASKS, Cards, Field, asked_field, card, script

__all__ = ["Labeller", "label"]


class Labeller(Cards):
    """One label for each claim; made by `label`. `literal` is the code for the answer cell.

    `answers` maps claim to field to value; `kept` is the last of it that is on disk. `at` is the claim in view,
    from 0; `past` holds what undo needs: claim, field and the value before, a step each; `onward` says whether the
    next claim comes by itself after a choice.
    """

    _esm = script("labeller")
    answers = traitlets.Dict().tag(sync=True)
    at = traitlets.Int().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)
    past = traitlets.List().tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)
    onward = traitlets.Bool().tag(sync=True)
    lasting = traitlets.Bool().tag(sync=True)
    """Whether the draft is there after the page is closed."""

    def __init__(self, name: str, claims: Sequence[Claim], field: Field, *, whole: Annotation, draft: Path) -> None:
        found, self._said = kept_answers.read(draft)
        self._field, self._draft = field, draft
        self._asked = tuple(claim.id for claim in claims)
        # What the file holds on claims that are not asked for here stays in the file.
        self._others = {claim: row for claim, row in found.answers.items() if claim not in self._asked}
        answers = self._cleaned(found.answers)
        units = {unit.id: unit for unit in whole.units}
        cards = [card(claim, units[claim.unit]) for claim in claims]
        kept = {"answers": answers, "kept": answers, "at": found.at, "onward": found.onward, "note": self._said}
        kept["lasting"] = outlasts(draft.parent.parent)
        super().__init__(title=name, answer=name, cards=cards, fields=[vars(field)], **kept)
        self._tell()
        self.observe(lambda _: self._keep(), ["answers", "at", "onward"])
        self.observe(lambda _: self._renew_copy(), "answers")

    @property
    def labels(self) -> dict[str, str]:
        """Claim to label, "" where there is none yet."""
        return {claim: row[self._field.name] for claim, row in self.answers.items()}

    @property
    def literal(self) -> str:
        """The code for the answer cell, such as `layers = {"S08a": "content", …}`, over several lines."""
        lines = (f'    {json.dumps(claim, ensure_ascii=False)}: "{value}",\n' for claim, value in self.labels.items())
        return f"{self.title} = {{\n{''.join(lines)}}}"

    def undo(self) -> None:
        """Take back the last change, and go to the claim that it was made on. Without one, nothing happens."""
        if self.past:
            *rest, (claim, field, value) = self.past
            self.answers = {**self.answers, claim: {**self.answers[claim], field: value}}
            self.past, self.at = rest, list(self.answers).index(claim)

    @traitlets.validate("answers")
    def _only_what_fits(self, proposal: Any) -> dict[str, dict[str, Any]]:
        return self._cleaned(proposal["value"])

    @traitlets.validate("at")
    def _only_a_place(self, proposal: Any) -> int:
        return max(0, min(proposal["value"], len(self.cards) - 1))

    def _cleaned(self, given: Any) -> dict[str, dict[str, Any]]:
        rows = {claim: row if isinstance(row := given.get(claim), dict) else {} for claim in self._asked}
        name = self._field.name
        return {claim: {name: self._field.clean(row.get(name))} for claim, row in rows.items()}

    def _keep(self) -> None:
        chosen = {claim: row for claim, row in self.answers.items() if any(row.values())}
        with self.hold_sync():
            try:
                kept_answers.write(self._draft, Draft({**self._others, **chosen}, self.at, self.onward))
                self.kept, self.note = self.answers, self._said
            except OSError as fault:
                why = fault.strerror or fault
                self.note = f"Your draft cannot be saved ({why}). Write into the cell before you close this."
            self._tell()

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(card["id"], self.labels[card["id"]], card["words"]) for card in self.cards]

    def _tell(self) -> None:
        self.progress = f"{sum(map(bool, self.labels.values()))} of {len(self.labels)} labelled"


def label(
    name: str, *, field: str, lines: Iterable[str], article: Article, key: str = "", meanings: bool = False
) -> Labeller:
    """A widget that labels the claims `lines` by `field`, for the answer called `name`.

    `field` is "layer", "voucher", "status" or another field with a closed list. The draft is kept in `.drafts`
    in the current folder, under `key` (by default the notebook's name) and `name`. `meanings` shows what each label
    means in place of its question, for readers who have not met the questions yet. Raises KitError for a name
    that cannot be a variable, a field without a list, no claim, and a claim that the article does not have.
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise KitError(f"“{name}” cannot be the name of an answer. Take letters, digits and _, such as “layers”.")
    fields = (*ASKS, *(other for other in codebook.FIELDS if other not in ASKS))
    if field not in fields:
        raise KitError(f"There is no field “{field}” to label. Choose one of {', '.join(fields)}.")
    claims, wanted = article.annotation.by_id, list(dict.fromkeys(lines))
    if not wanted:
        raise KitError("There is no claim to label. Name some under “lines”.")
    strange = [line for line in wanted if line not in claims]
    if strange:
        meant = closest(strange[0], tuple(claims)) or "."
        raise KitError(f"There is no claim {', '.join(strange)} in “{article.facts.slug}”{meant}")
    asked, draft = asked_field(field, meanings=meanings), kept_answers.file(name, key=key)
    return Labeller(name, [claims[line] for line in wanted], asked, whole=article.annotation, draft=draft)
