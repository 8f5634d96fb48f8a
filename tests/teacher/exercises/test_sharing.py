"""A course for a colleague goes all the way round: packed, opened, released; and what is no such archive is named."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from kit import commands
from kit.article.annotation_file import read
from kit.errors import KitError
from kit.teacher.exercises.sharing import release, share, unpack


@pytest.fixture(scope="module")
def archive(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shared") / "pool.zip"
    share(course, out)
    return out


def test_it_says_what_it_is_and_the_same_course_gives_the_same_bytes(
    course: Path, archive: Path, tmp_path: Path
) -> None:
    share(course, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        page = opened.read("pool-course/ABOUT.md").decode()
    assert {"pool-course/annotation/pool.toml", "pool-course/annotation/pool.txt"} <= {*names}
    assert "pool-course/teacher/README.md" in names
    whole = read(course / "teacher/seeds/article.toml")
    assert whole.facts.headline in page and f"{len(whole.claims)} claims" in page and "no student" in page
    assert "{{" not in page and "kit unpack" in page and "kit new-course" in page


def test_the_other_side_opens_it_releases_it_and_has_the_annotation(
    course: Path, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    assert commands.main(["unpack", str(archive), "-o", str(folder)]) == 0
    said = capsys.readouterr().out
    assert f"kit annotate {folder / 'annotation' / 'pool.toml'}" in said and f"kit release {folder}" in said
    assert read(folder / "annotation/pool.toml").claims == read(course / "teacher/seeds/article.toml").claims
    assert release(folder, tmp_path / "one.zip")[0] == release(course, tmp_path / "two.zip")[0]
    with pytest.raises(KitError, match="is not empty"):
        unpack(archive, folder)


def test_without_a_folder_it_lies_beside_the_archive(archive: Path) -> None:
    assert unpack(archive)[0] == archive.parent / "pool-course"


def test_another_archive_and_one_that_would_write_elsewhere_are_refused(archive: Path, tmp_path: Path) -> None:
    other, climbing, text = (tmp_path / name for name in ("other.zip", "climbing.zip", "text.zip"))
    text.write_text("hello")
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("a/README.md", "hello")
    with zipfile.ZipFile(archive) as opened, zipfile.ZipFile(climbing, "w") as made:
        for name in opened.namelist():
            made.writestr(name, opened.read(name))
        made.writestr("pool-course/../../out.txt", "hello")
    windows = with_more(archive, tmp_path / "windows.zip", "pool-course/C:out.txt")
    for wrong in (other, climbing, text, windows):
        with pytest.raises(KitError, match=re.escape(f"{wrong} is no course")):
            unpack(wrong, tmp_path / "new")
    assert not (tmp_path / "new").exists() and not (tmp_path.parent / "out.txt").exists()


def with_more(archive: Path, out: Path, name: str) -> Path:
    shutil.copy(archive, out)
    with zipfile.ZipFile(out, "a") as made:
        made.writestr(name, "hello")
    return out


def test_what_a_mac_packs_beside_is_left_out(archive: Path, tmp_path: Path) -> None:
    folder, _ = unpack(with_more(archive, tmp_path / "mac.zip", "__MACOSX/pool-course/._ABOUT.md"), tmp_path / "new")
    assert (folder / "ABOUT.md").is_file() and not [path for path in folder.rglob("*") if "MACOSX" in str(path)]
    with pytest.raises(KitError, match=r"new is a folder\. A course that is unpacked needs no more"):
        unpack(folder)


def test_what_is_no_whole_course_is_not_packed(course: Path, tmp_path: Path) -> None:
    with pytest.raises(KitError, match="holds no course"):
        share(tmp_path, tmp_path / "a.zip")
    for broken, words in {
        "student/lessons/01_said_is_not_so.ipynb": "holds no lesson, so nothing was packed",
        "teacher/solutions/01_acts_and_contents.ipynb": "is no whole notebook, so its key cannot be read",
        "teacher/seeds/article.toml": "was changed after the key was made from it",
    }.items():
        mine = tmp_path / Path(broken).stem
        shutil.copytree(course, mine)
        text = (mine / broken).read_text("utf-8")
        (mine / broken).unlink()
        if "lessons" not in broken:
            (mine / broken).write_text(f"{text}# changed\n" if broken.endswith("toml") else "{}", "utf-8")
        for pack in (share, release):
            with pytest.raises(KitError, match=words):
                pack(mine, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()
