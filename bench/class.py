"""A class of 35 on one laptop: how long joining, lesson 1, a vote and a hand-in take, and what the server needs.

    .venv/bin/python bench/class.py SITE

SITE is what `python -m kit site` built. Two of the students are real browsers (Chromium, by Playwright); the others ask
over real HTTP for the same files as the first browser, as packed as it gets them, and hold a page open each. All run on
one machine with the server. Peak memory is read from /proc, so it is there on Linux only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright, expect
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

STUDENTS, REAL, VOTES = 35, 2, 10
LESSON = "lessons/01_said_is_not_so.ipynb"
START = "import sys; from kit.commands import main; sys.exit(main(['class', *sys.argv[1:]]))"
AsyncHTTPClient.configure(None, max_clients=250, max_body_size=100_000_000)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Student:
    """A student whose browser is this script."""

    def __init__(self, base: str, name: str) -> None:
        self.base, self.name, self.cookie, self.web = base, name, "", AsyncHTTPClient()

    async def ask(self, path: str, body: Any = None) -> bytes:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {"Cookie": self.cookie, "Origin": self.base, "Content-Type": "application/json"}
        options = {"method": "GET" if data is None else "POST", "body": data, "headers": headers}
        request = HTTPRequest(f"{self.base}{path}", request_timeout=120, **options)
        answer = await self.web.fetch(request)
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return answer.body

    async def join(self, code: str) -> None:
        await self.ask("/class/join", {"code": code, "name": self.name})
        self.live = asyncio.ensure_future(self.hear("/class/live", lambda chunk: None))

    async def hear(self, path: str, heard: Callable[[bytes], object]) -> None:
        """Hold a page open that is told of changes."""
        headers, longest = {"Cookie": self.cookie}, 3600
        request = HTTPRequest(f"{self.base}{path}", headers=headers, streaming_callback=heard, request_timeout=longest)
        with contextlib.suppress(Exception):  # the server ends before its clients
            await self.web.fetch(request)

    async def load(self, files: list[str]) -> None:
        """Fetch files as a browser does: six at a time."""
        waiting = list(files)

        async def fetch() -> None:
            while waiting:
                await self.ask(waiting.pop(0))

        await asyncio.gather(*(fetch() for _ in range(6)))


class Wall:
    """The page on the wall: when how many votes were seen on it."""

    def __init__(self) -> None:
        self.seen: dict[int, float] = {}
        self.new = asyncio.Event()
        self._come = b""

    def hear(self, chunk: bytes) -> None:
        *whole, self._come = (self._come + chunk).split(b"\n\n")
        for event in whole:
            vote = json.loads(event.removeprefix(b"data: "))["vote"]
            for count in range(1, (vote["votes"] if vote else 0) + 1):
                self.seen.setdefault(vote["id"] * 1000 + count, time.monotonic())
            self.new.set()


async def timed(work: Any) -> float:
    begun = time.monotonic()
    await work
    return time.monotonic() - begun


async def main(site: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [sys.executable, "-c", START, folder, "--site", str(site), "--port", str(port), "--no-browser"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            told = "".join(server.stdout.readline() for _ in range(4))
            try:
                await measure(site, port, re.search(r"code: (\w+)", told)[1], re.search(r"key=(\w+)", told)[1])
                with contextlib.suppress(OSError):
                    status = Path(f"/proc/{server.pid}/status").read_text()
                    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1])
                    print(f"server, peak memory: {peak / 1000:.0f} MB")
            finally:
                server.kill()
                await asyncio.sleep(1)  # until the pages that were open have noticed


async def measure(site: Path, port: int, code: str, key: str) -> None:
    base, own = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    teacher, wall = Student(own, "teacher"), Wall()
    teacher.cookie = f"kit_{port + 1}={key}"
    teacher.live = asyncio.ensure_future(teacher.hear("/live/wall", wall.hear))
    async with async_playwright() as driver:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = await driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        pages = [await (await browser.new_context()).new_page() for _ in range(REAL)]
        files: list[str] = []
        note = lambda answer: answer.status == 200 and files.append(answer.url.removeprefix(base))  # noqa: E731
        pages[0].on("response", note)
        print(f"a real browser alone joins: {await timed(enter(pages[0], base, code, 'Real 0')):.2f} s")
        lesson = await pages[0].context.new_page()
        lesson.on("response", note)
        print(f"a real browser alone opens lesson 1, its kernel ready: {await timed(open_lesson(lesson, base)):.1f} s")
        files = [path for path in files if (site / path.partition("?")[0].lstrip("/")).is_file()]
        others = [Student(base, f"Student {at}") for at in range(STUDENTS - REAL)]
        say(
            "join, all at once",
            await asyncio.gather(
                *(timed(one.join(code)) for one in others), timed(enter(pages[1], base, code, "Real 1"))
            ),
        )
        second = await pages[1].context.new_page()
        loading = [timed(one.load(files)) for one in others]
        say(
            f"fetch the {len(files)} files of lesson 1, all at once",
            (await asyncio.gather(*loading, timed(open_lesson(second, base))))[:-1],
        )
        say(
            "a vote reaches the wall",
            [one for number in range(VOTES) for one in await vote(number, teacher, others, pages, wall)],
        )
        notebook = await lesson.evaluate("JSON.stringify(window.jupyterapp.shell.currentWidget.context.model.toJSON())")
        print(f"what is handed in: {len(notebook) / 1000:.0f} kB")
        say(
            "hand in, within five seconds",
            await asyncio.gather(*(hand(one, notebook) for one in others), *(press(one) for one in (lesson, second))),
        )
        await browser.close()


async def enter(page: Any, base: str, code: str, name: str) -> None:
    await page.goto(base)
    await page.fill("#code", code)
    await page.fill("#name", name)
    await page.keyboard.press("Enter")
    await expect(page.locator("#who")).to_have_text(name)


async def open_lesson(page: Any, base: str) -> None:
    page.set_default_timeout(300_000)
    await page.goto(f"{base}/notebooks/index.html?path={LESSON}")
    await page.wait_for_function(
        """() => { const kernel = window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel;
        return !!kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle' }"""
    )


async def vote(number: int, teacher: Student, others: list[Student], pages: list[Any], wall: Wall) -> list[float]:
    """A round in which all vote within three seconds: the seconds from each vote to its place on the wall.

    The server takes votes one after the other, so the one that was answered as the k-th is on the wall when k are.
    """
    claim = ("S13a", "S15b", "S26a", "S27a", "S10a")[number % 5]
    await teacher.ask("/do", {"do": "open", "which": claim})
    done: list[tuple[float, float]] = []

    async def cast(action: Any) -> None:
        await asyncio.sleep(random.uniform(0, 3))
        begun = time.monotonic()
        await action()
        done.append((time.monotonic(), begun))

    def key(page: Any) -> Any:
        async def press() -> None:
            await page.bring_to_front()
            await page.keyboard.press(str(random.randint(1, 6)))
            await expect(page.locator("#state")).to_contain_text("is in", timeout=30_000)

        return press

    for page in pages:
        await expect(page.locator("#vote legend")).to_contain_text(claim)  # and no more the one before
    body = {"round": number + 1, "label": "alleged"}
    await asyncio.gather(
        *(cast(lambda one=one: one.ask("/class/vote", body)) for one in others), *(cast(key(page)) for page in pages)
    )
    while (number + 1) * 1000 + STUDENTS not in wall.seen:
        wall.new.clear()
        await asyncio.wait_for(wall.new.wait(), 30)
    return [wall.seen[(number + 1) * 1000 + at] - begun for at, (_, begun) in enumerate(sorted(done), 1)]


async def hand(one: Student, notebook: str) -> float:
    await asyncio.sleep(random.uniform(0, 5))
    return await timed(one.ask("/class/hand-in", notebook.encode()))


async def press(page: Any) -> float:
    """From the press of the button to the receipt, in a real browser."""
    await page.bring_to_front()
    await page.locator("[data-jp-item-name='hand-in']").locator("button, jp-button").first.click()
    return await timed(expect(page.locator(".jp-Dialog")).to_contain_text("Your receipt", timeout=60_000))


def say(what: str, seconds: list[float]) -> None:
    last, middle = statistics.quantiles(seconds, n=20)[-1], statistics.median(seconds)
    print(f"{what}: median {middle:.2f} s, p95 {last:.2f} s, slowest {max(seconds):.2f} s ({len(seconds)})", flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).resolve()))
