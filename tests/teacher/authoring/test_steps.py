"""Steps on an annotation file: what each changes, that it changes nothing else, and what it refuses in words."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

import pytest

from kit.article import annotation_file, seeds
from kit.article.loading import Article
from kit.errors import KitError
from kit.teacher.authoring import steps
from kit.teacher.authoring.sheets import Sheet

FRIENDLY = {
    "windows": lambda text: text.replace("\n", "\r\n"),
    "mark": lambda text: "\ufeff" + text,
    "no end": lambda text: text.rstrip("\n"),
    "by hand": lambda text: text.replace('quote = "', '  quote   =   "').replace(
        "[[claim]]", "\n# on this\n[[claim]] # one"
    ),
}


@pytest.fixture
def text(file: Path) -> str:
    """The seed with comments, odd spaces, a proposed claim and a proposed source."""
    text = file.read_bytes().decode()
    text = text.replace('status = "denied"\nsource = "holm"', 'status   = "denied"   # she says so\nsource = "holm"')
    text = text.replace('id = "C02a"\n', 'id = "C02a"\nproposed = "guess"\n').replace(
        '[[claim]]\nid = "C02b"', '# to discuss\n[[claim]]\nid = "C02b"'
    )
    text = text.replace('id = "C12a"\n', 'id = "C12a"\ndisputed_by = ["C08a", "C09b"]\nsupported_by = ["C09b"]\n')
    text = text.replace('name = "Lena Brandt"\n', 'name = "Lena Brandt"\nproposed = "likely"\n')
    text = text.replace(
        "[[claim]]", '[[proposition]]\nid = "P1"\ntext = "It closes."\nclaims = ["C08a", "C09b"]\n\n[[claim]]', 1
    )
    return f'{text}\n[passes]\nC08a = ["denied"]\nC09b = ["confirmed"] # all\n'


def sheet(text: str, file: Path) -> Sheet:
    return Sheet.parsed(text, file)


def lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, each sorted; the rest is the same and in the same order."""
    found = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "-+"]
    gone, come = ([line[2:] for line in found if line[0] == sign] for sign in "-+")
    return sorted(gone), sorted(come)


WHY = {claim.id: f'why = "{claim.why}"' for claim in annotation_file.read(seeds.seeds() / "pool.toml").claims}

STEPS: dict[str, tuple[str, dict[str, Any], list[str], list[str]]] = {
    # name: (step, what it is about, the lines that go, the lines that come)
    "status": (
        "change", {"claim": "C01b", "field": "status", "value": "alleged"},
        [
            'status   = "denied"   # she says so',
            WHY["C01b"],
        ],
        ['status   = "alleged"   # she says so', 'proposed = "guess"'],
    ),
    "new field in its place": (
        "change", {"claim": "C01b", "field": "also", "value": ["stance"]}, [], ['also = ["stance"]'],
    ),
    "emptied": ("change", {"claim": "C06a", "field": "hedge", "value": ""}, ['hedge = "allegedly"'], []),
    "the same": ("change", {"claim": "C06a", "field": "hedge", "value": "allegedly"}, [], []),
    "quotation marks": (
        "change", {"claim": "C12a", "field": "why", "value": 'A "no"'},
        ['why = "Said flatly, with no source: it rests on the author alone."'], ["why = 'A \"no\"'"],
    ),
    "a status that was accepted besides": (
        "change", {"claim": "C02b", "field": "status", "value": "denied"},
        ['also = ["denied"]', 'status = "stance"', WHY["C02b"], 'content_type = "judgement"'],
        ['status = "denied"', 'content_type = "event"', 'proposed = "guess"'],
    ),
    "nobody named, now somebody": (
        "change", {"claim": "C06a", "field": "source", "value": "adler"},
        ['chain = ["?", "article"]', 'source = "none"', WHY["C06a"], 'quote_type = "none"'],
        ['chain = ["adler", "article"]', 'source = "adler"', 'quote_type = "indirect"', 'proposed = "guess"'],
    ),
    "the author, now somebody": (
        "change", {"claim": "C12a", "field": "source", "value": "adler"},
        ['chain = ["article"]', 'source = "author"', 'status = "asserted"', WHY["C12a"]],
        [
            'chain = ["adler", "article"]', 'source = "adler"', 'status = "alleged"', 'quote_type = "indirect"',
            'proposed = "guess"',
        ],
    ),
    "source and its chain": (
        "change", {"claim": "C01b", "field": "source", "value": "adler"},
        ['source = "holm"', 'chain = ["holm", "article"]', WHY["C01b"]],
        ['source = "adler"', 'chain = ["adler", "article"]', 'proposed = "guess"'],
    ),
    "words": (
        "change", {"claim": "C13a", "field": "quote", "value": " would be a disgrace"},
        ['quote = "Closing it would be a disgrace"'], ['quote = "would be a disgrace"'],
    ),
    "accept": ("accept", {"claim": "C02a"}, ['proposed = "guess"'], []),
    "accept source": ("accept_source", {"source": "brandt"}, ['proposed = "likely"'], []),
    "rename": (
        "change_source", {"source": "adler", "field": "name", "value": " John  Adler "},
        ['name = "Jon Adler"'], ['name = "John Adler"'],
    ),
    "accused": ("change_source", {"source": "adler", "field": "accused", "value": True}, [], ["accused = true"]),
    "two sources that are one": (
        "join_source", {"source": "adler", "into": "holm"},
        [
            *['source = "adler"'] * 3, *['chain = ["adler", "article"]'] * 5,
            "[[source]]", 'id = "adler"', 'name = "Jon Adler"', 'kind = "named"', "",
        ],
        [*['source = "holm"'] * 3, *['chain = ["holm", "article"]'] * 5],
    ),
    "new source": (
        "add_source", {"name": "the Région's Office", "kind": "institution"},
        [], ["[[source]]", 'id = "regions-office"', 'name = "the Région\'s Office"', 'kind = "institution"', ""],
    ),
    "new claim": (
        "add", {"unit": "C06", "quote": "it has not answered our questions"},
        [], ["[[claim]]", 'id = "C06b"', 'unit = "C06"', 'quote = "it has not answered our questions"', ""],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_a_step_changes_its_lines_and_no_other(name: str, text: str, file: Path) -> None:
    step, given, gone, come = STEPS[name]
    after = steps.taken(sheet(text, file), step, **given)
    assert lines(text, after) == (sorted(gone), sorted(come))
    annotation_file.parse(after, file)


@pytest.mark.parametrize("made", FRIENDLY)
@pytest.mark.parametrize("step", ["status", "new field in its place", "accept", "new claim", "new source"])
def test_the_hand_of_the_writer_stays(step: str, made: str, text: str, file: Path) -> None:
    text = FRIENDLY[made](text)
    name, given, _, _ = STEPS[step]
    after = steps.taken(sheet(text, file), name, **given)
    gone, come = lines(text, after)
    assert len(gone) <= 2 and len(come) <= 6
    assert ("\r\n" in after) == ("\r\n" in text) and not re.search(r"(?<!\r)\n", after if "\r\n" in text else "")
    assert after.startswith("\ufeff") == text.startswith("\ufeff")
    annotation_file.parse(after, file)


def test_a_new_field_goes_where_the_others_have_it(text: str, file: Path) -> None:
    after = steps.taken(sheet(text, file), "change", claim="C01b", field="also", value=["stance"])
    assert 'status   = "denied"   # she says so\nalso = ["stance"]\nsource = "holm"' in after


def test_a_claim_is_split(text: str, file: Path) -> None:
    before = sheet(text, file)
    first, second = "The sports club allegedly ", "asked for the closure"
    after = steps.taken(before, "split", claim="C06a", first=first, second=second)
    claims = {claim.id: claim for claim in annotation_file.parse(after, file)[0].claims}
    assert [claims[c].quote for c in ("C06a", "C06b")] == ["The sports club allegedly", "asked for the closure"]
    assert (claims["C06a"].proposed, claims["C06b"].proposed) == ("", "guess")
    assert (claims["C06b"].status, claims["C06b"].chain) == ("alleged", ("?", "article"))
    assert list(claims).index("C06b") == list(claims).index("C06a") + 1
    # A comma at the cut belongs to neither.
    after = steps.taken(before, "split", claim="C03a", first="Aquaria", second=", the company that runs the pool, said")
    assert 'quote = "the company that runs the pool, said"' in after


def test_two_claims_are_joined_and_what_named_one_names_both(text: str, file: Path) -> None:
    after = steps.taken(sheet(text, file), "merge", claim="C09a")
    whole, _ = annotation_file.parse(after, file)
    claims = {claim.id: claim for claim in whole.claims}
    assert claims["C09a"].quote == "Brandt admitted that Aquaria had put off repairs for two years"
    assert "C09b" not in claims and "C09b" not in after
    assert claims["C12a"].disputed_by == ("C08a", "C09a") and claims["C12a"].supported_by == ("C09a",)
    assert whole.propositions[0].claims == ("C08a", "C09a")
    assert list(whole.passes) == ["C08a"]


def test_a_claim_goes_with_its_name_and_leaves_the_comments(text: str, file: Path) -> None:
    after = steps.taken(sheet(text, file), "remove", claim="C08a")
    whole, _ = annotation_file.parse(after, file)
    assert "C08a" not in after
    assert {claim.id: claim for claim in whole.claims}["C12a"].disputed_by == ("C09b",)
    # The comment above C02b is about C02b, though it stands right below C02a.
    after = steps.taken(sheet(text, file), "remove", claim="C02a")
    assert '# to discuss\n[[claim]]\nid = "C02b"' in after and "\n\n\n" not in after
    after = steps.taken(sheet(text, file), "add", unit="C02", quote="a closure")
    assert '# to discuss\n[[claim]]\nid = "C02b"' in after
    last = (
        sheet(text.replace('[passes]\nC08a = ["denied"]\nC09b = ["confirmed"] # all\n', ""), file).whole.claims[-1].id
    )
    assert steps.taken(sheet(text, file), "remove", claim=last).count("[[claim]]") == text.count("[[claim]]") - 1


def test_an_unused_source_can_go(text: str, file: Path) -> None:
    more = steps.taken(sheet(text, file), "add_source", name="Nobody", kind="named")
    assert lines(text, steps.taken(sheet(more, file), "remove_source", source="nobody")) == ([], [])


def joined(text: str, file: Path, source: str = "brandt", into: str = "adler") -> str:
    return steps.taken(sheet(text, file), "join_source", source=source, into=into)


def test_a_chain_through_both_passes_once_through_the_one(text: str, file: Path) -> None:
    text = text.replace(
        'chain = ["brandt", "article"]',
        'chain = [\n  "adler", # first\n  "brandt", # then\n  "article", # here\n] # all',
        1,
    )
    after = joined(text, file)
    assert 'chain = [\n  "adler", # first\n  "article", # here\n] # all' in after
    back = joined(text, file, "adler", "brandt")
    assert 'chain = [\n  "brandt", # then\n  "article", # here\n] # all' in back
    assert "adler" not in back and "brandt" not in after
    # A way that came back to one before does so with another name, and what it says is left alone.
    odd = text.replace('"adler", # first\n  "brandt", # then', '"brandt", "?", "brandt",')
    assert '"adler", "?", "adler"' in joined(odd, file)


def test_the_matrix_has_one_row_for_both(text: str, file: Path) -> None:
    whole = sheet(text, file).whole
    row = 'claims = ["C04a", "C08a", "C09b"]'
    text = text.replace('claims = ["C08a", "C09b"]', row)
    before, after = (
        Article(annotation_file.parse(one, file)[0]).matrix["P1"]
        for one in (text, joined(text, file, "brandt", "adler"))
    )
    assert (before["adler"], before["brandt"], after["adler"]) == (
        "unconfirmed",
        "denied / confirmed",
        "unconfirmed / denied / confirmed",
    )
    assert "brandt" not in after.index and len(after) == len(whole.sources) - 1 + 2


@pytest.mark.parametrize("made", FRIENDLY)
def test_sources_are_joined_in_the_hand_of_the_writer(made: str, text: str, file: Path) -> None:
    before = FRIENDLY[made](text)
    after = joined(before, file, "adler", "holm")
    plain, source = (
        joined(text, file, "adler", "holm"),
        '[[source]]\nid = "adler"\nname = "Jon Adler"\nkind = "named"\n\n',
    )
    assert source not in plain and after == FRIENDLY[made](plain)


REPLY = '[[reply]] # of {0}\nsource = "{0}"\nreply = "{1}"\non = {2}\nnote = "{3}"\n\n'


def replied(text: str, *replies: str) -> str:
    return text.replace("[[proposition]]", "".join(replies) + "[[proposition]]", 1)


def test_a_reply_goes_over_and_two_that_are_alike_become_one(text: str, file: Path) -> None:
    text = text.replace("[[claim]]", '[[proposition]]\nid = "P2"\ntext = "So."\nclaims = []\n\n[[claim]]', 1)
    alone = replied(text, REPLY.format("brandt", "declined", '["P1"]', "By phone."))
    assert sheet(joined(alone, file), file).whole.replies[0].source == "adler"
    both = replied(
        text,
        REPLY.format("brandt", "declined", '["P2", "P1"]', "By phone."),
        REPLY.format("adler", "declined", '["P1"] # one', "By mail."),
    )
    whole = sheet(after := joined(both, file), file).whole
    assert [(reply.source, reply.on, reply.note) for reply in whole.replies] == [
        ("adler", ("P1", "P2"), "By mail. By phone.")
    ]
    assert 'on = ["P1", "P2"] # one' in after and "# of brandt" in after and "# of adler" in after


def test_who_is_accused_stays_accused_and_comments_stay(text: str, file: Path) -> None:
    text = text.replace(
        'name = "Lena Brandt"\n', '# the same as Adler?\nname = "Lena Brandt" # in C08\naccused = true\n'
    )
    text = text.replace('[[source]]\nid = "brandt"', '# her\n[[source]] # new\nid = "brandt"')
    after = joined(text, file)
    kept = 'name = "Jon Adler"\nkind = "named"\naccused = true\n# new\n# the same as Adler?\n# in C08\n'
    assert kept in after and "\n# her\n" in after
    whole = sheet(after, file).whole
    assert {source.id: source.accused for source in whole.sources}["adler"]
    assert {source.id: source.proposed for source in whole.sources}["adler"] == ""


def test_two_sources_are_not_joined_where_the_file_would_say_something_else(text: str, file: Path) -> None:
    loop = text.replace('chain = ["brandt", "article"]', 'chain = ["brandt", "morning-post", "adler", "article"]', 1)
    said = "The chain of C08a, brandt > morning-post > adler > article, would come back to Jon Adler. If the two are"
    with pytest.raises(KitError, match=said):
        joined(loop, file)
    replies = replied(text, REPLY.format("brandt", "denied", "[]", ""), REPLY.format("adler", "declined", "[]", ""))
    said = "Lena Brandt and Jon Adler have a .* each, “denied” and “declined”, and a source has one. Take one of them"
    with pytest.raises(KitError, match=said):
        joined(replies, file)


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "twice": ("add", {"unit": "C06", "quote": "s"}, "“s” stands 8 times in C06; take more words"),
    "not there": ("add", {"unit": "C06", "quote": "the sport club"}, "“the sport club” is not in C06; the nearest"),
    "nothing": ("add", {"unit": "C06", "quote": "  "}, "Choose or type some words of C06 first."),
    "there already": ("add", {"unit": "C09", "quote": "Brandt admitted"}, "These are the words of C09a already."),
    "no such unit": ("add", {"unit": "C99", "quote": "x"}, "There is no unit C99 in the file any more."),
    "cut outside": (
        "split", {"claim": "C09a", "first": "", "second": "Brandt admitted"},
        "Put the cut inside the words",
    ),
    "other words": ("split", {"claim": "C09a", "first": "Brandt", "second": " said"}, "Put the cut inside the words"),
    "no next": ("merge", {"claim": "C09b"}, "No claim follows C09b in C09"),
    "unknown source": (
        "change", {"claim": "C01b", "field": "source", "value": "hlm"},
        "“hlm” cannot stand in “source”; did you mean “holm”?",
    ),
    "no source": ("change", {"claim": "C01b", "field": "source", "value": ""}, "“” cannot stand in “source”"),
    "chain": ("change", {"claim": "C01b", "field": "chain", "value": ["holm", "x"]}, "“x” cannot stand in “chain”"),
    "itself": (
        "change", {"claim": "C01b", "field": "disputed_by", "value": ["C01b"]},
        "“C01b” cannot stand in “disputed by”",
    ),
    "status": (
        "change", {"claim": "C01b", "field": "status", "value": "true"},
        "“true” cannot stand in “status”; permitted:",
    ),
    "words": ("change", {"claim": "C01b", "field": "quote", "value": "the"}, "“the” stands 2 times in C01"),
    "its id": ("change", {"claim": "C01b", "field": "id", "value": "x"}, "“id” of a claim cannot be changed here."),
    "gone": ("accept", {"claim": "C99"}, "There is no claim C99 in the file any more."),
    "source in use": (
        "remove_source", {"source": "brandt"},
        "Lena Brandt is still named by C08a, C08b, C09a and 1 more.",
    ),
    "source twice": (
        "add_source", {"name": "petra  holm", "kind": "named"},
        "There is a source with the name “Petra Holm” already: holm.",
    ),
    "source with itself": (
        "join_source", {"source": "holm", "into": "holm"}, "Choose two different sources: first the one that goes",
    ),
    "source with none": ("join_source", {"source": "holm", "into": ""}, "Choose two different sources"),
    "source with nobody": (
        "join_source", {"source": "holm", "into": "author"}, "There is no source author in the file any more.",
    ),
    "no name": ("add_source", {"name": " ", "kind": "named"}, "Type the name of the source first."),
    "no kind": ("add_source", {"name": "X", "kind": "person"}, "“person” cannot stand in “kind”"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_break_the_file_is_refused(name: str, text: str, file: Path) -> None:
    step, given, said = REFUSED[name]
    with pytest.raises(KitError) as refused:
        steps.taken(sheet(text, file), step, **given)
    assert str(refused.value).startswith(said)
    assert str(refused.value)[-1] in ".?" and "\n" not in str(refused.value)


def test_the_only_claim_stays(text: str, file: Path) -> None:
    for claim in annotation_file.parse(text, file)[0].claims[1:]:
        text = steps.taken(sheet(text, file), "remove", claim=claim.id)
    with pytest.raises(KitError, match="C01a is the only claim"):
        steps.taken(sheet(text, file), "remove", claim="C01a")


def test_ids_follow_the_custom_of_the_file(text: str, file: Path) -> None:
    for words, key in (("Brandt", "C09c"), ("Aquaria", "C09d")):
        text = steps.taken(sheet(text, file), "add", unit="C09", quote=words)
        assert {c.quote: c.id for c in annotation_file.parse(text, file)[0].claims}[words] == key
    before = sheet(text.replace('"C09d"', '"C09z"'), file)
    assert before.free_claim_id("C09") == "C09za"
    assert before.free_claim_id("T") == "Ta"
    for name, key in (("holm", "holm-2"), ("Łódź", "odz"), ("北京", "source"), ("author", "author-2")):
        after = steps.taken(before, "add_source", name=name, kind="named")
        assert {source.name: source.id for source in annotation_file.parse(after, file)[0].sources}[name] == key


def test_line_ends_of_both_kinds_stay_each_where_it_is(text: str, file: Path) -> None:
    mixed = text.replace("\n", "\r\n", text.count("\n") // 2)
    after = steps.taken(sheet(mixed, file), "change", claim="C12a", field="hedge", value="oldest")
    assert after.replace('hedge = "oldest"\r\n', "").replace('hedge = "oldest"\n', "") == mixed
    assert after != mixed and after.count("\r\n") == mixed.count("\r\n")


def test_tables_with_others_between_them_stay_in_their_order(text: str, file: Path) -> None:
    first, _, rest = text.rpartition("[[claim]]")
    between = f'{first}[[proposition]]\nid = "P2"\ntext = "So."\nclaims = []\n\n[[claim]]{rest}'
    after = steps.taken(sheet(between, file), "accept", claim="C02a")
    assert after == between.replace('proposed = "guess"\n', "")


def test_a_step_still_fits_only_where_its_ground_is_the_same(text: str, file: Path) -> None:
    before = sheet(text, file)
    elsewhere = sheet(text.replace('"Jon Adler"', '"John Adler"'), file)
    there = sheet(text.replace('status   = "denied"', 'status   = "stance"'), file)
    step: dict[str, Any] = {"claim": "C01b", "field": "status", "value": "alleged"}
    ground = steps.rests_on(before, "change", **step)
    assert ground == steps.rests_on(elsewhere, "change", **step) != steps.rests_on(there, "change", **step)
    for name, given in (("accept", {"claim": "C01b"}), ("split", {"claim": "C01b"}), ("merge", {"claim": "C01a"})):
        assert steps.rests_on(before, name, **given) == steps.rests_on(elsewhere, name, **given)
        assert steps.rests_on(before, name, **given) != steps.rests_on(there, name, **given)
    adler = {"source": "adler"}
    assert steps.rests_on(before, "accept_source", **adler) != steps.rests_on(elsewhere, "accept_source", **adler)
    for pair in ({"source": "holm", "into": "adler"}, {"source": "adler", "into": "holm"}):
        assert steps.rests_on(before, "join_source", **pair) == steps.rests_on(there, "join_source", **pair)
        assert steps.rests_on(before, "join_source", **pair) != steps.rests_on(elsewhere, "join_source", **pair)


def test_what_is_so_already_may_be_set_again(text: str, file: Path) -> None:
    accused = {"source": "holm", "field": "accused", "value": True}
    once = steps.taken(sheet(text, file), "change_source", **accused)
    assert once != text and steps.taken(sheet(once, file), "change_source", **accused) == once
