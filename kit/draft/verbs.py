"""Is a form of the lexicon a verb here, and what belongs to it: auxiliaries, “not”, “to”, the voice."""

from __future__ import annotations

from dataclasses import dataclass

from kit.draft import words
from kit.draft.clauses import body_end
from kit.draft.lexicon import Cue
from kit.draft.subjects import clause_subject, subject_before
from kit.draft.tokens import Tokens

__all__ = ["Spot", "spot_of"]

Range = tuple[int, int]

_PLURALS = frozenset("people police men women children data media politicians staff public few".split())
_MANY = frozenset("they we i you who some many others both most all few several these those everyone".split())
_SHARES = frozenset("percent majority number dozens hundreds thousands group couple handful lot".split())
_OPENED = frozenset("when as after although though while asked if since because until unless".split())
_PLAIN = frozenset("said told announced".split())
_DESCRIBED = frozenset("familiar close responsible aware present loyal critical sympathetic eligible able".split())


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
        if tokens.lows[self.low] not in _OPENED or "," in tokens.forms[self.low : self.at]:
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
        if tokens.forms[self.first - 1] != "," or self.cue.form not in ("past", "past-part"):
            return False
        also = next((i for i in range(self.stop, self.high - 1) if tokens.lows[i] == "and"), 0)
        past = tokens.lows[also + 1].endswith("ed") or tokens.lows[also + 1] in words.PASTS
        return also > 0 and past and subject_before(tokens, self.first, self.low) is None

    def source(self) -> Range | None:
        """The subject: the phrase before the verb, or where it has none of its own that of its clause."""
        before = self.tokens.kinds[self.first - 1] if self.first > self.low else ""
        word = self.tokens.lows[self.first - 1] if self.first > self.low else ""
        if self.voice == "infinitive" or (before in ("and", "prep", "open", "wh") and word not in ("who", "which")):
            return clause_subject(self.tokens, self.first, self.low)
        if self.voice == "participle":
            if before in ("name", "word"):
                return subject_before(self.tokens, self.first, self.low)
            return clause_subject(self.tokens, self.first, self.low)
        return subject_before(self.tokens, self.first, self.low)


def spot_of(tokens: Tokens, cue: Cue, at: int, low: int, high: int) -> Spot | None:
    """The verb `cue` at token `at` with all that belongs to it; None where the word is no verb here."""
    if at > low and tokens.forms[at][0].isupper() and at + 1 < high and tokens.forms[at + 1][0].islower():
        return None  # A Rasmussen Reports poll
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
    voice = _voice(tokens, cue, at, first, low, set(helpers) - {"adv", "not"})
    return Spot(tokens, cue, at, first, stop, low, high, voice) if voice else None


def _voice(tokens: Tokens, cue: Cue, at: int, first: int, low: int, helpers: set[str]) -> str:
    """The voice, or nothing where form and helpers do not fit together: then it is a noun or an adjective."""
    form = cue.form
    base, part = form in ("base", "either"), form in ("part", "past-part", "either")
    if "to" in helpers:
        return "infinitive" if base else ""
    if form == "ing":
        return "progressive" if "be" in helpers else _participle(tokens, first, low)
    if "be" in helpers:
        return "passive" if part else ""
    if "have" in helpers:
        return "active" if part else ""
    if helpers:
        return "active" if base else ""
    if at == low and part and cue.frames & {"order", "told"}:
        return "passive"
    if at == low and form != "base" and cue.lemma in ("say", "add", "write"):
        return "active"
    return "active" if _alone(tokens, form, at, first, low) else ""


def _participle(tokens: Tokens, first: int, low: int) -> str:
    while first > low and tokens.kinds[first - 1] == "adv":
        first -= 1
    if first <= low:
        return ""
    before = tokens.kinds[first - 1]
    fits = before in ("mark", "and", "prep", "open", "word", "name") and tokens.lows[first - 1] not in ("'s", "without")
    return "participle" if fits else ""


def _alone(tokens: Tokens, form: str, at: int, first: int, low: int) -> bool:
    """Whether a form without any helper is a verb, told by what stands before it."""
    if form == "part" or at == low:
        return False
    kind, word = tokens.kinds[first - 1], tokens.lows[first - 1]
    if word == "'s" and first - 2 >= low and tokens.kinds[first - 2] == "name" and tokens.lows[at] in _PLAIN:
        return True  # Macy's said …
    if (
        first == low
        or word == "'"
        or kind in ("prep", "to", "not", "poss", "open")
        or (kind == "num" and form != "past-part")
    ):
        return False
    if kind == "det" and word not in _MANY | {"this", "that", "one"}:
        return False
    after = tokens.lows[at + 1] if at + 1 < len(tokens.lows) else ""
    if form in ("past", "past-part", "either"):
        return after != "by" and word not in ("when", "if", "as", "once", "than")
    if word.endswith("ed") and kind == "word":
        return False
    if kind in ("pro", "det", "wh"):
        return word in ("who", "which", "that") or (word in _MANY) == (form == "base")
    if kind == "quote" or (word == "," and form == "base"):
        return True
    plural = _plural_head(tokens, first, low)
    return (form == "s" and kind == "name") or plural is None or plural == (form == "base")


def _plural_head(tokens: Tokens, first: int, low: int) -> bool | None:
    """Whether the phrase before `first` is a plural by its head: the word before its first preposition or comma.

    None where a name leaves it open: Mr. Ames, the Democrats.
    """
    phrase = subject_before(tokens, first, low)
    if phrase is None:
        return False
    head = phrase[1] - 1
    for i in range(phrase[0] + 1, phrase[1]):
        if tokens.lows[i] in ("and", "&") and i < head + 1:
            return True
        if tokens.lows[i] == "of" and (tokens.kinds[i - 1] == "num" or tokens.lows[i - 1] in _SHARES):
            continue  # 65% of voters, a majority of voters
        if tokens.kinds[i] in ("prep", "wh", "that", "to") or tokens.forms[i] in (",", "("):
            head = i - 1
            break
    while head > phrase[0] and (tokens.lows[head] in _DESCRIBED or tokens.lows[head].endswith("ed")):
        head -= 1
    word = tokens.lows[head]
    if tokens.kinds[head] == "name" and word.endswith("s"):
        return None
    return word in _MANY | _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")))
