"""Addresses as sources: pages of the web, cards of the Hugging Face Hub, docs of GitHub."""

from __future__ import annotations

from capdraft.sources.addresses.fetched import Fetched, FetchedFile
from capdraft.sources.addresses.names import (
    Address,
    GitHubAddress,
    HubAddress,
    WebAddress,
    is_address,
    is_nameless,
    parse_address,
    without_password,
)
from capdraft.sources.addresses.snapshots import keep, kept_file, read_kept

__all__ = [
    "Address",
    "Fetched",
    "FetchedFile",
    "GitHubAddress",
    "HubAddress",
    "WebAddress",
    "fetch",
    "is_address",
    "is_nameless",
    "keep",
    "kept_file",
    "parse_address",
    "read_kept",
    "without_password",
]


def fetch(address: Address) -> Fetched:
    """Return the documents at `address`, as bytes; call it where no event loop runs.

    Raises:
        SourceError: it can't be reached, is refused, or holds no document.
        ExtraMissing: this installation lacks the library for it.
    """
    import asyncio

    match address:
        case HubAddress():
            from capdraft.sources.addresses.hub import fetch_card

            return fetch_card(address)
        case GitHubAddress():
            from capdraft.sources.addresses.github import GitHub, fetch_docs

            return asyncio.run(fetch_docs(address, GitHub.from_environment()))
        case WebAddress():
            from capdraft.sources.addresses.pages import fetch_page

            return asyncio.run(fetch_page(address))
