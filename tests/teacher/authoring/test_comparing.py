"""How far annotators agree: what is counted, what is said in words, and which claims come first."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kit import commands
from kit.errors import KitError
from kit.teacher.authoring import comparing
from kit.teacher.authoring.comparing import Match, gather, matches

DATA = Path(__file__).parents[2] / "data/annotators"


def found(*names: str, folder: Path = DATA) -> tuple[tuple[Match, ...], list[str]]:
    people = gather([folder / f"{name}.toml" for name in names])
    return matches(people), [person.name for person in people]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "annotators"))


def test_ratings_are_claims_by_annotators_with_none_for_no_answer() -> None:
    frame = comparing.ratings(*found("ada", "ben", "cem"), "status")
    assert list(frame.columns) == ["ada.toml", "ben.toml", "cem.toml"] and frame.index.name == "claim"
    assert list(frame.loc["M4a"]) == ["denied", "stance", "stance"]
    assert list(frame.loc["M7a"]) == ["asserted", None, "alleged"]


@pytest.mark.parametrize("field", ["source", "content_type"])
def test_what_the_layer_settles_is_asked_of_contents_only(field: str) -> None:
    frame = comparing.ratings(*found("ada", "ben"), field)
    assert list(frame.index) == ["M1a", "M2b", "M3a", "M4a", "M5a", "M6a", "M7a"]


def test_agreement_per_field_is_that_of_the_answers() -> None:
    table = comparing.compared_fields(*found("ada", "ben"))
    assert list(table.index) == list(comparing.COMPARED) and list(table.columns)[:2] == ["claims", "percent"]
    # Ten claims in both; Ben has another status on M2b and M4a, another cue class on M3a.
    assert table.loc["status", ["claims", "percent"]].tolist() == [10, 0.8]
    assert table.loc["cue_class", "percent"] == 0.9
    assert table.loc["content_type", ["claims", "percent"]].tolist() == [6, pytest.approx(5 / 6)]
    # By hand: chance gives (1*2 + 1*0 + 1*1 + 4*5 + 3*2) / 100 = 0.29.
    assert table.loc["status", "kappa"] == pytest.approx((0.8 - 0.29) / (1 - 0.29))
    # By hand (Krippendorff 2011): 20 answers, 4 in pairs that differ; 3, 1, 2, 9 and 5 of each label.
    pairs = 20 * 19 - sum(n * (n - 1) for n in (3, 1, 2, 9, 5))
    assert table.loc["status", "alpha"] == pytest.approx(1 - 19 * 4 / pairs)
    assert table.loc["status", "low"] < table.loc["status", "alpha"] < table.loc["status", "high"]


def test_one_label_is_undefined_and_never_full_agreement(folder: Path) -> None:
    for name in ("ada", "ben"):
        path = folder / f"{name}.toml"
        path.write_text(path.read_text("utf-8").replace('evidence = "shown"\n', ""), "utf-8", newline="\n")
    row = comparing.compared_fields(*found("ada", "ben", folder=folder)).loc["evidence"]
    assert row["percent"] == 1 and np.isnan(row["kappa"]) and np.isnan(row["alpha"])
    assert "undefined: every answer is the same label" in row["note"]


def test_labels_nobody_gave_have_no_cases() -> None:
    table = comparing.labels(*found("ada", "ben"))
    assert table.loc["asserted", "note"] == "no cases" and pd.isna(table.loc["asserted", "specific"])
    assert table.loc["denied", ["cases", "specific"]].tolist() == [1, 0.0]
    assert list(comparing.labels(*found("ada", "ben"), "source").index) == [
        "town", "none", "solm", "builders", "author",
    ]  # fmt: skip


def test_a_field_that_is_not_compared_is_refused() -> None:
    with pytest.raises(KitError, match="“statsu” is not a field that is compared; did you mean “status”"):
        comparing.labels(*found("ada", "ben"), "statsu")


def test_the_widest_differences_come_first() -> None:
    apart = comparing.differences(found("ada", "ben")[0])
    assert [(one.match.first.id, one.distance) for one in apart] == [("M4a", 1.0), ("M2b", 0.5), ("M3a", 0.0)]
    assert apart[1].fields == {"status": {"ada.toml": "alleged", "ben.toml": "confirmed (also alleged)"}}
    three = comparing.differences(found("ada", "ben", "cem")[0])
    assert [one.match.first.id for one in three] == ["M7a", "M4a", "M2b", "M3a"]
    assert three[2].distance == pytest.approx((0.5 + 1 + 0) / 3)


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[str, str]:
    assert commands.main(["agree", *map(str, arguments)]) == 0
    return capsys.readouterr()


def test_the_command_shows_numbers_labels_and_claims_to_talk_about(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, *(DATA / f"{name}.toml" for name in ("ada", "ben", "cem")))
    assert "In all files: 10 of 13 claims." in out
    assert "\nstatus            11       84%" in out
    assert "M4a “Nobody asked us”\n  status        ada.toml: denied; ben.toml, cem.toml: stance\n" in out
    assert "in ada.toml and cem.toml: M7a “The hall is the oldest in the valley”" in out
    assert "It is not a survey of readers." in out
    assert max(map(len, out.splitlines())) <= 100 and "nan" not in out.lower()


def test_the_command_says_what_is_blank_or_not_accepted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "ben.toml"
    text = path.read_text("utf-8")
    for why, mark in (("She complains.", "guess"), ("Nobody is named.", "sure")):
        text = text.replace(f'why = "{why}"', f'why = "{why}"\nproposed = "{mark}"')
    head, _, tail = text.partition('quote = "The builders"\n')
    blank = head.removesuffix('layer = "act"\n') + 'quote = "The builders"\nblank = true\n'
    text = blank + tail[tail.index("\n[[claim]]") :]
    path.write_text(text, "utf-8", newline="\n")
    out, _ = run(capsys, folder / "ada.toml", path)
    assert "2 of them are proposals that no person has accepted yet, and left out of the count." in out
    assert "1 of them is blank and left out of the count." in out
    assert "\nstatus             8" in out and "M4a “" not in out


def test_the_command_says_so_where_nothing_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twin = folder / "eve.toml"
    twin.write_text("# Eve's copy, with another remark.\n" + (folder / "ada.toml").read_text("utf-8"), "utf-8")
    out, _ = run(capsys, folder / "ada.toml", twin)
    assert "There is no claim to talk about" in out and "asserted           1      1.00" in out
