"""What students must not see: answers are taken out of their exercises, labels out of their articles, and what they
get is searched for the key."""

from __future__ import annotations

import copy
import json
import shutil
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import tomlkit

from kit.article.records import KEY_FIELDS, Annotation, Claim
from kit.questions import WRITTEN_OUT, role
from kit.setup.desk import unspoilt
from kit.teacher.exercises.file_texts import PICTURE, texts
from kit.teacher.exercises.given_away import Seeker
from kit.teacher.exercises.keys import NONE_HERE, Exercise

__all__ = ["Searched", "Withheld", "leaks", "sealed", "search", "student_copy", "without", "write_edition"]

Withheld = Mapping[str, frozenset[str]]
"""A claim's id to the fields that students do not have of it."""


def student_copy(solution: Any) -> Any:
    """The exercise as students get it: starters for answers, and no output, accepted value, advice or sample."""
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
    edited = sealed if seal else _withheld
    for path in sorted(seeds.iterdir()):
        if path.suffix == ".toml":
            text = edited(path.read_text("utf-8"), blank.get(path.stem, ()))
            (folder / path.name).write_text(text, "utf-8", newline="\n")
        elif path.suffix == ".txt":
            shutil.copyfile(path, folder / path.name)


def sealed(text: str, units: Collection[str]) -> str:
    """An annotation file's `text` without the labels of all claims in `units`, and with nothing that points at such a
    claim: no comment, no doubt or support by it, no proposition that it bears on, and of the replies only that none is
    reported. This is what students get of an article of their teacher's: there is no other copy that they could read.
    """
    return without(text, {c["id"]: frozenset(KEY_FIELDS) for c in tomllib.loads(text)["claim"] if c["unit"] in units})


def without(text: str, gone: Withheld) -> str:
    """An annotation file's `text` without what is withheld, and, where that is a status, without anything that points
    at the claim or tells of its source: no comment, pass, proposition or reply, but that none is reported."""
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
    for row in (*data["claim"], *data.get("source", ()), *data.get("proposition", ())):
        row.pop("proposed", None)
        for field in {"disputed_by", "supported_by", "claims"} & set(row):
            row[field] = [name for name in row[field] if name not in unsaid]
    if unsaid:
        replies = [{**reply, "note": ""} for reply in data.pop("reply", ()) if reply["reply"] == "not reported"]
        passes = {name: row for name, row in data.pop("passes", {}).items() if name not in unsaid}
        data |= {name: rows for name, rows in (("reply", replies), ("passes", passes)) if rows}
    return tomlkit.dumps(data)


def _withheld(text: str, units: Collection[str]) -> str:
    """An annotation file's `text` with the labels of all claims in `units` taken out, and their passes."""
    document = tomlkit.parse(text)
    for claim in document["claim"]:
        if claim["unit"] in units:
            for field in KEY_FIELDS:
                claim.pop(field, None)
            claim["blank"] = True
            document.get("passes", {}).pop(claim["id"], None)
    return tomlkit.dumps(document)


@dataclass(frozen=True)
class Searched:
    """What a search for the key found: `leaks`, one sentence each; `unread`, the files that nobody can search, and what
    they are; `pictures`, of which only what they say of themselves was read. `sought` says what was searched for."""

    sought: str
    leaks: tuple[str, ...]
    unread: Mapping[str, str]
    pictures: tuple[str, ...]


def search(files: Mapping[str, bytes], *, exercises: Iterable[Exercise], whole: Annotation) -> Searched:
    """Search `files` (name to content) for the key: in each name, line, table row and cell, also in packed files.

    Searched for is, of the article `whole`: the id of each claim that the `exercises` set aside, on one line with a
    label that is accepted for it (layer, status, who vouches, cue, kind of cue, reach, source, chain); each written-out
    answer beside its line; and what `leaks` finds.
    """
    exercises = tuple(exercises)
    hidden = _hidden(exercises, whole)
    seeker = Seeker(whole, hidden, lines=_lines(exercises))
    found, unread, pictures = leaks(files, exercises=exercises, whole=whole), {}, []
    for name, content in files.items():
        for where, text, what in texts(name, content):
            found += [f"{where} holds {given}." for given in seeker.found(text)]
            if what == PICTURE:
                pictures.append(where)
            elif what:
                unread[where] = what
    sought = (
        f"Searched every name, line, table row and cell, also in packed files, for the labels of the {len(hidden)} "
        f"claims that are set aside, their rulings, and the answers of {len(exercises)} exercises"
    )
    return Searched(sought, tuple(dict.fromkeys(found)), unread, tuple(dict.fromkeys(pictures)))


def leaks(files: Mapping[str, bytes], *, exercises: Iterable[Exercise], whole: Annotation) -> list[str]:
    """What of the key stands word for word in `files` (name to content), one sentence each; empty where all is well.

    Searched for, in the text of each file and of what is packed in it: each line of an answer that is written out in
    one of the solved `exercises`, and of the article `whole` every ruling (`why`) of a withheld claim, and its labels
    as the annotated article shows them. What a solution computes is no secret: it was computed from the students' own
    files. Besides, an annotation must not hold any label of a withheld claim, nor point at one.
    """
    exercises = tuple(exercises)
    hidden = _hidden(exercises, whole)
    secrets = {words for one in exercises for words in _answers(one)}
    for claim in hidden.values():
        for label in {name for field in ("layer", "status", "voucher") for name in claim.accepts(field)}:
            secrets |= {f"[{claim.id} {label}]", f"<td>{claim.id}</td><td>{label}</td>"}
            secrets.add(f"{label}: “{claim.quote}” ({claim.id})")
    secrets |= {claim.why for claim in hidden.values() if len(claim.why) > 20} - {
        claim.why for claim in whole.claims if claim.id not in hidden
    }
    said = []
    for name, content in files.items():
        text = "\n".join([content.decode("utf-8", "replace"), *(words for _, words, _ in texts(name, content))])
        said += [f"{name} holds “{words}”." for words in sorted(secrets) if words in text]
        if name.endswith(".toml"):
            said += [f"{name} holds {what}." for what in _labels(content.decode("utf-8", "replace"), hidden)]
    return said


def _hidden(exercises: Iterable[Exercise], whole: Annotation) -> dict[str, Claim]:
    """The claims that are set aside for the exercises, by their ids."""
    aside = {unit for one in exercises for units in one.blank.values() for unit in units}
    return {name: claim for name, claim in whole.by_id.items() if claim.unit in aside}


def _answers(exercise: Exercise) -> Iterator[str]:
    """The canonical lines of the answers that are plain values, and of what else is accepted for them."""
    sources = {role(c)[1]: c["source"] for c in exercise.notebook["cells"] if role(c)[0] == "answer"}
    for question in exercise.questions:
        if question.rubric:
            yield sources[question.name].partition("\n")[2].strip()
            yield from (level.sample for level in question.rubric)
        elif question.kind == WRITTEN_OUT:
            for line in question.key:
                for fits in question.accepted(line):
                    yield json.dumps({line: fits}, ensure_ascii=False)[1:-1]


def _lines(exercises: Iterable[Exercise]) -> Iterator[tuple[str, str]]:
    """Each line of a written-out answer, with each value that is accepted there and is more than anybody may say."""
    for question in (question for one in exercises for question in one.questions if question.kind == WRITTEN_OUT):
        for line in question.key:
            for fits in question.accepted(line):
                if fits != NONE_HERE and not (isinstance(fits, list) and len(fits) < 2):
                    yield line, " ".join(map(str, fits)) if isinstance(fits, list) else str(fits)


def _labels(text: str, hidden: Mapping[str, Claim]) -> Iterator[str]:
    """Each label of a `hidden` claim in the text of an annotation, and each claim or pass that points at one whose
    status is a label of it."""
    data = tomllib.loads(text)
    claims = [claim for claim in data.get("claim", ()) if isinstance(claim, dict)]
    if not hidden.keys() & {claim["id"] for claim in claims}:  # another article, or another kind of file
        return
    pointed = {name for name, claim in hidden.items() if claim.accepts("status")}
    for claim in claims:
        for field in set(KEY_FIELDS) & set(claim) if claim["id"] in hidden else ():
            if field not in hidden[claim["id"]].withheld:
                yield f"the {field} of {claim['id']}"
        for field in ("disputed_by", "supported_by"):
            yield from (f"{name} under {field}" for name in claim.get(field, ()) if name in pointed)
    for row in data.get("proposition", ()):
        yield from (f"{name} under {row['id']}" for name in row["claims"] if name in pointed)
    yield from (f"the passes of {name}" for name in data.get("passes", {}) if name in pointed)
    if any(line.lstrip().startswith("#") for line in text.splitlines()):
        yield "a comment"
