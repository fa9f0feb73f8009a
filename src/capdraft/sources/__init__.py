"""A source becomes a document with passages: files found, decoded, and read piece by piece."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
    from capdraft.sources.catalog_entries import RECORDS_MEDIA_TYPE, read_catalog_entry
    from capdraft.sources.facts import ArtifactFacts, artifact_facts
    from capdraft.sources.folders import Found, find_files, is_workspace_readme
    from capdraft.sources.markup import readable
    from capdraft.sources.quoting import quote
    from capdraft.sources.reading import file_bytes, read_bytes, read_document

__all__ = [
    "RECORDS_MEDIA_TYPE",
    "ArtifactFacts",
    "Found",
    "artifact_facts",
    "file_bytes",
    "find_files",
    "is_workspace_readme",
    "quote",
    "read_bytes",
    "read_catalog_entry",
    "read_document",
    "readable",
]

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "catalog_entries": "RECORDS_MEDIA_TYPE read_catalog_entry",
            "facts": "ArtifactFacts artifact_facts",
            "folders": "Found find_files is_workspace_readme",
            "markup": "readable",
            "quoting": "quote",
            "reading": "file_bytes read_bytes read_document",
        },
    )
