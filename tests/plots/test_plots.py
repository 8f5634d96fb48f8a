"""The pictures: what is drawn is the data, in words as well as in colour, and nothing is cut off or covered."""

from __future__ import annotations

import html
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from nbclient import NotebookClient
from nbconvert import HTMLExporter

import kit
import kit.gains
from kit.article import codebook, colours, trace
from kit.article.colours import LOOKS
from kit.check import forms
from kit.errors import KitError
from kit.plots import alt, picture, show

plots = kit.plots
ARTICLE = kit.load_article()
CLAIMS, SOURCES = ARTICLE.claims, ARTICLE.sources
KEY = CLAIMS.set_index("claim")["status"].astype(str)
COURSE = Path(__file__).parents[2] / "docs" / "images" / "course.png"
EVENTS = pd.DataFrame(
    [
        ("2024-10-17", "the president", "says that soldiers are being prepared, and that many more will come", "said"),
        ("2024-10-19", "the secretary", "cannot confirm it", "said"),
        ("2024-10-28", "the alliance", "confirms a part of it, after a long meeting with many people", "said"),
        ("2024-10-08", "", "the first ships are said to leave", "happened"),
        (None, "", "the soldiers reach the port", "happened"),
    ],
    columns=["date", "who", "what", "kind"],
)  # fmt: skip
RIGHT = {name: claim.status for name, claim in kit.load_article("sentences").annotation.by_id.items()}
GAINED = kit.gains.table({"A1": RIGHT["A1"]}, {name: status for name, status in RIGHT.items() if name[0] == "B"})


def mine() -> pd.Series:
    """The key with three slips and a blank in it."""
    return pd.Series({**KEY, "S18b": "denied", "S19b": "denied", "S02a": "confirmed", "S27d": ""})


PICTURES: dict[str, Callable[..., Axes]] = {
    "status_by_source": lambda ax=None: plots.status_by_source(CLAIMS, SOURCES, ax),
    "chains": lambda ax=None: plots.chains(CLAIMS[CLAIMS["layer"] == "content"], SOURCES, ax),
    "matrix": lambda ax=None: plots.matrix(ARTICLE.matrix, ARTICLE.propositions, ax, sources=SOURCES),
    "agreement_heatmap": lambda ax=None: plots.agreement_heatmap(ARTICLE.passes, ax),
    "pass_agreement": lambda ax=None: plots.pass_agreement(ARTICLE.passes, ax),
    "confusion": lambda ax=None: plots.confusion(mine(), KEY, ax),
    "timeline": lambda ax=None: plots.timeline(EVENTS, ax, dateline="2024-10-19"),
    "whole_course": lambda ax=None: plots.whole_course(ARTICLE, ax),
    "before_after": lambda ax=None: plots.before_after(GAINED, ax),
}
EMPTY: dict[str, Callable[[], Axes]] = {
    "status_by_source": lambda: plots.status_by_source(CLAIMS[:0], SOURCES),
    "status_by_source, all blank": lambda: plots.status_by_source(
        ARTICLE.blanked(ARTICLE.units["unit"]).claims, SOURCES
    ),
    "chains": lambda: plots.chains(CLAIMS[:0], SOURCES),
    "matrix": lambda: plots.matrix(ARTICLE.matrix[:0], ARTICLE.propositions),
    "agreement_heatmap": lambda: plots.agreement_heatmap(ARTICLE.passes[:0]),
    "pass_agreement": lambda: plots.pass_agreement(ARTICLE.passes[["pass_1"]]),
    "confusion": lambda: plots.confusion({}, KEY[:0]),
    "confusion, all blank": lambda: plots.confusion(dict.fromkeys(KEY.index, ""), KEY),
    "timeline": lambda: plots.timeline(EVENTS[:0], dateline="2024-10-19"),
    "whole_course": lambda: plots.whole_course(ARTICLE.blanked(ARTICLE.units["unit"])),
}
pictures = pytest.mark.parametrize("name", PICTURES)


def texts(ax: Axes) -> list[Text]:
    """Every piece of text that is drawn."""
    ticks = [label for axis in (ax.xaxis, ax.yaxis) for label in tick_labels(axis)] if ax.axison else []
    labels = [ax.xaxis.label, ax.yaxis.label] if ax.axison else []
    legend = ax.get_legend().get_texts() if ax.get_legend() else []
    titles = [ax.title, ax._left_title]
    return [t for t in (*ax.texts, *ticks, *labels, *titles, *legend) if t.get_visible() and t.get_text().strip()]


def tick_labels(axis: Axis) -> list[Text]:
    low, high = sorted(axis.get_view_interval())
    return [label for t in axis.get_major_ticks() if low <= t.get_loc() <= high for label in (t.label1, t.label2)]


def words(ax: Axes) -> list[str]:
    return [" ".join(t.get_text().split()) for t in texts(ax)]


def boxes(ax: Axes) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def at(ax: Axes, x: float, y: float) -> tuple[str, Rectangle]:
    """The words and the box of the cell in column x of row y."""
    here = [t.get_text() for t in ax.texts if t.get_position() == (x, y)]
    cells = [b for b in boxes(ax) if (b.get_x(), b.get_y()) == (x - 0.5, y - 0.5) and b.get_fill()]
    return " ".join(here), cells[0]


@pictures
def test_no_text_is_cut_off_or_covers_another(name: str) -> None:
    ax = PICTURES[name]()
    figure = ax.figure
    figure.draw_without_rendering()
    found = [(t.get_text(), t.get_window_extent()) for t in texts(ax)]
    assert len(found) > 3
    for text, box in found:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, text
    for (one, a), (other, b) in combinations(found, 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 1 or b.y1 <= a.y0 + 1
        assert apart, f"{one!r} and {other!r} lie over each other"


@pictures
def test_no_text_is_smaller_than_nine_pixels_on_the_page(name: str) -> None:
    for text in texts(PICTURES[name]()):
        assert text.get_fontsize() * 100 / 72 >= 9, text.get_text()


@pictures
def test_two_runs_make_the_same_bytes_and_leave_nothing_behind(name: str) -> None:
    before = dict(mpl.rcParams)
    one, other = show(PICTURES[name]()), show(PICTURES[name]())
    assert one == other
    assert repr(one) == one.words and one.words.count("\n") >= 2
    assert dict(mpl.rcParams) == before
    assert not plt.get_fignums()


@pictures
def test_a_given_ax_is_drawn_on_and_returned(name: str) -> None:
    figure, ax = plt.subplots(figsize=(7, 9))
    try:
        assert PICTURES[name](ax) is ax
        assert ax.has_data() or ax.texts
        assert alt(ax) == alt(PICTURES[name]())
        figure.draw_without_rendering()
    finally:
        plt.close(figure)


@pytest.mark.parametrize("name", EMPTY)
def test_without_data_a_picture_says_so(name: str) -> None:
    ax = EMPTY[name]()
    assert words(ax) == [alt(ax)]
    assert alt(ax).startswith(("There ", "Two passes are needed"))
    assert show(ax).png.startswith(b"\x89PNG")


def test_the_words_do_not_lean_on_colour() -> None:
    looks = [colours.fill(look) for look in LOOKS["status"].values()]
    unanswered = colours.fill(colours.NO_REPLY)
    assert len({look["hatch"] for look in [*looks, unanswered]}) == len(looks) + 1
    for look in [*looks, unanswered]:
        assert min(to_rgb(look["facecolor"])) >= 0.3, "a hatch in dark ink must stand out from its ground"


def test_bars_are_as_long_as_there_are_contents() -> None:
    ax = plots.status_by_source(CLAIMS, SOURCES)
    contents = CLAIMS[CLAIMS["layer"] == "content"]
    names = [" ".join(t.get_text().split()) for t in ax.get_yticklabels()]
    hatches = {look.hatch: status for status, look in LOOKS["status"].items()}
    drawn = {
        (names[round(b.get_y() + b.get_height() / 2)], hatches[b.get_hatch() or ""]): b.get_width() for b in boxes(ax)
    }
    called = picture.speakers(SOURCES)
    expected = Counter((called[c.source], str(c.status)) for c in contents.itertuples())
    assert drawn == expected
    assert Counter(t for t in words(ax) if t in set("123456789")) >= Counter(str(n) for n in expected.values())
    assert [names.index(called[s]) for s in ("author", "none", "north-korea", "russia")] == [10, 11, 12, 13]
    assert words(ax).count("accused; no content of theirs in the article") == 2
    assert "denied: none" in words(ax) and "alleged: 18" in words(ax)
    assert "Yoon Suk Yeol: 1 stance" in alt(ax).splitlines()


def test_links_that_are_the_same_are_drawn_once() -> None:
    frame = pd.DataFrame(
        {
            "chain": [
                ("rutte", "?", "article"),
                ("rutte", "?", "article"),
                ("austin", "?", "article"),
                ("?", "yonhap", "article"),
                ("yonhap", "article"),
                ("article",),
                None,
            ]
        }
    )
    ax = plots.chains(frame, SOURCES)
    written = Counter(words(ax))
    assert written["Mark Rutte"] == written["Lloyd Austin"] == written["Yonhap news agency"] == 1
    assert written["unknown"] == 3, "a gap is its own: nobody knows whether two of them hide the same person"
    assert written["this article (in its own voice: 1)"] == 1
    assert (written["2"], written["1"]) == (3, 3)
    dashed = [b for b in boxes(ax) if b.get_linestyle() not in ("-", "solid")]
    assert len(dashed) == 3 and len(boxes(ax)) == 7
    where = {" ".join(t.get_text().split()): t.get_position()[0] for t in ax.texts}
    assert where["Mark Rutte"] < where["Yonhap news agency"] < where["this article (in its own voice: 1)"]
    assert "Mark Rutte > unknown > this article: 2 claims" in alt(ax).splitlines()
    assert "this article, in its own voice: 1 claim" in alt(ax).splitlines()


def test_boxes_of_a_chain_do_not_cover_each_other() -> None:
    ax = PICTURES["chains"]()
    for a, b in combinations(boxes(ax), 2):
        assert not a.get_bbox().overlaps(b.get_bbox())


def test_no_reply_is_not_blank_in_the_matrix() -> None:
    ax = plots.matrix(ARTICLE.matrix, ARTICLE.propositions, sources=SOURCES)
    short = {"unconfirmed": "uncon-\nfirmed"}
    for y, values in enumerate(ARTICLE.matrix[(ARTICLE.matrix != "").any(axis=1)].to_numpy()):
        for x, value in enumerate(values):
            text, box = at(ax, x, y)
            assert text == short.get(value, value)
            assert (box.get_hatch() == "--") == (value == "no reply")
            assert (box.get_hatch() is None) == (value == "")
    assert len(ax.get_yticks()) == y + 1 and "Yoon Suk Yeol" not in alt(ax), "who says nothing is left out"
    assert f"North Korea: {', '.join(f'P{n} no reply' for n in range(1, 7))}" in alt(ax)


def test_two_statuses_share_a_cell() -> None:
    table = pd.DataFrame({"P1": ["alleged / unconfirmed"]}, index=["nis"])
    ax = plots.matrix(table, ARTICLE.propositions[:1])
    assert at(ax, 0, 0)[0].split() == ["alleged", "uncon-", "firmed"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["nis"]


def test_contested_claims_come_first_and_the_odd_answer_is_framed() -> None:
    ax = plots.agreement_heatmap(ARTICLE.passes)
    names = [t.get_text().split()[0] for t in ax.get_yticklabels()]
    contested = ARTICLE.passes[ARTICLE.passes.astype(str).nunique(axis=1) > 1]
    assert names[: len(contested)] == list(contested.index)
    for y, values in enumerate(contested.astype(str).to_numpy()):
        common = Counter(values).most_common(1)[0][0]
        for x, value in enumerate(values):
            text, box = at(ax, x, y)
            assert text == value and (box.get_linewidth() > 2) == (value != common)
    agreed = ARTICLE.passes.drop(index=contested.index)["pass_1"].astype(str).value_counts()
    shown = {at(ax, 0, y)[0]: int(name) for y, name in enumerate(names) if y >= len(contested)}
    assert shown == agreed.to_dict()
    assert f"{len(contested)} of {len(ARTICLE.passes)} claims contested" in alt(ax)


def test_a_pass_without_an_answer_is_said() -> None:
    passes = pd.DataFrame({"pass_1": ["alleged", "alleged"], "pass_2": ["stance", None]}, index=["A", "B"])
    ax = plots.agreement_heatmap(passes)
    assert at(ax, 1, 1)[0] == "no label"
    assert all(at(ax, x, 0)[1].get_linewidth() > 2 for x in (0, 1)), "with no majority, every answer is framed"


def test_pairs_of_passes_are_compared_on_what_both_labelled() -> None:
    passes = pd.DataFrame({"pass_1": ["a", "b", "c"], "pass_2": ["a", "x", None], "pass_3": [None] * 3})
    ax = plots.pass_agreement(passes)
    assert at(ax, 0, 1)[0] == "50%\nof 2 claims"
    assert at(ax, 0, 2)[0] == at(ax, 1, 2)[0] == "no cases"
    same = (ARTICLE.passes["pass_1"].astype(str) == ARTICLE.passes["pass_2"].astype(str)).mean()
    assert f"pass 2 and pass 1: {same:.0%} of 56 claims" in alt(plots.pass_agreement(ARTICLE.passes))


def test_my_labels_against_the_key() -> None:
    ax = plots.confusion(mine(), KEY)
    labels = codebook.names("status")
    assert [t.get_text() for t in ax.get_xticklabels()] == [*labels, "blank"]
    assert [t.get_text().split("\n")[0] for t in ax.get_yticklabels()] == list(labels)
    pairs = Counter(zip(KEY, mine().reindex(KEY.index).replace("", "blank"), strict=True))
    for y, right in enumerate(labels):
        for x, given in enumerate([*labels, "blank"]):
            text, box = at(ax, x, y)
            assert int(text) == pairs[right, given]
            assert (box.get_hatch() == "//") == (x != y and pairs[right, given] > 0)
    framed = {(b.get_x() + 0.5, b.get_y() + 0.5) for b in boxes(ax) if b.get_linewidth() > 2}
    assert framed == {(n, n) for n in range(len(labels))}
    assert "denied\n(no cases)" in [t.get_text() for t in ax.get_yticklabels()]
    assert "52 of 56 labels fit the key" in alt(ax)


def test_confusion_takes_a_dict_and_another_field_and_refuses_a_claim_that_does_not_exist() -> None:
    right = pd.Series({"A": "act", "B": "content"})
    assert at(plots.confusion({"A": " Content"}, right, field="layer"), 1, 0)[0] == "1"
    with pytest.raises(KitError, match="“C”"):
        plots.confusion({"C": "act"}, right, field="layer")


def test_confusion_says_of_a_misspelt_label_what_the_check_says() -> None:
    right = pd.Series({"A": "alleged", "B": "stance", "C": "stance"})
    typed = {"A": "aleged", "B": "stance", "C": ""}
    (said, _) = forms.choices(typed, lines=list(typed), values=codebook.names("status")).problems
    assert "A" in said and "aleged" in said and "did you mean" in said
    assert alt(plots.confusion(typed, right)) == said


def test_said_and_happened_lie_in_two_lanes() -> None:
    ax = plots.timeline(EVENTS, dateline="2024-10-19")
    points = {line.get_marker(): [] for line in ax.lines}
    for line in ax.lines:
        points[line.get_marker()].append((line.get_xdata()[0], line.get_ydata()[0]))
    day = mpl.dates.date2num
    said = pd.to_datetime(EVENTS[EVENTS["kind"] == "said"]["date"])
    assert [x for x, _ in points["o"]] == list(day(said))
    assert [x for x, _ in points["s"]] == [day(pd.Timestamp("2024-10-08"))], "a day that is not given has no point"
    assert max(y for _, y in points["o"]) < min(y for _, y in points["s"])
    assert points["None"][0][0] == day(pd.Timestamp("2024-10-19"))
    assert "the article's date: 19 Oct 2024" in words(ax)
    assert "day not given · the soldiers reach the port" in alt(ax).splitlines()


def test_a_timeline_of_one_day_stands() -> None:
    ax = plots.timeline(EVENTS[1:2], dateline="2024-10-19")
    low, high = ax.get_xlim()
    assert low < high


def test_one_long_gap_is_drawn_short_and_said_to_be() -> None:
    far = pd.DataFrame([("2025-04-28", "the accused", "admits it", "said")], columns=list(EVENTS))
    ax = plots.timeline(pd.concat([EVENTS, far]), dateline="2024-10-19")
    low, high = ax.get_xlim()
    assert high - low < 30, "half a year is drawn as some days"
    points = sorted(line.get_xdata()[0] for line in ax.lines if line.get_marker() in ("o", "s"))
    first = mpl.dates.date2num(pd.Timestamp("2024-10-08"))
    assert points[0] == first and points[-2] == first + 20 and first + 20 < points[-1] < high
    assert "Where the line is broken, the days between 28 Oct 2024 and 28 Apr 2025 are left out." in alt(ax)
    assert ax.get_xlabel().endswith("are left out.") and "28 Apr 2025 · the accused: admits it" in alt(ax)
    assert "left out" not in alt(plots.timeline(EVENTS, dateline="2024-10-19"))


def test_the_events_of_the_trace_stand_under_each_other() -> None:
    found = trace.load()
    ax = plots.timeline(found.events, dateline=found.dateline)
    assert max(text.get_text().count("\n") for text in ax.texts) == 1, "a third line covers the next event"


@pytest.mark.parametrize(
    ("events", "named"),
    [(EVENTS.drop(columns="who"), "“who”"), (EVENTS.assign(kind="rumored"), "“rumored”")],
)
def test_a_timeline_names_what_is_wrong(events: pd.DataFrame, named: str) -> None:
    with pytest.raises(KitError, match=named):
        plots.timeline(events, dateline="2024-10-19")


def test_the_whole_course_has_a_square_for_every_claim() -> None:
    ax = plots.whole_course(ARTICLE)
    squares = {b.get_gid(): b for b in boxes(ax) if b.get_gid()}
    assert sorted(squares) == sorted(CLAIMS["claim"])
    by_claim = CLAIMS.set_index("claim")
    acts = [squares[c].get_y() for c in by_claim.index[by_claim["layer"] == "act"]]
    contents = [squares[c].get_y() for c in by_claim.index[by_claim["layer"] == "content"]]
    assert max(acts) < min(contents)
    column = {claim: int((square.get_x() - 0.96) / 0.9) for claim, square in squares.items()}
    assert len({(str(by_claim["status"][claim]), at) for claim, at in column.items()}) == len(set(column.values())) == 5
    assert words(ax).count("0") == 7 and "North Korea: no reply" in words(ax)
    assert "Every confirmed claim here is an act: it is on record in this text." in words(ax)
    assert "Of the 38 contents, none is confirmed." in alt(ax)


def test_the_sentences_of_the_whole_course_follow_the_data() -> None:
    whole = ARTICLE.annotation
    changes = {"S11b": "confirmed", "S12b": "denied"}
    claims = tuple(replace(c, status=changes.get(c.id, c.status)) for c in whole.claims)
    ax = plots.whole_course(replace(ARTICLE, annotation=replace(whole, claims=claims, replies=())))
    assert "Every confirmed claim" not in alt(ax) and "reply" not in alt(ax)
    assert "19 claims confirmed, 1 of them about the thing itself." in alt(ax)
    assert "Of the 38 contents, 1 is confirmed." in alt(ax) and "Somebody denies something." in alt(ax)
    withheld = plots.whole_course(ARTICLE.blanked(["S20"]))
    assert "Left out: 3 claims whose labels are withheld." in alt(withheld)
    assert "53 claims in one news article" in alt(withheld)


def test_many_claims_of_one_status_stay_in_their_box() -> None:
    whole = ARTICLE.annotation
    claims = tuple(replace(c, layer="content", status="alleged") for c in whole.claims)
    ax = plots.whole_course(replace(ARTICLE, annotation=replace(whole, claims=claims)))
    frame = next(b for b in boxes(ax) if not b.get_gid() and b.get_y() == 2.6 and 2.7 < b.get_x() < 2.9).get_bbox()
    inside = [b.get_bbox() for b in boxes(ax) if b.get_gid()]
    assert len(inside) == 56
    assert all(frame.x0 < b.x0 and b.x1 < frame.x1 and frame.y0 < b.y0 and b.y1 < frame.y1 for b in inside)


def chunks(png: bytes) -> dict[bytes, bytes]:
    found, at = {}, 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        found[kind] = png[at + 8 : at + 8 + size]
        at += 12 + size
    return found


def test_the_picture_of_the_readme_is_that_of_the_data() -> None:
    stored = COURSE.read_bytes()
    assert 1200 <= int.from_bytes(stored[16:20], "big") <= 1330
    note = chunks(stored)
    said = next(note[kind] for kind in (b"iTXt", b"tEXt", b"zTXt") if kind in note)
    assert said.startswith(b"Description\0")
    assert said.endswith(alt(plots.whole_course(ARTICLE)).encode())


def test_shown_gives_a_picture_and_the_same_in_words() -> None:
    shown = show(PICTURES["pass_agreement"]())
    data, metadata = shown._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"} and data["text/plain"] == shown.words
    assert metadata["image/png"]["alt"] == shown.words
    assert abs(metadata["image/png"]["width"] - 640) <= 20
    output = nbformat.v4.new_output("execute_result", data, execution_count=1, metadata=metadata)
    cell = nbformat.v4.new_code_cell("", outputs=[output], execution_count=1)
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert 'alt="Grid: in how many percent' in page


def test_a_figure_of_somebody_else_has_no_words() -> None:
    figure, ax = plt.subplots()
    with pytest.raises(KitError, match=r"kit\.plots"):
        show(ax)
    plt.close(figure)


def test_a_notebook_shows_a_picture_once_and_then_its_words() -> None:
    source = (
        "import kit, matplotlib.pyplot as plt\n"
        "figure, ax = plt.subplots()\n"
        "kit.plots.show(kit.plots.pass_agreement(kit.load_article().passes, ax))"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    drawn, told = notebook.cells[0].outputs
    assert drawn.data["text/plain"].startswith("Grid: in how many percent")
    assert drawn.metadata["image/png"]["alt"] == drawn.data["text/plain"]
    assert set(told.data) == {"text/html"}
    assert all(html.escape(line) in told.data["text/html"] for line in drawn.data["text/plain"].splitlines())


def test_before_and_after_has_a_bar_for_every_number_and_says_where_there_is_none() -> None:
    ax = plots.before_after(GAINED)
    bars = [patch.get_width() for patch in ax.patches]
    assert bars == [value for row in GAINED[["before", "after"]].to_numpy() for value in row]
    assert "all: before 1, after 8, of 8" in alt(ax)
    nothing = plots.before_after(kit.gains.table({}, {"B1": "confirmed"}))
    assert len(nothing.patches) == len(GAINED)
    assert "before no answer" in alt(nothing)
