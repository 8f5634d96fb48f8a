"""What a draft alone would earn, and that `--balance` asks what it gets wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.article import seeds
from kit.article.loading import load_article
from kit.check.answers import Value
from kit.draft.frames import proposals
from kit.teacher.exercises import own_course
from kit.teacher.exercises.keys import KeyedQuestion, load
from kit.teacher.exercises.own_selection import chosen, divided, draft_is_right

ARTICLE = load_article(seeds.seeds() / "pool.toml")
CLAIMS = ARTICLE.annotation.by_id
FIELDS = {"statuses": "status", "layers": "layer", "vouchers": "voucher", "classes": "cue_class", "reach": "reach"}


def test_a_label_counts_where_it_is_accepted_and_a_claim_that_the_draft_has_not_never_does() -> None:
    claim = next(claim for claim in CLAIMS.values() if claim.status == "denied")
    same, other = {claim.id: claim}, {claim.id: replace(claim, status="stance", cue="DENIED")}
    assert draft_is_right(same, claim, "status") and not draft_is_right(other, claim, "status")
    assert draft_is_right(other, replace(claim, also=("stance",)), "status")
    assert draft_is_right(other, replace(claim, cue="denied"), "cue")
    assert not draft_is_right({}, claim, "status")


def test_of_a_chain_its_length_and_its_gaps_count() -> None:
    claim = replace(next(iter(CLAIMS.values())), chain=("dahl", "?", "article"))
    for chain, right in {
        ("eva", "?", "article"): True,
        ("dahl", "article"): False,
        ("?", "dahl", "article"): False,
    }.items():
        assert draft_is_right({claim.id: replace(claim, chain=chain)}, claim, "chain") is right


def test_the_page_says_what_a_draft_would_earn_on_each_question_on_labels(course: Path) -> None:
    drafts = dict(list(CLAIMS.items())[:2])
    key: dict[str, Value] = {name: claim.status for name, claim in list(CLAIMS.items())[:3]}
    asked = KeyedQuestion("statuses", points=6, title="Which?", check="labels", field="status", key=key)
    counted = KeyedQuestion("counts", check="table", key={"1": [2, 3]})
    exercise = replace(load(next((course / "teacher/solutions").glob("*.ipynb"))), questions=(asked, counted))
    assert list(own_course._drafted(exercise, drafts, CLAIMS)) == [("Which?", "6", "3", "2", "4")]
    page = (
        (course / "teacher/README.md").read_text("utf-8").partition("## What a draft alone")[2].partition("## Items")[0]
    )
    assert page.count("| 1 | ") >= 2 and "--balance" in page


@pytest.mark.parametrize("name", ["soldiers", "ottawa", "budget"])
def test_balanced_exercises_ask_what_a_draft_gets_wrong(name: str) -> None:
    article = load_article(seeds.seeds() / f"{name}.toml")
    drafts = proposals(article)
    right, lines = {}, {}
    for weighed in (None, drafts):
        aside = divided(article.annotation, seed="1", drafts=weighed)
        asked = [
            draft_is_right(drafts, article.annotation.by_id[line], FIELDS[question])
            for keys in chosen(article.annotation, aside, seed="1", drafts=weighed).keys.values()
            for question, key in keys.items()
            if question in FIELDS
            for line in key
        ]
        right[weighed is None], lines[weighed is None] = sum(asked) / len(asked), len(asked)
    assert right[False] < 0.9 * right[True] and lines[False] > 0.7 * lines[True]
