"""What of a record is searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capdraft.records import CatalogEntry, Record

COLUMNS = ("name", "intents", "description", "uniq", "artifact")
"""The texts of a record that are searched, as columns; `unique` is a word of SQL."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it is indexed: the texts of `COLUMNS`, and what is told to an embedder."""

    slug: str
    capability: str
    type: str
    texts: tuple[str, str, str, str, str]

    @property
    def said(self) -> str:
        """What an embedding of the record is made of."""
        name, intents, description, unique, _ = self.texts
        return "\n".join(part for part in (name, intents, description, unique) if part)


def rows_of(entry: CatalogEntry) -> Iterator[Row]:
    """Yield the records of an entry as they are indexed.

    Comparisons are left out: they are full of the words of other artifacts.
    """
    artifact = entry.artifact
    for record in entry.capabilities:
        yield Row(artifact.slug, record.id, artifact.type, _texts(record, artifact.name))


def _texts(record: Record, artifact: str) -> tuple[str, str, str, str, str]:
    unique = record.unique.text if record.unique else ""
    return record.name, "\n".join(record.intents), record.description.text, unique, artifact
