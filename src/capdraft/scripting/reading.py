"""Reading a document without a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capdraft.records import Document


def read_document(path: Path | str, *, uri: str | None = None) -> Document:
    """Return a file as a document with numbered passages, called `uri` (else as `path` says).

    >>> document = read_document("ticket-reader.md")
    >>> for passage in document.passages:
    ...     print(passage.number, passage.heading, document.text[passage.start : passage.end])
    1 ('Ticket reader',) Reads printed tickets of up to 40 fields.
    2 ('Ticket reader',) It needs 2 GB of memory.

    Raises:
        SourceError: the file can't be read, or holds nothing that could be cited.
    """
    from capdraft.sources import read_document as read

    return read(Path(path), uri=Path(path).as_posix() if uri is None else uri)
