"""Finding quotes, and saying what stands there instead."""

from __future__ import annotations

import pytest

from kit.article import anchors


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("a", "banana", [1, 3, 5]),
        ("ana", "banana", [1, 3]),
        ("x", "banana", []),
        ("", "banana", []),
        ("b", "", []),
        ("c", "😀 c", [2]),
    ],
)
def test_places_finds_overlaps_and_counts_code_points(quote: str, text: str, found: list[int]) -> None:
    assert anchors.places(quote, text) == found


@pytest.mark.parametrize(
    ("quote", "text", "near"),
    [
        ("the raed bridge", "They said that the red bridge, is safe.", "the red bridge"),
        ("is saf", "The bridge is safe.", "is safe"),
        ("“safe”", 'It is "safe" now', '"safe"'),
        ("zzz", "The bridge", "The"),
        ("zzz", "", ""),
    ],
)
def test_nearest_is_made_of_whole_words(quote: str, text: str, near: str) -> None:
    assert anchors.nearest(quote, text) == near


@pytest.mark.parametrize(
    ("quote", "found", "words"),
    [
        ("same words", "same words", ""),
        ("a raed bridge", "a red bridge", "“raed” is written here where the article has “red”"),
        ("a bridge", "a red bridge", "the article has “red” after “a”, which is left out here"),
        ("bridge", "the bridge", "the article has “the” at the start, which is left out here"),
        ("a very red bridge", "a red bridge", "“very” after “a” is not in the article there"),
        ("they’re", "they're", "“they’re” is written here where the article has “they're” (one has curly"),
        ("a  bridge", "a bridge", "the spaces after “a” are not the same"),
    ],
)
def test_difference_names_the_first_words_that_part(quote: str, found: str, words: str) -> None:
    said = anchors.difference(quote, found)
    assert said.startswith(words) and bool(said) == bool(words)
    assert ("curly" in said) == ("’" in quote)


@pytest.mark.parametrize(
    ("wanted", "text", "at", "words"),
    [
        (" ", "One. Two.", 0, "its text is empty"),
        ("One.", "One. Two.", 4, "stands before the end of the unit above it"),
        ("Tvo.", "One. Two.", 4, "the nearest there is “Two.”: “Tvo.” is written here where the article has “Two.”"),
    ],
)
def test_not_next_tells_order_from_wording(wanted: str, text: str, at: int, words: str) -> None:
    assert words in anchors.not_next(wanted, text, at)


@pytest.mark.parametrize(
    ("word", "permitted", "hint"),
    [
        ("unconfirmd", ("confirmed", "unconfirmed"), "; did you mean “unconfirmed”?"),
        ("xyz", ("one", "two", "one"), "; permitted: one, two"),
        ("xyz", tuple(f"entry {number}" for number in range(13)), ""),
        ("xyz", (), ""),
    ],
)
def test_closest_suggests_or_lists_or_is_still(word: str, permitted: tuple[str, ...], hint: str) -> None:
    assert anchors.closest(word, permitted) == hint
