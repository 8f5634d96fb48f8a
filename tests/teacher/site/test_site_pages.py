"""The pages of the site: the first page, the lists that JupyterLite reads, and how far a page is to a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kit.questions import IN_WORDS, WRITTEN_OUT, Line, Question
from kit.setup import progress
from kit.teacher.site import static_site
from kit.teacher.site.runtime import STATIC

ASKED = Question("labels", kind=WRITTEN_OUT, lines=tuple(Line(name, name, ("",)) for name in ("S01", "S02")))
WORDS = Question("words", kind=IN_WORDS)
SOURCES = (
    "",
    "labels = {",
    "labels = {}",
    'labels = {"S01": "", "S02": ""}',
    'labels = {"S01": "act", "S02": "  "}',
    "labels = {'S01': 'ac' 't', 'S03': 'x'}  # 'S02': 'act'",
    'labels = {\n    "S01": "a } b",\n    "S02": \'it\\\'s\',\n}\nprint(labels)',
    'labels = {"S01": "act", "S02": "content"}\nlabels = {"S01": ""}',
    'labels = {"S01": ["a", ""], "S02": []}',
    'labels = {"S01": ("a", ("b")), "S02": (("b"))}',
    'labels = {"S01": {"who": "x", "how": ""}, "S02": {"who": "x"}}',
    "labels = {“S01”: “act”, “S02”: “”}",
    'labels = {"S01": None, "S02": ...}',
    'labels = {"S01": 1 + 2, "S02": f(...)}',
    'labels = dict(S01="act")',
    "labels = ...",
    "labels == 3",
    "other_labels = {'S01': 'act'}",
    'if True:\n    labels = {"S01": "act"}',
    "labels = labels_of(\n    x,\n)",
    'x = 1; labels = {"S01": "act"}',
    'words = ""',
    'words = """\nSomebody said so.\n"""',
    'words = ("one "\n  "two")',
    "words = 'a' if x else ...",
    'words = r"a\\"b"',
    'words = r"a\\"',
    'words = "a',
    'words = "a\nb"',
    'labels = {"S01": "act"',
    'labels = {"S01": "act"}}',
    "# words = 'a'",
)


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    return found or pytest.skip("no node on this machine to run the first page's script with")


def test_a_browser_counts_lines_as_python_does(node: str, tmp_path: Path) -> None:
    shutil.copyfile(STATIC / "answers.js", tmp_path / "answers.mjs")
    asked = [{"name": ASKED.name, "lines": ["S01", "S02"]}, {"name": WORDS.name, "lines": []}]
    script = (
        'import { filled } from "./answers.mjs";'
        f"console.log(JSON.stringify({json.dumps(SOURCES)}.map(s => {json.dumps(asked)}.map(q => filled(s, q)))))"
    )
    (tmp_path / "run.mjs").write_text(script, "utf-8")
    done = subprocess.run([node, "run.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    found = dict(zip(SOURCES, json.loads(done.stdout), strict=True))
    assert found == {text: [list(progress.filled(text, one)) for one in (ASKED, WORDS)] for text in SOURCES}


class Seen(HTMLParser):
    """The links of a page, and the text in its script called “pages”."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.headings: list[str] = []
        self.pages, self._in = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in = given.get("id") or tag
        if tag == "a":
            self.links.append(given["href"] or "")

    def handle_data(self, data: str) -> None:
        if self._in == "pages":
            self.pages += data
        elif self._in == "h1" and data.strip():
            self.headings.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


def test_the_first_page_links_every_page_and_the_lists_name_every_file(tmp_path: Path) -> None:
    pages, site = tmp_path / "pages", tmp_path / "site"
    assert static_site.of_course(None, pages) == {}
    article = b'[article]\nheadline = "Who <so>?"'
    static_site._write(static_site.laid(pages, {"article.toml": article, "article.txt": b""}), site)
    names = [page.path for page in progress.read(pages).pages]
    assert len(names) == len(set(names)) == len(list(pages.rglob("*.ipynb"))) > 15
    seen = Seen()
    seen.feed((site / "index.html").read_text("utf-8"))
    assert [link.partition("path=")[2] for link in seen.links if "path=" in link] == names
    assert all((site / link).is_file() for link in seen.links if "/" not in link and link != "notices.html")
    assert seen.headings == ["Who Says So?: Who <so>?"]
    told = json.loads(seen.pages)
    assert [page["path"] for page in told] == names
    for page in told:
        notebook = json.loads((site / "files" / page["path"]).read_text("utf-8"))
        assert notebook["metadata"]["kit"]["edition"] == page["edition"]
        assert not any(cell.get("execution_count") for cell in notebook["cells"])
    listing = json.loads((site / "api/contents/exercises/all.json").read_text("utf-8"))
    assert [entry["path"] for entry in listing["content"]] == [name for name in sorted(names) if "exercises/" in name]
    assert all((site / "files" / entry["path"]).stat().st_size == entry["size"] for entry in listing["content"])
