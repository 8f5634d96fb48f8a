"""Lesson 1b in a real browser: a line is finished by the keys that the page names, and the check tells a slip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kit.check.feedback import say

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

LESSON = "lessons/01b_counting_claims.ipynb"


def test_a_line_is_finished_by_keyboard_and_a_slip_is_explained(notebook: Callable[[str], Any]) -> None:
    lesson = notebook(LESSON)
    lesson.run_at("frame-shown", "true-shown")
    for word, said in (("content", "contents"), ("act", "fits")):
        lesson.go("acts-answer")
        lesson.press("Enter")
        lesson.press("ControlOrMeta+End")
        if word == "content":
            lesson.press("ControlOrMeta+/")
        lesson.press("Escape")
        line = f'acts = ...\nacts = (claims["layer"] == "{word}").sum()'
        lesson.write("acts-answer", line)
        lesson.run_at("acts-answer", "acts-check")
        expect(lesson.output("acts-check")).to_contain_text(say(f"counted.acts.{said}"))
