"""Posts that stand in an article as plain text are found with who wrote them."""

from __future__ import annotations

import pytest

from kit.draft.attribution import attributions


@pytest.mark.parametrize(
    ("text", "who", "what"),
    [
        ("We won. I think so! — Petra Holm (@pholm) March 4, 2017", "Petra Holm (@pholm)", "We won. I think so!"),
        (
            "A town hall.\n\nWe won.\npic.twitter.com/x9Q\n— P. Holm (@pholm) 4 March 2017",
            "P. Holm (@pholm)",
            "We won.",
        ),
        ("We won. https://t.co/x9 -- P. Holm ( @pholm ) March 4 , 2017", "P. Holm ( @pholm )", "We won."),
    ],
)
def test_a_post_is_what_its_writer_says(text: str, who: str, what: str) -> None:
    (one,) = attributions(text)
    assert [text[a:b] for a, b in (*one.source, *one.cue, *one.content)] == [who, what]


def test_the_end_of_a_day_is_no_post() -> None:
    (one,) = attributions("One. — A. Roe (@roe) March 4, 2017-a — B. Loe (@loe) March 5, 2017")
    assert one.content == ((0, 4),)


def test_two_posts_are_two() -> None:
    text = "One. — A. Roe (@roe) March 4, 2017\nTwo. — B. Loe (@loe) March 5, 2017"
    assert [text[slice(*one.content[0])] for one in attributions(text)] == ["One.", "Two."]


@pytest.mark.parametrize(
    "text",
    [
        "— Petra Holm (@pholm) March 4, 2017",
        "https://t.co/x9 — Petra Holm (@pholm) March 4, 2017",
        "The pool — the oldest (@pool) in town — is shut since March 4, 2017.",
        "Nobody went. " * 60 + "— Petra Holm (@pholm) March 4, 2017",
    ],
)
def test_what_is_no_post_is_left_alone(text: str) -> None:
    assert attributions(text) == ()
