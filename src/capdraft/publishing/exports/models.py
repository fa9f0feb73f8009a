"""What stands in the formats that are capdraft's own, each read back by its model."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field, model_validator

from capdraft.records import Artifact, CatalogEntry, DocumentRef, Evidence, FieldName, Names, Record
from capdraft.records.decisions import Reason
from capdraft.records.model import Model, Slug


class CatalogExport(Model):
    """The catalog as one document: its entries as they are, by slug."""

    schema_: Literal["capdraft/export/1"] = Field(default="capdraft/export/1", alias="schema")
    artifacts: tuple[CatalogEntry, ...] = ()


class RecordLine(Model):
    """One approved capability, with all that its evidence refers to."""

    schema_: Literal["capdraft/export-record/1"] = Field(
        default="capdraft/export-record/1", alias="schema"
    )
    artifact: Artifact
    documents: tuple[DocumentRef, ...] = Field(
        default=(), description="The documents of the artifact's entry."
    )
    record: Record

    @model_validator(mode="after")
    def _cites_listed_documents(self) -> RecordLine:
        CatalogEntry(artifact=self.artifact, documents=self.documents, capabilities=(self.record,))
        return self


class Source(Evidence):
    """A passage, with its document named by its URI."""

    document: str = Field(min_length=1, description="URI of the document.")


class TrainingExample(Model):
    """One decided text: what a model drafted from passages, and what became of it."""

    schema_: Literal["capdraft/training/1"] = Field(default="capdraft/training/1", alias="schema")
    artifact: Slug
    artifact_name: str
    artifact_type: str
    proposal: str = Field(description="Number of the oldest proposal that has the text.")
    capability: Slug
    name: str = Field(description="The capability's name: judged with its description.")
    intents: tuple[str, ...] = ()
    field: FieldName
    alternative: str | None = None
    model: str = Field(description="The model that drafted it.")
    prompt_sha256: str = Field(description="Hash of the prompt's templates and answer schema.")
    sources: tuple[Source, ...] = Field(default=(), description="What the draft cites.")
    draft: str = Field(min_length=1)
    decision: Literal["accept", "edit", "reject"]
    final: str | None = Field(default=None, description="The approved text; none if rejected.")
    final_sources: tuple[Source, ...] | None = Field(
        default=None, description="What the final text cites, where a reviewer changed that."
    )
    final_names: Names | None = Field(
        default=None, description="The names judged with it that a reviewer changed."
    )
    rejected: str | None = Field(
        default=None, description="The text that was rejected, where somebody had edited the draft."
    )
    reasons: tuple[Reason, ...] = Field(default=(), description="Of a rejection.")
    notes: tuple[str, ...] = ()
    editorial: bool = Field(default=False, description="Accepted without evidence.")
    despite: tuple[str, ...] = Field(default=(), description="Findings that were accepted.")
    decided: AwareDatetime = Field(description="When the last of its decisions was taken.")
    reviewers: tuple[Slug, ...] | None = Field(
        default=None, description="Who decided; only where names were asked for."
    )
