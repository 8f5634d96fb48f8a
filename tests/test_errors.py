"""How the kit words counts, and what strangers wrote."""

from __future__ import annotations

from kit.errors import listed, many, visible


def test_a_terminal_is_told_nothing() -> None:
    assert visible("é\x1b[31m\nx\u202e") == "é [31m x "
    assert visible("a\tb", otherwise="?") == "a?b"
    assert visible("a\n\rb", kept="\n") == "a\n b"


def test_things_are_counted_in_words() -> None:
    assert [many(n, "claim") for n in (0, 1, 2)] == ["0 claims", "1 claim", "2 claims"]


def test_of_many_names_the_first_are_listed() -> None:
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed([*"abcdef"], most=2) == "a, b and 4 more"
