"""What in an annotation breaks the codebook: every rule that a sound file keeps, and how a breach of it is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kit.article import codebook
from kit.article.anchors import closest
from kit.article.codebook import HERE, OWN_VOICES, PROPOSED, REPLIES, SOURCE_KINDS, UNIT_KINDS, UNKNOWN_LINK
from kit.article.records import KEY_FIELDS, Annotation, Claim, Reply, Source, Unit
from kit.errors import listed

Fault = tuple[str, str]
"""Where (“claim S05b”) and what."""
_NOBODY = frozenset(
    "a an the and or of but i me my mine you your yours he him his she her hers it its we us our ours they them their "
    "theirs this that these those here there who whom whose which what one ones another other others each both all "
    "some any many someone somebody anyone anybody everyone everybody nobody none mr mrs ms mx miss dr prof sir dame "
    "lord lady rev hon said says monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow "
    "january february march july september october november december".split()
)
"""Words of which no name consists: alone, or with others of them, they name nobody."""
_BODIES = ("US", "WHO")
"""Bodies that are written like such words."""


def breaches(whole: Annotation, ids: dict[str, tuple[str, ...]], *, proposed: bool) -> Iterator[Fault]:
    """Every breach of the codebook in `whole`, in the order of the file.

    `ids` holds, per table, the ids that the file gives, also those of rows too faulty to be records. With `proposed`,
    also what a person has to mend in a draft or a merged file before it can be accepted: overlaps, and names of nobody.
    """
    for unit in whole.units:
        yield from _value(f"unit {unit.id}", "kind", unit.kind, UNIT_KINDS)
    for source in whole.sources:
        yield from _source(source, proposed=proposed)
    for reply in whole.replies:
        where = f"reply {reply.source}"
        yield from _value(where, "reply", reply.reply, REPLIES)
        yield from _known(where, "source", (reply.source,), "source", ids["source"])
        yield from _known(where, "on", reply.on, "proposition", ids["proposition"])
        yield from _spoke(reply, whole)
    for proposition in whole.propositions:
        yield from _known(f"proposition {proposition.id}", "claims", proposition.claims, "claim", ids["claim"])
    for claim in whole.claims:
        if claim.proposed:
            yield from _value(f"claim {claim.id}", "proposed", claim.proposed, PROPOSED[1:])
        where, nothing = f"claim {claim.id}", Claim(claim.id, claim.unit, claim.quote)
        if not claim.blank:
            yield from _claim(claim, whole.unit.get(claim.unit), ids)
        for field in claim.withheld:
            yield from _value(where, "withheld", field, KEY_FIELDS)
        how, hidden = ("blank", KEY_FIELDS) if claim.blank else ("withheld", claim.withheld)
        if given := ", ".join(f for f in hidden if getattr(claim, f, "") != getattr(nothing, f, "")):
            yield where, f"it is {how}, so it must not have {given}; take “{how}” out, or these"
    yield from _speakers([claim for claim in whole.claims if proposed or not claim.proposed])
    yield from _overlaps(claim for claim in whole.claims if proposed or not claim.proposed)
    yield from _passes(whole.passes, ids["claim"])


def _source(source: Source, *, proposed: bool) -> Iterator[Fault]:
    where = f"source {source.id}"
    yield from _value(where, "kind", source.kind, SOURCE_KINDS)
    if source.proposed:
        yield from _value(where, "proposed", source.proposed, PROPOSED[1:])
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", source.name)
    if all(word.casefold() in _NOBODY and word not in _BODIES for word in words) and (proposed or not source.proposed):
        yield where, f"“{source.name}” names nobody one could ask; write the name or the office that is meant"


def _spoke(reply: Reply, whole: Annotation) -> Iterator[Fault]:
    """Where no reply is said to be reported, and a claim on the same proposition is this party's own."""
    for proposition in whole.propositions:
        if reply.reply != "not reported" or proposition.id not in reply.on:
            continue
        named = [whole.by_id[name] for name in proposition.claims if name in whole.by_id]
        own = [claim.id for claim in named if reply.source in claim.voices]
        if own:
            yield (
                f"reply {reply.source}",
                f"“not reported” does not hold for {proposition.id}, on which {listed(own)} tells what they said; take "
                f"{proposition.id} out of “on”, or give the reply that is reported",
            )


def _speakers(claims: Sequence[Claim]) -> Iterator[Fault]:
    """Acts whose speaker is in no chain of what their cue introduces: one of them was changed, and the other not."""
    for act in claims:
        mine = (act.unit, act.cue)
        told = [one for one in claims if one.layer == "content" and one.chain and (one.unit, one.cue) == mine]
        if act.layer == "act" and act.cue and told and not any({*act.chain[:1]} <= {*one.chain} for one in told):
            others = listed([one.id for one in told])
            yield f"claim {act.id}", f"its “chain” begins with {act.chain[0]}, who did not say {others}; put one right"


def _overlaps(claims: Iterable[Claim]) -> Iterator[Fault]:
    """Each claim that shares words with an earlier one, but for an act that stands within a content (“It is, he said,
    so”); where labels are withheld there is nothing to compare."""
    met: list[Claim] = []
    for claim in sorted((one for one in claims if one.start >= 0 and one.layer), key=lambda one: (one.start, one.end)):
        met = [one for one in met if one.end > claim.start]
        for other in met:
            inner, outer = (claim, other) if claim.end <= other.end else (other, claim)
            if (inner.layer, outer.layer) == ("act", "content") and outer.start <= inner.start:
                continue
            yield (
                f"claim {claim.id}",
                f"its words overlap with those of {other.id}, “{other.quote}”; give one of them fewer words, so that "
                "no word belongs to both, or join them",
            )
        met.append(claim)


def _claim(claim: Claim, unit: Unit | None, ids: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    where = f"claim {claim.id}"
    for field in ("layer", "status", "cue_class", "quote_type", "content_type", "evidence"):
        if field not in claim.withheld:
            yield from _value(where, field, getattr(claim, field), codebook.names(field))
    for status in claim.also:
        yield from _value(where, "also", status, codebook.names("status"))
    if claim.status in claim.also:
        yield where, f"“also” repeats the status “{claim.status}”; list only further ones there"
    for field in ("cue", "hedge"):
        words = getattr(claim, field)
        if words and unit and words not in unit.text:
            yield where, f"the {field} “{words}” is not in {claim.unit}; copy it from there letter by letter"
    if bool(claim.cue) != (claim.cue_class != "none") and not {"cue", "cue_class"} & set(claim.withheld):
        yield where, "“cue” and “cue_class” go together: give both, or neither (then “cue_class” is “none”)"
    given = () if "source" in claim.withheld else (claim.source,)
    yield from _known(where, "source", given, "source", (*OWN_VOICES, *ids["source"]))
    yield from _known(where, "chain", claim.chain, "source", (UNKNOWN_LINK, HERE, *ids["source"]))
    for field in ("disputed_by", "supported_by"):
        yield from _known(where, field, getattr(claim, field), "claim", ids["claim"])
    if claim.layer == "act" and given not in ((), ("author",)):
        yield where, f"an act is vouched for by the reporter: its source is “author”, not “{claim.source}”"
    elif claim.status == "asserted" and claim.source not in ("", "author"):
        own = f"“asserted” is the author's own word: its source is “author”, not “{claim.source}”"
        yield where, f"{own}; if it rests on somebody else's word, or on nobody's, its status is “alleged”"


def _passes(passes: dict[str, tuple[str, ...]], claims: tuple[str, ...]) -> Iterator[Fault]:
    for claim, statuses in passes.items():
        where = f"passes {claim}"
        yield from _known(where, "passes", (claim,), "claim", claims)
        for status in statuses:
            yield from _value(where, "status", status, codebook.names("status"))
    most = max(map(len, passes.values()), default=0)
    for claim, statuses in passes.items():
        if len(statuses) < most:
            yield f"passes {claim}", f"it has {len(statuses)} statuses where others have {most}; give one per pass"


def _value(where: str, field: str, value: str, permitted: tuple[str, ...]) -> Iterator[Fault]:
    if not value:
        yield where, f"“{field}” is missing"
    elif value not in permitted:
        yield where, f"“{value}” is not a value of “{field}”{closest(value, permitted)}"


def _known(where: str, field: str, wanted: tuple[str, ...], table: str, known: tuple[str, ...]) -> Iterator[Fault]:
    for name in wanted:
        if not name:
            yield where, f"“{field}” is missing or empty"
        elif name not in known:
            yield where, f"“{field}” names “{name}”, but no [[{table}]] has that id{closest(name, known)}"
