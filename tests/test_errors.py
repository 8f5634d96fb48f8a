"""How the kit words counts, and what strangers wrote."""

from __future__ import annotations

import os
import shlex

import pytest

from kit.errors import listed, many, typed, visible


def test_a_terminal_is_told_nothing() -> None:
    assert visible("é\x1b[31m\nx\u202e") == "é [31m x "
    assert visible("a\tb", otherwise="?") == "a?b"
    assert visible("a\n\rb", kept="\n") == "a\n b"


def test_things_are_counted_in_words() -> None:
    assert [many(n, "claim") for n in (0, 1, 2)] == ["0 claims", "1 claim", "2 claims"]


def test_of_many_names_the_first_are_listed() -> None:
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed([*"abcdef"], most=2) == "a, b and 4 more"


@pytest.mark.parametrize("path", ["a.toml", "my news/a.toml", "it's/a.toml", "a$b.toml", "news/é.toml"])
def test_a_path_can_be_copied_into_a_terminal(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shlex.split(typed(path)) == [path]
    monkeypatch.setattr(os, "name", "nt")
    assert typed(path) == (path if path in ("a.toml", "news/é.toml") else f'"{path}"')
