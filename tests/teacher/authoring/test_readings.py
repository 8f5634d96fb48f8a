"""Several annotations side by side: which claims are taken for the same one, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.article.records import Claim
from kit.errors import AnnotationError, KitError
from kit.teacher.authoring.comparing import OVERLAP, gather, matches, overlap

DATA = Path(__file__).parents[2] / "data/annotators"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the text and the three annotations of it."""
    return Path(shutil.copytree(DATA, tmp_path / "annotators"))


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
    for person in people:
        mine = [m.claims[person.name].id for m in found if person.name in m.claims]
        assert sorted(mine) == sorted(c.id for c in person.annotation.claims)
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
    first, other = (p.annotation.claims[3] for p in gather(given(folder, "ada", "ben")))
    assert (overlap(first, other) >= OVERLAP) is matched
    assert ({"ada": "M2b", "ben": "M2b"} in pairs(folder, "ada", "ben")) is matched


def test_a_claim_has_one_counterpart_and_the_closest_goes_first(folder: Path) -> None:
    more = '[[claim]]\nid = "M2c"\nunit = "M2"\nquote = "will close in June"\nblank = true\n\n'
    edit(folder / "ben.toml", ('[[claim]]\nid = "M2b"', more + '[[claim]]\nid = "M2b"'))
    found = pairs(folder, "ada", "ben")
    assert {"ada": "M2b", "ben": "M2b"} in found and {"ben": "M2c"} in found


def test_sources_are_the_same_by_name_or_else_by_id(folder: Path) -> None:
    _, ben = gather(given(folder, "ada", "ben"))
    assert {s.id for s in ben.annotation.sources} == {"town", "solm", "builders"}
    assert ben.annotation.claims[5].chain == ("solm", "article")
    edit(folder / "ben.toml", ('name = "the builders"', 'name = "two masons"'), ('id = "firm"', 'id = "builders"'))
    text = (folder / "ben.toml").read_text("utf-8").replace('"firm"', '"builders"')
    (folder / "ben.toml").write_text(text, "utf-8", newline="\n")
    assert "builders" in {s.id for s in gather(given(folder, "ada", "ben"))[1].annotation.sources}


def test_an_id_that_is_taken_by_name_is_not_used_for_another(folder: Path) -> None:
    # Ben calls the town “solm”, and the baker “town”: names decide.
    text = (folder / "ben.toml").read_text("utf-8").replace('"velbrook"', '"solm"').replace('"baker"', '"town"')
    (folder / "ben.toml").write_text(text, "utf-8", newline="\n")
    _, ben = gather(given(folder, "ada", "ben"))
    assert {s.name: s.id for s in ben.annotation.sources} == {
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
    assert [p.name for p in gather([folder / "ada.toml", other / "ada.toml"])] == [
        str(folder / "ada.toml"), str(other / "ada.toml"),
    ]  # fmt: skip


def test_what_is_blank_or_not_accepted_gives_no_answer(folder: Path) -> None:
    edit(folder / "ben.toml", ('why = "She complains."', 'why = "She complains."\nproposed = "likely"'))
    found = next(m for m in matches(gather(given(folder, "ada", "ben"))) if m.first.id == "M4a")
    assert found.answers("status") == {"ada.toml": "denied"}
    assert found.answered("ada.toml") and not found.answered("ben.toml") and not found.answered("eve.toml")
