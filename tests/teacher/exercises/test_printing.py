"""The pages to print: everything in one file, boxes in place of answers, and the key on pages of its own."""

from __future__ import annotations

import html
import os
import re
import stat
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest

from kit.article.annotation_file import read as annotation
from kit.commands import main
from kit.errors import KitError
from kit.questions import read, role
from kit.setup import places
from kit.teacher.exercises import keys, printing
from kit.teacher.exercises.printing import outside

EXERCISES = sorted(places.exercises().glob("*.ipynb"))
LESSONS = sorted(places.notebooks().glob("*.ipynb"))
ALL = [*LESSONS, *EXERCISES]
LAYERS = 'kit.check.labels(a, field="layer", lines=["S05a"], article=article)'


student_page = cache(printing.student_page)
"""A page that is only looked at: each is made once for these tests."""


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2])).split())


def notebook(*cells: tuple[str, str, str]) -> nbformat.NotebookNode:
    """A notebook of (id, kind, source); `code` has one output, its own source in capitals. A cell of the id “a-ask”,
    “a-answer”, “a-check” or “a-reasons” belongs to the question a."""
    made = []
    for name, kind, source in cells:
        cell = getattr(nbformat.v4, f"new_{kind}_cell")(source, id=name)
        question, _, what = name.rpartition("-")
        if what in ("ask", "answer", "check", "reasons"):
            cell.metadata["kit"] = {"role": what, "question": question}
        if kind == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text=source.upper())]
        made.append(cell)
    return nbformat.v4.new_notebook(cells=made)


@pytest.fixture
def printed(tmp_path: Path):
    def page(*cells: tuple[str, str, str], key: bool = False) -> str:
        path = tmp_path / "lesson.ipynb"
        nbformat.write(notebook(*cells), path)
        return printing.key_page(path) if key else printing.student_page(path)

    return page


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_page_fetches_nothing_and_runs_nothing(path: Path) -> None:
    for page in (student_page(path), printing.key_page(path)):
        assert outside(page) == ()
        assert not re.search(r"<(script|link|iframe|object|embed|base)\b", page, re.IGNORECASE)
        assert not re.search(r"<(img|source|video|audio)\b[^>]*\bsrc\s*=\s*[\"']?(https?:)?//", page, re.IGNORECASE)
        assert "default-src 'none'" in page


@pytest.mark.parametrize(
    "foreign",
    [
        '<script src="https://a.example/x.js"></script>',
        "<img src=//a.example/x.png>",
        '<link rel="stylesheet" href="x.css">',
        "<style>@import 'x.css';</style>",
        '<style>p { background: url("http://a.example/x.png") }</style>',
        '<p style="background:url(x.png)">',
        '<img srcset="x.png 2x">',
    ],
)
def test_what_would_be_fetched_is_found(foreign: str) -> None:
    assert len(outside(f"<p>before</p>{foreign}<p>after</p>")) == 1


def test_links_and_what_is_in_the_page_are_not_fetched() -> None:
    harmless = '<a href="https://a.example">a</a><img src="data:image/png;base64,AA"><style>p { color: red }</style>'
    assert outside(harmless) == ()


def test_a_page_that_would_fetch_something_is_refused(printed) -> None:
    with pytest.raises(KitError, match=r"a\.example/x\.png"):
        printed(("title", "markdown", "# One\n\n![a picture](https://a.example/x.png)"))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_question_has_its_boxes_and_every_line_a_place(path: Path) -> None:
    page = student_page(path)
    questions = read(path).questions
    assert questions and page.count('<div class="form') == len(questions)
    assert page.count('<td class="name">') == sum(len(question.lines) for question in questions)
    forms = page.split('<div class="form')[1:]
    assert all('<td class="name">' in form or '<div class="rule">' in form for form in forms)


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_a_students_page_of_an_exercise_is_the_same_from_the_solution_and_holds_no_answer(path: Path) -> None:
    solved = keys.load(places.solutions() / path.name)
    page = student_page(path)
    answers = [cell for cell in solved.notebook["cells"] if role(cell)[0] == "answer"]
    filled = [cell.source for cell in answers if cell.source != cell.metadata["kit"]["starter"]]
    assert filled
    for source in filled:
        assert html.escape(source) not in page and source not in page
    assert "also accepted" not in page and 'class="key"' not in page
    assert read(solved.notebook) == read(path)


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_the_key_names_every_right_value_and_every_further_one(path: Path) -> None:
    shown = text(printing.key_page(path))
    for question in keys.load(places.solutions() / path.name).questions:
        for line, value in question.key.items():
            flat = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            assert " ".join(flat.split()) in shown, (question.name, line)
        for line, values in question.accept.items():
            for value in values:
                flat = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                assert flat in shown, (question.name, line)


def test_the_points_that_can_be_reached_by_hand_are_said() -> None:
    path = next(path for path in EXERCISES if path.stem.startswith("01_"))
    assert "Without a computer, 16 of the 24 points can be reached." in text(printing.student_page(path))


def test_labels_are_ticked_or_written_and_what_is_given_is_printed(printed) -> None:
    page = printed(
        ("title", "markdown", "# One"),
        ("a-answer", "code", 'a = {"S05a": "", "S05b": "content"}'),
        ("a-check", "code", LAYERS),
    )
    assert page.count('<span class="tick">') == 2
    assert "content (given)" in text(page)
    six = printed(("a-answer", "code", 'a = {"x": ""}'), ("a-check", "code", 'kit.check.labels(a, field="status")'))
    assert "Write one of: stance · denied · unconfirmed · confirmed · alleged · asserted" in text(six)


def test_words_stand_beside_a_line_unless_the_text_above_shows_them(printed) -> None:
    load = ("load", "code", "import kit\narticle = kit.load_article()")
    asked = [("a-answer", "code", 'a = {"S07a": ""}'), ("a-check", "code", LAYERS)]
    assert "This is highly concerning" in text(printed(load, *asked))
    above = ("a-ask", "markdown", "S07a is the claim on what concerns them.")
    assert "This is highly concerning" not in text(printed(load, above, *asked))


def test_checks_code_that_only_shows_and_folded_answers_are_left_out(printed) -> None:
    page = printed(
        (
            "title",
            "markdown",
            "# One\n\n<details><summary>Look</summary>\n\n- the folded answer\n\n</details>\n\nafter",
        ),
        ("show", "code", "import kit\nkit.annotated(article)"),
        ("work", "code", "frame.groupby('unit').size()"),
        ("a-answer", "code", "a = {'x': ''}"),
        ("a-check", "code", LAYERS),
    )
    shown = text(page)
    assert "KIT.ANNOTATED(ARTICLE)" in shown and "kit.annotated" not in shown
    assert "FRAME.GROUPBY" in shown and "groupby" in shown
    assert "folded answer" not in shown and "Look" not in shown and "after" in shown
    assert "kit.check" not in shown and "KIT.CHECK" not in shown


def test_a_widget_is_left_out(printed, tmp_path: Path) -> None:
    made = notebook(("title", "markdown", "# One"), ("cards", "code", "kit.label(x)"))
    view = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "buttons"}
    made.cells[1].outputs = [
        nbformat.v4.new_output("display_data", {"text/html": "<div class='kit-copy'>copy</div>", "text/plain": "copy"}),
        nbformat.v4.new_output("display_data", view),
    ]
    nbformat.write(made, tmp_path / "w.ipynb")
    page = printing.student_page(tmp_path / "w.ipynb")
    assert "kit-copy" not in page and "buttons" not in page


def test_the_key_of_a_lesson_comes_from_the_annotation_or_is_unfolded(printed) -> None:
    shown = text(
        printed(
            ("title", "markdown", "# One"),
            ("load", "code", 'article = kit.load_article("pool")'),
            ("a-answer", "code", 'a = {"one": ""}'),
            ("a-check", "code", 'of = {"one": "C02b"}\nkit.check.labels(a, field="status", lines=of, article=article)'),
            ("b-ask", "markdown", "Which fits?"),
            ("b-answer", "code", 'b = {"A": ""}'),
            ("b-check", "code", 'kit.check.choices(b, lines=["A"], values=["fits", "too far"])'),
            ("b-reasons", "markdown", "<details><summary>Look</summary>\n\n**A** goes too far.\n\n</details>"),
            ("c-answer", "code", 'c = ""'),
            key=True,
        )
    )
    assert "stance denied Calling a report a rumour" in shown
    assert "A goes too far." in shown and "Look" not in shown
    assert shown.endswith("No fixed answer here: talk it over, or try it in the lesson.")


def test_names_choose_lessons_and_exercises() -> None:
    assert set(printing.chosen([])) == set(ALL)
    first = printing.chosen(["1"])
    assert first and all(path.stem.startswith("01_") for path in first)
    assert {path.parent.name for path in first} == {"notebooks", "exercises"}
    assert printing.chosen(["said_is"]) == printing.chosen([str(places.notebooks() / "01_said_is_not_so.ipynb")])
    assert len(printing.chosen(["1", "01"])) == len(first)
    with pytest.raises(KitError, match=r"There is no lesson or exercise “99”\. There are: "):
        printing.chosen(["99"])


def test_keys_lie_apart_and_without_a_browser_the_html_is_enough(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("KIT_CHROMIUM", raising=False)
    assert main(["print", "1", "--key", "-o", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    made = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert made == [
        "exercises/01_acts_and_contents.html",
        "keys/exercise_01_acts_and_contents_key.html",
        "keys/lesson_01_said_is_not_so_key.html",
        "lessons/01_said_is_not_so.html",
    ]
    assert printing.NO_BROWSER in said and all(Path(name).name in said for name in made)
    assert main(["print", "no such thing", "-o", str(tmp_path)]) == 1


def test_a_size_of_paper_is_taken_over(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("KIT_CHROMIUM", raising=False)
    printing.write(["said_is"], tmp_path, size="letter")
    assert "size: letter" in (tmp_path / "lessons/01_said_is_not_so.html").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_browser_that_makes_no_pdf_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 0\n")
    broken.chmod(broken.stat().st_mode | stat.S_IEXEC)
    (tmp_path / "page.html").write_text("<p>x</p>")
    with pytest.raises(KitError, match=r"broken made no PDF of "):
        printing.pdf(tmp_path / "page.html", program=str(broken))


@pytest.mark.slow
@pytest.mark.skipif(printing.browser() is None, reason="no Chromium on this machine; KIT_CHROMIUM may name one")
def test_a_real_browser_prints_a_pdf_of_the_size_asked_for(tmp_path: Path) -> None:
    for size, points in (("A4", (595, 842)), ("letter", (612, 792))):
        written = printing.write(["said_is"], tmp_path / size, size=size)
        pages = (tmp_path / size / "lessons/01_said_is_not_so.pdf").read_bytes()
        assert {path.suffix for path in written} == {".html", ".pdf"} and pages.startswith(b"%PDF-")
        boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pages)
        assert 3 <= len(boxes) <= 8
        assert all(abs(float(w) - points[0]) < 2 and abs(float(h) - points[1]) < 2 for w, h in boxes), os.fspath(size)


def test_what_works_with_an_answer_that_nobody_has_typed_is_left_out(printed) -> None:
    page = printed(
        ("title", "markdown", "# One"),
        ("vote-answer", "code", "vote = {'x': ''}"),
        ("count", "code", "mine = count(vote)"),
        ("draw", "code", "draw(mine)"),
        ("else", "code", "draw(theirs)"),
    )
    assert "COUNT(VOTE)" not in page and "DRAW(MINE)" not in page and "DRAW(THEIRS)" in page


def test_a_page_of_markdown_is_printed_as_it_is(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("KIT_CHROMIUM", raising=False)
    page = tmp_path / "page.md"
    page.write_text("# One\n\ntwo words")
    assert printing.write([str(page)], tmp_path, key=True) == (tmp_path / "teaching" / "page.html",)
    printed = (tmp_path / "teaching" / "page.html").read_text("utf-8")
    assert text(printed) == "One two words" and outside(printed) == ()


def test_a_course_is_printed_with_its_key_apart_and_a_test(course: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("KIT_CHROMIUM", raising=False)
    assert main(["print", str(course), "--key", "-o", str(tmp_path)]) == 0
    pages = {path.relative_to(tmp_path / "pool").as_posix(): path for path in tmp_path.rglob("*.html")}
    assert sorted(pages) == [
        "exercises/01_acts_and_contents.html",
        "keys/exercise_01_acts_and_contents_key.html",
        "keys/lesson_01_said_is_not_so_key.html",
        "keys/test_key.html",
        "lessons/01_said_is_not_so.html",
        "test.html",
    ]
    shown = {name: text(path.read_text("utf-8")) for name, path in pages.items()}
    assert "“Closing it would be a disgrace" in shown["lessons/01_said_is_not_so.html"].replace('"', "“")  # it was run
    exercise = keys.load(course / "teacher/solutions/01_acts_and_contents.ipynb")
    for line, right in exercise.by_name["layers"].key.items():
        assert re.search(rf"{line} .{{,90}}{right}", shown["keys/exercise_01_acts_and_contents_key.html"])
    whole = annotation(course / "teacher/seeds/article.toml")
    (aside,) = exercise.blank.values()
    whys = [c.why for c in whole.claims if c.unit in aside]
    handed_out = shown["exercises/01_acts_and_contents.html"] + shown["test.html"]
    assert whys and not [why for why in whys if why in handed_out]
    labels = re.findall(r"(?<= )C\d\d[a-z]", shown["keys/test_key.html"])
    assert 5 <= len(labels) == len(set(labels)) <= 8
    assert shown["test.html"].count("______________ ") >= len(labels)
    assert pages["test.html"].read_text("utf-8").count("<strong>") >= len(labels)
    assert printing.chosen([str(course), "1"]) == printing.chosen([str(course)])
    with pytest.raises(KitError, match="There is no lesson or exercise “2”"):
        printing.chosen([str(course), "2"])
