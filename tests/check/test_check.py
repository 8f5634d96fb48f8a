"""Checks say what is missing; in practice they say why a line does not fit, and never give a key away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, combinations, product

import pytest

from kit import check
from kit.article import codebook
from kit.article.loading import Article, load_article
from kit.check.answers import Answer
from kit.check.feedback import say, sentences
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, KeyedQuestion, load

EXERCISE = load(places.solutions() / "01_acts_and_contents.ipynb")
QUESTIONS = {question.name: question for question in EXERCISE.questions}
CLAIMS = load_article().annotation.by_id
LABELLED = [question for question in EXERCISE.questions if question.field]
PIECES = {
    "S10": """Prior to this, | South Korea | and Ukraine reported
        | that North Korea was assisting Russia's attack, | not just through missiles.""",
    "S11": """As per Yonhap news agency, | South Korea,
        | North Korea intends to send | a total of 12,000 soldiers to Russia.""",
    "S17": """Ukrainian President Volodymyr Zelenskyy | had accused North Korea | on Thursday
        | of preparing thousands of soldiers | to bolster the Russian army.""",
    "S19": "US Defense Secretary Lloyd Austin | also expressed | a similar view.",
}


@pytest.fixture(scope="module")
def graded() -> Article:
    return load_article(blank=EXERCISE.blank["soldiers"])


@pytest.fixture(scope="module")
def practice() -> Article:
    return load_article(blank=EXERCISE.blank["soldiers"], practice=True)


def labels(value: str, question: KeyedQuestion, article: Article) -> Answer:
    answer = dict.fromkeys(question.key, value)
    return check.labels(answer, field=question.field, lines=list(question.key), article=article)


def all_remarks(article: Article) -> Iterator[tuple[KeyedQuestion, str, str, str]]:
    """Question, line, what was given and the remark, for every label and a misspelt one."""
    for question in LABELLED:
        for value in (*codebook.names(question.field), "fact"):
            for line, remark in labels(value, question, article).remarks.items():
                yield question, line, value, remark


def test_without_practice_there_is_never_a_remark(graded: Article) -> None:
    assert not list(all_remarks(graded))
    assert not check.words({"S11b": "Yonhap"}, lines=["S11b"], article=graded).remarks
    assert not check.spans({"S10": [3]}, pieces=PIECES, article=graded).remarks
    assert not check.labels({"S05a": "content"}, field="layer", lines=["S05a"], article=graded).remarks


def test_in_practice_every_filled_line_is_explained_and_no_blank_one(practice: Article) -> None:
    for question, line, value, remark in all_remarks(practice):
        assert (remark == "Fits the text.") == (value in CLAIMS[line].accepts(question.field))
        assert remark == "Fits the text." or len(remark.split()) > 10
    assert not labels("", LABELLED[0], practice).remarks


def test_practice_does_not_change_what_is_graded(graded: Article, practice: Article) -> None:
    for question, value in product(LABELLED, ("act", "none", "")):
        assert labels(value, question, graded).lines == labels(value, question, practice).lines


def test_no_remark_holds_a_key_of_the_cue_question_or_a_graded_claim(practice: Article) -> None:
    cues = {str(value).casefold() for value in QUESTIONS["cues"].key.values()}
    claims = {claim.id for claim in CLAIMS.values() if claim.unit in EXERCISE.blank["soldiers"]}
    remarks = list(all_remarks(practice))
    assert sum("Compare" in remark for *_, remark in remarks) > 10
    for question, line, _, remark in remarks:
        assert not [cue for cue in cues if re.search(rf"\b{cue}\b", remark.casefold())], remark
        assert not claims & set(re.findall(r"S\d\d[a-z]", remark)), remark
        right = CLAIMS[line].accepts(question.field)
        assert not re.search(f"[“`]{right[0]}[”`]", remark) or remark.startswith("“fact”")


def test_a_claim_that_this_copy_withholds_is_not_explained(practice: Article) -> None:
    withheld = Article(practice.annotation, practice.annotation)
    found = labels("act", QUESTIONS["layers"], withheld)
    assert set(found.remarks.values()) == {
        "This copy of the article holds no labels for this claim, so it cannot be explained here."
    }
    assert set(check.words({"S11b": "as per"}, lines=["S11b"], article=withheld).remarks.values()) == set(
        found.remarks.values()
    )
    spans = check.spans({"S10": [2]}, pieces=PIECES, article=withheld)
    assert set(spans.remarks.values()) == set(found.remarks.values())


def test_lines_may_have_names_of_their_own(practice: Article) -> None:
    lines = {"A": "S17a", "B": "S17b"}
    found = check.labels({"A": "act", "B": "act"}, field="layer", lines=lines, article=practice)
    assert found.lines == {"A": "act", "B": "act"}
    assert found.remarks["A"] == "Fits the text."
    assert found.remarks["B"] == say("layer.content.in_other_words.act")  # a headline has no cue to look at
    assert not re.search("fit (S17a|S17b)", found.remarks["B"])


def test_a_contrast_is_never_a_claim_that_is_asked_for() -> None:
    article = load_article(practice=True)
    acts = [claim.id for claim in CLAIMS.values() if claim.layer == "act"]
    (content,) = [claim.id for claim in CLAIMS.values() if claim.layer == "content"][:1]
    for asked in ([*acts, content], [*acts[1:], content]):
        remark = check.labels({content: "act"}, field="layer", lines=asked, article=article).remarks[content]
        assert (f"would fit {acts[0]}," in remark) == (acts[0] not in asked)


# Cues


CUES = [
    ("S17b", "accused", ""),
    ("S17b", "Had accused", ""),
    ("S17b", "had accused north korea on thursday", "too_much"),
    ("S17b", "zelenskyy", "none"),
    ("S17b", "soldiers", "none"),
    ("S17b", "says", "none"),
    ("S11b", "per", "too_little"),
    ("S11b", "As per Yonhap news agency", "too_much"),
    ("S11b", "per yonhap", "none"),
    ("S20c", "said", "another"),
    ("S20c", "Sybiha", "none"),
    ("S16a", "NATO", ""),
]


@pytest.mark.parametrize(("claim", "given", "slip"), CUES)
def test_a_cue_fits_with_at_most_one_word_more(claim: str, given: str, slip: str) -> None:
    found = check.words({claim: given}, lines=[claim], article=load_article(practice=True))
    rule, _, contrast = found.remarks[claim].partition("\n")
    assert rule == (say(f"cue.{slip}") if slip else "Fits the text.")
    assert bool(slip) == contrast.startswith("Compare S") and claim not in contrast


def test_nothing_that_is_malformed_fits(practice: Article) -> None:
    cue = check.words({"S17b": "accused of"}, lines=["S17b"], article=practice)
    piece = check.spans({"S10": [2, 3, 9]}, pieces=PIECES, article=practice)
    assert (cue.faults, cue.remarks) == ({"S17b": "not in the sentence"}, {})
    assert (piece.faults, piece.remarks) == ({"S10": "not a piece"}, {})
    assert piece.verdict == "0 of 4 lines filled, 1 not a piece."


def test_every_rule_on_cues_is_met_and_names_no_cue() -> None:
    rules = {name.removeprefix("cue."): rule.words for name, rule in sentences().items() if name.startswith("cue.")}
    assert {slip for *_, slip in CUES} - {""} == set(rules)
    cues = {claim.cue.casefold() for claim in CLAIMS.values() if claim.cue}
    said = " ".join(rules.values()).casefold()
    assert {cue for cue in cues if re.search(rf"\b{re.escape(cue)}\b", said)} == {"said"}  # in “what was said”


def test_every_cue_of_the_key_fits_and_stands_in_its_sentence(practice: Article) -> None:
    key = QUESTIONS["cues"].key
    found = check.words(key, lines=list(key), article=practice)
    assert (found.lines, found.problems) == (key, ())
    assert set(found.remarks.values()) == {"Fits the text."}


# Spans


def subsets(size: int) -> Iterator[list[int]]:
    numbers = range(1, size + 1)
    return (list(some) for some in chain.from_iterable(combinations(numbers, n) for n in range(1, size + 1)))


@pytest.mark.parametrize("unit", PIECES)
def test_pieces_fit_in_practice_exactly_where_they_earn_points(practice: Article, unit: str) -> None:
    question = QUESTIONS["spans"]
    right = [question.key[unit], *question.accept.get(unit, [])]
    for chosen in subsets(PIECES[unit].count("|") + 1):
        found = check.spans({unit: chosen}, pieces=PIECES, article=practice)
        assert found.lines[unit] == chosen
        assert (found.remarks[unit] == "Fits the text.") == (chosen in right), chosen


@pytest.mark.parametrize(
    ("chosen", "rule"), [([1, 2, 3, 4, 5], "too_much"), ([4], "too_much"), ([2], "too_little"), ([1, 3], "too_little")]
)
def test_too_much_and_too_little_are_told_apart(practice: Article, chosen: list[int], rule: str) -> None:
    found = check.spans({"S17": chosen}, pieces=PIECES, article=practice)
    said = "Compare S20b, “said Ukrainian Foreign Minister Andrij Sybiha in Kyiv”: that is an act, and “said” is its"
    assert found.remarks == {"S17": f"{say(f'pieces.{rule}')}\n{said} cue."}


def test_these_are_the_pieces_of_the_exercise_and_of_the_text(graded: Article) -> None:
    texts = {unit.id: unit.text for unit in graded.annotation.units}
    for unit, cut in PIECES.items():
        assert " ".join(cut.replace("|", " ").split()) == texts[unit]
    shown = repr(check.pieces(PIECES))
    assert shown.splitlines()[3] == "S19: [1] US Defense Secretary Lloyd Austin [2] also expressed [3] a similar view."
    assert shown in printed(EXERCISE)


def printed(exercise: Exercise) -> str:
    outputs = [out for cell in exercise.notebook["cells"] for out in cell.get("outputs", ())]
    return "".join(out["data"]["text/plain"] for out in outputs if out["output_type"] == "execute_result")


def test_numbers_and_tables_are_passed_on(graded: Article) -> None:
    assert check.number(12).lines == {"value": 12}
    counts = graded.claims.dropna(subset="layer").groupby(["paragraph", "layer"], observed=True).size().unstack()
    found = check.table(counts, rows=[0, 8], columns=["act", "content"], total=3)
    assert found.lines == {"0": [1, 1], "8": ["", 2]}
    assert any(problem.startswith("The row 8 has an empty cell") for problem in found.problems)
