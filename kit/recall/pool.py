"""Which cards there are to practise with, and which comes next: every labelled claim that no graded question and no
test asks, brought back by spaced repetition.

The rows of the diary are the one record of what was answered: all else follows from them. An answer that fits puts a
card off by days, then weeks; one that does not brings it back after a minute. The intervals are those of FSRS
(https://github.com/open-spaced-repetition/py-fsrs), without chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from fsrs import Card, Rating, Scheduler

from kit import questions
from kit.article import annotation_file, codebook, seeds
from kit.article.records import Annotation, Claim
from kit.check import feedback
from kit.check.answers import FITS, in_quotes
from kit.errors import KitError
from kit.recall.diary import Attempt
from kit.widgets.cards import ASKS

COMMON = ("layer", "voucher", "status")
"""The fields that are asked where nothing else is said: those of lessons 1 and 2."""
TESTS = ("before", "after")
"""The forms of questions that measure. A text that one of them takes its sentences from is no text to practise with."""
_SOON = (timedelta(minutes=1),)
_SCHEDULER = Scheduler(learning_steps=_SOON, relearning_steps=_SOON, enable_fuzzing=False)
_LATELY = 10
"""Answers within which the same claim is not met again as a new card."""


@dataclass(frozen=True)
class Item:
    """One card: a claim of an article, and the field of it that is asked.

    `avoid` are the claims that an explanation must not quote, since a graded question asks for them.
    """

    claim: Claim
    field: str
    annotation: Annotation
    avoid: frozenset[str]

    @property
    def key(self) -> tuple[str, str, str]:
        """Article, claim, field: what a card is known by."""
        return self.annotation.facts.slug, self.claim.id, self.field

    @property
    def right(self) -> str:
        """The best label."""
        return self.claim.accepts(self.field)[0]

    def told(self, given: str) -> tuple[bool, str, str]:
        """Whether `given` fits, what is said of it, and the misconception behind it ("" where there is none)."""
        note = feedback.explain(self.claim, self.field, given, annotation=self.annotation, avoid=self.avoid)
        if note is not None:
            return False, in_quotes(str(note)), note.misconception
        differ = "Readers may differ here. " if self.field == "status" and self.claim.also else ""
        why = self.claim.why if self.field == "status" else ""
        return True, in_quotes(f"{FITS} {differ}{why}".strip()), ""

    def tempts(self) -> frozenset[str]:
        """The misconceptions that a wrong label on this card would come from."""
        return frozenset(self.told(label)[2] for label in codebook.names(self.field)) - {""}


def reserved() -> tuple[frozenset[str], frozenset[str]]:
    """Claims and units that are asked by a graded question or by a vote or a test, and of them those of the tests.

    Read from the exercises and lessons that the kit ships.
    """
    pages = (path for folder in ("exercises", "notebooks") for path in seeds.shipped(folder).glob("*.ipynb"))
    every = [question for path in pages for question in questions.read(path).questions]
    asked = frozenset(line.claim for one in every if one.points or one.form for line in one.lines)
    return asked, frozenset(line.claim for one in every if one.form in TESTS for line in one.lines)


def pool(fields: Iterable[str] = COMMON) -> tuple[Item, ...]:
    """Every card on these fields, article by article, in the order of the texts.

    `fields` are of layer, voucher, status, cue_class and reach. Raises KitError for another one.
    """
    wanted = tuple(dict.fromkeys(fields))
    if strange := [field for field in wanted if field not in ASKS]:
        raise KitError(f"There are no cards on “{strange[0]}”. Choose from {', '.join(ASKS)}.")
    asked, tests = reserved()
    found: list[Item] = []
    for path in sorted(seeds.seeds().glob("*.toml")):
        whole = annotation_file.read(seeds.article(path.stem))
        avoid = frozenset(claim.id for claim in whole.claims if {claim.id, claim.unit} & asked)
        if tests & whole.by_id.keys():
            continue
        for claim in whole.claims:
            if claim.id not in avoid and claim.layer and not (claim.blank or claim.withheld):
                # What a cue does is a question only where there is one.
                asks = [field for field in wanted if claim.accepts(field)[0] and (field != "cue_class" or claim.cue)]
                found += [Item(claim, field, whole, avoid) for field in asks]
    return tuple(found)


def due(rows: Sequence[Attempt]) -> dict[tuple[str, str, str], datetime]:
    """When each card that has been answered comes again, by its key. `rows` are in the order of time."""
    cards: dict[tuple[str, str, str], Card] = {}
    for row in rows:
        card = cards.get(row.key) or Card(card_id=0, due=row.time)
        cards[row.key], _ = _SCHEDULER.review_card(card, Rating.Good if row.right else Rating.Again, row.time)
    return {key: card.due for key, card in cards.items()}


def choose(items: Sequence[Item], rows: Sequence[Attempt], now: datetime) -> Item | None:
    """The card that comes next: the longest due, else a new one, else what is due soonest; None without cards.

    New cards come from the label with the fewest right answers, less the wrong ones: labels take turns, and those that
    were hard come more often. The card that was answered last does not follow itself where there is another.
    """
    again, last = due(rows), rows[-1].key if rows else None
    by_key = {item.key: item for item in items}
    known = sorted((time, key) for key, time in again.items() if key in by_key and key != last)
    if known and known[0][0] <= now:
        return by_key[known[0][1]]
    if new := [item for item in items if item.key not in again]:
        return _new(new, rows, by_key)
    return by_key[known[0][1]] if known else next(iter(items), None)


def _new(new: Sequence[Item], rows: Sequence[Attempt], by_key: Mapping[tuple[str, str, str], Item]) -> Item:
    mastered: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.key in by_key:
            mastered[row.field, by_key[row.key].right] += 1 if row.right else -1
    lately = {row.key[:2] for row in rows[-_LATELY:]}

    def rank(item: Item) -> tuple[bool, int, int, int]:
        label = item.field, item.right
        # A mixed order that is the same each time, and that no reader can foresee.
        mixed = crc32(repr((label, len(rows))).encode()), crc32(repr(item.key).encode())
        return item.key[:2] in lately, mastered[label], *mixed

    return min(new, key=rank)
