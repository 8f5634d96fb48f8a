"""The pages of the site: what students get, the lists that JupyterLite reads, and the first page."""

from __future__ import annotations

import html
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit import questions
from kit.files import from_json
from kit.setup import desk, progress
from kit.teacher.exercises import own_course
from kit.teacher.site.runtime import STATIC

__all__ = ["lay", "of_course", "of_kit"]

_LISTED = "2026-01-01T00:00:00Z"
"""What the list of files states as the time of each: the same in every build."""


def of_kit(pages: Path) -> dict[str, bytes]:
    """Lay the kit's own lessons and exercises as on a student's desk; no article comes with them."""
    desk.lay(pages)
    return {}


def of_course(course: Path, pages: Path) -> dict[str, bytes]:
    """Lay what students of a course get, released as `kit release` does it; returns its articles, by their names.

    Raises KitError where the course cannot be released.
    """
    with tempfile.TemporaryDirectory() as scratch:
        own_course.release(course, archive := Path(scratch, "student.zip"))
        with zipfile.ZipFile(archive) as packed:
            files = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    files.pop("README.md", None)  # it says how to start the kit on a computer
    for name in [name for name in files if not name.startswith("seeds/")]:
        path = pages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files.pop(name))
    return {name.removeprefix("seeds/"): content for name, content in files.items()}


def lay(pages: Path, site: Path, *, title: str) -> tuple[str, ...]:
    """Put the pages into the site, each with its edition in it, and the first page, under its title; returns their
    names, in order."""
    told = [_told(page, pages) for page in progress.read(pages).pages]
    shutil.copytree(pages, site / "files")
    for folder in (pages, *(path for path in sorted(pages.rglob("*")) if path.is_dir())):
        where = site / "api" / "contents" / folder.relative_to(pages) / "all.json"
        where.parent.mkdir(parents=True, exist_ok=True)
        content = [_listed(path, pages) for path in sorted(folder.iterdir())]
        listing = _listed(folder, pages) | {"content": content, "format": "json"}
        where.write_text(json.dumps(listing, indent=1), "utf-8", newline="\n")
    index = (STATIC / "landing.html").read_text("utf-8")
    data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    for name, words in {"title": html.escape(title), "pages": data, "links": "\n".join(map(_row, told))}.items():
        index = index.replace("{{" + name + "}}", words)
    (site / "index.html").write_text(index, "utf-8", newline="\n")
    for name in ("landing.js", "answers.js", "favicon.svg"):
        shutil.copyfile(STATIC / name, site / name)
    return tuple(page["path"] for page in told)


def _told(page: progress.PageState, pages: Path) -> dict[str, Any]:
    """What the first page knows of a page, to say how far its student is. Its edition is written into it, too."""
    path = pages / page.path
    content = path.read_bytes()
    notebook, edition = from_json(content), desk.fingerprint(content)[:12]
    notebook["metadata"]["kit"]["edition"] = edition
    path.write_text(f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n", "utf-8", newline="\n")
    asked = [
        {"name": one.name, "lines": [line.name for line in one.lines] if one.kind == questions.WRITTEN_OUT else []}
        for one in questions.read(notebook).questions
    ]
    return {"path": page.path, "title": page.title, "edition": edition, "questions": asked}


def _row(page: Mapping[str, Any]) -> str:
    title, path = html.escape(page["title"]), html.escape(page["path"])
    link = f'<a href="notebooks/index.html?path={path}">{title}</a>'
    return f'<tr data-path="{path}"><td>{link}</td><td></td></tr>'


def _listed(path: Path, pages: Path) -> dict[str, Any]:
    """A file or a folder as Jupyter's contents list it."""
    top = path == pages
    return {
        "name": "" if top else path.name,
        "path": "" if top else path.relative_to(pages).as_posix(),
        "type": "directory" if path.is_dir() else "notebook" if path.suffix == ".ipynb" else "file",
        "size": path.stat().st_size if path.is_file() else None,
        "created": _LISTED,
        "last_modified": _LISTED,
        **dict.fromkeys(("content", "format", "mimetype")),
        "writable": True,
    }
