"""The lessons and exercises of a course of one's own: what the templates speak of, with items of its article.

Lessons speak of sentences that are not set aside; exercises are the kit's own, numbered and counted anew.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from kit.article.codebook import HERE, NO_REPLY, UNKNOWN_LINK, names
from kit.article.loading import Article
from kit.article.records import Annotation, Claim, Unit
from kit.questions import COMPUTED, WRITTEN_OUT, read, role
from kit.teacher.exercises.build import worded
from kit.teacher.exercises.own_selection import LEAST, NONE_HERE, Accepted, Items, balanced, firm, shapes, shuffled
from kit.teacher.exercises.own_templates import ARTICLE, answer, capital, long_date, page, parts, quoted

__all__ = ["Lessons", "solution"]

_MOST_UNITS = 24
_STATUSES = names("status")
_WHERE = {
    "somebody says: not so": "denied",
    "somebody leaves it open": "unconfirmed",
    "passed on, nobody named": "none",
}


class Lessons:
    """The words of each lesson on one article, in its students' edition.

    `edition` holds no label of a sentence that is set aside, so no lesson can show one. `made` are the numbers of the
    exercises that the course has.
    """

    def __init__(self, edition: Annotation, *, seed: str, made: Collection[int]) -> None:
        self.edition, self.seed, self.made = edition, seed, made
        self.claims = [claim for claim in edition.claims if not claim.blank]
        self.contents = [claim for claim in self.claims if claim.layer == "content"]
        self.names = {source.id: source.name for source in edition.sources}

    def words(self) -> Iterator[dict[str, Any]]:
        """The variables of each lesson's template, from the first lesson to the fifth."""
        voices = self.names | {"author": "the author", "none": "nobody who is named"}
        common = {
            "facts": self.edition.facts,
            "date": long_date(self.edition.facts.dateline),
            "made": self.made,
            "units_of": self._units_of,
            "whose": lambda claim: voices.get(claim.source, ""),
        }
        for lesson in (self._first, self._second, self._third, self._fourth, self._fifth):
            yield common | lesson()

    def _units_of(self, claims: Iterable[Claim]) -> list[Unit]:
        """The units in which `claims` stand, once each, in the order of the text."""
        wanted = {claim.unit for claim in claims}
        return [unit for unit in self.edition.units if unit.id in wanted]

    def _first(self) -> dict[str, Any]:
        """Lesson 1: a sentence read aloud, two to label, four claims with their vouchers, and four headlines."""
        units = shuffled(self._units_of(self.claims), self.seed)
        both = [u for u in units if len({c.layer for c in self.claims if c.unit == u.id}) == 2]
        others = [u for u in units if u not in both]
        aloud, one, two = [*both, *others][:3]
        steps = [[c for c in self.claims if c.unit == unit.id] for unit in (aloud, one, two)]
        vouched = balanced([c for c in self.claims if c.unit != aloud.id], "voucher", 4, seed=f"{self.seed} 1")
        return {
            "aloud": steps[0],
            "one": steps[1][:4],
            "two": steps[2][:4],
            "three": vouched,
            "ticket": self._headlines(),
        }

    def _second(self) -> dict[str, Any]:
        """Lesson 2: an example of each status, then cards with less and less given."""
        examples = [balanced([c for c in self.claims if c.status == s], "status", 1, seed=self.seed) for s in _STATUSES]
        sure = [claim for claim in self.claims if firm(claim)]
        aloud = [claim for found in examples for claim in found][: max(2, len(sure) // 4)]
        rest = [claim for claim in sure if claim not in aloud]
        one = balanced(rest, "status", min(6, max(3, len(rest) - 4)), seed=f"{self.seed} 2")
        more = [claim for claim in rest if claim not in one] or one
        three = balanced(more, "status", 3, seed=f"{self.seed} 2")
        cued = [c for c in sure if c.cue and c.layer == "content" and c not in [*aloud, *three]]
        two = balanced([c for c in cued if c not in one] or cued or one, "status", 3, seed=f"{self.seed} 2")
        cues = [claim for claim in two if claim.cue]
        absent = [status for status in _STATUSES if status not in {c.status for c in self.claims}]
        return {"aloud": aloud, "one": one, "two": two, "cues": cues, "three": three, "absent": absent}

    def _third(self) -> dict[str, Any]:
        """Lesson 3: chains, cue classes, how far hedges reach, and a chain at the end."""
        aloud = sorted(shapes(shuffled(self.contents, self.seed))[:3], key=lambda claim: claim.start)
        rest = [claim for claim in shuffled(self.contents, self.seed) if claim not in aloud] or aloud
        shaped = shapes(rest)
        chains = sorted([*shaped, *(c for c in rest if c not in shaped)][:2], key=lambda claim: claim.start)
        classes = balanced(self.claims, "cue_class", 4, seed=f"{self.seed} 3")
        hedged = any(claim.hedge and firm(claim) for claim in self.contents)
        reach = balanced(self.contents, "reach", 3, seed=f"{self.seed} 3") if hedged else []
        return {
            "aloud": aloud,
            "links": self._links,
            "example": quoted(list(max((c.chain for c in aloud), key=len))),
            "chains": chains,
            "gapped": {c.id: ["", *c.chain[1:]] for c in [c for c in chains if len(c.chain) > 1][:1]},
            "shown": self.contents[:12],
            "classes": classes,
            "reach": reach,
            "ticket": [*(c for c in shuffled(rest, self.seed) if c not in chains and len(c.chain) > 1), *chains][:1],
        }

    def _fourth(self) -> dict[str, Any]:
        """Lesson 4: what stands where among the sentences that are not set aside, and whose reply is not reported."""
        hidden = {claim.unit for claim in self.edition.claims if claim.blank}
        units = [unit for unit in self.edition.units if unit.id not in hidden]
        here = {unit.id for unit in units[:_MOST_UNITS]}
        where = {line: self._standing(status, here) for line, status in _WHERE.items()}
        return {
            "units": units[:_MOST_UNITS],
            "some": len(units) > _MOST_UNITS,
            "where": where,
            "none_here": NONE_HERE,
            "no_reply": _without_reply(self.edition),
            "propositions": self.edition.propositions,
            "denied": any(next(iter(where.values()))),
        }

    def _fifth(self) -> dict[str, Any]:
        """Lesson 5: claims to label first, contested ones to vote on, and the passes where there are any."""
        mine = balanced(self.claims, "status", 6, seed=f"{self.seed} 5")
        passes = self.edition.passes
        open_ones = [c for c in self.claims if c.also or len(set(passes.get(c.id, ()))) > 1]
        votes = sorted(shuffled([c for c in open_ones if c not in mine], self.seed)[:3], key=lambda c: c.start)
        contested = [c for c in self.claims if len(set(passes.get(c.id, ()))) > 1]
        return {"mine": mine, "votes": votes, "passes": len(passes), "contested": contested}

    def _headlines(self) -> dict[str, tuple[Claim, str]]:
        """Letter to claim and headline, made of the article's own words: with its speaker it reports an act."""
        told, bare = [], []
        for content in shuffled((c for c in self.contents if firm(c) and c.status != "denied"), self.seed):
            act = next((c for c in self.claims if c.unit == content.unit and c.layer == "act"), None)
            if act and content.source in self.names and len(told) < 2:
                told.append((act, f"{capital(self.names[content.source])}: {content.quote}"))
            elif len(bare) < 2:
                bare.append((content, capital(content.quote)))
        mixed = sorted([*told, *bare], key=lambda pair: pair[0].start)
        return dict(zip("ABCD", mixed, strict=False))

    def _links(self, claim: Claim) -> str:
        """One chain, thought aloud."""
        first, *others = claim.chain
        if not others:
            return "No cue ties it to anybody. The author says it. One link."
        speaker = f"{capital(self.names[first])}." if first in self.names else "The text does not say: `?`."
        said = [f"Who spoke first? {speaker}"]
        for link in others:
            if link == UNKNOWN_LINK:
                said.append("How did the words come from there? The text does not say. So: `?`.")
            elif link != HERE:
                said.append(f"Who handed it on? {capital(self.names[link])}: the text says so.")
        return " ".join([*said, "The last link is always `article`."])

    def _standing(self, value: str, here: Collection[str]) -> tuple[list[str], list[str]]:
        """The units of `here` where every reader finds it, and those where only some do."""
        found = [c for c in self.claims if c.unit in here and value in (c.source, *c.accepts("status"))]
        sure = dict.fromkeys(c.unit for c in found if not c.also)
        return list(sure), list(dict.fromkeys(c.unit for c in found if c.unit not in sure))


_ADVICE = {
    "where": "Read for the words themselves. “Not so” needs somebody who says that it is not so; to see no evidence, "
    "or to say nothing, is less. “None in these sentences” is an answer, once you have looked.",
    "headlines": "Put the headline beside the sentence. Does it still say who stands behind the claim? Then it "
    "fits. Does it state as settled what rests on somebody's word? Then it goes too far.",
}
_TITLES = {"statuses-text": "Denied, open, or something else?"}
"""The titles of questions that are asked otherwise than in the kit's own exercise, by the cell that asks."""
_STARTERS = {"chains": '# Your answer, for example ["mayor", "?", "article"]'}
_COMPUTED = {  # question: what the article must have, so that it can be computed
    "acts": "acts",
    "counts": "acts",
    "by_layer": "acts",
    "through": "agencies",
    "silences": "no_reply",
    "blank_rows": "propositions",
    "doubts": "bearing_claims",
    "disputed": "doubters",
    "coverage": "spoken",
    "quiet": "propositions",
    "heatmap": "propositions",
}
_QUOTED, _MOST = 9, 190
"""Words: of a quote that is good to read, and of an answer that keeps to its limit."""


def solution(path: Path, *, edition: Article, items: Items, aside: Collection[str]) -> Any:
    """The solved exercise on the article, made from the kit's own at `path`, not yet run.

    `edition` is what the students have, `aside` are the units withheld in it. None where the article has no `items`
    for this exercise.
    """
    place = int(path.stem[:2])
    keys = items.keys[place]
    if not keys and place != 5:
        return None
    lines = dict.fromkeys(LEAST, ()) | {name: list(key) for name, key in keys.items()}
    claims = edition.annotation.by_id
    asked = {claims[line].unit if line in claims else line for found in lines.values() for line in found}
    yours = [u.id for u in edition.annotation.units if u.id in (aside if "where" in keys else asked)]
    notebook = nbformat.read(path, as_version=4)
    seen, levels = _sheet(edition), _levels(notebook, edition)
    words = seen | {
        "lines": lines,
        "date": long_date(edition.facts.dateline),
        "yours": yours,
        "lesson_unit": next((u.id for u in edition.annotation.units if u.id not in aside), ""),
        "claims_of": lambda names: [claims[name] for name in names],
        "pieces": items.pieces,
        "headlines": items.headlines,
        "samples": _samples(edition),
        "rubric": levels,
        "first_claim": next((c.id for c in edition.annotation.claims if not c.blank), ""),
    }
    # A question stays where the article has what it asks for.
    asking = [q for q in read(notebook).questions if q.kind != WRITTEN_OUT or q.name in keys]
    kept = [question for question in asking if seen.get(_COMPUTED.get(question.name, "count"))]
    names = {"", *(question.name for question in kept)}
    gone = {cell.id for cell in notebook.cells if role(cell)[1] not in names}
    worth = {question.name: question.points / len(question.lines) for question in kept if question.lines}
    made = page(notebook, f"exercise_{place:02}", words, without=gone)
    for cell in made.cells:
        _fill(cell, keys, levels, worth)
    about = made.metadata["kit"]
    if all(question.kind != COMPUTED for question in kept):
        about["minutes"] = [10, 15]
    worded(made)
    about["blank"], about["sealed"] = {ARTICLE: sorted(aside)}, True
    about.pop("seeds", None)
    return made


def _fill(cell: Any, keys: Mapping[str, Accepted], rubric: list[dict[str, Any]], worth: Mapping[str, float]) -> None:
    """Put the key and the starter of a literal answer, and what else is accepted, into their cells.

    A line is worth as much as in the kit's own exercise (`worth`, by question), to the next half point.
    """
    what, question = role(cell)
    about = cell.metadata.get("kit", {})
    if cell.id in _TITLES:
        about["title"] = _TITLES[cell.id]
    if what == "check":
        for of_our_lines in ("accept", "notes"):
            about.pop(of_our_lines, None)
        if "advice" in about:
            about["advice"] = _ADVICE.get(question) or re.sub(r" Compare S\d\d.*", "", about["advice"])
        if "rubric" in about:
            about["rubric"] = rubric
    if question not in keys:
        return
    key = keys[question]
    if what == "answer":
        first = _STARTERS.get(question) or about["starter"].partition("\n")[0]
        blank = [] if isinstance(next(iter(key.values()))[0], list) else ""
        about["starter"] = f"{first}\n{answer(question, dict.fromkeys(key, blank))}"
        cell.source = f"{first}\n{answer(question, {line: values[0] for line, values in key.items()})}"
    elif what == "check":
        more = {line: values[1:] for line, values in key.items() if values[1:]}
        about.update({"accept": more} if more else {})
        points = max(1, round(2 * worth[question] * len(key)) / 2)
        about["points"] = int(points) if points == int(points) else points


def _sheet(edition: Article) -> dict[str, Any]:
    """What can be counted in the students' edition of the article, for the templates: by name lists of values and ids,
    in the order of the codebook."""
    claims = edition.claims.dropna(subset="layer")
    contents = claims[claims["layer"] == "content"]
    shown = set(contents["claim"])
    bearing = dict(zip(edition.propositions["proposition"], edition.propositions["claims"], strict=True))
    names = [*edition.sources["source"], "author", "none"]
    agencies = set(edition.sources.loc[edition.sources["kind"] == "agency", "source"])
    linked = {link for chain in contents["chain"] for link in chain}
    heard = shown & {claim for found in bearing.values() for claim in found}
    speaking = {source for claim, source in zip(contents["claim"], contents["source"], strict=True) if claim in heard}
    return {
        "count": len(claims),
        "acts": list(claims.loc[claims["layer"] == "act", "claim"]),
        "paragraphs": sorted(map(int, claims["paragraph"].unique())),
        "statuses": _occurring(claims["status"]),
        "content_statuses": _occurring(contents["status"]),
        "kinds": _occurring(contents["source_kind"]),
        "agencies": sorted(agencies & linked),
        "first_links": list(dict.fromkeys(chain[0] for chain in contents["chain"] if chain[:1] not in ((), ("?",)))),
        "no_reply": bool((edition.matrix == NO_REPLY).any(axis=None)),
        "propositions": list(bearing),
        "spoken": [name for name, found in bearing.items() if set(found) & shown],
        "speakers": [name for name in names if name in speaking],
        "register": len(edition.sources),
        "doubters": sorted({doubter for found in claims["disputed_by"] for doubter in found}),
        "bearing_claims": sorted({one for found in (*claims["disputed_by"], *claims["supported_by"]) for one in found}),
    }


def _occurring(column: Any) -> list[str]:
    return [str(value) for value in column.cat.categories if (column == value).any()]


def _levels(notebook: Any, edition: Article) -> list[dict[str, Any]]:
    """The levels of its rubric, if it has one, without what this article gives no occasion for: open questions,
    missing replies."""
    shown, changes = _shown(edition), []
    if "unconfirmed" not in {status for claim in shown for status in claim.accepts("status")}:
        changes.append((" Keeps “no evidence yet” open: neither proof nor denial.", ""))
    if not _without_reply(edition.annotation):
        changes.append((" Says that no reply from the accused is reported, and what that does not mean.", ""))
    if any(claim.layer == "content" and claim.status == "confirmed" for claim in shown):
        supported = "only acts on record and contents for which the text itself gives support,"
        changes.append(("only acts on record,", supported))
    rubrics = (cell.metadata["kit"]["rubric"] for cell in notebook.cells if "rubric" in cell.metadata.get("kit", {}))
    found = [dict(level) for level in next(rubrics, ())]
    for level in found:
        for words, instead in changes:
            level["words"] = level["words"].replace(words, instead)
    return found


def _samples(edition: Article) -> dict[str, str]:
    """A sample answer for each level, with claims of the students' edition, those of middling length first."""
    shown = sorted(_shown(edition), key=lambda claim: (abs(len(claim.quote.split()) - _QUOTED), claim.start))
    of = {status: [c for c in shown if c.status == status and c.layer == "content"] for status in names("status")}
    whose = {source.id: source.name for source in edition.annotation.sources}
    words = {
        "date": long_date(edition.facts.dateline),
        "acts": [claim for claim in shown if claim.layer == "act" and claim.status == "confirmed"][:2],
        "of": of,
        "told": [claim for claim in of["alleged"] if claim.source in whose][:2],
        "flat": [*of["alleged"], *of["asserted"]][:2],
        "whose": whose,
        "no_reply": _without_reply(edition.annotation),
        "quote": _quote,
        "all": _all,
    }
    return {level: _short(text).replace("\\", "\\\\") for level, text in parts("samples", words).items()}


def _short(text: str) -> str:
    """The paragraphs of `text` that a limit of words leaves room for."""
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        if len(" ".join([*kept, paragraph]).split()) <= _MOST:
            kept.append(paragraph)
    return "\n\n".join(kept)


def _shown(edition: Article) -> list[Claim]:
    return [claim for claim in edition.annotation.claims if not claim.blank]


def _without_reply(edition: Annotation) -> list[str]:
    names = {source.id: source.name for source in edition.sources}
    return [names[reply.source] for reply in edition.replies if reply.reply == "not reported"]


def _all(claims: list[Claim]) -> str:
    *first, last = map(_quote, claims)
    return f"{', '.join(first)} and {last}" if first else last


def _quote(claim: Claim) -> str:
    return f"“{claim.quote}” ({claim.id})"
