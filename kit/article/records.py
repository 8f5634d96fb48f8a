"""The plain records of an annotation. Field names are the keys of the TOML file; `computed` ones are not in it."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import chain, count
from pathlib import Path

from kit.article.codebook import OWN_VOICES

_COMPUTED = {"computed": True}


@dataclass(frozen=True)
class Facts:
    """`[article]`: what is known of the article itself. `text` is the file beside the annotation.

    `invented` marks a text that was made up for teaching. `credit` names authors and licence, and says whether the
    text was changed; it is shown wherever the article is. `licence` is the licence's address.
    """

    slug: str
    text: str
    sha256: str
    headline: str
    dateline: datetime.date
    language: str = "en"
    address: str = ""
    credit: str = ""
    licence: str = ""
    invented: bool = False


@dataclass(frozen=True)
class Unit:
    """`[[unit]]`: one sentence or heading. `start` and `end` are half-open code-point offsets."""

    id: str
    text: str
    paragraph: int
    kind: str = "body"
    start: int = field(default=-1, metadata=_COMPUTED)
    end: int = field(default=-1, metadata=_COMPUTED)

    def follows(self, other: Unit) -> bool:
        """Whether it comes right after `other`: no words lie between, at most the space between two paragraphs."""
        return 0 <= self.start - other.end < 6


@dataclass(frozen=True)
class Source:
    """`[[source]]`: somebody who is given a word in the text, or is accused in it. `proposed` as for a claim."""

    id: str
    name: str
    kind: str
    accused: bool = False
    proposed: str = ""


@dataclass(frozen=True)
class Reply:
    """`[[reply]]`: what the article reports of an accused party's answer, and on which propositions."""

    source: str
    reply: str
    on: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Proposition:
    """`[[proposition]]`: one thing that the article is about, and the claims that bear on it."""

    id: str
    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """`[[claim]]`: one thing that the text says is so, or says that somebody said.

    Anchored by `quote`, which stands exactly once in its unit. With `blank = true` the labels are
    withheld (an edition for students) and the fields of `KEY_FIELDS` stay empty; `withheld` names those of them
    that stay empty where the others are there. `proposed` says how sure a draft is of its labels (sure, likely,
    guess); it is empty once a person has accepted them.
    """

    id: str
    unit: str
    quote: str
    layer: str = ""
    status: str = ""
    also: tuple[str, ...] = ()
    source: str = ""
    cue: str = ""
    cue_class: str = "none"
    hedge: str = ""
    quote_type: str = "none"
    content_type: str = ""
    evidence: str = "none"
    chain: tuple[str, ...] = ()
    disputed_by: tuple[str, ...] = ()
    supported_by: tuple[str, ...] = ()
    why: str = ""
    blank: bool = False
    withheld: tuple[str, ...] = ()
    proposed: str = ""
    start: int = field(default=-1, metadata=_COMPUTED)
    end: int = field(default=-1, metadata=_COMPUTED)

    @property
    def voices(self) -> tuple[str, ...]:
        """Whose words it tells: its source and, of an act, whom its chain begins with."""
        return (self.source, *self.chain[:1])

    def accepts(self, field: str) -> tuple[str, ...]:
        """What is accepted as its "layer", "status", "voucher", "reach", "cue" or "cue_class", the best one first.

        Further readings of the status bring the vouchers that go with them: who reads it as asserted says that the
        author vouches, who reads it as alleged says that a source near it does. What is withheld accepts nothing.
        """
        if self.blank or {"voucher": "source", "reach": "hedge"}.get(field, field) in self.withheld:
            return ()
        if field == "voucher":
            return self._vouchers()
        if field == "reach":
            return self._reaches()
        return (self.status, *self.also) if field == "status" else (getattr(self, field),)

    def _vouchers(self) -> tuple[str, ...]:
        own = self.source if self.source in OWN_VOICES else "source"
        reading, other = ("alleged", "source") if own == "author" else ("asserted", "author")
        return (own, other) if self.layer == "content" and reading in self.also else (own,)

    def _reaches(self) -> tuple[str, ...]:
        """Whether a hedge reaches it. Both, where it stands outside and the words may be the author's own."""
        if not self.hedge:
            return ("plain",)
        loose = self.hedge not in self.quote and "asserted" in self.also
        return ("hedged", "plain") if loose else ("hedged",)


_ALWAYS = ("id", "unit", "quote", "blank", "withheld", "proposed")
KEY_FIELDS = tuple(spec.name for spec in fields(Claim) if spec.name not in _ALWAYS and spec.metadata != _COMPUTED)
"""The fields of a claim that a student may be asked for, and that a blank claim therefore withholds."""


@dataclass(frozen=True)
class Annotation:
    """A whole annotation file, checked. `passes` maps a claim's id to one status per pass."""

    path: Path
    facts: Facts
    text: str
    units: tuple[Unit, ...]
    sources: tuple[Source, ...]
    replies: tuple[Reply, ...]
    propositions: tuple[Proposition, ...]
    claims: tuple[Claim, ...]
    passes: dict[str, tuple[str, ...]]

    @cached_property
    def by_id(self) -> dict[str, Claim]:
        """All claims by their id."""
        return {claim.id: claim for claim in self.claims}

    @cached_property
    def unit(self) -> dict[str, Unit]:
        """All units by their id."""
        return {unit.id: unit for unit in self.units}


_LETTERS = re.compile("z*[a-z]")


def next_claim_id(unit: str, used: Iterable[str]) -> str:
    """The unit's id with the letter behind the last one in `used`: S05a … S05z, S05za … S05zz, S05zza …"""
    letters = [key[len(unit) :] for key in used if key.startswith(unit) and _LETTERS.fullmatch(key, len(unit))]
    last = max(letters, key=lambda letter: (len(letter), letter), default="")
    return unit + ("a" if not last else last + "a" if last[-1] == "z" else last[:-1] + chr(ord(last[-1]) + 1))


def slug(name: str, *, otherwise: str, words: int | None = None, without: Collection[str] = ()) -> str:
    """A short name made from `name`: small letters and digits, and hyphens between words; at most 60 of them.

    At most so many `words` are taken, and none of those `without`. Where nothing is left, it is `otherwise`.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    taken = [word for word in re.findall(r"[a-z0-9]+", re.sub("['&]", "", plain)) if word not in without][:words]
    return "-".join(taken)[:60].strip("-") or otherwise


def unused(stem: str, used: Collection[str]) -> str:
    """`stem`, or with the first number behind it that is not in use: holm, holm-2, holm-3."""
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(name for name in chain([stem], numbered) if name not in used)
