"""Quotations: which mark opens one and which closes it, also over several sentences and paragraphs."""

from __future__ import annotations

from kit.draft.tokens import Tokens

__all__ = ["with_quotes"]


def with_quotes(tokens: Tokens, paragraphs: list[int], blocks: list[int]) -> None:
    """Fill in `tokens.quotes` and `tokens.quoted`; `paragraphs` and `blocks` number those of each sentence.

    A quotation ends with its block, unless the next one opens with a mark again: then it goes on.
    A mark without a partner is left alone.
    """
    tokens.quoted = [-1] * len(tokens.forms)
    opened, last_block = -1, -1
    for first, stop, block in _ranges(tokens, paragraphs, blocks):
        opens = _opens(tokens, first, first, opened=False) if tokens.kinds[first] == "quote" else False
        # Left open at the end of its block: it goes on only if it began a paragraph, and this one begins so too.
        if opened >= 0 and block != last_block and not (opens and opened in tokens.firsts):
            opened = -1
        for k in range(first + (opened >= 0 and opens), stop):
            if tokens.kinds[k] == "quote":
                opened = _met(tokens, k, first, opened)
        last_block = block
    for number, (first, last) in enumerate(tokens.quotes):
        tokens.quoted[first : last + 1] = [number] * (last + 1 - first)


def _met(tokens: Tokens, k: int, first: int, opened: int) -> int:
    """The mark that is open after the one at `k`: itself, or none (-1) if it closes one."""
    if _opens(tokens, k, first, opened=opened >= 0):
        return k
    if opened >= 0:
        tokens.quotes.append((opened, k))
    return -1


def _ranges(tokens: Tokens, paragraphs: list[int], blocks: list[int]) -> list[tuple[int, int, int]]:
    """The range of tokens of each paragraph, and its block."""
    found: dict[int, tuple[int, int, int]] = {}
    for (first, stop), number, block in zip(tokens.sentences, paragraphs, blocks, strict=True):
        found[number] = (found.get(number, (first, stop))[0], stop, block)
    tokens.firsts = {first for first, _, _ in found.values()}
    return list(found.values())


def _opens(tokens: Tokens, k: int, first: int, *, opened: bool) -> bool:
    """Whether the mark at `k` opens a quotation. A straight one is told by the spaces around it."""
    before = tokens.text[tokens.starts[k] - 1 : tokens.starts[k]]
    after = tokens.text[tokens.ends[k] : tokens.ends[k] + 1]
    space_before, space_after = k == first or not before or before in " \t(\u00a0—-[", not after or after.isspace()
    # Spaces on both sides, or on neither, say nothing: then marks alternate.
    return not opened if space_before == space_after else space_before
