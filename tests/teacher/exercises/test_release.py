"""The students' archive: the same bytes each time, and not a byte of the key in it or in what their kernel reads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from kit import commands
from kit.article.reading import read
from kit.article.records import KEY_FIELDS
from kit.errors import KitError
from kit.questions import role
from kit.teacher.exercises.keys import load
from kit.teacher.exercises.release import leaks, release

EXERCISE = "exercises/01_acts_and_contents.ipynb"
SOLUTION = "teacher/solutions/01_acts_and_contents.ipynb"


@pytest.fixture
def mine(course: Path, tmp_path: Path) -> Path:
    """The course, to be spoilt."""
    return shutil.copytree(course, tmp_path / "mine")


@pytest.fixture(scope="module")
def unpacked(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    release(course, folder / "student.zip")
    with zipfile.ZipFile(folder / "student.zip") as archive:
        archive.extractall(folder)
    return folder / "pool"


def secrets(course: Path) -> Iterator[str]:
    """Written without the kit's own search: each line of each answer that a solution writes out, as it stands there."""
    for cell in nbformat.read(course / SOLUTION, as_version=4).cells:
        if role(cell)[0] == "answer" and cell.source.rstrip().endswith("}"):
            yield from (line.strip().rstrip(",") for line in cell.source.splitlines() if line.startswith("    "))


def test_an_archive_made_again_has_the_same_bytes(course: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    release(course, first)
    for path in (course / "student").rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    (course / "student" / "lessons" / ".ipynb_checkpoints").mkdir()
    try:
        release(course, second)
    finally:
        (course / "student" / "lessons" / ".ipynb_checkpoints").rmdir()
    assert first.read_bytes() == second.read_bytes()
    names = zipfile.ZipFile(first).namelist()
    assert names == sorted(names) and all(name.startswith("pool/") for name in names)
    assert not [name for name in names if "teacher" in name or "solution" in name]


def test_no_answer_of_the_key_is_in_any_file(course: Path, unpacked: Path) -> None:
    answers = list(secrets(course))
    assert len(answers) > 8
    answers += load(course / SOLUTION).seeds.values()  # a hash of all labels
    whole = read(course / "teacher/seeds/article.toml")
    (aside,) = load(course / SOLUTION).blank.values()
    whys = {c.why for c in whole.claims if c.unit in aside} - {c.why for c in whole.claims if c.unit not in aside}
    for path in (path for path in unpacked.rglob("*") if path.is_file()):
        text = path.read_text("utf-8")
        for words in (*answers, *whys):
            assert words not in text and json.dumps(words, ensure_ascii=False)[1:-1] not in text, (path.name, words)


def test_a_students_kernel_finds_no_label_of_what_is_asked(course: Path, unpacked: Path) -> None:
    """A new process in the unpacked folder, which is all that it has of this article."""
    code = """
import json, kit
article = kit.load_article("article", practice=True)
asked = article.claims[article.claims["unit"].isin(json.loads(input()))]
labels = asked.drop(columns=["claim", "unit", "quote", "paragraph", "start", "end"])
found = {name: [str(v) for v in labels[name] if isinstance(v, (str, tuple)) and v] for name in labels}
print(json.dumps([str(article.annotation.path), len(asked), found, list(article.passes.index)]))
"""
    (aside,) = load(course / SOLUTION).blank.values()
    environment = {name: value for name, value in os.environ.items() if name != "KIT_SEEDS"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(aside),
        cwd=unpacked / "exercises",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    path, asked, found, passes = json.loads(done.stdout)
    assert Path(path).resolve() == (unpacked / "seeds/article.toml").resolve()
    assert asked >= len(aside) and not passes
    assert not {name: values for name, values in found.items() if values}


def test_nothing_in_the_edition_points_at_a_withheld_claim(tmp_path: Path) -> None:
    """The kit's own article has all that can point: doubts, support, propositions, replies, passes, comments."""
    from kit.article import seeds
    from kit.teacher.exercises.edition import sealed

    text = (seeds.seeds() / "soldiers.toml").read_text("utf-8")
    aside = {"S10", "S12", "S13", "S15", "S16", "S18", "S19"}
    said = sealed(text.replace('reply = "not reported"', 'reply = "denied"\nnote = "It is in S18b."', 1), aside)
    shutil.copy(seeds.seeds() / "soldiers.txt", tmp_path)
    (tmp_path / "article.toml").write_text(said, "utf-8")
    edition = read(tmp_path / "article.toml")
    hidden = {claim.id for claim in edition.claims if claim.unit in aside}
    assert len(hidden) == 13 and all(claim.blank for claim in edition.claims if claim.id in hidden)
    pointing = [*edition.passes, *(n for p in edition.propositions for n in p.claims)]
    pointing += [name for claim in edition.claims for name in (*claim.disputed_by, *claim.supported_by)]
    assert pointing and not hidden & set(pointing)
    assert [reply.reply for reply in edition.replies] == ["not reported"]
    assert "#" not in said and "It is in S18b" not in said
    whole = read(seeds.seeds() / "soldiers.toml").by_id
    kept = {c.why for c in whole.values() if c.id not in hidden}
    assert not [whole[name].why for name in hidden if whole[name].why not in kept and whole[name].why in said]
    assert all(
        getattr(whole[c.id], f) == getattr(c, f) for c in edition.claims if not c.blank for f in ("status", "why")
    )


def spoil(path: Path, words: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert words in text
    path.write_text(text.replace(words, new, 1), "utf-8")


def test_an_exercise_with_answers_in_it_is_not_packed(mine: Path, tmp_path: Path) -> None:
    shutil.copy(mine / SOLUTION, mine / "student" / EXERCISE)
    with pytest.raises(KitError, match=r"student/exercises/01.* was changed"):
        release(mine, tmp_path / "student.zip")
    assert not (tmp_path / "student.zip").exists()
    (mine / "student" / EXERCISE).unlink()
    assert EXERCISE in release(mine, tmp_path / "student.zip")


def test_labels_that_are_not_those_of_the_key_are_not_packed(mine: Path, tmp_path: Path) -> None:
    spoil(mine / "teacher" / "seeds" / "article.toml", 'status = "alleged"', 'status = "stance"')
    with pytest.raises(KitError, match=r"changed after the key was made.*your own annotation.*kit new-course"):
        release(mine, tmp_path / "student.zip")
    assert not (tmp_path / "student.zip").exists()


def test_the_full_annotation_in_the_students_folder_is_not_packed(mine: Path, tmp_path: Path) -> None:
    shutil.copy(mine / "teacher/seeds/article.toml", mine / "student/seeds/article.toml")
    with pytest.raises(KitError, match="was changed"):
        release(mine, tmp_path / "student.zip")


@pytest.mark.parametrize("name", ["lessons/notes.ipynb", "notes.txt", "seeds/mine.toml"])
def test_the_key_in_a_file_of_the_teachers_own_is_found(mine: Path, tmp_path: Path, name: str) -> None:
    source = {"lessons/notes.ipynb": SOLUTION, "seeds/mine.toml": "teacher/seeds/article.toml"}.get(name)
    if source:
        shutil.copy(mine / source, mine / "student" / name)
    else:
        (mine / "student" / name).write_text(f"The key: {next(secrets(mine))}\n", "utf-8")
    with pytest.raises(KitError, match=rf"Nothing was packed: {name} holds"):
        release(mine, tmp_path / "student.zip")
    assert not list(tmp_path.glob("*.zip*"))


def test_each_label_of_a_withheld_claim_would_be_found(course: Path) -> None:
    whole = read(course / "teacher/seeds/article.toml").by_id
    (aside,) = load(course / SOLUTION).blank.values()
    claim = next(c for c in whole.values() if c.unit in aside and c.layer == "content")
    text = (course / "student/seeds/article.toml").read_text("utf-8")
    head = f'id = "{claim.id}"\n'
    for field in KEY_FIELDS:
        said = leaks({"a.toml": text.replace(head, f'{head}{field} = "x"\n').encode()}, course / "teacher")
        assert f"a.toml holds the {field} of {claim.id}." in said
    for shown in (f"[{claim.id} content]", f"<td>{claim.id}</td><td>{claim.status}</td>"):
        assert leaks({"a.html": shown.encode()}, course / "teacher")


def test_the_command_says_what_it_packed(course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["release", str(course), "-o", str(tmp_path / "s.zip")]) == 0
    assert "5 files" in capsys.readouterr().out
    assert commands.main(["release", str(tmp_path), "-o", str(tmp_path / "t.zip")]) == 1
    assert "kit new-course" in capsys.readouterr().err
