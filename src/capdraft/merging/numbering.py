"""The documents of a catalog entry, numbered anew over all proposals that its texts come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from capdraft.records import DocumentRef, Evidence, FieldName, Record


class Documents:
    """The documents that the records of an entry cite, in the order in which they do."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], DocumentRef] = {}

    def moved(
        self, evidence: Sequence[Evidence], documents: Mapping[str, DocumentRef]
    ) -> tuple[Evidence, ...]:
        """Return the evidence with the entry's own document ids; `documents` are by the old."""
        return tuple(
            item.model_copy(update={"document": self._ref(documents[item.document]).id})
            for item in evidence
        )

    def renumbered(
        self, record: Record, documents: Mapping[FieldName, Mapping[str, DocumentRef]]
    ) -> Record:
        """Return the record with the entry's own ids; `documents` are those of each field."""
        return record.model_copy(
            update={
                str(name): field.model_copy(
                    update={"evidence": self.moved(field.evidence, documents[name])}
                )
                for name, field in record.fields()
            }
        )

    def _ref(self, document: DocumentRef) -> DocumentRef:
        fresh = document.model_copy(update={"id": f"d{len(self._known) + 1}", "seen": None})
        return self._known.setdefault((document.uri, document.sha256), fresh)

    def listed(self) -> tuple[DocumentRef, ...]:
        """Return the documents that were cited."""
        return tuple(self._known.values())
