"""Cards to fill, by keys or by mouse, with a front end without a network and a copy to read for later.

They are views: the text road stays open. The record of a label is a literal in its answer cell. The labeller keeps a
draft on disk at every change, and writes that literal into the cell, or shows it to be pasted.
"""

from __future__ import annotations

import html
import keyword
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import display, update_display

from kit.article import codebook
from kit.article.anchors import closest
from kit.article.loading import Article
from kit.article.records import Annotation, Claim
from kit.errors import KitError
from kit.files import outlasts
from kit.page import kept_answers
from kit.page.kept_answers import Draft

ASKS = {
    "layer": "Act or content?",
    "voucher": "Who vouches for it?",
    "status": "Which status? Stop at the first yes.",
    "cue_class": "What does the cue do?",
    "reach": "Does a word that weakens reach it?",
}
"""How each field is asked for on a card."""

_STATIC = Path(__file__).parent / "static"
# Jupyter has no way to show one output in place of another whose widget is gone, so this style does: the copy
# is seen where no live widget stands below it, and what stands below a copy is seen only if it is alive.
_LIVE = ".kit-live:not(.kit-cut)"
_COPY = ".jp-OutputArea-child:has(.kit-copy)"
LIVE_OR_COPY = (
    f"<style>{_COPY}:has(+.jp-OutputArea-child {_LIVE}),{_COPY}+.jp-OutputArea-child:not(:has({_LIVE}))"
    "{display:none}</style>"
)


def script(name: str) -> str:
    """The front end `static/<name>.js`, with what all of them share before it."""
    return "\n".join((_STATIC / f"{part}.js").read_text("utf-8") for part in ("cards", name))


@dataclass(frozen=True)
class Field:
    """One field to fill. `kind`: one (of the values), many, pick (one of a long list), words or lines (free text),
    ids (several, in order). A `rare` one is shown on demand.
    """

    name: str
    ask: str
    kind: str
    values: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    rare: bool = False


def asked_field(field: str, *, meanings: bool = False) -> Field:
    """The field as a question, with the question of each label, or its meaning."""
    values = codebook.names(field)
    labels = [codebook.label(field, value) for value in values]
    hints = tuple(label.meaning if meanings else label.question for label in labels)
    return Field(field, "Which label fits the words in the box?" if meanings else ASKS[field], "one", values, hints)


def card(claim: Claim, whole: Annotation) -> dict[str, str]:
    """The claim's words in their sentence, cut at both ends."""
    unit = whole.unit[claim.unit]
    start, end = claim.start - unit.start, claim.end - unit.start
    cut = {"before": unit.text[:start], "words": claim.quote, "after": unit.text[end:]}
    return {"id": claim.id, "unit": unit.id, **cut}


class Cards(anywidget.AnyWidget):
    """Cards to fill, one per claim, with a copy to read that stays when the kernel is gone."""

    _css = _STATIC / "cards.css"
    title = traitlets.Unicode().tag(sync=True)
    cards = traitlets.List().tag(sync=True)
    fields = traitlets.List().tag(sync=True)
    progress = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    fresh = traitlets.Bool().tag(sync=True)
    """Whether a cell has just shown it, so that the front end may give it the keys."""

    def __init__(self, **state: Any) -> None:
        self._shown, self._copy = False, uuid.uuid4().hex
        super().__init__(**state)

    def __repr__(self) -> str:
        rows = (f"\n{claim}: {value or '–'}  “{words}”" for claim, value, words in self._rows())
        return f"{self.title}: {self.progress}{''.join(rows)}"

    def _repr_html_(self) -> str:
        cells = ("".join(f"<td style='text-align:left'>{html.escape(t or '–')}</td>" for t in r) for r in self._rows())
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in ("claim", "chosen", "words"))
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return (
            f"<div class='kit-copy'>{LIVE_OR_COPY}<p><b>{html.escape(self.title)}</b>: {self.progress}. This is a copy "
            "to read. To go on where you stopped, choose Run → Run All Above Selected Cell, then run this cell again."
            f"</p><table><tr>{head}</tr>{body}</table></div>"
        )

    def _ipython_display_(self) -> None:
        self._shown = self.fresh = True
        display(self._bundle(), raw=True, display_id=self._copy)
        live, _ = self._repr_mimebundle_() or ({}, {})
        live["text/plain"] = "(Here JupyterLab shows buttons and keys for labelling. You can also type the answer.)"
        display(live, raw=True)

    def _renew_copy(self) -> None:
        """Bring the copy to read up to date, where it has been shown."""
        if self._shown:
            update_display(self._bundle(), raw=True, display_id=self._copy)

    def _bundle(self) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _rows(self) -> list[tuple[str, str, str]]:
        """The copy to read: claim, what is chosen, the claim's words."""
        raise NotImplementedError


class Labeller(Cards):
    """One label for each claim; made by `label`.

    `answers` maps claim to field to value; `kept` is the last of it that is on disk. `at` is the claim in view,
    from 0; `past` holds what the front end's undo needs: claim, field and the value before, a step each; `onward` says
    whether the next claim comes by itself after a choice.
    """

    _esm = script("labeller")
    answers = traitlets.Dict().tag(sync=True)
    at = traitlets.Int().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)
    past = traitlets.List().tag(sync=True)
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
        cards = [card(claim, whole) for claim in claims]
        kept = {"answers": answers, "kept": answers, "at": found.at, "onward": found.onward, "note": self._said}
        kept["lasting"] = outlasts(draft.parent.parent)
        super().__init__(title=name, cards=cards, fields=[vars(field)], **kept)
        self._tell()
        self.observe(lambda _: self._keep(), ["answers", "at", "onward"])
        self.observe(lambda _: self._renew_copy(), "answers")

    @property
    def labels(self) -> dict[str, str]:
        """Claim to label, "" where there is none yet."""
        return {claim: row[self._field.name] for claim, row in self.answers.items()}

    @traitlets.validate("answers")
    def _only_what_fits(self, proposal: Any) -> dict[str, dict[str, str]]:
        return self._cleaned(proposal["value"])

    @traitlets.validate("at")
    def _only_a_place(self, proposal: Any) -> int:
        return max(0, min(proposal["value"], len(self.cards) - 1))

    def _cleaned(self, given: Any) -> dict[str, dict[str, str]]:
        """The label of each claim that is asked, "" where what is given is none."""
        name, chosen = self._field.name, {claim: row for claim, row in given.items() if isinstance(row, dict)}
        labels = {claim: chosen.get(claim, {}).get(name) for claim in self._asked}
        return {claim: {name: value if value in self._field.values else ""} for claim, value in labels.items()}

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

    `field` is "layer", "voucher", "status", "cue_class" or "reach". The draft is kept in `.drafts`
    in the current folder, under `key` (by default the notebook's name) and `name`. `meanings` shows what each label
    means in place of its question, for readers who have not met the questions yet. Raises KitError for a name
    that cannot be a variable, a field without a list, no claim, and a claim that the article does not have.
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise KitError(f"“{name}” cannot be the name of an answer. Take letters, digits and _, such as “layers”.")
    if field not in ASKS:
        raise KitError(f"There is no field “{field}” to label. Choose one of {', '.join(ASKS)}.")
    claims, wanted = article.annotation.by_id, list(dict.fromkeys(lines))
    if not wanted:
        raise KitError("There is no claim to label. Name some under “lines”.")
    strange = [line for line in wanted if line not in claims]
    if strange:
        meant = closest(strange[0], claims) or "."
        raise KitError(f"There is no claim {', '.join(strange)} in “{article.facts.slug}”{meant}")
    asked, draft = asked_field(field, meanings=meanings), kept_answers.file(name, key=key)
    return Labeller(name, [claims[line] for line in wanted], asked, whole=article.annotation, draft=draft)
