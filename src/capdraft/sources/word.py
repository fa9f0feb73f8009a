"""Word documents: paragraphs by their style, and tables, become blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from capdraft.errors import SourceError
from capdraft.records import PassageKind
from capdraft.sources.blocks import Block, extra_needed, join_blocks, literal, parsing, table_row
from capdraft.sources.decoding import Source
from capdraft.sources.markup import readable
from capdraft.sources.pieces import Outline, Reading

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

MAX_UNPACKED = 100_000_000
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def read_word(source: Source) -> Reading:
    """Return what the body of a Word document says; the first row of a table is its header.

    Raises:
        SourceError: python-docx is missing, or the file is no Word document or unpacks to too much.
    """
    with extra_needed("docx", ".docx", source.uri):
        import docx

    outline = Outline()
    with parsing("Word document", source.uri):
        _refuse_bombs(source)
        body = docx.Document(BytesIO(source.data))
        blocks = [block for part in body.iter_inner_content() for block in _blocks(part, outline)]
    return Reading(*join_blocks(blocks), title=outline.title)


def _refuse_bombs(source: Source) -> None:
    with ZipFile(BytesIO(source.data)) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > MAX_UNPACKED:
        raise SourceError(
            f"this file unpacks to {size // 1_000_000} MB; {MAX_UNPACKED // 1_000_000} are read",
            where=source.uri,
            hint="Take the pictures out of it, or give the text as .txt.",
        )


def _blocks(part: Paragraph | Table, outline: Outline) -> Iterator[Block]:
    from docx.table import Table

    if isinstance(part, Table):
        yield from _rows(part, outline.path)
        return
    style = str(part.style.name) if part.style else ""
    level = 0 if style == "Title" else _heading_level(style)
    if level is not None:
        outline.enter(level, " ".join(part.text.split()))
    else:
        kind = _kind(part, style)
        yield Block(kind, literal(part.text, kind), outline.path)


def _heading_level(style: str) -> int | None:
    found = _HEADING.match(style)
    return int(found[1]) if found else None


def _kind(paragraph: Paragraph, style: str) -> PassageKind:
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    if numbered or style.startswith("List"):
        return "list-item"
    return "quote" if style in ("Quote", "Intense Quote") else "paragraph"


def _rows(table: Table, path: tuple[str, ...]) -> Iterator[Block]:
    rows = [row for row in (table_row(_cells(row)) for row in table.rows) if row]
    header = readable(rows[0], "table-row") if rows else None
    # A table of one row has no header but something to say.
    for row in rows[1:]:
        yield Block("table-row", row, path, header)
    if len(rows) == 1:
        yield Block("table-row", rows[0], path)


def _cells(row: Any) -> Iterator[str]:
    before = None
    for cell in row.cells:
        if cell._tc is not before:  # A merged cell is given once for each column.
            yield _words(cell)
        before = cell._tc


def _words(cell: Any) -> str:
    from docx.table import Table

    return " ".join(
        " ".join(word for row in part.rows for word in _cells(row))
        if isinstance(part, Table)
        else part.text
        for part in cell.iter_inner_content()
    )
