"""An article as teachers have it becomes plain text: what is taken, what is left out and told, what is mended."""

from __future__ import annotations

import io
import plistlib
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from kit import commands
from kit.article.annotation_file import read
from kit.errors import KitError
from kit.teacher.authoring.taking_in import PACKAGES, foreign, taken_from

ROOT = Path(__file__).parents[3]
INTAKE = pytest.mark.skipif(
    not all(map(find_spec, PACKAGES)), reason="the extra `intake` is not installed: pip install 'who-says-so[intake]'"
)
DATE = ("--dateline", "2026-03-05")
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Mayor quits | The Courier</title>
<meta property="og:title" content="Mayor quits"><meta property="article:published_time" content="2026-03-04T08:00:00Z">
<link rel="canonical" href="https://courier.example/mayor"><style>p {color: red}</style></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav>
<div class="cookie-banner"><p>We use cookies. Accept?</p></div>
<main><article><h1>Mayor quits</h1><div class="share"><a>Share on X</a></div>
<p>The mayor, Rosa Lind, said on Monday that she <b>quits</b>. A new mayor will be chosen in
the spring.</p><p>&ldquo;I am tired,&rdquo; she said. &ldquo;I have done what I could for the bridge.&rdquo;</p>
<table><tr><th>Year</th><td>2024</td></tr></table>
<p>The clerk, Tom Brack, denied a report that he would follow her.</p></article></main>
<footer><p>All rights reserved.</p></footer></body></html>"""
TAKEN = """Mayor quits

The mayor, Rosa Lind, said on Monday that she quits. A new mayor will be chosen in the spring.

“I am tired,” she said. “I have done what I could for the bridge.”

The clerk, Tom Brack, denied a report that he would follow her.
"""


def archive() -> bytes:
    body = PAGE.replace("=", "=3D").encode().decode("latin-1")
    head = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    part = "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return f"{head}{part}{body}\r\n--b--\r\n".encode("latin-1")


PAGES = {
    "html": PAGE.encode(),
    "with a blank line before": b"\n\n" + PAGE.encode(),
    "mhtml": archive(),
    "webarchive": plistlib.dumps({"WebMainResource": {"WebResourceData": PAGE.encode()}}, fmt=plistlib.FMT_BINARY),
}


@INTAKE
@pytest.mark.parametrize("kind", PAGES)
def test_of_a_web_page_the_article_is_taken_and_the_rest_told(kind: str) -> None:
    taken = taken_from(PAGES[kind], "page")
    assert taken.text == TAKEN
    assert {"Home", "News", "We use cookies. Accept?", "Share on X", "Year", "2024"} <= set(taken.left_out)
    assert "All rights reserved." in taken.left_out and not any("color" in line for line in taken.left_out)
    assert (taken.headline, str(taken.date), taken.address) == (
        "Mayor quits",
        "2026-03-04",
        "https://courier.example/mayor",
    )


@INTAKE
def test_a_short_page_is_taken_without_its_menu() -> None:
    page = (
        "<html><title>Mayor quits</title><nav>Home | News</nav><h1>Mayor quits</h1><p>She <b>quits</b>, she said.</p>"
    )
    taken = taken_from(page.encode(), "page.html")
    assert (taken.text, taken.left_out) == ("Mayor quits\n\nShe quits, she said.\n", ("Home | News",))


@INTAKE
def test_the_text_as_taken_is_what_units_stand_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mayor.html").write_text(PAGE, "utf-8")
    assert commands.main(["draft", str(tmp_path / "mayor.html")]) == 0
    whole = read(tmp_path / "mayor.toml")
    assert (whole.text, whole.facts.text) == (TAKEN, "mayor.txt")
    assert (str(whole.facts.dateline), whole.facts.address) == ("2026-03-04", "https://courier.example/mayor")
    assert (tmp_path / "mayor.html").read_text("utf-8") == PAGE
    said = capsys.readouterr().out
    assert "mayor-left-out.txt" in said and "  Home\n" in said and "2026-03-04" in said
    assert "We use cookies. Accept?" in (tmp_path / "mayor-left-out.txt").read_text("utf-8").splitlines()


def test_the_teachers_own_file_stays_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mayor.txt"
    path.write_text("Mayor quits\n\nThe may\u200bor said &quot;no&quot;.\n", "utf-8")
    before = path.read_bytes()
    assert commands.main(["draft", str(path), *DATE]) == 0
    whole = read(tmp_path / "mayor.toml")
    assert path.read_bytes() == before
    assert (whole.facts.text, whole.text) == ("mayor-taken.txt", 'Mayor quits\n\nThe mayor said "no".\n')
    assert "zero width space" in capsys.readouterr().out
    assert commands.main(["draft", str(path), *DATE, "--force"]) == 0


def docx(body: str, **more: str) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        notes = f'{links}<Relationship Id="n" Type="{rel}/footnotes" Target="footnotes.xml"/></Relationships>'
        packed.writestr("word/_rels/document.xml.rels", notes)
        for name, inner in {"document": f"<w:body>{body}</w:body>", **more}.items():
            packed.writestr(f"word/{name}.xml", f"<w:{name.rstrip('1')} {space}>{inner}</w:{name.rstrip('1')}>")
    return stream.getvalue()


def paragraph(words: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


@INTAKE
def test_of_a_word_file_tables_notes_and_edges_are_left_out_and_told() -> None:
    changed = '<w:p><w:ins w:id="1"><w:r><w:t>She was tired.</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>Gone'
    noted = '<w:p><w:r><w:t>She said so.</w:t></w:r><w:r><w:footnoteReference w:id="5"/></w:r></w:p>'
    body = paragraph("Mayor quits") + f"{changed}</w:delText></w:r></w:del></w:p>{noted}"
    table = f"<w:tbl><w:tr><w:tc>{paragraph('Year')}</w:tc></w:tr></w:tbl>"
    note = f'<w:footnote w:id="5">{paragraph("A note of hers.")}</w:footnote>'
    taken = taken_from(docx(body + table, footnotes=note, header1=paragraph("Class 9 &amp; 10")), "a.docx")
    assert taken.text == "Mayor quits\n\nShe was tired.\n\nShe said so.\n"
    assert [line.strip(" ↑") for line in taken.left_out] == ["Year", "A note of hers.", "Class 9 & 10"]


def test_a_packed_file_that_is_no_word_file_is_named() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("content.xml", "<a/>")
    with pytest.raises(KitError, match=r"a\.odt: this is an old or broken Word file, or no Word file\."):
        taken_from(stream.getvalue(), "a.odt")


@INTAKE
def test_an_rtf_file_is_read_in_its_own_letters() -> None:
    source = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl\f0\fswiss Helvetica;}\f0\pard Mayor quits\par \'93I am tired,\'94 she said."
        r"{\footnote A note.}\par The caf\'e9 \u8211? it is closed.\par}"
    )
    taken = taken_from(source.encode(), "a.rtf")
    assert taken.text == "Mayor quits\n\n“I am tired,” she said.\n\nThe café – it is closed.\n"
    assert taken.mended == ("Not taken from this RTF file: every footnote in it.",)


def pdf(*pages: list[tuple[int, int, str]]) -> bytes:
    """A PDF with words at the given places of its pages."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for page in pages:
        marks = "".join(f"BT /F1 12 Tf {x} {y} Td ({words}) Tj ET\n" for x, y, words in page)
        objects.append(f"<</Length {len(marks)}>>\nstream\n{marks}\nendstream")
        font = "<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
        box = f"/MediaBox[0 0 600 800]/Resources<</Font{font}>>/Contents {len(objects)} 0 R"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}>>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    whole, places = "%PDF-1.4\n", []
    for number, inner in enumerate(objects, 1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{inner}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(whole)}\n%%EOF"
    return f"{whole}xref\n0 {size}\n0000000000 65535 f \n{table}{tail}".encode("latin-1")


@INTAKE
def test_of_a_pdf_paragraphs_are_put_together_and_what_pages_repeat_is_left_out() -> None:
    one = [
        (50, 780, "The Courier, 4 March"),
        (50, 700, "Mayor quits"),
        (50, 650, "The mayor, Rosa Lind, said on Monday that she"),
    ]
    one += [(50, 636, "quits. She has had many demon-"), (50, 622, "strations at her door and her office is not")]
    two = [
        (50, 780, "The Courier, 5 March"),
        (50, 700, "well guarded. She went."),
        (50, 650, "The clerk denied it."),
        (300, 20, "2"),
    ]
    taken = taken_from(pdf(one, two), "a.pdf")
    assert taken.text.split("\n\n") == [
        "Mayor quits",
        "The mayor, Rosa Lind, said on Monday that she quits. She has had many demonstrations at her door and her "
        "office is not well guarded. She went.",
        "The clerk denied it.\n",
    ]
    assert taken.left_out == ("The Courier, 4 March", "The Courier, 5 March", "2")


@INTAKE
@pytest.mark.parametrize(
    ("data", "part"),
    [
        (pdf([]), "this PDF has no text in it, only pictures"),
        (b"%PDF-1.7\n\xe2\xe3\xcf", "this file cannot be read ("),
        (b"<html><body><script>a = 1</script></body></html>", "there is no text in it"),
        (b"{\\rtf1 }", "there is no text in it"),
    ],
)
def test_a_file_without_text_gets_one_sentence(data: bytes, part: str) -> None:
    with pytest.raises(KitError) as refused:
        taken_from(data, "bad")
    assert str(refused.value).startswith(f"bad: {part}") and "\n" not in str(refused.value)


@INTAKE
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "utf-16"])
def test_letters_in_another_code_are_read_and_named(encoding: str) -> None:
    text = "The mayor of Köln said “it’s over” – the café is closed."
    taken = taken_from(text.encode(encoding), "a.txt")
    assert taken.text == text
    assert encoding == "utf-16" or (encoding in taken.mended[0] and "Köln, “it’s, over”" in taken.mended[0])


MENDS = {
    "Bryn F&#244;n &amp; his wife said &quot;no&quot; &amp;lt;b&amp;gt; AT&T; R&D.": (
        'Bryn Fôn & his wife said "no" <b> AT&T; R&D.', "2 × &quot; (\")",
    ),
    "May\u200bor so\u00adft\u2060 end.\ufeff": ("Mayor soft end.", "soft hyphen"),
    "She said \u202eabc\u202c no.": ("She said abc no.", "right-to-left override"),
    "A fa\u200cmily 👩\u200d👧 says so": ("A family 👩\u200d👧 says so", "zero width non-joiner"),
    "The oﬃce": ("The office", "ﬃ (ffi)"),
    "The cafe\u0301": ("The café", "1 accent"),
}  # fmt: skip


@pytest.mark.parametrize("text", MENDS)
def test_what_nobody_sees_is_mended_and_named(text: str) -> None:
    wanted, named = MENDS[text]
    taken = taken_from(text.encode(), "a.txt")
    assert taken.text == wanted
    assert named in " ".join(taken.mended)
    assert taken_from(wanted.encode(), "a.txt").mended == () or "&" in wanted


@INTAKE
def test_garbled_letters_are_mended_and_named() -> None:
    taken = taken_from("He said â€œweâ€™re gladâ€\x9d in the cafÃ©.".encode(), "a.txt")
    assert taken.text == "He said “we’re glad” in the café."
    assert taken.mended[0].startswith("Garbled letters were mended, in â€œweâ€™re, ")


@pytest.mark.parametrize(
    ("package", "data", "what"),
    [
        ("trafilatura", PAGE.encode(), "a web page"),
        ("pdfminer", b"%PDF-1.4", "a PDF"),
        ("striprtf", b"{\\rtf1 a}", "an RTF file"),
        ("mammoth", docx(paragraph("a")), "a Word file"),
        ("charset_normalizer", b"caf\xe9", "not in UTF-8"),
    ],
)
def test_where_a_package_is_missing_one_sentence_says_what_to_install(
    package: str, data: bytes, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(KitError) as missing:
        taken_from(data, "a")
    said = str(missing.value)
    assert what in said and "-m pip install trafilatura" in said and "plain text file" in said and "\n" not in said


def test_without_the_package_garbled_letters_are_only_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ftfy", None)
    taken = taken_from("The cafÃ© is closed, she said.".encode(), "a.txt")
    assert taken.text == "The cafÃ© is closed, she said."
    assert taken.mended[0].startswith("Some letters are garbled, in cafÃ©.") and "pip install" in taken.mended[0]


def test_the_extra_names_what_is_to_be_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {line.partition(">")[0] for line in project["optional-dependencies"]["intake"]}
    with pytest.raises(KitError) as missing, pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "striprtf", None)
        patch.delitem(sys.modules, "striprtf.striprtf", raising=False)
        taken_from(b"{\\rtf1 a}", "a")
    assert set(str(missing.value).partition("pip install ")[2].partition(". Or")[0].split()) == wanted


def test_a_page_that_was_pasted_as_an_address_is_named() -> None:
    with pytest.raises(KitError, match=r"https://example\.org/a is an address"):
        taken_from(b" https://example.org/a\n", "standard input")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Die Bürgermeisterin sagte am Montag, sie trete zurück. „Ich bin müde“, sagte sie.", "does not look English"),
        (
            "Le maire a dit lundi qu'il démissionne. « Je suis fatigué », a-t-il dit. On l'a cru.",
            "does not look English",
        ),
        (
            "De burgemeester was in de zaal en had al een brief, maar hij is nu weg. We weten niet of hij",
            "not look English",
        ),
        ("Мэр сказала, что уходит.", "does not look English"),
        ("ראש העיר אמרה: “אני עייפה”.\n\nThe mayor said that she quits, and that she is tired of it.", "right to left"),
        ("The mayor said that she quits. “I am tired,” she said, and went to Zürich with Łukasz.", ""),
        ("Mayor Lind quits; clerk denies", ""),
    ],
)
def test_a_text_that_the_rules_cannot_read_gets_the_notice(text: str, part: str) -> None:
    said = foreign(text)
    assert part in said and bool(part) == bool(said)
