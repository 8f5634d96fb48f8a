"""Propositions and replies, made and unmade on screen: what each step writes, and that the matrix follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.article import annotation_file
from kit.article.loading import Article
from kit.teacher.authoring.saving_and_undo import Correction


@pytest.fixture
def held(file: Path) -> Correction:
    return Correction(file)


def take(held: Correction, step: str, **given: Any) -> Any:
    """What the file says after a step, which is not refused."""
    held.take(step, **given)
    assert held.said == ""
    return annotation_file.read(held.path)


def test_a_matrix_is_made_from_nothing_and_taken_back(held: Correction, file: Path) -> None:
    before = file.read_text("utf-8")
    take(held, "add_proposition", text=" The town  closes the pool. ", claim="C02b")
    whole = take(held, "bear", claim="C01b", propositions=["P1"])
    assert [(row.id, row.text, row.claims) for row in whole.propositions] == [
        ("P1", "The town closes the pool.", ("C01b", "C02b"))
    ]
    take(held, "add_proposition", text="The club asked for it.")
    take(held, "change_source", source="sports-club", field="accused", value=True)
    whole = take(held, "change_reply", source="sports-club", field="reply", value="not reported")
    assert [(row.reply, row.on) for row in whole.replies] == [("not reported", ("P1", "P2"))]
    whole = take(held, "change_reply", source="sports-club", field="on", value=["P2"])
    matrix = Article(whole).matrix
    assert (matrix.loc["holm", "P1"], matrix.loc["sports-club", "P1"]) == ("denied", "")
    assert matrix.loc["sports-club", "P2"] == "no reply"
    take(held, "change_proposition", proposition="P2", text="The club wants it.")
    whole = take(held, "remove_proposition", proposition="P2")
    assert whole.replies[0].on == () and [row.id for row in whole.propositions] == ["P1"]
    assert take(held, "change_reply", source="sports-club", field="reply", value="").replies == ()
    assert take(held, "bear", claim="C01b", propositions=[]).propositions[0].claims == ("C02b",)
    while held.past:
        held.undo()
    assert file.read_text("utf-8") == before


def test_the_heading_of_the_claims_stays_above_them(held: Correction, file: Path) -> None:
    heading = "\n# ---- Claims ----\n\n[[claim]]"
    file.write_text(file.read_text("utf-8").replace("[[claim]]", heading, 1), "utf-8")
    held = Correction(file)
    take(held, "add_proposition", text="The town closes the pool.", claim="C02b")
    take(held, "change_reply", source="holm", field="reply", value="denied")
    text = file.read_text("utf-8")
    assert text.count(heading) == 1 and text.index("[[reply]]") < text.index("[[proposition]]") < text.index(heading)


def test_a_new_reply_is_on_what_it_can_be_on(held: Correction) -> None:
    take(held, "add_proposition", text="One.", claim="C01b")
    take(held, "add_proposition", text="Two.")
    assert take(held, "change_reply", source="holm", field="reply", value="denied").replies[0].on == ("P1",)
    assert take(held, "change_reply", source="adler", field="reply", value="declined").replies[1].on == ("P1", "P2")
    take(held, "change_reply", source="holm", field="reply", value="")
    whole = take(held, "change_reply", source="holm", field="reply", value="not reported")
    assert [reply.on for reply in whole.replies if reply.source == "holm"] == [("P2",)]
    # A reply that is on nothing leaves the matrix as it is.
    whole = take(held, "change_reply", source="holm", field="on", value=[])
    assert list(Article(whole).matrix.loc["holm"]) == ["denied", ""]
    held.take("change_reply", source="holm", field="on", value=["P1"])
    assert [where for where, _ in held.sheet.breaches] == ["reply holm"]


REFUSED = {
    "no words": ("add_proposition", {"text": "  "}, "Type first what the article is about"),
    "no proposition": ("change_proposition", {"proposition": "P9", "text": "x"}, "There is no proposition P9"),
    "none to bear on": ("bear", {"claim": "C01b", "propositions": ["P9"]}, "There is no proposition P9"),
    "reply": ("change_reply", {"source": "holm", "field": "reply", "value": "silent"}, "“silent” cannot stand"),
    "on": ("change_reply", {"source": "holm", "field": "on", "value": ["P9"]}, "“P9” cannot stand in “on”"),
    "field": ("change_reply", {"source": "holm", "field": "kind", "value": "x"}, "“kind” of a reply cannot be changed"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused(name: str, held: Correction, file: Path) -> None:
    (step, given, said), before = REFUSED[name], file.read_bytes()
    held.take(step, **given)
    assert held.said.startswith(said) and file.read_bytes() == before


def test_nobody_is_accepted_as_a_source(held: Correction) -> None:
    held.take("add_source", name="his", kind="named")
    held.take("accept_source", source="his")
    assert held.said.startswith("his has something to mend before it can be accepted: “his” names nobody")
    held.take("change_source", source="his", field="name", value="his lawyer")
    held.take("accept_source", source="his")
    assert held.said == ""
