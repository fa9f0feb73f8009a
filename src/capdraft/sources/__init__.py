"""A source becomes a document with passages: files found, decoded, and read piece by piece."""

from capdraft.sources.catalog_entries import RECORDS_MEDIA_TYPE, read_catalog_entry
from capdraft.sources.facts import ArtifactFacts, artifact_facts
from capdraft.sources.markup import readable
from capdraft.sources.quoting import quote
from capdraft.sources.reading import file_bytes, find_files, read_bytes, read_document

__all__ = [
    "RECORDS_MEDIA_TYPE",
    "ArtifactFacts",
    "artifact_facts",
    "file_bytes",
    "find_files",
    "quote",
    "read_bytes",
    "read_catalog_entry",
    "read_document",
    "readable",
]
