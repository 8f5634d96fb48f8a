"""Several annotations side by side: which claims are taken for the same one, how far they agree, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kit import commands
from kit.article.records import Claim
from kit.errors import AnnotationError, KitError
from kit.teacher.authoring import comparing
from kit.teacher.authoring.comparing import Match, gather, matches, overlap

DATA = Path(__file__).parents[2] / "data/annotators"


def edit(path: Path, *edits: tuple[str, str]) -> Path:
    text = path.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8", newline="\n")
    return path


def given(folder: Path, *names: str) -> list[Path]:
    return [folder / f"{name}.toml" for name in names]


def pairs(folder: Path, *names: str) -> list[dict[str, str]]:
    return [{name[:3]: c.id for name, c in m.claims.items()} for m in matches(gather(given(folder, *names)))]


def test_claims_are_matched_by_unit_and_words() -> None:
    found = pairs(DATA, "ada", "ben")
    same = ["M2a", "M2b", "M3a", "M4a", "M4b", "M6a", "M6b"]
    assert [m for m in found if len(m) == 2] == [
        {"ada": "M1a", "ben": "M1x"}, {"ada": "M1b", "ben": "M1y"}, *({"ada": i, "ben": i} for i in same[:5]),
        {"ada": "M5a", "ben": "M5b"}, *({"ada": i, "ben": i} for i in same[5:]),
    ]  # fmt: skip
    assert [m for m in found if len(m) == 1] == [{"ben": "M5a"}, {"ada": "M7a"}]


def test_every_claim_of_every_file_stands_in_exactly_one_match() -> None:
    people = gather(given(DATA, "ben", "cem", "ada"))
    found = matches(people)
    for name, whole in people.items():
        mine = [m.claims[name].id for m in found if name in m.claims]
        assert sorted(mine) == sorted(c.id for c in whole.claims)
    assert [m.first.start for m in found] == sorted(m.first.start for m in found)


def test_a_third_file_is_held_against_the_first_that_has_the_claim(folder: Path) -> None:
    # Ada has neither of the two; Ben and Cem both have the first.
    edit(folder / "cem.toml", ('quote = "the damage"', 'quote = "The builders"'))
    assert {"ben": "M5a", "cem": "M5b"} in pairs(folder, "ada", "ben", "cem")


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ((0, "The town said on Monday"), (0, "The town said"), 0.75),
        ((0, "town said"), (5, "said it is so"), 1 / 3),
        ((0, "town"), (9, "town"), 0.0),
        ((0, "so it is"), (0, "so it is,"), 1.0),
        ((0, "—"), (0, "—"), 0.0),
    ],
)
def test_overlap_is_twice_the_common_words_over_all(one: tuple[int, str], other: tuple[int, str], share: float) -> None:
    a, b = (Claim("a", "U", quote, start=start, end=start + len(quote)) for start, quote in (one, other))
    assert overlap(a, b) == overlap(b, a) == pytest.approx(share)


@pytest.mark.parametrize(("words", "matched"), [("hall will close in June", True), ("in June", False)])
def test_half_of_the_words_is_enough(words: str, matched: bool, folder: Path) -> None:
    edit(folder / "ben.toml", ('quote = "the market hall will close in June"', f'quote = "{words}"'))
    first, other = (whole.claims[3] for whole in gather(given(folder, "ada", "ben")).values())
    assert (overlap(first, other) >= 0.5) is matched
    assert ({"ada": "M2b", "ben": "M2b"} in pairs(folder, "ada", "ben")) is matched


def test_a_claim_has_one_counterpart_and_the_closest_goes_first(folder: Path) -> None:
    more = '[[claim]]\nid = "M2c"\nunit = "M2"\nquote = "will close in June"\nblank = true\n\n'
    edit(folder / "ben.toml", ('[[claim]]\nid = "M2b"', more + '[[claim]]\nid = "M2b"'))
    found = pairs(folder, "ada", "ben")
    assert {"ada": "M2b", "ben": "M2b"} in found and {"ben": "M2c"} in found


def test_sources_are_the_same_by_name_or_else_by_id(folder: Path) -> None:
    ben = gather(given(folder, "ada", "ben"))["ben.toml"]
    assert {s.id for s in ben.sources} == {"town", "solm", "builders"}
    assert ben.claims[5].chain == ("solm", "article")
    edit(folder / "ben.toml", ('name = "the builders"', 'name = "two masons"'), ('id = "firm"', 'id = "builders"'))
    text = (folder / "ben.toml").read_text("utf-8").replace('"firm"', '"builders"')
    (folder / "ben.toml").write_text(text, "utf-8", newline="\n")
    assert "builders" in {s.id for s in gather(given(folder, "ada", "ben"))["ben.toml"].sources}


def test_an_id_that_is_taken_by_name_is_not_used_for_another(folder: Path) -> None:
    # Ben calls the town “solm”, and the baker “town”: names decide.
    text = (folder / "ben.toml").read_text("utf-8").replace('"velbrook"', '"solm"').replace('"baker"', '"town"')
    (folder / "ben.toml").write_text(text, "utf-8", newline="\n")
    ben = gather(given(folder, "ada", "ben"))["ben.toml"]
    assert {s.name: s.id for s in ben.sources} == {
        "The town of Velbrook": "town", "Runa Solm": "solm", "the builders": "builders",
    }  # fmt: skip


def _one(folder: Path) -> list[Path]:
    return given(folder, "ada")


def _twice(folder: Path) -> list[Path]:
    return [folder / "ada.toml", folder / "../annotators/ada.toml"]


def _copied(folder: Path) -> list[Path]:
    return [folder / "ada.toml", Path(shutil.copy(folder / "ada.toml", folder / "eve.toml"))]


def _other_text(folder: Path) -> list[Path]:
    return [folder / "ada.toml", Path(__file__).parents[3] / "seeds/pool.toml"]


def _other_units(folder: Path) -> list[Path]:
    whole = 'text = "The builders could not confirm the damage."'
    edit(folder / "ben.toml", (whole, 'text = "The builders could not confirm the damage"'))
    return given(folder, "ada", "ben")


def _fewer_units(folder: Path) -> list[Path]:
    last = '[[unit]]\nid = "M7"\nparagraph = 2\ntext = "The hall is the oldest in the valley."\n'
    edit(folder / "ben.toml", (last, ""))
    return given(folder, "ada", "ben")


REFUSED = {
    "one file": (_one, "Give two files or more, one from each person"),
    "one file twice": (_twice, "ada.toml is given twice"),
    "a copy": (_copied, "eve.toml is a copy of ada.toml, byte for byte"),
    "different texts": (_other_text, "annotate different texts (market.txt and pool.txt)"),
    "different units": (_other_units, "cut the text into different units, first at M5."),
    "fewer units": (_fewer_units, "cut the text into different units at its end."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_compared_is_refused_in_one_sentence(name: str, folder: Path) -> None:
    make: Callable[[Path], list[Path]] = REFUSED[name][0]
    with pytest.raises(KitError) as caught:
        gather(make(folder))
    assert REFUSED[name][1] in str(caught.value) and len(str(caught.value).splitlines()) == 1


def test_the_faults_of_all_files_are_named_at_once(folder: Path) -> None:
    edit(folder / "ada.toml", ('status = "denied"', 'status = "denyed"'))
    edit(folder / "cem.toml", ('source = "town"', 'source = "twon"'))
    with pytest.raises(AnnotationError) as caught:
        gather([*given(folder, "ada", "ben", "cem"), folder / "none.toml"])
    assert [fault.partition(":")[0].partition(",")[0] for fault in caught.value.faults] == [
        "ada.toml", "cem.toml", "none.toml",
    ]  # fmt: skip


def test_files_of_one_name_are_told_apart_by_their_paths(folder: Path) -> None:
    other = folder / "other"
    other.mkdir()
    shutil.copy(folder / "market.txt", other)
    shutil.copy(folder / "ben.toml", other / "ada.toml")
    assert list(gather([folder / "ada.toml", other / "ada.toml"])) == [
        str(folder / "ada.toml"), str(other / "ada.toml"),
    ]  # fmt: skip


def test_what_is_blank_or_not_accepted_gives_no_answer(folder: Path) -> None:
    edit(folder / "ben.toml", ('why = "She complains."', 'why = "She complains."\nproposed = "likely"'))
    found = next(m for m in matches(gather(given(folder, "ada", "ben"))) if m.first.id == "M4a")
    assert found.answers("status") == {"ada.toml": "denied"}
    assert found.answered("ada.toml") and not found.answered("ben.toml") and not found.answered("eve.toml")


def found(*names: str, folder: Path = DATA) -> tuple[tuple[Match, ...], list[str]]:
    people = gather([folder / f"{name}.toml" for name in names])
    return matches(people), list(people)


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
    assert "\nstatus             11        84%" in out
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
    assert "\nstatus              8" in out and "M4a “" not in out


def test_the_command_says_so_where_nothing_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twin = folder / "eve.toml"
    twin.write_text("# Eve's copy, with another remark.\n" + (folder / "ada.toml").read_text("utf-8"), "utf-8")
    out, _ = run(capsys, folder / "ada.toml", twin)
    assert "There is no claim to talk about" in out and "asserted           1       1.00" in out
