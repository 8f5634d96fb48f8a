"""The forms an answer can have: choices, words, pieces, a number, a small frame, a text. Each makes an `Answer`.

Where numbers are asked, the check is told of which kind: "count", "share" (of 1), "percent", or any "number".
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kit.article.anchors import alike
from kit.check import answers, feedback
from kit.check.answers import Answer, Value, number_of, numbers, printable, shown, string, text
from kit.errors import many

LONGEST = 3000
"""Characters that are kept: about five hundred words."""
_UNIT = re.compile(r"[A-Z]\d+")
_ID = re.compile(r"\W*([a-z])\W*(\d[\do]*|o\d)\W*([a-z]?)\W*")
_CLAIM = re.compile(r"\b[A-Z]\d+[a-z]\b", re.IGNORECASE)
_MOST, _ROWS = 5, 1000
_TO_NUMBER: dict[str, str] = dict.fromkeys(
    ("a Series", "a DataFrame", "an array"), " Count, or add up, until one number is left."
) | {"of the type method": " A command works only with round brackets after it: ()."}
_BETWEEN = re.compile(r"\s*(?:[-–,;/&+|]|\band\b|\bor\b)\s*", re.IGNORECASE)
_TO_FRAME = {"a Series": " Try .to_frame(…), or .unstack() where it has two levels."}
_TO_DICT = {
    "a tuple": " Does a comma stand after the last bracket? Take it away.",
    "a set": " Between a name and its value belongs a colon.",
}


def choices(answer: object, *, lines: Sequence[str], values: Sequence[str], reasons: str = "") -> Answer:
    """One of `values` for each of `lines`: a dict such as {"S05a": "act"}, or a Series. Capitals do not matter.

    Of several values on a line the first counts, and that is said. `reasons` names the question in `reasons.toml`
    whose words tell why a choice fits or not, such as "08_how_a_machine_would_do_it.ticket".
    """
    given, problems = mapping(answer, lines)
    if "none" in values and (empty := [name for name in lines if given.get(name, ...) is None]):
        problems.append(f'{empty[0]}: None means that there is nothing yet. For the label, type "none".')
    spelled = {value.casefold(): value for value in values}
    found: dict[str, Value] = {}
    faults = {}
    for name in lines:
        first, *more = _several(given.get(name, ""), spelled)
        found[name] = value = spelled.get(first.casefold(), first.lower())
        if value and value not in values:
            meant = _meant(value, values)
            faults[name] = "misspelt" if meant != "." else "not offered"
            listed = ", ".join(values) if len(values) < 10 else f"{values[0]}, {values[1]} … {values[-1]}"
            problems.append(f"{name}: “{value}” is not one of {listed}{meant}")
        elif more:
            what = "unit" if _UNIT.fullmatch(value) else "of them"
            problems.append(f"{name}: one {what} is enough; the first counts here: {value}.")
    filled = [name for name, value in found.items() if value and name not in faults]
    remarks = {name: feedback.reason(reasons, name, str(found[name])) for name in filled} if reasons else {}
    return Answer(found, tuple(problems + gaps(found)), remarks, faults)


def _several(value: object, spelled: Mapping[str, str]) -> list[str]:
    """The text on a line; or, where it is nothing but permitted values with commas or “and” between, each of them."""
    whole = text(value)
    if isinstance(value, (list, tuple)) and len(value) <= _MOST:
        parts = [text(item) for item in value] or [""]
        whole = whole if value else ""
    else:
        parts = [text(part) for part in _BETWEEN.split(whole)]
        parts = parts if all(part.casefold() in spelled for part in parts) else whole.split()
    return parts if parts and all(part.casefold() in spelled for part in parts) else [whole]


def words(answer: object, *, lines: Mapping[str, str]) -> Answer:
    """Words copied from a text, for each of `lines` (name to the text that they must stand in).

    Quotation marks, capitals, spaces and full stops around them do not matter.
    """
    given, problems = mapping(answer, tuple(lines))
    found: dict[str, Value] = {}
    faults = {}
    for name, sentence in lines.items():
        found[name] = value = text(given.get(name, "")).casefold()
        if value and not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", " ".join(sentence.casefold().split())):
            faults[name] = "not in the sentence"
            problems.append(f"{name}: “{value}” does not stand in that sentence; copy the words letter by letter.")
    return Answer(found, tuple(problems + gaps(found)), faults=faults)


def spans(answer: object, *, lines: Mapping[str, int]) -> Answer:
    """Numbers of pieces, for each of `lines` (name to how many pieces there are), such as {"S05": [1, 2]}."""
    given, problems = mapping(answer, tuple(lines))
    found: dict[str, Value] = {}
    faults = {}
    for name, size in lines.items():
        typed = numbers(given.get(name))
        found[name] = good = sorted({n for n in typed if isinstance(n, int) and 1 <= n <= size})
        if strange := [item for item in typed if item not in good]:
            faults[name] = "not a piece"
            which = f"“{shown(strange[0])}” is not the number of a piece"
            how = f"give numbers from 1 to {size} in square brackets"
            if isinstance(strange[0], str) and re.fullmatch(r"[\d ,;]+", strange[0]):
                how += ", without quotation marks"
            problems.append(f"{name}: {which}; {how}.")
    blank = {name: value for name, value in found.items() if name not in faults}
    return Answer(found, tuple(problems + gaps(blank)), faults=faults)


def number(answer: object, *, kind: str = "number", most: float | None = None, places: int = 6) -> Answer:
    """A single number of this kind. One that is impossible is named: also where it is more than `most`, all there are.

    It is rounded to so many decimal `places`. What is no number is shown, with how to write it.
    """
    value = number_of(answer)
    if isinstance(value, (int, float)):
        value = number_of(round(value, places))
        matter = answers.impossible(value, kind, most)
        said = (f"{matter}. Look again at what is asked.",) if matter else ()
        return Answer({"value": value}, said, faults={"value": "impossible"} if matter else {})
    if value == "" or answer is ...:
        return Answer({"value": ""}, ("Still blank: give a number.",))
    sort = answers.kind(answer)
    how = answers.written_otherwise(answer, kind)
    how = f" {how[0].upper()}{how[1:]}." if how else _TO_NUMBER.get(sort, "")
    asked = f"A number is asked for, but this is {sort}.{how}"
    problem = "This number is too large." if sort == "a number" else asked
    plain = text(answer) if sort in ("a list", "a number", "a tuple", "text", "True or False") else ""
    return Answer({"value": plain or sort}, (problem,), faults={"value": "no number"})


def table(
    answer: object,
    *,
    rows: Sequence[object],
    columns: Sequence[str],
    total: float | None = None,
    kind: str | Sequence[str] = "number",
    most: float | None = None,
) -> Answer:
    """A small frame: one line per row key, with the values of `columns` in that order.

    The row keys are the frame's index, or else the further column that holds more of them. With `total`,
    a sum over all cells that differs is named, so that a slip shows before the answer is handed in. `kind` is that
    of all numbers, or one for each column; a number that is impossible, or more than `most`, is named.
    """
    kinds = dict(zip(columns, [kind] * len(columns) if isinstance(kind, str) else kind, strict=True))
    empty: dict[str, Value] = {str(row): "" for row in rows}
    try:
        if hasattr(answer, "columns") and hasattr(answer, "index") and not isinstance(answer, type):
            return replace(_frame(answer, empty, kinds, total, most), columns=tuple(columns))
    except Exception:  # whatever a student's frame holds, the check answers with a sentence
        return Answer(empty, ("This frame cannot be read; make it with plain numbers in its cells.",))
    sort = answers.kind(answer)
    return Answer(empty, (f"A DataFrame is asked for, but this is {sort}.{_TO_FRAME.get(sort, '')}",))


@dataclass(frozen=True, repr=False)
class Prose(Answer):
    """A text as an answer. It has one line, `text`, and keeps its paragraphs."""

    @property
    def verdict(self) -> str:
        """How long the text is, and who reads it."""
        count = len(str(self.lines["text"]).split())
        if self.stale or not count:
            return f"{many(count, 'word')}."
        return f"{many(count, 'word')}. A person will read this and score it by the rubric."

    def glance(self, name: str) -> str:
        """Whether there is a text. What it is worth, a person says."""
        return "filled" if self.lines[name] else "blank"

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
        problem = f"A text in quotation marks is asked for, but this is {answers.kind(answer)}."
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


def _frame(
    frame: Any, empty: dict[str, Value], kinds: Mapping[str, str], total: float | None, most: float | None
) -> Answer:
    frame, columns = frame.head(_ROWS), list(kinds)
    named = {str(name): at for at, name in enumerate(frame.columns)}
    if missing := [name for name in columns if name not in named]:
        return Answer(empty, (_without(frame, missing, list(named)),))
    cells = list(zip(*(frame.iloc[:, named[name]].array for name in columns), strict=True))
    others = [frame.iloc[:, at] for at, name in enumerate(frame.columns) if str(name) not in columns]
    keys = [[_key(key) for key in column] for column in (frame.index, *others)]
    found, strange, problems, odd = dict(empty), [], [], []
    faults: dict[str, str] = {}
    for key, values in zip(max(keys, key=lambda column: len(set(empty) & set(column))), cells, strict=True):
        if key not in empty:
            which = f"The row {shown(key)!r}" if key else "A row without a name (its key is a missing value)"
            strange.append(f"{which} is not asked for; it is left out.")
            continue
        if found[key] != "":
            problems.append(f"The row {key} stands in your frame more than once; the last one counts.")
        row = found[key] = [number_of(value) for value in values]
        if "" in row:
            faults[key] = "empty cell"
            problems.append(f"The row {key} has an empty cell; where there is nothing to count it is 0.")
        for name, given, value in zip(columns, values, row, strict=True):
            if matter := _cell(given, value, kinds[name], most):
                faults[key] = matter[0]
                odd.append(f"The row {key}, column {name}: {matter[1]}.")
    counts = [v for row in found.values() if isinstance(row, list) for v in row if isinstance(v, (int, float))]
    if total is not None and not (problems or odd or gaps(found)) and sum(counts) != total:
        problems.append(f"Your cells add up to {sum(counts):g}, but {total:g} things are counted here.")
    return Answer(found, tuple(problems + _few(odd) + _few(strange) + gaps(found)), faults=faults)


def _key(key: object) -> str:
    """A row's key as text; "" for a missing value, and not for a mark alone, such as “?”."""
    return str(number_of(key)) or (key if isinstance(key, str) else "")


def _without(frame: Any, missing: list[str], have: list[str]) -> str:
    """The sentence on the columns that a frame lacks, and whether they are its rows."""
    turned = " They are its rows: .T turns it round." if set(missing) <= set(map(str, frame.index)) else ""
    lost = f"column {missing[0]} is" if len(missing) == 1 else f"columns {', '.join(missing)} are"
    return f"The {lost} missing; your frame has: {', '.join(have[:8]) or 'none'}.{turned}"


def _cell(given: object, value: Any, kind: str, most: float | None) -> tuple[str, str] | None:
    """What is the matter with a cell, in a word or two and in a clause; None where it may be, or is empty."""
    if isinstance(value, str):
        how = answers.written_otherwise(given, kind) or "a number is asked for"
        return ("no number", f"“{shown(value)}” is no number; {how}") if value else None
    matter = answers.impossible(value, kind, most)
    return ("impossible", matter) if matter else None


def mapping(answer: Any, lines: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """What a dict or a Series gives, by the text of its keys, and what is strange about its form."""
    sort = answers.kind(answer)
    asked = f'An answer like {{"{lines[0]}": …}} is asked for, but this is {sort}.{_TO_DICT.get(sort, "")}'
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
    more = len(problems) - _MOST
    return problems[:_MOST] + [f"There {'is' if more == 1 else 'are'} {more} more like this."] * (more > 0)


def gaps(found: Mapping[str, Value]) -> list[str]:
    """The sentence that names the lines which are still blank, or nothing."""
    blanks = [name for name, value in found.items() if value in ("", [])]
    return [f"Still blank: {', '.join(blanks)}."] if blanks else []


def _meant(word: str, permitted: Sequence[str]) -> str:
    spelled = {name.casefold(): name for name in permitted}
    low = word.casefold()
    begun = [name for name in spelled if name.startswith(f"{low} ") or (len(low) > 3 and name[:4] == low[:4])]
    if found := _ID.fullmatch(low):  # S5, s05 and “S 05” are S05, and S28 is no S27
        unit = f"{found[1]}{int(found[2].replace('o', '0')):02}"
        meant = next((name for name in (unit + found[3], unit) if name in spelled), "")
    else:
        meant = begun[0] if len(begun) == 1 else alike(low, spelled, least=0.7 if len(low) > 3 else 0.6)
    another = not meant or re.search(rf"(\w|not ){re.escape(meant)}", low)  # a fact is no act
    return "." if another else f'; did you mean "{spelled[meant]}"?'
