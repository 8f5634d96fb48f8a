"""Building the site: what is missing or in the way is said in one sentence, and what a course hides is searched for."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from kit.commands import main
from kit.errors import KitError
from kit.teacher.site import static_site
from kit.teacher.site.runtime import below
from kit.teacher.site.static_site import build_site, notices


def test_tools_that_are_missing_are_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(static_site, "_LABEXTENSIONS", [tmp_path / "anywidget", tmp_path / "pyodide-kernel-extension"])
    assert main(["site", str(tmp_path / "site"), "--cache", str(tmp_path / "cache")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The tools that build the site are not installed (anywidget, pyodide-kernel-extension)")
    assert "[site]" in said and said.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_site, "_LABEXTENSIONS", [])


@pytest.mark.usefixtures("tools")
def test_a_folder_that_is_no_site_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(KitError, match="is no site"):
        build_site(tmp_path, cache=tmp_path / "cache", tell=str)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.usefixtures("tools")
def test_a_site_stays_where_the_next_cannot_be_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(*given: object) -> Path:
        raise KitError("no")

    monkeypatch.setattr(static_site, "_app", fails)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "jupyter-lite.json").write_text("{}", "utf-8")
    with pytest.raises(KitError, match="no"):
        build_site(tmp_path / "site", cache=tmp_path / "cache", tell=str)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (tmp_path / "site" / "jupyter-lite.json").read_text("utf-8") == "{}"


def test_packed_twins_are_the_same_in_every_build_and_hold_their_file(tmp_path: Path) -> None:
    files = {"a/a.js": b"let a;" * 500, "b.js": bytes(range(256)), "c.png": b"c" * 500}
    for place in ("one", "two"):
        static_site._write(files, tmp_path / place)
    assert below(tmp_path / "one") == below(tmp_path / "two")
    twin = (tmp_path / "one" / "a" / "a.js.gz").read_bytes()
    assert gzip.decompress(twin) == files["a/a.js"]
    assert below(tmp_path / "one") == files | {"a/a.js.gz": twin}


def test_the_notices_name_each_licence_and_its_text() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(
            "a-1.dist-info/METADATA", "Name: a\nVersion: 1\nClassifier: License :: OSI Approved :: MIT License\n"
        )
        archive.writestr("a-1.dist-info/licenses/LICENSE.txt", "Copyright <somebody>")
    package = {"name": "b", "versionInfo": "2", "licenseId": "ISC", "extractedText": "As is."}
    app = {"build/third-party-licenses.json": json.dumps({"packages": [package]}).encode(), "b.js": b""}
    found = notices({"a-1-py3-none-any.whl": whole.getvalue(), "b.wasm": b""}, app)
    assert found == [("a 1", "MIT License", "Copyright <somebody>"), ("b 2", "ISC", "As is.")]
    page = static_site._page("notices.html", parts=found).decode()
    assert "<summary>a 1: MIT License</summary><pre>Copyright &lt;somebody&gt;</pre>" in page
    assert "<summary>b 2: ISC</summary><pre>As is.</pre>" in page
    assert "<summary>Pyodide: MPL-2.0</summary>" in page
