"""Chains as answers, and what is said of them: first speaker first, `?` for a link that the text does not give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice, permutations
from typing import TYPE_CHECKING

from kit.article.anchors import alike
from kit.article.codebook import HERE, UNKNOWN_LINK
from kit.article.records import Annotation, Claim
from kit.check import feedback, forms
from kit.check.answers import FITS, UNEXPLAINED, Answer, string, text

if TYPE_CHECKING:
    from kit.article.loading import Article

_MOST, _LONGEST, _OPEN = 20, 60, "…"
_UNREAD = (
    "This chain cannot be looked at yet: a link is empty, or is not a short name of "
    "the register. The note above says which."
)
_TURNED = f'this chain begins with "{HERE}", so it seems to be turned round. Begin with the first speaker.'
_NOT_LAST = f'"{HERE}" stands once in a chain, as its last link.'
_MARKS = " .…,;:!\"'“”‘’"


def chains(answer: object, *, lines: Sequence[str], article: Article) -> Answer:
    """The chain of each claim in `lines`: a list of ids of the register, ? for an unknown link, "article" as the last.

    Text such as "nis > ? > article" is read too, and a missing last link is put there. With `practice` a chain
    that the annotation does not accept is explained.
    """
    given, problems = forms.mapping(answer, lines)
    permitted = (*(source.id for source in article.annotation.sources), UNKNOWN_LINK, HERE)
    names = {_short(source.name): source.id for source in article.annotation.sources}
    typed = {name: _links(given.get(name)) for name in lines}
    faults = {}
    for name, chain in typed.items():
        strange = [link for link in chain if link not in (*permitted, _OPEN)]
        said = [f"“{link}” is not in the register{_meant(link, permitted, names)}" for link in strange[:3]]
        said += ["a link is still empty."] if _OPEN in chain else []
        faults |= {name: "not in the register" if strange else "a link is empty"} if said else {}
        if HERE in chain[:-1]:
            faults[name] = "turned round" if chain[0] == HERE else "article not last"
            said.append(_TURNED if chain[0] == HERE else _NOT_LAST)
        elif chain and not said and HERE not in chain:
            said = [f'the last link of every chain is "{HERE}". It was missing, and has been put there.']
        problems += [f"{name}: {fault}" for fault in said]
    found = {name: chain + [HERE] * (HERE not in chain) if chain else [] for name, chain in typed.items()}
    shown = Answer(dict(found), tuple(problems + forms.gaps(found)), faults=faults)
    if article._practice is None:
        return shown
    whole, avoid, notes = article._practice, article._asked | set(lines), {}
    for name, chain in found.items():
        if chain:
            read = set(chain) <= set(permitted)
            notes[name] = explain(whole.by_id[name], chain, annotation=whole, avoid=avoid) if read else _UNREAD
    return replace(shown, remarks=notes)


def accepted_chains(claim: Claim, annotation: Annotation) -> tuple[tuple[str, ...], ...]:
    """The chains that hold for `claim`, the best one first.

    An outlet that names its source has it from there, but a reader who puts a ? between the two is no less
    careful. Where the content may also be read as the author's own words, the article alone is a chain.
    """
    if not claim.accepts("chain"):
        return ()
    found, chain = [claim.chain], claim.chain
    for at, link in enumerate(chain):
        if at and link in _outlets(annotation) and chain[at - 1] != UNKNOWN_LINK:
            found.append((*chain[:at], UNKNOWN_LINK, *chain[at:]))
    if claim.layer == "content" and "asserted" in (claim.status, *claim.also) and chain != (HERE,):
        found.append((HERE,))
    return tuple(found)


def explain(claim: Claim, given: Sequence[str], *, annotation: Annotation, avoid: frozenset[str]) -> str:
    """What to say of the chain `given` for `claim`: that it fits, or a rule and a contrast.

    A link that is missing is never named. The contrast is the nearest claim outside `avoid` whose chain has the
    shape of the given one.
    """
    accepted = accepted_chains(claim, annotation)
    if not accepted:
        return f"This copy of the article holds no chain for this claim, {UNEXPLAINED}"
    if tuple(given) in accepted:
        return FITS
    right, outlets = accepted[0], _outlets(annotation)
    # From the last link to the first, with the article at either end.
    turned = [way for one in accepted if len(one) > 1 for way in (one[::-1], (*one[-2::-1], HERE))]
    slip = "turned" if tuple(given) in turned else _fault(right, list(given), outlets)
    rule, shape = feedback.say(f"chain.{slip}"), _shape(given, outlets)
    alike = [c for c in annotation.claims if c.id not in avoid and c.layer == claim.layer]
    alike = [c for c in alike if c.chain != right and _shape(c.chain, outlets) == shape != _shape(right, outlets)]
    if not alike:
        return rule
    near = min(alike, key=lambda other: abs(other.start - claim.start))
    contrast = feedback.say("compare.chain", id=near.id, quote=near.quote, chain=" > ".join(near.chain))
    return f"{rule}\n{contrast}"


def _fault(right: Sequence[str], given: list[str], outlets: frozenset[str]) -> str:
    """What parts `given` from `right`, the name of a sentence on chains: the first that holds."""
    missing = set(right) - set(given) - {UNKNOWN_LINK}
    if [link for at, link in enumerate(given) if link != UNKNOWN_LINK or given[at - 1 : at] != [link]] == [*right]:
        return "doubled"
    if sorted(given) == sorted(right):
        return "order"
    if tuple(right) == (HERE,):
        return "own_voice"
    if missing & outlets:
        return "outlet"
    if missing and set(given) - set(right) - {UNKNOWN_LINK}:
        return "exchanged"
    if missing:
        return "speaker" if UNKNOWN_LINK not in given or UNKNOWN_LINK in right else "known"
    if set(given) - set(right) - {UNKNOWN_LINK}:
        return "surplus"
    more = given.count(UNKNOWN_LINK) - right.count(UNKNOWN_LINK)
    return "unknown" if more < 0 else "known" if more else "surplus"


def _shape(chain: Sequence[str], outlets: frozenset[str]) -> tuple[str, ...]:
    return tuple(link if link in (UNKNOWN_LINK, HERE) else "outlet" if link in outlets else "speaker" for link in chain)


def _outlets(annotation: Annotation) -> frozenset[str]:
    return frozenset(source.id for source in annotation.sources if source.kind == "agency")


def _links(value: object) -> list[str]:
    """The links in a list, or in a text with >, → or commas between them."""
    try:
        if isinstance(value, str):
            items = re.split(r"-*>|[→,;]", value)
        else:
            items = list(islice(value, _MOST)) if isinstance(value, Iterable) and not isinstance(value, Mapping) else []
            items = [value] if isinstance(value, int | float) and text(value) else items  # "a" > "b" is False
    except Exception:  # an object of the student's own that fails when it is read
        return []
    chain = [_short(string(item)) for item in items]
    return [link or _OPEN for link in chain] if any(chain) else []


def _short(name: str) -> str:
    return "-".join(name.casefold().strip(_MARKS).split())[:_LONGEST]


def _meant(link: str, permitted: tuple[str, ...], names: Mapping[str, str]) -> str:
    if link == "author":
        return f"; for the author's own words the chain is `['{HERE}']`."
    if link in ("none", "nobody", "unknown"):
        return f"; for a link that the text does not give write `'{UNKNOWN_LINK}'`."
    if link in ("true", "false"):
        return "; a chain is a list with commas, such as `['nis', '?', 'article']`."
    for one, other in permutations(permitted, 2):
        if link.startswith(one + other):
            return f'; a comma is missing between "{one}" and "{other}".'
    named = [short for name, short in names.items() if link in name]
    near = named[0] if len(named) == 1 else alike(link, permitted)
    # Of another first letter, it would be another source.
    return f'; did you mean "{near}"?' if named == [near] or near[:1] == link[:1] else "."
