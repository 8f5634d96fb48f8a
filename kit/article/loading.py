"""`load_article()`: the article and its annotation as typed frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from kit.article import annotation_file, codebook, seeds
from kit.article.codebook import OWN_VOICES
from kit.article.records import KEY_FIELDS, Annotation, Claim, Facts, Proposition, Reply, Source, Unit
from kit.errors import KitError
from kit.page import class_choices


@dataclass(frozen=True)
class Article:
    """An article with its annotation. Each frame is made anew from the same records, so change it freely.

    Labels are those of the text alone, as of its dateline. What is withheld of a claim for an exercise, all of a
    blank one, is a missing value (NA) in its column.
    """

    annotation: Annotation
    _practice: Annotation | None = None
    """The annotation with nothing withheld, for checks that explain; None where they shall not. Tab hides it."""
    _spare: frozenset[str] = frozenset()
    """Units that explanations leave alone, since a graded exercise asks for them."""
    _note: str = ""
    """What the reader of the page should know besides."""

    @property
    def _asked(self) -> frozenset[str]:
        """The claims that explanations leave alone: those in `_spare`, and those withheld here."""
        claims = self.annotation.claims
        return frozenset(c.id for c in claims if c.blank or c.withheld or c.unit in self._spare)

    @property
    def facts(self) -> Facts:
        """Slug, headline, dateline, language, address, credit, licence and sha256 of the text."""
        return self.annotation.facts

    @property
    def text(self) -> str:
        """The article, exactly as it came in. Offsets in the frames count its code points from 0."""
        return self.annotation.text

    @property
    def units(self) -> pd.DataFrame:
        """One row per sentence or heading, in the order of the text.

        Columns: `unit` (id), `paragraph` (0 is the headline), `kind` (headline, heading, body or furniture), `text`,
        `start` and `end` (half-open offsets into the article's text), `words` (count).
        """
        frame = frame_of(self.annotation.units, Unit).rename(columns={"id": "unit"})
        frame["words"] = [len(text.split()) for text in frame["text"]]
        return frame[["unit", "paragraph", "kind", "text", "start", "end", "words"]]

    @property
    def claims(self) -> pd.DataFrame:
        """One row per claim, in the order of the text.

        Columns: `claim` (id), `unit`, `paragraph`, `quote` (exact words), `layer` (act, content), `status` (ordered as
        the codebook's questions), `accepted` (tuple: the status and the further ones that a careful reader may choose),
        `source` (id in `sources`, or author, none), `source_kind`, `cue` and `hedge` (exact words, empty where there
        are none), `cue_class`, `quote_type`, `content_type`, `evidence`, `chain` (tuple, first speaker first, ? for an
        unknown link), `disputed_by` and `supported_by` (tuples of claims), `why` (the ruling in words), `start` and
        `end` (offsets into the article's text). What each value means stands in the glossary.
        """
        return self._claims.copy()

    @cached_property
    def _claims(self) -> pd.DataFrame:
        records = self.annotation.claims
        frame = frame_of(records, Claim).rename(columns={"id": "claim"})
        paragraphs = {unit.id: unit.paragraph for unit in self.annotation.units}
        frame["paragraph"] = frame["unit"].map(paragraphs)
        frame["accepted"] = [(c.status, *c.also) for c in records]
        kinds = {s.id: s.kind for s in self.annotation.sources} | {voice: voice for voice in OWN_VOICES}
        frame["source_kind"] = [kinds.get(c.source) for c in records]
        held = [KEY_FIELDS if claim.blank else claim.withheld for claim in records]
        hidden = {field: pd.Series([field in names for names in held], dtype=bool) for field in KEY_FIELDS}
        hidden |= {"accepted": hidden.pop("also") | hidden["status"], "source_kind": hidden["source"]}
        for field in codebook.FIELDS:
            values = frame[field].mask(hidden[field])
            frame[field] = pd.Categorical(values, codebook.names(field), ordered=field == "status")
        for field, rows in hidden.items():
            frame.loc[rows, field] = None
        return frame[_CLAIM_COLUMNS]

    @property
    def sources(self) -> pd.DataFrame:
        """The register: everybody who is given a word in the text, or is accused in it.

        Columns: `source` (id), `name` (in the text's own words), `kind` (named, role, institution,
        agency), `accused` (bool), `claims` (how many contents this source vouches for).
        """
        frame = frame_of(self.annotation.sources, Source).rename(columns={"id": "source"}).drop(columns="proposed")
        contents = pd.Series([c.source for c in self.annotation.claims if c.layer == "content"], dtype="str")
        frame["claims"] = frame["source"].map(contents.value_counts()).fillna(0).astype(int)
        return frame

    @property
    def replies(self) -> pd.DataFrame:
        """What the article reports of the answers of the accused.

        Columns: `source`, `reply` (not reported, declined, denied, confirmed, other), `on` (tuple of
        propositions), `note`. "Not reported" says nothing about the world: it is neither a denial nor an admission.
        """
        return frame_of(self.annotation.replies, Reply)

    @property
    def propositions(self) -> pd.DataFrame:
        """What the article is about. Columns: `proposition` (id), `text`, `claims` (tuple of claims)."""
        return frame_of(self.annotation.propositions, Proposition).rename(columns={"id": "proposition"})

    @property
    def passes(self) -> pd.DataFrame:
        """The independent passes over the claims. Index: `claim`. Columns: `pass_1`, `pass_2`, … (statuses).

        Each pass followed the same guide, alone. They are not a survey of readers.
        """
        rows = self.annotation.passes
        size = max(map(len, rows.values()), default=0)
        names = [f"pass_{number}" for number in range(1, size + 1)]
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("claim")
        return frame.astype(pd.CategoricalDtype(list(codebook.names("status")), ordered=True))

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """Who vouches for what: source x proposition, one cell the status of that source's claim.

        Index: `source` (the register, then author and none). Columns: propositions. A cell holds a status
        (several joined by " / "), `no reply` (accused, and the article reports none) or "" (says nothing on it).
        Only contents count: an act shows that somebody spoke, not that it is so. What is withheld is left out.
        """
        names = [source.id for source in self.annotation.sources]
        table = pd.DataFrame(
            codebook.BLANK,
            index=pd.Index([*names, *OWN_VOICES], name="source"),
            columns=[p.id for p in self.annotation.propositions],
        )
        claims = {c.id: c for c in self.annotation.claims if c.layer == "content" and c.status and c.source}
        for reply in self.annotation.replies:
            if reply.reply == "not reported" and reply.on:
                table.loc[reply.source, list(reply.on)] = codebook.NO_REPLY
        for proposition in self.annotation.propositions:
            about = [claims[name] for name in proposition.claims if name in claims]
            for source in {claim.source for claim in about}:
                statuses = dict.fromkeys(claim.status for claim in about if claim.source == source)
                table.loc[source, proposition.id] = " / ".join(statuses)
        return table

    def blanked(self, units: Iterable[str]) -> Article:
        """The same article with the labels of all claims in `units` withheld.

        Raises KitError for a unit that the article does not have.
        """
        wanted = set(units)
        if strange := wanted - {unit.id for unit in self.annotation.units}:
            raise KitError(f"There is no unit {', '.join(sorted(strange))} in “{self.facts.slug}”.")
        claims = tuple(
            Claim(c.id, c.unit, c.quote, blank=True, start=c.start, end=c.end) if c.unit in wanted else c
            for c in self.annotation.claims
        )
        passes = {c.id: self.annotation.passes[c.id] for c in claims if c.id in self.annotation.passes and not c.blank}
        return replace(self, annotation=replace(self.annotation, claims=claims, passes=passes))

    def __repr__(self) -> str:
        a = self.annotation
        said = f"Article “{a.facts.slug}”, {a.facts.dateline}: {len(a.units)} units, {len(a.claims)} claims"
        return f"{said}\n{self._note}" if self._note else said


_LESSONS = ("lessons", "notebooks")
"""Folders whose pages explain whatever a teacher has chosen. A copy of an exercise lies elsewhere, as in handed_in."""
_LOCKED = (
    "PRACTICE explains nothing here: your teacher has turned it off for the exercises of this class. Lessons explain."
)
_CLAIM_COLUMNS = [
    "claim", "unit", "paragraph", "quote", "layer", "status", "accepted", "source", "source_kind",
    "cue", "cue_class", "hedge", "quote_type", "content_type", "evidence", "chain", "disputed_by",
    "supported_by", "why", "start", "end",
]  # fmt: skip


def load_article(
    name: str | Path = "soldiers",
    *,
    blank: Iterable[str] = (),
    practice: bool = False,
    spare: Iterable[str] = (),
    met: Iterable[str] | None = None,
) -> Article:
    """Load an article with its annotation.

    `name` is the name of a seed of the kit ("soldiers") or the path of an annotation file. `blank` lists units whose
    labels are withheld, as an exercise does with the claims that it asks for. With `practice` the checks explain wrong
    lines; without, they only say what is missing or malformed. `spare` lists units that an explanation never shows for
    comparison, because an exercise asks for them; with `met` it shows only these units, which a student has read by
    then. Raises KitError for an unknown name, and AnnotationError with every fault if the file does not hold.
    """
    path = Path(name)
    if path.suffix != ".toml":
        path = seeds.article(str(name))
        if not path.is_file():
            known = sorted(p.stem for p in seeds.seeds().glob("*.toml"))
            raise KitError(
                f"There is no article called “{name}”. The kit has: {', '.join(known)}. "
                "For one of your own, give the path of its .toml file."
            )
    whole = annotation_file.read(path)
    locked = practice and Path.cwd().name not in _LESSONS and not class_choices.read().practice
    explains = whole if practice and not locked else None
    unread = set() if met is None else {unit.id for unit in whole.units} - set(met)
    article = Article(whole, explains, frozenset(spare) | unread, _LOCKED if locked else "")
    return article.blanked(blank) if blank else article


def frame_of(records: tuple[Any, ...], cls: type) -> pd.DataFrame:
    """One row per record of the class `cls`, one column per field."""
    names = [f.name for f in fields(cls)]
    return pd.DataFrame([[getattr(record, name) for name in names] for record in records], columns=names)
