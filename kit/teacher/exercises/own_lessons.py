"""The lessons of a course of one's own: what their templates speak of, claims of sentences that are not set aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from kit.article.codebook import HERE, UNKNOWN_LINK, names
from kit.article.records import Annotation, Claim, Unit
from kit.teacher.exercises.own_selection import NONE_HERE, balanced, capital, firm, shapes, shuffled
from kit.teacher.exercises.own_templates import long_date, quoted

__all__ = ["Lessons"]

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
        self.units = {unit.id: unit for unit in edition.units}
        self.claims = [claim for claim in edition.claims if not claim.blank]
        self.contents = [claim for claim in self.claims if claim.layer == "content"]
        self.names = {source.id: source.name for source in edition.sources}

    def words(self) -> Iterator[dict[str, Any]]:
        """The variables of each lesson's template, from the first lesson to the fifth."""
        common = {
            "facts": self.edition.facts,
            "date": long_date(self.edition.facts.dateline),
            "made": self.made,
            "units_of": self._units_of,
            "whose": self._whose,
        }
        for lesson in (self._first, self._second, self._third, self._fourth, self._fifth):
            yield common | lesson()

    def _units_of(self, claims: Iterable[Claim]) -> list[Unit]:
        """The units in which `claims` stand, once each, in the order of the text."""
        wanted = {claim.unit for claim in claims}
        return [unit for unit in self.edition.units if unit.id in wanted]

    def _whose(self, claim: Claim) -> str:
        """Who vouches for a claim, in words."""
        voices = {"author": "the author", "none": "nobody who is named"}
        return voices.get(claim.source, self.names.get(claim.source, ""))

    def _first(self) -> dict[str, Any]:
        """Lesson 1: a sentence read aloud, two to label, four claims with their vouchers, and four headlines."""
        both = self._units_with_both()
        others = [u for u in shuffled(self._units_of(self.claims), self.seed) if u not in both]
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
        """Lesson 3: chains, cue classes, and how far hedges reach."""
        aloud = sorted(shapes(shuffled(self.contents, self.seed))[:3], key=lambda claim: claim.start)
        rest = [claim for claim in shuffled(self.contents, self.seed) if claim not in aloud] or aloud
        shaped = shapes(rest)
        chains = sorted([*shaped, *(c for c in rest if c not in shaped)][:4], key=lambda claim: claim.start)
        classes = balanced(self.claims, "cue_class", 6, seed=f"{self.seed} 3")
        hedged = [claim for claim in self.contents if claim.hedge and firm(claim)]
        reach = balanced(self.contents, "reach", 6, seed=f"{self.seed} 3") if hedged else []
        return {
            "aloud": aloud,
            "links": self._links,
            "example": quoted(list(max((c.chain for c in aloud), key=len))),
            "chains": chains,
            "gapped": {c.id: ["", *c.chain[1:]] for c in [c for c in chains if len(c.chain) > 1][:2]},
            "shown": self.contents[:12],
            "classes": classes,
            "reach": reach,
            "ticket": hedged[:3],
        }

    def _fourth(self) -> dict[str, Any]:
        """Lesson 4: what stands where among the sentences that are not set aside, and who is silent."""
        silent = [self.names[r.source] for r in self.edition.replies if r.reply == "not reported"]
        hidden = {claim.unit for claim in self.edition.claims if claim.blank}
        units = [unit for unit in self.edition.units if unit.id not in hidden]
        here = {unit.id for unit in units[:_MOST_UNITS]}
        where = {line: self._standing(status, here) for line, status in _WHERE.items()}
        return {
            "units": units[:_MOST_UNITS],
            "some": len(units) > _MOST_UNITS,
            "where": where,
            "none_here": NONE_HERE,
            "silent": silent,
            "propositions": self.edition.propositions,
            "denied": any(next(iter(where.values()))),
        }

    def _fifth(self) -> dict[str, Any]:
        """Lesson 5: claims to label first, the contested ones to vote on, and the passes where there are any."""
        mine = balanced(self.claims, "status", 8, seed=f"{self.seed} 5")
        passes = self.edition.passes
        open_ones = [c for c in self.claims if c.also or len(set(passes.get(c.id, ()))) > 1]
        votes = sorted(shuffled([c for c in open_ones if c not in mine], self.seed)[:4], key=lambda c: c.start)
        contested = [c for c in self.claims if len(set(passes.get(c.id, ()))) > 1]
        return {"mine": mine, "votes": votes, "passes": len(passes), "contested": contested}

    def _units_with_both(self) -> list[Unit]:
        layers: dict[str, set[str]] = {}
        for claim in self.claims:
            layers.setdefault(claim.unit, set()).add(claim.layer)
        whole = {name for name, found in layers.items() if len(found) == 2}
        return shuffled((u for u in self.edition.units if u.id in whole), self.seed)

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
            return "No speaking word ties it to anybody. The author says it. One link."
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
