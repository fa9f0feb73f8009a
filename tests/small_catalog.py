"""A few catalog records to search."""

from __future__ import annotations

from capdraft.records import Artifact, CatalogEntry, DocumentRef, Record
from capdraft.searching import Answer
from relevance_set import DAY, field


def record(name: str, description: str, *intents: str, quotes: tuple[str, ...] = ()) -> Record:
    slug = "-".join(name.casefold().split())
    return Record(
        id=slug,
        name=name,
        intents=intents,
        drafted_by="stub",
        description=field(description, *quotes),
    )


def entry(slug: str, *records: Record, type_: str = "model") -> CatalogEntry:
    document = DocumentRef(
        id="d1",
        uri=f"docs/{slug}.md",
        sha256="a" * 64,
        retrieved=DAY,
        media_type="text/markdown",
        passages=9,
    )
    artifact = Artifact(slug=slug, name=slug.title(), type=type_)
    return CatalogEntry(artifact=artifact, documents=(document,), capabilities=records)


READS = record(
    "Reads invoices",
    "Returns the total of scanned invoices.",
    "automate accounts payable",
    "read a handwritten bill",
    quotes=("Trained on receipts.", "It reads the total of a handwritten invoice."),
)
PAINTS = record("Paints pictures", "Paints a picture from a sentence.", "illustrate a story")


def names(answer: Answer) -> list[str]:
    return [f"{result.artifact}/{result.capability}" for result in answer.results]
