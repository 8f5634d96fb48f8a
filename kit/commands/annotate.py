"""Open an annotation on screen, to accept or correct it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="ARTICLE.toml")
    # Without defaults of their own, both may also stand before the command.
    quiet = argparse.SUPPRESS
    parser.add_argument("--no-browser", action="store_true", default=quiet, help="do not open a browser")
    parser.add_argument("--port", type=int, default=quiet, help="the port for JupyterLab")


def run(options: argparse.Namespace) -> int:
    from kit import lab, places
    from kit.editing import opening

    opening.check(options.file)
    target = places.work().resolve()
    notebook = opening.lay(options.file, target)
    print(f"Every step is saved at once in {options.file.resolve()}")
    return lab.start(browser=not options.no_browser, port=options.port, target=target, notebook=notebook, say=print)
