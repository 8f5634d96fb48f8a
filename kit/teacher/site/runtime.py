"""The runtime of the site: Python for a browser and every package that a lesson needs, each file known by its sum."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from pathlib import Path, PurePosixPath
from typing import IO, Any

from kit.errors import KitError
from kit.files import write_atomically
from kit.page.class_choices import FILE
from kit.setup.environment import VERSION, Pace, run_quietly
from kit.teacher.exercises.sharing import packed

STATIC = Path(__file__).parent / "static"
_PRECOMPILE = STATIC / "precompile.mjs"
_OFF_STAGE = re.compile(r"commands/|__main__\.py|teacher/(?!__init__\.py|former/)|(.*/)?__pycache__/")
"""What of the kit no student's page needs. The names that older notebooks import from stay (`teacher/former`)."""
_DOWNLOAD = "--no-deps --only-binary=:all: --progress-bar off --platform any --implementation py --abi none"
Files = dict[str, bytes]
"""Name, with folders, to content."""
Tell = Callable[[str], None]


def assembled(more: Files, *, given: Path | None, cache: Path, tell: Tell) -> Files:
    """What a browser loads to run Python, name to content, with `more` wheels, the kit's own among them, and a lock:
    what it says is imported later (`imports`) is loaded then, all else at the start, since the kit depends on it.

    `given` is a folder or a zip to take files from before anything is fetched; `cache` keeps what was fetched.
    Raises KitError where a file cannot be had.
    """
    known = tomllib.loads((STATIC / "runtime.toml").read_text("utf-8"))
    found = taken(known["core"] | known["compiled"] | known["pure"], known, given=given, cache=cache, tell=tell)
    core = {name: found.pop(name) for name in known["core"]}
    ready = _made_fit(found | more, known, cache, tell)
    packages = {entry["name"]: entry for entry in (_entry(*one, known["later"]) for one in sorted(ready.items()))}
    at_once = {name for name, entry in packages.items() if not entry["imports"]} - {"who-says-so"}
    packages["who-says-so"]["depends"] = sorted(at_once)
    lock = {"info": known["info"], "packages": packages}
    return {**core, **ready, "pyodide-lock.json": json.dumps(lock, indent=1).encode()}


def below(folder: Path) -> Files:
    """The files in a folder, by their names in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unzipped(file: Path | IO[bytes]) -> Files:
    """The files in a zip, by their names in it."""
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}


def digest(content: bytes) -> str:
    """The sha256 of a content, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def taken(wanted: Mapping[str, str], known: Mapping[str, Any], *, given: Path | None, cache: Path, tell: Tell) -> Files:
    """The files of these names with exactly these sums: from `cache`, else from `given`, else from where `known` says.

    Raises KitError where one cannot be had to the last byte as it was published.
    """
    found, kept = {}, cache / "files"
    kept.mkdir(parents=True, exist_ok=True)
    for source in [kept, given, None] if given else [kept, None]:
        if absent := wanted.keys() - found.keys():
            there = _found(source, absent) if source else _fetched(absent, known, cache, tell)
            right = {name: content for name, content in there.items() if digest(content) == wanted[name]}
            for name, content in right.items() if source != kept else ():
                write_atomically(kept / name, content)
            found |= right
    for name in sorted(wanted.keys() - found.keys()):
        why = f"is missing, or not what was published (its sha256 begins with {wanted[name][:12]}), and was not taken"
        raise KitError(f"{name} {why}. Connect and run this again, or give another --runtime.")
    return found


def _found(given: Path, wanted: Set[str]) -> Files:
    """What is `wanted` of a folder or a zip, wherever it lies in it."""
    if given.is_dir():
        return {path.name: path.read_bytes() for path in given.rglob("*") if path.name in wanted}
    if zipfile.is_zipfile(given):
        with zipfile.ZipFile(given) as zipped:
            names = {PurePosixPath(name).name: name for name in zipped.namelist()}
            return {name: zipped.read(names[name]) for name in wanted & names.keys()}
    raise KitError(f"{given} is no folder, zip or wheel. Give one that holds what the browser runs.")


def _fetched(wanted: Set[str], known: Mapping[str, Any], cache: Path, tell: Tell) -> Files:
    """What is `wanted`, downloaded from the index of Python packages, with pip."""
    pure, carrier = wanted & known["pure"].keys(), known["carrier"]
    packages = ["==".join(name.split("-")[:2]) for name in sorted(pure)] + [carrier] * (wanted != pure)
    tell(f"Downloading what the browser runs, {len(packages)} packages (120 MB in all, once) ...")
    with tempfile.TemporaryDirectory(dir=cache) as folder, Pace(len(packages), tell) as pace:
        command = [sys.executable, "-m", "pip", "download", *_DOWNLOAD.split(), "--ignore-requires-python"]
        done = run_quietly([*command, "--dest", folder, *packages], pace.tell)
        if done.returncode:
            last = (done.stdout.strip().splitlines() or ["pip said nothing"])[-1]
            raise KitError(f"Not downloaded: {last}. Connect and run this again, or give a --runtime.")
        found = _found(Path(folder), wanted)
        for carried in Path(folder).glob(f"{carrier.partition('=')[0].replace('-', '_')}-*.whl"):
            found |= _found(carried, wanted)
    return found


def _made_fit(wheels: Files, known: Mapping[str, Any], cache: Path, tell: Tell) -> Files:
    """The wheels without what no page needs and with bytecode, which spares each start four seconds; with their source
    where there is no node."""
    node, new, left_out = shutil.which("node"), {}, re.compile("|".join(known["left_out"]))
    way = json.dumps([digest(_PRECOMPILE.read_bytes()) if node else "", known["left_out"]]).encode()
    places = {name: cache / "fit" / digest(content + way)[:16] / name for name, content in wheels.items()}
    for name in (name for name, place in places.items() if not place.is_file()):
        inside = unzipped(io.BytesIO(wheels[name])).items()
        new[name] = packed({file: content for file, content in inside if not left_out.search(file)})
    if node is None:
        tell("node is not installed, so each page will start some seconds later: install Node.js and run this again.")
    elif new:
        tell(f"Making packages fit for the browser, {len(new)} of {len(wheels)} (half a minute, once) ...")
        new = _compiled([node, _PRECOMPILE, cache / "files", json.dumps(known["info"])], new)
    for name, content in new.items():
        write_atomically(places[name], content)
    return {name: place.read_bytes() for name, place in places.items()}


def _compiled(command: Sequence[str | Path], wheels: Files) -> Files:
    """The wheels with bytecode in place of source, made by the very Python that will read it."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, content in wheels.items():
            Path(scratch, name).write_bytes(content)
        done = subprocess.run([*command, scratch], capture_output=True, text=True)
        if done.returncode:
            raise KitError(f"node could not make bytecode: {(done.stderr.strip() or 'it said nothing')[-300:]}")
        return below(Path(scratch))


def _entry(wheel: str, content: bytes, later: Collection[str]) -> dict[str, Any]:
    """A wheel as Pyodide's lock describes one. Most are loaded at the start, so none names another; those of `later`
    (names to import) are loaded by their import."""
    name, version = wheel.split("-")[:2]
    made = {"name": name.replace("_", "-").lower(), "version": version, "file_name": wheel, "sha256": digest(content)}
    plain = {"install_dir": "site", "package_type": "package", "unvendored_tests": False}
    return made | plain | {"depends": [], "imports": [one for one in later if one.lower() == name.lower()]}


def kit_wheel(root: Path, articles: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The kit in the clone `root` as a wheel for students' browsers: its name, which tells apart what is in it, and its
    bytes. In it are the kit's articles, these `articles` of a course (name to content), and the teacher's choices.

    Of the kit's articles, one that is among those of the course is left out: its labels are the course's key.
    """
    files = {f"kit/{name}": text for name, text in below(root / "kit").items() if not _OFF_STAGE.match(name)}
    asked = {_text_of(content) for name, content in articles.items() if name.endswith(".toml")}
    seeds = {name: text for name, text in below(root / "seeds").items() if name.endswith((".toml", ".txt"))}
    hidden = {name[:-5] for name, text in seeds.items() if name.endswith(".toml") and _text_of(text) in asked}
    files |= {f"kit/data/seeds/{name}": text for name, text in seeds.items() if name.rpartition(".")[0] not in hidden}
    files |= {f"kit/data/seeds/{name}": content for name, content in articles.items()}
    if (root / FILE).is_file():
        files[f"kit/data/{FILE}"] = (root / FILE).read_bytes()
    about = f"who_says_so-{VERSION}.dist-info"
    files |= {f"{about}/licenses/{name}": (root / name).read_bytes() for name in ("LICENSE", "LICENSE-CONTENT")}
    metadata = f"Metadata-Version: 2.4\nName: who-says-so\nVersion: {VERSION}\n"
    files[f"{about}/METADATA"] = f"{metadata}License-Expression: BSD-3-Clause AND CC-BY-4.0\n".encode()
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: kit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content = packed(files)
    return f"who_says_so-{VERSION}-1{digest(content)[:8]}-py3-none-any.whl", content


def _text_of(annotation: bytes) -> str:
    """The sha256 of the text that an annotation is about."""
    return tomllib.loads(annotation.decode()).get("article", {}).get("sha256", "").lower()
