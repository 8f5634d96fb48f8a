"""Write an annotation for other tools."""

from __future__ import annotations

import argparse
from pathlib import Path

from kit import places

EXPORTS = ("jsonld", "brat", "csv")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("article", nargs="?", default="soldiers", help="a seed's name, or FILE.toml")
    parser.add_argument("--format", choices=EXPORTS, action="append", help="default: all of them")
    parser.add_argument("-o", "--out", type=Path, default=Path("export"), help="where to write (default: export/)")


def run(options: argparse.Namespace) -> int:
    from kit.annotation import read
    from kit.exports import export

    path = Path(options.article)
    annotation = read(path if path.suffix == ".toml" else places.seeds() / f"{path.name}.toml")
    for name in options.format or EXPORTS:
        for written in export(annotation, name, options.out):
            print(written)
    return 0
