"""Lessons, exercises and keys as pages to print: one HTML file each that needs nothing else, and a PDF of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import TagRemovePreprocessor

from kit import questions
from kit.article import seeds
from kit.article.reading import read
from kit.article.records import Claim
from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises import keys, paper

__all__ = ["NO_BROWSER", "SIZES", "browser", "chosen", "key_page", "outside", "pdf", "student_page", "write"]

NO_BROWSER = (
    "No PDF was made, since no Chromium or Chrome was found (KIT_CHROMIUM may name one): open the HTML in any "
    "browser and print it from there."
)
SIZES = ("A4", "letter")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_SECONDS = 120
_FETCHED = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?!data:|#)([^\"')\s;]+)", re.IGNORECASE)
_LOADS = re.compile(r"load_article\(\s*(?:[\"']([\w-]+)[\"'])?")


def chosen(names: Sequence[str]) -> tuple[Path, ...]:
    """The lessons and exercises that `names` mean; all of them for no name.

    A name is a file (a notebook or Markdown), a number ("1": lesson and exercise 1), or a part of a file's name.
    Raises KitError where nothing fits.
    """
    files = [*sorted(places.notebooks().glob("*.ipynb")), *sorted(places.exercises().glob("*.ipynb"))]
    if not names:
        return tuple(files)
    found: list[Path] = []
    for name in names:
        start = f"{int(name):02d}_" if name.isdecimal() else ""
        fits = [path for path in files if (path.stem.startswith(start) if start else name.lower() in path.stem)]
        if Path(name).suffix in (".ipynb", ".md") and Path(name).is_file():
            fits = [Path(name)]
        if not fits:
            known = ", ".join(path.stem for path in files)
            raise KitError(f"There is no lesson or exercise “{name}”. There are: {known}.")
        found += [path for path in fits if path not in found]
    return tuple(found)


def student_page(path: Path, *, size: str = "A4") -> str:
    """The notebook at `path` as a page for students: boxes in place of answer cells, no checks, no answers."""
    notebook = _read(path)
    asked = questions.read(notebook)
    total = asked.points
    by_hand = sum(question.points for question in asked.questions if question.kind != questions.COMPUTED)
    points = f"Without a computer, {by_hand:g} of the {total:g} points can be reached." if by_hand < total else ""
    return _page(paper.student(notebook, claims=_claims(notebook)), path, points=points, size=size)


def key_page(path: Path, *, size: str = "A4") -> str:
    """The key of the lesson or exercise at `path`, for the teacher.

    Raises SetupError where the kit is installed without the solved exercises.
    """
    notebook = nbformat.read(path, as_version=4)
    about = questions.read(notebook)
    keyed: dict[str, keys.KeyedQuestion] = {}
    if about.is_exercise:
        solved = keys.load(places.solutions() / f"{about.name}.ipynb")
        notebook = nbformat.from_dict(solved.notebook)
        keyed = solved.by_name
    return _page(paper.key(notebook, claims=_claims(notebook), keyed=keyed), path, key=True, size=size)


def write(names: Sequence[str], folder: Path, *, key: bool = False, size: str = "A4") -> tuple[Path, ...]:
    """Write the pages that `names` mean into `lessons/`, `exercises/` and `teaching/` below `folder`, and with `key`
    their keys into `keys/`, apart from what is handed out. Each is HTML and, where a browser is found, PDF.

    `size` is one of `SIZES`. Returns the files written. Raises KitError for a name that fits nothing, and where
    the browser fails.
    """
    written: list[Path] = []
    for path in chosen(names):
        kind = _kind(path)
        written.append(_put(folder / kind / f"{path.stem}.html", student_page(path, size=size)))
        if key and kind != "teaching":
            written.append(_put(folder / "keys" / f"{kind[:-1]}_{path.stem}_key.html", key_page(path, size=size)))
    program = browser()
    return tuple(written) + tuple(pdf(page, program=program) for page in written if program)


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


def _read(path: Path) -> Any:
    """The notebook at `path`; a Markdown file becomes one of a single cell."""
    if path.suffix == ".md":
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(path.read_text("utf-8"), id="text")])
    return nbformat.read(path, as_version=4)


def _kind(path: Path) -> str:
    if path.suffix == ".md":
        return "teaching"
    return "exercises" if questions.read(path).is_exercise else "lessons"


def _page(notebook: Any, path: Path, *, size: str, key: bool = False, points: str = "") -> str:
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        embed_images=True,
    )
    exporter.register_preprocessor(TagRemovePreprocessor(remove_input_tags={paper.HIDE}), enabled=True)
    body, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"path": str(path.parent)}})
    first = next((line for cell in notebook.cells[:1] for line in cell.source.splitlines()), "")
    title = first.lstrip("# ").strip() or path.stem
    title += " · Key" if key else ""
    foot = re.sub(r'[\\"<>]', "", f"Who Says So? {title}")
    page = paper.TEMPLATES.get_template("print.html").render(
        body=body, title=title, foot=foot, key=key, work=_kind(path) != "teaching", points=points, size=size
    )
    if fetched := outside(page):
        raise KitError(f"{path.name} cannot be printed as one file: it would fetch {', '.join(fetched[:3])}.")
    return page


def _claims(notebook: Any) -> dict[str, Claim]:
    """The claims of every article that the notebook loads, by id."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    slugs = dict.fromkeys(slug or "soldiers" for slug in _LOADS.findall(code))
    found: dict[str, Claim] = {}
    for slug in slugs:
        found |= read(seeds.seeds() / f"{slug}.toml").by_id
    return found


def _put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    return path


def outside(page: str) -> tuple[str, ...]:
    """What a page would fetch from elsewhere: addresses of scripts, styles, images and frames that are not in it."""
    parser = _Addresses()
    parser.feed(page)
    return tuple(parser.found)


class _Addresses(HTMLParser):
    """Collects every address that a browser would load by itself; a link that a reader may follow is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._styled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of one tag."""
        self._styled = tag == "style"
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster") or (name == "href" and tag in ("link", "image", "use")):
                self.found += [value] if value and not value.startswith(("data:", "#")) else []
            elif name == "style":
                self.found += _FETCHED.findall(value or "")

    def handle_data(self, data: str) -> None:
        """Look into a style sheet."""
        self.found += _FETCHED.findall(data) if self._styled else []
