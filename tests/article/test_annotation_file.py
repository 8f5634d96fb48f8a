"""Every slip in an annotation file has its own error: which file, which line, which claim, and what to do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kit.article import annotation_file, seeds
from kit.errors import AnnotationError

SEED = seeds.seeds() / "soldiers.toml"
TEXT = SEED.read_text("utf-8")
QUOTE = 'quote = "they\'re being readied for involvement in the Ukrainian conflict"'
RUTTE = 'status = "unconfirmed"\nsource = "rutte"'
LINE = TEXT[: TEXT.index(RUTTE)].count("\n") + 1
LAST = 'S27d = ["alleged", "alleged", "alleged"]'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a copy of the seed and of its article."""
    for name in ("soldiers.toml", "soldiers.txt"):
        shutil.copy(SEED.with_name(name), tmp_path)
    return tmp_path


def faults(folder: Path, *edits: tuple[str, str]) -> tuple[str, ...]:
    """Make the edits, each of them once, and return what is said about the file."""
    text = TEXT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "soldiers.toml").write_text(text, "utf-8", newline="\n")
    return said(folder)


def said(folder: Path) -> tuple[str, ...]:
    with pytest.raises(AnnotationError) as caught:
        annotation_file.read(folder / "soldiers.toml")
    assert caught.value.faults and str(caught.value) == "\n".join(caught.value.faults)
    assert all(fault[-1] in ".?" and fault[-2:] != ".." for fault in caught.value.faults)
    return caught.value.faults


SLIPS = {
    # name: (old, new, what the first fault says, in this order)
    "one character off": (
        QUOTE,
        QUOTE.replace("readied", "raedied"),
        ("claim S13b", "is not in S13", "nearest text is “they're being readied for", "“raedied”", "“readied”"),
    ),
    "curly apostrophe": (QUOTE, QUOTE.replace("'", "’"), ("claim S13b", "nearest", "“they’re”", "“they're”", "curly")),
    "twice": (QUOTE, 'quote = "the"', ("claim S13b", "“the” stands 2 times in S13", "take more words")),
    "in another unit": (QUOTE, 'quote = "No evident proof yet"', ("claim S13b", "stands in S16, not in S13")),
    "across the edge": (
        QUOTE,
        'quote = "Ukrainian conflict.\\n\\nAccording"',
        ("claim S13b", "runs over the edge of S13", "split it"),
    ),
    "empty quote": (QUOTE, 'quote = ""', ("claim S13b", "its quote is empty", "copy the words out of S13")),
    "space at the end": (QUOTE, QUOTE[:-1] + ' "', ("claim S13b", "a space too many at its start or end")),
    "unknown status": (RUTTE, RUTTE.replace("med", "md"), ("claim S16a", "“status”", "did you mean “unconfirmed”?")),
    "far-off status": (RUTTE, RUTTE.replace("unconfirmed", "true"), ("claim S16a", "permitted: stance, denied")),
    "no status": (RUTTE, 'source = "rutte"', ("claim S16a", "“status” is missing")),
    "cue elsewhere": ('cue = "NATO:"', 'cue = "Nato:"', ("claim S16a", "cue “Nato:” is not in S16")),
    "hedge elsewhere": ('hedge = "could"', 'hedge = "might"', ("claim S20a", "hedge “might” is not in S20")),
    "cue without class": ('cue = "NATO:"\n', "", ("claim S16a", "“cue” and “cue_class” go together")),
    "status twice": (RUTTE, f'also = ["unconfirmed"]\n{RUTTE}', ("claim S16a", "“also” repeats the status")),
    "asserted by a source": (
        RUTTE,
        RUTTE.replace("unconfirmed", "asserted"),
        ("claim S16a", "“asserted” is the author's own word", "“author”, not “rutte”; if it rests on somebody else's"),
    ),
    "asserted by nobody": (
        'status = "alleged"\nalso = ["asserted"]\nsource = "none"',
        'status = "asserted"\nalso = ["alleged"]\nsource = "none"',
        ("claim S23b", "“asserted” is the author's own word", "“author”, not “none”", "or on nobody's"),
    ),
    "act of a source": (
        'layer = "content"\nquote = "No evident',
        'layer = "act"\nquote = "No evident',
        ("claim S16a", "its source is “author”, not “rutte”"),
    ),
    "source": ('source = "rutte"', 'source = "ruttee"', ("claim S16a", "“source” names “ruttee”", "mean “rutte”?")),
    "chain": ('chain = ["rutte",', 'chain = ["rtute",', ("claim S16a", "“chain” names “rtute”", "mean “rutte”?")),
    "disputed_by": ('["S16a", "S18b", "S19b"]\nsupp', '["S18c"]\nsupp', ("claim S12b", "“disputed_by” names “S18c”")),
    "supported_by": (
        'supported_by = ["S15a"]',
        'supported_by = ["S15x"]',
        ("“supported_by” names “S15x”", "[[claim]]"),
    ),
    "proposition": ('claims = ["S01b"]', 'claims = ["S01z"]', ("proposition P8", "“claims” names “S01z”", "“S01b”?")),
    "reply on": ('on = ["P1", "P2"', 'on = ["P1", "P22"', ("reply north-korea", "“on” names “P22”", "[[proposition]]")),
    "reply source": ('source = "russia"', 'source = "rusia"', ("reply rusia", "“source” names “rusia”", "“russia”?")),
    "reply word": (
        '"not reported"',
        '"silent"',
        ("reply north-korea", "“silent” is not a value of “reply”", "declined"),
    ),
    "passes id": (LAST, LAST.replace("d =", "e ="), ("passes S27e", "no [[claim]] has that id", "mean “S27d”?")),
    "passes status": (LAST, LAST.replace("alleged", "allegd", 1), ("passes S27d", "“allegd”", "mean “alleged”?")),
    "passes size": (LAST, LAST.replace('"alleged", ', "", 1), ("passes S27d", "2 statuses where others have 3")),
    "passes text": (LAST, 'S27d = "alleged"', ("passes S27d", "must be a list of texts", '"alleged"')),
    "passes number": (LAST, "S27d = [1, 2, 3]", ("passes S27d", "must be a list of texts", "[1, 2, 3]")),
    "claim id twice": ('id = "S16a"', 'id = "S15a"', ("claim S15a", "this id is used twice")),
    "unit id twice": ('id = "S16"\n', 'id = "S15"\n', ("unit S15", "this id is used twice")),
    "source id twice": ('id = "yoon"', 'id = "yonhap"', ("source yonhap", "this id is used twice")),
    "proposition id twice": ('id = "P2"', 'id = "P1"', ("proposition P1", "this id is used twice")),
    "no such unit": ('unit = "S16"', 'unit = "T16"', ("claim S16a", "there is no unit T16", "did you mean")),
    "unknown field": ('source = "rutte"', 'sorce = "rutte"', ("claim S16a", "“sorce” is not known", "“source”?")),
    "missing field": ('unit = "S16"\n', "", ("claim S16a", "“unit” is missing")),
    "missing id": ('id = "S16a"\n', "", ("claim number 31", "“id” is missing")),
    "text for a number": ("paragraph = 5", 'paragraph = "5"', ("unit S16", "must be a whole number", '"5"')),
    "truth for a number": ("paragraph = 5", "paragraph = true", ("unit S16", "must be a whole number", "is true")),
    "text for a list": ('chain = ["rutte", "?", "article"]', 'chain = "rutte"', ("claim S16a", "in square brackets")),
    "list for an id": ('id = "S16a"', 'id = ["x"]', ("claim number 31", "must be a text in quotation marks")),
    "unit kind": ('kind = "heading"', 'kind = "header"', ("unit S16", "“header” is not a value of “kind”")),
    "source kind": ('kind = "agency"', 'kind = "press"', ("source reuters", "permitted: named, role")),
    "unit text": ("NATO: No evident proof", "NATO: No evident prof", ("unit S16", "not in the article", "“prof”")),
    "unit over its edge": ("further.", "further. Now, the", ("unit S02", "not in the article", "“Now, the”")),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_named_with_its_line_and_its_place(slip: str, folder: Path) -> None:
    old, new, fragments = SLIPS[slip]
    first = faults(folder, (old, new))[0]
    at = -1
    for fragment in ("soldiers.toml, line ", *fragments):
        assert fragment in first[at + 1 :], first
        at = first.index(fragment, at + 1)
    number = int(re.search(r"line (\d+)", first)[1])
    line = (folder / "soldiers.toml").read_text("utf-8").splitlines()[number - 1]
    table = fragments[0].split()[0]
    assert line.startswith("S27" if table == "passes" else f"[[{table}]]" if not table.startswith("“") else "[[claim]]")


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("dateline = 2024-10-19", 'dateline = "2024-10-19"', ("line 7", "[article]", "without quotation marks")),
        ("dateline = 2024-10-19", "dateline = 2024-10-19T10:00:00", ("line 7", "[article]", "must be a date")),
        ('slug = "soldiers"\n', "", ("line 7", "[article]", "“slug” is missing")),
        ('text = "soldiers.txt"', 'text = "../soldiers.txt"', ("[article]", "a file beside this one")),
        ('text = "soldiers.txt"', 'text = "a\\u0000b"', ("[article]", "a file beside this one")),
        ('text = "soldiers.txt"', 'text = "soldier.txt"', ("soldier.txt", "cannot be read", "there is: soldiers.txt")),
        ("[article]", "[artikel]", ("there is no [article]",)),
        ("[article]", "[[article]]", ("“article” must be one table",)),
        ("[passes]\n", "[[passes]]\n", ("“passes” must be one table",)),
        ("format = 1\n", "", ("“format = 1”", "there is none")),
        ("format = 1\n", 'format = "1"\n', ("“format = 1”", 'it says "1"')),
        (
            RUTTE,
            RUTTE.replace('= "unc', "= unc"),
            ("not valid TOML", f"line {LINE}", "the one before it"),
        ),
        ("[[source]]", "[source]", ("not valid TOML", "line 190")),
        ("format = 1\n", 'format = 1\nsources = "x"\n', ("“sources” is not known here", "mean “source”?")),
        ("format = 1\n", 'format = 1\nunit = "x"\n', ("not valid TOML",)),
    ],
)
def test_a_slip_in_the_file_as_a_whole(old: str, new: str, fragments: tuple[str, ...], folder: Path) -> None:
    first = faults(folder, (old, new))[0]
    assert all(fragment in first for fragment in fragments), first


def test_a_text_in_place_of_an_annotation_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "my news.txt").write_text("The mayor said no.\n", "utf-8")
    with pytest.raises(AnnotationError) as refused:
        annotation_file.read(tmp_path / "my news.txt")
    said = str(refused.value)
    assert said.startswith("my news.txt: this is no annotation. Make one of it first: python -m kit draft '")
    assert "TOML" not in said and "(at line" not in said


def test_tables_of_the_wrong_shape_are_named(folder: Path) -> None:
    (folder / "soldiers.toml").write_text('format = 1\nunit = "x"\nclaim = [1]\narticle = {}\n')
    assert "“unit” must be a list of tables: write [[unit]] above each" in said(folder)[-1]


def test_an_empty_file_says_all_that_it_needs(folder: Path) -> None:
    (folder / "soldiers.toml").write_bytes(b"")
    assert [re.search(r"format|\[+\w+\]+", fault)[0] for fault in said(folder)] == [
        "format", "[article]", "[[unit]]", "[[claim]]",
    ]  # fmt: skip


def test_all_faults_are_listed_at_once_and_none_is_invented(folder: Path) -> None:
    found = faults(
        folder,
        ("paragraph = 5", 'paragraph = "5"'),
        (QUOTE, QUOTE.replace("readied", "raedied")),
        (RUTTE, 'status = "unconfirmd"\nsource = "ruttee"'),
        ('hedge = "could"', 'hedge = "might"'),
        (LAST, LAST.replace("alleged", "allegd", 1)),
    )
    places_named = [re.search(r": ((?:unit|claim|passes) \w+):", fault)[1] for fault in found]
    assert places_named == ["unit S16", "claim S13b", "claim S16a", "claim S16a", "claim S20a", "passes S27d"]


def test_units_in_the_wrong_order_are_named_as_such(folder: Path) -> None:
    text = re.search(r'id = "S03".*?text = "(.*?)"\n', TEXT, re.DOTALL)[1]
    other = re.search(r'id = "S04".*?text = "(.*?)"\n', TEXT, re.DOTALL)[1]
    found = faults(folder, (text, "@"), (other, text), ("@", other))
    assert "unit S04: its text stands before the end of the unit above it" in found[0]


def test_a_changed_article_is_named_with_both_hashes(folder: Path) -> None:
    article = folder / "soldiers.txt"
    article.write_bytes(article.read_bytes().replace(b"Vladivostok", b"Wladivostok"))
    changed, moved = said(folder)
    for fragment in ("soldiers.toml, line 7: [article]: soldiers.txt is not the text", "c6e9d19deb1b", "f9a21aa2b4e6"):
        assert fragment in changed
    assert "unit S13" in moved and "“Vladivostok” is written here where the article has “Wladivostok”" in moved


def test_other_line_ends_in_the_article_are_a_change(folder: Path) -> None:
    article = folder / "soldiers.txt"
    article.write_bytes(article.read_bytes().replace(b"\n", b"\r\n"))
    (fault,) = said(folder)
    assert "soldiers.txt is not the text that was annotated" in fault


@pytest.mark.parametrize("name", ["soldiers.toml", "soldiers.txt"])
def test_a_missing_file_is_named_with_its_folder(name: str, folder: Path) -> None:
    (folder / name).unlink()
    (folder / name).with_stem("other").write_text("")
    (fault,) = said(folder)
    assert fault.startswith(f"{name}: cannot be read in {folder}") and f"other{Path(name).suffix}" in fault


@pytest.mark.parametrize("name", ["soldiers.toml", "soldiers.txt"])
@pytest.mark.parametrize(("data", "byte"), [("Größe".encode("latin-1"), 3), ("text".encode("utf-16"), 1)])
def test_a_file_that_is_not_utf8_is_named_with_the_byte(name: str, data: bytes, byte: int, folder: Path) -> None:
    (folder / name).write_bytes(data)
    (fault,) = said(folder)
    assert fault.startswith(f"{name}: this is not UTF-8 text (byte {byte})") and "Save it as UTF-8" in fault


@pytest.mark.parametrize(
    "data",
    [
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace('sha256 = "c6e9', 'sha256 = "C6E9').encode(),
    ],
    ids=["crlf", "bom", "sha in capitals"],
)
def test_what_editors_and_systems_do_to_a_file_does_not_matter(data: bytes, folder: Path) -> None:
    (folder / "soldiers.toml").write_bytes(data)
    whole = annotation_file.read(folder / "soldiers.toml")
    assert (whole.units, whole.claims, whole.passes) == (
        annotation_file.read(SEED).units, annotation_file.read(SEED).claims, annotation_file.read(SEED).passes,
    )  # fmt: skip


def test_the_line_is_right_in_a_file_with_windows_line_ends(folder: Path) -> None:
    plain = faults(folder, (QUOTE, 'quote = ""'))
    file = folder / "soldiers.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert said(folder) == plain


def test_a_blank_claim_needs_no_labels(folder: Path) -> None:
    text = re.sub(
        r'(id = "S16a"\nunit = .*?\n)layer.*?\n(quote = .*?\n).*?(?=\n\[\[)',
        r"\1\2blank = true\n",
        TEXT,
        flags=re.DOTALL,
    )
    (folder / "soldiers.toml").write_text(text, "utf-8")
    claim = next(claim for claim in annotation_file.read(folder / "soldiers.toml").claims if claim.id == "S16a")
    assert claim.blank and not claim.status and claim.start > 0


def test_a_claim_needs_no_label_that_is_withheld_and_must_not_have_it(folder: Path) -> None:
    claim = re.search(r'\[\[claim\]\]\nid = "S16a".*?(?=\n\[\[)', TEXT, re.DOTALL)[0]  # type: ignore[index]
    kept = "\n".join(
        line for line in claim.splitlines() if not line.startswith(("status", "source", "cue_class", "why"))
    )
    less = f'{kept}\nwithheld = ["status", "source", "cue_class", "why"]'
    (folder / "soldiers.toml").write_text(TEXT.replace(claim, less), "utf-8")
    found = next(one for one in annotation_file.read(folder / "soldiers.toml").claims if one.id == "S16a")
    assert (found.status, found.source, found.layer) == ("", "", "content")
    assert [found.accepts(one) for one in ("status", "voucher", "cue_class")] == [(), (), ()]
    assert found.accepts("layer") == ("content",)
    (fault,) = faults(folder, (claim, f"{claim}\n{less.splitlines()[-1]}"))
    assert "claim S16a: it is withheld, so it must not have status, source, cue_class, why" in fault
    (fault,) = faults(folder, (claim, f'{claim}\nwithheld = ["state"]'))
    assert "“state” is not a value of “withheld”" in fault
