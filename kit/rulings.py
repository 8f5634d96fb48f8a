"""What must hold between the records of an annotation: permitted values, ids that lead somewhere, cues in place."""

from __future__ import annotations

from collections.abc import Iterator

from kit import codebook
from kit.anchors import closest
from kit.records import KEY_FIELDS, Annotation, Claim

__all__ = ["HERE", "OWN_VOICES", "PROPOSED", "REPLIES", "UNKNOWN_LINK", "faults"]

OWN_VOICES = ("author", "none")
"""Sources that need no entry in the register: the article's own voice, and nobody."""
UNKNOWN_LINK, HERE = "?", "article"
REPLIES = ("not reported", "declined", "denied", "confirmed", "other")
PROPOSED = ("", "sure", "likely", "guess")
"""How sure a draft is of what it proposes; empty: a person has accepted it."""
UNIT_KINDS = ("headline", "heading", "body")

Fault = tuple[str, str]
"""Where (“claim S05b”) and what."""


def faults(whole: Annotation, ids: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    """Every breach of the codebook in `whole`, in the order of the file.

    `ids` holds, per table, the ids that the file gives, also those of rows too faulty to be records.
    """
    for unit in whole.units:
        yield from _value(f"unit {unit.id}", "kind", unit.kind, UNIT_KINDS)
    for source in whole.sources:
        yield from _value(f"source {source.id}", "kind", source.kind, codebook.names("source_kind")[:4])
        yield from _proposed(f"source {source.id}", source.proposed)
    for reply in whole.replies:
        where = f"reply {reply.source}"
        yield from _value(where, "reply", reply.reply, REPLIES)
        yield from _known(where, "source", (reply.source,), "source", ids["source"])
        yield from _known(where, "on", reply.on, "proposition", ids["proposition"])
    for proposition in whole.propositions:
        yield from _known(f"proposition {proposition.id}", "claims", proposition.claims, "claim", ids["claim"])
    text = {unit.id: unit.text for unit in whole.units}
    for claim in whole.claims:
        yield from _proposed(f"claim {claim.id}", claim.proposed)
        yield from _withheld(claim) if claim.blank else _claim(claim, text.get(claim.unit), ids)
    yield from _passes(whole.passes, ids["claim"])


def _withheld(claim: Claim) -> Iterator[Fault]:
    nothing = Claim(claim.id, claim.unit, claim.quote)
    given = [field for field in KEY_FIELDS if getattr(claim, field) != getattr(nothing, field)]
    if given:
        yield f"claim {claim.id}", f"it is blank, so it must not have {', '.join(given)}; take “blank” out, or these"


def _claim(claim: Claim, unit_text: str | None, ids: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    where = f"claim {claim.id}"
    for field in ("layer", "status", "cue_class", "quote_type", "content_type", "evidence"):
        yield from _value(where, field, getattr(claim, field), codebook.names(field))
    for status in claim.also:
        yield from _value(where, "also", status, codebook.names("status"))
    if claim.status in claim.also:
        yield where, f"“also” repeats the status “{claim.status}”; list only further ones there"
    for field in ("cue", "hedge"):
        words = getattr(claim, field)
        if words and unit_text is not None and words not in unit_text:
            yield where, f"the {field} “{words}” is not in {claim.unit}; copy it from there letter by letter"
    if bool(claim.cue) != (claim.cue_class != "none"):
        yield where, "“cue” and “cue_class” go together: give both, or neither (then “cue_class” is “none”)"
    yield from _known(where, "source", (claim.source,), "source", (*OWN_VOICES, *ids["source"]))
    yield from _known(where, "chain", claim.chain, "source", (UNKNOWN_LINK, HERE, *ids["source"]))
    for field in ("disputed_by", "supported_by"):
        yield from _known(where, field, getattr(claim, field), "claim", ids["claim"])
    if claim.layer == "act" and claim.source != "author":
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


def _proposed(where: str, value: str) -> Iterator[Fault]:
    if value not in PROPOSED:
        yield where, f"“{value}” is not a value of “proposed”{closest(value, PROPOSED[1:])}"


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
