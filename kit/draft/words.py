"""Words: closed classes of English, all the grammar that the rules have, and the cues of `cues.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = [
    "ABBREVIATIONS",
    "ADVERBS",
    "BE",
    "CLAUSE_OPENERS",
    "CONJUNCTIONS",
    "DETERMINERS",
    "DO",
    "HAVE",
    "HONORIFICS",
    "LINKS",
    "MODALS",
    "MONTHS",
    "OPENERS",
    "PASTS",
    "POSSESSIVES",
    "PREPOSITIONS",
    "PRESENTS",
    "PRONOUNS",
    "RELATIVES",
    "ROLES",
    "SAID",
    "TEMPORAL",
    "TEMPORAL_LEADS",
    "TITLES",
    "WH",
    "Cue",
    "Lexicon",
    "Subjects",
    "lexicon",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


BE = _set("am is are was were be been being 's 're isn't aren't wasn't weren't ain't")
HAVE = _set("has have had having 've hasn't haven't hadn't")
DO = _set("does do did doesn't don't didn't")
MODALS = _set(
    "will would can could may might must shall should won't wouldn't can't cannot couldn't mustn't shouldn't "
    "'ll 'd needn't mightn't"
)
DETERMINERS = _set(
    "one the a an this these those each every some any no another several many most few both all either neither "
    "such half more fewer less"
)
POSSESSIVES = _set("his her its their my our your whose 's ’s")
PRONOUNS = _set(
    "he she it they we i you who others everyone everybody someone somebody nobody none anyone anybody "
    "him them me us himself herself itself themselves there something nothing everything anything"
)
WH = _set("what how why where when whether if which who whom whose whatever whoever")
RELATIVES = _set("who which whom whose where that")
CONJUNCTIONS = _set("and or but nor yet &")
CLAUSE_OPENERS = _set(
    "because although though while whereas if when unless until since whenever as lest than once wherever so "
    "whether before after but yet nor even except"
)
PREPOSITIONS = _set(
    "of in on at for from with by to about against between among into over under through during after before "
    "near around within without across behind beyond toward towards upon via amid despite since until per outside "
    "inside along off onto above below than like including regarding concerning besides following throughout "
    "versus vs. except alongside"
)
LINKS = _set("of for at from with in on by to near against among between within about over under into around inside")
"""Prepositions that may join the parts of one noun phrase: a spokesman for the ministry."""
ADVERBS = _set(
    "also again already always even ever far further however indeed instead later long meanwhile moreover never "
    "nonetheless nevertheless not now often once only perhaps quite rather recently sometimes soon still then "
    "therefore though thus today together tomorrow too usually very yesterday yet earlier just first finally "
    "almost much once twice likewise otherwise besides here abruptly privately n't no longer"
)
OPENERS = _set(
    "however meanwhile still yet also then now today yesterday instead later earlier recently thus so moreover "
    "indeed separately nevertheless nonetheless furthermore additionally and but or plus besides finally"
)
"""Words that open a sentence and belong neither to a source nor to a content."""
MONTHS = _set(
    "january february march april june july august september october november december jan. feb. aug. sept. oct. nov. "
    "dec. jan feb aug sept oct nov dec"
)
TEMPORAL = MONTHS | _set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight tomorrow "
    "week month year morning afternoon evening night weekend quarter day spring summer autumn fall winter "
    "overnight decade weeks months years days ago earlier later recently again repeatedly publicly privately"
)
TEMPORAL_LEADS = _set("on in for last this next early late earlier later that the over during until by since a few two")
ROLES = _set(
    "spokesman spokeswoman spokesperson president chairman chairwoman chief director minister secretary senator "
    "governor mayor professor analyst economist lawyer attorney officer manager head leader member partner founder "
    "owner editor author reporter official adviser advisor aide ambassador envoy counsel strategist consultant "
    "executive vice-president vice deputy former senior candidate judge justice general lieutenant captain colonel "
    "sergeant doctor historian engineer expert pollster researcher scientist teacher trader broker investor "
    "co-founder co-chairman congressman congresswoman representative commissioner co-author prosecutor veteran "
    "managing executive assistant associate treasurer principal ceo cfo pm boss father mother brother sister wife "
    "husband"
)
PASTS = _set(
    "said told made took went came gave saw knew thought left began felt kept held brought became found got led "
    "lost met paid ran sent sold stood won wrote rose fell grew broke chose drew drove fought flew spoke spent "
    "built bought stole swore taught threw understood withdrew sank sought shot shook rode rang hid forgot "
    "froze forbade ate dug bent bore meant heard cried "
    "showed sat slept slid struck stuck swept swung tore woke leapt overcame says thinks "
    "wants knows believes has goes comes takes makes gives gets needs seems appears means remains faces"
)
"""Past forms that do not end in -ed, and present forms that are hardly ever nouns: the mark of a full clause."""
PRESENTS = _set(
    "hurt hit cut put set beat cost let spread quit shut "
    "agree agrees believe think say says know want need come go make take give get seem appear mean remain face "
    "deserve look looks feel feels work works expect expects support supports oppose opposes run runs keep "
    "keeps show shows suggest suggests require requires include includes understand understands like likes "
    "depend depends live lives "
    "lack lacks pay pays begin begins become becomes continue continues exist exists fall falls rise rises grow grows "
    "help helps matter matters belong belongs sound sounds happen happens lie lies stand stands hold holds "
    "provide provides prefer prefers own owns lose loses earn earns eat eats die dies receive receives create creates "
    "reduce reduces contain contains affect affects occur occurs differ differs reflect reflects carry carries "
    "send sends avoid avoids prevent prevents protect protects save saves serve serves tend tends enjoy enjoys "
    "suffer suffers spend spends buy buys sell sells develop develops "
    "allow allows deny denies violate violates justify justifies threaten threatens ignore ignores"
)
"""Present forms, some of them also nouns; after a noun they are taken for verbs where a clause is looked for."""
SAID = _set(
    "said says asked asks told tells wrote added replied responded shouted yelled joked tweeted continued wondered"
)
"""What ends a sentence that began with a quotation: “Why?” the mayor asked."""
TITLES = _set(
    "mr mrs ms messrs dr sen sens rep reps gov govs lt col gen sgt capt prof rev hon adm cmdr maj atty cllr cllrs coun"
)
"""Short forms that stand before a name: no sentence ends with them."""
HONORIFICS = TITLES | _set("miss sir lady lord dame madam master mx")
"""All that stands before a name and belongs to it."""
ABBREVIATIONS = _set(
    "mr mrs ms dr sen rep gov gen lt col sgt capt prof rev hon st jr sr inc corp co ltd plc bros cos dept univ "
    "jan feb aug sept oct nov dec no vs ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich "
    "minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo reps sens gov govs messrs adm cmdr maj"
)


@dataclass(frozen=True)
class Cue:
    """One form of a cue: `form` is base, s, past, part, past-part, ing or either (put).

    `more` are the words that must follow.
    """

    lemma: str
    form: str
    sense: str
    cue_class: str
    frames: frozenset[str]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subjects:
    """Nouns of one kind, without their plural's s, and the cues for which it matters that one is the subject."""

    heads: frozenset[str]
    cues: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """Cues by form. `verbs`: of one form, those of several words first; the frames of single verbs are joined.

    `things` are subjects that say nothing, `informing` those that show what they find. With one of its `objects` a verb
    is no cue (to claim asylum); with an object, one of `only` is a cue with these alone (to protest his innocence).
    """

    verbs: dict[str, tuple[Cue, ...]]
    adjectives: dict[str, Cue]
    nouns: dict[str, Cue]
    prepositions: tuple[Cue, ...]
    adverbs: dict[str, Cue]
    things: Subjects
    informing: Subjects
    objects: dict[str, frozenset[str]]
    only: dict[str, frozenset[str]]


@cache
def lexicon() -> Lexicon:
    """The lexicon of `cues.toml`."""
    data = tomllib.loads((Path(__file__).with_name("cues.toml")).read_text("utf-8"))
    irregular = data["irregular"]
    verbs: dict[str, list[Cue]] = {}
    for group in data["phrases"]:
        for phrase in group["words"]:
            lemma, *more = phrase.split()
            for form, name in _forms(lemma, irregular):
                cue = Cue(phrase, name, group["sense"], group["class"], _frames(group), tuple(w.lower() for w in more))
                verbs.setdefault(form, []).append(cue)
    for cue in _joined(data["verbs"]):
        for form, name in _forms(cue.lemma, irregular):
            verbs.setdefault(form, []).append(Cue(cue.lemma, name, cue.sense, cue.cue_class, cue.frames))
    adjectives, adverbs = (_single(data[name]) for name in ("adjectives", "adverbs"))
    nouns = {form: cue for cue in _joined(data["nouns"]) for form in (cue.lemma, _regular(cue.lemma)[0])}
    prepositions = tuple(
        Cue(phrase, "base", "says", group["class"], frozenset(), tuple(phrase.split()[1:]))
        for group in data["prepositions"]
        for phrase in group["words"]
    )
    things, informing = (
        Subjects(frozenset(data[n]["heads"].split()), frozenset(data[n]["cues"])) for n in ("things", "informing")
    )
    forms_of = {form: tuple(cues) for form, cues in verbs.items()}
    not_with, only = ({verb: frozenset(ns.split()) for verb, ns in data[n].items()} for n in ("objects", "only"))
    return Lexicon(forms_of, adjectives, nouns, prepositions, adverbs, things, informing, not_with, only)


def _frames(group: dict[str, Any]) -> frozenset[str]:
    return frozenset(group["frames"].split())


def _joined(groups: list[dict[str, Any]]) -> Iterator[Cue]:
    """One cue per lemma, with the frames of all its groups; its class and sense are those of the first."""
    found: dict[str, Cue] = {}
    for group in groups:
        for lemma in group["words"].split():
            known = found.get(lemma)
            frames = _frames(group) | (known.frames if known else frozenset())
            sense, cue_class = (known.sense, known.cue_class) if known else (group["sense"], group["class"])
            found[lemma] = Cue(lemma, "base", sense, cue_class, frames)
    yield from found.values()


def _single(groups: list[dict[str, Any]]) -> dict[str, Cue]:
    return {
        word: Cue(word, "base", group.get("sense", "says"), group["class"], frozenset(["to"] * bool(group.get("to"))))
        for group in groups
        for word in group["words"].split()
    }


def _forms(lemma: str, irregular: dict[str, str]) -> list[tuple[str, str]]:
    """Each form of a verb with its name; a form that is both past and participle is past-part."""
    s, past, part, ing = irregular[lemma].split() if lemma in irregular else _regular(lemma)
    both = [(past, "past-part")] if past == part else [(past, "past"), (part, "part")]
    if re.search(r"[^aeiou][ae]l$", lemma):
        both += [(f"{lemma}led", "past-part"), (f"{lemma}ling", "ing")]  # labelled, as in Britain
    found = [(lemma, "either" if past == lemma else "base"), (s, "s"), *both, (ing, "ing")]
    seen: dict[str, str] = {}
    for form, name in found:
        seen.setdefault(form, name)
    return list(seen.items())


def _regular(lemma: str) -> tuple[str, str, str, str]:
    if lemma.endswith("e"):
        return f"{lemma}s", f"{lemma}d", f"{lemma}d", f"{lemma[:-1]}ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma[:-1]}ied", f"{lemma}ing"
    s = f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else f"{lemma}s"
    return s, f"{lemma}ed", f"{lemma}ed", f"{lemma}ing"
