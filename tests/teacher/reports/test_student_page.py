"""The pages that students get back: complete, harmless whatever they wrote, and without the key."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kit.check.feedback import Rule
from kit.teacher.exercises.keys import Exercise
from kit.teacher.exercises.printing import outside
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine
from kit.teacher.reports import student_page

NASTY = "<script>alert('x')</script>"


def graded(exercise: Exercise, student: str = "ana") -> Graded:
    marks = (
        Mark("layers", 4, 2.0, "partly", (MarkedLine("S10a", "act", True), MarkedLine("S10b", "act", False)), ""),
        Mark("cues", 4, 0.0, "wrong", (MarkedLine("S14a", NASTY, False),), ""),
        Mark("acts", 2, 0.0, "error", (), "NameError: name 'n' is not defined"),
        Mark("several", 2, None, "missing"),
    )
    return Graded(student, Path("x.ipynb"), exercise, marks)


def test_a_page_explains_and_escapes(exercise: Exercise) -> None:
    page = dict(student_page.pages([graded(exercise)], isolation="not isolated"))["ana.html"]
    assert NASTY not in page and "&lt;script&gt;" in page
    assert "Cover the speaker" in page and "Compare" in page and "“reported”" in page
    assert "move that line into the answer cell" in page
    assert "not isolated" in page and "http:" not in page and not outside(page)
    assert "would fit" in page and "`" not in page  # a page of feedback shows no code
    assert '<th scope="row">1 · Act or content?</th>' in page and "layers" not in page


def test_a_page_never_holds_the_key_of_a_line_that_was_wrong(exercise: Exercise) -> None:
    cues = next(question for question in exercise.questions if question.name == "cues")
    lines = tuple(MarkedLine(name, "wrong words", False) for name in cues.key)
    one = Graded("ana", Path("x"), exercise, (Mark("cues", 4, 0.0, "wrong", lines),))
    page = dict(student_page.pages([one], isolation=""))["ana.html"].casefold()
    assert not [value for value in cues.key.values() if str(value) in page]


def test_a_line_with_a_note_is_explained_by_it_and_not_by_the_advice(exercise: Exercise) -> None:
    first = exercise.questions[0]
    (wrong, *_), note = first.key, Rule("Look at the second word.")
    noted = replace(exercise, questions=(replace(first, field="", advice="In general.", notes={wrong: note}),))
    lines = tuple(MarkedLine(name, "x", False) for name in first.key)
    one = Graded("ana", Path("x"), noted, (Mark(first.name, 4, 0, "wrong", lines),))
    text = dict(student_page.pages([one], isolation=""))["ana.html"]
    assert text.count("Look at the second word.") == 1 and text.count("In general.") == len(lines) - 1


def test_a_file_that_could_not_be_graded_gets_a_kind_page() -> None:
    one = Graded("bo", Path("b.ipynb"), None, notes=("the file is empty",))
    page = dict(student_page.pages([one], isolation=""))["bo.html"]
    assert "the file is empty" in page and "not a zero" in page


WORDS = {
    "error": ("Your cell stopped with an error", "ZeroDivisionError: division by zero", "Restart Kernel and Run All"),
    "timeout": ("did not come to its end", "loop that never ends"),
    "missing": ("is not in the file", "hand the file in again"),
    "failed": ("not your fault", "You need not do anything"),
    "blank": ("Nothing was answered",),
    "person": ("A person will read this", "You wrote:"),
}


@pytest.mark.parametrize("outcome", WORDS)
def test_each_outcome_is_told_apart_in_plain_words(exercise: Exercise, outcome: str) -> None:
    earned = 0.0 if outcome in ("error", "timeout", "blank") else None
    message = "Traceback\n  somewhere\nZeroDivisionError: division by zero" if outcome == "error" else ""
    one = Graded("ana", Path("x"), exercise, (Mark("acts", 2, earned, outcome, message=message, text="words"),))
    made = dict(student_page.pages([one], isolation="", suffixes=(".html", ".md")))
    for page in made.values():
        assert all(words in page for words in WORDS[outcome])
        assert "Traceback" not in page
        others = [words[0] for name, words in WORDS.items() if name != outcome]
        assert not [words for words in others if words in page]


def test_the_key_is_on_a_page_only_when_it_is_asked_for(exercise: Exercise) -> None:
    spans = Mark("spans", 4, 0.0, "wrong", (MarkedLine("S10", [1, 9], False),))
    one = Graded("ana", Path("x"), exercise, (spans,))
    for shown in (False, True):
        for _, page in student_page.pages([one], isolation="", show_key=shown, suffixes=(".html", ".md")):
            assert ("2, 3 or 1, 2, 3" in page) is shown


class Tags(HTMLParser):
    """The tags of a page and the texts between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags |= {tag, *(name for name, _ in attrs if name.startswith("on"))}


ATTACKS = (NASTY, "<img src=x onerror=alert(1)>", "</blockquote></main><h1>24 of 24", '" onclick="x')


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_word_of_a_student_becomes_a_tag(exercise: Exercise, attack: str) -> None:
    marks = (
        Mark("layers", 4, 2.0, "partly", (MarkedLine("S10b", attack, False),), attack),
        Mark("acts", 2, None, "person", text=attack),
        Mark("several", 2, 0.0, "error", (), attack),
    )
    plain = Graded("ana", Path("x"), exercise, marks)
    harmless = tuple(
        replace(
            m, message=m.message and "x", text=m.text and "x", lines=tuple(replace(n, given="act") for n in m.lines)
        )
        for m in marks
    )
    safe = replace(plain, marks=harmless, notes=("x",))
    nasty = replace(plain, student=attack, notes=(attack,))
    found, expected = (next(student_page.pages([one], isolation=""))[1] for one in (nasty, safe))
    assert Tags(found).tags - {"bdi"} == Tags(expected).tags - {"bdi"}


def test_markdown_of_a_student_means_nothing() -> None:
    nasty = "# Head\n- item\n1. one\n[x](http://x.org) ![y](z) www.x.org a@b.org *b* `c` <b>d</b> &amp; | ~~e~~"
    assert student_page.in_markdown(nasty).splitlines() == [
        r"\# Head",
        r"\- item",
        r"1\. one",
        r"\[x\](http\://x.org) \!\[y\](z) www\.x.org a\@b.org \*b\* \`c\` \<b\>d\</b\> \&amp; \| \~\~e\~\~",
    ]


def test_a_lesson_that_was_handed_in_is_no_failure() -> None:
    one = Graded("bo", Path("07_looking_back.ipynb"), None, notes=("it is another notebook",))
    page = dict(student_page.pages([one], isolation=""))["bo.html"]
    assert "Lessons are for you" in page and "could not be graded" not in page
