"""Number the passages that a page cites."""

from __future__ import annotations

from collections.abc import Iterable

from capdraft.comparing.comparison import Footnote
from capdraft.errors import FileInvalid
from capdraft.records import CatalogEntry, DocumentRef, Evidence, Record, RecordField

PassageKey = tuple[str, str, int, int, str]


class Footnotes:
    """The numbered passages of one page, each listed once."""

    def __init__(self) -> None:
        self._notes: dict[PassageKey, Footnote] = {}

    def cite(self, entry: CatalogEntry, evidence: Iterable[Evidence]) -> tuple[int, ...]:
        """Return the numbers of `evidence`, in order and each once.

        Raises:
            FileInvalid: `evidence` names a document that the entry doesn't list.
        """
        numbers = [self._add(document_of(entry, item), item).number for item in evidence]
        return tuple(dict.fromkeys(numbers))

    def listed(self) -> tuple[Footnote, ...]:
        """Return the footnotes by number."""
        return tuple(self._notes.values())

    def _add(self, document: DocumentRef, item: Evidence) -> Footnote:
        key = passage_key(document, item)
        note = self._notes.get(key)
        if note is None:
            note = Footnote(
                number=len(self._notes) + 1,
                quote=item.quote,
                kind=item.kind,
                heading=item.heading,
                header=item.header,
                document=document.uri,
                sha256=document.sha256,
                start=item.start,
                end=item.end,
                side=item.side,
            )
        elif item.side == "artifact":
            note = note.model_copy(update={"side": "artifact"})
        self._notes[key] = note
        return note


def fields_of(record: Record) -> tuple[RecordField, ...]:
    """Return the approved fields of `record`, in their fixed order."""
    fields = (record.description, record.unique, record.vs_alternatives)
    return tuple(field for field in fields if field is not None)


def count_passages(entries: Iterable[CatalogEntry]) -> int:
    """Count the different passages that `entries` cite, shown on the page or not.

    Raises:
        FileInvalid: evidence names a document that its entry doesn't list.
    """
    return len(
        {
            passage_key(document_of(entry, item), item)
            for entry in entries
            for record in entry.capabilities
            for field in fields_of(record)
            for item in field.evidence
        }
    )


def passage_key(document: DocumentRef, item: Evidence) -> PassageKey:
    """Return what two citations of the same passage share."""
    return (document.uri, document.sha256, item.start, item.end, item.quote)


def document_of(entry: CatalogEntry, item: Evidence) -> DocumentRef:
    """Return the document that `item` quotes.

    Raises:
        FileInvalid: the entry doesn't list it.
    """
    for document in entry.documents:
        if document.id == item.document:
            return document
    slug = entry.artifact.slug
    raise FileInvalid(
        f"{slug}: its evidence quotes document {item.document!r}, which is not listed",
        where=f"catalog/{slug}.json",
        hint=f"Derive the file again: capdraft merge {slug}",
    )
