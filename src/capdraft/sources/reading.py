"""Files become documents: decoded, and read into numbered passages."""

from __future__ import annotations

import codecs
import gc
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from capdraft.errors import SourceError
from capdraft.records import Document, Passage
from capdraft.sources.boilerplate import Shown, boilerplate_of
from capdraft.sources.decoding import Source, sent_charset
from capdraft.sources.formats import choose_format
from capdraft.sources.markup import readable
from capdraft.sources.pieces import Piece, trim
from capdraft.text import sha256


def read_document(path: Path, *, uri: str, first_number: int = 1) -> Document:
    """Return the file at `path` as a document whose passages count from `first_number`.

    Raises:
        SourceError: the file can't be read, or holds nothing that could be cited.
    """
    return read_bytes(file_bytes(path, uri=uri), path.name, uri=uri, first_number=first_number)


def file_bytes(path: Path, *, uri: str) -> bytes:
    """Return what the file at `path` holds, if that is a kind of document.

    Raises:
        SourceError: it can't be read, or is none.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError("this is a folder, not a file", where=uri, hint="Give a file in it.")
        if not stat.S_ISREG(mode):
            raise SourceError("this is not a regular file", where=uri, hint="Copy it to a file.")
        choose_format(path.name, uri=uri)  # Before gigabytes of anything else are read.
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(
            "there is no such file", where=uri, hint="Check the path for a typing error."
        ) from error
    except OSError as error:
        raise _unreadable(error, uri, "Check who may read the file: ls -l shows it.") from error


def read_bytes(
    data: bytes,
    name: str,
    *,
    uri: str,
    media_type: str | None = None,
    first_number: int = 1,
    retrieved: datetime | None = None,
) -> Document:
    """Return `data`, which came from anywhere, as a document: `retrieved` then, or just now.

    The suffix of `name` says what it is, else `media_type` does, as a web server writes it.

    Raises:
        SourceError: it can't be read, or holds nothing that could be cited.
    """
    format_ = choose_format(name, media_type, uri=uri)
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise _nothing_to_cite("the file is empty", uri)
    source = Source(data, name, uri, sent_charset(media_type))
    with _without_collecting():
        reading = format_.read(source)
        passages = tuple(_number(reading.text, reading.pieces, first_number))
    if not passages:
        raise _nothing_to_cite("there is no text to cite in this file", uri)
    return Document(
        uri=uri,
        sha256=sha256(data),
        retrieved=retrieved or datetime.now(UTC),
        media_type=format_.media_type,
        encoding=source.encoding,
        text=reading.text,
        title=reading.title,
        front_matter=reading.front_matter,
        passages=passages,
    )


def _unreadable(error: OSError, where: str, hint: str) -> SourceError:
    reason = (error.strerror or str(error)).lower()
    return SourceError(f"can't be read: {reason}", where=where, hint=hint)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the collector of cycles from looking through growing trees again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _number(text: str, pieces: Iterable[Piece], first_number: int) -> Iterator[Passage]:
    found = [item for item in _shown(text, pieces) if item.shown]
    reasons = boilerplate_of(found)
    for number, (item, reason) in enumerate(zip(found, reasons, strict=True), first_number):
        start, end = trim(text, item.piece.start, item.piece.end)
        yield Passage(
            number=number,
            kind=item.piece.kind,
            start=start,
            end=end,
            heading=item.piece.heading,
            header=item.piece.header,
            markup=item.piece.markup,
            shown=item.shown,
            boilerplate=reason,
        )


def _shown(text: str, pieces: Iterable[Piece]) -> Iterator[Shown]:
    for piece in pieces:
        quote = text[piece.start : piece.end].strip()
        yield Shown(piece, quote, readable(quote, piece.kind, piece.markup))


def _nothing_to_cite(problem: str, uri: str) -> SourceError:
    hint = "A document needs a paragraph, list, table or code beside its headings and front matter."
    return SourceError(problem, where=uri, hint=hint)
