"""Where a workspace keeps its texts: four operations, and their implementation as files."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from capdraft.errors import FileChanged, FileInvalid, StoreError
from capdraft.text import sha256
from capdraft.workspace.read_only import way_out

LOCK = ".capdraft/store.lock"
TEMPORARY = ".capdraft/tmp"
"""Where a text is written before it gets its name; a killed run leaves nothing elsewhere."""
LEFT_OVER = 3600
"""Seconds after which a temporary file is nobody's any more."""
_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


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
        self._threads = threading.Lock()

    def path(self, name: str) -> Path:
        """Return the file for `name`.

        Raises:
            StoreError: the name, or a link on its way, leads out of the workspace.
        """
        parts = PurePosixPath(name).parts
        path = self.root.joinpath(*parts)
        inside = parts and ".." not in parts and not PurePosixPath(name).is_absolute()
        if not inside or not self._stays_inside(parts):
            raise StoreError(f"{name!r} leads out of the workspace")
        return path

    def _stays_inside(self, parts: Iterable[str]) -> bool:
        """Follow links only where there are some; the root is resolved."""
        place = str(self.root)
        for part in parts:
            place = os.path.join(place, part)  # noqa: PTH118 - a Path for each takes long
            if os.path.islink(place):  # noqa: PTH114
                return self.root.joinpath(*parts).resolve().is_relative_to(self.root)
        return True

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
        with self._writing(name) as path, path.open("a+b") as file:
            # A line that was cut off by a crash stays alone on its line.
            size = file.seek(0, os.SEEK_END)
            torn = size > 0 and (file.seek(size - 1), file.read(1))[1] != b"\n"
            file.write((b"\n" if torn else b"") + line.encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def replace(self, name: str, text: str, *, if_sha256: str | None) -> None:
        if if_sha256 is None and self._create(name, text):
            return
        with self._writing(name) as path:
            now = self.read(name)
            if (now.sha256 if now else None) != if_sha256:
                raise _changed(name, now)
            write_synced(path, text, way=self.path(TEMPORARY))

    def _create(self, name: str, text: str) -> bool:
        """Write a text that isn't there yet; False where the file system has no links.

        A link to a finished file is made whole or not at all, and never over another file.
        """
        path, way = self.path(name), self.path(TEMPORARY)
        try:
            for folder in (way, path.parent):
                folder.mkdir(parents=True, exist_ok=True)
            with _temporary(path, text, way) as temporary:
                path.hardlink_to(temporary)
        except FileExistsError as error:
            raise _changed(name, None) from error
        except OSError as error:
            if error.errno in _NO_LINKS:
                return False
            raise _unwritten(name, error) from error
        _sync_folder(path.parent)
        return True

    @contextmanager
    def _writing(self, name: str) -> Iterator[Path]:
        """Hold the workspace's write lock; give the file for `name`, with its folder made."""
        from filelock import FileLock

        try:
            lock, path = self.path(LOCK), self.path(name)
            for folder in (self.path(TEMPORARY), path.parent):
                folder.mkdir(parents=True, exist_ok=True)
            # Threads wait in line here: a file lock that is taken is only looked at now and then.
            with self._threads, FileLock(lock):
                _clear(self.path(TEMPORARY))
                yield path
        except OSError as error:
            raise _unwritten(name, error) from error


def _unwritten(name: str, error: OSError) -> StoreError:
    told = f"can't be written: {error.strerror or error}"
    return StoreError(told, where=name, hint=way_out(error))


def _changed(name: str, now: Stored | None) -> FileChanged:
    what = "was changed by someone else" if now else "is there already"
    return FileChanged(what, where=name, hint="Read it again, then repeat the command.")


def _clear(folder: Path) -> None:
    """Remove what killed runs left over: nobody takes so long to write a file."""
    before = time.time() - LEFT_OVER
    for temporary in folder.iterdir():
        with suppress(FileNotFoundError):
            if temporary.stat().st_mtime < before:
                temporary.unlink()


def write_synced(path: Path, data: str | bytes, *, way: Path | None = None) -> None:
    """Write `data` under a temporary name, sync it and rename it: never half a file.

    The temporary file is in the folder `way`, else beside `path`.
    """
    try:
        with _temporary(path, data, way or path.parent) as temporary:
            temporary.replace(path)
    except OSError as error:
        if error.errno != errno.EXDEV or way is None:
            raise
        return write_synced(path, data)  # its folder is on another file system
    return _sync_folder(path.parent)


@contextmanager
def _temporary(path: Path, data: str | bytes, folder: Path) -> Iterator[Path]:
    """Give a file with `data`, synced, and remove it afterwards if it is still there."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode("utf-8") if isinstance(data, str) else data)
            file.flush()
            os.fchmod(file.fileno(), 0o644) if hasattr(os, "fchmod") else temporary.chmod(0o644)
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
