"""What the build refuses: cells that are not fit for grading, and words of the feedback that do not hold.

A cell is unfit where its check shows nothing of the answer, gives points away, or can be guessed.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kit.article import codebook
from kit.article.anchors import closest
from kit.check import feedback
from kit.check.counted import SLIPS
from kit.check.feedback import KINDS, RESTATED, pairs
from kit.errors import KitError
from kit.page.names import statements
from kit.page.quotes import parsed
from kit.questions import role
from kit.teacher.exercises.keys import Exercise, KeyedQuestion

__all__ = ["FILLED", "unfit_cells", "unfit_words"]

_LIKELIEST = 1 / 8
"""How likely blind guessing may be to earn all points of a question."""
_FREE = 1000
"""Ways to fill a line that has no list to choose from."""


def unfit_cells(exercise: Exercise) -> Iterator[str]:
    """One sentence for each cell of `exercise` that is not fit for grading, and why.

    What keeps a solution from being an exercise at all, `keys.load` refuses.
    """
    questions = exercise.by_name
    for cell in exercise.notebook["cells"]:
        what, name = role(cell)
        if what == "check":
            unasked = f"nothing asks “{name}”; give the cell that does the role “ask”, its question and a title"
            faults = (*_shows(cell, name), *_guessed(questions[name]))
            for fault in faults if questions[name].asked else (unasked, *faults):
                yield f"{exercise.name}, cell {cell['id']}: {fault}."
        elif cell["cell_type"] == "code" and what != "answer" and parsed(cell["source"]) is None:
            yield f"{exercise.name}, cell {cell['id']}: it is not plain Python; write it without “%” and “!” commands."


def _shows(cell: Any, name: str) -> Iterator[str]:
    """Whether its last line is a value that is made from the answer. An assert tells a student nothing but no."""
    body = statements(cell["source"])
    if body is None:
        yield "it is not Python"
        return
    if any(isinstance(node, ast.Assert) for part in body for node in ast.walk(part)):
        yield "it asserts; let it show the answer, so that each line can earn its points"
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr):
        yield "its last line shows nothing; end it with the value to compare"
    elif name not in {node.id for node in ast.walk(last) if isinstance(node, ast.Name)}:
        yield f"what it shows does not depend on the answer “{name}”"


def _guessed(question: KeyedQuestion) -> Iterator[str]:
    """Whether one label for all lines, or a few blind tries, would earn everything."""
    if question.rubric:
        return
    values = list(question.key.values())
    if all(value in ("", [], {}) for value in values):
        yield "its key is empty"
        return
    if len(values) > 1 and isinstance(values[0], str) and all(value == values[0] for value in values):
        yield f"the same value, “{values[0]}”, is right on every line"
    # In how many ways each line can be filled.
    texts = {value for value in values if isinstance(value, str)}
    of_text = len(question.choices) or (max(2, len(texts)) if len(values) > 1 else _FREE)
    ways = [2 if isinstance(value, bool) else of_text if isinstance(value, str) else _FREE for value in values]
    if math.prod(ways) < 1 / _LIKELIEST:
        yield "it has so few possible answers that it can be guessed; ask for more lines"


FIELDS = ("layer", "voucher", "status", "reach", "cue_class")
"""The fields on which a wrong label is explained."""
FILLED = {
    "no_label.blank": ("questions",),
    "no_label.unknown": ("given", "questions"),
    "look.at": ("words",),
    "look.past": ("words", "quote"),
    "look.beyond": ("words",),
    "look.weakened": ("words",),
    "look.outside": (),
    "look.needless": (),
    "look.nowhere": (),
    "compare.claim": ("id", "quote", "given"),
    "compare.word": ("id", "quote", "given", "words"),
    "compare.made_up": ("quote", "given"),
    "compare.act": ("id", "quote", "words"),
    "compare.chain": ("id", "quote", "chain"),
    **{f"cue.{slip}": () for slip in ("none", "too_much", "too_little", "another")},
    **{f"pieces.{slip}": () for slip in ("too_much", "too_little")},
    **{f"chain.{slip}": () for slip in ("turned", "order", "own_voice", "outlet", "speaker", "exchanged")},
    **{f"chain.{slip}": () for slip in ("unknown", "known", "doubled", "surplus")},
    **{f"counted.{name}.{said}": () for name, slips in SLIPS.items() for said in ("fits", "other", *slips)},
}
"""The sentences that the checks ask for by name, with what is filled in."""


def unfit_words() -> tuple[str, ...]:
    """All that does not hold in the file of words, a sentence each that names the entry; nothing where all is well.

    That is: a pair of labels, a label or a sentence of the checks without words; words that nothing asks for, or that
    are no text; a placeholder that is not filled there; a misconception behind no rule of this name.
    """
    try:
        words, behind = feedback.read_file()
    except KitError as error:
        return (str(error),)
    found = (*_missing_or_unfit(words), *_behind_nothing(words, behind))
    return tuple(f"{feedback.FILE.name}: {fault}{'.' * (fault[-1] != '?')}" for fault in found)


def _missing_or_unfit(words: Mapping[str, Any]) -> Iterator[str]:
    labels = [f"{field}.{name}" for field in FIELDS for name in codebook.names(field)]
    needed = [f"{field}.{right}.{given}" for field in FIELDS[:-1] for right, given in _given(field)]
    needed += [f"cue_class.{half}.{name}" for half in ("does", "needs") for name in codebook.names("cue_class")]
    needed += [*(f"made_up.{label}" for label in labels), *FILLED]
    known = {*needed, *_closer_names()}
    for name in needed:
        if name not in words:
            section, _, entry = name.rpartition(".")
            yield f"[{section}] has no “{entry}”; write there what a student shall be told"
    for name, text in words.items():
        if name not in known:
            yield f"“{name}” is never used{closest(name, tuple(sorted(known)))}"
        elif not text or not isinstance(text, str):
            yield f"“{name}” must be a text in quotation marks, and not an empty one"
        else:
            filled = [f"{{{value}}}" for value in FILLED.get(name, ())]
            strange = [found for found in re.findall(r"\{\w*\}?|\}", text) if found not in filled]
            permitted = f"permitted: {', '.join(filled)}" if filled else "nothing is filled in there"
            if strange:
                yield f"“{name}” has “{strange[0]}”; {permitted}"


def _behind_nothing(words: Mapping[str, Any], behind: Mapping[str, Any]) -> Iterator[str]:
    rules = {f"{field}.{right}.{given}" for field in FIELDS for right, given in _given(field)}
    rules |= set(words) & set(_closer_names())
    seen: dict[str, str] = {}
    if not behind:
        yield "there is no table [misconceptions]; take it from the kit's own file"
    for misconception, names in behind.items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            yield f"“{misconception}” must be followed by a list of rules in square brackets"
            continue
        for name in names:
            if name not in rules:
                yield f"“{misconception}” lies behind “{name}”, which is no rule{closest(name, tuple(sorted(rules)))}"
            elif name in seen:
                yield f"“{misconception}” and “{seen[name]}” both lie behind “{name}”; keep it in one of the lists"
            seen[name] = misconception


def _closer_names() -> list[str]:
    """Every closer rule that may be there."""
    labels = [(field, right, given or "anything") for field in FIELDS for right, given in pairs(field)]
    kinds = (RESTATED, *KINDS)
    return [f"{a}{f}.{right}.{k}.{given}" for a in ("", "besides.") for f, right, given in labels for k in kinds]


def _given(field: str) -> list[tuple[str, str]]:
    return [(right, given) for right, given in pairs(field) if given]
