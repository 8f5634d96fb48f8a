"""What students must not see: answers are taken out of their exercises, labels out of their articles, and what they
get is searched for the key."""

from __future__ import annotations

import copy
import json
import shutil
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import tomlkit

from kit.article.records import KEY_FIELDS, Annotation, Claim
from kit.questions import WRITTEN_OUT, role
from kit.setup.desk import unspoilt
from kit.teacher.exercises.keys import Exercise

__all__ = ["leaks", "sealed", "student_copy", "write_edition"]


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
    data = tomllib.loads(_withheld(text, units))
    hidden = {claim["id"] for claim in data["claim"] if claim["unit"] in units}
    for row in (*data["claim"], *data.get("source", ()), *data.get("proposition", ())):
        row.pop("proposed", None)
        for field in {"disputed_by", "supported_by", "claims"} & set(row):
            row[field] = [name for name in row[field] if name not in hidden]
    replies = [{**reply, "note": ""} for reply in data.pop("reply", ()) if reply["reply"] == "not reported"]
    passes = data.pop("passes", {})
    return tomlkit.dumps(data | ({"reply": replies} if replies else {}) | ({"passes": passes} if passes else {}))


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


def leaks(files: Mapping[str, bytes], *, exercises: Iterable[Exercise], whole: Annotation) -> list[str]:
    """What of the key stands in `files` (name to content), one sentence each; empty where all is well.

    Searched for, in the bytes of each file and in the text that JSON makes of them: each line of an answer that is
    written out in one of the solved `exercises`, and of the article `whole` every ruling (`why`) of a withheld claim,
    and its labels as the annotated article shows them. What a solution computes is no secret: it was computed from the
    students' own files. Besides, the students' article must not hold any label of a withheld claim.
    """
    exercises = tuple(exercises)
    aside = {unit for one in exercises for units in one.blank.values() for unit in units}
    hidden = {name: claim for name, claim in whole.by_id.items() if claim.unit in aside}
    secrets = {words for one in exercises for words in _answers(one)}
    for claim in hidden.values():
        for label in {name for field in ("layer", "status", "voucher") for name in claim.accepts(field)}:
            secrets |= {f"[{claim.id} {label}]", f"<td>{claim.id}</td><td>{label}</td>"}
            secrets.add(f"{label}: “{claim.quote}” ({claim.id})")
    secrets |= {claim.why for claim in hidden.values() if len(claim.why) > 20} - {
        claim.why for claim in whole.claims if claim.unit not in aside
    }
    said = []
    for name, content in files.items():
        text = content.decode("utf-8", "replace")
        spoken = "\n".join(_strings(text)) if name.endswith(".ipynb") else ""
        said += [f"{name} holds “{words}”." for words in sorted(secrets) if words in text or words in spoken]
        if name.endswith(".toml"):
            said += [f"{name} holds {what}." for what in _labels(text, hidden)]
    return said


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


def _strings(text: str) -> Iterator[str]:
    """Every text in a JSON file, with lists of lines joined, as a notebook's cells are."""
    try:
        waiting = [json.loads(text)]
    except ValueError:
        return
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            if all(isinstance(part, str) for part in item):
                yield "".join(item)
            waiting += item
        elif isinstance(item, dict):
            waiting += [*item.values(), *item]
