"""The checks in the notebooks: what is missing or malformed, and, in practice, why a line is wrong.

Each returns an `Answer`. None of them decides on points, and none says the right value. A check explains
where its article was loaded with `practice=True`.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ParamSpec

from kit.article import codebook
from kit.article.records import Annotation, Claim
from kit.check import chains as chains_of
from kit.check import counted as lesson
from kit.check import feedback, figures, forms
from kit.check.answers import FITS, UNEXPLAINED, Answer, text
from kit.errors import many
from kit.page import kept_answers
from kit.page.standing import standing

if TYPE_CHECKING:  # the grader needs no pandas, and half its start would be that
    from kit.article.loading import Article
    from kit.article.trace import Trace

__all__ = [
    "chains", "choices", "counted", "drift", "figure", "labels", "number", "pieces", "spans", "table", "words",
    "written",
]  # fmt: skip
__dir__ = __all__.copy


_Asked = ParamSpec("_Asked")
_WITHHELD = f"This copy of the article holds no labels for this claim, {UNEXPLAINED}"


def _now(check: Callable[_Asked, Answer]) -> Callable[_Asked, Answer]:
    """`check`, which also says whether what it looks at is what the answer cell now makes."""

    @functools.wraps(check)
    def told(*asked: _Asked.args, **options: _Asked.kwargs) -> Answer:
        return replace(check(*asked, **options), stale=standing(asked[0]) if asked else None)

    return told


chains, choices, figure = _now(chains_of.chains), _now(forms.choices), _now(figures.figure)
number, table, counted = _now(forms.number), _now(forms.table), _now(lesson.counted)


@_now
def labels(answer: object, *, field: str, lines: Sequence[str] | Mapping[str, str], article: Article) -> Answer:
    """One label of `field` ("layer", "voucher", "status") for each of `lines`.

    `lines` are claims, or names of your own mapped to the claims that they restate.
    """
    asked = dict(lines) if isinstance(lines, Mapping) else {name: name for name in lines}
    found = _beside_the_card(forms.choices(answer, lines=list(asked), values=codebook.names(field)), field)
    whole = article._practice
    if whole is None:
        return found
    avoid, notes = article._asked | set(asked.values()), {}
    for name, value in found.lines.items():
        claim = whole.by_id[asked[name]]
        if value:
            restated = name != claim.id
            note = feedback.explain(claim, field, str(value), annotation=whole, avoid=avoid, restated=restated)
            # Why another reading would fit too, where two fit.
            fits = f"{FITS} Readers may differ here. {claim.why}" if field == "status" and claim.also else FITS
            notes[name] = str(note or fits) if claim.accepts(field) else _WITHHELD
    return replace(found, remarks=notes)


@_now
def drift(answer: object, *, lines: Sequence[str], trace: Trace) -> Answer:
    """The kind of change in each unit of `lines`, with what the change does. Always explained: no trace is graded."""
    from kit.article.trace import KINDS

    kinds = [kind.name for kind in KINDS]
    found = forms.choices(answer, lines=lines, values=kinds)
    does = {row.unit: f"{FITS} {row.change}" for row in trace.drift_rows}
    given = {name: str(value) for name, value in found.lines.items() if value in kinds}
    return replace(found, remarks={n: trace.explain(n, kind, avoid=lines) or does[n] for n, kind in given.items()})


@_now
def words(answer: object, *, lines: Sequence[str], article: Article) -> Answer:
    """The cue of each claim in `lines`: the exact word or words that tie it to its speaker."""
    whole = article._practice or article.annotation
    claims = whole.by_id
    found = forms.words(answer, lines={name: whole.unit[claims[name].unit].text for name in lines})
    if article._practice is None:
        return found
    cues = {name: {c.cue for c in claims.values() if c.unit == claims[name].unit} for name in lines}
    notes = {n: _cue_remark(claims[n], str(v), cues[n]) for n, v in found.lines.items() if v}
    return replace(found, remarks=_compared(notes, found, article))


@dataclass(frozen=True)
class Pieces:
    """Sentences cut at “|”, shown with a number before each piece."""

    sentences: Mapping[str, str]

    def __repr__(self) -> str:
        rows = (f"{name}: " + " ".join(f"[{n}] {piece}" for n, piece in self._of(name)) for name in self.sentences)
        return "\n".join(rows)

    def _repr_html_(self) -> str:
        return "".join(
            f"<p>{html.escape(name)}: "
            + " ".join(f"<b>[{n}]</b> {html.escape(piece, quote=False)}" for n, piece in self._of(name))
            + "</p>"
            for name in self.sentences
        )

    def _of(self, name: str) -> Iterable[tuple[int, str]]:
        return enumerate(_cut(self.sentences[name]), 1)


def pieces(sentences: Mapping[str, str]) -> Pieces:
    """Sentences cut at “|”, with a number before each piece, to be shown."""
    return Pieces(sentences)


@_now
def spans(answer: object, *, pieces: Mapping[str, str], article: Article) -> Answer:
    """The numbers of the pieces that make up the act, for each sentence in `pieces` (cut at “|”)."""
    found = forms.spans(answer, lines={name: len(_cut(text)) for name, text in pieces.items()})
    if article._practice is None:
        return found
    notes = {
        name: _span_remark(value, _cut(pieces[name]), name, article._practice)
        for name, value in found.lines.items()
        if value and isinstance(value, list)
    }
    return replace(found, remarks=_compared(notes, found, article))


@_now
def written(answer: object, *, words: tuple[int, int], article: Article) -> Answer:
    """A text of your own, with the fewest and the most words; it shall point to claims of `article` by their ids."""
    return forms.written(answer, words=words, claims=list(article.annotation.by_id))


def _beside_the_card(found: Answer, field: str) -> Answer:
    """`found`, with a sentence where the card above holds labels for lines that are blank in the answer."""
    kept = many(len(kept_answers.held(field, found.lines).keys() & set(found.blanks)), "label")
    told = f"The card holds {kept} not yet in this cell: press “Write into the cell” there, then run the cell again."
    return found if kept == "0 labels" else replace(found, problems=(told, *found.problems))


def _cut(text: str) -> list[str]:
    return [" ".join(piece.split()) for piece in text.split("|")]


def _cue_remark(claim: Claim, given: str, near: Iterable[str]) -> str:
    """That `given` holds the cue and at most one word more; or what is the matter, with the cues of the sentence."""
    if not claim.accepts("cue"):
        return _WITHHELD
    cue, *others = (text(words).casefold() for words in (claim.cue, *near))
    if _within(cue, given):
        return FITS if given.count(" ") <= cue.count(" ") + 1 else feedback.say("cue.too_much")
    if _within(given, cue):
        return feedback.say("cue.too_little")
    return feedback.say("cue.another" if any(_within(other, given) for other in others) else "cue.none")


def _compared(notes: Mapping[str, str], found: Answer, article: Article) -> dict[str, str]:
    """The notes, each with the nearest act to compare, where there is one. Nothing fits that is malformed."""
    claims, avoid = (article._practice or article.annotation).claims, {*found.lines, *article._asked}
    acts = [c for c in claims if c.layer == "act" and c.cue and c.cue in c.quote and not {c.id, c.unit} & avoid]
    said = {name: note for name, note in notes.items() if note != FITS or name not in found.faults}
    for name, note in said.items():
        if acts and note not in (FITS, _WITHHELD):
            at = next(c.start for c in claims if name in (c.id, c.unit))
            near = min(acts, key=lambda act: abs(act.start - at))
            said[name] = f"{note}\n{feedback.say('compare.act', id=near.id, quote=near.quote, words=near.cue)}"
    return said


def _within(part: str, whole: str) -> bool:
    """Whether the words of `part` stand in `whole`, one after the other."""
    return f" {part} " in f" {whole} "


def _span_remark(chosen: list[int], cut: list[str], unit: str, whole: Annotation) -> str:
    """Too much, too little, or fitting: measured by where the claims of the sentence lie."""
    claims = [c for c in whole.claims if c.unit == unit]
    if not all(claim.accepts("layer") and claim.accepts("cue") for claim in claims):
        return _WITHHELD
    where, at = {}, whole.unit[unit].start
    for n, piece in enumerate(cut, 1):
        at = whole.text.index(piece, at)
        where[n] = range(at, at + len(piece))
    contents = [c for c in claims if c.layer == "content"]
    if any(c.start < where[n].stop and where[n].start < c.end for c in contents for n in chosen):
        return feedback.say("pieces.too_much")
    acts = [c for c in claims if c.layer == "act"]
    needed = {n for c in acts for n in where if c.start in where[n] or (c.cue and c.cue in cut[n - 1])}
    return FITS if needed <= set(chosen) else feedback.say("pieces.too_little")
