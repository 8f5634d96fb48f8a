"""Is a form of the lexicon a verb here, and what belongs to it: auxiliaries, “not”, “to”, a subject."""

from __future__ import annotations

from dataclasses import dataclass

from kit.draft import words
from kit.draft.clauses import body_end
from kit.draft.ends import SPEECHES
from kit.draft.lexicon import Cue
from kit.draft.subjects import clause_subject, subject_before
from kit.draft.tokens import Tokens
from kit.draft.voices import voice_of

__all__ = ["Spot", "spot_of"]

Range = tuple[int, int]

_OPENED = frozenset("when as after although though while asked if since because until unless".split())
_LEADS = frozenset("lead leads led leading cause causes caused prompt prompts prompted mislead misleads misled".split())
_ISSUED = frozenset(
    "issued issue issues released release releases sent sends published publishes wrote writes made posted posts "
    "put gave distributed circulated".split()
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One cue in its sentence: tokens `first` to `stop` are the verb group, `low` to `high` its sentence.

    `voice` is active, passive, progressive, infinitive or participle.
    """

    tokens: Tokens
    cue: Cue
    at: int
    first: int
    stop: int
    low: int
    high: int
    voice: str

    @property
    def body(self) -> int:
        """The end of the sentence without its last stop; of “When X says …,” the comma that ends it."""
        end, tokens = body_end(self.tokens, self.low, self.high), self.tokens
        first = self.low + (tokens.lows[self.low] == "even")  # Even if they said …, nobody left
        if tokens.lows[first] not in _OPENED or "," in tokens.forms[self.low : self.at]:
            return end
        return next((i for i in range(self.at, end) if tokens.forms[i] == "," and tokens.quoted[i] < 0), end)

    def word(self, k: int) -> str:
        """The word at token `k`, in small letters; "" beyond the sentence."""
        return self.tokens.lows[k] if k < self.high else ""

    def shared(self) -> bool:
        """Whether the verb has no subject of its own: “…, adding that …”, “… and said that …”."""
        at = self.first
        while at - 1 > self.low and self.tokens.kinds[at - 1] == "adv":
            at -= 1
        before = self.tokens.kinds[at - 1] if at > self.low else ""
        if self.voice == "participle":
            return before not in ("name", "word")
        return self.voice == "active" and (before == "and" or (before == "mark" and self._listed()))

    def _listed(self) -> bool:
        """Whether the verb is one of a list: vowed to go, called it a lie and left."""
        tokens = self.tokens
        also = next((i for i in range(self.stop, self.high - 1) if tokens.lows[i] == "and"), 0)
        past = tokens.lows[also + 1].endswith("ed") or tokens.lows[also + 1] in words.PASTS
        return also > 0 and past and subject_before(tokens, self.first, self.low) is None

    def _issuer(self, held: Range | None) -> Range | None:
        """Who issued the statement that says something; a letter that somebody got speaks for itself."""
        lows = self.tokens.lows
        issued = held is not None and lows[held[1] - 1] in SPEECHES and lows[held[0] - 1] in _ISSUED
        return clause_subject(self.tokens, held[0], self.low) if held and issued else None

    def source(self) -> Range | None:
        """The subject: the phrase before the verb, or where it has none of its own that of its clause."""
        before = self.tokens.kinds[self.first - 1] if self.first > self.low else ""
        word = self.tokens.lows[self.first - 1] if self.first > self.low else ""
        led = subject_before(self.tokens, self.first, self.low) if self.voice == "infinitive" else None
        if led and led[0] > self.low and self.tokens.lows[led[0] - 1] in _LEADS:
            return led  # it leads experts to think that …
        if self.voice == "infinitive" or (before in ("and", "prep", "open", "wh") and word not in ("who", "which")):
            return clause_subject(self.tokens, self.first, self.low)
        if self.voice == "participle":
            if before in ("name", "word"):
                held = subject_before(self.tokens, self.first, self.low)
                return self._issuer(held) or held
            return clause_subject(self.tokens, self.first, self.low)
        return subject_before(self.tokens, self.first, self.low)


def spot_of(tokens: Tokens, cue: Cue, at: int, low: int, high: int) -> Spot | None:
    """The verb `cue` at token `at` with all that belongs to it; None where the word is no verb here."""
    if at > low and tokens.forms[at][0].isupper() and "word" in tokens.kinds[low:high]:
        return None  # A Rasmussen Reports poll; the United States; but not in a headline, where all are capitals
    first, helpers = at, []
    while first - 1 >= low:
        kind = tokens.kinds[first - 1]
        if kind not in ("be", "have", "do", "modal", "not", "adv", "to"):
            break
        helpers.append(kind)
        first -= 1
        if kind == "to":
            break
    while first < at and tokens.kinds[first] == "adv":
        first += 1
    stop = at + 1 + len(cue.more)
    voice = voice_of(tokens, cue, at, first, low, set(helpers) - {"adv", "not"})
    return Spot(tokens, cue, at, first, stop, low, high, voice) if voice else None
