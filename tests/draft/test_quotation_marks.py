"""Single quotation marks are told from apostrophes; what is found stands in the text as it was given."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest
from marked import unmark

from kit.article.annotation_file import read
from kit.draft.quotation_marks import doubled
from kit.draft.rules_in_order import attributions
from kit.teacher.authoring import drafting


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("‘We will,’ she said, ‘go on.’", "“We will,” she said, “go on.”"),
        ("'We won't,' she said. 'It's late.'", "“We won't,” she said. “It's late.”"),
        ("It was ‘not true’, he said.", "It was “not true”, he said."),
        ("‘They called her “our Jean”. They did.’", "“They called her ‘our Jean’. They did.”"),
        ("‘The soldiers’ camp is shut,’ he said.", "“The soldiers’ camp is shut,” he said."),
        ("The ‘experts’ know the ministers’ plan.", "The “experts” know the ministers’ plan."),
        ("‘Rock ’n’ roll,’ he said. ‘Goin’ home.’", "“Rock ’n’ roll,” he said. “Goin’ home.”"),
        ("'Tell 'em of the '90s,' he said.", "“Tell 'em of the '90s,” he said."),
        ("‘One. The boys’ club.\n\n‘Two,’ he said.", "“One. The boys’ club.\n\n“Two,” he said."),
        ("(‘no’) and anti-‘woke’ – ‘yes’", "(“no”) and anti-“woke” – “yes”"),
    ],
)
def test_single_marks_are_read_as_double_ones(text: str, read_as: str) -> None:
    assert doubled(text) == read_as


@pytest.mark.parametrize(
    "text",
    [
        "It’s the soldiers’ fault, and the '90s weren't Jones' best years.",
        "Tell 'em that rock 'n' roll is dead, said the ol' man, goin' home.",
        "“He said ‘no’ to us,” she said. “It's ‘over.’”",
        "\"He said 'no' to us,\" she said.",
        "``He said 'no','' she wrote.",
        "A man of 6' 2\" and a pipe of 5' left.",
        "The company 's plan , he said , is not the workers ' , and they 're late . It 's over .",
        "'Til then, 'twas the players' bus.",
        "He was born in '68 and left the players' bus.",
        "",
    ],
)
def test_apostrophes_and_what_is_nested_in_double_marks_stay(text: str) -> None:
    assert doubled(text) == text


def test_a_thousand_open_marks_take_no_time_to_speak_of() -> None:
    start = time.process_time()
    for text in ("‘a " * 20_000, "“ " * 20_000, "‘as’ a" + "s’ a" * 20_000, ",'" * 20_000):
        assert len(doubled(text)) == len(text)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "marked",
    [
        "[T1 ‘We left,’] [S1 he] [C1 said], [T1 ‘and they stayed’]. He nodded.",
        "[T1 ‘The plan is dead’], [C1 said] [S1 Ruth Amsel, the soldiers’ lawyer].",
        "[S1 The mayor] [C1 called] [T1 the plan ‘a gift to the cheats’].",
        "[S1 She] [C1 said]: [T1 'It isn't ours. It's theirs.']",
    ],
)
def test_they_carry_what_is_said(marked: str) -> None:
    text, (given,) = unmark(marked)
    (one,) = attributions(text)
    assert [[text[a:b].strip(" ,") for a, b in part] for part in (one.source, one.cue, one.content)] == [
        [text[a:b].strip(" ,") for a, b in part] for part in (given.source, given.cue, given.content)
    ]


@pytest.mark.parametrize("text", ["The ‘blue lane’ is shut.", "The 'lost' survey is long."])
def test_a_word_in_marks_is_no_attribution(text: str) -> None:
    assert attributions(text) == ()


def test_a_draft_keeps_the_marks_of_its_text(tmp_path: Path) -> None:
    text = "‘Nobody “came”,’ said Petra Holm. It was ‘late’, she said."
    made = drafting.annotated(text, slug="a", headline="", dateline=datetime.date(2024, 10, 19))
    whole = read(drafting.write(made, text.encode(), tmp_path, "a"))
    assert [unit.text for unit in whole.units] == ["‘Nobody “came”,’ said Petra Holm.", "It was ‘late’, she said."]
    contents = [claim for claim in whole.claims if claim.layer == "content"]
    assert [claim.quote for claim in contents] == ["Nobody “came”", "It was ‘late’"]
    assert [claim.quote_type for claim in contents] == ["direct", "mixed"]
