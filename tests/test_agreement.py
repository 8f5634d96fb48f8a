"""Agreement: against the packages that others use, against the worked examples of the literature, and at the edges."""

from __future__ import annotations

import inspect
import re
import warnings

import krippendorff
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from kit import agreement, load_article
from kit.article import codebook
from kit.errors import KitError

LABELS = codebook.names("status")


@pytest.fixture(scope="module")
def passes() -> pd.DataFrame:
    return load_article().passes


def ratings(seed: int) -> pd.DataFrame:
    """Random answers: 2 to 6 raters, 5 to 60 claims, 2 to 6 labels, up to 40 % missing, some raters in step."""
    rng = np.random.default_rng(seed)
    claims, raters, labels = rng.integers(5, 61), rng.integers(2, 7), rng.integers(2, 7)
    truth = rng.integers(0, labels, claims)[:, None]
    codes = np.where(rng.random((claims, raters)) < rng.random(), truth, rng.integers(0, labels, (claims, raters)))
    frame = pd.DataFrame(np.array(LABELS, dtype=object)[codes], index=[f"C{n}" for n in range(claims)])
    return frame.mask(rng.random(frame.shape) < rng.choice([0, 0.1, 0.4]), None)


def by_krippendorff(frame: pd.DataFrame) -> float:
    codes = frame.astype(object).apply(lambda column: column.map({label: n for n, label in enumerate(LABELS)}))
    return krippendorff.alpha(codes.to_numpy(dtype=float).T, level_of_measurement="nominal")


@pytest.mark.parametrize("seed", range(30))
def test_alpha_is_that_of_the_krippendorff_package(seed: int) -> None:
    frame = ratings(seed)
    assert agreement.alpha(frame) == pytest.approx(by_krippendorff(frame), abs=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    both = ratings(seed)[[0, 1]].dropna()
    assert agreement.kappa(both[0], both[1]) == pytest.approx(cohen_kappa_score(both[0], both[1]), abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_specific_agreement_of_two_raters_is_the_f1_score(seed: int) -> None:
    both = ratings(seed)[[0, 1]].dropna()
    table = agreement.per_label(both)
    f1 = f1_score(both[0], both[1], labels=LABELS, average=None, zero_division=np.nan)
    assert table["specific"].to_numpy(dtype=float, na_value=np.nan) == pytest.approx(f1, nan_ok=True)


@pytest.mark.parametrize("seed", range(20))
def test_alpha_of_a_label_is_that_of_yes_and_no(seed: int) -> None:
    frame = ratings(seed)
    table = agreement.per_label(frame)
    for label in LABELS:
        yes_or_no = (frame == label).astype(float).where(frame.notna())
        if table.loc[label, "cases"] and yes_or_no[frame.notna().sum(axis=1) > 1].stack().nunique() > 1:
            expected = krippendorff.alpha(yes_or_no.to_numpy(dtype=float).T, level_of_measurement="nominal")
            assert table.loc[label, "alpha"] == pytest.approx(expected, abs=1e-12)


def test_the_passes_agree_as_the_packages_say(passes: pd.DataFrame) -> None:
    assert agreement.alpha(passes) == pytest.approx(by_krippendorff(passes), abs=1e-12)
    pairs = [("pass_1", "pass_2"), ("pass_1", "pass_3"), ("pass_2", "pass_3")]
    kappas = [cohen_kappa_score(passes[a], passes[b]) for a, b in pairs]
    assert [agreement.kappa(passes[a], passes[b]) for a, b in pairs] == pytest.approx(kappas)
    table = agreement.summary(passes)
    assert table.loc["kappa", "value"] == pytest.approx(np.mean(kappas))
    same = sum((passes[a].astype(str) == passes[b].astype(str)).sum() for a, b in pairs)
    assert table.loc["percent", "value"] == pytest.approx(same / (56 * 3))
    assert (table["claims"] == 56).all() and (table["raters"] == 3).all() and (table["note"] == "").all()
    assert ((table["low"] < table["value"]) & (table["value"] < table["high"])).all()


def columns(*raters: str) -> pd.DataFrame:
    """One column per rater, one letter per claim; a space is no answer."""
    return pd.DataFrame({f"rater {n}": list(answers) for n, answers in enumerate(raters, 1)}).replace(" ", None)


@pytest.mark.parametrize(
    "frame, expected",
    [
        pytest.param(columns("0100000010", "1110010000"), 0.095, id="two raters, yes or no"),
        pytest.param(columns("aabbdcccedda", "babbbccceddd"), 0.692, id="two raters, five labels"),
        pytest.param(
            columns("123321412   ", "1233224125 3", " 3332342251 ", "12332441251 "),
            0.743,
            id="four raters, answers missing",
        ),
    ],
)
def test_alpha_of_the_worked_examples_of_krippendorff_2011(frame: pd.DataFrame, expected: float) -> None:
    assert agreement.alpha(frame) == pytest.approx(expected, abs=5e-4)


def test_kappa_of_the_worked_example_of_cohen_1960() -> None:
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    pairs = [(a, b) for a in range(3) for b in range(3) for _ in range(table[a][b])]
    one, two = zip(*pairs, strict=True)
    assert agreement.kappa(one, two) == pytest.approx(0.492, abs=5e-4)
    assert agreement.percent(pd.DataFrame(pairs)) == pytest.approx(0.70)


def test_six_claims_worked_by_hand(passes: pd.DataFrame) -> None:
    """The numbers of lesson 5: 14 of 18 pairs agree, and chance gives 2/9 of them: see the lesson."""
    six = passes.loc[["S02a", "S07a", "S11b", "S13a", "S15b", "S18b"]]
    assert agreement.percent(six) == pytest.approx(14 / 18)
    assert agreement.kappa(six["pass_1"], six["pass_2"]) == pytest.approx(4 / 7)
    assert agreement.alpha(six) == pytest.approx(5 / 7)


def test_the_passes_by_label(passes: pd.DataFrame) -> None:
    table = agreement.per_label(passes)
    assert tuple(table.index) == LABELS
    assert list(table["cases"]) == [9, 0, 4, 18, 21, 8]
    assert table["answers"].sum() == 168
    # unconfirmed: three claims with 3 answers of 3, one with 1 of 3: 18 of the 20 possible pairs agree.
    assert table.loc["unconfirmed", "specific"] == pytest.approx(18 / 20)
    assert table.loc["denied", "note"] == "no cases"
    assert table.loc["denied", ["specific", "low", "high", "alpha"]].isna().all()


def test_where_the_passes_differ(passes: pd.DataFrame) -> None:
    table = agreement.contested(passes)
    assert list(table.index) == ["S09b", "S13a", "S15b", "S26a"]
    assert table.loc["S13a"].to_list() == [3, 2, pytest.approx(1 / 3), "2 alleged, 1 unconfirmed"]
    three = pd.DataFrame([["alleged", "stance", "denied", None, ""]], index=["C1"])
    assert agreement.contested(three).loc["C1"].to_list() == [3, 3, 0, "1 alleged, 1 stance, 1 denied"]


SAME = pd.DataFrame({"a": ["alleged"] * 4, "b": ["alleged"] * 4})


@pytest.mark.parametrize(
    "frame, words",
    [
        (SAME, "every answer is the same label"),
        (SAME.assign(b=None), "no claim has answers of two raters"),
        (SAME.assign(b=""), "no claim has answers of two raters"),
        (SAME.head(0), "no claim has answers of two raters"),
        (SAME[["a"]], "needs two raters, and there is only one"),
        (pd.DataFrame(), "needs two raters, and there is none"),
        (pd.DataFrame({"a": ["alleged", None], "b": [None, "alleged"]}), "no claim has answers of two raters"),
    ],
)
def test_what_is_undefined_is_said_in_words(frame: pd.DataFrame, words: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for measure in ("kappa", "alpha"):
            found = agreement.interval(frame, measure)
            assert np.isnan([found.value, found.low, found.high]).all()
            assert words in found.note and words in str(found)
        assert np.isnan(agreement.alpha(frame))
        assert set(agreement.per_label(frame)["note"]) <= {"no cases", f"alpha {agreement.ONE_LABEL}"}
        assert agreement.contested(frame).empty
        assert agreement.summary(frame).loc["alpha", "note"] == agreement.interval(frame).note
    assert (frame is SAME) == (agreement.percent(frame) == 1)


def test_a_rater_who_answers_at_random_gets_nothing_for_it() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.choice(LABELS, (4000, 2)))
    assert abs(agreement.alpha(frame)) < 0.05 and abs(agreement.kappa(frame[0], frame[1])) < 0.05
    assert agreement.percent(frame) == pytest.approx(1 / 6, abs=0.05)


def test_an_interval_is_the_same_each_time_and_equals_one_by_one_resampling(passes: pd.DataFrame) -> None:
    found = agreement.interval(passes, draws=200)
    assert found == agreement.interval(passes, draws=200)
    weights = np.random.default_rng(agreement.SEED).multinomial(56, np.full(56, 1 / 56), size=100)
    for measure in agreement.MEASURES:
        drawn = [measured(passes.iloc[np.repeat(np.arange(56), row)], measure) for row in weights]
        found = agreement.interval(passes, measure, draws=100)
        assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])))


def measured(frame: pd.DataFrame, measure: str) -> float:
    if measure == "alpha":
        return by_krippendorff(frame)
    plain = frame.astype(str)
    pairs = [(plain[a], plain[b]) for a, b in [("pass_1", "pass_2"), ("pass_1", "pass_3"), ("pass_2", "pass_3")]]
    return np.mean([cohen_kappa_score(a, b) if measure == "kappa" else (a == b).mean() for a, b in pairs])


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """200 samples of 60 claims from a world whose agreement is known: 0.95 intervals hold it in 0.88 to 1."""
    rng, held = np.random.default_rng(7), 0
    for _ in range(200):
        agree = rng.random(60) < 0.7
        frame = pd.DataFrame({"a": "alleged", "b": np.where(agree, "alleged", "stance")})
        found = agreement.interval(frame, "percent", draws=400)
        held += found.low <= 0.7 <= found.high
    assert 0.88 <= held / 200 < 1


def test_draws_without_a_value_are_left_out_and_counted() -> None:
    frame = pd.DataFrame({"a": ["alleged", "stance"], "b": ["alleged", "stance"]})
    found = agreement.interval(frame, draws=100)
    assert found.value == found.low == found.high == 1
    assert re.search(r"^\d+ draws had no value and are left out; every draw gave the same value", found.note)
    assert agreement.ends(np.full(3, np.nan))[2] == "no draw had a value, so there is no interval"
    assert agreement.ends(np.array([0.5, 0.7, np.nan]))[2] == "1 draw had no value and is left out"


def test_a_number_near_nothing_has_no_minus() -> None:
    found = agreement.Interval("alpha", -0.001, -0.004, 0.5, 0.95, 8, 2)
    assert str(found) == "alpha 0.00, 95% interval 0.00 to 0.50 (claims: 8, raters: 2)"


def test_pairs_of_raters(passes: pd.DataFrame) -> None:
    for measure in agreement.MEASURES:
        table = agreement.pairwise(passes, measure=measure)
        assert list(table.index) == list(table.columns) == ["pass_1", "pass_2", "pass_3"]
        assert (table == table.T).all(axis=None) and (np.diag(table) == 1).all()
        expected = agreement.interval(passes[["pass_1", "pass_3"]], measure).value
        assert table.loc["pass_1", "pass_3"] == expected < 1


def test_two_series_are_matched_by_their_claims(passes: pd.DataFrame) -> None:
    mine = pd.Series({"S18b": "unconfirmed", "S02a": "asserted", "S07a": "", "X1": "stance"})
    assert agreement.kappa(mine, passes["pass_1"]) == 1
    assert agreement.kappa(mine, passes["pass_1"].iloc[::-1]) == 1
    assert np.isnan(agreement.kappa(mine, passes["pass_1"].tail(1)))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda f: agreement.interval(f, "alhpa"), "did you mean “alpha”"),
        (lambda f: agreement.pairwise(f, measure="pi"), "no measure “pi”; permitted: percent, kappa, alpha"),
        (lambda f: agreement.per_label(f.replace("alleged", "aleged")), "“aleged” is not one of the labels; did you"),
        (lambda f: agreement.kappa(["alleged"], ["alleged", "stance"]), "One rater has 1 answers and the other 2"),
        (lambda f: agreement.kappa(pd.Series(["a"], ["C1"]), pd.Series(["a", "b"], ["C1", "C1"])), "more than once"),
    ],
)
def test_an_error_says_what_to_do(call: object, words: str) -> None:
    with pytest.raises(KitError, match=re.escape(words)):
        call(SAME)


@pytest.mark.parametrize("name", ["per_label", "contested"])
def test_every_column_is_named_in_the_docstring(name: str, passes: pd.DataFrame) -> None:
    function = getattr(agreement, name)
    table = function(passes)
    assert set(table.columns) <= set(re.findall(r"`(\w+)`", inspect.getdoc(function)))


def test_nothing_is_changed_in_the_frame_that_is_given(passes: pd.DataFrame) -> None:
    before = passes.copy()
    agreement.summary(passes), agreement.per_label(passes), agreement.contested(passes)
    pd.testing.assert_frame_equal(passes, before)
