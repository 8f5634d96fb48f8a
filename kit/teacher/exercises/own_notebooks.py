"""The lessons and exercises of a course of one's own: what the templates speak of, with items of its article.

Lessons speak of sentences that are not set aside; exercises are the kit's own, numbered and counted anew.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

import nbformat

from kit.article.codebook import NO_REPLY, UNKNOWN_LINK, names
from kit.article.loading import Article
from kit.article.records import Annotation, Claim, Unit
from kit.questions import COMPUTED, WRITTEN_OUT, read, role
from kit.teacher.exercises.build import worded
from kit.teacher.exercises.keys import NONE_HERE
from kit.teacher.exercises.own_selection import LEAST, Items, balanced, firm, in_sight, shapes, shuffled, standing
from kit.teacher.exercises.own_templates import ARTICLE, amid, answer, cited, long_date, page, parts, quoted

_MOST_UNITS = 24
_START = attrgetter("start")
_STATUSES = names("status")
_WHERE = {
    "somebody says: not so": ("status", "denied"),
    "somebody leaves it open": ("status", "unconfirmed"),
    "passed on, nobody named": ("voucher", "none"),
}


class Lessons:
    """The words of each lesson on one article, in its students' edition.

    `edition` holds no label of a sentence that is set aside, so no lesson can show one. `made` are the numbers of the
    exercises that the course has. No claim is asked twice for its status, and a task with too few claims is left out.
    """

    def __init__(self, edition: Annotation, *, seed: str, made: Collection[int]) -> None:
        self.edition, self.seed, self.made = edition, seed, made
        self.claims = [claim for claim in edition.claims if not claim.blank]
        self.contents = [claim for claim in self.claims if claim.layer == "content"]
        self.names = {source.id: amid(source.name) for source in edition.sources}
        sure = [claim for claim in self.claims if firm(claim)]
        examples = [
            one for s in _STATUSES for one in balanced([c for c in sure if c.status == s], "status", 1, seed=seed)
        ]
        self.examples = examples[: max(2, len(sure) // 4)]
        rest = [claim for claim in sure if claim not in self.examples]
        self.last = balanced(rest, "status", min(6, max(2, len(rest) // 3)), seed=f"{seed} 5")
        self.rest = [claim for claim in rest if claim not in self.last]

    def words(self) -> Iterator[dict[str, Any]]:
        """The variables of each lesson's template, from the first to the fifth; `without` names the tasks left out."""
        voices = self.names | {"author": "the author", "none": "nobody who is named"}
        common = {
            "facts": self.edition.facts,
            "date": long_date(self.edition.facts.dateline),
            "made": self.made,
            "units_of": self._units_of,
            "sight": lambda claims: in_sight(self.edition, {claim.unit for claim in claims}),
            "whose": lambda claim: voices.get(claim.source, ""),
            "without": (),
        }
        for lesson in (self._first, self._second, self._third, self._fourth, self._fifth):
            yield common | lesson()

    def _units_of(self, claims: Iterable[Claim]) -> list[Unit]:
        """The units in which `claims` stand, once each, in the order of the text."""
        wanted = {claim.unit for claim in claims}
        return [unit for unit in self.edition.units if unit.id in wanted]

    def _first(self) -> dict[str, Any]:
        """Lesson 1: a sentence read aloud, two steps of labels, and four claims with their vouchers.

        A step is a sentence with an act and a content, or two sentences, if there are any, with one of each.
        """
        units = [[c for c in self.claims if c.unit == u.id] for u in shuffled(self._units_of(self.claims), self.seed)]
        both = [claims for claims in units if len({claim.layer for claim in claims}) == 2]
        acts, contents = ([c for c in units if {claim.layer for claim in c} == {layer}] for layer in ("act", "content"))
        pairs = [sorted([*one, *other], key=_START) for one, other in zip(acts, contents, strict=False)]
        more = max(acts, contents, key=len)[len(pairs) :]
        pairs += [sorted(chain(*more[at : at + 2]), key=_START) for at in range(0, len(more), 2)]
        aloud, one, two = [*both, *pairs][:3]
        rest = [claim for claim in self.claims if claim not in aloud]
        vouched = balanced(rest, "voucher", 4, seed=f"{self.seed} 1")
        return {"aloud": aloud, "one": one[:4], "two": two[:4], "three": vouched}

    def _second(self) -> dict[str, Any]:
        """Lesson 2: an example of each status, then cards with less and less given, none of them twice."""
        one = balanced(self.rest, "status", min(6, max(3, len(self.rest) - 5)), seed=f"{self.seed} 2")
        more = [claim for claim in self.rest if claim not in one]
        two = balanced([c for c in more if c.cue and c.layer == "content"], "status", 3, seed=f"{self.seed} 2")
        two = two if len(two) > 1 else []
        three = balanced([claim for claim in more if claim not in two], "status", 3, seed=f"{self.seed} 2")
        absent = [f"`{status}`" for status in _STATUSES if status not in {c.status for c in self.claims}]
        few = [task for task, claims in (("step-2", two), ("step-3", three)) if len(claims) < 2]
        return {"aloud": self.examples, "one": one, "two": two, "three": three, "absent": absent, "without": few}

    def _third(self) -> dict[str, Any]:
        """Lesson 3: chains, cue classes, how far hedges reach, and a chain at the end."""
        mixed = shuffled(self.contents, self.seed)
        aloud = sorted(shapes(mixed)[: max(1, min(3, len(mixed) - 3))], key=_START)
        rest = [claim for claim in mixed if claim not in aloud and claim.chain]
        chains = sorted([*shapes(rest), *(c for c in rest if c not in shapes(rest))][:2], key=_START)
        met = {claim.unit for claim in (*aloud, *chains)}
        last = sorted((c for c in rest if c not in chains), key=lambda one: (one.unit in met, len(one.chain) == 1))[:1]
        hedged = any(claim.hedge and firm(claim) for claim in self.contents)
        return {
            "aloud": aloud,
            "names": self.names,
            "example": quoted(
                list(max((c.chain for c in aloud), key=lambda links: (len(links), UNKNOWN_LINK not in links)))
            ),
            "chains": chains,
            "gapped": next(([c.id, ["", *c.chain[1:]]] for c in chains if len(c.chain) > 1), None),
            "shown": [claim for claim in self.contents if claim not in last][:12],
            "classes": balanced([c for c in self.claims if c not in aloud], "cue_class", 4, seed=f"{self.seed} 3"),
            "reach": balanced(self.contents, "reach", 3, seed=f"{self.seed} 3") if hedged else [],
            "ticket": last,
            "without": [] if last else ["ticket-chain"],
        }

    def _fourth(self) -> dict[str, Any]:
        """Lesson 4: what stands where among the sentences that are not set aside, and whose reply is not reported."""
        hidden = {claim.unit for claim in self.edition.claims if claim.blank}
        units = [unit for unit in self.edition.units if unit.id not in hidden]
        shown = {unit.id for unit in units[:_MOST_UNITS]}
        here = [claim for claim in self.claims if claim.unit in shown]
        where = {line: standing(here, *what) for line, what in _WHERE.items()}
        return {
            "units": units[:_MOST_UNITS],
            "some": len(units) > _MOST_UNITS,
            "where": where,
            "none_here": NONE_HERE,
            "no_reply": _without_reply(self.edition),
            "denied": any(next(iter(where.values()))),
            "without": [] if self.edition.propositions else ["matrix"],
        }

    def _fifth(self) -> dict[str, Any]:
        """Lesson 5: claims to label first, contested ones to vote on, and the passes where there are any."""
        passes = self.edition.passes
        contested = [c for c in self.claims if len(set(passes.get(c.id, ()))) > 1]
        open_ones = [c for c in self.claims if (c.also or c in contested) and c not in [*self.examples, *self.last]]
        votes = sorted(shuffled(open_ones, self.seed)[:3], key=_START)
        few = [] if votes else ["vote"]
        return {"mine": self.last, "votes": votes, "passes": len(passes), "contested": contested, "without": few}


_ADVICE = {
    "where": "Read for the words themselves. “Not so” needs somebody who says that it is not so; to see no evidence, "
    "or to say nothing, is less. “None in these sentences” is an answer, once you have looked.",
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


def solution(
    path: Path, *, edition: Article, items: Items, aside: Collection[str], without: Collection[str] = ()
) -> Any:
    """The solved exercise on the article, made from the kit's own at `path`, not yet run.

    `edition` is what the students have, `aside` are the units withheld in it, `without` questions that are not asked.
    None where the article has no `items` for this exercise.
    """
    keys = items.keys[place := int(path.stem[:2])]
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
        "shown": [unit.id for unit in in_sight(items.whole, yours)],
        "example": next(claim for claim in edition.annotation.claims if not claim.blank),
        "claims_of": lambda names: [claims[name] for name in names],
        "pieces": items.pieces,
        "samples": _samples(edition),
        "rubric": levels,
    }
    # A question stays where the article has what it asks for.
    asking = [q for q in read(notebook).questions if q.kind != WRITTEN_OUT or q.name in keys]
    kept = [q for q in asking if q.name not in without and seen.get(_COMPUTED.get(q.name, "count"))]
    words["asked"] = {question.name for question in kept}
    gone = {cell.id for cell in notebook.cells if role(cell)[1] not in {"", *(q.name for q in kept)}}
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


def _fill(cell: Any, keys: Mapping[str, Any], rubric: list[dict[str, Any]], worth: Mapping[str, float]) -> None:
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
    """The levels of its rubric, if it has one, worded for what this article gives occasion for."""
    shown = _shown(edition)
    facts = {
        "open": any("unconfirmed" in claim.accepts("status") for claim in shown),
        "no_reply": _without_reply(edition.annotation),
        "supported": any(claim.layer == "content" and claim.status == "confirmed" for claim in shown),
    }
    rubrics = (cell.metadata["kit"]["rubric"] for cell in notebook.cells if "rubric" in cell.metadata.get("kit", {}))
    words = parts("rubric", facts)
    return [level | {"words": words[level["level"]]} for level in next(rubrics, ())]


def _samples(edition: Article) -> dict[str, str]:
    """A sample answer for each level, with claims of the students' edition, those of middling length first."""
    shown = sorted(_shown(edition), key=lambda claim: (abs(len(claim.quote.split()) - _QUOTED), claim.start))
    of = {status: [c for c in shown if c.status == status and c.layer == "content"] for status in names("status")}
    whose = {source.id: amid(source.name) for source in edition.annotation.sources}
    words = {
        "date": long_date(edition.facts.dateline),
        "acts": [_quote(claim) for claim in shown if claim.layer == "act" and claim.status == "confirmed"][:2],
        "of": of,
        "told": [claim for claim in of["alleged"] if claim.source in whose][:2],
        "flat": [*of["alleged"], *of["asserted"]][:2],
        "whose": whose,
        "no_reply": _without_reply(edition.annotation),
        "quote": _quote,
        "cited": cited,
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


def _quote(claim: Claim) -> str:
    return f"{cited(claim.quote)} ({claim.id})"
