"""The data of the search page: one script file, because a page from a file can't fetch JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses
from capdraft.publishing.site.keeping import Kept
from capdraft.records import CatalogEntry

DATA = "assets/search-data.js"
FEW = 2000
"""Capabilities up to which descriptions are searched too; beyond, names, needs and types only."""


def search_row(entry: CatalogEntry) -> str:
    """Return an artifact as the search reads it.

    [page, name, type, [[id, name, [need, …], description], …]]
    """
    artifact = entry.artifact
    capabilities = [
        [
            record.id,
            plain(record.name) or record.id,
            [plain(intent) for intent in record.intents],
            plain(record.description.text),
        ]
        for record in entry.capabilities
    ]
    page = addresses.link(addresses.SEARCH, addresses.artifact_page(artifact.slug))
    return _compact([page, plain(artifact.name) or artifact.slug, artifact.type, capabilities])


def search_data(kept: Kept) -> Iterator[str]:
    """Yield the pieces of the data file."""
    described = kept.count("capabilities") <= FEW
    before = "window.capdraftRows = [\n"
    for (row,) in kept.all("select row from artifacts where listed order by slug"):
        yield before + (row if described else _without_descriptions(row))
        before = ",\n"
    yield "\n];\n" if before == ",\n" else f"{before}\n];\n"


def _without_descriptions(row: str) -> str:
    *head, capabilities = json.loads(row)
    return _compact([*head, [capability[:3] for capability in capabilities]])


def _compact(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
