"""The exports, each read back by something that did not write it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kit.article import annotation_file, codebook, seeds
from kit.article.loading import load_article
from kit.article.records import KEY_FIELDS, Annotation
from kit.commands import cmd_articles
from kit.errors import KitError
from kit.teacher.authoring import exports

BASE = "https://example.org/folder/"
CONTEXT = Path(__file__).parents[2] / "data" / "anno.jsonld"


@pytest.fixture(scope="module")
def whole() -> Annotation:
    return annotation_file.read(seeds.seeds() / "soldiers.toml")


@pytest.fixture(scope="module")
def blank() -> Annotation:
    return load_article(blank=["S13"]).annotation


@pytest.fixture(scope="module")
def crossing(whole: Annotation) -> Annotation:
    """An annotation with what is awkward: lines within a quote, code points beyond 16 bits, formulas."""
    text = "\ufeff😀 One said,\r\n\r\n=two and three.\nEnd."
    start, quote = text.index("said"), "said,\r\n\r\n=two"
    first = replace(whole.claims[0], quote=quote, start=start, end=start + len(quote), why="=1+1\nand\tso on")
    at = text.index("=two")
    second = replace(whole.claims[1], quote="=two and", start=at, end=at + 8, why="'quoted'", disputed_by=("S01a",))
    return replace(whole, text=text, claims=(first, second))


def graph_of(text: str):
    """The RDF graph that rdflib reads from `text`, with the vocabulary taken from the disk."""
    import rdflib

    document = json.loads(text)
    assert document["@context"] == exports.CONTEXT == "http://www.w3.org/ns/anno.jsonld"
    document["@context"] = json.loads(CONTEXT.read_text("utf-8"))["@context"]
    return rdflib.Graph().parse(data=json.dumps(document), format="json-ld", publicID=BASE + "soldiers.jsonld")


def web_claims(text: str) -> dict[str, dict[str, object]]:
    """Claim id -> quote, offsets, text around and labels, all of it taken from the graph."""
    from rdflib import RDF, RDFS, Namespace

    oa, graph = Namespace("http://www.w3.org/ns/oa#"), graph_of(text)
    found: dict[str, dict[str, object]] = {}
    for node in graph.subjects(RDF.type, oa.Annotation):
        target = graph.value(node, oa.hasTarget)
        row: dict[str, object] = {"article": str(graph.value(target, oa.hasSource))}
        for selector in graph.objects(target, oa.hasSelector):
            for name in ("exact", "prefix", "suffix", "start", "end"):
                value = graph.value(selector, oa[name])
                row |= {} if value is None else {name: value.toPython()}
        for body in graph.objects(node, oa.hasBody):
            value = graph.value(body, RDF.value) or graph.value(body, oa.hasSource)
            purpose = str(graph.value(body, oa.hasPurpose)).removeprefix(str(oa))
            row.setdefault(str(graph.value(body, RDFS.label)), set()).add((purpose, str(value)))
        found[str(node).removeprefix(BASE + "soldiers.jsonld#")] = row
    return found


def test_jsonld_gives_rdflib_the_quotes_the_offsets_and_the_labels(whole: Annotation) -> None:
    found = web_claims(exports.jsonld(whole))
    assert set(found) == {claim.id for claim in whole.claims}
    for claim in whole.claims:
        row = found[claim.id]
        assert row["article"] == BASE + "soldiers.txt"
        assert row["exact"] == claim.quote == whole.text[row["start"] : row["end"]]
        around = row["prefix"] + row["exact"] + row["suffix"]
        assert whole.text.find(around, max(0, claim.start - 32)) == max(0, claim.start - 32)
        assert row["status"] == {("classifying", claim.status)}
        assert row["layer"] == {("classifying", claim.layer)}
        assert row["why"] == {("commenting", claim.why)}
        assert row["chain"] == {("tagging", " > ".join(claim.chain))}
        assert row.get("also", set()) == {("tagging", status) for status in claim.also}
        links = {("linking", f"{BASE}soldiers.jsonld#{other}") for other in claim.disputed_by}
        assert row.get("disputed_by", set()) == links


def test_jsonld_is_one_collection_with_one_page_in_the_order_of_the_text(whole: Annotation) -> None:
    from rdflib import RDF, Namespace, URIRef
    from rdflib.collection import Collection

    activity, graph = Namespace("http://www.w3.org/ns/activitystreams#"), graph_of(exports.jsonld(whole))
    (collection,) = graph.subjects(RDF.type, activity.OrderedCollection)
    assert graph.value(collection, activity.totalItems).toPython() == len(whole.claims)
    page = graph.value(collection, activity.first)
    items = list(Collection(graph, graph.value(page, activity["items"])))
    assert items == [URIRef(f"{BASE}soldiers.jsonld#{claim.id}") for claim in whole.claims]


def test_jsonld_uses_no_word_that_the_vocabulary_lacks(whole: Annotation) -> None:
    known = set(json.loads(CONTEXT.read_text("utf-8"))["@context"])

    def words(node: object):
        for item in node if isinstance(node, list) else ():
            yield from words(item)
        for key, item in node.items() if isinstance(node, dict) else ():
            yield from {key, item} if key in ("type", "motivation", "purpose") else {key}
            yield from words(item)

    assert set(words(json.loads(exports.jsonld(whole)))) - {"@context"} <= known


def brat_read(text: str, ann: str) -> dict[str, dict[str, object]]:
    """A strict reader of brat standoff. Mark -> text, attributes, notes and relations; anything odd fails."""
    found: dict[str, dict[str, object]] = {}
    assert ann.endswith("\n") and len(ann.splitlines()) == ann.count("\n")
    ids = [line.split("\t")[0] for line in ann.splitlines()]
    assert len(ids) == len(set(ids))
    for line in ann.splitlines():
        if match := re.fullmatch(r"(T\d+)\t([\w-]+) (\d+ \d+(?:;\d+ \d+)*)\t([^\t]+)", line, re.ASCII):
            spans = [tuple(map(int, span.split())) for span in match[3].split(";")]
            assert all(start < end for start, end in spans) and spans == sorted(spans)
            assert match[4] == " ".join(text[start:end] for start, end in spans)
            found[match[1]] = {"type": match[2], "spans": spans, "text": match[4]}
        elif match := re.fullmatch(r"A\d+\t([\w-]+) (T\d+)(?: ([\w-]+))?", line, re.ASCII):
            found[match[2]][match[1]] = match[3] or True
        elif match := re.fullmatch(r"R\d+\t([\w-]+) Arg1:(T\d+) Arg2:(T\d+)", line, re.ASCII):
            assert match[3] in found
            found[match[2]].setdefault(match[1], []).append(match[3])
        elif match := re.fullmatch(r"#\d+\t([\w-]+) (T\d+)\t(.+)", line, re.ASCII):
            assert match[1] not in found[match[2]]
            found[match[2]][match[1]] = match[3]
        else:
            pytest.fail(f"not a line of brat standoff: {line!r}")
    return found


def test_brat_gives_a_strict_reader_the_spans_and_the_labels(whole: Annotation) -> None:
    text, ann = exports.brat(whole)
    assert text == whole.text
    found = brat_read(text, ann)
    ids = {mark: row["claim"] for mark, row in found.items()}
    assert list(ids.values()) == [claim.id for claim in whole.claims]
    for claim, row in zip(whole.claims, found.values(), strict=True):
        assert row["spans"] == [(claim.start, claim.end)] and row["text"] == claim.quote
        for field in ("layer", "status", "cue_class", "quote_type", "content_type", "evidence", "source"):
            assert row[field] == getattr(claim, field)
        for field in ("cue", "hedge"):
            assert row.get(field, "") == getattr(claim, field)
        assert row["AnnotatorNotes"] == claim.why and row["chain"] == " > ".join(claim.chain)
        assert tuple(s for s in codebook.names("status") if f"also_{s}" in row) == tuple(
            s for s in codebook.names("status") if s in claim.also
        )
        for field in ("disputed_by", "supported_by"):
            assert tuple(ids[mark] for mark in row.get(field, ())) == getattr(claim, field)


def test_brat_breaks_a_span_at_line_ends_and_counts_code_points(crossing: Annotation) -> None:
    first, second = brat_read(*exports.brat(crossing)).values()
    assert [crossing.text[a:b] for a, b in first["spans"]] == ["said,", "=two"]
    assert first["AnnotatorNotes"] == "=1+1 and so on"
    assert second["disputed_by"] == ["T1"]


def csv_read(data: str | bytes) -> pd.DataFrame:
    stream = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    frame = pd.read_csv(stream, keep_default_na=False)
    texts = frame.select_dtypes(exclude="number").columns
    frame[texts] = frame[texts].map(lambda cell: re.sub(r"(^|[,;\t\r\n])'", r"\1", cell))
    return frame


def test_csv_gives_pandas_every_field_of_every_claim(whole: Annotation) -> None:
    frame = csv_read(exports.csv(whole))
    assert list(frame.columns) == ["claim", "unit", "quote", "start", "end", "blank", *KEY_FIELDS]
    assert list(frame["claim"]) == [claim.id for claim in whole.claims]
    for row, claim in zip(frame.itertuples(), whole.claims, strict=True):
        assert row.quote == claim.quote == whole.text[row.start : row.end]
        for field in KEY_FIELDS:
            value = getattr(claim, field)
            cell = getattr(row, field)
            assert cell == value or (*filter(None, cell.split(exports.LIST_SEPARATOR)),) == value


def test_csv_defuses_formulas_and_can_be_undone(crossing: Annotation) -> None:
    text = exports.csv(crossing)
    raw = pd.read_csv(io.StringIO(text), keep_default_na=False)
    assert not [cell for cell in raw.select_dtypes(exclude="number").to_numpy().ravel() if cell[:1] in "=+-@" and cell]
    frame = csv_read(text)
    assert list(frame["why"]) == [claim.why for claim in crossing.claims] == ["=1+1\nand\tso on", "'quoted'"]
    assert list(frame["quote"]) == [claim.quote for claim in crossing.claims]
    assert "\r" not in exports.csv(replace(crossing, claims=crossing.claims[1:]))


def test_blank_claims_go_out_without_their_labels(blank: Annotation) -> None:
    hidden = [claim.id for claim in blank.claims if claim.blank]
    assert hidden == ["S13a", "S13b"]
    leaky = [
        replace(c, status="alleged", also=("asserted",), why="because", disputed_by=("S18b",)) for c in blank.claims
    ]
    leaky = [new if new.blank else old for new, old in zip(leaky, blank.claims, strict=True)]
    for held in (blank, replace(blank, claims=tuple(leaky))):
        web = web_claims(exports.jsonld(held))
        marks = {row["claim"]: row for row in brat_read(*exports.brat(held)).values()}
        frame = csv_read(exports.csv(held)).set_index("claim")
        for name in hidden:
            assert set(web[name]) == {"article", "exact", "prefix", "suffix", "start", "end"}
            assert set(marks[name]) == {"type", "spans", "text", "claim"}
            assert not any(frame.loc[name, list(KEY_FIELDS)]) and frame.loc[name, "blank"] == "yes"


@pytest.mark.parametrize(
    ("format", "names"),
    [
        ("jsonld", ["soldiers.jsonld"]),
        ("brat", ["soldiers.txt", "soldiers.ann"]),
        ("csv", ["soldiers.csv"]),
    ],
)
def test_export_writes_the_files_and_nothing_else(format: str, names: list[str], whole: Annotation, tmp_path) -> None:
    folder = tmp_path / "new" / "folder"
    paths = exports.export(whole, format, folder)
    assert [path.name for path in paths] == names and sorted(folder.iterdir()) == sorted(paths)
    first = [path.read_bytes() for path in paths]
    again = annotation_file.read(whole.path)
    assert [path.read_bytes() for path in exports.export(again, format, folder)] == first


def test_the_written_files_hold_the_article_and_what_a_spreadsheet_needs(whole: Annotation, tmp_path) -> None:
    text, _ = exports.export(whole, "brat", tmp_path)
    assert text.read_bytes() == (seeds.seeds() / "soldiers.txt").read_bytes()
    (table,) = exports.export(whole, "csv", tmp_path)
    data = table.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b"\r" not in data
    assert list(csv_read(data)["why"]) == [claim.why for claim in whole.claims]


def test_carriage_returns_of_the_article_stay_in_the_brat_text(crossing: Annotation, tmp_path) -> None:
    text, _ = exports.export(crossing, "brat", tmp_path)
    assert text.read_bytes().decode() == crossing.text


def test_the_command_line_offers_every_format() -> None:
    assert sorted(exports.FORMATS) == sorted(cmd_articles._EXPORTS)


@pytest.mark.parametrize("slug", ["../up", "a/b", "", ".hidden", "c:d"])
def test_a_slug_that_is_no_file_name_writes_nothing(slug: str, whole: Annotation, tmp_path) -> None:
    with pytest.raises(KitError, match="slug"):
        exports.export(replace(whole, facts=replace(whole.facts, slug=slug)), "csv", tmp_path / "in")
    assert not list(tmp_path.iterdir())
