"""What every page of a site has to be: HTML, with links that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import html5lib
from selectolax.lexbor import LexborHTMLParser


def words(html: str) -> str:
    """Return the text of a page's main part, on one line."""
    main = LexborHTMLParser(html).css_first("main")
    assert main is not None
    return " ".join(main.text().split())


def check_links(out: Path) -> int:
    """Check that each address in the pages is relative and leads to a file, and to an id in it."""
    pages = {path: LexborHTMLParser(path.read_text("utf-8")) for path in out.rglob("*.html")}
    ids = {path: [node.id for node in page.css("[id]")] for path, page in pages.items()}
    checked = 0
    for path, page in pages.items():
        assert len(ids[path]) == len(set(ids[path])), path
        for node in page.css("[href], [src], [action]"):
            values = node.attributes
            address = values.get("href") or values.get("src") or values.get("action") or ""
            if re.match(r"https?://", address):
                outside = values.get("rel") or ""
                assert outside == "canonical" or {"nofollow", "noopener"} <= set(outside.split())
                continue
            assert not re.match(r"/|[a-z]+:", address), (path, address)
            place, _, anchor = unquote(address).partition("#")
            target = (path.parent / place).resolve() if place else path
            assert target.is_file(), (path, address)
            assert not anchor or anchor in ids[target], (path, address)
            checked += 1
    return checked


def check_html(out: Path) -> None:
    """Check that each page is HTML as its specification wants it, with nothing to run in it."""
    for path in out.rglob("*.html"):
        text = path.read_text("utf-8")
        html5lib.HTMLParser(strict=True).parse(text)
        page = LexborHTMLParser(text)
        assert len(page.css("h1")) == 1, path
        for node in page.css("*"):
            assert not [n for n in node.attributes if n.startswith("on") or n == "style"], path
        for script in page.css("script"):
            data = script.attributes.get("type") == "application/ld+json"
            assert data or script.attributes["src"], path
        assert "default-src 'none'" in text
