"""Why Python cannot read a cell, with the line to look at and what to type."""

from __future__ import annotations

import pytest

from kit.page.slips import misread

LAYERS = ("layers = {", '    "S10a": "act",', '    "S10b": "content",', '    "S12b": "content",', "}")


def layers(**lines: str) -> str:
    """The answer cell with some lines typed otherwise."""
    return "\n".join(lines.get(f"line_{n}", line) for n, line in enumerate(LAYERS, 1))


SAID = {
    layers(line_2='    "S10a": "act"'): ["slip is in line 2. A comma is missing at the end", '"S10a": "act",'],
    layers(line_2='    "S10a": "act"  # a note'): ["A comma is missing at the end of line 2"],
    layers(line_2='    "S10a": "act"', line_3='    "S10b": "content"'): ["end of line 2", "more than one slip"],
    layers(line_2='    "S10a": "act"', line_4='    "S12b": "content'): [
        "quotation mark is missing in line 4",
        "more than one slip",
    ],
    layers(line_2='    "S10a": "act,'): ["A quotation mark is missing in line 2", '"S10a": "act",'],
    layers(line_2='    "S10a": act",'): ["A quotation mark is missing in line 2", '"S10a": "act",'],
    layers(line_2='    "S10a: "act",'): ["A quotation mark is missing in line 2", '"S10a": "act",'],
    layers(line_2='    S10a": "act",'): ["A quotation mark is missing in line 2", '"S10a": "act",'],
    layers(line_2='    "S10a": \'act",'): ["different quotation marks", '"S10a": "act",'],
    layers(line_2="    “S10a”: “act”"): ["A comma is missing at the end of line 2", '"S10a": "act",'],
    layers(line_2='    "S10a" "act",'): ["Between the name and its value belongs a colon", '"S10a": "act",'],
    layers(line_2='    "S10a" = "act",'): ["belongs a colon", '"S10a": "act",'],
    layers(line_2='    "S10a": "act";'): ["A comma belongs at the end of line 2", '"S10a": "act",'],
    layers(line_5=""): ["A curly bracket is opened and never closed", "Type } on a line of its own below line 4"],
    layers(line_5="other = 3"): ["A curly bracket is opened and never closed", "below line 4"],
    layers(line_5=")"): ["A round bracket stands in line 5 where a curly one belongs"],
    layers(line_1="layers = "): ["The curly bracket that begins the answer is missing in line 1", "layers = {"],
    'spans = {\n    "S10": 1, 2,\n    "S11": [1],\n}': ["square brackets around them, as in [1, 2]", '"S10": [1, 2],'],
    'spans = {\n    "S10": [1],\n    "S11": 1, 2\n}': ["[1, 2]", 'Line 3 should read: "S11": [1, 2]'],
    'spans = {"S10": [1 2], "S11": [1]}': ["A comma is missing in line 1", "[1, 2]"],
    'acts = (claims["layer"] == "act".sum()': ["A round bracket is opened and never closed"],
    'acts = (claims["layer"] == "act").sum(': ["never closed", '(claims["layer"] == "act").sum()'],
    "spans = {'S10a': [1, S11': [2]}": ["Python cannot read line 1"],
    'chains = {"S05a": ["?", article"]}': ["A quotation mark is missing", '"S05a": ["?", "article"]'],
    'acts = (claims["layer"] == "act")).sum()': ["one too many", '(claims["layer"] == "act").sum()'],
    'acts = (claims["layer") == "act").sum()': ["A round bracket stands", '(claims["layer"] == "act").sum()'],
    'acts = claims[claims["layer"] == "act"]].size': ["] is one too many", 'claims[claims["layer"] == "act"].size'],
    '# Your answer\nacts = counts["act"\nseveral = 3': ["A square bracket", 'Line 2 should read: acts = counts["act"]'],
    'acts = (claims["layer" == "act").sum()': ["A square bracket is missing", '(claims["layer"] == "act").sum()'],
    'chains = {\n    "S05a": ["?", "article",\n    "S05b": ["?"],\n}': ["in line 2", '"S05a": ["?", "article"],'],
    'chains = {\n    "S05a": ["?") "article"],\n}': ["Python cannot read line 2"],
    layers(line_4='    "S12b": "",', line_5=""): ["Type } on a line of its own below line 4"],
    "Your answer\n" + layers(): ["needs the sign #", "Line 1 should read: # Your answer"],
    'chains = {\n    "S05a": [?, "article"],\n}': ["A question mark needs", '"S05a": ["?", "article"],'],
    'chains = {"S05a": ["nis", ?]}': ["A question mark needs", '["nis", "?"]'],
    'acts = (claims["layer"] === "act").sum()': ["type ==", '(claims["layer"] == "act").sum()'],
    "share = 40,5 %": ["with a point, and without", "Line 1 should read: share = 40.5"],
    'acts = (claims["layer"] = "act").sum()': ["To compare, type two signs: =="],
    layers(line_4='    "S12b": "content"",'): ["one too many in line 4", 'read: "S12b": "content",'],
    layers(line_4='    ""S12b": "content",'): ["one too many in line 4", 'read: "S12b": "content",'],
    layers(line_1="layers {"): ["The sign = is missing in line 1", "layers = {"],
    'spans = {\n    "S10": [1; 2],\n}': ["belongs a comma", '"S10": [1, 2],'],
    '"acts" = 5': ["without quotation marks", "acts = 5"],
    "share = 45.8 %": ["without the sign %", "share = 45.8"],
    "acts = 14 claims": ["Python cannot read line 1"],
    "acts =": ["Nothing stands after the “=”"],
    "# Your answer\nacts=  # here": ["Nothing stands after the “=”"],
    "if acts > 3\n    acts": ["A colon is missing at the end of line 1"],
    "x = 1\n  acts = 5": ["Line 2 begins too far in"],
    "for a in [1]:\nacts = a": ["Line 2 must begin further in"],
    "acts = 5 – 3": ["type -", "acts = 5 - 3"],
    "my acts = 5": ["A name holds no spaces", "my_acts = 5"],
    'share = {"a": 45,8, "b": 3}': ["with a point", "45.8"],
    'judgement = "One line.\nAnother line."': ["three quotation marks before it and after it"],
    'judgement = """One line.\nAnother': ["never ends", "Type three more"],
    "acts = 5 +* 3": ["Python cannot read line 1"],
    "%matplotlib inline\nacts = (5": ["A round bracket", "Line 2 should read: acts = (5)"],
}


@pytest.mark.parametrize("source", SAID)
def test_a_slip_is_named_with_its_line_and_what_to_type(source: str) -> None:
    said = misread(source)
    assert [words for words in SAID[source] if words not in said] == [], said


@pytest.mark.parametrize("source", ["", "acts = 5", "layers = {“S10a”: “act”}", "await x"])
def test_of_what_python_can_read_or_nobody_can_nothing_is_said(source: str) -> None:
    assert misread(source) == ""


def test_a_mended_line_is_shown_as_code_that_can_be_copied() -> None:
    said = misread(layers(line_3="    “S10b”: “content"))
    assert said.endswith('Line 3 should read: "S10b": "content",')
