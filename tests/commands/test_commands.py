"""The command line: what it prints, what it returns, and that it is light and never shows a traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import kit
from kit import commands
from kit.article import seeds
from kit.setup import places

SOLDIERS = seeds.seeds() / "soldiers.toml"


def broken(folder: Path) -> Path:
    """A copy of the annotation with three faults."""
    (folder / "soldiers.txt").write_bytes((seeds.seeds() / "soldiers.txt").read_bytes())
    text = SOLDIERS.read_text("utf-8")
    for old, new in (
        ('quote = "they continued"', 'quote = "they went on"'),
        ('layer = "act"', 'layer = "akt"'),
        ('quote = "a similar view"', 'quote = "a similiar view"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "broken.toml"
    path.write_text(text, "utf-8")
    return path


def test_check_says_that_all_is_anchored(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["check", str(SOLDIERS)]) == 0
    assert capsys.readouterr() == ("soldiers.toml: 56 claims, all anchored\n", "")


@pytest.mark.parametrize("argv", [["check", "{}.toml"], ["release", "{}"], ["check", "x", "--{}"], ["{}"]])
def test_a_terminal_obeys_no_name_and_no_error(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    strange = "x\x1b]0;mine\x07\r\x9b31m\u202e"
    try:
        assert commands.main([word.format(strange) for word in argv])
    except SystemExit as ended:
        assert ended.code == 2
    out, err = capsys.readouterr()
    assert "mine" in err and "".join(c for c in out + err if not c.isprintable()).strip("\n") == ""


def test_a_fault_of_the_kit_is_told_without_what_a_terminal_obeys(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("\x1b[31mred")

    monkeypatch.setattr("kit.commands.cmd_articles.cmd_check", fails)
    assert commands.main(["check", "x.toml"]) == 1
    _, err = capsys.readouterr()
    assert "Traceback" in err and "ValueError:  [31mred" in err and "\x1b" not in err


def test_check_says_what_nobody_has_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "soldiers.txt").write_bytes((seeds.seeds() / "soldiers.txt").read_bytes())
    draft = SOLDIERS.read_text("utf-8").replace("[[claim]]\n", '[[claim]]\nproposed = "sure"\n', 2)
    (tmp_path / "draft.toml").write_text(draft, "utf-8")
    assert commands.main(["check", str(tmp_path / "soldiers.txt"), str(tmp_path / "draft.toml")]) == 1
    said = "soldiers.txt is a text. Check its annotation: soldiers.toml\n"
    assert capsys.readouterr() == ("draft.toml: 56 claims, all anchored, 2 still proposed\n", said)


def test_check_names_every_fault_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = broken(tmp_path)
    before = path.read_bytes()
    assert commands.main(["check", str(path), str(SOLDIERS)]) == 1
    out, err = capsys.readouterr()
    assert out == "soldiers.toml: 56 claims, all anchored\n"
    for fault in ("they went on", "“akt” is not a value of “layer”; did you mean “act”?", "a similiar view"):
        assert fault in err
    assert "broken.toml: 3 faults. Nothing was changed." in err
    assert path.read_bytes() == before


def test_export_writes_all_formats_or_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["export", "-o", str(tmp_path / "all")]) == 0
    written = capsys.readouterr().out.splitlines()
    assert sorted(map(Path, written)) == sorted((tmp_path / "all").iterdir())
    assert {path.suffix for path in (tmp_path / "all").iterdir()} == {".jsonld", ".ann", ".txt", ".csv"}
    assert commands.main(["export", str(SOLDIERS), "--format", "csv", "-o", str(tmp_path / "one")]) == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["soldiers.csv"]
    assert (tmp_path / "one/soldiers.csv").read_bytes() == (tmp_path / "all/soldiers.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "{}/none.toml"], "none.toml: cannot be read"),
        (["export", "nothing"], "nothing.toml: cannot be read"),
        (["export", "{}/none.toml"], "none.toml: cannot be read"),
        (["export", "-o", "{}/a file"], "a file cannot be read or written"),
        (["unpack", "{}/none.zip"], "none.zip cannot be read or written (No such file or directory). Look at its name"),
        (["unpack", "{}"], "is a folder. A course that is unpacked needs no more: read ABOUT.md in it."),
        (["print", "{}"], "holds no course"),
        (
            ["draft", "{}/photo.jpg", "--dateline", "2026-11-30"],
            "not a text file; open it, copy the article, and paste",
        ),
        (["grade", "{}/none"], "There is no folder"),
        (["grade", "{}"], "holds no notebooks"),
    ],
)
def test_what_is_not_there_is_said_without_a_traceback(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where `kit grade` keeps its book
    (tmp_path / "a file").touch()
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\x00\x01")
    assert commands.main([part.format(tmp_path) for part in arguments]) == 1
    out, err = capsys.readouterr()
    assert said in err
    assert "Traceback" not in out + err
    assert len(err.splitlines()) <= 2


def test_a_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert commands.main(["grade", str(tmp_path)]) == 1
    assert "The package tqdm is not installed: pip install 'who-says-so[grading]'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["test", "build", "wheelhouse"])
def test_commands_for_a_clone_say_so_elsewhere(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(places, "root", lambda: None)
    assert commands.main([command]) == 1
    assert f"`python -m kit {command}` needs a clone of the kit" in capsys.readouterr().err


def test_ctrl_c_is_no_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kit.article.seeds.seeds", stop)
    assert commands.main(["export"]) == 130
    assert capsys.readouterr().err == "\nStopped.\n"


def test_help_tells_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        commands.main(["--help"])
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    assert all(re.search(rf"^ +{command} +\w+", told, re.MULTILINE) for command in commands.COMMANDS)


@pytest.mark.parametrize("command", commands.COMMANDS)
def test_each_command_has_a_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        commands.main([command, "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: kit {command} ")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        commands.main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"who-says-so {kit.__version__}\n"


@pytest.mark.parametrize("arguments", [["nonsense"], ["check"], ["export", "--format", "docx"], ["--port", "x"]])
def test_what_is_not_understood_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        commands.main(arguments)
    assert stopped.value.code == 2
    assert "usage: kit" in capsys.readouterr().err


def test_a_misspelt_command_is_answered_with_the_one_that_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["ceck", "soldiers.toml"])
    assert "there is no command “ceck”; did you mean “check”?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "code",
    [
        "import kit; dir(kit)",
        "from kit import commands; commands._parser().format_help()",
        f"from kit import commands; commands.main(['check', {str(SOLDIERS)!r}])",
        "import kit.teacher.authoring.opening",
    ],
)
def test_light_commands_load_nothing_heavy(code: str) -> None:
    seen = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; {seen}"], cwd=SOLDIERS.parents[1], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.splitlines()[-1].split()
    assert "kit" in loaded
    assert not {"pandas", "numpy", "matplotlib", "IPython", "ipywidgets", "nbformat", "tqdm"} & set(loaded)


def test_a_worker_loads_neither_pandas_nor_what_reads_notebooks() -> None:
    worker = "from kit.teacher.grading import start_worker; start_worker(); import kit.teacher.grading.classroom"
    seen = "import sys; print(*sorted(name for name, module in sys.modules.items() if module))"
    done = subprocess.run(
        [sys.executable, "-c", f"{worker}; {seen}"], cwd=SOLDIERS.parents[1], capture_output=True, text=True, check=True
    )
    assert "kit.teacher.grading.classroom" in (loaded := done.stdout.split())
    assert not {"pandas", "numpy", "matplotlib", "IPython", "pytest", "nbformat"} & set(loaded)


def test_a_judge_loads_neither_pandas_nor_the_grammars_of_addresses() -> None:
    judge = "from kit.teacher.grading import start_judge; start_judge(); import kit.teacher.grading.judge"
    seen = "import sys; print(*sorted(name for name, module in sys.modules.items() if module))"
    done = subprocess.run(
        [sys.executable, "-c", f"{judge}; {seen}"], cwd=SOLDIERS.parents[1], capture_output=True, text=True, check=True
    )
    assert {"nbval.plugin", "jsonschema"} <= set(loaded := done.stdout.split())
    assert not {"pandas", "numpy", "matplotlib", "coverage", "rfc3987_syntax", "lark", "webcolors"} & set(loaded)


def test_a_reader_who_has_enough_is_no_fault() -> None:
    command = [sys.executable, "-m", "kit", "check", *[str(SOLDIERS)] * 3]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=SOLDIERS.parents[1], text=True, **pipes) as kit_:
        kit_.stdout.close()
        assert (kit_.wait(), kit_.stderr.read()) == (0, "")


def test_help_from_the_terminal_is_whole() -> None:
    command = [sys.executable, "-m", "kit", "--help"]
    done = subprocess.run(command, cwd=SOLDIERS.parents[1], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: kit ")
