"""Units of a text: its headline, headings and sentences, and the page furniture that is no part of the article.

Furniture is set aside before anything is read, by its words and its form: stamps of time, bylines, buttons, links to
other articles, captions and credits, rows of tables, menus. What they look like was gathered from pages of newspapers,
agencies and public offices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from kit.article.records import Unit
from kit.draft import words
from kit.draft.tokens import Tokens

__all__ = ["dateline_end", "headline_of", "set_aside", "units"]

_WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*")
_PIECES = re.compile(r"\s(?:\s+|[|>›»•·/]\s|(?<=\t))")
_VERB = words.BE | words.HAVE | words.DO | words.MODALS | words.PASTS | frozenset("asked".split())
_STAMPS = words.listed("units", "stamps")
_BUTTONS = words.listed("units", "buttons")
_AROUND = words.listed("units", "around")
_LEADS = re.compile(
    r"""\W*(?:
    read\s(?:more|also|next|on|this)\b(?!.*\.$) | (?:read\smore|also\sread|see\salso|more|related(?:\s\w+)?)\s?[:|»>–-]
    | (?:watch|listen|video|audio|gallery|live|podcast|in\spictures|explainer)\s?[:|] | most\sread\b | don['’]t\smiss\b
    | accept\b.{,20}\bcookies\b
    | (?:are\syou\s)?already\sa\s(?:subscriber|member)\b | [^.!?]{,40}\([^()]*\b(?:reuters|ap|afp|news)\b[^()]*\)\W*$
    | more\s(?:from|on|stories|news)\b(?!.*\.$) | you\s(?:may|might)\s(?:also\s)?(?:like|be\sinterested)
    | sign\sup\s(?:to|for)\s(?:our|the|free|daily|breaking|your)\b | subscribe\s(?:to|now|for|today)\b
    | follow\s(?:us|@\w+|[\w\s]{2,40}\son\s(?:facebook|twitter|x|instagram|whatsapp))\b | get\s(?:our|the)\s\w*\s?app\b
    | download\s(?:our|the)\s(?:\w+\s)?app\b
    | (?:click|tap)\s(?:here|to)\b | support\s(?:our|independent)\s\w*\s?journalism
    | (?:story|article)\scontinues\s(?:below|after) | scroll\sdown\b | copyright\s(?:©|\d|\(c\)) | © | \(c\)\s
    | (?:image|photo|pic|picture|photograph|video|caption|credit|pictured|file\s(?:photo|pic(?:ture)?|image))s?
      (?:\s(?:source|sources|credit|credits|caption|by|courtesy(?:\sof)?))?\s?[:,/–—-]\s?(?=\S)
    | (?:image|photo|photograph)s?\s(?:by|courtesy\sof|credit|source)\s
    | (?:image|photo|media|video)\s(?:caption|copyright)\b
    | media\splayback\sis\b | this\s(?:video|content)\s(?:can\s?not\sbe\splayed|is\snot\savailable)
    | (?:play|listen\sto|watch)\sthe\s(?:attached\s)?(?:audio|video)\b
    | \(?(?:additional\s)?(?:reporting|writing|editing|edited|translated|compiled)\sby\s[a-z] | with\sfiles\sfrom\b
    | (?:i['’]m|i\sam)\s(?:[a-z][\w’'-]*\s?){2,3}\.?$
    | (?:.{,60}\bwe\swant\sto\shear\sfrom\syou|write\sto\sus|let\sus\sknow)\b
    | (?:[\w’'-]+\s){2,12}(?:(?:also\s)?(?:reported|wrote|adapted|produced|edited|contributed\sto|compiled)\s
      (?:on\s)?(?:this|the)\s(?:story|report|article|piece)|was\sthe\s(?:editor|producer)\.?$)
    | (?:some\s)?(?:material|information)\s(?:for|in)\sthis\s(?:report|story|article)
    | (?:(?:please\s)?(?:leave|share|post|tell)\s(?:us\s)?(?:a|your)\s(?:comment|thoughts|views|opinion))
    | (?:(?:have|got)\san?\s(?:opinion|story|tip)) | sister\slinks$
    | (?:press|media|for\s\w+)?\s?(?:contact|contacts|enquiries|inquiries)\s?:
    | (?:tel|phone|fax|e-?mail|mobile|website|web)\s?[.:]\s? | notes?\sto\seditors\b | -?\s?(?:30|ends)\s?-?$
    | (?:tags?|topics?|filed\sunder|categor(?:y|ies)|keywords|labels)\s?: | comments\sare\s(?:closed|off)
    | this\s(?:article|story)\swas\s(?:first|originally)\spublished | (?:log|sign)\sin\sto\b
    | file\s?[–—-]\s | file\s(?:photo|picture|image)\b
    )""",
    re.VERBOSE,
)
_NOTICE = re.compile(
    r"\b(?:we|(?:web)?sites?|pages?)\s(?:\w+\s)?uses?\scookies\b|\bopt[\s-]out\b|\ball\srights\sreserved", re.IGNORECASE
)
_NOTICES = ("cookies", "opt", "rights")
_GLOSSARY = re.compile(r"words in this story\W*$", re.IGNORECASE)
"""All that follows explains words to learners."""
_BYLINE = re.compile(
    r"\W*(?:[Bb]y|BY):?\s+[A-Z][\w.'’-]+(?:[\s,|&]+(?:and\s+|in\s+|for\s+|of\s+)?[A-Z@][\w.'’-]*){0,12}\W*$"
)
_JOB = re.compile(
    r", (?:[A-Za-z]+ ){0,3}(?:reporter|correspondent|editor|writer|journalist|photographer|columnist)\W*$"
)
_CAPTION = re.compile(
    r"\((?:(?:far |top |bottom )?(?:left|right|cent(?:re|er))|(?:second|third) from (?:the )?(?:left|right)|[LR])\)|"
    r"(?:^|(?<=[.!?”\"’] ))(?:Image|Photo|Pic|Picture|Photograph|Credit)s?(?: credit| source| by| courtesy of)?[:/]? "
    r"[A-Z©][^.!?]{1,60}\.?$|"
    r"\((?:AP |AFP |file |File |Reuters |FILE )?(?:[Pp]hotos?|[Ii]mages?|[Pp]ictures?)\b[^)]*\)\.?$|"
    r"(?<=[.!?”\"’'] )[A-Z][\w’'-]+(?: [A-Z][\w.’'-]+){1,2} ?/ ?[A-Z][\w.’' -]{2,40}$|"
    r"(?:/|via |© ?)(?:Getty(?: Images)?|Reuters|AFP|AP|PA|EPA|Shutterstock|Flickr|Wikimedia)[^.!?]{0,30}\)?\.?$"
)
_MAY_CAPTION = re.compile("[(/©]|via |Image|Photo|Pic|Credit")
_REFERENCE = re.compile(r"[”\"’] ?[–—-]+ ?[^.!?]{2,50}, (?:[A-Z][a-z]+ \d{1,2}|\d{1,2} [A-Z][a-z]+),? \d{4}\.?$")
_RELEASE = re.compile(r"\W*for immediate release\b", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[*•·‣▪◦–-]|\d{1,2}[.)])\s+(?=\S)")
_CONTACT = re.compile(r"\W*(?:\S+@\S+\.\w+|(?:https?://|www\.)\S+|@\w+|\+?[\d\s()/-]{7,})\W*$")
_QUOTED = re.compile(r"\s*[\"“„«]")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?"
_TOWN = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?)?"
_DATELINE = re.compile(
    rf"[A-Z]{{4,}}(?: [A-Z]{{2,}}){{0,2}}: (?=[^\n]{{50}})|"
    rf"(?:[A-Z][A-Z.'’]+(?:[ -][A-Z.'’]+){{0,3}}(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?)?(?:,? {_MONTH})?"
    rf"(?: ?\([^()]{{2,40}}\))?|"
    rf"(?:\([A-Z][\w.-]+\) {_TOWN},?|[A-Z][a-z]{{4,}})(?= [–—])|"
    rf"{_TOWN},? (?:{_MONTH}(?: ?\([A-Z][^()]{{1,30}}\))?|\([A-Z][^()]{{1,30}}\))|\([A-Z]{{2,10}}\))"
    r"(?:\s+-|\s*(?:--|[–—]))\s*(?=[\"“‘']?[A-Z\d])"
)
_SIGN = re.compile("[-–—:]")
_SIGNED = re.compile(rf"\[[^\[\]]*[A-Za-z][^\[\]]*\]|/[A-Z]{{2,}}/\.?|[A-Z]{{3,}}, {_MONTH}\.")
"""A sentence in brackets, or a dateline that is one: [Submitted by the chief ranger]. ELM, May 7. /AFP/."""
_HEADING = 90
"""A line of its own without a full stop is a heading if it is no longer than this."""
_STOPS = tuple(".!?:;,\"”'’)…")
_MOST = 60
"""What is longer, in words, is no caption."""


def headline_of(text: str) -> str:
    """The first line of `text` that is neither blank nor page furniture, shortened to 150 characters."""
    lines = [line for line in (line.strip(" \t\ufeff") for line in text.splitlines()) if line]
    aside = set_aside(dict(enumerate(lines)))
    return next((line for number, line in enumerate(lines) if number not in aside), "")[:150].strip()


def set_aside(lines: Mapping[int, str]) -> frozenset[int]:
    """The numbers of the lines (paragraphs of a text by number) that are page furniture.

    Line 0 is most likely the headline: it is set aside only where it can be none, such as “For immediate release”.
    """
    bare = {n: line.strip() for n, line in lines.items()}
    glossary = next((n for n, line in bare.items() if _GLOSSARY.match(line)), len(lines))
    long = {n for n, line in bare.items() if len(line) > _HEADING}
    captions = {n for n in long if n > 1 and not bare[n].endswith(_STOPS)}  # where most of the text ends in stops
    plain = 3 * len(captions) < len(long)
    captions = {n for n in captions if plain and _VERB.isdisjoint(bare[n].lower().split())}
    furniture = captions | {
        n for n, line in bare.items() if (_is_furniture(line) if n else _is_button(line, _WORD.findall(line)))
    }
    return frozenset(furniture | {n for n in lines if n >= glossary})


def dateline_end(line: str) -> int:
    """Where the text of a paragraph begins behind its dateline: “LONDON, May 7 (Reuters) - ”; 0 without one."""
    head = line[:_HEADING]
    match = _DATELINE.match(line) if _SIGN.search(head) else None
    return match.end() if match else 0


@lru_cache(maxsize=2048)
def _is_furniture(line: str) -> bool:
    found = _WORD.findall(line)
    if _is_button(line, found):
        return True
    if _QUOTED.match(line):
        return bool(_REFERENCE.search(line))
    if len(found) > _MOST:
        return False
    low = line.lower()
    if _LEADS.match(low) or _BYLINE.match(line) or _REFERENCE.search(line):
        return True
    if _MAY_CAPTION.search(line) and _CAPTION.search(line):
        return True
    if any(word in low for word in _NOTICES) and _NOTICE.search(line):
        return True
    bare = not _has_verb(found) and not line.endswith((".", "?", "!", ":", "”", '"'))
    if bare and (_titled(line, found) or _JOB.search(line)):
        return True
    if _BULLET.match(line):
        return bare and len(found) <= 5
    pieces = [piece for piece in _PIECES.split(line) if piece]
    if line.count("|") > 1 or len(pieces) > 2:
        return bare  # a row of a table, or a menu
    return len(pieces) > 1 and all(_is_furniture(piece.strip()) for piece in pieces)


def _is_button(line: str, found: Sequence[str]) -> bool:
    """Whether the line of these words is surely no text: an address, a time, a button, the head of a release."""
    plain = not any(c.isalpha() for c in line) or _CONTACT.match(line) or _RELEASE.match(line)
    return bool(plain) or _stamp(found) or _buttons(found)


def _has_verb(found: Sequence[str]) -> bool:
    """Whether one of the words is surely a verb, or may be one: a form in -ed after another word."""
    return any(
        (w.lower() in _VERB and w not in ("May", "AM")) or (n and w[0].islower() and w.endswith("ed"))
        for n, w in enumerate(found)
    )


def _stamp(found: Sequence[str]) -> bool:
    """Whether the words make a day or a time, and nothing else."""
    known = all(word.lower() in _STAMPS or word[0].isdigit() for word in found)
    return known and any(c.isdigit() for word in found for c in word)


def _buttons(found: Sequence[str]) -> bool:
    lows = [word.lower() for word in found]
    counted = all(low in _BUTTONS or low in _AROUND or low in _STAMPS or low[0].isdigit() for low in lows)
    return counted and len(lows) <= 9 and not _BUTTONS.isdisjoint(lows)


def _titled(line: str, found: Sequence[str]) -> bool:
    """Whether the line is a name, a place or the title of a section: at most four words, each with a capital."""
    names = [word for word in found if word.lower() not in _STAMPS and not word[0].isdigit()]
    return 0 < len(names) <= 4 and all(word[0].isupper() for word in names) and not {":", "("} & set(line)


class Read(Protocol):
    """A text that was read, with its tokens, the paragraph of each sentence, and the paragraphs set aside."""

    @property
    def text(self) -> str: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def paragraphs(self) -> list[int]: ...
    @property
    def furniture(self) -> frozenset[int]: ...


def units(reading: Read, headline: str) -> tuple[Unit, ...]:
    """The units of a text that has been read; `headline` is matched with its first line.

    Paragraph 0 is the headline; the others are counted from 1. Ids are S01, S02, … in the order of the text.
    """
    tokens, text = reading.tokens, reading.text
    spans = [tokens.span(*sentence) for sentence in tokens.sentences]
    sizes = Counter(reading.paragraphs)
    # The sentences of the first line of the article are the headline, if it is the one given.
    first = next((number for number in reading.paragraphs if number not in reading.furniture), -1)
    line = " ".join(
        text[slice(*span)] for span, number in zip(spans, reading.paragraphs, strict=True) if number == first
    )
    if " ".join(line.split())[:150].strip() != " ".join(headline.split())[:150].strip():
        first = -1
    width = max(2, len(str(len(spans))))
    found = []
    for place, ((start, end), number) in enumerate(zip(spans, reading.paragraphs, strict=True), 1):
        words = text[start:end]
        short = sizes[number] == 1 and end - start <= _HEADING and not words.endswith(_STOPS)
        kind = "headline" if number == first else "heading" if short else "body"
        kind = "furniture" if number in reading.furniture or _SIGNED.fullmatch(words) else kind
        paragraph = 0 if number == first else number + (number < first or first < 0)
        found.append(Unit(f"S{place:0{width}}", words, paragraph, kind, start, end))
    return tuple(found)
