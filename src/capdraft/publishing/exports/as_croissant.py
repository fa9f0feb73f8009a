"""A dataset in MLCommons Croissant 1.1, as far as the catalog knows it."""

from __future__ import annotations

from typing import Any

from capdraft.publishing.exports.as_json_ld import claims, common_facts, script_safe
from capdraft.publishing.exports.links import other_links
from capdraft.records import CatalogEntry

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "conformsTo": "dct:conformsTo",
}
_REQUIRED = ("description", "license", "url")
UNKNOWN = ("creator", "datePublished", "distribution")
"""What Croissant requires and no catalog entry has. Nothing is put in its place."""


def croissant(entry: CatalogEntry) -> str:
    """Return the document of a dataset, as it can stand in a `<script>` of a page too."""
    beside = {"citation": other_links(entry), "subjectOf": claims(entry)}
    data = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        **common_facts(entry),
        **{key: value for key, value in beside.items() if value},
    }
    return script_safe(data, indent=2) + "\n"


def croissant_lacks(entry: CatalogEntry) -> tuple[str, ...]:
    """Return the properties that Croissant requires and the catalog doesn't know."""
    facts = common_facts(entry)
    return (*(name for name in _REQUIRED if name not in facts), *UNKNOWN)
