"""The register of sources: who is behind the words that stand before “said”, and which of them are the same."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

from kit.article.anchors import places
from kit.article.codebook import HERE, OWN_VOICES
from kit.article.records import Source, slug, unused
from kit.draft import words

_SMALL = (
    words.ADVERBS | words.CLAUSE_OPENERS | words.CONJUNCTIONS | words.DETERMINERS | words.OPENERS | words.POSSESSIVES
) | (words.PREPOSITIONS | words.PRONOUNS | words.TEMPORAL | words.WH)
"""What has a capital only because it opens a sentence, or is a day: “But Nordwerk”, “on Monday Nordwerk”."""
_JOINTS = words.PREPOSITIONS | words.CONJUNCTIONS
_LED = re.compile(r"([\w.-]+) $")
_SAME = r"[^.!?A-Zi]*(?:(?!\bits\b)i[^.!?A-Zi]*)*"
_AFTER = re.compile(
    rf", (?:who|\d\d)\b|{_SAME}(?:\b|[.!?]\s+(?:[“\"][^”\"]*[”\"] )?)(?:[Hh]e|[Ss]he|[Hh]is|[Hh]ers?)\b"
)
"""An age, a “who” or a “he”, before any other name comes."""
_ROLE = re.compile(rf", (?:an?|the|its|their) (?:[\w'’-]+ ){{0,2}}?({'|'.join(sorted(words.ROLES))})\b")
_OWNS = re.compile(r"['’]s\b")
_ALSO_FIRMS = frozenset("owner leader member partner".split())


def _shown(name: str, text: str) -> bool:
    """Whether a title or a first name stands before `name` somewhere in `text`, or a “he” or a role after it."""
    for start in places(name, text):
        before, end = _LED.search(text, max(0, start - 30), start), start + len(name)
        if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum() or _OWNS.match(text, end):
            continue
        word = before.group(1) if before else ""
        if word[:1].isupper() and word[1:2].islower() and word.lower() not in _SMALL:
            return True
        role = _ROLE.match(text, end)
        if _AFTER.match(text, end) or (role and role.group(1) not in _ALSO_FIRMS):
            return True
    return False


_PLACES = words.listed("sources", "places")
_AGENCIES = re.compile(
    r"\b(?:Reuters|AP|AFP|Associated Press|Yonhap|Bloomberg|dpa|Xinhua|TASS|RIA|news agency|\w*(?:Times|Post|Herald|"
    r"Journal|Tribune|Gazette|Courier|Chronicle|Guardian|News|Daily|Telegraph|Echo|Argus|Examiner|Observer|Mirror|"
    r"Advertiser|Dispatch|Mail)|newspaper|magazine|CNN|BBC|NBC|ABC|CBS)\b"
)
_BODIES = words.listed("sources", "bodies")
_PART = re.compile(r"\w+")
_TITLES = words.ROLES | words.listed("sources", "titles")
_FORM = re.compile(r" (?:ag|gmbh|llc|inc|corp|co|ltd|plc)\.?$")
"""Nordwerk AG and Nordwerk are one."""
_HE, _SHE = frozenset("he him his himself".split()), frozenset("she her hers herself".split())
_IT, _THEY = frozenset(("it", "its", "itself")), frozenset("they them their both others who you themselves".split())
_PRONOUNS = _HE | _SHE | _IT | _THEY
_NOBODY = frozenset("some many most others people someone somebody critics opponents supporters observers".split()) | {
    "some people",
    "many people",
    "some critics",
}
"""Who names nobody by these words (guide, source)."""
_OWN = frozenset("i me my we us our ourselves this that these those which what there q question".split())
_NAME = (
    r"(?:(?:(?:[A-Z]|Mr|Mrs|Ms|Dr|Sgt|Capt|Sen|Rep|Gov|Gen|Lt|Col|Prof|Rev|St)\.|[A-Z][\w’'-]*)"
    r"(?: (?:de|von|van|al|bin|der))? ){1,5}[A-Z][\w-]+"
)
_RUN = re.compile(_NAME)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"")
_FIRST = re.compile(r"(?:[\w’'-]+,? ){0,5}")
"""What may stand in its sentence before a name that opens it: A Labour MP, Jonas Vale."""
_NO_OPENER = r"(?!(?:It|They|He|She|This|That|There|In|On|At|But|And)\b)"
_OPENER = re.compile(
    rf"(?:\n|[.!?]\s+)(?:(?:In|For|At|After|During) [^.,\n]{{1,40}}, |(?=[A-Z])){_NO_OPENER}"
    r"([\w-]+(?: [\w-]+){0,4}?)(?:, which [^,]*,)?"
    r"(?: (?:still|also|now|already|later|yet|never|\w+ly))? "
    r"(?:is|was|were|are|has|have|had|will|would|can|did|does|do|says?|said|support|oppose|want|found|began|made|"
    r"[a-z]+ed)\b"
)
"""The phrase with which a sentence begins, before its verb."""
_SHORT = re.compile(r" \(([A-Z][\w ]+)\)?$")
"""The California Fire Protection (Cal Fire)."""
_POST = re.compile(r"(?:\b(?:prime|vice) )?\S+$")
_STUDY = re.compile(r"(?:^| )(?:study|researchers|scientists|authors|team)$")
_BEFORE = re.compile(r"(?<![\w-])((?:(?:[Pp]rime|[Vv]ice) )?[\w-]+)(?:(?: (?:of|for|at) [\w ]+)?,)? \Z")
_BEHIND = re.compile(r", (?:\d+, )?(?:an?|the|its|their|former) ((?:[\w’'-]+ ?){1,5})")
"""A role beside a name: the mayor of Elm, Rosa Roe; Rosa Roe, 40, the town's former mayor."""
_ASKED = re.compile(
    rf"\b(?i:interview(?:s|ed)?|spoke|speaks|talk(?:s|ed)?|sat down|asked)(?: (?:with|to))? (.{{0,40}}?{_NAME})"
)
_AGED = re.compile(rf"([A-Z][\w-]+)(?:,? \(|, )(\d\d?)[,.)]|\b(\d\d?)-year-old (?:[\w-]+ ){{0,2}}({_NAME})")
_MEN = r"(?:mr|sir|lord|king|prince|father|son|brother|husband|uncle|\w*(?<!wo)man)"
_WOMEN = r"(?:mrs|ms|miss|lady|dame|queen|mother|daughter|sister|wife|aunt|\w*woman)"
_MALE, _FEMALE = (re.compile(rf"\b{group}\b", re.IGNORECASE) for group in (_MEN, _WOMEN))
_HIS = words.listed("sources", "his")
_HERS = words.listed("sources", "hers")
"""First names that are common in English news, and a few of its neighbours': by them he or she is told."""
_PERSONAL = re.compile(r"\W((?:he|his|she)\b)")
_CAPITAL = re.compile(r"[A-Z][\w-]*|\bits\b")
_HUMAN = re.compile(
    r"(?:(?<!m)ent|ant|[^t]er|tter|[^o]or|our|ist|ian|eer|ployee|stee|feree|person|man|boy|girl|child|mp|old|clerk|guard|cook|nurse|pilot|"
    r"coach|bishop|witness|survivor|victim|relative|source|friend|aunt|uncle|ward|guide)$"
)
_MOOD = re.compile(r"^[Aa]n? [a-z-]+ (?=[A-Z][\w-]+$)| \w+sel(?:f|ves)$")
_AGE = re.compile(r"(\d+)-year-old\b")
_SKIPPED = frozenset("the a an of for and in at to from his her its their some many several two three".split())


def own(mention: str) -> bool:
    """Whether the text speaks for itself by these words: the outlet's own “we”, or “this shows that …”."""
    return mention.strip(' ,.;:()"“”').lower() in _OWN


@dataclass
class Register:
    """Grows as mentions come in, in the order of the text; `sources` is what it knows, by id.

    With the whole `text`, a bare name that nothing in it shows to be a person's is taken for an institution's, and the
    names of one person are joined: Jonas Vale, Mr Vale, the sprinter (“sprinter Jonas Vale”), the 31-year-old.
    """

    text: str = ""
    sources: dict[str, Source] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)
    _spoken: list[tuple[int, str]] = field(default_factory=list)

    def id_of(self, mention: str, *, at: int = 0) -> str:
        """The id of the source that `mention`, at code point `at`, means: one known already, or a new one."""
        plain = " ".join(mention.split()).strip(' ,;:()"“”‘')
        plain = plain.title() if plain.isupper() and re.search(rf"\b{plain.title()}\b", self.text) else plain
        if own(plain):
            return "author"
        if plain.lower() in _NOBODY:
            return "none"
        plain = (self._interviewed or plain) if plain.rstrip(".") in ("A", "Answer") else plain
        plain = "the prime minister" if plain in ("PM", "The PM", "the PM") else plain
        short = _SHORT.search(plain)
        plain = plain[: short.start()] if short else plain
        plain = _MOOD.sub("", plain)  # an angry Holm, he himself
        word = plain.lower()
        if at < self.text.find("\n") and not self._alike[plain] and " " not in plain and _human(word):
            plain = f"the {word}"  # in a headline: Runner denies a crash
        if word in _PRONOUNS and not plain.isupper():
            found = self._pronoun(word, at)
        else:
            found = self._described(plain, at) or self._known.get(plain) or self._named(plain)
            self._known.setdefault(plain, found)
            self._known.setdefault(short.group(1) if short else plain, found)
        self._spoken.append((at, found))
        return found

    def kind_of(self, source: str) -> str:
        """The kind of a source; "author" or "none" for these two."""
        return self.sources[source].kind if source in self.sources else source

    def _named(self, plain: str) -> str:
        name, kind = named(plain)
        if kind == "named" and self.text and " " not in name:
            low = name.lower()
            kind = kind if _shown(name, self.text) else "institution"
            if name == plain and not self._alike[name] and (low in self.text or (low[-1] == "s" and _human(low[:-1]))):
                name, kind = low, "role"  # Investigators, Prosecution: they open a sentence
        if kind != "named":
            key = _FORM.sub("", re.sub(r"^(?:the|an?) ", "", name.lower()))
            first = "".join(word[0] for word in name.split() if word[0].isupper()).lower()
            if key not in self._names:
                short = first if first in self._names and self._name(self._names[first]).split()[-1].isupper() else key
                self._names[key] = self._names.get(short) or self._new(name, kind)
            if len(first) > 1:
                self._names.setdefault(first, self._names[key])  # the Elm Transport Board, ETB
            return self._names[key]
        sex = _sex(plain) or self._sex(name)
        fitting = sorted(
            (one for one in self._alike[name] if self._sex(one) in ("", sex)), key=lambda one: self._sex(one) != sex
        )
        name = next(iter(fitting), name)
        for source in self.sources.values():
            known = _plain(source.name)
            if source.kind != "named" or known.split()[-1] != name.split()[-1]:
                continue
            same = set(known.split()) <= set(name.split()) or set(name.split()) <= set(known.split())
            other = sex and self._sex(source.name) and sex != self._sex(source.name)
            if same and not other:
                return source.id
        before = plain[: plain.find(name)].split()[-1:]
        title = before[0] if before and before[0].lower().rstrip(".") in words.HONORIFICS and " " not in name else ""
        return self._new(f"{title} {name}".strip(), kind)

    def _described(self, plain: str, at: int) -> str:
        """The source that “the …” means, if the text gives this role or age to one person, or one spoke before."""
        age, head = _AGE.search(plain), _head(plain)
        if not plain.lower().startswith("the ") or not self.text or _person(plain):
            return ""
        people = self._roles.get(age.group(1) if age else head, set()) if age or not _is_body(head) else set()
        if len({name.split()[-1] for name in people}) == 1:
            return self._named(max(people, key=len))
        bare = len(re.split(r",| who | which ", plain)[0].split()) == 2  # the board, after the Water Board of Elm
        kinds = ("role", "institution", "agency") if bare else ("role",)
        others = (known for _, known in reversed(self._spoken) if self.kind_of(known) in kinds)
        return next((one for one in others if _head(self._name(one)) == head), "")

    def _pronoun(self, word: str, at: int) -> str:
        """The last one that fits, of those who spoke and, for he and she, of the people who open a sentence."""
        spoken = [(start, known, True) for start, known in self._spoken if self._fits(word, known)]
        sex = "m" if word in _HE else "f"
        people = [one for one in self._people if one[0] < at and self._sex(one[1]) in ("", sex)]
        if word not in _HE | _SHE:
            opened = next((one for one in reversed(self._opened) if one[0] < at), None)
            if (
                opened
                and opened[0] > max((start for start, _, _ in spoken), default=0)
                and self._opens(word, opened[1])
            ):
                return self._named(opened[1])
            others = [(at, known, True) for _, known in self._spoken if word in _THEY or self.kind_of(known) == "role"]
            found = (spoken or others or [(0, "", True)])[-1]
            return found[1] or ("author" if word in _IT else self._named(""))
        opened = (one for one in self._opened if one[0] < at and named(one[1])[1] == "role")
        near = [*(one for one in people if one[2]), *((*one, True) for one in opened if self._one(word, one[1]))]
        start, name, _ = max([*spoken, *near] or people or [(0, "", False)], key=lambda one: one[0])
        if (start, name, True) in spoken:
            return name
        return self._described(name, start) or self._named(name)

    def _one(self, word: str, role: str) -> bool:
        """Whether he or she may be who has this role."""
        return not _many(role) and _human(_head(role)) and self._sex(role) in ("", "m" if word in _HE else "f")

    def _fits(self, word: str, known: str) -> bool:
        kind, name = self.kind_of(known), self._name(known)
        if word in _HE | _SHE:
            sex = "m" if word in _HE else "f"
            return self._one(word, name) if kind == "role" else kind == "named" and self._sex(name) in ("", sex)
        return kind in ("institution", "agency") or (word in _THEY and kind == "role" and _many(name))

    def _opens(self, word: str, phrase: str) -> bool:
        """Whether “it” may mean the body, or “they” the people, with whom a sentence began."""
        kind, head = named(phrase)[1], _head(phrase)
        if word in _IT:
            return kind in ("institution", "agency")
        many = head[-1:] == "s" or " and " in phrase
        return kind == "role" and many and head.removesuffix("s") not in words.lexicon().informing.heads

    @cached_property
    def _opened(self) -> list[tuple[int, str]]:
        """The phrases with which sentences begin, outside quotations and the headline: where, and the phrase."""
        bare = _QUOTED.sub(lambda match: " " * len(match.group()), self.text)
        return [(match.start(1), match.group(1)) for match in _OPENER.finditer(bare, bare.find("\n") + 1)]

    def _name(self, known: str) -> str:
        return self.sources[known].name if known in self.sources else ""

    @cached_property
    def _people(self) -> list[tuple[int, str, bool]]:
        """The people whom the text names, outside quotations: where, the name, and whether it opens its sentence."""
        bare = _QUOTED.sub(lambda match: " " * len(match.group()), self.text)
        head = bare.find("\n") + 1  # a headline may have capitals throughout
        head *= not bare[:head].rstrip().endswith((".", "?", "!", ":"))
        bare = " " * head + bare[head:]
        found = []
        for match in _RUN.finditer(bare):
            name = _person(match.group())
            while " " in name and name.partition(" ")[0].lower() in _SMALL:
                name = name.partition(" ")[2]  # On Sunday, the mayor; But Ann Roe
            if " " in name:
                start = match.start() + match.group().rfind(name)
                before = bare[max(0, start - 80) : start]
                word = before.split()[-1].lower() if before.strip() else ""
                stop = max(before.rfind(sign) for sign in "\n.!?")
                behind = before[stop + 1 :].lstrip() if stop >= 0 else before
                opens = word not in _JOINTS and _FIRST.fullmatch(behind)
                found.append((start, name, bool(opens)))
        return found

    @cached_property
    def _interviewed(self) -> str:
        """Who answers in an interview: whom the text says it has asked, or the first person whom it names."""
        asked = _ASKED.search(self.text)
        return _person(asked.group(1)) if asked else next((name for _, name, _ in self._people), "")

    @cached_property
    def _roles(self) -> dict[str, set[str]]:
        """The people to whom the text gives a role, by its words, and an age, by its number."""
        found: dict[str, set[str]] = defaultdict(set)
        for start, name, _ in self._people:
            before = self.text[start - 1 : start] == " " and _BEFORE.search(self.text, max(0, start - 80), start)
            behind = _BEHIND.match(self.text, start + len(name))
            words = behind.group(1).split() if behind else []
            for word in (before.group(1) if before else "", *words, *map(" ".join, pairwise(words))):
                found[word.lower()].add(name)
        for match in _AGED.finditer(self.text):
            name = match.group(1) or _person(match.group(4))
            if name:
                found[match.group(2) or match.group(3)].add(name)
        return found

    @cached_property
    def _sexes(self) -> dict[str, str]:
        """m or f for a last name, by a he or she in the same sentence, before any other one."""
        found = {}
        for match in _PERSONAL.finditer(self.text):
            start = max(self.text.rfind(stop, 0, match.start(1)) for stop in ".!?") + 1
            name = ["", *_CAPITAL.findall(self.text, start, match.start(1))][-1].rstrip("-")
            if name != "its" and len(name) > 1:
                found[name] = "f" if match.group(1) == "she" else "m"
        return found

    def _sex(self, name: str) -> str:
        return _sex(name) or self._sexes.get(name.rpartition(" ")[2], "")

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        """The names of people by their last name."""
        found: dict[str, list[str]] = defaultdict(list)
        for _, name, _ in self._people:
            if name not in found[name.split()[-1]]:
                found[name.split()[-1]].append(name)
        return found

    def _new(self, name: str, kind: str) -> str:
        base = name.split()[-1] if kind == "named" else " ".join(name.split()[:6])
        stem = slug(base, words=3, without=_SKIPPED, otherwise="speaker")
        fresh = unused(stem, (*self.sources, *OWN_VOICES, HERE))
        self.sources[fresh] = Source(fresh, name or "an unnamed speaker", kind, proposed=_sure(name, kind))
        return fresh


@lru_cache(maxsize=4096)
def _sex(mention: str) -> str:
    first = mention.split()[0].lower() if " " in mention else ""
    male, female = _MALE.search(mention) or first in _HIS, _FEMALE.search(mention) or first in _HERS
    return "m" if male else "f" if female else ""


def _plain(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if rest and first.lower().rstrip(".") in words.HONORIFICS else name


def _human(head: str) -> bool:
    return head in words.ROLES or bool(_HUMAN.search(head))


@lru_cache(maxsize=4096)
def _head(mention: str) -> str:
    """The head of a noun phrase: “the former mayor of Elm” has “mayor”; who made a study speaks as the study."""
    plain = re.split(r" (?:of|for|at|from|in|on|by|to|who|which|with)\b|,", mention)[0].lower()
    post = _POST.search(plain)
    return "study" if _STUDY.search(plain) else post.group() if post else ""


def _many(role: str) -> bool:
    """Whether several people have the role: the parents, Holm and Roe."""
    return " and " in role or _head(role).endswith("s") or _head(role) in ("people", "men")


def _sure(name: str, kind: str) -> str:
    if kind == "named":
        return "sure" if len(name.split()) > 1 else "likely"
    bare = kind == "institution" and " " not in name and not (name.isupper() or _is_body(name))
    return "guess" if bare or not name else "likely"


@lru_cache(maxsize=4096)
def named(mention: str) -> tuple[str, str]:
    """The name in a mention and its kind: (“Petra Holm”, “named”), (“the police”, “institution”)."""
    person, pair = _person(mention), [_person(part) for part in mention.split(" and ")]
    if len(pair) == 2 and pair[0] and "(" not in mention and re.fullmatch(r".* and [A-Z][\w-]+", mention):
        return mention, "role"  # Cllr Holm and Roe
    if len(pair) > 1 and all(pair):
        return " and ".join(pair), "role"
    if person:
        return person, "named"
    head = re.split(r", | who | which | -- | — ", mention)[0]
    small = head[:1].lower() + head[1:] if head.split()[:1] and head.split()[0].lower() in _SKIPPED else head
    if any(
        word.strip(".,") in words.ROLES or word.removesuffix("s") in words.ROLES or word.endswith(("man", "person"))
        for word in head.lower().split()
    ):
        return small, "role"
    if _AGENCIES.search(head):
        return small, "agency"
    if _is_body(head) or head.isupper() or re.fullmatch(r"[Tt]he [A-Z]{2,}", head):
        return small, "institution"
    single = head.split()
    if single and all(word[:1].isupper() for word in single) and single[0].lower() not in _SKIPPED:
        return head, "named" if len(single) == 1 and not head.isupper() else "institution"
    return small, "role"


@lru_cache(maxsize=4096)
def _person(mention: str) -> str:
    """The likeliest name of a person: capitals after a title, or two or more in a row that are no body."""
    wholes = re.split(r", |\(|\bwho\b", mention.partition(" of which ")[0])
    for piece in (part for whole in wholes for part in (re.split(r" (?:of|from|at) ", whole)[0], whole)):
        parts = [word.strip("\"“”)'’,") for word in piece.split()]
        lows = [word.lower().rstrip(".") for word in parts]
        honours = [i for i, low in enumerate(lows) if low in words.HONORIFICS]
        start = max(honours or [i for i, part in enumerate(parts) if part.lower() in _TITLES], default=-1) + 1
        titled = start > 0 and parts[start - 1][:1].isupper()
        at = start
        while at < len(parts):
            stop = at
            while stop < len(parts) and (
                parts[stop][:1].isupper() or (stop > at and lows[stop] in ("de", "von", "van", "al", "bin", "der"))
            ):
                stop += 1
            name = " ".join(parts[at:stop])
            placed = at > start and (stop < len(parts) or lows[at - 1] in _JOINTS)
            enough = stop - at > 1 or (stop > at == start and titled)
            if enough and not placed and lows[at] not in _SKIPPED and not _bodily(name, titled=bool(honours)):
                return name
            at = max(stop, at + 1)
    return ""


@lru_cache(maxsize=4096)
def _is_body(name: str) -> bool:
    """Whether a word of the name says that it is a body's: the Elm Council, NATO."""
    parts = _PART.findall(name)
    return any(part.lower() in _BODIES or part in ("NATO", "UN", "EU") for part in parts)


def _bodily(name: str, *, titled: bool) -> bool:
    """Whether it is a body's name, or an owner's: the Elm Council, Miss Roe's. “Mr Law” is a man."""
    if name.endswith(("'s", "’s")) or name.partition(" ")[0] in _PLACES:
        return True
    return not titled and bool(_is_body(name) or _AGENCIES.search(name))
