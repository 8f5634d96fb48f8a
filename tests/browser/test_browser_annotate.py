"""A teacher corrects a drafted annotation in a real browser, by keyboard and by mouse; the file is read after it."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.article import annotation_file, seeds
from kit.teacher.authoring import opening

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser

THEMES = {"JupyterLab Light": "rgb(255, 255, 255)", "JupyterLab Dark": "rgb(17, 17, 17)"}
HOW_SURE = ("sure", "likely", "guess")
SOURCE = 'name = "the Morning Post"\nkind = "agency"\n'


def drafted(text: str) -> str:
    """The pool's annotation as a draft would be: all claims and one source are proposed."""
    claims = re.compile(r"^\[\[claim\]\]\n(?:.+\n)+", re.MULTILINE)
    numbers = iter(range(1000))
    text = claims.sub(lambda found: f'{found[0]}proposed = "{HOW_SURE[next(numbers) % 3]}"\n', text)
    return text.replace(SOURCE, f'{SOURCE}proposed = "likely"\n')


class Opened:
    """The annotator open in a notebook, and its file."""

    def __init__(self, nb: Any, file: Path) -> None:
        self.nb, self.file = nb, file
        self.root = nb.cell("annotate").locator(".kit-live")
        self.card = self.root.locator(".kit-card")

    def start(self) -> None:
        """Run the cell as the notebook says: Shift+Enter twice."""
        self.nb.cell("intro").focus()
        self.nb.go("intro")
        self.nb.run()
        self.nb.press("Shift+Enter")
        expect(self.card).to_be_focused()

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.nb.press(key)

    def place(self, text: str) -> None:
        expect(self.root.locator(".kit-place")).to_contain_text(text)

    def state(self, text: str) -> None:
        expect(self.root.locator(".kit-state")).to_have_text(text)

    def said(self, text: str) -> None:
        expect(self.root.locator(".kit-said")).to_contain_text(text)

    def text(self) -> str:
        return self.file.read_text("utf-8")

    def claims(self) -> dict[str, Any]:
        return {claim.id: claim for claim in annotation_file.parse(self.text(), self.file)[0].claims}


@pytest.fixture
def opened(lab: Any, notebook: Callable[[str], Any], tmp_path: Path) -> Iterator[Opened]:
    """The notebook that `kit annotate` lays, open on a draft of its own."""
    file = tmp_path / "pool.toml"
    file.write_text(drafted((seeds.seeds() / "pool.toml").read_text("utf-8")), "utf-8")
    shutil.copy(seeds.seeds() / "pool.txt", tmp_path)
    made = opening.lay(file, lab.desk)
    yield Opened(notebook(made.relative_to(lab.desk).as_posix()), file)
    shutil.rmtree(made.parent)


def test_a_teacher_corrects_a_draft_by_keyboard(opened: Opened) -> None:
    before = opened.text()
    opened.start()
    opened.state("0 of 21 accepted, 1 source to accept, saved")
    opened.place("Claim 1 of 21, C01a: proposed, sure")
    expect(opened.root.locator(".kit-sentence")).to_have_text(
        "C01 The mayor of Lindental, Petra Holm, said on Monday that it is not true that the town plans to close the "
        "swimming pool."
    )
    # Accept three.
    for number, claim in enumerate(("C01b", "C02a", "C02b"), 1):
        opened.keys("a")
        opened.place(f", {claim}: proposed")
        opened.state(f"{number} of 21 accepted, 1 source to accept, saved")
    # Correct the status of C02b: its reason goes, and a new one is asked for. Take the one that is offered.
    expect(opened.root.get_by_role("radio", name="stance")).to_be_checked()
    opened.keys("2", "a")
    opened.said("C02b needs a “why” before it can be accepted")
    expect(opened.root.locator(".kit-reason")).to_contain_text(
        "“A spokesperson for the town hall says that it is not so.”"
    )
    opened.keys("y")
    expect(opened.root.get_by_role("textbox", name="why")).to_have_value(
        "A spokesperson for the town hall says that it is not so."
    )
    expect(opened.root.locator(".kit-reason")).to_be_hidden()
    assert opened.claims()["C02b"].also == ()
    opened.keys("a")
    opened.place("C03a")
    # Split C03a at the comma.
    opened.keys("s")
    expect(opened.root.get_by_role("textbox", name="Put the cursor where")).to_be_focused()
    opened.keys("Control+ArrowRight", "Enter")
    opened.state("4 of 22 accepted, 1 source to accept, saved")
    assert [opened.claims()[c].quote for c in ("C03a", "C03c")] == ["Aquaria", "the company that runs the pool, said"]
    # And join the two again.
    expect(opened.card).to_be_focused()
    opened.keys("j")
    opened.state("4 of 21 accepted, 1 source to accept, saved")
    assert opened.claims()["C03a"].quote == "Aquaria, the company that runs the pool, said"
    # Add a claim by selecting its words with the keyboard alone.
    opened.keys("c")
    area = opened.root.get_by_role("textbox", name="Select its words")
    expect(area).to_be_focused()
    opened.keys("x", "Control+End", "ArrowLeft", *["Shift+Control+ArrowLeft"] * 2)
    expect(opened.root.get_by_role("textbox", name="Or type them")).to_have_value("a closure")
    opened.keys("Enter")
    opened.place("C03c: not accepted")
    opened.state("4 of 22 accepted, 1 to mend, 1 source to accept, saved")
    assert opened.claims()["C03c"].quote == "a closure"
    # Its labels, without a mouse; then away with it by undo.
    opened.keys("4")
    expect(opened.root.get_by_role("radio", name="confirmed", exact=True)).to_be_checked()
    opened.keys("u")
    expect(opened.root.get_by_role("radio", name="confirmed", exact=True)).not_to_be_checked()
    opened.keys("Control+z")
    opened.place("C03a")
    opened.state("4 of 21 accepted, 1 source to accept, saved")
    # Three times accept and nothing else is what the file has now.
    opened.keys("u", "u", "u", "u", "u")
    opened.state("3 of 21 accepted, 1 source to accept, saved")
    accepted = re.compile(r'(id = "(?:C01a|C01b|C02a)"\n(?:.+\n)+?)proposed = "\w+"\n')
    assert opened.text() == accepted.sub(r"\1", before)
    assert opened.nb.ids() == ["intro", "annotate", "end"]


def test_a_teacher_corrects_a_draft_by_mouse(opened: Opened) -> None:
    before = opened.text()
    opened.start()
    opened.root.get_by_role("group", name="Claims of C01").get_by_role("button", name="C01b").click()
    opened.place("C01b")
    # The speaker was somebody else: a new source, then the choice of it.
    opened.root.locator("summary", has_text="Sources").click()
    opened.root.get_by_role("textbox", name="New source").fill("The Press Office")
    opened.root.get_by_role("combobox", name="Kind of the new source").select_option("institution")
    opened.root.get_by_role("button", name="Add a source").click()
    opened.root.get_by_role("combobox", name="source", exact=True).select_option("press-office")
    opened.root.get_by_role("button", name="Accept morning-post").click()
    opened.state("0 of 21 accepted, 1 to mend, saved")  # the act, whose chain still begins with the old speaker
    assert opened.claims()["C01b"].chain == ("press-office", "article")
    name = opened.root.get_by_role("textbox", name="Name of holm")
    name.fill("Petra  Holm, mayor")
    name.press("Enter")
    expect(name).to_have_value("Petra Holm, mayor")
    opened.root.get_by_role("button", name="Remove adler").click()
    opened.said("Jon Adler is still named by C04a, C04b, C13a and 2 more. Give them another source first.")
    # Words that are typed are saved without leaving the field, and taken back as one.
    cue = opened.root.get_by_role("textbox", name="cue", exact=True)
    cue.fill("says")
    expect(opened.root.get_by_role("list", name="What to mend")).to_contain_text("The cue “says” is not in C01")
    cue.fill("not true")
    expect(opened.root.get_by_role("list", name="What to mend")).to_have_count(0)
    assert opened.claims()["C01b"].cue == "not true"
    opened.root.get_by_role("button", name="Undo").click()
    expect(cue).to_have_value("said")
    # A rare field.
    opened.root.locator("summary", has_text="More fields").click()
    opened.root.get_by_role("combobox", name="evidence").select_option("described")
    opened.root.get_by_role("checkbox", name="alleged").check()
    chain = opened.root.get_by_role("textbox", name="chain")
    chain.fill("holm > pres-office")
    chain.press("Enter")
    opened.said("“pres-office” cannot stand in “chain”; did you mean “press-office”?")
    chain.fill("holm, press-office, article")
    chain.press("Enter")
    expect(opened.root.locator(".kit-said")).to_be_empty()
    # Words that are selected in the sentence itself.
    opened.root.locator(".kit-sentence .kit-other").first.click(click_count=2)
    opened.root.get_by_role("button", name="Add a claim").click()
    expect(opened.root.get_by_role("textbox", name="Or type them")).to_have_value(re.compile(r"^\w+$"))
    opened.root.get_by_role("combobox", name="In another sentence?").select_option("T")
    opened.root.get_by_role("textbox", name="Or type them").fill("its swimming-pool")
    opened.root.get_by_role("button", name="Add this claim").click()
    opened.said("“its swimming-pool” is not in T; the nearest text is “its swimming pool”")
    opened.root.get_by_role("textbox", name="Or type them").fill("its swimming pool")
    opened.root.get_by_role("button", name="Add this claim").click()
    opened.place("Claim 1 of 22, Ta: not accepted")
    opened.root.get_by_role("button", name="Remove", exact=False).first.click()
    opened.place("Claim 1 of 21, C01a")
    gone, come = changed(before, opened.text())
    assert gone == [
        'chain = ["holm", "article"]', 'name = "Petra Holm"', 'proposed = "likely"', 'source = "holm"',
        'why = "She says that it is not so. That is a denial, and it is her word."',
    ]  # fmt: skip
    assert come == [
        "", "[[source]]", 'also = ["alleged"]', 'chain = ["holm", "press-office", "article"]',
        'evidence = "described"', 'id = "press-office"', 'kind = "institution"', 'name = "Petra Holm, mayor"',
        'name = "The Press Office"', 'source = "press-office"',
    ]  # fmt: skip


def test_what_it_is_about_is_made_by_keyboard(opened: Opened) -> None:
    before = opened.text()
    opened.start()
    opened.keys("n", "g", "Tab")
    about = opened.root.get_by_role("textbox", name="New proposition")
    expect(about).to_be_focused()
    opened.nb.page.keyboard.type("Holm's statements are false.")
    opened.keys("Enter")
    mind = opened.root.locator(".kit-mind")
    expect(mind).to_contain_text("Is “are false” what the accused say for themselves?")
    words = opened.root.get_by_role("textbox", name="Words of P1")
    words.focus()
    opened.keys("Control+a")
    opened.nb.page.keyboard.type("The town closes the pool.")
    opened.keys("Enter")
    expect(mind).to_have_count(0)
    matrix = opened.root.get_by_role("region", name="The matrix")
    expect(matrix.get_by_role("row", name="Petra Holm denied")).to_be_visible()
    # Another claim that bears on it, chosen on its card.
    opened.card.focus()
    opened.keys("n", "n")
    opened.place("C02b")
    box = opened.root.get_by_role("checkbox", name="P1")
    box.focus()
    opened.keys("1")
    expect(box).to_be_checked()
    expect(matrix.get_by_role("row", name="a spokesperson for the town hall stance")).to_be_visible()
    # Who is accused, and what the article tells of their answer.
    opened.card.focus()
    opened.keys("e")
    club = opened.root.locator("[data-spot='sports-club accused']")
    club.focus()
    opened.keys("Space")
    reply = opened.root.get_by_role("combobox", name="Reply of sports-club")
    reply.press("ArrowDown")  # one key: the field is drawn anew when its change has come back
    expect(reply).to_have_value("not reported")
    expect(matrix.get_by_role("row", name="the sports club no reply")).to_be_visible()
    # Not for somebody who speaks on it: that is said where it stands.
    holm = opened.root.locator("[data-spot='holm accused']")
    holm.focus()
    opened.keys("Space")
    reply = opened.root.get_by_role("combobox", name="Reply of holm")
    reply.press("ArrowDown")  # one key: the field is drawn anew when its change has come back
    expect(opened.root.locator("[data-spot='holm on P1']")).not_to_be_checked()
    opened.root.locator("[data-spot='holm on P1']").focus()
    opened.keys("Space")
    expect(mind).to_contain_text("“not reported” does not hold for P1, on which C01b tells what they said")
    opened.root.locator("[data-spot='holm on P1']").focus()
    opened.keys("Space")
    expect(mind).to_have_count(0)
    whole, faults = annotation_file.parse(opened.text(), opened.file)
    assert (whole.propositions[0].text, whole.propositions[0].claims) == ("The town closes the pool.", ("C01b", "C02b"))
    assert {reply.source: reply.on for reply in whole.replies} == {"sports-club": ("P1",), "holm": ()} and not faults
    undo = opened.root.get_by_role("button", name="Undo")
    while undo.get_attribute("aria-disabled") == "false":
        undo.press("Enter")
        expect(opened.root.locator(".kit-state")).to_contain_text(", saved")
    assert opened.text() == before


def test_every_claim_is_reached_from_the_list_and_the_article(opened: Opened) -> None:
    opened.start()
    article = opened.root.get_by_role("region", name="The whole article")
    expect(article.locator(".kit-now")).to_have_text("The mayor of Lindental, Petra Holm, said on Monday")
    opened.keys("a")
    opened.place("C01b")
    expect(article.locator(".kit-is-accepted")).to_have_text("The mayor of Lindental, Petra Holm, said on Monday")
    opened.keys("l")
    everything = opened.root.get_by_role("listbox", name="All claims")
    expect(everything).to_be_focused()
    expect(everything.get_by_role("option")).to_have_count(21)
    opened.keys("ArrowDown")
    opened.place("C02a")
    expect(everything).to_be_focused()
    opened.keys("Shift+Tab")
    shown = opened.root.get_by_role("combobox", name="Show which claims")
    expect(shown).to_be_focused()
    shown.select_option("is accepted")
    expect(everything.get_by_role("option")).to_have_text(
        ["C01a (accepted, confirmed, act): The mayor of Lindental, Petra Holm, said on Monday"]
    )
    shown.select_option("source adler")
    expect(everything.get_by_role("option")).to_have_count(3)
    everything.focus()
    opened.keys("End", "Enter")
    opened.place("C14a")
    expect(opened.card).to_be_focused()
    expect(article.locator(".kit-now")).to_be_in_viewport(ratio=0.5)
    # The labels of the claim above, with one key; its last sentence in the article is a way to it, too.
    opened.keys("k")
    expect(opened.root.get_by_role("radio", name="stance")).to_be_checked()
    assert opened.claims()["C14a"].quote_type == "direct"
    opened.keys("t")
    expect(article).to_be_hidden()
    opened.keys("t")
    article.get_by_text("The pool is the oldest in the region").click()
    opened.place("C12a")


def test_at_the_end_the_next_command_stands_there(opened: Opened) -> None:
    text = re.sub(r'proposed = "\w+"\n', "", opened.text()).replace('id = "C14a"\n', 'id = "C14a"\nproposed = "sure"\n')
    opened.file.write_text(text, "utf-8")
    opened.start()
    opened.place("C14a")
    end = opened.root.locator(".kit-end")
    expect(end).to_be_empty()
    opened.keys("a")
    expect(end).to_have_text(
        f"All is accepted, nothing is to mend. Next, make the course: python -m kit new-course {opened.file}"
    )
    expect(end).to_be_in_viewport(ratio=1)
    opened.keys("u")
    expect(end).to_be_empty()


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, sorted."""
    found = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "-+"]
    gone, come = ([line[2:] for line in found if line[0] == sign] for sign in "-+")
    return sorted(gone), sorted(come)


def test_what_to_read_is_on_the_screen(opened: Opened) -> None:
    opened.start()
    opened.keys("f")
    expect(opened.root.get_by_role("textbox", name="supported by")).to_be_visible()
    opened.root.get_by_role("textbox", name="supported by").focus()
    opened.root.locator(".kit-card").focus()
    for claim in ("C01b", "C02a"):
        opened.keys("a")
        opened.place(claim)
        expect(opened.root.locator(".kit-sentence")).to_be_in_viewport(ratio=1)
        expect(opened.root.locator(".kit-place")).to_be_in_viewport(ratio=0.9)
    # Why a step is refused stands where the hands are.
    said = opened.root.locator(".kit-said")
    opened.keys("c", "Enter")
    opened.said("Choose or type some words of C02 first.")
    expect(said).to_be_in_viewport(ratio=1)
    expect(opened.root.get_by_role("textbox", name="Or type them")).to_be_in_viewport(ratio=1)
    opened.keys("Escape", "e")
    for _ in range(2):
        opened.root.get_by_role("button", name="Remove adler").press("Enter")
        opened.said("Jon Adler is still named by")
        expect(said).to_be_in_viewport(ratio=1)
        opened.root.get_by_role("textbox", name="New source").focus()
    opened.file.write_text(opened.text() + "# a note\n", "utf-8")
    opened.root.get_by_role("button", name="Accept morning-post").press("Enter")
    expect(opened.root.get_by_role("alert")).to_be_in_viewport(ratio=1)


def test_sources_are_accepted_one_after_the_other_by_keyboard(opened: Opened) -> None:
    opened.file.write_text(opened.text().replace('kind = "named"\n', 'kind = "named"\nproposed = "sure"\n'), "utf-8")
    opened.start()
    opened.state("0 of 21 accepted, 4 sources to accept, saved")
    opened.keys("e")
    opened.root.get_by_role("button", name="Accept holm").focus()
    opened.keys("Enter")
    opened.state("0 of 21 accepted, 3 sources to accept, saved")
    opened.keys("a")
    opened.state("0 of 21 accepted, 2 sources to accept, saved")
    opened.keys("Space")
    opened.state("0 of 21 accepted, 1 source to accept, saved")
    opened.keys("Enter")
    opened.state("0 of 21 accepted, saved")
    expect(opened.root.locator("summary", has_text="Sources")).to_be_focused()


@pytest.mark.parametrize("theme", THEMES)
def test_one_person_who_stands_there_twice_is_joined_by_keyboard(opened: Opened, theme: str, axe: str) -> None:
    loop = 'chain = ["holm", "morning-post", "adler", "article"]'
    opened.file.write_text(opened.text().replace('chain = ["adler", "article"]', loop, 1), "utf-8")
    before = opened.text()
    opened.nb.theme(theme, THEMES[theme])
    opened.start()
    opened.keys("e")
    goes = opened.root.get_by_role("combobox", name="Join: this source")
    goes.focus()
    opened.nb.page.keyboard.type("adler")
    expect(goes).to_have_value("adler")
    opened.keys("Tab")
    stays = opened.root.get_by_role("combobox", name="is the same as")
    expect(stays).to_be_focused()
    opened.nb.page.keyboard.type("holm")
    # Not while a chain would come back to her; what was chosen stays.
    opened.keys("Tab", "Enter")
    opened.said("The chain of C04a, holm > morning-post > adler > article, would come back to Petra Holm.")
    expect(opened.root.locator(".kit-said")).to_be_in_viewport(ratio=0.95)
    expect(opened.root.get_by_role("button", name="Join them")).to_be_in_viewport(ratio=0.95)
    expect(stays).to_have_value("holm")
    assert opened.text() == before
    clean(opened, axe)
    # But with another one, and back.
    stays.focus()
    opened.nb.page.keyboard.type("brandt")
    opened.keys("Tab", "Enter")
    expect(opened.root.get_by_role("textbox", name="Name of adler")).to_have_count(0)
    opened.state("0 of 21 accepted, 1 source to accept, saved")
    expect(opened.root.get_by_role("button", name="Join them")).to_be_focused()
    expect(goes).to_have_value("")
    assert '"adler"' not in opened.text()
    assert opened.claims()["C04a"].source == opened.claims()["C13a"].source == "brandt"
    assert opened.claims()["C04a"].chain == ("holm", "morning-post", "brandt", "article")
    opened.keys("u")
    expect(opened.root.get_by_role("textbox", name="Name of adler")).to_be_visible()
    opened.state("0 of 21 accepted, 1 source to accept, saved")
    assert opened.text() == before


def test_the_work_goes_on_after_a_restart(opened: Opened) -> None:
    opened.start()
    opened.keys("a")
    opened.place("C01b: proposed")
    opened.keys("a")
    opened.state("2 of 21 accepted, 1 source to accept, saved")
    opened.nb.go("annotate")
    opened.nb.press("0", 2)
    opened.nb.page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").press("Enter")
    copy = opened.nb.cell("annotate").locator(".kit-copy")
    expect(opened.root).to_be_hidden()
    expect(copy).to_contain_text("pool.toml: 2 of 21 accepted, 1 source to accept. This is a copy to read.")
    expect(copy.get_by_role("row", name="C01b content, denied, holm, accepted")).to_be_visible()
    opened.nb.idle()
    opened.start()
    expect(copy).to_be_hidden()
    opened.place("Claim 3 of 21, C02a: proposed")
    opened.keys("a")
    opened.state("3 of 21 accepted, 1 source to accept, saved")


def test_a_change_by_an_editor_is_not_lost(opened: Opened) -> None:
    opened.start()
    opened.file.write_text(opened.text().replace('name = "Jon', 'name = "John') + "# a note\n", "utf-8")
    theirs = opened.text()
    opened.keys("a")
    alert = opened.root.get_by_role("alert")
    expect(alert).to_contain_text("pool.toml was changed by another program or window since it was read here")
    opened.state("0 of 21 accepted, 1 source to accept, not saved")
    assert opened.text() == theirs
    opened.root.get_by_role("button", name="put my change on top").press("Enter")
    expect(alert).to_be_hidden()
    opened.state("1 of 21 accepted, 1 source to accept, saved")
    gone, come = changed(theirs, opened.text())
    assert (gone, come) == (['proposed = "sure"'], [])


def test_a_step_while_python_stands_still_is_saved_in_the_end(opened: Opened) -> None:
    opened.start()
    pid = opened.file.with_name("pid")
    code = (
        f"import os, pathlib, signal\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\n"
        "os.kill(os.getpid(), signal.SIGSTOP)"
    )
    opened.nb.look("panel.sessionContext.session.kernel.requestExecute({code: value}) && 1", code)
    while not (pid.exists() and pid.read_text()):
        opened.nb.page.wait_for_timeout(50)
    opened.keys("a", "3")
    opened.state("not saved: Python is busy or has stopped")
    os.kill(int(pid.read_text()), signal.SIGCONT)
    # Both steps, in their order: what was accepted is open again with another label.
    opened.state("0 of 21 accepted, 1 source to accept, saved")
    assert opened.claims()["C01a"].status == "unconfirmed"


def test_keys_stay_inside_and_every_control_is_guarded(opened: Opened) -> None:
    opened.start()
    opened.keys("e", "Escape")
    opened.root.locator(".kit-card").focus()
    opened.keys("f")
    controls = opened.root.locator("button, input, select, textarea, summary, a, [tabindex]")
    guards = controls.evaluate_all("items => items.map(item => item.dataset.lmSuppressShortcuts)")
    assert len(guards) > 60 and set(guards) == {"true"}
    before = opened.text()
    for key in ("d", "d", "x", "b", "y", "z", "0", "0", "Delete", "ArrowDown", "Control+Enter"):
        opened.nb.press(key)
    expect(opened.nb.page.get_by_role("dialog")).to_have_count(0)
    assert opened.nb.ids() == ["intro", "annotate", "end"] and opened.text() == before
    for name in ("Split", "Add a claim", "Change its words"):
        opened.root.get_by_role("button", name=name).press("Enter")
        panel = opened.root.locator(".kit-form")
        expect(panel.locator("textarea")).to_be_focused()
        guards = panel.locator("button, input, select, textarea").evaluate_all(
            "items => items.map(item => item.dataset.lmSuppressShortcuts)"
        )
        assert set(guards) == {"true"}
        opened.keys("x", "Backspace", "Delete")
        opened.keys("Escape")
        expect(panel).to_have_count(0)
        expect(opened.card).to_be_focused()
    assert opened.text() == before


@pytest.mark.parametrize("theme", THEMES)
def test_it_fits_both_themes(opened: Opened, theme: str, tmp_path: Path, axe: str) -> None:
    opened.nb.theme(theme, THEMES[theme])
    opened.start()
    opened.root.screenshot(path=tmp_path / "first.png")
    opened.keys("a", "n", "n", "f")
    opened.root.locator(".kit-card").focus()
    opened.keys("e")
    opened.root.get_by_role("textbox", name="cue", exact=True).fill("nowhere")
    expect(opened.root.get_by_role("list", name="What to mend")).to_be_visible()
    opened.root.get_by_role("button", name="Accept", exact=False).first.click()
    opened.root.get_by_role("button", name="Add a claim").click()
    expect(opened.root.locator(".kit-form")).to_be_visible()
    opened.root.screenshot(path=tmp_path / "all.png")
    wide = opened.root.evaluate("item => item.scrollWidth - item.clientWidth")
    assert wide <= 0, f"{wide} pixels stick out at the right"
    clean(opened, axe)
    opened.root.get_by_role("button", name="Split").click()
    opened.file.write_text(opened.text() + "# a note\n", "utf-8")
    opened.root.get_by_role("radio", name="alleged").click()
    expect(opened.root.get_by_role("alert")).to_be_visible()
    opened.root.screenshot(path=tmp_path / "trouble.png")
    clean(opened, axe)


def clean(opened: Opened, axe: str) -> None:
    """Axe finds nothing in what is on the screen."""
    opened.nb.page.evaluate(axe)
    found = opened.nb.page.evaluate("axe.run('.kit-live')")
    faults = {fault["id"]: [node["html"] for node in fault["nodes"]] for fault in found["violations"]}
    assert faults == {}
    assert {"color-contrast", "label", "button-name"} <= {rule["id"] for rule in found["passes"]}
