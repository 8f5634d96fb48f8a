"""The site: JupyterLite with the runtime, the pages as students get them, a first page, and the notices of licences."""

from __future__ import annotations

import gzip
import importlib.metadata
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from kit import questions
from kit.errors import KitError
from kit.files import from_json, write_atomically
from kit.setup import desk, places, progress
from kit.teacher.exercises import sharing
from kit.teacher.pages_and_tables import templates
from kit.teacher.site.runtime import STATIC, Tell, assembled, digest, kit_wheel

__all__ = ["build_site", "lay", "notices", "of_course"]

_APPS = ("lab", "notebooks", "tree", "edit")
_LABEXTENSIONS = ("anywidget", "@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension")
_NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyter_server", "nbformat", "tomlkit")
_PACKABLE = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".whl", ".zip"}
_PLACE = "static/pyodide"
_MARK = "jupyter-lite.json"
_LISTED = "2026-01-01T00:00:00Z"
"""What the list of files states as the time of each: the same in every build."""


def build_site(
    target: Path, *, course: Path | None = None, runtime: Path | None = None, cache: Path, tell: Tell
) -> tuple[str, ...]:
    """Build the site in the folder `target`, of the kit's own course or of the one in the folder `course`; says how
    large it is, and for a course what the search for its key has sought.

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
        articles = of_course(course, pages)
        app = _app(cache, tell)
        files = assembled(kit_wheel(root, articles), _kernel_wheels(), given=runtime, cache=cache, tell=tell)
        tell("Laying the pages ...")
        shutil.copytree(app, site)
        _lay_runtime(site, files)
        names = lay(pages, site, title=_title(articles))
        sought = _sought(course, site, app, articles) if course else ()
        _write("notices.html", site / "notices.html", parts=notices(files, site))
        _pack(site)
        if target.exists():
            os.replace(target, Path(scratch, "old"))
        os.replace(site, target)
    sizes = [path.stat().st_size for path in target.rglob("*") if path.is_file() and path.suffix != ".gz"]
    return f"{len(names)} pages, {len(sizes)} files, {sum(sizes) / 1e6:.0f} MB.", *sought


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
    config = {"apps": _APPS, "federated_extensions": [str(path) for path in extensions]}
    config |= {"ignore_sys_prefix": ["federated_extensions"], "no_sourcemaps": True, "no_unused_shared_packages": True}
    inside = [path for folder in own for path in sorted(folder.rglob("*")) if path.is_file()]
    inside += [STATIC / "overrides.json", *(path / "package.json" for path in extensions)]
    versions = [importlib.metadata.version(name) for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel")]
    key = json.dumps([*(digest(path.read_bytes()) for path in inside), *versions, _APPS])
    app = cache / "app" / digest(key.encode())[:16]
    if not app.is_dir():
        tell("Building JupyterLite (20 s, once) ...")
        app.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            Path(scratch, "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": config}), "utf-8")
            shutil.copy(STATIC / "overrides.json", scratch)
            command = [sys.executable, "-m", "jupyter", "lite", "build", "--lite-dir", scratch, "--output-dir", "app"]
            done = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
            if done.returncode:
                raise KitError(f"JupyterLite could not be built: {(done.stdout + done.stderr).strip()[-400:]}")
            _pack(Path(scratch, "app"))
            Path(scratch, "app").rename(app)
    return app


def _lay_runtime(site: Path, files: Mapping[str, bytes]) -> None:
    """Put the runtime into the site, and say in its settings where it is, and what is loaded at the start."""
    (site / _PLACE).mkdir(parents=True)
    for name, content in files.items():
        (site / _PLACE / name).write_bytes(content)
    settings, whole = from_json((STATIC / "settings.json").read_bytes()), from_json((site / _MARK).read_bytes())
    packages = from_json(files["pyodide-lock.json"])["packages"].values()
    (kernel,) = settings["litePluginSettings"].values()
    kernel["loadPyodideOptions"] = {"packages": [one["name"] for one in packages if not one["imports"]]}
    whole["jupyter-config-data"] |= settings
    (site / _MARK).write_text(json.dumps(whole, indent=1, sort_keys=True), "utf-8", newline="\n")


def of_course(course: Path | None, pages: Path) -> dict[str, bytes]:
    """Lay what students of a course get, released as `kit release` does it; returns its articles, by their names.

    Without a course they are the kit's own lessons and exercises, as on a student's desk, and no article comes with
    them. Raises KitError where the course cannot be released.
    """
    if course is None:
        desk.lay(pages)
        return {}
    with tempfile.TemporaryDirectory() as scratch:
        sharing.release(course, archive := Path(scratch, "student.zip"))
        with zipfile.ZipFile(archive) as packed:
            files = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    files.pop("README.md", None)  # it says how to start the kit on a computer
    for name in [name for name in files if not name.startswith("seeds/")]:
        write_atomically(pages / name, files.pop(name))
    return {name.removeprefix("seeds/"): content for name, content in files.items()}


def lay(pages: Path, site: Path, *, title: str) -> tuple[str, ...]:
    """Put the pages into the site, each with its edition in it, and the first page, under its title; returns their
    names, in order."""
    told = [_told(page, pages) for page in progress.read(pages).pages]
    shutil.copytree(pages, site / "files")
    for folder in (pages, *(path for path in sorted(pages.rglob("*")) if path.is_dir())):
        content = [_listed(path, pages) for path in sorted(folder.iterdir())]
        listing = _listed(folder, pages) | {"content": content, "format": "json"}
        place = site / "api" / "contents" / folder.relative_to(pages) / "all.json"
        write_atomically(place, json.dumps(listing, indent=1))
    _write("landing.html", site / "index.html", title=title, pages=told)
    for name in ("landing.js", "answers.js", "favicon.svg"):
        shutil.copyfile(STATIC / name, site / name)
    return tuple(page["path"] for page in told)


def _write(template: str, page: Path, **words: object) -> None:
    """Write a page of the site from its template."""
    write_atomically(page, templates(STATIC).get_template(template).render(**words))


def _told(page: progress.PageState, pages: Path) -> dict[str, Any]:
    """What the first page knows of a page, to say how far its student is. Its edition is written into it, too."""
    path = pages / page.path
    content = path.read_bytes()
    notebook, edition = from_json(content), desk.fingerprint(content)[:12]
    notebook["metadata"]["kit"]["edition"] = edition
    write_atomically(path, f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n")
    asked = [
        {"name": one.name, "lines": [line.name for line in one.lines] if one.kind == questions.WRITTEN_OUT else []}
        for one in questions.read(notebook).questions
    ]
    return {"path": page.path, "title": page.title, "edition": edition, "questions": asked}


def _listed(path: Path, pages: Path) -> dict[str, Any]:
    """A file or a folder as Jupyter's contents list it."""
    kind = "directory" if path.is_dir() else "notebook" if path.suffix == ".ipynb" else "file"
    name = (
        {"name": path.name, "path": path.relative_to(pages).as_posix()} if path != pages else {"name": "", "path": ""}
    )
    times = {"created": _LISTED, "last_modified": _LISTED, "content": None, "format": None, "mimetype": None}
    return {**name, "type": kind, "size": None if path.is_dir() else path.stat().st_size, **times, "writable": True}


def _title(articles: Mapping[str, bytes]) -> str:
    """The title of the first page: of a course of one's own with the headline of its article."""
    own = [tomllib.loads(content.decode()) for name, content in articles.items() if name.endswith(".toml")]
    return ": ".join(["Who Says So?", *(one["article"]["headline"] for one in own[:1])])


def _sought(course: Path, site: Path, app: Path, articles: Mapping[str, bytes]) -> tuple[str]:
    """Search the pages, the first page, the lists and the articles for the key of the course; says what was sought.

    The rest of the site is the same for every course: what others have published, and the kit without the article.
    """
    ours = [path for path in sorted(site.rglob("*")) if path.is_file() and _PLACE not in path.as_posix()]
    names = {path.relative_to(site).as_posix(): path for path in ours}
    files = {name: path.read_bytes() for name, path in names.items() if not (app / name).is_file() or name == _MARK}
    return (f"{sharing.without_key(course, {**files, **articles}).sought}: none is in it.",)


def _pack(folder: Path) -> None:
    """Put a packed twin beside each file that gains by it, for servers that send it: `bundle.js.gz`."""
    for path in [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in _PACKABLE]:
        content, twin = path.read_bytes(), path.with_name(f"{path.name}.gz")
        if twin.exists() and gzip.decompress(twin.read_bytes()) == content:  # it was not changed since
            continue
        packed = gzip.compress(content, 9, mtime=0)
        if len(packed) < 0.9 * len(content):
            twin.write_bytes(packed)


def notices(files: Mapping[str, bytes], site: Path) -> list[tuple[str, str, str]]:
    """Each package among the `files` (name to content) and each part of JupyterLite in the folder `site`, in order:
    name with version, licence and, where the package brings it, the text."""
    found = {_of_wheel(content) for name, content in files.items() if name.endswith(".whl")}
    for path in site.rglob("third-party-licenses.json"):
        for one in from_json(path.read_bytes())["packages"]:
            name = f"{one['name']} {one.get('versionInfo', '')}"
            found.add((name, one.get("licenseId") or "", one.get("extractedText") or ""))
    return sorted(found, key=lambda one: (one[0].casefold(), one))


def _of_wheel(content: bytes) -> tuple[str, str, str]:
    """Name with version, licence and its text, of a wheel."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" in name}
    about = BytesParser().parsebytes(next(text for name, text in inside.items() if name.endswith("/METADATA")))
    kinds = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License")]
    stated = about["License-Expression"] or (about["License"] or "").partition("\n")[0] or ", ".join(kinds)
    kept = re.compile(r"\.dist-info/.*(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
    whole = "\n\n".join(text.decode("utf-8", "replace") for name, text in inside.items() if kept.search(name))
    return f"{about['Name']} {about['Version']}", stated or "see its text", whole or about["License"] or ""
