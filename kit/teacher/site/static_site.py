"""The site: JupyterLite with the runtime, the pages as students get them, a first page, and the notices of licences."""

from __future__ import annotations

import gzip
import html
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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path

from kit.errors import KitError
from kit.files import from_json
from kit.setup import places
from kit.teacher.exercises import sharing
from kit.teacher.site import site_pages
from kit.teacher.site.runtime import STATIC, Runtime, Tell, assembled, digest, kit_wheel

__all__ = ["Site", "build_site", "notices"]

_APPS = ("lab", "notebooks", "tree", "edit")
_LABEXTENSIONS = ("anywidget", "@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension")
_NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyter_server", "nbformat", "tomlkit")
_PACKABLE = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".whl", ".zip"}
_PLACE = "static/pyodide"
_MARK = "jupyter-lite.json"
_NOTICES = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Licences · Who Says So?</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
pre{white-space:pre-wrap;font-size:.85rem}summary{padding:.2rem}</style>
<h1>What this site is made of, and under which licences</h1><p><a href="index.html">Back to the course</a></p>
"""
_PYODIDE = (
    "Pyodide",
    "MPL-2.0",
    "Python for the browser: https://github.com/pyodide/pyodide. It holds CPython, under the licence of the Python "
    "Software Foundation: https://docs.python.org/3/license.html",
)


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
        articles = site_pages.of_course(course, pages) if course else site_pages.of_kit(pages)
        wheel = kit_wheel(root, articles)
        app = _app(cache, tell)
        made = assembled(wheel, _kernel_wheels(), given=runtime, cache=cache, tell=tell)
        tell("Laying the pages ...")
        shutil.copytree(app, site)
        _lay_runtime(site, made)
        names = site_pages.lay(pages, site, title=_title(articles))
        (site / "notices.html").write_text(notices(made.wheels, site), "utf-8", newline="\n")
        sought = _sought(course, site, app, articles) if course else ""
        _pack(site)
        _swap(site, target, Path(scratch))
    sizes = [path.stat().st_size for path in target.rglob("*") if path.is_file() and path.suffix != ".gz"]
    return Site(target, names, len(sizes), sum(sizes), sought)


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
        "faviconUrl": "./favicon.svg",
        "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
    }
    path.write_text(json.dumps(config, indent=1, sort_keys=True), "utf-8", newline="\n")


def _title(articles: Mapping[str, bytes]) -> str:
    """The title of the first page: of a course of one's own with the headline of its article."""
    own = [
        tomllib.loads(content.decode())["article"]["headline"]
        for name, content in articles.items()
        if name.endswith(".toml")
    ]
    return ": ".join(["Who Says So?", *own[:1]])


def _sought(course: Path, site: Path, app: Path, articles: Mapping[str, bytes]) -> str:
    """Search the pages, the first page, the lists and the articles for the key of the course; says what was sought.

    The rest of the site is the same for every course: what others have published, and the kit without the article.
    """
    ours = [path for path in sorted(site.rglob("*")) if path.is_file() and _PLACE not in path.as_posix()]
    names = {path.relative_to(site).as_posix(): path for path in ours}
    files = {name: path.read_bytes() for name, path in names.items() if not (app / name).is_file() or name == _MARK}
    files.pop("notices.html")
    return f"{sharing.without_key(course, {**files, **articles}).sought}: none is in it."


def _pack(folder: Path) -> None:
    """Put a packed twin beside each file that gains by it, for servers that send it: `bundle.js.gz`."""
    for path in list(_packable(folder)):
        content = path.read_bytes()
        packed = gzip.compress(content, 9, mtime=0)
        if len(packed) < 0.9 * len(content):
            path.with_name(f"{path.name}.gz").write_bytes(packed)


def _packable(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _PACKABLE:
            twin = path.with_name(f"{path.name}.gz")
            if not twin.exists() or gzip.decompress(twin.read_bytes()) != path.read_bytes():  # it was changed since
                yield path


def _swap(site: Path, target: Path, scratch: Path) -> None:
    """Put the new site where the old one is."""
    if target.exists():
        os.replace(target, scratch / "old")
    os.replace(site, target)


def notices(wheels: Mapping[str, bytes], site: Path) -> str:
    """A page that names each package of the `wheels` (name to content) and each part of JupyterLite in the folder
    `site`, with its licence and, where the package brings it, the text."""
    found = {_PYODIDE, *map(_of_wheel, wheels.values())}
    for path in site.rglob("third-party-licenses.json"):
        found |= set(_of_scripts(from_json(path.read_bytes())))
    parts = [
        f"<details><summary>{name}: {licence}</summary><pre>{text}</pre></details>"
        for name, licence, text in (map(html.escape, one) for one in sorted(found, key=_by_name))
    ]
    return f"{_NOTICES}{chr(10).join(parts)}</html>\n"


def _by_name(one: tuple[str, str, str]) -> tuple[str, tuple[str, str, str]]:
    return one[0].casefold(), one


def _of_wheel(content: bytes) -> tuple[str, str, str]:
    """Name with version, licence and its text, of a wheel."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" in name}
    about = BytesParser().parsebytes(next(text for name, text in inside.items() if name.endswith("/METADATA")))
    kinds = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License")]
    stated = about["License-Expression"] or (about["License"] or "").partition("\n")[0] or ", ".join(kinds)
    kept = re.compile(r"\.dist-info/.*(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
    texts = [text for name, text in inside.items() if kept.search(name)]
    whole = "\n\n".join(text.decode("utf-8", "replace") for text in texts)
    return f"{about['Name']} {about['Version']}", stated or "see its text", whole or about["License"] or ""


def _of_scripts(listed: Mapping[str, list[Mapping[str, str]]]) -> Iterator[tuple[str, str, str]]:
    """The same, of what JupyterLite's scripts and its extensions were built from."""
    for one in listed["packages"]:
        yield f"{one['name']} {one.get('versionInfo', '')}", one.get("licenseId") or "", one.get("extractedText") or ""
