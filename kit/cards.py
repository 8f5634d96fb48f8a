"""Cards to fill, one per claim: what the widgets share. Its front end is `static/labeller.js`."""

from __future__ import annotations

import html
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import display, update_display

from kit import drafts
from kit.records import Annotation, Claim, Unit

__all__ = ["Cards", "Field"]

_STATIC = Path(__file__).parent / "static"
# Jupyter has no way to show one output in place of another whose widget is gone, so this style does: the copy
# is seen where no live widget stands below it, and what stands below a copy is seen only if it is alive.
_LIVE = ".kit-live:not(.kit-cut)"
_COPY = ".jp-OutputArea-child:has(.kit-copy)"
_STYLE = (
    f"<style>{_COPY}:has(+.jp-OutputArea-child {_LIVE}),{_COPY}+.jp-OutputArea-child:not(:has({_LIVE}))"
    "{display:none}</style>"
)


@dataclass(frozen=True)
class Field:
    """One field to fill. `kind`: one (of the values), many, pick (one of a long list), words or lines (free text)."""

    name: str
    ask: str
    kind: str
    values: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    def clean(self, value: object) -> Any:
        """`value` if the field can take it, else its blank."""
        if self.kind == "many":
            return [item for item in self.values if isinstance(value, list | tuple) and item in value]
        fits = isinstance(value, str) and (value in self.values or not self.values)
        return value if fits else ""


class Cards(anywidget.AnyWidget):
    """One card per claim. `answers` maps claim to field to value; `kept` is the last of it that is on disk.

    `at` is the claim in view, from 0; `past` holds what undo needs: claim, field and the value before, a step each.
    """

    _esm = _STATIC / "labeller.js"
    _css = _STATIC / "labeller.css"
    title = traitlets.Unicode().tag(sync=True)
    cards = traitlets.List().tag(sync=True)
    fields = traitlets.List().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    at = traitlets.Int().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)
    past = traitlets.List().tag(sync=True)
    progress = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    messages = traitlets.Dict().tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, title: str, claims: Sequence[Claim], fields: Sequence[Field], *, whole: Annotation, draft: Path
    ) -> None:
        found, self._said = drafts.read(draft)
        self._fields, self._draft, self._shown = tuple(fields), draft, False
        self._start = {c.id: {f.name: f.clean(self._given(c, f.name)) for f in fields} for c in claims}
        # What the file holds on claims that are not asked for here stays in the file.
        self._others = {claim: row for claim, row in found.answers.items() if claim not in self._start}
        self._copy = uuid.uuid4().hex
        answers = self._cleaned({c: {**row, **found.answers.get(c, {})} for c, row in self._start.items()})
        units = {unit.id: unit for unit in whole.units}
        super().__init__(
            title=title,
            cards=[_card(claim, units[claim.unit]) for claim in claims],
            fields=[vars(field) for field in fields],
            answers=answers,
            kept=answers,
            at=found.at,
            note=self._said,
        )
        self._tell()
        self.observe(self._changed, "answers")
        self.observe(lambda _: self._keep(), "at")

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """What differs from the start: claim to field to value."""
        rows = {c: {f: v for f, v in row.items() if v != self._start[c][f]} for c, row in self.answers.items()}
        return {claim: row for claim, row in rows.items() if row}

    def undo(self) -> None:
        """Take back the last change, and go to the claim that it was made on. Without one, nothing happens."""
        if self.past:
            *rest, (claim, field, value) = self.past
            self.answers = {**self.answers, claim: {**self.answers[claim], field: value}}
            self.past, self.at = rest, list(self.answers).index(claim)

    def __repr__(self) -> str:
        rows = (f"\n{claim}: {value or '–'}  “{words}”" for claim, value, words in self._rows())
        return f"{self.title}: {self.progress}{''.join(rows)}"

    def _repr_html_(self) -> str:
        cells = ("".join(f"<td style='text-align:left'>{html.escape(t or '–')}</td>" for t in r) for r in self._rows())
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in ("claim", "chosen", "words"))
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return (
            f"<div class='kit-copy'>{_STYLE}<p><b>{html.escape(self.title)}</b>: {self.progress}. This is a copy to "
            f"read. To go on where you stopped, run this cell again.</p><table><tr>{head}</tr>{body}</table></div>"
        )

    def _ipython_display_(self) -> None:
        self._shown = True
        display(self._bundle(), raw=True, display_id=self._copy)
        live, _ = self._repr_mimebundle_()
        live["text/plain"] = "(Here JupyterLab shows buttons and keys for labelling. You can also type the answer.)"
        display(live, raw=True)

    @traitlets.validate("answers")
    def _only_what_fits(self, proposal: Any) -> dict[str, dict[str, Any]]:
        return self._cleaned(proposal["value"])

    @traitlets.validate("at")
    def _only_a_place(self, proposal: Any) -> int:
        return max(0, min(proposal["value"], len(self.cards) - 1))

    def _cleaned(self, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
        rows = {claim: row if isinstance(row := given.get(claim), dict) else {} for claim in self._start}
        return {claim: {f.name: f.clean(row.get(f.name)) for f in self._fields} for claim, row in rows.items()}

    def _changed(self, _: Any) -> None:
        self._keep()
        if self._shown:
            update_display(self._bundle(), raw=True, display_id=self._copy)

    def _keep(self) -> None:
        with self.hold_sync():
            try:
                drafts.write(self._draft, drafts.Draft({**self._others, **self.changes}, self.at))
                self.kept, self.note = self.answers, self._said
            except OSError as fault:
                self.note = f"Your draft cannot be saved ({fault.strerror or fault}). Hand in before you close this."
            self._tell()

    def _bundle(self) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _given(self, claim: Claim, field: str) -> Any:
        """The value that `field` starts with."""
        raise NotImplementedError

    def _rows(self) -> list[tuple[str, str, str]]:
        """The copy to read: claim, what is chosen, the claim's words."""
        raise NotImplementedError

    def _tell(self) -> None:
        """Bring `progress`, and what else is told of the answers, up to date."""
        raise NotImplementedError


def _card(claim: Claim, unit: Unit) -> dict[str, str]:
    """The claim's words in their sentence, cut at both ends."""
    start, end = claim.start - unit.start, claim.end - unit.start
    cut = {"before": unit.text[:start], "words": claim.quote, "after": unit.text[end:]}
    return {"id": claim.id, "unit": unit.id, **cut}
