"""The documentation in a real browser: on a phone, in the dark, and searched."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from docs_scripts import ROOT, script

PAGES = sorted(path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md"))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        return


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "site"
    assert script("building").build(out) == 0
    return out


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    """Serve the documentation."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(built)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a phone; whatever it asks of other hosts, or reports, fails the test."""
    context = browser.new_context(viewport={"width": 400, "height": 800}, color_scheme="dark")
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda asked: None if known(asked.url, address) else wrong.append(asked.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def known(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:", "file:"))


def test_no_page_has_to_be_pushed_sideways_on_a_phone(opened: Page, address: str) -> None:
    for name in PAGES:
        opened.goto(f"{address}/{name.with_suffix('.html').as_posix()}")
        wide = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name


def test_a_dark_system_gives_dark_pages(opened: Page, address: str) -> None:
    opened.goto(f"{address}/tutorial.html")
    colour = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", colour)[:3])) < 60


def search(page: Page, words: str) -> None:
    page.locator("header label[for=__search]").click()
    page.get_by_role("combobox", name="Search").fill(words)


def test_the_search_finds_a_setting(opened: Page, address: str) -> None:
    opened.goto(f"{address}/index.html")
    search(opened, "second_opinions")
    found = opened.get_by_role("option").filter(has_text="Settings").first
    expect(found).to_contain_text("Share of approved fields")
    found.click()
    expect(opened).to_have_url(re.compile(r"/reference/settings\.html"))


def test_a_site_on_a_disk_is_searched_too_again_and_again(opened: Page, built: Path) -> None:
    opened.goto((built / "reference/settings.html").as_uri())
    search(opened, "CD103")
    expect(opened.get_by_role("option").first).to_contain_text("unsupported-number")
    opened.get_by_role("combobox", name="Search").fill("--max-cost")
    expect(opened.get_by_role("option").first).to_contain_text("Costs and limits")


def test_names_in_a_table_are_not_broken_on_a_phone(opened: Page, address: str) -> None:
    opened.goto(f"{address}/reference/exit-status.html")
    names = opened.locator("td:first-child code").all()
    assert len(names) > 10
    broken = [name for name in names if name.evaluate("name => name.getClientRects().length") > 1]
    assert [name.inner_text() for name in broken] == []
