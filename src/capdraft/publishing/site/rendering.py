"""The pages as HTML. What comes from documents is escaped, and a link only where it is http(s)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from capdraft.comparing import part_in_full
from capdraft.publishing.as_html import is_web
from capdraft.publishing.phrases import (
    LABELS,
    RANK_IS_ABOUT,
    cautions,
    claims,
    credits_line,
    left_out,
    plain,
    shortened,
    source,
    versus,
)
from capdraft.publishing.pictures import bar
from capdraft.publishing.site import addresses
from capdraft.publishing.site.reporting import report_address
from capdraft.ranking import PARTS
from capdraft.text import sha256

if TYPE_CHECKING:
    from jinja2 import Environment

_ROOM = "capdraft.publishing.site"
ASSETS = ("site.css", "search.js")


KIND_WORDS = {
    "published": "Published",
    "changed": "Changed",
    "withdrawn": "Withdrawn",
    "restored": "Restored",
    "removed": "Removed from the catalog",
}
WHAT_WORDS = {
    "added": "Added:",
    "removed": "Removed:",
    "withdrawn": "Withdrawn:",
    "reworded": "Reworded:",
    "evidence": "Other evidence:",
    "facts": "Changed:",
}
REASON_WORDS = {
    "wrong": "Wrong",
    "outdated": "Outdated",
    "superseded": "Superseded",
    "duplicate": "Duplicate",
    "licence": "Licence",
    "owner-request": "At the owner’s request",
}


@cache
def look() -> str:
    """Return a digest of the templates and of what stands beside the pages."""
    parts = [
        item.name + item.read_text("utf-8")
        for where, folder in (
            (_ROOM, "templates"),
            (_ROOM, "static"),
            ("capdraft.publishing", "templates"),
        )
        for item in sorted(files(where).joinpath(folder).iterdir(), key=lambda item: item.name)
        if item.is_file()
    ]
    return sha256("\n".join(parts))


def asset(name: str) -> str:
    """Return the text of a file that goes along with the pages."""
    return files(_ROOM).joinpath("static", name).read_text("utf-8")


def page_html(template: str, page: str, site: Mapping[str, Any], **data: Any) -> str:
    """Return the HTML of `page`; links in it are relative to where it is."""

    def link(to: str, anchor: str = "") -> str:
        return addresses.link(page, to, anchor)

    base = site["base"]
    here = addresses.absolute(base, page) if base else page

    def report(artifact: str, record: str, version: str) -> str:
        return report_address(site["report"], artifact, record, version, here)

    data.setdefault("canonical", page)
    canonical = addresses.absolute(base, data["canonical"]) if base else ""
    found = _environment().get_template(f"{template}.html.jinja")
    shared = {"page": page, "site": site, "link": link, "report": report}
    return found.render(**shared, **data | {"canonical": canonical})


@cache
def _environment() -> Environment:
    from capdraft.publishing.escaping import html_environment

    environment = html_environment(_ROOM)
    environment.globals.update(
        at=addresses,
        bar=bar,
        cautions=cautions,
        claims=claims,
        credits_line=credits_line,
        is_web=is_web,
        kinds=KIND_WORDS,
        labels=LABELS,
        left_out=left_out,
        part_in_full=part_in_full,
        parts_of_rank=PARTS,
        rank_is_about=RANK_IS_ABOUT,
        reasons=REASON_WORDS,
        shortened=shortened,
        source=source,
        versus=versus,
        whats=WHAT_WORDS,
    )
    environment.filters["plain"] = plain
    return environment
