"""Reads texts marked with [S1 …], [C1 …] and [T1 …]: source, cue and content of attribution 1; [S1,2 …] for two."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_TAG = re.compile(r"\[([SCT])([\d,]+) |\]")
PARTS = {"S": "source", "C": "cue", "T": "content"}


@dataclass
class Marked:
    """One attribution as people marked it."""

    source: list[tuple[int, int]] = field(default_factory=list)
    cue: list[tuple[int, int]] = field(default_factory=list)
    content: list[tuple[int, int]] = field(default_factory=list)


def unmark(marked: str) -> tuple[str, list[Marked]]:
    """The plain text, and its attributions in the order of their numbers."""
    found: dict[int, Marked] = {}
    plain, at, stack = "", 0, []
    for tag in _TAG.finditer(marked):
        plain += marked[at : tag.start()]
        at = tag.end()
        if tag.group(1):
            stack.append((tag.group(1), tag.group(2), len(plain)))
        else:
            letter, numbers, start = stack.pop()
            for number in numbers.split(","):
                getattr(found.setdefault(int(number), Marked()), PARTS[letter]).append((start, len(plain)))
    assert not stack, "a bracket is open"
    return plain + marked[at:], [found[number] for number in sorted(found)]


def documents(path: Path) -> list[tuple[str, list[Marked]]]:
    """Every text of a file, in which a line “== name” stands above each."""
    body = "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("# "))
    return [unmark(part.partition("\n")[2].strip()) for part in re.split(r"^== ", body, flags=re.MULTILINE)[1:]]
