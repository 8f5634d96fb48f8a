"""Is a form of the lexicon a verb here, and what belongs to it: auxiliaries, “not”, “to”, a subject, who is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kit.draft import words
from kit.draft.clauses import body_end, clause_subject, is_clause, subject_before, temporal_start
from kit.draft.phrases import SPEECHES, core_end, skip_supplement
from kit.draft.tokens import Range, Tokens
from kit.draft.words import Cue, Subjects, lexicon

OBJECTS = ("name", "det", "poss", "pro", "word", "num", "quote")
"""The kinds of tokens with which a noun phrase may begin."""
_PLURALS = frozenset("people police men women children data media politicians staff public few".split())
_MANY = frozenset("they we i you who some many others both most all few several these those everyone".split())
_SHARES = frozenset("percent majority number dozens hundreds thousands group couple handful lot".split())
_SHOWN = frozenset("show suggest indicate say put point".split())
_DESCRIBED = frozenset("familiar close responsible aware present loyal critical sympathetic eligible able".split())
_OPENED = frozenset("when as after although though while asked if since because until unless".split())
SPANS = frozenset("minutes hours day days week weeks month months year years".split())
_LEADS = frozenset("lead leads led leading cause causes caused prompt prompts prompted mislead misleads misled".split())
_CONFIRMED = frozenset("confirm confirms confirmed confirming".split())
_ISSUED = words.listed("verbs", "issued")
_PAPERS = words.listed("verbs", "papers")


@dataclass(frozen=True)
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

    @cached_property
    def end(self) -> int:
        """The end of the sentence without its last stop."""
        return body_end(self.tokens, self.low, self.high)

    @cached_property
    def led(self) -> int:
        """Of “Saying that it leaks, Roe left” where Roe begins; 0 elsewhere."""
        tokens, end = self.tokens, self.end
        commas = (i for i in range(self.at, end - 2) if tokens.forms[i] == "," and tokens.quoted[i] < 0)
        return next((i + 1 for i in commas if is_clause(tokens, i + 1, end)), 0) if self.at == self.low else 0

    @cached_property
    def body(self) -> int:
        """As `end`; of “When X says …,” the comma that ends it."""
        end, tokens = self.end, self.tokens
        if self.voice == "participle" and self.led:
            return self.led - 1
        if tokens.lows[self.first - 1] in ("who", "which") and tokens.forms[self.first - 2] == ",":
            # Holm, who has maintained he was asleep, sued the paper.
            commas = (i for i in range(self.at, end - 1) if tokens.forms[i] == "," and tokens.quoted[i] < 0)
            return next((i for i in commas if tokens.speaks(i + 1)), end)
        # Even if they said …, nobody left; Two hours after he said …, they left.
        near = range(self.low, min(self.low + 6, self.at))
        first = next((i for i in near if tokens.lows[i] in _OPENED or tokens.finite(i)), self.low)
        first = first if tokens.lows[first - 1] in SPANS or tokens.kinds[first - 1] == "adv" else self.low
        if (tokens.lows[first] not in _OPENED and self.at > self.low) or "," in tokens.forms[self.low : self.at]:
            return end
        return next((i for i in range(self.at, end) if tokens.forms[i] == "," and tokens.quoted[i] < 0), end)

    def word(self, k: int) -> str:
        """The word at token `k`, in small letters; "" beyond the sentence."""
        return self.tokens.lows[k] if k < self.high else ""

    def shared(self) -> bool:
        """Whether the verb has no subject of its own: “…, adding that …”, “… and said that …”."""
        at = temporal_start(self.tokens, self.first, self.low)
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

    def _issuer(self, held: Range) -> Range | None:
        """Who issued the statement that says something; a letter that somebody got speaks for itself."""
        lows = self.tokens.lows
        issued = lows[held[1] - 1] in SPEECHES | _PAPERS and lows[held[0] - 1] in _ISSUED
        return clause_subject(self.tokens, held[0], self.low) if issued else None

    def _is_only_named(self, held: Range) -> bool:
        """Whether the phrase before a participle is a place or a body that the subject has to do with: sued the town
        alleging that … A letter, or a man, speaks himself."""
        tokens, (first, stop) = self.tokens, held
        head = next((i for i in range(first + 1, stop) if tokens.kinds[i] == "prep"), stop) - 1
        word = tokens.lows[head]
        known = _PAPERS | SPEECHES | _PLURALS | words.ROLES | lexicon().informing.heads
        speaks = known & {word, word.removesuffix("s")} or tokens.kinds[head] != "word" or word.endswith(("man", "men"))
        return first > self.low + 1 and not speaks

    @cached_property
    def source(self) -> Range | None:
        """The subject: the phrase before the verb, or where it has none of its own that of its clause."""
        tokens, first, low = self.tokens, self.first, self.low
        before, word = (tokens.kinds[first - 1], tokens.lows[first - 1]) if first > low else ("", "")
        own = subject_before(tokens, first, low)
        if self.voice == "participle" and self.led:
            return clause_subject(tokens, self.end, self.led)
        if self.voice == "infinitive" and own and tokens.lows[own[0] - 1] in _LEADS:
            return own  # it leads experts to think that …
        # Vale left, saying that …; two nurses resigned claiming that …
        after_verb = before == "word" and (word.endswith("ed") or word in words.PASTS)
        loose = self.voice == "participle" and (after_verb or before not in ("name", "word"))
        joined = before in ("and", "prep", "open", "wh") and word not in ("who", "which")
        if self.voice == "infinitive" or joined or loose:
            return clause_subject(tokens, first, low)
        if self.voice != "participle" or not own:
            return own
        issuer = self._issuer(own)
        inner = self.cue.sense == "says" and not issuer and self._is_only_named(own)
        return (clause_subject(tokens, first, low) if inner else None) or issuer or own

    @cached_property
    def after(self) -> int:
        """Where the content may begin: after the cue, the person told, days and places."""
        k, tokens = self.stop, self.tokens
        somebody = k < self.high and (tokens.kinds[k] in OBJECTS[:-1] or tokens.lows[k] == "about")
        if somebody and "told" in self.cue.frames and self.voice != "passive":
            end = self._told(k)
            # Warned more layoffs may come: nobody is told.
            k = k if end < self.high and tokens.kinds[end] in ("modal", "be", "have", "do") else end
        k = skip_supplement(tokens, k, self.high)
        if self.cue.sense == "says" and self.word(k) == "to" and k + 1 < self.high:
            # Who is told: confirmed to reporters that …
            end = skip_supplement(tokens, core_end(tokens, k + 1, self.high), self.high)
            told = tokens.kinds[k + 1] in OBJECTS[:4] or (end < self.high and tokens.kinds[end] == "that")
            if told and end > k + 1 and lexicon().nouns.keys().isdisjoint(tokens.lows[k:end]):
                return end
        return k

    def _told(self, k: int) -> int:
        """The end of whoever is told something: told reporters; told an editor of the Post."""
        tokens, high = self.tokens, self.high
        end = core_end(tokens, k, high)
        if end < high and (tokens.forms[end] in (",", ":") or tokens.kinds[end] == "that"):
            return end
        # It ends where small letters change to capitals: told reporters Mr. Brandt would …
        end = next((i for i in range(k + 1, end) if tokens.kinds[i] == "name" and tokens.kinds[i - 1] == "word"), end)
        if end < high and tokens.lows[end] in ("of", "at", "and", "for", "from"):
            end = core_end(tokens, end + 1, high)
        return end


def spot_of(tokens: Tokens, cue: Cue, at: int, low: int, high: int) -> Spot | None:
    """The verb `cue` at token `at` with all that belongs to it; None where the word is no verb here."""
    if at > low and tokens.forms[at][0].isupper() and "word" in tokens.kinds[low:high]:
        return None  # A Rasmussen Reports poll; the United States; but not in a headline, where all are capitals
    first, helpers = at, []
    while first - 1 >= low:
        kind = tokens.kinds[first - 1]
        if tokens.kinds[first - 3 : first] == ["quote", "adv", "quote"]:
            first -= 3
            continue  # have "overwhelmingly" rejected
        if cue.lemma == "deny" and tokens.lows[first - 1] in ("nor", "or") and tokens.lows[first - 2] in _CONFIRMED:
            first -= 2 + (tokens.lows[first - 3] == "neither" and tokens.kinds[first - 3] == "det")
            continue  # would neither confirm nor deny
        if kind not in ("be", "have", "do", "modal", "not", "adv", "to"):
            break
        helpers.append(kind)
        first -= 1
    while first < at and tokens.kinds[first] == "adv":
        first += 1
    stop = at + 1 + len(cue.more)
    if not _has_its_object(tokens, cue.lemma, stop, high):
        return None
    voice = _voice(tokens, cue, at, first, low, set(helpers) - {"adv", "not"})
    spot = Spot(tokens, cue, at, first, stop, low, high, voice)
    return spot if voice and (voice != "participle" or at > low or spot.led) else None


def _has_its_object(tokens: Tokens, lemma: str, k: int, high: int) -> bool:
    """Whether the noun group at `k` is not one with which the verb means something else: to claim asylum."""
    wrong, right = lexicon().objects.get(lemma), lexicon().only.get(lemma)
    if not wrong and not right:
        return True
    end = core_end(tokens, k, high)
    found = tokens.lows[k:end]
    if right and tokens.kinds[k : k + 1] in (["poss"], ["det"]):
        return not right.isdisjoint(found) or tokens.finite(end)
    return not wrong or wrong.isdisjoint(found[:3])


def _voice(tokens: Tokens, cue: Cue, at: int, first: int, low: int, helpers: set[str]) -> str:
    """The voice, or nothing where form and helpers do not fit together: then it is a noun or an adjective."""
    form = cue.form
    base, part = form in ("base", "either"), form in ("part", "past-part", "either")
    if "to" in helpers:
        return "infinitive" if base and cue.sense != "shows" else ""  # returned to find the shop had gone
    if form == "ing" and "be" in helpers:
        return "progressive"
    if form == "ing":
        before, word = (tokens.kinds[first - 1], tokens.lows[first - 1]) if first > low else ("", "")
        fits = before in ("mark", "and", "prep", "open", "word", "name") and word not in ("'s", "without")
        return "participle" if fits or (at == low and cue.sense == "says") else ""
    if "be" in helpers:
        return "passive" if part else ""
    if "have" in helpers:
        return "active" if part else ""
    if helpers:
        return "active" if base else ""
    if at == low and part and (cue.frames & {"order", "told"} or cue.lemma == "accuse"):
        return "passive"
    by = part and tokens.lows[at + 1 : at + 2] == ["by"] and any(frame.endswith("-object") for frame in cue.frames)
    if by and (at == low or tokens.forms[at - 1] == ","):
        return "passive"  # accused by the town of theft, Vale left
    if at == low and form != "base" and cue.lemma in ("say", "add", "write"):
        return "active"
    if form in ("part", "past-part") and "passive" in cue.frames and tokens.lows[at + 1 : at + 2] == ["to"]:
        phrase = subject_before(tokens, first, low)
        if phrase and phrase[0] > low and tokens.lows[phrase[0] - 1] == "with":
            return "passive"  # with growth expected to slow: it has lost its “is”
    return "active" if _alone(tokens, form, at, first, low) else ""


def _alone(tokens: Tokens, form: str, at: int, first: int, low: int) -> bool:
    """Whether a form without any helper is a verb, told by what stands before it."""
    if form == "part" or at == low:
        return False
    kind, word = tokens.kinds[first - 1], tokens.lows[first - 1]
    if word == "'s" and tokens.kinds[first - 2] == "name" and tokens.lows[at] in ("said", "says", "told", "announced"):
        return first - 1 > low  # Macy's said …
    if (
        first == low
        or word == "'"
        or kind in ("prep", "to", "not", "poss", "open")
        or (kind == "num" and form != "past-part")
    ):
        return False
    after = tokens.lows[at + 1] if at + 1 < len(tokens.lows) else ""
    if form in ("past", "past-part", "either"):
        charged = after == "of" and tokens.lows[at] in ("accused", "suspected")  # a man accused of theft
        return after != "by" and not charged and word not in ("when", "if", "as", "once", "than")
    if tokens.lows[at] in lexicon().nouns and (after in _SHOWN or tokens.finite(at + 1)):
        return False  # early estimates show that …
    if kind in ("pro", "det", "wh"):
        return word in ("who", "which", "that") or (word in _MANY) == (form == "base")
    if kind == "quote" or tokens.lows[at] in ("say", "says") or (kind == "name" and form == "s"):
        return True  # “…,” say police; Arsenal say; the prosecution say
    return _plural_head(tokens, first, low) == (form == "base")


def _plural_head(tokens: Tokens, first: int, low: int) -> bool:
    """Whether the phrase before `first` is a plural by its head: the word before its first preposition or comma."""
    phrase = subject_before(tokens, first, low)
    if phrase is None and tokens.kinds[first - 1] == "and":
        phrase = clause_subject(tokens, first, low)  # they have counted 70, and say …
    if phrase is None:
        return False
    head = phrase[1] - 1
    for i in range(phrase[0] + 1, phrase[1]):
        if tokens.lows[i] == "and" and tokens.kinds[i + 1] in ("det", "poss", "name"):
            return True
        if tokens.lows[i] == "of" and (tokens.kinds[i - 1] == "num" or tokens.lows[i - 1] in _SHARES):
            continue  # 65% of voters, a majority of voters
        if tokens.kinds[i] in ("prep", "wh", "that", "to") or tokens.forms[i] in (",", "("):
            head = i - 1
            break
    while head > phrase[0] and (tokens.lows[head] in _DESCRIBED or tokens.lows[head].endswith("ed")):
        head -= 1
    word = tokens.lows[head]
    return word in _MANY or word in _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")))


def heads(tokens: Tokens, source: Range | None, lemma: str, kind: Subjects) -> bool:
    """Whether the source has a noun of this kind as its head, and the cue is one for which that matters.

    A plan calls for cranes: a thing, and nobody has said it. A study shows a link: that is an attribution.
    """
    if source is None or lemma not in kind.cues:
        return False
    first, stop = source
    edges = ("prep", "to", "that", "wh", "mark")
    head = next((i for i in range(first + 1, stop) if tokens.kinds[i] in edges), stop) - 1
    head -= head > first + 1 and tokens.lows[head].endswith("ed")  # a poll released by a paper
    # Mr. Law is a man, and the Lindental Project may be people: only small letters are surely a thing.
    return tokens.kinds[head] == "word" and tokens.lows[head].removesuffix("s") in kind.heads
