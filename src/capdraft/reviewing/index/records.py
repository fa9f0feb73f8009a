"""What else the index tells: artifacts, decisions, and who is at which field."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from capdraft.reviewing.index.kinds import Kind
from capdraft.reviewing.index.wanted import (
    Claim,
    IndexedArtifact,
    Judged,
    Taken,
    searched,
    storable,
)
from capdraft.reviewing.states import Status
from capdraft.reviewing.targets import Target

_TAKEN = (
    "slug, id, time, reviewer, verdict, capability, field, reason, seconds, bulk, bulk_size, undone"
)


def known(
    database: sqlite3.Connection, slugs: set[str] | None
) -> Iterator[tuple[str, tuple[str, bool, list[str]]]]:
    """Yield each artifact that the index holds, with its stamp and the files it was read from."""
    for slug, stamp, sure, paths in database.execute(
        "select slug, stamp, sure, paths from artifacts"
    ):
        if slugs is None or slug in slugs:
            yield slug, (stamp, bool(sure), json.loads(paths))


def artifacts(
    database: sqlite3.Connection, offset: int, limit: int, words: str, *, broken: bool
) -> list[IndexedArtifact]:
    """Return artifacts by slug, with the counts of their fields."""
    where, values = _artifacts_where(words, broken=broken)
    query = (
        f"select slug, name, type, number, since, error from artifacts where {where} "  # noqa: S608
        "order by slug limit ? offset ?"
    )
    rows = database.execute(query, (*values, limit, offset)).fetchall()
    return [_artifact(database, *row) for row in rows]


def count_artifacts(database: sqlite3.Connection, words: str, *, broken: bool) -> int:
    """Return how many artifacts there are."""
    where, values = _artifacts_where(words, broken=broken)
    query = f"select count(*) from artifacts where {where}"  # noqa: S608
    return int(database.execute(query, values).fetchone()[0])


def _artifacts_where(words: str, *, broken: bool) -> tuple[str, list[str]]:
    asked = searched(words).split()
    conditions = ["error is not null" if broken else "1", *["instr(said, ?) > 0"] * len(asked)]
    return " and ".join(conditions), asked


def _artifact(database: sqlite3.Connection, *row: Any) -> IndexedArtifact:
    slug, name, kind_of_thing, number, since, error = row
    counts: dict[Status, int] = {}
    query = (
        "select key, count(*) from fields indexed by by_artifact join kinds on kinds.id = kind "
        "where slug = ? group by kind"
    )
    for key, found in database.execute(query, (slug,)):
        status = Kind.parse(key).status
        counts[status] = counts.get(status, 0) + found
    started = None if since is None else datetime.fromtimestamp(since, UTC)
    return IndexedArtifact(slug, name, kind_of_thing, number, started, counts, error)


def last_action(database: sqlite3.Connection, reviewer: str) -> list[Taken]:
    """Return a reviewer's newest decision that stands, or all that were taken with it."""
    who = storable(reviewer)
    standing = "reviewer = ? and verdict <> 'undo' and not undone"
    found = _taken(database, f"{standing} order by time desc, rowid desc limit 1", who)
    if found and found[0].bulk is not None:
        return _taken(database, f"{standing} and bulk = ? order by time", who, found[0].bulk)
    return found


def recent(
    database: sqlite3.Connection,
    limit: int,
    offset: int,
    reviewer: str | None,
    slug: str | None,
) -> list[Taken]:
    """Return decisions, the newest first."""
    asked = {"reviewer": reviewer, "slug": slug}
    given = {column: storable(value) for column, value in asked.items() if value is not None}
    conditions = " and ".join(["1", *(f"{column} = ?" for column in given)])
    order = f"{conditions} order by time desc, rowid desc limit ? offset ?"
    return _taken(database, order, *given.values(), limit, offset)


def judged(database: sqlite3.Connection, since: float) -> list[Judged]:
    """Return the decisions taken since then, those of an artifact oldest first; no undoings."""
    # Its columns are written below, never input.
    query = (
        f"select {', '.join(Judged._fields)} from decisions "  # noqa: S608
        "where verdict <> 'undo' and time >= ? order by slug, time, rowid"
    )
    return [Judged(*row) for row in database.execute(query, (since,))]


def _taken(database: sqlite3.Connection, where: str, *values: Any) -> list[Taken]:
    # `where` is one of the texts above, never input.
    rows = database.execute(f"select {_TAKEN} from decisions where {where}", values)  # noqa: S608
    return [_decision(*row) for row in rows]


def _decision(*row: Any) -> Taken:
    taken = dict(zip(_TAKEN.split(", "), row, strict=True))
    taken["time"] = datetime.fromtimestamp(taken["time"], UTC)
    return Taken(**taken | {"undone": bool(taken["undone"])})


def claim(
    database: sqlite3.Connection, target: Target, who: str, now: float, until: float
) -> str | None:
    """Claim a field unless somebody else holds it; return who, or None."""
    field = _named(target)
    database.execute("delete from claims where until <= ?", (now,))
    taken = database.execute(
        "insert into claims values (?, ?, ?, ?, ?) "
        "on conflict do update set until = excluded.until where claims.who = excluded.who",
        (*field, storable(who), until),
    )
    if taken.rowcount:
        return None
    query = "select who from claims where slug = ? and capability = ? and field = ?"
    return str(database.execute(query, field).fetchone()[0])


def release(database: sqlite3.Connection, target: Target, who: str) -> None:
    """Give a field back, if `who` holds it."""
    where = "slug = ? and capability = ? and field = ? and who = ?"
    database.execute(f"delete from claims where {where}", (*_named(target), storable(who)))  # noqa: S608


def claims(database: sqlite3.Connection, now: float) -> list[Claim]:
    """Return the claims that have not expired, the oldest first."""
    query = (
        "select slug, capability, field, who, until from claims where until > ? "
        "order by until, slug, capability, field"
    )
    return [
        Claim(Target(slug, capability, field), who, datetime.fromtimestamp(until, UTC))
        for slug, capability, field, who, until in database.execute(query, (now,))
    ]


def _named(target: Target) -> Sequence[str]:
    parts = (target.slug, target.capability or "", target.field or "")
    return tuple(storable(part) for part in parts)
