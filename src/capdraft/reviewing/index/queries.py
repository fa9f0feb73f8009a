"""The questions that the queue answers, each in SQL on one connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from capdraft.reviewing.index.kinds import Counted, Kind, facet_counts
from capdraft.reviewing.index.wanted import Facets, Waiting, Wanted, searched, storable
from capdraft.reviewing.targets import Target

RARE = 5000
"""Words that at most so many fields may hold are looked up; others are met while walking."""
MOST_ARTIFACTS = 50
_ORDER = ("risk", "since", "slug", "capability")
_ASCENDING = ", ".join(_ORDER)
_DESCENDING = ", ".join(f"{column} desc" for column in _ORDER)
_PLACE = f"({_ASCENDING})"

Place = tuple[int, int, str, str]
"""Where a field stands in the order of the queue."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The fields that are wanted, as SQL. Its texts are written here, its values are bound."""

    conditions: tuple[str, ...]
    values: tuple[Any, ...]
    all_open: bool
    one_artifact: bool = False
    rare: bool = False
    worded: bool = False

    def sql(self, *, ordered: bool) -> str:
        """Return FROM and WHERE, by the way that is short: in order, or over the whole table."""
        conditions = self.conditions
        if self.rare or (self.worded and not ordered and not self.one_artifact):
            way = "not indexed"  # rows by their id, or all as they lie
        elif self.one_artifact or not ordered:
            way = "indexed by by_artifact"
        elif self.all_open:
            way, conditions = "indexed by open_in_order", ("open = 1", *conditions)
        else:
            way = "indexed by in_order"
        return f"from fields {way} where {' and '.join(conditions)}"

    def also(self, condition: str, *values: Any) -> Selection:
        """Return the fields of these for which `condition` holds too."""
        return replace(
            self, conditions=(*self.conditions, condition), values=(*self.values, *values)
        )


def counted_kinds(database: sqlite3.Connection) -> dict[int, tuple[Kind, int]]:
    """Return each kind that has fields, by its id, and how many it has."""
    rows = database.execute("select id, key, fields from kinds where fields > 0")
    return {number: (Kind.parse(key), fields) for number, key, fields in rows}


def select(database: sqlite3.Connection, wanted: Wanted) -> Selection:
    """Return the selection of what is wanted."""
    kinds = {
        number: kind for number, (kind, _) in counted_kinds(database).items() if kind.fits(wanted)
    }
    all_open = all(kind.is_open for kind in kinds.values())
    start = Selection((), (), all_open).also(
        "kind in (select value from json_each(?))", json.dumps(list(kinds))
    )
    return _narrowed(database, start, wanted)


def _narrowed(database: sqlite3.Connection, start: Selection, wanted: Wanted) -> Selection:
    """Return what words and artifact leave of a selection."""
    if wanted.artifact is not None:
        pattern = storable(wanted.artifact)
        if any(letter in pattern for letter in "*?["):
            fitting = "slug in (select slug from artifacts where fits(slug, ?))"
            start = start.also(fitting, pattern)
        else:
            start = replace(start.also("slug = ?", pattern), one_artifact=True)
    words = searched(wanted.words or "").split()
    for word in words:
        start = replace(start.also("instr(said, ?) > 0", word), worded=True)
    match = _match(words)
    if match and not start.one_artifact and _is_rare(database, match):
        found = "id in (select rowid from words where words match ?)"
        start = replace(start.also(found, match), rare=True)
    return start


def _match(words: Iterable[str]) -> str:
    """Return a query for the runs of three letters in `words`, each a quoted string.

    That finds some fields too many, and none too few.
    """
    runs = {word[at : at + 3] for word in words for at in range(len(word) - 2)}
    return " ".join('"' + run.replace('"', '""') + '"' for run in sorted(runs))


def _is_rare(database: sqlite3.Connection, match: str) -> bool:
    probe = "select count(*) from (select 1 from words where words match ? limit ?)"
    (found,) = database.execute(probe, (match, RARE + 1)).fetchone()
    return bool(found <= RARE)


def count(database: sqlite3.Connection, wanted: Wanted) -> int:
    """Return how many fields are wanted."""
    if wanted.artifact is None and not (wanted.words or "").split():
        kinds = counted_kinds(database).values()
        return sum(number for kind, number in kinds if kind.fits(wanted))
    return _count(database, select(database, wanted))


def _count(database: sqlite3.Connection, selection: Selection) -> int:
    query = f"select count(*) {selection.sql(ordered=False)}"
    return int(database.execute(query, selection.values).fetchone()[0])


def page(
    database: sqlite3.Connection, wanted: Wanted, offset: int, limit: int | None
) -> list[Waiting]:
    """Return the wanted fields from `offset` on, the riskiest first."""
    selection = select(database, wanted)
    query = f"select id {selection.sql(ordered=True)} order by {_ASCENDING} limit ? offset ?"
    values = (*selection.values, -1 if limit is None else limit, offset)
    return _fields(database, [number for (number,) in database.execute(query, values)])


def _fields(database: sqlite3.Connection, ids: Sequence[int]) -> list[Waiting]:
    query = (
        "select fields.id, slug, capability, key, since, name, text from fields "
        "join kinds on kinds.id = kind join texts on texts.id = fields.id "
        "where fields.id in (select value from json_each(?))"
    )
    found = {row[0]: _waiting(*row[1:]) for row in database.execute(query, (json.dumps(ids),))}
    return [found[number] for number in ids]


def _waiting(slug: str, capability: str, key: str, since: int, name: str, text: str) -> Waiting:
    kind = Kind.parse(key)
    return Waiting(
        slug=slug,
        capability=capability,
        field=kind.field,
        status=kind.status,
        codes=kind.codes,
        errors=kind.errors,
        since=datetime.fromtimestamp(since, UTC),
        name=name,
        text=text,
        second_opinion=kind.second,
    )


def place_of(database: sqlite3.Connection, of: Waiting | Target) -> Place | None:
    """Return where a field stands: one that was shown where it was shown then, one that is only
    named where it is now; None if the index has no such field."""
    if isinstance(of, Waiting):
        return of.risk, int(of.since.timestamp()), storable(of.slug), storable(of.capability)
    query = (
        "select risk, since, slug, capability, key from fields join kinds on kinds.id = kind "
        "where slug = ? and capability = ?"
    )
    values = (storable(of.slug), storable(of.capability or ""))
    for *place, key in database.execute(query, values):
        if of.field in (None, Kind.parse(key).field):
            risk, since, slug, capability = place
            return risk, since, slug, capability
    return None


def beside(
    database: sqlite3.Connection,
    place: Place | None,
    wanted: Wanted,
    *,
    forwards: bool,
    unclaimed: tuple[str, float] | None = None,
) -> Waiting | None:
    """Return the wanted field next to `place`; from nowhere, the first of all.

    `unclaimed` names who asks, and when: what others hold is passed over.
    """
    selection = select(database, wanted)
    if place is not None:
        selection = selection.also(f"{_PLACE} {'>' if forwards else '<'} (?, ?, ?, ?)", *place)
    if unclaimed is not None:
        selection = selection.also(
            "not exists (select 1 from claims join kinds on kinds.id = fields.kind "
            "where claims.slug = fields.slug and claims.capability = fields.capability "
            "and claims.field = json_extract(kinds.key, '$[0]') and who <> ? and until > ?)",
            *unclaimed,
        )
    order = _ASCENDING if forwards else _DESCENDING
    query = f"select id {selection.sql(ordered=True)} order by {order} limit 1"
    found = database.execute(query, selection.values).fetchall()
    return next(iter(_fields(database, [number for (number,) in found])), None)


def position(database: sqlite3.Connection, of: Waiting | Target, wanted: Wanted) -> tuple[int, int]:
    """Return the place of a field among those wanted, from 1 on, and how many those are."""
    place, total = place_of(database, of), count(database, wanted)
    if place is None:
        return 0, total
    before = select(database, wanted).also(f"{_PLACE} < (?, ?, ?, ?)", *place)
    query = f"select count(*) {before.sql(ordered=not before.worded)}"
    (number,) = database.execute(query, before.values).fetchone()
    return int(number) + 1, total


def facets(database: sqlite3.Connection, wanted: Wanted) -> Facets:
    """Return the counts by every filter."""
    counted = _counted(database, wanted)
    selection = select(database, replace(wanted, artifact=None))
    query = (
        f"select slug, count(*) {selection.sql(ordered=False)} "
        "group by slug order by 2 desc, 1 limit ?"
    )
    artifacts = database.execute(query, (*selection.values, MOST_ARTIFACTS)).fetchall()
    return Facets(
        total=sum(number for kind, number in counted if kind.fits(wanted)),
        **facet_counts(counted, wanted),
        artifacts=dict(artifacts),
    )


def _counted(database: sqlite3.Connection, wanted: Wanted) -> Counted:
    """Return the kinds with their numbers of fields under `wanted`'s words and artifact."""
    kinds = counted_kinds(database)
    narrowed = _narrowed(database, Selection((), (), all_open=False), wanted)
    if not narrowed.conditions:
        return list(kinds.values())
    query = f"select kind, count(*) {narrowed.sql(ordered=False)} group by kind"
    return [(kinds[number][0], n) for number, n in database.execute(query, narrowed.values)]
