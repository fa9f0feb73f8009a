"""The index's file: made whole once, thrown away where it can't be used, shared by threads."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from capdraft import __version__
from capdraft.errors import StoreError

PLACE = ".capdraft/review.sqlite3"
MAPPED = 1 << 28
"""Bytes of the file that are read where they lie: a search for common words reads many."""
SCHEMA = 2
# A field stands once in each of two orders: among those that wait, and among all. `kinds.fields`
# is kept by the triggers, so that counts need no look at the fields. `by_words` holds all that a
# search for common words reads, in the order that it counts in.
_TABLES = """
create table meta (version text not null, revision integer not null);
create table artifacts (
    slug text primary key,
    name text not null,
    type text not null,
    number text not null,
    since integer,
    stamp text not null,
    sure integer not null,
    paths text not null,
    error text,
    said text not null
) without rowid;
create table kinds (
    id integer primary key,
    key text not null unique,
    fields integer not null default 0
);
create table fields (
    id integer primary key,
    kind integer not null references kinds,
    open integer not null,
    risk integer not null,
    since integer not null,
    slug text not null,
    capability text not null,
    place integer not null,
    draw real not null,
    deciders integer not null,
    said text not null
);
create index by_artifact on fields (slug, kind);
create index by_words on fields (slug, kind, said);
create index in_order on fields (risk, since, slug, capability, kind);
create index open_in_order on fields (risk, since, slug, capability, kind) where open = 1;
create table texts (
    id integer primary key,
    name text not null,
    text text not null,
    why text not null,
    text_sha256 text not null,
    evidence_sha256 text not null
);
create virtual table words using fts5 (
    said, content = 'fields', content_rowid = 'id',
    tokenize = 'trigram case_sensitive 1', detail = 'none', columnsize = 0
);
create trigger field_added after insert on fields begin
    insert into words (rowid, said) values (new.id, new.said);
    update kinds set fields = fields + 1 where id = new.kind;
end;
create trigger field_removed after delete on fields begin
    insert into words (words, rowid, said) values ('delete', old.id, old.said);
    delete from texts where id = old.id;
    update kinds set fields = fields - 1 where id = old.kind;
end;
create table decisions (
    slug text not null,
    id text not null,
    time real not null,
    reviewer text not null,
    verdict text not null,
    capability text not null,
    field text not null,
    reason text,
    seconds real,
    bulk text,
    bulk_size integer,
    undone integer not null,
    text_sha256 text not null,
    evidence_sha256 text not null
);
create index decisions_by_artifact on decisions (slug, time);
create index decisions_by_reviewer on decisions (reviewer, time);
create index decisions_by_time on decisions (time);
create table claims (
    slug text not null,
    capability text not null,
    field text not null,
    who text not null,
    until real not null,
    primary key (slug, capability, field)
) without rowid;
"""


class Database:
    """The file, through connections that are lent to one thread each."""

    def __init__(self, root: Path) -> None:
        self._path = (root / PLACE).absolute()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._file = (0, 0)
        self._idle: list[sqlite3.Connection] = []
        weakref.finalize(self, _close_all, self._idle)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees the index as it is now until it is given back."""
        with self._lent() as connection:
            connection.execute("begin")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection that writes; all of it is written, or nothing."""
        with self._writing, self._lent() as connection:
            connection.execute("begin immediate")
            yield connection
            connection.execute("commit")

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
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
                _make_usable(self._path)
                self._file = _identity(self._path)
            return self._file, self._idle.pop() if self._idle else _connect(self._path)

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

    @contextmanager
    def _told(self, fault: type[Exception]) -> Iterator[None]:
        try:
            yield
        except fault as error:
            hint = "Check that the disk has room and that .capdraft/ can be written."
            if type(error) is sqlite3.DatabaseError:  # damaged; its subclasses say other things
                _throw_away(self._path)
                hint = "It was thrown away. Try it again: it is built anew."
            raise StoreError(
                f"the review index can't be used: {error}", where=PLACE, hint=hint
            ) from error


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    connection.execute("pragma synchronous = normal")  # what is lost can be read again
    connection.execute("pragma cache_size = -16000")
    connection.execute(f"pragma mmap_size = {MAPPED}")
    connection.execute("pragma temp_store = memory")
    connection.create_function("fits", 2, fnmatchcase, deterministic=True)
    return connection


def _close_all(connections: list[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()


def _make_usable(path: Path) -> None:
    """Make the file, once, unless it is one of this version.

    It is made under another name: two that switch a file's mode together may lock each other.
    """
    from filelock import FileLock

    if _is_usable(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if _is_usable(path):
            return
        _throw_away(path)
        fresh = path.with_suffix(".new")
        _throw_away(fresh)
        with closing(sqlite3.connect(fresh)) as database:
            database.execute("pragma journal_mode = wal")
            database.executescript(_TABLES)
            database.execute(f"pragma user_version = {SCHEMA}")
            start = secrets.randbits(62)  # no other file's revisions are taken for this one's
            database.execute("insert into meta values (?, ?)", (__version__, start))
            database.commit()
        fresh.replace(path)


def _is_usable(path: Path) -> bool:
    if not path.exists():
        return False
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=60)) as database:
        (schema,) = database.execute("pragma user_version").fetchone()
        if schema == SCHEMA:
            return bool(database.execute("select version from meta").fetchone() == (__version__,))
    return False


def _throw_away(path: Path) -> None:
    """Remove a file with its log: one that is left behind would be taken for the next file's."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
