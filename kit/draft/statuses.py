"""The proposed status of a claim: the guide's ordered questions, asked of its words. The first yes wins.

Silences that a reporter puts on record (declined to comment, did not respond) are acts without a content.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kit.draft.clauses import subject_before
from kit.draft.rules_in_order import Attribution, Reading
from kit.draft.tokens import Range
from kit.draft.words import Cue, lexicon, table

BETWEEN = "[^0-9A-Z_a-zÀ-ɏ]"
"""What may stand before a word: as “not a word”  where letters are Latin ones, and quicker."""
_NOT = r"(?:did not|didn['’]t|has not|have not|had not|hasn['’]t|haven['’]t)(?: \w+ly| yet)?"
_MISS = (
    rf"(?:{_NOT} (?:want to )?(?:comment(?:ed)?|respond(?:ed)?|"
    rf"repl(?:y|ied)|answer(?:ed)? (?:questions|calls|requests))|"
    rf"{_NOT} return(?:ed)? (?:calls|messages|requests|e-?mails)|"
    r"could not (?:\w+ly )?be reached (?:for comment|by (?:tele)?phone)|"
    r"(?:could|would|will|did) not (?:\w+ly )?(?:comment|elaborate|be drawn|(?:discuss|name|identify)(?= )|"
    r"(?:give|provide|offer|release) (?:any |further |more )*(?:details?|information|names?|reasons?|answers?))|"
    r"(?:has|have|had) yet to (?:comment|respond|reply)|"
    r"(?:had|gave|offered) no (?:further |more |other )?(?:comment|details|information))\b"
)
_MISSED = re.compile(rf"{BETWEEN}(?=[cdghow])({_MISS})")
_NEITHER = re.compile(
    r"\b[Nn]either [^.,;:]{3,50}? ((?:(?:would|will|could|has|had|have) )?(?:comment|respond|repl[yi]|elaborat)\w*)\b"
)
SILENT = re.compile(rf"declined? (?:to )?comment|refused to comment|no comment|\b{_MISS}")

_PAPER = re.compile(
    r"\b(?:surveys?|reports?|polls?|figures|data|statistics|census|stud(?:y|ies)|reviews?|audits?|sources|officials|"
    r"court|judges?|jury|inquiry|investigations?|tribunal)\b",
    re.IGNORECASE,
)
"""What is published and shows something: that is an act (v); and who finds or indicates something in public."""
_RECKONED = ("put", "estimate", "peg", "predict", "forecast")
"""What is thought, and told in public: police put the number at 5,000."""
_OF_ITSELF = re.compile(rf"(?:that )?(?:(?:it|he|she|they) )?(?:{SILENT.pattern}|[\"“]No comment)")


_MENTION = re.compile(
    r"\b(rumou?rs|reports|allegations|accusations|claims) of ((?:[^,.;:!?—\"“”\n]|\.(?=\w)|(?<=\.[A-Z])\.){8,})"
)


def told(one: Attribution, mention: str, kind: str) -> bool:
    """Whether the cue tells of an act: of saying, demanding, promising, or of what a published paper shows."""
    if one.pattern in ("hearsay", "according to", "headline") or (
        one.pattern == "infinitive" and one.word.sense != "says"
    ):
        return False
    demanded = one.word.cue_class == "directive" and one.word.lemma != "want"
    said = one.word.lemma in ("indicate", "reveal") and kind in ("named", "institution")
    shown = one.word.sense == "shows" and (said or bool(_PAPER.search(mention)))
    return one.word.sense in ("says", "asks", "judges") or one.word.lemma in _RECKONED or demanded or shown


def silent(one: Attribution, text: str) -> bool:
    """Whether somebody is silent by this cue, or says so of herself; that others are silent is a content."""
    return one.pattern == "silence" or bool(
        SILENT.match(text, one.cue[0][0]) or _OF_ITSELF.match(text, one.content[0][0])
    )


def silences(reading: Reading) -> Iterator[Attribution]:
    """The silences that no rule for a cue has found, each with whoever is silent as its source."""
    tokens, text = reading.tokens, reading.tokens.text
    taken = [span for one in reading.attributions for span in (*one.cue, *one.content)]
    (cue,) = [cue for cue in lexicon().verbs["declined"] if not cue.more]
    neither = _NEITHER.finditer(text) if "either" in text else ()
    for start, end in [m.span(1) for found in (_MISSED.finditer(text), neither) for m in found]:
        if any(a < end and start < b for a, b in taken):
            continue
        at = bisect_left(tokens.starts, start)
        low = max((first for first, _ in tokens.sentences if first <= at), default=at)
        subject = subject_before(tokens, at, low)
        if subject and tokens.lows[at - 1] not in ("who", "which", "that") and tokens.quoted[at] < 0:
            yield Attribution((tokens.span(*subject),), ((start, end),), ((start, end),), cue, "silence")


def mentions(text: str) -> Iterator[Attribution]:
    """“Rumours of P”, “reports of P”: they mention P, and nobody vouches for it (ruling b)."""
    for match in _MENTION.finditer(text) if "s of " in text else ():
        word = lexicon().nouns["rumor" if match.group(1).startswith("rumo") else "report"]
        yield Attribution((), (match.span(1),), (match.span(2),), word, "hearsay")


def held_back(one: Attribution, text: str) -> tuple[int, Range] | None:
    """Where the act ends, and what somebody will not tell by this cue, without “whether”; None where it is told.

    Would not confirm that P; neither council will say whether P; declined to say how P. Empty where no clause follows:
    will not confirm the name.
    """
    cue, (start, end) = one.cue[0], (one.content[0][0], one.content[-1][1])
    if one.word.lemma in ("decline", "refuse"):
        match = _TOLD.match(text, start, end)
        start = match.end() + 1 if match else end
    elif one.word.lemma in _HELD:
        before = text[one.source[0][1] : cue[0]] if one.source and one.source[0][1] <= cue[0] else ""
        nobody = one.source and _NOBODY.match(text, one.source[0][0])
        match = nobody or _WITHHELD.search(before + text[slice(*cue)])
    else:
        match = None
    if not match:
        return None
    asked = _ASKED.match(text, start, end)
    return (start, (asked.end(), end)) if asked else (end, (end, end))


class Proposal(NamedTuple):
    """A proposed status with the ruling that led to it, the type of the content, and how sure the rule is."""

    status: str
    why: str
    content_type: str
    sure: str
    also: tuple[str, ...] = ()


def _any(name: str) -> str:
    return f"(?:{'|'.join(table('statuses.toml')[name])})"


class _Words:
    """A list of `statuses.toml` as one expression. It is tried where a word begins, not at every letter.

    `search(words)` is the first of the list, with the sign before it; the group `judged` is without.
    """

    def __init__(self, name: str) -> None:
        find = re.compile(rf"{BETWEEN}(?P<judged>{_any(name).replace('^', '(?<=^.)')})\b").search
        self.search = lru_cache(maxsize=1)(lambda words: find(f" {words}"))  # several questions ask the same


_OPEN = _Words("open")
_ASIDE = re.compile(
    r"(?<=\w),? (?:that|which) (?:is|are|was|were|remains?) (?:still )?"
    r"(?:unclear|unknown|not (?:yet )?(?:clear|known))\b"
)
"""“For reasons that are unclear”: what is open there is not the claim."""
_UNPROVED = _Words("unproved")
_UNTRUE = _Words("untrue")
_HELPED = (
    r"(?:(?:has|have|had|also|later|then|again|first|already|\w+ly) |"
    r"(?:is|are|was|were|been) (?=(?:also )?\w+ing\b))*"
)
_GIVEN = (
    rf"{_any('give')}\w* (?:(?!(?:after|at|by|during|from|in|on|over|pending|under)\b)[\w’-]+ ){{0,5}}{_any('given')}s?"
)
_PASSIVE = rf"(?:is|are|was|were|been)(?: \w+ly| also| first)? {_any('made_public')}"
PUBLIC = re.compile(rf"{_HELPED}(?:{_any('public')}|{_GIVEN}|{_PASSIVE})\b", re.IGNORECASE)
"""What is done in public, from the first verb of a clause on."""
_NO = _Words("no")
_ANSWER = _Words("answer")
REPROACH = _Words("reproach")
_ADVICE = _Words("advice")
_BARE_NO = re.compile(
    r"^(?:nobody|no one|nothing|none)\b.* (?:us|me|him|her|them)\b|"
    r"^(?!(?:this|that|it|there|s?he|they)\b)\w+ is(?: not|n['’]t) an? \w+$|^(?:i|we) (?:think|believe|guess)\b",
)
"""A no that is a complaint or a comment sooner than an answer: nobody told us, silence is not an answer."""
_CHARGE = re.compile(
    r"^(?:[\w'’-]+ ){0,4}(?:claims?|assertions?|accusations?|allegations?|charges?|suggestions?|reports|rumou?rs?)\b",
)
_DEMAND = _Words("demand")
_JUDGED = _Words("judged")
_GRADES = (
    "scandal|disgrace|great|best|worst|better|worse|good|bad|wrong|right|unfair|fair|dangerous|serious|concerning|worrying|alarming|"
    "important|welcome|brave|gift|joke|disaster|tragedy|crisis|afraid|proud|sorry|hopeful|enough|failure|success|strong|"
    "weak|simple|hard|easy|lie|liar|priority|risk|threat|danger|hazard|wise|smart|beautiful|ugly"
)
_EARLY, _MANY = 20, 24
"""In a content of so many words only what stands so early, in letters, judges the whole."""
_GRADED = re.compile(rf" (?:{_GRADES}|poor)\b")
_CALLED = re.compile(
    r"(?:\b(?:(?:is|are|was|were)(?:n['’]t)?|be|been|am|seems?|looks?|remains?|became|becomes?|feels?)|['’](?:s|re|m))"
    r"(?: (?:not|never|an?|the|our|his|her|its|their|one of the|no|so|very|too|quite|more|most|just|also|\w+ly))*"
    rf" (?P<judged>{_GRADES})\b(?!-)|\bin (?P<shape>good|bad|poor|great)\b",
)
"""Words that judge where something is said to be so, and not in “a bad foul” or “better ball possession”."""
_FELT = _Words("felt")
_IF = re.compile(
    r"^(?:if|unless|without|should)\b|\b(?:if|unless)\b.*\b(?:will|would|could|might|may)\b|"
    r"\b(?:will|would|could|might|may|likely)\b(?! not\b).*\b(?:if|unless)\b",
)
_WHETHER = re.compile(
    r"\b(learn|know|see|ask(?:ed|s|ing)?|decide|say|tell|told|wonder|find out|unclear|sure|certain) if\b"
)
"""A question, and no condition: to learn if they will be charged."""
_CAPITAL = re.compile(r"(?<=\w )(?:May|Hope|Will)\b")
"""A month, or a name."""
_HOW = re.compile(r"(?:how|why|who|what|when|where|which)\b(?!.*\?)")
_WITHHELD = re.compile(r"\b(?:not|never|neither|nor|refus\w+|declin\w+|\w+n['’]t)\b", re.IGNORECASE)
_NOBODY = re.compile(r"(?:neither|nobody|no one|none)\b", re.IGNORECASE)
_HELD = ("confirm", "say", "deny", "reveal", "disclose", "verify", "explain")
_ASKED = re.compile(
    r"(?:about |on )?(?:(?:whether|if|that|how(?! (?:many|much|long|far|old)\b)|why|who|when|where|which) |(?=what ))",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"to (?:say|confirm|deny|reveal|disclose|tell|explain|name|identify|discuss|answer|release)\b|"
    r"to (?:give|provide|offer) (?:any |more |further )*details"
)
_TOLD_ON = re.compile(r"(?:i|we|s?he|it|they|you|this|that|these|those|there)\b")
_FACT = re.compile(r"(?!.*\b(?:will|would|can|could|may|might|should|must|if)\b).*\b(?:is|are|was|were|has|have|had)\b")
"""A warning of what is so already: warned that the ice was thin."""
_TOLD_AS_SO = re.compile(r"^(?!an? ).* (?:was|were|had|came|\w+ed)\b")
"""A theory, and no request: they proposed that the birds came first."""
_FACTUAL = frozenset("accuse blame suspect attribute credit describe identify depict portray characterise".split())
"""These judge, and yet what they say may be so or not."""
_FORECAST = _Words("forecast")
_HARM = _Words("harm")
_PLAN = _Words("plan")
_SHOWN = _Words("shown")
_UNSHOWN = _Words("unshown")
_EVENT = re.compile(
    rf"{BETWEEN}(?:was|were|had|went|came|left|took|sent|sold|fell|rose|found|met|made|gave|said|\w+ed)\b"
)


DONE = Proposal(
    "confirmed",
    "Something done in public, which the reporter puts on record. Could you go and ask whoever did it?",
    "speech",
    "guess",
    ("asserted",),
)
"""The author tells an act, and no word of it is attributed."""


def of_act(kind: str, narrated: bool) -> Proposal:
    """An act is confirmed by the reporter; how sure, by whether one could go and ask the speaker (`kind`)."""
    if kind in ("named", "institution", "agency"):
        who = {"named": "A named person", "agency": "A news outlet", "institution": "An office or a body"}[kind]
        return Proposal("confirmed", f"{who} spoke, and the reporter puts it on record.", "speech", "sure")
    if kind == "none":
        return Proposal("asserted", "It was said, and nobody is named whom one could ask.", "speech", "likely")
    why = "Somebody in an office spoke; the reporter puts it on record. Could you go and ask them?"
    sure = "likely" if kind == "role" else "guess"
    return Proposal("confirmed", why, "speech", sure, ("asserted",) * narrated)


def of_content(
    words: str, cue: Cue | None, *, source: bool, hearsay: bool = False, held: bool = False, blamed: bool = True
) -> Proposal:
    """The status of content `words`, tied by `cue` to a source (if there is one), or the author's own.

    A plain no denies only where somebody is `blamed` in the text.
    What is `held` back by its source is left open (m); what she would not say how or who, the author tells (f).
    """
    words = _ASIDE.sub("", words) if "clear" in words or "known" in words else words
    words = _CAPITAL.sub("", words)
    words = (_WHETHER.sub(r"\1 whether", words) if " if" in words else words).lower()
    sense = cue.sense if cue else ""
    if held and source:
        return Proposal("unconfirmed", "Its source will not say whether it is so: it is left open.", "event", "likely")
    if held:
        return Proposal(
            "asserted", "The author tells it: the source would not say more.", "event", "guess", ("alleged",)
        )
    about = words, cue, sense, source or hearsay
    if proposal := _stance(*about) or _denied(*about, blamed=blamed) or _evidenced(*about):
        return proposal
    kind = "plan" if _PLAN.search(words) else _kind(words)
    if hearsay:
        return Proposal("alleged", "It is passed on, and nobody is named who vouches for it.", kind, "sure")
    if source:
        return _alleged(words, cue, kind)
    return Proposal("asserted", "No source is named: the author says it.", kind, "likely")


def _kind(words: str) -> str:
    return "event" if _EVENT.search(f" {words}") else "state"


def _alleged(words: str, cue: Cue | None, kind: str) -> Proposal:
    why = "It rests on the word of its source alone."
    if cue and cue.lemma in ("confirm", "acknowledge") and cue.sense == "says":
        why += " If it goes against the source's own interest, it is an admission: then it is confirmed."
        return Proposal("alleged", why, kind, "guess", ("confirmed",))
    if _BARE_NO.search(words):
        why += " It says no; if it answers what somebody else had said, it is denied."
        return Proposal("alleged", why, kind, "guess", ("denied",))
    return Proposal("alleged", why, kind, "likely")


def of_own(words: str, told: str) -> Proposal:
    """What the author tells without a source: a public act, or a content of the author's own.

    `told` is what stands from the first verb of the main clause on.
    """
    if PUBLIC.match(told):
        return DONE
    return of_content(words, None, source=False)


def _stance(words: str, cue: Cue | None, sense: str, source: bool) -> Proposal | None:
    cue_class = cue.cue_class if cue else ""
    if sense == "asks" and cue_class != "directive" and _HOW.match(words):
        return None  # what a reported question holds is the asker's (f)
    if sense == "asks" and cue_class != "directive" and _TOLD_ON.match(words) and not words.endswith("?"):
        sense = "says"  # “Why leave? We like it here,” she asked
    if source and (words.endswith("?") or (sense == "asks" and cue_class != "directive")):
        return Proposal("stance", "A question: it asks, and says nothing is so.", "demand", "likely", ("alleged",))
    told = cue is not None and cue.lemma == "propose" and " be " not in words and _TOLD_AS_SO.search(words)
    if (cue_class == "directive" or sense == "asks") and not told and not words.endswith("innocence"):
        return Proposal("stance", "A demand or a request: it can be met or refused, not proved.", "demand", "sure")
    if cue and cue.lemma in ("hope", "want", "wish", "fear", "worry", "prefer"):
        return Proposal("stance", "A wish or a fear: no evidence could settle it now.", "judgement", "likely")
    if (_OPEN.search(words) or _UNTRUE.search(words)) and cue_class != "warning":
        return None
    if ("if" in words or "unless" in words or words.startswith(("without", "should"))) and _IF.search(words):
        return Proposal(
            "stance", "An if-then about what is to come: nothing today could settle it.", "conditional", "likely"
        )
    if (cue_class == "warning" and not _FACT.match(words)) or (
        source and _FORECAST.search(words) and _HARM.search(words)
    ):
        return Proposal("stance", "A warning of harm to come: nothing today could settle it.", "judgement", "likely")
    if _ADVICE.search(words) or (source and _DEMAND.search(words)):
        return Proposal("stance", "It says what should be, not what is.", "demand", "likely")
    if cue and cue.lemma in ("dismiss", "reject") and _CHARGE.search(words):
        return None
    if sense == "judges" and cue and cue.lemma not in _FACTUAL:
        also = ("denied",) if cue.lemma in ("dismiss", "reject", "call") else ()
        return Proposal("stance", "A judgement of something, not a claim that it is so.", "judgement", "likely", also)
    if cue_class in ("reportative", "distancing"):
        return None
    called = _GRADED.search(words) and _CALLED.search(words)
    # The author counts “a strong swimmer” among swimmers; whoever says so judges.
    counted = called and not source and re.search(r" an? ", called.group()) and words[called.end() :][1:2].isalpha()
    found = _JUDGED.search(words) or (None if counted else called) or (source and _FELT.search(words))
    if found and (found.start() < _EARLY or words.count(" ") < _MANY):
        why = f"“{found.groupdict().get('judged') or found.group()}” is a judgement: no evidence could settle it."
        return Proposal("stance", why, "judgement", "guess", ("alleged",) if source else ("asserted",))
    return None


def _denied(words: str, cue: Cue | None, sense: str, source: bool, *, blamed: bool) -> Proposal | None:
    if (cue and cue.lemma in ("deny", "dispute", "refute", "rebut")) or (source and _UNTRUE.search(words)):
        return Proposal("denied", "Its source says that it is not so.", _kind(words), "sure")
    if cue and cue.lemma in ("dismiss", "reject") and _CHARGE.search(words):
        return Proposal("denied", "Its source turns down what others claim.", _kind(words), "likely", ("stance",))
    if not source or sense != "says" or (cue and cue.lemma in ("complain", "lament", "regret")):
        return None
    no = _NO.search(words) or (blamed and _ANSWER.search(words))
    if no and not any(asked.search(words) for asked in (_BARE_NO, SILENT, _OPEN, _PLAN)):
        why = "The sentence says no, and its source stands behind the no."
        return Proposal("denied", why, _kind(words), "guess", ("alleged",))
    return None


def _evidenced(words: str, cue: Cue | None, sense: str, source: bool) -> Proposal | None:
    """Unconfirmed or confirmed: the text says how it stands with the evidence."""
    if not source and _UNPROVED.search(words):
        why = "It says that there is no proof yet: the claim is how it stands (k)."
        return Proposal("unconfirmed", why, "evidence", "likely", ("asserted",))
    if source and _OPEN.search(words):
        return Proposal("unconfirmed", "Its source says that it is open: that is not a no.", "evidence", "sure")
    if cue and cue.lemma in ("admit", "concede", "confess to") and source:
        why = "The source admits it. Check that it is against the source's own interest; if it is not, it is alleged."
        return Proposal("confirmed", why, "event", "guess", ("alleged",))
    if not source and _SHOWN.search(words) and not _UNSHOWN.search(words):
        why = "The text points at evidence. Check that it gives it."
        return Proposal("confirmed", why, "evidence", "guess", ("asserted",))
    return None


_INSIDE = re.compile(
    rf"{BETWEEN}(reportedly|allegedly|apparently|purportedly|supposedly|seemingly|ostensibly|perhaps|possibly|probably|"
    r"presumably|likely|unlikely|might|may(?= \w)|could|potential(?:ly)?|alleged|suspected|rumou?red|"
    r"seems? to|appears? to|seemed to|appeared to|rumou?rs of|reports of|is said to|are said to|is believed to|"
    r"are believed to|is thought to|are thought to)\b"
)
_OPENING = re.compile(
    r"(?:it (?:seems|appears|seemed|appeared)(?: likely| possible)?|apparently,?|perhaps,?) (?:that )?", re.I
)
_RIGHT_BEFORE = re.compile(r"\b(rumou?rs|reports|reportedly|allegedly|apparently)(?: of| that|,)?\s*$")
_PAST = re.compile(r"\b(?:no|not|n't|n’t) $")


def opening(sentence: str) -> tuple[str, int]:
    """“It seems” at the start of a sentence, and where what depends on it begins; ("", 0) without one."""
    match = _OPENING.match(sentence)
    return (match.group().removesuffix("that ").strip(" ,"), match.end()) if match else ("", 0)


def hedge_for(quote: str, sentence: str, start: int) -> str:
    """The hedge that reaches `quote`, which begins at `start` in its `sentence`; "" without one.

    A hedge reaches the clauses that depend on its own and no further: so it stands in the quote itself, or it
    opens the sentence ("It seems that …"), or it stands right before the quote ("rumors of …").
    """
    found = _INSIDE.search(f" {quote}")
    if found and not _PAST.search(quote[: found.start()]):
        return found.group(1)
    words, end = opening(sentence)
    if words and start <= end:
        return words
    before = sentence[max(0, start - 24) : start]
    near = _RIGHT_BEFORE.search(before)
    return near.group(1) if near else ""
