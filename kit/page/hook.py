"""The hook that the kit sets in IPython: it notes each cell that runs, and puts a plain sentence under an error.

It is set by `import kit` in a notebook, and by the lab for each kernel, so that a first error is met too. Nothing is
read or worked out before a check or an error asks for it.
"""

from __future__ import annotations

import html
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from traceback import walk_tb
from types import TracebackType
from typing import Any

from kit.files import PAGE
from kit.page.cells import WATCH, Run, Watch


def load_ipython_extension(shell: Any) -> None:
    """Watch the cells of an IPython shell, straighten the quotation marks of its code, and show no frames of ours."""
    if hasattr(shell, WATCH):
        return
    watch = Watch(shell.user_ns)
    setattr(shell, WATCH, watch)

    def before(info: Any) -> None:
        if info.cell_id or not (watch.now and watch.now.cell):  # else a cell that runs a piece of code
            watch.now = Run(info.cell_id or _told_by_browser(shell), info.raw_cell, time.time_ns())

    def after(result: Any) -> None:
        now, error = watch.now, result.error_before_exec or result.error_in_exec
        cell = result.info.cell_id or ""
        if now and result.info.raw_cell == now.source:
            cell = cell or _told_by_browser(shell)
        if now is None or now.cell != cell:
            return
        watch.now = None
        if error is not None:
            now = replace(now, line=_line(error, watch), whole=result.error_before_exec is not None)
        watch.runs.append(now)
        if error is not None and now.cell and (said := _said(error, now, watch)):
            shell.display_pub.publish(said)

    shell.events.register("pre_run_cell", before)
    shell.events.register("post_run_cell", after)
    shell.input_transformers_cleanup.append(_straight)
    shell.set_custom_exc((Exception,), _without_ours)


def _told_by_browser(shell: Any) -> str:
    """The id of the cell that runs, where Python runs in a browser: its kernel leaves it in the request."""
    request = shell.kernel._parent_header if sys.platform == "emscripten" else {}
    return (request.get("metadata") or {}).get("cellId") or ""


def begin(shell: Any, page: str) -> None:
    """What runs first in a kernel of the site: it learns its `page`, as Jupyter Server tells it elsewhere, and watches.

    It may run again. It is not counted, so that the student's first cell is number 1.
    """
    shell.execution_count = shell.execution_count - 1 if PAGE in os.environ else 0
    os.environ[PAGE] = page
    load_ipython_extension(shell)


def _line(error: BaseException, watch: Watch) -> int:
    """The line of the cell in which an error stopped it."""
    frames = walk_tb(error.__traceback__)
    own = next((line for frame, line in frames if frame.f_globals is watch.names), None)
    return own or getattr(error, "lineno", None) or 1


def _said(error: BaseException, run: Run, watch: Watch) -> dict[str, str]:
    """The sentence under an error, to be shown; nothing where there is none, or where the error says it itself."""
    from kit.page.slips import in_plain_words

    said = ""
    if not hasattr(error, "_render_traceback_"):
        with suppress(Exception):  # a courtesy: it must not put an error of its own on top
            said = in_plain_words(error, run, watch)
    page = f"<p style='max-width:50em'><b>In plain words:</b> {html.escape(said)}</p>"
    return {"text/plain": f"In plain words: {said}", "text/html": page} if said else {}


def _straight(lines: list[str]) -> list[str]:
    source = "".join(lines)
    if source.isascii():
        return lines
    from kit.page.quotes import straightened

    return straightened(source).splitlines(keepends=True)


def _without_ours(
    shell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType, tb_offset: int | None = None
) -> None:
    """Show an error as IPython does, down to the page's own line. Of a check without an answer it says so alone."""
    watch: Watch = getattr(shell, WATCH)
    if isinstance(error, NameError) and watch.now is not None and watch.now.cell:
        from kit.page.standing import checked, unmade

        if error.name in checked(watch.now.source):
            said = unmade(error.name, watch)
            error._render_traceback_ = lambda: [said]  # type: ignore[attr-defined]
    ran = trace.tb_next is not None and trace.tb_next.tb_frame.f_globals is shell.user_ns
    _cut(error, shell.user_ns)
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=ran)


def _cut(error: BaseException, page: dict[str, Any]) -> None:
    """End the traceback of an error, and of those behind it, at the last line of the page's own."""
    last = trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals is page:
            last = trace
        trace = trace.tb_next
    if last is not None:
        last.tb_next = None
    for name in ("__cause__", "__context__"):
        behind = getattr(error, name)
        first = behind and behind.__traceback__
        if first is not None and first.tb_frame.f_globals is not page:
            setattr(error, name, None)
        elif behind is not None:
            _cut(behind, page)
