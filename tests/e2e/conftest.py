"""The review desk in a real browser: a server of its own and a fresh page for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

pytest.importorskip("playwright", reason="install the dev group of pyproject.toml")

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]
WAIT = 10_000
"""Milliseconds that a page may take to show what a test waits for."""


@pytest.fixture(scope="session")
def executable() -> str:
    """Return a Chromium; CAPDRAFT_TEST_BROWSER names one that has to be there."""
    named = os.environ.get("CAPDRAFT_TEST_BROWSER")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium: `apt install chromium`, or CAPDRAFT_TEST_BROWSER=/path/to/it")
    return found


@pytest.fixture(scope="module")
def browser(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield launched
        launched.close()


@dataclass
class Watched:
    """A page, and what went wrong on it."""

    page: Page
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def raised(self, error: Error) -> None:
        self.errors.append(str(error))

    def said(self, message: ConsoleMessage) -> None:
        # A refusal is an answer; Chromium logs each answer that is no success.
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.errors.append(message.text)

    def asked(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.accept()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser profile of its own.

    No page may log an error, raise one, or open a dialog.
    """
    opened: list[Watched] = []

    def open_(**options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        page = browser.new_context(**options).new_page()
        page.set_default_timeout(WAIT)
        watched = Watched(page)
        page.on("pageerror", watched.raised)
        page.on("console", watched.said)
        page.on("dialog", watched.asked)
        opened.append(watched)
        return page

    yield open_
    for watched in opened:
        watched.page.context.close()
        assert (watched.errors, watched.dialogs) == ([], [])
