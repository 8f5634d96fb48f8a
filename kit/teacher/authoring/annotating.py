"""The annotator: the claims of an annotation file on screen, one at a time, to accept or to correct.

Its front end, with the keys, is `kit/widgets/static/annotator.js`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import traitlets
from IPython.display import Markdown

from kit.article import codebook
from kit.article.codebook import OWN_VOICES, REPLIES, SOURCE_KINDS
from kit.article.loading import Article
from kit.article.records import Annotation, Claim, Source, Unit
from kit.errors import KitError, many, typed
from kit.teacher.authoring.opening import POLARITY, advice, polarity
from kit.teacher.authoring.saving_and_undo import Correction, sentence
from kit.teacher.authoring.steps import STEPS, reason
from kit.widgets.cards import Cards, Field, script

_KINDS = {
    "status": "one", "layer": "one", "source": "pick", "cue": "words", "cue_class": "pick", "why": "lines",
    "also": "many", "hedge": "words", "quote_type": "pick", "content_type": "pick", "evidence": "pick",
    "chain": "ids", "disputed_by": "ids", "supported_by": "ids",
}  # fmt: skip
_RARE = tuple(_KINDS)[6:]
_LABELLING = ("layer", "status", "source")
_ASKS = {
    "also": "also accepted",
    "chain": "chain (ids of sources, with > between)",
    "disputed_by": "disputed by (ids of claims)",
    "supported_by": "supported by (ids of claims)",
}


class Annotator(Cards):
    """A view over a `Correction`: what the front end sends are its steps, and what is shown is what it holds.

    `at` is the claim in view. `done` is the number of the last message that has been dealt with.
    """

    _esm = script("annotator")
    at = traitlets.Unicode().tag(sync=True)
    units = traitlets.List().tag(sync=True)
    sources = traitlets.List().tag(sync=True)
    propositions = traitlets.List().tag(sync=True)
    matrix = traitlets.Dict().tag(sync=True)
    advice = traitlets.List().tag(sync=True)
    end = traitlets.Unicode().tag(sync=True)
    kinds = traitlets.List(list(SOURCE_KINDS)).tag(sync=True)
    replies = traitlets.List(list(REPLIES)).tag(sync=True)
    polarity = traitlets.Unicode(POLARITY).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    trouble = traitlets.Unicode().tag(sync=True)
    steps = traitlets.Int().tag(sync=True)
    done = traitlets.Unicode().tag(sync=True)

    def __init__(self, correction: Correction) -> None:
        self.correction = correction
        super().__init__(title=correction.path.name)
        self._show()
        self.on_msg(self._told)

    def _told(self, _: Any, content: dict[str, Any], __: Any) -> None:
        """Do what the front end asks for: a step by its name with what it is about, undo, or reload."""
        name, given = content.get("do"), content.get("given") or {}
        self.correction.go(str(content.get("at", self.correction.at)))
        if name == "undo":
            self.correction.undo()
        elif name == "reload":
            self.correction.reload(keep=bool(given.get("keep")))
        elif name in STEPS:
            self.correction.take(name, more=bool(content.get("more")), **given)
        with self.hold_sync():
            self._show()
            self.done = str(content.get("n", self.done))

    def _show(self) -> None:
        held, whole = self.correction, self.correction.sheet.whole
        claims, accepted = held.claims, held.accepted
        with self.hold_sync():
            fields = [_field(name, whole) for name in _KINDS]
            if rows := whole.propositions:
                ids, texts = tuple(row.id for row in rows), tuple(row.text for row in rows)
                fields.insert(len(_KINDS) - len(_RARE), Field("bears", "bears on", "many", ids, texts))
            self.fields = [vars(field) for field in fields]
            self.units = [_unit(unit, claims) for unit in whole.units]
            self.cards = [self._card(claim, claim.id in accepted) for claim in claims]
            self.sources = [self._source(source) for source in whole.sources]
            self.propositions = [{"id": row.id, "text": row.text, "mind": polarity(row.text)} for row in rows]
            self.matrix, self.advice = _matrix(whole), list(advice(whole))
            self.said, self.trouble, self.steps, self.at = held.said, held.trouble, len(held.past), held.at
            mend = sum(bool(card["mend"]) for card in self.cards) + sum(bool(one["mend"]) for one in self.sources)
            sources = sum(bool(source["proposed"]) for source in self.sources)
            parts = [f"{len(accepted)} of {len(claims)} accepted"]
            parts += [f"{mend} to mend"] * bool(mend)
            parts += [f"{many(sources, 'source')} to accept"] * bool(sources)
            self.progress = ", ".join(parts)
            shown = ("claim ", "source ", "reply ")
            elsewhere = [
                f"{where}: {_plain(what)}" for where, what in held.sheet.breaches if not where.startswith(shown)
            ]
            self.note = f"To mend in a text editor: {elsewhere[0]}" if elsewhere else ""
            whole_now = len(accepted) == len(claims) and not (sources or held.sheet.breaches)
            self.end = f"python -m kit new-course {typed(held.path)}" if whole_now else ""
        self._renew_copy()

    def _source(self, source: Source) -> dict[str, Any]:
        reply, sheet = self.correction.sheet.reply(source.id), self.correction.sheet
        told = (f"source {source.id}", f"reply {source.id}")
        return {
            **vars(source),
            "reply": reply.reply if reply else "",
            "on": list(reply.on) if reply else [],
            "mend": [_plain(what) for where, what in sheet.breaches if where in told],
        }

    def _card(self, claim: Claim, accepted: bool) -> dict[str, Any]:
        values = {name: getattr(claim, name) for name in _KINDS}
        whole = self.correction.sheet.whole
        values["bears"] = [row.id for row in whole.propositions if claim.id in row.claims]
        following = self.correction.sheet.following(claim)
        unreasoned = bool(claim.proposed and claim.status and not claim.why.strip())
        return {
            "id": claim.id,
            "unit": claim.unit,
            "words": claim.quote,
            "values": {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()},
            "proposed": claim.proposed,
            "accepted": accepted,
            "mend": [_plain(what) for what in self.correction.mend(claim.id)],
            "next": following.id if following else "",
            "like": bool(self.correction.sheet.above(claim)),
            "unreasoned": unreasoned,
            "reason": reason(claim, {source.id: source.name for source in whole.sources}) if unreasoned else "",
        }

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for card in self.cards:
            state = "accepted" if card["accepted"] else "to mend" if card["mend"] else "proposed"
            labels = [card["values"][name] for name in _LABELLING]
            rows.append((card["id"], ", ".join([*filter(None, labels), state]), card["words"]))
        return rows


def annotate(path: str | Path) -> Annotator | Markdown:
    """The annotator for the file at `path`; where that cannot be opened, the reason in words."""
    try:
        return Annotator(Correction(Path(path)))
    except KitError as fault:
        again = "Mend that in a text editor, then run this cell again."
        return Markdown(f"**This file cannot be opened.** {sentence(fault)} {again}")


def _plain(what: str) -> str:
    """A breach of the codebook in the words that are on the screen."""
    for name in _KINDS:
        what = what.replace(f"“{name}”", f"“{name.replace('_', ' ')}”")
    return f"{what[:1].upper()}{what[1:]}{'' if what.endswith('?') else '.'}"


def _field(name: str, whole: Annotation) -> Field:
    values: Iterable[str] = codebook.names(name) if name in codebook.FIELDS else ()
    hints: Iterable[str] = ()
    if name == "also":
        values = codebook.names("status")
    elif name == "source":
        names = {voice: codebook.label("voucher", voice).meaning for voice in OWN_VOICES}
        names |= {source.id: source.name for source in whole.sources}
        values, hints = names, names.values()
    ask = _ASKS.get(name, name.replace("_", " "))
    return Field(name, ask, _KINDS[name], tuple(values), tuple(hints), rare=name in _RARE)


def _unit(unit: Unit, claims: list[Claim]) -> dict[str, Any]:
    """The unit in pieces, each with the claims that it belongs to: a browser does not count letters as we do."""
    inside = [claim for claim in claims if claim.unit == unit.id]
    cuts = sorted({unit.start, unit.end, *(at for claim in inside for at in (claim.start, claim.end))})
    pieces = [
        (unit.text[start - unit.start : end - unit.start], [c.id for c in inside if c.start <= start and end <= c.end])
        for start, end in pairwise(cuts)
    ]
    return {"id": unit.id, "text": unit.text, "paragraph": unit.paragraph, "kind": unit.kind, "pieces": pieces}


def _matrix(whole: Annotation) -> dict[str, Any]:
    """The matrix as the lessons will show it: its columns, and the rows of those who have a cell in it."""
    known = {source.id: source.name for source in whole.sources}
    columns = [row.id for row in whole.propositions]
    sound = [
        replace(reply, on=tuple(name for name in reply.on if name in columns))
        for reply in whole.replies
        if reply.source in known
    ]
    frame = Article(replace(whole, replies=tuple(sound))).matrix
    rows = [[known.get(name, name), *cells] for name, *cells in frame.itertuples(name=None) if any(cells)]
    return {"columns": columns, "rows": rows}
