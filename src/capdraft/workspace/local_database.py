"""A SQLite file below `.capdraft/`: made whole once, lent to one thread at a time.

Where it can't be written, a copy in a temporary folder is read, and what is derived is built there.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from capdraft.errors import StoreError
from capdraft.records.formats import UPGRADE
from capdraft.workspace.read_only import WAY_OUT, is_read_only

_OUT_OF_REACH = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


def _nothing(_: sqlite3.Connection) -> None:
    """Leave the file or the connection as it is."""


def _always(_: sqlite3.Connection) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: its place, its tables, and the number of their form.

    What is `derived` can be built anew: it is thrown away where it can't be used. `name` is what
    errors call it. `first_rows` fills a file that is made, `is_current` tells whether one of this
    form can be used, and `set_up` makes each connection ready.
    """

    place: str
    tables: str
    form: int
    derived: bool
    name: str = ""
    first_rows: Callable[[sqlite3.Connection], None] = _nothing
    is_current: Callable[[sqlite3.Connection], bool] = _always
    set_up: Callable[[sqlite3.Connection], None] = _nothing


class Database:
    """The file, through connections that are lent to one thread each."""

    def __init__(self, root: Path, kind: Kind) -> None:
        self._home, self._kind = (root / kind.place).absolute(), kind
        self._path = self._home
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._file = (0, 0)
        self._idle: list[sqlite3.Connection] = []
        self._copies: list[Path] = []
        weakref.finalize(self, _leave, self._idle, self._copies)

    @property
    def exists(self) -> bool:
        """Whether the file is there; reading makes it."""
        return self._home.exists()

    @property
    def is_read_only(self) -> bool:
        """Whether what is written here would be lost."""
        return not self._kind.derived and is_read_only(self._home)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees the file as it is now until it is given back."""
        with self._lent() as connection:
            connection.execute("begin")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection that writes; all of it is written, or nothing.

        Raises:
            StoreError: the workspace can't be written, and this is not to be lost.
        """
        if self.is_read_only:
            raise StoreError(
                "can't be written: the workspace is read-only", where=self._kind.place, hint=WAY_OUT
            )
        with self._writing, self._lent() as connection:
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        # An OSError of whoever borrows is no fault of the file.
        with self._told(sqlite3.Error):
            with self._told(OSError):
                file, connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(file, connection)

    def _take(self) -> tuple[tuple[int, int], sqlite3.Connection]:
        """Return a connection, a new one if the file isn't the one that it was opened to."""
        with self._lock:
            if self._file == (0, 0) or self._file != _identity(self._path):
                _close_all(self._idle)
                if not self._copies and is_read_only(self._home):
                    self._copy()
                self._make_usable()
                self._file = _identity(self._path)
            return self._file, self._idle.pop() if self._idle else self._connect()

    def _give_back(self, file: tuple[int, int], connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.rollback()
        except sqlite3.Error:
            file = (0, 0)
        with self._lock:
            if file == self._file:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=60, isolation_level=None, check_same_thread=False
        )
        # What is derived can be read again; what people said can't.
        connection.execute(f"pragma synchronous = {'normal' if self._kind.derived else 'full'}")
        # A need whose text is no longer kept leaves no trace in the file.
        connection.execute(f"pragma secure_delete = {'off' if self._kind.derived else 'on'}")
        connection.execute("pragma cache_size = -32000")
        connection.execute("pragma temp_store = memory")
        self._kind.set_up(connection)
        return connection

    @contextmanager
    def _told(self, fault: type[Exception]) -> Iterator[None]:
        try:
            yield
        except fault as error:
            hint = "Check that the disk has room and that .capdraft/ can be written."
            damaged = type(error) is sqlite3.DatabaseError  # its subclasses say other things
            if damaged and self._kind.derived:
                _throw_away(self._path)
                hint = "It was thrown away. Try it again: it is built anew."
            elif damaged:
                hint = f"It is damaged. Move {self._kind.place} away to begin a new one."
            message = f"{self._kind.name} can't be used: {error}".lstrip()
            raise StoreError(message, where=self._kind.place, hint=hint) from error

    def _copy(self) -> None:
        """Go on in a temporary folder: SQLite reads no file whose log it can't write."""
        self._copies.append(Path(tempfile.mkdtemp(prefix="capdraft-")))
        self._path = self._copies[0] / self._home.name
        for end in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{self._home}{end}", f"{self._path}{end}")

    def _make_usable(self) -> None:
        """Make the file, once, unless it is one of this kind.

        It is made under another name: two that switch a file's mode together may lock each other.
        """
        path = self._path
        if self._is_usable():
            return
        from filelock import FileLock  # it takes long to import, and is needed once

        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            if self._is_usable():
                return
            _throw_away(path)
            fresh = path.with_suffix(".new")
            _throw_away(fresh)
            with closing(sqlite3.connect(fresh)) as database:
                database.execute("pragma journal_mode = wal")
                database.executescript(self._kind.tables)
                database.execute(f"pragma user_version = {self._kind.form}")
                self._kind.first_rows(database)
                database.commit()
            fresh.replace(path)

    def _is_usable(self) -> bool:
        """Tell whether the file is there, in this form, and current.

        Raises:
            StoreError: it is not, and nothing can build it anew.
        """
        if not self._path.exists():
            return False
        form = 0
        try:
            with closing(sqlite3.connect(self._path, timeout=60)) as database:
                (form,) = database.execute("pragma user_version").fetchone()
                if form == self._kind.form and self._kind.is_current(database):
                    return True
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in _OUT_OF_REACH:  # what is above says why
                raise  # it may be a good one
        if self._kind.derived:
            return False
        raise StoreError(
            "isn't a file that this version of capdraft wrote",
            where=self._kind.place,
            hint=UPGRADE
            if form > self._kind.form
            else f"Move {self._kind.place} away to begin a new one.",
        )


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino


def _close_all(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()


def _leave(connections: list[sqlite3.Connection], copies: list[Path]) -> None:
    _close_all(connections)
    for folder in copies:
        shutil.rmtree(folder, ignore_errors=True)


def _throw_away(path: Path) -> None:
    """Remove a file with its log: one that is left behind would be taken for the next file's."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
