"""The trace of the wording: true to its file, anchored in the article, and explained without giving answers away."""

from __future__ import annotations

import datetime
import re
import shutil
from dataclasses import MISSING, fields
from pathlib import Path

import pandas as pd
import pytest

import kit
from kit.article import seeds, trace
from kit.article import trace as trace_
from kit.article.trace import KINDS, STATEMENTS, Trace
from kit.errors import AnnotationError, KitError

NAMES = [kind.name for kind in KINDS]
YOURS = ["S05", "S09", "S13", "S22", "S23"]  # what lesson 6 asks


@pytest.fixture(scope="module")
def soldiers() -> Trace:
    return trace.load()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the seeds that may be broken."""
    shutil.copytree(seeds.seeds(), tmp_path / "seeds")
    monkeypatch.setenv("KIT_SEEDS", str(tmp_path / "seeds"))
    return tmp_path / "seeds" / "trace"


def faults(folder: Path, old: str, new: str) -> tuple[str, ...]:
    file = folder / "soldiers.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8", newline="\n")
    with pytest.raises(AnnotationError) as error:
        trace.load()
    return error.value.faults


def test_the_frames_hold_what_the_file_says(soldiers: Trace) -> None:
    assert [len(frame) for frame in (soldiers.steps, soldiers.drift, soldiers.known)] == [3, 11, 16]
    assert list(soldiers.steps["id"]) == ["dispatch", "german", "article"]
    assert kit.load_article().facts.address.rstrip("/") in soldiers.steps["address"].iloc[-1]
    assert soldiers.known["said"].is_monotonic_increasing
    assert soldiers.known["after"].sum() == 9
    admitted = soldiers.known[soldiers.known["kind"] == "admission"]
    assert admitted["after"].all() and list(admitted["said"].dt.strftime("%F")) == ["2025-04-26", "2025-04-28"]


def test_a_kind_of_statement_says_what_is_said_and_is_no_label() -> None:
    assert not {*STATEMENTS} & {"confirmed", *kit.codebook.names("status")}
    assert not any("confirmed" in kind for kind in STATEMENTS)


@pytest.mark.parametrize("name", ["steps", "drift", "known", "events", "addresses"])
def test_the_columns_are_typed_and_documented(name: str, soldiers: Trace) -> None:
    frame = getattr(soldiers, name)
    assert set(frame.columns) <= set(re.findall(r"`(\w+)`", getattr(Trace, name).__doc__))
    for column in frame.columns:
        if column in ("date", "said", "looked_up"):
            assert pd.api.types.is_datetime64_dtype(frame[column])
        elif column == "after":
            assert pd.api.types.is_bool_dtype(frame[column])
        elif column in ("units", "kinds"):
            assert frame[column].map(type).eq(tuple).all()
        else:
            assert pd.api.types.is_string_dtype(frame[column])
    frame.iloc[:, :] = frame.iloc[::-1].to_numpy()
    assert not getattr(soldiers, name).equals(frame)


def test_every_fact_has_an_address_that_can_be_typed_and_the_day_it_was_looked_up(soldiers: Trace) -> None:
    for frame in (soldiers.steps, soldiers.drift, soldiers.known):
        assert all(re.fullmatch(r"https?://[\w.-]+\.\w+/\S+", part) for part in frame["address"].str.split().sum())
        assert frame["looked_up"].between(pd.Timestamp(2025, 4, 28), pd.Timestamp.now()).all()
    # A fact from outside that stands in a note or a sentence has its address in the row, and no second one there.
    assert not soldiers.known["note"].str.contains("://").any()


def test_every_address_is_told_once_with_all_that_it_stands_for(soldiers: Trace) -> None:
    frame = soldiers.addresses
    assert frame["address"].is_unique
    rows = [*soldiers.step_rows, *soldiers.drift_rows, *soldiers.known_rows]
    assert set(frame["address"]) == {part for row in rows for part in row.address.split()}
    dispatch = frame.iloc[0]
    assert dispatch["about"].startswith("Reuters dispatch, in German; S05; S08") and "sinvestor" in dispatch["address"]


def test_every_change_has_its_place(soldiers: Trace) -> None:
    texts = kit.load_article().units.set_index("unit")["text"]
    assert all(row.here in texts[row.unit] for row in soldiers.drift_rows)
    assert list(soldiers.drift["unit"]) == sorted(soldiers.drift["unit"])
    assert soldiers.drift["unit"].is_unique
    assert {unit for units in soldiers.steps["units"] for unit in units} <= set(texts.index)
    assert {kind for kinds in soldiers.drift["kinds"] for kind in kinds} == set(NAMES)
    assert set(soldiers.known["kind"]) == set(STATEMENTS)


def test_what_is_said_to_have_happened_has_its_words_and_lies_before(soldiers: Trace) -> None:
    for row in soldiers.known_rows:
        assert bool(row.happened) == bool(row.event)
        days = [datetime.date.fromisoformat(day) for day in row.happened.split("/") if day]
        assert len(days) <= 2 and [*days, row.said] == sorted([*days, row.said])


def test_nothing_that_must_be_told_is_empty(soldiers: Trace) -> None:
    for row in (*soldiers.step_rows, *soldiers.drift_rows, *soldiers.known_rows):
        told = [getattr(row, spec.name) for spec in fields(row) if spec.default is MISSING]
        assert all(told), row


def test_nothing_is_quoted_from_elsewhere(soldiers: Trace) -> None:
    """At most three words between quotation marks, but for those that stand in the article."""
    text = kit.load_article().text
    told = [*soldiers.drift[["earlier", "change", "look"]].stack(), *soldiers.known["what"], *soldiers.known["note"]]
    quoted = [words for line in told for words in re.findall("“(.*?)”", line)]
    assert quoted and all(len(words.split()) <= 3 or words in text for words in quoted)


def test_the_events_are_said_and_happened(soldiers: Trace) -> None:
    events = soldiers.events
    assert list(events["kind"]) == ["said"] * 16 + ["happened"] * 2
    happened = events.iloc[-2]
    assert happened["date"] == pd.Timestamp(2024, 10, 8)
    assert happened["what"] == "1,500 soldiers moved by sea, says the NIS (until 2024-10-13)"
    words = kit.plots.alt(kit.plots.timeline(events, dateline=soldiers.dateline))
    assert "18 Oct · South Korea's NIS: 12,000 soldiers" in words and "8 Oct · 1,500 soldiers" in words
    assert "26 Apr 2025 · Russia's chief of the general staff" in words


def test_the_thing_itself_is_named_and_not_it(soldiers: Trace) -> None:
    about = soldiers.known["what"]
    assert not about.str.contains(r"\bit\b(?! would)|\bthem\b").any()
    assert about.str.contains("soldiers|North Koreans").all()


@pytest.mark.parametrize("row", trace.load().drift_rows, ids=lambda row: row.unit)
@pytest.mark.parametrize("given", NAMES)
def test_a_wrong_kind_gets_rule_words_and_contrast(soldiers: Trace, row: trace_.Drift, given: str) -> None:
    note = soldiers.explain(row.unit, given, avoid=YOURS)
    if given in row.kinds:
        assert note == ""
        return
    kind = KINDS[NAMES.index(given)]
    assert kind.question in note and row.look in note
    compared = re.search(r"Compare (S\d\d|a made-up case)", note)[1]
    assert compared not in {row.unit, *YOURS}
    if compared.startswith("S"):
        assert next(other for other in soldiers.drift_rows if other.unit == compared).kinds == (given,)
    else:
        assert kind.example in note
    assert not {f"“{name}”" for name in row.kinds} & set(re.findall("“.*?”", note))


def test_the_check_explains_each_line(soldiers: Trace) -> None:
    lines = ["S09", "S22", "S23"]
    found = kit.check.drift({"S09": "Sense changed", "S22": "weaker", "S23": "lost"}, lines=lines, trace=soldiers)
    assert found.remarks["S09"].startswith("Fits the text. “Immediate” belonged to the ending.")
    assert found.remarks["S22"] == soldiers.explain("S22", "weaker", avoid=lines)
    assert list(found.remarks) == ["S09", "S22"]
    assert found.problems[0].startswith("S23: “lost” is not one of not found, into quotation")
    assert kit.check.drift({}, lines=lines, trace=soldiers).blanks == lines


FILE = (seeds.seeds() / "trace" / "soldiers.toml").read_text("utf-8")
BSS = next(line for line in FILE.splitlines(keepends=True) if "bssnews" in line)


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("format = 1", "format = 2", ["above all tables there must be the line “format = 1”"]),
        ("format = 1", "format = 1\nsteps = 1", ["“steps” is not known here; did you mean “step”?"]),
        ('kinds = ["weaker"]', 'kinds = "weaker"', ["drift number 4: “kinds” must be a list", '"weaker"']),
        (BSS, "", ["known number 14: “address” is missing"]),
        ("looked_up = 2026-11-29\n", "", ["step number 1: “looked_up” is missing"]),
        ("said = 2024-10-10", 'said = "2024-10-10"', ["known number 1: “said” must be a date such as 2024-10-19"]),
        ("said = 2024-10-10", "said = 2024-10-10T12:00:00", ["known number 1: “said” must be a date"]),
        ("[[step]]", "[[steps]]", ["“steps” is not known here"]),
        ('where = "', "where = ", ["this is not valid TOML"]),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_to_do(folder: Path, old: str, new: str, words: list[str]) -> None:
    found = faults(folder, old, new)
    assert all(re.match(r"soldiers\.toml(, line \d+)?: ", fault) and fault[-1] in ".?" for fault in found)
    for word in words:
        assert word in "\n".join(found)


def test_several_faults_are_named_at_once(folder: Path) -> None:
    file = folder / "soldiers.toml"
    file.write_text(file.read_text("utf-8").replace('unit = "S05"', "unit = 5").replace(BSS, ""))
    with pytest.raises(AnnotationError) as error:
        trace.load()
    assert len(error.value.faults) == 2


def test_no_trace_is_said_in_words(folder: Path) -> None:
    with pytest.raises(KitError, match=r"no trace of an article called “ferry”. Traces that are here: soldiers\."):
        trace.load("ferry")
    shutil.rmtree(folder)
    with pytest.raises(KitError, match=r"Traces that are here: none\."):
        trace.load()


def test_line_endings_do_not_matter(folder: Path, soldiers: Trace) -> None:
    file = folder / "soldiers.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert trace.load() == soldiers


def test_a_trace_beside_the_seeds_is_no_article(soldiers: Trace) -> None:
    with pytest.raises(KitError) as error:
        kit.load_article("trace")
    assert "trace," not in str(error.value) and "soldiers" in str(error.value)
