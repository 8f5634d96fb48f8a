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


@pytest.mark.parametrize("others", [2, 30])
def test_right_answers_and_frequent_mistakes_are_no_sign(exercise: Exercise, others: int) -> None:
    frequent = {"layers": {name: "act" for name in exercise.questions[0].key}}
    graded = [of(exercise, f"s{n:02}", **(frequent if n % 2 else {})) for n in range(others)]
    assert others < 5 or not similar_submissions.pairs(graded, student_page.annotations(graded))
    graded += [of(exercise, "x", **ODD), of(exercise, "y", **ODD)]
    found = similar_submissions.pairs(graded, student_page.annotations(graded))
    assert [(one.students, len(one.same), one.differ) for one in found if "x" in one.students] == [(("x", "y"), 5, ())]
    graded += [of(exercise, f"z{n}", **ODD) for n in range(5)]
    assert not [
        one for one in similar_submissions.pairs(graded, student_page.annotations(graded)) if "x" in one.students
    ]


def test_words_of_ones_own_count_and_words_of_the_article_do_not(both: tuple[Exercise, Exercise]) -> None:
    _, article = both
    words = "seven odd words that nobody else would put in this very order here today"
    quoted = " ".join(student_page.annotations([of(article, "x")])["soldiers"].text.split()[30:60])

    def wrote(student: str, text: str) -> Graded:
        return Graded(student, Path("x"), article, (Mark("judgement", 4, None, "person", text=text),))

    graded = [wrote("a", f"I say {words}. {quoted}"), wrote("b", f"But {words}!"), wrote("c", quoted)]
    found = similar_submissions.pairs(graded, student_page.annotations(graded))
    assert [(one.students, one.words) for one in found] == [(("a", "b"), words.removesuffix(" today"))]
