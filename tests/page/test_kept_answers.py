"""Drafts on disk: where they are, what a broken one becomes, and two writers at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kit.page import kept_answers
from kit.page.kept_answers import Draft

ANSWERS = {"S10a": {"layer": "act"}, "S10b": {"layer": "", "why": "“Größe”\nand more"}}


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = kept_answers.file("layers", key="01")
    assert path == tmp_path / ".drafts" / "01_layers.json"
    assert kept_answers.read(path) == (Draft(), "")
    assert not path.parent.exists(), "reading must leave nothing behind"
    for draft in (Draft(ANSWERS, 7, True), Draft(ANSWERS, 7)):
        kept_answers.write(path, draft)
        assert kept_answers.read(path) == (draft, "")
    assert [file.name for file in path.parent.iterdir()] == ["01_layers.json"]


def test_the_path_goes_by_the_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", "/srv/me/exercises/02 facts & allegations.ipynb")
    assert kept_answers.file("statuses") == tmp_path / ".drafts" / "02_facts_allegations_statuses.json"
    assert kept_answers.file("x", key="../../etc/x").parent == tmp_path / ".drafts"
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert kept_answers.file("statuses").name == "notebook_statuses.json"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"answers": {"S10a": {"lay',
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"answers": []}',
        b'{"answers": {"S10a": "act"}}',
        b'{"answers": {"S10a": {"layer": 3}}}',
        b'{"answers": {"S10a": {"also": ["stance"]}}}',
        b"[" * 200_000,
    ],
    ids=range(10),
)
def test_a_broken_draft_is_kept_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "n_layers.json"
    path.write_bytes(content)
    (tmp_path / "n_layers.broken-1.json").write_bytes(b"an earlier one")
    draft, said = kept_answers.read(path)
    assert draft == Draft()
    assert said == (
        "The draft n_layers.json cannot be read, so you start with an empty one. "
        "The file is kept beside it as n_layers.broken-2.json."
    )
    assert not path.exists()
    assert (tmp_path / "n_layers.broken-2.json").read_bytes() == content
    assert (tmp_path / "n_layers.broken-1.json").read_bytes() == b"an earlier one"


def test_half_a_sign_is_written_as_a_question_mark(tmp_path: Path) -> None:
    kept_answers.write(tmp_path / "n.json", Draft({"S10a": {"layer": "\ud800"}}))
    assert kept_answers.read(tmp_path / "n.json")[0].answers == {"S10a": {"layer": "?"}}


@pytest.mark.parametrize("at", [None, -1, "3", True, 2.5])
def test_a_strange_place_is_the_start(tmp_path: Path, at: object) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"answers": ANSWERS, "at": at}), "utf-8")
    assert kept_answers.read(path) == (Draft(ANSWERS, 0), "")


def test_what_cannot_be_read_nor_kept_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".drafts").write_text("a file where the folder should be")
    path = kept_answers.file("layers", key="01")
    draft, said = kept_answers.read(path)
    assert draft == Draft()
    assert "cannot be read" in said and "could not be kept" in said
    with pytest.raises(OSError):
        kept_answers.write(path, Draft(ANSWERS))


def test_a_notebook_finds_what_its_own_cards_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = {"S10a": {"layer": "act"}, "S10b": {"layer": ""}}
    for name, key in (("mine", "01"), ("other", "02")):
        kept_answers.write(kept_answers.file(name, key=key), Draft(rows if name == "mine" else ANSWERS))
    (tmp_path / ".drafts" / "01_broken.json").write_text("{")
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert kept_answers.held("layer", ["S10a", "S10b"]) == {}
    monkeypatch.setenv("JPY_SESSION_NAME", "exercises/01.ipynb")
    assert kept_answers.held("layer", ["S10a", "S10b", "S12b"]) == {"S10a": "act"}
    assert kept_answers.held("layer", ["S10b"]) == kept_answers.held("status", ["S10a", "S10b"]) == {}
    assert (tmp_path / ".drafts" / "01_broken.json").exists(), "looking moves nothing"


def test_two_kernels_never_leave_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / ".drafts" / "n_layers.json"
    code = (
        "import sys; from pathlib import Path; from kit.page import kept_answers\n"
        "for n in range(150):\n"
        "    kept_answers.write(Path(sys.argv[1]), kept_answers.Draft({'S': {'why': sys.argv[2] * 50_000}}, n))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), letter]) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        draft, said = kept_answers.read(path)
        assert not said
        if draft.answers:
            assert len(draft.answers["S"]["why"]) == 50_000
            seen.update(draft.answers["S"]["why"])
    assert [writer.returncode for writer in writers] == [0, 0]
    draft, said = kept_answers.read(path)
    assert (draft.at, said) == (149, "")
    assert seen <= {"a", "b"} and set(draft.answers["S"]["why"]) in ({"a"}, {"b"})
    assert [file.name for file in path.parent.iterdir()] == ["n_layers.json"]
