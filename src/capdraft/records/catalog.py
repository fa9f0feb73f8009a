"""The approved records of one artifact, with their evidence and who approved each field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from operator import not_
from typing import Literal, Self

from pydantic import Field, model_validator

from capdraft.records.documents import Artifact
from capdraft.records.evidence import FIELDS, Evidence, FieldName
from capdraft.records.model import Model, Moment, Slug
from capdraft.records.proposals import DocumentRef, check_ids
from capdraft.records.withdrawals import Withdrawn, WithdrawnRecord
from capdraft.text import sha256


class Approval(Model):
    """Who approved a field's text, when, and what they knew of it."""

    by: Slug
    at: Moment
    decision: str = Field(description="Id of the decision.")
    edited: bool = Field(default=False, description="The reviewer wrote this text.")
    own: bool = Field(default=False, description="The reviewer ran the draft.")
    editorial: bool = Field(default=False, description="Accepted without evidence.")
    despite: tuple[str, ...] = ()
    note: str | None = None


class RecordField(Model):
    """An approved text with its evidence."""

    text: str = Field(min_length=1)
    alternative: str | None = None
    proposal: str = Field(description="Number of the proposal that the text comes from.")
    evidence: tuple[Evidence, ...] = ()
    approved: tuple[Approval, ...] = Field(min_length=1)
    seal: str | None = Field(
        default=None,
        description="Start of the hash of all that was approved, as merging wrote it: another one "
        "tells that it was changed by hand. Entries merged before there were seals have none.",
    )


class Record(Model):
    """An approved capability."""

    id: Slug
    name: str = Field(min_length=1)
    intents: tuple[str, ...] = ()
    drafted_by: str = Field(description="The model that drafted its description.")
    description: RecordField
    unique: RecordField | None = None
    vs_alternatives: RecordField | None = None

    def fields(self) -> Iterator[tuple[FieldName, RecordField]]:
        """Yield the approved fields, in their fixed order."""
        for name in FIELDS:
            field: RecordField | None = getattr(self, name)
            if field is not None:
                yield name, field


class CatalogEntry(Model):
    """`catalog/<artifact>.json`."""

    schema_: Literal["capdraft/catalog/1"] = Field(default="capdraft/catalog/1", alias="schema")
    artifact: Artifact
    withdrawn: Withdrawn | None = Field(
        default=None, description="The whole artifact was taken out; it has no capabilities then."
    )
    documents: tuple[DocumentRef, ...] = ()
    capabilities: tuple[Record, ...] = ()
    withdrawn_records: tuple[WithdrawnRecord, ...] = Field(
        default=(), exclude_if=not_, description="Capabilities that were taken out by themselves."
    )

    def __repr__(self) -> str:
        return f"<CatalogEntry of {self.artifact.slug}, capabilities: {len(self.capabilities)}>"

    __str__ = __repr__

    @model_validator(mode="after")
    def _ids_agree(self) -> Self:
        check_ids(self.documents, self.capabilities)
        return self

    def document(self, item: Evidence) -> DocumentRef:
        """Return the document that `item` quotes."""
        return next(document for document in self.documents if document.id == item.document)

    def seals(self, record: Record) -> dict[FieldName, str]:
        """Return the seal of each field of a record: over what was judged, by whom and on what.

        The name and the intents are judged with the description. Documents are named by URI and
        hash, so that numbering them anew breaks no seal.
        """
        refs = {ref.id: [ref.uri, ref.sha256] for ref in self.documents}
        data = record.model_dump(mode="json", exclude_defaults=True)
        names = [record.drafted_by, record.name, *record.intents]
        found: dict[FieldName, str] = {}
        for name, _ in record.fields():
            said = {key: value for key, value in data[name].items() if key != "seal"}
            for item in said.get("evidence", ()):
                item["document"] = refs[item["document"]]
            whole = [record.id, name, names if name == "description" else [], said]
            found[name] = sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True))[:12]
        return found

    def broken_seals(self) -> list[str]:
        """Return the fields, as CAPABILITY.FIELD, that are not what merging wrote."""
        return [
            f"{record.id}.{name}"
            for record in self.capabilities
            for name, seal in self.seals(record).items()
            if getattr(record, name).seal not in (None, seal)
        ]

    def sealed(self) -> Self:
        """Return the entry with the seal of each field."""
        return self.model_copy(
            update={"capabilities": tuple(self._sealed(record) for record in self.capabilities)}
        )

    def _sealed(self, record: Record) -> Record:
        seals = self.seals(record)
        fields: dict[str, RecordField] = {
            name: field.model_copy(update={"seal": seals[name]}) for name, field in record.fields()
        }
        return record.model_copy(update=fields)
