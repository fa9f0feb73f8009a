"""Each paid answer, synced to disk before anything else happens to it.

One SQLite file in write-ahead mode, `.capdraft/ledger.sqlite3`: local, never committed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from capdraft.errors import NotFound, StoreError
from capdraft.text import sha256

PLACE = ".capdraft/ledger.sqlite3"
_TABLE = """
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
    """The answers of one workspace. Rows are added and marked, never changed otherwise."""

    def __init__(self, root: Path) -> None:
        self.path = root / PLACE

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
        with self._open() as database:
            # The columns are the names above, never input.
            insert = f"insert into answers ({columns}) values ({places})"  # noqa: S608
            cursor = database.execute(insert, tuple(row.values()))
            database.commit()
            return int(cursor.lastrowid or 0)

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
        with self._open() as database:
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
        with self._open() as database:
            row = database.execute(query, (endpoint, model)).fetchone()
        return str(row[0]) if row else None

    def remember_shape(self, endpoint: str, model: str, structured_output: str) -> None:
        """Note how a model at an endpoint takes the shape of its answers."""
        with self._open() as database:
            database.execute(
                "insert or replace into shapes values (?, ?, ?)",
                (endpoint, model, structured_output),
            )
            database.commit()

    def mark_unusable(self, entry_id: int, reason: str) -> None:
        """Note why an answer can't be used, so that the next run asks again."""
        with self._open() as database:
            database.execute("update answers set unusable = ? where id = ?", (reason, entry_id))
            database.commit()

    def _entries(self, where: str, *values: object) -> Iterator[Entry]:
        if not self.path.exists():
            return
        columns = ", ".join(Entry.__dataclass_fields__)
        with self._open() as database:
            # `where` is one of the constants above, never input.
            rows = database.execute(f"select {columns} from answers where {where}", values)  # noqa: S608
            yield from (Entry(*row) for row in rows.fetchall())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            if not self.path.exists():
                self._create()
            with closing(sqlite3.connect(self.path, timeout=60)) as database:
                database.execute("pragma synchronous = full")
                yield database
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"the ledger can't be used: {error}",
                where=PLACE,
                hint="Check that the disk has room and that .capdraft/ can be written.",
            ) from error

    def _create(self) -> None:
        """Make the file whole, and once: two that switch its mode together may lock each other."""
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock")):
            if self.path.exists():
                return
            fresh = self.path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with closing(sqlite3.connect(fresh)) as database:
                database.execute("pragma journal_mode = wal")
                database.executescript(_TABLE)
            fresh.replace(self.path)
