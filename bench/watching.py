"""What `import kit` costs over bare Python, and what its hook costs a cell. Run: `python bench/watching.py`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from types import SimpleNamespace

from IPython.core.interactiveshell import InteractiveShell

from kit.page.hook import load_ipython_extension

TIMES = 9
CELLS = 300


def started(code: str) -> float:
    """Milliseconds that a new Python takes for `code`; the median."""

    def once() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return 1000 * (time.perf_counter() - begun)

    return statistics.median(once() for _ in range(TIMES))


def hooked(shell: InteractiveShell) -> float:
    """Milliseconds of the hooks before and after a cell of forty lines; the mean."""
    info = SimpleNamespace(cell_id="answer", raw_cell="x = 1\n" * 40)
    result = SimpleNamespace(error_before_exec=None, error_in_exec=None, info=info)
    begun = time.perf_counter()
    for _ in range(CELLS):
        shell.events.trigger("pre_run_cell", info)
        shell.events.trigger("post_run_cell", result)
    return 1000 * (time.perf_counter() - begun) / CELLS


def main() -> None:
    """Print both, each beside what it is compared with."""
    print(f"python -c pass: {started('pass'):.0f} ms; python -c 'import kit': {started('import kit'):.0f} ms")
    shell = InteractiveShell.instance()
    without = hooked(shell)
    load_ipython_extension(shell)
    print(f"hooks of a cell: {without:.4f} ms without the kit, {hooked(shell):.4f} ms with it")


if __name__ == "__main__":
    main()
