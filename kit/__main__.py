"""`python -m kit`: make the environment if it is not there, then run the command in it.

Until the environment exists, only the standard library is used. This file is read by any Python 3, also by
those that are too old for the rest, so its syntax is old and its imports come late.
"""

import os
import sys

OLDEST = (3, 11)


def main() -> int:
    """Run the kit's command line in the right Python, and return the exit code."""
    # Import nothing from where the command is given, which may be a folder of submissions, unless the kit is there.
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    safe = getattr(sys.flags, "safe_path", False)  # then it is not there, or somebody has put it there
    if not safe and sys.path[:1] == [os.getcwd()] and not os.path.samefile(os.getcwd(), ours):
        del sys.path[0]
    if sys.version_info < OLDEST:
        sys.stderr.write(too_old(sys.version_info))
        return 1
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Start again when you like: it goes on where it was.\n")
        return 130


def too_old(version: tuple) -> str:
    """Return the sentence for a Python of this version."""
    return (
        "The kit needs Python 3.11 or newer, and this is Python {}.{}: install a newer one "
        "and start again with it, for example as `python3.13 -m kit` (on Windows: `py -3.13 -m kit`).\n"
    ).format(*version[:2])


def _run(arguments: list) -> int:
    from kit import commands

    if "-h" in arguments or "--help" in arguments or "--version" in arguments:
        return commands.main(arguments)

    from kit.setup import environment, places

    root, dev = places.root(), arguments[:1] == ["test"]
    if root is None or environment.settled(root, dev=dev):
        return commands.main(arguments)
    try:
        python = environment.ensure(root, dev=dev, say=_say)
    except environment.SetupError as fault:
        _say(str(fault))
        return 1
    return commands.main(arguments) if environment.inside(root) else _hand_over(str(python), arguments)


def _hand_over(python: str, arguments: list) -> int:
    """Run the same command with another Python."""
    command = [python, "-m", "kit"] + arguments
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(python, command)

    import subprocess

    child = subprocess.Popen(command)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            # The child has got the Ctrl-C too, and stops in its own time.
            continue


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
