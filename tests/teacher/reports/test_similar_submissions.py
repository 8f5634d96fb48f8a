"""Submissions that resemble each other: rare errors and odd words count, right answers and frequent errors do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from synthetic_class import of

from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.reports import similar_submissions, student_page

ODD = {"cues": {"S11b": "odd", "S14a": "odder", "S17b": "oddest", "S19b": "strange"}, "acts": {"value": 77}}


def pairs(graded: list[Graded]) -> list[similar_submissions.Pair]:
    found, more = similar_submissions.pairs(graded, student_page.annotations(graded), most=100)
    assert not more
    return found


@pytest.mark.parametrize("others", [2, 30])
def test_right_answers_and_frequent_mistakes_are_no_sign(exercise: Exercise, others: int) -> None:
    frequent = {"layers": {name: "act" for name in exercise.questions[0].key}}
    graded = [of(exercise, f"s{n:02}", **(frequent if n % 2 else {})) for n in range(others)]
    assert others < 5 or not pairs(graded)
    graded += [of(exercise, "x", **ODD), of(exercise, "y", **ODD)]
    found = pairs(graded)
    assert [(one.students, len(one.same), one.differ) for one in found if "x" in one.students] == [(("x", "y"), 5, ())]
    graded += [of(exercise, f"z{n}", **ODD) for n in range(5)]
    assert not [one for one in pairs(graded) if "x" in one.students]


def wrote(exercise: Exercise, student: str, text: str) -> Graded:
    return Graded(student, Path("x"), exercise, (Mark("judgement", 4, None, "person", text=text),))


def test_words_of_ones_own_count_and_words_of_the_article_do_not(both: tuple[Exercise, Exercise]) -> None:
    _, article = both
    words = "seven odd words that nobody else would put in this very order here today"
    quoted = " ".join(student_page.annotations([of(article, "x")])["soldiers"].text.split()[30:60])
    texts = {"a": f"I say {words}. {quoted}", "b": f"But {words}!", "c": quoted}
    graded = [wrote(article, student, text) for student, text in texts.items()]
    found = pairs(graded)
    assert [(one.students, one.words) for one in found] == [(("a", "b"), f"{words}.")]


def test_the_run_that_is_shown_is_the_longest_and_does_not_bridge_other_words(both: tuple[Exercise, Exercise]) -> None:
    _, article = both
    short, long = (" ".join(f"{letter}{n}" for n in range(size)) for letter, size in (("k", 13), ("m", 20)))
    graded = [wrote(article, "a", f"{short} but {long}"), wrote(article, "b", f"{short} and {long}")]
    (found,) = pairs(graded)
    assert found.words == long


def test_long_texts_are_compared_in_one_go_and_longer_ones_are_named(both: tuple[Exercise, Exercise]) -> None:
    # Two texts of 24,000 words took a minute, by the square of their length.
    _, article = both
    same, far = "S17a " + "zz " * 24_000, "yes " * 50_000
    graded = [wrote(article, student, text) for student, text in {"a": same, "b": same, "c": far, "d": far}.items()]
    (found,) = pairs(graded)
    assert found.students == ("a", "b") and found.words.startswith("S17a zz zz") and len(found.words) < 1_100
    assert similar_submissions.too_long(graded) == [("c", article.title), ("d", article.title)]
