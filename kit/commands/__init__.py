"""The command line. Light to import: each command fetches what it needs."""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO

from kit.article.anchors import closest
from kit.errors import KitError, visible
from kit.setup.environment import VERSION
from kit.teacher import grading

__all__ = ["flag", "main", "takes", "takes_path"]

_HOMES = {
    "cmd_draft": "draft",
    "cmd_articles": "check annotate agree merge export",
    "cmd_courses": "new-course release share unpack print site class build test wheelhouse",
    "cmd_grades": "grade score report export-grades mine",
}
"""Module to its commands. Of each, the function `cmd_…` does it and returns the exit code."""
COMMANDS = tuple(" ".join(_HOMES.values()).split())
_NEXT = {
    FileNotFoundError: "Look at its name, and at the folder that the terminal is in.",
    IsADirectoryError: "That is a folder: name a file.",
}
Run = Callable[[argparse.Namespace], int]
_TAKEN: dict[str, list[tuple[list[str], bool, dict[str, Any]]]] = {}
"""A command's function, by its name, to its arguments and options: names, whether it is `one_of` several, and how."""


def takes(names: str, told: str = "", *, one_of: bool = False, **how: Any) -> Callable[[Run], Run]:
    """Above a command: it takes an argument, or an option, such as `-o --out=DIR`; `told` is what its help says of it.

    What stands behind = is shown for its value; `how` goes to `add_argument`. Of all that are `one_of` several, no two
    may be given together.
    """
    names, _, shown = names.partition("=")
    how |= {"help": told or None} | ({"metavar": shown} if shown else {})

    def noted(run: Run) -> Run:
        _TAKEN.setdefault(run.__name__, []).insert(0, (names.split(), one_of, how))
        return run

    return noted


flag, takes_path = partial(takes, action="store_true"), partial(takes, type=Path)
"""As `takes`: an option without a value; and a file or a folder."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command of the kit and return its exit code: 0 done, 1 something to mend, 2 not understood.

    Whatever is printed meanwhile, a name of a stranger's file or an error with it, a terminal only shows.
    """
    with redirect_stdout(_Shown(sys.stdout)), redirect_stderr(_Shown(sys.stderr)):
        return _main(argv)


class _Shown:
    """A stream that passes on what a terminal shows, and nothing that it would obey, but ends of lines.

    Its `buffer` is that of the stream: who writes bytes sees to it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(visible(text, kept="\n\t"))

    def flush(self) -> None:
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _main(argv: Sequence[str] | None) -> int:
    parser = _parser()
    options, more = parser.parse_known_args(argv)
    if more and options.command != "test":
        parser.error(f"not understood: {' '.join(more)}")
    options.arguments = more
    if options.run is not _open:
        grading.start_fast()
    try:
        code = options.run(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever reads the output, such as `head`, has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KitError as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] == "kit":
            traceback.print_exc()
            return 1
        print(f"The package {error.name} is not installed: pip install 'who-says-so[grading]'", file=sys.stderr)
    except OSError as error:
        what = f"{error.filename or 'A file'} cannot be read or written ({error.strerror})."
        print(
            what, _NEXT.get(type(error), "Look who may read and write there, or choose another place."), file=sys.stderr
        )
    except KeyboardInterrupt as stopped:
        print("\nStopped.", *stopped.args, file=sys.stderr)
        return 130
    except Exception:  # a fault of the kit, which may tell a stranger's words
        traceback.print_exc()
    return 1


class _Parser(argparse.ArgumentParser):
    """Names the command that was probably meant."""

    def error(self, message: str) -> NoReturn:
        word = message.partition("invalid choice: '")[2].partition("'")[0]
        meant = closest(word, COMMANDS) if word and "COMMAND" in message else ""
        super().error(f"there is no command “{word}”{meant}" if meant else message)


class _Command(argparse.ArgumentParser):
    """Takes arguments and options in any order, also `canvas --roster FILE.csv GRADES`, where the last one may be left
    out."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[argparse.Namespace, list[str]]:
        self.parse_known_args = super().parse_known_args  # what the next line calls in its turn
        return self.parse_known_intermixed_args(args, namespace)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="kit",
        description="Who Says So? Tell confirmed facts, allegations and denials apart. "
        "Without a command, the kit opens its lessons.",
    )
    parser.add_argument("--version", action="version", version=f"who-says-so {VERSION}")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser; print the address")
    parser.add_argument("--port", type=int, metavar="PORT_NUMBER", help="the port for JupyterLab")
    parser.set_defaults(run=_open)
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=_Command)
    for home, names in _HOMES.items():
        module = importlib.import_module(f"kit.commands.{home}")
        for name in names.split():
            run = getattr(module, own := f"cmd_{name.replace('-', '_')}")
            told = inspect.getdoc(run) or ""
            line = told.partition("\n")[0].rstrip(".")
            command = commands.add_parser(name, help=line[:1].lower() + line[1:], description=told)
            command.set_defaults(run=run)
            several: Any = None
            for names, one_of, how in _TAKEN.get(own, ()):
                several = several or (one_of and command.add_mutually_exclusive_group())
                (several if one_of else command).add_argument(*names, **how)
    return parser


def _open(options: argparse.Namespace) -> int:
    from kit.setup import lab

    return lab.start(browser=not options.no_browser, port=options.port, say=print)
