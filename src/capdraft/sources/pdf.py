"""PDF: the lines of each page become paragraphs, by the gaps between them.

A PDF has no headings or lists, only words at places: the page is the heading of its paragraphs.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Set
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from capdraft.errors import SourceError
from capdraft.sources.blocks import Block, extra_needed, join_blocks, literal, parsing
from capdraft.sources.decoding import Source
from capdraft.sources.pieces import Reading
from capdraft.sources.running_lines import running_lines

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_WIDE_GAP = 1.3  # Of the usual distance between two lines of the page.
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[^\W\d_A-Z])")


class _Line(NamedTuple):
    text: str
    y: float | None


def read_pdf(source: Source) -> Reading:
    """Return the text of a PDF, page by page.

    Raises:
        SourceError: pypdf is missing, or the file is no PDF, is encrypted, or holds pictures only.
    """
    with extra_needed("pdf", ".pdf", source.uri):
        from pypdf import PdfReader

    # What it works around is no concern of who reads the result.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with parsing("PDF", source.uri):
        reader = PdfReader(BytesIO(source.data))
        if not _opened(reader):
            raise _encrypted(source.uri)
        pages = [_lines(page) for page in reader.pages]
        running = running_lines([[line.text for line in page] for page in pages])
        blocks = [
            block
            for number, (page, apart) in enumerate(zip(pages, running, strict=True), 1)
            for block in _blocks(page, apart, (f"page {number}",))
        ]
        title = reader.metadata.title if reader.metadata else None
    text, pieces = join_blocks(blocks)
    if not text:
        raise SourceError(
            "this PDF has no text: its pages are pictures, as a scanner makes them",
            where=source.uri,
            hint="Recognise the text first: ocrmypdf in.pdf out.pdf",
        )
    return Reading(text, pieces, title=" ".join(str(title or "").split()) or None)


def _opened(reader: PdfReader) -> bool:
    if not reader.is_encrypted:
        return True
    from pypdf.errors import DependencyError

    try:  # Many are encrypted to forbid printing only, and open without a password.
        return bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        return False


def _encrypted(uri: str) -> SourceError:
    return SourceError(
        "this PDF is encrypted",
        where=uri,
        hint="Save it without a password: qpdf --decrypt --password=PASSWORD in.pdf out.pdf",
    )


def _blocks(lines: list[_Line], running: Set[int], path: tuple[str, ...]) -> Iterator[Block]:
    """Yield the paragraphs of a page; of its lines the `running` ones stand apart."""
    top = [line for index, line in enumerate(lines) if index in running and index < len(lines) / 2]
    body = [line for index, line in enumerate(lines) if index not in running]
    bottom = [line for index, line in enumerate(lines) if index in running and line not in top]
    yield from (Block("paragraph", literal(line.text), path, None, "page") for line in top)
    for paragraph in _paragraphs(body):
        text = "\n".join(line.text.strip() for line in paragraph)
        yield Block("paragraph", literal(_HYPHEN.sub("", text)), path)
    yield from (Block("paragraph", literal(line.text), path, None, "page") for line in bottom)


def _lines(page: PageObject) -> list[_Line]:
    """Return the lines of `page` with the height at which each starts, where it is known."""
    parts: list[tuple[str, float]] = []

    def visit(text: str, user: list[float], line: list[float], *_: Any) -> None:
        parts.append((text, line[4] * user[1] + line[5] * user[3] + user[5]))

    page.extract_text(visitor_text=visit)
    lines = [_Line("", None)]
    for text, y in parts:
        for index, words in enumerate(text.split("\n")):
            if index:
                lines.append(_Line("", None))
            if words:
                last = lines[-1]
                known = y if last.y is None and words.strip() and not index else last.y
                lines[-1] = _Line(last.text + words, known)
    return lines


def _paragraphs(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Yield runs of lines without a blank line, a wide gap or a step upwards between them."""
    heights = [line.y for line in lines if line.y is not None]
    gaps = [above - below for above, below in pairwise(heights) if above > below]
    usual = median(gaps) if gaps else 0.0
    run: list[_Line] = []
    for line in lines:
        if run and (not line.text.strip() or _is_apart(run[-1], line, usual)):
            yield run
            run = []
        if line.text.strip():
            run.append(line)
    if run:
        yield run


def _is_apart(above: _Line, below: _Line, usual: float) -> bool:
    if above.y is None or below.y is None:
        return False
    gap = above.y - below.y
    return gap < -0.1 * usual or gap > _WIDE_GAP * usual
