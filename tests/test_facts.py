"""Numbers that texts state are those of the data: each is derived here, and looked for in everything that we say."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

import kit
from kit import __main__ as door
from kit.article import codebook
from kit.check.feedback import misconceptions
from kit.draft import frames

sys.path.append(str(Path(__file__).parent / "draft"))
from marked import documents

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*.ipynb"))
WORDS = "none one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()


def said_in(path: Path) -> str:
    """What a text says to its readers: of a notebook the cells of words. A changelog tells of what once was."""
    if path.suffix != ".ipynb":
        return path.read_text("utf-8")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


TEXTS = {
    path.relative_to(ROOT).as_posix(): said_in(path)
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *LESSONS, *EXERCISES]
}


def number(word: str) -> int:
    return int(word) if word.isdigit() else WORDS.index(word.lower())


ARTICLE = kit.load_article()
CLAIMS = ARTICLE.claims
CONTENTS = CLAIMS[CLAIMS["layer"] == "content"]["status"].value_counts()
ACTS = CLAIMS[CLAIMS["layer"] == "act"]
CONTESTED = len(kit.agreement.contested(ARTICLE.passes))
FORM = kit.load_article("sentences").claims["claim"].str[0].value_counts()
FOUND = frames.drafted(ARTICLE)["claim"].replace("", None).dropna().nunique()
OPTIONAL = [path for path in LESSONS if "this lesson is optional" in said_in(path)]


def row(path: Path, name: str) -> str:
    """What the table at the top of a lesson or an exercise says on minutes or points."""
    return re.search(rf"\*\*{name}\*\* \| (.+?) \|", said_in(path))[1]


MINUTES = sum(int(row(path, "Minutes").split()[0]) for path in LESSONS if path not in OPTIONAL)
SPANS = [tuple(map(int, row(path, "Minutes").split(" to "))) for path in EXERCISES]

# A pattern with one number, in digits or (NUMBER) also as a word, and what it is, wherever it is said.
STATED = [
    (r"the NUMBER claims of one article", len(CLAIMS)),
    (r"[Aa]ll (\d+) claims", len(CLAIMS)),
    (r"\*\*(\d+) claims of one article", len(CLAIMS)),
    (r"by drawing (\d+) claims", len(CLAIMS)),
    (r"Of (\d+) acts", len(ACTS)),
    (r"acts, all (\d+) are confirmed", int((ACTS["status"] == "confirmed").sum())),
    (r"Of (\d+) contents", int(CONTENTS.sum())),
    *((rf"Of \d+ contents, none is: .*?NUMBER (?:is|are) {name}\b", CONTENTS[name]) for name in codebook.names("status")
      if name != "confirmed"),
    (r"Of \d+ contents, NUMBER is: ", CONTENTS["confirmed"]),
    (r"the \*\*(\d+) sources of the register", len(ARTICLE.sources)),
    (r"[Tt]he NUMBER passes over the article", ARTICLE.passes.shape[1]),
    (r"the \*same\* NUMBER passes", ARTICLE.passes.shape[1]),
    (r"(\d+) of 56 claims: all three passes agree", len(CLAIMS) - CONTESTED),
    (r"passes differ. They are your NUMBER", CONTESTED),
    (r"[Tt]he NUMBER misconceptions", len(misconceptions())),
    (r"[Oo]ne of the NUMBER misconceptions", len(misconceptions())),
    (r"## NUMBER misconceptions", len(misconceptions())),
    (r"[Tt]he NUMBER questions(?: in their order|\))", len(codebook.STATUSES)),
    (r"[Tt]he NUMBER statuses(?! that occur)", len(codebook.STATUSES)),
    (r"the NUMBER statuses that occur among the contents", int((CONTENTS > 0).sum())),
    (r"## NUMBER statuses", len(codebook.STATUSES)),
    (r"with the keys 1 to (\d)", len(codebook.STATUSES)),
    (r"## NUMBER layers", len(codebook.LAYERS)),
    (r"\(with NUMBER sentences to measure yourself by", FORM["A"]),
    (r"looking back \(NUMBER new sentences\)", FORM["B"]),
    (r"[Aa]ll NUMBER exercises", len(EXERCISES)),
    (r"at the top of exercises 1 to (\d)", sum("PRACTICE = " in path.read_text("utf-8") for path in EXERCISES)),
    (r"each exercise takes (\d+) to \d+ minutes", min(low for low, _ in SPANS)),
    (r"each exercise takes \d+ to (\d+) minutes", max(high for _, high in SPANS)),
    (r"The (\d+) claims that it missed", len(CLAIMS) - FOUND),
    (r"of the (\d+) claims in our article that people marked", len(CLAIMS) - FOUND),
    (r"it rests on the (\d+) claims that it found", FOUND),
    (r"Python 3\.(\d+) or newer", door.OLDEST[1]),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "right"), STATED, ids=[pattern for pattern, _ in STATED])
def test_a_number_is_right_wherever_it_is_said(pattern: str, right: int) -> None:
    a_number = rf"(\d+|(?i:{'|'.join(WORDS)}))\b"
    said = {name: re.findall(pattern.replace("NUMBER", a_number), text) for name, text in TEXTS.items()}
    said = {name: words for name, words in said.items() if words}
    assert said, "nobody says this any more: take it out of the list"
    assert {name: words for name, words in said.items() if {number(word) for word in words} != {right}} == {}


def test_the_lessons_take_as_long_as_the_readme_says() -> None:
    hours = {"Two hours": 120, "Two and a half hours": 150, "Three hours": 180}
    (said,) = re.findall(r"^(.+?) of lessons, and an optional one", TEXTS["README.md"], re.M)
    assert hours[said] == MINUTES
    assert len(OPTIONAL) == 1


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_an_exercise_says_how_many_questions_and_points_it_has(path: Path) -> None:
    points, questions = re.match(r"(\d+), in (\w+) questions", row(path, "Points")).groups()
    asked = re.findall(r"^## Question \d+ .*\(([\d.]+) points?\)", said_in(path), re.M)
    assert number(questions) == len(asked)
    assert float(points) == sum(map(float, asked))


def test_the_sets_of_attributions_are_as_large_as_their_page_says() -> None:
    (said,) = (line for line in TEXTS["docs/drafting.md"].splitlines() if line.startswith("**Attributions.**"))
    count, sizes = re.search(r"\*\* (\w+) sets", said)[1], dict(re.findall(r"`(\w+)` \((\d+)", said))
    files = {path.stem.split("_")[1]: path for path in (ROOT / "tests/data").glob("attributions_*.txt")}
    assert {name: int(size) for name, size in sizes.items()} == {
        name: sum(len(attributions) for _, attributions in documents(path)) for name, path in files.items()
    }
    assert number(count) == len(files)


def test_the_oldest_python_is_one_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    oldest = ".".join(map(str, door.OLDEST))
    assert project["project"]["requires-python"] == f">={oldest}"
    assert project["tool"]["basedpyright"]["pythonVersion"] == oldest
    assert project["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert f"Python {oldest} or newer" in door.too_old((3, 8))


def test_the_citation_names_this_version_and_its_day() -> None:
    cited = dict(re.findall(r"^([\w-]+): (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.M))
    changes = re.search(r"^## (\d[\d.]*) \((.+)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert (cited["version"], cited["date-released"]) == changes.groups()
    assert cited["version"] == kit.__version__
