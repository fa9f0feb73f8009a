"""What was fetched, kept as bytes by its hash: a quote is looked up without asking again."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from capdraft.errors import StoreError
from capdraft.records import Document, DocumentRef
from capdraft.text import sha256
from capdraft.workspace.store import write_synced

FOLDER = ".capdraft/documents"


def keep(root: Path, data: bytes) -> Path:
    """Write `data` below the workspace's folder `root` unless it is there; return its file.

    Raises:
        StoreError: it can't be written.
    """
    path = root / FOLDER / sha256(data)
    if _intact(path) is not None:
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_synced(path, data)
    except OSError as error:
        raise StoreError(
            f"can't be written: {error.strerror or error}",
            where=f"{FOLDER}/{path.name}",
            hint="Make room, or let capdraft write in the workspace.",
        ) from error
    return path


def read_kept(root: Path, document: DocumentRef) -> Document | None:
    """Return what was read from an address then, or None if its bytes aren't here.

    Raises:
        SourceError: it can't be read by this version or installation.
    """
    from capdraft.sources.reading import read_bytes

    found = kept_file(root, document)
    if found is None:
        return None
    name, data = found
    return read_bytes(
        data,
        name,
        uri=document.uri,
        media_type=document.media_type,
        retrieved=document.retrieved,
    )


def kept_file(root: Path, document: DocumentRef) -> tuple[str, bytes] | None:
    """Return the bytes of what was read from an address then, with a name that says their format.

    None if they aren't here.
    """
    from capdraft.sources.formats import formats

    data = _intact(root / FOLDER / document.sha256)
    every = formats().items()
    fitting = [c for c, f in every if f.media_type == document.media_type and c.startswith(".")]
    # One reader may read several: the address says which it was.
    own = PurePosixPath(document.uri.partition("?")[0]).suffix.lower()
    suffix = own if own in fitting else next(iter(fitting), "")
    return None if data is None else (document.sha256 + suffix, data)


def _intact(path: Path) -> bytes | None:
    """Return the bytes of a snapshot; None where they are not those that it is named for."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if sha256(data) == path.name else None
