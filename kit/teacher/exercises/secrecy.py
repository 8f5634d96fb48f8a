"""The search for the key in what students get: answers, labels and rulings word for word; and whether a line gives a
claim that is set aside and one of its labels, in whatever form."""

from __future__ import annotations

import html
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kit.article.codebook import OWN_VOICES, UNKNOWN_LINK, names
from kit.article.records import KEY_FIELDS, Annotation, Claim
from kit.errors import many
from kit.questions import WRITTEN_OUT, role
from kit.teacher.exercises.file_texts import PICTURE, texts
from kit.teacher.exercises.keys import NONE_HERE, Exercise

__all__ = ["Searched", "Seeker", "search"]

_FIELDS = "layer status voucher source cue cue_class reach label answer key value verdict".split()
_GAP = r"[\W_]"
_FILLERS = r"(?:(?:is|an?|the|as|by|was|are)[\W_]+)*"
_ESCAPED = re.compile(r"\\([\\`*_$<>\[\]|#~\"'])")
_CODED = re.compile(r"(?:\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|%([0-9a-f]{2}))", re.IGNORECASE)
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_RECORD = 600
"""Letters behind an id in which a record of several lines gives its labels."""
_SURE_WORDS = 4
"""As many words of a claim, or more, stand for its id."""


@dataclass(frozen=True)
class Searched:
    """What a search for the key found: `leaks`, one sentence each; `unread`, the files that nobody can search, and what
    they are; `pictures`, of which only what they say of themselves was read. `sought` says what was searched for."""

    sought: str
    leaks: tuple[str, ...]
    unread: Mapping[str, str]
    pictures: tuple[str, ...]


def search(
    files: Mapping[str, bytes], *, exercises: Iterable[Exercise], whole: Annotation, in_any_form: bool = True
) -> Searched:
    """Search `files` (name to content) for the key of the solved `exercises`, which set claims of the article `whole`
    aside: in each name, line, table row and cell, also in packed files.

    Searched for is, word for word: each line of an answer that is written out, every ruling (`why`) of a claim that is
    set aside, and its labels as the annotated article shows them. What a solution computes is no secret: it was
    computed from the students' own files. Besides, an annotation must not hold any label of such a claim, nor point at
    one. Then, `in_any_form`: the claim's id, on one line with a label that is accepted for it (layer, status, who
    vouches, cue, kind of cue, reach, source, chain); and each written-out answer beside its line.
    """
    exercises = tuple(exercises)
    aside = {unit for one in exercises for units in one.blank.values() for unit in units}
    hidden = {name: claim for name, claim in whole.by_id.items() if claim.unit in aside}
    seeker = Seeker(whole, hidden, lines=_lines(exercises)) if in_any_form else None
    secrets = sorted({*_rulings_and_labels(whole, hidden), *(words for one in exercises for words in _answers(one))})
    found, unread, pictures = [], {}, []
    for name, content in files.items():
        inside, text = list(texts(name, content)), content.decode("utf-8", "replace")
        whole_text = "\n".join([text, *(words for _, words, _ in inside)])
        found += [f"{name} holds “{words}”." for words in secrets if words in whole_text]
        if name.endswith(".toml"):
            found += [f"{name} holds {what}." for what in _labels(text, hidden)]
        for where, words, what in inside:
            found += [f"{where} holds {given}." for given in (seeker.found(words) if seeker else ())]
            if what == PICTURE:
                pictures.append(where)
            elif what:
                unread[where] = what
    sought = (
        "Searched every name, line, table row and cell, also in packed files, for the labels of the claims that are "
        f"set aside ({len(hidden)}), their rulings, and the answers of {many(len(exercises), 'exercise')}"
    )
    return Searched(sought, tuple(dict.fromkeys(found)), unread, tuple(dict.fromkeys(pictures)))


def _rulings_and_labels(whole: Annotation, hidden: Mapping[str, Claim]) -> Iterator[str]:
    """The rulings of `hidden` claims that are no other's, and their labels as the annotated article shows them."""
    for claim in hidden.values():
        for label in {name for field in ("layer", "status", "voucher") for name in claim.accepts(field)}:
            yield from (f"[{claim.id} {label}]", f"<td>{claim.id}</td><td>{label}</td>")
            yield f"{label}: “{claim.quote}” ({claim.id})"
    yield from {claim.why for claim in hidden.values() if len(claim.why) > 20} - {
        claim.why for claim in whole.claims if claim.id not in hidden
    }


def _answers(exercise: Exercise) -> Iterator[str]:
    """The canonical lines of the answers that are plain values, and of what else is accepted for them."""
    sources = {role(c)[1]: c["source"] for c in exercise.notebook["cells"] if role(c)[0] == "answer"}
    for question in exercise.questions:
        if question.rubric:
            yield sources[question.name].partition("\n")[2].strip()
            yield from (level.sample for level in question.rubric)
        elif question.kind == WRITTEN_OUT:
            for line in question.key:
                for fits in question.accepted(line):
                    yield json.dumps({line: fits}, ensure_ascii=False)[1:-1]


def _lines(exercises: Iterable[Exercise]) -> Iterator[tuple[str, str]]:
    """Each line of a written-out answer, with each value that is accepted there and is more than anybody may say."""
    for question in (question for one in exercises for question in one.questions if question.kind == WRITTEN_OUT):
        for line in question.key:
            for fits in question.accepted(line):
                if fits != NONE_HERE and not (isinstance(fits, list) and len(fits) < 2):
                    yield line, " ".join(map(str, fits)) if isinstance(fits, list) else str(fits)


def _labels(text: str, hidden: Mapping[str, Claim]) -> Iterator[str]:
    """Each label of a `hidden` claim in the text of an annotation, and each claim or pass that points at one whose
    status is a label of it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a file of the teacher's own, which is searched line by line all the same
        return
    claims = [claim for claim in data.get("claim", ()) if isinstance(claim, dict)]
    if not hidden.keys() & {claim["id"] for claim in claims}:  # another article, or another kind of file
        return
    pointed = {name for name, claim in hidden.items() if claim.accepts("status")}
    for claim in claims:
        for field in set(KEY_FIELDS) & set(claim) if claim["id"] in hidden else ():
            if field not in hidden[claim["id"]].withheld:
                yield f"the {field} of {claim['id']}"
        for field in ("disputed_by", "supported_by"):
            yield from (f"{name} under {field}" for name in claim.get(field, ()) if name in pointed)
    for row in data.get("proposition", ()):
        yield from (f"{name} under {row['id']}" for name in row["claims"] if name in pointed)
    yield from (f"the passes of {name}" for name in data.get("passes", {}) if name in pointed)
    if any(line.lstrip().startswith("#") for line in text.splitlines()):
        yield "a comment"


class Seeker:
    """Seeks the labels of the claims `hidden` of the article `whole` in a text.

    The words of the article itself are in everybody's hands, and are passed over. So is a list of all labels of a
    field, from which a student chooses. On a line, four or more words of a claim stand for its id. A status counts
    anywhere on the line of its claim, and alone on a line below it. Labels that are everyday words (act, content,
    source, none, said) count where they stand alone, as in a cell, or right beside the claim. So do the values of other
    `lines` of an answer, such as headlines and where something stands; not a single number, nor that it stands nowhere,
    which anybody may say.
    """

    def __init__(
        self, whole: Annotation, hidden: Mapping[str, Claim], *, lines: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._all = _ids(whole.by_id)
        self._hidden = {plain(name): claim for name, claim in hidden.items()}
        every = {plain(text) for text in _words_of(whole)}
        own = {text for text in every if " " in text}
        self._alone = {re.sub(r"^\W+|\W+$", "", text) for text in every - own}
        self._quotes = {plain(c.quote): name for name, c in self._hidden.items() if len(c.quote.split()) >= _SURE_WORDS}
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
        lines = [" ".join(line.split()) for line in text.splitlines()]
        if next(self._marked(text), None) or any(quote in line for quote in self._quotes for line in lines):
            for line in lines:
                yield from self._on(self._own.sub(lambda words: self._quotes.get(words[0], "word"), line))
            yield from self._beyond("\n".join(self._own.sub("word", line) for line in lines))
            yield from (what for pair in self._columns(text.splitlines()) for what in self._on(pair))

    def _marked(self, text: str) -> Iterator[tuple[Claim, str, str]]:
        """Each id of a hidden claim in `text`: the claim, and what stands before and behind the id, as far as to the
        next id of any claim (before, with that id)."""
        marks = list(self._all.finditer(text))
        edges = [0, *(mark.start() for mark in marks), len(text)]
        for mark, before, after in zip(marks, edges, edges[2:], strict=False):
            if claim := self._hidden.get(re.sub(r"[-_.(]", "", mark[0])):
                yield claim, text[before : mark.start()], text[mark.end() : after]

    def _sought(self, claim: Claim) -> Iterator[tuple[str, str]]:
        """Field and label, of all that would give the claim away: not a cue that is there for everybody to read, since
        it is the claim's words, or stands alone between the marks of claims."""
        shown = {plain(claim.quote), *self._alone}
        return (row for row in _labels_of(claim) if row[0] != "cue" or row[1] not in shown)

    def _on(self, line: str) -> Iterator[str]:
        """What one line gives away."""
        edges = [0, *(mark.start() for mark in self._all.finditer(line)), len(line)]
        parts = [line[one:two] for one, two in pairwise(edges)]
        for claim, before, behind in self._marked(line):
            for field, label in self._sought(claim):
                word, alone, right_behind, right_before, *_ = _patterns(label)
                seeks = word if field in ("status", "chain") else alone
                given = any(seeks.search(part) for part in parts if not _is_choice(field, part))
                if not given and field != "cue" and not _is_choice(field, behind):
                    given = right_behind.match(behind) or right_before.search(before)
                if given:
                    yield f"{claim.id} with its {field} {label}"

    def _columns(self, lines: Sequence[str]) -> Iterator[str]:
        """Each id that heads a column of a table, with what stands one row or two below it."""
        for mark in "|\t;,":
            rows = [[cell.strip(" \"'`*") for cell in line.split(mark)] for line in lines if mark in line]
            for head, row in (pair for below in (rows[1:], rows[2:]) for pair in zip(rows, below, strict=False)):
                if len(head) == len(row):
                    yield from (f"{a} | {b}" for a, b in zip(head, row, strict=True) if self._all.fullmatch(a))

    def _beyond(self, text: str) -> Iterator[str]:
        """What is given away over several lines: a label right below its claim, a status on a line of its own further
        down, or any in a record of the claim's."""
        for claim, _, behind in self._marked(text):
            near = behind[:_RECORD]
            for field, label in self._sought(claim):
                *_, recorded, below, line = _patterns(label)
                own = field == "status" and line.search(near) and not _is_choice(field, near)
                if own or recorded.search(near) or below.match(near):
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
    text = _CODED.sub(lambda code: chr(int(code[1] or code[2] or code[3], 16)), html.unescape(text))
    return _ESCAPED.sub(r"\1", _UNSEEN.sub("", unicodedata.normalize("NFKC", text))).casefold()


def _ids(claims: Iterable[str]) -> re.Pattern[str]:
    """The ids of claims, also as s12-a, S12_a and S12(a)."""
    spelt = ("[-_.(]?".join(re.findall(r"\d+|\D+", plain(name))) for name in sorted(claims, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(spelt) or '(?!)'})(?![^\W_])")


def _labels_of(claim: Claim) -> Iterator[tuple[str, str]]:
    """Field and label, of everything that is accepted for a claim."""
    for field in ("status", "layer", "voucher", "cue_class", "reach"):
        yield from ((field, label) for label in claim.accepts(field) if label)
    if claim.cue:
        yield "cue", plain(claim.cue)
    links = [link for link in claim.chain if link != UNKNOWN_LINK]
    if len(links) > 1:
        yield "chain", " ".join(links)
    if claim.source not in ("", *OWN_VOICES):
        yield "source", claim.source


def _spelt(label: str) -> str:
    """A pattern for a label, whatever stands between its words."""
    return rf"{_GAP}+".join(map(re.escape, re.findall(r"[^\W_]+", plain(label))))


@cache
def _patterns(label: str) -> tuple[re.Pattern[str], ...]:
    """By which a label is found: as a word; alone in a cell or between marks, and not as the name of a field; right
    behind the id of its claim, and right before it; in a record of the claim's; right below the claim; and on
    a line of its own."""
    spelt = _spelt(label)
    patterns = (
        rf"(?<![^\W_]){spelt}(?![^\W_])",
        rf"(?:^|[^\w\s])\s*{spelt}\s*(?:$|[^\w\s:=])",
        rf"{_GAP}*{_FILLERS}{spelt}(?![^\W_])",
        rf"(?<![^\W_]){spelt}{_GAP}{{1,6}}$",
        rf"\b(?:{'|'.join(_FIELDS)})[^\w=]{{0,3}}[:=][^\w=]{{0,6}}{spelt}(?![^\W_])",
        rf"[\W_]*\n[\W_]*{spelt}[^\w\n]*(?:\n|$)",
        rf"(?m)^[\W_]*(?:[^\W_]+ ?[:=][\W_]*)?{spelt}[^\w\n]*$",
    )
    return tuple(map(re.compile, patterns))


def _is_choice(field: str, text: str) -> bool:
    """Whether every label of the field stands there, each as often as the others: a list to choose from."""
    if field not in ("status", "layer", "voucher", "cue_class", "reach"):
        return False
    return len(found := {len(_patterns(name)[0].findall(text)) for name in names(field)}) == 1 and found != {0}
