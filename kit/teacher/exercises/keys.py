"""An exercise: our solved notebook, as questions with the key laid over them; and what students get of it, without key.

Its stored outputs are the key: what a question is worth, what is right on each line and what is accepted besides, what
is said of wrong lines, and the levels by which a person scores a text. From the students' copy the answers are taken
out, and from their articles the labels.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import shutil
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from kit import questions
from kit.article.records import KEY_FIELDS
from kit.check.answers import Value, parse
from kit.check.feedback import Rule, misconceptions
from kit.errors import KitError
from kit.questions import IN_WORDS, Page, Question, role
from kit.setup.desk import unspoilt

NONE_HERE = "none in these sentences"
Withheld = Mapping[str, frozenset[str]]
"""A claim's id to the fields that students do not have of it."""
LEVELS = ("proficient", "emergent", "basic")
"""The levels of a rubric, the best one first."""


@dataclass(frozen=True)
class Level:
    """One level of a rubric: its name (of `LEVELS`), the points it is worth, what it takes, and a sample answer.

    Students see all of it but the sample.
    """

    name: str
    points: float
    words: str
    sample: str


@dataclass(frozen=True)
class KeyedQuestion(Question):
    """A graded question with its key.

    `key` maps each line to its value, `accept` to further accepted ones. `advice` is said of wrong lines, in its place
    `notes` of those that have one. With a `rubric` nothing is compared: the answer is a text, and a person scores it.
    """

    key: dict[str, Value] = dataclasses.field(default_factory=dict)
    accept: dict[str, list[Value]] = dataclasses.field(default_factory=dict)
    advice: str = ""
    rubric: tuple[Level, ...] = ()
    notes: dict[str, Rule] = dataclasses.field(default_factory=dict)

    def accepted(self, line: str) -> tuple[Value, ...]:
        """What is right on this line: the key's value, and what else is accepted."""
        return self.key[line], *self.accept.get(line, [])


@dataclass(frozen=True)
class Exercise(Page):
    """A graded exercise. `notebook` is the solution, with the key as its outputs. `blank` maps each article that is
    used (a seed's name) to the units whose labels students must not see, `seeds` to the hash of the annotation that
    the key was made from. `sealed`: students have nothing but that edition."""

    questions: tuple[KeyedQuestion, ...]
    notebook: dict[str, Any]
    blank: dict[str, tuple[str, ...]]
    seeds: dict[str, str]
    sealed: bool = False

    @property
    def by_name(self) -> dict[str, KeyedQuestion]:
        """The questions, by their names, in order."""
        return {question.name: question for question in self.questions}


def annotation_hash(seeds: Path, article: str) -> str:
    """A hash of the annotation of `article` in `seeds`, whatever its line ends."""
    text = (seeds / f"{article}.toml").read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()[:16]


def relabelled(exercise: Exercise, seeds: Path) -> str:
    """The first article of `exercise` whose labels in `seeds` are not those that the key was made from; "" for none."""
    changed = (name for name, known in exercise.seeds.items() if annotation_hash(seeds, name) != known)
    return next(changed, "")


def shown(outputs: list[dict[str, Any]]) -> str | None:
    """The text of the one result that a check cell shows; None where there is none, or more than one."""
    results = [out for out in outputs if out.get("output_type") == "execute_result"]
    text = results[0].get("data", {}).get("text/plain") if len(results) == 1 else None
    return "".join(text) if isinstance(text, (str, list)) else None


def load(path: Path) -> Exercise:
    """Read the solved exercise at `path`.

    Raises KitError, naming the cell, where it is not fit for grading: no name, a question without an answer
    cell, a check cell that has not been run or shows no answer, two questions of one name, “extra” without points, or a
    question for a person without its three levels.
    """
    import nbformat  # takes long, and who grades elsewhere is given what was loaded

    try:
        notebook = nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, nbformat.ValidationError):
        raise KitError(
            f"{path} is no whole notebook, so its key cannot be read. Put it back as it was; or, of a course, make "
            "that again in a new folder: python -m kit new-course."
        ) from None
    about = notebook.metadata.get("kit", {})
    if "exercise" not in about:
        raise KitError(f"{path.name} is not an exercise: its metadata name none (kit.exercise).")
    page = questions.read(notebook)
    checks = [cell for cell in notebook.cells if role(cell)[0] == "check"]
    asked = {question.name: question for question in page.questions}
    if len(asked) != len(page.questions) or sorted(asked) != sorted(role(cell)[1] for cell in checks):
        raise KitError(f"{path.name}: every question needs one answer cell and one check cell of its name.")
    samples = {(role(c)[1], c.metadata["kit"]["level"]): c.source for c in notebook.cells if role(c)[0] == "sample"}
    keyed = tuple(_keyed(path, asked[role(cell)[1]], cell, samples) for cell in checks)
    blank = {article: tuple(units) for article, units in about["blank"].items()}
    more = {"blank": blank, "seeds": dict(about.get("seeds", {})), "sealed": bool(about.get("sealed"))}
    return Exercise(**vars(page) | {"questions": keyed, "notebook": notebook} | more)


def _keyed(path: Path, question: Question, cell: Any, samples: Mapping[tuple[str, str], str]) -> KeyedQuestion:
    """The question with the key that its check `cell` shows, and what else the metadata of that cell say of it."""
    about, place = cell.metadata["kit"], f"{path.name}, cell {cell.id}"
    key = parse(shown(cell.outputs) or "")
    if not key or cell.execution_count is None:
        raise KitError(f"{place}: it shows no answer. Run `kit build`, and look at that cell.")
    if about.get("extra", True) is not True or (question.extra and not question.points):
        raise KitError(f"{place}: “extra” stands only on a question for extra credit, as true, and it has points.")
    accept, notes = about.get("accept", {}), {line: Rule(**note) for line, note in about.get("notes", {}).items()}
    for what, lines in (("accept", accept), ("notes", notes)):
        if strange := sorted(set(lines) - set(key)):
            raise KitError(f"{place}: “{what}” names lines that the key has not: {', '.join(strange)}.")
    if unknown := sorted({note.misconception for note in notes.values()} - {"", *misconceptions()}):
        raise KitError(f"{place}: “{unknown[0]}” is none of the twelve misconceptions.")
    rubric = _rubric(path, cell, key, samples) if question.kind == IN_WORDS else ()
    more = {"key": key, "accept": accept, "advice": about.get("advice", ""), "rubric": rubric, "notes": notes}
    return KeyedQuestion(**vars(question), **more)


def _rubric(path: Path, cell: Any, key: dict[str, Value], samples: Mapping[tuple[str, str], str]) -> tuple[Level, ...]:
    """The levels of a question that a person scores. The solved answer is the sample of the best one; the others
    stand in cells of the role "sample", below their heading."""
    about = cell.metadata["kit"]
    levels = about.get("rubric", [])
    mine = {level: text for (question, level), text in samples.items() if question == about["question"]}
    texts = {level: text.partition("\n\n")[2].strip() for level, text in mine.items()}
    texts[LEVELS[0]] = str(key.get("text", ""))
    if tuple(level.get("level") for level in levels) != LEVELS or not all(texts.get(name) for name in LEVELS):
        raise KitError(f"{path.name}, cell {cell.id}: it needs a rubric and a sample for each of {', '.join(LEVELS)}.")
    if levels[0]["points"] != about["points"]:
        raise KitError(f"{path.name}, cell {cell.id}: the best level must be worth all {about['points']:g} points.")
    return tuple(Level(level["level"], level["points"], level["words"], texts[level["level"]]) for level in levels)


def student_copy(solution: Any) -> Any:
    """The exercise as students get it: starters for answers, and no output, accepted value, advice or sample."""
    import nbformat

    notebook = copy.deepcopy(solution)
    if notebook.metadata.get("kit", {}).get("sealed"):
        notebook.metadata["kit"].pop("seeds", None)  # a hash of all labels
    notebook.cells = [cell for cell in notebook.cells if role(cell)[0] != "sample"]
    for cell in notebook.cells:
        what, question = role(cell)
        if cell.cell_type == "code" and what in ("answer", "check"):
            about = cell.metadata["kit"]
            if what == "answer":
                cell.source = about["starter"]
            kept = {name: about[name] for name in ("points", "extra") if what == "check" and name in about}
            cell.metadata["kit"] = nbformat.from_dict({"role": what, "question": question} | kept)
    return unspoilt(notebook)


def write_edition(seeds: Path, blank: Mapping[str, Collection[str]], folder: Path, *, seal: bool = False) -> None:
    """Write the students' edition of every article in `seeds` into `folder`; `blank` maps articles to the units whose
    claims have no labels in it.

    With `seal`, it is the edition of a released course.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(seeds.iterdir()):
        if path.suffix == ".toml":
            text = sealed(path.read_text("utf-8"), blank.get(path.stem, ()), pointers=not seal)
            (folder / path.name).write_text(text, "utf-8", newline="\n")
        elif path.suffix == ".txt":
            shutil.copyfile(path, folder / path.name)


def sealed(text: str, units: Collection[str], *, pointers: bool = False) -> str:
    """An annotation file's `text` without the labels of all claims in `units`, and with nothing that points at such a
    claim: no comment, no doubt or support by it, no proposition that it bears on, and of the replies only that none is
    reported. This is what students get of an article of their teacher's: there is no other copy that they could read.
    With `pointers`, what points at such a claim stays.
    """
    gone = {claim["id"]: frozenset(KEY_FIELDS) for claim in tomllib.loads(text)["claim"] if claim["unit"] in units}
    return without(text, gone, pointers=pointers)


def without(text: str, gone: Withheld, *, pointers: bool = False) -> str:
    """An annotation file's `text` without what is withheld, and, where that is a status, without anything that points
    at the claim or tells of its source: no comment, pass, proposition or reply, but that none is reported. With
    `pointers`, of all that the comments and the passes alone are taken out."""
    data = tomllib.loads(text)
    for claim in data["claim"]:
        fields_of = gone.get(claim["id"], frozenset())
        for field in fields_of:
            claim.pop(field, None)
        if fields_of == set(KEY_FIELDS):
            claim["blank"] = True
        elif fields_of:
            claim["withheld"] = sorted(fields_of)
    unsaid = {name for name, fields_of in gone.items() if "status" in fields_of}
    for row in (*data["claim"], *data.get("source", ()), *data.get("proposition", ())) if not pointers else ():
        row.pop("proposed", None)
        for field in {"disputed_by", "supported_by", "claims"} & set(row):
            row[field] = [name for name in row[field] if name not in unsaid]
    if unsaid:
        replies = data.pop("reply", [])
        if not pointers:
            replies = [{**reply, "note": ""} for reply in replies if reply["reply"] == "not reported"]
        passes = {name: row for name, row in data.pop("passes", {}).items() if name not in unsaid}
        data |= {name: rows for name, rows in (("reply", replies), ("passes", passes)) if rows}
    return tomlkit.dumps(data)
