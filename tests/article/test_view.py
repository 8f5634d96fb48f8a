"""The annotated article: well-formed, complete, and readable without colour, script or mouse."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from kit.article import codebook
from kit.article.loading import Article, load_article
from kit.article.view import annotated
from kit.errors import KitError

FIELDS = ("layer", "status", "voucher")
WHOLE = load_article()
UNITS = WHOLE.annotation.units
CLAIMS = WHOLE.annotation.claims


def page(article: Article = WHOLE, field: str = "layer", units: list[str] | None = None) -> ElementTree.Element:
    """The page as a tree; fails where it is not well-formed."""
    return ElementTree.fromstring(annotated(article, field=field, units=units)._repr_html_().replace("<br>", "<br/>"))


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def sentences(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The paragraphs of the article, behind its title and the legend."""
    return root.findall("p")[2:]


@pytest.mark.parametrize("field", FIELDS)
def test_every_claim_stands_in_a_frame_with_its_words_id_and_label(field: str) -> None:
    frames = [span for part in sentences(page(field=field)) for span in part.findall("span")]
    shown = [(frame.text.strip(), frame.find("b").text) for frame in frames]
    by_place = sorted(CLAIMS, key=lambda claim: claim.start)
    assert shown == [(claim.quote, f"[{claim.id} {claim.accepts(field)[0]}]") for claim in by_place]


@pytest.mark.parametrize("field", FIELDS)
def test_the_text_is_whole_and_in_order(field: str) -> None:
    parts = sentences(page(field=field))
    assert len(parts) == len({unit.paragraph for unit in UNITS})
    visible = " ".join(words(part) for part in parts)
    without_labels = re.sub(r" \[S\d\d[a-z] [a-z]+\]", "", visible)
    assert without_labels == " ".join(f"{unit.id} {' '.join(unit.text.split())}" for unit in UNITS)


@pytest.mark.parametrize("field", FIELDS)
def test_table_plain_text_and_page_say_the_same(field: str) -> None:
    rows = [[words(cell) for cell in row.findall("td")] for row in page(field=field).iter("tr")][1:]
    assert sorted(rows) == sorted([c.id, c.accepts(field)[0], " ".join(c.quote.split())] for c in CLAIMS)
    plain = repr(annotated(WHOLE, field=field)).splitlines()
    assert [line.split("  ", 1)[0] for line in plain if re.match(r"S\d\d  ", line)] == [unit.id for unit in UNITS]
    assert sorted(line.strip() for line in plain if line.startswith("      ")) == sorted(
        f"{c.accepts(field)[0]}: “{c.quote}” ({c.id})" for c in CLAIMS
    )
    assert plain[0] == words(page(field=field).find("p"))


@pytest.mark.parametrize("field", FIELDS)
def test_the_legend_explains_every_label(field: str) -> None:
    legend = words(page(field=field).findall("p")[1])
    for name in codebook.names(field):
        assert f"[{name}] {codebook.label(field, name).meaning}" in legend


@pytest.mark.parametrize("field", FIELDS)
def test_colour_is_never_alone(field: str) -> None:
    styles = {}
    for span in page(field=field).iter("span"):
        border, colour = re.search(r"border:2px (\w+) (#\w{6})", span.get("style")).groups()
        label = span.find("b").text.strip("[]").split()[-1]
        styles.setdefault(label, set()).add((border, colour))
    assert set(styles) == set(codebook.names(field))
    assert all(len(looks) == 1 for looks in styles.values())
    borders = [border for looks in styles.values() for border, _ in looks]
    assert len(set(borders)) == len(borders)


def test_the_page_needs_nothing_but_itself() -> None:
    text = annotated(WHOLE)._repr_html_()
    allowed = {"div", "p", "b", "br", "span", "small", "details", "summary", "table", "tr", "th", "td"}
    assert set(re.findall(r"<(\w+)", text)) <= allowed
    assert set(re.findall(r" (\w+)=", text)) == {"style"}
    assert not re.search(r"https?:|//|url\(|javascript", text)


def test_blank_claims_have_a_question_mark_for_a_label() -> None:
    article = load_article(blank=["S10"])
    root = page(article, units=["S10"])
    assert [b.text for part in sentences(root) for b in part.iter("b")] == ["[S10a ?]", "[S10b ?]"]
    assert [row.findall("td")[1].text for row in root.iter("tr") if row.findall("td")] == ["?", "?"]
    assert "?: “South Korea and Ukraine reported” (S10a)" in repr(annotated(article, units=["S10"]))
    assert len(set(re.findall("border:2px [a-z]+ [#\\w]+", annotated(article)._repr_html_()))) == 3


def test_units_may_be_chosen() -> None:
    shown = annotated(WHOLE, units=["S07", "S05"])
    assert [unit.id for unit in shown.units] == ["S07", "S05"]
    assert {claim.unit for claim in shown.claims} == {"S05", "S07"}
    assert annotated(WHOLE, units="S05") == annotated(WHOLE, units=["S05"])
    assert "<tr><td>" not in annotated(WHOLE, units=[])._repr_html_()


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(KitError, match="There is no unit S99, X in “soldiers”"):
        annotated(WHOLE, units=["S05", "S99", "X"])
    for field in ("colour", "evidence", ""):
        with pytest.raises(KitError, match=f"There is no field “{field}” to show; choose one of layer, status"):
            annotated(WHOLE, field=field)


def test_markup_in_an_article_is_shown_as_text() -> None:
    nasty = "<script>alert(1)</script> & \"'"
    text = f"He said {nasty}!"
    unit = replace(UNITS[0], id="<S1>", text=text, start=0, end=len(text))
    claim = replace(CLAIMS[0], id="<a>", unit="<S1>", quote=nasty, start=8, end=8 + len(nasty))
    facts = replace(WHOLE.facts, headline=nasty)
    article = Article(replace(WHOLE.annotation, text=text, facts=facts, units=(unit,), claims=(claim,)))
    root = page(article)
    assert words(sentences(root)[0]) == f"<S1> He said {nasty} [<a> act]!"
    assert html.escape(nasty, quote=False) in annotated(article)._repr_html_()


def test_where_sentences_are_left_out_a_gap_is_marked() -> None:
    assert "[…]" not in words(page()) and "[…]" not in repr(annotated(WHOLE))
    shown = words(page(units=["S02", "S03", "S06"]))
    assert shown.count("[…]") == 1 and "[…] S06" in shown
    assert repr(annotated(WHOLE, units=["S02", "S03", "S06"])).splitlines().count("[…]") == 1


def test_no_word_is_shown_twice_where_claims_overlap() -> None:
    article = load_article("pool")
    first, second, *_ = article.annotation.claims
    wider = replace(first, quote=article.text[first.start : second.end], end=second.end)
    unit = next(unit for unit in article.annotation.units if unit.id == first.unit)
    shown = replace(annotated(article), units=(unit,), claims=(wider, second))
    plain = html.unescape(re.sub(r"<b.*?</b>|<small>.*?</small>|<[^>]+>", "", shown._sentence([unit])))
    assert re.findall(r"\w+", plain) == re.findall(r"\w+", unit.text)
