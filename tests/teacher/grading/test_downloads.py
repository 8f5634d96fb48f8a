"""Names and bytes of a download: nothing hidden, no link, and a zip that harms nobody."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.errors import SubmissionError
from kit.setup import handing_in
from kit.teacher.grading import downloads, handed_in

X = "ana/x.ipynb"
Write = Callable[[dict[str, bytes]], Path]


def in_a_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def in_a_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


@pytest.fixture(params=[in_a_folder, in_a_zip])
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Write:
    return lambda files: request.param(tmp_path / "class.zip", files)


def refusal(source: Path, name: str) -> str:
    with pytest.raises(SubmissionError) as caught:
        downloads.read(source, name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_hidden_and_what_nobody_wrote_is_not_there(write: Write) -> None:
    before = f"ana/{handing_in.BEFORE}/x.ipynb"
    hidden = [".git/x.ipynb", "ana/.history/x.ipynb", "ana/.ipynb_checkpoints/x.ipynb", "__MACOSX/ana/._x.ipynb",
              "ana/.virtual_documents/x.ipynb", ".Trash/x.ipynb", "ana/._x.ipynb", "ana/Thumbs.db", before]  # fmt: skip
    assert list(downloads.names(write(dict.fromkeys([*hidden, X], b"{}")))) == [X]


def test_files_are_read_at_most_two_zips_deep(write: Write, tmp_path: Path) -> None:
    inner = in_a_zip(tmp_path / "inner.zip", {"x.ipynb": b"1", "more.zip": b""}).read_bytes()
    source = write({"ana.zip": inner, "ben/work.zip": inner, "ben/y.ipynb": b"2", "cid.zip": b"PK"})
    found = {name: downloads.read(source, name) for name in downloads.names(source) if name.endswith(".ipynb")}
    assert found == {"ana.zip/x.ipynb": b"1", "ben/work.zip/x.ipynb": b"1", "ben/y.ipynb": b"2"}
    assert set(downloads.names(source)) - set(found) == {"ana.zip/more.zip", "ben/work.zip/more.zip", "cid.zip"}
    assert "damaged" in refusal(source, "cid.zip") and refusal(source, "ana.zip/more.zip")


def test_what_is_far_too_large_is_not_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write({X: b"{}" * 100})
    assert downloads.read(source, X) == b"{}" * 100
    monkeypatch.setattr(downloads, "LARGEST", 199)
    assert "larger than" in refusal(source, X)


@pytest.mark.parametrize("name", ["../x.ipynb", "/x.ipynb", "ana/../../x.ipynb", "C:\\x.ipynb", "..\\x.ipynb"])
def test_a_name_that_leads_out_of_the_zip_is_refused(name: str, tmp_path: Path) -> None:
    source = in_a_zip(tmp_path / "class.zip", {name: b"{}", X: b"1"})
    (bad,) = (one for one in downloads.names(source) if one != X)
    assert not Path(bad).is_absolute() and ".." not in bad and ":" not in bad
    assert "leads out of" in refusal(source, bad)
    assert downloads.read(source, X) == b"1"


def test_a_link_in_a_zip_and_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a/x.ipynb", "1")
        archive.writestr("a//x.ipynb", "2")
    assert "is a link" in refusal(tmp_path / "class.zip", "link.ipynb")
    assert "two files of this name" in refusal(tmp_path / "class.zip", "a/x.ipynb")


def changed(path: Path, at: int, form: str, value: int) -> Path:
    """The zip with one field of its only member changed, in the list at its end; `at` is counted from there."""
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, data.index(b"PK\x01\x02") + at, value)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("at", "form", "value", "words"),
    [(8, "<H", 1, "password"), (10, "<H", 99, "damaged"), (16, "<L", 1, "damaged"), (24, "<L", 1 << 31, "larger than")],
    ids=["encrypted", "packed in a way that nobody knows", "not what it was", "said to be a bomb"],
)
def test_a_member_that_cannot_be_unpacked_is_refused(
    at: int, form: str, value: int, words: str, tmp_path: Path
) -> None:
    source = in_a_zip(tmp_path / "class.zip", {X: b"{}" * 50})
    assert words in refusal(changed(source, at, form, value), X)


def test_a_zip_that_would_fill_the_memory_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_OF_A_STUDENT", 1000)
    bomb = in_a_zip(tmp_path / "bomb.zip", {f"{n}.ipynb": b"0" * 100 for n in range(11)}).read_bytes()
    source = in_a_zip(tmp_path / "class.zip", {"ana.zip": bomb, "x.ipynb": b""})
    assert list(downloads.names(source)) == ["ana.zip", "x.ipynb"]
    assert "more than anybody hands in" in refusal(source, "ana.zip")
    deep = in_a_zip(tmp_path / "deep.zip", {"a/" * 9000 + "x.ipynb": b"{}"}).read_bytes()
    source = in_a_zip(tmp_path / "other.zip", {"ben.zip": deep})
    assert list(downloads.names(source)) == ["ben.zip"] and "the zip holds none" in refusal(source, "ben.zip")


def test_names_that_macos_packs_are_read_as_they_were(tmp_path: Path) -> None:
    source = in_a_zip(tmp_path / "class.zip", {"Aña/x.ipynb": b"1"})
    data = source.read_bytes()
    assert data.count(b"\x00\x08") >= 2  # the flag that says UTF-8, which these do not set
    plain = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", plain, data.index(mark) + at, 0)
    source.write_bytes(plain)
    assert list(downloads.names(source)) == ["Aña/x.ipynb"]
    assert downloads.read(source, "Aña/x.ipynb") == b"1"


@pytest.fixture
def links(tmp_path: Path) -> Path:
    """A folder with the solutions, beside a class."""
    in_a_folder(tmp_path / "solutions", {"x.ipynb": b"the key"})
    return in_a_folder(tmp_path / "class", {X: b"mine", "ben/deep/x.ipynb": b"mine"})


@pytest.mark.parametrize("swapped", ["ana", "ana/x.ipynb", "ben", "ben/deep"])
@pytest.mark.parametrize("by_parts", [True, False])
def test_what_became_a_link_after_the_list_was_made_is_not_followed(
    swapped: str, by_parts: bool, links: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not by_parts:  # as on Windows
        monkeypatch.setattr(os, "supports_dir_fd", set())
    files = {one.file: one for one in handed_in.find(links, ["01"])}
    assert {handed_in.load(one) for one in files.values()} == {b"mine"}
    target = links.parent / "solutions"
    (links / swapped).rename(links.parent / "away")
    (links / swapped).symlink_to(target / "x.ipynb" if swapped.endswith(".ipynb") else target)
    (links.parent / "solutions" / "deep").symlink_to(target)
    for name, one in files.items():
        if name.startswith(swapped):
            with pytest.raises(SubmissionError, match="is a link"):
                handed_in.load(one)


def test_a_linked_folder_comes_and_is_refused_and_the_class_itself_may_be_one(links: Path) -> None:
    (links / "eve").symlink_to(links.parent / "solutions")
    (links.parent / "today").symlink_to(links)
    found = {one.student: one for one in handed_in.find(links.parent / "today", ["01"])}
    assert handed_in.load(found["ana"]) == b"mine"
    with pytest.raises(SubmissionError, match="is a link"):
        handed_in.load(found["eve"])


def test_a_pipe_is_not_waited_for(links: Path) -> None:
    os.mkfifo(links / "ana" / "y.ipynb")
    assert "to its end" in refusal(links, "ana/y.ipynb")
    assert "cannot be read" in refusal(links, "ana/nothing.ipynb")
