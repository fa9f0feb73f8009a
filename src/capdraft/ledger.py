"""Each paid answer, synced to disk before anything else happens to it.

One SQLite file in write-ahead mode, `.capdraft/ledger.sqlite3`: local, never committed.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from capdraft.errors import NotFound, StoreError
from capdraft.records.formats import CONVERT
from capdraft.text import sha256
from capdraft.workspace.read_only import is_read_only

PLACE = ".capdraft/ledger.sqlite3"
TABLES = """
create table if not exists answers (
    id integer primary key,
    request_sha256 text not null,
    asked text not null,
    endpoint text not null,
    model text not null,
    document text not null,
    request text not null,
    status integer not null,
    body text not null,
    seconds real not null,
    attempts integer not null,
    unusable text
);
create index if not exists answers_by_request on answers (request_sha256, id);
create table if not exists shapes (
    endpoint text not null,
    model text not null,
    structured_output text not null,
    primary key (endpoint, model)
);
"""


@dataclass(frozen=True, slots=True)
class Paid:
    """An answer as it came: `body` is what the endpoint sent for `request`."""

    endpoint: str
    document: str
    request: dict[str, Any]
    status: int
    body: str
    seconds: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer: `body` is what the endpoint sent, `unusable` why it can't be used, or None."""

    id: int
    request_sha256: str
    asked: str
    endpoint: str
    model: str
    document: str
    request: str
    status: int
    body: str
    seconds: float
    attempts: int
    unusable: str | None


def request_key(endpoint: str, request: dict[str, Any]) -> str:
    """Return what makes two requests the same: endpoint, model, messages, schema, parameters."""
    return sha256(json.dumps([endpoint, request], sort_keys=True, ensure_ascii=False))


class Ledger:
    """The answers of one workspace. Rows are added and marked, never changed otherwise.

    Threads may share it. All ledgers of a workspace share one connection while any is in use.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / PLACE
        self._database = _database(self.path.absolute())

    def find(self, key: str) -> Entry | None:
        """Return the newest usable answer to a request, or None."""
        where = "request_sha256 = ? and unusable is null order by id desc limit 1"
        return next(self._entries(where, key), None)

    def get(self, entry_id: int) -> Entry:
        """Return one answer.

        Raises:
            NotFound: the ledger has no such answer.
        """
        entry = next(self._entries("id = ?", entry_id), None)
        if entry is None:
            raise NotFound(
                f"the ledger has no answer {entry_id}", hint="`capdraft ledger show` lists them."
            )
        return entry

    def entries(self) -> list[Entry]:
        """Return all answers, oldest first."""
        return list(self._entries("1 = 1 order by id"))

    def add(self, key: str, paid: Paid) -> int:
        """Write an answer, wait until it is on the disk, and return its id."""
        row = {
            "request_sha256": key,
            "asked": datetime.now(UTC).isoformat(timespec="seconds"),
            "endpoint": paid.endpoint,
            "model": str(paid.request.get("model", "")),
            "document": paid.document,
            "request": json.dumps(paid.request, ensure_ascii=False),
            "status": paid.status,
            "body": paid.body,
            "seconds": paid.seconds,
            "attempts": paid.attempts,
        }
        columns, places = ", ".join(row), ", ".join("?" * len(row))
        # The columns are the names above, never input.
        insert = f"insert into answers ({columns}) values ({places})"  # noqa: S608
        return self._database.write(insert, tuple(row.values()))

    def add_once(self, key: str, paid: Paid) -> int:
        """As `add`, unless the same request has the same answer already; return its id."""
        where = "request_sha256 = ? and body = ? order by id limit 1"
        known = next(self._entries(where, key, paid.body), None)
        return known.id if known else self.add(key, paid)

    @property
    def size(self) -> int:
        """Bytes that the ledger takes on the disk."""
        return sum(path.stat().st_size for path in self.path.parent.glob(f"{self.path.name}*"))

    def prune(self, *, older_than_days: float | None = None, unusable: bool = False) -> int:
        """Delete answers, all or those that fit every condition given; return how many."""
        if not self.path.exists():
            return 0
        conditions, values = ["1 = 1"], []
        if older_than_days is not None:
            before = datetime.now(UTC) - timedelta(days=older_than_days)
            conditions.append("asked < ?")
            values.append(before.isoformat(timespec="seconds"))
        if unusable:
            conditions.append("unusable is not null")
        with self._database.open() as database:
            # The conditions are the texts above, never input.
            delete = f"delete from answers where {' and '.join(conditions)}"  # noqa: S608
            deleted = database.execute(delete, values).rowcount
            database.commit()
            database.execute("vacuum")
            database.execute("pragma wal_checkpoint(truncate)")
        return deleted

    def shape(self, endpoint: str, model: str) -> str | None:
        """Return how a model at an endpoint takes the shape of its answers, if that was seen."""
        if not self.path.exists():
            return None
        query = "select structured_output from shapes where endpoint = ? and model = ?"
        with self._database.open() as database:
            row = database.execute(query, (endpoint, model)).fetchone()
        return str(row[0]) if row else None

    def remember_shape(self, endpoint: str, model: str, structured_output: str) -> None:
        """Note how a model at an endpoint takes the shape of its answers."""
        insert = "insert or replace into shapes values (?, ?, ?)"
        self._database.write(insert, (endpoint, model, structured_output))

    def mark_unusable(self, entry_id: int, reason: str) -> None:
        """Note why an answer can't be used, so that the next run asks again."""
        update = "update answers set unusable = ? where id = ?"
        self._database.write(update, (reason, entry_id))

    def _entries(self, where: str, *values: object) -> Iterator[Entry]:
        if not self.path.exists():
            return
        columns = ", ".join(Entry.__dataclass_fields__)
        with self._database.open() as database:
            # `where` is one of the constants above, never input.
            select = f"select {columns} from answers where {where}"  # noqa: S608
            rows = database.execute(select, values).fetchall()
        yield from (Entry(*row) for row in rows)


@dataclass(slots=True, eq=False)
class _Write:
    """A statement that waits for its commit; `row` is the row that it added."""

    statement: str
    values: tuple[object, ...]
    row: int = 0
    ended: bool = False
    error: Exception | None = None


class _Database:
    """The file, through one connection that stays open while a ledger uses it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._waiting: deque[_Write] = deque()
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._closing = weakref.finalize(self, lambda: None)

    def write(self, statement: str, values: tuple[object, ...]) -> int:
        """Execute `statement`, wait until it is on the disk, and return the id of its row.

        What other threads write meanwhile is committed together: one sync for all.
        """
        job = _Write(statement, values)
        self._waiting.append(job)
        with self._told(), self._lock:
            if not job.ended:
                self._commit([self._waiting.popleft() for _ in range(len(self._waiting))])
            if job.error is not None:
                raise job.error
        return job.row

    def _commit(self, jobs: list[_Write]) -> None:
        try:
            with self._connected() as connection:
                for job in jobs:
                    job.row = connection.execute(job.statement, job.values).lastrowid or 0
            problem = None
        except Exception as error:
            problem = error
        if problem and len(jobs) > 1:
            for job in jobs:
                self._commit([job])  # so that one that can't be written takes no other along
            return
        for job in jobs:
            job.ended, job.error = True, problem

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to one thread at a time."""
        with self._told(), self._lock:
            yield self._connected()

    def _connected(self) -> sqlite3.Connection:
        """Return the connection, a new one if the file isn't the one that it was opened to."""
        if not self._path.exists():
            self._create()
        found = self._path.stat()
        if self._connection is None or self._file != (found.st_dev, found.st_ino):
            self._closing()
            place = self._path.absolute().as_uri() + _way(self._path)
            connection = sqlite3.connect(place, timeout=60, check_same_thread=False, uri=True)
            self._closing = weakref.finalize(self, connection.close)
            connection.execute("pragma synchronous = full")
            self._connection, self._file = connection, (found.st_dev, found.st_ino)
        return self._connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            disk = "Check that the disk has room and that .capdraft/ can be written."
            raise StoreError(
                f"the ledger can't be used: {error}",
                where=PLACE,
                hint=CONVERT if str(error).startswith("no such table") else disk,
            ) from error

    def _create(self) -> None:
        """Make the file whole, and once: two that switch its mode together may lock each other."""
        from filelock import FileLock

        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock")):
            if self._path.exists():
                return
            fresh = self._path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with closing(sqlite3.connect(fresh)) as database:
                database.execute("pragma journal_mode = wal")
                database.executescript(TABLES)
            fresh.replace(self._path)


def _way(path: Path) -> str:
    """Return how a file is opened that can't be written: SQLite would make a log beside it."""
    if not is_read_only(path):
        return ""
    return "?mode=ro" if path.with_name(f"{path.name}-wal").exists() else "?immutable=1"


_databases: weakref.WeakValueDictionary[Path, _Database] = weakref.WeakValueDictionary()
_making = threading.Lock()


def _database(path: Path) -> _Database:
    with _making:
        database = _databases.get(path)
        if database is None:
            database = _databases[path] = _Database(path)
        return database
