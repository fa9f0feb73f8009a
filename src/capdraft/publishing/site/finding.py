"""The data of the search page: one script file, because a page from a file can't fetch JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses
from capdraft.records import CatalogEntry

DATA = "assets/search-data.js"
FEW = 2000
"""Capabilities up to which descriptions are searched too; beyond, names, needs and types only."""


def search_row(entry: CatalogEntry, *, descriptions: bool) -> str:
    """Return an artifact as the search reads it.

    [page, name, type, [[id, name, [need, …], description], …]]
    """
    artifact = entry.artifact
    capabilities = [
        [
            record.id,
            plain(record.name) or record.id,
            [plain(intent) for intent in record.intents],
            *([plain(record.description.text)] if descriptions else []),
        ]
        for record in entry.capabilities
    ]
    page = addresses.link(addresses.SEARCH, addresses.artifact_page(artifact.slug))
    return _compact([page, plain(artifact.name) or artifact.slug, artifact.type, capabilities])


def search_data(rows: list[str]) -> Iterator[str]:
    """Yield the pieces of the data file."""
    yield "window.capdraftRows = [\n"
    for number, row in enumerate(rows):
        yield (",\n" if number else "") + row
    yield "\n];\n"


def _compact(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
