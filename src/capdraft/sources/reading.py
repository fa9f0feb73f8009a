"""Files become documents: found in a folder, decoded, and read into numbered passages."""

from __future__ import annotations

import codecs
import shlex
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from capdraft.errors import SourceError
from capdraft.records import Document, Passage
from capdraft.sources.front_matter import read_front_matter
from capdraft.sources.markdown import read_markdown
from capdraft.sources.markup import readable
from capdraft.sources.pieces import Piece, read_paragraphs, trim
from capdraft.text import clean, sha256

MARKDOWN = "text/markdown"
PLAIN_TEXT = "text/plain"
# A file without a suffix is most often a README.
MEDIA_TYPES = {
    "": MARKDOWN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mdx": MARKDOWN,
    ".txt": PLAIN_TEXT,
    ".text": PLAIN_TEXT,
    ".rst": PLAIN_TEXT,
}
_SUFFIXES_READ = "Read are " + ", ".join(suffix for suffix in MEDIA_TYPES if suffix)
_SUFFIXES_READ += " and files without a suffix."


def read_document(path: Path, *, uri: str, first_number: int = 1) -> Document:
    """Return the file at `path` as a document whose passages count from `first_number`.

    Raises:
        SourceError: the file can't be read as text, or holds nothing that could be cited.
    """
    data = _read_bytes(path, uri)
    media_type = MEDIA_TYPES[path.suffix.lower()]
    text = clean(_decode(data, path, uri))
    front_matter: dict[str, object] = {}
    title: str | None = None
    pieces: Iterable[Piece]
    if media_type == MARKDOWN:
        front_matter, body = read_front_matter(text, uri=uri)
        pieces, title = read_markdown(text, body)
    else:
        pieces = read_paragraphs(text)
    passages = tuple(_number(text, pieces, first_number))
    if not passages:
        raise _nothing_to_cite(text, uri)
    return Document(
        uri=uri,
        sha256=sha256(data),
        retrieved=datetime.now(UTC),
        media_type=media_type,
        text=text,
        title=title,
        front_matter=front_matter,
        passages=passages,
    )


def find_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files below `folder` that can be read, and those skipped for their suffix.

    Hidden files and folders and symbolic links are in neither list.

    Raises:
        SourceError: `folder` is no folder, can't be listed, or holds nothing that can be read.
    """
    files = list(_visible_files(folder))
    found = [path for path in files if path.suffix.lower() in MEDIA_TYPES]
    if not found:
        raise SourceError(
            f"none of the {len(files)} files below this folder can be read",
            where=str(folder),
            hint=_SUFFIXES_READ,
        )
    return found, [path for path in files if path.suffix.lower() not in MEDIA_TYPES]


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
        if path.suffix.lower() not in MEDIA_TYPES:
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


def _decode(data: bytes, path: Path, uri: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _not_utf8("the file is UTF-16, not UTF-8", "UTF-16", path, uri)
    if b"\0" in data:
        raise SourceError(
            f"the file is binary: byte {data.index(0)} is NUL",
            where=uri,
            hint="Give the document as text.",
        )
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return data[mark:].decode()
    except UnicodeDecodeError as error:
        offset = mark + error.start
        line = data.count(b"\n", 0, offset) + 1
        problem = f"the file is not UTF-8: byte {offset}, on line {line}, is 0x{data[offset]:02x}"
        raise _not_utf8(problem, "WINDOWS-1252", path, uri) from error


def _not_utf8(problem: str, encoding: str, path: Path, uri: str) -> SourceError:
    name = shlex.quote(path.name)
    hint = f"Convert it from the encoding that it has: iconv -f {encoding} -t UTF-8 {name}"
    return SourceError(problem, where=uri, hint=hint)


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


def _nothing_to_cite(text: str, uri: str) -> SourceError:
    problem = "there is no text to cite in this file" if text.strip() else "the file is empty"
    hint = "A document needs a paragraph, list, table or code beside its headings and front matter."
    return SourceError(problem, where=uri, hint=hint)
