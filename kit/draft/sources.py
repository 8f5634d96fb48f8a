"""The register of sources: who is behind the words that stand before “said”, and which of them are the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kit.article.codebook import HERE, OWN_VOICES
from kit.article.records import Source, slug, unused
from kit.draft import words

__all__ = ["Register", "named"]


_SMALL = (
    words.ADVERBS | words.CLAUSE_OPENERS | words.CONJUNCTIONS | words.DETERMINERS | words.OPENERS | words.POSSESSIVES
) | (words.PREPOSITIONS | words.PRONOUNS | words.TEMPORAL | words.WH)
"""What has a capital only because it opens a sentence, or is a day: “But Nordwerk”, “on Monday Nordwerk”."""
_LED = re.compile(r"([\w.-]+) $")
_SAME = r"(?:(?!\bits\b)[^.!?A-Z])*"
_AFTER = re.compile(
    rf", (?:who|\d\d)\b|{_SAME}(?:\b|[.!?]\s+(?:[“\"][^”\"]*[”\"] )?)(?:[Hh]e|[Ss]he|[Hh]is|[Hh]ers?)\b"
)
"""An age, a “who” or a “he”, before any other name comes."""
_ROLE = re.compile(rf", (?:an?|the|its|their) (?:[\w'’-]+ ){{0,2}}?({'|'.join(sorted(words.ROLES))})\b")
_ALSO_FIRMS = frozenset("owner leader member partner".split())


def _shown(name: str, text: str) -> bool:
    """Whether a title or a first name stands before `name` somewhere in `text`, or a “he” or a role after it."""
    for match in re.finditer(rf"\b{re.escape(name)}\b(?!['’]s\b)", text):
        before, end = _LED.search(text, max(0, match.start() - 30), match.start()), match.end()
        word = before.group(1) if before else ""
        titled = word.lower() in words.ROLES or word.lower().rstrip(".") in words.TITLES
        if titled or (word[:1].isupper() and word[1:2].islower() and word.lower() not in _SMALL):
            return True
        role = _ROLE.match(text, end)
        if _AFTER.match(text, end) or (role and role.group(1) not in _ALSO_FIRMS):
            return True
    return False


_AGENCIES = re.compile(
    r"\b(?:Reuters|AP|AFP|Associated Press|Yonhap|Bloomberg|dpa|Xinhua|TASS|RIA|news agency|\w*(?:Times|Post|Herald|"
    r"Journal|Tribune|Gazette|Courier|Chronicle|Guardian|News|Daily|Telegraph)|newspaper|magazine|CNN|BBC|NBC|ABC|CBS)\b"
)
_BODIES = re.compile(
    r"\b(?:ministry|department|office|agency|company|corporation|inc|corp|co|ltd|plc|group|union|party|government|"
    r"council|commission|committee|court|police|bank|university|institute|museum|club|hospital|school|army|navy|"
    r"parliament|senate|house|congress|association|federation|board|service|authority|campaign|foundation|center|centre|"
    r"nato|un|eu|administration|fund|airline|firm|line|guard|organization|organisation|kingdom|states|republic|brigade|"
    r"intelligence|brewery|factory|paper|network|industries|bureau|forum|league|coalition|delegation|embassy|town|city|"
    r"county|district|ag|gmbh|llc|list|alliance|ministries|companies|unions|banks|governments|"
    r"industry|mill|report|study|poll|survey|letter|documents|statement|records|data|figures|indictment|"
    r"suit|lawsuit|memo|minutes|timetable|law|paper)\b",
    re.IGNORECASE,
)
_TITLES = words.ROLES | frozenset(
    "mr. mrs. ms. dr. sen. rep. gov. gen. lt. col. sgt. capt. prof. rev. st. president-elect king queen prince "
    "princess pope sir lord lady foreign defense defence prime finance interior council police us u.s. state".split()
)
_FORM = re.compile(r" (?:ag|gmbh|llc|inc|corp|co|ltd|plc)\.?$")
"""Nordwerk AG and Nordwerk are one."""
_RECENT = 12
"""A pronoun means one of so many last mentions."""
_PRONOUNS = frozenset("he she they it we i who you others".split())
_SKIPPED = frozenset("the a an of for and in at to from his her its their some many several two three".split())


@dataclass
class Register:
    """Grows as mentions come in, in the order of the text; `sources` is what it knows.

    With the whole `text`, a bare name that nothing in it shows to be a person's is taken for an institution's.
    """

    sources: list[Source] = field(default_factory=list)
    text: str = ""
    _names: dict[str, str] = field(default_factory=dict)
    _last: list[str] = field(default_factory=list)

    def id_of(self, mention: str) -> str:
        """The id of the source that `mention` means: one known already, or a new one."""
        plain = " ".join(mention.split()).strip(' ,;:()"“”‘')
        if plain.lower() in _PRONOUNS or not plain:
            known = self._pronoun(plain.lower())
            if known:
                return known
        name, kind = named(plain)
        if kind == "named" and self.text and " " not in name and name.lower() not in _PRONOUNS:
            kind = kind if _shown(name, self.text) else "institution"
        key = name.lower().removeprefix("the ").removeprefix("a ").removeprefix("an ")
        key = _FORM.sub("", key)
        surname = name.split()[-1].lower() if kind == "named" else key
        found = self._names.get(key)
        if not found:
            # The source of the same surname, unless both have first names: then these are two people.
            known = self._names.get(surname)
            full = next((source.name for source in self.sources if source.id == known), "")
            found = known if " " not in name or " " not in full else None
        if found is None:
            found = self._new(name, kind)
            self._names[key] = found
            if kind == "named":
                self._names.setdefault(surname, found)
        self._last = [*self._last[-_RECENT:], found]
        return found

    def kind_of(self, source: str) -> str:
        """The kind of a source; "author" or "none" for these two."""
        return next((s.kind for s in self.sources if s.id == source), source)

    def _pronoun(self, word: str) -> str:
        wanted = ("institution", "agency") if word == "it" else ("named", "role")
        fits = [
            known for known in self._last if self.kind_of(known) in wanted or word in ("they", "we", "others", "who")
        ]
        return (fits or self._last or [""])[-1]

    def _new(self, name: str, kind: str) -> str:
        base = name.split()[-1] if kind == "named" else " ".join(name.split()[:6])
        taken = {source.id for source in self.sources} | {*OWN_VOICES, HERE}
        fresh = unused(slug(base, words=3, without=_SKIPPED, otherwise="speaker"), taken)
        self.sources.append(Source(fresh, name or "an unnamed speaker", kind, proposed=_sure(name, kind)))
        return fresh


def _sure(name: str, kind: str) -> str:
    if kind == "named":
        return "sure" if len(name.split()) > 1 else "likely"
    bare = kind == "institution" and " " not in name and not (name.isupper() or _BODIES.search(name))
    return "guess" if bare or name.lower() in _PRONOUNS or not name else "likely"


def named(mention: str) -> tuple[str, str]:
    """The name in a mention and its kind: (“Petra Holm”, “named”), (“the police”, “institution”)."""
    person = _person(mention)
    if person:
        return person, "named"
    head = re.split(r", | who | which | -- | — ", mention)[0]
    small = head[:1].lower() + head[1:] if head.split()[:1] and head.split()[0].lower() in _SKIPPED else head
    if any(
        words.ROLES & {word.strip(".,").lower(), word.lower().removesuffix("s")}
        or word.endswith(("man", "person", "woman"))
        for word in head.split()
    ):
        return small, "role"
    if _AGENCIES.search(head):
        return small, "agency"
    if _BODIES.search(head) or head.isupper():
        return small, "institution"
    single = head.split()
    if single and all(word[:1].isupper() for word in single) and single[0].lower() not in _SKIPPED:
        return head, "named" if len(single) == 1 and not head.isupper() else "institution"
    return small, "role"


def _person(mention: str) -> str:
    """Two or more capitals in a row that are neither a title nor a body: the likeliest name of a person."""
    for piece in re.split(r", |\(|\bwho\b", mention):
        parts = [word.strip("\"“”)'’") for word in piece.split()]
        last_title = max((i for i, word in enumerate(parts) if word.lower() in _TITLES), default=-1)
        titled = last_title >= 0 and parts[last_title][:1].isupper()
        run: list[str] = []
        for word in parts[last_title + 1 :]:
            if not (word[:1].isupper() or (run and word in ("de", "von", "van", "al", "bin", "der"))):
                break
            run.append(word)
        if not run and len(parts) > 1 and parts[-1][:1].isupper() and parts[-2][:1].isupper():
            run = parts[-2:]
        name = " ".join(run)
        body = _BODIES.search(name) or _AGENCIES.search(name) or name.endswith(("'s", "’s"))
        if run and not body and (len(run) > 1 or titled) and run[0].lower() not in _SKIPPED:
            return name
    return ""
