"""Make lessons and exercises on an article of your own."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="article.toml", help="the article's annotation, all of it accepted")
    out = "a new folder for the course (default: article-course, beside the article)"
    parser.add_argument("-o", "--out", type=Path, metavar="DIR", help=out)
    parser.add_argument("--seed", type=int, default=1, help="draws other sentences for the exercises (default: 1)")


def run(options: argparse.Namespace) -> int:
    from kit.course.make import make

    folder = options.out or options.file.parent / f"{options.file.stem}-course"
    made = make(options.file, folder, seed=options.seed, say=print)
    for name, points in made.exercises.items():
        print(f"{name}: {points:g} points")
    for note in made.notes:
        print(note)
    print(f"{made.folder / 'student'}: for the students. {made.folder / 'teacher'}: for you, with the key.")
    print(f"Read {made.folder / 'teacher' / 'README.md'}, then: python -m kit release {made.folder} -o student.zip")
    return 0
