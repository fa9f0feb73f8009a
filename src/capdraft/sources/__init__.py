"""A source becomes a document with passages: files found, decoded, and read piece by piece."""

from capdraft.sources.facts import ArtifactFacts, artifact_facts
from capdraft.sources.markup import readable
from capdraft.sources.reading import find_files, read_document

__all__ = [
    "ArtifactFacts",
    "artifact_facts",
    "find_files",
    "read_document",
    "readable",
]
