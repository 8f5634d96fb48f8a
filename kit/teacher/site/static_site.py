"""The site: JupyterLite with the runtime, the pages as students get them, a first page, and the notices of licences."""

from __future__ import annotations

import gzip
import importlib.metadata
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from email.parser import BytesParser
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_server.services.contents.filemanager import FileContentsManager

from kit import questions
from kit.errors import KitError
from kit.files import from_json, write_atomically
from kit.setup import desk, places, progress
from kit.teacher.exercises import sharing
from kit.teacher.pages_and_tables import templates
from kit.teacher.site.runtime import STATIC, Files, Tell, assembled, below, digest, kit_wheel, unzipped

_NAMES = ("anywidget", "@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension")
_LABEXTENSIONS = [Path(sys.prefix, "share/jupyter/labextensions", name) for name in _NAMES]
_PACKABLE = (".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".whl", ".zip")
_MARK = "jupyter-lite.json"
_LISTED = "2026-01-01T00:00:00Z"
"""What the list of files states as the time of each: the same in every build."""


def build_site(
    target: Path, *, course: Path | None = None, runtime: Path | None = None, cache: Path, tell: Tell
) -> tuple[str, ...]:
    """Build the site in the folder `target`, of the kit's own course or of the one in the folder `course`; says how
    large it is, and for a course what the search for its key has sought.

    `runtime` is a folder or a zip that holds what the browser runs, where it is not to be downloaded; `cache`
    keeps what was fetched and built, so that the next build takes seconds; `tell` gets a line before each wait. The
    same course and kit give the same bytes. An earlier site in `target` is replaced in one step, and stays where this
    fails.
    Raises KitError, in one sentence, where something is missing, is not what was published, or holds any of the key.
    """
    root = places.clone("site")
    if absent := [path.name for path in _LABEXTENSIONS if not (path / "package.json").is_file()]:
        raise KitError(
            f"The tools that build the site are not installed ({', '.join(absent)}): "
            f"{sys.executable} -m pip install --editable '{root}[site]'"
        )
    if target.exists() and not (target / _MARK).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise KitError(f"{target} is there already and is no site. Nothing was changed; give a new folder.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
        pages, site = Path(scratch, "pages"), Path(scratch, "site")
        articles = of_course(course, pages)
        app = _app(cache, tell)
        kernel = [path for path in (_LABEXTENSIONS[-1] / "static/pypi").glob("*.whl") if "-3.6." not in path.name]
        wheels = dict([kit_wheel(root, articles), *((path.name, path.read_bytes()) for path in kernel)])
        ran = assembled(wheels, given=runtime, cache=cache, tell=tell)
        tell("Laying the pages ...")
        ours = laid(pages, articles)
        sought = (f"{sharing.without_key(course, ours | articles).sought}: none is in it.",) if course else ()
        ours["notices.html"] = _page("notices.html", parts=notices(ran, app))
        files = app | ours | {f"static/pyodide/{name}": content for name, content in ran.items()}
        _write(files, site)
        if target.exists():
            os.replace(target, Path(scratch, "old"))
        os.replace(site, target)
    laid_out = sum(name.startswith("files/") and name.endswith(".ipynb") for name in ours)
    return f"{laid_out} pages, {len(files)} files, {sum(map(len, files.values())) / 1e6:.0f} MB.", *sought


def _write(files: Files, folder: Path) -> None:
    """Write the files, and a packed twin beside each that gains by it, for servers that send it: `bundle.js.gz`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        packed = gzip.compress(content, 9, mtime=0) if name.endswith(_PACKABLE) else content
        if len(packed) < 0.9 * len(content):
            path.with_name(f"{path.name}.gz").write_bytes(packed)


def _app(cache: Path, tell: Tell) -> Files:
    """JupyterLite with its extensions and our settings, and no pages in it: from the cache, or built there."""
    packages = [path / "package.json" for path in _LABEXTENSIONS] + sorted(STATIC.glob("*/package.json"))
    inside = [digest(path.read_bytes()) for path in (*packages, *sorted(STATIC.rglob("*.js*")))]
    key = json.dumps([*inside, importlib.metadata.version("jupyterlite-core")])
    app = cache / "lite" / digest(key.encode())[:16]
    if not app.is_dir():
        tell("Building JupyterLite (20 s, once) ...")
        app.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            shutil.copytree(STATIC / "lite", scratch, dirs_exist_ok=True)
            command = [sys.executable, "-m", "jupyter", "lite", "build", "--lite-dir", scratch, "--output-dir", "app"]
            command += [f"--LiteBuildConfig.federated_extensions={path.parent}" for path in packages]
            done = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
            if done.returncode:
                raise KitError(f"JupyterLite could not be built: {(done.stdout + done.stderr).strip()[-400:]}")
            Path(scratch, "app").rename(app)
    return below(app)


def of_course(course: Path | None, pages: Path) -> Files:
    """Lay what students of a course get, released as `kit release` does it; returns its articles, by their names.

    Without a course they are the kit's own lessons and exercises, as on a student's desk, and no article comes with
    them. Raises KitError where the course cannot be released.
    """
    if course is None:
        desk.lay(pages)
        return {}
    with tempfile.TemporaryDirectory() as scratch:
        sharing.release(course, archive := Path(scratch, "student.zip"))
        files = {name.partition("/")[2]: content for name, content in unzipped(archive).items()}
    files.pop("README.md", None)  # it says how to start the kit on a computer
    for name in [name for name in files if not name.startswith("seeds/")]:
        write_atomically(pages / name, files.pop(name))
    return {name.removeprefix("seeds/"): content for name, content in files.items()}


def laid(pages: Path, articles: Files) -> Files:
    """The pages, each with its edition in it, the lists of them, and the first page. Of a course of one's own it has
    the headline of its article for a title."""
    told = [_told(page, pages) for page in progress.read(pages).pages]
    files = {f"files/{name}": content for name, content in below(pages).items()}
    server, folders = FileContentsManager(root_dir=str(pages), allow_hidden=True), [""]
    for folder in folders:
        listing = server.get(folder)
        listing["content"].sort(key=lambda one: one["name"])
        folders += [one["path"] for one in listing["content"] if one["type"] == "directory"]
        place = str(PurePosixPath("api/contents", folder, "all.json"))
        files[place] = json.dumps(listing, indent=1, default=lambda time: _LISTED).encode()
    own = [tomllib.loads(content.decode()) for name, content in articles.items() if name.endswith(".toml")]
    title = ": ".join(["Who Says So?", *(one["article"]["headline"] for one in own[:1])])
    files["index.html"] = _page("landing.html", title=title, pages=told)
    return files | {name: (STATIC / name).read_bytes() for name in ("landing.js", "answers.js", "favicon.svg")}


def _page(template: str, **words: object) -> bytes:
    return templates(STATIC).get_template(template).render(**words).encode()


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


def notices(runtime: Files, app: Files) -> list[tuple[str, str, str]]:
    """Each package of the `runtime` and each part of JupyterLite (`app`), in order: name with version, licence and,
    where the package brings it, the text."""
    found = {_of_wheel(content) for name, content in runtime.items() if name.endswith(".whl")}
    for listed in (content for name, content in app.items() if name.endswith("third-party-licenses.json")):
        for one in from_json(listed)["packages"]:
            name = f"{one['name']} {one.get('versionInfo', '')}"
            found.add((name, one.get("licenseId") or "", one.get("extractedText") or ""))
    return sorted(found, key=lambda one: (one[0].casefold(), one))


def _of_wheel(content: bytes) -> tuple[str, str, str]:
    """Name with version, licence and its text, of a wheel."""
    inside = {name: text for name, text in unzipped(io.BytesIO(content)).items() if ".dist-info/" in name}
    about = BytesParser().parsebytes(next(text for name, text in inside.items() if name.endswith("/METADATA")))
    kinds = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License")]
    stated = about["License-Expression"] or (about["License"] or "").partition("\n")[0] or ", ".join(kinds)
    kept = re.compile(r"\.dist-info/.*(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
    whole = "\n\n".join(text.decode("utf-8", "replace") for name, text in inside.items() if kept.search(name))
    return f"{about['Name']} {about['Version']}", stated or "see its text", whole or about["License"] or ""
