"""Put what was read of an artifact in the place of what the index held of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from capdraft.reviewing.index.kinds import Kind
from capdraft.reviewing.index.many import Read
from capdraft.reviewing.index.reading import Reading, Terms, read_artifact
from capdraft.reviewing.index.stamps import document_marks, own_marks
from capdraft.reviewing.index.wanted import searched


def current_stamp(root: Path, slug: str, paths: Iterable[str], terms: Terms) -> str | None:
    """Return an artifact's stamp as its files stand now; None if it has no proposal."""
    own = own_marks(root, slug)
    return (own + document_marks(root, paths)).stamp(terms.key) if own else None


def write_reading(database: sqlite3.Connection, root: Path, read: Read, terms: Terms) -> None:
    """Write what was read, or what is there now if its files changed since.

    Only one writes at a time: what somebody else wrote is never replaced by something older.
    """
    slug, reading = read
    stamp = reading and current_stamp(root, slug, reading.paths, terms)
    if reading is None or stamp != reading.stamp:
        reading = read_artifact(root, slug, terms)
    remove_artifact(database, slug)
    if reading is not None:
        _insert_artifact(database, reading)
        _insert_fields(database, reading)
        _insert_decisions(database, reading)


def remove_artifact(database: sqlite3.Connection, slug: str) -> None:
    """Forget an artifact."""
    database.execute("update meta set revision = revision + 1")
    for table in ("artifacts", "fields", "decisions"):
        database.execute(f"delete from {table} where slug = ?", (slug,))  # noqa: S608


def _insert_artifact(database: sqlite3.Connection, reading: Reading) -> None:
    row = (
        reading.slug,
        reading.name,
        reading.type,
        reading.number,
        reading.since,
        reading.stamp,
        reading.sure,
        json.dumps(reading.paths),
        reading.error,
        searched(f"{reading.slug} {reading.name} {reading.type}"),
    )
    database.execute(f"insert into artifacts values ({_places(row)})", row)  # noqa: S608


def _insert_fields(database: sqlite3.Connection, reading: Reading) -> None:
    for field in reading.fields:
        kind = field.kind
        row = (
            _kind_id(database, kind),
            kind.is_open,
            kind.risk,
            reading.since,
            reading.slug,
            field.capability,
            field.place,
            field.draw,
            field.deciders,
            field.said,
        )
        insert = f"insert into fields values (null, {_places(row)})"  # noqa: S608
        added = database.execute(insert, row).lastrowid
        shown = (field.name, field.text, field.why, field.text_sha256, field.evidence_sha256)
        database.execute("insert into texts values (?, ?, ?, ?, ?, ?)", (added, *shown))


def _kind_id(database: sqlite3.Connection, kind: Kind) -> int:
    select, key = "select id from kinds where key = ?", (kind.key,)
    found = database.execute(select, key).fetchone()
    if found is None:
        database.execute("insert into kinds (key) values (?)", key)
        found = database.execute(select, key).fetchone()
    return int(found[0])


def _insert_decisions(database: sqlite3.Connection, reading: Reading) -> None:
    rows = [(reading.slug, *decision) for decision in reading.decisions]
    if rows:
        insert = f"insert into decisions values ({_places(rows[0])})"  # noqa: S608
        database.executemany(insert, rows)


def _places(row: tuple[object, ...]) -> str:
    return ", ".join("?" * len(row))
