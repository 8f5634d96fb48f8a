"""The head of a drafted file, which says how far it is checked and what is to be done next: it keeps to the truth."""

from __future__ import annotations

import re

from kit.article.records import Annotation

__all__ = ["headed", "unsettled"]

_STATES = (
    "Nothing here is checked yet.",
    "What is marked as proposed is not checked yet.",
    "A person has read and accepted all of it.",
)
_NEXT = re.compile(
    r"Next: run `python -m kit (?:annotate|check) (\S+)`.*?`python -m kit (?:check|new-course) \S+`\.", re.S
)
_STEPS = (
    r"Next: run `python -m kit annotate \1` and go through it on screen, or edit this file; then run\n"
    r"# `python -m kit check \1`.",
    r"Next: run `python -m kit check \1`, then\n# `python -m kit new-course \1`.",
)


def unsettled(whole: Annotation) -> tuple[int, int]:
    """How many claims and how many sources no person has accepted."""
    claims = sum(bool(claim.proposed) or claim.blank or not claim.status for claim in whole.claims)
    return claims, sum(bool(source.proposed) for source in whole.sources)


def headed(text: str, whole: Annotation) -> str:
    """The text of a file with the head of a draft brought up to date; a head in other words stays as it is."""
    head, mark, rest = text.partition("format")
    if not any(state in head for state in _STATES):
        return text
    still, all_ = sum(unsettled(whole)), len(whole.claims) + len(whole.sources)
    now = 2 if not still else 0 if still == all_ else 1
    for state in _STATES:
        head = head.replace(state, _STATES[now])
    steps = _STEPS[now == 2].replace("\\n", "\r\n" if "\r\n" in head else "\n")
    return _NEXT.sub(steps, head) + mark + rest
