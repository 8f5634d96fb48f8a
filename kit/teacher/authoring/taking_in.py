"""Taking in an article as teachers have it: a saved page, a Word file, a PDF, RTF or plain text becomes plain text.

What was left out and what was mended is told with it. Kinds that libraries read are the extra `intake`.
"""

from __future__ import annotations

import datetime
import email
import io
import logging
import plistlib
import re
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from email import policy
from html import unescape
from importlib import import_module
from itertools import islice
from typing import Any

from kit.errors import KitError, listed, many, typed

PACKAGES = {
    "trafilatura": "a web page", "mammoth": "a Word file", "pdfminer": "a PDF", "striprtf": "an RTF file",
    "ftfy": "garbled letters", "charset_normalizer": "a text that is not in UTF-8",
}  # fmt: skip
"""The packages of the extra, as they are imported, and what each is needed for."""
_WANTED = "trafilatura mammoth pdfminer.six striprtf ftfy charset-normalizer"
_OTHERWISE = "open it, copy the article, and paste it into a plain text file."
_LIKE_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|\?xml)", re.I | re.S)
_TAG = re.compile(r"</?(?:html|head|body|div|p|span|script|article|section|br|a|h[1-6]|meta|table|ul|li)\b[^>]*>", re.I)
_UNSEEN = ("script", "style", "noscript", "template", "svg", "title", "iframe", "select", "object")
_BLOCKS = frozenset(
    "address article aside blockquote body br button caption dd div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr label li main nav ol p pre section summary table td th time tr ul".split()
)
ADDRESS = re.compile(r"(?:(?:https?|ftp):/+|www\.)\S+\Z", re.I)
NO_NETWORK = (
    "{} is an address, and nothing is fetched. Open it in a browser, save the page (Ctrl+S), and name that file."
)
_ENTITY = re.compile(r"&(?:amp;)*(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8}\d{0,2});", re.I)
# The last two shape letters in other scripts and join signs to one; beside Latin letters nobody sees them.
_HIDDEN = re.compile(
    "(?<!\\A)\ufeff|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]"
    "|(?<=[\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\u024f])"
)
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_GARBLED = re.compile("â€|Ã[\x80-\xbf¡-ÿ]|Â[\xa0-\xbf]|ï»¿")
_HALF = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OTHER_LETTER = re.compile(r"[^\W\d_\u0041-\u024f\u1e00-\u1eff]")
_ENGLISH = frozenset(
    "the of and to in a is that it was for on as with he be by at this from his they are were had have has but not "
    "said she which or an their we there been one who would her more if no when will its i you can all".split()
)
_NUMBER = re.compile(r"\d+")
_EDGE = 100
"""What stands at the head or foot of each page is no longer than this."""
_NO_OTHER = frozenset(
    "the and to that said she they have been would which from with this their there were his it are you not".split()
)
"""Those of them that are hardly ever words of another language, as “a”, “in” and “was” are."""
_STOPS = '.!?:;”"’)…'


@dataclass(frozen=True)
class Taken:
    """A text as it was taken, and what a person should know of it.

    `left_out` are lines that the file has and the text has not, `mended` one sentence for each thing that was changed.
    `headline`, `date` and `address` are what a web page says of itself; "" or None where it does not.
    """

    text: str
    left_out: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    headline: str = ""
    date: datetime.date | None = None
    address: str = ""


def taken_from(data: bytes, name: str) -> Taken:
    """The text of a file called `name`, whatever kind of file it is: that is read from its first bytes.

    Raises KitError, in one sentence, where there is no article in it or a package is missing.
    """
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    read = next((reader for starts, reader in _READERS if head.startswith(starts)), _plain)
    try:
        taken = read(data, name)
    except (KitError, MemoryError):
        raise
    except Exception as fault:  # whatever a library says of a broken file
        kind = f"{type(fault).__name__}: {fault}".splitlines()[0].rstrip(": .")
        raise KitError(f"{name}: this file cannot be read ({kind[:120]}); {_OTHERWISE}") from None
    taken = _mended(taken, name)
    if wrong := _refused(taken.text):
        raise KitError(f"{name}: {wrong}")
    return taken


def foreign(text: str) -> str:
    """What to tell of a text that the rules cannot read, or hardly: another language, or letters that run from the
    right; "" for English."""
    letters = [c for c in islice(text, 20000) if c.isalpha()]
    if sum(unicodedata.bidirectional(c) in ("R", "AL") for c in letters) > len(letters) / 50:
        return "Some of this text runs from right to left, and the rules know English only: expect nothing there."
    found = [match.group().lower() for match in islice(_WORD.finditer(text), 2000)]
    common, only = (sum(word in words for word in found) for words in (_ENGLISH, _NO_OTHER))
    # Of English words about four in ten are among the commonest, and two in ten among those of no other language.
    few = len(found) >= 8 and common < len(found) / 5 and only < len(found) / 15
    strange = len(_OTHER_LETTER.findall(text)) > len(letters) / 4
    if few or strange or (len(found) >= 20 and not only):
        return "This text does not look English, and the rules know English only: expect little."
    return ""


def _needed(package: str, name: str) -> Any:
    """A module of the extra. Raises KitError with what to install where it is missing."""
    logging.getLogger(package.partition(".")[0]).setLevel(logging.CRITICAL)  # what it logs is not for teachers
    try:
        return import_module(package)
    except ModuleNotFoundError:
        what = PACKAGES[package.partition(".")[0]]
        install = f"{typed(sys.executable)} -m pip install {_WANTED}"
        raise KitError(
            f"{name}: to read {what}, install this once, with a network: {install}. Or {_OTHERWISE}"
        ) from None


def _plain(data: bytes, name: str) -> Taken:
    mended: tuple[str, ...] = ()
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in data and not wide:
        raise KitError(f"{name}: this is not a text file; {_OTHERWISE}")
    try:
        text = data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError:
        guess = _needed("charset_normalizer", name).from_bytes(data, cp_isolation=["cp1252", "mac_roman"]).best()
        if wide or guess is None:
            raise KitError(
                f"{name}: its letters cannot be read. Save it as plain text in UTF-8, and try again."
            ) from None
        text = str(guess)
        odd = listed(list(dict.fromkeys(word.strip(".,;:?!") for word in text.split() if not word.isascii())), most=5)
        mended = (f"It is not in UTF-8 and was read as {guess.encoding}. Look at these words: {odd}.",)
    if ADDRESS.match(text.strip()):
        raise KitError(NO_NETWORK.format(text.strip()))
    if _LIKE_HTML.match(text) or len(list(islice(_TAG.finditer(text), 4))) > 3:
        return _page(text if wide else data, name)
    return Taken(text, (), mended)


def _page(data: bytes | str, name: str) -> Taken:
    """The article of a web page, its title first where it has one."""
    trafilatura, html = _needed("trafilatura", name), _needed("lxml.html", name)
    tree = trafilatura.load_html(data)
    if tree is None:
        raise KitError(f"{name}: there is no text in this page; {_OTHERWISE}")
    every = _lines_of(html.fromstring(html.tostring(tree)))
    settings = import_module("trafilatura.settings").use_config()
    # On a short page the library would take all of it, rather than little.
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(min(250, sum(map(len, every)) // 4)))
    found = trafilatura.bare_extraction(
        tree,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
        config=settings,
    )
    lines = [line.removeprefix("- ").strip() for line in (found.text if found else "").splitlines()]
    lines = [line for line in lines if line] or every
    title = " ".join((found.title or "").split()) if found else ""
    # The line that is the headline on the page may be shorter than the title of the window.
    if title and not any(2 * len(line) > len(title) and _squeezed(line) in _squeezed(title) for line in lines[:3]):
        lines.insert(0, title)
    date = datetime.date.fromisoformat(found.date) if found and found.date else None
    address = (found.url or "") if found else ""
    return Taken("\n\n".join(lines) + "\n", _missing(every, lines), (), title, date, address)


def _lines_of(tree: Any) -> list[str]:
    """Every line that a page shows, in order: what stands between the edges of its blocks."""
    import_module("lxml.etree").strip_elements(tree, *_UNSEEN, with_tail=False)
    for element in tree.iter():
        edge = "\n" * (element.tag in _BLOCKS)  # a line end in the code of the page is only a blank
        element.text, element.tail = (edge + re.sub(r"\s", " ", part or "") for part in (element.text, element.tail))
    return [line for row in tree.text_content().splitlines() if (line := " ".join(row.split()))]


def _missing(every: Iterable[str], kept: Iterable[str]) -> tuple[str, ...]:
    """The lines of `every` that were not kept; a long one may have been kept as a part of another."""
    lines = [_squeezed(line) for line in kept]
    whole = " ".join(lines)
    return tuple(line for line in dict.fromkeys(every) if _squeezed(line) not in (lines if len(line) < 25 else whole))


def _squeezed(line: str) -> str:
    return re.sub(r"\W+", "", line).casefold()


def _archive(data: bytes, name: str) -> Taken:
    """A page that a browser saved whole in one file: .mhtml or .webarchive."""
    if data.startswith(b"bplist"):
        return _page(plistlib.loads(data)["WebMainResource"]["WebResourceData"], name)
    parts = email.message_from_bytes(data, policy=policy.default).walk()
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    return _page(page.get_payload(decode=True), name) if page else _plain(data, name)  # pyright: ignore[reportArgumentType]


def _word(data: bytes, name: str) -> Taken:
    """The paragraphs of a .docx; its tables, notes, heads and feet of pages are left out."""
    if (
        not zipfile.is_zipfile(io.BytesIO(data))
        or "word/document.xml" not in zipfile.ZipFile(io.BytesIO(data)).namelist()
    ):
        raise KitError(f"{name}: this is an old or broken Word file, or no Word file. Open it, and save it as .docx.")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        edges = [part for part in packed.namelist() if re.fullmatch(r"word/(?:header|footer)\d*\.xml", part)]
        around = [packed.read(part).decode("utf-8", "replace") for part in edges]
    mammoth, html = _needed("mammoth", name), _needed("lxml.html", name)
    made = mammoth.convert_to_html(
        io.BytesIO(data), convert_image=mammoth.images.img_element(lambda image: {"src": ""})
    )
    tree = html.fragment_fromstring(made.value, create_parent="div")
    for mark in tree.xpath('//sup[a[starts-with(@id, "footnote-ref") or starts-with(@id, "endnote-ref")]]'):
        mark.drop_tree()
    every = _lines_of(html.fromstring(html.tostring(tree)))
    for aside in tree.xpath('//table | //li[starts-with(@id, "footnote-") or starts-with(@id, "endnote-")]'):
        aside.drop_tree()
    lines = _lines_of(tree)
    every += [" ".join(unescape(" ".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", edge))).split()) for edge in around]
    return Taken("\n\n".join(lines) + "\n", _missing(filter(None, every), lines))


def _rtf(data: bytes, name: str) -> Taken:
    source = data.decode("latin-1")
    said = re.search(r"\\ansicpg(\d+)", source)
    to_text = _needed("striprtf.striprtf", name).rtf_to_text
    text = to_text(source, encoding=f"cp{said[1]}" if said else "cp1252", errors="replace")
    lines = [line for row in text.splitlines() if (line := " ".join(row.replace("|", " ").split()))]
    notes = sorted(set(re.findall(r"\\(footnote|header|footer)\b", source)))
    told = (f"Not taken from this RTF file: every {', '.join(notes)} in it.",) if notes else ()
    return Taken("\n\n".join(lines) + "\n", (), told)


def _pdf(data: bytes, name: str) -> Taken:
    """The paragraphs of a PDF in the order in which they are drawn; what every page repeats is left out."""
    _needed("pdfminer", name)
    pages = [_boxes(layout) for layout in _layouts(data)]
    seen = Counter(mask for page in pages for mask in {_NUMBER.sub("#", box) for box in page})
    kept: list[str] = []
    gone: list[str] = []
    for page in pages:
        for box in page:
            repeated = len(box) < _EDGE and len(pages) > 1 and seen[_NUMBER.sub("#", box)] > len(pages) / 2
            if repeated or not any(c.isalpha() for c in box):
                gone.append(box)
            elif kept and kept[-1][-1] not in _STOPS and box[0].islower():
                kept.append(_joined([kept.pop(), box]))  # it goes on over the edge of a page or a column
            else:
                kept.append(box)
    if not kept:
        raise KitError(f"{name}: this PDF has no text in it, only pictures of pages. Type or scan the article as text.")
    return Taken("\n\n".join(kept) + "\n", tuple(dict.fromkeys(gone)))


def _layouts(data: bytes) -> Iterable[Any]:
    """The pages of a PDF with the characters on each, not yet put together."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    manager = PDFResourceManager()
    device = PDFPageAggregator(manager)
    interpreter = PDFPageInterpreter(manager, device)
    for page in PDFPage.get_pages(io.BytesIO(data)):
        interpreter.process_page(page)
        yield device.get_result()


def _boxes(page: Any) -> list[str]:
    """The blocks of text on a page in the order in which they were drawn, wrapped lines put together."""
    from pdfminer.layout import LAParams, LTTextBox

    order = {id(sign): number for number, sign in enumerate(page)}
    page.analyze(LAParams())
    boxes = [one for one in page if isinstance(one, LTTextBox)]
    column = max((box.width for box in boxes if len(box) > 1), default=0)
    found = []
    for box in boxes:
        first = min(order.get(id(sign), len(order)) for line in box for sign in line)
        lines: list[list[str]] = [[]]
        short = False
        for line in box:
            words = " ".join(line.get_text().split())
            # A short line ends a paragraph or stands alone, unless it breaks off.
            if short and (lines[-1][-1][-1:] in _STOPS or not words[:1].islower()):
                lines.append([])
            lines[-1].append(words)
            short = line.width < 0.6 * max(column, box.width)
        found += [(first, number, _joined(row)) for number, row in enumerate(lines)]
    return [words for _, _, words in sorted(found) if words]


def _joined(lines: Iterable[str]) -> str:
    """Lines as one; a word that was divided between two is whole again."""
    whole = "\n".join(filter(None, lines))
    return re.sub(r"(?<=[a-z])[-\u00ad\u2010]\n(?=[a-z])", "", whole).replace("\n", " ")


def _mended(taken: Taken, name: str) -> Taken:
    """With entities, hidden signs and garbled letters mended, each told in a sentence."""
    text, told = taken.text, list(taken.mended)
    if _GARBLED.search(text):
        words = [word for word in dict.fromkeys(text.split()) if _GARBLED.search(word)]
        try:
            mended = _needed("ftfy", name).fix_encoding(text)
            told += [f"Garbled letters were mended, in {listed(words)}."] * (text != mended)
            text = mended
        except KitError as missing:
            told.append(f"Some letters are garbled, in {listed(words)}. {missing}")
    for pattern, put, what in _MENDS:
        met = Counter(pattern.findall(text))
        # What only looks like an entity stays.
        met = {sign: times for sign, times in met.items() if put(sign) != sign}
        if met:
            signs = [f"{times} × {_shown(sign, put(sign))}" for sign, times in met.items()]
            told.append(f"{what}: {listed(signs, most=6)}.")
            text = pattern.sub(lambda match, put=put: put(match.group()), text)
    composed = unicodedata.normalize("NFC", text)
    if (apart := len(text) - len(composed)) > 0:
        told.append(f"Joined to their letters: {many(apart, 'accent')}.")
        text = composed
    return replace(taken, text=text, mended=tuple(told))


_MENDS: tuple[tuple[re.Pattern[str], Callable[[str], str], str], ...] = (
    (_ENTITY, lambda sign: unescape(unescape(sign)), "Written as code, and read as what it means"),
    (_HIDDEN, lambda _: "", "Taken out, since nobody sees it"),
    (_LIGATURE, lambda sign: unicodedata.normalize("NFKC", sign), "Written as separate letters"),
)


def _shown(sign: str, put: str) -> str:
    return f"{sign} ({put})" if put.strip() else unicodedata.name(sign, sign).lower() if len(sign) == 1 else sign


def _refused(text: str) -> str:
    """Why `text` is no article, in one sentence; "" if it may be one."""
    if not text.strip(" \t\r\n\ufeff"):
        return "there is no text in it. Copy the article into it, save it, and try again."
    if not any(c.isalpha() for c in text):
        return "there is not one word in it. Is it the right file?"
    if _HALF.search(text):
        return "it holds half a character (a lone surrogate). Copy the text again from where it came."
    return ""


_READERS: tuple[tuple[tuple[bytes, ...], Callable[[bytes, str], Taken]], ...] = (
    ((b"%PDF",), _pdf),
    ((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"), _word),
    ((b"{\\rtf",), _rtf),
    ((b"bplist0", b"From: ", b"MIME-Version:"), _archive),
)
"""What a file begins with, and who reads it; all others are plain text or a web page."""
