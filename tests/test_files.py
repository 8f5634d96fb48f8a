"""What is written for people to keep: whole files, names that fit, tables that only show, and counts."""

from __future__ import annotations

import csv
import io
import os
import stat
import unicodedata
from pathlib import Path

import jinja2
import pytest

from kit import files


@pytest.mark.parametrize(("content", "found"), [(b"a\r\n\xff", b"a\r\n\xff"), ("é\n\ud800\r\n", b"\xc3\xa9\n?\r\n")])
def test_a_file_holds_exactly_what_is_given(content: bytes | str, found: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a folder" / ("n" * 250)
    files.write_atomically(path, content)
    files.write_atomically(path, content)
    assert path.read_bytes() == found
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_new_file_is_as_open_as_any_other_and_an_old_one_as_it_was(tmp_path: Path) -> None:
    ours, other = tmp_path / "ours", tmp_path / "other"
    files.write_atomically(ours, "")
    other.write_text("")
    assert ours.stat().st_mode == other.stat().st_mode
    ours.chmod(0o640)
    files.write_atomically(ours, "new")
    assert stat.S_IMODE(ours.stat().st_mode) == 0o640


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ipynb"
    files.write_atomically(path, b"old")

    def fail(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_slug_is_short_and_safe() -> None:
    assert files.slug("../../Über “Pool”: a/b\\c d", otherwise="x") == "uber-pool-a-b-c-d"
    assert files.slug("The Mayor's plan for it", words=2, without=("the",), otherwise="x") == "mayors-plan"
    assert files.slug("؟", otherwise="article") == "article"
    assert files.slug(f"{'a' * 59} b", otherwise="x") == "a" * 59


def test_a_name_in_use_gets_a_number() -> None:
    assert [files.unused("holm", used) for used in ((), ("holm",), ("holm", "holm-2"))] == ["holm", "holm-2", "holm-3"]


def test_names_of_students_become_safe_and_different_file_names() -> None:
    names = [
        "ana",
        "Ana",
        "ANA",
        "Ana María",
        "../../etc",
        "a/b",
        "a_b",
        "",
        ".",
        "ß" * 200,
        "=1",
        "con",
        "nul.x",
        "a.",
    ]
    names += [unicodedata.normalize(form, "josé") for form in ("NFC", "NFD")]
    names.append(files.file_name("Ana", ""))
    found = [files.file_name(name) for name in names]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in found}) == len(names)
    assert not any("/" in name or name.startswith(".") or len(name) > 100 or not name.isascii() for name in found)
    assert not {name.partition(".")[0].casefold() for name in found} & {"con", "nul"}
    assert files.file_name("ana") == "ana.html"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "\n=x", " =x", "＝x", "-2+3", "- Bo"])
def test_what_a_spreadsheet_would_run_is_defused(cell: str) -> None:
    ((found,),) = rows(files.csv_text([cell], []))
    assert found.startswith("'") and "\n" not in found and "\r" not in found


@pytest.mark.parametrize("cell", ["-3.5", -3.5, "+49123", 2, "1e-3", "", None, "Ana", "O'Neill", "a=b", "x-y@z.org"])
def test_numbers_and_plain_texts_stay_as_they_are(cell: object) -> None:
    assert rows(files.csv_text(["x"], [[cell, "y"]]))[1] == ["" if cell is None else str(cell), "y"]


@pytest.mark.parametrize("cell", ["=1\n2", "\tx", "＝x", "'quoted'", "a\r\nb", "-3.5", "Ana"])
def test_an_exact_table_runs_nothing_and_can_be_undone(cell: str) -> None:
    ((found, _),) = rows(files.csv_text([cell, "y"], [], exact=True))
    assert found.removeprefix("'") == cell
    assert not files.is_formula(found)


def test_templates_escape_html_alone_and_want_every_name(tmp_path: Path) -> None:
    for name in ("a.html", "a.md"):
        (tmp_path / name).write_text("{{ words | loud }}{{ end }}")
    made = files.templates(tmp_path, filters={"loud": str.upper}, names={"end": "!"})
    shown = [made.get_template(name).render(words="<b>") for name in ("a.html", "a.md")]
    assert [*shown, made.from_string("{{ words }}").render(words="<b>")] == ["&lt;B&gt;!", "<B>!", "<b>"]
    with pytest.raises(jinja2.UndefinedError):
        made.from_string("{{ words }}").render()


def test_a_terminal_is_told_nothing() -> None:
    assert files.visible("é\x1b[31m\nx\u202e") == "é [31m x "
    assert files.visible("a\tb", otherwise="?") == "a?b"


def test_things_are_counted_in_words() -> None:
    assert [files.many(n, "claim") for n in (0, 1, 2)] == ["0 claims", "1 claim", "2 claims"]
