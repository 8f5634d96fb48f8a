"""What comes in: bytes that should be a news article. Either its text, or one sentence on what is wrong."""

from __future__ import annotations

import re
from itertools import islice

from kit.errors import KitError

__all__ = ["decoded", "foreign", "refused"]

_TAG = re.compile(r"</?(?:html|head|body|div|p|span|script|article|section|br|a|h[1-6]|meta|table|ul|li)\b[^>]*>", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = frozenset(
    "the of and to in a is that it was for on as with he be by at this from his they are were had have has but not "
    "said she which or an their we there been one who would her more if no when will its i you can all".split()
)
_PACKED = {b"%PDF": "a PDF", b"PK": "a .docx or another packed (zip) file"}
_ENOUGH = 40
"""Fewer words than this say too little about the language."""


def decoded(data: bytes, name: str) -> str:
    """The text of a UTF-8 file called `name`. Raises KitError, in one sentence, for anything else."""
    packed = next((what for start, what in _PACKED.items() if data.startswith(start)), "")
    if packed:
        raise KitError(f"{name}: this is {packed}, not text. Open it, and copy its text into a plain text file.")
    if b"\x00" in data:
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        what = "UTF-16 text" if wide else "not a text file"
        raise KitError(f"{name}: this is {what}. Open it, save it as plain text in UTF-8, and try again.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise KitError(
            f"{name}: this is not UTF-8 text (byte {error.start + 1}). Save it as UTF-8 and try again."
        ) from None
    wrong = refused(text)
    if wrong:
        raise KitError(f"{name}: {wrong}")
    return text


def refused(text: str) -> str:
    """Why `text` is no article, in one sentence; "" if it may be one."""
    if not text.strip(" \t\r\n\ufeff"):
        return "there is no text in it. Copy the article into it, save it, and try again."
    if not any(c.isalpha() for c in text):
        return "there is not one word in it. Is it the right file?"
    if any("\ud800" <= c <= "\udfff" for c in text):
        return "it holds half a character (a lone surrogate). Copy the text again from where it came."
    tags = list(islice(_TAG.finditer(text), 4))
    if len(tags) > 3 or re.match(r"\s*<(?:!doctype|html|\?xml)", text, re.I):
        return (
            "this is the code of a web page (HTML), not its text. Open the page in a browser, select the article, "
            "and copy it into a plain text file."
        )
    return ""


def foreign(text: str) -> bool:
    """Whether the text is most likely not English: hardly any of its words are the commonest English ones."""
    found = [match.group().lower() for match in islice(_WORD.finditer(text), 2000)]
    common = sum(word in _ENGLISH for word in found)
    return len(found) >= _ENOUGH and common < len(found) / 7
