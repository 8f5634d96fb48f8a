"""The looks of the labels: told apart with and without colour."""

from __future__ import annotations

import pytest

from kit.article import codebook
from kit.article.colours import LOOKS


@pytest.mark.parametrize("field", LOOKS)
@pytest.mark.parametrize("sign", ["colour", "hatch", "border"])
def test_every_sign_is_distinct_within_its_field(field: str, sign: str) -> None:
    values = [getattr(look, sign) for look in LOOKS[field].values()]
    # CSS has few borders that differ at sight, so two statuses may share one; the hatch tells them apart.
    shared = sign == "border" and len(values) > 5
    assert len(set(values)) >= len(values) - shared


@pytest.mark.parametrize("field", LOOKS)
def test_every_label_has_a_look_and_border_and_hatch_say_what_colour_says(field: str) -> None:
    looks = LOOKS[field].values()
    assert sorted(LOOKS[field]) == sorted(codebook.names(field))
    assert len({(look.border, look.hatch) for look in looks}) == len(looks)
    assert {look.border for look in looks} <= {"solid", "dashed", "dotted", "double", "groove", "ridge"}
    assert all(set(look.hatch) <= set("/\\|-+xoO.*") for look in looks)
