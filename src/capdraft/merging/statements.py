"""What a field of a record says, taken apart so that two of them can be held against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from capdraft.records import CatalogEntry, DocumentRef, Evidence, FieldName, Record, RecordField
from capdraft.text import normalise

Aspect = Literal[
    "text", "alternative", "evidence", "name", "intents", "drafted_by", "approvals", "value"
]


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote, and the document that it is of: ids of documents differ from file to file."""

    uri: str
    sha256: str
    item: Evidence

    @property
    def told(self) -> str:
        """The quote, and where it stands."""
        return f"{self.uri}:{self.item.start}-{self.item.end} {self.item.quote}"


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of a field, and what is judged with it."""

    text: str
    alternative: str | None
    cited: tuple[Cited, ...]
    name: str = ""
    intents: tuple[str, ...] = ()
    drafted_by: str = ""

    def aspects(self) -> dict[Aspect, str]:
        """Return what it says, as lines that can be compared and shown."""
        return {
            "text": self.text,
            "alternative": self.alternative or "",
            "evidence": "\n".join(cited.told for cited in self.cited),
            "name": self.name,
            "intents": "\n".join(self.intents),
            "drafted_by": self.drafted_by,
        }

    def differing(self, other: Statement) -> set[Aspect]:
        """Return what the two say differently; white space doesn't count."""
        mine, others = self.aspects(), other.aspects()
        found = {aspect for aspect in mine if normalise(mine[aspect]) != normalise(others[aspect])}
        return found | ({"evidence"} if self.cited != other.cited else set())


def statement(entry: CatalogEntry, record: Record, name: FieldName) -> Statement | None:
    """Return what a field of a catalog entry says, or None if the record doesn't have it."""
    field: RecordField | None = getattr(record, name)
    if field is None:
        return None
    cited = cite(field.evidence, {ref.id: ref for ref in entry.documents})
    if name != "description":
        return Statement(field.text, field.alternative, cited)
    judged = (record.name, record.intents, record.drafted_by)
    return Statement(field.text, field.alternative, cited, *judged)


def cite(evidence: Sequence[Evidence], documents: Mapping[str, DocumentRef]) -> tuple[Cited, ...]:
    """Return what `evidence` quotes; `documents` are those of its file, by their ids."""
    return tuple(
        Cited(ref.uri, ref.sha256, item.model_copy(update={"document": ""}))
        for item in evidence
        for ref in [documents[item.document]]
    )
