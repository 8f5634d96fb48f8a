"""The annotator: the claims of an annotation file on screen, one at a time, to accept or to correct."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import traitlets
from IPython.display import Markdown

from kit.article import codebook
from kit.article.codebook import OWN_VOICES
from kit.article.records import Annotation, Claim, Unit
from kit.errors import KitError, SetupError
from kit.files import many, write_atomically
from kit.teacher.authoring import steps
from kit.teacher.authoring.correcting import Correction, sentence
from kit.widgets.cards import Cards, Field, script

__all__ = ["Annotator", "annotate", "check", "lay"]


def __dir__() -> list[str]:
    return __all__


_KINDS = {
    "status": "one", "layer": "one", "source": "pick", "cue": "words", "cue_class": "pick", "why": "lines",
    "also": "many", "hedge": "words", "quote_type": "pick", "content_type": "pick", "evidence": "pick",
    "chain": "ids", "disputed_by": "ids", "supported_by": "ids",
}  # fmt: skip
_RARE = tuple(_KINDS)[6:]
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
    kinds = traitlets.List(list(codebook.names("source_kind")[:4])).tag(sync=True)
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
        elif name in steps.STEPS:
            self.correction.take(name, more=bool(content.get("more")), **given)
        with self.hold_sync():
            self._show()
            self.done = str(content.get("n", self.done))

    def _show(self) -> None:
        held, whole = self.correction, self.correction.sheet.whole
        claims, accepted = held.claims, held.accepted
        with self.hold_sync():
            self.fields = [vars(_field(name, whole)) for name in _KINDS]
            self.units = [_unit(unit, claims) for unit in whole.units]
            self.cards = [self._card(claim, claim.id in accepted) for claim in claims]
            self.sources = [dict(vars(source)) for source in whole.sources]
            self.said, self.trouble, self.steps, self.at = held.said, held.trouble, len(held.past), held.at
            self._count()
        self._renew_copy()

    def _card(self, claim: Claim, accepted: bool) -> dict[str, Any]:
        values = {name: getattr(claim, name) for name in _KINDS}
        following = self.correction.sheet.following(claim)
        return {
            "id": claim.id,
            "unit": claim.unit,
            "words": claim.quote,
            "values": {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()},
            "proposed": claim.proposed,
            "accepted": accepted,
            "mend": [_plain(what) for what in self.correction.mend(claim.id)],
            "next": following.id if following else "",
        }

    def _count(self) -> None:
        mend = sum(bool(card["mend"]) for card in self.cards)
        sources = sum(bool(source["proposed"]) for source in self.sources)
        parts = [f"{sum(card['accepted'] for card in self.cards)} of {len(self.cards)} accepted"]
        parts += [f"{mend} to mend"] * bool(mend)
        parts += [f"{many(sources, 'source')} to accept"] * bool(sources)
        self.progress = ", ".join(parts)
        elsewhere = [f"{where}: {_plain(what)}" for where, what in self.correction.breaches if where[:6] != "claim "]
        self.note = f"To mend in a text editor: {elsewhere[0]}" if elsewhere else ""

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for card in self.cards:
            state = "accepted" if card["accepted"] else "to mend" if card["mend"] else "proposed"
            labels = [card["values"][name] for name in ("layer", "status", "source")]
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
    return {"id": unit.id, "text": unit.text, "pieces": pieces}


FOLDER = "annotate"
_INTRO = """\
# Annotate {name}

Press **Shift+Enter** twice: the first claim appears below, and the keys work on it at once.

- Read the claim in its frame. Is all of it right? Press **a**: it is accepted, and the next one comes.
- Is something wrong? Change it, then press **a**. What breaks a rule is named under the sentence.
- Every step is saved in the file at once. **u** takes the last one back.
- **Esc** leaves the card. To stop, close the page. To go on another day, open it again and press Shift+Enter.

| key | what it does |
| --- | --- |
| a | accept this claim, and go to the next that is not accepted |
| 1–6 | choose the status; in another group of buttons, choose there |
| n, p | next claim, previous claim |
| o, m | next claim that is not accepted; next with something to mend |
| s, j | split the claim in two; join it with the next one of its sentence |
| c, w, r | add a claim; change the words of this one; remove it |
| f, e | more fields; the sources |
| u | undo |"""
_CODE = "from kit.annotator import annotate\n\nannotate({path!r})"
_END = """\
**Done?** When it says that all claims are accepted and nothing is to mend, the file is ready. You can close this page.

Where no card appears above: click into the grey cell and press Shift+Enter."""


def check(path: Path) -> None:
    """Raise KitError, in words for the one who typed the command, where the file cannot be annotated."""
    if path.is_dir():
        inside = sorted(file.name for file in path.glob("*.toml"))[:3]
        hint = f", such as {path / inside[0]}" if inside else ""
        raise KitError(f"{path} is a folder. Name the annotation in it{hint}.")
    if path.suffix.lower() != ".toml":
        raise KitError(f"{path.name} is not an annotation. Make one of it first: python -m kit draft {path.name}")
    try:
        Correction(path.absolute())
    except KitError as fault:
        raise KitError(f"{sentence(fault)}\nNothing was changed. Mend that, then try again.") from fault
    if not os.access(path, os.W_OK) or not os.access(path.resolve().parent, os.W_OK):
        raise KitError(f"{path.name} cannot be written in {path.resolve().parent}. Copy both files elsewhere first.")


def lay(path: Path, target: Path) -> Path:
    """The notebook for the file at `path` on the desk `target`; one that is there for it is left as it is.

    Raises SetupError where it cannot be written.
    """
    path = path.resolve()
    for notebook in _names(target / FOLDER, path):
        if not notebook.exists():
            try:
                write_atomically(notebook, _content(path))
            except OSError as fault:
                what = fault.strerror or fault
                raise SetupError(f"The notebook {notebook} cannot be written ({what}). Is the disk full?") from fault
            return notebook
        if _annotates(notebook) == str(path):
            return notebook
    raise AssertionError("names do not end")


def _names(folder: Path, path: Path) -> Iterator[Path]:
    stem = re.sub(r"[^\w.-]+", "_", path.stem)
    yield folder / f"{stem}.ipynb"
    number = 2
    while True:
        yield folder / f"{stem}-{number}.ipynb"
        number += 1


def _annotates(notebook: Path) -> str:
    try:
        return json.loads(notebook.read_bytes())["metadata"]["kit"]["annotates"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _content(path: Path) -> bytes:
    code = {"execution_count": None, "outputs": []}
    cells = [
        {"cell_type": "markdown", "id": "intro", "metadata": {}, "source": _INTRO.format(name=path.name)},
        {"cell_type": "code", "id": "annotate", "metadata": {}, "source": _CODE.format(path=str(path)), **code},
        {"cell_type": "markdown", "id": "end", "metadata": {}, "source": _END},
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "kit": {"annotates": str(path)}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()
