"""The order of the course: nothing that is shown before an exercise is handed in gives away what it asks.

Lessons and exercises come in the order of their numbers, lessons first. What an exercise asks is read from it and from
its solution. A page gives an answer away in a sentence, or a row of a table, that holds the claim and its label, its
cue or its chain; or with an explanation. What comes after the exercise may do so below a line that says
“Hand in exercise 1 before you go on”.
"""

from __future__ import annotations

import ast
import html
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import kit
from kit.article import codebook
from kit.article.records import Annotation, Claim
from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import load

EXPLAINED = ("labels", "words", "spans", "chains")
"""The checks that explain where their article was loaded with practice."""
PAGES = sorted(
    [*places.notebooks().glob("*.ipynb"), *places.solutions().glob("*.ipynb")],
    key=lambda path: (int(path.name[:2]), path.parent.name == "solutions", path.name),
)
HAND_IN = re.compile(r"[Hh]and in exercises? (\d)(?:(?:,| and| to)+ (\d))? before you go on")


@dataclass(frozen=True)
class Asked:
    """What an exercise asks of a claim, and what gives it away."""

    exercise: int
    claim: Claim
    field: str
    right: tuple[Any, ...]


@dataclass(frozen=True)
class Shown:
    """A sentence, or a row of a table, in the cell `cell`, the one at `place`. `explained` is said by a check, and
    `explains` are a claim and a field that it explains."""

    place: int
    cell: str
    text: str
    explains: tuple[str, str] = ("", "")
    explained: bool = False


def number(path: Path) -> int:
    return int(path.name[:2]) if path.parent.name == "solutions" else 0


@cache
def article(slug: str) -> Annotation:
    return kit.load_article(slug).annotation


@cache
def everything_asked() -> tuple[Asked, ...]:
    return tuple(asked for path in PAGES if number(path) for asked in asked_in(path))


def asked_in(path: Path) -> Iterator[Asked]:
    exercise = load(path)
    for slug in exercise.blank:
        claims = article(slug).claims
        for question in exercise.questions:
            field = {"words": "cue", "chains": "chain"}.get(question.check, question.field)
            for line in question.key:
                for claim in claims:
                    if claim.id == line and question.check in EXPLAINED:
                        yield Asked(number(path), claim, field, claim.accepts(field))
                    elif claim.unit == line and question.check == "spans" and claim.layer == "act":
                        yield Asked(number(path), claim, "layer", ("act",))


# What a page shows


@cache
def shown(path: Path) -> tuple[Shown, ...]:
    """Everything that a student can read on the page, and all that its checks can say."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    found = []
    for place, cell in enumerate(cells):
        texts = [] if role(cell)[0] == "sample" else list(texts_of(cell, solved=bool(number(path))))
        found += [Shown(place, cell["id"], text) for text in texts]
    for cell in cells:
        mine = cell["metadata"].get("kit", {}) if number(path) else {}
        notes = (note["words"] for note in mine.get("notes", {}).values())
        found += [
            Shown(len(cells), cell["id"], part) for text in (mine.get("advice", ""), *notes) for part in sentences(text)
        ]
    return (*found, *explanations(cells))


def texts_of(cell: dict[str, Any], *, solved: bool) -> Iterator[str]:
    what, source = role(cell)[0], "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        for line in source.splitlines():
            yield from [line] if line.startswith("|") else sentences(line)
        return
    hidden = solved and what in ("answer", "check")
    yield from (cell["metadata"]["kit"].get("starter", "") if hidden else source).splitlines()
    for output in cell.get("outputs", ()) if not hidden else ():
        data = output.get("data", {})
        yield from "".join(output.get("text", data.get("text/plain", ""))).splitlines()
        for row in re.findall(r"<tr.*?</tr>", "".join(data.get("text/html", "")), re.DOTALL):
            yield html.unescape(" ".join(re.sub(r"<[^>]+>", " ", row).split()))


def sentences(line: str) -> list[str]:
    """The sentences of a line; each begins with the claim that the line is about, where it says so at its start."""
    about = re.match(r"\W*(S\d\d[a-z])\b", line)
    parts = re.split(r"(?<=[.?!:;])\s+", line)
    return [f"{about[1]} {part}" if about else part for part in parts]


def explanations(cells: list[dict[str, Any]]) -> Iterator[Shown]:
    """What the checks of a page say to every answer that can be given, with practice."""
    space: dict[str, Any] = {"kit": kit, "list": list}
    for place, cell in enumerate(cells):
        for node in ast.parse("".join(cell["source"])).body if cell["cell_type"] == "code" else ():
            if isinstance(node, ast.Assign) and named(node, "PRACTICE"):
                space["PRACTICE"] = True
            elif isinstance(node, ast.Assign) and loads_or_is_plain(node.value):
                exec(ast.unparse(node), space)
            elif (call := check_of(node)) and call.func.attr in EXPLAINED:  # type: ignore[attr-defined]
                for text, explains in said(call, space):
                    yield Shown(place, cell["id"], text, explains, True)


def named(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def loads_or_is_plain(node: ast.expr) -> bool:
    inner = [part for part in ast.walk(node) if isinstance(part, (ast.Call, ast.Subscript, ast.Attribute))]
    return all(ast.unparse(getattr(part, "func", part)) in ("kit.load_article", "range", "list") for part in inner)


def check_of(node: ast.stmt) -> ast.Call | None:
    value = node.value if isinstance(node, ast.Expr) else None
    is_check = isinstance(value, ast.Call) and ast.unparse(value.func).startswith("kit.check.")
    return value if is_check and isinstance(value, ast.Call) else None


def said(call: ast.Call, space: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """What one check says, sentence by sentence, and the claims and fields that it explains."""
    what = call.func.attr  # type: ignore[attr-defined]
    options = {word.arg or "": eval(ast.unparse(word.value), space) for word in call.keywords}
    one = options["article"]
    if one._practice is None:
        return
    lines = options.get("lines", options.get("pieces", {}))
    for claim in one._practice.claims:
        fits = claim.unit in lines and claim.layer == "act" if what == "spans" else claim.id in lines
        field = {"words": "cue", "chains": "chain", "spans": "layer"}.get(what, options.get("field", ""))
        if fits:
            yield f"the check explains {claim.id}", (claim.id, field)
    for given in tries(what, options, one._practice):
        remarks = getattr(kit.check, what)(dict.fromkeys(lines, given), **options).remarks
        for remark in dict.fromkeys(remarks.values()):
            yield from ((part, ("", "")) for part in str(remark).split("\n"))


def tries(what: str, options: dict[str, Any], whole: Annotation) -> list[Any]:
    if what == "labels":
        return list(codebook.names(options["field"]))
    if what == "chains":
        return list(dict.fromkeys(claim.chain for claim in whole.claims))
    return ["of"] if what == "words" else [[1], [5]]


# What gives an answer away


def gives_away(one: Shown, asked: Asked) -> bool:
    if one.explains[0]:
        return one.explains == (asked.claim.id, asked.field)
    if not re.search(rf"\b{asked.claim.id}\b", one.text):
        return False
    slug = next(slug for slug in ("soldiers", "ferry") if asked.claim.id in article(slug).by_id)
    unit = next(unit for unit in article(slug).units if unit.id == asked.claim.unit)
    text = one.text.translate(STRAIGHT)
    for own in (unit.text, asked.claim.quote):
        text = text.replace(own.translate(STRAIGHT), " ")
    return any(re.search(pattern(asked.field, value, article(slug)), text, re.IGNORECASE) for value in asked.right)


STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def pattern(field: str, value: Any, whole: Annotation) -> str:
    if field == "chain":
        return r"\W+".join(re.escape(link) if link != "?" else r"\?" for link in value)
    if field == "voucher" and value == "source":
        names = "|".join(source.id for source in whole.sources)  # “Russia” is none
        return rf"\b(source|named|role|institution|agency)\b|(?-i:\b({names})\b)"
    if field == "voucher" and value == "author":
        return r"\bauthor\b|\(article,\)"
    return rf"\b{re.escape(str(value))}\b" if value else r"(?!)"


def plain(text: str) -> str:
    return " ".join(text.translate(STRAIGHT).split())


def handed_in(path: Path, place: int) -> set[int]:
    """The exercises that the page, up to this cell, asks for before anybody goes on."""
    cells = json.loads(path.read_text("utf-8"))["cells"][: place + 1]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    found = [(int(a), int(b or a)) for a, b in HAND_IN.findall(prose)]
    return {n for first, last in found for n in range(first, last + 1)}


def leaks(path: Path) -> list[str]:
    at, found = PAGES.index(path), {}
    places_of = {number(page): index for index, page in enumerate(PAGES) if number(page)}
    for asked in everything_asked():
        for one in shown(path):
            own = number(path) == asked.exercise
            if (own and one.explains[0]) or not gives_away(one, asked):
                continue
            if at > places_of[asked.exercise] and asked.exercise in handed_in(path, one.place):
                continue
            found[one.cell, asked.claim.id, asked.field] = (
                f"{path.name}, cell {one.cell}: “{one.text.strip()[:90]}” gives away the {asked.field} of "
                f"{asked.claim.id}, which exercise {asked.exercise} asks"
            )
    return list(found.values())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_is_given_away_before_it_is_handed_in(path: Path) -> None:
    assert not leaks(path), "\n" + "\n".join(leaks(path))


def test_explanations_in_lessons_compare_with_what_has_been_read() -> None:
    read_by_then, unread = "", []
    slugs = {"S": "soldiers", "C": "pool", "F": "ferry", "W": "sluice"}
    for path in PAGES:
        told = [one for one in shown(path) if one.explained]
        read_by_then += plain(" ".join(one.text for one in shown(path) if not one.explained))
        for one in told if not number(path) else ():
            for name in re.findall(r"\b[SCFW]\d\d[a-z]\b", one.text if one.text.startswith("Compare") else ""):
                claim = article(slugs[name[0]]).by_id[name]
                unit = next(unit for unit in article(slugs[name[0]]).units if unit.id == claim.unit)
                if plain(unit.text) not in read_by_then and plain(claim.quote) not in read_by_then:
                    unread.append(f"{path.name}, cell {one.cell}: {one.text[:90]}")
    assert not unread, "\n".join(["These claims are quoted before anybody has read them:", *unread])


# The test itself


CLAIMS = article("soldiers").by_id


@pytest.mark.parametrize(
    ("text", "claim", "field", "found"),
    [
        ("29 S15b content asserted author none", "S15b", "voucher", True),
        ("29 S15b content asserted author none", "S15a", "layer", False),
        ("| S14a | soldiers will receive Russian uniforms and false identities | According to |", "S14a", "cue", True),
        ("S14 According to the NIS (National Intelligence Service), soldiers", "S14a", "cue", False),
        ("| S17b | preparing thousands of soldiers to bolster the Russian army | |", "S17b", "cue", False),
        ("S12a “Counterintelligence is the source of this information” (S12a)", "S12a", "voucher", False),
        ("0 P1 North Korea delivers weapons to Russia. (S03a, S06b, S10b)", "S10b", "voucher", False),
        ("S10b rests on korea-and-ukraine", "S10b", "voucher", True),
        ("S11b (counterintelligence, yonhap, article)", "S11b", "chain", True),
        ("S11b: counterintelligence > yonhap > article", "S11b", "chain", True),
        ("S11b (yonhap, article)", "S11b", "chain", False),
        ("S23a is “alleged”.", "S23a", "status", True),
    ],
)
def test_a_row_or_a_sentence_gives_away_what_it_holds(text: str, claim: str, field: str, found: bool) -> None:
    asked = Asked(1, CLAIMS[claim], field, CLAIMS[claim].accepts(field))
    assert gives_away(Shown(0, "a", text), asked) == found


def test_everything_that_exercises_ask_of_claims_is_known() -> None:
    found = {(asked.exercise, asked.claim.id, asked.field) for asked in everything_asked()}
    assert {(1, "S10a", "layer"), (1, "S14a", "cue"), (1, "S17a", "layer")} <= found
    assert {(3, "S11b", "chain"), (3, "S21b", "cue_class"), (4, "F09a", "status")} <= found
    assert sorted({exercise for exercise, *_ in found}) == [1, 2, 3, 4]  # the fifth asks for counts and pictures


def test_a_leak_is_found_wherever_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson before exercise 1 that shows an answer; and one after it, with the line and without."""
    act = next(asked.claim.id for asked in everything_asked() if (asked.exercise, asked.right) == (1, ("act",)))
    for name, first, count in (("01c_x", "Read.", 1), ("02b_x", "Read.", 1), ("02b_y", f"**{LINE}** See.", 0)):
        cells = [
            {"cell_type": "markdown", "id": "top", "metadata": {}, "source": [first]},
            {"cell_type": "markdown", "id": "leak", "metadata": {}, "source": [f"- **{act}.** An act, is it not?"]},
        ]
        path = tmp_path / f"{name}.ipynb"
        path.write_text(json.dumps({"cells": cells, "metadata": {}}), "utf-8")
        pages = sorted([*PAGES, path], key=lambda one: (int(one.name[:2]), one.parent.name == "solutions", one.name))
        monkeypatch.setattr(sys.modules[__name__], "PAGES", pages)
        assert len(leaks(path)) == count
        if count:
            (said,) = leaks(path)
            assert f"cell leak: “{act}" in said and f"gives away the layer of {act}, which exercise 1 asks" in said


LINE = "Hand in exercises 1 and 2 before you go on."


def test_the_line_may_name_several_exercises() -> None:
    found = {text: HAND_IN.findall(text) for text in (LINE, LINE.replace("and 2", "to 4"), "hand in exercise 1")}
    assert list(found.values()) == [[("1", "2")], [("1", "4")], []]
