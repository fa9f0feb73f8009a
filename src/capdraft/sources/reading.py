"""Files become documents: found in a folder, decoded, and read into numbered passages."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from capdraft.errors import SourceError
from capdraft.records import Document, Passage
from capdraft.sources.decoding import Source
from capdraft.sources.front_matter import read_front_matter
from capdraft.sources.markdown import read_markdown
from capdraft.sources.markup import readable
from capdraft.sources.notebooks import read_notebook
from capdraft.sources.pdf import read_pdf
from capdraft.sources.pieces import Piece, Reading, read_paragraphs, trim
from capdraft.sources.restructured import read_restructured
from capdraft.sources.web_pages import read_web_page
from capdraft.sources.word import read_word
from capdraft.text import sha256


class Format(NamedTuple):
    """A kind of file: its media type, and who reads it."""

    media_type: str
    read: Callable[[Source], Reading]


def _read_markdown(source: Source) -> Reading:
    text = source.text()
    front_matter, body = read_front_matter(text, uri=source.uri)
    pieces, title = read_markdown(text, body)
    return Reading(text, pieces, title, front_matter)


def _read_plain_text(source: Source) -> Reading:
    text = source.text()
    return Reading(text, read_paragraphs(text))


MARKDOWN = Format("text/markdown", _read_markdown)
PLAIN_TEXT = Format("text/plain", _read_plain_text)
WEB_PAGE = Format("text/html", read_web_page)
RESTRUCTURED = Format("text/x-rst", read_restructured)
WORD = Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", read_word)
# A file without a suffix is most often a README.
FORMATS = {
    "": MARKDOWN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mdx": MARKDOWN,
    ".txt": PLAIN_TEXT,
    ".text": PLAIN_TEXT,
    ".rst": RESTRUCTURED,
    ".html": WEB_PAGE,
    ".htm": WEB_PAGE,
    ".ipynb": Format("application/x-ipynb+json", read_notebook),
    ".pdf": Format("application/pdf", read_pdf),
    ".docx": WORD,
}
_SUFFIXES_READ = "Read are " + ", ".join(suffix for suffix in FORMATS if suffix)
_SUFFIXES_READ += " and files without a suffix."


def read_document(path: Path, *, uri: str, first_number: int = 1) -> Document:
    """Return the file at `path` as a document whose passages count from `first_number`.

    Raises:
        SourceError: the file can't be read, or holds nothing that could be cited.
    """
    data = _read_bytes(path, uri)
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise _nothing_to_cite("the file is empty", uri)
    media_type, reading = _read(path, Source(data, path.name, uri))
    passages = tuple(_number(reading.text, reading.pieces, first_number))
    if not passages:
        raise _nothing_to_cite("there is no text to cite in this file", uri)
    return Document(
        uri=uri,
        sha256=sha256(data),
        retrieved=datetime.now(UTC),
        media_type=media_type,
        text=reading.text,
        title=reading.title,
        front_matter=reading.front_matter,
        passages=passages,
    )


def _read(path: Path, source: Source) -> tuple[str, Reading]:
    """Return the media type that `source` was read as, and what was read."""
    format_ = FORMATS[path.suffix.lower()]
    return format_.media_type, format_.read(source)


def find_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files below `folder` that can be read, and those skipped for their suffix.

    Hidden files and folders and symbolic links are in neither list.

    Raises:
        SourceError: `folder` is no folder, can't be listed, or holds nothing that can be read.
    """
    files = list(_visible_files(folder))
    found = [path for path in files if path.suffix.lower() in FORMATS]
    if not found:
        raise SourceError(
            f"none of the {len(files)} files below this folder can be read",
            where=str(folder),
            hint=_SUFFIXES_READ,
        )
    return found, [path for path in files if path.suffix.lower() not in FORMATS]


def _visible_files(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise _unreadable(error, str(folder), "Give a folder that you may list.") from error
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _visible_files(entry)
        elif entry.is_file():
            yield entry


def _read_bytes(path: Path, uri: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError("this is a folder, not a file", where=uri, hint="Give a file in it.")
        if not stat.S_ISREG(mode):
            raise SourceError("this is not a regular file", where=uri, hint="Copy it to a file.")
        if path.suffix.lower() not in FORMATS:
            problem = f"files with the suffix {path.suffix!r} are not read"
            raise SourceError(problem, where=uri, hint=_SUFFIXES_READ)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(
            "there is no such file", where=uri, hint="Check the path for a typing error."
        ) from error
    except OSError as error:
        raise _unreadable(error, uri, "Check who may read the file: ls -l shows it.") from error


def _unreadable(error: OSError, where: str, hint: str) -> SourceError:
    reason = (error.strerror or str(error)).lower()
    return SourceError(f"can't be read: {reason}", where=where, hint=hint)


def _number(text: str, pieces: Iterable[Piece], first_number: int) -> Iterator[Passage]:
    number = first_number
    for piece in pieces:
        start, end = trim(text, piece.start, piece.end)
        shown = readable(text[start:end], piece.kind)
        if not shown:
            continue
        yield Passage(
            number=number,
            kind=piece.kind,
            start=start,
            end=end,
            heading=piece.heading,
            header=piece.header,
            shown=shown,
        )
        number += 1


def _nothing_to_cite(problem: str, uri: str) -> SourceError:
    hint = "A document needs a paragraph, list, table or code beside its headings and front matter."
    return SourceError(problem, where=uri, hint=hint)
