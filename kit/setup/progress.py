"""How far a student is: every lesson and exercise on the desk, as it is saved; and `START.ipynb`, which shows it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kit import questions
from kit.errors import KitError, many, writing
from kit.files import free, from_json, outlasts, write_atomically
from kit.page.names import assignments, value_of
from kit.questions import Page, Question, role
from kit.setup import desk

if TYPE_CHECKING:
    import pandas as pd

STATES = ("open", "begun", "all filled", "handed in")
HANDED_IN = "handed_in"
"""The folder on the desk that holds what was handed in, as it was then."""


@dataclass(frozen=True)
class PageState:
    """A lesson or an exercise on the desk. `path` leads there from the desk; `course` is the folder of a course of
    one's own, "" for the kit's; `state` is one of `STATES`; `filled` of `lines` have an answer; `changed` since it was
    handed in. `form` holds the answers of the test before or after, where one is on the page and filled."""

    path: str
    title: str
    course: str
    is_exercise: bool
    state: str
    filled: int
    lines: int
    changed: bool = False
    form: tuple[str, Mapping[str, str]] | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do on it."""
        return self.state in ("all filled", "handed in") and not self.changed

    @property
    def words(self) -> str:
        """How far it is: “begun: 3 of 8 lines”."""
        if self.state == "handed in":
            blank = self.lines - self.filled
            left = f", {many(blank, 'line')} blank" if blank else ""
            return f"handed in{left}" + (", changed since: hand in again" if self.changed else "")
        return f"begun: {self.filled} of {many(self.lines, 'line')}" if self.state == "begun" else self.state


@dataclass(frozen=True)
class Progress:
    """All pages of a desk, in the order in which they are done; `above` leads from the page to the desk ("" or "../").

    `gained` is the table of the test before and after (`kit.gains`), None until both are filled.
    """

    pages: tuple[PageState, ...]
    gained: pd.DataFrame | None = None
    above: str = ""

    @property
    def next(self) -> PageState | None:
        """The first page that is not done; None where all are."""
        return next((page for page in self.pages if not page.done), None)

    def markdown(self) -> str:
        """What is to be seen at once: where to go on, and a table with links."""
        rows = [f"| {self._link(page)} | {page.words} |" for page in self.pages]
        on = f"**Go on here: {self._link(self.next)}**" if self.next else _ALL_DONE
        table = "\n".join(["| page | how far you are |", "| --- | --- |", *rows])
        return "\n\n".join([on, table, *self._gained()])

    def __repr__(self) -> str:
        rows = [f"{page.title}: {page.words}" for page in self.pages]
        on = f"Go on with: {self.next.title}" if self.next else _ALL_DONE
        return "\n".join([on, *rows, *self._gained()])

    def _ipython_display_(self) -> None:
        """Show the table, and what the two tests gained as a picture."""
        from IPython.display import display

        display({"text/markdown": self.markdown(), "text/plain": repr(self)}, raw=True)
        if self.gained is not None:
            from kit import plots

            display(plots.show(plots.before_after(self.gained)))

    def _link(self, page: PageState) -> str:
        title = re.sub(r"([][\\`*_<|])", r"\\\1", page.title)
        return f"[{title}]({quote(self.above + page.path)})"

    def _gained(self) -> list[str]:
        """What the two tests gained, in words; nothing before both are filled."""
        if self.gained is None:
            return []
        before, after = self.gained.loc["all", ["before", "after"]]
        return [f"Eight sentences before the course: {before} right. Eight like them after it: {after} right."]


_ALL_DONE = "Everything is done."


def progress() -> Progress:
    """How far you are on every lesson and exercise, as it is saved now.

    Raises KitError where a browser shows Python no files.
    """
    here = Path.cwd()
    if not outlasts(here):
        raise KitError(
            "At this address the browser shows Python none of your pages. How far you are stands on the first page."
        )
    return read(desk.of(here / "page"), here=here)


def read(target: Path, *, here: Path | None = None) -> Progress:
    """The progress on the desk `target`, with links as seen from the folder `here`, by default the desk itself."""
    laid = desk.laid(target)
    there = [path for depth in ("", "*/") for kind in desk.FOLDERS for path in target.glob(f"{depth}{kind}/*.ipynb")]
    pages = tuple(sorted(filter(None, (_page(path, target, laid) for path in there)), key=_place))
    forms = dict(page.form for page in pages if page.form and not page.course)
    gained = None
    if "before" in forms and "after" in forms:
        from kit import gains

        gained = gains.table(forms["before"], forms["after"])
    steps = len((here or target).resolve().relative_to(target.resolve()).parts)
    return Progress(pages, gained, "../" * steps)


@dataclass(frozen=True)
class Saved:
    """A page as it was saved at `time`. `answers` maps each question to the source that answers it ("": none)."""

    content: bytes
    time: datetime
    notebook: Mapping[str, Any]
    page: Page
    answers: Mapping[str, str]


def saved(path: Path) -> Saved | None:
    """The page in a file; None for what cannot be read as one."""
    try:
        content, time = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime)
        notebook = from_json(content)
        page = questions.read(notebook)
        answers = {one.name: answer_of(notebook, one.name) for one in page.questions}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Saved(content, time, notebook, page, answers)


def answer_of(notebook: Mapping[str, Any], question: str) -> str:
    """The source that answers a question: of the cell that is meant for it, else of the last of one's own that assigns
    its variable; "" where there is none."""
    cells = [(role(cell), "".join(cell["source"])) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    meant = [source for tied, source in cells if tied == ("answer", question)]
    own = [source for (what, _), source in cells if not what and _value(source, question)]
    return next((source for source in meant if _value(source, question)), (own or meant or [""])[-1])


def filled(source: str, question: Question) -> tuple[bool, ...]:
    """For each line of a question, whether its answer in `source` holds something. One that names no lines has one."""
    value = _value(source, question.name)
    asked = [line.name for line in question.lines] if question.kind == questions.WRITTEN_OUT else []
    if isinstance(value, ast.Dict) and value.values:
        held = {str(key and value_of(key)): _holds(part) for key, part in zip(value.keys, value.values, strict=True)}
        return tuple(held.get(name, False) for name in asked or held)
    return (value is not None and _holds(value),) * max(len(asked), 1)


def _value(source: str, name: str) -> ast.expr | None:
    """What `source` assigns last to `name`."""
    return dict(assignments(source)).get(name)


def _holds(value: ast.expr) -> bool:
    """Whether an expression is an answer: no blank text, no empty list, and no three dots anywhere in it."""
    if isinstance(value, ast.List | ast.Tuple | ast.Dict):
        parts = value.values if isinstance(value, ast.Dict) else value.elts
        return bool(parts) and all(map(_holds, parts))
    if isinstance(value, ast.Constant):
        return value.value not in (None, ...) and str(value.value).strip() != ""
    return not any(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(value))


def _page(path: Path, target: Path, laid: Mapping[str, str]) -> PageState | None:
    """The state of a page; None for what is no page of a course under its own name, such as a copy put aside."""
    whole = saved(path)
    if whole is None or whole.page.name != path.stem:
        return None
    page, run = whole.page, any(cell.get("execution_count") for cell in whole.notebook["cells"])
    name = path.relative_to(target).as_posix()
    course = name.partition("/")[0] if name.count("/") == 2 else ""
    found = {one.name: filled(whole.answers[one.name], one) for one in page.questions}
    full, lines = sum(map(sum, found.values())), sum(map(len, found.values()))
    now = desk.fingerprint(whole.content)
    touched = run or laid.get(name, now) != now
    copies = map(saved, (target / HANDED_IN / course).glob(f"*{page.name}.ipynb"))
    handed_in = next((copy for copy in copies if copy), None)
    state = STATES[3] if handed_in else STATES[2] if full == lines else STATES[1] if touched else STATES[0]
    changed = handed_in is not None and handed_in.answers != whole.answers
    title, form = _title(whole.notebook, page), _form(page, found)
    return PageState(name, title, course, page.is_exercise, state, full, lines, changed, form)


def _title(notebook: Mapping[str, Any], page: Page) -> str:
    heads = ("".join(cell["source"]).partition("\n")[0] for cell in notebook["cells"])
    head = next((line.removeprefix("# ") for line in heads if line.startswith("# ")), page.title or page.name)
    return head if page.is_exercise else f"Lesson {head}"


def _form(page: Page, found: Mapping[str, tuple[bool, ...]]) -> tuple[str, Mapping[str, str]] | None:
    """The test before or after, with its answers, where every line of it is filled."""
    for one in page.questions:
        if one.form in ("before", "after") and all(found[one.name]) and one.lines:
            return one.form, {line.name: line.given[0] for line in one.lines}
    return None


def _place(page: PageState) -> tuple[object, ...]:
    """The order: the kit's own course first, and in a course each exercise after the lesson of its number."""
    name = page.path.rpartition("/")[2]
    return page.course, name[:2], page.is_exercise, name


START = "START.ipynb"
"""The page that the kit opens first. What the student adds to it stays."""
_NOW = (
    "This table is from when the kit was started, and is made of what you saved. For how it is **now**: click into the "
    "next cell and press **Shift+Enter**."
)
_WORDS = Path(__file__).with_name("start.md")

CELLS: tuple[tuple[str, str, str], ...] = (
    ("start-table", "markdown", ""),
    ("start-progress", "code", "import kit\n\nkit.progress()"),
    ("start-mixed-up", "code", "import kit\n\nkit.mixed_up()  # what practice says you mix up"),
    ("start-words", "markdown", ""),
)
"""Our cells, in order: id, kind, source. The first is made from the progress, the last from `start.md`; one that is
added here is laid into pages that are there already, below the one before it."""


def lay_start(target: Path) -> Path:
    """Write the start page on the desk `target` with the progress of today, and return its path.

    Cells of the student's own, and our code where it was changed, stay as they are. A page that cannot be read is kept
    under another name. Raises SetupError where it cannot be written.
    """
    path = target / START
    with writing(f"{path} could not be written"):
        notebook = _start_page(path)
        table = f"# Where you are\n\n{read(target).markdown()}\n\n{_NOW}"
        texts = {"start-table": table, "start-words": _WORDS.read_text("utf-8")}
        at = 0
        for name, kind, source in CELLS:
            found = next((n for n, cell in enumerate(notebook["cells"]) if cell.get("id") == name), None)
            if found is None:
                found = at
                notebook["cells"].insert(at, {"id": name, "cell_type": kind, "metadata": {}, "source": source})
            cell = notebook["cells"][found]
            if kind == "markdown":
                cell["source"] = texts[name]
            else:  # what it showed last time is no longer so
                cell["outputs"], cell["execution_count"] = [], None
            at = found + 1
        write_atomically(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    return path


def _start_page(path: Path) -> dict[str, Any]:
    """The page as it is, or an empty one."""
    try:
        notebook = from_json(path.read_bytes())
        shape = [type(notebook["cells"]), type(notebook["metadata"]), *map(type, notebook["cells"])]
        if shape != [list, *[dict] * (len(shape) - 1)] or not all("cell_type" in cell for cell in notebook["cells"]):
            raise ValueError("no notebook")
        return notebook
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        path.replace(free(path, ".broken-"))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": [], "metadata": about, "nbformat": 4, "nbformat_minor": 5}
