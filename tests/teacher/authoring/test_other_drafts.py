"""What another drafter has found is anchored in the article and proposed; what does not anchor is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit import commands
from kit.article.annotation_file import read as load
from kit.draft.rules_in_order import read
from kit.errors import KitError
from kit.teacher.authoring.drafting import line_of
from kit.teacher.authoring.other_drafts import with_others

ARTICLE = """Mayor quits

The mayor, Rosa Lind, said on Monday that she quits. “I am tired,” she said. “I have done what I could.”

The clerk, Tom Brack, denied a report that he would follow her. According to the police, nobody was hurt. He shrugged.
"""


def taken(*entries: Any, text: str | None = None) -> tuple[list[dict[str, list[str]]], tuple[str, ...]]:
    row = {"attributions": list(entries)} | ({} if text is None else {"text": text})
    reading, told = with_others(read(ARTICLE), json.dumps(row).encode(), "o.jsonl")
    found = [
        {part: [ARTICLE[a:b] for a, b in getattr(one, part)] for part in ("source", "cue", "content")}
        for one in reading.attributions
    ]
    return found, told


def test_our_own_lines_come_back_as_they_were() -> None:
    ours = read(ARTICLE)
    reading, told = with_others(ours, line_of("a", ARTICLE).encode(), "o.jsonl")
    assert reading == ours and told == ()


def test_words_are_found_whatever_their_blanks_marks_and_capitals() -> None:
    found, told = taken(
        {"source": "the mayor, Rosa Lind", "cue": "said", "content": "THAT she\nquits."},
        {"source": "she", "cue": "said", "content": ['"I am tired,"', '"I have done what I could."']},
    )
    assert told == ()
    assert found == [
        {"source": ["The mayor, Rosa Lind"], "cue": ["said"], "content": ["that she quits."]},
        {"source": ["she"], "cue": ["said"], "content": ["“I am tired,”", "“I have done what I could.”"]},
    ]


def test_of_several_places_the_nearest_is_taken() -> None:
    reading, _ = with_others(read(ARTICLE), b'[{"source": "she", "cue": "said", "content": "I am tired"}]', "o")
    (one,) = reading.attributions
    assert ARTICLE[one.cue[0][0] - 4 : one.cue[0][1]] == "she said" and one.cue[0][0] > ARTICLE.index("tired")
    assert one.source[0][1] + 1 == one.cue[0][0]


def test_offsets_in_another_copy_of_the_text_are_found_by_their_words() -> None:
    copy = "Blah. " + ARTICLE.replace("“", '"').replace("”", '"')
    at = copy.index("I am tired")
    found, told = taken({"source": None, "cue": None, "content": [[at, at + 10]]}, text=copy)
    assert (found, told) == ([{"source": [], "cue": [], "content": ["I am tired"]}], ())


def test_what_does_not_anchor_is_said_and_the_rest_is_kept() -> None:
    found, told = taken(
        {"source": "the clerk", "cue": "shrugged", "content": "that he does not care"},
        {"source": "Nobody Here", "cue": "denied", "content": "a report that he would follow her"},
        {"content": [[5, 2]]}, {"content": [[True, 9]]}, {"content": [[0, 99999]]}, {"content": ""}, {}, 7,
        {"cue": "denied", "content": "a report that he would follow her"},
    )  # fmt: skip
    assert [one["cue"] for one in found] == [["denied"]]
    assert [line.partition(":")[0] for line in told] == [f"o.jsonl, attribution {n}" for n in range(1, 10)]
    assert "its content does not stand in the article: that he does not care. The whole" in told[0]
    assert told[1].endswith("Nobody Here. It was taken without its source.")
    assert "has no content" in told[6] and "no object" in told[7] and "given before" in told[8]


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b'{"attributions": []}', "of its 0 attributions not one stands in this article."),
        (
            b'[{"content": "nothing of this"}]',
            "not one stands in this article. The first: o, attribution 1: its content",
        ),
        (b'\nSure! {"attributions": []}', "o, line 2: this is not JSON."),
        (b'{"attributions": [{"content": "x"', "o, line 1: this is not JSON."),
        (b'{"id": 1}', "o, line 1: this must be one object with “attributions”, a list."),
        (b"[" * 100_000, "o, line 1: this is not JSON."),
    ],
)
def test_what_cannot_be_taken_gets_one_sentence(data: bytes, part: str) -> None:
    with pytest.raises(KitError) as refused:
        with_others(read(ARTICLE), data, "o")
    assert part in str(refused.value) and "\n" not in str(refused.value)


def test_the_line_on_this_text_is_taken_from_many() -> None:
    other = {"id": "b", "text": "Other.", "attributions": [{"content": "Mayor quits"}]}
    data = f"{json.dumps(other)}\n{line_of('a', ARTICLE)}\n".encode()
    assert with_others(read(ARTICLE), data, "o")[0] == read(ARTICLE)


def test_a_draft_of_it_holds_and_nothing_in_it_is_sure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mayor.txt").write_text(ARTICLE, "utf-8")
    entries = [
        {"source": "Tom Brack", "cue": "denied", "content": "a report that he would follow her"},
        {"source": "The mayor, Rosa Lind", "cue": "murmured", "content": "He shrugged"},
    ]
    fenced = f"```json\n{json.dumps({'attributions': entries}, indent=1)}\n```\n"
    (tmp_path / "o.jsonl").write_text(fenced, "utf-8")
    words = ["draft", str(tmp_path / "mayor.txt"), "--from", str(tmp_path / "o.jsonl"), "--dateline", "2026-03-04"]
    assert commands.main(words) == 0
    path = tmp_path / "mayor.toml"
    whole = load(path)
    assert "o.jsonl" in path.read_text("utf-8").partition("\n")[0]
    by_quote = {claim.quote: claim for claim in whole.claims}
    assert by_quote["a report that he would follow her"].status == "denied"
    assert by_quote["He shrugged"].source == "lind"
    assert {claim.proposed for claim in whole.claims} <= {"likely", "guess"}
    assert "o.jsonl, attribution 2: its cue does not stand in the article: murmured." in capsys.readouterr().err
    assert commands.main([*words, "--format", "jsonl"]) == 1
