"""Catalog entries of made-up artifacts, built in one line each."""

from __future__ import annotations

from datetime import UTC, datetime

from capdraft.records import (
    Approval,
    Artifact,
    CatalogEntry,
    DocumentRef,
    Evidence,
    Record,
    RecordField,
)
from capdraft.records.evidence import Side

DAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def approval(
    by: str = "ada", *, edited: bool = False, editorial: bool = False, despite: tuple[str, ...] = ()
) -> Approval:
    return Approval(
        by=by, at=DAY, decision="0" * 12, edited=edited, editorial=editorial, despite=despite
    )


def passage(
    quote: str, start: int = 0, *, document: str = "d1", side: Side = "artifact", heading: str = ""
) -> Evidence:
    return Evidence(
        document=document,
        passage=1,
        side=side,
        heading=(heading,) if heading else (),
        start=start,
        end=start + len(quote),
        quote=quote,
    )


def field(
    text: str,
    *evidence: Evidence,
    approved: Approval | None = None,
    alternative: str | None = None,
) -> RecordField:
    return RecordField(
        text=text,
        proposal="0001",
        evidence=evidence,
        approved=(approved or approval(),),
        alternative=alternative,
    )


def record(
    name: str,
    description: RecordField,
    unique: RecordField | None = None,
    versus: RecordField | None = None,
    drafted_by: str = "draft-model-1",
) -> Record:
    return Record(
        id="cap",
        name=name,
        drafted_by=drafted_by,
        description=description,
        unique=unique,
        vs_alternatives=versus,
    )


def entry(
    slug: str,
    *records: Record,
    name: str = "",
    type_: str = "model",
    pricing: str | None = None,
    uri: str = "docs/readme.md",
) -> CatalogEntry:
    return CatalogEntry(
        artifact=Artifact(slug=slug, name=name or slug, type=type_, pricing=pricing),
        documents=(
            DocumentRef(
                id="d1",
                uri=uri,
                sha256="a" * 64,
                retrieved=DAY,
                media_type="text/markdown",
                passages=3,
            ),
        ),
        capabilities=tuple(
            item.model_copy(update={"id": f"cap-{number}"})
            for number, item in enumerate(records, 1)
        ),
    )


def gravel() -> CatalogEntry:
    """A model with three capabilities, every kind of note among them."""
    counts = passage("Counts the pebbles\nin a photo.", 10, heading="Use")
    slower = passage("Two people counted each photo.", 90, side="alternative")
    return entry(
        "gravel-2",
        record(
            "Counts pebbles",
            field("Counts every pebble of a river bed.", counts),
            field("Rings each pebble.", approved=approval("bo", editorial=True)),
            field(
                "Needs nobody to count, where the ledger took two people.",
                counts,
                slower,
                approved=approval("bo", edited=True, despite=("CD301",)),
                alternative="Ledger Set",
            ),
        ),
        record("Finds the water", field("Draws the water's edge.", counts)),
        record("Exports tables", field("Writes a table.", passage("Writes CSV.", 200))),
        name="Gravel 2",
        pricing="Free",
    )
