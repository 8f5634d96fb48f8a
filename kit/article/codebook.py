"""The guide's labels: each with its question and its words, and every list of permitted values.

The order of `STATUSES` is the order of their questions: ask them from the top, stop at the first yes.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BLANK", "CUE_CLASSES", "FIELDS", "HERE", "LAYERS", "NO_REPLY", "OWN_VOICES", "PROPOSED", "REACHES", "REPLIES",
    "SOURCE_KINDS", "STATUSES", "UNIT_KINDS", "UNKNOWN_LINK", "VOUCHERS", "Label", "label", "names",
]  # fmt: skip
__dir__ = __all__.copy


@dataclass(frozen=True)
class Label:
    """One permitted value of a field that students label.

    `name` is what is typed; `question` is answered with yes for this label; `meaning` is one sentence;
    `lookalike` names the label it is most often taken for (empty: none).
    """

    name: str
    question: str
    meaning: str
    lookalike: str = ""


LAYERS: tuple[Label, ...] = (
    Label("act", "Do these words tell that somebody said, asked, met or warned?",
          "That somebody spoke, or did something openly. The author vouches for it, who reports it.", "content"),
    Label("content", "Do these words tell what was said, or what is so: the thing itself?",
          "What was said, or is so. The speaker vouches for it; without one the author does, or (hearsay) nobody.",
          "act"),
)  # fmt: skip

VOUCHERS: tuple[Label, ...] = (
    Label("author", "Does the article say it in its own voice?",
          "The person who wrote the article vouches for it, on nobody else's word.", "source"),
    Label("source", "Does the article hang it on somebody else's word?",
          "A person, an office or an agency vouches for it, not the author.", "author"),
    Label("none", "Is it passed on with nobody behind it?",
          "Words like “rumours” or “allegedly” pass it on, and nobody is named who would stand by it.", "source"),
)  # fmt: skip

STATUSES: tuple[Label, ...] = (
    Label("stance",
          "Is what is said a judgement, a wish, a demand, a warning or an if-then, so that no evidence could settle "
          "it now?",
          "Somebody's view or wish. There is nothing in it that evidence could settle today.", "alleged"),
    Label("denied", "Does its source say that it is not so?",
          "A source says that it is not so.", "unconfirmed"),
    Label("unconfirmed", "Does its source say that there is no proof yet, or that it cannot confirm it?",
          "A source says that it cannot tell. The question stays open.", "denied"),
    Label("confirmed",
          "Is it an act on record with a speaker one could ask, or content with evidence that you could check, two "
          "sources who could each know it without the other, or an admission?",
          "An act is on record in this text, with a speaker one could ask; or the text itself supports the content.",
          "asserted"),
    Label("alleged", "Does it rest on a source's word alone, or on nobody's in particular?",
          "Somebody says so. It may be true or false; the text does not settle it.", "stance"),
    Label("asserted", "Does the author say it in their own voice, with no source at all?",
          "The author says so, on nobody's word.", "confirmed"),
)  # fmt: skip

CUE_CLASSES: tuple[Label, ...] = (
    Label("neutral", "Does the cue only tell that somebody spoke?", "It tells that somebody spoke: said.", "endorsing"),
    Label("endorsing", "Does the cue sound as if the speaker knows?", "It lends weight: showed, found.", "neutral"),
    Label("distancing", "Does the author step back with it?", "Hearsay or doubt: allegedly, rumours.", "reportative"),
    Label("reportative", "Does it only say that there is a report?", "A report, handed on: reportedly.", "distancing"),
    Label("accusing", "Does the cue lay blame?", "It says that somebody is to blame: accused, blamed."),
    Label("directive", "Does the cue ask somebody to do something?", "It wants something done: urged, demanded."),
    Label("warning", "Does the cue point at a danger to come?", "It speaks of harm that may come: warned."),
    Label("none", "Is there no word at all that ties it to a speaker?", "No word ties it to a speaker."),
)

REACHES: tuple[Label, ...] = (
    Label("hedged", "Does a word that weakens reach these words?", "A hedge weakens what is claimed here.", "plain"),
    Label("plain", "Is it said without any weakening word?", "No hedge reaches these words.", "hedged"),
)

SOURCE_KINDS = ("named", "role", "institution", "agency")
"""What an entry of the register of sources may be."""
OWN_VOICES = ("author", "none")
"""Sources that need no entry in the register: the article's own voice, and nobody."""

FIELDS: dict[str, tuple[str, ...]] = {
    "layer": tuple(layer.name for layer in LAYERS),
    "status": tuple(status.name for status in STATUSES),
    "source_kind": (*SOURCE_KINDS, *OWN_VOICES),
    "cue_class": tuple(item.name for item in CUE_CLASSES),
    "quote_type": ("direct", "indirect", "mixed", "narrated", "none"),
    "content_type": ("event", "state", "plan", "evidence", "judgement", "demand", "conditional", "speech"),
    "evidence": ("none", "asserted", "described", "shown"),
}
"""Every field of a claim with a closed list of values."""
UNKNOWN_LINK, HERE = "?", "article"
"""In a chain: a link that the text does not give, and the article itself, the last link."""
REPLIES = ("not reported", "declined", "denied", "confirmed", "other")
PROPOSED = ("", "sure", "likely", "guess")
"""How sure a draft is of what it proposes; empty: a person has accepted it."""
UNIT_KINDS = ("headline", "heading", "body", "furniture")
BLANK = ""
"""A cell of the source x proposition matrix whose source says nothing on that proposition."""
NO_REPLY = "no reply"
"""The same where the source is one of the accused, and the article reports no reply."""

_LISTS = {"layer": LAYERS, "voucher": VOUCHERS, "status": STATUSES, "cue_class": CUE_CLASSES, "reach": REACHES}


def names(field: str) -> tuple[str, ...]:
    """The permitted values of `field` ("layer", "voucher", "status", "reach" or a key of `FIELDS`), in order."""
    return tuple(item.name for item in _LISTS[field]) if field in _LISTS else FIELDS[field]


def label(field: str, name: str) -> Label:
    """The label called `name` of a field that students label. Raises KeyError where there is none."""
    return {item.name: item for item in _LISTS[field]}[name]
