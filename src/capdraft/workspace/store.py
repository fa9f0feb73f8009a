"""Where a workspace keeps its texts: four operations, and their implementation as files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from capdraft.errors import FileChanged, FileInvalid, StoreError
from capdraft.text import sha256

LOCK = ".capdraft/store.lock"


@dataclass(frozen=True, slots=True)
class Stored:
    """A text as it was read, and the hash that a later save must name."""

    text: str
    sha256: str


class Store(Protocol):
    """Texts by name. A name is a relative POSIX path such as `reviews/gemma/0001.toml`."""

    def list(self, folder: str) -> list[str]:
        """Return the names of the entries right below `folder`, sorted; none if it isn't there."""
        ...

    def read(self, name: str) -> Stored | None:
        """Return the text called `name`, or None if there is none."""
        ...

    def append(self, name: str, line: str) -> None:
        """Add `line` (without its line end) behind the text called `name`."""
        ...

    def replace(self, name: str, text: str, *, if_sha256: str | None) -> None:
        """Write `text` if the present text has that hash; None means that there is none yet.

        Raises:
            FileChanged: someone else wrote it since it was read.
        """
        ...


class FileStore:
    """A store whose texts are the files below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def path(self, name: str) -> Path:
        """Return the file for `name`.

        Raises:
            StoreError: the name, or a link on its way, leads out of the workspace.
        """
        parts = PurePosixPath(name).parts
        path = self.root.joinpath(*parts)
        inside = parts and ".." not in parts and not PurePosixPath(name).is_absolute()
        if not inside or not path.resolve().is_relative_to(self.root):
            raise StoreError(f"{name!r} leads out of the workspace {self.root}")
        return path

    def list(self, folder: str) -> list[str]:
        path = self.path(folder)
        return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []

    def read(self, name: str) -> Stored | None:
        try:
            raw = self.path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreError(f"can't be read: {error.strerror}", where=name) from error
        try:
            return Stored(raw.decode("utf-8"), sha256(raw))
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise FileInvalid("isn't UTF-8", where=f"{name}:{line}") from error

    def append(self, name: str, line: str) -> None:
        if "\n" in line:
            raise ValueError("a line can't hold a line end")
        path = self.path(name)
        with self._writing(name), path.open("a+b") as file:
            # A line that was cut off by a crash stays alone on its line.
            size = file.seek(0, os.SEEK_END)
            torn = size > 0 and (file.seek(size - 1), file.read(1))[1] != b"\n"
            file.write((b"\n" if torn else b"") + line.encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def replace(self, name: str, text: str, *, if_sha256: str | None) -> None:
        path = self.path(name)
        with self._writing(name):
            now = self.read(name)
            if (now.sha256 if now else None) != if_sha256:
                what = "is there already" if if_sha256 is None else "was changed by someone else"
                raise FileChanged(what, where=name, hint="Read it again, then repeat the command.")
            write_synced(path, text)

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        """Hold the workspace's write lock, with the folder of `name` made."""
        from filelock import FileLock

        try:
            lock = self.path(LOCK)
            for folder in (lock.parent, self.path(name).parent):
                folder.mkdir(parents=True, exist_ok=True)
            with FileLock(lock):
                yield
        except OSError as error:
            raise StoreError(f"can't be written: {error.strerror or error}", where=name) from error


def write_synced(path: Path, text: str) -> None:
    """Write `text` under a temporary name, sync it and rename it: never half a file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
