"""The table of rules: every example is found as it is marked; the lexicon holds to the codebook."""

from __future__ import annotations

import random
import re
from itertools import groupby
from pathlib import Path

import pytest
from marked import Marked, unmark

from kit.article import codebook, seeds
from kit.draft.clauses import subject_before
from kit.draft.rules_in_order import PATTERNS, Attribution, Pattern, attributions, read
from kit.draft.words import lexicon

ROOT = Path(__file__).parents[2]
ONES = "one two three four five six seven eight nine".split()
TENS = [[ten, *(f"{ten}-{one}" for one in ONES)] for ten in ("twenty", "thirty")]
NUMBERS = [*map(str, range(20)), *TENS[0], *TENS[1]]


def plain(one: Attribution | Marked) -> tuple[list[tuple[int, int]], ...]:
    return tuple([tuple(span) for span in part] for part in (one.source, one.cue, one.content))


def assert_spans(text: str) -> None:
    spans = [span for one in attributions(text) for part in plain(one) for span in part]
    assert all(0 <= start < end <= len(text) for start, end in spans), text


@pytest.mark.parametrize("rule", PATTERNS, ids=lambda rule: rule.name)
def test_the_example_of_a_rule_is_what_it_finds(rule: Pattern) -> None:
    text, given = unmark(rule.example)
    found = [one for one in attributions(text) if one.pattern == rule.name]
    assert [plain(one) for one in found] == [plain(one) for one in given]


def test_rules_have_names_of_their_own_and_say_what_they_do() -> None:
    names = [rule.name for rule in PATTERNS]
    assert len(set(names)) == len(names)
    assert all(rule.sense and rule.example for rule in PATTERNS)


def test_every_cue_has_a_class_of_the_codebook() -> None:
    table = lexicon()
    cues = [cue for verbs in table.verbs.values() for cue in verbs]
    cues += [*table.nouns.values(), *table.adjectives.values(), *table.adverbs.values(), *table.prepositions]
    assert {cue.cue_class for cue in cues} <= set(codebook.names("cue_class")) - {"none"}
    assert {cue.sense for cue in cues} <= {"says", "thinks", "shows", "wants", "asks", "judges"}


def test_forms_of_verbs_are_spelled_right() -> None:
    table = lexicon().verbs
    spelled = "said saying denies denied accusing admitted told promises urging referred slammed labelled labeled"
    assert set(spelled.split()) <= set(table)
    assert not {"sayed", "denyed", "admited", "thinked", "revealled", "slamed"} & set(table)


HARD = [
    '[S1 Brandt] [C1 said] in an interview with the station on Sunday [T1 the plan was "dead on arrival"].',
    '[T1 "No,"] [S1 she] [C1 said]. [T1 "We will not sell."]',
    '[T1 "We will wait. Then we will see,"] [C1 said] [S1 Ruth Amsel, 63, a retired nurse from Velma]. He nodded.',
    "[S1 Sen. Ann Doyle (D., Ohio), the panel's chairman,] [C1 said] [T1 she would wait].",
    "[S1 A report released Tuesday] [C1 found] [T1 that the wall was weak].",
    "[S1 The company] [C1 said] [T1 it lost money], but [S2 analysts] [C2 doubt] [T2 that it will close].",
    "[S1 The Green List] [C1 blamed] [T1 the council], which had cut the budget.",
    "[T1 “We left,”] [S1 its spokesman, Tobias Rehn], [C1 told] reporters in Orstadt. [S2 He] [C2 said] [T2 it is so].",
    "A [C1 call] by [S1 the head of the union] [T1 for a strike] went unheard.",
    "[S1 Iran's] [C1 threat] last week [T1 to leave the talks] has worried its neighbors.",
    "Despite [S1 Mr. Ames's] [C1 vow] [T1 not to resign], he left.",
    "[S1 The board's] [C1 refusal] [T1 to say who paid for it] was odd, and so was [S2 its] [C2 offer] [T2 of a job].",
    "[T1 The bank], [C1 according to] [S1 two people familiar with the talks], [T1 will be sold].",
    "[S1 He] [C1 said] [T1 help comes from Velma, the United States, and Orstadt].",
    "[T1 Among the dead were two bakers], [S1 Elm Radio] [C1 said].",
    "[S1 Norland] [C1 proposed] [T1 a fleet of ships from Ostria, Sudland and the United Isles].",
    "[S1 Divers] have found two wrecks, and [C1 say] [T1 there are more].",
    "He fled with [T1 a man] [C1 believed] [T1 to be his brother].",
    "The yard will close, with [T1 sixty workers] [C1 expected] [T1 to lose their jobs].",
    "[S1 The bank] issued a statement [C1 saying] [T1 the money is safe].",
    "The police got [S1 a letter] [C1 saying] [T1 the money is safe].",
    "The numbers lead [S1 some experts] to [C1 suggest] [T1 that the wall is weak].",
    "[S1 The Green List] [C1 condemned] [T1 the council for ordering workers to leave].",
    '[S1 The coach] [C1 told] the press [T1 that fans are sure of a win]. [T1 "We need rest."] He left.',
    '[S1 She] [C1 said] [T1 it is late]. [T2 "We left,"] [S2 Holm] [C2 said].',
    "[S1 The study] [C1 found] [T1 a link between sleep and health].",
    "[S1 The judge] [C1 ruled] Friday [T1 the law is void].",
    "[S1 Critics of the plan, including the mayor], [C1 say] [T1 it goes too far].",
    "[T1 The law] [C1 was praised] by [S1 unions] and condemned by banks.",
    "[T1 The president] is to visit, and [C1 is expected] [T1 to speak].",
    "[T1 Two men] who [C1 were accused] [T1 of theft] will be heard.",
    "He read [S1 a letter] that [C1 accuses] [T1 the mayor of being asleep].",
    "[S1 Guards watching the gate] [C1 refused] [T1 to comment].",
    "[T1 It was not a lie], [S1 he] [C1 said], [T1 but a joke].",
    "He was jailed for [C1 allegedly] [T1 holding a meeting].",
    "[S1 The board] [C1 slammed] [T1 the plan]. [S2 He] [C2 begged] [T2 it to wait].",
    '[S1 The board] [C1 dubbed] [T1 the plan "a farce"].',
    "Even if [S1 she] [C1 says] [T1 that it is late], nobody will leave.",
    "[S1 The mayor] [C1 said] [T1 no].",
    "[S1 Voters] [C1 are unsure] [T1 if he will win].",
    "[S1 Early estimates] [C1 show] [T1 that the wall is weak].",
    "[S1 The union] [C1 urged] [T1 the army Tuesday to stay away].",
    "[S1 The union] [C1 appealed for] [T1 food, water, and other goods].",
    "[S1 The mayor] [C1 praised] [T1 last week's vote by the council].",
    "[S1 She] [C1 called] [T1 him “a coward”] after the vote was lost.",
    "[S1 She] [C1 told] Velma Post reporter Tobias Rehn, [T1 “We will go.”]",
    "It [C1 is believed] [T1 the pool can stay open].",
    "The town fell silent when [T1 he] [C1 reportedly] [T1 spoke of a sale].",
    "[T1 The bay could flood], [C1 according to] [S1 a recently published study].",
    "[T1 The bay could flood], [C1 according to] [S1 a study, led by the port of Velma].",
    "[S1 The newly formed Lindental Party] [C1 hopes] [T1 to win].",
    "Asked about [S1 a report] [C1 saying] [T1 that the wall is weak], [S2 she] [C2 said] [T2 it was old].",
    "[S1 The ministry] neither [C1 confirmed nor denied] [T1 that the tape exists].",
]


@pytest.mark.parametrize("marked", HARD, ids=lambda marked: unmark(marked)[0][:40])
def test_hard_sentences(marked: str) -> None:
    text, given = unmark(marked)

    def words(one: Attribution | Marked) -> tuple[list[str], ...]:
        return tuple([text[a:b].strip(", ") for a, b in part] for part in (one.source, one.cue, one.content))

    assert [words(one) for one in attributions(text)] == [words(one) for one in given]


def test_according_to_within_a_clause_is_nested_and_cuts_nothing() -> None:
    text = "The court noted that according to a study, the wall is weak."
    found = [[text[a:b] for a, b in one.content] for one in attributions(text)]
    assert found == [["that according to a study, the wall is weak"], ["the wall is weak"]]


@pytest.mark.parametrize(
    "text",
    [
        "The figures suggest that trade will grow.",
        "The plan says that the quay will be longer.",
        "The bill's sponsors promised to try again.",
        "Mr. Law demanded a vote.",
        "The Lindental Project called for a vote.",
    ],
)
def test_what_a_thing_shows_or_says_is_kept_and_so_is_what_a_person_wants(text: str) -> None:
    assert len(attributions(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The reports were late, and so were the claims of the insurers.",
        "Their hopes and fears are told in a new book.",
        "The cellar was dry and the wall stood.",
        "He said.",
        "The mayor left without saying whether it is so.",
        "A company called Aquaria runs the pool.",
        "The plan calls for two new cranes.",
        "The mayor's plan, which calls for cuts, is dead.",
        "The projects promise profit, and the law demands a hearing.",
        "The building offers views over the bay.",
        "The storm threatened to flood the town.",
        "The plan to close the pool is old, and the order to leave came late.",
        "The town's offer to the union and its appeal to women were new.",
        "Police found a link of the chain in the bay.",
        "What he said is not true.",
        "He lost the same states Holm has won.",
        "They agreed to a plan which is now dead.",
        "The court will meet to decide whether the men are free.",
        "Divers found worms in waters where the current is weak.",
        "They explained new rules for schools that would protect pupils.",
        "The office sent questions asking them the value of the goods and how they would pay.",
        "There is no hope of finding survivors in the cellar.",
        "The office has a pile of claims waiting to be paid.",
        "It fed fears of a storm and the possibility that the wall would fall.",
    ],
)
def test_what_is_no_attribution_is_left_alone(text: str) -> None:
    assert attributions(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The scheme offers",
        "This is what the mayor claims",
        "The mayor told reporters that",
        "It is dying, she says, and",
        "Reports by that the wall fell.",
        "The law was praised by",
        "The law was praised by.",
        "said ,",
        "The paper quoted Holm as saying",
        "According to",
        "",
    ],
)
def test_a_text_that_breaks_off_is_read_all_the_same(text: str) -> None:
    assert_spans(text)


@pytest.mark.parametrize(
    ("text", "who", "what"),
    [
        ("We won. I think so! — Petra Holm (@pholm) March 4, 2017", "Petra Holm (@pholm)", "We won. I think so!"),
        (
            "A town hall.\n\nWe won.\npic.twitter.com/x9Q\n— P. Holm (@pholm) 4 March 2017",
            "P. Holm (@pholm)",
            "We won.",
        ),
        ("We won. https://t.co/x9 -- P. Holm ( @pholm ) March 4 , 2017", "P. Holm ( @pholm )", "We won."),
    ],
)
def test_a_post_is_what_its_writer_says(text: str, who: str, what: str) -> None:
    (one,) = attributions(text)
    assert [text[a:b] for a, b in (*one.source, *one.cue, *one.content)] == [who, what]


def test_the_end_of_a_day_is_no_post() -> None:
    (one,) = attributions("One. — A. Roe (@roe) March 4, 2017-a — B. Loe (@loe) March 5, 2017")
    assert one.content == ((0, 4),)


def test_two_posts_are_two() -> None:
    text = "One. — A. Roe (@roe) March 4, 2017\nTwo. — B. Loe (@loe) March 5, 2017"
    assert [text[slice(*one.content[0])] for one in attributions(text)] == ["One.", "Two."]


@pytest.mark.parametrize(
    "text",
    [
        "— Petra Holm (@pholm) March 4, 2017",
        "https://t.co/x9 — Petra Holm (@pholm) March 4, 2017",
        "The pool — the oldest (@pool) in town — is shut since March 4, 2017.",
        "Nobody went. " * 60 + "— Petra Holm (@pholm) March 4, 2017",
    ],
)
def test_what_is_no_post_is_left_alone(text: str) -> None:
    assert attributions(text) == ()


def test_a_text_may_break_off_anywhere() -> None:
    """Every sentence of the six articles, cut after each of its words and begun at each of them."""
    for path in seeds.seeds().glob("*.txt"):
        whole = path.read_text("utf-8")
        tokens = read(whole).tokens
        for first, stop in tokens.sentences:
            for k in range(first, stop):
                for text in (whole[slice(*tokens.span(first, k + 1))], whole[slice(*tokens.span(k, stop))]):
                    assert_spans(text)


@pytest.mark.parametrize("seed", range(4))
def test_words_without_order_are_read_all_the_same(seed: int) -> None:
    rng = random.Random(seed)
    words = """said that “ ” " , . : ; ( ) -- ' the a and to of by was be not he who which has accused according denied
    called as claims there 's quoted saying in Monday report ‘ ’ however but praised asked if Holm no""".split()
    for _ in range(300):
        assert_spans(" ".join(rng.choices(words, k=rng.randint(1, 14))))


def test_no_subject_is_looked_for_beyond_its_sentence() -> None:
    assert subject_before(read("Said he").tokens, 0, 0) is None


def test_the_rules_of_each_kind_of_cue_stand_together() -> None:
    kinds = [kind for kind, _ in groupby(rule.on for rule in PATTERNS)]
    assert len(kinds) == len(set(kinds))
    assert {rule.on for rule in PATTERNS if rule.find is None} == {"text"}


def test_the_page_for_teachers_has_the_table_of_rules_in_their_order() -> None:
    page = (ROOT / "docs" / "drafting.md").read_text("utf-8")
    table = page.partition("| rule | what it finds | example |\n| --- | --- | --- |\n")[2].partition("\n\n")[0]
    rows = [f"| {rule.name} | {rule.sense} | {rule.example} |".replace("\n", "<br>") for rule in PATTERNS]
    assert table.splitlines() == rows


def test_the_page_and_the_lesson_count_rules_and_cues_right() -> None:
    table = lexicon()
    verbs = {cue.lemma for cues in table.verbs.values() for cue in cues}
    nouns = {cue.lemma for cue in table.nouns.values()}
    every = len(verbs) + len(nouns) + len(table.adjectives) + len(table.adverbs) + len(table.prepositions)
    page = (ROOT / "docs" / "drafting.md").read_text("utf-8")
    counts = f"some {round(len(verbs), -1)} verbs, {round(len(nouns), -1)} nouns and {round(len(table.adjectives), -1)}"
    assert f"{counts} adjectives" in page
    lesson = (ROOT / "notebooks" / "08_how_a_machine_would_do_it.ipynb").read_text("utf-8")
    rules = NUMBERS.index(re.search(r"(\S+) \*\*rules\*\*", lesson).group(1))
    assert (rules, f"a list of some {round(every, -1)} cues" in lesson) == (len(PATTERNS), True)
