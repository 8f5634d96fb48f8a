"""The forms an answer can have: choices, words, pieces, a number, a small frame, a text. Each makes an `Answer`."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.article.anchors import closest
from kit.check.answers import Answer, Value, kind, number_of, numbers, printable, shown, string, text
from kit.errors import many

__all__ = ["LONGEST", "Prose", "choices", "gaps", "mapping", "number", "spans", "table", "words", "written"]

LONGEST = 3000
"""Characters that are kept: about five hundred words."""
_CLAIM = re.compile(r"\b[A-Z]\d+[a-z]\b", re.IGNORECASE)
_MOST, _ROWS = 5, 1000
_TO_NUMBER = {"text": " Write it without quotation marks."} | dict.fromkeys(
    ("a Series", "a DataFrame", "an array"), " Count, or add up, until one number is left."
)
_TO_FRAME = {"a Series": " Try .to_frame(…), or .unstack() where it has two levels."}


def choices(answer: object, *, lines: Sequence[str], values: Sequence[str]) -> Answer:
    """One of `values` for each of `lines`: a dict such as {"S05a": "act"}, or a Series. Capitals do not matter."""
    given, problems = mapping(answer, lines)
    spelled = {value.casefold(): value for value in values}
    found: dict[str, Value] = {}
    for name in lines:
        typed = text(given.get(name, ""))
        found[name] = value = spelled.get(typed.casefold(), typed.lower())
        if value and value not in values:
            listed = ", ".join(values) if len(values) < 10 else f"{values[0]}, {values[1]} … {values[-1]}"
            problems.append(f"{name}: “{value}” is not one of {listed}{_meant(value, values)}")
    return Answer(found, tuple(problems + gaps(found)))


def words(answer: object, *, lines: Mapping[str, str]) -> Answer:
    """Words copied from a text, for each of `lines` (name to the text that they must stand in).

    Quotation marks, capitals, spaces and full stops around them do not matter.
    """
    given, problems = mapping(answer, tuple(lines))
    found: dict[str, Value] = {}
    for name, sentence in lines.items():
        found[name] = value = text(given.get(name, "")).casefold()
        if value and value not in " ".join(sentence.casefold().split()):
            problems.append(f"{name}: “{value}” does not stand in that sentence; copy the words letter by letter.")
    return Answer(found, tuple(problems + gaps(found)))


def spans(answer: object, *, lines: Mapping[str, int]) -> Answer:
    """Numbers of pieces, for each of `lines` (name to how many pieces there are), such as {"S05": [1, 2]}."""
    given, problems = mapping(answer, tuple(lines))
    found: dict[str, Value] = {}
    for name, size in lines.items():
        typed = numbers(given.get(name))
        found[name] = good = sorted({n for n in typed if isinstance(n, int) and 1 <= n <= size})
        if strange := [item for item in typed if item not in good]:
            which = f"“{shown(strange[0])}” is not the number of a piece"
            problems.append(f"{name}: {which}; give numbers from 1 to {size} in square brackets.")
    return Answer(found, tuple(problems + gaps(found)))


def number(answer: object) -> Answer:
    """A single number, whole or not."""
    value = number_of(answer)
    if isinstance(value, (int, float)):
        return Answer({"value": value})
    sort = kind(answer)
    asked = f"A number is asked for, but this is {sort}.{_TO_NUMBER.get(sort, '')}"
    problem = "This number is too large." if sort == "a number" else asked
    return Answer({"value": ""}, ("Still blank: give a number." if value == "" else problem,))


def table(answer: object, *, rows: Sequence[object], columns: Sequence[str], total: float | None = None) -> Answer:
    """A small frame: one line per row key, with the values of `columns` in that order.

    The row keys are the frame's index, or else the further column that holds more of them. With `total`,
    a sum over all cells that differs is named, so that a slip shows before the answer is handed in.
    """
    empty: dict[str, Value] = {str(row): "" for row in rows}
    try:
        if hasattr(answer, "columns") and hasattr(answer, "index") and not isinstance(answer, type):
            return _frame(answer, empty, columns, total)
    except Exception:  # whatever a student's frame holds, the check answers with a sentence
        return Answer(empty, ("This frame cannot be read; make it with plain numbers in its cells.",))
    sort = kind(answer)
    return Answer(empty, (f"A DataFrame is asked for, but this is {sort}.{_TO_FRAME.get(sort, '')}",))


@dataclass(frozen=True, repr=False)
class Prose(Answer):
    """A text as an answer. It has one line, `text`, and keeps its paragraphs."""

    @property
    def verdict(self) -> str:
        """How long the text is, and who reads it."""
        count = len(str(self.lines["text"]).split())
        if self.stale:
            return f"{many(count, 'word')}."
        return f"{many(count, 'word')}. A person will read this and score it by the rubric."

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in (*self.problems, *self.remarks.values()))
        text = html.escape(printable(str(self.lines["text"])))
        said = f"{self._first()}<p>{self.verdict}</p><ul>{notes}</ul>"
        return f"{said}<blockquote style='white-space: pre-wrap'>{text}</blockquote>"


def written(answer: object, *, words: tuple[int, int], claims: Collection[str] = ()) -> Prose:
    """A text of the student's own, at most `LONGEST` characters of it.

    `words` are the fewest and the most words that are asked for. With `claims` (ids) the text shall point to some
    of them; what looks like an id and is none is named.
    """
    if not isinstance(answer, str):
        nothing = answer is None or answer is ...
        problem = f"A text in quotation marks is asked for, but this is {kind(answer)}."
        return Prose({"text": ""}, ("Still blank: write your text." if nothing else problem,))
    text = str.__str__(answer).strip()
    if not text:
        return Prose({"text": ""}, ("Still blank: write your text between the quotation marks.",))
    named = {name.casefold(): name for name in claims}
    pointed = list(dict.fromkeys(found.casefold() for found in _CLAIM.findall(text)))
    known = [named[name] for name in pointed if name in named]
    said = {"text": f"It points to {', '.join(known)}."} if known else {}
    (fewest, most), count, problems = words, len(text.split()), []
    if not fewest <= count <= most:
        amiss = "short" if count < fewest else "long"
        problems.append(f"It is too {amiss}: {count} words, and {fewest} to {most} are asked for.")
    if len(text) > LONGEST:
        problems.append(f"Only its first {LONGEST} characters are kept.")
    if claims:
        strange = [name.capitalize() for name in pointed if name not in named]
        problems += [f"{name} is not a claim of this article." for name in strange[:5]]
        problems += [] if known else [f"It points to no claim yet: name some by id, such as {next(iter(claims))}."]
    return Prose({"text": text[:LONGEST].rstrip()}, tuple(problems), said)


def _frame(frame: Any, empty: dict[str, Value], columns: Sequence[str], total: float | None) -> Answer:
    frame = frame.head(_ROWS)
    named = {str(name): at for at, name in enumerate(frame.columns)}
    missing = [name for name in columns if name not in named]
    if missing:
        have = ", ".join(list(named)[:8]) or "none"
        turned = " They are its rows: .T turns it round." if set(missing) <= set(map(str, frame.index)) else ""
        lost = f"column {missing[0]} is" if len(missing) == 1 else f"columns {', '.join(missing)} are"
        return Answer(empty, (f"The {lost} missing; your frame has: {have}.{turned}",))
    cells = frame.iloc[:, [named[name] for name in columns]].astype(object).to_numpy().tolist()
    others = [frame.iloc[:, at] for at, name in enumerate(frame.columns) if str(name) not in columns]
    keys = [[str(number_of(key)) for key in column] for column in (frame.index, *others)]
    found, strange, problems = dict(empty), [], []
    for key, values in zip(max(keys, key=lambda column: len(set(empty) & set(column))), cells, strict=True):
        if key not in empty:
            strange.append(f"The row {shown(key)!r} is not asked for; it is left out.")
            continue
        if found[key] != "":
            problems.append(f"The row {key} stands in your frame more than once; the last one counts.")
        row = found[key] = [number_of(value) for value in values]
        problems += [f"The row {key} has an empty cell; where there is nothing to count it is 0."] if "" in row else []
    counts = [v for row in found.values() if isinstance(row, list) for v in row if isinstance(v, (int, float))]
    if total is not None and not problems and not gaps(found) and sum(counts) != total:
        problems.append(f"Your cells add up to {sum(counts)}, but {total} things are counted here.")
    return Answer(found, tuple(problems + _few(strange) + gaps(found)))


def mapping(answer: Any, lines: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """What a dict or a Series gives, by the text of its keys, and what is strange about its form."""
    asked = f'An answer like {{"{lines[0]}": …}} is asked for, but this is {kind(answer)}.'
    if hasattr(type(answer), "columns"):
        return {}, [asked]
    try:
        given = answer if isinstance(answer, Mapping) else answer.to_dict()
        known = {string(key): value for key, value in given.items()}
    except Exception:  # neither a dict nor a Series, or an object of the student's own that fails when it is read
        return {}, [asked]
    strange = [shown(key) for key in known if key not in lines]
    return known, _few([f"“{key}” is not asked for here{_meant(key, lines)}" for key in strange])


def _few(problems: list[str]) -> list[str]:
    """The first of many alike, and how many more there are."""
    return problems[:_MOST] + [f"There are {len(problems) - _MOST} more like this."] * (len(problems) > _MOST)


def gaps(found: Mapping[str, Value]) -> list[str]:
    """The sentence that names the lines which are still blank, or nothing."""
    blanks = [name for name, value in found.items() if value in ("", [])]
    return [f"Still blank: {', '.join(blanks)}."] if blanks else []


def _meant(word: str, permitted: Sequence[str]) -> str:
    spelled = {name.casefold(): name for name in permitted}
    begun = [name for low, name in spelled.items() if low.startswith(f"{word.casefold()} ")]
    if len(begun) == 1:
        return f"; did you mean “{begun[0]}”?"
    hint = closest(word.casefold(), tuple(spelled))
    found = next((name for low, name in spelled.items() if f"“{low}”" in hint), "")
    return f"; did you mean “{found}”?" if hint.startswith("; did") and found else "."
