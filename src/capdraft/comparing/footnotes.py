"""Number the passages that a page cites."""

from __future__ import annotations

from collections.abc import Iterable

from capdraft.comparing.comparison import Footnote
from capdraft.records import CatalogEntry, DocumentRef, Evidence

PassageKey = tuple[str, str, int, int, str]


class Footnotes:
    """The numbered passages of one page, each listed once."""

    def __init__(self) -> None:
        self._notes: dict[PassageKey, Footnote] = {}

    def cite(self, entry: CatalogEntry, evidence: Iterable[Evidence]) -> tuple[int, ...]:
        """Return the numbers of `evidence`, in order and each once."""
        numbers = [self._add(entry.document(item), item).number for item in evidence]
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


def count_passages(entries: Iterable[CatalogEntry]) -> int:
    """Count the different passages that `entries` cite, shown on the page or not."""
    return len(
        {
            passage_key(entry.document(item), item)
            for entry in entries
            for record in entry.capabilities
            for _, field in record.fields()
            for item in field.evidence
        }
    )


def passage_key(document: DocumentRef, item: Evidence) -> PassageKey:
    """Return what two citations of the same passage share."""
    return (document.uri, document.sha256, item.start, item.end, item.quote)
