"""Practice as a student meets it without a browser: by typing, and by the traits that the front end sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import kit
from kit.errors import KitError
from kit.recall import diary
from kit.recall.diary import Attempt
from kit.recall.pool import pool
from kit.recall.practice import Practice

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wrong(cards: Practice) -> str:
    return next(value for value in cards.fields[0]["values"] if not cards._item.told(value)[0])


def test_a_card_is_shown_in_words_and_answered_by_typing(desk: Path) -> None:
    cards = kit.practice(2)
    assert not list(desk.iterdir()), "looking must leave nothing behind"
    (card,) = cards.cards
    assert f"[{card['words']}]" in repr(cards) and card["of"] in repr(cards) and ".answer(" in repr(cards)
    slip, first = wrong(cards), cards._item
    said = cards.answer(slip.upper() + " ")
    assert repr(said).startswith(f"{first.claim.id}: {slip}. ") and cards.cards[0]["words"] in said
    cards.answer(cards._item.right)
    assert repr(cards) == "2 answered, 1 of them fits\nFor more, run kit.practice() again."
    rows = diary.read(desk / "practice.csv")
    assert (rows[0].key, rows[0].right) == (first.key, False)
    assert len(rows) == 2
    with pytest.raises(KitError, match=r"^All cards are answered\."):
        cards.answer("act")


def test_a_slip_of_the_pen_is_no_answer(desk: Path) -> None:
    cards = kit.practice()
    with pytest.raises(KitError, match=r"^“acct” is none of the labels here\. Choose from "):
        cards.answer("acct")
    assert not list(desk.iterdir())


def test_what_the_front_end_sends_is_noted_once(desk: Path) -> None:
    cards = kit.practice(2)
    label, shown = cards._item.right, cards.cards
    for sent in ([5, label], [0, "nonsense"], [0, label], [0, label], [0, wrong(cards)]):
        cards.set_state({"chosen": sent})
    assert cards.told["right"] is True and cards.told["words"].startswith("Fits the text.")
    assert cards.cards == shown, "the card stays until the reader goes on"
    cards.set_state({"turn": 1})
    assert cards.told == {} and cards.cards != shown and cards.cards[0]["turn"] == 1
    assert len(diary.read(desk / "practice.csv")) == 1


def test_nothing_tells_the_right_label_before_it_is_given() -> None:
    cards = kit.practice()
    state = {name: value for name, value in cards.get_state().items() if not name.startswith("_")}
    assert cards._item.claim.why not in str(state) and "Fits" not in str(state) and state["told"] == {}


def test_what_is_due_comes_first(desk: Path) -> None:
    (hard,) = (item for item in pool() if item.key == ("pool", "C03b", "status"))
    diary.append(desk / "practice.csv", Attempt(NOW, *hard.key, "denied", False, "“no evidence” is a denial"))
    diary.append(desk / "practice.csv", Attempt(NOW, "pool", "C01a", "layer", "act", True))
    assert kit.practice(3)._item == hard
    # Where its field is not asked, it waits.
    assert kit.practice(3, fields=["layer"])._item.field == "layer"


def test_practice_goes_on_where_nothing_can_be_kept(desk: Path) -> None:
    cards = Practice(pool(), desk, 2, now=lambda: NOW)
    cards.set_state({"chosen": [0, wrong(cards)]})
    assert cards.note.startswith(f"Your answer cannot be kept in {desk.name} (")
    assert cards.told["right"] is False
    (desk / "practice.csv").mkdir()
    with pytest.raises(KitError, match=r"practice\.csv cannot be read"):
        kit.practice()


def test_too_few_and_no_cards_are_said() -> None:
    with pytest.raises(KitError, match=r"^Ask for one card at least"):
        kit.practice(0)
    nothing = Practice((), Path("practice.csv"), 3)
    assert repr(nothing).splitlines()[1] == "There is no card to practise with here."


def test_a_wrong_card_comes_back_in_the_same_sitting(desk: Path) -> None:
    time = NOW

    def now() -> datetime:
        nonlocal time
        time += timedelta(seconds=40)
        return time

    cards = Practice(pool(), desk / "practice.csv", 10, now=now)
    first = cards._item
    cards.answer(wrong(cards))
    met = []
    while cards.cards:
        met.append(cards._item.key)
        cards.answer(cards._item.right)
    assert met.count(first.key) == 1
