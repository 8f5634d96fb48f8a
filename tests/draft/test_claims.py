"""Claims, sources, hedges and statuses of a draft, by the rulings of the guide."""

from __future__ import annotations

import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from marked import documents

from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.records import Annotation, Claim
from kit.draft.sources import Register, named
from kit.draft.statuses import hedge_for
from kit.teacher.authoring import drafting


def drafted(text: str, tmp_path: Path) -> Annotation:
    made = drafting.annotated(text, slug="a", headline="", dateline=datetime.date(2024, 10, 19))
    return read(drafting.write(made, text.encode(), tmp_path, "a"))


def contents(text: str, tmp_path: Path) -> list[Claim]:
    return [claim for claim in drafted(text, tmp_path).claims if claim.layer == "content"]


@pytest.mark.parametrize(
    ("sentence", "quote", "status"),
    [
        ("The mayor said that the tunnel is safe.", "the tunnel is safe", "alleged"),
        ("The bank denied that data were stolen.", "data were stolen", "denied"),
        (
            "Holm said that it is not true that the town plans a sale.",
            "it is not true that the town plans a sale",
            "denied",
        ),
        (
            "The police said that there is no evidence of a second car.",
            "there is no evidence of a second car",
            "unconfirmed",
        ),
        ("The union urged the ministry to publish the report.", "the ministry to publish the report", "stance"),
        (
            '"If the bridge closes, the shops will die," Roe warned.',
            "If the bridge closes, the shops will die",
            "stance",
        ),
        ("The singer allegedly left in March.", "The singer allegedly left in March", "alleged"),
        ("The pool is the oldest in the region.", "The pool is the oldest in the region", "asserted"),
        ("The council is displeased by rumors of a sale of the pool.", "a sale of the pool", "alleged"),
        ("Nordline plans to buy a ferry.", "Nordline plans to buy a ferry", "asserted"),
        ("The minister is expected to resign.", "The minister is expected to resign", "alleged"),
        ("The company rejects claims of a cover-up.", "claims of a cover-up", "denied"),
        ("The mayor rejected the plan.", "the plan", "stance"),
        ("“At no time did we hide anything,” Rehn said.", "At no time did we hide anything", "denied"),
        ("“Nobody has told us anything,” Berg said.", "Nobody has told us anything", "alleged"),
        ("“Silence is not an answer,” Berg said.", "Silence is not an answer", "alleged"),
        ("“This is not a leak,” Berg said.", "This is not a leak", "denied"),
        ("“Nobody was there,” Berg said.", "Nobody was there", "denied"),
        (
            "The ministry said it had not yet been able to verify the report.",
            "it had not yet been able to verify the report",
            "unconfirmed",
        ),
        ("The study itself has not been published.", "The study itself has not been published", "asserted"),
        ("The police said they had no record of the visit.", "they had no record of the visit", "unconfirmed"),
        ("“I have no criminal record,” Berg said.", "I have no criminal record", "denied"),
        ("“I had no part in it,” Berg said.", "I had no part in it", "denied"),
        ("Berg said the story was made up.", "the story was made up", "denied"),
        ("There is no truth in the report, the bank said.", "There is no truth in the report", "denied"),
        ("Berg maintains her innocence.", "her innocence", "denied"),
        ("There is no sign of a leak.", "There is no sign of a leak", "unconfirmed"),
        ("The ministry would neither confirm nor deny that it was sold.", "it was sold", "unconfirmed"),
        ("Neither bank would say whether a deal was near.", "a deal was near", "unconfirmed"),
        ("Berg declined to say whether she would run.", "she would run", "unconfirmed"),
        ("The police would not say who broke the gate.", "broke the gate", "asserted"),
        ("The coach told the crowd to sit down.", "the crowd to sit down", "stance"),
        ("The judge advised the jury to wait.", "the jury to wait", "stance"),
        ("Berg asked whether the dam was safe.", "whether the dam was safe", "stance"),
        ("“Why was nobody told?” Berg said.", "Why was nobody told?", "stance"),
        ("Berg asked why the plan was kept secret.", "why the plan was kept secret", "alleged"),
        ("The board complained that nobody had asked it.", "nobody had asked it", "alleged"),
        ("Rumours spread that the mayor had fled.", "the mayor had fled", "alleged"),
        ("The clerk was booked for a bad foul.", "The clerk was booked for a bad foul", "asserted"),
        ("The town had better roads.", "The town had better roads", "asserted"),
        ("The right wing of the hall burned, police said.", "The right wing of the hall burned", "alleged"),
        ("There is not a shred of proof, Berg said.", "There is not a shred of proof", "unconfirmed"),
        ("So far nothing suggests that it burned.", "So far nothing suggests that it burned", "asserted"),
        ("There is nothing to suggest that it burned.", "There is nothing to suggest that it burned", "unconfirmed"),
        ("The story is nonsense, Berg said.", "The story is nonsense", "denied"),
        ("Berg insists on her innocence.", "her innocence", "denied"),
        ("Holm, who was blamed by her brother for the fire, left.", "for the fire", "alleged"),
        ("Berg was a strong swimmer.", "Berg was a strong swimmer", "asserted"),
        ("Asked if she would resign, Berg said no.", "no", "denied"),
        ("The vote was unfair, Berg said.", "The vote was unfair", "stance"),
        ("The two will learn if they will be charged.", "The two will learn if they will be charged", "asserted"),
        ("Witnesses described the car as a small van.", "the car as a small van", "alleged"),
        ("Roe described the plan as a serious hazard.", "the plan as a serious hazard", "stance"),
        ("Roe warned that the ice was thin.", "the ice was thin", "alleged"),
        ("Roe warned that the ice could break.", "the ice could break", "stance"),
        ("“Do not walk on the ice,” Roe said.", "Do not walk on the ice", "stance"),
        ("Roe said it shouldn’t be sold.", "it shouldn’t be sold", "stance"),
        ("Roe said it was up to them to prove it.", "it was up to them to prove it", "stance"),
        ("“Why go? We like it here. Why now?” Roe asked.", "We like it here", "alleged"),
        ("Roe said she did not yet know whether it leaked.", "she did not yet know whether it leaked", "unconfirmed"),
        ("“What took place here is sickening,” Roe said.", "What took place here is sickening", "stance"),
        ("Roe refuted the claim.", "the claim", "denied"),
        ("“Our sympathies are with them,” Roe said.", "Our sympathies are with them", "stance"),
        ("“You see things you don’t know,” Roe said.", "You see things you don’t know", "alleged"),
        ("Roe objected to the plan.", "the plan", "stance"),
        ("Roe said a new roof would cost ten crowns.", "a new roof would cost ten crowns", "alleged"),
        ("Roe admitted that she took the file.", "she took the file", "confirmed"),
        ("“We want the pool to be shut,” Roe said.", "We want the pool to be shut", "stance"),
        ("Roe said the vote wasn’t fair.", "the vote wasn’t fair", "stance"),
        (
            "“I am sorry for all that I have done to the name of the town and to the trust in the office that I hold,” "
            "Roe said.",
            "I am sorry for all that I have done to the name of the town and to the trust in the office that I hold",
            "stance",
        ),
        ("The mayor left in a scandal over lost files.", "The mayor left in a scandal over lost files", "asserted"),
        ("The union welcomed the vote.", "the vote", "stance"),
        ("Roe said it was gross negligence.", "it was gross negligence", "stance"),
        ("Roe said she was grateful to the crew.", "she was grateful to the crew", "stance"),
        ("“May the dead rest in the bay,” Roe said.", "May the dead rest in the bay", "stance"),
        ("Roe said two men died in May in the collapse.", "two men died in May in the collapse", "alleged"),
        ("Roe said it was likely to go on unless it rained.", "it was likely to go on unless it rained", "stance"),
        ("Roe confessed to the theft of a boat.", "the theft of a boat", "confirmed"),
        ("The judge ordered the clerk remain in the town.", "the clerk remain in the town", "stance"),
        ("Roe insisted he be heard.", "he be heard", "stance"),
        ("The experts proposed that birds ran and then jumped.", "birds ran and then jumped", "alleged"),
        ("Both towns have alleged Ostrian involvement.", "Ostrian involvement", "alleged"),
        ("Roe denied the claim. “I think they are not glad,” she said.", "I think they are not glad", "alleged"),
        ("One guard described two men climbing the gate.", "two men climbing the gate", "alleged"),
        ("The dockers refused to leave the pier.", "The dockers refused to leave the pier", "asserted"),
        (
            "The firm said it would move, for reasons that are unclear.",
            "it would move, for reasons that are unclear",
            "alleged",
        ),
    ],
)
def test_contents_and_their_status(sentence: str, quote: str, status: str, tmp_path: Path) -> None:
    assert (quote, status) in [(claim.quote, claim.status) for claim in contents(sentence, tmp_path)]


def test_what_is_asserted_is_the_authors(tmp_path: Path) -> None:
    """Read back with every ruling, whatever is told: `drafted` refuses a claim that is asserted by a source."""
    texts = [path.read_text("utf-8") for path in sorted(seeds.seeds().glob("*.txt"))]
    claims = [claim for text in texts for claim in drafted(text, tmp_path / str(len(text))).claims]
    assert {claim.source for claim in claims if claim.status == "asserted"} == {"author"}


def test_what_is_turned_down_has_a_cue_that_keeps_its_distance(tmp_path: Path) -> None:
    (claim,) = contents("The company rejects claims of a cover-up.", tmp_path)
    assert (claim.cue, claim.cue_class) == ("rejects", "distancing")


def test_what_is_confirmed_by_a_party_may_be_an_admission(tmp_path: Path) -> None:
    (claim,) = contents("A spokesman for Nordwerk confirmed that such a study exists.", tmp_path)
    assert (claim.status, claim.also, claim.proposed) == ("alleged", ("confirmed",), "guess")
    assert "admission" in claim.why


def test_a_quotation_without_a_speaker_is_a_guess(tmp_path: Path) -> None:
    claim = contents("Brandt shrugged. “Ask the ministry for it.”", tmp_path)[-1]
    assert (claim.source, claim.proposed) == ("none", "guess")


def test_acts_are_confirmed_by_the_reporter(tmp_path: Path) -> None:
    claims = drafted('"We never spoke to a buyer," said Lena Brandt, the director.', tmp_path).claims
    (act,) = [claim for claim in claims if claim.layer == "act"]
    assert (act.quote, act.status, act.source, act.cue) == (
        "said Lena Brandt, the director",
        "confirmed",
        "author",
        "said",
    )
    assert (act.quote_type, act.content_type, act.chain) == ("direct", "speech", ("brandt", "article"))


@pytest.mark.parametrize(
    "sentence",
    [
        "The finance office declined to comment.",
        "The finance office did not respond.",
        "The finance office has not replied to questions.",
        "The finance office could not be reached for comment.",
        "The finance office would not give details.",
        "The finance office would not confirm the name.",
        "The finance office has yet to comment.",
        "The finance office gave no further details.",
        "The finance office did not identify the firm.",
        "The finance office declined to name the firm.",
        "Neither finance office would comment.",
    ],
)
def test_silence_is_told_and_makes_no_content(sentence: str, tmp_path: Path) -> None:
    (claim,) = drafted(sentence, tmp_path).claims
    assert (claim.layer, claim.status, claim.also, claim.quote_type) == ("act", "confirmed", (), "narrated")
    assert claim.chain[0] == "finance-office"


def test_that_others_are_silent_is_a_content(tmp_path: Path) -> None:
    (claim,) = contents("The firm said that the ministry did not respond.", tmp_path)
    assert (claim.quote, claim.status) == ("the ministry did not respond", "alleged")


@pytest.mark.parametrize(
    ("sentence", "acts"),
    [
        ("Rehn confirmed that it exists, but said it was a draft.", ["Rehn confirmed", "said"]),
        ("Rehn said that it exists but declined to comment on it.", ["Rehn said", "declined to comment"]),
    ],
)
def test_a_second_act_does_not_swallow_the_first(sentence: str, acts: list[str], tmp_path: Path) -> None:
    assert [claim.quote for claim in drafted(sentence, tmp_path).claims if claim.layer == "act"] == acts


def test_who_warns_against_something_warns(tmp_path: Path) -> None:
    (claim,) = contents("The mayor warned against panic.", tmp_path)
    assert (claim.cue, claim.cue_class, claim.status) == ("warned", "warning", "stance")


def test_a_quotation_over_sentences_keeps_its_source(tmp_path: Path) -> None:
    text = '"We looked. It was dry," Ida Berg said. "Nobody was there."'
    found = contents(text, tmp_path)
    assert [(claim.unit, claim.quote, claim.source) for claim in found] == [
        ("S01", "We looked", "berg"),
        ("S02", "It was dry", "berg"),
        ("S03", "Nobody was there", "berg"),
    ]


def test_pronouns_and_surnames_lead_to_one_source(tmp_path: Path) -> None:
    text = "The mayor, Petra Holm, said it is so. She added that it will stay so. Holm said the bank knows."
    whole = drafted(text, tmp_path)
    assert [source.id for source in whole.sources] == ["holm"]
    assert {claim.source for claim in whole.claims if claim.layer == "content"} == {"holm"}


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Jim Vale, a councillor, has accused the mayor of lying. Mr Vale said he would sue.", "vale vale"),
        ("Rosa Roe accused the bank of theft. “They took it.” “They will pay.”", "roe roe roe"),
        ("Broker Rosa Roe of lawyers Elm Vale said no. Roe said it was late.", "roe roe"),
        ("Danish sprinter Jonas Vale said no. The sprinter said it was late.", "vale vale"),
        ("Vale, 31, told us that he was glad. The 31-year-old said it rained. Jonas Vale said no.", "vale vale vale"),
        ("The Planning Minister said it rained. Planning Minister Rosa Lind said it was late.", "lind lind"),
        ("A spokesman for the town said no. The spokesman said it was late.", "spokesman-town spokesman-town"),
        ("Jonas Vale said no. His sister Mia Vale left. Ms Vale said it rained. Mr Vale said yes.", "vale vale-2 vale"),
        ("Miss Roe’s parents have said no. They said that it is late.", "miss-roes-parents miss-roes-parents"),
        ("Miss Roe’s parents have said no. Both said that it is late.", "miss-roes-parents miss-roes-parents"),
        ("Mr Law said that it rained.", "law"),
        ("Cllr Rosa Roe said no. Coun Roe said it rained. An angry Roe said that it was late.", "roe roe roe"),
        ("Coun Roe and Vale said no.", "coun-roe-vale"),
        ("Jonas Vale said no. He himself said it was late.", "vale vale"),
        ("Elm Council, of which Cllr Rosa Roe is a member, said it rained.", "elm-council"),
        ("Kim Vale said she was ill. Lou Elm said he was cold. She said it was late.", "vale elm vale"),
        ("Rosa Elm Roe said no. Elm Roe said it rained.", "roe roe"),
        ("The head of Elm Council Rosa Roe left. The council said it rained.", "author council"),
        ("Jonas Vale said no. Rosa Roe said yes. Mr Vale left. He said it rained.", "vale roe author vale"),
        ("Elm Bank said no. The ELB still has not met. It said it was late.", "elm-bank author elb"),
        ("Elm Bank said no. In May, green groups were ill. They said it leaked.", "elm-bank author green-groups"),
        ("Elm Bank said no. Vale and Lind were ill. They said it leaked.", "elm-bank author vale-lind"),
        ("Elm Bank said no. The findings are old. They said that it leaked.", "elm-bank author elm-bank"),
        ("Rosa Roe said no. Walkers said he was lost.", "roe walkers"),
        ("A Labour MP, Jonas Vale, spoke. The care of it all was odd. He said: “It is late.”", "vale"),
        ("Mrs Roe said no. Jonas Vale said it rained. She said that it was late.", "roe vale roe"),
        ("Rosa Roe said no. The firm said it rained. It said that it was late. She said yes.", "roe firm firm roe"),
        ("A degree of skill was seen. He said that it was late.", "speaker"),
        ("Rosa Roe said no. WHO say that it is late.", "roe who"),
        ("Rosa Roe left. She sighed. “It is late and cold.”", "author author roe"),
        (
            "Pier shut\n\nThe union said no. The Elm Bank was sued. It said that it was late.",
            "author union author elm-bank",
        ),
        (
            "Pier shut\n\nElm Bank said no. Green groups support it. They say it was late.",
            "author elm-bank author green-groups",
        ),
        ("Wood Dries Out Fast\n\nRosa Roe left. She said that it was late.", "author author roe"),
        ("Roe met Ann Vale.\n\n((Elm Post)) Did you win?\n\n((Ann Vale)) We lost.", "author vale"),
        ("Peers were told by the leader, Lady Jay, that he was ill. Lady Jay said no.", "jay jay"),
        ("The BBC quoted Rosa Roe as saying it leaks. Elm Radio cited two men as saying no.", "roe men"),
        ("It rained. On Sunday, the mayor said no.", "mayor"),
        ("Ann Roe's family paid tribute to her: “She was kind to all.”", "ann-roes-family"),
        ("The Free Democrats condemned the vote. “It was late,” it said.", "free-democrats free-democrats"),
        ("Rosa Roe said no. We stated that it was late. This suggests that it was.", "roe author author"),
        ("We met Rosa Roe.\n\nQ: Did you win?\n\nA: We lost.\n\nQ: It was late.", "author roe author"),
        ("The Elm Transport Board said no. The ETB said it rained.", "elm-transport-board elm-transport-board"),
        ("The ETB said no. The Elm Transport Board (ETB) said it rained.", "etb etb"),
        ("Police said the clerk told them that he took the boat.", "police clerk"),
        ("The Elm Office for Fire (El Fire) said no. El Fire said it rained.", "elm-office-fire elm-office-fire"),
        ("“It leaks,” the mayor said, the Elm Echo reported.", "mayor"),
        ("Critics said no. Others said it rained. Rosa Roe said yes.", "none none roe"),
        ("The mayor said no. It will reportedly open. It rained. It reportedly leaks.", "mayor mayor author none"),
        ("Rosa Roe said no. A man was jailed in May. He admitted that it leaked.", "roe author man"),
        ("A study found that it leaks. The researchers said no. The authors said it rained.", "study study study"),
        (
            "Prime Minister Jonas Vale said no. Ports minister Ann Roe said yes. The prime minister said it rained. "
            "PM said it was late.",
            "vale roe vale vale",
        ),
        ("Pier shut too late: Coach Roe\n\nIt rained.", "roe author"),
        (
            "It rained.\n\nMayor Rosa Roe said:\n\nIt is a gem.\n\nWe like it.\n\nNotes to editors\n\nIt was cold.",
            "author roe roe author",
        ),
        (
            "Rosa Roe sailed.\n\nElm Post: Did you win?\n\nROE: We lost.\n\nElm Post: It was late.",
            "author roe elm-post",
        ),
    ],
)
def test_who_is_meant(text: str, speakers: str, tmp_path: Path) -> None:
    assert [claim.source for claim in contents(text, tmp_path) if claim.source != "author"] == [
        one for one in speakers.split() if one != "author"
    ]


@pytest.mark.parametrize(
    ("mention", "name", "kind"),
    [
        ("The mayor of Lindental, Petra Holm", "Petra Holm", "named"),
        ("Lena Brandt, the director of Aquaria", "Lena Brandt", "named"),
        ("Ukrainian President Volodymyr Zelenskyy", "Volodymyr Zelenskyy", "named"),
        ("a spokesperson for the town hall", "a spokesperson for the town hall", "role"),
        ("The Ministry of Ports", "the Ministry of Ports", "institution"),
        ("Yonhap news agency", "Yonhap news agency", "agency"),
        ("NATO", "NATO", "institution"),
        ("people familiar with the talks", "people familiar with the talks", "role"),
        ("Nordwerk AG", "Nordwerk AG", "institution"),
        ("The Green List", "the Green List", "institution"),
        ("Analysts", "Analysts", "role"),
    ],
)
def test_kinds_of_sources(mention: str, name: str, kind: str) -> None:
    assert named(mention) == (name, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Nordwerk said the tank was empty. On Monday Nordwerk said so again.", "institution"),
        ("Nordwerk said that its spokesman had left. He was ill.", "institution"),
        ("Nordwerk, the owner of the plant, said that it was safe.", "institution"),
        ("Rehn said the tank was empty. He left.", "named"),
        ("“We left,” Rehn said. “Nobody was there,” he added.", "named"),
        ("Rehn, the firm's spokesman, said the tank was empty.", "named"),
        ("Rehn said the tank was empty. It was full, Tobias Rehn said later.", "named"),
    ],
)
def test_a_bare_name_is_a_person_only_where_the_text_shows_one(text: str, kind: str, tmp_path: Path) -> None:
    source = drafted(text, tmp_path).sources[0]
    assert source.kind == kind
    assert source.proposed == "guess" or kind == "named"


def test_a_firm_with_and_without_its_legal_form_is_one(tmp_path: Path) -> None:
    text = "Nordwerk AG said the tank was empty. Nordwerk said so again. It said that the lake was safe."
    assert [source.id for source in drafted(text, tmp_path).sources] == ["nordwerk-ag"]


def test_ids_are_never_shared_nor_taken() -> None:
    register = Register()
    ids = [register.id_of(mention) for mention in ("Ann Lee", "Bob Lee", "the author", "none", "李明", "The")]
    assert len(set(ids)) == len(ids) and not {"author", "none", "article", ""} & set(ids)


@pytest.mark.parametrize(
    ("sentence", "quote", "hedge"),
    [
        ("It seems that the pool is closed.", "the pool is closed", "It seems"),
        ("The pool could close.", "The pool could close", "could"),
        ("He could tell. The pool is closed.", "The pool is closed", ""),
        ("There were rumors of a sale.", "a sale", "rumors"),
        ("The mayor, who might resign, said the pool is closed.", "the pool is closed", ""),
    ],
)
def test_a_hedge_reaches_what_depends_on_it_and_no_further(sentence: str, quote: str, hedge: str) -> None:
    assert hedge_for(quote, sentence, sentence.index(quote)) == hedge


def test_words_that_stand_twice_are_made_longer_until_they_stand_once(tmp_path: Path) -> None:
    whole = drafted("Holm said it is so, and Holm said it is so again.", tmp_path)
    assert [claim.quote for claim in whole.claims] == [
        "it is so,",
        "and Holm said",
        "it is so again",
    ]


def test_a_silence_over_sentences_is_told_in_its_own(tmp_path: Path) -> None:
    act = drafted("Holm declined to comment: “It is late. We left.”", tmp_path).claims[0]
    assert (act.unit, act.layer, act.quote) == ("S01", "act", "Holm declined to comment: “It is late.")


LABELLED = [*seeds.seeds().glob("*.txt"), *(Path(__file__).parent.parent / "data").glob("attributions_*.txt")]


@pytest.mark.parametrize("path", LABELLED, ids=lambda path: path.stem)
def test_no_two_claims_share_a_word_in_any_labelled_text(path: Path, tmp_path: Path) -> None:
    marked = path.stem.startswith("attributions_")
    texts = [text for text, _ in documents(path)] if marked else [path.read_text("utf-8")]
    for number, text in enumerate(texts):
        claims = sorted(drafted(text, tmp_path / str(number)).claims, key=lambda claim: claim.start)
        assert claims
        assert [(a.quote, b.quote) for a, b in pairwise(claims) if a.end > b.start] == []


@pytest.mark.parametrize(
    ("sentence", "quotes"),
    [
        (
            "Roe denied it, although he praised a soap the firm sells.",
            ["Roe denied it", "he praised", "a soap the firm sells"],
        ),
        ("As it looked, Roe said, a box had flipped over.", ["Roe said", "a box had flipped over"]),
        ('The notes, the suit added, were "false and mean".', ["the suit added", 'were "false and mean"']),
        ("It was not a lie, Roe said, but a joke.", ["It was not a lie", "Roe said", "but a joke"]),
        (
            "Roe, who called the tram a joke, said he would walk.",
            ["Roe, who called", "the tram a joke", "said", "he would walk"],
        ),
        ("The mayor promised a full inquiry.", ["The mayor promised", "a full inquiry"]),
        ("The mayor expressed concern over the dam.", ["The mayor expressed concern"]),
        ("The report spoke of rumours of a sale.", ["The report spoke of", "rumours of a sale"]),
        ("It rained, according to the port. It snowed, Roe said.", ["It rained", "according to the port"]),
        ("The bridge is shut, and Roe said it leaks.", ["The bridge is shut", "Roe said", "it leaks"]),
        ("Roe said that it leaks and that the pier is old.", ["Roe said", "it leaks", "the pier is old"]),
        ("“It leaks and we are tired,” Roe said.", ["It leaks", "we are tired", "Roe said"]),
        ("Roe said it is bad because the pier is old.", ["Roe said", "it is bad", "the pier is old"]),
        ("The yard shut, apparently because it leaked.", ["The yard shut", "it leaked"]),
        ("The yard closed its gate after Roe said it leaked.", ["The yard closed its gate", "Roe said", "it leaked"]),
        ("Accused of theft by Ann Roe, Vale left the hall.", ["Accused", "of theft", "Vale left the hall"]),
        ("Roe said it is so, adding that the pier leaks.", ["Roe said", "it is so", "the pier leaks"]),
        ("A lower court agreed with the farmers.", ["A lower court agreed with the farmers"]),
        ("Roe called for an inquiry.", ["Roe called for", "an inquiry"]),
        ("Roe has promised to send help.", ["Roe has promised", "to send help"]),
        ("Police put the number at 500.", ["Police put", "the number at 500"]),
        ("The minister has not commented on it.", ["The minister has not commented"]),
        ("The council approved the plan on Monday.", ["The council approved the plan on Monday"]),
        (
            "The vote will be held in May, in which Roe said the list would win.",
            ["The vote will be held in May", "Roe said", "the list would win"],
        ),
        (
            "The clerk met a man who police said stole a boat.",
            ["The clerk met a man", "police said", "stole a boat"],
        ),
        (
            "Nobody told of allegations of fraud by U.S. dockers.",
            ["Nobody told of allegations", "fraud by U.S. dockers"],
        ),
        ("There are claims of fraud in the port.", ["fraud in the port"]),
        (
            "The firm fined two clerks and ordered a third to leave.",
            ["The firm fined two clerks", "ordered", "a third to leave"],
        ),
        (
            "The crew left the ship in May, saying that it leaked.",
            ["The crew left the ship in May", "saying", "it leaked"],
        ),
        ("The mayor gave a talk in May, adding that it leaks.", ["The mayor gave a talk in May", "adding", "it leaks"]),
        ("The mayor gave a speech, adding that it leaks.", ["The mayor gave a speech, adding", "it leaks"]),
        ("The firm, which has denied the charges, fell.", ["The firm, which has denied", "the charges", "fell"]),
        ("Holm, who said that he slept, sued Roe.", ["Holm, who said", "he slept", "sued Roe"]),
        ("Pilots complained about work, and then made errors.", ["Pilots complained", "about work", "made errors"]),
        ("Berg, who studies law, discussed it with Roe.", ["studies law", "discussed it with Roe"]),
        (
            "The guards, who are few, according to the port, have been ill since May.",
            ["are few", "according to the port", "have been ill since May"],
        ),
        (
            "In response to a lawsuit by the Elm Farmers, Judge Roe ruled the tax was void.",
            ["a lawsuit by the Elm Farmers", "Judge Roe ruled", "the tax was void"],
        ),
        ("People were warned by police not to swim.", ["were warned by police", "not to swim"]),
        (
            "Peers were told in May by the leader, Lady Holm, that it leaks.",
            ["were told in May by the leader, Lady Holm", "it leaks"],
        ),
        ("The clerk got a report that the hall was lost.", ["The clerk got a report", "the hall was lost"]),
        (
            "The long talks of both towns on the ferry and the pier ended in May with a promise by Elm to dig a dock.",
            ["The long talks of both towns on the ferry and the pier ended in May with a promise by Elm to dig a dock"],
        ),
        ("Holm claims to own the pier, and left.", ["Holm claims", "to own the pier", "left"]),
        ("De Lima maintains the port’s plans were legal.", ["De Lima maintains", "the port’s plans were legal"]),
        (
            "They not only broke the gate, they may also be fined.",
            ["They not only broke the gate", "they may also be fined"],
        ),
        ("The dam leaks, but the mayor denies it.", ["The dam leaks", "the mayor denies it"]),
        ("Although the mayor denied it, the dam broke.", ["the mayor denied it", "the dam broke"]),
        (
            "A court dropped charges against a clerk who questioned whether it was safe.",
            ["A court dropped charges against a clerk", "who questioned", "whether it was safe"],
        ),
        ("Police have freed a man who was accused of theft.", ["Police have freed a man who was accused of theft"]),
        ("In a meeting in Elm, where they were ill, Roe said no.", ["Roe said", "no"]),
        (
            "Nurses have left, the ministry said in an announcement made in May.",
            ["Nurses have left", "the ministry said"],
        ),
        (
            "Port officials reported ten deaths, but later two of them died.",
            ["Port officials reported", "ten deaths", "two of them died"],
        ),
        (
            "The case stems from a talk when Roe told men to go.",
            ["The case stems from a talk", "Roe told", "men to go"],
        ),
        (
            "A poll released by Elm Radio showed Roe with ten seats.",
            ["A poll released by Elm Radio showed", "Roe with ten seats"],
        ),
        (
            "Nobody was hurt, officials with the Elm state government said.",
            ["Nobody was hurt", "officials with the Elm state government said"],
        ),
        ("Nurses have “flatly” rejected the offer.", ["Nurses have “flatly” rejected", "the offer"]),
        (
            "In Elm on Monday, Roe refused calls by nurses to go.",
            ["In Elm on Monday, Roe refused calls by nurses to go"],
        ),
        ("Many read it and once asked, they paid.", ["Many read it and once asked, they paid"]),
        ("Holm, who cannot be named, allegedly left.", ["left"]),
        (
            "Holm has promised to pay, and has told the firm to go.",
            ["Holm has promised", "to pay", "has told", "the firm to go"],
        ),
        ("Rosa Roe indicated that it was late.", ["Rosa Roe indicated", "it was late"]),
        ("The review follows disclosures that it leaked.", ["The review follows disclosures", "it leaked"]),
        (
            "Roe, who is 40, and her clerk, who is ill, were seen, Vale said.",
            ["Roe, who is 40, and her clerk, who is ill, were seen", "Vale said"],
        ),
        (
            "Vale denies taking bribes and says he will appeal.",
            ["Vale denies", "taking bribes", "says", "he will appeal"],
        ),
        (
            "Roe told the Board for Roads, Bridges and Old Piers that it leaks.",
            ["Roe told the Board for Roads, Bridges and Old Piers", "it leaks"],
        ),
        (
            "Two weeks after Roe said it was safe, the dam broke.",
            ["Roe said", "it was safe", "the dam broke"],
        ),
        (
            "The vote came two days after Roe said it was safe, if old.",
            ["The vote came two days", "Roe said", "it was safe, if old"],
        ),
        ("“It leaks and now it is cold,” Roe said.", ["It leaks", "now it is cold", "Roe said"]),
        (
            "The file suggests a second way: some men may have swum.",
            ["The file suggests a second way: some men may have swum"],
        ),
        ("A man accused of theft was seen on Monday.", ["A man accused of theft was seen on Monday"]),
        (
            "Roe was sought over a Monday night chase in which he allegedly fled.",
            ["Roe was sought over a Monday night chase", "he allegedly fled"],
        ),
        ("Roe said it leaks, the Elm Echo reported on Monday.", ["Roe said", "it leaks"]),
        ("It leaks, Roe told Elm Radio.", ["It leaks", "Roe told Elm Radio"]),
        ("Roe proposed that, in May, it be shut.", ["Roe proposed", "in May, it be shut"]),
        (
            "The clerk was, according to the port, among the dead.",
            ["The clerk was, according to the port, among the dead"],
        ),
        (
            "Saying that it leaks, Roe accused the port of neglect.",
            ["it leaks", "Roe accused", "the port of neglect"],
        ),
        (
            "It was a finding that complicates the idea of a leak.",
            ["It was a finding that complicates the idea of a leak"],
        ),
        ("The May 9-10 strike was long.", ["The May 9-10 strike was long"]),
        (
            "ELMTON: The port said that the pier was shut for ten days after a storm.",
            ["The port said", "the pier was shut for ten days after a storm"],
        ),
        (
            "Two towns have put a ban on the small firms they say are broke.",
            ["Two towns have put a ban on the small firms", "they say", "are broke"],
        ),
        ("Roe left. Holm, who left,", ["Roe left"]),
        (
            "Vale met her at the gala, with Holm telling the court in May that it hurt.",
            ["Vale met her at the gala", "Holm telling the court in May", "it hurt"],
        ),
        ("Police believe the driver fled.", ["the driver fled"]),
        ("When it rained, they left.", ["When it rained, they left"]),
        (
            "The town was full, as was Elm, and men that have left were many.",
            ["The town was full, as was Elm, and men that have left were many"],
        ),
        ("The families were told that the mine was shut.", ["The families were told", "the mine was shut"]),
        ("Vale shouted “Stop!” at the crowd.", ["Vale shouted", "Stop!"]),
        ("Ann Roe from Elm, who said it was late, left.", ["Ann Roe from Elm, who said", "it was late", "left"]),
        ("The mayor and the bank claim that it leaked.", ["The mayor and the bank claim", "it leaked"]),
        ("Studies have shown that salt helps.", ["Studies have shown", "salt helps"]),
        (
            "Tickets were sold to Ann Roe, who was planning to sail, and to a clerk.",
            ["Tickets were sold to Ann Roe, who was planning to sail, and to a clerk"],
        ),
        (
            "Roe said it would run despite Elm refusing to pay.",
            ["Roe said", "it would run despite Elm refusing to pay"],
        ),
        ("“It leaks a lot,” the mayor charged.", ["It leaks a lot", "the mayor charged"]),
        (
            "The yard was full of men, some of whom police said were ill.",
            ["The yard was full of men", "police said", "were ill"],
        ),
    ],
)
def test_acts_and_contents_stand_side_by_side(sentence: str, quotes: list[str], tmp_path: Path) -> None:
    whole = drafted(sentence, tmp_path)
    assert [claim.quote for claim in whole.claims if claim.unit == "S01"] == quotes


def test_who_is_not_named_cannot_be_asked(tmp_path: Path) -> None:
    act = drafted("Critics said it leaks.", tmp_path).claims[0]
    assert (act.layer, act.status, act.chain[0]) == ("act", "asserted", "?")


def test_a_plain_no_denies_only_where_somebody_is_blamed(tmp_path: Path) -> None:
    no = "Roe said that she did not take the file."
    assert [claim.status for claim in contents(no, tmp_path)] == ["alleged"]
    blamed = contents(f"{no} Berg accused her of theft.", tmp_path / "2")
    assert blamed[0].status == "denied"


def test_what_is_done_in_an_inner_clause_is_no_act(tmp_path: Path) -> None:
    (claim,) = drafted("The row grew when the council approved the plan.", tmp_path).claims
    assert (claim.layer, claim.status) == ("content", "asserted")


@pytest.mark.parametrize(
    ("sentence", "layer"),
    [
        ("Berg made a public apology.", "act"),
        ("Berg pleaded not guilty to theft.", "act"),
        ("The court has issued a warrant for Roe.", "act"),
        ("On Friday, the house also passed the bill by ten votes.", "act"),
        ("The office posted a photo of the two men.", "act"),
        ("She put forward a motion on the pier.", "act"),
        ("The firm involved in the case has apologised to the town.", "act"),
        ("A jury found Roe guilty of theft.", "act"),
        ("The lists were published in May.", "act"),
        ("Elm Radio has asked the firm for an answer.", "act"),
        ("Roe slammed the door and left.", "content"),
        ("A group called Elm First claimed responsibility for the fire.", "act"),
        ("The man who signed the list fell ill.", "content"),
        ("The deal, signed on Monday, was long.", "content"),
        ("Rosa Roe, the mayor, signed the deal.", "act"),
        ("Ten coaches of the Elm Express were late.", "content"),
        ("The planning meeting in the hall was long.", "content"),
        ("The boat overturned near the pier.", "content"),
        ("Roe ruled the town for ten years.", "content"),
        ("The crowd left as the bill was passed.", "content"),
        ("The house authorised two subpoenas on Monday.", "act"),
        ("Roe appeared in the court of Elm on Monday.", "act"),
        ("Roe refused to hand over the file.", "act"),
        ("The raid was claimed by the Elm Front.", "act"),
        ("The house held Roe in contempt in May.", "act"),
        ("Police freed him pending an inquiry.", "content"),
        ("A clerk, Jonas Vale, aged 28, appeared in the court of Elm.", "act"),
        ("The union has threatened two strikes.", "act"),
        ("The panel approved the new power in a voice vote.", "act"),
        ("Unions called off a second walk-out.", "act"),
    ],
)
def test_what_is_done_in_public_is_an_act(sentence: str, layer: str, tmp_path: Path) -> None:
    (claim,) = drafted(sentence, tmp_path).claims
    assert claim.layer == layer


@pytest.mark.parametrize(
    ("headline", "layer"),
    [
        ("Elm court issues arrest warrant for Roe", "act"),
        ("Theft suspect appears in court at Elm", "act"),
        ("Mayor of Elm resigns over lost files", "act"),
        ("Race issues plague work on pier", "content"),
        ("Row over claims protestors were misled", "content"),
        ("Bid to save pier rejected on party line", "content"),
    ],
)
def test_a_headline_tells_an_act_by_a_present_form(headline: str, layer: str, tmp_path: Path) -> None:
    made = drafting.annotated(
        f"{headline}\n\nIt rained.\n", slug="a", headline=headline, dateline=datetime.date(2024, 10, 19)
    )
    assert read(drafting.write(made, f"{headline}\n\nIt rained.\n".encode(), tmp_path, "a")).claims[0].layer == layer
