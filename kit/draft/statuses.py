"""The proposed status of a claim: the guide's ordered questions, asked of its words. The first yes wins.

Silences that a reporter puts on record (declined to comment, did not respond) are acts without a content.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from kit.draft.clauses import subject_before
from kit.draft.rules_in_order import Attribution, Reading
from kit.draft.words import Cue, lexicon

__all__ = ["SILENT", "Proposal", "hedge_for", "of_act", "of_content", "of_own", "opening", "silences", "silent"]


_NOT = r"(?:did not|didn['’]t|has not|have not|had not|hasn['’]t|haven['’]t)(?: \w+ly| yet)?"
_MISSED = re.compile(
    rf"\b(?:{_NOT} (?:want to )?(?:comment|respond(?:ed)?|repl(?:y|ied)|answer(?:ed)? (?:questions|calls|requests))|"
    rf"{_NOT} return(?:ed)? (?:calls|messages|requests|e-?mails)|"
    r"could not (?:\w+ly )?be reached (?:for comment|by (?:tele)?phone)|(?:could|would) not comment|"
    r"(?:had|gave|offered) no comment)\b"
)
SILENT = re.compile(rf"declined? (?:to )?comment|refused to comment|no comment|{_MISSED.pattern}")

_OF_ITSELF = re.compile(rf"(?:that )?(?:(?:it|he|she|they) )?(?:{SILENT.pattern}|[\"“]No comment)")


def silent(one: Attribution, text: str) -> bool:
    """Whether somebody is silent by this cue, or says so of herself; that others are silent is a content."""
    return bool(SILENT.match(text, one.cue[0][0]) or _OF_ITSELF.match(text, one.content[0][0]))


def silences(reading: Reading) -> Iterator[Attribution]:
    """The silences that no rule for a cue has found, each with whoever is silent as its source."""
    tokens, text = reading.tokens, reading.tokens.text
    taken = [span for one in reading.attributions for span in (*one.cue, *one.content)]
    (cue,) = [cue for cue in lexicon().verbs["declined"] if not cue.more]
    for match in _MISSED.finditer(text):
        if any(a < match.end() and match.start() < b for a, b in taken):
            continue
        at = bisect_left(tokens.starts, match.start())
        low = max((first for first, _ in tokens.sentences if first <= at), default=at)
        subject = subject_before(tokens, at, low)
        if subject and tokens.lows[at - 1] not in ("who", "which", "that") and tokens.quoted[at] < 0:
            yield Attribution((tokens.span(*subject),), (match.span(),), (match.span(),), cue, "infinitive")


@dataclass(frozen=True)
class Proposal:
    """A proposed status with the ruling that led to it, the type of the content, and how sure the rule is."""

    status: str
    why: str
    content_type: str
    sure: str
    also: tuple[str, ...] = ()


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_OPEN = _words(
    r"no (?:\w+ ){0,2}(?:evidence|proof|sign|signs|indication|confirmation|information|record)|(?:could|can|cannot|"
    r"can't|couldn't|would|did|does|do)(?: not|n't|n’t)? (?:be )?(?:independently )?(?:confirm|verify|verified|"
    r"confirmed|say whether|rule out)|(?:not|un)(?: yet)? ?(?:clear|known|proven|confirmed)|too early to (?:say|tell)|"
    r"(?:do|does|did) not know|(?:don|doesn|didn)['’]t know|"
    r"(?:un|(?:not|never|\w+n['’]t)(?: yet)?(?: been)? )able to (?:\w+ly )?(?:confirm|verify|say|establish)"
)
_ASIDE = re.compile(
    r"(?<=\w),? (?:that|which) (?:is|are|was|were|remains?) (?:still )?"
    r"(?:unclear|unknown|not (?:yet )?(?:clear|known))\b"
)
"""“For reasons that are unclear”: what is open there is not the claim."""
_UNTRUE = _words(r"not true|untrue|not so|not the case|(?:is|was) (?:wrong|false) that|(?:is|was|are|were) false")
_PUBLIC = _words(
    r"withdrew|retracted|corrected|apologi[sz]ed|resigned|testified|signed|announced|met with|held a (?:press|news)|"
    r"voted|urging|urged|thanked|sued|appealed|released a statement|issued a"
)
_NO = _words(
    r"never|at no time|in no way|nobody|no one|none of|nothing|no \w+ (?:\w+ )?(?:was|were|is|are|has|have|had)|"
    r"(?:did|does|do|was|were|is|are|has|have|had) not|(?:did|does|do|was|were|is|are|has|have|had)n['’]t|"
    r"turned nobody|without any"
)
_BARE_NO = re.compile(
    r"^(?:nobody|no one|nothing|none)\b.* (?:us|me)\b|"
    r"^(?!(?:this|that|it|there|s?he|they)\b)\w+ is(?: not|n['’]t) an? \w+$",
    re.IGNORECASE,
)
"""A no that is a complaint or a comment sooner than an answer: nobody told us, silence is not an answer."""
_CHARGE = re.compile(
    r"^(?:\w+ ){0,2}(?:claims?|accusations?|allegations?|charges?|suggestions?|rumou?rs?)\b", re.IGNORECASE
)
_DEMAND = _words(
    r"must|should|ought to|need to|needs to|have to|has to|let us|we request|we demand|we urge|we call on|please"
)
_JUDGED = _words(
    r"disgrace\w*|scandal\w*|shame\w*|unacceptable|outrageous|terrible|wonderful|great|best|worst|better|worse|good|bad|"
    r"wrong|right|unfair|fair|dangerous|serious|concerning|worrying|alarming|important|welcome|brave|reckless|"
    r"irresponsible|absurd|ridiculous|nonsense|gift|joke|disaster|catastrophe|tragedy|crisis|hope(?:s|ful)?|fear|afraid|"
    r"proud|sorry|regret\w*|condemn\w*|deplore\w*|no future|too (?:much|many|little|late|slow|far)|enough|failure|"
    r"success|strong|weak|simple|hard|easy|unlawful|theater|lie|liar|insult\w*|misunderstanding|priority|"
    r"risk|threat|danger|hazard|matters|deserves?|wise|foolish|careless|smart|beautiful|ugly"
)
_IF = re.compile(
    r"^(?:if|unless|without|should)\b|\b(?:if|unless)\b.*\b(?:will|would|could|might|may)\b", re.IGNORECASE
)
_FORECAST = _words(r"could|might|may|would")
_HARM = _words(
    r"risk|threat|danger|war|collapse|harm|hurt|die|dead|lose|loss|disaster|crisis|chaos|heighten\w*|escalat\w*"
)
_PLAN = _words(
    r"will|won't|plans?|intends?|going to|is to|are to|shall|scheduled|expected to|by 20\d\d|next (?:week|month|year)"
)
_BOTH = _words(r"both (?:\w+ )?(?:found|saw|heard|measured|confirmed)")
_SHOWN = _words(r"notice board|we photographed|seen by|which we saw|published|printed|posted online|the documents show")
_UNSHOWN = _words(r"(?:not|never|yet to|\w+n['’]t)(?: \w+){0,3} (?:published|printed|posted|seen)")
_EVENT = re.compile(r"\b\w+ed\b|\b(?:was|were|had|went|came|left|took|sent|sold|fell|rose|found|met|made|gave|said)\b")


def of_act(kind: str, narrated: bool) -> Proposal:
    """An act is confirmed by the reporter; how sure, by whether one could go and ask the speaker (`kind`)."""
    if kind in ("named", "institution", "agency"):
        who = {"named": "A named person", "agency": "A news outlet", "institution": "An office or a body"}[kind]
        return Proposal("confirmed", f"{who} spoke, and the reporter puts it on record.", "speech", "sure")
    why = "Somebody in an office spoke; the reporter puts it on record. Could you go and ask them?"
    sure = "likely" if kind == "role" else "guess"
    return Proposal("confirmed", why, "speech", sure, ("asserted",) * narrated)


def of_content(words: str, cue: Cue | None, *, source: bool, hearsay: bool = False) -> Proposal:
    """The status of content `words`, tied by `cue` to a source (if there is one), or the author's own."""
    words = _ASIDE.sub("", words)
    sense = cue.sense if cue else ""
    for asked in (_stance, _denied, _evidenced):
        proposal = asked(words, cue, sense, source or hearsay)
        if proposal:
            return proposal
    kind = "plan" if _PLAN.search(words) else "event" if _EVENT.search(words) else "state"
    if hearsay:
        return Proposal("alleged", "It is passed on, and nobody is named who vouches for it.", kind, "sure")
    if source:
        return _alleged(words, cue, kind)
    return Proposal("asserted", "No source is named: the author says it.", kind, "likely")


def _alleged(words: str, cue: Cue | None, kind: str) -> Proposal:
    why = "It rests on the word of its source alone."
    if cue and cue.lemma in ("confirm", "acknowledge") and cue.sense == "says":
        why += " If it goes against the source's own interest, it is an admission: then it is confirmed."
        return Proposal("alleged", why, kind, "guess", ("confirmed",))
    if _BARE_NO.search(words):
        why += " It says no; if it answers what somebody else had said, it is denied."
        return Proposal("alleged", why, kind, "guess", ("denied",))
    return Proposal("alleged", why, kind, "likely")


def of_own(words: str) -> Proposal:
    """What the author tells without a source: a public act, or a content of the author's own."""
    if _PUBLIC.search(words):
        why = "Something done in public, which the reporter puts on record. Could you go and ask whoever did it?"
        return Proposal("confirmed", why, "speech", "guess", ("asserted",))
    return of_content(words, None, source=False)


def _stance(words: str, cue: Cue | None, sense: str, source: bool) -> Proposal | None:
    cue_class = cue.cue_class if cue else ""
    if cue_class == "directive" or sense == "asks":
        return Proposal("stance", "A demand or a request: it can be met or refused, not proved.", "demand", "sure")
    if cue and cue.lemma in ("hope", "want", "wish", "fear", "worry", "prefer"):
        return Proposal("stance", "A wish or a fear: no evidence could settle it now.", "judgement", "likely")
    if (_OPEN.search(words) or _UNTRUE.search(words)) and cue_class != "warning":
        return None
    if _IF.search(words):
        return Proposal(
            "stance", "An if-then about what is to come: nothing today could settle it.", "conditional", "likely"
        )
    if cue_class == "warning" or (source and _FORECAST.search(words) and _HARM.search(words)):
        return Proposal("stance", "A warning of harm to come: nothing today could settle it.", "judgement", "likely")
    if source and _DEMAND.search(words):
        return Proposal("stance", "It says what should be, not what is.", "demand", "likely")
    if cue and cue.lemma in ("dismiss", "reject") and _CHARGE.search(words):
        return None
    if sense == "judges" and cue and cue.lemma not in ("accuse", "blame", "suspect", "attribute", "credit"):
        also = ("denied",) if cue.lemma in ("dismiss", "reject", "call") else ()
        return Proposal("stance", "A judgement of something, not a claim that it is so.", "judgement", "likely", also)
    found = _JUDGED.search(words)
    if found and len(words.split()) < 25 and (cue is None or cue_class not in ("reportative", "distancing")):
        why = f"“{found.group()}” is a judgement: no evidence could settle it."
        return Proposal("stance", why, "judgement", "guess", ("alleged",) if source else ("asserted",))
    return None


def _denied(words: str, cue: Cue | None, sense: str, source: bool) -> Proposal | None:
    kind = "event" if _EVENT.search(words) else "state"
    if (cue and cue.lemma in ("deny", "dispute", "refute", "rebut")) or (source and _UNTRUE.search(words)):
        return Proposal("denied", "Its source says that it is not so.", kind, "sure")
    if cue and cue.lemma in ("dismiss", "reject") and _CHARGE.search(words):
        return Proposal("denied", "Its source turns down what others claim.", kind, "likely", ("stance",))
    if _BARE_NO.search(words) or SILENT.search(words):
        return None
    if source and sense == "says" and _NO.search(words) and not _OPEN.search(words) and not _PLAN.search(words):
        return Proposal(
            "denied", "The sentence says no, and its source stands behind the no.", kind, "guess", ("alleged",)
        )
    return None


def _evidenced(words: str, cue: Cue | None, sense: str, source: bool) -> Proposal | None:
    """Unconfirmed or confirmed: the text says how it stands with the evidence."""
    if source and _OPEN.search(words):
        return Proposal("unconfirmed", "Its source says that it is open: that is not a no.", "evidence", "sure")
    if cue and cue.lemma in ("admit", "concede") and source:
        why = "The source admits it. Check that it is against the source's own interest; if it is not, it is alleged."
        return Proposal("confirmed", why, "event", "guess", ("alleged",))
    if _BOTH.search(words) or (not source and _SHOWN.search(words) and not _UNSHOWN.search(words)):
        why = "The text points at evidence or at two sources. Check that it gives it, and that they are separate."
        return Proposal("confirmed", why, "evidence", "guess", ("asserted",))
    return None


_INSIDE = re.compile(
    r"\b(reportedly|allegedly|apparently|purportedly|supposedly|seemingly|ostensibly|perhaps|possibly|probably|"
    r"presumably|likely|unlikely|might|may(?= \w)|could|potential(?:ly)?|alleged|suspected|rumou?red|"
    r"seems? to|appears? to|seemed to|appeared to|rumou?rs of|reports of|is said to|are said to|is believed to|"
    r"are believed to|is thought to|are thought to)\b"
)
_OPENING = re.compile(
    r"(?:it (?:seems|appears|seemed|appeared)(?: likely| possible)?|apparently,?|perhaps,?) (?:that )?", re.I
)
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
    found = _INSIDE.search(quote)
    if found and not _PAST.search(quote[: found.start()]):
        return found.group()
    words, end = opening(sentence)
    if words and start <= end:
        return words
    before = sentence[max(0, start - 24) : start]
    near = re.search(r"\b(rumou?rs|reports|reportedly|allegedly|apparently)(?: of| that|,)?\s*$", before)
    return near.group(1) if near else ""
