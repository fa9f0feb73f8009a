"""Where each page is, and how one page links to another: relative, so that any folder will do."""

from __future__ import annotations

from urllib.parse import quote

from capdraft.text import sha256

INDEX, SEARCH, ABOUT, CHANGES, COMPARISONS = (
    "index.html",
    "search.html",
    "about.html",
    "changes.html",
    "compare/index.html",
)
LONGEST = 180
"""Bytes of a file's name before it is cut: most file systems take 255."""


def artifact_page(slug: str) -> str:
    """Return the page of an artifact."""
    return f"artifacts/{_stem(slug)}.html"


def version_page(slug: str, version: str) -> str:
    """Return the page of one version of an artifact's entry: it stays."""
    return f"artifacts/{_stem(slug)}/{version}.html"


def version_file(slug: str, version: str) -> str:
    """Return the file of the entry itself beside the page of its version."""
    return f"artifacts/{_stem(slug)}/{version}.json"


def changes_page(slug: str) -> str:
    """Return the page that lists what changed of an artifact."""
    return f"artifacts/{_stem(slug)}/changes.html"


def older_changes(number: int) -> str:
    """Return a page of what changed on the site before, the first changes on number 1."""
    return f"changes/{number}.html"


def pair_page(slugs: tuple[str, str]) -> str:
    """Return the page that compares two artifacts; a slug never holds two hyphens in a row."""
    return f"compare/{_stem('--'.join(slugs))}.html"


def list_page(folder: str, name: str, number: int = 1) -> str:
    """Return the page `number` of a list; no name holds a full stop."""
    return f"{folder}/{_stem(name)}{f'.{number}' if number > 1 else ''}.html"


def mirror(page: str) -> str:
    """Return the Markdown file beside a page."""
    return page.removesuffix(".html") + ".md"


def link(page: str, to: str, anchor: str = "") -> str:
    """Return the address of the file `to` as it stands in `page`."""
    up = "../" * page.count("/")
    return up + quote(to) + (f"#{quote(anchor)}" if anchor else "")


def absolute(base: str, page: str) -> str:
    """Return the address of a page below the site's own address."""
    return base.rstrip("/") + "/" + quote("" if page == INDEX else page)


def _stem(name: str) -> str:
    raw = name.encode()
    if len(raw) <= LONGEST:
        return name
    return f"{raw[:100].decode(errors='ignore')}-{sha256(name)[:16]}"
