"""The review desk over HTTP: a real `capdraft serve` on this machine, asked as a browser asks."""

from __future__ import annotations

import html
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROUNDS = 15
WORDS = (
    *("hour", "what", "left", "over", "records", "small", "week"),
    *("an", "is", "it", "as", "the", "of", "ask", "for"),
)
"""Each field of the generated workspaces says all of them: as many searches that match all."""
PAUSE = 0.5
"""Seconds between two pages that are asked for while the index is read."""
LIMIT = 100.0
"""Milliseconds that a page may take."""
PAGES = (
    "http: queue",
    "http: queue, page 500",
    "http: queue, a finding",
    "http: queue, some artifacts",
    "http: common word, first",
    "http: common word, again",
    "http: rare word",
    "http: next item",
    "http: decision, next item",
    "http: artifacts",
    "http: history",
    "http: stats",
)
_FORM = re.compile(r'<form[^>]* action="([^"]*/accept[^"]*)">(.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Served:
    """A server that runs, and a client with a session of its own."""

    process: subprocess.Popen[str]
    started: float
    client: httpx2.Client

    def get(self, url: str) -> str:
        """Return a page."""
        answer = self.client.get(url)
        answer.raise_for_status()
        return answer.text

    def memory(self) -> dict[str, float]:
        """Return the server's own memory and what of the index it has mapped, in MB."""
        said = Path(f"/proc/{self.process.pid}/status").read_text()
        found = {key: int(kb) / 1024 for key, kb in re.findall(r"^(\w+):\s+(\d+) kB$", said, re.M)}
        return {"server, MB": found["RssAnon"], "mapped, MB": found["RssFile"]}


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve a workspace as ann until it is left."""
    command = [sys.executable, "-m", "capdraft", "serve", "--port", "0", "--as", "ann"]
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--workspace", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            with httpx2.Client(base_url=url, follow_redirects=True, timeout=60) as client:
                yield Served(process, started, client)
        finally:
            process.terminate()


def measure_server(folder: Path) -> dict[str, float]:
    """Return what pages take in milliseconds: from nothing, while the index is read, and after."""
    for path in (folder / ".capdraft").glob("review.sqlite3*"):
        path.unlink()
    found: dict[str, float] = {}
    with serving(folder) as server:
        found |= _cold(server)
    time.sleep(2.1)  # what was written in the last two seconds is read again
    with serving(folder) as server:
        page = server.get("/")
        found["warm: first page"] = _since(server.started)
        assert 'name="row"' in page
        while "just begun" in server.get("/progress") or "read " in server.get("/progress"):
            time.sleep(0.05)
        found |= {name: _median(step) for name, step in _steps(server).items()}
        found |= server.memory()
    return found


def _cold(server: Served) -> dict[str, float]:
    """Ask for pages from the start until all is read."""
    found, took = dict[str, float](), list[float]()
    while True:
        began = time.perf_counter()
        page = server.get("/")
        took.append(_since(began))
        found.setdefault("cold: first page", _since(server.started))
        if 'name="row"' in page:
            found.setdefault("cold: first rows", _since(server.started))
        if 'class="box good"' in server.get("/progress"):
            break
        time.sleep(PAUSE)
    found["cold: complete"] = _since(server.started)
    found["meanwhile: page"] = statistics.median(took)
    found["meanwhile: slowest"] = max(took)
    return found


def _steps(server: Served) -> dict[str, Callable[[], object]]:
    common = iter(WORDS)
    last = re.search(r"of ([\d,]+)</span>", server.get("/"))
    deep = min(500, int(last[1].replace(",", "")) if last else 1)
    walk = iter(_Walk(server))
    steps: tuple[Callable[[], object], ...] = (
        lambda: server.get("/"),
        lambda: server.get(f"/?page={deep}"),
        lambda: server.get("/?rule=CD103&reviewer=anyone"),
        lambda: server.get("/?artifact=artifact-0*"),
        lambda: server.get(f"/?q={next(common)}"),
        lambda: server.get("/?q=records+left"),
        lambda: server.get("/?q=quillfeather"),
        lambda: server.get("/desk"),
        lambda: next(walk),
        lambda: server.get("/artifacts"),
        lambda: server.get("/history"),
        lambda: server.get("/stats"),
    )
    return dict(zip(PAGES, steps, strict=True))


@dataclass
class _Walk:
    """Fields accepted one after the other, each answered with the next one's page."""

    server: Served

    def __iter__(self) -> Iterator[str]:
        page = self.server.get("/desk?field=unique")
        while form := _FORM.search(page):
            fields = {name: html.unescape(value) for name, value in _HIDDEN.findall(form[2])}
            answer = self.server.client.post(html.unescape(form[1]), data=fields)
            answer.raise_for_status()
            page = answer.text
            assert "accepted artifact-" in page
            yield page


def _since(moment: float) -> float:
    return (time.perf_counter() - moment) * 1000


def _median(step: Callable[[], object]) -> float:
    def once() -> float:
        began = time.perf_counter()
        step()
        return _since(began)

    return statistics.median(once() for _ in range(ROUNDS))
