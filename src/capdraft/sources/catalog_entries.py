"""A catalog entry as a document: each approved text of its records is a passage."""

from __future__ import annotations

from collections.abc import Iterator

from capdraft.records import CatalogEntry, Document, Passage, Record
from capdraft.sources.blocks import Block, join_blocks, literal
from capdraft.sources.markup import readable

RECORDS_MEDIA_TYPE = "application/vnd.capdraft.catalog+json"


def read_catalog_entry(
    entry: CatalogEntry,
    *,
    uri: str,
    sha256: str,
    first_number: int = 1,
    only: frozenset[str] | None = None,
) -> Document:
    """Return the records of `entry` as a document whose passages count from `first_number`.

    Each stands below the artifact's and its capability's name. `only` names the capabilities that
    are wanted, by id. What compares the artifact with others is left out: it tells of both.
    """
    wanted = [record for record in entry.capabilities if only is None or record.id in only]
    blocks = [block for record in wanted for block in _blocks(entry.artifact.name, record)]
    text, pieces = join_blocks(blocks)
    passages = tuple(
        Passage(
            number=number,
            kind=piece.kind,
            start=piece.start,
            end=piece.end,
            heading=piece.heading,
            shown=readable(text[piece.start : piece.end], piece.kind),
        )
        for number, piece in enumerate(pieces, first_number)
    )
    return Document(
        uri=uri,
        sha256=sha256,
        retrieved=max(
            approval.at
            for record in entry.capabilities
            for _, field in record.fields()
            for approval in field.approved
        ),
        media_type=RECORDS_MEDIA_TYPE,
        text=text,
        title=entry.artifact.name,
        passages=passages,
    )


def _blocks(artifact: str, record: Record) -> Iterator[Block]:
    for name, field in record.fields():
        if name != "vs_alternatives":
            yield Block("paragraph", literal(field.text), (artifact, record.name))
