"""Lessons, exercises and keys as pages to print: one HTML file each that needs nothing else, and a PDF of it.

On paper what is read stays, what is typed becomes a box, and what only a computer can do goes. The key is paper of its
own: what is right, line by line, what else is accepted, and why.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor

from kit import questions
from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.records import Claim
from kit.check import feedback
from kit.errors import KitError
from kit.files import write_atomically
from kit.page.names import statements
from kit.questions import COMPUTED, IN_WORDS, Question, role
from kit.setup import places
from kit.teacher.exercises import keys
from kit.teacher.exercises.build import executed
from kit.teacher.exercises.keys import KeyedQuestion
from kit.teacher.exercises.own_course import paper_test, solved_exercises
from kit.teacher.exercises.own_templates import ARTICLE
from kit.teacher.pages_and_tables import templates

NO_BROWSER = (
    "No PDF was made, since no Chromium or Chrome was found (KIT_CHROMIUM may name one): open the HTML in any "
    "browser and print it from there."
)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_SECONDS = 120
_TEMPLATES = templates(Path(__file__).parent / "templates" / "printing")
_HIDE = "hide-code"
"""The tag of a cell whose code is not printed."""
_FETCHED = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?!data:|#)([^\"')\s;]+)", re.IGNORECASE)
_FOLDED = re.compile(r"<details\b[^>]*>\s*(?:<summary\b.*?</summary>)?(.*?)</details>", re.DOTALL | re.IGNORECASE)
_BESIDE = re.compile(r"\A# Your answer.*\n")
_LOADS = re.compile(r"load_article\(\s*(?:[\"']([\w-]+)[\"'])?")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_LIVE = re.compile(r"old-cards.*|.+-(cards|cards-ask|widget)")
"""The ids of cells with cards to be labelled by keys: only a computer can draw and explain them."""
_MOST = 8  # choices that are worth printing
_WORDS_A_LINE = 12  # as many as fit on a ruled line in a child's hand


def write(names: Sequence[str], folder: Path, *, key: bool = False, size: str = "A4") -> tuple[Path, ...]:
    """Write the pages that `names` mean into `lessons/`, `exercises/` and `teaching/` below `folder`, and with `key`
    their keys into `keys/`, apart from what is handed out. Each is HTML and, where a browser is found, PDF.

    A name that is the folder of a course means its pages: they come into a folder of that name, with a `test` of one
    page. `size` is "A4" or "letter". Returns the files written. Raises KitError for a name that fits nothing, and where
    the browser fails.
    """
    pages: dict[Path, str] = {}
    if course := _course_of(names):
        folder, test = folder / course.resolve().name, paper_test(course)
        for name, place in {"test": "test.html", **({"key": "keys/test_key.html"} if key else {})}.items():
            pages[folder / place] = _page(_markdown(test[name]), course / f"{name}.md", key=name == "key", size=size)
    for path in chosen(names):
        exercise = path.suffix != ".md" and questions.read(path).is_exercise
        kind = "teaching" if path.suffix == ".md" else "exercises" if exercise else "lessons"
        pages[folder / kind / f"{path.stem}.html"] = student_page(path, size=size)
        if key and kind != "teaching":
            pages[folder / "keys" / f"{kind[:-1]}_{path.stem}_key.html"] = key_page(path, size=size)
    for path, text in pages.items():
        write_atomically(path, text)
    program = browser()
    return (*pages, *(pdf(page, program=program) for page in pages if program))


def chosen(names: Sequence[str]) -> tuple[Path, ...]:
    """The lessons and exercises that `names` mean; all of them for no name.

    A name is a file (a notebook or Markdown), a number ("1": lesson and exercise 1), or a part of a file's name. Where
    one is the folder of a course, the others choose from it. Raises KitError where nothing fits.
    """
    course = _course_of(names)
    folders = [course / "student" / "lessons", course / "student" / "exercises"] if course else []
    found_in = folders or [places.notebooks(), places.exercises()]
    files = [path for folder in found_in for path in sorted(folder.glob("*.ipynb"))]
    names = [name for name in names if not course or Path(name) != course]
    if not names:
        return tuple(files)
    found: list[Path] = []
    for name in names:
        start = f"{int(name):02d}_" if name.isdecimal() else ""
        fits = [path for path in files if (path.stem.startswith(start) if start else name.lower() in path.stem)]
        if Path(name).suffix in (".ipynb", ".md") and Path(name).is_file():
            fits = [Path(name)]
        if not fits and Path(name).is_dir():
            solved_exercises(Path(name))  # it says why a folder is no course
        if not fits:
            known = ", ".join(path.stem for path in files)
            raise KitError(f"There is no lesson or exercise “{name}”. There are: {known}.")
        found += [path for path in fits if path not in found]
    return tuple(found)


def browser() -> str | None:
    """A Chromium or Chrome of this machine: the one that `KIT_CHROMIUM` names, else the first on the PATH."""
    names = (os.environ.get("KIT_CHROMIUM"), *_BROWSERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def pdf(page: Path, *, program: str) -> Path:
    """Print the HTML file `page` to a PDF beside it with the browser `program`. Raises KitError where that fails."""
    out = page.resolve().with_suffix(".pdf")
    out.unlink(missing_ok=True)
    root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", *root]
        command = [program, *flags, f"--user-data-dir={profile}", "--no-pdf-header-footer", f"--print-to-pdf={out}"]
        try:
            subprocess.run([*command, page.resolve().as_uri()], capture_output=True, timeout=_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            out.unlink(missing_ok=True)
    if not out.is_file():
        raise KitError(f"{program} made no PDF of {page}. Open that file in a browser and print it from there.")
    return page.with_suffix(".pdf")


def student_page(path: Path, *, size: str = "A4") -> str:
    """The notebook at `path` as a page for students: boxes in place of answer cells, no checks, no answers."""
    notebook = _markdown(path.read_text("utf-8")) if path.suffix == ".md" else _shown(path)
    about = questions.read(notebook)
    asked, claims = {question.name: question for question in about.questions}, _claims_of(notebook, path)
    needs = _needing_answers(notebook, asked)
    paper = []
    for cell in notebook.cells:
        what, name = role(cell)
        alive = what in ("check", "setup", "sample") or _LIVE.fullmatch(cell.id)
        if alive or (cell.id in needs and what != "answer"):
            continue
        if cell.cell_type == "markdown":
            cell.source = _FOLDED.sub("", cell.source)
        elif cell.cell_type == "code":
            cell.outputs = _still(cell.outputs)
            if what == "answer":
                cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": _form(asked[name], claims)})]
            if what in ("answer", "text") or all(map(_shows_only, statements(cell.source) or ())):
                cell.metadata.tags = [_HIDE]
        if cell.cell_type != "code" or cell.outputs:
            paper.append(cell)
    notebook.cells = paper
    by_hand = questions.out_of(question for question in about.questions if question.kind != COMPUTED)
    reached = f"Without a computer, {by_hand:g} of the {about.points:g} points can be reached."
    return _page(notebook, path, points=reached if by_hand < about.points else "", size=size)


def key_page(path: Path, *, size: str = "A4") -> str:
    """The key of the lesson or exercise at `path`, for the teacher: each question's text, what is right, what else is
    accepted, and why.

    For a lesson, what is right is looked up in the annotation or in the file of reasons, or else the answers are those
    that the lesson itself folds away. Raises SetupError where the kit is installed without the solved exercises.
    """
    notebook = nbformat.read(path, as_version=4)
    about = questions.read(notebook)
    keyed: dict[str, KeyedQuestion] = {}
    if about.is_exercise:
        solution = _solved(path) or places.solutions() / f"{about.name}.ipynb"
        notebook, keyed = nbformat.read(solution, as_version=4), keys.load(solution).by_name
    claims, asked = _claims_of(notebook, path), ""
    cells = [cell for cell in notebook.cells[:1] if cell.cell_type == "markdown"]
    answers = {role(cell)[1]: cell for cell in notebook.cells if role(cell)[0] == "answer"}
    for question in questions.read(notebook).questions:
        mine, answer = keyed.get(question.name), answers[question.name]
        rubric = mine.rubric if mine else ()
        rows = _rows(question, claims, mine) if not rubric else []
        # The answers that a lesson folds away, and why, unfolded.
        folded = [cell for cell in notebook.cells if role(cell) == ("reasons", question.name) and not rows]
        reasons = [
            nbformat.v4.new_markdown_cell("\n\n".join(_FOLDED.findall(cell.source)), id=cell.id) for cell in folded
        ]
        code = _BESIDE.sub("", answer.source) if mine and question.kind == COMPUTED else ""
        heads = ", ".join(question.columns) if len(question.columns) > 1 else ""
        page = _TEMPLATES.get_template("key.html").render(
            points=question.points, rows=rows, code=code, rubric=rubric, heads=heads, folded=bool(reasons)
        )
        images = [output for output in answer.outputs if "image/png" in output.get("data", {})] if code else []
        cell = nbformat.v4.new_code_cell(id=f"key-{question.number}", metadata={"tags": [_HIDE]})
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": page}), *images]
        text = _FOLDED.sub("", question.asked).strip()
        cells += [nbformat.v4.new_markdown_cell(text, id=f"text-{question.number}")] if text not in ("", asked) else []
        cells += [cell, *reasons]
        asked = text
    return _page(nbformat.v4.new_notebook(cells=cells), path, key=True, size=size)


def _course_of(names: Iterable[str]) -> Path | None:
    """The first of `names` that is the folder of a course, with the students' part and the teacher's."""
    return next(
        (path for path in map(Path, names) if (path / "student").is_dir() and (path / "teacher").is_dir()), None
    )


def _teacher(path: Path) -> Path:
    """Where the teacher's part is, of the course in which the notebook at `path` would be."""
    return path.resolve().parent.parent.parent / "teacher"


def _solved(path: Path) -> Path | None:
    """The solved exercise of the course that `path` belongs to, None where there is none."""
    found = _teacher(path) / "solutions" / path.name
    return found if found.is_file() else None


def _shown(path: Path) -> Any:
    """The notebook with what its cells show. In a course students' copies show nothing before they are run: of an
    exercise the solved one is taken, which was run, and a lesson is run now."""
    alone = (path.resolve().parent.parent / "seeds" / f"{ARTICLE}.toml").is_file() and not _solved(path)
    return executed(path) if alone else nbformat.read(_solved(path) or path, as_version=4)


def _claims_of(notebook: Any, path: Path) -> dict[str, Claim]:
    """The claims of every article that the notebook at `path` loads, by id: an article of its course comes first."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    slugs = dict.fromkeys(slug or "soldiers" for slug in _LOADS.findall(code))
    folders = (_teacher(path) / "seeds", path.resolve().parent.parent / "seeds", seeds.seeds())
    files = [[folder / f"{slug}.toml" for folder in folders] for slug in slugs]
    found = (next((file for file in some if file.is_file()), some[-1]) for some in files)
    return {claim.id: claim for file in found for claim in read(file).claims}


def _markdown(text: str) -> Any:
    """A page of text as a notebook."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="text")])


@cache
def _exporter() -> HTMLExporter:
    """One for all pages: it reads its templates once."""
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        embed_images=True,
    )
    exporter.register_preprocessor(TagRemovePreprocessor(remove_input_tags={_HIDE}), enabled=True)
    return exporter


def _page(notebook: Any, path: Path, *, size: str, key: bool = False, points: str = "") -> str:
    body, _ = _exporter().from_notebook_node(notebook, resources={"metadata": {"path": str(path.parent)}})
    first = next((line for cell in notebook.cells[:1] for line in cell.source.splitlines()), "")
    title = first.lstrip("# ").strip() or path.stem
    title += " · Key" if key else ""
    foot = re.sub(r'[\\"<>]', "", f"Who Says So? {title}")
    page = _TEMPLATES.get_template("print.html").render(
        body=body, title=title, foot=foot, key=key, work=path.suffix != ".md", points=points, size=size
    )
    if fetched := outside(page):
        raise KitError(f"{path.name} cannot be printed as one file: it would fetch {', '.join(fetched[:3])}.")
    return page


def outside(page: str) -> tuple[str, ...]:
    """What a page would fetch from elsewhere: addresses of scripts, styles, images and frames that are not in it.

    That is what a browser would load by itself; a link that a reader may follow is none.
    """
    found: list[str] = []
    for tag in BeautifulSoup(page, "html.parser").find_all():
        for name, value in tag.attrs.items():
            if name in ("src", "srcset", "data", "poster") or (name == "href" and tag.name in ("link", "image", "use")):
                found += [str(value)] if value and not str(value).startswith(("data:", "#")) else []
        found += _FETCHED.findall(f"{tag.get('style', '')}\n{tag.text if tag.name == 'style' else ''}")
    return tuple(found)


def _still(outputs: Iterable[Any]) -> list[Any]:
    """The outputs without those that are alive, and without what they fold away: on paper nothing can be opened."""
    kept = []
    for output in outputs:
        data = output.get("data", {})
        page = "".join(data.get("text/html", ""))
        if _WIDGET not in data and "kit-copy" not in page:
            data |= {"text/html": _FOLDED.sub("", page)} if "text/html" in data else {}
            kept.append(output)
    return kept


def _form(question: Question, claims: Mapping[str, Claim]) -> str:
    """What is to be filled, as HTML."""
    nested = bool(question.columns) and question.kind != COMPUTED
    few = len(question.choices) <= _MOST and not nested
    if question.kind == IN_WORDS:
        height = question.most // _WORDS_A_LINE or 4
    else:
        height = 3 if question.lines else 2 if question.check == "number" else 7
    names = [line.name for line in question.lines]
    return _TEMPLATES.get_template("boxes.html").render(
        question=question,
        computed=question.kind == COMPUTED,
        choices=question.choices if few else (),
        columns=question.columns or ("your answer",),
        height=height,  # in ruled lines
        # The words of a claim, unless the text above has shown them already.
        words={n: claims[n].quote if n in claims and n not in question.asked else "" for n in names},
    )


def _needing_answers(notebook: Any, questions: Iterable[str]) -> set[str]:
    """The ids of the cells that work with an answer, and so show nothing of use where none has been typed."""
    answers, found = set(questions), set()
    for cell in notebook.cells:
        parts = (statements(cell.source) if cell.cell_type == "code" else None) or ()
        names = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)]
        if any(node.id in answers and isinstance(node.ctx, ast.Load) for node in names):
            found.add(cell.id)
            answers |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return found


def _shows_only(node: ast.stmt) -> bool:
    """Whether code only loads and shows what the kit makes, so that a reader on paper misses nothing without it."""
    if isinstance(node, ast.For):
        return all(map(_shows_only, node.body))
    value = getattr(node, "value", None)
    while isinstance(value, ast.Call | ast.Attribute):
        value = value.func if isinstance(value, ast.Call) else value.value
    made = isinstance(value, ast.Name) and value.id in ("kit", "print")
    return made or isinstance(node, ast.Import | ast.ImportFrom) or isinstance(value, ast.Constant | ast.List)


def _rows(question: Question, claims: Mapping[str, Claim], mine: KeyedQuestion | None) -> list[dict[str, str]]:
    """The lines of the key: what is right, what else is accepted, and why.

    Of a question without a key it is what the annotation accepts on each line that is about a claim.
    """
    about = {line.name: claims.get(line.claim) for line in question.lines}
    right: dict[str, Sequence[Any]] = {}
    if mine:
        right = {name: mine.accepted(name) for name in mine.key}
    for name, claim in about.items() if not mine else ():
        with contextlib.suppress(AttributeError):  # a claim has no such field
            if claim and (found := claim.accepts(question.asks)) and _plain(found[0]):
                right[name] = found
    reasoned = feedback.reasons(question.reasons) if question.reasons else {}
    right |= {name: accepted for name, (accepted, _) in reasoned.items()}
    rows = []
    for name, (best, *others) in right.items():
        claim = about.get(name)
        row = {"name": "" if name == "value" else name, "words": claim.quote if claim else "", "right": _plain(best)}
        why = claim.why if claim and question.field == "status" else reasoned.get(name, ("", ""))[1]
        rows.append(row | {"also": "; ".join(map(_plain, others)), "why": why})
    return rows


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
