"""The article as frames: what is in them, of which type, and what is withheld."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kit.article import codebook, seeds
from kit.article.loading import Article, load_article
from kit.article.records import KEY_FIELDS
from kit.errors import AnnotationError, KitError

FRAMES = ["units", "claims", "sources", "replies", "propositions", "passes"]


@pytest.fixture(scope="module")
def article() -> Article:
    return load_article()


def test_the_article_is_the_text_that_was_annotated(article: Article) -> None:
    data = (seeds.seeds() / "soldiers.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == article.facts.sha256
    assert data == article.text.encode()
    assert article.facts.sha256 == "c6e9d19deb1b4911f37d368a3d83fd1085ecbfb0e20ccef0e0413cfdc2bcfca6"
    assert (article.facts.slug, article.facts.dateline.isoformat()) == ("soldiers", "2024-10-19")
    assert repr(article) == "Article “soldiers”, 2024-10-19: 27 units, 56 claims"


def test_there_are_as_many_of_everything_as_were_annotated(article: Article) -> None:
    assert [len(getattr(article, name)) for name in FRAMES] == [27, 56, 14, 2, 8, 56]
    assert Counter(article.claims["status"]) == {
        "confirmed": 18, "alleged": 18, "stance": 9, "asserted": 8, "unconfirmed": 3,
    }  # fmt: skip
    assert Counter(article.claims["layer"]) == {"act": 18, "content": 38}
    assert not (article.claims["status"] == "denied").any()


@pytest.mark.parametrize("name", [*FRAMES, "matrix"])
def test_every_column_is_named_in_the_docstring(name: str, article: Article) -> None:
    frame, doc = getattr(article, name), getattr(Article, name).__doc__
    named = set(re.findall(r"`(\w+)`", doc))
    if name in ("passes", "matrix"):
        assert frame.index.name in named
    if name != "matrix":
        assert set(frame.columns) <= named | {"pass_3"}


@pytest.mark.parametrize("name", ["units", "claims"])
def test_offsets_give_back_the_words(name: str, article: Article) -> None:
    frame = getattr(article, name)
    words = frame["quote" if name == "claims" else "text"]
    assert list(words) == [article.text[a:b] for a, b in zip(frame["start"], frame["end"], strict=True)]
    assert frame["start"].is_monotonic_increasing or name == "claims"


def test_every_claim_lies_in_its_unit(article: Article) -> None:
    joined = article.claims.merge(article.units, on="unit", suffixes=("", "_unit"))
    assert len(joined) == 56
    assert ((joined["start_unit"] <= joined["start"]) & (joined["end"] <= joined["end_unit"])).all()
    assert (joined["paragraph"] == joined["paragraph_unit"]).all()


def test_the_columns_have_their_types(article: Article) -> None:
    claims = article.claims
    for field in ("layer", "status", "cue_class", "quote_type", "content_type", "evidence", "source_kind"):
        assert tuple(claims[field].cat.categories) == codebook.names(field)
        assert claims[field].cat.ordered == (field == "status") and claims[field].notna().all()
    for frame in (claims, article.units):
        for field in ("start", "end", "paragraph"):
            assert pd.api.types.is_integer_dtype(frame[field])
    assert pd.api.types.is_integer_dtype(article.units["words"])
    assert pd.api.types.is_bool_dtype(article.sources["accused"])
    for frame, field in ((claims, "quote"), (claims, "why"), (article.sources, "name"), (article.units, "text")):
        assert pd.api.types.is_string_dtype(frame[field])
    for field in ("accepted", "chain", "disputed_by", "supported_by"):
        assert claims[field].map(type).eq(tuple).all()
    assert all(str(dtype) == "category" for dtype in article.passes.dtypes)


def test_accepted_begins_with_the_status(article: Article) -> None:
    claims = article.claims.set_index("claim")
    assert claims.loc["S13b", "accepted"] == ("alleged", "asserted")
    assert claims.loc["S16a", "accepted"] == ("unconfirmed",)
    assert [first for first, *_ in claims["accepted"]] == list(claims["status"])


def test_passes_fit_what_is_accepted_but_where_the_key_was_decided_otherwise(article: Article) -> None:
    accepted = article.claims.set_index("claim")["accepted"]
    passes = article.passes
    assert list(passes.columns) == ["pass_1", "pass_2", "pass_3"] and list(passes.index) == list(accepted.index)
    assert [claim for claim, *row in passes.itertuples() if not set(row) & set(accepted[claim])] == ["S15a"]


def test_sources_count_their_contents(article: Article) -> None:
    sources = article.sources.set_index("source")
    assert sources.loc["nis", "claims"] == 3 and sources.loc["north-korea", "claims"] == 0
    assert set(sources.index[sources["accused"]]) == {"north-korea", "russia"}


def test_no_reply_and_nothing_said_are_two_things_in_the_matrix(article: Article) -> None:
    matrix = article.matrix
    assert list(matrix.index) == [*article.sources["source"], "author", "none"]
    assert list(matrix.columns) == [f"P{number}" for number in range(1, 9)]
    for accused in ("north-korea", "russia"):
        assert (matrix.loc[accused].drop(["P7", "P8"]) == codebook.NO_REPLY).all()
        assert matrix.loc[accused, "P7"] == codebook.BLANK
    assert matrix.loc["rutte", "P4"] == "unconfirmed" and matrix.loc["rutte", "P6"] == codebook.BLANK
    assert not (matrix == "denied").any(axis=None)
    assert not (matrix.drop(index=["north-korea", "russia"]) == codebook.NO_REPLY).any(axis=None)


def test_frames_may_be_changed_without_harm(article: Article) -> None:
    claims, units = article.claims, article.units
    claims.loc[0, "quote"] = "changed"
    del units["text"]
    assert article.claims.loc[0, "quote"] != "changed" and "text" in article.units


def test_blanked_withholds_every_label_and_the_passes(article: Article) -> None:
    blank = article.blanked(["S13", "S16"])
    hidden = {"S13a", "S13b", "S16a"}
    claims = blank.claims.set_index("claim")
    labels = [f for f in KEY_FIELDS if f != "also"] + ["accepted", "source_kind"]
    assert claims.loc[list(hidden), labels].isna().all(axis=None)
    assert set(article.claims.columns) - set(labels) == {"claim", "unit", "paragraph", "quote", "start", "end"}
    assert claims.loc["S13a", "quote"] == article.claims.set_index("claim").loc["S13a", "quote"]
    assert not hidden & set(blank.passes.index) and len(blank.passes) == 53
    assert list(blank.claims.dtypes[["start", "status"]]) == list(article.claims.dtypes[["start", "status"]])
    others = ~article.claims["claim"].isin(hidden)
    pd.testing.assert_frame_equal(blank.claims[others], article.claims[others], check_dtype=False)
    assert blank.matrix.loc["counterintelligence", "P4"] == codebook.BLANK
    assert article.claims["status"].notna().all()


def test_blank_units_can_be_given_on_loading() -> None:
    assert load_article(blank=["S13"]).claims["status"].isna().sum() == 2
    every = load_article(blank=[f"S{number:02}" for number in range(1, 28)])
    assert every.claims["status"].isna().all() and every.passes.empty and len(every.matrix) == 16


def test_units_that_nobody_has_met_are_left_alone_by_explanations() -> None:
    units = {unit.id for unit in load_article().annotation.units}
    assert load_article(met=["S05", "S06"])._spare == units - {"S05", "S06"}
    assert load_article(met=["S05", "S06"], spare=["S05"])._spare == units - {"S06"}
    assert load_article(met=[], practice=True)._asked == set(load_article().annotation.by_id)
    assert not load_article()._spare


def test_an_unknown_unit_is_named(article: Article) -> None:
    with pytest.raises(KitError, match="There is no unit S99 in “soldiers”"):
        article.blanked(["S13", "S99"])


def test_an_unknown_article_is_named_with_those_there_are() -> None:
    with pytest.raises(KitError, match=r"no article called “soldier”\. The kit has: .*soldiers"):
        load_article("soldier")


def test_an_article_of_one_s_own_is_given_by_its_path(tmp_path: Path) -> None:
    assert len(load_article(seeds.seeds() / "soldiers.toml").claims) == 56
    with pytest.raises(AnnotationError, match=r"mine\.toml: cannot be read"):
        load_article(tmp_path / "mine.toml")


def test_frames_of_empty_tables_keep_their_columns(article: Article) -> None:
    whole = replace(article.annotation, replies=(), passes={}, propositions=(), sources=(), claims=())
    empty = Article(whole)
    for name in FRAMES[1:]:
        assert getattr(empty, name).empty
        if name != "passes":
            assert list(getattr(empty, name).columns) == list(getattr(article, name).columns)
    assert list(empty.matrix.index) == ["author", "none"] and empty.passes.index.name == "claim"
