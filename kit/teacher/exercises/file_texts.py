"""The text in any file that students may get: what stands on one line, in one row or in one cell of it."""

from __future__ import annotations

import base64
import binascii
import bz2
import email
import gzip
import html
import io
import json
import lzma
import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from PIL import Image, UnidentifiedImageError

from kit.files import from_json

PICTURE = "a picture"
_DEEPEST = 5
_READABLE = "\t\r\n\f\ufeff\u00ad\u200b\u200c\u200d\u2028"
"""Letters of a text, though they cannot be printed."""
_PACKED = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ": lzma.decompress}
_LINELESS = {b"%PDF": "a PDF", b"{\\rtf": "an RTF file", b"T1\tClaim ": "an annotation for brat"}
"""Files of which nobody can say what stands on one line of them."""
_ROW = re.compile(r"<((?:\w+:)?(?:tr|row|table-row))\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_CELL = re.compile(r"</(?:\w+:)?(?:td|th|tc|c|table-cell)>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:\w+:)?(?:p|div|li|ul|ol|h\d|tr|table|text|tspan|dd|dt)\b[^>]*>|<(?:br|small)\b[^>]*>", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_AMID = re.compile(
    r"</?(?:\w+:.*|(?:a|abbr|b|code|em|font|i|kbd|mark|q|r|s|span|strong|sub|sup|t|u|wbr)\b.*)", re.I | re.DOTALL
)
"""Tags that may stand amid a word: those of HTML, and all with a prefix, as word processors write them."""
_BASE64 = re.compile(r"([A-Za-z0-9+/\r\n]{80,}={0,2})\s*")
_WITHIN = re.compile(r";base64,([A-Za-z0-9+/\s]{8,}={0,2})")
_RECORD = 3000
"""Letters of an object in JSON that is one line, with what is in it two levels down."""
_SHARED = re.compile(r"<c\b[^>]*\bt=\"s\"[^>]*>\s*<v>(\d+)</v>\s*</c>")


def texts(name: str, content: bytes, *, deep: int = 0) -> Iterator[tuple[str, str, str]]:
    """Each text in the file `name`: where it is, its words, and "".

    A text is a piece of the file in which lines are what a reader sees on one line: a row of a table, in HTML, a word
    processor's file or a sheet, is one line; so is a short object or list in JSON. Packed files are unpacked,
    coded ones decoded, and what a picture says of itself is read. What nobody can search comes with no words and with
    what it is.
    """
    yield name, name, ""
    unpacked = _unpacked(name, content) if deep < _DEEPEST else [(name, None)]
    if unpacked is not None:
        for inner, member in unpacked:
            if member is None:
                yield inner, "", "locked, damaged or packed too deep"
            else:
                yield from texts(inner, member, deep=deep + 1)
    elif kind := next((what for mark, what in _LINELESS.items() if mark in content[:1024]), ""):
        yield name, "", kind
    elif b"mime-version:" in content[:1024].lower():  # a letter, or a page that a browser saved in one file
        leaves = (one for one in email.message_from_bytes(content).walk() if not one.is_multipart())
        parts = [decoded(bytes(leaf.get_payload(decode=True) or b"")) for leaf in leaves]
        yield from _of_text(name, "\n".join([decoded(content), *parts]), deep)
    elif (told := _picture(content)) is not None:
        yield name, f"{told}\n{content.decode('utf-8', 'ignore')}", ""
        yield name, "", PICTURE
    else:
        text = decoded(content)
        odd = sum(not (char.isprintable() or char in _READABLE) for char in text)
        if odd * 50 > len(text):
            yield name, "", "not a text"
        yield from _of_text(name, text, deep)


def _of_text(name: str, text: str, deep: int) -> Iterator[tuple[str, str, str]]:
    try:
        data = from_json(text) if text.lstrip()[:1] in ("{", "[") else None
    except ValueError:
        data = None
    for part in [text] if data is None else _json(data):
        whole = _BASE64.fullmatch(part)
        for coded in [whole[1]] if whole else _WITHIN.findall(part):
            with suppress(binascii.Error):
                yield from texts(name, base64.b64decode(coded), deep=deep + 1)
        if whole:
            continue
        if tags := _TAG.findall(part):  # HTML or another such language: a row of a table is one line
            rows = _ROW.sub(lambda row: f"\n{_read(' '.join(row[0].split()), between=' ')}\n", part)
            part = "\n".join([html.unescape(_read(rows, between="\n")), *tags])
        yield name, part, ""


def _unpacked(name: str, content: bytes) -> list[tuple[str, bytes | None]] | None:
    """The files in an archive, None for what cannot be opened in it; None where the file is no archive."""
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                whole = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
                notes = archive.comment
            return [(f"{name}, {inner}", found) for inner, found in {**_sheets(whole), "comment": notes}.items()]
        for start, opened in _PACKED.items():
            if content.startswith(start):
                return [(name, opened(content))]
        if content[257:262] == b"ustar":
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                files = [(one.name, archive.extractfile(one)) for one in archive if one.isfile()]
                return [(f"{name}, {inner}", stream.read() if stream else None) for inner, stream in files]
    except (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, RuntimeError, OSError, EOFError, NotImplementedError):
        return [(name, None)]
    return None


def _sheets(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an archive, those of a sheet with the words in each cell, which Excel keeps in a file apart."""
    shared = decoded(files.get("xl/sharedStrings.xml", b""))
    words = [_TAG.sub("", one) for one in re.findall(r"<si\b[^>]*>(.*?)</si>", shared, re.DOTALL)]

    def put(match: re.Match[str]) -> str:
        at = int(match[1])
        return f"<c>{words[at] if at < len(words) else ''}</c>"

    return {
        name: _SHARED.sub(put, decoded(content)).encode() if name.startswith("xl/worksheets/") else content
        for name, content in files.items()
    }


def _picture(content: bytes) -> str | None:
    """What a picture says of itself (comments, title, camera), one line each; None where the file is none."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            told = [*image.info.items(), *image.getexif().items()]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return "\n".join(f"{key}: {decoded(value) if isinstance(value, bytes) else value}" for key, value in told)


def decoded(content: bytes) -> str:
    """The text of a file: in UTF-8, UTF-16 or UTF-32, with a mark or without, or else in Western Europe's encoding."""
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _json(data: Any) -> Iterator[str]:
    """Every text in JSON, with lists of lines joined, as a notebook's cells are; and each row of values as one line."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list) and all(isinstance(part, str) for part in data) and any("\n" in part for part in data):
        yield "".join(data)
    elif isinstance(data, list | dict):
        inner = list(data.values()) if isinstance(data, dict) else data
        nested = [part for part in inner if isinstance(part, list | dict)]
        if len(nested) < len(inner):
            row = _row(data, deep=3 if isinstance(data, dict) else 2)
            yield row if len(row) < _RECORD or all(map(_flat, nested)) else ""
        elif isinstance(data, dict):
            yield from (f"{key}: {_row(part)}" for key, part in data.items() if _flat(part))
            if all(map(_flat, nested)) and len({len(part) for part in nested}) == 1:  # a table, column by column
                columns = (part.values() if isinstance(part, dict) else part for part in nested)
                yield from (_row(list(row)) for row in zip(*columns, strict=True))
        for part in inner:
            yield from _json(part)


def _flat(data: list[Any] | dict[str, Any]) -> bool:
    return not any(isinstance(part, list | dict) for part in (data.values() if isinstance(data, dict) else data))


def _row(data: Any, *, deep: int = 2) -> str:
    """The plain values in an object or a list on one line, those in it as deep as that, without texts that have lines
    or tags of their own."""
    if isinstance(data, dict) and deep:
        return " | ".join(f"{key}: {_row(value, deep=deep - 1)}" for key, value in data.items())
    if isinstance(data, list) and deep and not any("\n" in part for part in data if isinstance(part, str)):
        return " | ".join(_row(value, deep=deep - 1) for value in data)
    if isinstance(data, list | dict):
        return ""
    return "" if data is None or "\n" in str(data) or _TAG.search(str(data)) else str(data)


def _read(text: str, *, between: str) -> str:
    """`text` without its tags: `between` paragraphs, a bar between cells and other elements."""
    text = _CELL.sub(" | ", _BLOCK.sub(between, text))
    return _TAG.sub(lambda tag: "" if _AMID.match(tag[0]) else " | ", text)
