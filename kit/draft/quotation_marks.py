"""Quotation marks: which are there, whatever they look like, and which of them make a pair.

Single marks, as British papers set them, are told from apostrophes and read as double ones; so are the marks of other
countries („x“, «x», ‚x‘) and two apostrophes (''x'').
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.draft.tokens import Range, Tokens

_Mark = tuple[str, int]
_LINE = re.compile(r"\S[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*")
_OPEN = r"""
    [‘'](?:(?<=^.)|(?<=[\s(\[—–\-“"/].))                   # after a blank, a bracket, a dash, a double mark
    (?!['’]|(?:\d\ds?|n|(?i:em|til|tis|twas|cause|bout|cos|ere|un))\b)  # not where letters are left out: '90s, 'em, 'n'
    (?!(?:s|re|ve|ll|d|m|t)\b)                             # nor in a text with blanks around every mark: the mayor 's
    (?=[\w“"…£$€(\[])
"""
_MARK = re.compile(
    rf"""(?P<double>[“”"]|``|'')
    | (?P<open>{_OPEN})
    | (?P<close>(?<=[^\w\s])[’'](?![\w’']))                 # after a comma, a stop, a double mark
    | (?P<maybe>(?:(?<=[sS])|(?<=in)|(?<=\b[oO])|(?<=ol))[’'](?=\s+\w))  # the soldiers' camp, goin' home, ol' man
    | (?P<end>(?<=\w)(?<![’']n)[’'](?![\w’']))""",
    re.VERBOSE | re.MULTILINE,
)
_FIRST = re.compile(_OPEN, re.VERBOSE | re.MULTILINE)
_PARTNERS = {"“": "”", '"': '"', "`": "''"}
_NESTED = str.maketrans('“”"', "‘’'")


_LOW = re.compile(r"„([^“”]*)[“”]|‚([^‘’]*)[‘’]")
_TWICE = re.compile(r"(?P<open>(?<![^\s(\[—–-])''(?=[^\s']))|(?<!')''(?!')")


def _local(text: str) -> str:
    """`text`, of the same length, with the marks „x“, ‚x‘, «x», »x« and ''x'' as “x” and ‘x’."""
    if not set("„‚«»‹›").isdisjoint(text):
        text = _LOW.sub(lambda m: f"“{m.group(1)}”" if m.group(1) is not None else f"‘{m.group(2)}’", text)
        outward = text.find("«") < text.find("»") or "»" not in text
        text = text.translate(str.maketrans("„«»‹›", "““”‘’" if outward else "“”“’‘"))
    return text if "``" in text or "''" not in text else _TWICE.sub(lambda m: " “" if m["open"] else "” ", text)


def doubled(text: str) -> str:
    """`text`, of the same length, with all quotation marks as “x” or "x", and those within them as single ones.

    Apostrophes stay, and so do single marks within double ones.
    """
    text = _local(text)
    if not _FIRST.search(text):
        return text
    lines = [match.span() for match in _LINE.finditer(text)]
    letters = list(text)
    for (start, end), after in zip(lines, [*(start for start, _ in lines[1:]), len(text)], strict=True):
        for first, last in _pairs(text, start, end, after) if _FIRST.search(text, start, end) else ():
            letters[first] = "“"
            if last < end:
                letters[first + 1 : last] = text[first + 1 : last].translate(_NESTED)
                letters[last] = "”"
    return "".join(letters)


def _pairs(text: str, start: int, end: int, after: int) -> Iterator[Range]:
    """The single marks of one line, by twos; one that runs on into the line at `after` ends at `end`."""
    marks: list[_Mark] = [(str(match.lastgroup), match.start()) for match in _MARK.finditer(text, start, end)]
    at = 0
    while at < len(marks):
        kind, place = marks[at]
        close = at
        if kind == "double":
            wanted = _PARTNERS.get(text[place])
            later = (n for n in range(at + 1, len(marks)) if wanted and text.startswith(wanted, marks[n][1]))
            close = next(later, len(marks) - 1) if wanted else at  # without a partner it takes in the rest of the line
        elif kind == "open":
            close = _closer(marks, at)
            runs_on = _FIRST.match(text, after) and (close == at or marks[close][0] == "maybe")
            runs_on = runs_on and (place == start or text[place - 2] in ".:,?!")
            if runs_on:
                yield place, end
            elif close > at:
                yield place, marks[close][1]
        at = close + 1


def _closer(marks: list[_Mark], at: int) -> int:
    """The single mark that closes the one at `at`, or `at`: one that may be a plural's only if no other can."""
    maybe = at
    for n in range(at + 1, len(marks)):
        kind = marks[n][0]
        if kind == "open":
            break
        if kind in ("close", "end"):
            return n
        maybe = n if kind == "maybe" and maybe == at else maybe
    return maybe


def with_quotes(tokens: Tokens, paragraphs: list[int], blocks: list[int]) -> None:
    """Fill in `tokens.quotes` and `tokens.quoted`; `paragraphs` and `blocks` number those of each sentence.

    A mark that opens a sentence within an open quotation only opens it again. A quotation ends with its block, unless
    the next one opens with a mark again: then it goes on. A mark without a partner is left alone.
    """
    ranges: dict[int, tuple[int, int, int]] = {}  # the tokens of each paragraph, and its block
    for (first, stop), number, block in zip(tokens.sentences, paragraphs, blocks, strict=True):
        ranges[number] = (ranges.get(number, (first, stop))[0], stop, block)
    tokens.firsts = {first for first, _, _ in ranges.values()}
    tokens.quoted = [-1] * len(tokens.forms)
    opened, last_block = -1, -1
    for first, stop, block in ranges.values():
        opens = _opens(tokens, first, first, opened=False) if tokens.kinds[first] == "quote" else False
        # Left open at the end of its block: it goes on only if it began a sentence, and this one begins so too.
        whole = opened >= 0 and (opened in tokens.firsts or tokens.forms[opened + 1][:1].isupper())
        if block != last_block and not (opens and whole):
            opened = -1
        for k in range(first + (opened >= 0 and opens), stop):
            if tokens.kinds[k] != "quote":
                continue
            if _opens(tokens, k, first, opened=opened >= 0):
                again = opened >= 0 and tokens.forms[k - 1] in (".", "!", "?") and tokens.forms[opened + 1][0].isupper()
                opened = opened if again else k
            elif opened >= 0:
                tokens.quotes.append((opened, k))
                opened = -1
        last_block = block
    for number, (first, last) in enumerate(tokens.quotes):
        tokens.quoted[first : last + 1] = [number] * (last + 1 - first)


def _opens(tokens: Tokens, k: int, first: int, *, opened: bool) -> bool:
    """Whether the mark at `k` opens a quotation. A straight one is told by the spaces around it."""
    before = tokens.text[tokens.starts[k] - 1 : tokens.starts[k]]
    after = tokens.text[tokens.ends[k] : tokens.ends[k] + 1]
    space_before, space_after = k == first or not before or before in " \t(\u00a0—-[", not after or after.isspace()
    # Spaces on both sides, or on neither, say nothing: then marks alternate.
    return not opened if space_before == space_after else space_before
