"""What a person is told before and while annotating: what kind of text it is, and how a proposition is worded."""

from __future__ import annotations

import re

from kit.article.codebook import HERE, OWN_VOICES, UNKNOWN_LINK
from kit.article.records import Annotation
from kit.errors import many

__all__ = ["POLARITY", "advice", "polarity"]

POLARITY = (
    "Word each as the accusation, as if it were so: “The company hid the report.” Then “denied” in the matrix says "
    "that a source denies it."
)
_TURN = re.compile(r"(?:Q|A|[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}) ?[:–—] \S")
"""“Q: …”, “Rosa Lind: …”: the start of a line of an interview."""
_TURNED = re.compile(
    r"\b(?:not|never|nobody|nothing|no one|cannot|\w+n['’]t|(?:is|are|was|were) (?:false|untrue|wrong|innocent|lies|"
    r"made up)|falsely|wrongly|denie[sd]|den(?:y|ial)|baseless|unfounded)\b|^no\b",
    re.IGNORECASE,
)


def advice(whole: Annotation) -> tuple[str, ...]:
    """What to know of a text before annotating it, in sentences: who speaks how often, and what a course would lack."""
    voices = (*OWN_VOICES, HERE, UNKNOWN_LINK, "")
    heard = {name for claim in whole.claims for name in (claim.source, *claim.chain[:1]) if name not in voices}
    acts = sum(claim.layer == "act" for claim in whole.claims)
    quotations = sum(claim.layer == "content" and claim.quote_type in ("direct", "mixed") for claim in whole.claims)
    found = [f"This text has {many(len(heard), 'speaker')}, {many(acts, 'act')} and {many(quotations, 'quotation')}."]
    if _interview(whole.text):
        found.append("This is an interview: see that each answer has the one who is asked as its source.")
    if len(heard) < 2:
        said = "has one speaker" if heard else "gives nobody a word"
        found.append(f"This {said}: a course needs more. Add whom the draft did not find, or take another text.")
    return tuple(found)


def polarity(text: str) -> str:
    """What to ask oneself about the wording of a proposition; empty where it says flatly that something is so."""
    if not (found := _TURNED.search(text)):
        return ""
    turned = "Then every denial is turned round in the matrix: word it as the accusation, as if it were so."
    return f"Is “{found.group()}” what the accused say for themselves? {turned}"


def _interview(text: str) -> bool:
    """Whether at least three lines, and a quarter of all, begin with a name and a colon, or end as questions."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    asked = sum(line.endswith("?") for line in lines)
    turns = max(sum(bool(_TURN.match(line)) for line in lines), asked)
    return turns >= 3 and turns * 4 >= len(lines)
