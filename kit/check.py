"""The checks in the notebooks: what is missing or malformed, and, in practice, why a line is wrong.

Each returns an `Answer`. None of them decides on points, and none says the right value. A check explains
where its article was loaded with `practice=True`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kit import answers, codebook, feedback
from kit.answers import Answer
from kit.article import Article
from kit.keys import claims_by_id
from kit.records import Annotation, Claim

__all__ = ["labels", "number", "pieces", "spans", "table", "words"]

_FITS = "Fits the text."
_WITHHELD = "This copy of the article holds no labels for this claim, so it cannot be explained here."


def labels(answer: object, *, field: str, lines: Sequence[str] | Mapping[str, str], article: Article) -> Answer:
    """One label of `field` ("layer", "voucher", "status") for each of `lines`.

    `lines` are claims, or names of your own mapped to the claims that they restate.
    """
    asked = dict(lines) if isinstance(lines, Mapping) else {name: name for name in lines}
    found = answers.labels(answer, lines=list(asked), values=codebook.names(field))
    whole = article.practice
    if whole is None:
        return found
    claims, avoid = claims_by_id(whole), _asked(article) | set(asked.values())
    notes = {}
    for name, value in found.lines.items():
        claim = claims[asked[name]]
        if value:
            note = feedback.explain(claim, field, str(value), annotation=whole, avoid=frozenset(avoid))
            notes[name] = _WITHHELD if claim.blank else str(note or _FITS)
    return replace(found, remarks=notes)


def words(answer: object, *, lines: Sequence[str], article: Article) -> Answer:
    """The cue of each claim in `lines`: the exact word or words that tie it to its speaker."""
    units = {unit.id: unit.text for unit in article.annotation.units}
    claims = claims_by_id(article.practice or article.annotation)
    found = answers.words(answer, lines={name: units[claims[name].unit] for name in lines})
    if article.practice is None:
        return found
    return replace(found, remarks={n: _cue_remark(claims[n], str(v)) for n, v in found.lines.items() if v})


def pieces(sentences: Mapping[str, str]) -> str:
    """Sentences cut at “|”, with a number before each piece: a text to print."""
    return "\n".join(
        f"{name}: " + " ".join(f"[{n}] {piece}" for n, piece in enumerate(_cut(text), 1))
        for name, text in sentences.items()
    )


def spans(answer: object, *, pieces: Mapping[str, str], article: Article) -> Answer:
    """The numbers of the pieces that make up the act, for each sentence in `pieces` (cut at “|”)."""
    found = answers.spans(answer, lines={name: len(_cut(text)) for name, text in pieces.items()})
    if article.practice is None:
        return found
    notes = {
        name: _span_remark(value, _cut(pieces[name]), name, article.practice)
        for name, value in found.lines.items()
        if value and isinstance(value, list)
    }
    return replace(found, remarks=notes)


def number(answer: object) -> Answer:
    """A single number."""
    return answers.number(answer)


def table(answer: object, *, rows: Sequence[object], columns: Sequence[str], total: float | None = None) -> Answer:
    """A small frame, one line per row; with `total`, a sum that cannot be right is named."""
    return answers.table(answer, rows=rows, columns=columns, total=total)


def _asked(article: Article) -> set[str]:
    return {claim.id for claim in article.annotation.claims if claim.blank}


def _cut(text: str) -> list[str]:
    return [" ".join(piece.split()) for piece in text.split("|")]


def _cue_remark(claim: Claim, given: str) -> str:
    if claim.blank:
        return _WITHHELD
    cue = claim.cue.casefold()
    if cue in given and len(given.split()) <= len(cue.split()) + 1:
        return _FITS
    return feedback.CUE_RULE


def _span_remark(chosen: list[int], cut: list[str], unit: str, whole: Annotation) -> str:
    """Too much, too little, or fitting: measured by where the claims of the sentence lie."""
    text = next(u for u in whole.units if u.id == unit)
    claims = [c for c in whole.claims if c.unit == unit]
    if any(claim.blank for claim in claims):
        return _WITHHELD
    where, at = {}, text.start
    for n, piece in enumerate(cut, 1):
        at = whole.text.index(piece, at)
        where[n] = range(at, at + len(piece))
    contents = [c for c in claims if c.layer == "content"]
    if any(c.start < where[n].stop and where[n].start < c.end for c in contents for n in chosen):
        return feedback.SPAN_RULES["too much"]
    acts = [c for c in claims if c.layer == "act"]
    needed = {n for c in acts for n in where if c.start in where[n] or (c.cue and c.cue in cut[n - 1])}
    return _FITS if needed <= set(chosen) else feedback.SPAN_RULES["too little"]
