"""`kit.practice()`: one card at a time, explained at once. A view over the diary; typing does all that keys do."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import traitlets

from kit.article import codebook
from kit.errors import KitError
from kit.files import outlasts
from kit.recall import diary
from kit.recall.diary import Attempt
from kit.recall.pool import COMMON, Item, choose, pool
from kit.widgets.cards import LIVE_OR_COPY, Cards, asked_field, card, script

Clock = Callable[[], datetime]
NOW: Clock = partial(datetime.now, UTC)


class Practice(Cards):
    """So many cards, one after the other; made by `practice`. `answer` does by typing what the keys do.

    `turn` is the card in view, from 0; `chosen` is what the front end sends: the turn, and the label. `told` says
    whether the label fits and why, once it is given.
    """

    _esm = script("practice")
    turn = traitlets.Int().tag(sync=True)
    turns = traitlets.Int().tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)

    def __init__(
        self, items: Sequence[Item], file: Path, n: int, *, now: Clock = NOW, seen: Sequence[Attempt] = ()
    ) -> None:
        self._items, self._file, self._now = items, file, now
        self._seen, self._item = list(seen), choose(items, seen, now())
        self._fit, self._done = 0, 0
        nothing = {} if self._item else {"note": "There is no card to practise with here."}
        super().__init__(title="practice", turns=n if self._item else 0, **self._face(), **nothing)
        self.observe(lambda change: self._give(*change["new"]), "chosen")
        self.observe(self._turned, "turn")

    def answer(self, label: str) -> Said:
        """Answer the card in view with `label`, and go on to the next one; what comes back says why, and shows it.

        Raises KitError where all cards are answered, and for what is no label of this card.
        """
        if self._item is None:
            raise KitError("All cards are answered. For more, run kit.practice() again.")
        values, given = codebook.names(self._item.field), label.strip().casefold()
        if given not in values and not self.told:
            raise KitError(f"“{label}” is none of the labels here. Choose from {', '.join(values)}.")
        if not self.told:
            self.chosen = [self.turn, given]
        said = f"{self._item.claim.id}: {self.told['given']}. {self.told['words']}"
        self.turn += 1
        return Said(f"{said}\n\n{self!r}")

    def __repr__(self) -> str:
        lines = [self.progress, *([self.note] if self.note else [])]
        if not self.cards:
            return "\n".join([*lines, "For more, run kit.practice() again."])
        (shown,), (field,) = self.cards, self.fields
        lines += [f"{shown['of']}. {shown['id']}: {field['ask']}"]
        lines += [f"  {shown['before']}[{shown['words']}]{shown['after']}"]
        lines += [f"  {value}: {hint}" for value, hint in zip(field["values"], field["hints"], strict=True)]
        return "\n".join([*lines, f'By typing: cards = kit.practice(), then cards.answer("{field["values"][0]}")'])

    def _repr_html_(self) -> str:
        words = html.escape(repr(self))
        return f"<div class='kit-copy'>{LIVE_OR_COPY}<pre style='white-space:pre-wrap'>{words}</pre></div>"

    def _face(self) -> dict[str, Any]:
        """What is shown of the card at hand."""
        progress = f"{self._done} answered, {self._fit} of them fit{'s' * (self._fit == 1)}"
        shown = {"told": {}, "progress": progress, "cards": []}
        if (item := self._item) is None:
            return shown
        facts = item.annotation.facts
        about = {"of": f"From “{facts.headline}”" + " (made up)" * facts.invented, "turn": self.turn}
        return shown | {"cards": [card(item.claim, item.annotation) | about], "fields": [vars(asked_field(item.field))]}

    def _give(self, turn: int, label: str) -> None:
        """Note an answer to the card in view, and say what is to be said of it."""
        item = self._item
        if item is None or turn != self.turn or self.told or label not in codebook.names(item.field):
            return
        right, words, behind = item.told(label)
        row = Attempt(self._now(), *item.key, label, right, behind)
        self._seen.append(row)
        self._done, self._fit = self._done + 1, self._fit + right
        with self.hold_sync():
            try:
                diary.append(self._file, row)
                self.note = "" if outlasts(self._file.parent) else _PASSING
            except OSError as fault:
                self.note = f"Your answer cannot be kept in {self._file.name} ({fault.strerror or fault})."
            self.progress = self._face()["progress"]
            self.told = {"given": label, "right": right, "words": words}
        self._renew_copy()

    def _turned(self, _: Any) -> None:
        """Show the card that comes next, or that there is none."""
        over = self.turn >= self.turns
        self._item = None if over else choose(self._items, self._seen, self._now())
        with self.hold_sync():
            for name, value in self._face().items():
                self.set_trait(name, value)
        self._renew_copy()


_PASSING = "This answer is forgotten when you close this page: at this address, the browser shows Python no files."


class Said(str):
    """A text that a notebook shows as it is, without quotation marks."""

    __slots__ = ()
    __repr__ = str.__str__


def practice(n: int = 10, *, fields: Iterable[str] = COMMON) -> Practice:
    """`n` cards to label: what you have met comes back when it is due, sooner where it was hard; else new ones.

    They come from the article and the made-up texts, and none is asked by a graded exercise. `fields` are of layer,
    voucher, status, cue_class and reach. Answers are kept in practice.csv, on your desk. Raises KitError for another
    field, for less than one card, and where that file cannot be read.
    """
    if n < 1:
        raise KitError("Ask for one card at least: kit.practice(3).")
    file = diary.file()
    return Practice(pool(fields), file, n, seen=diary.read(file))
