"""A course on an article of one's own: made from its annotation, with the teacher's run sheet, and a test to print.

A course is a folder: `teacher` holds the annotation, the solutions and the run sheet, `student` what students get.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat

from kit import questions
from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.loading import Article, load_article
from kit.article.records import Annotation, Claim
from kit.check.answers import shown
from kit.draft.frames import proposals
from kit.errors import KitError, typed
from kit.questions import COMPUTED, WRITTEN_OUT
from kit.setup import places
from kit.setup.desk import unspoilt
from kit.teacher.exercises.build import NUMBER_WORDS, executed, text_of
from kit.teacher.exercises.keys import Exercise, KeyedQuestion, load, sealed, student_copy
from kit.teacher.exercises.own_notebooks import Lessons, solution
from kit.teacher.exercises.own_selection import Drafts, balanced, chosen, divided, draft_is_right, firm, in_sight
from kit.teacher.exercises.own_templates import ARTICLE, long_date, page, parts, plain, text

_LEAST_CLAIMS, _LEAST_CONTENTS, _LEAST_UNITS = 12, 6, 8
_ON_THE_LAST = {"gaps", "firm", "through"}
"""Questions whose last column is what they are about: gaps in chains, open claims, claims by way of an agency."""
_CLAIMS, _WORDS = 8, 260
"""As many claims, and words in their sentences, as one page holds in the print of the kit."""
_EDGE = "\ue000"
"""A letter that no article has: where the bold words begin and end, until stars of the article are escaped."""


def make(
    file: Path, folder: Path, *, seed: int = 1, balance: bool = False, say: Callable[[str], None] = lambda line: None
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Make lessons 1 to 5 and exercises 1 to 5 on the article annotated in `file`, in the new folder `folder`; returns
    the exercises' names with their points, and what the teacher should know of the course.

    `folder/student` is for the students, `folder/teacher` holds the keys. The same file and seed give the same bytes.
    With `balance`, the exercises ask by preference what a draft of the text alone gets wrong.
    Nothing is left behind where this fails. Raises KitError, in one sentence, where the folder is in use, claims are
    still proposed, or the article is too small; AnnotationError where the annotation does not hold.
    """
    whole = read(file)
    _fit_for_a_course(whole, file)
    with new_folder(folder) as course:
        exercises, notes = _written(file, whole, course, seed=str(seed), balance=balance, say=say)
    return {one.name: one.points for one in exercises}, notes


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A place for a folder that becomes `folder` in the end; nothing is left behind where that fails.

    Raises KitError where `folder` is in use.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KitError(f"{folder} is there already and is not empty. Nothing was changed; give a new folder: -o DIR")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        yield Path(scratch, "course")
        if folder.is_dir():
            folder.rmdir()
        os.replace(Path(scratch, "course"), folder)


def _fit_for_a_course(whole: Annotation, file: Path) -> None:
    proposed = sum(bool(claim.proposed) for claim in whole.claims)
    sources = sum(bool(source.proposed) for source in whole.sources)
    if proposed or sources:
        more = f" and {sources} of {len(whole.sources)} sources" if sources else ""
        raise KitError(
            f"{file.name}: {proposed} of {len(whole.claims)} claims{more} are still proposed, so a person has not "
            f"accepted them yet. Look at each with `python -m kit annotate {typed(file)}`, then run this again."
        )
    sure = [claim for claim in whole.claims if firm(claim)]
    units = {claim.unit for claim in sure}
    contents = sum(claim.layer == "content" for claim in sure)
    if len(sure) < _LEAST_CLAIMS or contents < _LEAST_CONTENTS or len(units) < _LEAST_UNITS:
        raise KitError(
            f"{file.name} has {len(sure)} claims with one accepted status, {contents} of them contents, in "
            f"{len(units)} sentences. A course needs {_LEAST_CLAIMS}, {_LEAST_CONTENTS} and {_LEAST_UNITS}: half are "
            "for the lessons, half for the exercises, each of which asks two or three claims of different labels. "
            "Annotate more of the text, or take a longer one."
        )


def _written(
    file: Path, whole: Annotation, course: Path, *, seed: str, balance: bool, say: Callable[[str], None]
) -> tuple[list[Exercise], tuple[str, ...]]:
    """Write the whole course into the new folder `course`; returns the exercises, and the notes."""
    drafts = proposals(load_article(file))
    weighed = drafts if balance else None
    student, teacher, aside = course / "student", course / "teacher", divided(whole, seed=seed, drafts=weighed)
    _lay_article(file, whole, course, aside)
    edition = student / "seeds"
    article = load_article(edition / f"{ARTICLE}.toml")
    draw = partial(pages, whole, article, aside=aside, seed=seed, drafts=weighed)
    empty: dict[str, tuple[KeyedQuestion, ...]] = {}
    for name, notebook in draw()[0].items():
        if "/solutions/" in name:
            _run(notebook, course / name, edition)
            empty[Path(name).stem] = tuple(filter(_is_empty, load(course / name).questions))
            say(f"Made {name}")
    found, notes = draw(empty=empty)
    for name, notebook in found.items():
        if empty.get(Path(name).stem, True):
            _run(notebook, course / name, edition)
            say(f"Made {name}")
    for name, derived in students_files(course).items():
        (student / name).write_text(derived, "utf-8", newline="")
    exercises, claims = solved_exercises(course), whole.by_id
    words = {"facts": whole.facts, "exercises": exercises, "count": NUMBER_WORDS[len(exercises)]}
    (student / "README.md").write_text(text("students_page", words), "utf-8", newline="\n")
    more = {
        "notes": notes,
        "lessons": [questions.read(path) for path in sorted((student / "lessons").glob("*.ipynb"))],
        "aside": aside,
        "shown": [unit.id for unit in whole.units if unit.id not in aside],
        "seed": seed,
        "balance": balance,
        "drafted": [(f"{one.number}", *row) for one in exercises for row in _drafted(one, drafts, claims)],
        "rows": lambda exercise: list(_rows(exercise, claims)),
    }
    (teacher / "README.md").write_text(text("run_sheet", words | more), "utf-8", newline="\n")
    return exercises, notes


def _run(notebook: Any, path: Path, edition: Path) -> None:
    """Write the notebook to `path`, and write it anew when it has been run."""
    path.write_text(text_of(notebook), "utf-8", newline="\n")
    # A solution reads what students have, so its key holds nothing that they could not work out from that; what it
    # asks beyond, stands in its answers as plain values.
    reads = edition.resolve() if path.parent.name == "solutions" else None
    run = executed(path, seeds=edition.parent.parent / "teacher" / "seeds", edition=reads)
    path.write_text(text_of(run if reads else unspoilt(run)), "utf-8", newline="\n")


def _is_empty(question: KeyedQuestion) -> bool:
    """Whether nothing is there to be worked out: every number is 0, at least in the column that the question is on."""
    numbers = [value if isinstance(value, list) else [value] for value in question.key.values()]
    last = [row[-1:] if question.name in _ON_THE_LAST else row for row in numbers]
    return question.kind == COMPUTED and all(number == 0 for row in last for number in row)


def _lay_article(file: Path, whole: Annotation, course: Path, aside: Collection[str]) -> None:
    """Make a course's folders: the whole annotation on the teacher's side, the edition on the students'."""
    for name in ("student/lessons", "student/exercises", "student/seeds", "teacher/solutions", "teacher/seeds"):
        (course / name).mkdir(parents=True)
    text = file.read_text("utf-8-sig").replace("\r\n", "\n")
    for side, annotation in (("teacher", text), ("student", sealed(text, aside))):
        shutil.copyfile(file.parent / whole.facts.text, course / side / "seeds" / whole.facts.text)
        (course / side / "seeds" / f"{ARTICLE}.toml").write_text(annotation, "utf-8", newline="\n")


def pages(
    whole: Annotation,
    edition: Article,
    *,
    aside: Collection[str],
    seed: str,
    empty: Mapping[str, Sequence[KeyedQuestion]] = MappingProxyType({}),
    drafts: Drafts | None = None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Every notebook of the course, not yet run, by its path in the course; and what the teacher should know of it.

    `edition` is the article as students have it, without the labels of the units `aside`; `empty` are the questions of
    each exercise (by its name) that are left out, since their answer is 0 throughout. With `drafts`, claims that they
    hold wrongly are asked by preference.
    """
    items = chosen(whole, aside, seed=seed, drafts=drafts)
    own = {read(path).facts.sha256.lower() for path in seeds.seeds().glob("*.toml")}
    known = "This article comes with the kit, and so do its labels: students can look them up. Practice, not marks."
    notes, found = [known] if whole.facts.sha256.lower() in own else [], {}
    for path in sorted(places.solutions().glob("*.ipynb")):
        without = empty.get(path.stem, ())
        notes += [
            f"Exercise {int(path.stem[:2])}: the question “{question.title}” is left out. In the sentences that "
            f"students see its answer is 0 on every line, which would earn {question.points:g} points for no work."
            for question in without
        ]
        notebook = solution(path, edition=edition, items=items, aside=aside, without=[one.name for one in without])
        if notebook is None:
            notes.append(
                f"Exercise {int(path.stem[:2])} is left out: it needs two or three claims with one accepted status and "
                f"different labels among the sentences that are set aside, and these {len(whole.claims)} claims do not "
                "give them."
            )
        else:
            found[f"teacher/solutions/{path.name}"] = notebook
    lessons = Lessons(edition.annotation, seed=seed, made=[int(Path(name).name[:2]) for name in found])
    for number, words in enumerate(lessons.words(), 1):
        path = next(places.notebooks().glob(f"{number:02}_*.ipynb"))
        lesson = nbformat.read(path, as_version=4)
        found[f"student/lessons/{path.name}"] = page(lesson, f"lesson_{number:02}", words, without=words["without"])
    return found, tuple(notes)


def _drafted(exercise: Exercise, drafts: Drafts, claims: Mapping[str, Claim]) -> Iterator[tuple[str, ...]]:
    """Question, points, lines, those on which a draft is right, and the points that it would earn, of each question
    on labels."""
    for question in exercise.questions:
        if question.asks:
            right = sum(draft_is_right(drafts, claims[line], question.asks) for line in question.key)
            earned = f"{question.points * right / len(question.key):.1f}".removesuffix(".0")
            yield question.title, f"{question.points:g}", str(len(question.key)), str(right), earned


def _rows(exercise: Exercise, claims: Mapping[str, Claim]) -> Iterator[tuple[str, ...]]:
    """Question, line, key and what else is accepted."""
    for question in exercise.questions:
        if question.kind != WRITTEN_OUT:
            how = "a person reads it, by the rubric" if question.rubric else "counted from what students have"
            yield question.name, "", f"{how}: see the solution", ""
            continue
        for line in question.key:
            words = plain(claims[line].quote) if line in claims else ""
            best, *others = (plain(shown(value)) for value in question.accepted(line))
            yield question.name, f"{plain(line)} {words}", best, "; ".join(others)


def solved_exercises(course: Path) -> list[Exercise]:
    """The solved exercises of a course. Raises KitError where there are none."""
    solutions = sorted((course / "teacher" / "solutions").glob("*.ipynb"))
    if not solutions:
        raise KitError(
            f"{course} holds no course: there is nothing in teacher/solutions. Run `python -m kit new-course` first."
        )
    return [load(path) for path in solutions]


def students_files(course: Path) -> dict[str, str]:
    """What follows from the teacher's part of a course: path in `student` to text, for the exercises and the article.

    Raises KitError where the teacher's part is not there or not whole.
    """
    exercises, articles = solved_exercises(course), course / "teacher" / "seeds"
    annotation = articles / f"{ARTICLE}.toml"
    body = read(annotation).facts.text
    files = {
        f"seeds/{ARTICLE}.toml": sealed(annotation.read_text("utf-8"), exercises[0].blank[ARTICLE]),
        f"seeds/{body}": (articles / body).read_bytes().decode(),
    }
    return files | {f"exercises/{one.name}.ipynb": text_of(student_copy(one.notebook)) for one in exercises}


def paper_test(course: Path) -> dict[str, str]:
    """The `test` and its `key`, as Markdown: up to eight claims of different status, each in its sentence, with those
    that show who speaks.

    Raises KitError where there are no solutions in `course`; AnnotationError where its annotation does not hold.
    """
    aside = solved_exercises(course)[0].blank[ARTICLE]
    whole = read(course / "teacher" / "seeds" / f"{ARTICLE}.toml")

    def sentence(claim: Claim) -> str:
        told, last = "", None
        for unit in in_sight(whole, {claim.unit}):
            at = (unit.start, claim.start, claim.end, unit.end) if unit.id == claim.unit else (unit.start, unit.end)
            gap = " […] " if last and not unit.follows(last) else " "
            told, last = f"{told}{gap}{_EDGE.join(whole.text[one:two] for one, two in pairwise(at))}", unit
        return plain(told).replace(_EDGE, "**")

    rows: list[tuple[Claim, str]] = []
    for claim in balanced([c for c in whole.claims if c.unit in aside], "status", _CLAIMS, seed="test"):
        if sum(len(words.split()) for _, words in rows) + len(sentence(claim).split()) <= _WORDS:
            rows.append((claim, sentence(claim)))
    words = {"facts": whole.facts, "date": long_date(whole.facts.dateline), "rows": rows}
    return parts("test", words)
