"""The text of a file as tables: each comes out as it went in, another layout is left alone, values read as written."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import pytest

from kit.article import seeds
from kit.errors import KitError
from kit.teacher.authoring.sheets import Tables, as_toml

SEEDS = sorted(seeds.seeds().glob("*.toml"))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_every_seed_can_be_taken_apart_and_put_together(seed: Path) -> None:
    text = seed.read_bytes().decode()
    assert str(Tables(text)) == text
    whole = tomllib.loads(text)
    tables = Tables(text)
    for claim in whole["claim"]:
        assert tables.data(tables.find("claim", claim["id"])) == claim


@pytest.mark.parametrize(
    "text",
    [
        "claim = [{id = 'a'}]\n",
        'why = """\n[[claim]]\nx = 1\n"""\n',
        "[[claim]]\nid = 'a'\n[claim.more]\nx = 1\n",
        '[["claim"]]\nid = 1\n',
    ],
    ids=["inline", "within a text", "nested", "quoted"],
)
def test_another_layout_is_left_alone(text: str) -> None:
    tomllib.loads(text)
    with pytest.raises(KitError, match="Change it in a text editor"):
        Tables(text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("It's so", '"It\'s so"'),
        ('A "no"', "'A \"no\"'"),
        ('It\'s a "no"', "'''It's a \"no\"'''"),
        ("'It' is a \"no\"", '"\'It\' is a \\"no\\""'),
        ("a\\b", "'a\\b'"),
        ('"\x07', '"\\"\\u0007"'),
        ("a\nb", '"""a\nb"""'),
        ("a\r\nb", '"a\\r\\nb"'),
        (("a", "b"), '["a", "b"]'),
        (True, "true"),
        (datetime.date(2024, 10, 19), "2024-10-19"),
    ],
)
def test_a_value_is_written_as_people_would(value: object, written: str) -> None:
    assert as_toml(value).as_string() == written
    read = tomllib.loads(f"x = {written}")["x"]
    assert (tuple(read) if isinstance(value, tuple) else read) == value
