"""The site: JupyterLite with the runtime, the pages as students get them, a first page, and the notices of licences."""

from __future__ import annotations

import gzip
import html
import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.files import from_json
from kit.setup import desk, places, progress
from kit.teacher.exercises import own_course
from kit.teacher.site.notices import notices
from kit.teacher.site.runtime import STATIC, Runtime, Tell, assembled, digest, kit_wheel

__all__ = ["Site", "build_site"]

_APPS = ("lab", "notebooks", "tree", "edit")
_LABEXTENSIONS = ("anywidget", "@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension")
_NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyter_server", "nbformat", "tomlkit")
_PACKABLE = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".whl", ".zip"}
_PLACE = "static/pyodide"
_MARK = "jupyter-lite.json"
_LISTED = "2026-01-01T00:00:00Z"
"""What the list of files states as the time of each: the same in every build."""


@dataclass(frozen=True)
class Site:
    """A site that was built in `folder`: its `pages`, the number of `files`, their `size` in bytes, and what the search
    for a course's key `sought`."""

    folder: Path
    pages: tuple[str, ...]
    files: int
    size: int
    sought: str = ""


def build_site(
    target: Path, *, course: Path | None = None, runtime: Path | None = None, cache: Path, tell: Tell
) -> Site:
    """Build the site in the folder `target`, of the kit's own course or of the one in the folder `course`.

    `runtime` is a folder or an archive that holds what the browser runs, where it is not to be downloaded; `cache`
    keeps what was fetched and built, so that the next build takes seconds; `tell` gets a line before each wait. The
    same course and kit give the same bytes. An earlier site in `target` is replaced in one step, and stays where this
    fails.
    Raises KitError, in one sentence, where something is missing, is not what was published, or holds any of the key.
    """
    root = places.clone("site")
    if absent := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        raise KitError(
            f"The tools that build the site are not installed ({', '.join(absent)}): "
            f"{sys.executable} -m pip install --editable '{root}[site]'"
        )
    if target.exists() and not (target / _MARK).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise KitError(f"{target} is there already and is no site. Nothing was changed; give a new folder.")
    for folder in (cache, target.parent):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
        site, pages = Path(scratch, "site"), Path(scratch, "pages")
        more = _students_course(course, pages) if course else _own_course(pages)
        own = kit_wheel(root, more)
        app = _app(cache, tell)
        made = assembled(own, _kernel_wheels(), given=runtime, cache=cache, tell=tell)
        tell("Laying the pages ...")
        shutil.copytree(app, site)
        _lay_runtime(site, made)
        names = _lay_pages(site, pages)
        (site / "notices.html").write_text(notices(made.wheels, site), "utf-8", newline="\n")
        sought = _searched(course, site, own) if course else ""
        _pack(site)
        _swap(site, target, Path(scratch))
    sizes = [path.stat().st_size for path in target.rglob("*") if path.is_file() and path.suffix != ".gz"]
    return Site(target, names, len(sizes), sum(sizes), sought)


def _own_course(pages: Path) -> dict[str, bytes]:
    """Lay the kit's own lessons and exercises as on a student's desk; nothing more goes into the wheel."""
    desk.lay(pages)
    return {}


def _students_course(course: Path, pages: Path) -> dict[str, bytes]:
    """Lay what students of a course get, released as `kit release` does it; returns its articles, for the wheel."""
    with tempfile.TemporaryDirectory() as scratch:
        own_course.release(course, archive := Path(scratch, "student.zip"))
        with zipfile.ZipFile(archive) as packed:
            files = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    for name, content in files.items():
        if not name.startswith("seeds/"):
            path = pages / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return {name: content for name, content in files.items() if name.startswith("seeds/")}


def _kernel_wheels() -> dict[str, bytes]:
    """The wheels that the browser's kernel brings: its own, and the stand-ins for what it does without."""
    folder = _labextension("@jupyterlite/pyodide-kernel-extension") / "static" / "pypi"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.whl")) if "-3.6" not in path.name}


def _labextension(name: str) -> Path:
    return Path(sys.prefix, "share/jupyter/labextensions", name)


def _app(cache: Path, tell: Tell) -> Path:
    """JupyterLite with its extensions, and no pages in it: from the cache, or built there."""
    own = [path.parent for path in sorted(STATIC.glob("*/package.json"))]
    extensions = [*map(_labextension, _LABEXTENSIONS), *own]
    for path in extensions:
        if not (path / "package.json").is_file():
            raise KitError(f"{path} is missing: install the tools that build the site once more, in this environment.")
    config = {
        "apps": _APPS,
        "federated_extensions": [str(path) for path in extensions],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }
    overrides = (STATIC / "overrides.json").read_bytes()
    parts = [path.read_bytes() for folder in own for path in sorted(folder.rglob("*")) if path.is_file()]
    parts += [(path / "package.json").read_bytes() for path in extensions]
    versions = [importlib.metadata.version(name) for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel")]
    key = digest(json.dumps([*map(digest, [overrides, *parts]), *versions, _APPS]).encode())[:16]
    app = cache / "app" / key
    if not app.is_dir():
        tell("Building JupyterLite (20 s, once) ...")
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            Path(scratch, "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": config}), "utf-8")
            Path(scratch, "overrides.json").write_bytes(overrides)
            command = [sys.executable, "-m", "jupyter", "lite", "build", "--lite-dir", scratch]
            done = subprocess.run(
                [*command, "--output-dir", str(Path(scratch, "app"))], cwd=scratch, capture_output=True, text=True
            )
            if done.returncode:
                raise KitError(f"JupyterLite could not be built: {(done.stdout + done.stderr).strip()[-400:]}")
            _pack(Path(scratch, "app"))
            app.parent.mkdir(exist_ok=True)
            Path(scratch, "app").rename(app)
    return app


def _lay_runtime(site: Path, made: Runtime) -> None:
    """Put the runtime into the site, and say in its settings where it is."""
    folder = site / _PLACE
    folder.mkdir(parents=True)
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    path = site / _MARK
    config = from_json(path.read_bytes())
    kernel = {
        "pyodideUrl": f"./{_PLACE}/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": made.packages},
    }
    config["jupyter-config-data"] |= {
        "appName": "Who Says So?",
        "contentsAllJsonFile": "all.json",
        "defaultKernelName": "python",
        "exposeAppInBrowser": True,
        "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
    }
    path.write_text(json.dumps(config, indent=1, sort_keys=True), "utf-8", newline="\n")


def _lay_pages(site: Path, pages: Path) -> tuple[str, ...]:
    """Put the pages into the site, with the lists that JupyterLite reads, and the first page; returns their names."""
    shutil.copytree(pages, site / "files")
    for folder in (pages, *(path for path in sorted(pages.rglob("*")) if path.is_dir())):
        inner = folder.relative_to(pages)
        where = site / "api" / "contents" / inner / "all.json"
        where.parent.mkdir(parents=True, exist_ok=True)
        content = [_listed(path, pages) for path in sorted(folder.iterdir())]
        listing = _listed(folder, pages) | {"content": content, "format": "json"}
        where.write_text(json.dumps(listing, indent=1), "utf-8", newline="\n")
    whole = progress.read(pages)
    told = [_told(page, pages) for page in whole.pages]
    index = (STATIC / "landing.html").read_text("utf-8")
    data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    index = index.replace("{{pages}}", data).replace("{{links}}", "\n".join(map(_link, told)))
    (site / "index.html").write_text(index, "utf-8", newline="\n")
    for name in ("landing.js", "answers.js"):
        shutil.copyfile(STATIC / name, site / name)
    shutil.copyfile(site / "lab" / "favicon.ico", site / "favicon.ico")
    return tuple(page["path"] for page in told)


def _listed(path: Path, pages: Path) -> dict[str, Any]:
    """A file or a folder as Jupyter's contents list it."""
    inner = path.relative_to(pages).as_posix()
    kind = "directory" if path.is_dir() else "notebook" if path.suffix == ".ipynb" else "file"
    size = path.stat().st_size if path.is_file() else None
    plain = {"content": None, "created": _LISTED, "last_modified": _LISTED, "format": None, "mimetype": None}
    name = "" if path == pages else path.name
    return plain | {"name": name, "path": "" if path == pages else inner, "size": size, "type": kind, "writable": True}


def _told(page: progress.PageState, pages: Path) -> dict[str, Any]:
    """What the first page knows of a page, to say how far its student is."""
    return {"path": page.path, "title": page.title, "exercise": page.is_exercise}


def _link(page: Mapping[str, Any]) -> str:
    title, path = html.escape(page["title"]), html.escape(page["path"])
    return f'<li><a href="notebooks/index.html?path={path}">{title}</a></li>'


def _searched(course: Path, site: Path, own: tuple[str, bytes]) -> str:
    return ""


def _pack(folder: Path) -> None:
    """Put a packed twin beside each file that gains by it, for servers that send it: `bundle.js.gz`."""
    for path in list(_packable(folder)):
        content = path.read_bytes()
        packed = gzip.compress(content, 9, mtime=0)
        if len(packed) < 0.9 * len(content):
            path.with_name(f"{path.name}.gz").write_bytes(packed)


def _packable(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _PACKABLE and not path.with_name(f"{path.name}.gz").exists():
            yield path


def _swap(site: Path, target: Path, scratch: Path) -> None:
    """Put the new site where the old one is."""
    if target.exists():
        os.replace(target, scratch / "old")
    os.replace(site, target)
