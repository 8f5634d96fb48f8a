"""The widgets by their traits, set as the front end sets them: records, drafts, undo, handing in; and under nbval."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import kit
from kit import check
from kit.article import codebook, seeds
from kit.article.loading import Article, load_article
from kit.errors import KitError
from kit.widgets.cards import Labeller, label

LINES = ["S10a", "S10b", "S12b"]
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def article() -> Article:
    return load_article(blank=["S10", "S12"], practice=True)


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    # For the kernels that a test starts elsewhere.
    monkeypatch.setenv("PYTHONPATH", str(seeds.root()))
    return tmp_path


def layers(article: Article, **options: Any) -> Labeller:
    return label("layers", field="layer", lines=LINES, article=article, **options)


def choose(widget: Any, claim: str, value: object, field: str = "layer") -> None:
    """What the front end sends when something is chosen: whole states, in one message."""
    answers = json.loads(json.dumps(widget.answers))
    past = [*widget.past, [claim, field, answers[claim][field]]]
    answers[claim][field] = value
    widget.set_state({"past": past, "answers": answers})


def draft(name: str = "notebook_layers") -> dict[str, Any]:
    return json.loads((Path.cwd() / ".drafts" / f"{name}.json").read_text("utf-8"))


def test_kit_has_the_widgets() -> None:
    assert kit.widgets.label is label


def test_what_is_chosen_is_on_disk_at_once(article: Article, desk: Path) -> None:
    widget = layers(article)
    assert list(desk.iterdir()) == [], "looking must leave nothing behind"
    assert widget.labels == {"S10a": "", "S10b": "", "S12b": ""}
    choose(widget, "S10a", "act")
    assert widget.labels == {"S10a": "act", "S10b": "", "S12b": ""}
    assert draft() == {"answers": {"S10a": {"layer": "act"}}, "at": 0}
    assert widget.kept == widget.answers
    assert widget.progress == "1 of 3 labelled"
    widget.set_state({"at": 2})
    assert draft()["at"] == 2


def test_every_claim_is_shown_in_its_sentence(article: Article) -> None:
    units = {unit.id: unit.text for unit in article.annotation.units}
    widget = label("x", field="status", lines=[c.id for c in article.annotation.claims], article=article)
    for card, claim in zip(widget.cards, article.annotation.claims, strict=True):
        assert card["before"] + card["words"] + card["after"] == units[claim.unit]
        assert (card["id"], card["unit"], card["words"]) == (claim.id, claim.unit, claim.quote)


def test_nothing_tells_the_right_label(article: Article) -> None:
    whole = load_article()
    for field in ("layer", "status", "voucher"):
        seen = label("x", field=field, lines=LINES, article=article).get_state()
        assert seen == label("x", field=field, lines=LINES, article=whole).get_state() | {"layout": seen["layout"]}


def test_a_restart_goes_on_where_it_stopped(article: Article) -> None:
    first = layers(article)
    choose(first, "S10a", "act")
    choose(first, "S12b", "content")
    first.set_state({"at": 1})
    again = layers(article)
    assert (again.labels, again.at, again.note) == (first.labels, 1, "")
    # Another exercise, or another notebook, has a draft of its own.
    assert not any(layers(article, key="02").labels.values())


def test_a_draft_is_read_with_care(article: Article) -> None:
    answers = {"S10a": {"layer": "acct"}, "S10b": {"layer": "act", "x": "y"}, "S99": {"layer": "act"}, "S12b": {}}
    file = Path.cwd() / ".drafts" / "notebook_layers.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"answers": answers, "at": 1000}))
    widget = layers(article)
    assert (widget.labels, widget.at) == ({"S10a": "", "S10b": "act", "S12b": ""}, 2)
    choose(widget, "S12b", "content")
    # Claims that are not asked for here keep what the file has on them.
    assert draft()["answers"]["S99"] == {"layer": "act"}


def test_a_broken_draft_is_told(article: Article, desk: Path) -> None:
    file = desk / ".drafts" / "notebook_layers.json"
    file.parent.mkdir()
    file.write_text("{")
    widget = layers(article)
    assert widget.note.endswith("The file is kept beside it as notebook_layers.broken-1.json.")
    choose(widget, "S10a", "act")
    assert draft()["answers"] == {"S10a": {"layer": "act"}}
    assert "broken-1" in widget.note


def test_what_cannot_be_saved_is_told(article: Article, desk: Path) -> None:
    (desk / ".drafts").write_text("a file where the folder should be")
    widget = layers(article)
    choose(widget, "S10a", "act")
    assert widget.note.startswith("Your draft cannot be saved (")
    assert widget.kept != widget.answers
    assert widget.labels["S10a"] == "act"
    (desk / ".drafts").unlink()
    choose(widget, "S10b", "content")
    assert widget.kept == widget.answers
    assert draft()["answers"] == {"S10a": {"layer": "act"}, "S10b": {"layer": "content"}}


@pytest.mark.parametrize("field", ["layer", "voucher", "status"])
def test_what_is_handed_in_is_what_the_check_reads(article: Article, field: str) -> None:
    widget = label("mine", field=field, lines=LINES, article=article)
    choose(widget, "S10b", codebook.names(field)[1], field)
    found = check.labels(widget.labels, field=field, lines=LINES, article=article)
    assert found.lines == widget.labels
    assert found.problems == ("Still blank: S10a, S12b.",)


def test_only_permitted_values_come_in(article: Article) -> None:
    widget = layers(article)
    choose(widget, "S10a", "act")
    for answers in ({"S10a": {"layer": "x"}}, {"S10a": "act"}, {"S10a": {"layer": ["act"]}}, {"S99": {}}, {}):
        widget.set_state({"answers": answers})
        assert widget.labels == {"S10a": "", "S10b": "", "S12b": ""}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "my layers"}, "“my layers” cannot be the name of an answer."),
        ({"name": "class"}, "“class” cannot be the name of an answer."),
        ({"field": "colour"}, "There is no field “colour” to label. Choose one of layer, voucher, status,"),
        ({"lines": []}, "There is no claim to label."),
        ({"lines": ["S10a", "S10z"]}, "There is no claim S10z in “soldiers”; did you mean “S10"),
    ],
)
def test_what_cannot_be_labelled_is_said(article: Article, changed: dict[str, Any], said: str) -> None:
    asked: dict[str, Any] = {"name": "layers", "field": "layer", "lines": LINES} | changed
    with pytest.raises(KitError) as error:
        label(asked.pop("name"), article=article, **asked)
    assert str(error.value).startswith(said)
    assert str(error.value).endswith((".", "?"))


def test_a_check_tells_what_only_the_card_holds(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "exercises/01.ipynb")
    widget = layers(article)
    choose(widget, "S10a", "act")
    choose(widget, "S12b", "content")

    def told(answer: dict[str, str]) -> tuple[str, ...]:
        return check.labels(answer, field="layer", lines=LINES, article=article).problems

    blank = dict.fromkeys(LINES, "")
    sentence = "The card holds {} not yet in this cell: press “Write into the cell” there, then run the cell again."
    assert told(blank)[0] == sentence.format("2 labels")
    assert told(blank | {"S12b": "act"})[0] == sentence.format("1 label")
    assert told(widget.labels) == ("Still blank: S10b.",)
    # Where no front end tells which notebook this is, nothing changes.
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert told(blank) == ("Still blank: S10a, S10b, S12b.",)


def test_whether_it_goes_on_by_itself_is_kept(article: Article) -> None:
    widget = layers(article)
    assert not widget.onward
    widget.set_state({"onward": True})
    assert draft() == {"answers": {}, "at": 0, "onward": True}
    assert layers(article).onward


def test_meanings_stand_in_for_questions_that_nobody_has_met_yet(article: Article) -> None:
    (asked,) = label("x", field="status", lines=LINES, article=article).fields
    (plain,) = label("x", field="status", lines=LINES, article=article, meanings=True).fields
    assert asked["hints"][1] == "Does its source say that it is not so?"
    assert plain["hints"][1] == "A source says that it is not so."
    assert asked["values"] == plain["values"] and "first yes" not in plain["ask"]


# ---- In notebooks ----

SETUP = "import kit\narticle = kit.load_article()"
SHOWN = 'kit.widgets.label("layers", field="layer", lines=["S10a", "S10b"], article=article)'


def executed(folder: Path, *sources: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    return NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()


@pytest.mark.slow
def test_a_notebook_with_a_widget_passes_nbval(desk: Path) -> None:
    notebook = executed(desk, SETUP, SHOWN)
    nbformat.write(notebook, desk / "nb.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    done = subprocess.run([*command, "nb.ipynb"], cwd=desk, capture_output=True, text=True)
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout
    # It is compared, not skipped: another state of the answer is another output.
    notebook.cells[1].outputs[0].data["text/plain"] += "!"
    nbformat.write(notebook, desk / "nb.ipynb")
    done = subprocess.run([*command, "nb.ipynb"], cwd=desk, capture_output=True, text=True)
    assert done.returncode == 1 and "1 failed, 1 passed" in done.stdout, done.stdout


def test_the_saved_output_can_be_read_without_the_widget(desk: Path) -> None:
    copy, live = executed(desk, SETUP, SHOWN).cells[1].outputs
    assert VIEW in live.data and "text/html" not in live.data
    assert set(copy.data) == {"text/plain", "text/html"}
    assert copy.data["text/plain"] == (
        "layers: 0 of 2 labelled\n"
        "S10a: –  “South Korea and Ukraine reported”\n"
        "S10b: –  “North Korea was assisting Russia's attack, not just through missiles”"
    )
    assert "<script" not in copy.data["text/html"]
    assert "choose Run → Run All Above Selected Cell, then run this cell again." in copy.data["text/html"]


def test_the_saved_output_follows_the_draft(desk: Path) -> None:
    change = (
        "answers = {claim: dict(row) for claim, row in w.answers.items()}\n"
        'answers["S10a"]["layer"] = "act"\n'
        'w.set_state({"answers": answers})'
    )
    notebook = executed(desk, SETUP, f"w = {SHOWN}\nw", change)
    copy = notebook.cells[1].outputs[0].data
    assert copy["text/plain"].startswith("layers: 1 of 2 labelled\nS10a: act  “South")
    assert "1 of 2 labelled" in copy["text/html"]


def test_whether_a_draft_outlasts_the_page_is_told(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    assert layers(article).lasting
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert not layers(article, key="browser").lasting
