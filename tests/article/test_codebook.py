"""The labels: told apart by their words, in the order of their questions."""

from __future__ import annotations

import pytest

from kit.article import codebook
from kit.article.codebook import LAYERS, STATUSES, VOUCHERS, Label

LISTS = {"layer": LAYERS, "voucher": VOUCHERS, "status": STATUSES}


@pytest.mark.parametrize("labels", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("sign", ["name", "question", "meaning"])
def test_every_sign_is_distinct_within_its_list(labels: tuple[Label, ...], sign: str) -> None:
    assert len({getattr(label, sign) for label in labels}) == len(labels)


@pytest.mark.parametrize("labels", LISTS.values(), ids=LISTS)
def test_every_label_has_a_question_and_a_lookalike_that_exists(labels: tuple[Label, ...]) -> None:
    names = {label.name for label in labels}
    for label in labels:
        assert label.question.endswith("?") and label.meaning.endswith(".")
        assert label.lookalike in names - {label.name}


def test_the_statuses_stand_in_the_order_of_their_questions() -> None:
    order = ("stance", "denied", "unconfirmed", "confirmed", "alleged", "asserted")
    assert codebook.names("status") == codebook.FIELDS["status"] == order
    assert codebook.label("status", "denied").lookalike == "unconfirmed"
    assert codebook.label("status", "alleged").lookalike == "stance"
    assert codebook.label("status", "confirmed").lookalike == "asserted"


def test_names_and_labels_are_found_by_field() -> None:
    assert codebook.names("layer") == ("act", "content") == codebook.FIELDS["layer"]
    assert codebook.names("voucher") == ("author", "source", "none")
    assert codebook.names("evidence") == ("none", "asserted", "described", "shown")
    with pytest.raises(KeyError):
        codebook.label("status", "true")
    with pytest.raises(KeyError):
        codebook.names("colour")


@pytest.mark.parametrize("field", codebook.FIELDS)
def test_no_value_is_listed_twice(field: str) -> None:
    assert len(set(codebook.FIELDS[field])) == len(codebook.FIELDS[field])


def test_the_two_marks_of_the_matrix_are_no_statuses() -> None:
    assert not {codebook.BLANK, codebook.NO_REPLY} & set(codebook.names("status"))
    assert codebook.BLANK != codebook.NO_REPLY
