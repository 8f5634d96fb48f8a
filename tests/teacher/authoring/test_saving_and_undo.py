"""Correcting a file step by step: what is saved, taken back, refused, and kept from a crash and from another window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.article import annotation_file, seeds
from kit.errors import AnnotationError
from kit.teacher.authoring.saving_and_undo import Correction

ADD = {"unit": "C06", "quote": "it has not answered our questions"}
NEW = {"layer": "content", "status": "unconfirmed", "source": "none", "content_type": "state"}


@pytest.fixture
def file(file: Path) -> Path:
    """A file in which three claims are proposed."""
    text = file.read_text("utf-8")
    for claim in ("C02a", "C02b", "C07a"):
        text = text.replace(f'id = "{claim}"\n', f'id = "{claim}"\nproposed = "likely"\n')
    file.write_text(text, "utf-8")
    return file


def text(file: Path) -> str:
    return file.read_bytes().decode()


def test_it_starts_with_what_is_not_accepted(file: Path) -> None:
    held = Correction(file)
    assert (held.at, len(held.ids), len(held.accepted)) == ("C02a", 21, 18)
    held.take("accept", claim="C02a")
    held.take("accept", claim="C02b")
    assert (held.at, len(held.accepted)) == ("C07a", 20)
    held.take("accept", claim="C07a")
    assert (held.at, held.open_after(""), len(held.accepted)) == ("C07a", "", 21)
    assert text(file) == (seeds.seeds() / "pool.toml").read_text("utf-8")
    assert Correction(file).at == "C01a"


def test_every_step_is_in_the_file_and_can_be_taken_back(file: Path) -> None:
    held, states = Correction(file), [text(file)]
    for step, given in (
        ("accept", {"claim": "C02a"}),
        ("split", {"claim": "C09b", "first": "Aquaria ", "second": "had put off repairs for two years"}),
        ("merge", {"claim": "C09a"}),
        ("add", ADD),
        ("remove", {"claim": "C12a"}),
        ("change", {"claim": "C01b", "field": "source", "value": "adler"}),
        ("add_source", {"name": "The Voice", "kind": "agency"}),
        ("remove_source", {"source": "voice"}),
        ("join_source", {"source": "adler", "into": "holm"}),
    ):
        held.take(step, **given)
        assert held.said == "" and text(file) == held.sheet.text != states[-1]
        annotation_file.parse(text(file), file)
        states.append(text(file))
    while held.past:
        assert text(file) == states.pop()
        held.undo()
    assert text(file) == states.pop() and held.at == "C02a"
    held.undo()
    assert not states


def test_a_refused_step_changes_nothing(file: Path) -> None:
    held, before = Correction(file), text(file)
    held.take("change", claim="C01b", field="source", value="hlm")
    assert held.said == "“hlm” cannot stand in “source”; did you mean “holm”?"
    held.take("add", unit="C06", quote="s")
    assert held.said.startswith("“s” stands 8 times in C06")
    assert (text(file), held.past, held.trouble) == (before, [], "")
    held.take("accept", claim="C02a")
    assert held.said == ""


def test_typing_is_one_step(file: Path) -> None:
    held, before = Correction(file), text(file)
    for number, value in enumerate(("Sh", "She", "She says so.")):
        held.take("change", claim="C01b", field="why", value=value, more=number > 0)
    held.take("change", claim="C01a", field="why", value="x", more=True)
    assert len(held.past) == 2
    held.undo()
    held.undo()
    assert text(file) == before


def test_an_added_claim_is_accepted_once_it_is_whole(file: Path) -> None:
    held = Correction(file)
    held.take("add", **ADD)
    assert held.at == "C06b" and held.mend("C06b")
    held.take("accept", claim="C06b")
    assert held.said.startswith("C06b has something to mend before it can be accepted: “layer” is missing.")
    assert Correction(file).mend("C06b"), "a file with something to mend can be opened again"
    with pytest.raises(AnnotationError, match="claim C06b: “layer” is missing"):
        annotation_file.read(file)
    for field, value in NEW.items():
        held.take("change", claim="C06b", field=field, value=value)
    assert not held.mend("C06b")
    held.take("accept", claim="C06b")
    said = "C06b needs a “why” before it can be accepted: say in one plain sentence what makes it “unconfirmed”."
    assert held.said == said and "C06b" not in held.accepted
    held.take("change", claim="C06b", field="why", value="It is left open.")
    held.take("accept", claim="C06b")
    assert "C06b" in held.accepted
    annotation_file.read(file)


def test_the_view_follows_what_is_taken_out(file: Path) -> None:
    held = Correction(file)
    held.go("C09b")
    held.take("remove", claim="C09b")
    assert held.at == "C10a"
    held.go(held.ids[-1])
    held.take("remove", claim=held.at)
    assert held.at == held.ids[-1]


# ---- Another window, or an editor ----


def test_what_another_has_written_is_not_overwritten(file: Path) -> None:
    one, two = Correction(file), Correction(file)
    two.take("accept", claim="C07a")
    theirs = text(file)
    one.take("accept", claim="C02a")
    assert text(file) == theirs
    assert one.trouble == (
        "pool.toml was changed by another program or window since it was read here, "
        "so your last change is not saved yet."
    )
    one.take("accept", claim="C02b")
    assert one.said == "First choose what is to become of your last change. This one is not made."
    one.reload(keep=True)
    assert (one.trouble, one.said, one.at) == ("", "", "C02b")
    assert text(file) == theirs.replace('id = "C02a"\nproposed = "likely"\n', 'id = "C02a"\n')
    one.undo()
    assert text(file) == theirs, "what is taken back is one's own"
    one.undo()
    assert text(file) == theirs


def test_a_change_that_no_longer_fits_is_told_and_kept(file: Path) -> None:
    one, two = Correction(file), Correction(file)
    two.take("change", claim="C01b", field="why", value="Theirs.")
    one.take("change", claim="C01b", field="why", value="Mine")
    one.take("change", claim="C01b", field="why", value="Mine.", more=True)
    one.reload(keep=True)
    assert one.trouble == (
        "pool.toml was changed at that place too, so your change does not fit any more: "
        "change (claim: C01b, field: why, value: Mine.)."
    )
    one.reload(keep=False)
    assert one.trouble == "" and "value: Mine.)" in one.said
    assert 'why = "Theirs."' in text(file) and "Mine" not in text(file)


def test_a_file_that_was_broken_or_moved_meanwhile(file: Path) -> None:
    held, before = Correction(file), text(file)
    file.write_text(before.replace("[[claim]]", "[[claim", 1), "utf-8")
    held.take("accept", claim="C02a")
    held.reload(keep=True)
    assert "this is not valid TOML" in held.trouble and held.trouble.endswith("Mend that first, then choose again.")
    file.unlink()
    held.reload(keep=True)
    assert "cannot be read" in held.trouble
    file.write_text(before, "utf-8")
    held.reload(keep=True)
    assert (held.trouble, held.at) == ("", "C02b")
    file.unlink()
    held.take("accept", claim="C02b")
    assert "is no longer in" in held.trouble and not file.exists()


def test_what_cannot_be_written_waits(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held, before = Correction(file), text(file)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        held.take("accept", claim="C02a")
    assert held.trouble == "pool.toml cannot be written (No space left on device). Your change waits."
    assert text(file) == before and sorted(p.name for p in file.parent.iterdir()) == ["pool.toml", "pool.txt"]
    held.reload(keep=True)
    assert held.trouble == "" and text(file) != before


def test_the_rights_of_the_file_and_a_link_to_it_stay(file: Path) -> None:
    file.chmod(0o600)
    link = file.with_name("link.toml")
    try:
        link.symlink_to(file)
    except OSError:
        pytest.skip("no links on this system")
    Correction(link).take("accept", claim="C02a")
    assert link.is_symlink() and file.stat().st_mode & 0o777 == 0o600
    assert len(Correction(file).accepted) == 19


# ---- Crashes, and kernels at once ----

START = "import os, sys; from pathlib import Path; from kit.teacher.authoring.saving_and_undo import Correction\n"
BOTH = START + (
    "file, claim, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])\n"
    "held = Correction(file)\n"
    "for number in range(times):\n"
    "    held.take('change', claim=claim, field='why', value=f'{number + 1} of {times}')\n"
    "    while held.trouble:\n"
    "        held.reload(keep=True)\n"
    "    assert not held.said, held.said\n"
)
LOOP = START + (
    "held = Correction(Path(sys.argv[1]))\n"
    "while True:\n"
    "    held.take('accept', claim='C02a')\n"
    "    held.undo()\n"
    "    print('.', end='', flush=True)\n"
)
DIES = START + (
    "held = Correction(Path(sys.argv[1]))\n"
    "setattr(os, sys.argv[2], lambda *_: os._exit(9))\n"
    "held.take('accept', claim='C02a')\n"
)


def test_two_kernels_on_one_file_lose_no_step(file: Path) -> None:
    before = text(file)
    claims = ("C01a", "C12a")
    command = [sys.executable, "-c", BOTH, str(file)]
    kernels = [subprocess.Popen([*command, claim, "25"], stderr=subprocess.PIPE, text=True) for claim in claims]
    assert [(kernel.communicate()[1], kernel.returncode) for kernel in kernels] == [("", 0), ("", 0)]
    after = {claim.id: claim.why for claim in annotation_file.read(file).claims}
    assert [after[claim] for claim in claims] == ["25 of 25", "25 of 25"]
    changed = [line for line in text(file).splitlines() if line not in before.splitlines()]
    assert changed == ['why = "25 of 25"'] * 2


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_who_dies_while_writing_leaves_the_old_file(file: Path, moment: str) -> None:
    before = text(file)
    done = subprocess.run([sys.executable, "-c", DIES, str(file), moment])
    assert done.returncode == 9 and text(file) == before
    held = Correction(file)
    held.take("accept", claim="C02a")
    assert held.trouble == "" and text(file) != before


def test_who_is_killed_leaves_the_old_file_or_the_new(file: Path) -> None:
    before, after = text(file), text(file).replace('id = "C02a"\nproposed = "likely"\n', 'id = "C02a"\n')
    for rounds in (1, 2, 4):
        writer = subprocess.Popen([sys.executable, "-c", LOOP, str(file)], stdout=subprocess.PIPE)
        for _ in range(rounds):
            assert writer.stdout.read(1) == b"."
            assert text(file) in (before, after)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        assert text(file) in (before, after)
        file.write_text(before, "utf-8")
