"""A file in, a first annotation out: what `kit draft` writes and asks for, and one sentence for whatever is wrong."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import shlex
import sys
from pathlib import Path

import pytest

from kit import commands
from kit.article.annotation_file import read
from kit.errors import KitError
from kit.teacher.authoring import drafting

ARTICLE = """Town argues over its pool

The mayor, Petra Holm, said on Monday that the pool will stay open. "We have time," she said. "Nobody needs to hurry."

The finance office declined to comment.
"""
DATE = ("--dateline", "2024-10-19")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "pool.txt"
    path.write_bytes(ARTICLE.encode())
    return path


def draft(*words: object) -> int:
    return commands.main(["draft", *map(str, words)])


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_an_article_becomes_an_annotation_that_loads(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert draft(article, *DATE, "--address", "example.org/pool") == 0
    whole = read(article.with_suffix(".toml"))
    assert article.read_bytes() == ARTICLE.encode()
    assert whole.facts.sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()
    assert (whole.facts.headline, whole.facts.address) == ("Town argues over its pool", "example.org/pool")
    assert [unit.kind for unit in whole.units][:2] == ["headline", "body"]
    assert all(row.proposed in ("sure", "likely", "guess") for row in (*whole.claims, *whole.sources))
    assert all(claim.why for claim in whole.claims)
    said = capsys.readouterr().out
    assert "all of them proposed" in said and "python -m kit annotate" in said
    assert commands.main(["check", str(article.with_suffix(".toml"))]) == 0


def test_work_is_never_written_over(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = article.with_suffix(".toml")
    path.write_text("mine", "utf-8")
    assert draft(article, *DATE) == 1
    assert path.read_text("utf-8") == "mine"
    assert "--force" in capsys.readouterr().err
    assert draft(article, *DATE, "--force") == 0
    assert read(path).claims


def test_another_text_of_the_same_name_is_kept(
    article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/pool.txt").write_text("other", "utf-8")
    assert draft(article, *DATE, "-o", tmp_path / "out") == 1
    assert "another text" in capsys.readouterr().err
    assert (tmp_path / "out/pool.txt").read_text("utf-8") == "other"
    assert not (tmp_path / "out/pool.toml").exists()


def test_it_reads_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, ARTICLE.encode())
    assert draft(*DATE, "-o", tmp_path) == 0
    whole = read(tmp_path / "town-argues-over-its-pool.toml")
    assert (tmp_path / whole.facts.text).read_bytes() == ARTICLE.encode()


def test_what_was_pasted_is_never_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pasted.txt").write_text("mine", "utf-8")
    feed(monkeypatch, ARTICLE.encode())
    assert draft() == 1
    said = capsys.readouterr().err
    assert "--dateline" in said and said.endswith(
        "What was pasted is kept in pasted-1.txt: python -m kit draft pasted-1.txt\n"
    )
    assert (tmp_path / "pasted-1.txt").read_bytes() == ARTICLE.encode()
    assert (tmp_path / "pasted.txt").read_text("utf-8") == "mine"


def test_on_a_terminal_the_date_is_asked_for_before_the_paste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    feed(monkeypatch, ARTICLE.encode())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    answers = iter(["3024-10-19", "2024-10-19"])
    monkeypatch.setattr(
        "builtins.input", lambda question: next(answers) if not sys.stdin.buffer.tell() else pytest.fail()
    )
    assert draft() == 0
    assert str(read(tmp_path / "town-argues-over-its-pool.toml").facts.dateline) == "2024-10-19"


def test_what_to_type_next_can_be_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "my news"
    folder.mkdir()
    (folder / "pool.txt").write_text(ARTICLE, "utf-8")
    assert draft(folder / "pool.txt", *DATE) == 0
    said = capsys.readouterr().out
    (words,) = (shlex.split(line)[-1] for line in said.splitlines() if line.startswith("Next: "))
    assert Path(words) == folder / "pool.toml"


def test_one_guess_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text('Pool\n\nThe mayor shrugged. "Ask the ministry."\n', "utf-8")
    assert draft(tmp_path / "a.txt", *DATE) == 0
    assert "(1 is a guess)" in capsys.readouterr().out


def test_what_is_missing_is_asked_for_on_a_terminal(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["", "yesterday", "2024-10-19", "example.org"])
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or next(answers))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert draft(article) == 0
    facts = read(article.with_suffix(".toml")).facts
    assert (facts.headline, str(facts.dateline), facts.address) == (
        "Town argues over its pool",
        "2024-10-19",
        "example.org",
    )
    assert len(asked) == 4


@pytest.mark.parametrize("taken", ["pool.toml", "pool.txt", "out.toml", "a file"])
def test_what_is_taken_is_refused_before_anything_is_asked(
    taken: str, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail(f"asked: {question}"))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    out = tmp_path / "out"
    if taken.startswith("pool"):
        out.mkdir()
        (out / taken).write_text("mine", "utf-8")
    elif taken == "a file":
        out.write_text("mine", "utf-8")
    else:
        out = tmp_path / taken
    before = sorted(tmp_path.rglob("*"))
    assert draft(article, "-o", out) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and str(out) in said and "--slug" in said
    assert sorted(tmp_path.rglob("*")) == before
    assert draft(article, "--dateline", "19.10.2024") == 1
    assert "is not a date" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "there is no text in it"),
        (b" \n\t\r\n", "there is no text in it"),
        ("\ufeff\n".encode(), "there is no text in it"),
        (b"--- 12 34 ---", "not one word"),
        (b"The pool\x00is open.", "not a text file"),
        (b"PK\x03\x04\x00\x00", "an old or broken Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "an old or broken Word file"),
    ],
)
def test_what_is_no_article_gets_one_sentence(
    data: bytes, part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    assert draft(path, *DATE) == 1
    said = capsys.readouterr().err
    assert part in said and said.count("\n") == 1 and said.startswith("bad.txt: ")
    assert [p.name for p in tmp_path.iterdir()] == ["bad.txt"]


def test_missing_and_wrong_facts_get_one_sentence(
    article: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"")
    assert draft(article) == 1
    assert capsys.readouterr().err == "The date of the article is missing. Add it: --dateline 2024-10-19\n"
    for wrong, part in (("19.10.2024", "is not a date"), ("0024-10-19", "in the year 24"), ("2924-10-19", "year 2924")):
        assert draft(article, "--dateline", wrong) == 1
        assert part in capsys.readouterr().err
    for address in ("https://example.org/pool", "www.example.org/pool?a=b"):
        assert draft(address, *DATE) == 1
        said = capsys.readouterr().err
        assert said.startswith(f"{address} is an address") and said.count("\n") == 1
    assert draft(article.with_name("none.txt"), *DATE) == 1
    said = capsys.readouterr().err
    assert said.startswith("There is no file ") and "Look at its name" in said and said.count("\n") == 1
    assert draft(article.parent, *DATE) == 1
    assert "is a folder. Name the text file in it." in capsys.readouterr().err


ODD = {
    "curly": "Pool stays\n\n“We have time,” said the mayor. “Nobody needs to hurry.” He said it’s ‘fine.’",
    "unbalanced": 'The mayor said "we have time. Nobody knows. "\n\nThe "pool is open.\n\nHe said it.',
    "mixed line ends": "Pool\r\n\r\nThe mayor said yes.\rHe left.\n\nShe said no.\u2028The end came.",
    "right to left": "قال الوزير إن الجسر آمن. ولم يقل المتحدث شيئا.\n\nהשר אמר שהגשר בטוח.",
    "triple quotes": "He wrote: '''odd''' and \"so\".\n\nA back\\slash said \"it's 'fine'\"\u007f.",
    "one line": "The mayor said the pool will stay open",
    "the same words": "No. No. No.\n\nHe said no, no, no and no.",
    "byte order mark": "\ufeffPool stays\n\nThe mayor said so.",
    "ends in a mark": "The mayor said, 'no'",
    "control": "The mayor\x08 said the pool\x1b[31m is open.",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_text_is_annotated_all_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(ODD[name].encode())
    assert draft(path, *DATE) == 0
    whole = read(path.with_suffix(".toml"))
    assert whole.text == ODD[name]
    assert whole.claims


def test_another_language_is_said_and_units_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "deutsch.txt"
    path.write_text("Der Minister sagte am Montag, dass die Brücke sicher ist und bald öffnet.\n" * 5, "utf-8")
    assert draft(path, *DATE) == 0
    assert "does not look English" in capsys.readouterr().err
    assert len(read(path.with_suffix(".toml")).units) == 5


def test_a_book_is_annotated_too(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("Title\n\n" + "\n\n".join([ARTICLE.partition("\n\n")[2]] * 100), "utf-8")
    assert draft(path, *DATE) == 0
    assert len(read(path.with_suffix(".toml")).units) == 401


def test_jsonl_of_one_text(article: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert draft(article, "--format", "jsonl") == 0
    (row,) = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert (row["id"], row["text"]) == ("pool", ARTICLE)
    first = {part: [ARTICLE[a:b] for a, b in row["attributions"][0][part]] for part in ("source", "cue", "content")}
    assert first == {
        "source": ["The mayor, Petra Holm"],
        "cue": ["said"],
        "content": ["that the pool will stay open"],
    }


def test_offsets_count_code_points(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text = "😀 é 𝒳 The mayor said it is so."
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 7, "text": text}), "utf-8")
    assert draft(tmp_path / "a.jsonl", "--format", "jsonl") == 0
    row = json.loads(capfdbinary.readouterr().out)
    (one,) = row["attributions"]
    assert row["id"] == 7
    assert [text[a:b] for a, b in one["content"]] == ["it is so"]


def test_a_broken_line_is_named_and_the_rest_goes_on(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    good = '{"id": "a", "text": "The mayor said it is so."}'
    bad = ["not json", "[1]", '{"id": "b"}', '{"text": "x"}', '{"id": "c", "text": "\\ud800 said."}', "[" * 100_000]
    data = b"\n".join(
        [good.encode(), *(row.encode() for row in bad), b'{"id": "\xff", "text": ""}', b"", good.encode()]
    )
    (tmp_path / "a.jsonl").write_bytes(data)
    assert draft(tmp_path / "a.jsonl", "--format", "jsonl") == 1
    out, err = capfdbinary.readouterr()
    assert [json.loads(row)["id"] for row in out.splitlines()] == ["a", "a"]
    said = err.decode().splitlines()
    assert [row.split(":")[0] for row in said] == [f"a.jsonl, line {n}" for n in range(2, 9)]
    assert "lone surrogate" in said[4]


def test_an_empty_text_in_jsonl_has_no_attributions(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    feed(monkeypatch, b'{"id": "a", "text": ""}\n')
    assert draft("-", "--format", "jsonl") == 0
    assert json.loads(capfdbinary.readouterr().out) == {"id": "a", "text": "", "attributions": []}


def test_an_end_of_input_writes_nothing(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", ended)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert draft(article) == 1
    assert not article.with_suffix(".toml").exists()


@pytest.mark.parametrize("words", ["the man who said ", "He said that ", 'a "b ', "man of ", "and ( "])
def test_what_never_ends_is_cut_into_units(words: str, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(words * (4000 // len(words)), "utf-8")
    assert draft(path, *DATE) == 0
    assert max(len(unit.text) for unit in read(path.with_suffix(".toml")).units) <= 1500


@pytest.mark.parametrize(("text", "headline"), [("...", ""), ("", "A headline")])
def test_a_text_without_words_to_claim_is_refused(text: str, headline: str) -> None:
    with pytest.raises(KitError, match="no sentence"):
        drafting.annotated(text, slug="a", headline=headline, dateline=datetime.date(2024, 1, 1))


def test_names_of_files_are_safe() -> None:
    assert drafting.slug_of("../../Über “Pool”: a/b\\c d e f") == "uber-pool-a-b-c"
    assert drafting.slug_of("؟") == "article"
