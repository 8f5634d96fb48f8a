"""The agreed file: what is settled, what is marked and said, and that it is sound and keeps what people wrote."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kit import commands
from kit.article import annotation_file
from kit.article.records import Annotation
from kit.errors import KitError
from kit.teacher.authoring.comparing import gather
from kit.teacher.authoring.merging import Agreed, agreed


def merge(folder: Path, *names: str, **how: bool) -> tuple[Agreed, Annotation]:
    """The merged file, and what a reader gets who loads it."""
    merged = agreed(gather([folder / f"{name}.toml" for name in names]), **how)
    path = folder / "agreed.toml"
    path.write_bytes(merged.text.encode())
    return merged, annotation_file.read(path)


def edit(path: Path, *edits: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8", newline="\n")


def above(text: str, claim: str) -> list[str]:
    """The comment lines right above a claim."""
    head = text[: text.index(f'[[claim]]\nid = "{claim}"')]
    return [line.removeprefix("# ") for line in re.search(r"(?:^# .*\n)*\Z", head, re.MULTILINE)[0].splitlines()]


def test_what_all_agree_on_is_settled_and_the_rest_is_marked(folder: Path) -> None:
    merged, whole = merge(folder, "ada", "ben")
    assert merged.settled == 7 and list(merged.open) == ["M2b", "M3a", "M4a", "M5b", "M7a"]
    assert [c.id for c in whole.claims if c.proposed] == list(merged.open)
    assert above(merged.text, "M4a") == [
        "status: ada.toml denied, ben.toml stance",
        "content_type: ada.toml event, ben.toml judgement",
    ]
    assert above(merged.text, "M3a") == ["cue_class: ada.toml reportative, ben.toml distancing"]
    assert above(merged.text, "M4b") == []


def test_an_open_field_keeps_the_first_answer(folder: Path) -> None:
    for names, status in ((("ada", "ben"), "denied"), (("ben", "ada"), "stance")):
        claim = next(c for c in merge(folder, *names)[1].claims if c.id == "M4a")
        assert (claim.status, claim.proposed) == (status, "guess")


def test_a_quote_with_other_ends_is_told_and_stays_settled(folder: Path) -> None:
    merged, whole = merge(folder, "ada", "ben")
    said = "quote: ada.toml “The town of Velbrook said on Monday”, ben.toml “The town of Velbrook said”"
    assert above(merged.text, "M2a") == [said]
    assert not next(c for c in whole.claims if c.id == "M2a").proposed


def test_a_claim_of_one_file_comes_in_marked_and_in_its_place(folder: Path) -> None:
    merged, whole = merge(folder, "ada", "ben")
    # Ben's id M5a is taken in Ada's file; his source “firm” is her “builders”.
    assert above(merged.text, "M5b") == ["only in ben.toml"] and above(merged.text, "M7a") == ["only in ada.toml"]
    claim = next(c for c in whole.claims if c.id == "M5b")
    assert (claim.quote, claim.source, claim.chain) == ("The builders", "author", ("builders", "article"))
    order = [c.id for c in whole.claims]
    assert order.index("M5b") + 1 == order.index("M5a")


def test_links_between_claims_are_followed_into_the_agreed_file(folder: Path) -> None:
    # Ben's M3a is disputed by his M5b, which is Ada's M5a: they agree.
    merged, whole = merge(folder, "ada", "ben")
    assert next(c for c in whole.claims if c.id == "M3a").disputed_by == ("M5a",)
    assert "disputed_by" not in str(merged.open)


def test_links_of_a_claim_that_only_a_later_file_has_are_followed_too(folder: Path) -> None:
    # Nobody has accepted it, and it leans on Ben's M5b, which is Ada's M5a.
    new = 'why = "They answered."\nsupported_by = ["M5b"]\nproposed = "likely"'
    edit(folder / "ben.toml", ('why = "They answered."', new))
    claim = next(c for c in merge(folder, "ada", "ben")[1].claims if c.quote == "The builders")
    assert (claim.id, claim.supported_by, claim.proposed) == ("M5b", ("M5a",), "likely")


def test_the_majority_settles_more_only_when_asked(folder: Path) -> None:
    merged, _ = merge(folder, "ada", "ben", "cem")
    assert {"M2b", "M4a", "M3a"} <= set(merged.open)
    merged, whole = merge(folder, "ada", "ben", "cem", majority=True)
    assert list(merged.open) == ["M5b", "M5c", "M7a"]
    claims = {c.id: c for c in whole.claims}
    assert (claims["M4a"].status, claims["M4a"].content_type) == ("stance", "judgement")
    assert (claims["M3a"].cue_class, claims["M2b"].also) == ("reportative", ())
    # The reason goes with the label.
    assert claims["M4a"].why == "She complains." and claims["M2b"].why == "An office decides on its own hall."
    assert above(merged.text, "M7a")[-1] == "not in ben.toml"


def test_a_status_that_is_open_goes_with_the_source_that_is_settled(folder: Path) -> None:
    own = ('status = "denied"\nsource = "solm"', 'status = "asserted"\nsource = "author"')
    edit(folder / "ada.toml", own)
    text = (folder / "cem.toml").read_text("utf-8")
    claim = text.index('quote = "Nobody asked us"')
    rest = text[claim:].replace('status = "stance"', 'status = "alleged"', 1)
    (folder / "cem.toml").write_text(text[:claim] + rest, "utf-8", newline="\n")
    merged, whole = merge(folder, "ada", "ben", "cem", majority=True)
    claim = next(c for c in whole.claims if c.id == "M4a")
    assert (claim.source, claim.status, claim.proposed) == ("solm", "stance", "guess")
    assert above(merged.text, "M4a")[0] == "status: ada.toml asserted, ben.toml stance, cem.toml alleged"


def test_half_is_no_majority(folder: Path) -> None:
    assert merge(folder, "ada", "ben", majority=True)[0].open == merge(folder, "ada", "ben")[0].open


def test_a_source_that_the_first_file_lacks_comes_in_marked(folder: Path) -> None:
    _, whole = merge(folder, "ada", "cem")
    assert [(s.id, s.proposed) for s in whole.sources][-1] == ("valley", "guess")


def test_labels_that_nobody_accepted_settle_nothing(folder: Path) -> None:
    edit(folder / "ben.toml", ('why = "An office spoke."', 'why = "An office spoke."\nproposed = "sure"'))
    merged, _ = merge(folder, "ada", "ben")
    assert above(merged.text, "M1b") == ["labels not accepted yet in ben.toml"]


def test_labels_that_the_first_file_withholds_are_taken_from_the_others(folder: Path) -> None:
    text = (folder / "ada.toml").read_text("utf-8")
    start, end = text.index('layer = "content"\nquote = "Nobody asked us"'), text.index('[[claim]]\nid = "M4b"')
    text = text[:start] + 'quote = "Nobody asked us"\nblank = true\n\n' + text[end:]
    (folder / "ada.toml").write_text(text, "utf-8", newline="\n")
    _, whole = merge(folder, "ada", "ben", "cem", majority=True)
    claim = next(c for c in whole.claims if c.id == "M4a")
    assert (claim.blank, claim.status, claim.source, claim.proposed) == (False, "stance", "solm", "")


def test_everything_else_of_the_first_file_stays_as_it_was(folder: Path) -> None:
    edit(folder / "ada.toml", ('why = "A judgement."', 'why = """A\njudgement."""  # Ask Ben.\n# Not sure.'))
    before = (folder / "ada.toml").read_text("utf-8")
    merged, _ = merge(folder, "ada", "ben")
    lines = iter(merged.text.splitlines())
    assert all(line in lines for line in before.splitlines()), "a line of the first file is gone or has moved"


def test_line_ends_of_the_first_file_stay(folder: Path) -> None:
    path = folder / "ada.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    merged, _ = merge(folder, "ada", "ben", passes=True)
    assert merged.text.count("\n") == merged.text.count("\r\n") > 200


def test_merging_the_agreed_file_with_itself_changed_settles_it(folder: Path) -> None:
    merged, whole = merge(folder, "ada", "ben")
    path = folder / "agreed.toml"
    path.write_text(re.sub(r'proposed = "guess"\n', "", merged.text), "utf-8", newline="\n")
    shutil.copy(path, folder / "eve.toml")
    edit(folder / "eve.toml", ("# Ada's remarks", "# Eve's remarks"))
    again = agreed(gather([path, folder / "eve.toml"]))
    assert not again.open and again.settled == len(whole.claims)


def test_passes_are_kept_only_when_asked_and_for_what_all_answered(folder: Path) -> None:
    assert merge(folder, "ada", "ben")[1].passes == {}
    _, whole = merge(folder, "ada", "ben", "cem", passes=True)
    assert whole.passes["M4a"] == ("denied", "stance", "stance")
    assert len(whole.passes) == 10 and not {"M7a", "M5b"} & set(whole.passes)
    (folder / "agreed.toml").rename(folder / "dan.toml")
    with pytest.raises(KitError, match=r"dan\.toml holds passes already"):
        merge(folder, "dan", "ada", passes=True)


def test_the_command_writes_a_sound_file_and_says_what_is_open(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "new/agreed.toml"
    files = [str(folder / f"{name}.toml") for name in ("ada", "ben")]
    assert commands.main(["merge", *files, "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "agreed.toml: 7 claims agreed, 5 open" in said and "    only in ben.toml\n" in said
    assert commands.main(["check", str(out)]) == 0
    assert (out.parent / "market.txt").read_bytes() == (folder / "market.txt").read_bytes()


def test_the_command_writes_over_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(folder / f"{name}.toml") for name in ("ada", "ben")]
    out, other = folder / "cem.toml", folder / "other"
    before = out.read_bytes()
    assert commands.main(["merge", *files, "-o", str(out)]) == 1
    assert "cem.toml is there already" in capsys.readouterr().err and out.read_bytes() == before
    assert commands.main(["merge", *files, "-o", files[1], "--force"]) == 1
    assert "ben.toml is one of the files to merge" in capsys.readouterr().err
    assert commands.main(["merge", *files, "-o", str(folder / "agreed.txt")]) == 1
    assert "An annotation is a .toml file" in capsys.readouterr().err
    other.mkdir()
    (other / "market.txt").write_text("Another text.", "utf-8")
    assert commands.main(["merge", *files, "-o", str(other / "agreed.toml")]) == 1
    assert "there is another text called market.txt" in capsys.readouterr().err and len(list(other.iterdir())) == 1
    assert commands.main(["merge", *files, "-o", str(out), "--force"]) == 0
    assert out.read_bytes() != before
