"""A passport: all that a program needs to know of an artifact, in one small document."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from capdraft.ranking import Rank
from capdraft.records import (
    Approval,
    Artifact,
    CatalogEntry,
    DocumentRef,
    FieldName,
    Record,
    RecordField,
    Signal,
    Withdrawn,
)
from capdraft.records.model import Model, Moment, Slug
from capdraft.reviewing import Status
from capdraft.searching import Counts


class Statement(Model):
    """An approved text, how many passages support it, and who approved it."""

    text: str
    alternative: str | None = Field(default=None, description="What the artifact is compared with.")
    passages: int = Field(ge=0, description="Passages of its own documents that it cites.")
    alternative_passages: int = Field(default=0, ge=0, description="Passages of the other side.")
    approved: tuple[Approval, ...]

    @classmethod
    def of(cls, field: RecordField) -> Self:
        """Return the statement that a field makes."""
        own = sum(item.side == "artifact" for item in field.evidence)
        return cls(
            text=field.text,
            alternative=field.alternative,
            passages=own,
            alternative_passages=len(field.evidence) - own,
            approved=field.approved,
        )


class PassportCapability(Model):
    """An approved capability without its quotes."""

    id: Slug
    name: str
    intents: tuple[str, ...] = ()
    drafted_by: str
    description: Statement
    unique: Statement | None = None
    vs_alternatives: Statement | None = None

    @classmethod
    def of(cls, record: Record) -> Self:
        """Return a record in short."""
        unique, versus = record.unique, record.vs_alternatives
        return cls(
            id=record.id,
            name=record.name,
            intents=record.intents,
            drafted_by=record.drafted_by,
            description=Statement.of(record.description),
            unique=Statement.of(unique) if unique else None,
            vs_alternatives=Statement.of(versus) if versus else None,
        )


class Coverage(Model):
    """How much stands on evidence and approval."""

    capabilities: int = Field(ge=0)
    fields: int = Field(ge=0, description="Approved fields.")
    with_evidence: int = Field(ge=0, description="Approved fields that cite a passage.")
    editorial: int = Field(ge=0, description="Approved fields that were accepted without evidence.")
    despite: int = Field(ge=0, description="Approved fields that were accepted despite a finding.")
    proposal: str | None = Field(default=None, description="Number of the newest proposal.")
    drafted: dict[Status, int] | None = Field(
        default=None, description="How the fields of the newest proposal stand."
    )

    @classmethod
    def of(
        cls, entry: CatalogEntry, proposal: str | None, drafted: dict[Status, int] | None
    ) -> Self:
        """Return the coverage of an entry; `drafted` counts the fields of its newest proposal."""
        fields: list[tuple[FieldName, RecordField]] = [
            item for record in entry.capabilities for item in record.fields()
        ]
        approvals = [field.approved for _, field in fields]
        return cls(
            capabilities=len(entry.capabilities),
            fields=len(fields),
            with_evidence=sum(bool(field.evidence) for _, field in fields),
            editorial=sum(any(a.editorial for a in given) for given in approvals),
            despite=sum(any(a.despite for a in given) for given in approvals),
            proposal=proposal,
            drafted=drafted,
        )


class PassportPart(Model):
    """A part of a rank as it counts; `value` is None where it is unknown."""

    part: str
    value: float | None = Field(default=None, ge=0, le=1)
    weight: float = Field(ge=0, le=1)
    points: float | None = None
    uncertainty: float | None = None
    formula: str = Field(description="In words with the numbers put in, or why it is unknown.")


class PassportRank(Model):
    """The rank: `total` is the sum of the parts' points, None where it has none."""

    formula: str = Field(description="Version of the formula.")
    total: float | None = Field(default=None, ge=0, le=100)
    marks: tuple[str, ...] = Field(default=(), description="What to know beside the total.")
    parts: tuple[PassportPart, ...] = ()
    computed: Moment = Field(description="When ages were counted.")

    @classmethod
    def of(cls, rank: Rank, computed: datetime) -> Self:
        """Return a rank as numbers: the nearest floats print as the same digits."""
        score = rank.score
        parts = (
            PassportPart(
                part=term.part.name,
                value=None if term.part.value is None else float(term.part.value),
                weight=float(term.weight),
                points=None if term.part.value is None else float(term.points),
                uncertainty=None if term.part.uncertainty is None else float(term.part.uncertainty),
                formula=term.part.formula,
            )
            for term in score.terms
        )
        total = None if score.total is None else float(score.total)
        return cls(
            formula=score.version,
            total=total,
            marks=score.marks,
            parts=tuple(parts),
            computed=computed,
        )


class PassportMatches(Model):
    """In how many searches it was shown, chosen, and then did or did not do."""

    shown: int = Field(ge=0)
    chosen: int = Field(ge=0)
    succeeded: int = Field(ge=0)
    failed: int = Field(ge=0)

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """Return counts of the match graph."""
        return cls(**counts._asdict())


class PassportSource(Model):
    """A document that was read, and the hash of what it said then."""

    uri: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    retrieved: Moment
    media_type: str
    passages: int = Field(ge=0, description="How many it was read into.")

    @classmethod
    def of(cls, document: DocumentRef) -> Self:
        """Return a document of an entry."""
        told = {name: getattr(document, name) for name in cls.model_fields}
        return cls(**told)


class Freshness(Model):
    """The newest moments."""

    approved: Moment | None = Field(default=None, description="When a field was approved last.")
    first_approved: Moment | None = None
    read: Moment | None = Field(default=None, description="When a document was read last.")
    signals: Moment | None = Field(default=None, description="When a signal was read last.")


class Passport(Model):
    """What is known of an artifact, by whose word, from which sources, as of when.

    Texts are drafts of a model that a person approved; names and texts come from documents.
    """

    schema_: Literal["capdraft/passport/1"] = Field(default="capdraft/passport/1", alias="schema")
    artifact: Artifact
    version: str = Field(description="Start of the hash of its catalog file.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Hash of its catalog file.")
    url: str = Field(description="Where the whole record with its quotes is read.")
    withdrawn: Withdrawn | None = Field(
        default=None, description="Who took it out of the catalog, and why."
    )
    capabilities: tuple[PassportCapability, ...] = ()
    coverage: Coverage
    drafted_by: tuple[str, ...] = Field(default=(), description="Models that drafted its records.")
    approved_by: tuple[Slug, ...] = ()
    rank: PassportRank
    matches: PassportMatches
    signals: tuple[Signal, ...] = Field(
        default=(), description="How much it is used: those that count in its rank."
    )
    sources: tuple[PassportSource, ...] = ()
    freshness: Freshness
