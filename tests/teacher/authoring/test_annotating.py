"""The annotator by its traits and messages, as the front end uses them, and its copy to read in a notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.display import Markdown
from nbclient import NotebookClient

from kit.article import codebook, seeds
from kit.teacher.authoring.annotating import Annotator, annotate
from kit.teacher.authoring.saving_and_undo import Correction


@pytest.fixture
def file(file: Path) -> Path:
    """A file with two proposed claims and a proposed source."""
    text = file.read_text("utf-8")
    for row in ("C02a", "C07a", "adler"):
        text = text.replace(f'id = "{row}"\n', f'id = "{row}"\nproposed = "likely"\n')
    file.write_text(text, "utf-8")
    return file


@pytest.fixture
def annotator(file: Path) -> Annotator:
    return Annotator(Correction(file))


def send(annotator: Annotator, do: str, **given: Any) -> None:
    """What the front end sends, through JSON as it comes."""
    message = json.loads(json.dumps({"n": "k 1", "do": do, "given": given, "at": annotator.at}))
    annotator._handle_custom_msg(message, [])


def card(annotator: Annotator, claim: str) -> dict[str, Any]:
    return next(card for card in annotator.cards if card["id"] == claim)


def test_everything_of_the_guide_is_shown(annotator: Annotator) -> None:
    fields = {field["name"]: field for field in annotator.fields}
    for name in ("layer", "status", "cue_class", "quote_type", "content_type", "evidence"):
        assert fields[name]["values"] == codebook.names(name)
    assert fields["source"]["values"][:3] == ("author", "none", "holm")
    assert {"also", "hedge", "chain", "disputed_by", "supported_by", "why"} <= set(fields)
    for claim in annotator.correction.claims:
        shown = card(annotator, claim.id)
        assert shown["words"] == claim.quote
        assert shown["values"].pop("bears") == []
        for name, value in shown["values"].items():
            assert value == (list(found) if isinstance(found := getattr(claim, name), tuple) else found)


def test_a_sentence_is_cut_into_the_words_of_its_claims(annotator: Annotator) -> None:
    units = {unit.id: unit for unit in annotator.correction.sheet.whole.units}
    for shown in annotator.units:
        assert "".join(text for text, _ in shown["pieces"]) == units[shown["id"]].text
        for claim in (claim for claim in annotator.cards if claim["unit"] == shown["id"]):
            assert "".join(text for text, claims in shown["pieces"] if claim["id"] in claims) == claim["words"]


def test_messages_are_steps(annotator: Annotator, file: Path) -> None:
    assert (annotator.at, annotator.progress) == ("C02a", "19 of 21 accepted, 1 source to accept")
    send(annotator, "accept", claim="C02a")
    assert (annotator.at, annotator.done, annotator.steps) == ("C07a", "k 1", 1)
    assert annotator.progress == "20 of 21 accepted, 1 source to accept"
    send(annotator, "go", claim="C01b")
    send(annotator, "change", claim="C01b", field="cue", value="says")
    assert card(annotator, "C01b")["mend"] == ["The cue “says” is not in C01; copy it from there letter by letter."]
    assert annotator.progress == "19 of 21 accepted, 1 to mend, 1 source to accept"
    send(annotator, "change", claim="C01b", field="cue", value="")
    assert card(annotator, "C01b")["mend"][0].startswith("“cue” and “cue class” go together")
    send(annotator, "add", unit="C06", quote="x")
    assert annotator.said.startswith("“x” is not in C06")
    for _ in range(3):
        send(annotator, "undo")
    assert (annotator.at, annotator.steps, annotator.said) == ("C02a", 0, "")
    send(annotator, "accept_source", source="adler")
    assert annotator.progress == "19 of 21 accepted"
    file.write_text(file.read_text("utf-8") + "# by hand\n", "utf-8")
    send(annotator, "accept", claim="C02a")
    assert "was changed by another program" in annotator.trouble
    send(annotator, "reload", keep=True)
    assert (annotator.trouble, annotator.progress) == ("", "20 of 21 accepted")
    assert file.read_text("utf-8").endswith("# by hand\n")


def test_what_is_asserted_by_somebody_else_is_to_mend(annotator: Annotator) -> None:
    send(annotator, "change", claim="C13a", field="status", value="asserted")
    assert card(annotator, "C13a")["mend"] == [
        "“asserted” is the author's own word: its source is “author”, not “adler”; if it rests on somebody else's "
        "word, or on nobody's, its status is “alleged”."
    ]
    send(annotator, "accept", claim="C13a")
    assert annotator.said.startswith("C13a has something to mend before it can be accepted")
    send(annotator, "change", claim="C13a", field="source", value="author")
    assert (card(annotator, "C13a")["mend"], card(annotator, "C13a")["accepted"]) == ([], False)


def test_two_sources_become_one_and_two_again(annotator: Annotator, file: Path) -> None:
    before = file.read_bytes()
    send(annotator, "join_source", source="", into="")
    assert annotator.said == "Choose two different sources: first the one that goes, then the one that stays."
    send(annotator, "join_source", source="adler", into="holm")
    assert (annotator.said, annotator.progress) == ("", "19 of 21 accepted")
    assert card(annotator, "C04a")["values"]["chain"] == ["holm", "article"]
    assert "adler" not in [source["id"] for source in annotator.sources]
    assert "adler" not in next(field for field in annotator.fields if field["name"] == "source")["values"]
    send(annotator, "undo")
    assert file.read_bytes() == before and annotator.progress == "19 of 21 accepted, 1 source to accept"


def test_a_message_that_is_no_step_does_nothing(annotator: Annotator, file: Path) -> None:
    before = file.read_bytes()
    for do in ("", "_told", "explode"):
        send(annotator, do)
    assert file.read_bytes() == before and annotator.steps == 0


def test_what_is_wrong_outside_the_claims_is_told(file: Path) -> None:
    text = file.read_text("utf-8").replace('kind = "agency"', 'kind = "paper"').replace("= 14\n", '= 14\nkind = "x"\n')
    file.write_text(text, "utf-8")
    annotator = Annotator(Correction(file))
    assert annotator.note.startswith("To mend in a text editor: unit C14: “x” is not a value of “kind”")
    # What can be mended on the screen stands with its source.
    (fault,) = [source["mend"] for source in annotator.sources if source["mend"]]
    assert fault[0].startswith("“paper” is not a value of “kind”")
    assert annotator.progress == "19 of 21 accepted, 1 to mend, 1 source to accept"


def test_a_change_asks_for_a_reason_and_offers_one(annotator: Annotator) -> None:
    assert not any(card["unreasoned"] for card in annotator.cards)
    send(annotator, "change", claim="C01b", field="status", value="alleged")
    assert card(annotator, "C01b")["reason"] == "It rests on the word of Petra Holm alone."
    send(annotator, "accept", claim="C01b")
    assert annotator.said.startswith("C01b needs a “why”")
    send(annotator, "change", claim="C01b", field="why", value=card(annotator, "C01b")["reason"])
    assert not card(annotator, "C01b")["unreasoned"]
    send(annotator, "accept", claim="C01b")
    assert annotator.said == "" and card(annotator, "C01b")["accepted"]


def test_the_matrix_is_shown_as_it_is_made(annotator: Annotator) -> None:
    assert annotator.matrix == {"columns": [], "rows": []}
    assert "bears" not in [field["name"] for field in annotator.fields]
    send(annotator, "add_proposition", text="The statements of Holm are false.", claim="C01b")
    assert annotator.matrix == {"columns": ["P1"], "rows": [["Petra Holm", "denied"]]}
    assert annotator.propositions[0]["mind"].startswith("Is “are false” what the accused say for themselves?")
    send(annotator, "change_proposition", proposition="P1", text="The town closes the pool.")
    assert annotator.propositions == [{"id": "P1", "text": "The town closes the pool.", "mind": ""}]
    send(annotator, "bear", claim="C12a", propositions=["P1"])
    assert card(annotator, "C12a")["values"]["bears"] == ["P1"]
    assert [field["hints"] for field in annotator.fields if field["name"] == "bears"] == [
        ("The town closes the pool.",)
    ]
    send(annotator, "change_source", source="adler", field="accused", value=True)
    send(annotator, "change_reply", source="adler", field="reply", value="not reported")
    assert ["Jon Adler", "no reply"] in annotator.matrix["rows"] and ["author", "asserted"] in annotator.matrix["rows"]
    (adler,) = [source for source in annotator.sources if source["id"] == "adler"]
    assert (adler["accused"], adler["reply"], adler["on"], adler["mend"]) == (True, "not reported", ["P1"], [])
    send(annotator, "change_reply", source="holm", field="reply", value="not reported")
    send(annotator, "change_reply", source="holm", field="on", value=["P1"])
    (holm,) = [source for source in annotator.sources if source["id"] == "holm"]
    assert holm["mend"][0].startswith("“not reported” does not hold for P1, on which C01b tells")


def test_at_the_end_it_says_what_comes_next(annotator: Annotator, file: Path) -> None:
    for claim in ("C02a", "C07a"):
        assert annotator.end == ""
        send(annotator, "accept", claim=claim)
    assert (annotator.end, annotator.progress) == ("", "21 of 21 accepted, 1 source to accept")
    send(annotator, "accept_source", source="adler")
    assert annotator.end == f"python -m kit new-course {file}"
    send(annotator, "change", claim="C07a", field="cue", value="nowhere")
    assert annotator.end == ""


def test_a_file_that_is_odd_in_its_replies_can_be_shown(file: Path) -> None:
    odd = '[[reply]]\nsource = "nobody"\nreply = "not reported"\non = ["P9"]\n\n'
    for source in ("nobody", "holm"):
        file.write_text(
            file.read_text("utf-8").replace("[[claim]]", odd.replace("nobody", source) + "[[claim]]", 1), "utf-8"
        )
    annotator = Annotator(Correction(file))
    assert annotator.matrix == {"columns": [], "rows": []} and annotator.progress.endswith(
        "1 to mend, 1 source to accept"
    )


def test_the_copy_to_read_tells_what_is_done(annotator: Annotator) -> None:
    send(annotator, "accept", claim="C02a")
    lines = repr(annotator).splitlines()
    assert lines[0] == "pool.toml: 20 of 21 accepted, 1 source to accept"
    assert "C02a: act, confirmed, author, accepted  “A spokesperson for the town hall dismissed”" in lines
    assert (
        "C07a: act, confirmed, author, proposed  “The Morning Post withdrew its report of a sale on Tuesday”" in lines
    )


def test_a_file_that_cannot_be_opened_is_told_in_words(file: Path) -> None:
    assert isinstance(annotate(str(file)), Annotator)
    for content, said in (("a = [", "not valid TOML"), (file.read_text("utf-8").replace("Brandt", "B"), "(And ")):
        file.write_text(content, "utf-8")
        found = annotate(file)
        assert isinstance(found, Markdown) and found.data.startswith("**This file cannot be opened.** pool.toml")
        assert said in found.data and found.data.endswith("then run this cell again.")


def test_its_cell_leaves_a_copy_that_follows_each_step(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(seeds.root()))
    sources = (
        f"from kit.teacher.authoring.annotating import annotate\nw = annotate({str(file)!r})\nw",
        "w._handle_custom_msg({'n': '1', 'do': 'accept', 'given': {'claim': 'C02a'}}, [])",
    )
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(file.parent)}}).execute()
    copy, live = notebook.cells[0].outputs
    assert copy.data["text/plain"].startswith("pool.toml: 20 of 21 accepted")
    assert "run this cell again" in copy.data["text/html"] and "<script" not in copy.data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in live.data
