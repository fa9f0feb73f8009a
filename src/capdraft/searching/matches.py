"""The match graph: which need was answered by which capability of which artifact, and how well.

It is local, in `.capdraft/matches.sqlite3`. A client is kept as a salted hash, and so is the text
of a need unless `[matches] keep_queries` says otherwise. The salt is in the file: whoever has it
can try whether a text was asked for, and can't read what was.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from capdraft.errors import NotFound, UsageProblem
from capdraft.searching.answers import Answer
from capdraft.searching.clients import Client
from capdraft.searching.standing import hasher, need_key, standing
from capdraft.workspace.local_database import Database, Kind

_TABLES = """
create table salt (salt blob not null);
create table matches (
    id text primary key,
    time real not null,
    client text not null,
    need text not null,
    need_text text,
    root text not null,
    left_out text
) without rowid;
create index matches_by_client on matches (client, time);
create index matches_with_text on matches (id) where need_text is not null;
create table shown (
    match text not null references matches,
    place integer not null,
    slug text not null,
    capability text not null,
    intent text not null,
    primary key (match, place)
) without rowid;
create index shown_by_capability on shown (slug, capability);
create table outcomes (
    match text not null references matches,
    slug text not null,
    capability text not null,
    intent text not null,
    time real not null,
    verdict text,
    primary key (match, slug, capability)
) without rowid;
create index outcomes_by_capability on outcomes (slug, capability);
"""
MATCHES = Kind(".capdraft/matches.sqlite3", _TABLES, form=1, derived=False)
Verdict = Literal["success", "failure"]


class Counts(NamedTuple):
    """In how many searches something was shown, chosen, and then did or didn't do.

    `succeeded` and `failed` together are never more than `chosen`, nor that more than `shown`.
    """

    shown: int = 0
    chosen: int = 0
    succeeded: int = 0
    failed: int = 0


class Edge(NamedTuple):
    """How often an intent led to a capability of an artifact.

    `intent` is the record's own, the one that fitted the need best; "" where none shared a word.
    """

    intent: str
    capability: str
    artifact: str
    counts: Counts


class Outcome(NamedTuple):
    """What was noted of a match; `counted` tells whether it counts in the graph."""

    match: str
    artifact: str
    capability: str
    verdict: Verdict | None
    counted: bool


class Matches:
    """The matches of one workspace. Threads may share it, and processes its file."""

    def __init__(
        self, root: Path, *, keep_queries: bool = False, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = Database(root, MATCHES)
        self._keep, self._clock = keep_queries, clock

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be noted, as the workspace can't be written."""
        return self._database.is_read_only

    def record(self, answer: Answer, client: Client) -> Answer:
        """Note what a search showed to whom, and return the answer with its match id.

        Raises:
            StoreError: the file can't be written.
        """
        match, now = secrets.token_hex(6), self._clock()
        with self._database.writing() as database:
            hashed = hasher(database)
            who, need = hashed(client.id), hashed(need_key(answer.need))
            root, left_out = standing(database, match, client, who, need, now)
            text = answer.need if self._keep else None
            if not self._keep:
                database.execute("update matches set need_text = null where need_text is not null")
            database.execute(
                "insert into matches values (?, ?, ?, ?, ?, ?, ?)",
                (match, now, who, need, text, root, left_out),
            )
            database.executemany(
                "insert into shown values (?, ?, ?, ?, ?)",
                [
                    (match, item.place, item.artifact, item.capability, item.intent or "")
                    for item in answer.results
                ],
            )
        return answer.model_copy(update={"match": match})

    def choose(self, match: str, place: int) -> Outcome:
        """Note that result `place` of a match was taken.

        Raises:
            NotFound: there is no such match, or it showed no such result.
        """
        return self._note(match, place, None)

    def feedback(self, match: str, verdict: Verdict, place: int | None = None) -> Outcome:
        """Note how a result did, of those noted for it the last counts.

        Without a place it is the one that was chosen, or the only one that was shown.

        Raises:
            NotFound: there is no such match, or it showed no such result.
            UsageProblem: no place is given, and nothing tells which.
        """
        return self._note(match, place, verdict)

    def _note(self, match: str, place: int | None, verdict: Verdict | None) -> Outcome:
        with self._database.writing() as database:
            query = "select root, left_out from matches where id = ?"
            found = database.execute(query, (match,)).fetchone()
            if found is None:
                raise NotFound(
                    f"there is no match {match!r}",
                    hint="`capdraft search NEED` tells the id of its match.",
                )
            root, left_out = found
            slug, capability, intent = _result(database, match, root, place)
            database.execute(
                "insert into outcomes values (?, ?, ?, ?, ?, ?) on conflict do update set "
                "verdict = coalesce(excluded.verdict, verdict), time = excluded.time",
                (root, slug, capability, intent, self._clock(), verdict),
            )
            counted = left_out in (None, "repeat")
            return Outcome(match, slug, capability, verdict, counted)

    def counts(self, slug: str) -> Counts:
        """Return the counts of an artifact: a search counts once, whatever it showed of it."""
        return self._counts("slug = ?", slug)

    def capability_counts(self, slug: str) -> dict[str, Counts]:
        """Return the counts of each capability of an artifact that was ever shown."""
        if not self._database.exists:
            return {}
        with self._database.reading() as database:
            query = "select distinct capability from shown where slug = ? order by capability"
            names = [name for (name,) in database.execute(query, (slug,))]
        return {name: self._counts("slug = ? and capability = ?", slug, name) for name in names}

    def times_matched(self, slug: str, capability: str | None = None) -> int:
        """Return in how many searches an artifact or its capability was chosen or confirmed."""
        if capability is None:
            return self.counts(slug).chosen
        return self._counts("slug = ? and capability = ?", slug, capability).chosen

    def edges(self, slug: str) -> list[Edge]:
        """Return the graph around an artifact, what was chosen most first."""
        if not self._database.exists:
            return []
        with self._database.reading() as database:
            query = "select distinct capability, intent from shown where slug = ?"
            pairs = database.execute(query, (slug,)).fetchall()
        where = "slug = ? and capability = ? and intent = ?"
        edges = [
            Edge(intent, capability, slug, self._counts(where, slug, capability, intent))
            for capability, intent in pairs
        ]
        told = [edge for edge in edges if any(edge.counts)]
        return sorted(told, key=lambda edge: (-edge.counts.chosen, -edge.counts.shown, edge[:2]))

    def kept_needs(self) -> list[str]:
        """Return the needs whose text was kept, oldest first."""
        query = "select need_text from matches where need_text is not null order by time"
        with self._database.reading() as database:
            return [text for (text,) in database.execute(query)]

    def _counts(self, where: str, *values: str) -> Counts:
        if not self._database.exists:
            return Counts()
        # What a client was shown when it asked again counts as shown by its first search.
        # `where` is one of the texts above, never input.
        counted = (
            "join matches on id = match "
            f"where (left_out is null or left_out = 'repeat') and {where}"
        )
        # Where one capability of an artifact did and another didn't, the search succeeded.
        outcomes = (
            "count(distinct match), count(distinct iif(verdict = 'success', match, null)), "
            f"count(distinct iif(verdict is not null, match, null)) from outcomes {counted}"
        )
        with self._database.reading() as database:
            (shown,) = database.execute(
                f"select count(distinct root) from shown {counted}",  # noqa: S608
                values,
            ).fetchone()
            chosen, succeeded, told = database.execute(f"select {outcomes}", values).fetchone()
        return Counts(shown, chosen, succeeded, told - succeeded)


def _result(
    database: sqlite3.Connection, match: str, root: str, place: int | None
) -> tuple[str, str, str]:
    """Return slug, capability and intent of a result of a match."""
    query = "select place, slug, capability, intent from shown where match = ? order by place"
    shown = {row[0]: row[1:] for row in database.execute(query, (match,))}
    if place is None:
        chosen = database.execute(
            "select slug, capability, intent from outcomes where match = ? order by time desc",
            (root,),
        ).fetchone()
        if chosen is not None:
            return chosen[0], chosen[1], chosen[2]
        if len(shown) != 1:
            raise UsageProblem(
                f"match {match} has {len(shown)} results, and none was chosen",
                hint="Name the one that you tried: --result N",
            )
        place = next(iter(shown))
    if place not in shown:
        raise NotFound(
            f"match {match} has no result {place}",
            hint=f"It has {len(shown)}." if shown else "Nothing was found.",
        )
    slug, capability, intent = shown[place]
    return slug, capability, intent
