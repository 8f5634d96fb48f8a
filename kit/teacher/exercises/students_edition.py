"""The students' edition of the kit's own course, for one exercise after the other: the whole kit, and no label of its
articles that this exercise or a later one asks for.

A later exercise counts labels that an earlier one asks for. So each is given out when the one before it is in, with an
edition in which the earlier labels stand; and what students hold gives the numbers of the key.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from kit import questions
from kit.article.annotation_file import read
from kit.article.records import KEY_FIELDS, Annotation, Claim
from kit.check.answers import parse
from kit.errors import KitError
from kit.files import write_atomically
from kit.page.class_choices import FILE
from kit.questions import Question, role
from kit.setup.desk import handed_out
from kit.teacher.exercises.build import executed, text_of
from kit.teacher.exercises.keys import Exercise, Withheld, load, relabelled, shown, student_copy, without
from kit.teacher.exercises.own_templates import text
from kit.teacher.exercises.secrecy import search
from kit.teacher.exercises.sharing import packed

__all__ = ["release_own", "withheld"]

_TOLD_BY = {
    "layer": ("layer", KEY_FIELDS),
    "voucher": ("source", KEY_FIELDS),
    "status": ("status also why", ()),
    "cue": ("cue", ("cue_class", "why")),
    "cue_class": ("cue cue_class", ("why",)),
    "reach": ("hedge", ("why",)),
    "chain": ("chain", ("why",)),
}
"""What is asked of a claim, to the fields that answer it, and to those that would tell it, too."""
_BESIDE = ("LICENSE", "LICENSE-CONTENT", "CITATION.cff", "requirements.lock", FILE)
_TOP = "who-says-so"


def asked(question: Question) -> Iterator[tuple[str, str]]:
    """Each claim, or unit, of which the question asks a label; and what it asks: a name of `_TOLD_BY`."""
    field = "layer" if question.check == "spans" else question.asks
    yield from ((line.claim, field) for line in question.lines if field)


def withheld(whole: Annotation, exercises: Iterable[Exercise], lessons: Iterable[Question]) -> Withheld:
    """What students do not have of the article `whole` before the `exercises` are in: what these ask of any claim, for
    all claims in its sentence, and what would tell it.

    The `lessons` are the questions of those that students have: a label that one explains is no secret.
    """
    found: dict[str, set[str]] = {}
    units = {name: claim.unit for name, claim in whole.by_id.items()} | {unit.id: unit.id for unit in whole.units}
    for exercise in exercises:
        for place, what in (pair for question in exercise.questions for pair in asked(question)):
            answers, tells = _TOLD_BY[what]
            for claim in whole.claims:
                if claim.unit == units.get(place):
                    found.setdefault(claim.id, set()).update(answers.split(), tells)
    for name, what in (pair for question in lessons for pair in asked(question)):
        found.get(name, set()).difference_update(_TOLD_BY[what][0].split())
    return {name: frozenset(gone) for name, gone in found.items() if gone}


def release_own(root: Path, out: Path, *, number: str) -> tuple[str, ...]:
    """Pack the kit in `root` into the zip `out`, as students need it for exercise `number` ("1" or "01"): with all
    lessons and exercises up to it, and for the last exercise with those behind it. Returns the names in it.

    Raises KitError, and writes no archive, where there is no such exercise, the labels are not those of its key, an
    answer stands in any file, or the solved exercise has another answer where labels are withheld.
    """
    solved = [load(path) for path in sorted((root / "exercises" / "solutions").glob("*.ipynb"))]
    known = [one.number for one in solved]
    if number.lstrip("0") not in known:
        raise KitError(f"There is no exercise “{number}” in this kit; choose from {', '.join(known)}.")
    for changed in filter(None, (relabelled(one, root / "seeds") for one in solved)):
        raise KitError(f"The labels in {changed}.toml are not those of the keys: run `python -m kit build` first.")
    at = known.index(number.lstrip("0"))
    later, is_last = solved[at:], at == len(known) - 1
    every = {path: questions.read(path) for path in sorted((root / "notebooks").glob("*.ipynb"))}
    lessons = {path: page for path, page in every.items() if is_last or page.number[:1] <= known[at]}
    taught = [question for page in lessons.values() for question in page.questions]
    wholes = [read(path) for path in sorted((root / "seeds").glob("*.toml"))]
    gone = {whole.path.stem: withheld(whole, later, taught) for whole in wholes}
    articles = dict(_articles(root / "seeds", gone))
    pages = [*(one.notebook for one in solved[:at]), _solved_with(articles, root, later[0])]
    files = {f"seeds/{name}": content for name, content in articles.items()}
    files |= {f"notebooks/{path.name}": handed_out(path.read_bytes()) for path in lessons}
    for page in map(student_copy, map(nbformat.from_dict, pages)):
        page.metadata["kit"].pop("seeds", None)  # a hash of all labels
        files[f"exercises/{page.metadata['kit']['exercise']}.ipynb"] = text_of(page).encode()
    files |= _kit(root, files) | {"README.md": text("edition", {"missing": any(gone.values())}).encode()}
    for whole in wholes:
        for found in _leaks(files, whole, gone[whole.path.stem], later):
            raise KitError(f"Nothing was packed: {found} Take that out of the file, and release again.")
    write_atomically(out, packed({f"{_TOP}/{name}": content for name, content in files.items()}))
    return tuple(files)


def _articles(seeds: Path, gone: Mapping[str, Withheld]) -> Iterator[tuple[str, bytes]]:
    """Every file of the articles as students have it: its name in `seeds`, and what is in it."""
    for path in sorted(path for path in seeds.rglob("*") if path.suffix in (".toml", ".txt")):
        name, content = path.relative_to(seeds).as_posix(), path.read_bytes()
        mine = gone.get(path.stem, {}) if name == f"{path.stem}.toml" else {}
        yield name, without(content.decode().replace("\r\n", "\n"), mine).encode() if mine else content


def _solved_with(articles: Mapping[str, bytes], root: Path, exercise: Exercise) -> Any:
    """The solution, run with what students have. Raises KitError where an answer is not that of the key."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in articles.items():
            write_atomically(Path(folder, name), content)
        path = root / "exercises" / "solutions" / f"{exercise.name}.ipynb"
        found = executed(path, seeds=root / "seeds", edition=Path(folder))
    answers = {role(cell)[1]: shown(cell["outputs"]) for cell in found.cells if role(cell)[0] == "check"}
    for question in exercise.questions:
        if parse(answers[question.name] or "") != question.key:
            raise KitError(
                f"{exercise.name}: “{question.name}” needs labels that a later exercise asks for, so students would "
                "find another answer than the key's, and nothing was packed. Let one of the two ask for other claims."
            )
    return found


def _kit(root: Path, given: Collection[str]) -> dict[str, bytes]:
    """The kit itself and what it is installed from, beside the pages that are `given`."""
    there = [path for path in sorted((root / "kit").rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    there += [path for name in _BESIDE if (path := root / name).is_file()]
    project = (root / "pyproject.toml").read_text("utf-8").splitlines(keepends=True)
    kept = "".join(line for line in project if not line.startswith('"exercises/') or line.split('"')[1] in given)
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in there}
    return files | {"pyproject.toml": kept.encode()}


def _leaks(files: Mapping[str, bytes], whole: Annotation, gone: Withheld, later: Iterable[Exercise]) -> tuple[str, ...]:
    """What stands in any file of what is withheld of the article, and of the answers of `later` exercises."""
    stem, units = whole.path.stem, {whole.by_id[name].unit for name in gone}
    asking = [replace(one, blank={stem: tuple(units)}) for one in later if stem in one.blank]

    def secret(claim: Claim) -> Claim:
        """The claim with what is withheld of it, and nothing else."""
        hidden = {field: getattr(claim, field) for field in gone.get(claim.id, ())}
        return Claim(claim.id, claim.unit, claim.quote, **hidden, withheld=tuple({*KEY_FIELDS} - {*hidden}))

    told = replace(whole, claims=tuple(secret(claim) if claim.unit in units else claim for claim in whole.claims))
    others = {f"seeds/{path.name}" for path in whole.path.parent.glob("*.toml")} - {f"seeds/{whole.path.name}"}
    mine = {name: content for name, content in files.items() if name not in others}
    return search(mine, exercises=asking, whole=told, in_any_form=False).leaks if asking else ()
