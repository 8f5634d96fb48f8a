"""The pages for the teacher: nothing in them contradicts the seeds, the glossary or the clock."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kit.article import codebook, seeds
from kit.article.annotation_file import read
from kit.check.feedback import misconceptions
from kit.questions import read as read_page
from kit.setup import places

FOLDER = Path(__file__).parents[1] / "docs" / "teaching"
HOURS = sorted(FOLDER.glob("hour_*.md"))


def claims(*slugs: str) -> set[str]:
    return {name for slug in slugs for name in read(seeds.seeds() / f"{slug}.toml").by_id}


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]


@pytest.mark.parametrize("page", HOURS, ids=lambda page: page.stem)
def test_the_minutes_of_an_hour_follow_each_other_and_fill_it(page: Path) -> None:
    text = page.read_text("utf-8")
    for length in (45, 90):
        table = re.search(rf"^## {length} minutes$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        assert table
        spans = [tuple(map(int, m)) for m in re.findall(r"^\| (\d+)–(\d+) \|", table.group(1), re.MULTILINE)]
        assert spans[0][0] == 0 and spans[-1][1] == length
        assert all(start < end for start, end in spans)
        assert all(before[1] == after[0] for before, after in pairwise(spans))


def test_expected_answers_name_real_misconceptions_and_real_claims() -> None:
    text = (FOLDER / "expected_answers.md").read_text("utf-8")
    found = [row for row in rows(text) if len(row) == 3 and row[0] != "they say" and not row[0].startswith("---")]
    named = {row[1] for row in found if row[1]}
    assert named == set(misconceptions())
    known = claims("soldiers", "pool", "sentences")
    ids = set(re.findall(r"\b(?:[SC]\d\d[a-z]|[A-D][1-8])\b", text))
    assert len(ids) > 20 and ids <= known, ids - known
    assert all(f"## Lesson {number}" in text for number in range(9))


def test_the_table_of_misconceptions_names_each_of_them_and_each_lesson() -> None:
    text = (FOLDER / "README.md").read_text("utf-8").partition("## Which lesson meets which misconception")[2]
    met = {row[0]: set(re.split(" · ", row[1])) for row in rows(text.partition("\n## ")[0]) if re.match(r"0\d", row[0])}
    lessons = [read_page(path) for path in sorted(places.notebooks().glob("*.ipynb"))]
    assert set(met) <= {f"0{page.number} {page.title.lower()}" for page in lessons}
    quoted = {name if name[0] == "“" else f"“{name}”" for name in misconceptions()}
    assert set().union(*met.values()) == quoted


def test_the_sheets_hold_every_sentence_with_its_words_in_bold_and_the_keys_every_label() -> None:
    text = (FOLDER / "tests.md").read_text("utf-8")
    straight = text.replace("“", '"').replace("”", '"')
    annotation = read(seeds.seeds() / "sentences.toml")
    units = {unit.id: unit.text for unit in annotation.units}
    assert len(annotation.claims) == 32
    for claim in annotation.claims:
        sentence = units[claim.unit].replace(claim.quote, f"**{claim.quote}**")
        assert f"| {claim.id} | {sentence} |" in straight, claim.id
        (right,) = claim.accepts("status")
        assert f"| {claim.id} | `{right}` | {claim.why} |" in straight, claim.id


def test_no_key_stands_on_a_page_with_a_sheet() -> None:
    pages = (FOLDER / "tests.md").read_text("utf-8").split('<div style="break-before: page"></div>')[1:]
    heads = [re.findall(r"^## (.+)$", page, re.MULTILINE) for page in pages]
    assert heads == [[f"{what} {form}"] for what in ("Sheet", "Key") for form in "ABCD"]
    for page in pages[:4]:
        assert not any(f"`{name}`" in page for name in codebook.names("status"))
