"""What an artifact's page shows: each claim with its passages, and who stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capdraft.comparing.footnotes import passage_key
from capdraft.publishing.phrases import QUOTE_LENGTH, approved_by, plain
from capdraft.records import (
    CatalogEntry,
    DocumentRef,
    Evidence,
    Record,
    RecordField,
    credit_of,
)

LABELS = {"description": "", "unique": "Unique", "vs_alternatives": "Compared"}
LONG = 1200
"""Characters of a quote that a page shows; the rest is told."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage under a claim."""

    number: int
    """Counted over the page; a passage that is quoted again has the number of before."""
    again: bool
    text: str
    cut: int
    exact: bool
    header: str
    place: str
    """Headings and offsets."""
    uri: str
    read: str
    other_side: bool


@dataclass(frozen=True, slots=True)
class ProfileClaim:
    """A claim of an artifact's page."""

    field: str
    label: str
    text: str
    alternative: str
    quotes: tuple[Quote, ...]
    cautions: tuple[str, ...]
    credit: str


@dataclass(frozen=True, slots=True)
class ProfileCapability:
    """A capability of an artifact's page."""

    id: str
    name: str
    intents: tuple[str, ...]
    claims: tuple[ProfileClaim, ...]


def capabilities(entry: CatalogEntry) -> list[ProfileCapability]:
    """Return the capabilities of an artifact in the catalog's order."""
    numbers: dict[tuple[str, str, int, int, str], int] = {}
    return [
        ProfileCapability(
            record.id,
            plain(record.name) or record.id,
            tuple(filter(None, map(plain, record.intents))),
            tuple(_claims(entry, record, numbers)),
        )
        for record in entry.capabilities
    ]


def _claims(
    entry: CatalogEntry, record: Record, numbers: dict[tuple[str, str, int, int, str], int]
) -> Iterator[ProfileClaim]:
    for name, field in record.fields():
        quotes = []
        for item in dict.fromkeys(field.evidence):
            document = entry.document(item)
            key = passage_key(document, item)
            again = key in numbers
            number = numbers.setdefault(key, len(numbers) + 1)
            quotes.append(_quote(document, item, number, again))
        yield ProfileClaim(
            field=name,
            label=LABELS[name],
            text=field.text.strip(),
            alternative=plain(field.alternative or ""),
            quotes=tuple(quotes),
            cautions=tuple(_cautions(field)),
            credit=credit(record, field),
        )


def _quote(document: DocumentRef, item: Evidence, number: int, again: bool) -> Quote:
    headings = " › ".join(map(plain, item.heading))
    offsets = f"characters {item.start}–{item.end}"
    return Quote(
        number=number,
        again=again,
        text=item.quote[:LONG],
        cut=max(len(item.quote) - LONG, 0),
        exact=item.kind in ("code", "table-row"),
        header=plain(item.header or "")[:QUOTE_LENGTH],
        place=f"{headings}, {offsets}" if headings else offsets,
        uri=document.uri,
        read=f"{document.retrieved:%Y-%m-%d}",
        other_side=item.side == "alternative",
    )


def _cautions(field: RecordField) -> Iterator[str]:
    """Yield what a reader must know of how a text was accepted."""
    if any(approval.editorial for approval in field.approved):
        yield "editorial statement" + ("" if field.evidence else ": no passage supports it")
    elif not field.evidence:
        yield "no evidence"
    codes = sorted({code for approval in field.approved for code in approval.despite})
    if codes:
        yield f"accepted despite {', '.join(map(plain, codes))}"
    for approval in field.approved:
        if approval.note:
            yield f"{approval.by}: {plain(approval.note)}"


def credit(record: Record, field: RecordField) -> str:
    """Return who drafted and who approved a text."""
    said = dict.fromkeys(map(approved_by, field.approved))
    return ", ".join((credit_of(plain(record.drafted_by)), *said))
