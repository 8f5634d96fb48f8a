"""What the site runs on: each file to the last byte, from wherever it comes, and the kit as browsers get it."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.page.class_choices import FILE
from kit.setup import places
from kit.teacher.site import runtime
from kit.teacher.site.runtime import digest, kit_wheel, taken

CONTENT = b"what was published"
WANTED = {"a.wasm": digest(CONTENT)}
KNOWN = {"core": WANTED, "compiled": {}, "pure": {}, "carrier": "none==1", "left_out": ["nothing"], "later": []}


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_fetched", lambda *given: {})


def folder(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "given" / "deep" / "a.wasm"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return tmp_path / "given"


def zipped(tmp_path: Path, content: bytes) -> Path:
    with zipfile.ZipFile(tmp_path / "given.whl", "w") as archive:
        archive.writestr("deep/a.wasm", content)
    return tmp_path / "given.whl"


@pytest.mark.parametrize("given", [folder, zipped])
def test_a_file_is_taken_from_what_is_given_and_kept(given: Callable[[Path, bytes], Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert taken(WANTED, KNOWN, given=given(tmp_path, CONTENT), cache=cache, tell=str) == {"a.wasm": CONTENT}
    assert taken(WANTED, KNOWN, given=None, cache=cache, tell=str) == {"a.wasm": CONTENT}


@pytest.mark.parametrize("given", [folder, zipped])
def test_one_changed_byte_is_refused_and_not_kept(given: Callable[[Path, bytes], Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with pytest.raises(KitError, match=r"a\.wasm is missing, or not what was published") as told:
        taken(WANTED, KNOWN, given=given(tmp_path, CONTENT[:-1] + b"!"), cache=cache, tell=str)
    assert "\n" not in str(told.value)
    assert not (cache / "files" / "a.wasm").exists()


def test_what_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(KitError, match=r"a\.wasm is missing, or"):
        taken(WANTED, KNOWN, given=None, cache=tmp_path, tell=str)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "given.zip").write_bytes(b"no archive")
    with pytest.raises(KitError, match="is no folder, zip"):
        taken(WANTED, KNOWN, given=tmp_path / "given.zip", cache=tmp_path / "cache", tell=str)


def wheel(**files: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return whole.getvalue()


def test_without_node_wheels_are_made_fit_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    told: list[str] = []
    known = KNOWN | {"left_out": ["^tests/"], "info": {}}
    wheels = {"a-1-py3-none-any.whl": wheel(a__x=b"x = 1", tests__x=b"")}
    made = runtime._made_fit(wheels, known, tmp_path, told.append)
    with zipfile.ZipFile(io.BytesIO(made["a-1-py3-none-any.whl"])) as archive:
        assert archive.namelist() == ["a/x"]
    assert told[0].startswith("node is not installed")
    assert runtime._made_fit(wheels, known, tmp_path, told.append) == made


def test_the_kit_brings_all_that_is_not_imported_later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runtime, "taken", lambda wanted, known, **more: dict.fromkeys(wanted, b""))
    monkeypatch.setattr(runtime, "_made_fit", lambda wheels, *given: wheels)
    made = runtime.assembled({"who_says_so-1-py3-none-any.whl": b""}, given=None, cache=tmp_path, tell=str)
    packages = json.loads(made["pyodide-lock.json"])["packages"]
    assert {*packages["who-says-so"]["depends"]} == packages.keys() - {"who-says-so", "fonttools", "pytz"}
    settings = json.loads((runtime.STATIC / "lite" / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]
    (kernel,) = settings["litePluginSettings"].values()
    asked = {*kernel["loadPyodideOptions"]["packages"]}
    assert "who-says-so" in asked and asked - packages.keys() == {"ipykernel", "piplite", "pyodide-kernel"}  # its own


def test_students_get_the_kit_without_what_teachers_run() -> None:
    name, content = kit_wheel(places.clone("site"), {})
    assert (name, content) == kit_wheel(places.clone("site"), {})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
    assert {"kit/__init__.py", "kit/widgets/static/cards.js", "kit/data/seeds/soldiers.toml"} <= names
    assert {name for name in names if "/teacher/" in name} == {
        "kit/teacher/__init__.py",
        "kit/teacher/former/annotator.py",
    }
    assert not {name for name in names if "solutions" in name or "/commands/" in name}


def test_a_course_on_an_article_of_the_kit_hides_its_labels() -> None:
    asked = (places.clone("site") / "seeds" / "ottawa.toml").read_bytes()
    name, content = kit_wheel(places.clone("site"), {"article.toml": asked})
    assert name != kit_wheel(places.clone("site"), {})[0]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        seeds = {name.removeprefix("kit/data/seeds/") for name in archive.namelist() if "/seeds/" in name}
    assert "article.toml" in seeds and not {"ottawa.toml", "ottawa.txt"} & seeds


def test_the_choices_of_a_class_come_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kit").mkdir()
    for name, text in {FILE: "ask_name = true\n", "LICENSE": "", "LICENSE-CONTENT": ""}.items():
        (tmp_path / name).write_text(text, "utf-8")
    _, content = kit_wheel(tmp_path, {})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read(f"kit/data/{FILE}") == b"ask_name = true\n"
