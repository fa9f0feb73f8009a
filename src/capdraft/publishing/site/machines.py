"""What programs read beside the pages: sitemap, Atom feed, robots.txt, llms.txt and JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

from capdraft.publishing.as_markdown import escape
from capdraft.publishing.exports.as_json_ld import CONTEXT, json_ld, script_safe
from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses
from capdraft.publishing.site.cards import Card
from capdraft.records import CatalogEntry

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ATOM = "http://www.w3.org/2005/Atom"
MOST_ADDRESSES = 50_000
"""What the sitemap protocol allows in one file."""
NEWEST = 50
"""Artifacts in the feed."""
MOST_LISTED = 500
"""Artifacts that llms.txt names one by one."""
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


def sitemap(base: str, pages: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the sitemap's files; `pages` are files with the day of their last change, or ""."""
    parts = [
        pages[start : start + MOST_ADDRESSES] for start in range(0, len(pages), MOST_ADDRESSES)
    ]
    if len(parts) < 2:
        return {"sitemap.xml": _urls(base, pages)}
    found = {f"sitemap-{number}.xml": _urls(base, part) for number, part in enumerate(parts, 1)}
    root = Xml.Element("sitemapindex", xmlns=_SITEMAPS)
    for name in found:
        Xml.SubElement(Xml.SubElement(root, "sitemap"), "loc").text = addresses.absolute(base, name)
    return {**found, "sitemap.xml": _text(root)}


def _urls(base: str, pages: Iterable[tuple[str, str]]) -> str:
    root = Xml.Element("urlset", xmlns=_SITEMAPS)
    for page, day in pages:
        url = Xml.SubElement(root, "url")
        Xml.SubElement(url, "loc").text = addresses.absolute(base, page)
        if day:
            Xml.SubElement(url, "lastmod").text = day
    return _text(root)


def feed(base: str, title: str, cards: Iterable[Card]) -> str:
    """Return an Atom feed of the artifacts that were approved last."""
    newest = sorted(cards, key=lambda card: card.slug)
    newest.sort(key=lambda card: card.approved, reverse=True)
    root = Xml.Element("feed", xmlns=_ATOM)
    home = addresses.absolute(base, addresses.INDEX)
    updated = newest[0].approved.isoformat() if newest else "1970-01-01T00:00:00+00:00"
    for name, text in (("title", title), ("id", home), ("updated", updated)):
        Xml.SubElement(root, name).text = text
    Xml.SubElement(Xml.SubElement(root, "author"), "name").text = title
    Xml.SubElement(root, "link", href=home)
    Xml.SubElement(root, "link", rel="self", href=addresses.absolute(base, "feed.xml"))
    for card in newest[:NEWEST]:
        entry = Xml.SubElement(root, "entry")
        address = addresses.absolute(base, addresses.artifact_page(card.slug))
        moment = card.approved.isoformat()
        told = (
            ("title", card.name),
            ("id", address),
            ("updated", moment),
            ("summary", card.summary),
        )
        for name, text in told:
            Xml.SubElement(entry, name).text = text
        Xml.SubElement(entry, "link", href=address)
    return _text(root)


def robots(base: str) -> str:
    """Return robots.txt: everything may be read."""
    where = f"Sitemap: {addresses.absolute(base, 'sitemap.xml')}\n" if base else ""
    return f"User-agent: *\nAllow: /\n{where}"


def llms(title: str, kinds: dict[str, list[Card]]) -> str:
    """Return llms.txt: where the Markdown of each page is."""
    lines = [
        f"# {escape(title)}",
        "",
        "> What models, datasets, repositories and tools can do. A language model drafted each "
        "claim, a person approved it, and the passages that support it are quoted.",
        "",
        "Each page NAME.html has a mirror NAME.md.",
        "",
        "## Types",
        "",
    ]
    for kind, cards in kinds.items():
        to = addresses.link(addresses.INDEX, addresses.mirror(addresses.list_page("types", kind)))
        lines.append(f"- [{kind}]({to}): {len(cards)}")
    listed = [card for cards in kinds.values() for card in cards]
    if len(listed) <= MOST_LISTED:
        lines += ["", "## Artifacts", ""]
        for card in listed:
            page = addresses.mirror(addresses.artifact_page(card.slug))
            to = addresses.link(addresses.INDEX, page)
            lines.append(f"- [{escape(card.name)}]({to}): {escape(plain(card.summary))}")
    return "\n".join(lines) + "\n"


def _text(root: Xml.Element) -> str:
    Xml.indent(root)
    return _HEAD + Xml.tostring(root, encoding="unicode") + "\n"
