"""Handing in: a copy of the page as it is saved, under the student's name, and what is still blank in it."""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import many, visible
from kit.files import free, outlasts, own_page, write_atomically
from kit.page import class_choices
from kit.page.cells import Watch, watching
from kit.page.names import made, plain, statements
from kit.questions import Page, role
from kit.setup import desk
from kit.setup.progress import HANDED_IN, filled, saved

BEFORE = "handed_in_before"
"""The folder on the desk that keeps what was handed in earlier, so that `handed_in` holds one file per exercise."""
_LONGEST = 120
"""Bytes of a student's name in the name of a file."""
_NOWHERE = "Nothing was copied: this cell works in JupyterLab. Hand in the file of this page itself."
_NO_FILES = (
    "Nothing was copied: at this address the browser shows Python no files. Save with Ctrl+S (on a Mac Cmd+S), and "
    "press Hand in at the top of this page, or Download where there is no such button: that file is what you hand in."
)
_NO_PAGE = (
    "Nothing was copied: {name} is not there under this name any more, or is no page of the course. Save, choose "
    "Kernel → Shut Down All Kernels, close this page, open it again, and run this cell once more."
)
_NAME = (
    "Nothing was copied yet: your teacher wants your name. Write it between the quotation marks, and run this again."
)
_NOT_WRITTEN = (
    "Nothing was copied: {folder} cannot be written ({why}). Hand in the file of this page itself, as you saved it."
)
_DOWNLOAD = (
    f"To download it, open the folder {HANDED_IN} in the list on the left, right-click the file, and choose Download."
)
_IN_BROWSER = (
    "It is kept in this browser. To give it to your teacher, press Hand in at the top of this page, or Download where "
    "there is no such button."
)
_EMPTY = "Nothing was copied: no line on this page is filled yet."
_UNSAVED = (
    "Nothing was copied yet: the answer to {which} is not saved as you last ran it. Save with Ctrl+S (on a Mac Cmd+S), "
    "and run this cell again. If it says the same, run the answer cell first."
)
_STOPPED = "The answer to {which} stops with an error, so it may get no points. Mend it, save, and run this cell again."


@dataclass(frozen=True)
class HandIn:
    """What handing in did: `file` is the copy, None where none was made, and `lines` say it to the student."""

    lines: tuple[str, ...]
    file: Path | None = None

    def __repr__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        first, *others = map(html.escape, self.lines)
        items = "".join(f"<li>{line}</li>" for line in others)
        return f"<p><b>{first}</b></p><ul>{items}</ul>" if items else f"<p>{first}</p>"


def hand_in(name: str = "") -> HandIn:
    """Copy this page, as it is saved, into the folder `handed_in` on the desk, with your name in the file's name.

    What was handed in of this page before is kept in `handed_in_before`. Works in JupyterLab, which tells a kernel its
    page; elsewhere nothing is done. Raises SetupError where the teacher's `class.toml` does not hold.
    """
    file, name = own_page(), _in_a_file_name(str(name))
    if file is None or not outlasts(Path.cwd()):
        return HandIn((_NO_FILES if file else _NOWHERE,))
    whole = saved(file)
    if whole is None or not whole.page.questions:
        return HandIn((_NO_PAGE.format(name=file.name),))
    page, answers = whole.page, whole.answers
    if class_choices.read().ask_name and not name:
        return HandIn((_NAME,))
    found = {one.name: filled(answers[one.name], one) for one in page.questions}
    if not any(map(any, found.values())):
        return HandIn((_EMPTY,))
    if unsaved := _unsaved(whole.notebook, answers, watching()):
        return HandIn((_UNSAVED.format(which=_numbers(page, unsaved)),))
    try:
        target, earlier = _copy(file, whole.content, page, name)
    except OSError as fault:
        return HandIn((_NOT_WRITTEN.format(folder=desk.of(file) / HANDED_IN, why=fault.strerror or fault),))
    stopped = _stopped(whole.notebook, answers)
    broken = (_STOPPED.format(which=_numbers(page, stopped)),) if stopped else ()
    first = f"Copied: {page.title}, as it was saved at {whole.time:%H:%M:%S}."
    return HandIn((first, *broken, *_said(found, target, earlier)), target)


def _copy(file: Path, content: bytes, page: Page, name: str) -> tuple[Path, Path | None]:
    """Write the copy; returns its path, and where the one before it is now."""
    top = desk.of(file)
    course = file.parent.parent.relative_to(top) if file.parent.parent.is_relative_to(top) else Path()
    target = top / HANDED_IN / course / (f"{name}_{page.name}.ipynb" if name else f"{page.name}.ipynb")
    kept = None
    for old in sorted(target.parent.glob(f"*{page.name}.ipynb")):
        if old == target and old.read_bytes() == content:
            continue
        folder = top / BEFORE / course
        folder.mkdir(parents=True, exist_ok=True)
        kept = old.replace(free(folder / old.name, "_"))
    write_atomically(target, content)
    return target, kept


def _said(found: Mapping[str, tuple[bool, ...]], target: Path, earlier: Path | None) -> Iterable[str]:
    """What is still blank, and what to do with the file."""
    lines = [line for one in found.values() for line in one]
    blank = {n: one.count(False) for n, one in enumerate(found.values(), 1) if not all(one)}
    where = ", ".join(f"question {number}: {count}" for number, count in blank.items())
    left = f"Still blank: {sum(blank.values())} of {many(len(lines), 'line')} ({where})."
    yield left if blank else "Every line is filled."
    yield f"The file for your teacher: {target.name}"
    yield f"Its folder: {target.parent}"
    yield _IN_BROWSER if sys.platform == "emscripten" else _DOWNLOAD
    if earlier:
        yield f"What you handed in before is kept: {BEFORE}/{earlier.name}"
    yield "Changed something afterwards? Save, and run this cell again."


def _in_a_file_name(name: str) -> str:
    """A name as it may stand in the name of a file, on any system, in a form that a roster still knows."""
    # Of two ways to write an accent one is kept: elsewhere they would be two students.
    plain = visible(re.sub(r'[<>:"/\\|?*_]+', " ", unicodedata.normalize("NFC", name)))
    # Systems count the bytes of a name, and a sign can have four.
    return plain.strip(" .").encode()[:_LONGEST].decode(errors="ignore").strip(" .")


def _unsaved(notebook: Mapping[str, Any], answers: Mapping[str, str], watch: Watch | None) -> set[str]:
    """The questions whose answer was last run in another form than the page holds."""
    there = {plain("".join(cell["source"])) for cell in notebook["cells"]}
    last: dict[str, str] = {}
    for source in (plain(run.source) for run in (watch.runs if watch else ())):
        for name in made(source) & set(answers):
            if source == plain(answers[name]) or source not in there:
                last[name] = source
    return {name for name, source in last.items() if source != plain(answers[name])}


def _stopped(notebook: Mapping[str, Any], answers: Mapping[str, str]) -> set[str]:
    """The questions whose answer Python cannot read, or whose cell is saved with an error below it."""
    failed = {one for one, source in answers.items() if statements(source) is None}
    for cell in notebook["cells"]:
        what, one = role(cell)
        if what == "answer" and any(output["output_type"] == "error" for output in cell.get("outputs", ())):
            failed.add(one)
    return failed & set(answers)


def _numbers(page: Page, which: Collection[str]) -> str:
    """“question 2”, or “questions 1, 4”."""
    numbers = [str(one.number) for one in page.questions if one.name in which]
    return f"question{'s' * (len(numbers) > 1)} {', '.join(numbers)}"
