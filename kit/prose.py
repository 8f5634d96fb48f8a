"""A written answer in canonical form: the whole text, for a person to read. The check counts, and judges nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import dataclass

from kit import plain
from kit.answers import Answer
from kit.files import many

__all__ = ["LONGEST", "Prose", "written"]

LONGEST = 3000
"""Characters that are kept: about five hundred words."""
_CLAIM = re.compile(r"\b[A-Z]\d+[a-z]\b", re.IGNORECASE)


@dataclass(frozen=True, repr=False)
class Prose(Answer):
    """A text as an answer. It has one line, `text`, and keeps its paragraphs."""

    @property
    def verdict(self) -> str:
        """How long the text is, and who reads it."""
        count = len(str(self.lines["text"]).split())
        return f"{many(count, 'word')}. A person will read this and score it by the rubric."

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in (*self.problems, *self.remarks.values()))
        text = html.escape(plain.printable(str(self.lines["text"])))
        return f"<p>{self.verdict}</p><ul>{notes}</ul><blockquote style='white-space: pre-wrap'>{text}</blockquote>"


def written(answer: object, *, words: tuple[int, int], claims: Collection[str] = ()) -> Prose:
    """A text of the student's own, at most `LONGEST` characters of it.

    `words` are the fewest and the most words that are asked for. With `claims` (ids) the text shall point to some
    of them; what looks like an id and is none is named.
    """
    if not isinstance(answer, str):
        nothing = answer is None or answer is ...
        problem = f"A text in quotation marks is asked for, but this is {plain.kind(answer)}."
        return Prose({"text": ""}, ("Still blank: write your text." if nothing else problem,))
    text = str.__str__(answer).strip()
    if not text:
        return Prose({"text": ""}, ("Still blank: write your text between the quotation marks.",))
    named = {name.casefold(): name for name in claims}
    pointed = list(dict.fromkeys(found.casefold() for found in _CLAIM.findall(text)))
    known = [named[name] for name in pointed if name in named]
    said = {"text": f"It points to {', '.join(known)}."} if known else {}
    problems = _length(len(text.split()), *words)
    if len(text) > LONGEST:
        problems.append(f"Only its first {LONGEST} characters are kept.")
    if claims:
        strange = [name.capitalize() for name in pointed if name not in named]
        problems += [f"{name} is not a claim of this article." for name in strange[:5]]
        problems += [] if known else [f"It points to no claim yet: name some by id, such as {next(iter(claims))}."]
    return Prose({"text": text[:LONGEST].rstrip()}, tuple(problems), said)


def _length(count: int, fewest: int, most: int) -> list[str]:
    if fewest <= count <= most:
        return []
    return [f"It is too {'short' if count < fewest else 'long'}: {count} words, and {fewest} to {most} are asked for."]
