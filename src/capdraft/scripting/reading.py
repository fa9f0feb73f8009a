"""Reading a document without a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from capdraft.errors import SourceError
from capdraft.scripting.telling import scripted

if TYPE_CHECKING:
    from capdraft.records import Document


@scripted
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
    from capdraft.sources.addresses import is_address, without_password

    if isinstance(path, str) and is_address(path):
        raise SourceError(
            f"{without_password(path)} is an address, not a file",
            hint="Workspace.read fetches it, and keeps what it holds.",
        )
    return read(Path(path), uri=Path(path).as_posix() if uri is None else uri)
