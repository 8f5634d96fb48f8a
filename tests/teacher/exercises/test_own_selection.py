"""Which sentences are set aside, and which claims are asked."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.records import Annotation
from kit.teacher.exercises.keys import NONE_HERE
from kit.teacher.exercises.own_selection import balanced, chosen, divided, firm, in_sight
from kit.teacher.exercises.own_templates import _sentences

OPEN = Path(__file__).parents[2] / "data" / "articles" / "open"
SEEDS = [seeds.seeds() / f"{name}.toml" for name in ("pool", "ferry", "soldiers")]


@pytest.fixture(scope="module", params=SEEDS, ids=lambda path: path.stem)
def whole(request: pytest.FixtureRequest) -> Annotation:
    return read(request.param)


def test_a_draw_can_be_repeated_and_another_seed_gives_another(whole: Annotation) -> None:
    assert divided(whole, seed="1") == divided(whole, seed="1")
    assert len({divided(whole, seed=str(seed)) for seed in range(6)}) > 1


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_about_half_is_set_aside_with_about_half_of_each_status(whole: Annotation, seed: str) -> None:
    aside = set(divided(whole, seed=seed))
    sides = [Counter(c.status for c in whole.claims if firm(c) and (c.unit in aside) == mine) for mine in (True, False)]
    assert 0.3 < sum(sides[0].values()) / (sum(sides[0].values()) + sum(sides[1].values())) < 0.7
    for status in set(sides[0]) | set(sides[1]):
        if sides[0][status] + sides[1][status] >= 4:
            assert sides[0][status] and sides[1][status], status


def test_labels_are_dealt_in_turn_and_open_claims_are_left_out(whole: Annotation) -> None:
    found = balanced(whole.claims, "status", 6, seed="1")
    counts = Counter(claim.status for claim in found)
    available = Counter(claim.status for claim in whole.claims if firm(claim))
    assert all(map(firm, found)) and found == sorted(found, key=lambda claim: claim.start)
    assert all(counts[status] >= min(number, 6 // len(available)) for status, number in available.items())


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_items_are_firm_right_and_set_aside(whole: Annotation, seed: str) -> None:
    aside = divided(whole, seed=seed)
    claims = whole.by_id
    fields = {"layers": "layer", "vouchers": "voucher", "statuses": "status", "classes": "cue_class", "reach": "reach"}
    for questions in chosen(whole, aside, seed=seed).keys.values():
        for name, key in questions.items():
            for line, values in key.items():
                if line in claims:
                    assert firm(claims[line]) and claims[line].unit in aside
                if name in fields:
                    assert values == list(claims[line].accepts(fields[name]))
            assert not [v for v in next(iter(key.values())) if all(v in fits for fits in key.values())], name


def test_no_question_of_an_exercise_gives_another_one_away(whole: Annotation) -> None:
    first = chosen(whole, divided(whole, seed="1"), seed="1").keys[1]
    layered, others = (
        set(first.get("layers", ())),
        {line for name in ("cues", "vouchers") for line in first.get(name, ())},
    )
    assert not layered & others
    assert not set(first.get("cues", ())) & set(first.get("vouchers", ()))


def test_none_is_the_answer_where_nobody_denies() -> None:
    whole = read(seeds.seeds() / "soldiers.toml")
    where = chosen(whole, divided(whole, seed="1"), seed="1").keys[4]["where"]
    assert where["somebody says: not so"] == [NONE_HERE]
    assert where["somebody leaves it open"][0] != NONE_HERE


def test_a_denial_that_some_readers_see_is_accepted_and_so_is_none() -> None:
    whole = read(seeds.seeds() / "pool.toml")
    only = dataclasses.replace(whole, claims=tuple(c for c in whole.claims if c.status != "denied"))
    where = chosen(only, [unit.id for unit in only.units], seed="1").keys[4]["where"]
    assert where["somebody says: not so"] == [NONE_HERE, "C02"]


def test_the_pieces_of_an_act_are_cut_at_its_claims() -> None:
    whole = read(seeds.seeds() / "soldiers.toml")
    items = chosen(whole, ["S11", "S17"], seed="1")
    spans = items.keys[1].get("spans", {})
    assert Path("|") not in items.pieces
    assert " ".join(items.pieces["S17"]) == next(unit.text for unit in whole.units if unit.id == "S17")
    assert all(items.pieces[unit][n - 1] for unit, key in spans.items() for n in key[0])


def test_of_a_long_article_few_sentences_are_set_aside() -> None:
    whole = read(seeds.seeds() / "soldiers.toml")
    units, claims = [], []
    for copy in range(4):
        units += [dataclasses.replace(unit, id=f"{unit.id}{copy}") for unit in whole.units]
        claims += [dataclasses.replace(c, id=f"{c.id}{copy}", unit=f"{c.unit}{copy}") for c in whole.claims]
    long = dataclasses.replace(whole, units=tuple(units), claims=tuple(claims))
    assert len(long.claims) > 200 and len(divided(long, seed="1")) == 24


@pytest.mark.parametrize(
    ("wanted", "with_it"),
    [
        ("S06", "S07"),  # the quotation goes on, and its speaker stands behind it
        ("S08", "S07"),  # “they continued”
        ("S09", "S07"),  # a quotation alone
        ("S17", ""),  # the speaker stands in it
    ],
)
def test_who_speaks_is_in_sight(wanted: str, with_it: str) -> None:
    found = in_sight(read(SEEDS[2]), {wanted})
    assert [unit.id for unit in found] == sorted({wanted, with_it} - {""})


@pytest.mark.parametrize(
    ("article", "wanted", "with_it"),
    [
        (SEEDS[2], "S13", {"S11", "S12"}),  # who spoke, and who handed it on
        (OPEN / "expelled.toml", "S21", {"S20"}),  # “He”, and a word that two names share is no name
        (OPEN / "chess.toml", "S12", {"S11"}),  # an interview: the line that begins with the name, not an act far off
    ],
    ids=["a chain", "he", "an interview"],
)
def test_a_speaker_is_named_and_not_only_hinted_at(article: Path, wanted: str, with_it: set[str]) -> None:
    assert {unit.id for unit in in_sight(read(article), {wanted})} - {wanted} == with_it


def test_the_sentences_from_the_mark_that_is_open_are_shown_and_a_gap_is_marked(tmp_path: Path) -> None:
    whole = read(SEEDS[2])
    texts = {"S08": "“We have seen reports.", "S09": "We ask them to stop.", "S10": "It is unlawful,” they said."}
    units = tuple(dataclasses.replace(unit, text=texts.get(unit.id, unit.text), paragraph=3) for unit in whole.units)
    changed = dataclasses.replace(whole, units=units, claims=(), sources=())
    assert [unit.id for unit in in_sight(changed, {"S01", "S10"})] == ["S01", "S08", "S09", "S10"]
    assert [unit.id for unit in in_sight(changed, {"S11"})] == ["S11"]
    shown = _sentences(in_sight(changed, {"S01", "S10"}))
    assert shown.count("…") == 1 and shown.index("S01") < shown.index("…") < shown.index("S08")


def test_no_claim_is_asked_whose_speaker_is_not_shown(whole: Annotation) -> None:
    """Where an act names its speaker in the same paragraph, that sentence or one before it in the text is shown."""
    aside = divided(whole, seed="1")
    acts = {claim.unit for claim in whole.claims if claim.layer == "act"}
    by_id = {unit.id: unit for unit in whole.units}
    for key in (key for asked in chosen(whole, aside, seed="1").keys.values() for key in asked.values()):
        asked = {whole.by_id[line].unit for line in key if line in whole.by_id}
        shown = {unit.id for unit in in_sight(whole, asked)}
        assert asked <= shown
        for line in set(key) & set(whole.by_id):
            claim = whole.by_id[line]
            name = next((s.name for s in whole.sources if s.id == claim.source), "").split()[-1:]
            naming = {u.id for u in whole.units if name and name[0] in u.text and u.id in acts}
            same = {u for u in naming if by_id[u].paragraph == by_id[claim.unit].paragraph}
            assert not same or same & shown, line
