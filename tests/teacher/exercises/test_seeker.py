"""A key that is planted in any kind of file, in any place and form, is found; what a clean course holds is not."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import quopri
import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kit import commands
from kit.article import seeds
from kit.article.annotation_file import read
from kit.errors import KitError
from kit.teacher.authoring.exports import export
from kit.teacher.exercises.file_texts import texts
from kit.teacher.exercises.secrecy import Seeker
from kit.teacher.exercises.sharing import release

WHOLE = read(seeds.seeds() / "soldiers.toml")
HIDDEN = {claim.id: claim for claim in WHOLE.claims if int(claim.unit[1:]) % 2}
SEEKER = Seeker(WHOLE, HIDDEN)


def found(name: str, content: bytes) -> list[str]:
    return [what for _, text, _ in texts(name, content) for what in SEEKER.found(text)]


def zipped(files: dict[str, str]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return whole.getvalue()


def tarred(content: bytes) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        entry = tarfile.TarInfo("key.txt")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return whole.getvalue()


def picture(text: str, *, packed: bool) -> bytes:
    whole, told = io.BytesIO(), PngInfo()
    told.add_text("Comment", text, zip=packed)
    Image.new("RGB", (4, 4)).save(whole, "png", pnginfo=told)
    return whole.getvalue()


def photograph(text: str) -> bytes:
    whole, camera = io.BytesIO(), Image.Exif()
    camera[0x010E] = text.encode()
    Image.new("RGB", (4, 4)).save(whole, "jpeg", exif=camera)
    return whole.getvalue()


def notebook(*, source: list[str] | str = "", outputs: list[object] | None = None) -> bytes:
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": outputs or [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def sheet(one: str, two: str) -> bytes:
    shared = f"<sst><si><t>claim</t></si><si><t>{one}</t></si><si><r><t>{two}</t></r></si></sst>"
    cells = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1"><v>7</v></c><c r="C1" t="s"><v>2</v></c></row>'
    return zipped({"xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": f"<worksheet>{cells}</worksheet>"})


LINES: dict[str, Callable[[str, str], str]] = {
    "prose": lambda name, label: f"The answer for {name} is {label}.",
    "told first": lambda name, label: f"{label}: {name}",
    "a table": lambda name, label: f"| statuses | {name} | some words here | `{label}` | |",
    "bold": lambda name, label: f"**{name}** → **{label}**",
    "code": lambda name, label: f'    "{name}": "{label}",',
    "comma": lambda name, label: f'{name},"words, with a comma",{label}',
    "tab": lambda name, label: f"{name}\t{label}",
    "big": lambda name, label: f"{name.upper()} {label.upper()}",
    "small": lambda name, label: f"{name.lower()} = {label}",
    "dashes": lambda name, label: f"{name[:-1]}-{name[-1]}: {label}",
    "unseen": lambda name, label: f"{name[:2]}\u200b{name[2:]} {label[:3]}\u00ad{label[3:]}",
    "wide": lambda name, label: "".join(chr(ord(c) + 0xFEE0) for c in name) + f" {label}",
    "the annotated article": lambda name, label: f"some words [{name} {label}] more words",
    "a file's name": lambda name, label: f"{name}_{label}.txt",
}
KINDS: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "text": lambda line: ("notes.txt", f"Hello\n\n{line}\nBye\n".encode()),
    "another name": lambda line: ("photo.jpg", line.encode()),
    "utf-16": lambda line: ("notes.txt", line.encode("utf-16")),
    "utf-16 without a mark": lambda line: ("notes.txt", line.encode("utf-16-le")),
    "a mark at the start": lambda line: ("notes.txt", line.encode("utf-8-sig")),
    "a cell": lambda line: ("l.ipynb", notebook(source=["Hello\n", line])),
    "a cell in one piece": lambda line: ("l.ipynb", notebook(source=f"Hello\n{line}\n")),
    "an output": lambda line: ("l.ipynb", notebook(outputs=[{"output_type": "stream", "text": [line]}])),
    "a coded picture": lambda line: (
        "l.ipynb",
        notebook(outputs=[{"data": {"image/png": base64.b64encode(picture(line, packed=True)).decode()}}]),
    ),
    "a picture": lambda line: ("p.png", picture(line, packed=False)),
    "a picture, packed": lambda line: ("p.png", picture(line, packed=True)),
    "a photograph": lambda line: ("p.jpg", photograph(line)),
    "zip": lambda line: ("a.zip", zipped({"deep/key.txt": line})),
    "zip in zip": lambda line: ("a.zip", zipped({"x": "y"}) + zipped({"key.txt": line})),
    "the name in a zip": lambda line: ("a.zip", zipped({line: "nothing"})),
    "tar": lambda line: ("a.tgz", tarred(line.encode())),
    "gzip": lambda line: ("a.gz", gzip.compress(line.encode())),
    "bz2": lambda line: ("a.bz2", bz2.compress(line.encode())),
    "xz": lambda line: ("a.xz", lzma.compress(line.encode())),
    "html": lambda line: ("a.html", f"<html><p>Hello</p><p>{line}</p></html>".encode()),
    "a remark": lambda line: ("a.html", f"<html><p>Hello</p><!-- {line} --></html>".encode()),
    "coded in a page": lambda line: (
        "a.md",
        f"# Hello\n\n![x](data:text/plain;base64,{coded(line)}) bye\n".encode(),
    ),
    "attached to a cell": lambda line: (
        "l.ipynb",
        json.dumps({"cells": [{"attachments": {"a": {"image/png": coded(f"{line}\n{'x ' * 60}")}}}]}).encode(),
    ),
    "numbers for letters": lambda line: ("a.md", "".join(f"&#{ord(c)};" for c in line).encode()),
    "escapes": lambda line: ("a.js", "".join(f"\\u{ord(c):04x}" for c in line).encode()),
    "a letter": lambda line: (
        "a.eml",
        f"MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n{coded(line)}\n".encode(),
    ),
    "a saved page": lambda line: (
        "a.mhtml",
        b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
        + quopri.encodestring(f"<html>\n<p>{'word ' * 14}{line}</p>\n</html>".encode()),
    ),
    "a word processor": lambda line: (
        "a.docx",
        zipped({"word/document.xml": f"<w:p><w:r><w:t>{line[:4]}</w:t></w:r><w:r><w:t>{line[4:]}</w:t></w:r></w:p>"}),
    ),
}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    line=st.sampled_from(sorted(LINES)),
    name=st.sampled_from(sorted(HIDDEN)),
    field=st.sampled_from(["status", "layer", "voucher"]),
)
def test_a_planted_line_is_found(kind: str, line: str, name: str, field: str) -> None:
    label = HIDDEN[name].accepts(field)[0]
    file, content = KINDS[kind](LINES[line](name, label))
    assert f"{name} with its {field} {label}" in found(file, content), content


RECORDS: dict[str, Callable[[str, str], tuple[str, bytes]]] = {
    "rows of a table": lambda name, label: (
        "a.html",
        f"<table><tr>\n<td>{name}</td>\n<td>words</td>\n<td>{label}</td>\n</tr></table>".encode(),
    ),
    "attributes": lambda name, label: ("a.html", f'<p><td data-id="{name}" data-label="{label}">x</td></p>'.encode()),
    "a sheet": lambda name, label: ("a.xlsx", sheet(name, label)),
    "a row in a document": lambda name, label: (
        "a.docx",
        zipped({"word/document.xml": f"<w:tr><w:tc><w:p>{name}</w:p></w:tc><w:tc><w:p>{label}</w:p></w:tc></w:tr>"}),
    ),
    "json": lambda name, label: ("a.json", json.dumps([{"id": name, "x": 1, "status": label}], indent=1).encode()),
    "json, label first": lambda name, label: ("a.json", json.dumps({"a": label, "z": name}, indent=1).encode()),
    "json by id": lambda name, label: ("a", json.dumps({name: {"why": "so", "is": label}}, indent=1).encode()),
    "json by column": lambda name, label: (
        "a.json",
        json.dumps({"claim": {"0": "S90a", "1": name}, "status": {"0": "x", "1": label}}, indent=1).encode(),
    ),
    "json in lists": lambda name, label: ("a.json", json.dumps([[name, "w", label]], indent=1).encode()),
    "the annotation by another name": lambda name, label: (
        "notes.bak",
        f'[[claim]]\nid = "{name}"\nunit = "S01"\nstatus = "{label}"\n'.encode(),
    ),
    "yaml": lambda name, label: ("a.yml", f"- id: {name}\n  unit: S01\n  status: {label}\n".encode()),
    "json, deep": lambda name, label: (
        "a.json",
        json.dumps({"rows": [{"id": name, "values": {"status": [label], "also": {}}}, "x" * 900]}).encode(),
    ),
    "other tags": lambda name, label: ("a.xml", f"<c><id>{name}</id><q>x</q><a1>{label}</a1></c>".encode()),
    "columns": lambda name, label: (
        "a.md",
        f"| claim | {name} | S90b |\n| --- | --- | --- |\n| is | {label} | x |\n".encode(),
    ),
    "columns of a page": lambda name, label: (
        "l.ipynb",
        notebook(
            outputs=[
                {
                    "data": {
                        "text/html": [
                            f"<table>\n<tr>\n<th></th>\n<th>{name}</th>\n<th>S90b</th>\n</tr>\n",
                            f"<tr>\n<th>0</th>\n<td>{label}</td>\n<td>x</td>\n</tr>\n</table>",
                        ]
                    }
                }
            ]
        ),
    ),
    "columns of a sheet": lambda name, label: ("a.csv", f"S90b,{name}\nx,{label}\n".encode()),
    "further down": lambda name, label: ("a.md", f"### {name}\n\n> some words\n\n→ {label}\n".encode()),
    "further down, with a word": lambda name, label: ("a.md", f"### {name}\n\n> words\n\nSo: **{label}**\n".encode()),
    "cell below cell": lambda name, label: ("a.txt", f"{name}\n{label}\n".encode()),
    "one line of json": lambda name, label: ("a.jsonl", f'{{"id": "{name}", "status": "{label}"}}\n{{}}\n'.encode()),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_planted_record_is_found(kind: str) -> None:
    for name, claim in list(HIDDEN.items())[::4]:
        assert f"{name} with its status {claim.status}" in found(*RECORDS[kind](name, claim.status))


@pytest.mark.parametrize(
    "line",
    [
        "S07a This is highly concerning",  # words of the article
        "| S07b | act / content |",
        "S07a, S07b: act or content?",
        "S07a: stance, denied, unconfirmed, confirmed, alleged or asserted?",
        "S07a, S07b\n\nstance\ndenied\nunconfirmed\nconfirmed\nalleged\nasserted",
        "S07a\n\nWho speaks?\n\n## Source\n\nThe author asks.",
        "We're also monitoring reports",
        "Look at S07a. Who is its source, and what did the author do?",
        "S06b is `alleged`, and so is S08b",
        'kit.check.labels(layers, field="layer", lines=["S07a", "S07b"], article=article)',
    ],
)
def test_what_gives_nothing_away_is_passed_over(line: str) -> None:
    assert not found("notes.txt", f"{line}\n".encode())


def test_what_the_kit_exports_is_refused(tmp_path: Path) -> None:
    whole = read(Path(__file__).parents[2] / "data/articles/open/chess.toml")  # no claim of it has a ruling
    seeker = Seeker(whole, whole.by_id)
    for name in ("jsonld", "brat", "csv"):
        file = export(whole, name, tmp_path)[-1]
        told = [what or list(seeker.found(text)) for _, text, what in texts(file.name, file.read_bytes())]
        assert any(told), name


def test_the_words_of_a_claim_stand_for_its_number() -> None:
    for name, claim in HIDDEN.items():
        told = [f"{name} with its status {claim.status}"] * (len(claim.quote.split()) >= 4)
        held = found("notes.md", f"| {claim.quote} | {claim.status} |\n".encode())
        assert [what for what in dict.fromkeys(held) if " status " in what] == told


def test_the_words_of_a_claim_beside_its_id_give_nothing_away() -> None:
    for name, shown in {
        "sluice": "?: “admitted” (W15c)",  # an act of one word, which is its cue
        "budget": "Each costs 0.45 million [K31a ?], according to the price list of the maker, Voltana. ",
    }.items():
        whole = read(seeds.seeds() / f"{name}.toml")
        seeker = Seeker(whole, whole.by_id)
        assert not list(seeker.found(shown))
        assert list(seeker.found(f"{shown}\n| W15c | author | act |\n| K31a | voltana |"))


def test_a_cue_that_stands_alone_between_the_marks_of_claims_gives_nothing_away() -> None:
    act, content = (WHOLE.by_id[name] for name in ("S18a", "S18b"))
    assert act.cue == content.cue == "commented"
    start = act.start + act.quote.index(act.cue)
    bare = replace(act, quote=act.cue, start=start, end=start + len(act.cue))
    whole = replace(WHOLE, claims=tuple(bare if claim is act else claim for claim in WHOLE.claims))
    shown = f"Berlin, {bare.cue} [{bare.id} ?] {content.quote} [{content.id} ?]"
    assert not list(Seeker(whole, {content.id: content, bare.id: bare}).found(shown))


def test_a_long_line_without_a_comma_is_no_packed_file() -> None:
    line = json.dumps({"words": "what was said in the hall was heard by all " * 4})
    assert [unread for _, _, unread in texts("notes.ipynb", line.encode()) if unread] == []


# In a course


def planted(course: Path, tmp_path: Path, name: str, content: bytes) -> str:
    file = course / "student" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    try:
        with pytest.raises(KitError, match="Nothing was packed") as caught:
            release(course, tmp_path / "student.zip")
    finally:
        file.unlink()
    assert not (tmp_path / "student.zip").exists()
    return str(caught.value)


def test_the_teachers_page_is_not_packed(course: Path, tmp_path: Path) -> None:
    key = (course / "teacher/README.md").read_bytes()
    for name, content in {"notes.md": key, "n.docx": zipped({"word/document.xml": key.decode()})}.items():
        said = planted(course, tmp_path, name, content)
        assert re.search(
            rf"^Nothing was packed: {name}.* holds .+ \(1 of \d+ such places\)\. Searched every name", said
        )
        assert " with its " in said and said.endswith("Take it out of `student`, and release again.")


def test_where_a_headline_goes_too_far_is_not_told(course: Path) -> None:
    seeker = Seeker(WHOLE, HIDDEN, lines=[("A", "goes too far"), ("somebody says: not so", "S12")])
    assert list(seeker.found("A – goes too far")) == ["“A” with goes too far"]
    assert list(seeker.found("| Somebody says: not so | S12 |")) and not list(seeker.found("A headline fits"))


def test_a_claim_that_is_nothing_but_its_cue_gives_that_away_by_itself() -> None:
    claim = next(claim for claim in HIDDEN.values() if claim.cue and claim.layer == "act")
    for quote, told in ((claim.cue, []), (claim.quote, [f"{claim.id} with its cue {claim.cue}"])):
        seeker = Seeker(WHOLE, {claim.id: replace(claim, quote=quote)})
        assert list(seeker.found(f"{claim.id} | ? | {claim.cue} |")) == told


def test_what_cannot_be_searched_is_not_packed(course: Path, tmp_path: Path) -> None:
    locked = zipped({"a.txt": "hello"}).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    without_lines = {"a.pdf": b"%PDF-1.7\n%\xff\xff", "a.rtf": rb"{\rtf1\ansi Hello\par}"}
    for name, content in {"a.bin": bytes(range(256)) * 4, "a.zip": locked, **without_lines}.items():
        assert f"{name} cannot be searched" in planted(course, tmp_path, name, content)


def test_a_clean_course_with_a_picture_is_packed_and_the_search_says_what_it_sought(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = course / "student" / "bridge.png"
    photo.write_bytes(picture("A bridge, by N. N.", packed=False))
    try:
        assert commands.main(["release", str(course), "-o", str(tmp_path / "s.zip")]) == 0
    finally:
        photo.unlink()
    said = capsys.readouterr().out
    assert "labels of the" in said and "claims that are set aside" in said and "none is in it" in said
    assert "Look at them yourself: bridge.png" in said
