"""What programs read beside the pages: sitemap, Atom feed, robots.txt, llms.txt and JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any
from xml.etree import ElementTree as Xml
from xml.sax.saxutils import escape as escape_xml

from capdraft.publishing.as_markdown import escape
from capdraft.publishing.exports.as_json_ld import CONTEXT, json_ld, script_safe
from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses
from capdraft.publishing.site.changing import summary
from capdraft.publishing.site.keeping import Kept
from capdraft.publishing.site.news import Told
from capdraft.records import CatalogEntry

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ATOM = "http://www.w3.org/2005/Atom"
MOST_ADDRESSES = 50_000
"""What the sitemap protocol allows in one file."""
NEWEST = 50
"""Changes in the feed."""
MOST_LISTED = 500
"""Artifacts that llms.txt names one by one."""
# XML 1.0 (section 2.2) has no way to write these: one of them in a name would break the whole feed.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def structured_data(entry: CatalogEntry, address: str) -> str:
    """Return the artifact in schema.org terms, safe within a script element; never a rating.

    The claims with their passages are in `capdraft export json-ld`: here they would double a page.
    """
    node: dict[str, Any] = json_ld(entry)
    for key in ("@id", "subjectOf"):
        node.pop(key, None)
    named = {"@id": address} if address else {}
    return script_safe({"@context": CONTEXT["@vocab"], **named, **node})


def indexed(kept: Kept) -> Iterator[tuple[str, str]]:
    """Yield the pages for search engines, each with the day of its newest record."""
    yield from ((page, "") for page in (addresses.INDEX, addresses.ABOUT, addresses.CHANGES))
    for card in kept.cards():
        yield addresses.artifact_page(card.slug), card.newest[:10]
    query = (
        "select one, two, max(a.newest, b.newest) from pairs join artifacts a on a.slug = one "
        "join artifacts b on b.slug = two order by one, two"
    )
    for one, two, newest in kept.all(query):
        yield addresses.pair_page((one, two)), newest[:10]


def sitemap(base: str, pages: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the sitemap's files; `pages` are files with the day of their last change, or ""."""
    parts = iter(lambda: _urls(base, islice(pages, MOST_ADDRESSES)), "")
    first, second = next(parts, _urls_around("")), next(parts, "")
    if not second:
        yield "sitemap.xml", first
        return
    root = Xml.Element("sitemapindex", xmlns=_SITEMAPS)
    for number, text in enumerate(chain((first, second), parts), 1):
        name = f"sitemap-{number}.xml"
        yield name, text
        Xml.SubElement(Xml.SubElement(root, "sitemap"), "loc").text = addresses.absolute(base, name)
    yield "sitemap.xml", _text(root)


def _urls(base: str, pages: Iterable[tuple[str, str]]) -> str:
    """Return a file of addresses, or nothing without any; a tree of all would fill the memory."""
    lines = [
        f"  <url>\n    <loc>{escape_xml(addresses.absolute(base, page))}</loc>\n"
        + (f"    <lastmod>{day}</lastmod>\n" if day else "")
        + "  </url>\n"
        for page, day in pages
    ]
    return _urls_around("".join(lines)) if lines else ""


def _urls_around(lines: str) -> str:
    return f'{_HEAD}<urlset xmlns="{_SITEMAPS}">\n{lines}</urlset>\n'


def feed(base: str, title: str, news: Sequence[Told]) -> str:
    """Return an Atom feed of what changed; an entry of it is a version, and keeps its id."""
    root = Xml.Element("feed", xmlns=_ATOM)
    home = addresses.absolute(base, addresses.INDEX)
    updated = news[0].step.at if news else "1970-01-01T00:00:00+00:00"
    title = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", title)
    for name, text in (("title", title), ("id", home), ("updated", updated)):
        Xml.SubElement(root, name).text = text
    Xml.SubElement(Xml.SubElement(root, "author"), "name").text = title
    Xml.SubElement(root, "link", href=home)
    Xml.SubElement(root, "link", rel="self", href=addresses.absolute(base, "feed.xml"))
    for item in news:
        entry = Xml.SubElement(root, "entry")
        address = addresses.absolute(base, item.page)
        facts = (
            ("title", f"{item.name}: {item.change.kind}"),
            ("id", address if item.step.version and item.nth == 1 else f"{address}#{item.anchor}"),
            ("updated", item.step.at),
            ("summary", summary(item.change)),
        )
        for name, text in facts:
            Xml.SubElement(entry, name).text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
        Xml.SubElement(entry, "link", href=address)
    return _text(root)


def robots(base: str) -> str:
    """Return robots.txt: everything may be read."""
    where = f"Sitemap: {addresses.absolute(base, 'sitemap.xml')}\n" if base else ""
    return f"User-agent: *\nAllow: /\n{where}"


def llms(title: str, kept: Kept) -> str:
    """Return llms.txt: where the Markdown of each page is."""
    lines = [
        f"# {escape(title)}",
        "",
        "> What models, datasets, repositories and tools can do. A language model drafted each "
        "claim, a person approved it, and the passages that support it are quoted.",
        "",
        "Each page NAME.html has a mirror NAME.md; a page of an earlier version, NAME.json.",
        "",
        "## Types",
        "",
    ]
    count = "select type, count(*) from artifacts where listed group by type order by type"
    for kind, number in kept.all(count):
        to = addresses.link(addresses.INDEX, addresses.mirror(addresses.list_page("types", kind)))
        lines.append(f"- [{kind}]({to}): {number}")
    if kept.count("artifacts", "listed") <= MOST_LISTED:
        lines += ["", "## Artifacts", ""]
        for card in kept.cards("type, fold, slug"):
            page = addresses.mirror(addresses.artifact_page(card.slug))
            to = addresses.link(addresses.INDEX, page)
            lines.append(f"- [{escape(card.name)}]({to}): {escape(plain(card.summary))}")
    return "\n".join(lines) + "\n"


def _text(root: Xml.Element) -> str:
    Xml.indent(root)
    return _HEAD + Xml.tostring(root, encoding="unicode") + "\n"
