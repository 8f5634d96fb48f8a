"""Facts that texts state are those of the data: each is derived here, and looked for in everything that we say."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import kit
from kit import __main__ as door
from kit.article import codebook
from kit.check.feedback import REASONS, misconceptions
from kit.draft import frames
from kit.questions import COMPUTED, IN_WORDS, Page, read

sys.path.append(str(Path(__file__).parent / "draft"))
from marked import documents

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = {
    path: read(path) for folder in ("notebooks", "exercises") for path in sorted((ROOT / folder).glob("*.ipynb"))
}
LESSONS = [page for page in NOTEBOOKS.values() if not page.is_exercise]
EXERCISES = [page for page in NOTEBOOKS.values() if page.is_exercise]
WORDS = "none one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
WORDS += "sixteen seventeen eighteen nineteen twenty".split() + [f"twenty-{word}" for word in WORDS[1:10]]


def said_in(path: Path) -> str:
    """What a text says to its readers: of a notebook the cells of words. A changelog tells of what once was."""
    if path.suffix != ".ipynb":
        return path.read_text("utf-8")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


TEXTS = {
    path.relative_to(ROOT).as_posix(): said_in(path)
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *NOTEBOOKS, REASONS]
}


def number(word: str) -> int:
    return int(word) if word.isdigit() else WORDS.index(word.lower())


ARTICLE = kit.load_article()
CLAIMS = ARTICLE.claims
CONTENTS = CLAIMS[CLAIMS["layer"] == "content"]["status"].value_counts()
ACTS = CLAIMS[CLAIMS["layer"] == "act"]
CONTESTED = len(kit.agreement.contested(ARTICLE.passes))
FORM = kit.load_article("sentences").claims["claim"].str[0].value_counts()
PROPOSED = frames.drafted(ARTICLE)["claim"].replace("", None)
FOUND = PROPOSED.dropna().nunique()
FLOOD = frames.drafted(kit.load_article("sluice"))["claim"].replace("", None).dropna().nunique()
MINUTES = [sum(page.minutes) for page in LESSONS]
LEAST, MOST = min(page.minutes[0] for page in EXERCISES), max(page.minutes[1] for page in EXERCISES)
ASKED = {name: order for order, name in enumerate(codebook.names("status"), 1)}
"""Which of the six questions leads to a status."""
TYPED = sum(question.kind != COMPUTED for question in EXERCISES[0].questions)
"""How many questions of exercise 1 need no programming. They come first."""
JUDGED = next(question for question in EXERCISES[-1].questions if question.kind == IN_WORDS)
README, TEACHING = TEXTS["README.md"], TEXTS["docs/teaching/README.md"]

# A pattern with one number, in digits or (NUMBER) also as a word, and what it is, wherever it is said.
STATED = [
    (r"the NUMBER claims of one article", len(CLAIMS)),
    (r"[Aa]ll (\d+) claims", len(CLAIMS)),
    (r"by drawing (\d+) claims", len(CLAIMS)),
    (r"Of (\d+) acts", len(ACTS)),
    (r"acts, all (\d+) are confirmed", int((ACTS["status"] == "confirmed").sum())),
    (r"Of (\d+) contents", int(CONTENTS.sum())),
    *((rf"Of \d+ contents, none is: .*?NUMBER (?:is|are) {name}\b", CONTENTS[name]) for name in codebook.names("status")
      if name != "confirmed"),
    (r"Of \d+ contents, NUMBER is: ", CONTENTS["confirmed"]),
    (r"the \*\*(\d+) sources of the register", len(ARTICLE.sources)),
    (r"[Tt]he NUMBER passes over each of the two real articles", ARTICLE.passes.shape[1]),
    (r"the \*same\* NUMBER passes", ARTICLE.passes.shape[1]),
    (r"(\d+) of 56 claims: all three passes agree", len(CLAIMS) - CONTESTED),
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
    (r"at the top of exercises 1 to (\d)", sum("PRACTICE = " in path.read_text("utf-8") for path in NOTEBOOKS)),
    (r"The (\d+) claims that it missed", len(CLAIMS) - FOUND),
    (r"of the (\d+) claims in our article that the key has", len(CLAIMS) - FOUND),
    (r"[Ii]t rests on the (\d+) claims that it found", FOUND),
    (r"For the (\d+) that both have", FOUND),
    (r"the same label, (\d+) times out of \d+", FOUND),
    (r"Within these (\d+) nothing differs", FOUND),
    (r"(\d+) divided by 56", FOUND),
    (r"Type `\d+ of (\d+)`, `\d+ of 56` or", len(PROPOSED)),
    (r"or `(\d+) of 56` for each", len(PROPOSED)),
    (r"precision\.answer = \"\d+ of (\d+)\"", len(PROPOSED)),
    (r"What it found is the (\d+), and", len(PROPOSED)),
    (r"In the other NUMBER it took too much", len(PROPOSED) - FOUND),
    (r"; (\d+) is what the machine proposed", len(PROPOSED)),
    (r"Not all of the (\d+) are claims of the key", len(PROPOSED)),
    (r"“\d+ of (\d+)\. It saves you work", len(PROPOSED)),
    (r"now it is (\d+) of 59", FLOOD),
    (r"Python 3\.(\d+) or newer", door.OLDEST[1]),
    (r"goes through a text with NUMBER \*\*rules\*\*", len(frames.patterns())),
    (r"[Aa]sk question NUMBER word for word", ASKED["denied"]),
    (r"Questions NUMBER and \d are asked of the claim's", ASKED["denied"]),
    (r"Questions \d and NUMBER are asked of the claim's", ASKED["unconfirmed"]),
    (r"\*admission\* of question NUMBER\b", ASKED["confirmed"]),
    (r"question NUMBER can get a yes", ASKED["confirmed"]),
    (r"began with question NUMBER you might call it confirmed", ASKED["confirmed"]),
    (r"by question NUMBER it is `alleged`", ASKED["alleged"]),
    (r"Question NUMBER comes first: it is a judgement", ASKED["stance"]),
    (r"[Qq]uestions 1 to NUMBER of exercise 1\b", TYPED),
    (r"exercise 1, questions 1 to NUMBER\b", TYPED),
    (r"Its questions 1 to NUMBER need no programming", TYPED),
    (r"[Qq]uestions NUMBER to [5-9] of (?:\[\*\*)?exercise 1\b", TYPED + 1),
    (r"[Qq]uestions [5-9] to NUMBER of (?:\[\*\*)?exercise 1\b", len(EXERCISES[0].questions)),
    (r"writes the judgement, question NUMBER \(", JUDGED.number),
    (r"writes the judgement, question \d \(NUMBER points\)", int(JUDGED.points)),
    (r"need pandas \(NUMBER points\)", int(EXERCISES[-1].points - JUDGED.points)),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "right"), STATED, ids=[pattern for pattern, _ in STATED])
def test_a_number_is_right_wherever_it_is_said(pattern: str, right: int) -> None:
    a_number = rf"(\d+|(?i:{'|'.join(reversed(WORDS))}))\b"  # twenty-two before twenty
    said = {name: re.findall(pattern.replace("NUMBER", a_number), text) for name, text in TEXTS.items()}
    said = {name: words for name, words in said.items() if words}
    assert said, "nobody says this any more: take it out of the list"
    assert {name: words for name, words in said.items() if {number(word) for word in words} != {right}} == {}


# Lessons and exercises


each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda page: page.name)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda page: page.name)


def rows(text: str) -> Iterator[list[str]]:
    """The rows of tables, without the spaces around their cells."""
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def top(page: Page) -> dict[str, str]:
    """The table at the top of a lesson or an exercise: what stands left in bold, and right of it."""
    path = next(path for path, known in NOTEBOOKS.items() if known is page)
    return {row[0].strip("*"): row[1] for row in rows(said_in(path)) if row[0].startswith("**")}


def after(lesson: Page) -> Page | None:
    return next((page for page in EXERCISES if page.number == lesson.number), None)


@each_lesson
def test_a_lesson_and_the_pages_on_it_tell_its_minutes_and_its_exercise(lesson: Page) -> None:
    number, exercise, minutes = lesson.number, after(lesson), str(sum(lesson.minutes))
    teaching, doing = lesson.minutes
    assert top(lesson)["Minutes"].startswith(f"{minutes} (teaching {teaching}, doing {doing})")
    (row,) = [row for row in rows(README) if row[0].startswith(f"{number} ")]
    assert row[0].partition(" (")[0] == f"{number} {lesson.title.lower()}"
    told = [f"{number} {exercise.title.lower()}", f"{exercise.points:g}"] if exercise else ["", ""]
    assert row[1:] == [minutes, *told]
    (row,) = [row for row in rows(TEACHING) if row[0].startswith(f"0{number} ") and len(row) > 2]
    assert row[:2] == [f"0{number} {lesson.title.lower()}", minutes]
    assert row[3] == (f"0{number} {exercise.title.lower()}" if exercise else "")


@each_exercise
def test_an_exercise_tells_its_minutes_points_and_questions(exercise: Page) -> None:
    least, most = exercise.minutes
    assert top(exercise)["Minutes"] == f"{least} to {most}"
    points, count = re.match(r"([\d.]+), in (\w+) questions", top(exercise)["Points"]).groups()
    assert (float(points), number(count)) == (exercise.points, len(exercise.questions))
    heads = [re.search(r"^## Question (\d+) .*\(([\d.]+) points?\)", one.asked, re.M) for one in exercise.questions]
    assert [(int(head[1]), float(head[2])) for head in heads] == [
        (one.number, one.points) for one in exercise.questions
    ]


def test_the_minutes_together_are_those_of_the_lessons() -> None:
    optional = [page.number for page in LESSONS if "this lesson is optional" in top(page)["Minutes"]]
    assert [row[0].split()[0] for row in rows(TEACHING) if re.match(r"0\w+ ", row[0]) and len(row) > 2] == [
        f"0{page.number}" for page in LESSONS
    ]
    whole = sum(sum(page.minutes) for page in LESSONS if page.number not in optional)
    named = " and ".join(f"0{number}" for number in optional)
    assert f"Together {sum(MINUTES)} minutes of lessons, {whole} of them without the optional {named}" in TEACHING
    assert re.findall(r"^\| (\w+) .*\(optional", README, re.M) == optional
    hours = {120: "Two hours", 150: "Two and a half hours", 180: "Three hours"}
    assert f"\n{hours[whole]} of lessons, and {WORDS[len(optional)]} optional ones" in README
    assert f"each exercise takes {LEAST} to {MOST} minutes more" in README
    assert f"Each exercise takes {LEAST} to {MOST} minutes" in TEACHING


def test_the_first_four_questions_of_exercise_1_need_no_programming() -> None:
    kinds = [question.kind == COMPUTED for question in EXERCISES[0].questions]
    assert kinds == [False] * 4 + [True] * 3
    assert "questions 1 to 4 of exercise 1 need no programming" in README
    assert "questions 5 to 7 of exercise 1" in TEXTS["docs/teaching/hour_1.md"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_lessons_and_exercises_are_called_by_their_titles(path: Path) -> None:
    titles = {"l": {page.number: page.title for page in LESSONS}}
    titles["e"] = {page.number: page.title for page in EXERCISES}
    found = re.findall(r"\b([Ll]esson|[Ee]xercise) (\d[a-z]?), \*?([A-Z][^*\n]+)\*", path.read_text("utf-8"))
    assert found or path.stem == "05_the_whole_article"
    for what, number, title in found:
        assert title == titles[what[0].lower()][number]


def test_the_last_lesson_looks_back_at_the_form_before() -> None:
    before = next(question for page in LESSONS for question in page.questions if question.form == "before")
    text = (ROOT / "notebooks/07_looking_back.ipynb").read_text("utf-8")
    assert f'gains.stored(\\"{before.file}\\", \\"{before.name}\\")' in text


# Everything else


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
