"""Posts from social media that stand in an article as plain text: the words, a dash, a name, a handle and a day."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from kit.draft.lexicon import Cue
from kit.draft.patterns import Found, Pattern
from kit.draft.tokens import Tokens

__all__ = ["POST", "with_posts"]

POST = Pattern(
    "post",
    "a post set into the article: its words, a dash, a name with a handle, and a day",
    "[T1 We won. Thank you, Velma!] — [S1 Petra Holm (@petraholm)] March 4, 2017",
    lambda _: None,
)
_SIGNED = re.compile(
    r"(?:[—–]|--) ?(?P<name>[^\n—–@()]{2,60} ?\( ?@\w{1,20} ?\)) "
    r"(?:\d{1,2} [A-Z][a-z]+,?|[A-Z][a-z]+\.? \d{1,2} ?,) ?\d{4}\b"
)
_LINK = re.compile(r"(?:https?://|pic\.twitter\.com/|t\.co/)\S+", re.IGNORECASE)
_SAYS = Cue("—", "base", "says", "neutral", frozenset())
_LONG = 500
"""What is longer is no post: it has a paragraph of the article before it."""


def with_posts(tokens: Tokens, found: list[Found]) -> list[Found]:
    """What was found, without what lies in a post, and the posts themselves."""
    posts = list(_posts(tokens))
    inside = [(post.content[0][0], post.source[1]) for post in posts if post.source]
    kept = [hit for hit in found if not any(a <= hit.content[0][0] < b for a, b in inside)]
    return [*kept, *posts]


def _posts(tokens: Tokens) -> Iterator[Found]:
    low = 0
    for match in _SIGNED.finditer(tokens.text):
        start, stop = _words(tokens.text, low, match.start())
        ranges = [_range(tokens, *match.span("name")), _range(tokens, start, stop)]
        if stop <= start + _LONG and ranges[1][0] < ranges[1][1]:
            yield Found(ranges[0], (), (ranges[1],), _SAYS, POST.name)
        low = match.end()


def _words(text: str, low: int, dash: int) -> tuple[int, int]:
    """The last line before the dash that has words besides links, without the links at its end."""
    at = dash
    for line in reversed(text[low:dash].split("\n")):
        at -= len(line)
        words = _LINK.sub(lambda link: " " * len(link.group()), line).rstrip()
        if words.strip():
            return at + len(words) - len(words.lstrip()), at + len(words)
        at -= 1
    return dash, dash


def _range(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    return bisect_left(tokens.starts, start), bisect_left(tokens.starts, end)
