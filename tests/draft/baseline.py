"""The rival that the rules must beat: what fits on one screen of regular expressions, and honestly tried."""

from __future__ import annotations

import re

from marked import Marked

SAYING = (
    "said says say told tells announced announces reported reports claimed claims argued argues noted notes added adds "
    "explained believes believe thinks think insisted denied denies warned admitted confirmed suggested suggests"
)
_V = rf"(?P<cue>{'|'.join(SAYING.split())})"
_NAME = r"(?P<source>(?:[A-Z][\w.'-]+|[Tt]he|[Aa]n?|[Hh]e|[Ss]he|[Tt]hey|of|for|\w+)(?: [\w.'-]+){0,7}?)"
_RULES = [
    re.compile(rf'(?P<content>["“][^"”]+,["”]) {_NAME} {_V}\b'),
    re.compile(rf'(?P<content>["“][^"”]+[,?!]["”]) {_V} (?P<source>[^,."]+)'),
    re.compile(
        rf"(?:^|(?<=[.!?] )|(?<=, ))(?P<source>[A-Z][^,.\"]*?) {_V}(?: \w+day| reporters)? (?P<content>that [^.]+)"
    ),
    re.compile(rf"(?:^|(?<=[.!?] ))(?P<source>[A-Z][^,.\"]*?) {_V} (?P<content>(?:the|a|it|he|they|[A-Z])[^.]+)"),
    re.compile(rf"(?:^|(?<=[.!?] ))(?P<content>[A-Z][^.\"]+), (?P<source>[^,.\"]+?) {_V}(?=[.,])"),
    re.compile(r"(?P<cue>[Aa]ccording to) (?P<source>[^,.]+), (?P<content>[^.]+)"),
    re.compile(r"(?:^|(?<=[.!?] ))(?P<content>[A-Z][^.]+?), (?P<cue>according to) (?P<source>[^,.]+)"),
]


def attributions(text: str) -> list[Marked]:
    """What the expressions find; the first that matches a cue keeps it."""
    found: dict[int, Marked] = {}
    for rule in _RULES:
        for start, line in ((m.start(), m.group()) for m in re.finditer(r".+", text)):
            for hit in rule.finditer(line):
                spans = [[(start + hit.start(p), start + hit.end(p))] for p in ("source", "cue", "content")]
                found.setdefault(start + hit.start("cue"), Marked(*spans))
    return list(found.values())
