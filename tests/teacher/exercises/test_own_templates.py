"""What the notebooks of a course say: the kit's own words where they are general, and the article's elsewhere."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
import tomlkit

from kit.article import seeds
from kit.errors import KitError
from kit.questions import read, role
from kit.setup import places
from kit.teacher.exercises.keys import KeyedQuestion
from kit.teacher.exercises.own_course import pages
from kit.teacher.exercises.own_selection import divided
from kit.teacher.exercises.own_templates import cited, page, plain

FERRY = seeds.seeds() / "ferry.toml"
KITS_OWN = re.compile(
    r"\bS\d\d[a-z]?\b|Korea|Zelensk|NATO|Rutte|Yonhap|Reuters|Pyongyang|[Ss]oldiers|foreign-office|noticed"
)
ANOTHER_ARTICLE = {"hand-shown", "hand-worked"}
"""Six claims of the kit's article, marked as such, to be counted by hand."""


def texts(notebook: Any) -> dict[str, str]:
    """Cell to everything in it that came from the kit or from the article."""
    return {cell.id: f"{cell.source}\n{json.dumps(cell.metadata, ensure_ascii=False)}" for cell in notebook.cells}


def edited(folder: Path, change: Callable[[dict[str, Any]], None], swap: Callable[[str], str] = str) -> Path:
    """The ferry with other claims, or other words."""
    data = tomllib.loads(FERRY.read_text("utf-8"))
    body = swap((FERRY.parent / "ferry.txt").read_text("utf-8"))
    for row in (*data["unit"], *data["claim"]):
        row |= {name: swap(row[name]) for name in ("text", "quote") if name in row}
    change(data)
    data["article"] |= {"text": "other.txt", "sha256": hashlib.sha256(body.encode()).hexdigest()}
    (folder / "other.txt").write_text(body, "utf-8", newline="")
    (folder / "other.toml").write_text(tomlkit.dumps(data), "utf-8")
    return folder / "other.toml"


def only_contents(data: dict[str, Any]) -> None:
    data["claim"] = [claim for claim in data["claim"] if claim["layer"] == "content"]


def no_denial_no_hedge(data: dict[str, Any]) -> None:
    data["claim"] = [c for c in data["claim"] if c["status"] != "denied" and not c.get("hedge")]


def as_it_is(data: dict[str, Any]) -> None:
    pass


def a_tweet(data: dict[str, Any]) -> None:
    for source in data["source"]:
        source["name"] = "A Tweet"


def in_two_pairs_of_marks(text: str) -> str:
    return text.replace("A ferry comes in late", 'A "late" ferry').replace("saw smoke", 'saw "a lot of smoke."')


EDGES = {
    "the ferry": (as_it_is, str),
    "a speaker without a name, and marks within marks": (a_tweet, in_two_pairs_of_marks),
    "no act at all": (only_contents, str),
    "no denial and no hedge": (no_denial_no_hedge, str),
    "letters that mean something to Markdown, Jinja and Python": (
        as_it_is,
        lambda text: text.replace("forty years old", r"$2 for *a_b* and $3 | `x` <b> {{ y }} {% z \n''' "[:-1]),
    ),
}


ARTICLES = Path(__file__).parents[2] / "data" / "articles"
EVERY = (*sorted(seeds.seeds().glob("*.toml")), *sorted(ARTICLES.glob("*/*.toml")))
LABELLED = {path.stem: path for path in EVERY if path != FERRY}
FEW = {"bison", "falls"}
"""Articles with so few labels of different kinds that most exercises are left out."""


@pytest.fixture(scope="module", params=[*EDGES, *LABELLED])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, draw: Any) -> Any:
    folder = tmp_path_factory.mktemp("edge")
    return draw(LABELLED.get(request.param) or edited(folder, *EDGES[request.param]), folder)


def test_a_course_has_its_lessons_and_its_exercises(made: Any) -> None:
    names = [Path(name).name for name in made[2]]
    assert names[-5:] == [path.name for path in sorted(places.notebooks().glob("0[1-5]_*.ipynb"))]
    assert (2 if made[0].facts.slug in FEW else 3) <= len(names[:-5]) <= 5


def test_nothing_of_the_kits_own_article_is_left(made: Any) -> None:
    for name, notebook in made[2].items():
        for cell, text in texts(notebook).items():
            if cell not in ANOTHER_ARTICLE:
                mine = made[0].units[0].id.startswith("S")  # as the kit's own article has them
                assert mine or not KITS_OWN.search(text.replace('"soldiers").passes', "")), (name, cell)


SILLY = {
    "a heading over nothing": r"(?m)^#+ [^\n]+\n+(?:#|\Z)",
    "a table without a row": r"\| ---[ |-]*\n+(?!\|)",
    "an answer without a line": r"= \{\s*\}",
    "one label of one": r"One label is given\.[^|]*\| claim.*\n.*\n.*\n(?!\|)",
    "none, and yet some": r"none in these sentences\. +\w",
    "a stop after a stop": r"(?<![A-Z])[.,;:?!][”’\"]*[.,;?!](?!\.)",
    "a colon over nothing": r"(?m)`: *$",
    "a sentence that begins small": r"(?m)^\[(?!code)[a-z]",
    "each of one": r"each of the (?:claims|propositions|statuses) [^ ,;.]+(?:, and|[;. (])",
    "equal marks within marks": r"“[^”]*[“\"]",
    "the capital of a sentence's beginning": r"A Tweet",
    "a heading of more than 14 words": r"(?m)^#+(?: +[^\s|]+){15}",
}


def test_no_sentence_is_silly(made: Any) -> None:
    for name, notebook in made[2].items():
        prose = "\n\n".join(c.source if c.cell_type == "markdown" else "[code]" for c in notebook.cells)
        for given, instead in ((r"(?s)```.*?```", "[code]"), (r"`[^`\n]+`", "`code`"), (r"\]\(\S+\)", "]")):
            prose = re.sub(given, instead, prose)
        # The words of the article in a quotation or a table stand as they are.
        ours = re.sub(r"(?m)^[>|].*$", "", prose)
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        for kind, words in SILLY.items():
            text = code if "an answer" in kind else ours if re.search("stop|marks", kind) else prose
            if found := re.search(words, text):
                pytest.fail(f"{kind}: {name}: {text[max(0, found.start() - 90) : found.end() + 30]}")


@pytest.mark.parametrize(
    "words, shown",
    [
        ('as "tavern gossip."', "“as ‘tavern gossip’”"),
        ("“That” is so;", "“‘That’ is so”"),
        ("at 11:40 p.m.", "“at 11:40 p.m.”"),
        ("who «speaks»?", "“who ‘speaks’?”"),
    ],
)
def test_words_are_cited_with_other_marks_within(words: str, shown: str) -> None:
    assert cited(words) == shown


def test_no_status_is_asked_twice_and_lesson_5_asks_what_was_not_shown(made: Any) -> None:
    second, fifth = (next(texts(n) for name, n in made[2].items() if f"lessons/{at}" in name) for at in ("02", "05"))
    ids = {
        cell: set(re.findall(r'^    "(\w+)": ', text, re.MULTILINE))
        for cell, text in second.items()
        if cell in ("step-1-answer", "step-2-answer", "step-3-answer")
    }
    ids["aloud"] = set(re.findall(r"^\| (\w+) \|", second["aloud"], re.MULTILINE)) - {"claim"}
    ids["lesson 5"] = set(re.findall(r'^    "(\w+)": ', fifth["step-1-answer"], re.MULTILINE))
    assert all(ids.values())
    assert sum(map(len, ids.values())) == len(set().union(*ids.values()))


def test_lesson_3_asks_nothing_that_it_has_given_away(made: Any) -> None:
    third = next(texts(n) for name, n in made[2].items() if "lessons/03" in name)
    aloud = set(re.findall(r'"(\w+)"', third["aloud-chains"].partition(".loc[")[2].partition("]")[0]))
    assert aloud and not aloud & set(re.findall(r'^    "(\w+)": ', third["cues-answer"], re.MULTILINE))
    for last in re.findall(r'\{"(\w+)": \[', third.get("ticket-chain-answer", "")):
        assert f'"{last}"' not in third["picture-shown"] + third["step-one-answer"] and last not in aloud


def test_every_notebook_keeps_its_form(made: Any) -> None:
    for name, notebook in made[2].items():
        nbformat.validate(notebook)
        prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        heads = [(len(marks), words) for marks, words in re.findall(r"^(#+) (.+)$", prose, re.MULTILINE)]
        levels = [level for level, _ in heads]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
        assert len(set(heads)) == len(heads), name
        assert not re.search(r"\n\n\n|\{%|https?://", prose.replace(r"{% z", "")), name
        for cell in notebook.cells:
            assert cell.source.strip()
            if cell.cell_type == "code":
                ast.parse(cell.source)
                assert len(cell.source.splitlines()) <= (16 if cell.id != "spans-given" else 24), (name, cell.id)
        if "lessons" in name:
            assert [words for level, words in heads if level == 2][-3:] == ["Key points", "Exit ticket", "Next"]


def test_links_lead_to_what_the_course_has(made: Any) -> None:
    there = {f"../exercises/{Path(n).name}" for n in made[2] if "solutions" in n}
    there |= {Path(name).name for name in made[2] if "lessons" in name}
    for name, notebook in made[2].items():
        prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert set(re.findall(r"\]\(([^)\s]+ipynb)\)", prose)) <= there, name


def test_the_questions_are_numbered_and_counted_anew(made: Any) -> None:
    for name, notebook in made[2].items():
        if "solutions" in name:
            checks = [cell.metadata["kit"] for cell in notebook.cells if role(cell)[0] == "check"]
            prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
            asked = re.findall(r"^## Question (\d+) .*\(([\d.]+) points?\)$", prose, re.MULTILINE)
            assert [int(number) for number, _ in asked] == list(range(1, len(checks) + 1)), name
            assert [float(points) for _, points in asked] == [about["points"] for about in checks]
            assert f"| {sum(about['points'] for about in checks):g}, in " in prose


def test_claims_are_quoted_as_they_are(made: Any) -> None:
    claims = made[0].by_id
    for notebook in made[2].values():
        prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        for name, words in re.findall(r"^\| (F\d\d[a-z]) \| (.+?) (?<!\\)\|(?: |$)", prose, re.MULTILINE):
            assert words == plain(claims[name].quote)


def test_no_lesson_and_no_exercise_text_shows_a_label_of_what_is_set_aside(made: Any) -> None:
    _, mine, notebooks, _ = made
    files = places.notebooks().glob("0[1-5]_*")  # what they show of the pool and of the soldiers is no secret
    shown = {name for path in files for name in re.findall(r"\b[CS]\d\d[a-z]\b", path.read_text("utf-8"))}
    hidden = {c.id for c in mine.annotation.claims if c.blank and c.id not in shown}
    assert hidden
    for name, notebook in notebooks.items():
        if "lessons" in name:
            own = [
                text for cell, text in texts(notebook).items() if "pool" not in text and not cell.startswith("ticket")
            ]
            assert not [claim for claim in hidden for text in own if claim in text], name


def test_where_nobody_denies_the_lesson_says_none(tmp_path: Path, draw: Any) -> None:
    _, _, notebooks, _ = draw(edited(tmp_path, no_denial_no_hedge), tmp_path)
    fourth = next(texts(n) for name, n in notebooks.items() if "lessons/04" in name)
    assert "**somebody says: not so:** none in these sentences." in fourth["step-2-answers"]
    assert "nobody denies anything" in fourth["points"]
    third = next(texts(n) for name, n in notebooks.items() if "lessons/03" in name)
    assert "there is no hedge" in third["hedges"] and 'load_article("pool"' in third["hedges-check"]


def test_an_exercise_promises_only_what_it_asks(tmp_path: Path, draw: Any) -> None:
    whole, mine, notebooks, _ = draw(seeds.seeds() / "ottawa.toml", tmp_path)
    heads = {int(Path(name).name[:2]): n.cells[0].source for name, n in notebooks.items() if "solutions" in name}
    assert "and count sources, hedges and links with pandas |" in heads[3]
    assert "and count doubts and missing replies with pandas |" in heads[4]
    aside = divided(whole, seed="1")
    empty = {"03_sources_and_chains": ("share", "gaps"), "04_denials_and_silence": ("blank_rows",)}
    without = {name: [KeyedQuestion(question) for question in gone] for name, gone in empty.items()}
    notebooks, _ = pages(whole, mine, aside=aside, seed="1", empty=without)
    heads = {int(Path(name).name[:2]): n.cells[0].source for name, n in notebooks.items() if "solutions" in name}
    assert "a chain with its gaps and count sources with pandas |" in heads[3]
    assert "and count doubts with pandas |" in heads[4]


def all_one_label(data: dict[str, Any]) -> None:
    only_contents(data)
    for claim in data["claim"]:
        for name in ("also", "cue", "cue_class", "hedge"):
            claim.pop(name, None)
        claim |= {"status": "asserted", "source": "author", "chain": ["article"]}


def test_an_exercise_without_items_is_left_out_and_nothing_leads_to_it(tmp_path: Path, draw: Any) -> None:
    _, _, notebooks, notes = draw(edited(tmp_path, all_one_label), tmp_path)
    assert sum("is left out: it needs" in note for note in notes) == 4
    assert [name for name in notebooks if "solutions" in name] == ["teacher/solutions/05_the_whole_article.ipynb"]
    for name, notebook in notebooks.items():
        if "lessons/05" not in name:
            assert "../exercises/" not in "".join(texts(notebook).values())


def test_an_exercise_in_which_nothing_is_computed_takes_less_time(tmp_path: Path, draw: Any) -> None:
    _, _, notebooks, _ = draw(seeds.seeds() / "pool.toml", tmp_path)
    fourth = next(notebook for name, notebook in notebooks.items() if "solutions/04" in name)
    assert "| **Minutes** | 10 to 15 |" in fourth.cells[0].source and "pandas" not in fourth.cells[0].source
    asked = [question.title for question in read(fourth).questions]
    assert asked == ["Denied, open, or something else?", "Where in our article?"]


def test_without_passes_nobodys_labels_are_made_up(tmp_path: Path, draw: Any) -> None:
    _, _, notebooks, _ = draw(FERRY, tmp_path)
    fifth = next(texts(n) for name, n in notebooks.items() if "lessons/05" in name)
    assert "Nobody's labels are made up" in fifth["passes"]
    assert set(re.findall(r': "(.*)",', fifth["passes-shown"])) == {""}


def test_the_passes_of_an_article_are_used(tmp_path: Path, draw: Any) -> None:
    _, mine, notebooks, _ = draw(seeds.seeds() / "soldiers.toml", tmp_path)
    fifth = next(texts(n) for name, n in notebooks.items() if "lessons/05" in name)
    assert f"{len(mine.annotation.passes)} remain" in fifth["passes"]
    assert 'load_article("article").passes' in fifth["passes-shown"]


# The templates


def test_a_template_that_the_kits_notebook_outgrew_is_named() -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Other words", id="aloud")])
    with pytest.raises(KitError, match=r"template lesson_01 speaks of aloud-text, .*no such cell"):
        page(book, "lesson_01", {})
    path = next(places.notebooks().glob("03_*.ipynb"))
    book = nbformat.read(path, as_version=4)
    cell = next(cell for cell in book.cells if cell.id == "picture")
    next(cell for cell in book.cells if cell.id == "next").source = cell.source
    with pytest.raises(KitError, match="cell next: the kit's own has no words “Take one piece” any more"):
        page(book, "lesson_03", {"made": [3]}, without={c.id for c in book.cells} - {"next"})


def test_text_of_an_article_stays_text() -> None:
    assert plain("costs $2 and *not* $3 [a_b] | <i>") == r"costs \$2 and \*not\* \$3 \[a\_b\] \| \<i\>"
