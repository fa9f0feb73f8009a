"""Which addresses may be followed, and which one is the artifact's own page."""

from __future__ import annotations

import re

from capdraft.ranking.repositories import Repository, named_repositories, page_of
from capdraft.records import CatalogEntry
from capdraft.sources.addresses import GitHubAddress, HubAddress

_WEB = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")


def web_address(text: str) -> str | None:
    """Return `text` if it is an http(s) address that can stand in a link as it is, else None."""
    return text if _WEB.fullmatch(text) else None


def own_repositories(entry: CatalogEntry) -> list[Repository]:
    """Return the repositories that the entry's documents were read from, else its links name."""
    uris = [document.uri for document in entry.documents]
    named = named_repositories(uris, entry.artifact.links, entry.artifact.type)
    return list(named.repositories)


def own_page(entry: CatalogEntry) -> str | None:
    """Return the page of the artifact's repository; None where there is none, or several.

    Where it has one on both hosts, that on the Hub counts for all but repositories.
    """
    repositories = own_repositories(entry)
    first = GitHubAddress if entry.artifact.type == "repository" else HubAddress
    there = [item for item in repositories if isinstance(item, first)] or repositories
    return page_of(there[0]) if len(there) == 1 else None


def code_page(entry: CatalogEntry) -> str | None:
    """Return the page of the artifact's repository on GitHub; None for none, or several."""
    there = [item for item in own_repositories(entry) if isinstance(item, GitHubAddress)]
    return page_of(there[0]) if len(there) == 1 else None


def other_links(entry: CatalogEntry) -> list[str]:
    """Return the links of the artifact's front matter that lead elsewhere."""
    own = {own_page(entry), code_page(entry)}
    return [link for link in entry.artifact.links if web_address(link) and link not in own]
