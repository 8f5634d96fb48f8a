"""What the widgets share: fields to fill, a front end without a network, and a copy to read for later."""

from __future__ import annotations

import html
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import display, update_display

from kit.article import codebook
from kit.article.records import Claim, Unit

__all__ = ["ASKS", "LIVE_OR_COPY", "Cards", "Field", "asked_field", "card", "script"]

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

    def clean(self, value: object) -> Any:
        """`value` if the field can take it, else its blank."""
        if self.kind == "many":
            return [item for item in self.values if isinstance(value, list | tuple) and item in value]
        fits = isinstance(value, str) and (value in self.values or not self.values)
        return value if fits else ""


def asked_field(field: str, *, meanings: bool = False) -> Field:
    """The field as a question, with the question of each label, or its meaning, where the codebook has one."""
    values = codebook.names(field)
    try:
        labels = [codebook.label(field, value) for value in values]
    except KeyError:  # a list of values that students do not label
        return Field(field, field.replace("_", " "), "one", values)
    hints = tuple(label.meaning if meanings else label.question for label in labels)
    return Field(field, "Which label fits the words in the box?" if meanings else ASKS[field], "one", values, hints)


def card(claim: Claim, unit: Unit) -> dict[str, str]:
    """The claim's words in their sentence, cut at both ends."""
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
