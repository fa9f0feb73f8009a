"""The file of a cassette: read whole, replaced whole or not at all. A vcrpy persister."""

from __future__ import annotations

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.serialize import deserialize, serialize

from capdraft.client.cassettes.format import NotACassette, read_note, with_note
from capdraft.client.cassettes.note import Note
from capdraft.client.cassettes.secrets import refuse_secrets
from capdraft.errors import CassetteError, CassetteInvalid
from capdraft.workspace.store import write_synced

RECORD_AGAIN = "Record it again with --record-mode rewrite."


class CassetteFile:
    """Loads and saves cassettes for vcrpy; `reads` is off where all is recorded anew.

    What is saved has the `note` given, else the one that the file had.
    """

    def __init__(self, *, reads: bool = True, note: Note | None = None) -> None:
        self.reads, self.note = reads, note

    def load_cassette(self, name: str | Path, serializer: Any) -> Any:
        """Return what vcrpy's `deserialize` makes of the file.

        Raises:
            CassetteNotFoundError: there is no such file, or it isn't to be read.
            CassetteInvalid: it isn't a cassette.
        """
        path = Path(name)
        if not self.reads or not path.exists():
            raise CassetteNotFoundError(str(path))
        text = read_text(path)
        try:
            return deserialize(text, serializer)
        except NotACassette as error:
            raise _invalid(path, error) from error

    def save_cassette(self, name: str | Path, content: dict[str, Any], serializer: Any) -> None:
        """Replace the file.

        Raises:
            CassetteSecret: `content` holds a secret; the file is as it was.
            CassetteError: the file can't be written, and is as it was.
        """
        path = Path(name)
        refuse_secrets(content["requests"], content["responses"], where=str(path))
        # vcrpy's serialize changes the responses that it is given.
        text = serialize(copy.deepcopy(content), serializer)
        note = self.note
        if note is None and path.exists():
            with suppress(CassetteInvalid):  # what can't be read has nothing to keep
                note = note_of(path)
        _write(path, with_note(text, note))


def note_of(path: Path) -> Note | None:
    """Return what the cassette says it was recorded from, or None.

    Raises:
        CassetteInvalid: it can't be read, or isn't a cassette.
    """
    try:
        return read_note(read_text(path))
    except NotACassette as error:
        raise _invalid(path, error) from error


def add_note(path: Path, note: Note) -> None:
    """Give a cassette a note, and leave its exchanges as they are.

    Raises:
        CassetteError: it can't be read or written.
    """
    _write(path, with_note(read_text(path), note))


def read_text(path: Path) -> str:
    """Return the text of a cassette.

    Raises:
        CassetteInvalid: it can't be read.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        where = f"{path}:{line}"
        raise CassetteInvalid(
            "not a cassette: it isn't UTF-8", where=where, hint=RECORD_AGAIN
        ) from error
    except OSError as error:
        raise CassetteInvalid(
            f"can't be read: {error.strerror or error}", where=str(path)
        ) from error


def _invalid(path: Path, error: NotACassette) -> CassetteInvalid:
    return CassetteInvalid(
        f"not a cassette: {error}", where=f"{path}:{error.line}", hint=RECORD_AGAIN
    )


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_synced(path.resolve(), text)
    except OSError as error:
        raise CassetteError(
            f"can't be written: {error.strerror or error}", where=str(path)
        ) from error
