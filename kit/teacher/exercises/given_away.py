"""Whether a text gives a key away: a claim that is set aside and one of its labels on one line, in whatever form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise

from kit.article.codebook import OWN_VOICES, UNKNOWN_LINK, names
from kit.article.records import Annotation, Claim

__all__ = ["Seeker"]

_FIELDS = "layer status voucher source cue cue_class reach label answer key value verdict".split()
_GAP = r"[\W_]"
_FILLERS = r"(?:(?:is|an?|the|as|by|was|are)[\W_]+)*"
_ESCAPED = re.compile(r"\\([\\`*_$<>\[\]|#~\"'])")
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_RECORD = 600
"""Letters behind an id in which a record of several lines gives its labels."""


class Seeker:
    """Seeks the labels of the claims `hidden` of the article `whole` in a text.

    The words of the article itself are in everybody's hands, and are passed over. So is a list of all labels of a
    field, from which a student chooses. A status counts anywhere on the line of its claim. Labels that are everyday
    words (act, content, source, none, said) count where they stand alone, as in a cell, or right beside the claim.
    So do the values of other `lines` of an answer, such as headlines and where something stands; not a single number,
    nor that it stands nowhere, which anybody may say.
    """

    def __init__(
        self, whole: Annotation, hidden: Mapping[str, Claim], *, lines: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._all = _ids(whole.by_id)
        self._hidden = {plain(name): claim for name, claim in hidden.items()}
        own = {plain(text) for text in _words_of(whole) if " " in text}
        self._own = re.compile("|".join(map(re.escape, sorted(own, key=len, reverse=True))) or r"(?!)")

        self._lines = {
            f"“{line}” with {value}": re.compile(rf"(?<![^\W_]){_spelt(line)}{_GAP}{{1,12}}{spelt}(?![^\W_])")
            for line, value in lines
            if line not in hidden and (spelt := _spelt(value))
        }

    def found(self, text: str) -> Iterator[str]:
        """What `text` gives away: “S12a with its status stance”, once for each line and label."""
        text = plain(text)
        yield from (what for what, pattern in self._lines.items() if pattern.search(text))
        if not any(self._is_hidden(match) for match in self._all.finditer(text)):
            return
        for line in text.splitlines():
            if any(self._is_hidden(match) for match in self._all.finditer(line)):
                yield from self._on(self._own.sub("word", " ".join(line.split())))
        yield from self._beyond("\n".join(self._own.sub("word", " ".join(line.split())) for line in text.splitlines()))

    def _is_hidden(self, match: re.Match[str]) -> bool:
        return _bare(match[0]) in self._hidden

    def _on(self, line: str) -> Iterator[str]:
        """What one line gives away."""
        marks = list(self._all.finditer(line))
        parts = [line[one:two] for one, two in pairwise([0, *(mark.start() for mark in marks), len(line)])]
        for at, mark in enumerate(marks):
            if self._is_hidden(mark):
                claim = self._hidden[_bare(mark[0])]
                for field, label in _labels_of(claim):
                    where = [part for part in parts if not _is_choice(field, part)]
                    seeks = _word(label) if field in ("status", "chain") else _alone(label)
                    given = any(map(seeks.search, where))
                    if not given and field != "cue" and not _is_choice(field, parts[at + 1]):
                        given = _behind(label).match(line, mark.end()) or _before(label).search(parts[at])
                    if given:
                        yield f"{claim.id} with its {field} {label}"

    def _beyond(self, text: str) -> Iterator[str]:
        """What is given away over several lines: a label right below its claim, or in a record of the claim's."""
        marks = list(self._all.finditer(text))
        for mark, after in zip(marks, [*(m.start() for m in marks), len(text)][1:], strict=True):
            if self._is_hidden(mark):
                claim = self._hidden[_bare(mark[0])]
                behind = text[mark.end() : min(after, mark.end() + _RECORD)]
                for field, label in _labels_of(claim):
                    said = rf"\b(?:{'|'.join(_FIELDS)})[^\w=]{{0,3}}[:=][^\w=]{{0,6}}{_spelt(label)}(?![^\W_])"
                    below = rf"[\W_]*\n[\W_]*{_spelt(label)}[^\w\n]*(?:\n|$)"
                    if re.search(said, behind) or re.match(below, behind):
                        yield f"{claim.id} with its {field} {label}"


def _words_of(whole: Annotation) -> Iterator[str]:
    """The article's own words: each unit, each quote, and what stands between the marks of claims where these show."""
    for unit in whole.units:
        yield unit.text
        within = [claim for claim in whole.claims if claim.unit == unit.id]
        yield from (claim.quote for claim in within)
        bounds = sorted({unit.start, unit.end, *(at for claim in within for at in (claim.start, claim.end))})
        yield from (whole.text[one:two].strip() for one, two in pairwise(bounds))


def plain(text: str) -> str:
    """`text` in small letters and simple signs, without marks that nobody sees and without escapes."""
    return _ESCAPED.sub(r"\1", _UNSEEN.sub("", unicodedata.normalize("NFKC", text))).casefold()


def _ids(claims: Iterable[str]) -> re.Pattern[str]:
    """The ids of claims, also as s12-a and S12_a."""
    spelt = ("[-_.]?".join(re.findall(r"\d+|\D+", plain(name))) for name in sorted(claims, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(spelt) or '(?!)'})(?![^\W_])")


def _bare(name: str) -> str:
    return re.sub(r"[-_.]", "", name)


def _labels_of(claim: Claim) -> Iterator[tuple[str, str]]:
    """Field and label, of everything that is accepted for a claim."""
    for field in ("status", "layer", "voucher", "cue_class", "reach"):
        yield from ((field, label) for label in claim.accepts(field) if label)
    if claim.cue and claim.cue != claim.quote:  # words that everybody is shown beside the id
        yield "cue", plain(claim.cue)
    links = [link for link in claim.chain if link != UNKNOWN_LINK]
    if len(links) > 1:
        yield "chain", " ".join(links)
    if claim.source not in ("", *OWN_VOICES):
        yield "source", claim.source


@cache
def _spelt(label: str) -> str:
    """A pattern for a label, whatever stands between its words."""
    return rf"{_GAP}+".join(map(re.escape, re.findall(r"[^\W_]+", plain(label))))


@cache
def _word(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){_spelt(label)}(?![^\W_])")


@cache
def _alone(label: str) -> re.Pattern[str]:
    """The label in a cell or between marks, and not as the name of a field."""
    return re.compile(rf"(?:^|[^\w\s])\s*{_spelt(label)}\s*(?:$|[^\w\s:=])")


@cache
def _behind(label: str) -> re.Pattern[str]:
    return re.compile(rf"{_GAP}*{_FILLERS}{_spelt(label)}(?![^\W_])")


@cache
def _before(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){_spelt(label)}{_GAP}{{1,6}}$")


def _is_choice(field: str, text: str) -> bool:
    """Whether every label of the field stands there, each as often as the others: a list to choose from."""
    if field not in ("status", "layer", "voucher", "cue_class", "reach"):
        return False
    return len(found := {len(_word(name).findall(text)) for name in names(field)}) == 1 and found != {0}
