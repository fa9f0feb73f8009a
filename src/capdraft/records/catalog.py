"""The approved records of one artifact, with their evidence and who approved each field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from capdraft.records.documents import Artifact
from capdraft.records.evidence import FIELDS, Evidence, FieldName
from capdraft.records.model import Model, Moment, Slug
from capdraft.records.proposals import DocumentRef, check_ids


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
    documents: tuple[DocumentRef, ...] = ()
    capabilities: tuple[Record, ...] = ()

    @model_validator(mode="after")
    def _ids_agree(self) -> Self:
        check_ids(self.documents, self.capabilities)
        return self

    def document(self, item: Evidence) -> DocumentRef:
        """Return the document that `item` quotes."""
        return next(document for document in self.documents if document.id == item.document)
