"""What teachers hand out and keep: names of files that fit, tables that only show, and templates."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup

from kit.teacher.pages_and_tables import csv_text, file_name, holdable, is_formula, templates


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
    names.append(file_name("Ana", ""))
    found = [file_name(name) for name in names]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in found}) == len(names)
    assert not any("/" in name or name.startswith(".") or len(name) > 100 or not name.isascii() for name in found)
    assert not {name.partition(".")[0].casefold() for name in found} & {"con", "nul"}
    assert file_name("ana") == "ana.html"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "\n=x", " =x", "＝x", "-2+3", "- Bo"])
def test_what_a_spreadsheet_would_run_is_defused(cell: str) -> None:
    ((found,),) = rows(csv_text([cell], []))
    assert found.startswith("'") and "\n" not in found and "\r" not in found


@pytest.mark.parametrize("cell", ["flat;=2+5+cmd", "a,=1+1", "a\t@x", "Bo; +x", 'a;"=1+1', "1;-2;-x", "a;＝x", ";;;=x"])
def test_so_is_what_another_separator_would_make_a_cell_of_its_own(cell: str) -> None:
    ((found,),) = rows(csv_text([cell], []))
    parts = [part for separator in (",", ";", "\t") for part in next(csv.reader([found], delimiter=separator))]
    assert is_formula(cell) and not [part for part in parts if part.lstrip(' "')[:1] in {*"=+-@＝"} and part != "-2"]


@pytest.mark.parametrize(
    "cell", ["-3.5", -3.5, "+49123", 2, "1e-3", "", None, "Ana", "O'Neill", "a=b", "x-y@z.org", "1, -2; 3", "a; b"]
)
def test_numbers_and_plain_texts_stay_as_they_are(cell: object) -> None:
    assert rows(csv_text(["x"], [[cell, "y"]]))[1] == ["" if cell is None else str(cell), "y"]


@pytest.mark.parametrize("cell", ["=1\n2", "\tx", "＝x", "'quoted'", "a\r\nb", "-3.5", "Ana", "a;=1\n=x"])
def test_an_exact_table_runs_nothing_and_can_be_undone(cell: str) -> None:
    ((found, _),) = rows(csv_text([cell, "y"], [], exact=True))
    assert re.sub(r"(^|[,;\t\r\n])'", r"\1", found) == cell
    assert not is_formula(found)


def test_templates_escape_html_alone_and_want_every_name(tmp_path: Path) -> None:
    for name in ("a.html", "a.md"):
        (tmp_path / name).write_text("{{ words | loud }}{{ end }}")
    made = templates(tmp_path, loud=str.upper)
    made.globals["end"] = "!"
    shown = [made.get_template(name).render(words="<b>") for name in ("a.html", "a.md")]
    assert [*shown, made.from_string("{{ words }}").render(words="<b>")] == ["&lt;B&gt;!", "<B>!", "<b>"]
    nul = "a\x00b\ud800\ufffe\x1b\n"
    assert made.from_string("{{ words }}").render(words=nul) == "a?b???\n" == holdable(nul)
    (tmp_path / "safe.html").write_text("{{ words }}")
    assert made.get_template("safe.html").render(words=Markup("<i>\x00")) == "<i>?"
    assert rows(csv_text(["x"], [[nul]])) == [["x"], ["a?b???"]]
    with pytest.raises(jinja2.UndefinedError):
        made.from_string("{{ words }}").render()
