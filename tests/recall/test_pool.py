"""The cards of practice: none that a graded question or a test asks, and no explanation that gives one away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit import questions
from kit.article import annotation_file, codebook, seeds
from kit.errors import KitError
from kit.recall.pool import Item, pool, reserved
from kit.widgets.cards import ASKS


@pytest.fixture(scope="module")
def items() -> tuple[Item, ...]:
    return pool(ASKS)


def graded() -> set[str]:
    """What graded questions ask, counted here by another road: the lines of each question with points."""
    pages = map(questions.read, sorted(seeds.shipped("exercises").glob("*.ipynb")))
    return {line.claim for page in pages for question in page.questions if question.points for line in question.lines}


def test_no_card_is_asked_by_a_graded_question(items: tuple[Item, ...]) -> None:
    asked = graded()
    assert {"S10a", "S10", "F01b"} <= asked <= reserved()[0]
    assert not [item.key for item in items if {item.claim.id, item.claim.unit} & asked]


def test_no_explanation_quotes_what_a_graded_question_asks(items: tuple[Item, ...]) -> None:
    asked = graded()
    for item in items:
        for label in codebook.names(item.field):
            named = set(re.findall(r"\b[A-Z]\d+[a-z]*\b", item.told(label)[1]))
            assert not {name for name in named if name in asked or name.rstrip("abcdefghz") in asked}, item.key


def test_no_card_is_from_a_text_that_measures(items: tuple[Item, ...]) -> None:
    texts = {item.key[0] for item in items}
    assert {"soldiers", "pool", "ferry"} < texts and "sentences" not in texts
    assert {"A1", "B8"} <= reserved()[1]


def test_all_other_claims_are_in_it() -> None:
    found = {item.key[:2] for item in pool()}
    assert len(found) > 140
    whole = annotation_file.read(seeds.article("pool"))
    assert {claim.id for claim in whole.claims} == {claim for article, claim in found if article == "pool"}
    assert len({item.key for item in pool()}) == len(pool()) == 3 * len(found)


def test_withheld_claims_are_no_cards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "pool.txt").write_bytes(seeds.article("pool").with_suffix(".txt").read_bytes())
    text = seeds.article("pool").read_text("utf-8")
    first = re.search(r"\[\[claim\]\]\nid = \"C01a\"\nunit = \"C01\"\n(.*?)\n\n", text, re.DOTALL)
    quote = re.search(r"quote = .*", first[0])[0]
    blank = f'[[claim]]\nid = "C01a"\nunit = "C01"\n{quote}\nblank = true\n\n'
    (folder / "pool.toml").write_text(text.replace(first[0], blank), "utf-8")
    monkeypatch.setenv("KIT_SEEDS", str(folder))
    assert "C01a" not in {item.claim.id for item in pool()} and "C01b" in {item.claim.id for item in pool()}


def test_what_is_said(items: tuple[Item, ...]) -> None:
    by_key = {item.key: item for item in items}
    item = by_key["pool", "C03b", "status"]
    right, words, behind = item.told("denied")
    assert (right, behind) == (False, "“no evidence” is a denial")
    assert words.count("\n") == 2 and "unconfirmed" not in words
    assert item.told("unconfirmed")[0] and item.told("unconfirmed")[1].startswith("Fits the text.")
    assert "“no evidence” is a denial" in item.tempts()


def test_a_card_shows_no_accents_around_what_is_to_be_typed(items: tuple[Item, ...]) -> None:
    said = [item.told(label)[1] for item in items for label in codebook.names(item.field)]
    assert any("“alleged” would fit" in words for words in said)
    assert not [words for words in said if re.search(r"`\w+`", words)]


def test_another_field_is_said() -> None:
    with pytest.raises(KitError, match=r"^There are no cards on “colour”\. Choose from layer, voucher, status,"):
        pool(["colour"])
