"""Page furniture: what is set aside before anything is read, and what looks like it and is read."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from kit.article.annotation_file import read
from kit.article.loading import Article, load_article
from kit.article.view import annotated
from kit.draft.rules_in_order import attributions
from kit.draft.units import dateline_end, headline_of, set_aside
from kit.teacher.authoring import drafting

ASIDE = """\
Published: 12:01 PM May 7, 2019    Updated: 9:43 PM May 9, 2020
7 May 2019
5 min read
Rosa Lind
By Rosa Lind, Staff Writer
By ROSA LIND and TOM BRACK | Elm Courier
Rosa Lind, crime reporter
Author Picture Icon
Share on Facebook
1.2K shares
Tweet
Copy link
Comments (0)
View all comments
Advertisement
Skip to main content
READ MORE: Man jailed after thefts
Also read: Pool to close
I’m Rosa Lind.
This website uses cookies to improve your visit.
We’ll assume you’re OK with this, but you can opt out.
Are you already a subscriber?
Click to log in!
Image caption,
Image copyright Elm Pictures
Media caption The moment at which the dam broke
Media playback is unsupported on your device
This video can not be played
Play the attached audio
Source:
Accessibility links
(ELM News)
PIERTOWN (Reuters) —
rl/tb (AFP, Reuters)
Rosa Lind wrote this story for Easy English.
Tom Brack and Rosa Lind also contributed to this report.
Rosa Lind was the editor.
What do you think? We want to hear from you.
More from the Courier
Story continues below
Sign up to our newsletter    Comments (0)
Follow the Elm Courier on Facebook.
Tags: pool, town
Vale (left) and Lind (right) on May 5, 2022. Image: Town Office.
The mayor at the pool in Elm on May 5, 2022. (AP Photo/Tom Brack)
The pier in spring, by Rosa Lind. Pic: AP
Walkers at the gate in Elm, on May 5, 2022. Tom Brack/Elm Water Dept.
11:30 AM, Thursday, June 09 2016 | 42 views | 3 comments | email to a friend | print
Image caption, The pool was closed in May
Photo: Tom Brack / Elm Courier
(Reporting by Rosa Lind; Editing by Tom Brack)
© 2022 Elm Courier. All rights reserved.
Media contact: Rosa Lind
rosa@example.org
###
LONDON, May 7, 2019
"Mayor quits over pool" — Elm Courier, May 7, 2019
Year	Income	Spending
2019	100	120
| a | b |
|---|---|
Home > News > Elm
* first
1. one"""
READ = """\
Eight people were arrested, police said.
A long road to the bridge
What we know
Police appeal for witnesses
NATO: No proof yet
Read more carefully, the report says little.
More on that will be known on Monday.
“Share it with friends,” she said.
Posted on Monday, the video shows a fire.
By 2030 the town will have a new pool.
The photo shows the mayor.
Watch out for floods, the office said.
* The mayor will resign.
* The council voted to close the pool in May
Rosa Lind: No, we lost.
Contact with the firm was lost.
Jonas Vale (pictured), who denies theft, said he would appeal.
Image problems hurt the firm, Lind said.
Copyright law is old, she said.
Share of the vote
“Yes.\""""


@pytest.mark.parametrize("line", ASIDE.splitlines())
def test_furniture_is_set_aside(line: str) -> None:
    assert set_aside({0: "Mayor quits", 1: line}) == {1}


@pytest.mark.parametrize("line", READ.splitlines())
def test_what_is_text_is_read(line: str) -> None:
    assert set_aside({0: "Mayor quits", 1: line}) == set()


def test_a_long_line_without_a_stop_is_a_caption_where_others_have_one() -> None:
    told = "The council of Elm said on Monday that it would look into all that had been found in the cellar of the hall"
    shown = "Walkers at the gate of the hall in Elm on 27/7/16, worried about the new cellar and the old roof of it"
    lines = ["Hall shut", f"{told}.", shown, *[f"{told}."] * 3]
    assert set_aside(dict(enumerate(lines))) == {2}
    assert set_aside(dict(enumerate([*lines[:3], told]))) == set()


def test_a_glossary_for_learners_and_a_signature_in_brackets_are_set_aside(tmp_path: Path) -> None:
    told = "ELM, May 7. /AFP/. The pier is shut. [Sent by Rosa Lind]"
    text = f"Pier shut\n\n{told}\n\nWords in This Story\n\npier – n. a thing in the sea"
    made = drafting.annotated(text, slug="a", headline="Pier shut", dateline=datetime.date(2024, 10, 19))
    whole = read(drafting.write(made, text.encode(), tmp_path, "a"))
    assert [unit.kind for unit in whole.units] == ["headline", *["furniture"] * 2, "body", *["furniture"] * 3]


def test_the_headline_is_the_first_line_that_may_be_one() -> None:
    assert (
        headline_of("******FOR IMMEDIATE RELEASE******\nContact:\nRosa Lind\n\nMayor quits\n\nHe left.")
        == "Mayor quits"
    )
    assert headline_of("\n Rosa Lind\nShe left.") == "Rosa Lind"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("LONDON, May 7 (Reuters) - A man left.", "A man left."),
        ("Elm, Ohio (AP) — “We left.”", "“We left.”"),
        ("ELM – Governor Vale left.", "Governor Vale left."),
        ("Piertown – Governor Vale left.", "Governor Vale left."),
        ("(News-Elm.org) New Elm, Conn. — A man left.", "A man left."),
        ("Elm, May 7 – The mayor left.", "The mayor left."),
        ("Rosa Lind — The mayor left.", "Rosa Lind — The mayor left."),
        ("Rosa Lind – once the mayor – left.", "Rosa Lind – once the mayor – left."),
    ],
)
def test_a_dateline_belongs_to_no_claim(line: str, text: str) -> None:
    assert line[dateline_end(line) :] == text


def opened(text: str, tmp_path: Path) -> Article:
    made = drafting.annotated(text, slug="a", headline=headline_of(text), dateline=datetime.date(2024, 10, 19))
    return load_article(drafting.write(made, text.encode(), tmp_path, "a"))


TEXT = "Mayor quits\n\nTweet\n\nELM – The mayor left.\n\nPublished: May 7, 2019\n\nNobody knows why, police said.\n"


def test_what_is_set_aside_stays_as_a_unit_without_claims_and_is_not_shown(tmp_path: Path) -> None:
    article = opened(TEXT, tmp_path)
    whole = article.annotation
    aside = [unit for unit in whole.units if unit.kind == "furniture"]
    assert [unit.text for unit in aside] == ["Tweet", "Published: May 7, 2019"]
    assert not {unit.id for unit in aside} & {claim.unit for claim in whole.claims}
    assert "The mayor left" in [claim.quote for claim in whole.claims]
    shown = annotated(article)._repr_html_()
    assert "Tweet" not in shown and "Nobody knows why" in shown
    assert "Tweet" in annotated(article, units=["S02"])._repr_html_()


def test_a_person_brings_one_back(tmp_path: Path) -> None:
    path = opened(TEXT, tmp_path).annotation.path
    path.write_text(
        path.read_text("utf-8").replace('kind = "furniture"', 'kind = "body"', 1)
        + '\n[[claim]]\nid = "S02a"\nunit = "S02"\nlayer = "content"\nquote = "Tweet"\nstatus = "asserted"\n'
        'source = "author"\ncontent_type = "state"\nchain = ["article"]\nwhy = "It is told."\n',
        "utf-8",
    )
    assert read(path).by_id["S02a"].quote == "Tweet"
    assert "Tweet" in annotated(load_article(path))._repr_html_()


def test_nothing_is_looked_for_in_what_is_set_aside() -> None:
    assert attributions("Mayor quits\n\nREAD MORE: Mayor said he was late\n\nPhoto: Lind says no") == ()
