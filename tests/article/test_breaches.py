"""What a sound annotation cannot hold: words of two claims, sources nobody could ask, and replies that are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kit.article import annotation_file, seeds
from kit.errors import AnnotationError

DENIED = 'quote = "it is not true that the town plans to close the swimming pool"'
MATRIX = """
[[proposition]]
id = "P1"
text = "The town closes the pool."
claims = ["C01b", "C02b"]

[[reply]]
source = "{source}"
reply = "{reply}"
on = ["P1"]

"""


def faults(folder: Path, *edits: tuple[str, str], strict: bool = True) -> list[str]:
    """What is said about the pool's file after these edits, each made once."""
    shutil.copy(seeds.seeds() / "pool.txt", folder)
    text = (seeds.seeds() / "pool.toml").read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "pool.toml").write_text(text, "utf-8")
    try:
        annotation_file.read(folder / "pool.toml", strict=strict)
    except AnnotationError as error:
        return list(error.faults)
    return []


def added(quote: str, layer: str = "content") -> tuple[str, str]:
    """An edit that gives C12 one more claim with these words."""
    chain = 'chain = ["holm", "article"]' if layer == "act" else 'chain = ["article"]'
    kind, status = ("speech", "confirmed") if layer == "act" else ("state", "asserted")
    rows = f'unit = "C12"\nlayer = "{layer}"\nquote = "{quote}"\nstatus = "{status}"\nsource = "author"\n{chain}\n'
    return '[[claim]]\nid = "C13a"', f'[[claim]]\nid = "C12b"\n{rows}content_type = "{kind}"\n\n[[claim]]\nid = "C13a"'


@pytest.mark.parametrize("quote", ["The pool is the oldest", "the oldest in the region", "pool"])
def test_two_claims_of_one_layer_share_no_word(quote: str, tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, added(quote))
    assert "its words overlap with those of C12" in fault and "claim C12" in fault


def test_an_act_within_a_content_is_fine_and_the_other_way_round_is_not(tmp_path: Path) -> None:
    assert faults(tmp_path, added("is the oldest", "act")) == []
    assert "overlap" in faults(tmp_path, added("is the oldest", "act"), ('layer = "content"\nquote = "The pool is', (
        'layer = "act"\nquote = "The pool is')))[0]  # fmt: skip
    longer = "Petra Holm, said on Monday that it is not true"
    (fault,) = faults(tmp_path, ('quote = "The mayor of Lindental, Petra Holm, said on Monday"', f'quote = "{longer}"'))
    assert "claim C01b: its words overlap with those of C01a, “Petra Holm, said on Monday that it is not true”" in fault


def test_a_draft_with_an_overlap_can_be_read_and_check_names_it(tmp_path: Path) -> None:
    edit = added("pool")
    edit = edit[0], edit[1].replace('content_type = "state"', 'content_type = "state"\nproposed = "guess"')
    assert faults(tmp_path, edit, strict=False) == []
    assert "overlap" in faults(tmp_path, edit)[0]


def test_words_that_are_not_there_overlap_with_nothing(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, ('quote = "There is no evidence yet of a decision"', 'quote = "No evidence"'))
    assert "is not in C04" in fault


@pytest.mark.parametrize("name", ["his", "This", "Mr", "Mrs.", "They all", "Monday", "31", "the other", "“It”"])
def test_a_source_whom_nobody_could_ask_is_refused(name: str, tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, ('name = "Jon Adler"', f'name = "{name}"'))
    assert f"source adler: “{name}” names nobody one could ask" in fault
    proposed = ('name = "Jon Adler"', f'name = "{name}"\nproposed = "guess"')
    assert len(faults(tmp_path, proposed)) == 1 and faults(tmp_path, proposed, strict=False) == []


@pytest.mark.parametrize("name", ["Mr Long", "his lawyer", "May", "IT Service", "Who's Who", "Dr. Ono", "Ó", "the WHO"])
def test_a_name_that_only_looks_like_one_is_taken(name: str, tmp_path: Path) -> None:
    assert faults(tmp_path, ('name = "Jon Adler"', f'name = "{name}"')) == []


@pytest.mark.parametrize("source", ["holm", "town-hall"])
def test_who_speaks_on_it_has_replied(source: str, tmp_path: Path) -> None:
    matrix = ('[[claim]]\nid = "C01a"', MATRIX.format(source=source, reply="not reported") + '[[claim]]\nid = "C01a"')
    (fault,) = faults(tmp_path, matrix)
    assert f"reply {source}: “not reported” does not hold for P1, on which C0" in fault
    assert faults(tmp_path, (matrix[0], matrix[1].replace("not reported", "denied"))) == []
    assert faults(tmp_path, (matrix[0], matrix[1].replace(source, "adler"))) == []
    # Where she only spoke, and on nothing else, it is no claim of hers, but she was heard.
    act = (matrix[0], matrix[1].replace('claims = ["C01b", "C02b"]', 'claims = ["C01a", "C02a"]'))
    assert "does not hold for P1" in faults(tmp_path, act)[0]
